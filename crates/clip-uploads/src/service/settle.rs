//! Settling a completion that was recorded: storage makes the object, the object is checked, the outcome is kept.
//!
//! It runs apart from the request, again after a restart, and by another process when this one is gone; so every step
//! can be taken twice. Nothing is taken for done because storage said so, nor because an object is there: the object
//! must have the upload's token, size and, where its formula holds, ETag.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Duration;

use tokio::sync::OwnedSemaphorePermit;

use super::complete::Rejection;
use super::{ANSWER, Service, unavailable};
use crate::domain::{ETag, PartNumber, Refusal, State, StoredPart, Upload, now, whole_etag};
use crate::failpoint;
use crate::metadata::MetadataError;
use crate::metrics::Outcome;
use crate::storage::{Handle, Object, StorageError};

/// How long to wait before the first repetition; it doubles. A completion that would have to wait longer than
/// [`LONGEST_PAUSE`] is given back, and the sweep tries it again: nothing is concluded from how often it failed.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// How one attempt ended.
enum Attempt {
    /// The object is there, and is this upload's.
    Done(ETag),
    /// Storage refuses the list; the parts are still there.
    Rejected(Rejection),
    /// There is neither an upload nor this upload's object. That may be storage's fault, and is for an operator to say.
    Missing,
    /// Nobody knows; ask again.
    Unknown,
}

impl Service {
    /// Settles a completion in a task of its own, and holds the permit meanwhile.
    pub(super) fn spawn_settle(&self, upload: Upload, permit: Option<OwnedSemaphorePermit>) {
        let service = self.clone();
        tokio::spawn(async move {
            service.settle(&upload).await;
            drop(permit);
        });
    }

