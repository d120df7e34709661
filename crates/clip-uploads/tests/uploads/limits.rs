//! Addresses of parts: what they take, and for how long; clients that are slow; memory that stays flat.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use bytes::Bytes;
use futures_util::stream;
use reqwest::Method;
use serde_json::json;

use crate::api::{Answer, MIN_PART, some_bytes};
use crate::site::{Kind, Site};

crate::on_every_site!(
    an_address_takes_exactly_its_part,
    an_address_takes_no_more_than_the_file,
    an_address_expires,
    parts_beyond_the_end_have_no_address,
    slow_clients_are_cut_off,
    long_heads_are_refused,
    memory_does_not_grow_with_the_part,
    ranges_of_an_object_can_be_read,
);

/// The folder's addresses are this service's; a bucket's are storage's own, whose signatures a stand-in does not check.
fn is_folder(site: &Site) -> bool {
    site.kind == Kind::OneMachine
}

async fn an_address_takes_exactly_its_part(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let mut upload = api.begin(MIN_PART + 10).await;
    let body = upload.body(&json!({ "key": upload.key, "partNumbers": [1, 2], "partSize": MIN_PART }));
    let answer = api.post("/clips/upload/presign", &body).await;
    let url =
        |index: usize| answer.body["data"]["presignedUrls"][index]["url"].as_str().expect("an address").to_owned();
    let put = |url: String, size: usize| {
        let request = api.http.put(url).body(some_bytes(1, size));
        async move { request.send().await.map(|answer| (answer.status().as_u16(), answer.headers().get("etag").cloned())) }
    };
    if is_folder(&site) {
        assert_eq!(put(url(1), 9).await.expect("an answer").0, 400);
        assert_eq!(put(url(1), 11).await.expect("an answer").0, 413);
        let other = url(1).replace("/parts/2?", "/parts/1?");
        assert_eq!(put(other, 10).await.expect("an answer").0, 403);
        let longer = url(1).replace("length=10&", "length=11&");
        assert_eq!(put(longer, 11).await.expect("an answer").0, 403);
        let loose = url(1).replace("length=10&", "limit=10&");
        assert_eq!(put(loose, 10).await.expect("an answer").0, 403);
        let stranger = api.begin(MIN_PART + 10).await;
        let elsewhere = api.presign(&stranger, &[2]).await.remove(0);
        let (own, foreign) = (url(1), elsewhere.split_once('?').expect("a query").0.to_owned());
        let moved = format!("{foreign}?{}", own.split_once('?').expect("a query").1);
        assert_eq!(put(moved, 10).await.expect("an answer").0, 403);
        let climbing = own.replace("/storage/uploads/", "/storage/uploads/..%2F..%2F");
        assert_eq!(put(climbing, 10).await.expect("an answer").0, 403);
        let got = api.http.get(url(1)).send().await.expect("an answer");
        assert_eq!(got.status(), 405);
        assert_eq!(site.count_files("uploads") + site.count_files("incoming"), 0);
    }
    for (index, size) in [MIN_PART, 10].into_iter().enumerate() {
        let (status, etag) = put(url(index), size).await.expect("an answer");
        assert_eq!(status, 200);
        upload.etags.push(etag.expect("an ETag").to_str().expect("text").to_owned());
        upload.parts.push(some_bytes(1, size));
    }
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn an_address_takes_no_more_than_the_file(mut site: Site) {
    if !is_folder(&site) {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = api.begin(1000).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    // Without a length in the head, the bytes themselves are counted.
    let chunks = stream::iter((0..11).map(|_| Ok::<_, std::io::Error>(Bytes::from(vec![0; 100]))));
    let sent = api.http.put(&url).body(reqwest::Body::wrap_stream(chunks)).send().await.expect("an answer");
    assert_eq!(sent.status(), 413);
    assert_eq!(site.count_files("uploads") + site.count_files("incoming"), 0);
}

async fn an_address_expires(mut site: Site) {
    if !is_folder(&site) {
        return;
    }
    let server = site.start_with(|command| {
        command.args(["--upload-lifetime", "1s", "--sweep-interval", "1m"]);
    });
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    tokio::time::sleep(Duration::from_millis(2100)).await;
    let sent = api.http.put(&url).body("late").send().await.expect("an answer");
    assert_eq!(sent.status(), 403);
}

async fn parts_beyond_the_end_have_no_address(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.begin(MIN_PART + 10).await;
    let ask = |numbers: serde_json::Value| {
        let body = upload.body(&json!({ "key": upload.key, "partNumbers": numbers, "partSize": MIN_PART }));
        let api = api.clone();
        async move { api.post("/clips/upload/presign", &body).await }
    };
    let answer = ask(json!([2, 3])).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.body["violations"][0]["pointer"], "/partNumbers/1");
    for numbers in [json!([0]), json!([10_001]), json!([]), json!([1, 1]), json!(["1"]), json!([null])] {
        assert_eq!(ask(numbers).await.status, 422);
    }
}

async fn slow_clients_are_cut_off(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--head-timeout", "1s", "--idle-timeout", "1s", "--answer-timeout", "2s"]);
    });
    let api = site.api(&server);
    let address = server.url.strip_prefix("http://").expect("an address").to_owned();
    let mut requests = vec!["POST /clips/upload/complete HT".to_owned()];
    requests.push(format!(
        "POST /clips/upload/complete HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         content-length: 100\r\n\r\n{{",
        api.key
    ));
    if is_folder(&site) {
        let upload = api.begin(1000).await;
        let url = api.presign(&upload, &[1]).await.remove(0);
        let path = url.strip_prefix(&server.url).expect("this service's address");
        requests.push(format!("PUT {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n\r\nabc"));
    }
    for request in requests {
        let address = address.clone();
        let silent = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).expect("a connection");
            stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
            stream.write_all(request.as_bytes()).expect("sent");
            let started = Instant::now();
            let mut answer = Vec::new();
            // It ends, with or without an answer.
            let _ = stream.read_to_end(&mut answer);
            started.elapsed()
        });
        let took = silent.await.expect("no panic");
        assert!(took < Duration::from_secs(10), "{took:?}");
    }
    assert_eq!(site.count_files("incoming"), 0);
    assert_eq!(api.show("clip_x").await.status, 404);
}

