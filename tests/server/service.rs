//! What a service may do beside what its document says, and what it cannot do.

use std::sync::{Arc, Mutex};

use axum::body::Body;
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::response::Response;
use axum::{Extension, Router};
use case_service_server::{
    AddAnimalRequest, AddHomeRequest, AddMammalRequest, AddPetRequest, AddThingRequest, AnAnimalRequest, AnswerCheck,
    AuthContext, AuthError, Authenticator, DownloadRequest, FilesApi, Operation, ReadThingAsJsonRequest,
    ReadThingRequest, ReadingApi, RejectWith, Rejection, RouterOptions, ServerError, Service, TellEventsRequest,
    UploadFormRequest, UploadRequest, WritingApi, axum, reading, router, router_with, routes,
    types::{
        AddAnimalResponse, AddHomeResponse, AddMammalResponse, AddPetResponse, AddThingResponse, AnAnimalResponse,
        Animal, DownloadResponse, DownloadStatus200Headers, Key, Problem, ReadThingAsJsonResponse, ReadThingResponse,
        ReadThingStatus200Headers, TellEventsResponse, Thing, Token, UploadFormResponse, UploadResponse,
    },
    writing,
};
use futures_util::StreamExt as _;
use tokio::sync::mpsc::UnboundedSender;
use tower::ServiceExt as _;

use crate::harness::serve;

pub(crate) struct Keys;

impl Authenticator for Keys {
    type Principal = ();

    async fn token(&self, credential: Token, _: &AuthContext<'_>) -> Result<(), AuthError> {
        if credential.expose() == "good" { Ok(()) } else { Err(AuthError::invalid()) }
    }

    async fn key(&self, credential: Key, _: &AuthContext<'_>) -> Result<(), AuthError> {
        if credential.expose() == "good" { Ok(()) } else { Err(AuthError::invalid()) }
    }
}

/// Tells of each piece that arrives.
#[derive(Clone)]
pub(crate) struct Things(UnboundedSender<usize>);

pub(crate) fn things() -> Things {
    Things(tokio::sync::mpsc::unbounded_channel().0)
}

impl ReadingApi for Things {
    async fn read_thing(&self, request: ReadThingRequest) -> Result<ReadThingResponse, ServerError> {
        let fine = |name: &str, count| ReadThingResponse::Status200 {
            body: Thing::new(name),
            headers: ReadThingStatus200Headers::new(count),
        };
        match request.params.id.as_str() {
            "panic" => panic!("SECRET"),
            "teapot" => Err(ServerError::undocumented((StatusCode::IM_A_TEAPOT, [("x-tea", "green")], "short"))),
            "nameless" => Ok(fine("", 1)),
            "countless" => Ok(fine("a", 0)),
            "cookies" => {
                request.answer.set_cookie("sid=1; HttpOnly")?;
                request.answer.set_cookie("theme=dark")?;
                request.answer.set("cache-control", "no-store")?;
                Ok(fine("a", 1))
            }
            "layered" => {
                let seen = request.head.extensions.get::<Seen>().map(|seen| seen.0.clone()).unwrap_or_default();
                Ok(fine(&seen, 1))
            }
            id => Ok(fine(id, 1)),
        }
    }

    async fn read_thing_as_json(
        &self,
        request: ReadThingAsJsonRequest,
    ) -> Result<ReadThingAsJsonResponse, ServerError> {
        let matched = request.head.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
        Ok(ReadThingAsJsonResponse::Status200(format!("{} {matched:?}", request.params.id)))
    }
}

impl WritingApi for Things {
    type Principal = ();

    async fn add_thing(&self, request: AddThingRequest<()>) -> Result<AddThingResponse, ServerError> {
        assert_eq!(request.body.id, None, "only answers have it");
        assert!(!request.body.name.contains('('), "what was held against the document is what is read");
        Ok(AddThingResponse::Status204)
    }

    case_service_server::not_implemented!(remove_things);
}

impl FilesApi for Things {
    async fn download(&self, request: DownloadRequest) -> Result<DownloadResponse, ServerError> {
        let pieces = (0..10).map(|digit: u8| Ok::<_, std::io::Error>(vec![b'0' + digit; 10]));
        request.answer.stream(Some(100), futures_util::stream::iter(pieces));
        let headers = DownloadStatus200Headers::new().with_e_tag("\"a\"".to_owned());
        Ok(DownloadResponse::Status200 { body: Vec::new(), headers })
    }

