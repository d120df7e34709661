//! Running `autoposting`, and the service it talks to.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

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

/// A running service, with an API key of its own.
pub(crate) struct Service {
    process: Child,
    pub(crate) url: String,
    pub(crate) key: String,
    _data: TempDir,
}

impl Service {
    /// Starts the service as a newcomer does: with a folder, and nothing else.
    pub(crate) fn start() -> Self {
        let data = tempfile::tempdir().expect("a folder");
        let mut process = Command::new(service_program())
            .args(["--listen", "127.0.0.1:0", "--data"])
            .arg(data.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("started");
        let mut lines = BufReader::new(process.stdout.take().expect("piped")).lines().map_while(Result::ok);
        let mut after = |start: &str| {
            let line = lines.by_ref().find(|line| line.contains(start)).expect("the service says where it is");
            line.split_once(start).map(|(_, rest)| rest.trim().to_owned()).unwrap_or_default()
        };
        let key = after("API key: ");
        let url = after("listening on ");
        // What the service says later must not fill the pipe.
        std::thread::spawn(move || lines.for_each(drop));
        Self { process, url, key, _data: data }
    }

    pub(crate) fn home(&self) -> Home {
        Home::new(&self.url, Some(&self.key))
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The program of the service, built once.
fn service_program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        // The features are those of the service's own tests: without them this would put another program in the place
        // of the one they run.
        let built = Command::new(cargo)
            .args(["build", "--package", "clip-uploads", "--features", "s3,failpoints"])
            .args(["--message-format=json", "--quiet"])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo runs");
        let built = ended(&built);
        assert_eq!(built.code, Some(0), "{}", built.stderr);
        let messages = built.stdout.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
        let program = messages.filter_map(|message| message["executable"].as_str().map(PathBuf::from)).next_back();
        program.expect("cargo names the program")
    })
}
