//! Database and storage that do not belong together, or of which one is older than the other: nothing is concluded from
//! what is not there.

use std::time::Duration;

use reqwest::Method;
use serde_json::json;

use crate::api::{Answer, Upload};
use crate::concurrency::counter;
use crate::site::{Kind, Server, Site};

crate::on_every_site!(
    absent_storage_is_never_taken_for_empty_storage,
    storage_that_goes_away_is_not_ready_and_loses_nothing,
    bytes_that_are_gone_wait_for_an_operator,
    bytes_that_stay_away_fail_a_completion_after_its_time,
    a_new_database_does_not_take_old_storage,
    a_forgotten_completion_is_adopted,
    a_forgotten_completion_never_expires,
    a_seal_without_an_object_is_taken_back,
);

/// Begins a completion in a process that dies once its list is recorded.
async fn half_completed(site: &mut Site, seed: u64) -> Upload {
    let mut server = site.start_with(|command| {
        command.env("CLIP_UPLOADS_KILL_AT", "list-recorded");
    });
    let api = site.api(&server);
    let upload = api.two_parts(seed).await;
    let body = upload.body(&json!({ "parts": upload.list() }));
    assert!(api.request(Method::POST, "/clips/upload/complete").json(&body).send().await.is_err());
    server.wait_gone();
    upload
}

/// Starts with storage that has nothing, as when a volume is not mounted.
fn start_without_storage(site: &mut Site) -> Option<Server> {
    match site.kind {
        Kind::OneMachine => {
            let (storage, away) = (site.data().join("storage"), site.data().join("away"));
            std::fs::rename(&storage, &away).expect("unmounted");
            let started = site.try_start_with(|_| {});
            assert!(!storage.exists(), "nothing is made where a volume should be");
            // The place where it is mounted is there, and empty.
            std::fs::create_dir(&storage).expect("a folder");
            let again = site.try_start_with(|_| {});
            assert_eq!(storage.read_dir().expect("a folder").count(), 0);
            std::fs::remove_dir(&storage).and_then(|()| std::fs::rename(&away, &storage)).expect("mounted");
            started.or(again)
        }
        Kind::ManyMachines => site.try_start_with(|command| {
            let (_, bucket) = site_bucket(command);
            command.arg("--storage").arg(format!("s3://{bucket}/elsewhere"));
        }),
    }
}

/// The bucket in a command.
fn site_bucket(command: &std::process::Command) -> (usize, String) {
    let arguments: Vec<_> = command.get_args().map(|text| text.to_string_lossy().into_owned()).collect();
    let index = arguments.iter().position(|text| text.starts_with("s3://")).expect("a bucket");
    (index, arguments[index].trim_start_matches("s3://").to_owned())
}

