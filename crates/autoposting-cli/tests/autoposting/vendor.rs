//! A server that answers as the vendor's does: a clip with five members and no word about its upload, errors with `code`
//! beside `error`, statuses that no document lists.

use serde_json::{Value, json};
use wiremock::matchers::{body_partial_json, header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::program::Home;

const KEY: &str = "sk-social-of-this-test-4321";
const MD5: &str = "5d41402abc4b2a76b9719d911017c592";

fn ok(data: &Value) -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({ "success": true, "data": data }))
}

fn clip(status: &str, extra: &Value) -> Value {
    let mut clip = json!({
        "id": "clip_1", "name": "hello", "status": status, "createdAt": "2026-01-01T00:00:00.000Z",
        "updatedAt": "2026-01-01T00:00:00.000Z",
    });
    clip.as_object_mut().expect("an object").extend(extra.as_object().expect("an object").clone());
    clip
}

/// The vendor's server, with an upload of one part.
async fn vendor() -> MockServer {
    let server = MockServer::start().await;
    let chosen = json!({ "clipId": "clip_1", "uploadId": "u", "key": "k" });
    let begun = ResponseTemplate::new(201).set_body_json(json!({ "success": true, "data": chosen }));
    let start = json!({ "brandId": "b", "title": "hello", "fileName": "hello", "fileSize": 5 });
    mount(&server, "POST", "/clips/upload/init", start, begun).await;
    let urls =
        json!({ "presignedUrls": [{ "partNumber": 1, "url": format!("{}/part?signature=hush", server.uri()) }] });
    let mut wanted = chosen.clone();
    wanted["partNumbers"] = json!([1]);
    mount(&server, "POST", "/clips/upload/presign", wanted, ok(&urls)).await;
    let stored = ResponseTemplate::new(200).insert_header("ETag", format!("\"{MD5}\""));
    Mock::given(method("PUT")).and(path("/part")).respond_with(stored).mount(&server).await;
    let mut complete = chosen.clone();
    complete["parts"] = json!([{ "partNumber": 1, "etag": MD5 }]);
    let done = ok(&json!({ "clipId": "clip_1", "status": "processing" }));
    mount(&server, "POST", "/clips/upload/complete", complete, done).await;
    server
}

async fn mount(server: &MockServer, verb: &str, at: &str, body: Value, answer: ResponseTemplate) {
    let known = Mock::given(method(verb)).and(path(at)).and(header("authorization", format!("Bearer {KEY}").as_str()));
    known.and(body_partial_json(body)).respond_with(answer).mount(server).await;
}

async fn shows(server: &MockServer, times: u64, clip: Value) {
    let shown = Mock::given(method("GET")).and(path("/clips/clip_1")).respond_with(ok(&clip));
    shown.up_to_n_times(times).mount(server).await;
}

fn home(server: &MockServer) -> Home {
    let home = Home::new(&server.uri(), None);
    #[expect(clippy::disallowed_methods, reason = "a scratch file of this test")]
    std::fs::write(home.folder.path().join("hello"), "hello").expect("room");
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn a_video_is_uploaded_to_the_vendor_and_comes_back() {
    let server = vendor().await;
    shows(&server, 1, clip("processing", &json!({}))).await;
    shows(&server, 1, clip("analysing", &json!({}))).await;
    let url = format!("{}/bytes?signature=hush", server.uri());
    shows(&server, 9, clip("ready", &json!({ "duration": 1.5, "url": url }))).await;
    Mock::given(method("GET"))
        .and(path("/bytes"))
        .respond_with(ResponseTemplate::new(200).set_body_string("hello"))
        .mount(&server)
        .await;
    let home = home(&server);
    // The variable that the vendor's own client reads.
    let run = |arguments: &[&str]| {
        crate::program::ended(
            &home.command().env("AUTOPOSTING_API_KEY", KEY).args(arguments).output().expect("started"),
        )
    };
    let up = run(&["clips", "upload", "hello", "--brand-id", "b", "-o", "json"]);
    let shown = up.json();
    assert_eq!((&shown["status"], &shown["duration"]), (&json!("ready"), &json!(1.5)));
    let down = run(&["clips", "download", "clip_1", "--to", "copy"]);
    assert_eq!(down.code, Some(0), "{down:?}");
    assert_eq!(std::fs::read_to_string(home.folder.path().join("copy")).expect("there"), "hello");
    let order: Vec<String> = server.received_requests().await.expect("recorded").iter().take(4).map(place).collect();
    let expected =
        ["POST /clips/upload/init", "POST /clips/upload/presign", "PUT /part", "POST /clips/upload/complete"];
    assert_eq!(order, expected);
}

fn place(request: &Request) -> String {
    format!("{} {}", request.method, request.url.path())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_vendors_errors_are_told() {
    let server = MockServer::start().await;
    let refused = json!({ "success": false, "error": "The clip was not found", "code": "CLIP_NOT_FOUND" });
    let answer = ResponseTemplate::new(404).set_body_json(refused);
    Mock::given(method("GET")).and(path("/clips/clip_2")).respond_with(answer).mount(&server).await;
    let home = Home::new(&server.uri(), Some(KEY));
    let shown = home.run(["clips", "get-clip", "--id", "clip_2"]);
    assert_eq!(shown.code, Some(1), "{shown:?}");
    assert!(shown.stderr.contains("The clip was not found"), "{shown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn clips_are_listed_and_deleted() {
    let server = MockServer::start().await;
    let pagination = json!({ "page": 1, "limit": 20, "total": 1, "totalPages": 1 });
    let page = json!({ "clips": [clip("rendered", &json!({ "renderedUrl": "https://a.example/b" }))], "pagination": pagination });
    Mock::given(method("GET")).and(path("/clips")).respond_with(ok(&page)).mount(&server).await;
    let deleted = ResponseTemplate::new(200).set_body_json(json!({ "success": true }));
    Mock::given(method("DELETE")).and(path("/clips/clip_1")).respond_with(deleted).mount(&server).await;
    let home = Home::new(&server.uri(), Some(KEY));
    let listed = home.run(["clips", "list-clips", "-o", "json"]).json();
    assert_eq!(listed["data"]["clips"][0]["status"], "rendered");
    assert_eq!(home.run(["clips", "delete-clip", "--id", "clip_1"]).code, Some(0));
}

#[test]
fn a_key_of_ones_own_service_is_not_sent_to_the_vendor() {
    let home = Home::new("", None);
    let key = format!("sk-social-key{}-{}", "a".repeat(26), "0".repeat(64));
    let mut command = home.command();
    command.env_remove("AUTOPOSTING_BASE_URL").env("AUTOPOSTING_API_KEY", key);
    let refused = crate::program::ended(&command.args(["clips", "get-clip", "--id", "x"]).output().expect("started"));
    assert_eq!(refused.code, Some(2), "{refused:?}");
    assert!(refused.stderr.contains("--base-url"), "{refused:?}");
}
