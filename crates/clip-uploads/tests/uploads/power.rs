//! What a loss of power leaves: SIGKILL spares what the operating system holds in memory, so the system calls of the
//! service are recorded, and their order is held against what has to be on the disk before something is answered.
//!
//! Every sync is then taken out of the record in turn, and the check has to fail: so none of them could be removed from
//! the service unnoticed, and none is made for nothing.

use std::io::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::api::some_bytes;
use crate::site::{Kind, Site, run};
use crate::trace::{Call, Trace};

#[test]
fn what_is_answered_is_on_the_disk() {
    run(Kind::OneMachine, what_is_answered_is_on_the_disk_at);
}

#[test]
fn what_a_killed_process_left_is_synced_by_the_next() {
    run(Kind::OneMachine, what_a_killed_process_left_is_synced_by_the_next_at);
}

#[test]
fn backups_are_on_the_disk() {
    run(Kind::OneMachine, backups_are_on_the_disk_at);
}

/// Whether system calls can be recorded here.
fn can_trace() -> bool {
    Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).output().is_ok_and(|done| done.status.success())
}

/// The same, or the reason why a test is skipped.
fn traces() -> bool {
    let can = can_trace();
    if !can {
        assert!(std::env::var_os("CI").is_none(), "strace is not on this machine, or may not trace");
        let _ = writeln!(std::io::stderr(), "skipped: strace is not on this machine, or may not trace");
    }
    can
}

async fn what_is_answered_is_on_the_disk_at(mut site: Site) {
    if !traces() {
        return;
    }
    let file = site.data().with_file_name("trace");
    site.trace_to(&file);
    // Nothing but the requests writes.
    let mut server = site.start_with(|command| {
        command.args(["--sweep-interval", "1h", "--clock-gap", "2h"]);
    });
    let api = site.api(&server);
    let mut upload = api.begin(2000).await;
    upload.parts = vec![some_bytes(1, 2000)];
    upload.etags = vec![api.put(&upload, 1, upload.parts[0].clone()).await];
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    let given_up = api.begin(10).await;
    assert_eq!(api.abort(&given_up).await.status, 200);
    let deleted = api.http.delete(format!("{}/clips/{}", api.url, upload.clip)).bearer_auth(&api.key).send().await;
    assert_eq!(deleted.expect("an answer").status(), 200);
    server.signal("TERM");
    server.wait_gone();
    let trace = recorded(&file);
    let checked: [(&str, Check); 6] = [
        ("start", check_start),
        ("begin", check_begin),
        ("part", check_part),
        ("complete", check_complete),
        ("abort", check_abort),
        ("delete", check_delete),
    ];
    for (what, check) in checked {
        check(&trace).unwrap_or_else(|missing| panic!("{what}: {missing}\n{}", trace.text()));
    }
    for (what, from, to) in
        [("begin", COMPLETED, BEGUN_AGAIN), ("part", PRESIGNED, STORED), ("complete", STORED, COMPLETED)]
    {
        let needed = checked.iter().find(|(name, _)| *name == what).expect("a check").1;
        assert_every_sync_is_needed(&trace, what, needed, trace.answer(from), trace.answer(to));
    }
}