async fn absent_storage_is_never_taken_for_empty_storage(mut site: Site) {
    let upload = half_completed(&mut site, 1).await;
    assert!(start_without_storage(&mut site).is_none(), "it must not start");
    let log = site.log();
    let reason = if site.kind == Kind::OneMachine { "Is its volume mounted" } else { "storage has no identity" };
    assert!(log.contains(reason), "{log}");
    let server = site.start();
    let api = site.api(&server);
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

/// Takes storage away from under a running process, and gives it back.
fn mount(site: &Site, there: bool) {
    if site.kind == Kind::OneMachine {
        let (storage, away) = (site.data().join("storage"), site.data().join("away"));
        let (from, to) = if there { (away, storage) } else { (storage, away) };
        std::fs::rename(from, to).expect("a rename");
        return;
    }
    let (endpoint, bucket) = site.bucket().expect("a bucket");
    // Only whoever wrote it may change it, so that requests have to be signed.
    let script = "import sys, boto3; s3 = boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', \
                  aws_access_key_id='key', aws_secret_access_key='wJalrSECRETaws'); \
                  s3.copy_object(Bucket=sys.argv[2], Key=sys.argv[4], CopySource=sys.argv[2] + '/' + sys.argv[3]); \
                  s3.delete_object(Bucket=sys.argv[2], Key=sys.argv[3])";
    let names = ["clip-uploads.identity", "away"];
    let (from, to) = if there { (names[1], names[0]) } else { (names[0], names[1]) };
    let moved = std::process::Command::new("python3").args(["-c", script, &endpoint, &bucket, from, to]).output();
    let moved = moved.expect("python3");
    assert!(moved.status.success(), "{}", String::from_utf8_lossy(&moved.stderr));
}

async fn storage_that_goes_away_is_not_ready_and_loses_nothing(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let (upload, aborted) = (api.two_parts(1).await, api.one_part(5).await);
    let finished = api.one_part(6).await;
    assert_eq!(api.complete(&finished, &finished.list()).await.status, 200);
    let shown = api.show(&finished.clip).await;
    let address = shown.body["data"]["url"].as_str().expect("an address");
    let ready = || Answer::of(api.http.get(format!("{}/readyz", api.url)));
    assert_eq!(ready().await.status, 200);
    mount(&site, false);
    assert_eq!(ready().await.status, 503);
    if site.kind == Kind::OneMachine {
        let answer = api.complete(&upload, &upload.list()).await;
        assert_eq!(answer.error(), (503, "unavailable"));
        assert_eq!(api.show(&upload.clip).await.status, 503);
        let download = Answer::of(api.http.get(address)).await;
        assert_eq!(download.error(), (503, "unavailable"), "its bytes are not gone");
        // Parts of an upload that is given up are not taken for deleted.
        assert_eq!(api.abort(&aborted).await.status, 200);
    }
    mount(&site, true);
    assert_eq!(ready().await.status, 200);
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
    api.assert_whole(&finished).await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    if site.kind == Kind::OneMachine {
        assert_eq!(site.count_files("uploads"), 0, "the parts of the aborted upload are deleted in the end");
    }
}

/// Deletes the parts of every upload behind the service's back.
async fn lose_parts(site: &Site, upload: &Upload) {
    if site.kind == Kind::OneMachine {
        for entry in site.data().join("storage/uploads").read_dir().expect("a folder") {
            std::fs::remove_dir_all(entry.expect("readable").path()).expect("removed");
        }
        return;
    }
    let (endpoint, bucket) = site.bucket().expect("a bucket");
    let http = reqwest::Client::new();
    let listed = http.get(format!("{endpoint}/{bucket}?uploads")).send().await.expect("storage answers");
    let listed = listed.text().await.expect("text");
    let id = listed.split("<UploadId>").nth(1).and_then(|rest| rest.split("</UploadId>").next()).expect("an upload");
    let url = format!("{endpoint}/{bucket}/{}?uploadId={id}", upload.key);
    assert!(http.delete(url).send().await.expect("storage answers").status().is_success());
}

async fn bytes_that_are_gone_wait_for_an_operator(mut site: Site) {
    let upload = half_completed(&mut site, 1).await;
    lose_parts(&site, &upload).await;
    let server = site.start();
    let api = site.api(&server);
    // Longer than it takes to be told three times that there is nothing.
    for _ in 0..3 {
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(api.status(&upload).await, "processing");
    }
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (503, "unavailable"));
    assert_eq!(counter(&api, "clip_uploads_missing_completions").await, 1);
    assert!(site.log().contains("neither the parts nor the object"), "an operator is told");
    let (code, list) = site.run(["uploads", "list"]);
    assert_eq!(code, Some(0), "{list}");
    assert!(list.contains(&upload.id) && list.contains("bytes missing since"), "{list}");
    let other = api.one_part(9).await;
    assert_eq!(site.run(["uploads", "fail", &other.id]).0, Some(2), "only what is missing can be given up");
    assert_eq!(site.run(["uploads", "fail", &upload.id]).0, Some(0));
    assert_eq!(api.complete_patiently(&upload).await.error(), (409, "upload_failed"));
    assert_eq!(api.complete(&other, &other.list()).await.status, 200);
}

