//! Requests that are wrong before anything is done.

use reqwest::Method;
use serde_json::{Value, json};

use crate::api::{Answer, Api};
use crate::site::Site;

crate::on_every_site!(
    without_a_good_key_nothing_is_read,
    both_headers_carry_a_key,
    bad_lists_never_reach_storage,
    bodies_that_are_none_are_told_apart,
    every_violation_is_listed,
    hostile_names_are_only_names,
);

const COMPLETE: &str = "/clips/upload/complete";

async fn without_a_good_key_nothing_is_read(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let expected = json!("unauthorized");
    let id = api.key.trim_start_matches("sk-social-").split('-').next().expect("an id").to_owned();
    let wrong_secret = format!("sk-social-{id}-{}", "0".repeat(64));
    for key in [None, Some("sk-social-wrong"), Some(""), Some(&wrong_secret), Some(&api.key[..api.key.len() - 1])] {
        for (path, method) in
            [(COMPLETE, Method::POST), ("/clips/upload/init", Method::POST), ("/clips/x", Method::GET)]
        {
            let request = api.http.request(method, format!("{}{path}", api.url));
            let request = key.map_or(request.try_clone(), |key| Some(request.bearer_auth(key))).expect("a request");
            // Not JSON, and of no known type: a request without a key is not looked into.
            let answer = Answer::of(request.body("{")).await;
            assert_eq!((answer.status, &answer.body["error"]), (401, &expected), "{key:?} {path}");
            assert_eq!(answer.body["success"], false);
            assert!(answer.body["message"].is_string());
        }
    }
    assert!(!site.log().contains(&"0".repeat(64)));
}

async fn both_headers_carry_a_key(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    let url = format!("{}/clips/{}", api.url, upload.clip);
    assert_eq!(Answer::of(api.http.get(&url).header("x-api-key", &api.key)).await.status, 200);
    assert_eq!(Answer::of(api.http.get(&url).header("x-api-key", "sk-social-a-b")).await.status, 401);
    assert_eq!(Answer::of(api.http.get(&url).header("authorization", format!("bearer {}", api.key))).await.status, 200);
}

async fn bad_lists_never_reach_storage(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(2).await;
    // Whatever reaches storage now is answered with 503.
    site.set_faults("parts fail\ncomplete fail\nobject fail\n");
    let etag = "0123456789abcdef0123456789abcdef";
    let many: Value = (1..=10_001).map(|number| json!({ "partNumber": number, "eTag": etag })).collect();
    for list in [
        json!([]),
        many,
        json!([{ "partNumber": 0, "eTag": etag }]),
        json!([{ "partNumber": 10_001, "eTag": etag }]),
        json!([{ "partNumber": -1, "eTag": etag }]),
        json!([{ "partNumber": 1.5, "eTag": etag }]),
        json!([{ "partNumber": 18_446_744_073_709_551_615_u64, "eTag": etag }]),
        json!([{ "partNumber": "1", "eTag": etag }]),
        json!([{ "partNumber": null, "eTag": etag }]),
        json!([{ "eTag": etag }]),
        json!([{ "partNumber": 1 }]),
        json!([{ "partNumber": 1, "eTag": "" }]),
        json!([{ "partNumber": 1, "eTag": "\"\"" }]),
        json!([{ "partNumber": 1, "eTag": "a\nb" }]),
        json!([{ "partNumber": 1, "eTag": 7 }]),
        json!([{ "partNumber": 1, "eTag": etag, "etag": "fedcba9876543210fedcba9876543210" }]),
        json!(["1"]),
        json!([null]),
        json!({}),
        json!("parts"),
        Value::Null,
    ] {
        let answer = api.complete(&upload, &list).await;
        assert!([400, 422].contains(&answer.status), "{list} {answer:?}");
        assert!(!answer.body["violations"].as_array().expect("a list").is_empty(), "{answer:?}");
    }
    for body in [json!({}), json!([]), json!(null), json!("x"), json!({ "clipId": 1, "uploadId": [], "parts": 7 })] {
        let answer = api.post(COMPLETE, &body).await;
        assert!([400, 422].contains(&answer.status), "{body} {answer:?}");
    }
    site.set_faults("");
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
}

async fn bodies_that_are_none_are_told_apart(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let send = |kind: &'static str, body: Vec<u8>| {
        Answer::of(api.request(Method::POST, COMPLETE).header("content-type", kind).body(body))
    };
    assert_eq!(send("application/json", b"{".to_vec()).await.status, 400);
    assert_eq!(send("application/json", b"\xff\xfe".to_vec()).await.status, 400);
    assert_eq!(send("text/plain", b"{}".to_vec()).await.status, 415);
    assert_eq!(send("multipart/form-data; boundary=x", b"--x--".to_vec()).await.status, 415);
    assert_eq!(send("application/json", vec![b' '; 3 * 1024 * 1024]).await.status, 413);
    assert!([400, 413, 422].contains(&send("application/json", [b'['].repeat(100_000)).await.status));
    for answer in [send("application/json", b"{".to_vec()).await, send("text/plain", b"{}".to_vec()).await] {
        assert_eq!(answer.body["success"], false, "{answer:?}");
        assert!(answer.body["message"].is_string());
    }
}

async fn every_violation_is_listed(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let secret = "a-value-that-is-not-repeated";
    let start = json!({ "brandId": "", "title": 7, "fileSize": 0, "mimeType": secret });
    let answer = api.post("/clips/upload/init", &start).await;
    assert_eq!(answer.status, 422, "{answer:?}");
    let violations = answer.body["violations"].as_array().expect("a list");
    assert!(violations.len() >= 5, "{violations:?}");
    assert!(!answer.body.to_string().contains(secret), "{answer:?}");
    let upload = api.one_part(3).await;
    let list = json!([{ "partNumber": 0, "eTag": "a" }, { "partNumber": 2 }, { "eTag": "b" }]);
    let answer = api.complete(&upload, &list).await;
    assert_eq!(answer.body["violations"].as_array().map(Vec::len), Some(3), "{answer:?}");
}

async fn hostile_names_are_only_names(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    for name in
        ["../../../../tmp/x", "/etc/passwd", "a\u{0}b", "'; DROP TABLE uploads; --", "a\r\nSet-Cookie: x=1", "\u{202e}"]
    {
        let start = json!({ "brandId": name, "title": name, "fileName": name, "fileSize": 5, "mimeType": "video/mp4" });
        let answer = api.post("/clips/upload/init", &start).await;
        if name.contains(char::is_control) {
            assert_eq!(answer.status, 422, "{answer:?}");
            continue;
        }
        assert_eq!(answer.status, 201, "{answer:?}");
        assert_hostile_name_is_kept(&api, &answer.body["data"], name).await;
    }
}

async fn assert_hostile_name_is_kept(api: &Api, data: &Value, name: &str) {
    let text = |member: &str| data[member].as_str().expect("a string").to_owned();
    let mut upload = crate::api::Upload {
        clip: text("clipId"),
        id: text("uploadId"),
        key: text("key"),
        parts: vec![b"12345".to_vec()],
        etags: Vec::new(),
    };
    assert!(!upload.key.contains(name) && !upload.key.contains(".."), "{}", upload.key);
    upload.etags = vec![api.put(&upload, 1, b"12345".to_vec()).await];
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let shown = api.show(&upload.clip).await;
    assert_eq!(shown.body["data"]["fileName"], name);
    api.assert_whole(&upload).await;
}
