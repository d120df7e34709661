//! Whole calls: over a loopback connection to a real server, and in one process.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use oas_client_runtime::{
    BuildError, Call, Credential, Error, ErrorReport, Misfit, Operation, Options, Outgoing, Parameter, Piece,
    RawAnswer, Retries, Settings, State, Style, Token, Transport,
};
use serde_json::{Value, json};
use tower_service::Service;
use wiremock::matchers::{any, header};
use wiremock::{Mock, MockServer, ResponseTemplate};

static GET: Operation = Operation {
    id: "listClips",
    method: "GET",
    path: "/clips",
    route: &[Piece::Text("/clips")],
    accept: "application/json",
    success: &[200..=200],
    error: &[400..=499],
    ..Operation::NONE
};
static POST: Operation = Operation { id: "makeClip", method: "POST", ..shaped(&GET) };
static MARKED: Operation = Operation { id: "pay", idempotency_key: Some("X-Idempotency-Key"), ..shaped(&POST) };
static SECRET: Operation = Operation { id: "secret", security: &[&["bearer_auth"]], ..shaped(&GET) };
static FULL: Operation = Operation {
    id: "full",
    path: "/a/{b}",
    route: &[Piece::Text("/a/"), Piece::Value(0), Piece::Text("?fixed=1")],
    parameters: &[
        Parameter::path("b"),
        Parameter::query("c d"),
        Parameter::header("X-E"),
        Parameter::cookie("f"),
        Parameter::query("list").style(Style::SpaceDelimited),
        Parameter::query("json").json(),
    ],
    ..shaped(&GET)
};

static ALL: &[&Operation] = &[&GET, &POST, &MARKED, &SECRET, &FULL];

/// The same operation under construction.
const fn shaped(operation: &Operation) -> Operation {
    Operation { ..*operation }
}

/// What a generated request builder is, without parameters.
struct Builder<'a>(&'a State, &'static Operation, Options);

impl Call for Builder<'_> {
    fn into_request(self) -> Outgoing {
        Outgoing::new(self.0, self.1, self.2)
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.2
    }
}

fn call<'a>(state: &'a State, operation: &'static Operation) -> Builder<'a> {
    Builder(state, operation, Options::default())
}

fn settings() -> Settings {
    Settings::new("https://api.example.com/v1", "test", ALL)
}

fn state(server: &MockServer, change: impl FnOnce(&mut Settings)) -> State {
    let mut settings = settings();
    settings.base_url(server.uri());
    change(&mut settings);
    settings.build().expect("valid settings")
}

async fn serving(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(answer).mount(&server).await;
    server
}

async fn received(server: &MockServer) -> Vec<wiremock::Request> {
    server.received_requests().await.expect("requests are recorded")
}

fn body(status: u16, media_type: &str, body: &[u8]) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, media_type)
}

#[tokio::test]
async fn values_come_to_their_places() {
    let server = serving(body(200, "application/json", b"1")).await;
    let state = state(&server, |_| ());
    let mut request = Outgoing::new(&state, &FULL, Options::default());
    request.parameter(0, &Ok::<_, String>("x/y"));
    request.parameter(1, &Ok::<_, String>(vec![10.0, 0.5]));
    request.parameter(2, &Ok::<_, String>(true));
    request.parameter(3, &Ok::<_, String>("abc+/=="));
    request.parameter(4, &Ok::<_, String>(None::<Vec<String>>));
    request.parameter(5, &Ok::<_, String>(json!({"a": 1})));
    let answer = request.read_json::<u8, Value>().await.expect("an answer");
    assert_eq!((*answer, answer.status().as_u16()), (1, 200));
    assert_eq!(answer.bytes().map(AsRef::as_ref), Some(&b"1"[..]));
    let sent = received(&server).await.remove(0);
    assert_eq!(sent.url.path(), "/a/x%2Fy");
    assert_eq!(sent.url.query(), Some("fixed=1&c%20d=10&c%20d=0.5&json=%7B%22a%22%3A1%7D"));
    assert_eq!(
        (&sent.headers["x-e"], &sent.headers["cookie"]),
        (&"true".parse().expect("a value"), &"f=abc+/==".parse().expect("a value"))
    );
}

