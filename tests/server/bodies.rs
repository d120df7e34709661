//! Bodies in every media type.

use case_bodies_server::{
    FormsApi, KindsApi, ReadEventsRequest, ReadPartsRequest, SendBytesRequest, SendFormRequest, SendLinesRequest,
    SendOptionalRequest, SendPetRequest, SendSeveralRequest, ServerError, StreamsApi, UploadRequest, router,
    types::{
        Note, ReadEventsResponse, ReadPartsResponse, SendBytesResponse, SendFormResponse, SendLinesResponse,
        SendOptionalResponse, SendPetResponse, SendSeveralResponse, UploadResponse,
    },
};

use crate::harness::{Running, serve};

struct Echo;

impl FormsApi for Echo {
    async fn send_form(&self, request: SendFormRequest) -> Result<SendFormResponse, ServerError> {
        Ok(SendFormResponse::Status200(format!("{:?}", request.body)))
    }

    async fn upload(&self, request: UploadRequest) -> Result<UploadResponse, ServerError> {
        let (form, heads) = request.body.collect_with_heads().await?;
        Ok(UploadResponse::Status200(format!("{form:?} {heads:?}")))
    }
}

impl KindsApi for Echo {
    async fn send_several(&self, request: SendSeveralRequest) -> Result<SendSeveralResponse, ServerError> {
        Ok(SendSeveralResponse::Status200(format!("{:?}", request.body)))
    }

    async fn send_optional(&self, request: SendOptionalRequest) -> Result<SendOptionalResponse, ServerError> {
        Ok(SendOptionalResponse::Status200(format!("{:?}", request.body)))
    }

    async fn send_bytes(&self, request: SendBytesRequest) -> Result<SendBytesResponse, ServerError> {
        Ok(SendBytesResponse::Status200(format!("{:?}", request.body.collect().await?.to_vec())))
    }

    async fn send_pet(&self, request: SendPetRequest) -> Result<SendPetResponse, ServerError> {
        Ok(SendPetResponse::Status200(format!("{:?}", request.body)))
    }
}

impl StreamsApi for Echo {
    async fn send_lines(&self, request: SendLinesRequest) -> Result<SendLinesResponse, ServerError> {
        Ok(SendLinesResponse::Status200(request.body.collect().await?.into_iter().collect()))
    }

    async fn read_events(&self, _: ReadEventsRequest) -> Result<ReadEventsResponse, ServerError> {
        Ok(ReadEventsResponse::Status200(["a", "b\nc"].into_iter().map(Note::new).collect()))
    }

