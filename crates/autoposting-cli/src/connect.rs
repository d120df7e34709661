//! From settings to a client.

use autoposting_client::Client;
use clap::ArgMatches;
use oas_cli_runtime::{Failure, Secret, Settings};
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
    refuse_misdirected(&settings)?;
    let builder = generated::client(&settings)?
        .user_agent(concat!("autoposting-cli/", env!("CARGO_PKG_VERSION")))
        // Asking for addresses and completing are repeatable; beginning an upload twice would leave one behind.
        .retries(
            Retries::up_to(5).allow("presignClipUploadParts").allow("completeClipUpload").allow("abortClipUpload"),
        );
    let client = builder.build().map_err(|error| Failure::Config(error.to_string()))?;
    Ok(Connection { client, settings })
}

/// The variable in which the vendor's own client looks for an API key.
const API_KEY: &str = "AUTOPOSTING_API_KEY";

/// The scheme that such a key is sent with. The API takes the same keys under both of its schemes.
pub(crate) const SCHEME: &str = "bearer-auth";

/// The settings that a command runs with.
pub(crate) fn settings(matches: &ArgMatches) -> Result<Settings, Failure> {
    let mut settings = Settings::of(&generated::PROGRAM, matches)?;
    let set = |name: &str| std::env::var(name).ok().filter(|text| !text.trim().is_empty());
    // The environment counts before the file, and a scheme's own variable before the one for all.
    let named = generated::PROGRAM.schemes.iter().any(|scheme| set(scheme.env).is_some());
    if let Some(key) = set(API_KEY).filter(|_| !named) {
        settings.credentials.clear();
        settings.credentials.insert(SCHEME, (Secret::new(&key), API_KEY.to_owned()));
    }
    Ok(settings)
}

/// Refuses to send a key that a service of one's own made to the vendor, because nobody said where the service is.
fn refuse_misdirected(settings: &Settings) -> Result<(), Failure> {
    let vendor = settings.base_url.is_some() && settings.base_url.as_deref() == generated::PROGRAM.base_url;
    if vendor && settings.credentials.values().any(|(secret, _)| is_own(secret.expose())) {
        return Err(Failure::Config(
            "the API key was made by `clip-uploads`, and would go to the vendor: say where your service is with \
             --base-url or AUTOPOSTING_BASE_URL"
                .to_owned(),
        ));
    }
    Ok(())
}

/// Whether a key has the form of those that `clip-uploads` makes: an id and 256 bits.
fn is_own(key: &str) -> bool {
    let Some((id, secret)) = key.strip_prefix("sk-social-key").and_then(|rest| rest.split_once('-')) else {
        return false;
    };
    id.len() == 26 && secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit())
}

impl Connection {
    /// The same failure, with what this command knows about credentials.
    pub(crate) fn explain(&self, failure: Failure) -> Failure {
        let login = "run `autoposting auth login`, or set AUTOPOSTING_API_KEY";
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_of_ones_own_service_is_known_by_its_form() {
        let own = format!("sk-social-key{}-{}", "a".repeat(26), "0".repeat(64));
        assert!(is_own(&own));
        for other in ["sk-social-abc", "sk-social-keya-00", "", &own[..own.len() - 1]] {
            assert!(!is_own(other), "{other}");
        }
    }
}
