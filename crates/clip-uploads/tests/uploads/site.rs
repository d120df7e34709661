//! A place where the service runs: its stores, its processes, its log.

use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::api::Api;
use crate::peers::{Peers, peers};

/// A way to run the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// SQLite and a folder.
    OneMachine,
    /// PostgreSQL and S3-compatible storage.
    ManyMachines,
}

/// Stores that a test has for itself, and whatever is started on them.
pub(crate) struct Site {
    pub(crate) kind: Kind,
    folder: TempDir,
    /// A database and a bucket of its own.
    shared: Option<(Peers, String)>,
    /// Where storage is, when a test puts something in between.
    pub(crate) s3_endpoint: Option<String>,
    key: Option<String>,
    /// Where the system calls of processes are recorded.
    trace: Option<PathBuf>,
    api: reqwest::Client,
}

/// A running process of the service. Dropped, it is killed.
pub(crate) struct Server {
    child: Child,
    pub(crate) url: String,
    /// The key that the first start printed.
    pub(crate) first_key: Option<String>,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}

impl Drop for Site {
    #[expect(clippy::print_stderr, reason = "whoever reads why a test failed wants the log")]
    fn drop(&mut self) {
        if std::thread::panicking() {
            let log = self.log();
            let wanted = |line: &&str| [" INFO", " WARN", "ERROR"].iter().any(|level| line.contains(level));
            let lines: Vec<_> = log.lines().filter(wanted).collect();
            eprintln!("the log of the service:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        }
    }
}

/// Runs a test on a fresh site, unless its peers are missing.
pub(crate) fn run<F: Future<Output = ()>>(kind: Kind, test: fn(Site) -> F) {
    let shared = match kind {
        Kind::OneMachine => None,
        Kind::ManyMachines => match peers() {
            Some(peers) => Some(peers),
            None => return,
        },
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.expect("a runtime").block_on(async { test(Site::new(kind, shared).await).await });
}

impl Site {
    async fn new(kind: Kind, peers: Option<Peers>) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!("test{}", COUNT.fetch_add(1, Ordering::Relaxed));
        let api = reqwest::Client::new();
        if let Some(peers) = &peers {
            let status = Command::new(peers.postgres_programs.join("psql"))
                .args([&format!("{}/postgres", peers.postgres), "-qc", &format!("CREATE DATABASE {name}")])
                .status();
            assert!(status.expect("psql").success());
            let bucket = api.put(format!("{}/{name}", peers.s3)).send().await.expect("storage answers");
            assert!(bucket.status().is_success(), "{bucket:?}");
        }
        let folder = tempfile::tempdir().expect("a folder");
        Self { kind, folder, shared: peers.map(|peers| (peers, name)), s3_endpoint: None, key: None, trace: None, api }
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.path().join("log")
    }

    /// What every process logged so far.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    fn faults_file(&self) -> PathBuf {
        self.folder.path().join("faults")
    }

    /// Makes storage fail in this way from now on; see `storage/faults.rs`.
    pub(crate) fn set_faults(&self, faults: &str) {
        let fresh = self.folder.path().join("faults.new");
        let mut file = File::create(&fresh).expect("a file");
        std::io::Write::write_all(&mut file, faults.as_bytes()).expect("room");
        fs::rename(fresh, self.faults_file()).expect("a rename");
    }

    /// Records the system calls of every process that is started from now on.
    pub(crate) fn trace_to(&mut self, file: &Path) {
        self.trace = Some(file.to_owned());
    }

    fn clock_file(&self) -> PathBuf {
        self.folder.path().join("clock")
    }

    /// Puts the clock of every process forward by so many seconds, or back.
    pub(crate) fn shift_clock(&self, seconds: i64) {
        let fresh = self.folder.path().join("clock.new");
        #[expect(clippy::disallowed_methods, reason = "a scratch file of this test")]
        fs::write(&fresh, (seconds * 1000).to_string()).expect("room");
        fs::rename(fresh, self.clock_file()).expect("a rename");
    }

    /// The command with the database alone, as for keys.
    pub(crate) fn command(&self) -> Command {
        // A write beyond a limit on the size of files, which stands for a full disk, shall fail and not kill.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        if let Some(file) = &self.trace {
            // The recorder is not the parent, so that signals reach the service itself.
            command.args([
                "strace",
                "-D",
                "-f",
                "-y",
                "-s",
                "48",
                "-e",
                crate::trace::CALLS,
                "-e",
                "signal=none",
                "-o",
            ]);
            command.arg(file);
        }
        command.arg(env!("CARGO_BIN_EXE_clip-uploads"));
        command.env("CLIP_UPLOADS_CLOCK_SHIFT", self.clock_file());
        command.env("CLIP_UPLOADS_FAULTS", self.faults_file()).arg("--data").arg(self.data());
        if let Some((peers, name)) = &self.shared {
            command.arg("--database").arg(format!("{}/{name}", peers.postgres));
        }
        command
    }

    /// The command with database and storage.
    pub(crate) fn full_command(&self) -> Command {
        let mut command = self.command();
        if let Some((peers, name)) = &self.shared {
            let endpoint = self.s3_endpoint.as_ref().unwrap_or(&peers.s3);
            command.arg("--storage").arg(format!("s3://{name}")).arg("--s3-endpoint").arg(endpoint);
            command.env("AWS_ACCESS_KEY_ID", "key").env("AWS_SECRET_ACCESS_KEY", "wJalrSECRETaws");
            command.env("AWS_REGION", "us-east-1").env("AWS_EC2_METADATA_DISABLED", "true");
        }
        command
    }

