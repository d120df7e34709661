//! The Autoposting server.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use autoposting_server::types::{self, ApiKeyHeader, BearerAuth};
use autoposting_server::{
    AbortClipUploadRequest, AuthContext, AuthError, Authenticator, ClipsApi, CompleteClipUploadRequest,
    DeleteClipRequest, GetClipRequest, ImportClipRequest, InitClipUploadRequest, ListClipsRequest,
    PresignClipUploadPartsRequest, RejectWith, Rejection, RenderClipRequest, RouterOptions, ServerError, axum,
};

use crate::harness::{Running, serve};

const PATH: &str = "/clips/upload/complete";
const JSON: (&str, &str) = ("content-type", "application/json");
const BEARER: (&str, &str) = ("authorization", "Bearer good");
const GOOD: &str = r#"{"clipId": "c", "uploadId": "u", "parts": [{"partNumber": 1, "eTag": "abc"}]}"#;

/// Knows the key `good`, and knows `suspended` too well.
struct Keys;

impl Authenticator for Keys {
    type Principal = String;

    async fn bearer_auth(&self, credential: BearerAuth, context: &AuthContext<'_>) -> Result<String, AuthError> {
        assert_eq!(context.operation.id, "completeClipUpload");
        match credential.expose() {
            "good" => Ok("by bearer".to_owned()),
            "suspended" => Err(AuthError::Forbidden("billing_suspended".into())),
            "down" => Err(AuthError::Failed(ServerError::unavailable("SECRET database is down"))),
            _ => Err(AuthError::invalid()),
        }
    }

    async fn api_key_header(&self, credential: ApiKeyHeader, _: &AuthContext<'_>) -> Result<String, AuthError> {
        if credential.expose() == "good" { Ok("by key".to_owned()) } else { Err(AuthError::invalid()) }
    }
}

/// Counts its calls, and does as the upload's id says.
#[derive(Default)]
struct Clips(Arc<AtomicUsize>);

impl ClipsApi for Clips {
    type Principal = String;

    async fn complete_clip_upload(
        &self,
        request: CompleteClipUploadRequest<String>,
    ) -> Result<types::CompleteClipUploadResponse, ServerError> {
        self.0.fetch_add(1, Ordering::SeqCst);
        assert!(!format!("{:?}", request.head.headers).contains("good"), "credentials are marked as secrets");
        match request.body.upload_id.as_str() {
            "missing" => {
                let error = types::ClipsErrorResponse::new().with_error("not_found");
                Ok(types::CompleteClipUploadResponse::Status404(error))
            }
            "broken" => Err(std::io::Error::other("SECRET path"))?,
            _ => {
                let data = serde_json::Map::from_iter([("by".to_owned(), request.principal.into())]);
                let body = types::SuccessEnvelope::new().with_success(true).with_data(data);
                Ok(types::CompleteClipUploadResponse::Status200(body))
            }
        }
    }

    async fn init_clip_upload(
        &self,
        _: InitClipUploadRequest<String>,
    ) -> Result<types::InitClipUploadResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn presign_clip_upload_parts(
        &self,
        _: PresignClipUploadPartsRequest<String>,
    ) -> Result<types::PresignClipUploadPartsResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn abort_clip_upload(
        &self,
        _: AbortClipUploadRequest<String>,
    ) -> Result<types::AbortClipUploadResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn get_clip(&self, _: GetClipRequest<String>) -> Result<types::GetClipResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn list_clips(&self, _: ListClipsRequest<String>) -> Result<types::ListClipsResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn delete_clip(&self, _: DeleteClipRequest<String>) -> Result<types::DeleteClipResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn import_clip(&self, _: ImportClipRequest<String>) -> Result<types::ImportClipResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }

    async fn render_clip(&self, _: RenderClipRequest<String>) -> Result<types::RenderClipResponse, ServerError> {
        Err(ServerError::new("not part of this test"))
    }
}

impl RejectWith<types::ClipsErrorResponse> for Clips {
    fn reject(&self, rejection: &Rejection) -> types::ClipsErrorResponse {
        let violations = rejection.violations().iter().map(|one| {
            types::RequestViolation::from(types::new::RequestViolation {
                location: one.location.to_string(),
                pointer: one.pointer.clone(),
                code: one.code.as_ref().to_owned(),
                message: one.message.clone(),
            })
        });
        let error = types::ClipsErrorResponse::new().with_success(false).with_error(rejection.code());
        error.with_message(rejection.detail()).with_violations(violations.collect())
    }
}

