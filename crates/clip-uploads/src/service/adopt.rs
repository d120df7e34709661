//! Completions that storage knows and the database has forgotten: it was restored from a backup, or a failover lost its
//! last commits. The object is there, with the upload's own token; nothing else can have put it there.

use super::{ANSWER, Service, refusal_of};
use crate::domain::{PartList, Refusal, State, Upload, now, whole_etag};
use crate::metadata::MetadataError;
use crate::storage::{Handle, Object, StorageError};

/// Why an upload cannot be compared with storage.
pub(super) enum Unclear {
    Storage(StorageError),
    Metadata(MetadataError),
}

impl From<Unclear> for Refusal {
    fn from(unclear: Unclear) -> Self {
        match unclear {
            Unclear::Storage(error) => error.into(),
            Unclear::Metadata(error) => error.into(),
        }
    }
}

impl Service {
    /// The upload as it is now, after storage said that it does not take parts. An upload whose object is there is
    /// completed by that. When there is neither, nothing is concluded: the upload stays as it is.
    pub(super) async fn reconcile(&self, upload: &Upload, list: Option<&PartList>) -> Result<Upload, Refusal> {
        let upload = self.reload(upload).await?;
        if upload.state != State::Uploading {
            return Ok(upload);
        }
        if self.adopt(&upload, list).await? {
            return self.reload(&upload).await;
        }
        tracing::error!(upload = upload.upload_id, "storage has neither the upload nor its object");
        Err(refusal_of(&upload).unwrap_or(Refusal::Unavailable(super::RETRY_AFTER)))
    }

    /// Completes an upload whose object is there; false when it is not.
    pub(super) async fn adopt(&self, upload: &Upload, list: Option<&PartList>) -> Result<bool, Unclear> {
        let handle = Handle::from(upload);
        let Some(object) = self.inner.storage.object(&handle).await.map_err(Unclear::Storage)? else {
            return Ok(false);
        };
        let own = object.token.as_deref() == Some(handle.token.as_str()) && object.size == upload.declared_size();
        if !own {
            return Ok(false);
        }
        let hash = list.filter(|list| fits(&object, list)).map(PartList::hash);
        let metadata = &self.inner.metadata;
        let adopted = metadata.adopt_completion(upload, now(), hash.as_deref(), object.etag.as_str(), ANSWER).await;
        if adopted.map_err(Unclear::Metadata)? {
            tracing::warn!(
                upload = upload.upload_id,
                clip = upload.clip_id,
                etag = %object.etag,
                "the object of this upload is in storage, and the database had forgotten it; it is adopted"
            );
            self.inner.metrics.adopted.inc();
            self.inner.quotas.moved(upload, State::Uploading, Some(State::Completed));
        }
        Ok(true)
    }
}

/// Whether the object can be made of this list.
fn fits(object: &Object, list: &PartList) -> bool {
    !object.etag_is_digest || whole_etag(list.iter().map(|(_, etag)| etag)).as_ref() == Some(&object.etag)
}

/// Whether a completed upload was completed with this list, where its hash was forgotten: by the object's ETag.
pub(super) fn was_made_of(upload: &Upload, list: &PartList) -> bool {
    let whole = whole_etag(list.iter().map(|(_, etag)| etag));
    whole.is_some_and(|etag| upload.object_etag.as_deref() == Some(etag.as_str()))
}
