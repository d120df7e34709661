//! Storage whose answers are changed on the way: what S3 really sends when things go wrong.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;

use crate::site::{Kind, Site, run};

/// What happens to the next completions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trick {
    /// Nothing.
    None,
    /// Status 200 with an error inside, as S3 answers when a completion fails after it began to answer.
    ErrorInside,
    /// Status 200, and an error inside that says that the parts are wrong.
    RefusalInside,
    /// It is done, and the connection breaks.
    Break,
    /// It is done after some seconds.
    Late,
    /// Status 503, as S3 answers when it is asked too often.
    SlowDown,
    /// An answer of a proxy that is not XML.
    Html,
}

#[derive(Clone)]
struct Proxy {
    target: String,
    trick: Arc<Mutex<Trick>>,
    http: reqwest::Client,
}

async fn forward(State(proxy): State<Proxy>, request: Request) -> Response {
    let (head, body) = request.into_parts();
    let bytes = body.collect().await.expect("a body").to_bytes();
    let completes = head.method == Method::POST && head.uri.query().is_some_and(|query| query.contains("uploadId="));
    let trick = if completes { *proxy.trick.lock().expect("the trick") } else { Trick::None };
    let inside = |code: &str| {
        let text =
            format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>at /secret/path</Message></Error>");
        (StatusCode::OK, [(header::CONTENT_TYPE, "application/xml")], text).into_response()
    };
    match trick {
        Trick::ErrorInside => return inside("InternalError"),
        Trick::RefusalInside => return inside("InvalidPart"),
        Trick::SlowDown => {
            return (StatusCode::SERVICE_UNAVAILABLE, "<Error><Code>SlowDown</Code></Error>").into_response();
        }
        Trick::Html => return (StatusCode::OK, "<html>Please sign in</html>").into_response(),
        Trick::Late => tokio::time::sleep(Duration::from_secs(3)).await,
        Trick::None | Trick::Break => {}
    }
    let answer = proxy.send(&head, bytes).await;
    if trick == Trick::Break {
        // The body ends in an error, which breaks the connection off.
        return Body::from_stream(futures_util::stream::iter([Err::<Bytes, _>(std::io::Error::other("broken"))]))
            .into_response();
    }
    answer
}

impl Proxy {
    async fn send(&self, head: &axum::http::request::Parts, bytes: Bytes) -> Response {
        let mut headers = head.headers.clone();
        headers.remove(header::HOST);
        let url = format!("{}{}", self.target, head.uri);
        let sent = self.http.request(head.method.clone(), url).headers(headers).body(bytes).send().await;
        let answer = sent.expect("storage answers");
        let mut response = Response::builder().status(answer.status());
        *response.headers_mut().expect("headers") = answer.headers().clone();
        let bytes = if head.method == Method::HEAD { Bytes::new() } else { answer.bytes().await.expect("bytes") };
        response.body(Body::from(bytes)).expect("an answer")
    }
}

/// Puts a proxy before the site's storage.
async fn behind_proxy(site: &mut Site) -> Arc<Mutex<Trick>> {
    let (target, _) = site.bucket().expect("a bucket");
    let trick = Arc::new(Mutex::new(Trick::None));
    let proxy = Proxy { target, trick: trick.clone(), http: reqwest::Client::new() };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
    site.s3_endpoint = Some(format!("http://{}", listener.local_addr().expect("an address")));
    let router = Router::new().fallback(forward).with_state(proxy);
    tokio::spawn(async move { axum::serve(listener, router).await });
    trick
}

async fn tricks_of_storage(mut site: Site) {
    let trick = behind_proxy(&mut site).await;
    let set = |new: Trick| *trick.lock().expect("the trick") = new;
    let server = site.start();
    let api = site.api(&server);
    for (seed, what) in (0..).zip([Trick::ErrorInside, Trick::SlowDown, Trick::Html]) {
        let upload = api.one_part(seed).await;
        set(what);
        let answer = api.complete(&upload, &upload.list()).await;
        assert_eq!((answer.error(), answer.retry_after.is_some()), ((503, "unavailable"), true), "{what:?}");
        assert!(!answer.body.to_string().contains("secret"));
        assert_eq!(api.status(&upload).await, "processing");
        set(Trick::None);
        assert_eq!(api.complete_patiently(&upload).await.status, 200, "{what:?}");
        api.assert_whole(&upload).await;
    }
    for (seed, what) in (10..).zip([Trick::Break, Trick::Late]) {
        let upload = api.one_part(seed).await;
        set(what);
        assert_eq!(api.complete_patiently(&upload).await.status, 200, "{what:?}");
        api.assert_whole(&upload).await;
    }
    let upload = api.one_part(20).await;
    set(Trick::RefusalInside);
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.error(), (400, "invalid_part"));
    assert_eq!(api.status(&upload).await, "uploading");
    set(Trick::None);
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

#[test]
fn storage_can_play_tricks() {
    run(Kind::ManyMachines, tricks_of_storage);
}