    async fn read_parts(&self, _: ReadPartsRequest) -> Result<ReadPartsResponse, ServerError> {
        let body = part(r#"name="note""#, r#"{"text":"a"}"#) + "--x--\r\n";
        Ok(ReadPartsResponse::Status200(body.into_bytes()))
    }
}

async fn running() -> Running {
    serve(router(Echo)).await
}

const JSON: &[(&str, &str)] = &[("content-type", "application/json")];
const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

#[tokio::test]
async fn forms_are_read_and_validated() {
    let server = running().await;
    let body = "title=a+b%26c&count=3&tags=x&tags=y&address[city]=Ulm&unknown=1";
    let answer = server.send("POST", "/form", FORM, body).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    for piece in [r#"title: "a b&c""#, "count: Some(3)", r#"["x", "y"]"#, r#"city: Some("Ulm")"#] {
        assert!(answer.text.contains(piece), "{piece} in {}", answer.text);
    }
    let answer = server.send("POST", "/form", FORM, "title=a&count=x").await;
    assert_eq!(answer.violations(), ["body /count type", "body /title minLength"]);
    assert_eq!(server.send("POST", "/form", FORM, "count=1&count=2").await.violations(), ["body /count repeated"]);
    assert_eq!(server.send("POST", "/form", FORM, vec![0xff, 0xfe]).await.status, 400);
}

/// A part of a multipart body.
fn part(head: &str, body: &str) -> String {
    format!("--x\r\ncontent-disposition: form-data; {head}\r\n\r\n{body}\r\n")
}

#[tokio::test]
async fn parts_keep_their_bytes_and_heads() {
    let server = running().await;
    let headers = &[("content-type", "multipart/form-data; boundary=x")];
    let mut body =
        part(r#"name="title""#, "clip") + &part(r#"name="size""#, "7") + &part(r#"name="meta""#, r#"{"kind":"k"}"#);
    body += &part(r#"name="more"; filename="1.bin""#, "12");
    body += &part(r#"name="more"; filename="2.bin""#, "3");
    let mut bytes = body.clone().into_bytes();
    bytes.extend(b"--x\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../a.bin\"\r\ncontent-type: video/mp4\r\n\r\n");
    bytes.extend([0, 255, 13, 10, 7]);
    bytes.extend(b"\r\n--x--\r\n");
    let answer = server.send("POST", "/upload", headers, bytes).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    for piece in
        ["file: [0, 255, 13, 10, 7]", "[[49, 50], [51]]", "size: Some(7)", r#"kind: "k""#, "video/mp4", "../a.bin"]
    {
        assert!(answer.text.contains(piece), "{piece} in {}", answer.text);
    }
    let wrong =
        part(r#"name="title""#, "too long") + &part(r#"name="size""#, "x") + &part(r#"name="meta""#, "{}") + "--x--";
    let answer = server.send("POST", "/upload", headers, wrong).await;
    assert_eq!(
        answer.violations(),
        ["body /file required", "body /meta/kind required", "body /size type", "body /title maxLength"]
    );
    let twice = part(r#"name="title""#, "a") + &part(r#"name="title""#, "b") + &part(r#"name="file""#, "") + "--x--";
    assert_eq!(server.send("POST", "/upload", headers, twice).await.violations(), ["body /title repeated"]);
    assert_eq!(server.send("POST", "/upload", headers, "--y\r\n").await.status, 400);
    assert_eq!(server.send("POST", "/upload", &[("content-type", "multipart/form-data")], "").await.status, 400);
}

#[tokio::test]
async fn an_answer_in_parts_says_where_they_end() {
    let answer = running().await.get("/parts", &[]).await;
    assert_eq!((answer.status, answer.header("content-type").as_str()), (200, r#"multipart/form-data; boundary="x""#));
    assert!(answer.text.starts_with("--x\r\n") && answer.text.ends_with("--x--\r\n"), "{}", answer.text);
}

#[tokio::test]
async fn the_content_type_chooses_among_several() {
    let server = running().await;
    let note = r#"{"text":"hi"}"#;
    for (content_type, body, expected) in [
        ("application/json", note, "Json(Note"),
        ("application/vnd.note+json", note, "Json(Note"),
        ("text/plain; charset=utf-8", "hi", r#"Text("hi")"#),
        ("image/png", "PN", "Image([80, 78])"),
    ] {
        let answer = server.send("PUT", "/several", &[("content-type", content_type)], body).await;
        assert!(answer.status == 200 && answer.text.contains(expected), "{content_type}: {}", answer.text);
    }
    let answer = server.send("PUT", "/several", &[("content-type", "video/mp4")], "x").await;
    assert_eq!(answer.status, 415);
    assert_eq!(answer.header("accept"), "application/json, application/vnd.note+json, text/plain, image/*");
    let answer = server.send("PUT", "/several", &[("content-type", "text/plain")], "too long").await;
    assert_eq!(answer.violations(), ["body  maxLength"]);
}

#[tokio::test]
async fn a_body_that_may_be_absent_is() {
    let server = running().await;
    assert_eq!(server.send("POST", "/optional", &[], "").await.text, "None");
    assert_eq!(server.send("POST", "/optional", JSON, "").await.text, "None");
    assert!(server.send("POST", "/optional", JSON, r#"{"text":"hi"}"#).await.text.starts_with("Some(Note"));
    assert_eq!(server.send("POST", "/optional", JSON, "null").await.violations(), ["body  type"]);
    assert_eq!(server.send("POST", "/optional", &[], "x").await.status, 415);
}

#[tokio::test]
async fn bytes_come_as_they_are_with_or_without_a_type() {
    let server = running().await;
    let typed = server.send("PUT", "/bytes", &[("content-type", "application/octet-stream")], vec![0, 255]).await;
    assert_eq!(typed.text, "[0, 255]");
    assert_eq!(server.send("PUT", "/bytes", &[], vec![1]).await.text, "[1]");
    assert_eq!(server.send("PUT", "/bytes", &[("content-type", "application/octet-stream")], "").await.text, "[]");
    assert_eq!(server.send("PUT", "/bytes", &[], "").await.status, 400);
}

#[tokio::test]
async fn what_a_schema_allows_and_a_type_cannot_hold_is_a_violation() {
    let server = running().await;
    let body = r#"{"text":"","size":2147483648,"secret":"A","more":1}"#;
    assert_eq!(
        server.send("POST", "/optional", JSON, body).await.violations(),
        ["body /more additionalProperties", "body /secret pattern", "body /size maximum", "body /text minLength"]
    );
    let body = r#"{"text":"x","weight":18446744073709551615}"#;
    assert_eq!(server.send("POST", "/optional", JSON, body).await.violations(), ["body /weight unrepresentable"]);
}

#[tokio::test]
async fn integers_may_be_written_with_a_fraction_or_an_exponent() {
    let server = running().await;
    for (written, read) in [("278.0", "Some(278)"), ("1e3", "Some(1000)"), ("-2.50e1", "Some(-25)")] {
        let answer = server.send("POST", "/optional", JSON, format!(r#"{{"text":"x","size":{written}}}"#)).await;
        assert_eq!(answer.status, 200, "{written}: {}", answer.text);
        assert!(answer.text.contains(&format!("size: {read}")), "{written}: {}", answer.text);
    }
    let answer = server.send("POST", "/optional", JSON, r#"{"text":"x","size":278.5}"#).await;
    assert_eq!(answer.violations(), ["body /size type"]);
    let lines = &[("content-type", "application/jsonl")];
    let answer = server.send("POST", "/lines", lines, r#"{"text":"a","size":7.0}"#).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{\"text\":\"a\",\"size\":7}\n"));
}

#[tokio::test]
async fn unions_are_read_by_their_tag() {
    let server = running().await;
    let answer = server.send("POST", "/pet", JSON, r#"{"kind":"cat","lives":9}"#).await;
    assert!(answer.text.starts_with("Cat("), "{}", answer.text);
    let answer = server.send("POST", "/pet", JSON, r#"{"kind":"cat","lives":10}"#).await;
    assert_eq!(answer.violations(), ["body /lives maximum"]);
    let answer = server.send("POST", "/pet", JSON, r#"{"kind":"fish"}"#).await;
    assert_eq!(answer.violations(), ["body  oneOf", "body /kind enum"]);
}

#[tokio::test]
async fn streams_go_line_by_line_and_event_by_event() {
    let server = running().await;
    let headers = &[("content-type", "application/jsonl")];
    let answer = server.send("POST", "/lines", headers, "{\"text\":\"a\"}\n\n{\"text\":\"b\"}\n").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "{\"text\":\"a\"}\n{\"text\":\"b\"}\n"));
    let answer = server.send("POST", "/lines", headers, "{\"text\":\"\"}\n{\"text\":7}").await;
    assert_eq!(answer.violations(), ["body /0/text minLength", "body /1/text type"]);
    let answer = server.send("POST", "/lines", headers, "{\"text\":\"a\"}\n{").await;
    assert!(answer.status == 400 && answer.text.contains("line 2"), "{}", answer.text);
    let answer = server.get("/events", &[]).await;
    assert_eq!(answer.header("content-type"), "text/event-stream");
    assert_eq!(answer.text, "data: {\"text\":\"a\"}\n\ndata: {\"text\":\"b\\nc\"}\n\n");
}
