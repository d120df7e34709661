//! Bytes that changed after they were stored.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::PathBuf;

use crate::api::{MIN_PART, Upload};
use crate::concurrency::counter;
use crate::site::{Kind, Site};

crate::on_every_site!(
    a_flipped_bit_cuts_the_download,
    a_scrub_finds_what_is_damaged,
    a_damaged_manifest_is_not_believed
);

/// The file of a part of the only object.
fn part_file(site: &Site, number: usize) -> PathBuf {
    let objects = site.data().join("storage/objects");
    let object = objects.read_dir().expect("a folder").next().expect("an object").expect("readable").path();
    let mut names: Vec<_> = object.read_dir().expect("a folder").map(|entry| entry.expect("readable").path()).collect();
    names.sort();
    names.into_iter().nth(number - 1).expect("a part")
}

fn flip(file: &std::path::Path, offset: u64) {
    let file = File::options().read(true).write(true).open(file).expect("a file");
    let mut byte = [0];
    file.read_exact_at(&mut byte, offset).expect("a byte");
    byte[0] ^= 4;
    file.write_all_at(&byte, offset).expect("room");
}

async fn a_flipped_bit_cuts_the_download(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.two_parts(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
    let at = MIN_PART as u64 - 1000;
    flip(&part_file(&site, 1), at);
    let url = api.show(&upload.clip).await.body["data"]["url"].as_str().expect("an address").to_owned();
    let get = |range: Option<String>| {
        let request = api.http.get(&url);
        let request =
            range.map_or(request.try_clone(), |range| Some(request.header("range", range))).expect("a request");
        // Damage in the first block may cut the answer before its head has left.
        async move { request.send().await?.bytes().await }
    };
    assert!(get(None).await.is_err(), "what is damaged does not look whole");
    assert_eq!(counter(&api, "clip_uploads_damaged_reads_total").await, 1);
    assert!(site.log().contains("a download was cut"), "{}", site.log());
    // A range is checked by itself: what is good can be read.
    let good = get(Some("bytes=0-99".to_owned())).await.expect("good bytes");
    assert!(good == upload.bytes()[..100]);
    let end = get(Some(format!("bytes={MIN_PART}-"))).await.expect("good bytes");
    assert!(end == upload.bytes()[MIN_PART..]);
    assert!(get(Some(format!("bytes={at}-{at}"))).await.is_err());
    flip(&part_file(&site, 1), at);
    api.assert_whole(&upload).await;
    // A part that lost its end is no shorter part.
    let file = File::options().write(true).open(part_file(&site, 2)).expect("a file");
    file.set_len(500).expect("cut");
    assert!(get(None).await.is_err());
}

/// Damages an upload's object.
async fn damage(site: &Site, upload: &Upload) {
    if site.kind == Kind::OneMachine {
        return flip(&part_file(site, 2), 10);
    }
    let (endpoint, bucket) = site.bucket().expect("a bucket");
    let mut bytes = upload.bytes();
    bytes[10] ^= 4;
    let put = reqwest::Client::new().put(format!("{endpoint}/{bucket}/{}", upload.key)).body(bytes).send().await;
    assert!(put.expect("storage answers").status().is_success());
}

async fn a_scrub_finds_what_is_damaged(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.two_parts(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let (code, text) = site.run(["scrub"]);
    assert_eq!((code, text.contains("1 clips checked, 5 MiB read, 0 damaged")), (Some(0), true), "{text}");
    damage(&site, &upload).await;
    let (code, text) = site.run(["scrub"]);
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&format!("damaged: {} of default", upload.clip)), "{text}");
    let (_, list) = site.run(["uploads", "list", "--state", "completed"]);
    assert!(list.contains("found damaged at"), "{list}");
    tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    assert_eq!(counter(&api, "clip_uploads_damaged_clips").await, 1);
    // One that was cut short goes on where it was; one that is told to begins anew.
    site.sql("INSERT INTO scrub (singleton, position, checked, damaged) VALUES (1, 'upload_zzz', 41, 0)").await;
    let (code, text) = site.run(["scrub"]);
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains("going on after 41 clips") && text.contains("41 clips checked"), "{text}");
    site.sql("INSERT INTO scrub (singleton, position, checked, damaged) VALUES (1, 'upload_zzz', 41, 0)").await;
    assert_eq!(site.run(["scrub", "--restart"]).0, Some(1));
    if site.kind == Kind::OneMachine {
        damage(&site, &upload).await;
        assert_eq!(site.run(["scrub"]).0, Some(0), "it is whole again");
    }
}

async fn a_damaged_manifest_is_not_believed(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.two_parts(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let url = api.show(&upload.clip).await.body["data"]["url"].as_str().expect("an address").to_owned();
    let manifest = part_file(&site, 1).with_file_name("manifest.json");
    let text = std::fs::read_to_string(&manifest).expect("a manifest");
    let swapped = text.replacen("\"size\":5242880", "\"size\":5242879", 1);
    assert_ne!(swapped, text);
    #[expect(clippy::disallowed_methods, reason = "a manifest that is damaged on purpose")]
    std::fs::write(&manifest, swapped).expect("room");
    assert_eq!(api.http.get(&url).send().await.expect("an answer").status(), 503);
    let (code, text) = site.run(["scrub"]);
    assert!(code == Some(1) && text.contains("manifest contradicts itself"), "{text}");
}