    async fn upload(&self, mut request: UploadRequest) -> Result<UploadResponse, ServerError> {
        let mut sizes = Vec::new();
        while let Some(piece) = request.body.next().await {
            sizes.push(piece?.len());
            // Most tests do not listen.
            let _ = self.0.send(sizes.len());
        }
        Ok(UploadResponse::Status200(sizes.iter().sum::<usize>().to_string()))
    }

    async fn upload_form(&self, mut request: UploadFormRequest) -> Result<UploadFormResponse, ServerError> {
        let mut seen = Vec::new();
        while let Some(mut part) = request.body.next_part().await? {
            let head = part.head().clone();
            let said = match head.name.as_str() {
                "title" => part.value::<String>().await?,
                "size" => part.value::<i64>().await?.to_string(),
                _ => {
                    let mut length = 0;
                    while let Some(piece) = part.chunk().await? {
                        length += piece.len();
                    }
                    format!("{:?} {length}", head.file_name)
                }
            };
            seen.push(format!("{}={said}", head.name));
        }
        Ok(UploadFormResponse::Status200(seen.join("; ")))
    }

    async fn tell_events(&self, mut request: TellEventsRequest) -> Result<TellEventsResponse, ServerError> {
        let mut seen = Vec::new();
        while let Some(thing) = request.body.next().await {
            match thing {
                Ok(thing) => seen.push(thing.name),
                Err(rejection) if rejection.status() == StatusCode::UNPROCESSABLE_ENTITY => {
                    seen.push(rejection.to_string());
                }
                Err(rejection) => return Err(rejection.into()),
            }
        }
        Ok(TellEventsResponse::Status200(seen.join("; ")))
    }

    async fn add_pet(&self, _: AddPetRequest) -> Result<AddPetResponse, ServerError> {
        Ok(AddPetResponse::Status204)
    }

    async fn add_animal(&self, _: AddAnimalRequest) -> Result<AddAnimalResponse, ServerError> {
        Ok(AddAnimalResponse::Status204)
    }

    async fn an_animal(&self, _: AnAnimalRequest) -> Result<AnAnimalResponse, ServerError> {
        Ok(AnAnimalResponse::Status200(Animal::new("the cat")))
    }

    async fn add_mammal(&self, _: AddMammalRequest) -> Result<AddMammalResponse, ServerError> {
        Ok(AddMammalResponse::Status204)
    }

    async fn add_home(&self, _: AddHomeRequest) -> Result<AddHomeResponse, ServerError> {
        Ok(AddHomeResponse::Status204)
    }
}

impl RejectWith<Problem> for Things {
    fn reject(&self, rejection: &Rejection) -> Problem {
        assert!(rejection.status() != StatusCode::NOT_ACCEPTABLE, "SECRET");
        Problem::new(rejection.code())
    }
}