async fn bytes_that_stay_away_fail_a_completion_after_its_time(mut site: Site) {
    let upload = half_completed(&mut site, 1).await;
    lose_parts(&site, &upload).await;
    let server = site.start_with(|command| {
        command.args(["--upload-lifetime", "1500ms"]);
    });
    let api = site.api(&server);
    tokio::time::sleep(Duration::from_millis(900)).await;
    assert_eq!(api.status(&upload).await, "processing");
    api.wait_status(&upload, "failed").await;
}

async fn a_new_database_does_not_take_old_storage(mut site: Site) {
    let mut server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    server.kill();
    let other = format!("sqlite:{}", site.data().with_file_name("other.sqlite").display());
    let started = site.try_start_with(|command| {
        command.args(["--database", &other]);
    });
    assert!(started.is_none());
    assert!(site.log().contains("clip-uploads rebuild"), "{}", site.log());
    let server = site.start();
    site.api(&server).assert_whole(&upload).await;
}

async fn a_forgotten_completion_is_adopted(mut site: Site) {
    let mut server = site.start();
    let api = site.api(&server);
    let (asked, shown) = (api.two_parts(1).await, api.two_parts(11).await);
    let first = api.complete(&asked, &asked.list()).await;
    assert_eq!((first.status, api.complete(&shown, &shown.list()).await.status), (200, 200));
    server.kill();
    site.forget_completions().await;
    let server = site.start();
    let api = site.api(&server);
    let other = json!([{ "partNumber": 1, "eTag": "00000000000000000000000000000000" }]);
    assert_eq!(api.complete(&asked, &asked.list()).await, first);
    assert_eq!(api.complete(&asked, &other).await.error(), (409, "already_completed"));
    api.assert_whole(&asked).await;
    // Whoever only looks sees it too; and may still complete it with its list, and with no other.
    assert_eq!(api.status(&shown).await, "ready");
    assert_eq!(api.complete(&shown, &other).await.error(), (409, "already_completed"));
    assert_eq!(api.complete(&shown, &shown.list()).await.status, 200);
    api.assert_whole(&shown).await;
    assert_eq!(counter(&api, "clip_uploads_adopted_completions_total").await, 2);
}

async fn a_forgotten_completion_never_expires(mut site: Site) {
    let lifetime = |command: &mut std::process::Command| {
        command.args(["--upload-lifetime", "2s"]);
    };
    let mut server = site.start_with(lifetime);
    let api = site.api(&server);
    let (done, open) = (api.one_part(1).await, api.one_part(2).await);
    assert_eq!(api.complete(&done, &done.list()).await.status, 200);
    server.kill();
    site.forget_completions().await;
    let server = site.start_with(lifetime);
    let api = site.api(&server);
    api.wait_status(&open, "expired").await;
    api.wait_status(&done, "ready").await;
    api.assert_whole(&done).await;
}

/// A completion was cut short, and the database that knew of it was replaced by an older one.
async fn a_seal_without_an_object_is_taken_back(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    for step in ["folder-renamed", "folder-sealed", "folder-manifest-written"] {
        let mut server = site.start_with(|command| {
            command.env("CLIP_UPLOADS_KILL_AT", step);
        });
        let api = site.api(&server);
        let upload = api.two_parts(1).await;
        let body = upload.body(&json!({ "parts": upload.list() }));
        assert!(api.request(Method::POST, "/clips/upload/complete").json(&body).send().await.is_err());
        server.wait_gone();
        site.forget_completions().await;
        let mut server = site.start();
        let api = site.api(&server);
        let parts = api.show(&upload.clip).await.body["data"]["parts"].as_array().map(Vec::len);
        assert_eq!(parts, Some(2), "{step}");
        assert_eq!(api.complete(&upload, &upload.list()).await.status, 200, "{step}");
        api.assert_whole(&upload).await;
        server.kill();
    }
}