async fn running() -> (Running, Arc<AtomicUsize>) {
    let calls = Arc::new(AtomicUsize::new(0));
    let options = RouterOptions::default().body_limit(20_000);
    (serve(autoposting_server::router_with(Clips(Arc::clone(&calls)), Keys, options)).await, calls)
}

#[tokio::test]
async fn a_good_request_is_served_with_either_credential() {
    let (server, _) = running().await;
    for (header, by) in [(BEARER, "by bearer"), (("x-api-key", "good"), "by key")] {
        let answer = server.send("POST", PATH, &[JSON, header], GOOD).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        assert_eq!(answer.header("content-type"), "application/json");
        assert_eq!(answer.json(), serde_json::json!({"success": true, "data": {"by": by}}));
    }
    // One credential that is not good does not take the other one's place.
    let answer = server.send("POST", PATH, &[JSON, ("authorization", "Bearer bad"), ("x-api-key", "good")], GOOD).await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn who_is_unknown_is_told_so_in_the_documented_schema_before_the_body_is_read() {
    let (server, calls) = running().await;
    for headers in [&[JSON][..], &[JSON, ("authorization", "Bearer bad")], &[JSON, ("authorization", "Basic Z29vZA==")]]
    {
        let answer = server.send("POST", PATH, headers, "not JSON at all").await;
        assert_eq!(answer.status, 401);
        assert_eq!(answer.json()["error"], "unauthorized");
        assert_eq!(answer.json()["success"], false);
        assert!(answer.header("www-authenticate").starts_with("Bearer"), "{}", answer.header("www-authenticate"));
        assert!(answer.header("www-authenticate").ends_with(r#"ApiKey in="header", name="x-api-key""#));
    }
    let answer = server.send("POST", PATH, &[JSON, ("authorization", "Bearer suspended")], GOOD).await;
    assert_eq!((answer.status, answer.json()["message"].as_str()), (403, Some("billing_suspended")));
    let answer = server.send("POST", PATH, &[JSON, ("authorization", "Bearer down")], GOOD).await;
    assert_eq!(answer.status, 503);
    assert!(!answer.text.contains("SECRET"));
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn every_violation_is_told_at_once_and_no_value_repeated() {
    let (server, calls) = running().await;
    let body = r#"{"clipId": 7, "parts": [{"partNumber": "SECRET"}, {"eTag": 1}, "SECRET"]}"#;
    let answer = server.send("POST", PATH, &[JSON, BEARER], body).await;
    assert_eq!(answer.status, 422, "{}", answer.text);
    assert_eq!(answer.json()["error"], "invalid_request");
    assert!(!answer.text.contains("SECRET"));
    for pointer in ["/clipId", "/uploadId", "/parts/0/partNumber", "/parts/1/eTag", "/parts/2"] {
        assert!(
            answer.violations().iter().any(|line| line.starts_with(&format!("body {pointer} "))),
            "{}",
            answer.text
        );
    }
    assert_eq!(calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_by_its_own_status() {
    let (server, calls) = running().await;
    let send = async |headers: &[(&str, &str)], body: String| server.send("POST", PATH, headers, body).await;
    let malformed = send(&[JSON, BEARER], "{\n  \"clipId\": ,\n}".to_owned()).await;
    assert_eq!(malformed.status, 400);
    assert!(malformed.text.contains("line 2, column 13"), "{}", malformed.text);
    assert_eq!(send(&[JSON, BEARER], String::new()).await.status, 400);
    assert_eq!(send(&[JSON, BEARER], "[".repeat(5000)).await.status, 400);
    assert_eq!(send(&[BEARER], GOOD.to_owned()).await.status, 415);
    for content_type in ["text/plain", "application/xml", "nonsense", "application/json; charset=utf-16"] {
        assert_eq!(
            send(&[("content-type", content_type), BEARER], GOOD.to_owned()).await.status,
            415,
            "{content_type}"
        );
    }
    for content_type in ["application/json; charset=UTF-8", "Application/JSON"] {
        assert_eq!(
            send(&[("content-type", content_type), BEARER], GOOD.to_owned()).await.status,
            200,
            "{content_type}"
        );
    }
    assert_eq!(send(&[JSON, BEARER, ("content-encoding", "gzip")], GOOD.to_owned()).await.status, 415);
    assert_eq!(send(&[JSON, BEARER, ("accept", "text/html")], GOOD.to_owned()).await.status, 406);
    assert_eq!(send(&[JSON, BEARER], format!("{GOOD}{}", " ".repeat(20_000))).await.status, 413);
    assert_eq!(
        send(&[JSON, BEARER], " ".repeat(30_000_000)).await.status,
        413,
        "much more than fits a socket's buffer"
    );
    assert_eq!(calls.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_body_without_a_length_is_limited_too() {
    use autoposting_server::axum::body::{Body, Bytes};
    use tower::ServiceExt as _;
    let options = RouterOptions::default().body_limit(100);
    let router = autoposting_server::router_with(Clips::default(), Keys, options);
    let piece = || Ok::<_, std::convert::Infallible>(Bytes::from_static(&[b' '; 60]));
    let body = Body::from_stream(futures_util::stream::iter([piece(), piece()]));
    let request =
        axum::http::Request::post(PATH).header("content-type", "application/json").header("x-api-key", "good");
    let response = router.oneshot(request.body(body).expect("a request")).await.expect("an answer");
    assert_eq!(response.status(), 413);
}

#[tokio::test]
async fn what_is_not_there_is_told_apart_from_what_is_not_allowed() {
    let (server, _) = running().await;
    let unknown = server.get("/clips/upload/finish", &[]).await;
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.header("content-type"), "application/problem+json");
    assert_eq!(unknown.json()["title"], "Not Found");
    assert_eq!(server.send("POST", "/clips/upload/complete/", &[JSON, BEARER], GOOD).await.status, 404);
    let wrong = server.get(PATH, &[]).await;
    assert_eq!((wrong.status, wrong.header("allow").as_str()), (405, "POST, OPTIONS"));
    let options = server.send("OPTIONS", PATH, &[], "").await;
    assert_eq!((options.status, options.header("allow").as_str()), (204, "POST, OPTIONS"));
}

#[tokio::test]
async fn documented_answers_and_failures_leave_as_the_document_says() {
    let (server, _) = running().await;
    let body = |upload: &str| GOOD.replace(r#""u""#, &format!("{upload:?}"));
    assert_eq!(server.send("POST", PATH, &[JSON, BEARER], body("missing")).await.status, 404);
    let broken = server.send("POST", PATH, &[JSON, BEARER], body("broken")).await;
    assert_eq!((broken.status, broken.json()["error"].as_str()), (500, Some("internal_error")));
    assert!(!broken.text.contains("SECRET"));
}

#[tokio::test]
async fn a_base_path_and_other_routes_go_together() {
    let options = RouterOptions::default().base_path(autoposting_server::BASE_PATH);
    let router = autoposting_server::router_with(Clips::default(), Keys, options);
    let router = router.route("/healthz", axum::routing::get(async || "fine"));
    let server = serve(router).await;
    assert_eq!(server.get("/healthz", &[]).await.text, "fine");
    assert_eq!(server.send("POST", &format!("/api-proxy{PATH}"), &[JSON, BEARER], GOOD).await.status, 200);
    assert_eq!(server.send("POST", PATH, &[JSON, BEARER], GOOD).await.status, 404);
    assert_eq!(server.send("POST", "/api-proxyclips/upload/complete", &[JSON, BEARER], GOOD).await.status, 404);
}

#[test]
fn every_schema_compiles() {
    autoposting_server::SCHEMAS.compile_all().expect("every schema compiles");
}

#[tokio::test]
async fn ten_thousand_parts_complete_in_one_request() {
    use autoposting_server::axum::body::Body;
    use tower::ServiceExt as _;
    let parts: Vec<String> =
        (1..=10_000).map(|number| format!(r#"{{"partNumber": {number}, "eTag": "{number:032x}"}}"#)).collect();
    let body = GOOD.replace(r#"{"partNumber": 1, "eTag": "abc"}"#, &parts.join(","));
    let request =
        axum::http::Request::post(PATH).header("content-type", "application/json").header("x-api-key", "good");
    let request = request.body(Body::from(body)).expect("a request");
    let response = autoposting_server::router(Clips::default(), Keys).oneshot(request).await.expect("an answer");
    assert_eq!(response.status(), 200, "the default limit is large enough");
}