#[tokio::test]
async fn what_is_missing_or_cannot_be_told_apart_is_not_sent() {
    let server = serving(body(200, "application/json", b"1")).await;
    let state = state(&server, |_| ());
    let mut request = Outgoing::new(&state, &FULL, Options::default());
    request.parameter(0, &Err::<String, _>("`b` is missing".to_owned()));
    let error = request.read_json::<u8, Value>().await.expect_err("missing");
    assert_eq!(error.to_string(), "the request was not sent: `b` is missing");
    let mut request = Outgoing::new(&state, &FULL, Options::default());
    request.parameter(0, &Ok::<_, String>("x"));
    request.parameter(4, &Ok::<_, String>(["a b", "c"]));
    let error = request.read_json::<u8, Value>().await.expect_err("ambiguous").to_string();
    assert!(error.contains("`list` has an item or member that holds a space"), "{error}");
    assert!(received(&server).await.is_empty());
}

#[tokio::test]
async fn a_request_says_what_it_wants_by_itself() {
    let server = serving(body(418, "text/plain", b"teapot")).await;
    let state = state(&server, |settings| {
        settings.default_header("x-team", "a");
        settings.default_header("x-other", "b");
    });
    let request = call(&state, &GET).header("x-team", "own").query("debug", "a b").idempotency_key("k");
    let answer = request.send_raw().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), answer.text().as_deref()), (418, Ok("teapot")));
    let sent = received(&server).await.remove(0);
    let texts =
        ["x-team", "x-other", "idempotency-key", "accept"].map(|name| sent.headers[name].to_str().expect("text"));
    assert_eq!(texts, ["own", "b", "k", "application/json"]);
    assert_eq!(sent.url.query(), Some("debug=a%20b"));
    let error = call(&state, &GET).header("x", "a\nhush").send_raw().await.expect_err("no header").to_string();
    assert!(error.contains("`x` is no header") && !error.contains("hush"), "{error}");
}

#[tokio::test]
async fn a_post_without_body_says_its_length() {
    let server = serving(body(200, "application/json", b"1")).await;
    let state = state(&server, |_| ());
    call(&state, &POST).send_raw().await.expect("an answer");
    call(&state, &GET).send_raw().await.expect("an answer");
    let sent = received(&server).await;
    assert_eq!(sent[0].headers["content-length"], "0");
    assert!(!sent[1].headers.contains_key("content-length"));
}

#[tokio::test]
async fn repetitions_carry_the_same_key() {
    let server = serving(ResponseTemplate::new(503)).await;
    let fast = || Retries::up_to(2).first_delay(Duration::from_millis(1));
    let state = state(&server, |settings| settings.retries(fast()));
    call(&state, &MARKED).send_raw().await.expect("an answer");
    let sent = received(&server).await;
    let keys: Vec<_> = sent.iter().map(|one| one.headers["x-idempotency-key"].clone()).collect();
    assert_eq!((keys.len(), keys[0].len()), (3, 32));
    assert!(keys.iter().all(|key| *key == keys[0]));
    server.reset().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(503)).mount(&server).await;
    call(&state, &POST).send_raw().await.expect("an answer");
    assert_eq!(received(&server).await.len(), 1, "a POST that nothing marks is sent once");
    call(&state, &POST).idempotency_key("k").retries(fast()).send_raw().await.expect("an answer");
    assert_eq!(received(&server).await.len(), 4);
}

#[tokio::test]
async fn a_deadline_ends_waits_and_a_timeout_ends_attempts() {
    let server = serving(ResponseTemplate::new(503).insert_header("retry-after", "5")).await;
    let state = state(&server, |settings| settings.retries(Retries::up_to(3)));
    let begun = std::time::Instant::now();
    let answer = call(&state, &GET).deadline(Duration::from_secs(1)).send_raw().await.expect("the last answer");
    assert_eq!(answer.status().as_u16(), 503);
    assert!(begun.elapsed() < Duration::from_secs(4) && received(&server).await.len() == 1);
    let slow = serving(ResponseTemplate::new(200).set_delay(Duration::from_secs(9))).await;
    let state = self::state(&slow, |_| ());
    let error = call(&state, &GET).timeout(Duration::from_millis(50)).send_raw().await.expect_err("too slow");
    assert!(matches!(&error, Error::CommunicationError(error) if error.is_timeout()), "{error}");
    assert!(error.report().to_string().contains("no answer"), "{}", error.report());
}

