//! Parameters in every style and place.

use case_parameters_server::{
    ReadScalarsRequest, ReadStylesRequest, ScalarsApi, ServerError, StylesApi, router,
    types::{ReadScalarsResponse, ReadStylesResponse},
};

use crate::harness::{Running, serve};

struct Echo;

impl StylesApi for Echo {
    async fn read_styles(&self, request: ReadStylesRequest) -> Result<ReadStylesResponse, ServerError> {
        Ok(ReadStylesResponse::Status200(format!("{:?}", request.params)))
    }
}

impl ScalarsApi for Echo {
    async fn read_scalars(&self, request: ReadScalarsRequest) -> Result<ReadScalarsResponse, ServerError> {
        Ok(ReadScalarsResponse::Status200(format!("{:?}", request.params)))
    }
}

async fn running() -> Running {
    serve(router(Echo)).await
}

/// Asserts that every piece is in the text.
fn contains(text: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(text.contains(piece), "{piece} in {text}");
    }
}

const TRACE: (&str, &str) = ("x-trace", "a, b");
const SESSION: (&str, &str) = ("cookie", "other=1; session=abcd%20e; page=3");

#[tokio::test]
async fn styles_are_read_as_the_document_writes_them() {
    let server = running().await;
    let path = "/styles/1,2,3/.ab%2Fcd/;x=1;y=2?many=a%26b&many=c,d&piped=1%7C2&spaced=3%204&filter[status]=open\
                &filter%5Bsize%5D=5&red=1&green=2&query=%7B%22term%22%3A%22x%22%7D&unknown=1";
    let answer = server.get(path, &[]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    contains(
        &answer.text,
        &[
            "list: [1, 2, 3]",
            r#"label: "ab/cd""#,
            "x: Some(1), y: Some(2)",
            r#"many: Some(["a&b", "c,d"])"#,
            "piped: Some([1, 2])",
            "spaced: Some([3, 4])",
            "status: Open, size: Some(5)",
            "red: Some(1), green: Some(2)",
            r#"term: "x""#,
        ],
    );
}

#[tokio::test]
async fn every_parameter_that_is_wrong_is_told() {
    let server = running().await;
    let path = "/styles/1,x,3,4/.a/;x=z?piped=1&piped=2&filter[status]=half&filter[size]=3000000000&red=r&query=no";
    let answer = server.get(path, &[]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.violations(),
        [
            "path /label minLength",
            "path /list maxItems",
            "path /list/1 type",
            "path /matrix/x type",
            "query /color/red type",
            "query /filter/size maximum",
            "query /filter/status enum",
            "query /piped repeated",
            "query /query syntax",
        ]
    );
    assert_eq!(server.get("/styles/1/label/;x=1", &[]).await.violations(), ["path /label syntax"]);
    assert_eq!(server.get("/styles/%ff/.ab/;x=1", &[]).await.violations(), ["path /list encoding"]);
    assert_eq!(server.get("/styles//.ab/;x=1", &[]).await.status, 404);
}

#[tokio::test]
async fn scalars_headers_and_cookies() {
    let server = running().await;
    let answer = server.get("/scalars", &[TRACE, SESSION]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    contains(
        &answer.text,
        &["limit: 20", "since: None", "flag: None", r#"x_trace: ["a", "b"]"#, r#"session: "abcd e""#, "page: Some(3)"],
    );
    let path = "/scalars?limit=5&since=2024-02-29T12:00:00%2B02:00&id=67e55044-10b1-426f-9247-bb680e5fe0c8&flag=\
                &sort=desc&call=a+b&either=7";
    let answer = server.get(path, &[TRACE, SESSION]).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    contains(
        &answer.text,
        &["limit: 5", "2024-02-29T12:00:00+02:00", "67e55044", "flag: None", "Desc", r#"call: Some("a b")"#],
    );
}

#[tokio::test]
async fn scalars_that_are_wrong_or_missing_are_told() {
    let server = running().await;
    let path = "/scalars?limit=0&since=yesterday&id=7&flag=maybe&sort=up&call=1&call=2&either=long";
    let answer = server.get(path, &[("x-trace", "a, B"), ("cookie", "session=abc; page=x")]).await;
    assert_eq!(answer.status, 422);
    assert_eq!(
        answer.violations(),
        [
            "cookie /page type",
            "cookie /session minLength",
            "header /X-Trace/1 pattern",
            "query /call repeated",
            "query /either maxLength",
            "query /flag type",
            "query /id format",
            "query /limit minimum",
            "query /since format",
            "query /sort enum",
        ]
    );
    let answer = server.get("/scalars", &[]).await;
    assert_eq!(answer.violations(), ["cookie /session required", "header /X-Trace required"]);
}
