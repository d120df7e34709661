//! `autoposting clips upload`: a video in parts, with progress, retries and resumption.

mod complete;
mod fingerprint;
mod layout;
mod part;
mod progress;
mod session;

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use autoposting_types::{Clip, ClipStatus, ClipUploadStart, new};
use clap::ArgMatches;
use futures_util::{StreamExt, TryStreamExt, stream};
use oas_cli_runtime::Failure;

use crate::connect;
use crate::recent::Recent;
use fingerprint::Fingerprint;
use layout::Layout;
use part::Sent;
pub(crate) use part::{hex, is_md5};
pub(crate) use progress::Progress;
use session::Session;

/// How many addresses are asked for at once.
const ADDRESSES: usize = 32;

/// What was typed.
struct Wish {
    file: PathBuf,
    size: u64,
    fingerprint: Fingerprint,
    brand: Option<String>,
    title: String,
    media_type: String,
    resume: Option<String>,
    part_size: Option<u64>,
    parallel: usize,
    quiet: bool,
}

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let mut wish = wish(matches)?;
    let connection = connect::open(matches)?;
    let recent = Recent::of(&connection.settings);
    if wish.resume.as_deref() == Some("") {
        let known = recent.clip_of(&wish.file).ok_or_else(|| {
            let file = quoted(&wish.file);
            Failure::Usage(format!("nothing is known here of an upload of {file}: name the clip with --resume CLIP"))
        })?;
        wish.resume = Some(known);
    }
    // The clip, once there is one: what to go on with when the upload is cut short.
    let begun = OnceLock::new();
    let done = tokio::select! {
        done = upload(&connection.client, &wish, &begun, &recent) => done,
        _ = tokio::signal::ctrl_c() => Err(Failure::Interrupted("interrupted".to_owned())),
    };
    match done {
        Ok(clip) => {
            let value = serde_json::to_value(&clip).map_err(|error| Failure::Output(error.into()))?;
            crate::print(&value, matches)
        }
        Err(failure) => Err(resumable(connection.explain(failure), &wish, begun.get())),
    }
}

/// The same failure, with the command that goes on from here.
fn resumable(failure: Failure, wish: &Wish, clip: Option<&String>) -> Failure {
    let Some(clip) = clip else { return failure };
    let how =
        format!("the parts are kept; go on with: autoposting clips upload {} --resume {clip}", quoted(&wish.file));
    match failure {
        Failure::Answer { status, message, hint, body } => {
            let hint = hint.map_or_else(|| how.clone(), |hint| format!("{hint}\n{how}"));
            Failure::Answer { status, message, hint: Some(hint), body }
        }
        Failure::Interrupted(message) => Failure::Interrupted(format!("{message}; {how}")),
        Failure::Connection(message) => Failure::Connection(format!("{message}\n{how}")),
        other => other,
    }
}

/// A path as a shell takes it.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-+=:,@".contains(&byte));
    if plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

fn wish(matches: &ArgMatches) -> Result<Wish, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).cloned();
    let file = PathBuf::from(text("file").unwrap_or_default());
    let wrong = |reason: &dyn std::fmt::Display| Failure::Usage(format!("{}: {reason}", file.display()));
    let metadata = std::fs::metadata(&file).map_err(|error| wrong(&error))?;
    if !metadata.is_file() {
        return Err(wrong(&"not a file"));
    }
    if metadata.len() == 0 {
        return Err(wrong(&"the file is empty"));
    }
    let guessed = mime_guess::from_path(&file).first_raw().unwrap_or("application/octet-stream");
    let stem = file.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
    Ok(Wish {
        size: metadata.len(),
        fingerprint: Fingerprint::of(&file).map_err(|error| wrong(&error))?,
        brand: text("brand-id"),
        title: text("title").unwrap_or(stem),
        media_type: text("mime-type").unwrap_or_else(|| guessed.to_owned()),
        resume: text("resume"),
        part_size: matches.get_one::<u64>("part-size").map(|mib| mib * 1024 * 1024),
        parallel: matches.get_one::<u64>("parallel").map_or(4, |count| usize::try_from(*count).unwrap_or(4)),
        quiet: matches.get_flag("quiet"),
        file,
    })
}

/// Uploads the file; the clip as it is in the end.
async fn upload(
    client: &autoposting_client::Client,
    wish: &Wish,
    begun: &OnceLock<String>,
    recent: &Recent,
) -> Result<Clip, Failure> {
    let (session, clip) = match &wish.resume {
        Some(clip) => Session::resume(client, clip).await?,
        None => Session::begin(client, start(wish)?).await?,
    };
    let _ = begun.set(session.clip_id.clone());
    recent.remember(&wish.file, &session.clip_id);
    let stored = clip.as_ref().and_then(|clip| clip.parts.as_deref()).unwrap_or_default();
    let layout = layout(wish, clip.as_ref(), stored, &session.clip_id)?;
    let progress = Progress::new(wish.size, wish.quiet);
    if clip.is_none() {
        // Whatever ends this program, power cuts included: what to go on with has been said.
        progress.tell(&format!("uploading as {0}; if it is cut short, go on with --resume {0}", session.clip_id));
    }
    let status = clip.as_ref().map_or(ClipStatus::Uploading, |clip| clip.status.clone());
    if !matches!(status, ClipStatus::Uploading) {
        return finish(&session, &layout, wish, status, &progress).await;
    }
    let sent = parts(&session, wish, &layout, stored, &progress).await?;
    unchanged(wish, &session)?;
    progress.say("completing");
    complete::complete(&session, &sent).await?;
    let clip = complete::settled(&session, complete::whole(&sent).as_deref()).await?;
    progress.finish();
    Ok(clip)
}

