//! Putting the service together, and serving.

use std::io::{self, IsTerminal as _};
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::AbortHandle;
use tracing_subscriber::EnvFilter;

use super::stores::{Database, link, lock_database, open_metadata, open_storage};
use super::{StartError, about, print};
use crate::config::{LogFormat, Place, Serving, Stores};
use crate::http::{self, Limits};
use crate::metadata::Trust;
use crate::metrics::Metrics;
use crate::service::{Allowance, Service, Settings};
use crate::storage::{FolderStorage, LONGEST_ADDRESS, Storage};

/// With the feature `failpoints`, storage fails as the file says that this variable names.
#[cfg(feature = "failpoints")]
fn with_faults(storage: Arc<dyn Storage>) -> Arc<dyn Storage> {
    match std::env::var_os("CLIP_UPLOADS_FAULTS") {
        Some(file) => Arc::new(crate::storage::FaultyStorage::new(storage, file.into())),
        None => storage,
    }
}

#[cfg(not(feature = "failpoints"))]
fn with_faults(storage: Arc<dyn Storage>) -> Arc<dyn Storage> {
    storage
}

pub(super) async fn serve(stores: Stores, serving: Serving) -> Result<(), StartError> {
    start_log(&serving)?;
    check(&stores, &serving)?;
    let listener = TcpListener::bind(serving.listen).await.map_err(about(serving.listen.to_string()))?;
    let address = listener.local_addr().map_err(about("the listening address"))?;
    let public_url = public_url(&serving, address);
    let metadata = open_metadata(&stores, Database::MayBeNew).await?;
    let _lock = lock_database(&stores)?;
    let (storage, folder) = open_storage(&stores, &metadata, &public_url).await?;
    let storage = with_faults(storage);
    link(&metadata, storage.as_ref()).await?;
    let service = Service::new(metadata, storage, settings(&serving), Metrics::default());
    super::keys::first_key(service.metadata(), &stores, serving.first_key).await?;
    service.recover().await?;
    if let Some(folder) = &folder {
        let removed = folder.remove_unknown(service.metadata().open_storage_ids().await?).await?;
        if removed > 0 {
            tracing::info!(removed, "folders of uploads that were never begun are removed");
        }
    }
    let background = in_background(&service, folder.clone(), serving.sweep_interval);
    let limits = limits(&serving);
    let router = http::router(&service, folder, &limits);
    // From here on it can be told to stop: whoever reads that it listens may tell it at once.
    let stop = told_to_stop(service.clone(), serving.drain)?;
    tracing::info!(%address, public_url, "listening");
    // The log says it too, so that nothing is lost when nobody reads standard output.
    let _ = print(&format!("listening on http://{address}\n"));
    http::serve(listener, router, &limits, stop).await;
    tracing::info!("stopping");
    background.abort();
    service.stop(limits.stop).await;
    Ok(())
}

/// What goes on beside the requests.
fn in_background(service: &Service, folder: Option<FolderStorage>, interval: Duration) -> AbortHandle {
    let service = service.clone();
    let task = tokio::spawn(async move {
        let keys = async {
            let Some(folder) = folder else { return };
            loop {
                tokio::time::sleep(interval).await;
                if let Err(error) = folder.refresh_signing_keys() {
                    tracing::warn!(%error, "the keys that sign addresses cannot be read again");
                }
            }
        };
        tokio::join!(service.keep_settling(), service.keep_sweeping(), keys);
    });
    task.abort_handle()
}

/// Refuses what cannot work, before anything is made.
fn check(stores: &Stores, serving: &Serving) -> Result<(), StartError> {
    let bucket = matches!(stores.storage, Some(Place::S3 { .. }));
    if bucket && serving.url_lifetime > LONGEST_ADDRESS {
        return Err(StartError::Usage("--url-lifetime is longer than 7d, for which S3 signs no address".to_owned()));
    }
    if bucket && serving.upload_lifetime > LONGEST_ADDRESS {
        tracing::warn!("--upload-lifetime is longer than 7d, for which S3 signs addresses: those of parts end before");
    }
    if serving.clock_gap <= serving.sweep_interval {
        return Err(StartError::Usage(
            "--clock-gap is not longer than --sweep-interval: every look at the clock would look like a jump"
                .to_owned(),
        ));
    }
    Ok(())
}

fn public_url(serving: &Serving, address: SocketAddr) -> String {
    if serving.public_url.is_none() && address.ip().is_unspecified() {
        tracing::warn!("callers cannot reach {address}: say with --public-url where they can");
    }
    serving.public_url.clone().unwrap_or_else(|| format!("http://{address}"))
}

/// How patient the service is, as the options say.
pub fn settings(serving: &Serving) -> Settings {
    Settings {
        upload_lifetime: serving.upload_lifetime,
        url_lifetime: serving.url_lifetime,
        lease: serving.lease,
        completion_wait: serving.completion_wait,
        sweep_interval: serving.sweep_interval,
        trust: Trust { gap: serving.clock_gap, agreement: serving.clock_agreement },
        allowance: Allowance {
            bytes: serving.organisation_bytes,
            uploads: serving.organisation_uploads,
            requests: serving.organisation_requests,
        },
    }
}

/// How much is read and waited for, as the options say.
pub fn limits(serving: &Serving) -> Limits {
    Limits {
        head: serving.head_timeout,
        keep_alive: serving.keep_alive,
        idle: serving.idle_timeout,
        answer: serving.answer_timeout,
        body: serving.body_limit,
        stop: serving.stop_timeout,
        origins: serving.cors_origins.clone(),
    }
}

fn start_log(serving: &Serving) -> Result<(), StartError> {
    let filter = EnvFilter::try_new(&serving.log)
        .map_err(|error| StartError::Usage(format!("--log {:?} is no filter: {error}", serving.log)))?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    // A log that cannot be written, because its disk is full, must not end the requests that it is about.
    let log = log.with_ansi(io::stderr().is_terminal()).log_internal_errors(false);
    match serving.log_format {
        LogFormat::Text => log.init(),
        LogFormat::Json => log.json().init(),
    }
    Ok(())
}

/// Ready when the process is told to stop, by Ctrl-C or by whatever supervises it, and requests have had time to go
/// elsewhere. Told twice, it waits no longer.
fn told_to_stop(service: Service, drain: Option<Duration>) -> Result<impl Future<Output = ()>, StartError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(about("signals"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(about("signals"))?;
    Ok(async move {
        let mut told = async || {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        };
        told().await;
        service.drain();
        if let Some(drain) = drain {
            tracing::info!(seconds = drain.as_secs(), "not ready any more; connections are accepted for a while");
            let _ = tokio::time::timeout(drain, told()).await;
        }
    })
}
