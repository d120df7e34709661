//! What an operator does: backups, restoring, rebuilding, keys, the end of a process, checks from outside.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::api::{Answer, Api, Upload};
use crate::site::{Kind, Site};

crate::on_every_site!(
    a_backup_made_while_clips_are_uploaded_can_be_restored,
    a_lost_database_is_rebuilt_from_storage,
    the_signing_key_can_be_rotated,
    a_key_expires,
    keys_are_not_made_in_the_wrong_place,
    requests_go_elsewhere_before_the_end,
    a_container_can_ask_whether_it_is_well,
    the_log_says_who_asked,
    what_there_is_is_counted,
    options_that_cannot_work_are_refused,
    the_first_key_does_not_end_in_a_journal,
    thousands_of_half_done_completions_do_not_delay_the_start,
    a_sqlite_database_is_for_one_process,
);

async fn completed(api: &Api, seed: u64) -> Upload {
    let upload = api.one_part(seed).await;
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    upload
}

async fn a_backup_made_while_clips_are_uploaded_can_be_restored(mut site: Site) {
    let to = site.data().with_file_name("backup").display().to_string();
    if site.kind == Kind::ManyMachines {
        let (code, text) = site.run(["backup", &to]);
        assert!(code == Some(2) && text.contains("pg_dump"), "{text}");
        return;
    }
    let mut server = site.start();
    let api = site.api(&server);
    let mut kept = vec![completed(&api, 1).await];
    let open = api.two_parts(2).await;
    let busy = tokio::spawn({
        let api = api.clone();
        async move {
            for seed in 100..130 {
                completed(&api, seed).await;
            }
        }
    });
    assert_eq!(site.run(["backup", &to]).0, Some(0));
    // The second one copies only what is new.
    kept.push(completed(&api, 3).await);
    busy.await.expect("no panic");
    let (code, text) = site.run(["backup", &to]);
    assert_eq!(code, Some(0), "{text}");
    // What happens after a backup is not in it, and is no reason to lose what is.
    let later = api.one_part(4).await;
    let aborted = api.abort(&open).await;
    assert_eq!(aborted.status, 200);
    server.kill();
    let (code, text) = site.run(["restore", &to]);
    assert!(code == Some(2) && text.contains("nothing is replaced"), "{text}");
    std::fs::rename(site.data(), site.data().with_file_name("lost")).expect("lost");
    let (code, text) = site.run(["restore", &to]);
    assert_eq!(code, Some(0), "{text}");
    let server = site.start();
    assert_eq!(server.first_key, None, "keys are restored too");
    let api = site.api(&server);
    for database in [site.sqlite(), std::path::Path::new(&to).join("metadata.sqlite")] {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = database.metadata().expect("a database").permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "{} is for one user", database.display());
    }
    for upload in &kept {
        api.assert_whole(upload).await;
    }
    assert_eq!(api.complete(&open, &open.list()).await.status, 200, "an upload goes on where it was");
    api.assert_whole(&open).await;
    assert_eq!(api.show(&later.clip).await.status, 404);
    assert_eq!(site.run(["scrub"]).0, Some(0));
}

async fn a_lost_database_is_rebuilt_from_storage(mut site: Site) {
    let mut server = site.start();
    let stranger_key = site.create_key("strangers & co");
    let api = site.api(&server);
    let stranger = api.with_key(&stranger_key);
    let (mine, theirs) = (api.two_parts(1).await, stranger.one_part(5).await);
    assert_eq!(api.complete(&mine, &mine.list()).await.status, 200);
    assert_eq!(stranger.complete(&theirs, &theirs.list()).await.status, 200);
    server.kill();
    match site.kind {
        Kind::OneMachine => {
            for name in ["metadata.sqlite", "metadata.sqlite-wal", "metadata.sqlite-shm"] {
                let _ = std::fs::remove_file(site.data().join(name));
            }
        }
        Kind::ManyMachines => {
            for table in ["uploads", "api_keys", "installation", "heartbeat", "scrub", "_sqlx_migrations"] {
                site.sql(&format!("DROP TABLE {table}")).await;
            }
        }
    }
    assert!(site.try_start_with(|_| {}).is_none(), "a new database does not take the storage of another one");
    let (code, text) = site.run(["rebuild"]);
    assert!(code == Some(0) && text.contains("2 clips added, 0 known already, 0 left out"), "{text}");
    let (code, text) = site.run(["rebuild"]);
    assert!(code == Some(0) && text.contains("0 clips added, 2 known already"), "{text}");
    let keys = [site.create_key("default"), site.create_key("strangers & co")];
    let server = site.start();
    let (api, stranger) = (site.api(&server).with_key(&keys[0]), site.api(&server).with_key(&keys[1]));
    api.assert_whole(&mine).await;
    stranger.assert_whole(&theirs).await;
    assert_eq!(stranger.show(&mine.clip).await.status, 404, "it is still nobody else's");
    assert_eq!(api.show(&mine.clip).await.body["data"]["fileName"], "a clip.mp4");
    assert_eq!(api.complete(&mine, &mine.list()).await.status, 200, "the same list is the same answer");
    assert_eq!(site.run(["scrub"]).0, Some(0));
}