/// A process is killed between sealing an upload and making its object, which the database then forgets; another one
/// between writing an object's manifest and syncing it. What the next process concludes from both is on the disk first.
async fn what_a_killed_process_left_is_synced_by_the_next_at(mut site: Site) {
    if !traces() {
        return;
    }
    let mut uploads = Vec::new();
    for (seed, step) in [(1, "folder-sealed"), (2, "folder-manifest-renamed")] {
        let mut server = site.start_with(|command| {
            command.env("CLIP_UPLOADS_KILL_AT", step);
        });
        let api = site.api(&server);
        let upload = api.one_part(seed).await;
        let body = upload.body(&serde_json::json!({ "parts": upload.list() }));
        let sent = api.request(reqwest::Method::POST, "/clips/upload/complete").json(&body).send().await;
        assert!(sent.is_err(), "{sent:?}");
        server.wait_gone();
        if uploads.is_empty() {
            site.forget_completions().await;
        }
        uploads.push(upload);
    }
    let file = site.data().with_file_name("trace");
    site.trace_to(&file);
    let mut server = site.start_with(|command| {
        command.args(["--sweep-interval", "1h", "--clock-gap", "2h"]);
    });
    let api = site.api(&server);
    api.wait_status(&uploads[1], "ready").await;
    let shown = api.show(&uploads[0].clip).await;
    assert_eq!(shown.status, 200);
    server.signal("TERM");
    server.wait_gone();
    let trace = recorded(&file);
    let reopened = trace.rename(0, "/objects/", "/uploads/").expect("the seal is taken back");
    let checks: [Check; 2] = [check_resumed, check_reopened];
    for check in checks {
        check(&trace).unwrap_or_else(|missing| panic!("{missing}\n{}", trace.text()));
    }
    for sync in trace.syncs(0, usize::MAX) {
        let Call::Sync(path) = trace.call(sync) else { continue };
        let (resumed, without) = (path.contains("/objects/"), trace.without(sync));
        let taken_back = trace.began(sync) > reopened && path.contains("/storage/") && !resumed;
        if resumed || taken_back {
            let failed = if resumed { check_resumed(&without) } else { check_reopened(&without) };
            assert!(failed.is_err(), "nothing needs {path}\n{}", trace.text());
        }
    }
}

/// A manifest that was renamed and perhaps not synced is synced before the database says that the object is there.
fn check_resumed(trace: &Trace) -> Result<(), String> {
    let synced = trace.find(0, usize::MAX, |call| matches!(call, Call::Sync(path) if path.contains("/objects/")))?;
    trace.written_and_synced_between(synced, usize::MAX, WAL)
}

/// A folder that takes parts again is where it was.
fn check_reopened(trace: &Trace) -> Result<(), String> {
    let renamed = trace.rename(0, "/objects/", "/uploads/")?;
    trace.synced_between(renamed, usize::MAX, "/storage/uploads")?;
    trace.synced_between(renamed, usize::MAX, "/storage/objects").map(drop)
}

/// A backup, and what is restored from it, has every file and every name on the disk once the command has ended.
async fn backups_are_on_the_disk_at(mut site: Site) {
    if !traces() {
        return;
    }
    let mut server = site.start();
    let api = site.api(&server);
    let upload = api.one_part(1).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.one_part(2).await;
    server.kill();
    let to = site.data().with_file_name("backup").display().to_string();
    for (command, what) in [("backup", "/backup/"), ("restore", "/data/")] {
        let file = site.data().with_file_name(format!("{command}.trace"));
        site.trace_to(&file);
        if command == "restore" {
            std::fs::rename(site.data(), site.data().with_file_name("lost")).expect("lost");
        }
        let (code, text) = site.run([command, &to]);
        assert_eq!(code, Some(0), "{text}");
        let trace = recorded(&file);
        let renames = trace.renames(what);
        // Database, identity, signing key, sequence, a manifest, and two parts.
        assert!(renames.len() >= 7, "{renames:?}");
        for rename in renames {
            let (fresh, place) = trace.renamed(rename);
            let folder = place.rsplit_once('/').expect("a folder").0;
            let file = trace.synced_between(0, rename + 1, &fresh);
            let name = trace.synced_between(rename, usize::MAX, folder);
            file.and(name).unwrap_or_else(|missing| panic!("{command}: {missing}\n{}", trace.text()));
        }
    }
}

/// What must hold, or what is missing.
type Check = fn(&Trace) -> Result<(), String>;

fn assert_every_sync_is_needed(trace: &Trace, what: &str, check: Check, from: usize, to: usize) {
    let syncs = trace.syncs(from, to);
    assert!(!syncs.is_empty(), "{what}");
    for sync in syncs {
        // SQLite syncs the folder of its files once, in whichever statement a connection comes to it.
        if matches!(trace.call(sync), Call::Sync(path) if path.ends_with("/data")) {
            continue;
        }
        let without = trace.without(sync);
        assert!(check(&without).is_err(), "{what}: nothing needs {:?}\n{}", trace.call(sync), trace.text());
    }
}

