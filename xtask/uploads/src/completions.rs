//! Completions: how many a second, and one of as many parts as there can be.

use std::path::Path;
use std::time::Instant;

use autoposting_client::Client;
use autoposting_types::{CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, new};
use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::failure::Failure;
use crate::peers::peers;
use crate::process;
use crate::report::{Report, Spread};
use crate::service::{Service, Shared, begin, small};

const GROUP: &str = "Completions";

/// How many callers complete uploads at once.
const CALLERS: [usize; 3] = [1, 16, 64];

/// How often each of them is measured, in turns with another build where one is named.
const ROUNDS: usize = 6;

/// The most parts that an upload can have.
const MOST: u32 = 10_000;

/// The fewest bytes of a part that is not the last.
const PART: u32 = 5 * 1024 * 1024;

/// Measures the folder with SQLite, then S3 with PostgreSQL where they are; both in turns with another build of the
/// service, where one is named.
pub(crate) async fn run(beside: Option<&Path>, report: &mut Report) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let service = Service::start(folder.path(), None).await?;
    let other_folder = tempfile::tempdir()?;
    let other = match beside {
        Some(program) => Some(Service::start_program(program, other_folder.path(), None).await?),
        None => None,
    };
    let site = Site { name: "folder and SQLite", uploads: 300, note: "of one part each" };
    site.measure(&service, other.as_ref(), report).await?;
    drop(other);
    ten_thousand(&service, folder.path(), report).await?;
    drop(service);
    let Some(peers) = peers() else {
        report.note("completions over S3 and PostgreSQL were not measured: their stand-ins are not on this machine");
        return Ok(());
    };
    let shared = Shared::make(&peers, "completions").await?;
    let folder = tempfile::tempdir()?;
    let service = Service::start(folder.path(), Some(&shared)).await?;
    let other_shared = Shared::make(&peers, "completions-beside").await?;
    let other = match beside {
        Some(program) => Some(Service::start_program(program, other_folder.path(), Some(&other_shared)).await?),
        None => None,
    };
    let note = "mostly the stand-in for S3; PostgreSQL without fsync";
    Site { name: "S3 and PostgreSQL", uploads: 60, note }.measure(&service, other.as_ref(), report).await
}

/// Where completions are measured.
struct Site {
    name: &'static str,
    /// How many uploads each round completes.
    uploads: u32,
    note: &'static str,
}

impl Site {
    /// Measures each number of callers, and says how another build of the service compares.
    async fn measure(&self, ours: &Service, theirs: Option<&Service>, report: &mut Report) -> Result<(), Failure> {
        for callers in CALLERS {
            let (mut here, mut there) = (Vec::new(), Vec::new());
            for round in 0..ROUNDS {
                // Neither build is always the first one.
                if round % 2 == 0 {
                    here.push(pace(ours, self.uploads, callers).await?);
                }
                if let Some(theirs) = theirs {
                    there.push(pace(theirs, self.uploads, callers).await?);
                }
                if round % 2 != 0 {
                    here.push(pace(ours, self.uploads, callers).await?);
                }
            }
            let Self { name, note, .. } = self;
            let (a_second, p99) = (Spread::of(here.iter().map(|pace| pace.a_second)), p99(&here));
            let note = format!("{note}; 99 of 100 within {p99:.0} ms; {}", a_second.note());
            report.add(GROUP, format!("{name}, {callers} at once"), a_second.median, "/s", note);
            if there.is_empty() {
                continue;
            }
            let paces = here.iter().zip(&there).map(|(ours, theirs)| ours.a_second / theirs.a_second);
            let times = here.iter().zip(&there).map(|(ours, theirs)| ours.p99 / theirs.p99);
            for (what, ratios) in [("pace", Spread::of(paces)), ("time of 99 of 100", Spread::of(times))] {
                let what = format!("{name}, {callers} at once: {what} to the other build's");
                report.add(GROUP, what, ratios.median, "x", ratios.note());
            }
        }
        Ok(())
    }
}

/// How fast completions are.
struct Pace {
    a_second: f64,
    /// The time within which 99 of 100 are answered, in milliseconds.
    p99: f64,
}

fn p99(paces: &[Pace]) -> f64 {
    Spread::of(paces.iter().map(|pace| pace.p99)).median
}

/// Completes `count` uploads, `callers` at a time.
async fn pace(service: &Service, count: u32, callers: usize) -> Result<Pace, Failure> {
    let (client, storage) = (service.client()?, reqwest::Client::new());
    let made = stream::iter(0..count).map(|_| small(&client, &storage)).buffer_unordered(8);
    let bodies: Vec<CompleteClipUploadBody> = made.try_collect().await?;
    let started = Instant::now();
    let calls = stream::iter(bodies).map(|body| {
        let client = client.clone();
        tokio::spawn(async move {
            let asked = Instant::now();
            complete(&client, body).await.map(|()| asked.elapsed().as_secs_f64() * 1000.0)
        })
    });
    let ends: Vec<_> = calls.buffer_unordered(callers).collect().await;
    let took = started.elapsed();
    let mut times = Vec::with_capacity(ends.len());
    for end in ends {
        times.push(end.map_err(Failure::unexpected)??);
    }
    times.sort_by(f64::total_cmp);
    let p99 = times.get(times.len() * 99 / 100).copied().unwrap_or_default();
    Ok(Pace { a_second: f64::from(count) / took.as_secs_f64(), p99 })
}

pub(crate) async fn complete(client: &Client, body: CompleteClipUploadBody) -> Result<(), Failure> {
    client.complete_clip_upload().body(body).send().await.map(drop).map_err(Failure::unexpected)
}

/// Completes uploads of as many parts as there can be. Their files have sizes and no bytes, so that 50 GiB fit; to the
/// service they are parts.
async fn ten_thousand(service: &Service, data: &Path, report: &mut Report) -> Result<(), Failure> {
    let client = service.client()?;
    let before = process::peak(&service.child);
    let mut times = Vec::new();
    for _ in 0..5 {
        let upload = begin(&client, i64::from(MOST) * i64::from(PART)).await?;
        let folder = newest(&data.join("storage/uploads"))?;
        let mut parts = Vec::new();
        for number in 1..=MOST {
            let e_tag = format!("{number:032x}");
            let file = std::fs::File::create(folder.join(format!("{number:05}-{:020}-{PART}-{e_tag}", 1)))?;
            file.set_len(PART.into())?;
            let number = i64::from(number);
            parts.push(CompleteClipUploadBodyPartsItem::new().with_part_number(number).with_e_tag(e_tag));
        }
        let body = new::CompleteClipUploadBody { clip_id: upload.clip_id, upload_id: upload.upload_id, parts }.into();
        let started = Instant::now();
        complete(&client, body).await?;
        times.push(started.elapsed().as_secs_f64() * 1000.0);
    }
    let spread = Spread::of(times);
    report.add(GROUP, "one completion of 10,000 parts", spread.median, "ms", spread.note());
    if let (Some(before), Some(after)) = (before, process::peak(&service.child)) {
        let what = "peak memory of the service with five of them";
        report.add(GROUP, what, after, "MiB", format!("{before:.0} MiB before"));
    }
    Ok(())
}

/// The folder of the upload that was begun last.
fn newest(uploads: &Path) -> Result<std::path::PathBuf, Failure> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(uploads)? {
        let entry = entry?;
        if entry.path().read_dir()?.next().is_none() {
            found.push(entry.path());
        }
    }
    found.pop().ok_or_else(|| Failure::unexpected("the upload has no folder"))
}
