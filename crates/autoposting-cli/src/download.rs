//! `autoposting clips download`: the bytes of a clip, checked against its size.

use std::path::{Path, PathBuf};

use autoposting_types::{Clip, ClipStatus};
use clap::ArgMatches;
use futures_util::StreamExt;
use oas_cli_runtime::{Failure, answer};
use serde_json::json;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::connect;
use crate::upload::Progress;

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let id = matches.get_one::<String>("id").map(String::as_str).unwrap_or_default();
    let connection = connect::open(matches)?;
    let clip = match connection.client.get_clip().id(id).send().await {
        Ok(answer) => answer.into_inner().data,
        Err(error) => {
            let failure = answer::failure(&error, autoposting_types::GetClipError::body_json);
            return Err(connection.explain(failure));
        }
    };
    let Some(url) = clip.download_url.clone().filter(|_| clip.status == ClipStatus::Ready) else {
        return Err(Failure::Usage(format!("{id} is {}, there is nothing to download yet", clip.status)));
    };
    let progress = Progress::new(u64::try_from(clip.file_size).unwrap_or_default(), matches.get_flag("quiet"));
    match matches.get_one::<String>("to").map(String::as_str) {
        Some("-") => fetch(&url, &clip, &mut tokio::io::stdout(), &progress).await,
        to => {
            let path = target(to, &clip)?;
            into_file(&url, &clip, &path, &progress).await?;
            crate::print(&json!({"id": clip.id, "file": path.display().to_string(), "size": clip.file_size}), matches)
        }
    }
}

/// Where the bytes go: as told, otherwise into this folder under the last part of the clip's own name. A name that
/// comes from a server is never a path.
fn target(to: Option<&str>, clip: &Clip) -> Result<PathBuf, Failure> {
    if let Some(to) = to {
        return Ok(PathBuf::from(to));
    }
    let name = Path::new(&clip.file_name).file_name().filter(|name| !name.to_string_lossy().contains('\\'));
    let path =
        name.map(PathBuf::from).ok_or_else(|| Failure::Usage("the clip has no usable name: use --to".to_owned()))?;
    if path.exists() {
        return Err(Failure::Usage(format!("{} exists: name another file with --to", path.display())));
    }
    Ok(path)
}

/// Writes beside the file first, so that half a clip never looks like a whole one.
async fn into_file(url: &str, clip: &Clip, path: &Path, progress: &Progress) -> Result<(), Failure> {
    let mut partial = path.as_os_str().to_owned();
    partial.push(".partial");
    let wrong = |error: std::io::Error| Failure::Usage(format!("{}: {error}", path.display()));
    let mut file = tokio::fs::File::create(&partial).await.map_err(wrong)?;
    fetch(url, clip, &mut file, progress).await?;
    file.sync_all().await.map_err(wrong)?;
    tokio::fs::rename(&partial, path).await.map_err(wrong)
}

/// Streams the bytes, and checks that all of them came.
async fn fetch(
    url: &str,
    clip: &Clip,
    out: &mut (impl AsyncWrite + Unpin),
    progress: &Progress,
) -> Result<(), Failure> {
    // The address carries its own signature; it must not be shown, and the API key must not go there.
    let lost = |error: reqwest::Error| Failure::Connection(format!("storage: {}", error.without_url()));
    let response = reqwest::Client::new().get(url).send().await.map_err(lost)?.error_for_status().map_err(lost)?;
    let mut stream = response.bytes_stream();
    let mut count = 0_u64;
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(lost)?;
        out.write_all(&chunk).await?;
        count += chunk.len() as u64;
        progress.add(chunk.len() as u64);
    }
    out.flush().await?;
    progress.finish();
    if i64::try_from(count) == Ok(clip.file_size) {
        return Ok(());
    }
    Err(Failure::Connection(format!("{count} of {} bytes came: try again", clip.file_size)))
}
