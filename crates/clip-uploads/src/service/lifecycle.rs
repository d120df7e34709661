//! Everything around a completion: begin, presign, abort, show.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::future::join_all;

use super::{Service, millis, refusal_of, unavailable};
use crate::domain::{Id, PartNumber, Refusal, State, StoredPart, Upload, Violation, now, secret};
use crate::failpoint;
use crate::keys::Caller;
use crate::storage::{Download, Handle, PartLength, PartRoom, StorageError};

/// The most bytes of one part: 5 GiB.
const MAX_PART_SIZE: u64 = 5 * 1024 * 1024 * 1024;

/// How many addresses a task signs.
const SIGNED_AT_ONCE: usize = 500;

/// How long an address is valid at least, also at the end of an upload's time.
const SHORTEST_ADDRESS: Duration = Duration::from_secs(1);

/// What is known of a video before its bytes are uploaded.
#[derive(Debug, Clone)]
pub struct Start {
    /// The brand, as its owner names it.
    pub brand_id: String,
    /// The title of the clip.
    pub title: String,
    /// The file's name.
    pub file_name: String,
    /// The file's size in bytes.
    pub file_size: i64,
    /// The file's media type.
    pub mime_type: String,
}

/// Which upload is meant.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The clip.
    pub clip_id: String,
    /// The upload.
    pub upload_id: String,
    /// The name of the object, when the caller sent it.
    pub key: Option<String>,
}

/// A clip, to be shown.
#[derive(Debug, Clone)]
pub struct Shown {
    /// What is remembered of it.
    pub upload: Upload,
    /// Where its bytes are, once it is complete.
    pub download_url: Option<String>,
    /// The parts that storage has, or that the clip was made of, when they were asked for and are known.
    pub parts: Option<BTreeMap<PartNumber, StoredPart>>,
}

impl Service {
    /// Begins an upload.
    pub async fn begin(&self, caller: &Caller, start: Start) -> Result<Upload, Refusal> {
        let space = self.inner.storage.space().await?;
        let size = u64::try_from(start.file_size).unwrap_or_default();
        self.inner.quotas.reserve(&caller.organisation, size, space)?;
        let mut upload = self.announced(caller, start);
        let begun = self.open(&mut upload).await;
        if begun.is_err() {
            self.inner.quotas.moved(&upload, State::Uploading, None);
        }
        self.inner.quotas.settled();
        begun?;
        tracing::info!(upload = upload.upload_id, clip = upload.clip_id, size = upload.file_size, "upload begun");
        Ok(upload)
    }

    async fn open(&self, upload: &mut Upload) -> Result<(), Refusal> {
        // Storage comes first: an upload that is remembered can take parts. A process that is killed in between leaves
        // an upload without parts in storage, which costs nothing.
        upload.storage_id = self.inner.storage.open(&Handle::from(&*upload)).await?;
        failpoint::pass("storage-opened");
        Ok(self.inner.metadata.insert_upload(upload).await?)
    }

    /// An upload as it is before storage knows it.
    fn announced(&self, caller: &Caller, start: Start) -> Upload {
        let clip_id = Id::random("clip").to_string();
        let now = now();
        // A clock that went back must not end an upload early once it is right again.
        let expires_at = self.expiry_after(now.max(self.inner.latest_time.load(Ordering::Relaxed)));
        Upload {
            upload_id: Id::random("upload").to_string(),
            object_key: format!("clips/{clip_id}"),
            clip_id,
            organisation: caller.organisation.clone(),
            brand_id: start.brand_id,
            title: start.title,
            file_name: start.file_name,
            mime_type: start.mime_type,
            file_size: start.file_size,
            storage_id: String::new(),
            write_token: secret(),
            state: State::Uploading,
            completions: 0,
            setbacks: 0,
            parts: None,
            parts_hash: None,
            rejection: None,
            object_etag: None,
            answer: None,
            created_at: now,
            updated_at: now,
            expires_at,
            lease_until: 0,
            missing_since: None,
            damaged_at: None,
        }
    }

    /// When an upload that begins at this time is over.
    pub(super) fn expiry_after(&self, time: i64) -> i64 {
        time.saturating_add(millis(self.inner.settings.upload_lifetime))
    }

    /// Gives the addresses of parts. With a part size, each address takes exactly the bytes of its part.
    pub async fn presign(
        &self,
        caller: &Caller,
        chosen: &Chosen,
        numbers: &[PartNumber],
        part_size: Option<u64>,
    ) -> Result<Vec<(PartNumber, String)>, Refusal> {
        let upload = self.find(caller, chosen).await?;
        if let Some(refusal) = refusal_of(&upload) {
            return Err(refusal);
        }
        let lengths = lengths(upload.declared_size(), numbers, part_size)?;
        // An address lives as long as the upload: clients ask for all of them before they send the first part.
        let left = u64::try_from(upload.expires_at.saturating_sub(now())).unwrap_or_default();
        let valid = Duration::from_millis(left).max(SHORTEST_ADDRESS);
        let (handle, total) = (Arc::new(Handle::from(&upload)), upload.declared_size());
        // Signing ten thousand addresses is work for all processors.
        let signing = lengths.chunks(SIGNED_AT_ONCE).map(|lengths| {
            let (storage, handle, lengths) = (self.inner.storage.clone(), handle.clone(), lengths.to_vec());
            tokio::spawn(async move {
                let mut urls = Vec::with_capacity(lengths.len());
                for (number, length) in lengths {
                    let room = PartRoom { length, total };
                    urls.push((number, storage.presign_part(&handle, number, room, valid).await?));
                }
                Ok::<_, StorageError>(urls)
            })
        });
        let mut urls = Vec::with_capacity(numbers.len());
        for signed in join_all(signing).await {
            urls.extend(signed.map_err(unavailable)??);
        }
        Ok(urls)
    }

