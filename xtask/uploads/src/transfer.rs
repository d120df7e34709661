//! Uploads of one file, beside programs that everybody knows, in turns with them.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::put;
use http_body_util::BodyExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::failure::Failure;
use crate::peers::peers;
use crate::process;
use crate::report::{Report, Spread};
use crate::service::{Service, Shared, credentials};

const GROUP: &str = "Uploads of one file";

/// How often each side uploads the file.
const ROUNDS: usize = 5;

/// Measures uploads to a bucket beside `aws s3 cp` to it, and uploads to a folder beside a plain copy over HTTP.
pub(crate) async fn run(mebibytes: u32, report: &mut Report) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("clip.mp4");
    write_noise(&file, mebibytes)?;
    let to_folder = beside_plain_copy(&file, folder.path(), mebibytes, report).await?;
    if !process::is_there("aws") {
        report.note("uploads to S3 were not measured: `aws` is not on this machine (pip install awscli)");
        return Ok(());
    }
    let Some(peers) = peers() else {
        report.note("uploads to S3 were not measured: its stand-in is not on this machine");
        return Ok(());
    };
    let shared = Shared::make(&peers, "transfer").await?;
    let to_bucket = beside_aws(&file, folder.path(), &shared, mebibytes, report).await?;
    if to_bucket * 2.0 < to_folder {
        report.note(
            "the stand-in for S3 is what limits both uploads to it: the same uploader is more than twice as fast to a folder",
        );
    }
    Ok(())
}

/// Two programs in turns; MiB per second of each.
struct Turns {
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

impl Turns {
    async fn take(mebibytes: u32, mut one: impl FnMut(bool) -> Result<Command, Failure>) -> Result<Self, Failure> {
        let mut turns = Self { ours: Vec::new(), theirs: Vec::new() };
        for round in 0..ROUNDS {
            for turn in 0..2 {
                let is_ours = (round + turn) % 2 == 0;
                let ran = process::run(&mut one(is_ours)?).await?;
                let pace = f64::from(mebibytes) / ran.took.as_secs_f64();
                if is_ours { turns.ours.push(pace) } else { turns.theirs.push(pace) }
            }
        }
        Ok(turns)
    }

    /// Adds the figures; the pace of ours.
    fn report(&self, report: &mut Report, to: &str, theirs: &str) -> f64 {
        let (our_spread, their_spread) =
            (Spread::of(self.ours.iter().copied()), Spread::of(self.theirs.iter().copied()));
        let ratios = Spread::of(self.ours.iter().zip(&self.theirs).map(|(one, other)| one / other));
        report.add(GROUP, format!("autoposting, to {to}"), our_spread.median, "MiB/s", our_spread.note());
        report.add(GROUP, format!("{theirs}, to {to}"), their_spread.median, "MiB/s", their_spread.note());
        let medians = our_spread.median / their_spread.median;
        report.add(GROUP, format!("pace of autoposting / {theirs}"), medians, "x", ratios.note());
        our_spread.median
    }
}

/// The command that uploads `file` as a clip.
pub(crate) fn uploader(service: &Service, file: &Path) -> Result<Command, Failure> {
    let mut command = Command::new(process::program("autoposting")?);
    command.args(["clips", "upload", "--quiet", "--brand-id", "bench"]).arg(file);
    command.env("AUTOPOSTING_BASE_URL", &service.url).env("AUTOPOSTING_BEARER_AUTH", &service.key);
    // A file that is not there: nothing of the person who measures is read.
    command.env("AUTOPOSTING_CONFIG", file.with_file_name("no-config.toml"));
    Ok(command)
}

async fn beside_plain_copy(file: &Path, folder: &Path, mebibytes: u32, report: &mut Report) -> Result<f64, Failure> {
    let service = Service::start(&folder.join("data"), None).await?;
    let copies = folder.join("copies");
    std::fs::create_dir(&copies)?;
    let router = Router::new().route("/copy", put(keep)).with_state(copies);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}/copy", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router).await });
    if !process::is_there("curl") {
        report.note("no plain copy was measured: `curl` is not on this machine");
        let ran = process::run(&mut uploader(&service, file)?).await?;
        return Ok(f64::from(mebibytes) / ran.took.as_secs_f64());
    }
    let turns = Turns::take(mebibytes, |ours| {
        if ours {
            return uploader(&service, file);
        }
        let mut curl = Command::new("curl");
        curl.args(["--silent", "--show-error", "--fail", "--upload-file"]).arg(file).arg(&url);
        Ok(curl)
    });
    Ok(turns.await?.report(report, "a folder", "curl --upload-file"))
}

/// A plain copy: the bytes go to a file as they come, and are on the disk when it answers.
async fn keep(State(folder): State<PathBuf>, mut body: Body) -> StatusCode {
    let written = async {
        let mut file = tokio::fs::File::create(folder.join("copy")).await?;
        while let Some(frame) = body.frame().await {
            if let Ok(bytes) = frame.map_err(std::io::Error::other)?.into_data() {
                file.write_all(&bytes).await?;
            }
        }
        file.flush().await?;
        file.sync_all().await
    };
    if written.await.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR }
}

async fn beside_aws(
    file: &Path,
    folder: &Path,
    shared: &Shared,
    mebibytes: u32,
    report: &mut Report,
) -> Result<f64, Failure> {
    let service = Service::start(&folder.join("many"), Some(shared)).await?;
    let turns = Turns::take(mebibytes, |ours| {
        if ours {
            return uploader(&service, file);
        }
        let mut aws = Command::new("aws");
        credentials(&mut aws).args(["--endpoint-url", &shared.endpoint, "s3", "cp", "--only-show-errors"]);
        aws.arg(file).arg(format!("s3://{}/copy", shared.bucket));
        aws.env("AWS_CONFIG_FILE", folder.join("no-config")).env("AWS_SHARED_CREDENTIALS_FILE", folder.join("no-keys"));
        Ok(aws)
    });
    Ok(turns.await?.report(report, "a bucket", "aws s3 cp"))
}

/// A file of bytes that no program can make smaller.
fn write_noise(path: &Path, mebibytes: u32) -> Result<(), Failure> {
    let mut file = std::io::BufWriter::new(std::fs::File::create(path)?);
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    for _ in 0..u64::from(mebibytes) * 1024 * 1024 / 8 {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        file.write_all(&state.to_le_bytes())?;
    }
    Ok(file.flush()?)
}
