//! How much an organisation may have and ask for.

use serde_json::{Value, json};

use crate::api::{Answer, Api, some_bytes};
use crate::site::{Kind, Site};

crate::on_every_site!(
    replaced_parts_go_at_once,
    parts_have_no_more_bytes_than_the_file,
    bytes_are_limited_by_organisation,
    open_uploads_are_limited_by_organisation,
    requests_are_limited_by_organisation,
    a_disk_is_not_promised_away,
);

async fn begin(api: &Api, size: u64) -> Answer {
    let start = json!({ "brandId": "b", "title": "t", "fileName": "f", "fileSize": size, "mimeType": "video/mp4" });
    api.post("/clips/upload/init", &start).await
}

/// Gives up what an answer began.
async fn abort(api: &Api, begun: &Value) {
    let data = &begun["data"];
    let body = json!({ "clipId": data["clipId"], "uploadId": data["uploadId"], "key": data["key"] });
    assert_eq!(api.post("/clips/upload/abort", &body).await.status, 200);
}

async fn replaced_parts_go_at_once(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let mut upload = api.begin(2000).await;
    for seed in 0..4 {
        upload.parts = vec![some_bytes(seed, 2000)];
        upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
        assert_eq!(site.count_files("uploads"), 1);
    }
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn parts_have_no_more_bytes_than_the_file(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.begin(1000).await;
    let urls = api.presign(&upload, &[1, 2]).await;
    let put = |url: &str, size: usize| {
        let request = api.http.put(url).body(some_bytes(1, size));
        async move { Answer::of(request).await }
    };
    assert_eq!(put(&urls[0], 1000).await.status, 200);
    let answer = put(&urls[1], 1).await;
    assert_eq!(answer.error(), (413, "upload_too_large"));
    assert_eq!(site.count_files("uploads") + site.count_files("incoming"), 1);
    assert_eq!(put(&urls[0], 999).await.status, 200, "a part in the place of another one");
    assert_eq!(put(&urls[1], 1).await.status, 200);
}

async fn bytes_are_limited_by_organisation(mut site: Site) {
    let limit = |command: &mut std::process::Command| {
        command.args(["--organisation-bytes", "1MiB"]);
    };
    let mut server = site.start_with(limit);
    let api = site.api(&server);
    let begun = begin(&api, 700_000).await;
    assert_eq!(begun.status, 201);
    let refused = begin(&api, 700_000).await;
    assert_eq!(refused.error(), (409, "quota_exceeded"));
    assert!(refused.body["message"].as_str().is_some_and(|text| text.contains("1048576")), "{refused:?}");
    let other = api.with_key(&site.create_key("other"));
    assert_eq!(begin(&other, 700_000).await.status, 201);
    server.kill();
    let server = site.start_with(limit);
    let api = site.api(&server);
    assert_eq!(begin(&api, 700_000).await.status, 409, "it is counted again after a restart");
    abort(&api, &begun.body).await;
    assert_eq!(begin(&api, 700_000).await.status, 201);
    // What is deleted makes room.
    let upload = api.one_part(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    assert_eq!(begin(&api, 348_000).await.status, 409);
    let deleted = Answer::of(api.request(reqwest::Method::DELETE, &format!("/clips/{}", upload.clip))).await;
    assert_eq!(deleted.status, 200);
    assert_eq!(begin(&api, 348_000).await.status, 201);
}

async fn open_uploads_are_limited_by_organisation(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--organisation-uploads", "2"]);
    });
    let api = site.api(&server);
    let (first, upload) = (begin(&api, 10).await, api.one_part(1).await);
    assert_eq!(begin(&api, 10).await.error(), (409, "too_many_uploads"));
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    assert_eq!(begin(&api, 10).await.status, 201, "what is complete is no longer open");
    assert_eq!(begin(&api, 10).await.status, 409);
    abort(&api, &first.body).await;
    assert_eq!(begin(&api, 10).await.status, 201);
}

async fn requests_are_limited_by_organisation(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--organisation-requests", "5"]);
    });
    let api = site.api(&server);
    let answers = futures_util::future::join_all((0..24).map(|_| api.show("clip_x"))).await;
    let limited = answers.iter().find(|answer| answer.status == 429).expect("a limit");
    assert_eq!((limited.error(), limited.retry_after), ((429, "rate_limited"), Some(1)));
    assert_eq!(limited.body["code"], "rate_limited");
    assert!(answers.iter().all(|answer| [404, 429].contains(&answer.status)));
    let other = api.with_key(&site.create_key("other"));
    assert_eq!(other.show("clip_x").await.status, 404);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert_eq!(api.show("clip_x").await.status, 404);
}

/// Without any option, nobody can announce more than the disk has room for.
async fn a_disk_is_not_promised_away(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let tib = 1 << 40;
    let expected = if site.kind == Kind::OneMachine { (409, "storage_full") } else { (201, "") };
    for _ in 0..3 {
        assert_eq!(begin(&api, 5 * tib).await.error(), expected);
    }
    assert_eq!(begin(&api, 10).await.status, 201);
}
