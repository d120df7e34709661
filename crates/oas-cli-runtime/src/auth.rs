//! `auth`: keeping credentials in the configuration file, which only its owner can read.

use std::io::{BufRead, IsTerminal};

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgMatches, Command};
use serde_json::{Value, json};

use crate::output::{self, Format};
use crate::{Failure, Program, Scheme, Secret, Settings, Stored};

/// The command that keeps credentials.
pub const AUTH: &str = "auth";

/// The command with its subcommands, for [`run`].
pub fn command(program: &Program) -> Command {
    let names: Vec<&'static str> = program.schemes.iter().map(|scheme| scheme.name).collect();
    let scheme = Arg::new("scheme")
        .long("scheme")
        .value_name("NAME")
        .value_parser(PossibleValuesParser::new(names.clone()))
        .required(names.len() > 1)
        .help("Which of the API's credentials it is");
    Command::new(AUTH)
        .about("Keep, forget and show credentials")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommand(
            Command::new("login").about("Keep a credential: typed without an echo, or from standard input").arg(scheme),
        )
        .subcommand(Command::new("logout").about("Forget all credentials"))
        .subcommand(Command::new("status").about("Show which credentials are sent, without the secrets"))
}

/// Does what was typed behind `auth`.
///
/// # Errors
/// When nothing was typed, or the configuration cannot be read or written.
pub fn run(program: &Program, matches: &ArgMatches) -> Result<(), Failure> {
    let said = match matches.subcommand() {
        Some(("login", rest)) => login(program, rest, read)?,
        Some(("logout", rest)) => logout(program, rest)?,
        Some((_, rest)) => status(program, rest)?,
        None => return Err(Failure::Usage("no command was given".to_owned())),
    };
    let format = Format::choose(matches.get_one::<String>("output").map(String::as_str));
    Ok(output::print(&said, format, &mut std::io::stdout())?)
}

fn login(
    program: &Program,
    matches: &ArgMatches,
    read: impl FnOnce(&Scheme) -> Result<Secret, Failure>,
) -> Result<Value, Failure> {
    let named = matches.get_one::<String>("scheme");
    let scheme = program.schemes.iter().find(|scheme| named.is_none_or(|name| name == scheme.name));
    let scheme = scheme.ok_or_else(|| Failure::Usage("this API takes no credentials".to_owned()))?;
    let path = Settings::of(program, matches)?.path;
    let secret = read(scheme)?;
    if secret.expose().is_empty() {
        return Err(Failure::Usage("nothing was given to keep".to_owned()));
    }
    let mut stored = Stored::load(&path)?;
    let kept = secret.to_string();
    stored.credentials.insert(scheme.name.to_owned(), secret);
    stored.save(&path)?;
    Ok(json!({"kept": kept, "scheme": scheme.name, "file": path.display().to_string()}))
}

/// The secret, typed without an echo or read from standard input.
fn read(scheme: &Scheme) -> Result<Secret, Failure> {
    let wrong = |error: std::io::Error| Failure::Usage(format!("standard input: {error}"));
    if std::io::stdin().is_terminal() {
        return rpassword::prompt_password(format!("{}: ", scheme.name)).map(|text| Secret::new(&text)).map_err(wrong);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(wrong)?;
    Ok(Secret::new(&line))
}

fn logout(program: &Program, matches: &ArgMatches) -> Result<Value, Failure> {
    let path = Settings::of(program, matches)?.path;
    let mut stored = Stored::load(&path)?;
    let had = !stored.credentials.is_empty();
    stored.credentials.clear();
    if had {
        stored.save(&path)?;
    }
    Ok(json!({"forgotten": had, "file": path.display().to_string()}))
}

fn status(program: &Program, matches: &ArgMatches) -> Result<Value, Failure> {
    let settings = Settings::of(program, matches)?;
    let sent: serde_json::Map<String, Value> = settings
        .credentials
        .iter()
        .map(|(name, (secret, from))| ((*name).to_owned(), json!(format!("{secret} from {from}"))))
        .collect();
    Ok(json!({"server": settings.base_url, "credentials": sent, "file": settings.path.display().to_string()}))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::command;

    static PROGRAM: Program = Program {
        name: "example",
        about: "",
        env_prefix: "EXAMPLE_OF_AUTH",
        base_url: Some("https://a.example"),
        envelope: None,
        schemes: &[Scheme { name: "token", env: "EXAMPLE_OF_AUTH_TOKEN", about: "" }],
        groups: &[],
    };

    fn typed(config: &str, words: &[&str]) -> ArgMatches {
        let whole = command::build(&PROGRAM).subcommand(super::command(&PROGRAM));
        let words = ["example", "auth"].iter().chain(words).copied().chain(["--config", config]);
        let matches = whole.try_get_matches_from(words).expect("valid");
        let (_, auth) = matches.subcommand().expect("auth");
        auth.subcommand().expect("a command").1.clone()
    }

    #[test]
    fn a_credential_is_kept_for_its_owner_alone_and_never_shown() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("deep/config.toml");
        let config = path.to_str().expect("a path");
        let said = login(&PROGRAM, &typed(config, &["login"]), |_| Ok(Secret::new("hush-hush-hush-1234\n")));
        assert_eq!(said.expect("kept")["kept"], "\u{2026}1234");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o600);
        }
        let shown = status(&PROGRAM, &typed(config, &["status"])).expect("settings").to_string();
        assert!(shown.contains("1234") && !shown.contains("hush"), "{shown}");
        assert_eq!(logout(&PROGRAM, &typed(config, &["logout"])).expect("done")["forgotten"], true);
        assert_eq!(Stored::load(&path).expect("a file").credentials.len(), 0);
        assert!(login(&PROGRAM, &typed(config, &["login"]), |_| Ok(Secret::new(" "))).is_err());
    }
}
