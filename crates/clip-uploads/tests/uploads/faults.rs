//! Storage and databases that fail, answer late, lose answers, or lie.

use std::time::Duration;

use crate::api::{Answer, Api};
use crate::site::{Kind, Server, Site};

crate::on_every_site!(
    a_lost_answer_is_reconciled,
    success_without_an_object_is_no_success,
    a_late_answer_still_finishes,
    a_check_that_fails_keeps_the_state,
    storage_that_is_down_loses_nothing,
    a_caller_that_hangs_up_changes_nothing,
    parts_that_could_not_be_deleted_are_deleted_later,
    a_database_that_is_away_loses_nothing,
    without_its_database_a_process_is_not_ready,
    another_object_is_no_proof,
);

/// What no caller may ever see.
fn assert_says_nothing(answer: &Answer) {
    let text = answer.body.to_string();
    for word in ["injected", "secret", "storage/", "sqlite", "postgres", "No such", "127.0.0.1"] {
        assert!(!text.contains(word), "{text}");
    }
}

fn start(site: &mut Site) -> (Server, Api) {
    let server = site.start();
    let api = site.api(&server);
    (server, api)
}

async fn a_lost_answer_is_reconciled(mut site: Site) {
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(1).await;
    site.set_faults("complete lose\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    api.assert_whole(&upload).await;
}

async fn success_without_an_object_is_no_success(mut site: Site) {
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(2).await;
    site.set_faults("complete lie\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.error(), (503, "unavailable"));
    assert!(answer.retry_after.is_some());
    assert_says_nothing(&answer);
    assert_eq!(api.status(&upload).await, "processing");
    assert_eq!(api.abort(&upload).await.error(), (409, "in_progress"));
    site.set_faults("");
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn a_late_answer_still_finishes(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--completion-wait", "300ms"]);
    });
    let api = site.api(&server);
    let upload = api.two_parts(3).await;
    site.set_faults("complete delay:3000\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.error(), (409, "in_progress"));
    assert!(answer.retry_after.is_some());
    api.wait_status(&upload, "ready").await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn a_check_that_fails_keeps_the_state(mut site: Site) {
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(4).await;
    site.set_faults("complete lose\nobject fail\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.error(), (503, "unavailable"));
    assert!(answer.retry_after.is_some());
    assert_says_nothing(&answer);
    assert_eq!(api.status(&upload).await, "processing");
    site.set_faults("");
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn storage_that_is_down_loses_nothing(mut site: Site) {
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(5).await;
    site.set_faults("open fail\nparts fail\ncomplete fail\nobject fail\nready fail\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.error(), (503, "unavailable"));
    assert_says_nothing(&answer);
    let start = serde_json::json!({ "brandId": "b", "title": "t", "fileName": "f", "fileSize": 1, "mimeType": "a/b" });
    let answer = api.post("/clips/upload/init", &start).await;
    assert_eq!(answer.error(), (503, "unavailable"));
    assert_says_nothing(&answer);
    assert_eq!(Answer::of(api.http.get(format!("{}/readyz", api.url))).await.status, 503);
    assert_eq!(Answer::of(api.http.get(format!("{}/healthz", api.url))).await.status, 200);
    site.set_faults("");
    assert_eq!(Answer::of(api.http.get(format!("{}/readyz", api.url))).await.status, 200);
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn a_caller_that_hangs_up_changes_nothing(mut site: Site) {
    let (_server, api) = start(&mut site);
    for delay in [0, 1, 5, 20, 100] {
        let upload = api.one_part(60 + delay).await;
        site.set_faults("complete delay:50\n");
        let list = upload.list();
        let request = api.complete(&upload, &list);
        let _ = tokio::time::timeout(Duration::from_millis(delay), request).await;
        assert_eq!(api.complete_patiently(&upload).await.status, 200);
        api.assert_whole(&upload).await;
    }
}

async fn parts_that_could_not_be_deleted_are_deleted_later(mut site: Site) {
    let (_server, api) = start(&mut site);
    let upload = api.one_part(7).await;
    site.set_faults("discard fail\n");
    assert_eq!(api.abort(&upload).await.status, 200);
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (409, "upload_aborted"));
    site.set_faults("");
    tokio::time::sleep(Duration::from_secs(1)).await;
    match site.kind {
        Kind::OneMachine => assert_eq!(site.count_files("uploads"), 0),
        Kind::ManyMachines => {
            let (endpoint, bucket) = site.bucket().expect("a bucket");
            let listed = api.http.get(format!("{endpoint}/{bucket}?uploads")).send().await.expect("storage answers");
            let text = listed.text().await.expect("text");
            assert!(!text.contains(&upload.key), "{text}");
        }
    }
}

/// SQLite is locked by another connection; PostgreSQL by a transaction that holds the table.
async fn a_database_that_is_away_loses_nothing(mut site: Site) {
    use sqlx::Connection as _;
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(8).await;
    let list = upload.list();
    match site.kind {
        Kind::OneMachine => {
            let url = format!("sqlite:{}", site.sqlite().display());
            let mut other = sqlx::SqliteConnection::connect(&url).await.expect("a connection");
            sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.expect("a lock");
            assert_eq!(api.complete(&upload, &list).await.error(), (503, "unavailable"));
            sqlx::query("ROLLBACK").execute(&mut other).await.expect("no lock");
        }
        Kind::ManyMachines => {
            let mut other = sqlx::PgConnection::connect(&site.postgres()).await.expect("a connection");
            let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
                       WHERE datname = current_database() AND pid <> pg_backend_pid()";
            sqlx::query("BEGIN; ").execute(&mut other).await.expect("a transaction");
            sqlx::query("LOCK TABLE uploads IN ACCESS EXCLUSIVE MODE").execute(&mut other).await.expect("a lock");
            let answer = api.complete(&upload, &list).await;
            assert_eq!(answer.error(), (503, "unavailable"));
            assert_says_nothing(&answer);
            sqlx::query("ROLLBACK").execute(&mut other).await.expect("no lock");
            sqlx::query(cut).execute(&mut other).await.expect("cut connections");
        }
    }
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn without_its_database_a_process_is_not_ready(mut site: Site) {
    use sqlx::Connection as _;
    if site.kind == Kind::OneMachine {
        return;
    }
    let (_server, api) = start(&mut site);
    let upload = api.one_part(10).await;
    let url = site.postgres();
    let (server, name) = url.rsplit_once('/').expect("a database");
    let mut other = sqlx::PgConnection::connect(&format!("{server}/postgres")).await.expect("a connection");
    let ready = || Answer::of(api.http.get(format!("{}/readyz", api.url)));
    for (allowed, status) in [(false, 503), (true, 200)] {
        let alter = format!("ALTER DATABASE {name} WITH ALLOW_CONNECTIONS {allowed}");
        sqlx::query(&alter).execute(&mut other).await.expect("altered");
        let cut = format!("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'");
        sqlx::query(&cut).execute(&mut other).await.expect("cut connections");
        let answer = ready().await;
        assert_eq!(answer.status, status, "{answer:?}");
        assert_says_nothing(&answer);
        assert_eq!(Answer::of(api.http.get(format!("{}/healthz", api.url))).await.status, 200);
        if !allowed {
            assert_eq!(api.complete(&upload, &upload.list()).await.status, 503);
        }
    }
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

/// An object with the right name, put there by somebody else, is not taken for the upload's.
async fn another_object_is_no_proof(mut site: Site) {
    let Some((endpoint, bucket)) = site.bucket() else { return };
    let (_server, api) = start(&mut site);
    let upload = api.two_parts(9).await;
    site.set_faults("complete fail\n");
    let url = format!("{endpoint}/{bucket}/{}", upload.key);
    let put = api.http.put(url).body(upload.bytes()).send().await.expect("storage answers");
    assert!(put.status().is_success());
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (503, "unavailable"));
    assert_eq!(api.status(&upload).await, "processing");
    site.set_faults("");
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}
