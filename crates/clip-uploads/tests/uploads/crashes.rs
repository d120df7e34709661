//! Processes that are killed at every step of a completion.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use crate::api::{Answer, Api, Upload, some_bytes};
use crate::rounds;
use crate::site::{Kind, Server, Site};

crate::on_every_site!(
    killed_at_every_step_of_a_completion,
    killed_at_random_moments,
    killed_again_while_settling,
    killed_while_a_part_arrives,
    killed_while_an_upload_begins,
    one_of_two_processes_is_killed,
);

const STEPS: [&str; 5] = ["list-checked", "list-recorded", "object-made", "object-checked", "outcome-kept"];
const FOLDER_STEPS: [&str; 4] =
    ["folder-renamed", "folder-sealed", "folder-manifest-written", "folder-manifest-renamed"];

fn steps(kind: Kind) -> impl Iterator<Item = &'static str> {
    let folder: &[_] = if kind == Kind::OneMachine { &FOLDER_STEPS } else { &[] };
    STEPS.into_iter().chain(folder.iter().copied())
}

fn start_to_die_at(site: &mut Site, step: &str) -> Server {
    site.start_with(|command| {
        command.env("CLIP_UPLOADS_KILL_AT", step);
    })
}

/// Sends a completion to a process that does not live to answer it.
async fn complete_in_vain(api: &Api, upload: &Upload) {
    let body = upload.body(&json!({ "parts": upload.list() }));
    let sent = api.request(Method::POST, "/clips/upload/complete").json(&body).send().await;
    assert!(sent.is_err(), "{sent:?}");
}

async fn assert_recovers(site: &mut Site, upload: &Upload, bystander: &Upload) {
    let server = site.start();
    let api = site.api(&server);
    let answer = api.complete_patiently(upload).await;
    assert_eq!(answer.status, 200, "{answer:?}\n{}", site.log());
    api.assert_whole(upload).await;
    // Nothing that was uploaded and acknowledged is lost, whatever became of its neighbour.
    assert_eq!(api.complete_patiently(bystander).await.status, 200);
    api.assert_whole(bystander).await;
}

async fn killed_at_every_step_of_a_completion(mut site: Site) {
    let steps: Vec<_> = rounds(1).flat_map(|_| steps(site.kind)).collect();
    for (seed, step) in (0..).step_by(10).zip(steps) {
        let mut server = start_to_die_at(&mut site, step);
        let api = site.api(&server);
        let (upload, bystander) = (api.two_parts(seed).await, api.one_part(seed + 5).await);
        complete_in_vain(&api, &upload).await;
        server.wait_gone();
        assert_recovers(&mut site, &upload, &bystander).await;
    }
}

async fn killed_at_random_moments(mut site: Site) {
    for round in rounds(12) {
        let mut server = site.start();
        let api = site.api(&server);
        let (upload, bystander) = (api.one_part(1000 + round).await, api.one_part(2000 + round).await);
        let sent = tokio::spawn({
            let (api, upload) = (api.clone(), upload.clone());
            let body = upload.body(&json!({ "parts": upload.list() }));
            async move { api.request(Method::POST, "/clips/upload/complete").json(&body).send().await }
        });
        tokio::time::sleep(Duration::from_micros(round * 700 % 12_000)).await;
        server.kill();
        let _ = sent.await;
        assert_recovers(&mut site, &upload, &bystander).await;
    }
}

async fn killed_again_while_settling(mut site: Site) {
    let steps: Vec<_> = steps(site.kind).filter(|step| *step != "list-checked").collect();
    let mut server = start_to_die_at(&mut site, "list-recorded");
    let api = site.api(&server);
    let (upload, bystander) = (api.two_parts(5000).await, api.one_part(5005).await);
    complete_in_vain(&api, &upload).await;
    server.wait_gone();
    let mut died = 0;
    for step in steps.into_iter().filter(|step| *step != "list-recorded") {
        let started = site.try_start_with(|command| {
            command.env("CLIP_UPLOADS_KILL_AT", step);
        });
        // It may die before it serves, or not at all: a step that an earlier life has taken is not taken again.
        if let Some(mut server) = started {
            let deadline = Instant::now() + Duration::from_secs(4);
            while !server.is_gone() && Instant::now() < deadline {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            died += usize::from(server.is_gone());
        } else {
            died += 1;
        }
    }
    assert!(died > 0);
    assert_recovers(&mut site, &upload, &bystander).await;
}

/// A part counts once its ETag was answered, and not before; half a part never does.
async fn killed_while_a_part_arrives(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    for (seed, step) in [(1, "part-written"), (2, "part-renamed")] {
        let mut server = start_to_die_at(&mut site, step);
        let api = site.api(&server);
        let mut upload = api.begin(3000).await;
        upload.parts = vec![some_bytes(seed, 3000)];
        let url = api.presign(&upload, &[1]).await.remove(0);
        assert!(api.http.put(url).body(upload.parts[0].clone()).send().await.is_err());
        server.wait_gone();
        let server = site.start();
        let api = site.api(&server);
        assert_eq!(site.count_files("incoming"), 0);
        upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
        assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
        api.assert_whole(&upload).await;
    }
}

/// What nobody was told of is removed, and what somebody was told of stays, with parts or without.
async fn killed_while_an_upload_begins(mut site: Site) {
    let mut server = site.start();
    let api = site.api(&server);
    let (empty, stored) = (api.begin(2000).await, api.one_part(1).await);
    server.kill();
    let mut server = start_to_die_at(&mut site, "storage-opened");
    let api = site.api(&server);
    let start = json!({ "brandId": "b", "title": "t", "fileName": "f", "fileSize": 5, "mimeType": "video/mp4" });
    assert!(api.request(Method::POST, "/clips/upload/init").json(&start).send().await.is_err());
    server.wait_gone();
    let server = site.start();
    let api = site.api(&server);
    if site.kind == Kind::OneMachine {
        let folders = site.data().join("storage/uploads").read_dir().expect("a folder").count();
        assert_eq!(folders, 2);
    }
    assert_eq!(api.complete(&stored, &stored.list()).await.status, 200);
    let mut empty = empty;
    empty.parts = vec![some_bytes(3, 2000)];
    empty.etags = vec![api.put(&empty, 1, empty.parts[0].clone()).await];
    assert_eq!(api.complete(&empty, &empty.list()).await.status, 200);
}

/// Callers ask both processes at once, and one of them is killed meanwhile; the other finishes what it began.
async fn one_of_two_processes_is_killed(mut site: Site) {
    if site.kind == Kind::OneMachine {
        return;
    }
    let living = site.start();
    let api = site.api(&living);
    for round in rounds(8) {
        let mut dying = site.start();
        let other = site.api(&dying);
        let upload = api.one_part(6000 + round).await;
        let calls: Vec<_> = (0..6)
            .map(|index| {
                let (api, upload) = (if index % 2 == 0 { &api } else { &other }.clone(), upload.clone());
                let body = upload.body(&json!({ "parts": upload.list() }));
                tokio::spawn(async move {
                    Answer::try_of(api.request(Method::POST, "/clips/upload/complete").json(&body)).await.ok()
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_micros(round * 2300 % 25_000)).await;
        dying.kill();
        for call in calls {
            let answer = call.await.expect("no panic");
            let fits = |answer: &Answer| answer.status == 200 || answer.error() == (409, "in_progress");
            assert!(answer.as_ref().is_none_or(fits), "{answer:?}");
        }
        assert_eq!(api.complete_patiently(&upload).await.status, 200);
        api.assert_whole(&upload).await;
    }
}
