//! The peak memory of the service and of the uploader: it must not grow with the file.

use std::time::Duration;

use futures_util::{StreamExt as _, TryStreamExt as _, stream};

use crate::completions::complete;
use crate::failure::Failure;
use crate::process;
use crate::report::Report;
use crate::service::{Service, small};
use crate::transfer::uploader;

const GROUP: &str = "Peak memory with a folder";

/// A small file and a large one, in MiB.
const SIZES: [u32; 2] = [50, 5 * 1024];

/// After how many uploads one after the other the service is looked at.
const UPLOADS: [u32; 2] = [2_000, 20_000];

/// Uploads a small and a large file, each to a service of its own. The files have no bytes on the disk but sizes.
pub(crate) async fn run(report: &mut Report) -> Result<(), Failure> {
    for size in SIZES {
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("clip.mp4");
        std::fs::File::create(&file)?.set_len(u64::from(size) * 1024 * 1024)?;
        let service = Service::start(&folder.path().join("data"), None).await?;
        let ran = process::run(&mut uploader(&service, &file)?).await?;
        let took = took(ran.took);
        report.add(GROUP, format!("uploader, {size} MiB"), ran.peak, "MiB", took);
        let Some(peak) = process::peak(&service.child) else {
            report.note("this system does not tell how much memory a process had");
            return Ok(());
        };
        report.add(GROUP, format!("service, {size} MiB"), peak, "MiB", "");
    }
    many(report).await
}

/// Begins, stores and completes many uploads, 16 at a time.
async fn many(report: &mut Report) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let service = Service::start(folder.path(), None).await?;
    let (client, storage) = (service.client()?, reqwest::Client::new());
    let mut done = 0;
    for uploads in UPLOADS {
        let one = |_| async { complete(&client, small(&client, &storage).await?).await };
        stream::iter(done..uploads).map(one).buffer_unordered(16).try_collect::<Vec<()>>().await?;
        done = uploads;
        let Some(peak) = process::peak(&service.child) else { return Ok(()) };
        report.add(GROUP, format!("service, after {uploads} uploads"), peak, "MiB", "of one part each, 16 at a time");
    }
    Ok(())
}

fn took(time: Duration) -> String {
    format!("took {:.1} s", time.as_secs_f64())
}
