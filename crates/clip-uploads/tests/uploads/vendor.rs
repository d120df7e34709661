//! A client that behaves as the vendor's own: the same requests, in the same order, and what it reads of the answers.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::api::{Answer, Api, MIN_PART, some_bytes};
use crate::site::{Kind, Site};

crate::on_every_site!(
    the_vendors_client_uploads,
    the_vendors_client_gives_up,
    ten_thousand_addresses_come_at_once_and_live_as_long_as_the_upload,
    clips_are_listed_a_page_at_a_time,
    a_deleted_clip_is_gone,
    what_is_not_done_here_is_said,
);

/// What the vendor's client does with every answer: it takes `data` of a success, and `error` and `code` of the rest.
async fn call(api: &Api, method: Method, path: &str, body: Option<Value>) -> Result<Value, (u16, String, String)> {
    let mut request = api.http.request(method, format!("{}{path}", api.url));
    request = request.bearer_auth(&api.key).header("x-source", "sdk");
    if let Some(body) = body {
        request = request.json(&body);
    }
    let answer = Answer::of(request).await;
    if (200..300).contains(&answer.status) {
        assert_eq!(answer.body["success"], true, "{answer:?}");
        return Ok(answer.body["data"].clone());
    }
    let text =
        |member: &str| answer.body[member].as_str().unwrap_or_else(|| panic!("no {member}: {answer:?}")).to_owned();
    assert!(!text("message").is_empty());
    Err((answer.status, text("error"), text("code")))
}

async fn init(api: &Api, size: usize) -> Value {
    let start = json!({
        "brandId": "brand", "title": "Title", "fileName": "clip.mp4", "fileSize": size, "mimeType": "video/mp4",
    });
    call(api, Method::POST, "/clips/upload/init", Some(start)).await.expect("an upload")
}

/// The whole upload, one part after the other, as the vendor's client does it.
async fn upload(api: &Api, parts: &[Vec<u8>]) -> String {
    let begun = init(api, parts.iter().map(Vec::len).sum()).await;
    let numbers: Vec<usize> = (1..=parts.len()).collect();
    let with = |extra: Value| {
        let mut body = json!({ "clipId": begun["clipId"], "uploadId": begun["uploadId"], "key": begun["key"] });
        body.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
        Some(body)
    };
    let presigned = call(api, Method::POST, "/clips/upload/presign", with(json!({ "partNumbers": numbers }))).await;
    let presigned = presigned.expect("addresses");
    let mut list = Vec::new();
    for (part, bytes) in presigned["presignedUrls"].as_array().expect("a list").iter().zip(parts) {
        // No credentials and no content type of its own; the ETag is kept with its quotes.
        let put = api.http.put(part["url"].as_str().expect("an address")).body(bytes.clone());
        let answer = put.send().await.expect("storage answers");
        assert_eq!(answer.status(), StatusCode::OK);
        let etag = answer.headers()["etag"].to_str().expect("text").to_owned();
        list.push(json!({ "partNumber": part["partNumber"], "etag": etag }));
    }
    let done = call(api, Method::POST, "/clips/upload/complete", with(json!({ "parts": list }))).await;
    assert_eq!(done.expect("a completion"), json!({ "clipId": begun["clipId"], "status": "processing" }));
    begun["clipId"].as_str().expect("an id").to_owned()
}

async fn the_vendors_client_uploads(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let parts = [some_bytes(1, MIN_PART), some_bytes(2, 1000)];
    let id = upload(&api, &parts).await;
    let clip = call(&api, Method::GET, &format!("/clips/{id}"), None).await.expect("a clip");
    for member in ["id", "name", "status", "createdAt", "updatedAt"] {
        assert!(clip[member].is_string(), "{clip}");
    }
    assert_eq!((&clip["id"], &clip["name"], &clip["status"]), (&json!(id), &json!("Title"), &json!("ready")));
    let bytes = api.http.get(clip["url"].as_str().expect("an address")).send().await.expect("storage answers");
    assert!(bytes.bytes().await.expect("bytes") == parts.concat());
}

async fn the_vendors_client_gives_up(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let begun = init(&api, 2000).await;
    let chosen = json!({ "clipId": begun["clipId"], "uploadId": begun["uploadId"], "key": begun["key"] });
    let mut complete = chosen.clone();
    complete["parts"] = json!([{ "partNumber": 1, "etag": "\"0123456789abcdef0123456789abcdef\"" }]);
    let failed = call(&api, Method::POST, "/clips/upload/complete", Some(complete)).await.expect_err("no part");
    assert_eq!((failed.0, failed.2.as_str()), (409, "upload_incomplete"));
    call(&api, Method::POST, "/clips/upload/abort", Some(chosen)).await.expect("given up");
    let wrong = api.with_key("sk-social-wrong-key");
    let refused = call(&wrong, Method::GET, "/clips/clip_x", None).await.expect_err("no key");
    assert_eq!((refused.0, refused.2.as_str()), (401, "unauthorized"));
    let invalid = call(&api, Method::POST, "/clips/upload/init", Some(json!({}))).await.expect_err("nothing");
    assert!([400, 422].contains(&invalid.0), "{invalid:?}");
}