/// Goes on with a clip whose parts are all there already: waits for it, and checks it against the file.
async fn finish(
    session: &Session<'_>,
    layout: &Layout,
    wish: &Wish,
    status: ClipStatus,
    progress: &Progress,
) -> Result<Clip, Failure> {
    if !matches!(status, ClipStatus::Processing | ClipStatus::Ready) {
        return Err(Failure::Usage(format!("{} is {status}: begin anew, without --resume", session.clip_id)));
    }
    progress.say("checking");
    let clip = complete::settled(session, None).await?;
    // The clip's ETag tells how many parts it has; only the same layout gives the same ETag.
    let count =
        clip.e_tag.as_deref().and_then(|tag| tag.rsplit_once('-')).and_then(|(_, count)| count.parse::<usize>().ok());
    if count != Some(layout.parts().len()) {
        progress
            .tell("the clip is there, but the server does not say in which parts: it was not held against the file");
        progress.finish();
        return Ok(clip);
    }
    let mut sent = Vec::new();
    for part in layout.parts() {
        sent.push(Sent { number: part.number, e_tag: part::digest(&wish.file, part, progress).await? });
    }
    complete::check(&clip, complete::whole(&sent).as_deref())?;
    progress.finish();
    Ok(clip)
}

/// Makes sure that the file is still what it was when its first part was read.
fn unchanged(wish: &Wish, session: &Session<'_>) -> Result<(), Failure> {
    if Fingerprint::of(&wish.file).is_ok_and(|now| now == wish.fingerprint) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{0} changed while it was uploaded, so that the upload is not completed; this sends the parts that differ: \
         autoposting clips upload {0} --resume {1}",
        quoted(&wish.file),
        session.clip_id
    )))
}

fn start(wish: &Wish) -> Result<ClipUploadStart, Failure> {
    let brand = wish.brand.as_deref().ok_or_else(|| Failure::Usage("name the brand with --brand-id".to_owned()))?;
    let name = wish.file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let size = i64::try_from(wish.size).map_err(|_| Failure::Usage("the file is too large".to_owned()))?;
    let start = new::ClipUploadStart {
        brand_id: brand.to_owned(),
        title: wish.title.clone(),
        file_name: name,
        file_size: size,
        mime_type: wish.media_type.clone(),
    };
    Ok(start.into())
}

/// How the file is cut: as it was before when an upload goes on, as told, or by its size.
fn layout(
    wish: &Wish,
    clip: Option<&Clip>,
    stored: &[autoposting_types::StoredPart],
    clip_id: &str,
) -> Result<Layout, Failure> {
    if let Some(size) = clip.and_then(|clip| clip.file_size)
        && i64::try_from(wish.size) != Ok(size)
    {
        let file = quoted(&wish.file);
        return Err(Failure::Usage(format!("{file} has {} bytes, but the clip {size}: not the same file", wish.size)));
    }
    let known: Vec<_> =
        stored.iter().filter_map(|part| u64::try_from(part.size).ok().map(|size| (part.part_number, size))).collect();
    let before = Layout::of_stored(wish.size, &known).map_err(|reason| {
        Failure::Usage(format!(
            "{reason}: delete the clip with `autoposting clips delete-clip --id {clip_id}`, and begin anew"
        ))
    })?;
    match (before, wish.part_size) {
        (Some(before), Some(wanted)) if before.part_size() != wanted && before.parts().len() > 1 => {
            Err(Failure::Usage(format!(
                "the upload was begun with parts of {} bytes, and goes on with them: leave --part-size out",
                before.part_size()
            )))
        }
        (Some(before), _) => Ok(before),
        (None, wanted) => Layout::new(wish.size, wanted).map_err(Failure::Usage),
    }
}

/// Sends every part that storage does not have yet.
async fn parts(
    session: &Session<'_>,
    wish: &Wish,
    layout: &Layout,
    stored: &[autoposting_types::StoredPart],
    progress: &Progress,
) -> Result<Vec<Sent>, Failure> {
    let mut sent = Vec::new();
    let mut missing = Vec::new();
    for part in layout.parts() {
        let there =
            stored.iter().find(|one| one.part_number == part.number && u64::try_from(one.size) == Ok(part.size));
        match there {
            // What storage has may be of another file of the same size, so the file is read again to be sure.
            Some(there) if same(&there.e_tag, &part::digest(&wish.file, part, progress).await?) => {
                sent.push(Sent { number: part.number, e_tag: there.e_tag.clone() });
            }
            Some(_) => {
                progress.take_back(part.size);
                missing.push(part.clone());
            }
            None => missing.push(part.clone()),
        }
    }
    let addressed = stream::iter(missing.chunks(ADDRESSES))
        .then(|chunk| async move { session.addresses(chunk).await.map(|urls| (chunk, urls)) })
        .map_ok(|(chunk, urls)| stream::iter(chunk.iter().zip(urls).map(Ok)))
        .try_flatten();
    let more: Vec<Sent> = addressed
        .map_ok(|(part, url)| part::send(session, &wish.file, part, url, progress))
        .try_buffer_unordered(wish.parallel)
        .try_collect()
        .await?;
    sent.extend(more);
    sent.sort_by_key(|part| part.number);
    Ok(sent)
}

/// Whether two ETags are the same, whatever their quotes and case.
fn same(one: &str, other: &str) -> bool {
    one.trim_matches('"').eq_ignore_ascii_case(other.trim_matches('"'))
}
