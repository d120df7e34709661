//! Answers are decoded by status and media type, whole or in pieces.

#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/answers/expected/client/builder/mod.rs"]
mod builder;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/answers/expected/client/client.rs"]
mod client;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/answers/expected/types/mod.rs"]
mod types;

use futures_util::StreamExt;
use oas_client_runtime::{ByteStream, Error};
use serde_json::json;
use wiremock::matchers::{header as has_header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use self::client::Client;
use self::types::{
    CompleteBody, ContinueBody, GetEitherStatus200Body, HeadBytesError, MovedError, SeveralSuccessesError,
    SeveralSuccessesSuccess, Thing,
};
use super::{header, only, received, serving};

fn client(server: &MockServer) -> Client {
    Client::builder().base_url(server.uri()).build().expect("a client")
}

fn answer(status: u16, media_type: &str, body: &str) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, media_type)
}

#[tokio::test]
async fn successes_are_told_apart_by_status() {
    let old = serving(answer(200, "application/json", r#"{"id":"a"}"#)).await;
    let success = client(&old).several_successes().send().await.expect("a success").into_inner();
    assert_eq!(success, SeveralSuccessesSuccess::Status200(Thing::new("a")));

    let new = serving(answer(201, "application/json", r#"{"id":"a"}"#).insert_header("x-count", "3")).await;
    let success = client(&new).several_successes().send().await.expect("a success");
    assert_eq!(success.headers()["x-count"], "3");
    assert!(
        matches!(&*success, SeveralSuccessesSuccess::Status201 { body, headers, .. } if body.id == "a" && headers.x_count == 3)
    );

    let later = serving(ResponseTemplate::new(202)).await;
    let success = client(&later).several_successes().send().await.expect("a success").into_inner();
    assert_eq!(success, SeveralSuccessesSuccess::Status202);
}

#[tokio::test]
async fn errors_are_told_apart_by_status() {
    for (status, media_type, body) in [
        (404, "application/problem+json; charset=utf-8", r#"{"title":"gone"}"#),
        (418, "text/plain", "teapot"),
        (500, "application/json", r#"{"title":"broken"}"#),
        (304, "application/json", "{}"),
        (404, "text/html", "<p>no</p>"),
    ] {
        let server = serving(answer(status, media_type, body)).await;
        let error = client(&server).several_successes().send().await.expect_err("no success");
        let Error::ErrorResponse(answer) = error else {
            let Error::InvalidResponsePayload(raw, _) = error else { panic!("{error}") };
            // A 304 never has a body.
            let expected: &[u8] = if status == 304 { b"" } else { b"<p>no</p>" };
            assert_eq!((raw.status().as_u16(), raw.bytes().as_ref()), (status, expected));
            assert!(status == 304 || media_type == "text/html", "{status} {media_type}");
            continue;
        };
        assert_eq!(answer.status(), status);
        let is_expected = match (status, &*answer) {
            (404, SeveralSuccessesError::Status404(problem)) => problem.title.as_deref() == Some("gone"),
            (418, SeveralSuccessesError::Status4XX(418, text)) => text == "teapot",
            (500, SeveralSuccessesError::Default(500, problem)) => problem.title.as_deref() == Some("broken"),
            _ => false,
        };
        assert!(is_expected, "{status} {media_type}: {:?}", *answer);
    }
}

#[tokio::test]
async fn an_undocumented_success_is_shown_as_it_came() {
    let server = serving(answer(203, "text/plain", "as it came").insert_header("x-more", "1")).await;
    let error = client(&server).several_successes().send().await.expect_err("not documented");
    let Error::UnexpectedResponse(response) = error else { panic!("{error}") };
    assert_eq!((response.status().as_u16(), &response.headers()["x-more"]), (203, &"1".parse().expect("a value")));
    assert_eq!(response.text().as_deref(), Ok("as it came"));
}

#[tokio::test]
async fn text_and_bytes() {
    let server = serving(answer(200, "text/plain", "hällo")).await;
    assert_eq!(client(&server).get_text().send().await.expect("text").into_inner(), "hällo");
    let mut bytes = client(&server).get_bytes().send().await.expect("bytes").into_inner_stream();
    let mut all = Vec::new();
    while let Some(piece) = bytes.next().await {
        all.extend(piece.expect("a piece"));
    }
    assert_eq!(all, "hällo".as_bytes());
}

#[tokio::test]
async fn all_of_it_or_a_part_are_bytes_while_they_come() {
    let part = answer(206, "application/octet-stream", "part").insert_header("content-range", "bytes 0-3/9");
    let server = serving(part).await;
    let answer = client(&server).get_range().send().await.expect("a part");
    assert_eq!(answer.status(), 206);
    assert_eq!(answer.header::<String>("content-range").expect("text").as_deref(), Some("bytes 0-3/9"));
    let bytes: ByteStream = answer.into_inner();
    assert_eq!(bytes.collect().await.expect("bytes"), b"part");
}

#[tokio::test]
async fn a_stream_is_asked_for_in_the_body_too() {
    let server = MockServer::start().await;
    let whole = Mock::given(has_header("accept", "application/json"));
    whole.respond_with(answer(200, "application/json", r#"{"id":"whole"}"#)).mount(&server).await;
    let pieces = Mock::given(has_header("accept", "text/event-stream"));
    pieces.respond_with(answer(200, "text/event-stream", "data: {\"id\":\"piece\"}\n\n")).mount(&server).await;
    let client = client(&server);

    let recognised = CompleteBody::new().with_prompt("go");
    client.complete().body(recognised.clone()).send().await.expect("a thing");
    client.complete().body(recognised.clone()).stream().await.expect("a stream");
    // What the caller says of it is no answer to how it is asked for.
    client.complete().body(recognised.with_stream(false)).stream().await.expect("a stream");
    let declared = ContinueBody::new().with_prompt("go");
    client.r#continue().body(declared.clone()).send().await.expect("a thing");
    client.r#continue().body(declared).stream().await.expect("a stream");

    let sent: Vec<serde_json::Value> =
        received(&server).await.iter().map(|request| request.body_json().expect("JSON")).collect();
    let expected = [
        json!({"prompt": "go"}),
        json!({"prompt": "go", "stream": true}),
        json!({"prompt": "go", "stream": true}),
        json!({"prompt": "go"}),
        json!({"prompt": "go", "incremental": true}),
    ];
    assert_eq!(sent, expected);
}

#[tokio::test]
async fn head_has_no_body() {
    let there = serving(ResponseTemplate::new(200)).await;
    client(&there).head_bytes().send().await.expect("a success").into_inner();
    let gone = serving(ResponseTemplate::new(404)).await;
    let error = client(&gone).head_bytes().send().await.expect_err("no success");
    assert!(matches!(error, Error::ErrorResponse(answer) if *answer == HeadBytesError::Status404));
}

#[tokio::test]
async fn media_types_are_told_apart() {
    for (media_type, body, expected) in [
        ("application/json", r#"{"id":"a"}"#, GetEitherStatus200Body::Json(Thing::new("a"))),
        ("application/vnd.thing+json;v=1", r#"{"id":"a"}"#, GetEitherStatus200Body::Json(Thing::new("a"))),
        ("TEXT/CSV; charset=utf-8", "a,b", GetEitherStatus200Body::Csv("a,b".to_owned())),
        ("image/png", "png", GetEitherStatus200Body::Image(b"png".to_vec())),
    ] {
        let server = serving(answer(200, media_type, body)).await;
        assert_eq!(client(&server).get_either().send().await.expect(media_type).into_inner(), expected);
        assert_eq!(header(&only(&server).await, "accept"), "application/json, text/csv, image/*");
    }
    let server = serving(answer(200, "audio/ogg", "ogg")).await;
    let error = client(&server).get_either().send().await.expect_err("not documented");
    assert!(error.to_string().contains("`audio/ogg` is none that the document describes"), "{error}");
    assert_eq!(error.raw().expect("an answer").bytes().as_ref(), b"ogg");
}

#[tokio::test]
async fn events_and_lines_come_one_by_one() {
    let events = "event: new\ndata: {\"id\":\"a\"}\n\ndata: {\"id\":\"b\"}\n\ndata: nonsense\n\n";
    let server = serving(answer(200, "text/event-stream", events)).await;
    let mut stream = client(&server).get_events().send().await.expect("a stream").into_inner();
    let first = stream.next().await.expect("an event").expect("a thing");
    assert_eq!((first.kind.as_str(), first.data.id.as_str()), ("new", "a"));
    assert_eq!(stream.next().await.expect("an event").expect("a thing").data.id, "b");
    assert!(stream.next().await.expect("an event").is_err());
    assert!(stream.next().await.is_none());

    let server = serving(answer(200, "application/x-ndjson", "{\"id\":\"a\"}\n\n{\"id\":\"b\"}")).await;
    let lines = client(&server).get_lines().send().await.expect("a stream").into_inner();
    let things: Vec<Thing> = lines.map(|line| line.expect("a thing")).collect().await;
    assert_eq!(things, [Thing::new("a"), Thing::new("b")]);
}

#[tokio::test]
async fn whole_or_in_pieces_as_the_caller_likes() {
    let server = MockServer::start().await;
    let whole = Mock::given(has_header("accept", "application/json"));
    whole.respond_with(answer(200, "application/json", r#"{"id":"whole"}"#)).mount(&server).await;
    let pieces = Mock::given(has_header("accept", "text/event-stream"));
    let events = "data: {\"id\":\"piece\"}\n\ndata: [DONE]\n\n";
    pieces.respond_with(answer(200, "text/event-stream", events)).mount(&server).await;
    assert_eq!(client(&server).chat().send().await.expect("a thing").id, "whole");
    let mut stream = client(&server).chat().stream().await.expect("a stream").into_inner();
    assert_eq!(stream.next().await.expect("an event").expect("a thing").data.id, "piece");
    assert!(stream.next().await.is_none());
}

#[tokio::test]
async fn a_documented_redirect_is_the_answer_and_others_are_followed() {
    let server = MockServer::start().await;
    let moved = ResponseTemplate::new(302).insert_header("location", "/elsewhere");
    Mock::given(path("/moved")).respond_with(moved.clone()).mount(&server).await;
    Mock::given(path("/followed")).respond_with(moved).mount(&server).await;
    let there = answer(200, "application/json", r#"{"id":"there"}"#);
    Mock::given(path("/elsewhere")).respond_with(there).mount(&server).await;

    let error = client(&server).moved().send().await.map(drop).expect_err("no success");
    let Error::ErrorResponse(answer) = error else { panic!("{error}") };
    assert!(
        matches!(&*answer, MovedError::Status302 { headers, .. } if headers.location.as_deref() == Some("/elsewhere"))
    );
    assert_eq!(client(&server).followed().send().await.expect("a thing").id, "there");
}

#[tokio::test]
async fn an_operation_without_answers_gives_bytes() {
    let server = serving(answer(200, "text/plain", "something")).await;
    let stream = client(&server).post_operation().send().await.expect("bytes").into_inner_stream();
    let pieces: Vec<_> = stream.map(|piece| piece.expect("a piece")).collect().await;
    assert_eq!(pieces.concat(), b"something");
}
