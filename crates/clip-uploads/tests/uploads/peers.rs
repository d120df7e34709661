//! PostgreSQL and S3-compatible storage, started by the tests on loopback and stopped with them.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, OnceLock};
use std::time::{Duration, Instant};

/// Where the peers are.
#[derive(Debug, Clone)]
pub(crate) struct Peers {
    /// `postgres://...`, without a database.
    pub(crate) postgres: String,
    /// The folder with PostgreSQL's programs.
    pub(crate) postgres_programs: PathBuf,
    /// `http://...`
    pub(crate) s3: String,
}

/// A Python that has `LocalStack`, which then is the storage, in the place of moto; `localstack.txt` says how to get one.
const LOCALSTACK: &str = "CLIP_UPLOADS_TEST_LOCALSTACK";

/// The children, whose standard input closes when the test process ends, however it ends; that ends them.
static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// The peers, started once for all tests; `None` when a program is missing, which a build server does not accept.
pub(crate) fn peers() -> Option<Peers> {
    static PEERS: OnceLock<Result<Peers, String>> = OnceLock::new();
    match PEERS.get_or_init(start) {
        Ok(peers) => Some(peers.clone()),
        Err(reason) if std::env::var_os("CI").is_some() => panic!("{reason}"),
        Err(reason) => {
            let _ = writeln!(std::io::stderr(), "skipped: {reason}");
            None
        }
    }
}

fn start() -> Result<Peers, String> {
    let programs = postgres_programs().ok_or("PostgreSQL is not on this machine (`initdb`, `postgres`)")?;
    let postgres = start_postgres(&programs)?;
    let s3 = match std::env::var(LOCALSTACK) {
        Ok(python) => start_localstack(&python)?,
        Err(_) => start_moto()?,
    };
    Ok(Peers { postgres, postgres_programs: programs, s3 })
}

fn start_moto() -> Result<String, String> {
    let moto = Command::new("python3").args(["-c", "import moto.server, flask"]).output();
    if !moto.is_ok_and(|output| output.status.success()) {
        return Err("moto is not on this machine (pip install 'moto[server]')".to_owned());
    }
    let port = free_port();
    supervise(&format!("exec python3 -c \"$STAND_IN\" -H 127.0.0.1 -p {port} >/dev/null 2>&1"), "");
    wait_for(port)?;
    Ok(format!("http://127.0.0.1:{port}"))
}

/// `LocalStack` needs neither containers nor a network for S3 alone.
fn start_localstack(python: &str) -> Result<String, String> {
    let folder = tempfile::Builder::new().prefix("localstack").tempdir().map_err(|error| error.to_string())?.keep();
    let folder = folder.display().to_string();
    let port = free_port();
    let serve = format!(
        "cd {folder} && exec env SERVICES=s3 STRICT_SERVICE_LOADING=1 EAGER_SERVICE_LOADING=1 DNS_ADDRESS=0 \
         ACTIVATE_PRO=0 DISABLE_EVENTS=1 SKIP_SSL_CERT_DOWNLOAD=1 GATEWAY_LISTEN=127.0.0.1:{port} \
         LOCALSTACK_VOLUME_DIR={folder}/volume FILESYSTEM_ROOT={folder}/files \
         {python} -m localstack.runtime.main >{folder}/log 2>&1"
    );
    supervise(&serve, &format!("rm -rf {folder}"));
    wait_for(port)?;
    Ok(format!("http://127.0.0.1:{port}"))
}

/// The newest of the folders in which systems keep PostgreSQL's programs, or the one on the path.
fn postgres_programs() -> Option<PathBuf> {
    let mut found: Vec<PathBuf> = Vec::new();
    for entry in std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten() {
        found.push(entry.path().join("bin"));
    }
    let path = std::env::var_os("PATH").unwrap_or_default();
    found.sort();
    found.reverse();
    found.extend(std::env::split_paths(&path));
    found.into_iter().find(|folder| folder.join("initdb").exists() && folder.join("postgres").exists())
}

fn start_postgres(programs: &std::path::Path) -> Result<String, String> {
    let folder = tempfile::Builder::new().prefix("postgres").tempdir().map_err(|error| error.to_string())?.keep();
    let (folder, programs) = (folder.display().to_string(), programs.display().to_string());
    // PostgreSQL refuses to run as root.
    let root = Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n");
    let user = if root { "setpriv --reuid=postgres --regid=postgres --clear-groups" } else { "" };
    if root {
        let _ = Command::new("chown").args(["postgres", &folder]).status();
    }
    let initdb = format!("cd / && {user} {programs}/initdb -D {folder}/data -A trust -U clips --no-sync");
    let output = Command::new("sh").args(["-c", &initdb]).output().map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("initdb: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let port = free_port();
    let serve = format!(
        "cd / && exec {user} {programs}/postgres -D {folder}/data -p {port} -k {folder} -c listen_addresses=127.0.0.1 \
         -c max_connections=300 -c fsync=off >{folder}/log 2>&1"
    );
    supervise(&serve, &format!("rm -rf {folder}"));
    wait_for(port)?;
    Ok(format!("postgres://clips@127.0.0.1:{port}"))
}

/// Runs a command until this process ends.
fn supervise(command: &str, afterwards: &str) {
    let script = format!("({command}) & child=$!; cat >/dev/null; kill -INT $child; wait $child; {afterwards}");
    let mut shell = Command::new("setsid");
    shell
        .args(["sh", "-c", &script])
        .env("STAND_IN", include_str!("s3_stand_in.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = shell.spawn().expect("a shell");
    CHILDREN.lock().expect("the children").push(child);
}

/// A port that nobody uses just now.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

fn wait_for(port: u16) -> Result<(), String> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("nothing listens on port {port}"))
}
