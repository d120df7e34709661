//! The peak memory of the service and of the uploader: it must not grow with the file.

use std::time::Duration;

use crate::failure::Failure;
use crate::process;
use crate::report::Report;
use crate::service::Service;
use crate::transfer::uploader;

const GROUP: &str = "Peak memory of one upload to a folder";

/// A small file and a large one, in MiB.
const SIZES: [u32; 2] = [50, 5 * 1024];

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
    Ok(())
}

fn took(time: Duration) -> String {
    format!("took {:.1} s", time.as_secs_f64())
}
