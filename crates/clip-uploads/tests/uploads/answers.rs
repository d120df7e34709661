//! Which list is answered how.

use serde_json::{Value, json};

use crate::api::{Api, MIN_PART, Upload, some_bytes};
use crate::site::{Kind, Site};

crate::on_every_site!(
    a_good_list_makes_the_object,
    spellings_of_an_etag_are_equal,
    the_order_of_the_list_does_not_matter,
    both_spellings_of_the_member_are_taken,
    a_wrong_etag_leaves_the_upload_as_it_was,
    an_etag_of_replaced_bytes_is_wrong,
    parts_and_list_must_be_the_same_set,
    a_part_is_listed_once,
    only_the_last_part_may_be_small,
    the_parts_add_up_to_the_file,
    what_is_not_the_callers_does_not_exist,
    what_does_not_exist_looks_the_same_to_the_byte,
    completing_again_gives_the_same_answer,
    completing_again_with_another_list_changes_nothing,
    an_aborted_upload_stays_aborted,
    an_expired_upload_stays_expired,
    ten_thousand_parts_complete,
);

fn started(mut site: Site) -> (Site, crate::site::Server, Api) {
    let server = site.start();
    let api = site.api(&server);
    (site, server, api)
}

async fn a_good_list_makes_the_object(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.two_parts(1).await;
    assert_eq!(api.status(&upload).await, "uploading");
    let shown = api.show(&upload.clip).await;
    let sizes: Vec<_> =
        shown.body["data"]["parts"].as_array().expect("a list").iter().map(|part| &part["size"]).collect();
    assert_eq!(sizes, [MIN_PART, 1000]);
    let answer = api.complete(&upload, &upload.list()).await;
    let expected = json!({ "success": true, "data": { "clipId": upload.clip, "status": "processing" } });
    assert_eq!((answer.status, answer.body), (200, expected));
    api.assert_whole(&upload).await;
}

async fn spellings_of_an_etag_are_equal(site: Site) {
    let (_site, _server, api) = started(site);
    for spell in [
        |etag: &str| etag.to_owned(),
        |etag: &str| etag.trim_matches('"').to_owned(),
        |etag: &str| etag.to_uppercase(),
        |etag: &str| etag.trim_matches('"').to_uppercase(),
    ] {
        let upload = api.one_part(2).await;
        let answer = api.complete(&upload, &json!([{ "partNumber": 1, "eTag": spell(&upload.etags[0]) }])).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        api.assert_whole(&upload).await;
    }
}

async fn the_order_of_the_list_does_not_matter(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.two_parts(3).await;
    let reversed: Value = upload.list().as_array().expect("a list").iter().rev().cloned().collect();
    assert_eq!(api.complete(&upload, &reversed).await.status, 200);
    api.assert_whole(&upload).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
}

async fn both_spellings_of_the_member_are_taken(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.one_part(4).await;
    let list = |member: &str| json!([{ "partNumber": 1, member: upload.etags[0] }]);
    let with_key = |key: &str, member: &str| upload.body(&json!({ "key": key, "parts": list(member) }));
    let answer = api.post("/clips/upload/complete", &with_key("clips/other", "etag")).await;
    assert_eq!(answer.error(), (404, "not_found"));
    let answer = api.post("/clips/upload/complete", &with_key(&upload.key, "etag")).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(api.complete(&upload, &list("eTag")).await, answer);
}

