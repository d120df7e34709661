//! Storage that fails as a file says, for tests.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{Download, Found, Handle, Object, PartRoom, Space, Storage, StorageError, Verdict};
use crate::domain::{PartNumber, StoredPart};

/// Storage that fails as a file says. The file has a line per fault, `OPERATION FAULT`, and is read with every call, so
/// that a test can mend storage while the process runs. The operations are the trait's methods; the faults are
///
/// - `fail`: nothing is done, and nobody knows;
/// - `lose`: it is done, and the answer is lost;
/// - `lie`: nothing is done, and success is answered;
/// - `delay:N`: it is done after N milliseconds.
pub struct FaultyStorage {
    inner: Arc<dyn Storage>,
    file: PathBuf,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Fail,
    Lose,
    Lie,
}

impl FaultyStorage {
    /// Wraps storage.
    pub fn new(inner: Arc<dyn Storage>, file: PathBuf) -> Self {
        Self { inner, file }
    }

    async fn fault(&self, operation: &str) -> Fault {
        let text = std::fs::read_to_string(&self.file).unwrap_or_default();
        let mut found = Fault::None;
        for line in text.lines() {
            let Some((name, fault)) = line.split_once(' ') else { continue };
            if name != operation {
                continue;
            }
            match fault.split_once(':') {
                Some(("delay", millis)) => tokio::time::sleep(Duration::from_millis(millis.parse().unwrap_or(0))).await,
                _ if fault == "fail" => found = Fault::Fail,
                _ if fault == "lose" => found = Fault::Lose,
                _ if fault == "lie" => found = Fault::Lie,
                _ => {}
            }
        }
        found
    }

    async fn around<T: Send>(
        &self,
        operation: &str,
        lie: Option<T>,
        call: impl Future<Output = Result<T, StorageError>> + Send,
    ) -> Result<T, StorageError> {
        // The text stands for what a real storage would say; a test makes sure that no caller ever sees it.
        let failed = || StorageError::unavailable("injected fault at /secret/storage/path");
        match (self.fault(operation).await, lie) {
            (Fault::Fail, _) => Err(failed()),
            (Fault::Lie, Some(lie)) => Ok(lie),
            (Fault::Lose, _) => call.await.and_then(|_| Err(failed())),
            _ => call.await,
        }
    }
}

#[async_trait]
impl Storage for FaultyStorage {
    async fn identity(&self) -> Result<Option<String>, StorageError> {
        self.around("identity", None, self.inner.identity()).await
    }

    async fn set_identity(&self, identity: &str) -> Result<(), StorageError> {
        self.around("set_identity", None, self.inner.set_identity(identity)).await
    }

    async fn open(&self, handle: &Handle) -> Result<String, StorageError> {
        self.around("open", None, self.inner.open(handle)).await
    }

    async fn presign_part(
        &self,
        handle: &Handle,
        part: PartNumber,
        room: PartRoom,
        valid: Duration,
    ) -> Result<String, StorageError> {
        self.inner.presign_part(handle, part, room, valid).await
    }

    async fn presign_download(
        &self,
        handle: &Handle,
        download: Download<'_>,
        valid: Duration,
    ) -> Result<String, StorageError> {
        self.inner.presign_download(handle, download, valid).await
    }

    async fn parts(&self, handle: &Handle) -> Result<BTreeMap<PartNumber, StoredPart>, StorageError> {
        self.around("parts", None, self.inner.parts(handle)).await
    }

    async fn complete(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<(), StorageError> {
        self.around("complete", Some(()), self.inner.complete(handle, parts)).await
    }

    async fn object(&self, handle: &Handle) -> Result<Option<Object>, StorageError> {
        self.around("object", Some(None), self.inner.object(handle)).await
    }

    async fn discard(&self, handle: &Handle) -> Result<(), StorageError> {
        self.around("discard", Some(()), self.inner.discard(handle)).await
    }

    async fn delete(&self, handle: &Handle) -> Result<(), StorageError> {
        self.around("delete", Some(()), self.inner.delete(handle)).await
    }

    async fn verify(&self, handle: &Handle, parts: &BTreeMap<PartNumber, StoredPart>) -> Result<Verdict, StorageError> {
        self.around("verify", None, self.inner.verify(handle, parts)).await
    }

    async fn object_names(&self) -> Result<Vec<String>, StorageError> {
        self.around("object_names", None, self.inner.object_names()).await
    }

    async fn found(&self, name: &str) -> Result<Option<Found>, StorageError> {
        self.around("found", None, self.inner.found(name)).await
    }

    async fn space(&self) -> Result<Option<Space>, StorageError> {
        self.around("space", None, self.inner.space()).await
    }

    async fn ready(&self) -> Result<(), StorageError> {
        self.around("ready", Some(()), self.inner.ready()).await
    }
}
