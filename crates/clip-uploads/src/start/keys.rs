//! Making, listing and revoking API keys.

use std::fmt::Write as _;
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};

use super::stores::{Database, open_metadata};
use super::{StartError, about, print, time};
use crate::config::{FirstKey, KeysCommand, Stores};
use crate::domain::now;
use crate::keys;
use crate::metadata::Metadata;

pub(super) async fn manage(stores: &Stores, command: KeysCommand) -> Result<(), StartError> {
    let metadata = open_metadata(stores, Database::MustExist).await?;
    let text = match command {
        KeysCommand::Create { organisation, note, expires } => {
            if organisation.trim().is_empty() {
                return Err(StartError::Usage("--organisation is empty".to_owned()));
            }
            let millis = expires.map(|time| i64::try_from(time.as_millis()).unwrap_or(i64::MAX));
            let expires_at = millis.map(|millis| now().saturating_add(millis));
            format!("{}\n", keys::create(&metadata, &organisation, &note, expires_at).await?)
        }
        KeysCommand::List => list_keys(&metadata).await?,
        KeysCommand::Revoke { key_id } => {
            if !metadata.revoke_key(&key_id, now()).await? {
                return Err(StartError::Usage(format!(
                    "no valid key has the id {key_id:?}; `keys list` shows the ids"
                )));
            }
            format!("revoked {key_id}\n")
        }
    };
    metadata.close().await;
    print(&text)
}

async fn list_keys(metadata: &Metadata) -> Result<String, StartError> {
    let mut text =
        format!("{:<32} {:<20} {:<20} {:<20} {:<8} {}\n", "ID", "ORGANISATION", "CREATED", "EXPIRES", "STATE", "NOTE");
    for key in metadata.keys().await? {
        let created = time(key.created_at);
        let expires = key.expires_at.map_or_else(|| "never".to_owned(), time);
        let state = match (key.revoked_at, key.expires_at) {
            (Some(_), _) => "revoked",
            (None, Some(at)) if at <= now() => "expired",
            _ => "valid",
        };
        let (id, organisation) = (key.key_id, key.organisation);
        let _ = writeln!(text, "{id:<32} {organisation:<20} {created:<20} {expires:<20} {state:<8} {}", key.note);
    }
    Ok(text)
}

/// The first start makes a key, so that there is something to try.
pub(super) async fn first_key(metadata: &Metadata, stores: &Stores, place: FirstKey) -> Result<(), StartError> {
    if place == FirstKey::None || !metadata.keys().await?.is_empty() {
        return Ok(());
    }
    let key = keys::create(metadata, "default", "made at the first start", None).await?;
    let in_file = place == FirstKey::File || (place == FirstKey::Auto && is_journal());
    if !in_file {
        return print(&format!("API key: {key}\n  It is shown this once. `clip-uploads keys create` makes more.\n"));
    }
    let file = stores.data.join("first-api-key");
    let what = file.display().to_string();
    crate::storage::make_folder(&stores.data).map_err(about(what.clone()))?;
    let made = OpenOptions::new().create(true).truncate(true).write(true).mode(0o600).open(&file);
    made.and_then(|mut file| writeln!(file, "{key}")).map_err(about(what.clone()))?;
    print(&format!("API key: it is in the file {what}; take it, and delete the file\n"))
}

/// Whether standard output is the system's journal, which others read and which keeps what it gets.
fn is_journal() -> bool {
    // systemd says which file its journal is, by device and inode.
    let Ok(journal) = std::env::var("JOURNAL_STREAM") else { return false };
    let Ok(output) = std::fs::metadata("/proc/self/fd/1") else { return true };
    journal == format!("{}:{}", output.dev(), output.ino())
}
