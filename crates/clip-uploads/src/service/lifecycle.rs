//! Everything around a completion: begin, presign, abort, show.

use std::collections::BTreeMap;

use super::{Service, refusal_of};
use crate::domain::{Id, PartNumber, Refusal, State, StoredPart, Upload, Violation, now, secret};
use crate::keys::Caller;
use crate::storage::{Download, Handle, PartLength, StorageError};

/// The most bytes of one part: 5 GiB.
const MAX_PART_SIZE: u64 = 5 * 1024 * 1024 * 1024;

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
    /// The parts that storage has, when they were asked for and the upload still takes parts.
    pub parts: Option<BTreeMap<PartNumber, StoredPart>>,
}

impl Service {
    /// Begins an upload.
    pub async fn begin(&self, caller: &Caller, start: Start) -> Result<Upload, Refusal> {
        let clip_id = Id::random("clip").to_string();
        let object_key = format!("clips/{clip_id}");
        let write_token = secret();
        // Storage comes first: an upload that is remembered can take parts. A process that is killed in between leaves
        // an upload without parts in storage, which costs nothing.
        let storage_id = self.inner.storage.open(&object_key, &write_token, &start.mime_type).await?;
        let now = now();
        let lifetime = i64::try_from(self.inner.settings.upload_lifetime.as_millis()).unwrap_or(i64::MAX);
        let upload = Upload {
            upload_id: Id::random("upload").to_string(),
            clip_id,
            organisation: caller.organisation.clone(),
            brand_id: start.brand_id,
            title: start.title,
            file_name: start.file_name,
            mime_type: start.mime_type,
            file_size: start.file_size,
            object_key,
            storage_id,
            write_token,
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
            expires_at: now.saturating_add(lifetime),
        };
        self.inner.metadata.insert_upload(&upload).await?;
        tracing::info!(upload = upload.upload_id, clip = upload.clip_id, size = upload.file_size, "upload begun");
        Ok(upload)
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
        let handle = Handle::from(&upload);
        let mut urls = Vec::with_capacity(numbers.len());
        for (number, length) in lengths {
            let valid = self.inner.settings.url_lifetime;
            urls.push((number, self.inner.storage.presign_part(&handle, number, length, valid).await?));
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
        // What cannot be deleted now is deleted by the sweep.
        self.clean(&upload).await;
        Ok(())
    }

    /// Shows a clip.
    pub async fn show(&self, caller: &Caller, clip_id: &str, with_parts: bool) -> Result<Shown, Refusal> {
        let upload = self.find_clip(caller, clip_id).await?;
        let handle = Handle::from(&upload);
        let download = Download { file_name: &upload.file_name, mime_type: &upload.mime_type };
        let download_url = match upload.state {
            State::Completed => {
                let valid = self.inner.settings.url_lifetime;
                Some(self.inner.storage.presign_download(&handle, download, valid).await?)
            }
            _ => None,
        };
        let parts = match upload.state {
            State::Uploading if with_parts => match self.inner.storage.parts(&handle).await {
                Ok(parts) => Some(parts),
                // It was completed or aborted since it was looked up.
                Err(StorageError::UnknownUpload) => None,
                Err(error) => return Err(error.into()),
            },
            _ => None,
        };
        Ok(Shown { upload, download_url, parts })
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
