//! The command line and the environment.

mod commands;
mod serving;
mod stores;
mod values;

use clap::Parser;

pub use commands::{ClockCommand, Command, KeysCommand, SigningKeyCommand, UploadsCommand};
pub use serving::{FirstKey, LogFormat, Serving};
pub use stores::{Place, Stores};

/// Takes videos in parts, and makes them whole.
///
/// Without any option it needs no server, account or configuration: bytes and metadata go to the folder `clip-uploads-data`,
/// and the first start prints an API key.
#[derive(Debug, Parser)]
#[command(version, after_help = EXAMPLES, args_override_self = true)]
pub struct Config {
    /// What to do; to serve, when nothing is said.
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Where things are kept.
    #[command(flatten)]
    pub stores: Stores,

    /// How to serve.
    #[command(flatten)]
    pub serving: Serving,
}

const EXAMPLES: &str = "\
Examples:
  clip-uploads
      One machine, everything in ./clip-uploads-data
  clip-uploads --listen 0.0.0.0:8080 --public-url https://clips.example.com
      The same for callers elsewhere, who reach it through a proxy
  clip-uploads --storage s3://clips --database postgres://clips@db/clips
      One of many machines
  clip-uploads keys create --organisation acme --note laptop
      Another API key
";

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Config::command().debug_assert();
    }
}
