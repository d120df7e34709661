//! Bodies arrive in the media type that the document gives them.

#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/bodies/expected/client/builder/mod.rs"]
mod builder;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/bodies/expected/client/client.rs"]
mod client;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/bodies/expected/types/mod.rs"]
mod types;

use oas_client_runtime::Part;
use wiremock::{MockServer, Request, ResponseTemplate};

use self::client::Client;
use self::types::{Meta, SendEitherBody, SendFormBody};
use super::{header, only, serving, text};

async fn server() -> MockServer {
    serving(ResponseTemplate::new(204)).await
}

fn client(server: &MockServer) -> Client {
    Client::builder().base_url(server.uri()).build().expect("a client")
}

/// The parts of a body: heads and contents.
fn parts(request: &Request) -> Vec<(String, String)> {
    let boundary = header(request, "content-type").split_once("boundary=").expect("a boundary").1.to_owned();
    let delimiter = format!("--{boundary}");
    let parts = text(request).split(delimiter.as_str()).filter_map(|part| part.split_once("\r\n\r\n"));
    parts.map(|(head, body)| (head.trim().to_owned(), body.trim_end().to_owned())).collect()
}

#[tokio::test]
async fn parts_of_every_kind() {
    let server = server().await;
    client(&server)
        .upload_parts()
        .id("c1")
        .file(b"bytes".to_vec())
        .thumbnails(Part::from("one").file_name("1.png").media_type("image/png"))
        .thumbnails("two")
        .title("A title")
        .tags(vec!["x".to_owned(), "y".to_owned()])
        .meta(Meta::new(3))
        .id_part(7)
        .part("more", "less")
        .send()
        .await
        .expect("an answer");
    let request = only(&server).await;
    assert!(header(&request, "content-type").starts_with("multipart/form-data; boundary="));
    let disposition = |rest: &str| format!("Content-Disposition: form-data; name={rest}");
    let expected = [
        (disposition("\"file\"; filename=\"file\"\r\nContent-Type: video/mp4"), "bytes"),
        (disposition("\"thumbnails\"; filename=\"1.png\"\r\nContent-Type: image/png"), "one"),
        (disposition("\"thumbnails\"; filename=\"thumbnails\""), "two"),
        (disposition("\"title\""), "A title"),
        (disposition("\"tags\""), "x"),
        (disposition("\"tags\""), "y"),
        (disposition("\"meta\"\r\nContent-Type: application/json"), r#"{"width":3}"#),
        (disposition("\"id\""), "7"),
        (disposition("\"more\"; filename=\"more\""), "less"),
    ];
    let expected: Vec<(String, String)> = expected.map(|(head, body)| (head, body.to_owned())).into();
    assert_eq!(parts(&request), expected);
}

#[tokio::test]
async fn a_stream_is_a_part() {
    let server = server().await;
    let pieces = ["by", "te", "s"].map(|piece| Ok::<_, std::io::Error>(piece.to_owned()));
    let stream = reqwest::Body::wrap_stream(futures_util::stream::iter(pieces));
    client(&server).upload_parts().id("c").file(stream).title("t").send().await.expect("an answer");
    assert_eq!(parts(&only(&server).await)[0].1, "bytes");
}

#[tokio::test]
async fn forms_with_encodings() {
    let server = server().await;
    let body = SendFormBody::new("a b")
        .with_tags(vec!["x".to_owned(), "y".to_owned()])
        .with_joined(vec![1, 2])
        .with_meta(Meta::new(3));
    client(&server).send_form().body(body).send().await.expect("an answer");
    let request = only(&server).await;
    assert_eq!(header(&request, "content-type"), "application/x-www-form-urlencoded");
    assert_eq!(text(&request), "name=a%20b&tags=x&tags=y&joined=1,2&meta%5Bwidth%5D=3");
}

#[tokio::test]
async fn one_of_several_media_types() {
    for (body, content_type, sent) in [
        (SendEitherBody::Json(Meta::new(1)), "application/json", r#"{"width":1}"#),
        (SendEitherBody::Text("hello".to_owned()), "text/plain", "hello"),
    ] {
        let server = server().await;
        client(&server).send_either().body(body).send().await.expect("an answer");
        let request = only(&server).await;
        assert_eq!((header(&request, "content-type"), text(&request)), (content_type, sent));
    }
    let server = server().await;
    let parted = self::types::SendEitherBodyMultipart::new().with_note("n").with_file(b"f".to_vec());
    client(&server).send_either().body(SendEitherBody::Multipart(parted)).send().await.expect("an answer");
    assert_eq!(parts(&only(&server).await).len(), 2);
}

#[tokio::test]
async fn an_optional_body_may_be_absent() {
    let server = server().await;
    client(&server).send_optional().send().await.expect("an answer");
    let request = only(&server).await;
    assert_eq!((header(&request, "content-type"), text(&request)), ("", ""));
}

#[tokio::test]
async fn json_by_another_name_text_bytes_and_lines() {
    let server = server().await;
    let client = client(&server);
    client.merge_patch().body(Meta::new(1)).send().await.expect("an answer");
    client.send_text().body("text").send().await.expect("an answer");
    client.send_bytes().body(b"bytes".to_vec()).send().await.expect("an answer");
    client.send_lines().body(vec![Meta::new(1), Meta::new(2)]).send().await.expect("an answer");
    let requests = super::received(&server).await;
    let sent: Vec<(&str, &str)> = requests.iter().map(|one| (header(one, "content-type"), text(one))).collect();
    let expected = [
        ("application/merge-patch+json", r#"{"width":1}"#),
        ("text/plain", "text"),
        ("video/mp4", "bytes"),
        ("application/jsonl", "{\"width\":1}\n{\"width\":2}\n"),
    ];
    assert_eq!(sent, expected);
}
