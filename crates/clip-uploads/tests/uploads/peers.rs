//! PostgreSQL and S3-compatible storage, started by the tests on loopback and stopped with them.

use std::io::Write as _;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;

use crate::postgres;
use crate::postgres::{free_port, supervise, wait_for};

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

/// moto, with what it lacks for these tests.
const STAND_IN: &str = include_str!("s3_stand_in.py");

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
    let programs = postgres::programs().ok_or("PostgreSQL is not on this machine (`initdb`, `postgres`)")?;
    let postgres = postgres::start(&programs)?;
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
    supervise(
        &format!("exec python3 -c \"$STAND_IN\" -H 127.0.0.1 -p {port} >/dev/null 2>&1"),
        "",
        &[("STAND_IN", STAND_IN)],
    );
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
    supervise(&serve, &format!("rm -rf {folder}"), &[]);
    wait_for(port)?;
    Ok(format!("http://127.0.0.1:{port}"))
}
