//! Clocks that jump.

use std::time::Duration;

use crate::api::some_bytes;
use crate::concurrency::counter;
use crate::site::Site;

crate::on_every_site!(
    a_clock_that_runs_ahead_for_a_moment_deletes_nothing,
    after_a_jump_deletion_waits_for_an_operator,
    after_a_jump_deletion_waits_until_the_clock_has_agreed,
    a_clock_that_went_back_lets_no_old_part_win,
    a_clock_that_was_behind_ends_no_upload_early,
    what_began_while_the_clock_was_ahead_expires_all_the_same,
    a_lease_of_a_clock_that_was_ahead_is_taken_over,
);

const HOUR: i64 = 3600;

async fn a_clock_that_runs_ahead_for_a_moment_deletes_nothing(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.two_parts(1).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(25 * HOUR);
    tokio::time::sleep(Duration::from_millis(1500)).await;
    assert_eq!(api.status(&upload).await, "uploading");
    assert_eq!(counter(&api, "clip_uploads_deletion_suspended").await, 1);
    assert!(site.log().contains("nothing is deleted because of its age"), "it is said");
    // Callers are not told that the upload is over either.
    let more = api.presign(&upload, &[1]).await;
    assert_eq!(more.len(), 1);
    site.shift_clock(0);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn after_a_jump_deletion_waits_for_an_operator(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(25 * HOUR);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let (code, status) = site.run(["clock", "status"]);
    assert!(code == Some(0) && status.contains("not trusted"), "{status}");
    assert_eq!(api.status(&upload).await, "uploading");
    let (code, status) = site.run(["clock", "confirm"]);
    assert!(code == Some(0) && status.ends_with("trusted\n") && !status.contains("not trusted"), "{status}");
    api.wait_status(&upload, "expired").await;
}

async fn after_a_jump_deletion_waits_until_the_clock_has_agreed(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--clock-agreement", "2s"]);
    });
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(25 * HOUR);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(api.status(&upload).await, "uploading");
    api.wait_status(&upload, "expired").await;
}

async fn a_clock_that_went_back_lets_no_old_part_win(mut site: Site) {
    let mut server = site.start();
    let api = site.api(&server);
    let mut upload = api.one_part(1).await;
    server.kill();
    site.shift_clock(-600);
    let server = site.start();
    let api = site.api(&server);
    upload.parts = vec![some_bytes(7, 2000)];
    upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
    let shown = api.show(&upload.clip).await;
    assert_eq!(shown.body["data"]["parts"][0]["eTag"], upload.etags[0].trim_matches('"'));
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

/// An upload that begins while the clock is behind has its whole time once the clock is right.
async fn a_clock_that_was_behind_ends_no_upload_early(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--upload-lifetime", "1h"]);
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(-2 * HOUR);
    tokio::time::sleep(Duration::from_millis(700)).await;
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    site.shift_clock(0);
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(site.run(["clock", "confirm"]).0, Some(0));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

/// Ten years ahead for a moment: what begins then, and later, must not keep its room for ten years.
async fn what_began_while_the_clock_was_ahead_expires_all_the_same(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--clock-agreement", "1s", "--upload-lifetime", "3s"]);
    });
    let api = site.api(&server);
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(10 * 365 * 24 * HOUR);
    let ahead = api.begin(10).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    site.shift_clock(0);
    let back = api.begin(10).await;
    for upload in [ahead, back] {
        api.wait_status(&upload, "expired").await;
    }
    let later = api.begin(10).await;
    assert_eq!(api.status(&later).await, "uploading");
    api.wait_status(&later, "expired").await;
}

/// Whoever recorded the completion is gone, and its lease ends tomorrow.
async fn a_lease_of_a_clock_that_was_ahead_is_taken_over(mut site: Site) {
    site.shift_clock(25 * HOUR);
    let mut server = site.start_with(|command| {
        command.env("CLIP_UPLOADS_KILL_AT", "list-recorded");
    });
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    let body = upload.body(&serde_json::json!({ "parts": upload.list() }));
    let sent = api.request(reqwest::Method::POST, "/clips/upload/complete").json(&body).send().await;
    assert!(sent.is_err(), "{sent:?}");
    server.wait_gone();
    site.shift_clock(0);
    let server = site.start();
    let api = site.api(&server);
    api.wait_status(&upload, "ready").await;
    api.assert_whole(&upload).await;
}
