//! What became of uploads, and what an operator decides about completions whose bytes are gone.

use std::fmt::Write as _;

use super::stores::{Database, open_metadata};
use super::{StartError, print, time};
use crate::config::{Stores, UploadsCommand};
use crate::domain::{State, now};
use crate::metadata::Metadata;

pub(super) async fn manage(stores: &Stores, command: UploadsCommand) -> Result<(), StartError> {
    let metadata = open_metadata(stores, Database::MustExist).await?;
    let text = match command {
        UploadsCommand::List { state, limit } => list(&metadata, state, limit).await?,
        UploadsCommand::Fail { upload_id } => fail(&metadata, &upload_id).await?,
    };
    metadata.close().await;
    print(&text)
}

async fn list(metadata: &Metadata, state: State, limit: u32) -> Result<String, StartError> {
    let mut text =
        format!("{:<34} {:<32} {:<20} {:>14} {:<20} {}\n", "UPLOAD", "CLIP", "ORGANISATION", "BYTES", "SINCE", "NOTE");
    for upload in metadata.in_state(state, limit.into()).await? {
        let missing = upload.missing_since.map(|at| format!("bytes missing since {}", time(at)));
        let damaged = upload.damaged_at.map(|at| format!("found damaged at {}", time(at)));
        let note = missing.or(damaged).unwrap_or_default();
        let (id, clip, organisation) = (upload.upload_id, upload.clip_id, upload.organisation);
        let (bytes, since) = (upload.file_size, time(upload.updated_at));
        let _ = writeln!(text, "{id:<34} {clip:<32} {organisation:<20} {bytes:>14} {since:<20} {note}");
    }
    Ok(text)
}

/// Gives a completion up. Only one whose bytes are missing can be: any other one ends by itself.
async fn fail(metadata: &Metadata, upload_id: &str) -> Result<String, StartError> {
    let upload = metadata.upload(upload_id).await?;
    let missing = upload.is_some_and(|upload| upload.state == State::Completing && upload.missing_since.is_some());
    if !missing || !metadata.fail_completion(upload_id, now()).await? {
        return Err(StartError::Usage(format!(
            "no completion whose bytes are missing has the id {upload_id:?}; `uploads list` shows them"
        )));
    }
    Ok(format!("{upload_id} has failed\n"))
}