    /// Gives an upload up and deletes its parts.
    pub async fn abort(&self, caller: &Caller, chosen: &Chosen) -> Result<(), Refusal> {
        let upload = self.find(caller, chosen).await?;
        // The change of state decides between this and a completion; only then are parts deleted.
        if !self.inner.metadata.abort(&upload.upload_id, now()).await? {
            let upload = self.find(caller, chosen).await?;
            return match upload.state {
                State::Aborted => Ok(()),
                _ => Err(refusal_of(&upload).unwrap_or(Refusal::InProgress(super::RETRY_AFTER))),
            };
        }
        tracing::info!(upload = upload.upload_id, "upload aborted");
        self.inner.quotas.moved(&upload, State::Uploading, None);
        // What cannot be deleted now is deleted by the sweep.
        self.remove(&Upload { state: State::Aborted, ..upload }).await;
        Ok(())
    }

    /// Deletes a clip: nobody sees it any more, and its bytes go.
    pub async fn delete(&self, caller: &Caller, clip_id: &str) -> Result<(), Refusal> {
        let upload = self.find_clip(caller, clip_id).await?;
        if !self.inner.metadata.delete_clip(&caller.organisation, &upload.clip_id, now()).await? {
            let upload = self.find_clip(caller, clip_id).await?;
            return Err(refusal_of(&upload).unwrap_or(Refusal::InProgress(super::RETRY_AFTER)));
        }
        tracing::info!(upload = upload.upload_id, clip = upload.clip_id, "clip deleted");
        self.inner.quotas.moved(&upload, upload.state, None);
        self.remove(&upload).await;
        Ok(())
    }

    /// A page of the caller's clips, the newest first, and how many there are in all.
    pub async fn list(&self, caller: &Caller, page: i64, limit: i64) -> Result<(Vec<Shown>, i64), Refusal> {
        let skip = page.saturating_sub(1).saturating_mul(limit);
        let (uploads, total) = self.inner.metadata.clips(&caller.organisation, skip, limit).await?;
        let mut clips = Vec::with_capacity(uploads.len());
        for upload in uploads {
            let download_url = self.download_url(&upload).await?;
            clips.push(Shown { upload, download_url, parts: None });
        }
        Ok((clips, total))
    }

    /// Shows a clip.
    pub async fn show(&self, caller: &Caller, clip_id: &str, with_parts: bool) -> Result<Shown, Refusal> {
        let mut upload = self.find_clip(caller, clip_id).await?;
        let mut parts = None;
        if with_parts && upload.state == State::Uploading {
            match self.inner.storage.parts(&Handle::from(&upload)).await {
                Ok(stored) => parts = Some(stored),
                // It was completed or aborted since it was looked up, or before the database was restored.
                Err(StorageError::UnknownUpload) => upload = self.reconcile(&upload, None).await?,
                Err(error) => return Err(error.into()),
            }
        }
        if with_parts && upload.state == State::Completed {
            parts = upload.recorded_parts().ok().filter(|parts| !parts.is_empty());
        }
        Ok(Shown { download_url: self.download_url(&upload).await?, upload, parts })
    }

    async fn download_url(&self, upload: &Upload) -> Result<Option<String>, Refusal> {
        if upload.state != State::Completed {
            return Ok(None);
        }
        let download = Download { file_name: &upload.file_name, mime_type: &upload.mime_type };
        let valid = self.inner.settings.url_lifetime;
        Ok(Some(self.inner.storage.presign_download(&Handle::from(upload), download, valid).await?))
    }
}

/// The length of each part. Without a part size, a part can have at most the whole file.
fn lengths(
    file_size: u64,
    numbers: &[PartNumber],
    part_size: Option<u64>,
) -> Result<Vec<(PartNumber, PartLength)>, Refusal> {
    let Some(part_size) = part_size.filter(|size| *size > 0) else {
        let most = PartLength::AtMost(file_size.min(MAX_PART_SIZE));
        return Ok(numbers.iter().map(|number| (*number, most)).collect());
    };
    let mut violations = Vec::new();
    let mut lengths = Vec::with_capacity(numbers.len());
    for (index, number) in numbers.iter().enumerate() {
        let start = u64::from(number.get() - 1).saturating_mul(part_size);
        if start >= file_size {
            let message = "the file ends before this part, with this part size";
            violations.push(Violation::new(format!("/partNumbers/{index}"), "beyond_end", message));
        } else {
            lengths.push((*number, PartLength::Exactly(part_size.min(file_size - start))));
        }
    }
    if violations.is_empty() { Ok(lengths) } else { Err(Refusal::Invalid(violations)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_has_what_is_left_and_none_begins_after_the_end() {
        let part = |number: i64| PartNumber::try_from(number).expect("in range");
        let found = lengths(25, &[part(1), part(3)], Some(10)).expect("good parts");
        assert_eq!(found, [(part(1), PartLength::Exactly(10)), (part(3), PartLength::Exactly(5))]);
        assert_eq!(lengths(20, &[part(2)], Some(10)).expect("a good part"), [(part(2), PartLength::Exactly(10))]);
        let refusal = lengths(20, &[part(3)], Some(10)).expect_err("beyond the end");
        assert_eq!(refusal.code(), "invalid_request");
        assert_eq!(lengths(20, &[part(9)], None).expect("a good part"), [(part(9), PartLength::AtMost(20))]);
    }
}
