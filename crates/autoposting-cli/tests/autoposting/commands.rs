//! Commands other than uploads: credentials, output, help, exit codes.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::process::Stdio;

use serde_json::json;

use crate::program::{Home, Service, ended};

#[test]
fn a_key_that_was_kept_is_used_and_never_shown() {
    let service = Service::start();
    let home = Home::new(&service.url, None);
    let none = home.run(["clips", "get-clip", "--id", "x"]);
    assert_eq!(none.code, Some(2), "{none:?}");
    assert!(none.stderr.contains("autoposting auth login"), "{none:?}");

    let mut login =
        home.command().args(["auth", "login"]).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("started");
    writeln!(login.stdin.take().expect("piped"), "{}", service.key).expect("read");
    let login = ended(&login.wait_with_output().expect("ended"));
    assert_eq!(login.code, Some(0), "{login:?}");
    let file = home.folder.path().join("config.toml");
    assert_eq!(std::fs::metadata(&file).expect("kept").permissions().mode() & 0o777, 0o600);

    let found = home.run(["clips", "get-clip", "--id", "x"]);
    assert_eq!(found.code, Some(1), "{found:?}");
    assert!(found.stderr.contains("404"), "{found:?}");
    let status = home.run(["auth", "status"]);
    let tail = &service.key[service.key.len() - 4..];
    assert!(status.stdout.contains(&format!("…{tail} from ")), "{status:?}");
    for shown in [&login, &found, &status] {
        assert!(!format!("{shown:?}").contains(&service.key), "{shown:?}");
    }

    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("changed");
    let refused = home.run(["auth", "status"]);
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("chmod 600"), "{refused:?}");
}

#[test]
fn a_refused_key_is_named_by_its_end() {
    let service = Service::start();
    let home = Home::new(&service.url, Some("sk-social-not-a-key-9876"));
    let refused = home.run(["clips", "get-clip", "--id", "x"]);
    assert_eq!(refused.code, Some(3), "{refused:?}");
    assert!(refused.stderr.contains("…9876 from AUTOPOSTING_BEARER_AUTH"), "{refused:?}");
    assert!(!refused.stderr.contains("not-a-key"), "{refused:?}");
}

#[test]
fn bodies_come_from_flags_files_and_standard_input() {
    let service = Service::start();
    let home = service.home();
    let flags = home.run([
        "clips",
        "init-clip-upload",
        "--brand-id",
        "b",
        "--title",
        "t",
        "--file-name",
        "f.mp4",
        "--file-size",
        "7",
        "--mime-type",
        "video/mp4",
        "-o",
        "json",
    ]);
    let upload = flags.json();
    let body = json!({"clipId": upload["data"]["clipId"], "uploadId": upload["data"]["uploadId"], "key": "replaced"});
    let mut abort = home
        .command()
        .args(["clips", "abort-clip-upload", "--json", "-", "--key"])
        .arg(upload["data"]["key"].as_str().expect("a key"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("started");
    abort.stdin.take().expect("piped").write_all(body.to_string().as_bytes()).expect("read");
    let aborted = ended(&abort.wait_with_output().expect("ended")).json();
    assert_eq!(aborted["data"]["aborted"], true);

    let refused = home.run(["clips", "init-clip-upload", "--json", r#"{"brandId": ""}"#]);
    assert_eq!(refused.code, Some(2), "a body that does not fit is refused before it is sent: {refused:?}");
    let violations = home.run([
        "clips",
        "init-clip-upload",
        "--brand-id",
        "",
        "--title",
        "t",
        "--file-name",
        "f",
        "--file-size",
        "0",
        "--mime-type",
        "x",
    ]);
    assert_eq!(violations.code, Some(1), "{violations:?}");
    assert!(
        violations.stderr.contains("body/brandId: ") && violations.stderr.contains("body/fileSize: "),
        "{violations:?}"
    );
}

#[test]
fn help_has_examples_and_shells_get_completions() {
    let home = Home::new("http://127.0.0.1:1", None);
    let help = home.run(["--help"]);
    assert!(help.stdout.contains("Examples:") && help.stdout.contains("AUTOPOSTING_BEARER_AUTH"), "{help:?}");
    for shell in ["bash", "zsh", "fish"] {
        assert!(home.run(["completions", shell]).stdout.contains("complete-clip-upload"), "{shell}");
    }
    assert_eq!(home.run(["clips", "no-such-command"]).code, Some(2));
    let unreachable = Home::new("http://127.0.0.1:1", Some("sk-social-1")).run(["clips", "get-clip", "--id", "x"]);
    assert_eq!(unreachable.code, Some(4), "{unreachable:?}");
}