#[tokio::test]
async fn a_stale_token_is_fetched_again_once() {
    let server = MockServer::start().await;
    let fresh = ResponseTemplate::new(200).set_body_string("1");
    Mock::given(header("authorization", "Bearer token-2")).respond_with(fresh).with_priority(1).mount(&server).await;
    Mock::given(any()).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let fetched = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&fetched);
    let state = state(&server, |settings| {
        settings.token_provider("bearer_auth", move || {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            async move { Ok::<_, Infallible>(Token::new(format!("token-{number}"))) }
        });
    });
    let answer = call(&state, &SECRET).send_raw().await.expect("an answer");
    assert_eq!((answer.status().as_u16(), received(&server).await.len()), (200, 2));
    call(&state, &SECRET).send_raw().await.expect("an answer");
    assert_eq!(fetched.load(Ordering::SeqCst), 2, "a token that works is kept");
    let refused = serving(ResponseTemplate::new(401)).await;
    let state = self::state(&refused, |settings| {
        settings.token_provider("bearer_auth", || async { Ok::<_, Infallible>("hush".to_owned()) });
    });
    assert_eq!(call(&state, &SECRET).send_raw().await.expect("an answer").status().as_u16(), 401);
    assert_eq!(received(&refused).await.len(), 2, "once is enough");
    assert!(!format!("{state:?}").contains("hush"));
    let own = call(&state, &SECRET).header("authorization", "Bearer own").send_raw().await.expect("an answer");
    assert_eq!((own.status().as_u16(), received(&refused).await.len()), (401, 3));
}

#[tokio::test]
async fn whatever_came_stays() {
    let misfits: [(&str, &[u8], &str); 6] = [
        ("application/json", b"", "the body is empty"),
        ("text/html", b"<html>", "the body is HTML or XML, not JSON; it may come from a proxy or from another server"),
        (
            "application/json",
            b" <p>",
            "the body is HTML or XML, not JSON; it may come from a proxy or from another server",
        ),
        (
            "application/json",
            br#"{"a":[1,"x"]}"#,
            "at /a/1: invalid type: string \"x\", expected u8 at line 1 column 11",
        ),
        ("application/json", b"{", "EOF while parsing an object at line 1 column 1"),
        ("application/json", b"{} x", "trailing characters at line 1 column 4"),
    ];
    for (media_type, text, expected) in misfits {
        let server = serving(body(200, media_type, text)).await;
        let request = call(&state(&server, |_| ()), &GET).into_request();
        let error =
            request.read_json::<std::collections::BTreeMap<String, Vec<u8>>, Value>().await.expect_err("misfit");
        let Error::InvalidResponsePayload(raw, misfit) = &error else { panic!("{error:?}") };
        assert_eq!(misfit.to_string(), expected);
        assert_eq!((raw.status().as_u16(), raw.bytes().as_ref(), raw.media_type().as_str()), (200, text, media_type));
        assert!(error.report().what().contains(expected));
    }
    let bom = serving(body(200, "application/json", b"\xef\xbb\xbf{\"a\":[1.0]}")).await;
    let read = call(&state(&bom, |_| ()), &GET).into_request();
    let read = read.read_json::<std::collections::BTreeMap<String, Vec<u8>>, Value>().await.expect("a value");
    assert_eq!(read["a"], [1]);
    let packed = serving(body(200, "application/json", b"\x1f\x8b").insert_header("content-encoding", "gzip")).await;
    let error = call(&state(&packed, |_| ()), &GET).into_request().read_json::<Value, Value>().await.expect_err("gzip");
    assert!(error.to_string().contains("`Content-Encoding: gzip`"), "{error}");
}