/// The record, once it is whole.
fn recorded(file: &std::path::Path) -> Trace {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        let text = std::fs::read_to_string(file).expect("a record");
        if text.lines().last().is_some_and(|line| line.contains("+++ exited")) || Instant::now() > deadline {
            return Trace::read(&text);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
}

const WAL: &str = "metadata.sqlite-wal";

/// The answers, in their order: of the first upload, then of the one that is given up, then of the deletion.
const BEGUN: usize = 0;
const PRESIGNED: usize = 1;
const STORED: usize = 2;
const COMPLETED: usize = 3;
const BEGUN_AGAIN: usize = 4;
const ABORTED: usize = 5;
const DELETED: usize = 6;

/// Files that are written once are on the disk, and so are their names.
fn check_start(trace: &Trace) -> Result<(), String> {
    for name in ["identity", "url-signing.key"] {
        let rename = trace.rename(0, &format!("storage/{name}.new"), &format!("storage/{name}"))?;
        trace.file_synced_before(rename, &format!("storage/{name}.new"))?;
        trace.synced_between(rename, trace.answer(BEGUN), "/storage")?;
    }
    Ok(())
}

/// The folder of an upload is there before the database knows the upload, and that before the answer.
fn check_begin(trace: &Trace) -> Result<(), String> {
    let (from, answer) = (trace.answer(COMPLETED), trace.answer(BEGUN_AGAIN));
    let made = trace.find(from, answer, |call| matches!(call, Call::MakeFolder(path) if path.contains("/uploads/")))?;
    let synced = trace.synced_between(made, answer, "/uploads")?;
    trace.written_and_synced_between(synced, answer, WAL)
}

/// A part is on the disk, and in its place, before its ETag is answered.
fn check_part(trace: &Trace) -> Result<(), String> {
    let (from, answer) = (trace.answer(PRESIGNED), trace.answer(STORED));
    let rename = trace.rename(from, "/incoming/", "/uploads/")?;
    let (part, place) = trace.renamed(rename);
    trace.file_synced_before(rename, &part)?;
    let folder = place.rsplit_once('/').map(|(folder, _)| folder.to_owned()).unwrap_or_default();
    trace.synced_between(rename, answer, &folder)?;
    // Its number is one that no other part gets, also after a restart.
    let numbers = trace.rename(from, "/sequence.new", "/sequence")?;
    trace.file_synced_before(numbers, "/sequence.new")?;
    trace.synced_between(numbers, rename, "/storage").map(drop)
}

/// The list is recorded before storage changes; the object is whole before the database says so; and that is on the
/// disk before the answer.
fn check_complete(trace: &Trace) -> Result<(), String> {
    let (from, answer) = (trace.answer(STORED), trace.answer(COMPLETED));
    let sealed = trace.rename(from, "/uploads/", "/objects/")?;
    trace.written_and_synced_between(from, sealed, WAL)?;
    let (_, object) = trace.renamed(sealed);
    let made = trace.rename(sealed, "/manifest.json.new", "/manifest.json")?;
    trace.synced_between(sealed, made, "/objects")?;
    trace.synced_between(sealed, made, "/uploads")?;
    trace.file_synced_before(made, "/manifest.json.new")?;
    let whole = trace.synced_between(made, answer, &object)?;
    trace.written_and_synced_between(whole, answer, WAL)
}

/// An upload is given up in the database before its parts go.
fn check_abort(trace: &Trace) -> Result<(), String> {
    let removed = trace.rename(trace.answer(BEGUN_AGAIN), "/uploads/", "/discarded/")?;
    trace.written_and_synced_between(trace.answer(BEGUN_AGAIN), removed, WAL)?;
    trace.synced_between(removed, trace.answer(ABORTED), "/uploads").map(drop)
}

/// A clip is deleted in the database before its object goes.
fn check_delete(trace: &Trace) -> Result<(), String> {
    let removed = trace.rename(trace.answer(ABORTED), "/objects/", "/discarded/")?;
    trace.written_and_synced_between(trace.answer(ABORTED), removed, WAL)?;
    trace.synced_between(removed, trace.answer(DELETED), "/objects").map(drop)
}
