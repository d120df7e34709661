//! Running the service: keys, health, metrics, logs, the end of the process.

use std::time::Duration;

use reqwest::Method;

use crate::api::{Answer, Api};
use crate::site::{Kind, Site};

crate::on_every_site!(
    the_first_start_prints_a_key_and_the_next_does_not,
    a_revoked_key_stops_working,
    what_is_kept_is_nobody_elses,
    health_and_metrics_need_no_key,
    request_ids_are_given_and_kept,
    no_secret_is_in_any_log,
    requests_are_finished_before_the_end,
    a_completion_outlives_the_process_that_was_told_to_stop,
    a_full_disk_loses_nothing,
    bad_options_are_explained,
);

async fn the_first_start_prints_a_key_and_the_next_does_not(mut site: Site) {
    let mut server = site.start();
    let key = server.first_key.clone().expect("a key");
    assert!(key.starts_with("sk-social-"));
    server.kill();
    let server = site.start();
    assert_eq!(server.first_key, None);
    let api = site.api(&server).with_key(&key);
    assert_eq!(api.show("clip_x").await.status, 404);
}

async fn what_is_kept_is_nobody_elses(mut site: Site) {
    use std::os::unix::fs::PermissionsExt as _;
    if site.kind == Kind::ManyMachines {
        return;
    }
    let _server = site.start();
    let mode = |path: std::path::PathBuf| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(site.data()), 0o700);
    assert_eq!(mode(site.data().join("storage/url-signing.key")), 0o600);
}

async fn a_revoked_key_stops_working(mut site: Site) {
    let server = site.start();
    let key = site.create_key("acme");
    let api = site.api(&server).with_key(&key);
    assert_eq!(api.show("clip_x").await.status, 404);
    let list = site.command().args(["keys", "list"]).output().expect("the binary");
    let list = String::from_utf8(list.stdout).expect("text");
    let id = key.trim_start_matches("sk-social-").split('-').next().expect("an id");
    assert!(list.contains(id) && list.contains("acme"), "{list}");
    assert!(!list.contains(key.rsplit('-').next().expect("a secret")), "{list}");
    assert!(site.command().args(["keys", "revoke", id]).status().expect("the binary").success());
    assert_eq!(api.show("clip_x").await.status, 401);
    let again = site.command().args(["keys", "revoke", id]).output().expect("the binary");
    assert_eq!(again.status.code(), Some(2));
}

async fn health_and_metrics_need_no_key(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let get = |path: &str| Answer::of(api.http.get(format!("{}{path}", api.url)));
    assert_eq!(get("/healthz").await.status, 200);
    assert_eq!(get("/readyz").await.status, 200);
    let upload = api.one_part(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let metrics = get("/metrics").await;
    let text = metrics.body.as_str().expect("text");
    assert!(text.contains("clip_uploads_completions_total{outcome=\"completed\"} 1"), "{text}");
    assert!(text.contains("clip_uploads_requests_total{"), "{text}");
    assert!(!text.contains(&upload.clip) && text.ends_with("# EOF\n"), "{text}");
}

async fn request_ids_are_given_and_kept(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let id = |given: Option<&'static str>| {
        let request = api.request(Method::GET, "/clips/x");
        let request = given.map_or(request.try_clone(), |id| Some(request.header("x-request-id", id)));
        async move {
            let answer = request.expect("a request").send().await.expect("an answer");
            answer.headers()["x-request-id"].to_str().expect("text").to_owned()
        }
    };
    assert_eq!(id(Some("from-a-proxy_1.2")).await, "from-a-proxy_1.2");
    assert_ne!(id(None).await, id(None).await);
    assert!(id(Some("two words; and=more")).await.starts_with("request_"));
    assert!(site.log().contains("from-a-proxy_1.2"));
}

