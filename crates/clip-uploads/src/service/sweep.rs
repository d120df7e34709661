//! What happens without being asked: uploads expire, bytes that nobody wants are deleted, abandoned completions are
//! settled, and what there is is counted.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use futures_util::StreamExt as _;
use futures_util::stream;

use super::Service;
use crate::domain::{State, Upload, now};
use crate::metadata::{BATCH, Doomed, MetadataError};
use crate::storage::Handle;

/// How many uploads are cleaned or expired at once.
const AT_ONCE: usize = 16;

impl Service {
    /// Takes over what a process left half done, before requests are served.
    pub async fn recover(&self) -> Result<(), MetadataError> {
        // Nobody else can use this database, so whoever held a lease is gone.
        if self.inner.metadata.is_exclusive() {
            self.inner.metadata.end_all_leases().await?;
        }
        let ticket = self.inner.quotas.count();
        self.inner.quotas.recount(&self.inner.metadata.counts().await?, ticket);
        Ok(())
    }

    /// Settles abandoned completions, for ever; those of an earlier life first.
    pub async fn keep_settling(&self) {
        let mut ticks = self.ticks();
        loop {
            ticks.tick().await;
            if let Err(error) = self.settle_lapsed().await {
                tracing::error!(%error, "completions that were left half done have to wait");
            }
        }
    }

    /// Sweeps now and then, for ever.
    pub async fn keep_sweeping(&self) {
        let mut ticks = self.ticks();
        loop {
            ticks.tick().await;
            if let Err(error) = self.sweep().await {
                tracing::error!(%error, "the sweep has to wait");
            }
        }
    }

    fn ticks(&self) -> tokio::time::Interval {
        let mut ticks = tokio::time::interval(self.inner.settings.sweep_interval);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        ticks
    }

    async fn sweep(&self) -> Result<(), MetadataError> {
        // What the clock is good for is decided with the very time that is used.
        let now = now();
        let trusted = self.look_at_the_clock(now).await?;
        if trusted {
            // What began while the clock was ahead takes no more than twice its time. To take less for a sign of that
            // would end uploads early that began before the clock went back.
            self.inner.metadata.limit_expiry(self.expiry_after(self.expiry_after(now))).await?;
            self.expire_due(now).await?;
            self.clean(Doomed::Expired).await?;
        }
        self.clean(Doomed::Aborted).await?;
        self.clean(Doomed::Deleted).await?;
        self.count(now).await
    }

    /// Whether things may be deleted because of their age.
    async fn look_at_the_clock(&self, now: i64) -> Result<bool, MetadataError> {
        let beat = self.inner.metadata.beat(now, self.inner.settings.trust).await?;
        let before = self.inner.suspended.swap(beat.suspended, Ordering::Relaxed);
        if !beat.suspended {
            // Which of two times was the wrong one nobody can tell; so a clock that was ahead is believed so far.
            self.inner.latest_time.fetch_min(self.expiry_after(now), Ordering::Relaxed);
        }
        self.inner.latest_time.fetch_max(beat.latest, Ordering::Relaxed);
        self.inner.metrics.deletion_suspended.set(i64::from(beat.suspended));
        if let Some(millis) = beat.jump {
            tracing::warn!(
                seconds = millis / 1000,
                "the clock is not where it should be after the last look at it, or nobody looked for so long: nothing is \
                 deleted because of its age until it has agreed for a while, or `clip-uploads clock confirm` says that \
                 it is right"
            );
        } else if before && !beat.suspended {
            tracing::info!("the clock is trusted again: expired uploads are deleted");
        }
        Ok(!beat.suspended)
    }

