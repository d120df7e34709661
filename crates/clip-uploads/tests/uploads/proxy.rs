//! The service behind a proxy that ends TLS: the very file that is the example for operators.

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::api::{Answer, Api, MIN_PART, some_bytes};
use crate::site::{Kind, Site, run};

#[test]
fn the_example_of_a_proxy_works() {
    run(Kind::OneMachine, the_example_of_a_proxy_works_at);
}

const EXAMPLE: &str = include_str!("../../../../docs/uploads/proxy/nginx.conf");

/// A running proxy. Dropped, it is stopped.
struct Proxy(Child);

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = Command::new("kill").arg("-TERM").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

fn is_there(program: &str, argument: &str) -> bool {
    Command::new(program).arg(argument).output().is_ok_and(|done| done.status.success())
}

async fn the_example_of_a_proxy_works_at(mut site: Site) {
    if !is_there("nginx", "-v") || !is_there("openssl", "version") {
        assert!(std::env::var_os("CI").is_none(), "nginx or openssl is not on this machine");
        let _ = writeln!(std::io::stderr(), "skipped: nginx or openssl is not on this machine");
        return;
    }
    let port = free_port();
    let public = format!("https://localhost:{port}");
    let server = site.start_with(|command| {
        command.args(["--public-url", &public]);
    });
    let folder = site.data().with_file_name("proxy");
    std::fs::create_dir(&folder).expect("a folder");
    let _proxy = start(&folder, port, server.url.trim_start_matches("http://"));
    let certificate = std::fs::read(folder.join("tls.crt")).expect("a certificate");
    let certificate = reqwest::Certificate::from_pem(&certificate).expect("a certificate");
    let http = reqwest::Client::builder().tls_certs_only([certificate]).build().expect("a client");
    let api = Api { url: public.clone(), http, ..site.api(&server) };
    let upload = api.upload(vec![some_bytes(1, 2 * MIN_PART), some_bytes(2, 1000)]).await;
    assert!(api.presign(&upload, &[1]).await[0].starts_with(&public));
    assert_eq!(api.complete(&upload, &upload.list()).await.status, 200);
    api.assert_whole(&upload).await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(Answer::of(api.http.get(format!("{public}{path}"))).await.status, 404, "{path}");
    }
    // A refusal of a large body arrives through the proxy too.
    let url = api.presign(&api.begin(1000).await, &[1]).await.remove(0);
    let refused = Answer::of(api.http.put(url).body(some_bytes(3, 4 * MIN_PART))).await;
    assert_eq!(refused.error(), (413, "part_too_large"));
    let log = std::fs::read_to_string(folder.join("access.log")).expect("a log");
    assert!(log.contains("/storage/uploads/") && !log.contains("signature"), "{log}");
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port").port()
}

/// Starts the example with this test's ports, names and certificates, and nothing else changed.
fn start(folder: &Path, port: u16, upstream: &str) -> Proxy {
    let at = |name: &str| folder.join(name).display().to_string();
    let made = Command::new("openssl")
        .args(["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "1"])
        .args(["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"])
        .args(["-addext", "basicConstraints=critical,CA:FALSE"])
        .args(["-keyout", &at("tls.key"), "-out", &at("tls.crt")])
        .output()
        .expect("openssl");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let mut text = EXAMPLE.to_owned();
    for (example, own) in [
        ("pid /run/nginx.pid;", format!("pid {};", at("pid"))),
        ("access_log /dev/stdout", format!("access_log {}", at("access.log"))),
        ("server 127.0.0.1:8080;", format!("server {upstream};")),
        ("listen 443 ssl;", format!("listen 127.0.0.1:{port} ssl;")),
        ("server_name clips.example.com;", "server_name localhost;".to_owned()),
        ("/etc/ssl/clips.example.com.crt", at("tls.crt")),
        ("/etc/ssl/clips.example.com.key", at("tls.key")),
    ] {
        assert_eq!(text.matches(example).count(), 1, "{example}");
        text = text.replace(example, &own);
    }
    let file = folder.join("nginx.conf");
    #[expect(clippy::disallowed_methods, reason = "a scratch file of this test")]
    std::fs::write(&file, text).expect("room");
    let mut command = Command::new("nginx");
    command.args(["-p", &at(""), "-c"]).arg(&file).args(["-g", "daemon off;"]);
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("nginx");
    let proxy = Proxy(child);
    let deadline = Instant::now() + Duration::from_secs(20);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(Instant::now() < deadline, "the proxy does not start");
        std::thread::sleep(Duration::from_millis(50));
    }
    proxy
}
