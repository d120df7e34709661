//! What browsers and proxies rely on: origins, conditions, digests, connections.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use data_encoding::BASE64;
use md5::{Digest as _, Md5};
use reqwest::Method;

use crate::api::{Answer, MIN_PART, some_bytes};
use crate::site::{Kind, Site};

crate::on_every_site!(
    configured_origins_may_call,
    conditions_of_a_download_hold,
    a_part_is_held_against_its_digest,
    odd_addresses_are_refused_in_the_documented_schema,
    a_request_names_one_host,
    connections_wait_for_the_next_request,
    a_download_that_nobody_takes_is_cut,
);

async fn configured_origins_may_call(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--cors-origin", "https://app.example.com", "--cors-origin", "http://localhost:3000"]);
    });
    let api = site.api(&server);
    let mut places = vec![("POST", format!("{}/clips/upload/complete", api.url))];
    if site.kind == Kind::OneMachine {
        let upload = api.begin(100).await;
        places.push(("PUT", api.presign(&upload, &[1]).await.remove(0)));
    }
    for (method, url) in &places {
        for (origin, allowed) in
            [("https://app.example.com", true), ("http://localhost:3000", true), ("https://evil.example", false)]
        {
            let preflight = api.http.request(Method::OPTIONS, url).header("origin", origin);
            let preflight = preflight.header("access-control-request-method", *method);
            let preflight = preflight.header("access-control-request-headers", "content-type,authorization");
            let answer = preflight.send().await.expect("an answer");
            let echoed = answer.headers().get("access-control-allow-origin").map(|value| value.to_str().expect("text"));
            assert_eq!(echoed, allowed.then_some(origin), "{method} {url}");
            if allowed {
                assert!(answer.status().is_success(), "{answer:?}");
                let methods = answer.headers()["access-control-allow-methods"].to_str().expect("text");
                assert!(methods.contains(method), "{methods}");
            }
        }
    }
    if let Some((_, url)) = places.get(1) {
        let put = api.http.put(url).header("origin", "https://app.example.com").body(some_bytes(1, 100));
        let answer = put.send().await.expect("an answer");
        assert_eq!(answer.status(), 200);
        let exposed = answer.headers()["access-control-expose-headers"].to_str().expect("text").to_lowercase();
        assert!(exposed.contains("etag"), "{exposed}");
    }
    let refused = api.http.get(format!("{}/clips/x", api.url)).header("origin", "https://app.example.com");
    let refused = refused.send().await.expect("an answer");
    assert_eq!(refused.status(), 401);
    assert!(refused.headers().contains_key("access-control-allow-origin"), "a page has to see why");
}