async fn ten_thousand_addresses_come_at_once_and_live_as_long_as_the_upload(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--url-lifetime", "1s", "--upload-lifetime", "24h"]);
    });
    let api = site.api(&server);
    let begun = init(&api, 1_000_000).await;
    let mut body = json!({ "clipId": begun["clipId"], "uploadId": begun["uploadId"], "key": begun["key"] });
    // Addresses of S3 are signed by its own library, which takes ten times as long in a build for tests.
    let count = if site.kind == Kind::OneMachine { 10_000 } else { 1000 };
    body["partNumbers"] = (1..=count).collect();
    let presigned = call(&api, Method::POST, "/clips/upload/presign", Some(body)).await.expect("addresses");
    let urls = presigned["presignedUrls"].as_array().expect("a list");
    assert_eq!(urls.len(), count);
    tokio::time::sleep(std::time::Duration::from_millis(1200)).await;
    let put = api.http.put(urls[count - 1]["url"].as_str().expect("an address")).body("late").send().await;
    assert_eq!(put.expect("storage answers").status(), StatusCode::OK);
}

async fn clips_are_listed_a_page_at_a_time(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let empty = call(&api, Method::GET, "/clips", None).await.expect("a page");
    let none = json!({ "clips": [], "pagination": { "page": 1, "limit": 20, "total": 0, "totalPages": 0 } });
    assert_eq!(empty, none);
    let mut ids = vec![upload(&api, &[some_bytes(1, 100)]).await];
    for _ in 0..4 {
        ids.push(init(&api, 10).await["clipId"].as_str().expect("an id").to_owned());
    }
    let stranger = api.with_key(&site.create_key("stranger"));
    init(&stranger, 10).await;
    let mut seen = Vec::new();
    for page in 1..=3 {
        let found = call(&api, Method::GET, &format!("/clips?page={page}&limit=2"), None).await.expect("a page");
        assert_eq!(found["pagination"], json!({ "page": page, "limit": 2, "total": 5, "totalPages": 3 }));
        let clips = found["clips"].as_array().expect("a list");
        seen.extend(clips.iter().map(|clip| clip["id"].as_str().expect("an id").to_owned()));
        assert!(clips.iter().all(|clip| clip["url"].is_string() == (clip["status"] == "ready")), "{clips:?}");
    }
    seen.sort();
    ids.sort();
    assert_eq!(seen, ids);
    let beyond = call(&api, Method::GET, "/clips?page=9", None).await.expect("a page");
    assert_eq!(beyond["clips"], json!([]));
    for query in ["page=0", "limit=0", "limit=101", "page=x"] {
        let refused = call(&api, Method::GET, &format!("/clips?{query}"), None).await.expect_err("no page");
        assert!([400, 422].contains(&refused.0), "{refused:?}");
    }
}

/// S3 tells whoever may not list a bucket that what is not there is forbidden.
async fn is_gone(api: &Api, url: &str) -> bool {
    let status = api.http.get(url).send().await.expect("storage answers").status();
    [StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&status)
}

async fn a_deleted_clip_is_gone(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let (id, open) = (upload(&api, &[some_bytes(1, 100)]).await, api.one_part(3).await);
    let stranger = api.with_key(&site.create_key("stranger"));
    let path = format!("/clips/{id}");
    let url = api.show(&id).await.body["data"]["url"].as_str().expect("an address").to_owned();
    assert_eq!(call(&stranger, Method::DELETE, &path, None).await.expect_err("not theirs").0, 404);
    call(&api, Method::DELETE, &path, None).await.expect("deleted");
    call(&api, Method::DELETE, &format!("/clips/{}", open.clip), None).await.expect("deleted");
    assert_eq!(call(&api, Method::GET, &path, None).await.expect_err("gone").0, 404);
    assert_eq!(call(&api, Method::DELETE, &path, None).await.expect_err("gone").0, 404);
    assert_eq!(api.complete(&open, &open.list()).await.status, 404);
    assert!(is_gone(&api, &url).await);
    assert_eq!(call(&api, Method::GET, "/clips", None).await.expect("a page")["pagination"]["total"], 0);
    assert_eq!(site.count_files("objects") + site.count_files("uploads"), 0);
    // What cannot be deleted now is deleted later.
    let id = upload(&api, &[some_bytes(2, 100)]).await;
    let url = api.show(&id).await.body["data"]["url"].as_str().expect("an address").to_owned();
    site.set_faults("delete fail\n");
    call(&api, Method::DELETE, &format!("/clips/{id}"), None).await.expect("deleted");
    assert_eq!(api.http.get(&url).send().await.expect("storage answers").status(), 200);
    site.set_faults("");
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert!(is_gone(&api, &url).await);
    // One that is being completed has to end first.
    let busy = api.one_part(5).await;
    site.set_faults("complete delay:1500\n");
    let list = busy.list();
    let (completed, refused) = tokio::join!(api.complete(&busy, &list), async {
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
        call(&api, Method::DELETE, &format!("/clips/{}", busy.clip), None).await
    });
    assert_eq!((completed.status, refused.expect_err("busy").2.as_str()), (200, "in_progress"));
    api.assert_whole(&busy).await;
}

async fn what_is_not_done_here_is_said(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let id = upload(&api, &[some_bytes(1, 100)]).await;
    let import = json!({ "url": "https://videos.example/a.mp4", "name": "a" });
    let refused = call(&api, Method::POST, "/clips/import-url", Some(import)).await.expect_err("not here");
    assert_eq!((refused.0, refused.2.as_str()), (501, "not_implemented"));
    let refused = call(&api, Method::POST, &format!("/clips/{id}/render"), None).await.expect_err("not here");
    assert_eq!((refused.0, refused.2.as_str()), (501, "not_implemented"));
    let unknown = call(&api, Method::POST, "/clips/clip_x/render", None).await.expect_err("no clip");
    assert_eq!(unknown.0, 404);
}