    /// Runs a command of the binary to its end; its exit code, and what it printed.
    pub(crate) fn run<const N: usize>(&self, arguments: [&str; N]) -> (Option<i32>, String) {
        let output = self.full_command().args(arguments).output().expect("the binary");
        let text = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).concat();
        (output.status.code(), text)
    }

    /// Changes the database behind the service's back.
    pub(crate) async fn sql(&self, statement: &str) {
        use sqlx::Connection as _;
        match self.kind {
            Kind::OneMachine => {
                let url = format!("sqlite:{}", self.sqlite().display());
                let mut connection = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
                sqlx::query(statement).execute(&mut connection).await.expect("a statement");
                connection.close().await.expect("closed");
            }
            Kind::ManyMachines => {
                let mut connection = sqlx::PgConnection::connect(&self.postgres()).await.expect("a connection");
                sqlx::query(statement).execute(&mut connection).await.expect("a statement");
            }
        }
    }

    /// Makes the database forget that uploads were completed, as an older copy of it does not know it.
    pub(crate) async fn forget_completions(&self) {
        let forget = "UPDATE uploads SET state = 'uploading', completions = 0, parts = NULL, parts_hash = NULL, \
                      object_etag = NULL, answer = NULL WHERE state IN ('completing', 'completed')";
        self.sql(forget).await;
    }

    /// Starts a process.
    pub(crate) fn start(&mut self) -> Server {
        self.start_with(|_| {})
    }

    /// Starts a process with more options or variables.
    pub(crate) fn start_with(&mut self, adjust: impl FnOnce(&mut Command)) -> Server {
        self.try_start_with(adjust).unwrap_or_else(|| panic!("it does not start: {}", self.log()))
    }

    /// Starts a process that may end before it serves; `None` when it did.
    pub(crate) fn try_start_with(&mut self, adjust: impl FnOnce(&mut Command)) -> Option<Server> {
        let mut command = self.full_command();
        command.args([
            "--listen",
            "127.0.0.1:0",
            "--lease",
            "2s",
            "--sweep-interval",
            "300ms",
            "--log",
            "debug,hyper=info",
        ]);
        adjust(&mut command);
        let log = File::options().create(true).append(true).open(self.log_file()).expect("a log");
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log).spawn().expect("the binary");
        let (mut url, mut first_key) = (None, None);
        for line in BufReader::new(child.stdout.take().expect("its output")).lines() {
            let line = line.expect("text");
            if let Some(key) = line.strip_prefix("API key: ") {
                first_key = Some(key.to_owned());
            }
            if let Some(address) = line.strip_prefix("listening on ") {
                url = Some(address.to_owned());
                break;
            }
        }
        let Some(url) = url else {
            let _ = child.wait();
            return None;
        };
        if first_key.is_some() {
            self.key.clone_from(&first_key);
        }
        Some(Server { child, url, first_key })
    }

    /// The API of a process, called with the key of the first start.
    pub(crate) fn api(&self, server: &Server) -> Api {
        let key = self.key.clone().expect("a process was started");
        Api { url: server.url.clone(), key, http: self.api.clone() }
    }

    /// Makes a key of an organisation.
    pub(crate) fn create_key(&self, organisation: &str) -> String {
        let output =
            self.command().args(["keys", "create", "--organisation", organisation]).output().expect("the binary");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("text").trim().to_owned()
    }

    /// Where storage itself is, and the bucket.
    pub(crate) fn bucket(&self) -> Option<(String, String)> {
        self.shared.as_ref().map(|(peers, name)| (peers.s3.clone(), name.clone()))
    }

    /// The PostgreSQL database.
    pub(crate) fn postgres(&self) -> String {
        let (peers, name) = self.shared.as_ref().expect("a shared site");
        format!("{}/{name}", peers.postgres)
    }

    /// The SQLite file.
    pub(crate) fn sqlite(&self) -> PathBuf {
        self.data().join("metadata.sqlite")
    }

    /// The number of files below a folder of the folder storage.
    pub(crate) fn count_files(&self, folder: &str) -> usize {
        fn count(folder: &Path) -> usize {
            let entries = fs::read_dir(folder).into_iter().flatten().flatten();
            entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
        }
        count(&self.data().join("storage").join(folder))
    }
}

impl Server {
    /// Kills the process as `kill -9` does.
    pub(crate) fn kill(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Waits until the process is gone by itself.
    pub(crate) fn wait_gone(&mut self) {
        let deadline = Instant::now() + Duration::from_secs(60);
        while self.child.try_wait().expect("a child").is_none() {
            assert!(Instant::now() < deadline, "the process is still there");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Whether the process is gone.
    pub(crate) fn is_gone(&mut self) -> bool {
        self.child.try_wait().expect("a child").is_some()
    }

    /// Limits the size of every file that the process writes, in bytes.
    pub(crate) fn limit_file_size(&self, bytes: Option<u64>) {
        let limit = bytes.map_or("unlimited".to_owned(), |bytes| bytes.to_string());
        let mut command = Command::new("prlimit");
        let status =
            command.args([format!("--pid={}", self.child.id()), format!("--fsize={limit}:unlimited")]).status();
        assert!(status.expect("prlimit").success());
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let status = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(status.expect("kill").success());
    }

    /// The memory of the process that is in use, in bytes.
    pub(crate) fn resident(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("Linux");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a size");
        line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") * 1024
    }
}
