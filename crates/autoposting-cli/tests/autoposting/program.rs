//! Running `autoposting`, and the service it talks to.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::Sender;
use std::time::Duration;

use clap::Parser as _;
use clip_uploads::config::Config;
use clip_uploads::http::{self, Limits};
use clip_uploads::keys;
use clip_uploads::metadata::Metadata;
use clip_uploads::metrics::Metrics;
use clip_uploads::start;
use clip_uploads::storage::{Expected, FolderStorage};
use serde_json::Value;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A home of its own: nothing of the person who runs the tests is read or written.
pub(crate) struct Home {
    pub(crate) folder: TempDir,
    url: String,
    key: Option<String>,
}

/// How a run ended.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// The printed JSON.
    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.code, Some(0), "{self:?}");
        serde_json::from_str(&self.stdout).expect("JSON")
    }
}

impl Home {
    pub(crate) fn new(url: &str, key: Option<&str>) -> Self {
        Self { folder: tempfile::tempdir().expect("a folder"), url: url.to_owned(), key: key.map(str::to_owned) }
    }

    /// A file in the home with `size` bytes that differ from place to place.
    pub(crate) fn file(&self, name: &str, size: usize) -> PathBuf {
        let path = self.folder.path().join(name);
        let mut state = 0x9e37_79b9_u32;
        let bytes: Vec<u8> = (0..size)
            .map(|_| {
                state ^= state << 13;
                state ^= state >> 17;
                state ^= state << 5;
                state.to_le_bytes()[0]
            })
            .collect();
        let mut file = tempfile::NamedTempFile::new_in(self.folder.path()).expect("a file");
        std::io::Write::write_all(&mut file, &bytes).expect("written");
        file.persist(&path).expect("named");
        path
    }

    /// The command, ready to get arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_autoposting"));
        command
            .current_dir(self.folder.path())
            .env("AUTOPOSTING_BASE_URL", &self.url)
            .env("AUTOPOSTING_CONFIG", self.folder.path().join("config.toml"))
            .env_remove("AUTOPOSTING_API_KEY_HEADER")
            .env_remove("AUTOPOSTING_API_KEY")
            .env_remove("AUTOPOSTING_BEARER_AUTH")
            .stdin(Stdio::null());
        if let Some(key) = &self.key {
            command.env("AUTOPOSTING_BEARER_AUTH", key);
        }
        command
    }

    /// Runs the command to its end.
    pub(crate) fn run<const N: usize>(&self, arguments: [&str; N]) -> Ended {
        ended(&self.command().args(arguments).output().expect("started"))
    }
}

pub(crate) fn ended(output: &Output) -> Ended {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Ended { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// A running service, with an API key of its own. Dropped, it ends.
pub(crate) struct Service {
    pub(crate) url: String,
    pub(crate) key: String,
    /// Dropped, it tells the service to stop.
    _running: oneshot::Sender<()>,
    _data: TempDir,
}

impl Service {
    /// Starts the service on a folder, as it is when nothing is configured. It runs in this process, on a thread and a
    /// runtime of its own: its program has tests of its own, and need not be built for these.
    pub(crate) fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let folder = data.path().to_owned();
        let (running, stop) = oneshot::channel::<()>();
        let (ready, is_ready) = std::sync::mpsc::channel();
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
            runtime.expect("a runtime").block_on(serve(&folder, &ready, async { drop(stop.await) }));
        });
        let (url, key) = is_ready.recv().expect("the service starts");
        Self { url, key, _running: running, _data: data }
    }

    pub(crate) fn home(&self) -> Home {
        Home::new(&self.url, Some(&self.key))
    }
}

/// Serves until it is told to stop; says before where, and to which key.
async fn serve(folder: &Path, ready: &Sender<(String, String)>, stop: impl Future<Output = ()>) {
    let config = Config::parse_from(["clip-uploads"]).serving;
    let limits = Limits { stop: Duration::from_millis(100), ..start::limits(&config) };
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let metadata = Metadata::open_sqlite(&folder.join("metadata.sqlite")).await.expect("a database");
    let key = keys::create(&metadata, "default", "for this test", None).await.expect("a key");
    let storage = FolderStorage::open(&folder.join("storage"), &url, Expected::Nothing).expect("a folder");
    let service = clip_uploads::service::Service::new(
        metadata,
        std::sync::Arc::new(storage.clone()),
        start::settings(&config),
        Metrics::default(),
    );
    let router = http::router(&service, Some(storage), &limits);
    ready.send((url, key)).expect("somebody waits");
    http::serve(listener, router, &limits, stop).await;
}
