//! Uploads to the service of this workspace.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use serde_json::{Value, json};

use crate::program::{Home, Service};

const MIB: usize = 1024 * 1024;

/// Downloads a clip and holds it against the file.
fn assert_same(home: &Home, clip: &str, file: &std::path::Path) {
    let copy = home.folder.path().join("copy");
    let down = home.run(["clips", "download", clip, "--to", "copy"]);
    assert_eq!(down.code, Some(0), "{down:?}");
    assert!(std::fs::read(file).expect("there") == std::fs::read(copy).expect("there"), "the clip is not the file");
}

#[test]
fn a_video_is_uploaded_in_parts_and_comes_back_the_same() {
    let service = Service::start();
    let home = service.home();
    let file = home.file("a video's name.mp4", 11 * MIB + 13);
    let up = home.run(["clips", "upload", "a video's name.mp4", "--brand-id", "b", "--part-size", "5", "-o", "json"]);
    let clip = up.json();
    assert_eq!((&clip["status"], &clip["mimeType"]), (&json!("ready"), &json!("video/mp4")));
    assert!(clip["eTag"].as_str().is_some_and(|tag| tag.ends_with("-3")), "{clip}");
    assert_same(&home, clip["id"].as_str().expect("an id"), &file);
    assert!(!format!("{up:?}").contains(&service.key));
    // Nobody has to copy the name of the clip.
    assert_eq!(home.run(["clips", "download", "--to", "last"]).code, Some(0));
    assert!(std::fs::read(home.folder.path().join("last")).expect("there") == std::fs::read(&file).expect("there"));
    let known = home.run(["clips", "upload", "a video's name.mp4", "--resume", "-o", "json"]);
    assert_eq!(known.json()["id"], clip["id"]);

    let again = home.run([
        "clips",
        "upload",
        "a video's name.mp4",
        "--resume",
        clip["id"].as_str().expect("an id"),
        "-o",
        "json",
    ]);
    assert_eq!(again.json()["eTag"], clip["eTag"], "going on with a clip that is ready checks it and is done");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upload_goes_on_from_what_storage_has() {
    let service = Service::start();
    let home = service.home();
    let file = home.file("clip.mp4", 11 * MIB);
    let bytes = std::fs::read(&file).expect("there");
    let size = bytes.len().to_string();
    let begun = home.run([
        "clips",
        "init-clip-upload",
        "--brand-id",
        "b",
        "--title",
        "t",
        "--file-name",
        "clip.mp4",
        "--file-size",
        &size,
        "--mime-type",
        "video/mp4",
        "-o",
        "json",
    ]);
    let upload = begun.json()["data"].clone();
    // Part 1 is the file's; part 2 is somebody else's, of the same size.
    let other = vec![7; 5 * MIB];
    for (number, part) in [(1, &bytes[..5 * MIB]), (2, &other[..])] {
        let url = address(&home, &upload, number);
        let put = reqwest::Client::new().put(url).body(part.to_vec()).send().await.expect("an answer");
        assert_eq!(put.status(), 200);
    }
    let clip = upload["clipId"].as_str().expect("an id");
    let done = home.run(["clips", "upload", "clip.mp4", "--resume", clip, "-o", "json"]).json();
    assert_eq!(done["status"], "ready");
    assert_same(&home, clip, &file);

    home.file("other.mp4", 3);
    let wrong = home.run(["clips", "upload", "other.mp4", "--resume", clip]);
    assert_eq!(wrong.code, Some(2), "{wrong:?}");
    assert!(wrong.stderr.contains("not the same file"), "{wrong:?}");
}

/// What was said before the end is enough to go on with, also when the end left no time to say anything.
#[test]
fn an_upload_that_was_cut_short_goes_on() {
    let service = Service::start();
    let home = service.home();
    let file = home.file("long.mp4", 150 * MIB);
    for signal in ["INT", "KILL"] {
        let mut command = home.command();
        command.args(["clips", "upload", "long.mp4", "--brand-id", "b", "--part-size", "5", "--parallel", "1"]);
        let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
        let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
        let said = lines.next().expect("a line").expect("text");
        let clip = said.rsplit_once("go on with --resume ").expect("a clip").1.to_owned();
        let shown = || {
            let answer = home.run(["clips", "get-clip", "--id", &clip, "--include-parts=true", "-o", "json"]).json();
            answer["data"].clone()
        };
        while shown()["parts"].as_array().is_none_or(Vec::is_empty) {}
        let killed = std::process::Command::new("kill").args([format!("-{signal}"), process.id().to_string()]).status();
        assert!(killed.expect("sent").success());
        process.wait().expect("ended");
        assert_eq!(shown()["status"], "uploading", "it was cut short");
        let done = home.run(["clips", "upload", "long.mp4", "--resume", &clip, "-o", "json"]);
        assert_eq!(done.json()["status"], "ready");
        assert_same(&home, &clip, &file);
    }
}

/// Where a part of an upload goes.
fn address(home: &Home, upload: &Value, number: u32) -> String {
    let mut body = upload.clone();
    body["partNumbers"] = json!([number]);
    let body = body.to_string();
    let presigned = home.run(["clips", "presign-clip-upload-parts", "--json", &body, "-o", "json"]).json();
    presigned["data"]["presignedUrls"][0]["url"].as_str().expect("an address").to_owned()
}

#[test]
fn files_that_cannot_be_clips_are_refused_before_anything_is_sent() {
    let home = Home::new("http://127.0.0.1:1", Some("sk-social-1"));
    home.file("empty.mp4", 0);
    for (file, reason) in [("empty.mp4", "the file is empty"), ("none.mp4", "No such file"), (".", "not a file")] {
        let refused = home.run(["clips", "upload", file, "--brand-id", "b"]);
        assert_eq!(refused.code, Some(2), "{refused:?}");
        assert!(refused.stderr.contains(reason), "{refused:?}");
    }
}

/// Begins the upload of a file with the API's own command.
fn begin(home: &Home, name: &str, size: usize) -> Value {
    let size = size.to_string();
    let mut command = home.command();
    command.args(["clips", "init-clip-upload", "--brand-id", "b", "--title", "t", "--file-name", name]);
    command.args(["--file-size", &size, "--mime-type", "video/mp4", "-o", "json"]);
    crate::program::ended(&command.output().expect("started")).json()["data"].clone()
}

async fn put(home: &Home, upload: &Value, number: u32, bytes: &[u8]) {
    let sent = reqwest::Client::new().put(address(home, upload, number)).body(bytes.to_vec()).send().await;
    assert_eq!(sent.expect("an answer").status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_last_part_alone_tells_how_the_file_was_cut() {
    let service = Service::start();
    let home = service.home();
    let file = home.file("clip.mp4", 11 * MIB);
    let bytes = std::fs::read(&file).expect("there");
    let upload = begin(&home, "clip.mp4", bytes.len());
    put(&home, &upload, 3, &bytes[10 * MIB..]).await;
    let clip = upload["clipId"].as_str().expect("an id");
    let other = home.run(["clips", "upload", "clip.mp4", "--resume", clip, "--part-size", "6"]);
    assert_eq!(other.code, Some(2), "{other:?}");
    assert!(other.stderr.contains("leave --part-size out"), "{other:?}");
    let done = home.run(["clips", "upload", "clip.mp4", "--resume", clip, "-o", "json"]).json();
    assert!(done["eTag"].as_str().is_some_and(|tag| tag.ends_with("-3")), "{done}");
    assert_same(&home, clip, &file);
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_that_no_layout_explains_are_a_dead_end_with_a_way_out() {
    let service = Service::start();
    let home = service.home();
    let file = home.file("clip.mp4", 20 * MIB);
    let bytes = std::fs::read(&file).expect("there");
    let upload = begin(&home, "clip.mp4", bytes.len());
    put(&home, &upload, 1, &bytes[..5 * MIB]).await;
    put(&home, &upload, 2, &bytes[..6 * MIB]).await;
    let clip = upload["clipId"].as_str().expect("an id");
    let stuck = home.run(["clips", "upload", "clip.mp4", "--resume", clip]);
    assert_eq!(stuck.code, Some(2), "{stuck:?}");
    assert!(stuck.stderr.contains(&format!("autoposting clips delete-clip --id {clip}")), "{stuck:?}");
    assert_eq!(home.run(["clips", "delete-clip", "--id", clip]).code, Some(0), "the hint works");
}

/// A file that is written while it is uploaded does not become a clip of two halves.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_changes_meanwhile_is_not_completed() {
    use std::io::Write as _;
    let service = Service::start();
    let home = service.home();
    let file = home.file("long.mp4", 150 * MIB);
    let mut command = home.command();
    command.args(["clips", "upload", "long.mp4", "--brand-id", "b", "--part-size", "5", "--parallel", "1"]);
    let mut process = command.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().expect("started");
    let mut lines = BufReader::new(process.stderr.take().expect("piped")).lines();
    let said = lines.next().expect("a line").expect("text");
    let clip = said.rsplit_once("go on with --resume ").expect("a clip").1.to_owned();
    let shown =
        || home.run(["clips", "get-clip", "--id", &clip, "--include-parts=true", "-o", "json"]).json()["data"].clone();
    while shown()["parts"].as_array().is_none_or(Vec::is_empty) {}
    // The same size, other bytes, in a part that has been sent.
    let mut open = std::fs::File::options().write(true).open(&file).expect("there");
    open.write_all(b"other").expect("room");
    drop(open);
    let rest: Vec<String> = lines.map_while(Result::ok).collect();
    assert_eq!(process.wait().expect("ended").code(), Some(2), "{rest:?}");
    assert!(rest.join("\n").contains("changed while it was uploaded"), "{rest:?}");
    assert_eq!(shown()["status"], "uploading", "it is not completed");
    let done = home.run(["clips", "upload", "long.mp4", "--resume", &clip, "-o", "json"]);
    assert_eq!(done.json()["status"], "ready");
    assert_same(&home, &clip, &file);
}
