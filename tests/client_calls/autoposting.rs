//! The client of the Autoposting API: `completeClipUpload` in all that can come of it.

use std::time::Duration;

use autoposting_client::Call as _;
use autoposting_client::runtime::{ErrorReport, Retries};
use autoposting_client::types::{
    CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, CompleteClipUploadError, new,
};
use autoposting_client::{Client, ClientBuilder, Error};
use serde_json::json;
use wiremock::matchers::{any, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::{header, only, received, serving, target, text};

const SECRET: &str = "sk-social-hush";

fn builder(server: &MockServer) -> ClientBuilder {
    Client::builder().base_url(server.uri()).bearer_auth(SECRET)
}

fn body() -> CompleteClipUploadBody {
    let part = CompleteClipUploadBodyPartsItem::new().with_part_number(1).with_e_tag("abc");
    new::CompleteClipUploadBody { clip_id: "clip".into(), upload_id: "upload".into(), parts: vec![part] }.into()
}

fn refusal() -> serde_json::Value {
    json!({"success": false, "error": "unauthorized", "message": "Missing or invalid API key."})
}

/// The error of one call to a server that answers so.
async fn error(answer: ResponseTemplate) -> Error<CompleteClipUploadError> {
    let server = serving(answer).await;
    let client = builder(&server).build().expect("a client");
    client.complete_clip_upload().body(body()).send().await.expect_err("no success")
}

#[tokio::test]
async fn integers_may_be_written_with_a_fraction_or_an_exponent() {
    let clip = r#"{"success": true, "data": {"id": "c", "name": "n", "status": "ready", "brandId": "b", "fileName": "f",
        "fileSize": 1.5e3, "mimeType": "m", "uploadId": "u", "key": "k", "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z"}}"#;
    let server = serving(ResponseTemplate::new(200).set_body_raw(clip, "application/json")).await;
    let client = builder(&server).build().expect("a client");
    let answer = client.get_clip().id("c").send().await.expect("a success");
    assert_eq!(answer.data.file_size, Some(1500));
}

#[tokio::test]
async fn all_clips_come_page_by_page() {
    let server = MockServer::start().await;
    let page = |request: &wiremock::Request| {
        let number = request
            .url
            .query_pairs()
            .find(|(name, _)| name == "page")
            .map_or(1, |(_, text)| text.parse().expect("a number"));
        let ids = match number {
            1 => vec!["a", "b"],
            2 => vec!["c"],
            _ => vec![],
        };
        let clips: Vec<_> = ids
            .into_iter()
            .map(|id| {
                json!({"id": id, "name": id, "status": "ready", "createdAt": "2026-01-01T00:00:00Z",
                    "updatedAt": "2026-01-01T00:00:00Z"})
            })
            .collect();
        let pagination = json!({"page": number, "limit": 2, "total": 3, "totalPages": 2, "hasMore": number < 2});
        let data = json!({"clips": clips, "pagination": pagination});
        ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": data}))
    };
    Mock::given(path("/clips")).respond_with(page).mount(&server).await;
    let client = builder(&server).build().expect("a client");
    let mut clips = client.list_clips().limit(2).items();
    let mut seen = Vec::new();
    while let Some(clip) = clips.next().await {
        seen.push(clip.expect("a clip").id);
    }
    assert_eq!(seen, ["a", "b", "c"]);
    let asked: Vec<String> = received(&server).await.iter().map(target).collect();
    assert_eq!(asked, ["/clips?limit=2", "/clips?limit=2&page=2", "/clips?limit=2&page=3"]);
    let pages = client.list_clips().pages().limit(1).collect().await.expect("a page");
    assert_eq!(pages.len(), 1);
}

