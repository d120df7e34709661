//! From settings to a client.

use autoposting_client::Client;
use clap::ArgMatches;
use oas_cli_runtime::{Failure, Settings};
use oas_client_runtime::Retries;

use crate::generated;

/// A client, and the settings it was made of.
pub(crate) struct Connection {
    pub(crate) client: Client,
    pub(crate) settings: Settings,
}

/// Opens a connection with what was typed, the environment and the configuration file.
pub(crate) fn open(matches: &ArgMatches) -> Result<Connection, Failure> {
    let settings = settings(matches)?;
    settings.require_file(matches)?;
    let builder = generated::client(&settings)?
        .user_agent(concat!("autoposting-cli/", env!("CARGO_PKG_VERSION")))
        // Asking for addresses and completing are repeatable; beginning an upload twice would leave one behind.
        .retries(
            Retries::up_to(5).allow("presignClipUploadParts").allow("completeClipUpload").allow("abortClipUpload"),
        );
    let client = builder.build().map_err(|error| Failure::Config(error.to_string()))?;
    Ok(Connection { client, settings })
}

/// The settings that a command runs with.
pub(crate) fn settings(matches: &ArgMatches) -> Result<Settings, Failure> {
    Settings::of(&generated::PROGRAM, matches)
}

impl Connection {
    /// The same failure, with what this command knows about credentials.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        let login = "run `autoposting auth login`, or set AUTOPOSTING_BEARER_AUTH";
        match failure {
            Failure::Answer { status: 401, message, body, .. } => {
                let hint = match self.settings.describe_credentials() {
                    Some(used) => format!("the key that was sent is {used}; {login} to use another"),
                    None => format!("no key was sent: {login}"),
                };
                Failure::Answer { status: 401, message, hint: Some(hint), body }
            }
            Failure::Usage(_) if self.settings.credentials.is_empty() => {
                Failure::Config(format!("this needs an API key, and none is known: {login}"))
            }
            other => other,
        }
    }
}
