//! Putting the service together as the command line says, and running it.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use chrono::DateTime;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tracing_subscriber::EnvFilter;

use crate::config::{Command, Config, KeysCommand, LogFormat, Place, Serving, Stores};
use crate::domain::now;
use crate::http::{self, Limits};
use crate::keys;
use crate::metadata::{Metadata, MetadataError};
use crate::metrics::Metrics;
use crate::service::{Service, Settings};
use crate::storage::{FolderStorage, Storage};

/// Why the service does not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database cannot be used.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// A folder, a file or an address cannot be used.
    #[error("{0}: {1}")]
    Io(String, #[source] io::Error),
    /// The command line asks for what cannot be.
    #[error("{0}")]
    Usage(String),
}

/// Names what an error of the operating system is about.
fn about(what: impl Into<String>) -> impl FnOnce(io::Error) -> StartError {
    let what = what.into();
    move |error| StartError::Io(what, error)
}

/// Does what the command line says, until it is done or the process is told to stop.
pub async fn run(config: Config) -> Result<(), StartError> {
    let Config { command, stores, serving } = config;
    match command {
        None | Some(Command::Serve) => serve(stores, serving).await,
        Some(Command::Keys(command)) => manage_keys(&stores, command).await,
    }
}

async fn manage_keys(stores: &Stores, command: KeysCommand) -> Result<(), StartError> {
    let metadata = open_metadata(stores).await?;
    let text = match command {
        KeysCommand::Create { organisation, note } => {
            format!("{}\n", keys::create(&metadata, &organisation, &note).await?)
        }
        KeysCommand::List => list_keys(&metadata).await?,
        KeysCommand::Revoke { key_id } => {
            if !metadata.revoke_key(&key_id, now()).await? {
                return Err(StartError::Usage(format!(
                    "no valid key has the id {key_id:?}; `keys list` shows the ids"
                )));
            }
            format!("revoked {key_id}\n")
        }
    };
    metadata.close().await;
    print(&text)
}

async fn list_keys(metadata: &Metadata) -> Result<String, StartError> {
    let mut text = format!("{:<32} {:<20} {:<20} {:<8} {}\n", "ID", "ORGANISATION", "CREATED", "STATE", "NOTE");
    for key in metadata.keys().await? {
        let created = DateTime::from_timestamp_millis(key.created_at).unwrap_or_default().format("%Y-%m-%dT%H:%M:%SZ");
        let state = if key.revoked_at.is_some() { "revoked" } else { "valid" };
        let _ = writeln!(text, "{:<32} {:<20} {created:<20} {state:<8} {}", key.key_id, key.organisation, key.note);
    }
    Ok(text)
}

/// Prints what was asked for to standard output; the log goes to standard error.
fn print(text: &str) -> Result<(), StartError> {
    io::stdout().write_all(text.as_bytes()).map_err(about("standard output"))
}

async fn open_metadata(stores: &Stores) -> Result<Metadata, StartError> {
    match stores.database.as_deref() {
        Some(url) if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
            Ok(Metadata::connect_postgres(url).await?)
        }
        Some(url) => match url.strip_prefix("sqlite:") {
            Some(file) => Ok(Metadata::open_sqlite(Path::new(file)).await?),
            None => Err(StartError::Usage("--database begins with neither `sqlite:` nor `postgres://`".to_owned())),
        },
        None => {
            let folder = &stores.data;
            crate::storage::make_folder(folder).map_err(about(folder.display().to_string()))?;
            Ok(Metadata::open_sqlite(&folder.join("metadata.sqlite")).await?)
        }
    }
}

/// Storage, and the folder when it is one.
async fn open_storage(
    stores: &Stores,
    public_url: &str,
) -> Result<(Arc<dyn Storage>, Option<FolderStorage>), StartError> {
    let folder = match &stores.storage {
        None => stores.data.join("storage"),
        Some(Place::Folder(folder)) => folder.clone(),
        Some(Place::S3 { bucket, prefix }) => return Ok((open_s3(stores, bucket, prefix).await?, None)),
    };
    let storage = FolderStorage::open(&folder, public_url).map_err(about(folder.display().to_string()))?;
    Ok((Arc::new(storage.clone()), Some(storage)))
}

