//! Files that are sent and fetched, against a server that breaks off.

use std::sync::{Arc, Mutex};

use oas_client_runtime::{
    Call, DownloadError, Multipart, Operation, Options, Outgoing, Part, Piece, Settings, State, Upload,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

static GET: Operation = Operation {
    id: "getBlob",
    method: "GET",
    path: "/blob",
    route: &[Piece::Text("/blob")],
    success: &[200..=200],
    ..Operation::NONE
};
static PUT: Operation = Operation {
    id: "putBlob",
    method: "PUT",
    path: "/blob",
    route: &[Piece::Text("/blob")],
    success: &[200..=200],
    ..Operation::NONE
};

static ALL: &[&Operation] = &[&GET, &PUT];

struct Get(State, Options);

impl Call for Get {
    fn into_request(self) -> Outgoing {
        Outgoing::new(&self.0, &GET, self.1)
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.1
    }
}

fn state(url: &str) -> State {
    let mut settings = Settings::new("", "test", ALL);
    settings.base_url(url);
    settings.build().expect("valid settings")
}

/// A server that answers each connection with the next of these texts and closes it, and the heads that came.
async fn serving(answers: Vec<String>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    tokio::spawn(async move {
        for answer in answers {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.expect("a request"));
            }
            seen.lock().expect("not poisoned").push(String::from_utf8(head).expect("text"));
            socket.write_all(answer.as_bytes()).await.expect("sent");
        }
    });
    (url, heads)
}

fn whole(headers: &str, length: usize, body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n{headers}connection: close\r\n\r\n{body}")
}

fn rest(range: &str, length: usize, body: &str) -> String {
    format!(
        "HTTP/1.1 206 Partial Content\r\ncontent-length: {length}\r\ncontent-range: bytes {range}\r\nconnection: close\r\n\r\n{body}"
    )
}

async fn download(answers: Vec<String>) -> (Result<(u64, u32), DownloadError>, Option<String>, Vec<String>) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("blob");
    let (url, heads) = serving(answers).await;
    let done = Get(state(&url), Options::default()).download(&path).await;
    let text = tokio::fs::read_to_string(&path).await.ok();
    let heads = heads.lock().expect("not poisoned").clone();
    (done.map(|done| (done.bytes, done.resumed)), text, heads)
}

#[tokio::test]
async fn a_download_goes_on_where_it_broke_off() {
    let answers = vec![whole("etag: \"v1\"\r\n", 10, "0123"), rest("4-9/10", 6, "45"), rest("6-9/10", 4, "6789")];
    let (done, text, heads) = download(answers).await;
    assert_eq!((done.expect("whole"), text.as_deref()), ((10, 2), Some("0123456789")));
    assert!(!heads[0].contains("range:"));
    assert!(heads[1].contains("\r\nrange: bytes=4-\r\n") && heads[1].contains("\r\nif-range: \"v1\"\r\n"), "{heads:?}");
    assert!(heads[2].contains("\r\nrange: bytes=6-\r\n"), "{heads:?}");
}

#[tokio::test]
async fn bytes_that_have_changed_are_fetched_anew() {
    let answers = vec![whole("etag: \"v1\"\r\n", 10, "0123"), whole("etag: \"v2\"\r\n", 3, "abc")];
    let (done, text, _) = download(answers).await;
    assert_eq!((done.expect("whole"), text.as_deref()), ((3, 1), Some("abc")));
}

#[tokio::test]
async fn what_cannot_be_gone_on_with_leaves_no_file() {
    for headers in ["", "etag: W/\"v1\"\r\n"] {
        let (done, text, heads) = download(vec![whole(headers, 10, "0123")]).await;
        assert!(matches!(done, Err(DownloadError::BrokenOff(_))), "{done:?}");
        assert_eq!((text, heads.len()), (None, 1));
    }
    let gone = "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n".to_owned();
    let (done, text, _) = download(vec![gone]).await;
    let error = done.expect_err("no success").to_string();
    assert!(error.starts_with("the API answered 404") && text.is_none(), "{error}");
}

#[tokio::test]
async fn a_file_is_sent_with_its_length_and_tells_how_far_it_is() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let file = tempfile::NamedTempFile::new().expect("a file");
    let bytes: Vec<u8> = (0..200_000_u32).map(|one| one.to_le_bytes()[0]).collect();
    tokio::fs::write(file.path(), &bytes).await.expect("written");
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = told.clone();
    let upload = Upload::file(file.path()).await.expect("opened");
    let upload = upload.on_progress(move |sent| telling.lock().expect("not poisoned").push(sent));
    let state = state(&server.uri());
    let mut request = Outgoing::new(&state, &PUT, Options::default());
    request.bytes("video/mp4", upload);
    request.read_nothing::<Value>().await.expect("sent");
    let told = told.lock().expect("not poisoned").clone();
    assert_eq!((told.last(), told.is_sorted(), told.len() > 2), (Some(&200_000), true, true));

    let mut parts = Multipart::new();
    parts.part("clip", Part::file(file.path()).await.expect("opened"));
    parts.part("again", Upload::bytes(bytes.clone()));
    let mut request = Outgoing::new(&state, &PUT, Options::default());
    request.multipart(parts);
    request.read_nothing::<Value>().await.expect("sent");
    let requests = server.received_requests().await.expect("recorded");
    assert_eq!(
        (requests[0].body == bytes, &requests[0].headers["content-length"]),
        (true, &"200000".parse().expect("a value"))
    );
    for request in &requests {
        assert!(!request.headers.contains_key("transfer-encoding") && request.headers.contains_key("content-length"));
    }
}

/// A body of parts whose values are bytes without names.
struct Form(State, Options);

impl Call for Form {
    fn into_request(self) -> Outgoing {
        let mut request = Outgoing::new(&self.0, &PUT, self.1);
        let mut parts = Multipart::new();
        parts.part("file", b"1".to_vec());
        parts.part("file", b"2".to_vec());
        request.multipart(parts);
        request
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.1
    }
}

#[tokio::test]
async fn bytes_without_names_get_them_from_the_request() {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    let state = state(&server.uri());
    let request = || Form(state.clone(), Options::default());
    request().file_name("file", "a.png").file_name("file", "b.png").send_raw().await.expect("sent");
    request().file_name("file", "a.png").send_raw().await.expect("sent");
    let error = request().file_name("other", "a.png").send_raw().await.expect_err("no such part").to_string();
    assert!(error.contains("there is no part `other`"), "{error}");
    let requests = server.received_requests().await.expect("recorded");
    let names = |index: usize| -> Vec<String> {
        let text = String::from_utf8_lossy(&requests[index].body).into_owned();
        text.split("filename=\"").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(
        (names(0), names(1)),
        (vec!["a.png".to_owned(), "b.png".to_owned()], vec!["a.png".to_owned(), "file".to_owned()])
    );
}