#[tokio::test]
async fn a_completion_is_sent_and_answered() {
    let server = serving(ResponseTemplate::new(200).set_body_json(json!({"success": true, "data": {"a": 1}}))).await;
    let client = builder(&server).build().expect("a client");
    let answer = client.complete_clip_upload().body(body()).send().await.expect("a success");
    assert_eq!((answer.status().as_u16(), answer.success), (200, Some(true)));
    let request = only(&server).await;
    assert_eq!((request.method.as_str(), target(&request).as_str()), ("POST", "/clips/upload/complete"));
    assert_eq!(header(&request, "authorization"), "Bearer sk-social-hush");
    assert_eq!(header(&request, "accept"), "application/json");
    assert_eq!(header(&request, "content-type"), "application/json");
    assert!(header(&request, "user-agent").starts_with("autoposting-client/"));
    assert!(!request.headers.contains_key("api-version") && !request.headers.contains_key("x-api-key"));
    assert_eq!(text(&request), r#"{"clipId":"clip","uploadId":"upload","parts":[{"partNumber":1,"eTag":"abc"}]}"#);
}

#[tokio::test]
async fn the_key_goes_into_its_header() {
    let server = serving(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let client = Client::builder().base_url(server.uri()).api_key_header(SECRET).build().expect("a client");
    client.complete_clip_upload().body(body()).send().await.expect("a success");
    let request = only(&server).await;
    assert_eq!((header(&request, "x-api-key"), header(&request, "authorization")), (SECRET, ""));
}

#[tokio::test]
async fn every_documented_error_is_decoded_by_its_status() {
    let documented = autoposting_client::builder::CompleteClipUpload::OPERATION.error;
    let statuses = documented.iter().cloned().flatten().filter(|status| *status >= 400);
    let mut count = 0;
    for status in statuses {
        let answer = ResponseTemplate::new(status).insert_header("retry-after", "1").set_body_json(refusal());
        let error = error(answer).await;
        let Error::ErrorResponse(answer) = error else { panic!("{status}: {error}") };
        assert_eq!((answer.status().as_u16(), CompleteClipUploadError::status(&answer)), (status, status));
        count += 1;
    }
    assert!(count >= 1, "the document describes errors");
}

#[tokio::test]
async fn an_undocumented_status_keeps_everything() {
    let answer = ResponseTemplate::new(418).insert_header("x-more", "1").set_body_raw("teapot", "text/plain");
    let error = error(answer).await;
    let report = error.report();
    assert!(report.what().contains("/clips/upload/complete answered 418"), "{report}");
    let Error::UnexpectedResponse(response) = error else { panic!("{error}") };
    assert_eq!((response.status().as_u16(), response.headers()["x-more"].as_bytes()), (418, &b"1"[..]));
    assert_eq!(response.bytes().as_ref(), b"teapot");
}

#[tokio::test]
async fn a_documented_status_with_another_body_keeps_what_came() {
    let error = error(ResponseTemplate::new(401).set_body_raw("<p>no</p>", "text/html")).await;
    let Error::InvalidResponsePayload(raw, misfit) = error else { panic!("{error}") };
    assert_eq!((raw.status().as_u16(), raw.bytes().as_ref()), (401, &b"<p>no</p>"[..]));
    assert!(misfit.to_string().starts_with("the body is HTML or XML"), "{misfit}");
}

#[tokio::test]
async fn a_malformed_success_is_an_invalid_payload() {
    let error = error(ResponseTemplate::new(200).set_body_raw("{\"success\": ", "application/json")).await;
    assert!(matches!(&error, Error::InvalidResponsePayload(raw, _) if &**raw.bytes() == b"{\"success\": "), "{error}");
}

#[tokio::test]
async fn nothing_that_is_printed_holds_the_secret() {
    let server = serving(ResponseTemplate::new(401).set_body_json(refusal())).await;
    let builder = builder(&server).api_key_header(SECRET);
    let client = builder.clone().build().expect("a client");
    let request = client.complete_clip_upload().body(body());
    let printed = format!("{builder:?} {client:?} {client:#?} {request:?}");
    let error = request.send().await.expect_err("refused");
    let printed = format!("{printed} {error} {error:?} {error:#} {}", error.report());
    assert!(!printed.contains("hush"), "{printed}");
}

#[tokio::test]
async fn another_origin_sees_no_credentials() {
    let other = serving(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let moved = ResponseTemplate::new(307).insert_header("location", format!("{}/there", other.uri()));
    let server = serving(moved).await;
    let client = Client::builder().base_url(server.uri()).api_key_header(SECRET).build().expect("a client");
    client.complete_clip_upload().body(body()).send().await.expect("a success");
    assert_eq!(header(&only(&server).await, "x-api-key"), SECRET);
    let request = only(&other).await;
    assert_eq!((request.method.as_str(), target(&request).as_str()), ("POST", "/there"));
    assert!(!format!("{:?}", request.headers).contains("hush"), "{:?}", request.headers);
    assert!(!text(&request).is_empty());
}

#[tokio::test]
async fn the_same_origin_is_followed_with_credentials() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(308).insert_header("location", "/there");
    Mock::given(path("/clips/upload/complete")).respond_with(moved).mount(&server).await;
    Mock::given(path("/there")).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    let client = builder(&server).build().expect("a client");
    client.complete_clip_upload().body(body()).send().await.expect("a success");
    assert_eq!(header(&received(&server).await[1], "authorization"), "Bearer sk-social-hush");
}

#[tokio::test]
async fn redirects_end() {
    let server = serving(ResponseTemplate::new(307).insert_header("location", "/again")).await;
    let client = builder(&server).build().expect("a client");
    let error = client.complete_clip_upload().body(body()).send().await.expect_err("no success");
    assert!(matches!(&error, Error::UnexpectedResponse(response) if response.status() == 307), "{error}");
    assert_eq!(received(&server).await.len(), 11);
}

#[tokio::test]
async fn a_request_is_repeated_when_that_is_allowed() {
    let server = MockServer::start().await;
    let busy = ResponseTemplate::new(503).insert_header("retry-after", "0");
    Mock::given(any()).respond_with(busy).up_to_n_times(2).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200).set_body_json(json!({}))).mount(&server).await;
    let once = builder(&server).retries(Retries::up_to(3)).build().expect("a client");
    once.complete_clip_upload().body(body()).send().await.expect_err("POST is not repeated");
    let retries = Retries::up_to(3).allow("completeClipUpload");
    let again = builder(&server).retries(retries).build().expect("a client");
    again.complete_clip_upload().body(body()).send().await.expect("a success");
    let requests = received(&server).await;
    assert_eq!(requests.len(), 3);
    assert_eq!(text(&requests[2]), text(&requests[0]));
}

