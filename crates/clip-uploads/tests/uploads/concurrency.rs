//! Many callers, and many processes, at once.

use std::time::Duration;

use futures_util::future::join_all;

use crate::api::{Api, Upload};
use crate::rounds;
use crate::site::{Kind, Site};

crate::on_every_site!(
    eight_at_once_ask_storage_once,
    eight_at_once_with_different_lists_make_one_object,
    abort_against_complete_has_one_winner,
    the_sweep_never_takes_what_is_completing,
    parts_that_come_during_a_completion_are_not_in_it,
    two_processes_behave_as_one,
    a_process_that_died_is_stood_in_for,
);

/// The value of a counter of a process.
pub(crate) async fn counter(api: &Api, name: &str) -> u64 {
    let text =
        api.http.get(format!("{}/metrics", api.url)).send().await.expect("an answer").text().await.expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix(name)).expect("the counter");
    line.trim().parse().expect("a number")
}

async fn complete_at_once(apis: &[Api], upload: &Upload, times: usize) -> Vec<u16> {
    let list = upload.list();
    let calls = (0..times).map(|index| apis[index % apis.len()].complete(upload, &list));
    join_all(calls)
        .await
        .into_iter()
        .map(|answer| {
            assert!(answer.status == 200 || answer.error() == (409, "in_progress"), "{answer:?}");
            assert_eq!(answer.status == 409, answer.retry_after.is_some());
            answer.status
        })
        .collect()
}

async fn eight_at_once_ask_storage_once(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    for round in rounds(5) {
        let upload = api.one_part(round).await;
        let statuses = complete_at_once(std::slice::from_ref(&api), &upload, 8).await;
        assert!(statuses.contains(&200));
        assert_eq!(counter(&api, "clip_uploads_storage_completions_total").await, round + 1);
        api.assert_whole(&upload).await;
    }
}

async fn eight_at_once_with_different_lists_make_one_object(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(20).await;
    let wrong = serde_json::json!([{ "partNumber": 1, "eTag": "00000000000000000000000000000000" }]);
    let right = upload.list();
    let calls = (0..8).map(|index| api.complete(&upload, if index % 2 == 0 { &right } else { &wrong }));
    for (index, answer) in join_all(calls).await.into_iter().enumerate() {
        let fits = if index % 2 == 0 { [200, 409] } else { [400, 409] };
        assert!(fits.contains(&answer.status), "{index} {answer:?}");
    }
    assert_eq!(api.complete_patiently(&upload).await.status, 200);
    api.assert_whole(&upload).await;
}

async fn abort_against_complete_has_one_winner(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    let (mut completed, mut aborted) = (0, 0);
    for round in rounds(20) {
        let upload = api.one_part(30 + 1000 * round).await;
        let list = upload.list();
        let abort = async {
            tokio::time::sleep(Duration::from_millis(round % 7)).await;
            api.abort(&upload).await
        };
        let (complete, abort) = tokio::join!(api.complete(&upload, &list), abort);
        match (complete.status, abort.status) {
            (200, 409) => {
                completed += 1;
                api.assert_whole(&upload).await;
            }
            (409, 200) => {
                aborted += 1;
                assert_eq!(api.status(&upload).await, "aborted");
                assert_eq!(complete.error(), (409, "upload_aborted"));
            }
            other => panic!("{other:?} {complete:?} {abort:?}"),
        }
    }
    assert_eq!(completed + aborted, rounds(20).end);
}

async fn the_sweep_never_takes_what_is_completing(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--upload-lifetime", "2s", "--sweep-interval", "50ms"]);
    });
    let api = site.api(&server);
    let upload = api.one_part(50).await;
    site.set_faults("complete delay:4000\n");
    let answer = api.complete(&upload, &upload.list()).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    site.set_faults("");
    // Begun again and again, so that some expire before, some during and some after their completion.
    for round in 0..10 {
        let upload = api.one_part(51 + round).await;
        tokio::time::sleep(Duration::from_millis(1700 + 50 * round)).await;
        let answer = api.complete_patiently(&upload).await;
        match answer.error() {
            (200, _) => api.assert_whole(&upload).await,
            (410, "upload_expired") => api.wait_status(&upload, "expired").await,
            _ => panic!("{answer:?}"),
        }
    }
    api.assert_whole(&upload).await;
}

/// A part is uploaded again and again while the upload is completed: the object has the bytes of the list or the list
/// is refused, and nothing is mixed.
async fn parts_that_come_during_a_completion_are_not_in_it(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    for round in rounds(8) {
        let upload = api.two_parts(100 + round).await;
        let url = api.presign(&upload, &[2]).await.remove(0);
        let other = crate::api::some_bytes(900 + round, 1000);
        let put = async {
            for _ in 0..4 {
                let _ = api.http.put(&url).body(other.clone()).send().await;
            }
        };
        let ((), answer) = tokio::join!(put, async {
            tokio::time::sleep(Duration::from_millis(round * 2)).await;
            api.complete(&upload, &upload.list()).await
        });
        match answer.error() {
            (200, _) => api.assert_whole(&upload).await,
            (400, "invalid_part") => {
                let mut upload = upload;
                upload.etags[1] = api.put(&upload, 2, other.clone()).await;
                upload.parts[1] = other;
                assert_eq!(api.complete_patiently(&upload).await.status, 200);
                api.assert_whole(&upload).await;
            }
            _ => panic!("{answer:?}"),
        }
    }
}

async fn two_processes_behave_as_one(mut site: Site) {
    if site.kind == Kind::OneMachine {
        return second_process_is_refused(site);
    }
    let (one, other) = (site.start(), site.start());
    let apis = [site.api(&one), site.api(&other)];
    for round in rounds(10) {
        let upload = apis[0].one_part(200 + round).await;
        let statuses = complete_at_once(&apis, &upload, 8).await;
        assert!(statuses.contains(&200));
        for api in &apis {
            api.assert_whole(&upload).await;
        }
    }
    let mut asked = 0;
    for api in &apis {
        asked += counter(api, "clip_uploads_storage_completions_total").await;
    }
    assert_eq!(asked, rounds(10).end, "storage was asked once per upload");
    for round in rounds(10) {
        let upload = apis[0].one_part(300 + round).await;
        let list = upload.list();
        let (complete, abort) = tokio::join!(apis[0].complete(&upload, &list), apis[1].abort(&upload));
        assert!(matches!((complete.status, abort.status), (200, 409) | (409, 200)), "{complete:?} {abort:?}");
    }
}

/// A folder is one process's.
fn second_process_is_refused(mut site: Site) {
    let _server = site.start();
    let output = site.command().args(["--listen", "127.0.0.1:0"]).output().expect("the binary");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&output.stderr).contains("in use by another process"), "{output:?}");
}

async fn a_process_that_died_is_stood_in_for(mut site: Site) {
    if site.kind == Kind::OneMachine {
        return;
    }
    let mut dying = site.start_with(|command| {
        command.env("CLIP_UPLOADS_KILL_AT", "list-recorded");
    });
    let living = site.start();
    let (first, second) = (site.api(&dying), site.api(&living));
    let upload = first.one_part(400).await;
    let list = upload.list();
    let request = first.request(reqwest::Method::POST, "/clips/upload/complete");
    let body = upload.body(&serde_json::json!({ "parts": list }));
    assert!(request.json(&body).send().await.is_err());
    dying.wait_gone();
    second.wait_status(&upload, "ready").await;
    assert_eq!(second.complete(&upload, &list).await.status, 200);
    second.assert_whole(&upload).await;
}