async fn no_secret_is_in_any_log(mut site: Site) {
    let mut server = site.start_with(|command| {
        command.args(["--log", "trace"]);
    });
    let api = site.api(&server);
    let upload = api.two_parts(1).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    let stranger = api.with_key("sk-social-a-secretofastranger");
    assert_eq!(stranger.show(&upload.clip).await.status, 401);
    site.set_faults("complete lose\n");
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
    server.signal("TERM");
    server.wait_gone();
    let log = site.log();
    assert!(log.contains(&upload.id), "it logs what happens");
    let signature = url.rsplit("ignature=").next().expect("a signature").split('&').next().expect("a signature");
    let secrets = [api.key.rsplit('-').next().expect("a secret"), "secretofastranger", "wJalrSECRETaws", signature];
    for secret in secrets {
        assert!(!log.contains(secret), "{}", log.lines().find(|line| line.contains(secret)).expect("a line"));
    }
}

async fn requests_are_finished_before_the_end(mut site: Site) {
    let mut server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    site.set_faults("complete delay:1500\n");
    let sent = tokio::spawn({
        let (api, upload) = (api.clone(), upload.clone());
        async move { api.complete(&upload, &upload.list()).await }
    });
    tokio::time::sleep(Duration::from_millis(300)).await;
    server.signal("TERM");
    assert_eq!(sent.await.expect("no panic").status, 200);
    server.wait_gone();
    assert!(api.http.get(format!("{}/healthz", api.url)).send().await.is_err());
}

async fn a_completion_outlives_the_process_that_was_told_to_stop(mut site: Site) {
    let mut server = site.start_with(|command| {
        command.args(["--stop-timeout", "200ms", "--lease", "1h"]);
    });
    let api = site.api(&server);
    let upload = api.one_part(2).await;
    site.set_faults("complete delay:60000\n");
    let _ = tokio::time::timeout(Duration::from_millis(300), api.complete(&upload, &upload.list())).await;
    server.signal("INT");
    server.wait_gone();
    site.set_faults("");
    let server = site.start();
    let api = site.api(&server);
    api.wait_status(&upload, "ready").await;
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

/// A limit on the size of files stands for a full disk.
async fn a_full_disk_loses_nothing(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let mut upload = api.begin(3 * 1024 * 1024).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    server.limit_file_size(Some(1024 * 1024));
    let bytes = crate::api::some_bytes(3, 3 * 1024 * 1024);
    let put = |api: &Api| api.http.put(url.clone()).body(bytes.clone()).send();
    let answer = put(&api).await.expect("an answer");
    assert_eq!(answer.status(), 503);
    assert!(answer.headers().contains_key("retry-after"));
    assert!(!answer.text().await.expect("text").contains("large"));
    assert_eq!(site.count_files("uploads") + site.count_files("incoming"), 0);
    server.limit_file_size(None);
    let answer = put(&api).await.expect("an answer");
    assert_eq!(answer.status(), 200);
    upload.etags.push(answer.headers()["etag"].to_str().expect("text").to_owned());
    upload.parts.push(bytes.clone());
    server.limit_file_size(Some(1));
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (503, "unavailable"));
    server.limit_file_size(None);
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn bad_options_are_explained(site: Site) {
    for (options, word) in [
        (["--storage", "ftp://x"], "folder:"),
        (["--database", "mysql://x"], "postgres://"),
        (["--listen", "nowhere"], "--listen"),
        (["--lease", "5"], "`ms`"),
        (["--data", "/proc/no/such/place"], "/proc/no/such/place"),
    ] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_clip-uploads"));
        let output =
            command.current_dir(site.data().parent().expect("a folder")).args(options).output().expect("it ends");
        let text = String::from_utf8(output.stderr).expect("text");
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(word), "{text}");
    }
    let help = site.command().arg("--help").output().expect("the binary");
    let help = String::from_utf8(help.stdout).expect("text");
    for word in ["--storage", "--database", "keys", "Examples:", "CLIP_UPLOADS_LISTEN"] {
        assert!(help.contains(word), "{help}");
    }
}
