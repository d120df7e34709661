//! Completing an upload, as its caller sees it.

use std::pin::{Pin, pin};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::futures::Notified;
use tokio::time::{Instant, timeout_at};

use super::adopt::was_made_of;
use super::{Chosen, RETRY_AFTER, Service, millis, refusal_of, unavailable};
use crate::domain::{ListedPart, PartList, PartNumber, Refusal, State, Upload, check, now};
use crate::failpoint;
use crate::keys::Caller;
use crate::metadata::Completion;
use crate::storage::{Handle, StorageError};

/// How often to look whether another process has settled a completion.
const LOOK_AGAIN: Duration = Duration::from_millis(250);

/// What storage said against a list that had passed every check, as the database keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Rejection {
    /// These parts were replaced or removed since they were checked.
    InvalidPart(Vec<PartNumber>),
    /// These parts are too small.
    PartTooSmall(Vec<PartNumber>),
}

impl From<Rejection> for Refusal {
    fn from(rejection: Rejection) -> Self {
        match rejection {
            Rejection::InvalidPart(parts) => Self::InvalidPart(parts),
            Rejection::PartTooSmall(parts) => Self::PartTooSmall(parts),
        }
    }
}

impl Service {
    /// Completes an upload with this list, and returns the status to answer with. Asking again with the same list
    /// gives the same answer.
    pub async fn complete(&self, caller: &Caller, chosen: &Chosen, listed: &[ListedPart]) -> Result<String, Refusal> {
        let list = PartList::normalise(listed).map_err(Refusal::Invalid)?;
        // Asked for before the upload is looked at, so that a change in between is not missed.
        let mut changed = pin!(self.changed(&chosen.upload_id).notified());
        changed.as_mut().enable();
        let upload = self.find(caller, chosen).await?;
        let deadline = Instant::now() + self.inner.settings.completion_wait;
        let upload = match upload.state {
            State::Uploading => self.begin_completion(upload, &list).await?,
            _ => upload,
        };
        self.wait(upload, &list, deadline, changed).await
    }

    /// Checks the list, records it, and lets storage put the parts together. It goes on when the caller hangs up.
    async fn begin_completion(&self, upload: Upload, list: &PartList) -> Result<Upload, Refusal> {
        let (service, list) = (self.clone(), list.clone());
        let begun = tokio::spawn(async move { service.check_and_record(upload, &list).await });
        begun.await.map_err(unavailable)?
    }

    async fn check_and_record(&self, upload: Upload, list: &PartList) -> Result<Upload, Refusal> {
        if let Some(refusal) = refusal_of(&upload) {
            return Err(refusal);
        }
        let stored = match self.inner.storage.parts(&Handle::from(&upload)).await {
            Ok(stored) => stored,
            // Somebody else completed, aborted or expired it since it was looked up, or before the database was restored.
            Err(StorageError::UnknownUpload) => return self.reconcile(&upload, Some(list)).await,
            Err(error) => return Err(error.into()),
        };
        let parts: Vec<_> = check(list, &stored, upload.declared_size())?.into_iter().collect();
        let parts = serde_json::to_string(&parts).map_err(unavailable)?;
        failpoint::pass("list-checked");
        let completion = Completion {
            parts: &parts,
            parts_hash: &list.hash(),
            owner: &self.inner.process,
            lease_until: self.lease_end(),
        };
        let begun = self.inner.metadata.begin_completion(&upload.upload_id, now(), &completion).await?;
        failpoint::pass("list-recorded");
        match begun {
            Some(upload) => {
                self.inner.quotas.moved(&upload, State::Uploading, Some(State::Completing));
                self.spawn_settle(upload.clone(), None);
                Ok(upload)
            }
            None => self.reload(&upload).await,
        }
    }

    /// Waits until the completion is settled, storage cannot be asked, or the caller has waited long enough. `changed` was
    /// asked for before the upload was looked at.
    async fn wait<'a>(
        &'a self,
        mut upload: Upload,
        list: &PartList,
        deadline: Instant,
        mut changed: Pin<&mut Notified<'a>>,
    ) -> Result<String, Refusal> {
        let hash = list.hash();
        let joined = upload.state == State::Completing && upload.parts_hash.as_deref() == Some(&*hash);
        let (joined, setbacks) = (joined.then_some(upload.completions), upload.setbacks);
        loop {
            if let Some(outcome) = outcome(&upload, joined, list, &hash) {
                return outcome;
            }
            if upload.setbacks > setbacks {
                return Err(Refusal::Unavailable(RETRY_AFTER));
            }
            if Instant::now() >= deadline {
                return Err(Refusal::InProgress(RETRY_AFTER));
            }
            let _ = timeout_at(deadline.min(Instant::now() + LOOK_AGAIN), changed.as_mut()).await;
            changed.set(self.changed(&upload.upload_id).notified());
            changed.as_mut().enable();
            upload = self.reload(&upload).await?;
        }
    }

    pub(super) async fn reload(&self, upload: &Upload) -> Result<Upload, Refusal> {
        self.inner.metadata.upload(&upload.upload_id).await?.ok_or(Refusal::NotFound)
    }

    /// Until when a completion that this process works on now is its own.
    pub(super) fn lease_end(&self) -> i64 {
        now().saturating_add(millis(self.inner.settings.lease))
    }

    /// No lease ends later, unless a clock was ahead by more than clocks may differ.
    pub(super) fn longest_lease_end(&self) -> i64 {
        self.lease_end().saturating_add(millis(self.inner.settings.trust.gap))
    }
}

/// How a completion with this list ended, when it is the `joined` one; `None` while it has not.
fn outcome(upload: &Upload, joined: Option<i64>, list: &PartList, hash: &str) -> Option<Result<String, Refusal>> {
    let same_list = match upload.parts_hash.as_deref() {
        Some(known) => known == hash,
        None => upload.state == State::Completed && was_made_of(upload, list),
    };
    match upload.state {
        State::Completing if same_list => return None,
        State::Completed if same_list => return Some(upload.answer.clone().ok_or(Refusal::Failed)),
        _ => {}
    }
    let rejection = upload.rejection.as_deref().filter(|_| joined == Some(upload.completions));
    let refusal = match rejection.and_then(|text| serde_json::from_str::<Rejection>(text).ok()) {
        Some(rejection) => rejection.into(),
        None => refusal_of(upload).unwrap_or(Refusal::InProgress(RETRY_AFTER)),
    };
    Some(Err(refusal))
}