    /// A completion that was recorded in time is never expired, however long it takes.
    async fn expire_due(&self, now: i64) -> Result<(), MetadataError> {
        loop {
            let due = self.inner.metadata.due(now).await?;
            let full = due.len() == usize::try_from(BATCH).unwrap_or(usize::MAX);
            let expire = |upload: Upload| {
                let service = self.clone();
                async move { service.expire(&upload, now).await }
            };
            let ended: Vec<_> = stream::iter(due).map(expire).buffer_unordered(AT_ONCE).collect().await;
            let expired = ended.iter().filter(|ended| **ended).count();
            if expired > 0 {
                tracing::info!(expired, "uploads expired");
            }
            // Those that could not be asked about come first again; they wait for the next sweep.
            if expired == 0 || !full {
                return Ok(());
            }
        }
    }

    /// Ends an upload whose time is over, unless its object is there; whether it is no longer due.
    async fn expire(&self, upload: &Upload, now: i64) -> bool {
        match self.adopt(upload, None).await {
            Ok(true) => return true,
            Ok(false) => {}
            Err(_) => {
                tracing::warn!(
                    upload = upload.upload_id,
                    "an upload that is due stays: storage cannot be asked about it"
                );
                return false;
            }
        }
        let expired = self.inner.metadata.expire(&upload.upload_id, now).await.unwrap_or_default();
        if expired {
            self.inner.metrics.expired.inc();
            self.inner.quotas.moved(upload, State::Uploading, None);
        }
        expired
    }

    /// Deletes what nobody wants any more, until there is nothing left that can be deleted.
    async fn clean(&self, doomed: Doomed) -> Result<(), MetadataError> {
        let mut after = (i64::MIN, String::new());
        loop {
            let batch = self.inner.metadata.to_clean(doomed, (after.0, &after.1)).await?;
            let Some(last) = batch.last() else { return Ok(()) };
            after = (last.updated_at, last.upload_id.clone());
            let remove = |upload: Upload| {
                let service = self.clone();
                async move { service.remove(&upload).await }
            };
            stream::iter(batch).for_each_concurrent(AT_ONCE, remove).await;
        }
    }

    /// Counts what there is, for whoever watches and for the limits.
    pub(super) async fn count(&self, now: i64) -> Result<(), MetadataError> {
        let ticket = self.inner.quotas.count();
        let counts = self.inner.metadata.counts().await?;
        self.inner.quotas.recount(&counts, ticket);
        let backlog = self.inner.metadata.backlog(now).await?;
        let space = self.inner.storage.space().await.unwrap_or_default();
        self.inner.metrics.counted(&counts, now, backlog, space);
        Ok(())
    }

    async fn settle_lapsed(&self) -> Result<(), MetadataError> {
        loop {
            // Bounded, so that those who complete uploads now do not wait for thousands from before.
            let Ok(permit) = Arc::clone(&self.inner.recovering).acquire_owned().await else { return Ok(()) };
            let more = self.inner.recovering.available_permits();
            let most = i64::try_from(more).unwrap_or_default() + 1;
            let (metadata, process) = (&self.inner.metadata, &self.inner.process);
            let claimed =
                metadata.claim_lapsed(now(), self.longest_lease_end(), process, self.lease_end(), most).await?;
            let (count, mut permit) = (claimed.len(), Some(permit));
            for upload in claimed {
                tracing::info!(upload = upload.upload_id, "settling a completion that was left half done");
                let permit = match permit.take() {
                    Some(permit) => Some(permit),
                    None => Arc::clone(&self.inner.recovering).try_acquire_owned().ok(),
                };
                self.spawn_settle(upload, permit);
            }
            if count <= more {
                return Ok(());
            }
        }
    }

    /// Deletes the bytes of an upload that nobody wants any more.
    pub(super) async fn remove(&self, upload: &Upload) {
        let handle = Handle::from(upload);
        let removed = match upload.state {
            State::Aborted | State::Expired => self.inner.storage.discard(&handle).await,
            _ => self.inner.storage.delete(&handle).await,
        };
        if let Err(error) = removed {
            tracing::warn!(upload = upload.upload_id, %error, "bytes are not deleted yet");
            return;
        }
        if let Err(error) = self.inner.metadata.mark_cleaned(&upload.upload_id).await {
            tracing::warn!(upload = upload.upload_id, %error, "bytes are deleted, which is not noted yet");
        }
    }
}
