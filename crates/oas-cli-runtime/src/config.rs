//! Configuration and credentials: the environment, then a file that only its owner can read.

use std::collections::BTreeMap;
use std::fmt;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::ArgMatches;
use clap::parser::ValueSource;
use etcetera::BaseStrategy;
use serde::{Deserialize, Serialize};

use crate::{Failure, Program};

/// A secret. `Debug` and `Display` show its last four characters at the most.
#[derive(Clone, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Secret(String);

impl Secret {
    /// A secret, without white space around it.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_owned())
    }

    /// The secret itself, to send it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let count = self.0.chars().count();
        let shown = if count >= 12 { 4 } else { 0 };
        let tail: String = self.0.chars().skip(count - shown).collect();
        write!(formatter, "…{tail}")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Secret({self})")
    }
}

/// The configuration file.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Stored {
    /// The server to talk to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Secrets by the name of their scheme.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub credentials: BTreeMap<String, Secret>,
}

/// What a command runs with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The server to talk to; `None` when nobody names one.
    pub base_url: Option<String>,
    /// Secrets by the name of their scheme, and where each comes from.
    pub credentials: BTreeMap<&'static str, (Secret, String)>,
    /// How long to wait for an answer, when that was said.
    pub timeout: Option<Duration>,
    /// Headers that every request gets: name and value.
    pub headers: Vec<(String, String)>,
    /// The configuration file, whether it exists or not.
    pub path: PathBuf,
}

impl Settings {
    /// Finds the settings of what was typed: `--base-url`, `--config` and `--timeout`.
    ///
    /// # Errors
    /// As [`find`](Self::find).
    pub fn of(program: &Program, matches: &ArgMatches) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
        let settings = Self::find(program, text("base-url"), text("config"))?;
        let timeout = matches.get_one::<u64>("timeout").copied().map(Duration::from_secs);
        let headers = matches.get_many::<String>("header").into_iter().flatten().map(|text| header(text));
        Ok(Self { timeout, headers: headers.collect::<Result<_, _>>()?, ..settings })
    }

    /// Refuses a file that was typed and is not there, for commands that only read it: a slip would go on without
    /// credentials.
    ///
    /// # Errors
    /// [`Failure::Config`] when `--config` names a file that does not exist.
    pub fn require_file(&self, matches: &ArgMatches) -> Result<(), Failure> {
        if matches.value_source("config") == Some(ValueSource::CommandLine) && !self.path.exists() {
            return Err(Failure::Config(format!("--config: there is no file {}", self.path.display())));
        }
        Ok(())
    }

    /// Finds the settings: `base_url` and `config` as typed or in the environment, then the file, then the document.
    ///
    /// # Errors
    /// [`Failure::Config`] when the file exists but cannot be read, is not what it should be, or others can read it.
    pub fn find(program: &Program, base_url: Option<&str>, config: Option<&str>) -> Result<Self, Failure> {
        let path = config.map_or_else(|| config_path(program), |path| Ok(PathBuf::from(path)))?;
        let stored = Stored::load(&path)?;
        let from_file = format!("{}", path.display());
        let mut credentials = BTreeMap::new();
        for scheme in program.schemes {
            let in_environment = std::env::var(scheme.env).ok().filter(|text| !text.trim().is_empty());
            let found = in_environment
                .map(|text| (Secret::new(&text), scheme.env.to_owned()))
                .or_else(|| stored.credentials.get(scheme.name).map(|secret| (secret.clone(), from_file.clone())));
            if let Some(found) = found {
                credentials.insert(scheme.name, found);
            }
        }
        let base_url = base_url.map(str::to_owned).or(stored.base_url).or(program.base_url.map(str::to_owned));
        Ok(Self { base_url, credentials, timeout: None, headers: Vec::new(), path })
    }

    /// The secret of a scheme, by its name in the table.
    pub fn secret(&self, scheme: &str) -> Option<&str> {
        self.credentials.get(scheme).map(|(secret, _)| secret.expose())
    }

    /// The secret of a scheme that is a name and a password with a colon between them.
    ///
    /// # Errors
    /// [`Failure::Config`] when there is no colon.
    pub fn name_and_password(&self, scheme: &str) -> Result<Option<(&str, &str)>, Failure> {
        let Some((secret, from)) = self.credentials.get(scheme) else { return Ok(None) };
        let split = secret.expose().split_once(':');
        split.map(Some).ok_or_else(|| Failure::Config(format!("{from}: a name and a password have a colon between")))
    }

    /// Which secrets are sent, without the secrets: `…h7Qz from AUTOPOSTING_BEARER_AUTH`.
    pub fn describe_credentials(&self) -> Option<String> {
        let all: Vec<String> =
            self.credentials.values().map(|(secret, from)| format!("{secret} from {from}")).collect();
        (!all.is_empty()).then(|| all.join(", "))
    }
}

/// `NAME: VALUE`, as it is typed.
fn header(text: &str) -> Result<(String, String), Failure> {
    let split = text.split_once(':').map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()));
    // The value may be a secret.
    split.filter(|(name, _)| !name.is_empty()).ok_or_else(|| {
        Failure::Usage("--header: a name and a value have a colon between, as in --header 'X-Trace: 7'".to_owned())
    })
}