async fn the_signing_key_can_be_rotated(mut site: Site) {
    if site.kind == Kind::ManyMachines {
        assert_eq!(site.run(["signing-key", "rotate"]).0, Some(2));
        return;
    }
    let server = site.start();
    let api = site.api(&server);
    let upload = completed(&api, 1).await;
    let address = async || api.show(&upload.clip).await.body["data"]["url"].as_str().expect("an address").to_owned();
    let get = async |url: &str| api.http.get(url).send().await.expect("an answer").status().as_u16();
    let first = address().await;
    assert_eq!(site.run(["signing-key", "rotate"]).0, Some(0));
    tokio::time::sleep(Duration::from_millis(700)).await;
    let second = address().await;
    assert_ne!(first.split("signature=").nth(1), second.split("signature=").nth(1));
    assert_eq!((get(&first).await, get(&second).await), (200, 200), "old addresses come to their end");
    assert_eq!(site.run(["signing-key", "rotate", "--drop-old"]).0, Some(0));
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert_eq!((get(&first).await, get(&second).await, get(&address().await).await), (403, 403, 200));
}

async fn a_key_expires(mut site: Site) {
    let server = site.start();
    let output = site.command().args(["keys", "create", "--expires", "1500ms"]).output().expect("the binary");
    let key = String::from_utf8(output.stdout).expect("text").trim().to_owned();
    let api = site.api(&server).with_key(&key);
    assert_eq!(api.show("clip_x").await.status, 404);
    tokio::time::sleep(Duration::from_millis(1600)).await;
    assert_eq!(api.show("clip_x").await.status, 401);
    let (_, list) = site.run(["keys", "list"]);
    assert!(list.contains("expired"), "{list}");
}

async fn keys_are_not_made_in_the_wrong_place(site: Site) {
    if site.kind == Kind::ManyMachines {
        return;
    }
    for arguments in [["keys", "create"], ["keys", "list"], ["uploads", "list"], ["clock", "status"]] {
        let (code, text) = site.run(arguments);
        assert!(code == Some(2) && text.contains("there is no database at"), "{text}");
    }
    assert!(!site.data().exists(), "nothing is made");
}

async fn requests_go_elsewhere_before_the_end(mut site: Site) {
    let mut server = site.start_with(|command| {
        command.args(["--drain", "1500ms"]);
    });
    let api = site.api(&server);
    let get = |path: &str| Answer::of(api.http.get(format!("{}{path}", api.url)));
    assert_eq!(get("/readyz").await.status, 200);
    server.signal("TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(get("/readyz").await.status, 503);
    completed(&api, 1).await;
    server.wait_gone();
    // Whoever does not want to wait says so again.
    let mut server = site.start_with(|command| {
        command.args(["--drain", "1m"]);
    });
    server.signal("TERM");
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!server.is_gone());
    server.signal("TERM");
    server.wait_gone();
}

async fn a_container_can_ask_whether_it_is_well(mut site: Site) {
    let mut server = site.start();
    let address = server.url.trim_start_matches("http://").to_owned();
    assert_eq!(site.run(["health", "--address", &address]), (Some(0), "ok\n".to_owned()));
    server.kill();
    assert_eq!(site.run(["health", "--address", &address]).0, Some(2));
}

async fn the_log_says_who_asked(mut site: Site) {
    let server = site.start_with(|command| {
        command.args(["--log", "info", "--log-format", "json"]);
    });
    let api = site.api(&server);
    let stranger = api.with_key(&site.create_key("acme"));
    let request = stranger.request(reqwest::Method::GET, "/clips/clip_x").header("x-request-id", "of-this-test");
    assert_eq!(Answer::of(request).await.status, 404);
    let log = site.log();
    let line = log.lines().find(|line| line.contains("of-this-test") && line.contains("answered")).expect("a line");
    let line: serde_json::Value = serde_json::from_str(line).expect("JSON");
    let id = stranger.key.trim_start_matches("sk-social-").split('-').next().expect("an id");
    assert_eq!((&line["span"]["organisation"], &line["span"]["key"]), (&"acme".into(), &id.into()));
    assert!(line["span"]["address"].as_str().is_some_and(|address| address.starts_with("127.0.0.1:")), "{line}");
}

async fn what_there_is_is_counted(mut site: Site) {
    let server = site.start();
    let api = site.api(&server);
    completed(&api, 1).await;
    completed(&api, 2).await;
    api.one_part(3).await;
    tokio::time::sleep(Duration::from_millis(700)).await;
    let metrics = Answer::of(api.http.get(format!("{}/metrics", api.url))).await;
    let text = metrics.body.as_str().expect("text");
    for line in [
        "clip_uploads_uploads{state=\"completed\"} 2\n",
        "clip_uploads_uploads{state=\"uploading\"} 1\n",
        "clip_uploads_uploads{state=\"completing\"} 0\n",
        "clip_uploads_oldest_completing_seconds 0\n",
        "clip_uploads_sweep_backlog 0\n",
        "clip_uploads_deletion_suspended 0\n",
    ] {
        assert!(text.contains(line), "{line} is not in {text}");
    }
    let disk = text.lines().any(|line| line.starts_with("clip_uploads_storage_free_bytes ") && !line.ends_with(" 0"));
    assert_eq!(disk, site.kind == Kind::OneMachine, "{text}");
}

