//! What the service does, without HTTP: begin, presign, complete, abort, show, settle and sweep.

mod adopt;
mod complete;
mod lifecycle;
mod quota;
mod settle;
mod sweep;

use std::fmt::Display;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use tokio::sync::{Notify, RwLock, Semaphore};

use crate::domain::{Id, Refusal, State, Upload};
use crate::keys::Caller;
use crate::metadata::{Metadata, MetadataError, Trust};
use crate::metrics::Metrics;
use crate::storage::{Storage, StorageError};

pub use lifecycle::{Chosen, Shown, Start};
pub use quota::Allowance;
use quota::Quotas;

/// The status in the answer to a completion: what comes after the upload is not this service's.
pub const ANSWER: &str = "processing";

/// How patient the service is.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long an upload may take until it is completed.
    pub upload_lifetime: Duration,
    /// How long the address of an object is valid.
    pub url_lifetime: Duration,
    /// How long a completion stays with a process that no longer says that it works on it.
    pub lease: Duration,
    /// How long a caller waits for a completion before being told to ask again.
    pub completion_wait: Duration,
    /// How often expired uploads and abandoned completions are looked for.
    pub sweep_interval: Duration,
    /// How much the clock is trusted.
    pub trust: Trust,
    /// What an organisation may have and ask for.
    pub allowance: Allowance,
}

/// When to ask again after something did not answer.
pub const RETRY_AFTER: Duration = Duration::from_secs(2);

/// The service. Cheap to clone.
#[derive(Clone)]
pub struct Service {
    inner: Arc<Inner>,
}

struct Inner {
    metadata: Metadata,
    storage: Arc<dyn Storage>,
    settings: Settings,
    metrics: Metrics,
    /// This process, among those that share the database.
    process: String,
    /// Wakes those who wait for a completion. It only saves them time: what is true is in the database.
    changed: [Notify; WAITING],
    /// Held for reading by every completion that is being worked on; the end of the process waits for them.
    working: Arc<RwLock<()>>,
    /// Bounds how many completions of an earlier life are settled at once.
    recovering: Arc<Semaphore>,
    quotas: Quotas,
    /// Whether nothing may be deleted because of its age.
    suspended: AtomicBool,
    /// The latest time at which anybody looked at the clock.
    latest_time: AtomicI64,
    /// Whether the process is about to end.
    draining: AtomicBool,
}

/// How many completions of an earlier life are settled at once.
const RECOVERING: usize = 32;

/// In how many groups callers wait: the end of a completion wakes those of its group, who ask the database.
const WAITING: usize = 256;

impl Service {
    /// A service over a database and storage.
    pub fn new(metadata: Metadata, storage: Arc<dyn Storage>, settings: Settings, metrics: Metrics) -> Self {
        let quotas = Quotas::new(settings.allowance.clone());
        Self {
            inner: Arc::new(Inner {
                metadata,
                storage,
                settings,
                metrics,
                process: Id::random("process").to_string(),
                changed: std::array::from_fn(|_| Notify::new()),
                working: Arc::default(),
                recovering: Arc::new(Semaphore::new(RECOVERING)),
                quotas,
                suspended: AtomicBool::new(false),
                latest_time: AtomicI64::new(0),
                draining: AtomicBool::new(false),
            }),
        }
    }

    /// What wakes those who wait for the completion of this upload, and perhaps a few others.
    fn changed(&self, upload_id: &str) -> &Notify {
        let sum = upload_id.bytes().fold(0, |sum: usize, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
        &self.inner.changed[sum % WAITING]
    }

    /// The database.
    pub fn metadata(&self) -> &Metadata {
        &self.inner.metadata
    }

    /// The metrics.
    pub fn metrics(&self) -> &Metrics {
        &self.inner.metrics
    }

    /// Lets a caller's request pass, or says when to come again.
    pub fn admit(&self, caller: &Caller) -> Result<(), Refusal> {
        self.inner.quotas.admit(&caller.organisation)
    }

    /// From now on, says that it is not ready: requests should go elsewhere.
    pub fn drain(&self) {
        self.inner.draining.store(true, Ordering::Relaxed);
    }

    /// Whether requests can be sent here: the database and storage answer, and the process is not about to end.
    pub async fn ready(&self) -> Result<(), Refusal> {
        if self.inner.draining.load(Ordering::Relaxed) {
            return Err(Refusal::Unavailable(RETRY_AFTER));
        }
        self.inner.metadata.ready().await.map_err(unavailable)?;
        self.inner.storage.ready().await.map_err(unavailable)
    }

    /// Waits for completions that are being worked on, but not for long; those that remain are free for others.
    pub async fn stop(&self, patience: Duration) {
        if tokio::time::timeout(patience, self.inner.working.write()).await.is_err() {
            tracing::warn!("stopping before every completion is settled; they are settled after the next start");
        }
        if let Err(error) = self.inner.metadata.end_leases_of(&self.inner.process).await {
            tracing::warn!(%error, "completions stay with this process until their leases end");
        }
        self.inner.metadata.close().await;
    }

    /// The upload that is meant, when it is the caller's and everything about it fits. Whatever does not fit, the
    /// refusal is the same.
    async fn find(&self, caller: &Caller, chosen: &Chosen) -> Result<Upload, Refusal> {
        let upload = self.find_clip(caller, &chosen.clip_id).await?;
        let key_fits = chosen.key.as_ref().is_none_or(|key| *key == upload.object_key);
        if upload.upload_id == chosen.upload_id && key_fits { Ok(upload) } else { Err(Refusal::NotFound) }
    }

    /// The upload that makes this clip, when it is the caller's. The database is not asked for what the server cannot
    /// have named: it may have no such text.
    async fn find_clip(&self, caller: &Caller, clip_id: &str) -> Result<Upload, Refusal> {
        let clip_id = Id::parse(clip_id).ok_or(Refusal::NotFound)?;
        let found = self.inner.metadata.upload_of_clip(&caller.organisation, clip_id.as_str()).await?;
        found.ok_or(Refusal::NotFound)
    }
}

/// Why an upload in this state cannot take parts or be aborted; `None` when it can. What time it is says nothing: the
/// sweep ends an upload, which knows whether the clock is to be trusted.
fn refusal_of(upload: &Upload) -> Option<Refusal> {
    match upload.state {
        State::Uploading => None,
        State::Completing => Some(Refusal::InProgress(RETRY_AFTER)),
        State::Completed => Some(Refusal::AlreadyCompleted),
        State::Failed => Some(Refusal::Failed),
        State::Aborted => Some(Refusal::Aborted),
        State::Expired => Some(Refusal::Expired),
    }
}

/// A time as the database has it.
fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

/// What callers are told when the database or storage does not answer. The log is told why.
fn unavailable(error: impl Display) -> Refusal {
    tracing::error!(%error, "cannot serve a request");
    Refusal::Unavailable(RETRY_AFTER)
}

impl From<MetadataError> for Refusal {
    fn from(error: MetadataError) -> Self {
        unavailable(error)
    }
}

impl From<StorageError> for Refusal {
    fn from(error: StorageError) -> Self {
        unavailable(error)
    }
}
