//! Doing what the command line says.

mod backup;
mod keys;
mod rebuild;
mod scrub;
mod serve;
mod stores;
mod uploads;

use std::io::{self, Read as _, Write as _};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use chrono::DateTime;

use crate::config::{ClockCommand, Command, Config, SigningKeyCommand, Stores};
use crate::domain::now;
use crate::metadata::MetadataError;
use crate::storage::{StorageError, rotate_signing_key};
use stores::Database;

pub use serve::{limits, settings};

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A folder, a file or an address cannot be used.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
    /// Storage does not do what it has to.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// It was done, and the result is that something is wrong.
    #[error("{0}")]
    Found(String),
    /// The command line asks for what cannot be.
    #[error("{0}")]
    Usage(String),
}

impl StartError {
    /// The exit code: 1 when what was asked for was done and found something wrong, 2 when it was not done.
    pub fn exit_code(&self) -> u8 {
        if matches!(self, Self::Found(_)) { 1 } else { 2 }
    }
}

/// Names what an error of the operating system is about.
fn about(what: impl Into<String>) -> impl FnOnce(io::Error) -> StartError {
    let what = what.into();
    move |error| StartError::Io(what, error)
}

/// Does what the command line says, until it is done or the process is told to stop.
pub async fn run(config: Config) -> Result<(), StartError> {
    let Config { command, stores, serving } = config;
    match command {
        None | Some(Command::Serve) => serve::serve(stores, serving).await,
        Some(Command::Keys(command)) => keys::manage(&stores, command).await,
        Some(Command::Uploads(command)) => uploads::manage(&stores, command).await,
        Some(Command::Clock(command)) => manage_clock(&stores, &command).await,
        Some(Command::SigningKey(SigningKeyCommand::Rotate { drop_old })) => rotate(&stores, !drop_old),
        Some(Command::Scrub { restart }) => scrub::run(&stores, restart).await,
        Some(Command::Backup { to }) => backup::back_up(&stores, &to).await,
        Some(Command::Restore { from }) => backup::restore(&stores, &from),
        Some(Command::Rebuild) => rebuild::run(&stores).await,
        Some(Command::Health { address }) => health(address),
    }
}

/// Prints what was asked for to standard output; the log goes to standard error.
fn print(text: &str) -> Result<(), StartError> {
    io::stdout().write_all(text.as_bytes()).map_err(about("standard output"))
}

async fn manage_clock(stores: &Stores, command: &ClockCommand) -> Result<(), StartError> {
    let metadata = stores::open_metadata(stores, Database::MustExist).await?;
    if matches!(command, ClockCommand::Confirm) {
        metadata.confirm_clock(now()).await?;
    }
    let (looked, trusted) = match metadata.clock().await? {
        None => ("never".to_owned(), "trusted: nobody has looked at it yet"),
        Some((at, false)) => (time(at), "trusted"),
        Some((at, true)) => {
            (time(at), "not trusted: nothing is deleted because of its age until it has agreed for a while")
        }
    };
    metadata.close().await;
    print(&format!("the clock says   {}\nlast look at it  {looked}\nit is            {trusted}\n", time(now())))
}

fn rotate(stores: &Stores, keep_one: bool) -> Result<(), StartError> {
    let Some(folder) = stores::storage_folder(stores) else {
        return Err(StartError::Usage(
            "a bucket's addresses are signed with its own credentials: rotate those".to_owned(),
        ));
    };
    rotate_signing_key(&folder, keep_one).map_err(about(folder.join("url-signing.key").display().to_string()))?;
    let old = if keep_one { "stay valid until they expire" } else { "are invalid" };
    print(&format!("addresses are signed with a new key; those that were signed with the last one {old}\n"))
}

/// Asks a service on this machine whether it serves.
fn health(address: SocketAddr) -> Result<(), StartError> {
    let place = format!("http://{address}/healthz");
    // Whoever listens on every address is reached on this machine's own.
    let own = match address.ip() {
        ip if ip.is_unspecified() && ip.is_ipv4() => SocketAddr::from((Ipv4Addr::LOCALHOST, address.port())),
        ip if ip.is_unspecified() => SocketAddr::from((Ipv6Addr::LOCALHOST, address.port())),
        _ => address,
    };
    let patience = Duration::from_secs(5);
    let mut stream = TcpStream::connect_timeout(&own, patience).map_err(about(place.clone()))?;
    stream.set_read_timeout(Some(patience)).map_err(about(place.clone()))?;
    let request = format!("GET /healthz HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).map_err(about(place.clone()))?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(about(place.clone()))?;
    if answer.starts_with("HTTP/1.1 200 ") { print("ok\n") } else { Err(StartError::Found(format!("{place} says no"))) }
}

/// A time as people read it.
fn time(millis: i64) -> String {
    let time = DateTime::from_timestamp_millis(millis).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}
