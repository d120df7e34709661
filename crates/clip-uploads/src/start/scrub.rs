//! Reading all bytes of all clips, to find those that are damaged before somebody wants them.

use std::io::{IsTerminal as _, Write as _, stderr};
use std::time::Instant;

use super::stores::{Database, link, open_metadata, open_storage_to_read};
use super::{StartError, print};
use crate::config::Stores;
use crate::domain::{Upload, now};
use crate::metadata::{Metadata, Scrub};
use crate::storage::{Handle, Storage, Verdict};

/// How many uploads are fetched at a time.
const BATCH: i64 = 64;

/// How far it is, for whoever looks.
struct Progress {
    scrub: Scrub,
    bytes: u64,
    started: Instant,
}

pub(super) async fn run(stores: &Stores, restart: bool) -> Result<(), StartError> {
    let metadata = open_metadata(stores, Database::MustExist).await?;
    let storage = open_storage_to_read(stores).await?;
    link(&metadata, storage.as_ref()).await?;
    let scrub = if restart { None } else { metadata.scrub().await? };
    if let Some(scrub) = &scrub {
        print(&format!("going on after {} clips; --restart begins at the beginning\n", scrub.checked))?;
    }
    let mut progress = Progress { scrub: scrub.unwrap_or_default(), bytes: 0, started: Instant::now() };
    loop {
        let batch = metadata.completed_after(&progress.scrub.position, BATCH).await?;
        if batch.is_empty() {
            break;
        }
        for upload in batch {
            check(&metadata, storage.as_ref(), &upload, &mut progress).await?;
        }
    }
    metadata.keep_scrub(None).await?;
    metadata.close().await;
    let Progress { scrub: Scrub { checked, damaged, .. }, bytes, .. } = progress;
    print(&format!("{checked} clips checked, {} MiB read, {damaged} damaged\n", bytes / (1024 * 1024)))?;
    if damaged > 0 { Err(StartError::Found(format!("{damaged} of {checked} clips are damaged"))) } else { Ok(()) }
}

async fn check(
    metadata: &Metadata,
    storage: &dyn Storage,
    upload: &Upload,
    progress: &mut Progress,
) -> Result<(), StartError> {
    let parts = upload.recorded_parts().unwrap_or_default();
    let verdict = storage.verify(&Handle::from(upload), &parts).await?;
    let (Verdict::Whole(bytes) | Verdict::Damaged { bytes, .. }) = &verdict;
    progress.bytes += bytes;
    // The clip may have been deleted while it was read; then it is no longer anybody's.
    let damage = match verdict {
        Verdict::Damaged { reason, .. }
            if metadata.upload_of_clip(&upload.organisation, &upload.clip_id).await?.is_some() =>
        {
            Some(reason)
        }
        _ => None,
    };
    if let Some(reason) = &damage {
        progress.scrub.damaged += 1;
        print(&format!("damaged: {} of {} ({}): {reason}\n", upload.clip_id, upload.organisation, upload.upload_id))?;
    }
    if damage.is_some() != upload.damaged_at.is_some() {
        metadata.mark_damaged(&upload.upload_id, damage.is_some().then(now)).await?;
    }
    progress.scrub.checked += 1;
    progress.scrub.position.clone_from(&upload.upload_id);
    metadata.keep_scrub(Some(&progress.scrub)).await?;
    if stderr().is_terminal() {
        let (checked, mib) = (progress.scrub.checked, progress.bytes / (1024 * 1024));
        let pace = u64::try_from(progress.started.elapsed().as_millis()).unwrap_or(u64::MAX).max(1);
        let _ = write!(stderr(), "\r{checked} clips, {mib} MiB, {} MiB/s ", mib * 1000 / pace);
    }
    Ok(())
}