#[tokio::test]
async fn errors_keep_status_headers_and_bytes() {
    let problem = body(403, "application/problem+json", br#"{"title":"Quota"}"#).insert_header("x-left", "10");
    let server = serving(problem).await;
    let request = call(&state(&server, |_| ()), &GET).into_request();
    let error = request.read_json::<Value, Value>().await.expect_err("refused");
    let Error::ErrorResponse(answer) = &error else { panic!("{error:?}") };
    assert_eq!((answer.status().as_u16(), answer["title"].as_str()), (403, Some("Quota")));
    assert_eq!(answer.headers()["x-left"], "10");
    assert_eq!(answer.raw().json::<Value>().expect("JSON")["title"], "Quota");
    assert_eq!(error.raw().expect("an answer").header::<u8>("X-Left"), Ok(Some(10)));
    let strange = serving(ResponseTemplate::new(502).set_body_string("<p>")).await;
    let error = call(&state(&strange, |_| ()), &GET).into_request().read_json::<Value, Value>().await.expect_err("502");
    assert!(matches!(&error, Error::UnexpectedResponse(raw) if raw.bytes() == "<p>"), "{error:?}");
}

#[tokio::test]
async fn headers_are_values() {
    let answer = ResponseTemplate::new(200)
        .set_body_string("1")
        .insert_header("x-rate", "42")
        .append_header("x-tags", "a, b")
        .append_header("x-tags", "c");
    let server = serving(answer).await;
    let answer = call(&state(&server, |_| ()), &GET).into_request().read_json::<Value, Value>().await.expect("a value");
    assert_eq!(answer.header::<i64>("X-Rate"), Ok(Some(42)));
    assert_eq!(answer.header::<Vec<String>>("X-Tags"), Ok(Some(vec!["a".into(), "b".into(), "c".into()])));
    assert_eq!(answer.header::<i64>("X-None"), Ok(None));
    let misfit: Misfit = answer.header::<i64>("X-Tags").expect_err("no number");
    assert_eq!(misfit.to_string(), "the header `X-Tags` is not what the document describes");
}

#[tokio::test]
async fn text_is_read_in_the_character_set_it_names() {
    for (media_type, text, expected) in [
        ("text/plain; charset=iso-8859-1", &b"caf\xe9"[..], Some("caf\u{e9}")),
        ("text/plain", "caf\u{e9}".as_bytes(), Some("caf\u{e9}")),
        ("text/plain; charset=\"utf-8\"", b"a", Some("a")),
        ("text/plain", b"caf\xe9", None),
        ("text/plain; charset=klingon", b"a", None),
    ] {
        let server = serving(body(200, media_type, text)).await;
        let read = call(&state(&server, |_| ()), &GET).into_request().read_text::<Value>().await;
        assert_eq!(read.ok().map(oas_client_runtime::ResponseValue::into_inner).as_deref(), expected, "{media_type}");
    }
}

#[tokio::test]
async fn a_stream_that_is_none_is_an_error() {
    let server = serving(body(200, "application/json", br#"{"id":1}"#)).await;
    let error =
        call(&state(&server, |_| ()), &GET).into_request().read_events::<Value, Value>().await.expect_err("JSON");
    assert!(
        error.to_string().contains("events (`text/event-stream`) were asked for, and the answer is `application/json`")
    );
    assert_eq!(error.raw().expect("an answer").json::<Value>().expect("JSON")["id"], 1);
    let events = serving(body(200, "text/event-stream; charset=utf-8", b"data: 1\n\ndata: 2\n\n")).await;
    let mut stream = call(&state(&events, |_| ()), &GET)
        .into_request()
        .read_events::<u8, Value>()
        .await
        .expect("events")
        .into_inner();
    assert_eq!(stream.next().await.expect("an event").expect("a number").data, 1);
}

/// A service of HTTP messages that echoes path and body.
#[derive(Clone)]
struct Echo;

impl Service<http::Request<reqwest::Body>> for Echo {
    type Response = http::Response<reqwest::Body>;
    type Error = Infallible;
    type Future = std::future::Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<reqwest::Body>) -> Self::Future {
        let text = json!({"uri": request.uri().to_string(), "host": request.headers()["host"].to_str().ok()});
        std::future::ready(Ok(http::Response::new(text.to_string().into())))
    }
}

/// Counts what is sent.
#[derive(Clone)]
struct Count<S>(S, Arc<AtomicU32>);

impl<S: Service<reqwest::Request>> Service<reqwest::Request> for Count<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: reqwest::Request) -> S::Future {
        self.1.fetch_add(1, Ordering::SeqCst);
        self.0.call(request)
    }
}

struct CountLayer(Arc<AtomicU32>);

impl<S> tower_layer::Layer<S> for CountLayer {
    type Service = Count<S>;

    fn layer(&self, inner: S) -> Count<S> {
        Count(inner, Arc::clone(&self.0))
    }
}

#[tokio::test]
async fn a_service_in_the_same_process_answers_without_sockets() {
    let count = Arc::new(AtomicU32::new(0));
    let mut settings = Settings::new("/relative", "test", ALL);
    settings.transport(Transport::in_process(Echo));
    settings.layer(CountLayer(Arc::clone(&count)));
    let state = settings.build().expect("valid settings");
    let answer: RawAnswer = call(&state, &GET).query("a", "b").send_raw().await.expect("an answer");
    assert_eq!(answer.json(), Ok(json!({"uri": "/clips?a=b", "host": "in-process.invalid"})));
    assert_eq!(count.load(Ordering::SeqCst), 1);
}