async fn options_that_cannot_work_are_refused(mut site: Site) {
    let mut wrong = vec![
        vec!["--public-url", ""],
        vec!["--public-url", "/clips"],
        vec!["--public-url", "clips.example.com"],
        vec!["--cors-origin", "https://app.example.com/path"],
        vec!["--clock-gap", "10ms"],
        vec!["--organisation-bytes", "1GB"],
    ];
    if site.kind == Kind::ManyMachines {
        wrong.push(vec!["--url-lifetime", "30d"]);
    }
    for options in wrong {
        let started = site.try_start_with(|command| {
            command.args(&options);
        });
        assert!(started.is_none(), "{options:?}");
        assert!(site.log().contains(options[0]), "{options:?}: {}", site.log());
    }
    assert!(!site.data().exists(), "nothing is made");
    site.start_with(|command| {
        command.args(["--public-url", "https://clips.example.com/"]);
    });
}

async fn the_first_key_does_not_end_in_a_journal(mut site: Site) {
    use std::os::unix::fs::PermissionsExt as _;
    let server = site.start_with(|command| {
        command.args(["--first-key", "file"]);
    });
    let said = server.first_key.clone().expect("a line");
    assert!(!said.contains("sk-social-"), "{said}");
    let file = site.data().join("first-api-key");
    assert_eq!(file.metadata().expect("a file").permissions().mode() & 0o777, 0o600);
    if site.kind == Kind::OneMachine {
        for name in ["metadata.sqlite", "metadata.sqlite-wal"] {
            let mode = site.data().join(name).metadata().expect("a database").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name} is for one user");
        }
    }
    let key = std::fs::read_to_string(file).expect("a key");
    assert_eq!(site.api(&server).with_key(key.trim()).show("clip_x").await.status, 404);
    // systemd says by device and inode which file is its journal.
    let folder = site.data().with_file_name("journal");
    let script = "exec 3>\"$0\"; export JOURNAL_STREAM=$(stat -L -c %d:%i /proc/self/fd/3); \
                  exec timeout 3 \"$1\" --listen 127.0.0.1:0 --data \"$2\" >&3 2>/dev/null";
    let mut command = Command::new("sh");
    command
        .args(["-c", script])
        .arg(&folder)
        .arg(env!("CARGO_BIN_EXE_clip-uploads"))
        .arg(site.data().with_file_name("d2"));
    assert!(command.status().is_ok());
    let journal = std::fs::read_to_string(folder).expect("what was printed");
    assert!(journal.contains("first-api-key") && !journal.contains("sk-social-"), "{journal}");
}

async fn thousands_of_half_done_completions_do_not_delay_the_start(mut site: Site) {
    const COUNT: usize = 5000;
    let mut server = site.start();
    let api = site.api(&server);
    let upload = completed(&api, 1).await;
    server.kill();
    // Completions whose bytes are away are the slowest to settle.
    let numbers = match site.kind {
        Kind::OneMachine => {
            format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {COUNT})")
        }
        Kind::ManyMachines => format!("WITH n(i) AS (SELECT * FROM generate_series(1, {COUNT}))"),
    };
    site.sql(&format!(
        "INSERT INTO uploads (upload_id, clip_id, organisation, brand_id, title, file_name, mime_type, file_size, \
         object_key, storage_id, write_token, state, completions, parts, parts_hash, created_at, updated_at, expires_at) \
         {numbers} SELECT 'upload_' || i, 'clip_' || i, organisation, brand_id, title, file_name, mime_type, file_size, \
         'clips/clip_' || i, 'parts_' || i, write_token, 'completing', 1, parts, parts_hash, created_at, updated_at, \
         expires_at FROM uploads, n"
    ))
    .await;
    let started = Instant::now();
    let server = site.start();
    let took = started.elapsed();
    assert!(took < Duration::from_secs(2), "{took:?}");
    let api = site.api(&server);
    let began = Instant::now();
    completed(&api, 2).await;
    api.assert_whole(&upload).await;
    assert!(began.elapsed() < Duration::from_secs(5), "who comes now does not wait: {:?}", began.elapsed());
}

async fn a_sqlite_database_is_for_one_process(mut site: Site) {
    if site.kind == Kind::OneMachine {
        return;
    }
    // Storage for many, and a database that is not.
    let database = format!("sqlite:{}", site.data().with_file_name("one.sqlite").display());
    let with_sqlite = |command: &mut Command| {
        command.args(["--database", &database]);
    };
    let _server = site.start_with(with_sqlite);
    assert!(site.try_start_with(with_sqlite).is_none());
    assert!(site.log().contains("a SQLite database is for one process"), "{}", site.log());
}