/// The line that a member of the file stands on that nobody knows, and what it is close to.
fn unknown_member(text: &str) -> Option<String> {
    const KNOWN: [&str; 2] = ["base-url", "credentials"];
    let table: toml::Table = toml::from_str(text).ok()?;
    let unknown = table.keys().find(|key| !KNOWN.contains(&key.as_str()))?;
    let folded = |text: &str| text.to_lowercase().replace(['_', '-'], "");
    let near = |known: &&&str| {
        let (a, b) = (folded(unknown), folded(known));
        a.contains(&b) || b.contains(&a) || a.chars().zip(b.chars()).take_while(|(a, b)| a == b).count() >= 3
    };
    Some(match KNOWN.iter().find(near) {
        Some(known) => format!("`{unknown}` is not known; is it `{known}`?"),
        None => format!("`{unknown}` is not known; there are `base-url` and `[credentials]`"),
    })
}

impl Stored {
    /// Reads the file; one that does not exist is an empty one.
    ///
    /// # Errors
    /// [`Failure::Config`] when it cannot be read, is not what it should be, or others can read it.
    pub fn load(path: &Path) -> Result<Self, Failure> {
        let text = match std::fs::read_to_string(path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => return Err(Failure::Config(format!("{}: {error}", path.display()))),
        };
        // The parser's message would quote the line, and with it perhaps a secret.
        let stored: Self = toml::from_str(&text).map_err(|error| {
            let line = error.span().map_or(1, |span| text.get(..span.start).unwrap_or_default().lines().count().max(1));
            let what =
                unknown_member(&text).unwrap_or_else(|| "not a configuration this version understands".to_owned());
            Failure::Config(format!("{}:{line}: {what}", path.display()))
        })?;
        if !stored.credentials.is_empty() {
            refuse_shared(path)?;
        }
        Ok(stored)
    }

    /// Writes the file, readable for its owner alone, in one step.
    ///
    /// # Errors
    /// [`Failure::Config`] when it cannot be written.
    pub fn save(&self, path: &Path) -> Result<(), Failure> {
        let wrong = |error: &dyn fmt::Display| Failure::Config(format!("{}: {error}", path.display()));
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        std::fs::create_dir_all(folder).map_err(|error| wrong(&error))?;
        let text = toml::to_string(self).map_err(|error| wrong(&error))?;
        // A temporary file has mode 0600 from its first byte on.
        let mut file = tempfile::NamedTempFile::new_in(folder).map_err(|error| wrong(&error))?;
        file.write_all(text.as_bytes()).and_then(|()| file.as_file().sync_all()).map_err(|error| wrong(&error))?;
        file.persist(path).map(drop).map_err(|error| wrong(&error.error))
    }
}

/// Where the configuration is: `~/.config/NAME/config.toml`, or what the platform uses instead.
///
/// # Errors
/// [`Failure::Config`] when there is no home folder.
pub fn config_path(program: &Program) -> Result<PathBuf, Failure> {
    let strategy = etcetera::choose_base_strategy()
        .map_err(|error| Failure::Config(format!("no home folder ({error}); name a file with --config")))?;
    Ok(strategy.config_dir().join(program.name).join("config.toml"))
}

/// Refuses a file with secrets that others can read.
#[cfg(unix)]
fn refuse_shared(path: &Path) -> Result<(), Failure> {
    use std::os::unix::fs::PermissionsExt;
    let mode = std::fs::metadata(path)
        .map_err(|error| Failure::Config(format!("{}: {error}", path.display())))?
        .permissions()
        .mode();
    let others = 0o077;
    if mode & others == 0 {
        return Ok(());
    }
    Err(Failure::Config(format!(
        "{path} holds secrets and others can read it; run: chmod 600 {path}",
        path = path.display()
    )))
}

#[cfg(not(unix))]
fn refuse_shared(_path: &Path) -> Result<(), Failure> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_show_their_end_at_the_most() {
        assert_eq!(Secret::new("sk-social-abcdefgh1234\n").to_string(), "…1234");
        assert_eq!(format!("{:?}", Secret::new("short")), "Secret(…)");
    }

    #[test]
    fn the_file_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/config.toml");
        let credentials = BTreeMap::from([("bearer-auth".to_owned(), Secret::new("sk-social-1"))]);
        Stored { base_url: None, credentials }.save(&path).expect("saved");
        assert_eq!(Stored::load(&path).expect("loaded").credentials["bearer-auth"].expose(), "sk-social-1");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let permissions = std::fs::metadata(&path).expect("there").permissions();
            assert_eq!(permissions.mode() & 0o777, 0o600);
            std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).expect("changed");
            assert!(Stored::load(&path).expect_err("refused").to_string().contains("chmod 600"));
        }
    }

    #[test]
    fn a_member_that_nobody_knows_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        for (text, expected) in [
            ("base_url = 'http://a'", "config.toml:1: `base_url` is not known; is it `base-url`?"),
            ("x = 1", "config.toml:1: `x` is not known; there are `base-url` and `[credentials]`"),
            ("base-url = 1", "config.toml:1: not a configuration this version understands"),
        ] {
            let mut file = std::fs::File::create(&path).expect("a file");
            file.write_all(text.as_bytes()).expect("written");
            let error = Stored::load(&path).expect_err("unknown").to_string();
            assert!(error.ends_with(expected), "{error}");
        }
        assert_eq!(header("X-Trace: 7:8").expect("a header"), ("X-Trace".to_owned(), "7:8".to_owned()));
        assert!(header("hush").is_err_and(|error| !error.to_string().contains("hush")));
    }

    #[test]
    #[expect(clippy::disallowed_methods, reason = "a scratch file of this test")]
    fn a_broken_file_is_not_quoted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("config.toml");
        std::fs::write(&path, "[credentials]\nbearer-auth = sk-social-secret\n").expect("written");
        let message = Stored::load(&path).expect_err("refused").to_string();
        assert!(message.contains(":2:") && !message.contains("sk-social"), "{message}");
    }
}
