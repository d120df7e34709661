//! PostgreSQL on loopback, started by whoever tests with it and stopped with them.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// The children, whose standard input closes when the test process ends, however it ends; that ends them.
static CHILDREN: Mutex<Vec<Child>> = Mutex::new(Vec::new());

/// The newest of the folders in which systems keep PostgreSQL's programs, or the one on the path.
pub(crate) fn programs() -> Option<PathBuf> {
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

/// Starts a server that ends with this process; `postgres://...`, without a database.
pub(crate) fn start(programs: &Path) -> Result<String, String> {
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
    supervise(&serve, &format!("rm -rf {folder}"), &[]);
    wait_for(port)?;
    Ok(format!("postgres://clips@127.0.0.1:{port}"))
}

/// Runs a command with these variables until this process ends.
pub(crate) fn supervise(command: &str, afterwards: &str, variables: &[(&str, &str)]) {
    let script = format!("({command}) & child=$!; cat >/dev/null; kill -INT $child; wait $child; {afterwards}");
    let mut shell = Command::new("setsid");
    shell
        .args(["sh", "-c", &script])
        .envs(variables.iter().copied())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let child = shell.spawn().expect("a shell");
    CHILDREN.lock().expect("the children").push(child);
}

/// A port that nobody uses just now.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}

/// Waits until something listens.
pub(crate) fn wait_for(port: u16) -> Result<(), String> {
    let deadline = Instant::now() + Duration::from_secs(60);
    while Instant::now() < deadline {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(format!("nothing listens on port {port}"))
}
