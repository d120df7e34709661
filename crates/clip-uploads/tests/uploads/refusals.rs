//! Refusals of large bodies, which have to arrive: a client that sends all of its body before it reads sees the answer
//! and not a broken pipe.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use crate::site::{Kind, Site};

crate::on_every_site!(early_refusals_reach_clients_that_send_first, whoever_asks_before_sending_is_answered_at_once);

const LARGE: usize = 96 * 1024 * 1024;

/// Sends a request as Node does: all of it, and only then looks for an answer. What comes back on the same connection.
fn send_first(server: &str, head: &str, size: usize) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(server.trim_start_matches("http://"))?;
    stream.set_read_timeout(Some(Duration::from_secs(20)))?;
    stream.write_all(head.as_bytes())?;
    let chunk = vec![b'x'; 1024 * 1024];
    for _ in 0..size / chunk.len() {
        stream.write_all(&chunk)?;
    }
    // The connection is still good for another request.
    stream.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")?;
    let mut answers = String::new();
    stream.read_to_string(&mut answers)?;
    Ok(answers)
}

async fn early_refusals_reach_clients_that_send_first(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let mut requests = vec![
        (
            format!(
                "POST /clips/upload/complete HTTP/1.1\r\nhost: x\r\nx-api-key: {}\r\ncontent-type: application/json\r\n",
                api.key
            ),
            413,
        ),
        ("POST /clips/upload/complete HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n".to_owned(), 401),
        ("PUT /nowhere HTTP/1.1\r\nhost: x\r\n".to_owned(), 404),
    ];
    if site.kind == Kind::OneMachine {
        let upload = api.begin(1000).await;
        let url = api.presign(&upload, &[1]).await.remove(0);
        let path = url.trim_start_matches(&server.url).to_owned();
        requests.push((format!("PUT {path} HTTP/1.1\r\nhost: x\r\n"), 413));
        requests.push((format!("PUT {} HTTP/1.1\r\nhost: x\r\n", path.replace("signature=", "signature=0")), 403));
    }
    for (head, status) in requests {
        let (url, head) = (server.url.clone(), format!("{head}content-length: {LARGE}\r\n\r\n"));
        let answers = tokio::task::spawn_blocking(move || send_first(&url, &head, LARGE)).await.expect("no panic");
        let answers = answers.unwrap_or_else(|error| panic!("{status} does not arrive: {error}"));
        assert!(answers.starts_with(&format!("HTTP/1.1 {status} ")), "{status}: {answers}");
        assert!(answers.contains("\"success\":false"), "{answers}");
        assert!(answers.contains("HTTP/1.1 200 OK"), "the connection stays usable: {answers}");
    }
}

async fn whoever_asks_before_sending_is_answered_at_once(mut site: Site) {
    let server = site.start();
    let url = server.url.clone();
    let answer = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(url.trim_start_matches("http://")).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("a timeout");
        let head = "PUT /storage/uploads/a/parts/1 HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 5000000\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).expect("an answer, and the end");
        answer
    });
    let answer = answer.await.expect("no panic");
    assert!(answer.starts_with("HTTP/1.1 40"), "nobody is told to send what is refused: {answer}");
}