#[cfg(feature = "s3")]
async fn open_s3(stores: &Stores, bucket: &str, prefix: &str) -> Result<Arc<dyn Storage>, StartError> {
    let settings = crate::storage::S3Settings {
        bucket: bucket.to_owned(),
        prefix: prefix.to_owned(),
        endpoint: stores.s3_endpoint.clone(),
        region: stores.s3_region.clone(),
    };
    Ok(Arc::new(crate::storage::S3Storage::open(settings).await))
}

#[cfg(not(feature = "s3"))]
#[expect(clippy::unused_async, reason = "it is awaited with the feature")]
async fn open_s3(_stores: &Stores, _bucket: &str, _prefix: &str) -> Result<Arc<dyn Storage>, StartError> {
    Err(StartError::Usage("this build has no S3 storage; build it with `--features s3`".to_owned()))
}

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

async fn serve(stores: Stores, serving: Serving) -> Result<(), StartError> {
    start_log(&serving)?;
    let listener = TcpListener::bind(serving.listen).await.map_err(about(serving.listen.to_string()))?;
    let address = listener.local_addr().map_err(about("the listening address"))?;
    let public_url = public_url(&serving, address);
    let metadata = open_metadata(&stores).await?;
    let (storage, folder) = open_storage(&stores, &public_url).await?;
    let service = Service::new(metadata, with_faults(storage), settings(&serving), Metrics::default());
    first_key(service.metadata()).await?;
    service.recover().await?;
    let sweeping = tokio::spawn({
        let service = service.clone();
        async move { service.keep_sweeping().await }
    });
    let limits = limits(&serving);
    let router = http::router(&service, folder, &limits);
    tracing::info!(%address, public_url, "listening");
    // The log says it too, so that nothing is lost when nobody reads standard output.
    let _ = print(&format!("listening on http://{address}\n"));
    http::serve(listener, router, &limits, told_to_stop()?).await;
    tracing::info!("stopping");
    sweeping.abort();
    service.stop(limits.stop).await;
    Ok(())
}

fn public_url(serving: &Serving, address: SocketAddr) -> String {
    if serving.public_url.is_none() && address.ip().is_unspecified() {
        tracing::warn!("callers cannot reach {address}: say with --public-url where they can");
    }
    let url = serving.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    url.trim_end_matches('/').to_owned()
}

fn settings(serving: &Serving) -> Settings {
    Settings {
        upload_lifetime: serving.upload_lifetime,
        url_lifetime: serving.url_lifetime,
        lease: serving.lease,
        completion_wait: serving.completion_wait,
        sweep_interval: serving.sweep_interval,
    }
}

fn limits(serving: &Serving) -> Limits {
    Limits {
        head: serving.head_timeout,
        idle: serving.idle_timeout,
        answer: serving.answer_timeout,
        body: serving.body_limit,
        stop: serving.stop_timeout,
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

/// The first start prints a key, so that there is something to try.
async fn first_key(metadata: &Metadata) -> Result<(), StartError> {
    if !metadata.keys().await?.is_empty() {
        return Ok(());
    }
    let key = keys::create(metadata, "default", "made at the first start").await?;
    print(&format!("API key: {key}\n  It is shown this once. `clip-uploads keys create` makes more.\n"))
}

/// Ready when the process is told to stop, by Ctrl-C or by whatever supervises it.
fn told_to_stop() -> Result<impl Future<Output = ()>, StartError> {
    let mut interrupt = signal(SignalKind::interrupt()).map_err(about("signals"))?;
    let mut terminate = signal(SignalKind::terminate()).map_err(about("signals"))?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}