async fn conditions_of_a_download_hold(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let shown = api.show(&upload.clip).await;
    let url = shown.body["data"]["url"].as_str().expect("an address");
    let etag = format!("\"{}\"", shown.body["data"]["eTag"].as_str().expect("an ETag"));
    let get = |headers: &[(&'static str, &str)]| {
        let request = headers.iter().fold(api.http.get(url), |request, (name, value)| request.header(*name, *value));
        async move { request.send().await.expect("an answer") }
    };
    let known = get(&[("if-none-match", &etag)]).await;
    assert_eq!((known.status().as_u16(), known.headers()["etag"].to_str().expect("text")), (304, etag.as_str()));
    assert_eq!(get(&[("if-none-match", "\"other\"")]).await.status(), 200);
    assert_eq!(get(&[("range", "bytes=0-9"), ("if-range", &etag)]).await.status(), 206);
    assert_eq!(get(&[("range", "bytes=0-9"), ("if-range", "\"other\"")]).await.status(), 200);
    assert_eq!(get(&[("if-match", &etag)]).await.status(), 200);
    for (name, value, refusal) in
        [("if-match", "\"other\"", (412, "precondition_failed")), ("range", "bytes=2000-", (416, "invalid_range"))]
    {
        assert_eq!(Answer::of(api.http.get(url).header(name, value)).await.error(), refusal);
    }
    assert_eq!(get(&[("range", "bytes=1990-99999999999999999999")]).await.content_length(), Some(10));
    let head = api.http.head(url).send().await.expect("an answer");
    assert_eq!((head.status().as_u16(), head.headers()["content-length"].to_str().expect("text")), (200, "2000"));
}

async fn a_part_is_held_against_its_digest(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.begin(1000).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    let bytes = some_bytes(1, 1000);
    let put = |digest: String| {
        let request = api.http.put(&url).header("content-md5", digest).body(bytes.clone());
        async move { Answer::of(request).await }
    };
    assert_eq!(put(BASE64.encode(&Md5::digest(b"other"))).await.error(), (400, "bad_digest"));
    assert_eq!(put("no digest".to_owned()).await.error(), (400, "invalid_digest"));
    assert_eq!(put(BASE64.encode(b"short")).await.error(), (400, "invalid_digest"));
    assert_eq!(site.count_files("uploads") + site.count_files("incoming"), 0);
    assert_eq!(put(BASE64.encode(&Md5::digest(&bytes))).await.status, 200);
}

async fn odd_addresses_are_refused_in_the_documented_schema(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let mut odd = vec![(Method::POST, "/healthz", 405, "method_not_allowed"), (Method::GET, "/%ff", 404, "not_found")];
    if site.kind == Kind::OneMachine {
        odd.extend([
            (Method::POST, "/storage/objects/x", 405, "method_not_allowed"),
            (Method::GET, "/storage/objects/%ff", 403, "forbidden"),
            (Method::PUT, "/storage/uploads/x/parts/many", 403, "forbidden"),
            (Method::PUT, "/storage/uploads/%ff/parts/1", 403, "forbidden"),
        ]);
    }
    for (method, path, status, code) in odd {
        let answer = Answer::of(api.http.request(method.clone(), format!("{}{path}", api.url))).await;
        assert_eq!(answer.error(), (status, code), "{method} {path}");
    }
}

/// Sends text on a connection of its own; what comes back until it ends, and after how long.
async fn raw(url: &str, text: String) -> (String, Duration) {
    let address = url.trim_start_matches("http://").to_owned();
    let done = tokio::task::spawn_blocking(move || {
        let started = Instant::now();
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        stream.write_all(text.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        (String::from_utf8_lossy(&answer).into_owned(), started.elapsed())
    });
    done.await.expect("no panic")
}

async fn a_request_names_one_host(mut site: Site) {
    let server = site.start();
    let get = |hosts: &str| raw(&server.url, format!("GET /healthz HTTP/1.1\r\n{hosts}connection: close\r\n\r\n"));
    assert!(get("host: a\r\n").await.0.starts_with("HTTP/1.1 200 "));
    for hosts in ["", "host: a\r\nhost: b\r\n", "host: a\r\nhost: a\r\n"] {
        let (answer, _) = get(hosts).await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && answer.contains("\"success\":false"), "{hosts:?}: {answer}");
    }
}

async fn connections_wait_for_the_next_request(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--head-timeout", "500ms", "--keep-alive", "2s"]);
    });
    let request = "GET /healthz HTTP/1.1\r\nhost: a\r\n\r\n";
    let (answer, took) = raw(&server.url, request.to_owned()).await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(took > Duration::from_millis(1500), "a pool may keep it: {took:?}");
    assert!(took < Duration::from_secs(5), "{took:?}");
    let (_, took) = raw(&server.url, format!("{request}GET /healthz HT")).await;
    assert!(took < Duration::from_millis(2500), "half a head is not waited for: {took:?}");
    let (_, took) = raw(&server.url, String::new()).await;
    assert!(took < Duration::from_millis(1500), "nor is a connection that asks for nothing: {took:?}");
}

async fn a_download_that_nobody_takes_is_cut(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    let server = site.start_with(|command| {
        command.args(["--idle-timeout", "1s"]);
    });
    let api = site.api(&server);
    let upload = api.upload((0..6).map(|seed| some_bytes(seed, 2 * MIN_PART)).collect()).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let url = api.show(&upload.clip).await.body["data"]["url"].as_str().expect("an address").to_owned();
    let path = url.trim_start_matches(&server.url).to_owned();
    let address = server.url.trim_start_matches("http://").to_owned();
    let read = tokio::task::spawn_blocking(move || {
        let mut stream = TcpStream::connect(address).expect("a connection");
        stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: a\r\n\r\n").as_bytes()).expect("sent");
        std::thread::sleep(Duration::from_secs(3));
        let mut read = Vec::new();
        let _ = stream.read_to_end(&mut read);
        read.len()
    });
    let read = read.await.expect("no panic");
    assert!(read < upload.bytes().len(), "it was cut before the end: {read}");
    api.assert_whole(&upload).await;
}