#[tokio::test]
async fn a_panic_ends_one_request() {
    let server = serve(router(things(), Keys)).await;
    for _ in 0..2 {
        let answer = server.get("/things/panic", &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (500, r#"{"reason":"internal_error"}"#));
    }
    let answer = server.get("/things/a", &[("accept", "image/png")]).await;
    assert_eq!((answer.status, answer.header("content-type").as_str()), (500, "application/problem+json"));
    assert!(!answer.text.contains("SECRET"), "{}", answer.text);
    assert_eq!(server.get("/things/a", &[]).await.status, 200);
}

#[tokio::test]
async fn what_the_document_does_not_have_needs_a_word_of_its_own() {
    let server = serve(router(things(), Keys)).await;
    let answer = server.get("/things/teapot", &[]).await;
    assert_eq!((answer.status, answer.header("x-tea").as_str(), answer.text.as_str()), (418, "green", "short"));
    let answer = server.get("/things/cookies", &[]).await;
    assert_eq!(answer.header("set-cookie"), "sid=1; HttpOnly | theme=dark");
    assert_eq!((answer.status, answer.header("cache-control").as_str()), (200, "no-store"));
    let answer = server.send("DELETE", "/things", &[], "").await;
    assert_eq!((answer.status, answer.json()["title"].as_str()), (501, Some("Not Implemented")));
}

#[tokio::test]
async fn whoever_cannot_be_known_is_refused() {
    let server = serve(router(things(), Keys)).await;
    for headers in [&[][..], &[("authorization", "Bearer good")], &[("authorization", "Digest username=\"a\"")]] {
        for path in ["/nobody", "/nobody/knows"] {
            assert_eq!(server.get(path, headers).await.status, 403, "{path}");
        }
    }
    assert_eq!(server.send("PUT", "/nobody", &[], "").await.status, 405);
}

#[tokio::test]
async fn a_pattern_that_cannot_be_read_lets_nothing_in() {
    let server = serve(router(things(), Keys)).await;
    let headers = [("content-type", "application/json"), ("x-key", "good")];
    assert_eq!(server.send("POST", "/things", &headers, r#"{"name":"a"}"#).await.status, 204);
    let answer = server.send("POST", "/things", &headers, r#"{"name":"(","code":"("}"#).await;
    assert_eq!(answer.violations(), ["body /code format", "body /name pattern"]);
}

/// What a layer saw.
#[derive(Clone)]
struct Seen(String);

/// Notes the operation that a request is for.
async fn note(mut request: Request, next: Next) -> Response {
    let operation = request.extensions().get::<&'static Operation>().map(|operation| operation.id).unwrap_or_default();
    let before = request.extensions().get::<Seen>().map(|seen| seen.0.clone()).unwrap_or_default();
    request.extensions_mut().insert(Seen(format!("{before}{operation};")));
    let mut response = next.run(request).await;
    response.headers_mut().append("x-seen", HeaderValue::from_static("1"));
    response
}

#[tokio::test]
async fn layers_stand_before_operations_and_tags() {
    let service = Service::new(things(), Keys);
    let layered = reading::routes(&service)
        .layer(from_fn(note))
        .layer_where(|operation| operation.id == "readThing", Extension(Seen("outer;".to_owned())))
        .merge(writing::routes(&service));
    let server = serve(layered.into_router(RouterOptions::default())).await;
    let answer = server.get("/things/layered", &[]).await;
    assert_eq!(answer.json()["name"], "outer;readThing;");
    assert_eq!(answer.header("x-seen"), "1");
    assert_eq!(server.get("/things/x.json", &[]).await.text, r#"x Some("/things/{id}")"#);
    assert_eq!(server.send("DELETE", "/things", &[], "").await.header("x-seen"), "");
}

#[tokio::test]
async fn generated_routers_merge_and_nest() {
    let own = Router::new().route("/health", axum::routing::get(async || "well"));
    let all = own
        .merge(router(things(), Keys))
        .nest("/v2", routes(&Service::new(things(), Keys)).into_router(RouterOptions::default()));
    let server = serve(all.merge(Router::new().nest("/v3", router(things(), Keys)))).await;
    for path in ["/things/a", "/v2/things/a", "/v3/things/a"] {
        assert_eq!(server.get(path, &[]).await.json()["name"], "a", "{path}");
    }
    assert_eq!(server.get("/health", &[]).await.text, "well");
    assert_eq!(server.get("/v2/nothing", &[]).await.status, 404);
    let answer = server.send("PATCH", "/v2/things", &[], "").await;
    assert_eq!((answer.status, answer.header("allow").as_str()), (405, "POST, DELETE, OPTIONS"));
}

#[tokio::test]
async fn answers_are_held_against_the_document() {
    let checked = router_with(things(), Keys, RouterOptions::default().check_answers(AnswerCheck::Panic));
    let get = |path: &str| {
        let request = axum::http::Request::get(path).body(Body::empty()).expect("a request");
        tokio::spawn(checked.clone().oneshot(request))
    };
    for good in ["/things/a", "/things/cookies", "/things/teapot", "/things/x.json"] {
        assert!(get(good).await.is_ok(), "{good}");
    }
    for (path, expected) in [
        ("/things/nameless", "body /name: must have at least 1 character"),
        ("/things/countless", "header /X-Count: must be at least 1"),
    ] {
        let panic = get(path).await.expect_err("it panics").into_panic();
        let text = panic.downcast_ref::<String>().expect("a text");
        assert!(text.contains("`readThing` (GET /things/{id})") && text.ends_with(expected), "{text}");
    }
}

#[tokio::test]
async fn secrets_are_marked_before_anybody_looks() {
    let seen = Arc::new(Mutex::new(String::new()));
    let noted = Arc::clone(&seen);
    let look = from_fn(move |request: Request, next: Next| {
        noted.lock().expect("no panic").extend([format!("{:?}", request.headers())]);
        next.run(request)
    });
    let routes = routes(&Service::new(things(), Keys)).layer(look);
    let server = serve(routes.into_router(RouterOptions::default())).await;
    let headers = [
        ("content-type", "application/json"),
        ("authorization", "Bearer hidden"),
        ("proxy-authorization", "Basic hidden"),
        ("x-key", "hidden"),
        ("cookie", "sid=hidden"),
    ];
    server.send("POST", "/things", &headers, "{}").await;
    server.get("/things/a", &headers).await;
    let seen = seen.lock().expect("no panic");
    assert!(seen.contains("application/json") && seen.contains("Sensitive") && !seen.contains("hidden"), "{seen}");
}

#[tokio::test]
async fn what_only_answers_have_does_not_reach_a_handler() {
    let server = serve(router(things(), Keys)).await;
    let headers = [("content-type", "application/json"), ("x-key", "good")];
    assert_eq!(server.send("POST", "/things", &headers, r#"{"name":"a","id":7}"#).await.status, 204);
    let answer = server.send("POST", "/things", &headers, r#"{"name":"a","id":"x"}"#).await;
    assert_eq!(answer.violations(), ["body /id type"], "what is sent has to be right all the same");
}

#[tokio::test]
async fn of_several_members_of_one_name_the_last_counts_for_all() {
    let server = serve(router(things(), Keys)).await;
    let headers = [("content-type", "application/json"), ("x-key", "good")];
    assert_eq!(server.send("POST", "/things", &headers, r#"{"name":"(","name":"a"}"#).await.status, 204);
    let answer = server.send("POST", "/things", &headers, r#"{"name":"a","name":"("}"#).await;
    assert_eq!(answer.violations(), ["body /name pattern"]);
}

#[tokio::test]
async fn bodies_end_exactly_at_the_limit() {
    let options = RouterOptions::default().body_limit(10).operation_body_limit("addThing", 20);
    let server = serve(router_with(things(), Keys, options)).await;
    let headers = [("content-type", "application/json"), ("x-key", "good")];
    for (name, status) in [("123456789", 204), ("1234567890", 413)] {
        let body = format!(r#"{{"name":"{name}"}}"#);
        let pieces = body.clone().into_bytes().into_iter().map(|byte| Ok::<_, std::io::Error>(vec![byte]));
        let chunked = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
        assert_eq!(server.send("POST", "/things", &headers, body.clone()).await.status, status, "{body}");
        assert_eq!(server.send("POST", "/things", &headers, chunked).await.status, status, "{body} in pieces");
    }
}

#[tokio::test]
async fn an_operation_has_the_limit_that_the_configuration_declares() {
    let status = async |options: RouterOptions, length: usize| {
        let server = serve(router_with(things(), Keys, options)).await;
        let body = format!("{:length$}", r#"{"kind":"x"}"#);
        server.send("POST", "/pets", &[("content-type", "application/json"), ("x-key", "good")], body).await.status
    };
    let large = || RouterOptions::default().body_limit(1000);
    assert_ne!(status(large(), 200).await, 413);
    assert_eq!(status(large(), 201).await, 413);
    assert_eq!(status(large().operation_body_limit("addPet", 240), 241).await, 413);
    assert_ne!(status(large().operation_body_limit("addPet", 240), 240).await, 413);
}

#[tokio::test]
async fn a_refusal_arrives_while_the_body_is_still_sent() {
    let server = serve(router(things(), Keys)).await;
    for round in 0..5 {
        let body = vec![b' '; 16 * 1024 * 1024];
        let json = ("content-type", "application/json");
        let answer = server.send("POST", "/things", &[json], body.clone()).await;
        assert_eq!(answer.status, 401, "{round}");
        let answer = server.send("POST", "/things", &[json, ("x-key", "good")], body).await;
        assert_eq!(answer.status, 413, "{round}");
    }
}

#[tokio::test]
async fn a_handler_reads_while_the_caller_still_sends() {
    let (told, mut seen) = tokio::sync::mpsc::unbounded_channel();
    let server = serve(router_with(Things(told), Keys, RouterOptions::default().body_limit(10))).await;
    let (send, receive) = tokio::sync::mpsc::unbounded_channel::<Vec<u8>>();
    let pieces = futures_util::stream::unfold(receive, |mut receive| async move {
        receive.recv().await.map(|piece| (Ok::<_, std::io::Error>(piece), receive))
    });
    let bytes = [("content-type", "application/octet-stream")];
    let sending = server.send("PUT", "/files", &bytes, reqwest::Body::wrap_stream(pieces));
    let talking = async {
        for number in 1..=2 {
            send.send(vec![0; 5]).expect("it listens");
            assert_eq!(seen.recv().await, Some(number));
        }
        drop(send);
    };
    let (answer, ()) = tokio::join!(sending, talking);
    assert_eq!((answer.status, answer.text.as_str()), (200, "10"));
    let pieces = futures_util::stream::iter([5, 6].map(|length| Ok::<_, std::io::Error>(vec![0; length])));
    let answer = server.send("PUT", "/files", &bytes, reqwest::Body::wrap_stream(pieces)).await;
    assert_eq!(answer.status, 413, "one byte more, which turns out on the way");
    assert_eq!(server.send("PUT", "/files", &bytes, vec![0; 11]).await.status, 413);
}

#[tokio::test]
async fn parts_are_read_one_by_one() {
    let server = serve(router(things(), Keys)).await;
    let headers = [("content-type", "multipart/form-data; boundary=x")];
    let part = |head: &str, body: &str| format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n");
    let title = part("name=title", "clip");
    let files = part("name=file; filename=a.png\r\ncontent-type: image/png", "12345") + &part("name=file", "12");
    let answer =
        server.send("POST", "/files", &headers, title.clone() + &part("name=size", "7") + &files + "--x--").await;
    assert_eq!(answer.text, r#"title=clip; size=7; file=Some("a.png") 5; file=None 2"#);
    for (body, expected) in [
        (title.clone() + "--x--", "body /file required"),
        (title.clone() + &title + "--x--", "body /title repeated"),
        (part("name=title", "too long") + "--x--", "body /title maxLength"),
        (part("name=size", "x") + "--x--", "body /size type"),
        (part("name=file; filename=a.txt\r\ncontent-type: text/plain", "") + "--x--", "body /file contentType"),
        (title.clone(), "body  syntax"),
    ] {
        assert_eq!(server.send("POST", "/files", &headers, body.clone()).await.violations(), [expected], "{body}");
    }
}

#[tokio::test]
async fn lines_are_validated_one_by_one() {
    let server = serve(router(things(), Keys)).await;
    let headers = [("content-type", "application/jsonl")];
    let answer =
        server.send("POST", "/events", &headers, "{\"name\":\"a\"}\n{\"name\":\"\"}\n\n{\"name\":\"c\"}").await;
    let second = "the request is not what the document describes: body /1/name: must have at least 1 character";
    assert_eq!((answer.status, answer.text.as_str()), (200, format!("a; {second}; c").as_str()));
    assert_eq!(server.send("POST", "/events", &headers, "{\"name\":\"a\"}\n{").await.status, 400);
}

#[tokio::test]
async fn a_part_of_a_stream_is_answered_where_the_document_says_so() {
    let server = serve(router(things(), Keys)).await;
    let answer = server.get("/files", &[]).await;
    assert_eq!((answer.status, answer.text.len(), answer.header("content-length").as_str()), (200, 100, "100"));
    assert_eq!((answer.header("accept-ranges").as_str(), answer.header("etag").as_str()), ("bytes", "\"a\""));
    let answer = server.get("/files", &[("range", "bytes=18-21"), ("if-range", "\"a\"")]).await;
    assert_eq!((answer.status, answer.text.as_str()), (206, "1122"));
    assert_eq!(answer.header("content-range"), "bytes 18-21/100");
    assert_eq!(server.get("/files", &[("range", "bytes=18-21"), ("if-range", "\"b\"")]).await.status, 200);
    let answer = server.get("/files", &[("range", "bytes=100-")]).await;
    assert_eq!((answer.status, answer.header("content-range").as_str()), (416, "bytes */100"));
    let answer = server.send("HEAD", "/files", &[], "").await;
    assert_eq!((answer.status, answer.header("content-length").as_str()), (200, "100"));
}