async fn long_heads_are_refused(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let request = api.request(Method::GET, "/clips/x").header("x-long", "a".repeat(200_000));
    match request.send().await {
        Ok(answer) => assert_eq!(answer.status(), 431),
        Err(error) => assert!(error.is_request(), "{error:?}"),
    }
    let long = format!("/clips/{}", "a".repeat(100_000));
    if let Ok(answer) = api.request(Method::GET, &long).send().await {
        assert!([404, 414, 431].contains(&answer.status().as_u16()), "{answer:?}");
    }
    assert_eq!(api.show("clip_x").await.status, 404);
}

async fn memory_does_not_grow_with_the_part(mut site: Site) {
    const SIZE: usize = 300 * 1024 * 1024;
    if !is_folder(&site) {
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let before = api.one_part(1).await;
    assert_eq!(api.complete(&before, &before.list()).await.status, 200);
    let resident = server.resident();
    let mut upload = api.begin(SIZE).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    let chunk = Bytes::from(some_bytes(1, 1024 * 1024));
    let chunks = stream::iter((0..SIZE / chunk.len()).map(move |_| Ok::<_, std::io::Error>(chunk.clone())));
    let sent = api.http.put(&url).body(reqwest::Body::wrap_stream(chunks)).send().await.expect("an answer");
    assert_eq!(sent.status(), 200);
    upload.etags.push(sent.headers()["etag"].to_str().expect("text").to_owned());
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let shown = api.show(&upload.clip).await;
    let url = shown.body["data"]["downloadUrl"].as_str().expect("an address");
    let mut answer = api.http.get(url).send().await.expect("an answer");
    let mut read = 0;
    while let Some(chunk) = answer.chunk().await.expect("bytes") {
        read += chunk.len();
    }
    assert_eq!(read, SIZE);
    let grown = server.resident().saturating_sub(resident);
    assert!(grown < 48 * 1024 * 1024, "{grown} bytes more for a part of {SIZE}");
}

async fn ranges_of_an_object_can_be_read(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.two_parts(20).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let shown = api.show(&upload.clip).await;
    let url = shown.body["data"]["downloadUrl"].as_str().expect("an address");
    let whole = upload.bytes();
    for (first, last) in [(0, 0), (MIN_PART - 5, MIN_PART + 5), (MIN_PART + 990, MIN_PART + 999)] {
        let range = format!("bytes={first}-{last}");
        let answer = api.http.get(url).header("range", range).send().await.expect("an answer");
        assert_eq!(answer.status(), 206);
        assert!(answer.bytes().await.expect("bytes") == whole[first..=last]);
    }
    let answer = api.http.get(url).header("range", format!("bytes={}-", whole.len())).send().await.expect("an answer");
    assert_eq!(answer.status(), 416);
    if is_folder(&site) {
        let answer = api.http.get(url).send().await.expect("an answer");
        assert_eq!(answer.headers()["content-type"], "video/mp4");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
        assert_eq!(answer.headers()["content-disposition"], "attachment; filename*=UTF-8''a%20clip%2Emp4");
        let forged = url.replace("video%2Fmp4", "text%2Fhtml");
        assert_ne!(forged, url);
        assert_eq!(Answer::of(api.http.get(forged)).await.status, 403);
    }
}
