//! `autoposting clips download`: the bytes of a clip, checked against its size and the digests of its parts.

use std::path::{Path, PathBuf};
use std::time::Duration;

use autoposting_types::{Clip, ClipStatus, StoredPart};
use clap::ArgMatches;
use futures_util::StreamExt;
use md5::{Digest as _, Md5};
use oas_cli_runtime::{Failure, answer};
use serde_json::json;
use tokio::io::{AsyncWrite, AsyncWriteExt};

use crate::connect;
use crate::recent::Recent;
use crate::upload::{Progress, hex, is_md5};

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let connection = connect::open(matches)?;
    let typed = matches.get_one::<String>("id").cloned();
    let known = typed.or_else(|| Recent::of(&connection.settings).last());
    let id = known.ok_or_else(|| Failure::Usage("name the clip: nothing was uploaded from here yet".to_owned()))?;
    let id = id.as_str();
    let clip = match connection.client.get_clip().id(id).include_parts(true).send().await {
        Ok(answer) => answer.into_inner().data,
        Err(error) => {
            let failure = answer::failure(&error);
            return Err(connection.explain(failure));
        }
    };
    let there = matches!(clip.status, ClipStatus::Ready | ClipStatus::Rendering | ClipStatus::Rendered);
    let Some(url) = clip.url.clone().or_else(|| clip.download_url.clone()).filter(|_| there) else {
        return Err(Failure::Usage(format!("{id} is {}, there is nothing to download yet", clip.status)));
    };
    let progress = Progress::new(
        clip.file_size.and_then(|size| u64::try_from(size).ok()).unwrap_or_default(),
        matches.get_flag("quiet"),
    );
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
    let name = clip.file_name.as_deref().unwrap_or(&clip.name);
    let name = Path::new(name).file_name().filter(|name| !name.to_string_lossy().contains('\\'));
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

/// Streams the bytes, and checks that all of them came, and are those that were uploaded.
async fn fetch(
    url: &str,
    clip: &Clip,
    out: &mut (impl AsyncWrite + Unpin),
    progress: &Progress,
) -> Result<(), Failure> {
    // The address carries its own signature; it must not be shown, and the API key must not go there.
    let lost = |error: reqwest::Error| Failure::Connection(format!("storage: {}", error.without_url()));
    let storage = reqwest::Client::builder().connect_timeout(PATIENCE).read_timeout(PATIENCE).build().map_err(lost)?;
    let response = storage.get(url).send().await.map_err(lost)?.error_for_status().map_err(lost)?;
    let mut stream = response.bytes_stream();
    let mut count = 0_u64;
    let mut check = Check::new(clip);
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(lost)?;
        check.update(&chunk)?;
        out.write_all(&chunk).await?;
        count += chunk.len() as u64;
        progress.add(chunk.len() as u64);
    }
    out.flush().await?;
    progress.finish();
    match clip.file_size {
        Some(size) if i64::try_from(count) != Ok(size) => {
            Err(Failure::Connection(format!("{count} of {size} bytes came: try again")))
        }
        _ => Ok(()),
    }
}

/// How long storage may say nothing.
const PATIENCE: Duration = Duration::from_secs(60);

/// Holds bytes against the MD5s of the parts that they were uploaded in, where the server tells them.
struct Check<'a> {
    parts: std::slice::Iter<'a, StoredPart>,
    open: Option<(&'a StoredPart, u64)>,
    md5: Md5,
}

impl<'a> Check<'a> {
    fn new(clip: &'a Clip) -> Self {
        let parts = clip.parts.as_deref().unwrap_or_default();
        // Some storage encrypts, and its ETags are no MD5s then.
        let digests = parts.iter().all(|part| is_md5(&part.e_tag));
        let mut parts = if digests { parts.iter() } else { [].iter() };
        let open = Self::next(&mut parts);
        Self { parts, open, md5: Md5::new() }
    }

    fn next(parts: &mut std::slice::Iter<'a, StoredPart>) -> Option<(&'a StoredPart, u64)> {
        parts.next().map(|part| (part, u64::try_from(part.size).unwrap_or_default()))
    }

    fn update(&mut self, mut bytes: &[u8]) -> Result<(), Failure> {
        while let Some((part, left)) = &mut self.open {
            let own = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
            self.md5.update(&bytes[..own]);
            bytes = &bytes[own..];
            *left -= own as u64;
            if *left > 0 {
                break;
            }
            let found = hex(&std::mem::take(&mut self.md5).finalize());
            if !found.eq_ignore_ascii_case(&part.e_tag) {
                let message =
                    format!("part {} of the clip is not what was uploaded: its bytes are damaged", part.part_number);
                return Err(Failure::Connection(message));
            }
            self.open = Self::next(&mut self.parts);
        }
        Ok(())
    }
}