#[test]
fn operations_that_there_are_not_are_named() {
    let mut unknown = settings();
    unknown.retries(Retries::up_to(1).allow("list_clip"));
    let error = unknown.build().expect_err("unknown");
    assert_eq!(error.to_string(), "there is no operation `list_clip`; is it `listClips`?");
    let mut unknown = settings();
    unknown.operation_base_url("zzz", "http://localhost");
    assert!(matches!(unknown.build(), Err(BuildError::UnknownOperation { similar: None, .. })));
    let mut known = settings();
    known.retries(Retries::up_to(1).allow("makeClip"));
    assert!(known.build().is_ok());
}

#[test]
fn a_base_url_has_no_user_query_or_other_scheme() {
    for bad in ["", "/v1", "ftp://a", "https://user:secret@a", "https://a?b", "https://a#b"] {
        let mut settings = settings();
        settings.base_url(bad);
        let error = settings.build().map(drop).expect_err(bad).to_string();
        assert!(error.starts_with("the base URL ") && !error.contains("secret"), "{error}");
    }
    let error = Settings::new("/v1", "test", &[]).build().map(drop).expect_err("no host");
    assert!(error.to_string().contains("https://HOST/v1"), "{error}");
}

#[test]
fn an_unsendable_secret_is_refused_without_showing_it() {
    let mut settings = settings();
    settings.credential("bearer_auth", Credential::bearer("hush\n"));
    let error = settings.build().map(drop).expect_err("not sendable");
    assert_eq!(error.to_string(), "the secret given to `.bearer_auth(..)` holds a character that cannot be sent");
    assert_eq!(Credential::cookie("a", "b; c=d"), None);
}

#[tokio::test]
async fn the_first_complete_alternative_is_sent() {
    static BOTH: Operation = Operation { security: &[&["bearer_auth", "api_key"], &["api_key"], &[]], ..shaped(&GET) };
    let server = serving(ResponseTemplate::new(200)).await;
    let key = Credential::header("x-key", "k").expect("a key");
    let bearer = Credential::bearer("t").expect("a token");
    let sent = async |credentials: Vec<(&'static str, Credential)>| {
        let state = state(&server, |settings| {
            for (name, credential) in credentials {
                settings.credential(name, credential);
            }
        });
        call(&state, &BOTH).send_raw().await.expect("an answer");
        let headers = received(&server).await.pop().expect("a request").headers;
        ["x-key", "authorization"].map(|name| headers.contains_key(name))
    };
    assert_eq!(sent(vec![]).await, [false, false]);
    assert_eq!(sent(vec![("bearer_auth", bearer.clone())]).await, [false, false]);
    assert_eq!(sent(vec![("api_key", key.clone())]).await, [true, false]);
    assert_eq!(sent(vec![("api_key", key), ("bearer_auth", bearer)]).await, [true, true]);
}

#[tokio::test]
async fn missing_credentials_are_named() {
    static EITHER: Operation = Operation { security: &[&["bearer_auth"], &["bearer_auth", "api_key"]], ..shaped(&GET) };
    let server = serving(ResponseTemplate::new(200)).await;
    let error = call(&state(&server, |_| ()), &EITHER).send_raw().await.expect_err("missing").to_string();
    assert!(error.contains("`.bearer_auth(..)`, or `.bearer_auth(..)` and `.api_key(..)`"), "{error}");
    let state = state(&server, Settings::without_credentials);
    assert!(call(&state, &EITHER).send_raw().await.is_ok());
}

#[test]
fn an_operation_with_its_own_server_keeps_it_until_told_otherwise() {
    let operation = Operation { server: Some("/v2"), ..shaped(&GET) };
    let base = |settings: Settings| settings.build().expect("valid settings").url_of(&operation);
    assert_eq!(base(settings()), "https://api.example.com/v2");
    let mut own = settings();
    own.base_url("http://localhost:1/mock/");
    assert_eq!(base(own.clone()), "http://localhost:1/mock");
    own.operation_base_url("listClips", "http://localhost:2");
    assert_eq!(base(own), "http://localhost:2");
}
