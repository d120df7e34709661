//! The book: every example in it works, and it leaves nothing out.

use std::fs;
use std::path::{Path, PathBuf};

use super::program::{cargo, oas, root};
use oas_codegen::config::{self, Unknown};

/// The folder of the pages.
fn pages() -> PathBuf {
    root().join("docs/book/src")
}

/// Every page with its text, in the order of their paths.
fn texts() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut pending = vec![pages()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder).expect("a folder").filter_map(Result::ok) {
            let path = entry.path();
            if path.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|end| end == "md") {
                let text = fs::read_to_string(&path).expect("a page");
                found.push((path.strip_prefix(pages()).expect("a page").to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 5, "the book has pages");
    found
}

/// The blocks of a language on a page, with the lines at which they start.
fn blocks<'a>(text: &'a str, language: &str) -> Vec<(usize, &'a str)> {
    let start = format!("```{language}\n");
    let mut blocks = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find(&start) {
        let inside = &rest[at + start.len()..];
        let end = inside.find("```").expect("a block ends");
        let line = text[..text.len() - inside.len()].lines().count() + 1;
        blocks.push((line, &inside[..end]));
        rest = &inside[end + 3..];
    }
    blocks
}

#[test]
fn every_member_of_the_configuration_is_described() {
    let page = fs::read_to_string(pages().join("configuration.md")).expect("the page");
    for section in ["", "api", "api.operations", "api.operations.pages", "fidelity", "runtime", "package"] {
        for member in config::known(section) {
            assert!(page.contains(&format!("| `{member}` |")), "`{member}` of `[{section}]` is not described");
        }
    }
    for (line, block) in blocks(&page, "toml") {
        let read = config::parse(block, Path::new(config::PATH), Unknown::Refuse);
        assert!(read.is_ok(), "line {line}: {read:?}");
    }
}

#[test]
fn pages_are_listed_and_links_lead_somewhere() {
    let summary = fs::read_to_string(pages().join("SUMMARY.md")).expect("the summary");
    for (page, text) in texts() {
        let folder = pages().join(page.parent().unwrap_or(Path::new("")));
        if page != Path::new("SUMMARY.md") {
            assert!(summary.contains(&format!("({})", page.display())), "{} is in no list", page.display());
        }
        for link in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let path = link.split('#').next().unwrap_or_default();
            let elsewhere = link.starts_with("https://");
            assert!(elsewhere || path.is_empty() || folder.join(path).is_file(), "{}: {link}", page.display());
        }
    }
}

#[test]
fn overlays_of_the_book_apply() {
    let page = fs::read_to_string(pages().join("overlays.md")).expect("the page");
    let home = tempfile::tempdir().expect("a folder");
    let mut count = 0;
    for (line, block) in blocks(&page, "yaml") {
        let overlay = match block.strip_prefix("# overlay\n") {
            Some(actions) => {
                let indented: String = actions.lines().flat_map(|action| ["  ", action, "\n"]).collect();
                format!("overlay: 1.0.0\ninfo: {{ title: A fault, version: 1.0.0 }}\nactions:\n{indented}")
            }
            None => block.to_owned(),
        };
        let path = home.path().join(format!("line{line}.yaml"));
        fs::write(&path, overlay).expect("written");
        let document = pages().join("petstore.yaml");
        let arguments =
            ["codegen", "--only", "types", "--runtime", "version", "--out", "out", "--overlay"].map(Path::new);
        let ended = oas(home.path(), arguments.into_iter().chain([path.as_path(), Path::new("--document"), &document]));
        assert_eq!(ended.code, 0, "overlays.md:{line}: {}", ended.stderr);
        count += 1;
    }
    assert_eq!(count, 11, "an example, and ten faults");
}

/// Every block of Rust is an example of a package that has what `init` makes of the book's document.
#[test]
fn every_block_of_rust_compiles() {
    let home = tempfile::tempdir().expect("a folder");
    let document = pages().join("petstore.yaml");
    let arguments = [Path::new("init"), &document, Path::new("--yes"), Path::new("--no-workflows")];
    let ended = oas(home.path(), arguments);
    assert_eq!(ended.code, 0, "{}", ended.stderr);
    let package = home.path().join("crates/book");
    fs::create_dir_all(package.join("examples")).expect("a folder");
    fs::create_dir_all(package.join("src")).expect("a folder");
    fs::write(package.join("src/lib.rs"), "").expect("written");
    fs::write(package.join("Cargo.toml"), MANIFEST).expect("written");
    let workspace = home.path().join("Cargo.toml");
    let members =
        fs::read_to_string(&workspace).expect("the manifest").replace("members = [", "members = [\"crates/book\", ");
    fs::write(workspace, members).expect("written");
    let mut count = 0;
    for (page, text) in texts() {
        for (line, block) in blocks(&text, "rust") {
            let name = page.with_extension("").display().to_string().replace(['/', '-', '\\'], "_").to_lowercase();
            let hidden: String =
                block.lines().map(|line| line.strip_prefix("# ").unwrap_or(line).to_owned() + "\n").collect();
            let main = if hidden.contains("fn main()") { "" } else { "\nfn main() {}\n" };
            let program = format!("#![allow(dead_code, unused_variables)]\n{hidden}{main}");
            fs::write(package.join(format!("examples/{name}_{line}.rs")), program).expect("written");
            count += 1;
        }
    }
    assert!(count > 0, "the book has examples");
    fs::copy(root().join("Cargo.lock"), home.path().join("Cargo.lock")).expect("copied");
    let built = cargo(home.path(), ["check", "--package", "book", "--examples", "--offline", "--quiet"]);
    assert_eq!((built.code, built.stderr.as_str()), (0, ""), "examples are named by page and line");
}

const MANIFEST: &str = r#"[package]
name = "book"
version = "0.1.0"
edition = "2024"

[dependencies]
axum = { version = "0.8", default-features = false, features = ["http1", "tokio"] }
bytes = "1"
futures-util = { version = "0.3", default-features = false, features = ["std"] }
oas-client-runtime = { path = "../oas-client-runtime" }
oas-server-runtime = { path = "../oas-server-runtime" }
petstore-client = { path = "../petstore-client" }
petstore-server = { path = "../petstore-server" }
petstore-types = { path = "../petstore-types" }
reqwest = { version = "0.13", default-features = false }
serde_json = "1"
tokio = { version = "1", features = ["macros", "net", "rt-multi-thread", "time"] }
tower = { version = "0.5", default-features = false, features = ["limit", "util"] }
wiremock = "0.6"
"#;