#[tokio::test]
async fn a_slow_server_is_given_up() {
    let server = serving(ResponseTemplate::new(200).set_delay(Duration::from_secs(30))).await;
    let client = builder(&server).timeout(Duration::from_millis(100)).build().expect("a client");
    let error = client.complete_clip_upload().body(body()).send().await.expect_err("no answer");
    assert!(matches!(&error, Error::CommunicationError(reason) if reason.is_timeout()), "{error}");
    assert!(error.report().hint().expect("a hint").contains(".timeout(..)"));
}

#[tokio::test]
async fn an_own_http_client_is_used() {
    let server = serving(ResponseTemplate::new(200).set_body_json(json!({}))).await;
    let own = reqwest::Client::builder().user_agent("own").build().expect("an HTTP client");
    let client = builder(&server).http_client(own).build().expect("a client");
    client.complete_clip_upload().body(body()).send().await.expect("a success");
    assert_eq!(header(&only(&server).await, "user-agent"), "own");
}

/// An implementation of the API is a fake of it: no socket is opened.
#[tokio::test]
async fn a_router_in_the_same_process_answers() {
    use autoposting_client::runtime::Transport;

    let clip = r#"{"success":true,"data":{"clipId":"c1","uploadId":"u","status":"uploading","filename":"a.mp4"}}"#;
    let json = [("content-type", "application/json")];
    let router = axum::Router::new().route("/clips/{id}", axum::routing::get(move || async move { (json, clip) }));
    let client = Client::builder()
        .base_url("http://in-process.invalid")
        .transport(Transport::in_process(router))
        .bearer_auth("k")
        .build()
        .expect("a client");
    let answer = client.get_clip().id("c1").send_raw().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.bytes().as_ref()), (200, clip.as_bytes()));
    let missing = client.init_clip_upload().send_raw().await.expect_err("no body").to_string();
    assert_eq!(missing, "the request was not sent: `body` is missing");
}
