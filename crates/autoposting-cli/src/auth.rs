//! `autoposting auth`: keeping and showing credentials.

use std::io::{BufRead, IsTerminal};

use clap::ArgMatches;
use oas_cli_runtime::{Failure, Secret, Stored};
use serde_json::json;

use crate::connect;

pub(crate) fn run(action: &str, matches: &ArgMatches) -> Result<(), Failure> {
    match action {
        "login" => login(matches),
        "logout" => logout(matches),
        _ => status(matches),
    }
}

fn login(matches: &ArgMatches) -> Result<(), Failure> {
    let path = connect::settings(matches)?.path;
    let secret = ask()?;
    if secret.expose().is_empty() {
        return Err(Failure::Usage("no key was given".to_owned()));
    }
    let mut stored = Stored::load(&path)?;
    stored.credentials.insert(connect::SCHEME.to_owned(), secret.clone());
    if let Some(url) = matches.get_one::<String>("base-url") {
        stored.base_url = Some(url.clone());
    }
    stored.save(&path)?;
    crate::print(&json!({"kept": secret.to_string(), "file": path.display().to_string()}), matches)
}

/// The key, typed without an echo or read from standard input.
fn ask() -> Result<Secret, Failure> {
    if std::io::stdin().is_terminal() {
        let key = rpassword::prompt_password("API key: ").map_err(|error| Failure::Usage(error.to_string()))?;
        return Ok(Secret::new(&key));
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(|error| Failure::Usage(format!("standard input: {error}")))?;
    Ok(Secret::new(&line))
}

fn logout(matches: &ArgMatches) -> Result<(), Failure> {
    let path = connect::settings(matches)?.path;
    let mut stored = Stored::load(&path)?;
    let had = !stored.credentials.is_empty();
    stored.credentials.clear();
    if had {
        stored.save(&path)?;
    }
    crate::print(&json!({"forgotten": had, "file": path.display().to_string()}), matches)
}

fn status(matches: &ArgMatches) -> Result<(), Failure> {
    let settings = connect::settings(matches)?;
    let credentials: serde_json::Map<String, serde_json::Value> = settings
        .credentials
        .iter()
        .map(|(name, (secret, from))| ((*name).to_owned(), json!(format!("{secret} from {from}"))))
        .collect();
    let value = json!({
        "server": settings.base_url,
        "credentials": credentials,
        "file": settings.path.display().to_string(),
    });
    crate::print(&value, matches)
}
