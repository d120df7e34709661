//! What happens without being asked: uploads expire, their parts are deleted, abandoned completions are settled.

use super::Service;
use crate::domain::{Upload, now};
use crate::metadata::MetadataError;
use crate::storage::Handle;

impl Service {
    /// Takes over what a process left half done, before requests are served.
    pub async fn recover(&self) -> Result<(), MetadataError> {
        // Nobody else can use this database, so whoever held a lease is gone.
        if self.inner.metadata.is_exclusive() {
            self.inner.metadata.end_all_leases().await?;
        }
        self.settle_lapsed().await
    }

    /// Sweeps now and then, for ever.
    pub async fn keep_sweeping(&self) {
        let mut ticks = tokio::time::interval(self.inner.settings.sweep_interval);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.sweep().await {
                tracing::error!(%error, "the sweep has to wait");
            }
        }
    }

    async fn sweep(&self) -> Result<(), MetadataError> {
        self.settle_lapsed().await?;
        // A completion that was recorded in time is never expired, however long it takes.
        let expired = self.inner.metadata.expire_due(now()).await?;
        if expired > 0 {
            tracing::info!(expired, "uploads expired");
            self.inner.metrics.expired.inc_by(expired);
        }
        for upload in self.inner.metadata.to_clean().await? {
            self.clean(&upload).await;
        }
        Ok(())
    }

    async fn settle_lapsed(&self) -> Result<(), MetadataError> {
        loop {
            let lapsed = self.inner.metadata.claim_lapsed(now(), &self.inner.process, self.lease_end()).await?;
            if lapsed.is_empty() {
                return Ok(());
            }
            for upload in lapsed {
                tracing::info!(upload = upload.upload_id, "settling a completion that was left half done");
                self.spawn_settle(upload);
            }
        }
    }

    /// Deletes the parts of an upload that is aborted or expired.
    pub(super) async fn clean(&self, upload: &Upload) {
        if let Err(error) = self.inner.storage.discard(&Handle::from(upload)).await {
            tracing::warn!(upload = upload.upload_id, %error, "parts are not deleted yet");
            return;
        }
        if let Err(error) = self.inner.metadata.mark_cleaned(&upload.upload_id).await {
            tracing::warn!(upload = upload.upload_id, %error, "parts are deleted, which is not noted yet");
        }
    }
}
