//! What the README shows first works, literally: its commands, its examples, and the one against the other.

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::program::{cargo, root, shell};

/// The server of the README as a program, which says where it listens.
const SERVE: &str = r#"
#[tokio::main]
async fn main() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("an address");
    println!("{}", listener.local_addr().expect("an address"));
    axum::serve(listener, app()).await.expect("it serves");
}
"#;

/// What that program needs besides the server.
const DEVELOPMENT: &str = "\n[dev-dependencies]\n\
    axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }\n\
    tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }\n";

#[test]
fn what_the_readme_shows_first_works() {
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let home = tempfile::tempdir().expect("a folder");
    fs::write(home.path().join("petstore.yaml"), block(&readme, "yaml")).expect("written");
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let first = readme.split("\n## ").find(|part| part.starts_with("First use")).expect("the first use");
    let lines: Vec<&str> = first.lines().filter(|line| line.starts_with("cargo ")).collect();
    let (install, commands) = lines.split_first().expect("commands");
    assert!(install.starts_with("cargo install "), "{install}");
    assert!(commands.len() >= 4, "{commands:?}");
    for command in commands {
        let ended = shell(home.path(), command);
        assert_eq!(ended.code, 0, "{command}: {}", ended.stderr);
    }

    let document = fs::read_to_string(home.path().join("openapi/petstore.yaml")).expect("a copy");
    fs::write(home.path().join("openapi/petstore.yaml"), document.replace("int64", "int32")).expect("written");
    let review = shell(home.path(), "cargo oas review --base petstore.yaml --revision openapi/petstore.yaml");
    assert_eq!(review.code, 1, "{}", review.stderr);
    assert!(review.stdout.contains("int64 to int32"), "{}", review.stdout);
    fs::write(home.path().join("openapi/petstore.yaml"), document).expect("written");

    examples(&readme, home.path());
    let built = cargo(home.path(), ["build", "--workspace", "--examples", "--bins", "--offline", "--quiet"]);
    assert_eq!((built.code, built.stderr.as_str()), (0, ""));
    let server = Server::start();
    let ask = |id: &str| {
        let program = root().join("target/standalone/debug/petstore");
        let mut command = Command::new(program);
        command.args(["pets", "show-pet", "--pet-id", id, "--output", "json", "--base-url", &server.url]);
        command.output().expect("it runs")
    };
    let rex = ask("1");
    assert!(rex.status.success(), "{}", String::from_utf8_lossy(&rex.stderr));
    assert!(String::from_utf8_lossy(&rex.stdout).contains("Rex"), "{}", String::from_utf8_lossy(&rex.stdout));
    assert!(!ask("2").status.success(), "there is no such pet");
}

/// Makes examples of the packages of the blocks of Rust.
fn examples(readme: &str, home: &Path) {
    let mut packages = Vec::new();
    for block in readme.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()) {
        let is_client = block.contains("petstore_client");
        let (package, main) = if is_client { ("client", "fn main() {}\n") } else { ("server", SERVE) };
        let folder = home.join("crates").join(format!("petstore-{package}"));
        fs::create_dir_all(folder.join("examples")).expect("a folder");
        let program = format!("#![allow(dead_code)]\n{block}{main}");
        fs::write(folder.join(format!("examples/readme-{package}.rs")), program).expect("written");
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        fs::write(folder.join("Cargo.toml"), manifest + DEVELOPMENT).expect("written");
        packages.push(package);
    }
    assert_eq!(packages, ["client", "server"], "the README shows both");
}

/// The server of the README, as long as it is needed.
struct Server {
    process: Child,
    url: String,
}

impl Server {
    fn start() -> Self {
        let program = root().join("target/standalone/debug/examples/readme-server");
        let mut process = Command::new(program).stdout(Stdio::piped()).spawn().expect("it runs");
        let mut line = String::new();
        let output = process.stdout.take().expect("its output");
        BufReader::new(output).read_line(&mut line).expect("it says where it listens");
        Self { process, url: format!("http://{}", line.trim()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The first block of a language in a Markdown text.
fn block<'a>(text: &'a str, language: &str) -> &'a str {
    let start = text.split(&format!("```{language}\n")).nth(1).unwrap_or_default();
    start.split("```").next().unwrap_or_default()
}