    async fn settle(&self, upload: &Upload) {
        let Ok(parts) = upload.recorded_parts().map_err(unavailable) else { return };
        let mut pause = FIRST_PAUSE;
        // Whoever began or claimed the completion has just got the lease.
        let mut leased = true;
        loop {
            // The end of the process waits for an attempt, and not for the pause after it.
            let working = self.inner.working.clone().read_owned().await;
            let Some(attempt) = self.attempt_with_lease(upload, &parts, leased).await else { return };
            leased = false;
            let kept = self.keep(upload, attempt).await;
            self.changed(&upload.upload_id).notify_waiters();
            drop(working);
            match kept {
                Ok(true) => return,
                Ok(false) => {}
                Err(error) => tracing::error!(upload = upload.upload_id, %error, "cannot keep how a completion ended"),
            }
            // Well within the lease, so that nobody takes it over meanwhile.
            if pause >= LONGEST_PAUSE.min(self.inner.settings.lease / 2) {
                self.give_back(upload).await;
                return;
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
    }

    /// Keeps how an attempt ended; whether the completion has come to its end.
    async fn keep(&self, upload: &Upload, attempt: Attempt) -> Result<bool, MetadataError> {
        match attempt {
            Attempt::Done(etag) => self.keep_done(upload, &etag).await,
            Attempt::Rejected(rejection) => self.keep_rejected(upload, &rejection).await,
            Attempt::Missing => self.keep_missing(upload).await,
            Attempt::Unknown => self.inner.metadata.note_setback(upload).await.map(|()| false),
        }
    }

    /// Leaves a completion to the sweep, which tries it again after a while.
    async fn give_back(&self, upload: &Upload) {
        let pause = LONGEST_PAUSE.min(self.inner.settings.lease);
        let until = now().saturating_add(i64::try_from(pause.as_millis()).unwrap_or(i64::MAX));
        if let Err(error) = self.inner.metadata.release_lease(upload, &self.inner.process, until).await {
            tracing::warn!(upload = upload.upload_id, %error, "a completion waits until its lease ends");
        }
    }

    /// Makes an attempt, and meanwhile keeps others from taking the completion over; `None` when it is no longer this
    /// process's.
    async fn attempt_with_lease(
        &self,
        upload: &Upload,
        parts: &BTreeMap<PartNumber, StoredPart>,
        mut leased: bool,
    ) -> Option<Attempt> {
        let attempt = self.attempt(upload, parts);
        tokio::pin!(attempt);
        loop {
            if !leased {
                let renewed = self.inner.metadata.renew_lease(upload, &self.inner.process, self.lease_end()).await;
                if matches!(renewed, Ok(false)) {
                    return None;
                }
            }
            leased = false;
            tokio::select! {
                attempt = &mut attempt => return Some(attempt),
                () = tokio::time::sleep(self.inner.settings.lease / 3) => {}
            }
        }
    }

    async fn attempt(&self, upload: &Upload, parts: &BTreeMap<PartNumber, StoredPart>) -> Attempt {
        let handle = Handle::from(upload);
        self.inner.metrics.storage_completions.inc();
        let said = self.inner.storage.complete(&handle, parts).await;
        failpoint::pass("object-made");
        if let Err(error) = &said {
            tracing::warn!(upload = upload.upload_id, %error, "storage did not say that the object is made");
        }
        match &said {
            Err(StorageError::InvalidParts(numbers)) => {
                return self.rejected(&handle, parts, Rejection::InvalidPart(numbers.clone())).await;
            }
            Err(StorageError::PartTooSmall) => {
                return self.rejected(&handle, parts, Rejection::PartTooSmall(Vec::new())).await;
            }
            Ok(()) | Err(_) => {}
        }
        let object = self.inner.storage.object(&handle).await;
        failpoint::pass("object-checked");
        match (object, said) {
            (Ok(Some(object)), _) if is_made_of(&object, &handle, parts) => Attempt::Done(object.etag),
            (Ok(_), Err(StorageError::UnknownUpload)) => Attempt::Missing,
            (Ok(Some(_)), Ok(())) => {
                tracing::error!(upload = upload.upload_id, "the object is not what was to be made");
                Attempt::Missing
            }
            (Ok(_), _) => Attempt::Unknown,
            (Err(error), _) => {
                tracing::warn!(upload = upload.upload_id, %error, "the object cannot be checked");
                Attempt::Unknown
            }
        }
    }

    /// Says which parts storage means, when it did not say so itself.
    async fn rejected(
        &self,
        handle: &Handle,
        parts: &BTreeMap<PartNumber, StoredPart>,
        rejection: Rejection,
    ) -> Attempt {
        match rejection {
            Rejection::InvalidPart(numbers) if numbers.is_empty() => match self.inner.storage.parts(handle).await {
                Ok(stored) => {
                    let differs = |number: &PartNumber| stored.get(number) != parts.get(number);
                    Attempt::Rejected(Rejection::InvalidPart(parts.keys().copied().filter(differs).collect()))
                }
                // It may have been completed by somebody who got there first.
                Err(_) => Attempt::Unknown,
            },
            known => Attempt::Rejected(known),
        }
    }

    async fn keep_done(&self, upload: &Upload, etag: &ETag) -> Result<bool, MetadataError> {
        if self.inner.metadata.finish_completion(upload, now(), etag.as_str(), ANSWER).await? {
            tracing::info!(upload = upload.upload_id, clip = upload.clip_id, %etag, "upload completed");
            self.inner.metrics.completed(Outcome::Completed);
        }
        failpoint::pass("outcome-kept");
        Ok(true)
    }

    async fn keep_rejected(&self, upload: &Upload, rejection: &Rejection) -> Result<bool, MetadataError> {
        let text = serde_json::to_string(rejection).unwrap_or_default();
        if self.inner.metadata.reject_completion(upload, now(), &text).await? {
            let refusal = Refusal::from(rejection.clone());
            tracing::info!(upload = upload.upload_id, code = refusal.code(), "storage refused the list");
            self.inner.metrics.completed(Outcome::Rejected);
            self.inner.quotas.moved(upload, State::Completing, Some(State::Uploading));
        }
        Ok(true)
    }

    /// Notes that there is neither parts nor object. Only after as long as an upload may take is that believed, and only
    /// with a clock that is trusted; until then an operator can mend storage, or decide.
    async fn keep_missing(&self, upload: &Upload) -> Result<bool, MetadataError> {
        let now = now();
        let since = self.inner.metadata.note_missing(upload, now).await?;
        tracing::error!(
            upload = upload.upload_id,
            clip = upload.clip_id,
            organisation = upload.organisation,
            seconds = now.saturating_sub(since) / 1000,
            "storage has neither the parts nor the object of a completion that was accepted; it stays as it is: see \
             `clip-uploads uploads --help`"
        );
        let believed = now >= self.expiry_after(since) && !self.inner.suspended.load(Ordering::Relaxed);
        if !believed {
            return Ok(false);
        }
        if self.inner.metadata.fail_completion(&upload.upload_id, now).await? {
            tracing::error!(upload = upload.upload_id, "the completion has failed: its bytes have not come back");
            self.inner.metrics.completed(Outcome::Failed);
            self.inner.quotas.moved(upload, State::Completing, None);
        }
        Ok(true)
    }
}

/// Whether this object is made of these parts, for this upload.
fn is_made_of(object: &Object, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> bool {
    let size = parts.values().fold(0_u64, |sum, part| sum.saturating_add(part.size));
    let formula = whole_etag(parts.values().map(|part| &part.etag));
    let comparable = formula.filter(|_| object.etag_is_digest);
    object.token.as_deref() == Some(handle.token.as_str())
        && object.size == size
        && comparable.is_none_or(|etag| etag == object.etag)
}
