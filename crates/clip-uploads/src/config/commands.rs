//! The commands.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use clap::Subcommand;

use super::values;
use crate::domain::State;

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve. This is what happens when no command is given.
    Serve,
    /// Make, list and revoke API keys.
    #[command(subcommand)]
    Keys(KeysCommand),
    /// See what became of uploads, and decide about completions whose bytes are gone.
    #[command(subcommand)]
    Uploads(UploadsCommand),
    /// See whether the clock is trusted, and say that it is right.
    #[command(subcommand)]
    Clock(ClockCommand),
    /// Replace the key that signs the addresses of a folder.
    #[command(subcommand)]
    SigningKey(SigningKeyCommand),
    /// Read all bytes of all clips, and say which are damaged. The service may run meanwhile.
    ///
    /// It goes on where the last one was cut short. The exit code is 1 when clips are damaged.
    Scrub {
        /// Begin at the beginning.
        #[arg(long)]
        restart: bool,
    },
    /// Copy database and storage of one machine to a folder. The service may run meanwhile.
    ///
    /// A backup that is made into the same folder again copies only what is new.
    Backup {
        /// The folder to copy to.
        to: PathBuf,
    },
    /// Make database and storage again from a backup, in a data folder that has neither.
    Restore {
        /// The folder of the backup.
        from: PathBuf,
    },
    /// Make a database again that was lost, from what storage keeps beside every clip.
    ///
    /// Clips come back as they were; uploads that were not completed and API keys do not.
    Rebuild,
    /// Ask a running service whether it serves, for a container's health check.
    Health {
        /// The address that it listens on.
        #[arg(long, env = "CLIP_UPLOADS_LISTEN", default_value = "127.0.0.1:8080", value_name = "ADDRESS")]
        address: SocketAddr,
    },
}

/// What to do with uploads.
#[derive(Debug, Subcommand)]
pub enum UploadsCommand {
    /// List uploads, the longest unchanged first.
    List {
        /// In which state.
        #[arg(long, default_value = "completing")]
        state: State,
        /// How many at most.
        #[arg(long, default_value_t = 100)]
        limit: u32,
    },
    /// Give a completion up whose parts and object are gone for good. Its caller is told that it has failed.
    Fail {
        /// The upload, as `list` shows it.
        upload_id: String,
    },
}

/// What to do about the clock.
#[derive(Debug, Subcommand)]
pub enum ClockCommand {
    /// Show the clock, when it was last looked at, and whether it is trusted.
    Status,
    /// Say that the clock is right now: expired uploads are deleted again.
    Confirm,
}

/// What to do with the key that signs addresses.
#[derive(Debug, Subcommand)]
pub enum SigningKeyCommand {
    /// Sign with a new key from now on. A running service takes it within a sweep interval.
    Rotate {
        /// Make addresses invalid that are in use, instead of letting them come to their end.
        #[arg(long)]
        drop_old: bool,
    },
}

/// What to do with API keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make a key and print it. It is shown this once: only its hash is kept.
    Create {
        /// Whose key it is. Keys of one organisation see the same clips, and nobody else's.
        #[arg(long, default_value = "default")]
        organisation: String,
        /// What the key is for.
        #[arg(long, default_value = "")]
        note: String,
        /// After how long it stops working, such as `90d`.
        #[arg(long, value_parser = values::duration, value_name = "TIME")]
        expires: Option<Duration>,
    },
    /// List the keys, without their secrets.
    List,
    /// Revoke a key. It stops working at once, and cannot be brought back.
    Revoke {
        /// The part of the key between `sk-social-` and the next hyphen, as `list` shows it.
        key_id: String,
    },
}