async fn a_wrong_etag_leaves_the_upload_as_it_was(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.two_parts(5).await;
    let mut wrong = upload.list();
    wrong[1]["eTag"] = json!("00000000000000000000000000000000");
    let answer = api.complete(&upload, &wrong).await;
    assert_eq!(answer.error(), (400, "invalid_part"));
    assert_eq!(answer.body["partNumbers"], json!([2]));
    assert_eq!(api.status(&upload).await, "uploading");
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn an_etag_of_replaced_bytes_is_wrong(site: Site) {
    let (_site, _server, api) = started(site);
    let mut upload = api.one_part(6).await;
    let stale = upload.list();
    upload.parts = vec![some_bytes(60, 2000)];
    upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
    assert_eq!(api.complete(&upload, &stale).await.error(), (400, "invalid_part"));
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn parts_and_list_must_be_the_same_set(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.two_parts(7).await;
    let mut more = upload.list();
    more.as_array_mut().expect("a list").push(json!({ "partNumber": 3, "eTag": upload.etags[0] }));
    let answer = api.complete(&upload, &more).await;
    assert_eq!((answer.error(), &answer.body["partNumbers"]), ((409, "upload_incomplete"), &json!([3])));
    let mut fewer = upload.list();
    fewer.as_array_mut().expect("a list").pop();
    let answer = api.complete(&upload, &fewer).await;
    assert_eq!((answer.error(), &answer.body["partNumbers"]), ((409, "upload_incomplete"), &json!([2])));
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn a_part_is_listed_once(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.one_part(8).await;
    let mut twice = upload.list();
    let again = twice[0].clone();
    twice.as_array_mut().expect("a list").push(again);
    let answer = api.complete(&upload, &twice).await;
    assert_eq!(answer.status, 400, "{answer:?}");
    assert_eq!(answer.body["violations"][0]["pointer"], "/parts/1/partNumber");
    assert_eq!(api.status(&upload).await, "uploading");
}

async fn only_the_last_part_may_be_small(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.upload(vec![some_bytes(9, MIN_PART - 1), some_bytes(90, 10)]).await;
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!((answer.error(), &answer.body["partNumbers"]), ((400, "part_too_small"), &json!([1])));
}

async fn the_parts_add_up_to_the_file(site: Site) {
    let (_site, _server, api) = started(site);
    let mut upload = api.begin(3000).await;
    upload.etags = vec![api.put(&upload, 1, some_bytes(10, 2000)).await];
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (409, "upload_incomplete"));
    upload.parts = vec![some_bytes(10, 3000)];
    upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn what_is_not_the_callers_does_not_exist(site: Site) {
    let (site, _server, api) = started(site);
    let (mine, other) = (api.one_part(11).await, api.one_part(12).await);
    let stranger = api.with_key(&site.create_key("stranger"));
    let mixed = Upload { id: other.id.clone(), ..mine.clone() };
    let unknown = Upload { clip: "clip_unknown".into(), ..mine.clone() };
    let hostile = Upload { clip: "../../etc/passwd".into(), id: "\u{0}' OR 1=1 --".into(), ..mine.clone() };
    let expected = api.complete(&unknown, &mine.list()).await;
    assert_eq!(expected.error(), (404, "not_found"));
    for (caller, upload) in [(&api, &mixed), (&api, &hostile), (&stranger, &mine)] {
        assert_eq!(caller.complete(upload, &mine.list()).await, expected);
        assert_eq!(caller.abort(upload).await, expected);
        let body = upload.body(&json!({ "key": upload.key, "partNumbers": [1] }));
        assert_eq!(caller.post("/clips/upload/presign", &body).await, expected);
    }
    assert_eq!(stranger.show(&mine.clip).await, expected);
    assert_eq!(api.show("clip_unknown").await, expected);
    assert_eq!(api.complete(&mine, &mine.list()).await.status, 200);
    assert_eq!(stranger.complete(&mine, &mine.list()).await, expected);
}

/// Status, headers and bytes alike, but for the time and the id of the request.
async fn what_does_not_exist_looks_the_same_to_the_byte(site: Site) {
    let (site, _server, api) = started(site);
    let (mine, other) = (api.one_part(18).await, api.one_part(19).await);
    let stranger = api.with_key(&site.create_key("stranger"));
    let unknown = Upload { clip: "clip_unknown".into(), ..mine.clone() };
    let mixed = Upload { id: other.id.clone(), ..mine.clone() };
    let mut answers = Vec::new();
    for (caller, upload) in [(&api, &unknown), (&api, &mixed), (&stranger, &mine)] {
        let body = upload.body(&json!({ "parts": mine.list() }));
        let request = caller.request(reqwest::Method::POST, "/clips/upload/complete").json(&body);
        let answer = request.send().await.expect("the service answers");
        let mut headers = answer.headers().clone();
        assert!(headers.remove("x-request-id").is_some());
        headers.remove("date");
        answers.push((answer.status(), headers, answer.bytes().await.expect("bytes")));
    }
    assert_eq!(answers[0].0, 404);
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

async fn completing_again_gives_the_same_answer(site: Site) {
    let (mut site, mut server, api) = started(site);
    let upload = api.one_part(13).await;
    let first = api.complete(&upload, &upload.list()).await;
    assert_eq!(first.status, 200);
    assert_eq!(api.complete(&upload, &upload.list()).await, first);
    server.kill();
    let server = site.start();
    let api = site.api(&server);
    assert_eq!(api.complete(&upload, &upload.list()).await, first);
    assert_eq!(api.abort(&upload).await.error(), (409, "already_completed"));
    api.assert_whole(&upload).await;
}

async fn completing_again_with_another_list_changes_nothing(site: Site) {
    let (_site, _server, api) = started(site);
    let upload = api.one_part(14).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let other = json!([{ "partNumber": 1, "eTag": "00000000000000000000000000000000" }]);
    assert_eq!(api.complete(&upload, &other).await.error(), (409, "already_completed"));
    api.assert_whole(&upload).await;
}

async fn an_aborted_upload_stays_aborted(site: Site) {
    let (site, _server, api) = started(site);
    let upload = api.one_part(15).await;
    let url = api.presign(&upload, &[1]).await.remove(0);
    let answer = api.abort(&upload).await;
    assert_eq!((answer.status, &answer.body["data"]), (200, &json!({ "aborted": true })));
    assert_eq!(api.abort(&upload).await, answer);
    assert_eq!(api.status(&upload).await, "aborted");
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (409, "upload_aborted"));
    let put = api.http.put(url).body("more").send().await.expect("storage answers");
    assert!(put.status().is_client_error() || put.status().is_server_error(), "{put:?}");
    assert_eq!(site.count_files("uploads"), 0);
}

async fn an_expired_upload_stays_expired(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--upload-lifetime", "2s"]);
    });
    let api = site.api(&server);
    let (upload, done) = (api.one_part(16).await, api.one_part(17).await);
    assert_eq!(api.complete(&done, &done.list()).await.status, 200);
    api.wait_status(&upload, "expired").await;
    assert_eq!(api.complete(&upload, &upload.list()).await.error(), (410, "upload_expired"));
    assert_eq!(api.abort(&upload).await.error(), (410, "upload_expired"));
    let body = upload.body(&json!({ "key": upload.key, "partNumbers": [1] }));
    assert_eq!(api.post("/clips/upload/presign", &body).await.error(), (410, "upload_expired"));
    tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    assert_eq!(site.count_files("uploads"), 0);
    api.assert_whole(&done).await;
}

/// The files of the parts have no bytes on the disk but sizes, so that 50 GiB fit; to the service they are parts.
async fn ten_thousand_parts_complete(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--organisation-bytes", "1TiB"]);
    });
    let api = site.api(&server);
    let etag = |number: usize| format!("{number:032x}");
    let list = |last: usize| -> Value {
        (1..=last).map(|number| json!({ "partNumber": number, "eTag": etag(number) })).collect()
    };
    let upload = api.begin(10_000 * MIN_PART).await;
    let answer = api.complete(&upload, &list(10_000)).await;
    assert_eq!(answer.error(), (409, "upload_incomplete"));
    assert_eq!(answer.body["partNumbers"].as_array().map(Vec::len), Some(10_000));
    assert_eq!(api.complete(&upload, &list(10_001)).await.status, 400);
    if site.kind == Kind::ManyMachines {
        return;
    }
    let uploads = site.data().join("storage/uploads");
    let folder = uploads.read_dir().expect("a folder").next().expect("an upload").expect("readable").path();
    for number in 1..=10_000 {
        let name = format!("{number:05}-{:020}-{MIN_PART}-{}", 1, etag(number));
        let file = std::fs::File::create(folder.join(name)).expect("a file");
        file.set_len(MIN_PART as u64).expect("a size");
    }
    let began = std::time::Instant::now();
    assert_eq!(api.complete(&upload, &list(10_000)).await.status, 200);
    let took = began.elapsed();
    assert!(took.as_secs() < 10, "{took:?}");
    let shown = api.show(&upload.clip).await;
    assert_eq!(shown.body["data"]["status"], "ready");
    assert!(shown.body["data"]["eTag"].as_str().is_some_and(|etag| etag.ends_with("-10000")), "{shown:?}");
}
