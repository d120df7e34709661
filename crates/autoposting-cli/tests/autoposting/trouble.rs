//! Uploads to servers that fail, stall or lie.

use std::process::Stdio;
use std::time::Duration;

use serde_json::json;
use wiremock::matchers::{method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::program::{Home, ended};

const KEY: &str = "sk-social-of-this-test-4321";
/// The MD5 of the file that every test here uploads, of one part.
const MD5: &str = "5d41402abc4b2a76b9719d911017c592";
/// The MD5 of that MD5's bytes, with the number of parts.
const WHOLE: &str = "62109206880d38a4010a98e11243924a-1";

/// A server that begins uploads and names itself as the place of their parts.
async fn server() -> MockServer {
    let server = MockServer::start().await;
    let upload = json!({"success": true, "data": {"clipId": "clip_1", "uploadId": "u", "key": "k"}});
    answer(&server, "POST", "/clips/upload/init", ResponseTemplate::new(201).set_body_json(upload)).await;
    let url = format!("{}/part?signature=hush", server.uri());
    let urls = json!({"success": true, "data": {"presignedUrls": [{"partNumber": 1, "url": url}]}});
    answer(&server, "POST", "/clips/upload/presign", ResponseTemplate::new(200).set_body_json(urls)).await;
    server
}

async fn answer(server: &MockServer, verb: &str, at: &str, answer: ResponseTemplate) {
    Mock::given(method(verb)).and(path(at)).respond_with(answer).with_priority(9).mount(server).await;
}

/// The first `times` answers; others follow.
async fn at_first(server: &MockServer, verb: &str, at: &str, times: u64, answer: ResponseTemplate) {
    Mock::given(method(verb))
        .and(path(at))
        .respond_with(answer)
        .up_to_n_times(times)
        .with_priority(1)
        .mount(server)
        .await;
}

fn stored() -> ResponseTemplate {
    ResponseTemplate::new(200).insert_header("ETag", format!("\"{MD5}\""))
}

fn clip(e_tag: &str) -> ResponseTemplate {
    let clip = json!({
        "id": "clip_1", "name": "n", "status": "ready", "brandId": "b", "fileName": "hello", "fileSize": 5,
        "mimeType": "video/mp4", "uploadId": "u", "key": "k", "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z", "eTag": e_tag,
    });
    ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": clip}))
}

fn completed() -> ResponseTemplate {
    ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": {"clipId": "clip_1"}}))
}

/// A home with the file `hello`.
fn home(server: &MockServer) -> Home {
    let home = Home::new(&server.uri(), Some(KEY));
    let mut file = tempfile::NamedTempFile::new_in(home.folder.path()).expect("a file");
    std::io::Write::write_all(&mut file, b"hello").expect("written");
    file.persist(home.folder.path().join("hello")).expect("named");
    home
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_of_storage_and_of_the_completion_are_tried_again() {
    let server = server().await;
    at_first(&server, "PUT", "/part", 1, ResponseTemplate::new(503)).await;
    answer(&server, "PUT", "/part", stored()).await;
    let busy = json!({"success": false, "error": "in_progress", "message": "it is being completed"});
    at_first(&server, "POST", "/clips/upload/complete", 1, ResponseTemplate::new(409).set_body_json(busy)).await;
    answer(&server, "POST", "/clips/upload/complete", completed()).await;
    answer(&server, "GET", "/clips/clip_1", clip(WHOLE)).await;
    let done = home(&server).run(["clips", "upload", "hello", "--brand-id", "b", "-o", "json"]);
    assert_eq!(done.json()["eTag"], WHOLE);
    let requests = server.received_requests().await.expect("recorded");
    let count = |at: &str| requests.iter().filter(|request| request.url.path() == at).count();
    assert_eq!((count("/part"), count("/clips/upload/complete"), count("/clips/upload/abort")), (2, 2, 0));
    let part = requests.iter().find(|request| request.url.path() == "/part").expect("sent");
    assert!(part.headers.get("authorization").is_none(), "storage must not see the API key");
    assert_eq!(part.headers["content-length"], "5");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_that_is_refused_is_replaced() {
    let server = server().await;
    at_first(&server, "PUT", "/part", 1, ResponseTemplate::new(403)).await;
    answer(&server, "PUT", "/part", stored()).await;
    answer(&server, "POST", "/clips/upload/complete", completed()).await;
    answer(&server, "GET", "/clips/clip_1", clip(WHOLE)).await;
    let done = home(&server).run(["clips", "upload", "hello", "--brand-id", "b"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests.iter().filter(|request| request.url.path() == "/clips/upload/presign").count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clip_that_is_not_the_file_is_an_error() {
    let server = server().await;
    answer(&server, "PUT", "/part", stored()).await;
    answer(&server, "POST", "/clips/upload/complete", completed()).await;
    answer(&server, "GET", "/clips/clip_1", clip("00000000000000000000000000000000-1")).await;
    let lied = home(&server).run(["clips", "upload", "hello", "--brand-id", "b"]);
    assert_eq!(lied.code, Some(4), "{lied:?}");
    assert!(lied.stderr.contains("is not the file"), "{lied:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interruption_says_how_to_go_on() {
    let server = server().await;
    answer(&server, "PUT", "/part", stored().set_delay(Duration::from_secs(120))).await;
    let home = home(&server);
    let mut command = home.command();
    command.args(["clips", "upload", "hello", "--brand-id", "b"]).stderr(Stdio::piped()).stdout(Stdio::piped());
    let process = command.spawn().expect("started");
    while !server.received_requests().await.expect("recorded").iter().any(|request| request.url.path() == "/part") {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let interrupted = std::process::Command::new("kill").args(["-INT", &process.id().to_string()]).status();
    assert!(interrupted.expect("sent").success());
    let done = ended(&process.wait_with_output().expect("ended"));
    assert_eq!(done.code, Some(130), "{done:?}");
    assert!(done.stderr.contains("autoposting clips upload hello --resume clip_1"), "{done:?}");
    for secret in [KEY, "hush"] {
        assert!(!format!("{done:?}").contains(secret), "{done:?}");
    }
}

/// A server that refuses an address while the body is still being sent is not always heard: the connection breaks. The
/// dead address is not tried again and again; what the API says about the upload ends it.
#[tokio::test(flavor = "multi_thread")]
async fn an_address_on_which_the_connection_breaks_is_not_repeated() {
    let server = MockServer::start().await;
    let upload = json!({"success": true, "data": {"clipId": "clip_1", "uploadId": "u", "key": "k"}});
    answer(&server, "POST", "/clips/upload/init", ResponseTemplate::new(201).set_body_json(upload)).await;
    let url = "http://127.0.0.1:1/part?signature=hush";
    let urls = json!({"success": true, "data": {"presignedUrls": [{"partNumber": 1, "url": url}]}});
    let presign = "/clips/upload/presign";
    at_first(&server, "POST", presign, 1, ResponseTemplate::new(200).set_body_json(urls)).await;
    let gone = json!({"success": false, "error": "upload_expired", "message": "The upload has expired."});
    answer(&server, "POST", presign, ResponseTemplate::new(410).set_body_json(gone)).await;
    let done = home(&server).run(["clips", "upload", "hello", "--brand-id", "b"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.contains("The upload has expired"), "{done:?}");
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests.iter().filter(|request| request.url.path() == presign).count(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_download_is_held_against_the_parts_that_were_uploaded() {
    let server = MockServer::start().await;
    let shown = |e_tag: &str| {
        let clip = json!({
            "id": "clip_1", "name": "n", "status": "ready", "fileName": "hello", "fileSize": 5,
            "createdAt": "2026-01-01T00:00:00Z", "updatedAt": "2026-01-01T00:00:00Z",
            "url": format!("{}/bytes", server.uri()),
            "parts": [{"partNumber": 1, "eTag": e_tag, "size": 5}],
        });
        ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": clip}))
    };
    answer(&server, "GET", "/bytes", ResponseTemplate::new(200).set_body_string("hello")).await;
    at_first(&server, "GET", "/clips/clip_1", 1, shown("00000000000000000000000000000000")).await;
    answer(&server, "GET", "/clips/clip_1", shown(MD5)).await;
    let home = home(&server);
    let damaged = home.run(["clips", "download", "clip_1", "--to", "copy"]);
    assert_eq!(damaged.code, Some(4), "{damaged:?}");
    assert!(damaged.stderr.contains("part 1 of the clip is not what was uploaded"), "{damaged:?}");
    assert!(!home.folder.path().join("copy").exists());
    assert_eq!(home.run(["clips", "download", "clip_1", "--to", "copy"]).code, Some(0));
}

/// An answer that does not fit the document is the same when it is asked for again: it is told at once.
#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_cannot_be_read_is_not_asked_for_again() {
    let server = server().await;
    answer(&server, "PUT", "/part", stored()).await;
    answer(&server, "POST", "/clips/upload/complete", completed()).await;
    let unreadable = json!({"success": true, "data": {"id": 7}});
    answer(&server, "GET", "/clips/clip_1", ResponseTemplate::new(200).set_body_json(unreadable)).await;
    let done = home(&server).run(["clips", "upload", "hello", "--brand-id", "b"]);
    assert_eq!(done.code, Some(1), "{done:?}");
    assert!(done.stderr.contains("is not what its document says"), "{done:?}");
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(requests.iter().filter(|request| request.url.path() == "/clips/clip_1").count(), 1);
}
