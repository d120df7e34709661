//! Additions to a `Cargo.toml` that people own: comments, order and everything else stay as they are.

use std::path::{Component, Path};

use oas_codegen::package::CargoManifest;
use oas_document::Failure;
use toml_edit::{Array, DocumentMut, Item, Table, TableLike, Value, value};

use crate::failure;

/// The manifest of a package with the dependencies and features of `wanted` that it lacks; `None` when it lacks none.
///
/// # Errors
/// When it is no TOML.
pub fn with_needs(text: &str, path: &Path, wanted: &CargoManifest) -> Result<Option<String>, Failure> {
    let mut document = parse(text, path)?;
    let mut lacks = false;
    for dependency in &wanted.dependencies {
        let dependencies = table(&mut document, "dependencies", path)?;
        if !dependencies.contains_key(&dependency.name) {
            dependencies.insert(&dependency.name, parsed(&dependency.table())?);
            lacks = true;
        }
    }
    for (feature, enables) in wanted.features.iter().filter(|(feature, _)| feature != "default") {
        let features = table(&mut document, "features", path)?;
        if features.contains_key(feature) {
            continue;
        }
        features.insert(feature, value(enables.iter().collect::<Array>()));
        lacks = true;
        let is_default = wanted.features.iter().any(|(name, enables)| name == "default" && enables.contains(feature));
        if is_default {
            let default = features.entry("default").or_insert_with(|| value(Array::new()));
            if let Some(list) = default.as_array_mut() {
                list.push(feature.as_str());
            }
        }
    }
    Ok(lacks.then(|| document.to_string()))
}

/// Those of these features that a package does not have.
///
/// # Errors
/// When its manifest is no TOML.
pub fn without_features<'a>(text: &str, path: &Path, features: &[&'a str]) -> Result<Vec<&'a str>, Failure> {
    let document = parse(text, path)?;
    let known = document.get("features").and_then(Item::as_table_like);
    let is_missing = |name: &&str| known.is_none_or(|known| !known.contains_key(name));
    Ok(features.iter().copied().filter(is_missing).collect())
}

/// The manifest of a workspace with the members that it lacks; `None` when it lacks none.
///
/// # Errors
/// When it is no TOML.
pub fn with_members(text: &str, path: &Path, members: &[&Path]) -> Result<Option<String>, Failure> {
    let mut document = parse(text, path)?;
    let workspace = table(&mut document, "workspace", path)?;
    let list = workspace.entry("members").or_insert_with(|| value(Array::new()));
    let Some(list) = list.as_array_mut() else {
        let message = format!("`workspace.members` of `{}` is no list", path.display());
        return Err(failure::plain("invalid-manifest", message, "`cargo check` says more"));
    };
    let known: Vec<String> = list.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
    let missing: Vec<String> = members
        .iter()
        .filter(|member| !known.iter().any(|pattern| stands_for(pattern, member)))
        .map(|member| slashes(member))
        .collect();
    if missing.is_empty() {
        return Ok(None);
    }
    let in_lines = list.iter().any(|member| {
        let before = member.decor().prefix().and_then(toml_edit::RawString::as_str);
        before.is_some_and(|before| before.contains('\n'))
    });
    // What stands behind the last member, a comment say, stays there.
    let mut behind = list.trailing().as_str().unwrap_or_default().trim_end().to_owned();
    for member in missing {
        if in_lines {
            let before = format!("{}\n    ", std::mem::take(&mut behind));
            list.push_formatted(Value::from(member).decorated(before, ""));
        } else {
            list.push(member);
        }
    }
    if in_lines {
        list.set_trailing_comma(true);
        list.set_trailing("\n");
    }
    Ok(Some(document.to_string()))
}

/// Whether a pattern of `workspace.members` stands for a folder: cargo's patterns are those of a shell.
fn stands_for(pattern: &str, member: &Path) -> bool {
    let plain = |path: &Path| -> Vec<String> {
        let parts = path.components().filter(|part| *part != Component::CurDir);
        parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect()
    };
    let (patterns, parts) = (plain(Path::new(pattern)), plain(member));
    patterns.len() == parts.len() && patterns.iter().zip(&parts).all(|(pattern, part)| matches(pattern, part))
}

/// Whether a part of a path is what a part of a pattern allows, where `*` stands for any text and `?` for one letter.
fn matches(pattern: &str, part: &str) -> bool {
    let mut letters = pattern.chars();
    match letters.next() {
        None => part.is_empty(),
        Some('*') => {
            let rest = letters.as_str();
            part.char_indices().map(|(at, _)| at).chain([part.len()]).any(|at| matches(rest, &part[at..]))
        }
        Some(letter) => {
            let mut others = part.chars();
            let other = others.next();
            other.is_some_and(|other| letter == '?' || letter == other) && matches(letters.as_str(), others.as_str())
        }
    }
}

/// A path as manifests have it on every system.
pub fn slashes(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// A table of the document, made when it is not there.
fn table<'a>(document: &'a mut DocumentMut, name: &str, path: &Path) -> Result<&'a mut dyn TableLike, Failure> {
    let item = document.entry(name).or_insert_with(|| Item::Table(Table::new()));
    item.as_table_like_mut().ok_or_else(|| {
        let message = format!("`{name}` of `{}` is no table", path.display());
        failure::plain("invalid-manifest", message, "`cargo check` says more")
    })
}

fn parse(text: &str, path: &Path) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|error: toml_edit::TomlError| {
        let message = format!("`{}` is no TOML: {}", path.display(), error.message());
        failure::plain("invalid-manifest", message, "`cargo check` says where")
    })
}

/// A value that the generator wrote.
fn parsed(text: &str) -> Result<Item, Failure> {
    text.parse::<Value>().map(value).map_err(|error| {
        let hint = "this is a fault of the generator: please report it";
        failure::plain("internal-error", format!("`{text}` is no TOML: {}", error.message()), hint)
    })
}

#[cfg(test)]
mod tests {
    use oas_codegen::config::PackageConfig;
    use oas_codegen::package::Dependency;

    use super::*;

    fn wanted() -> CargoManifest {
        let features = [("default", vec!["pets", "toys"]), ("pets", vec![]), ("toys", vec![])];
        CargoManifest {
            name: "a-server".to_owned(),
            version: "0.1.0".to_owned(),
            description: "A server.".to_owned(),
            program: None,
            dependencies: vec![
                Dependency::version("serde_json", "1"),
                Dependency::version("uuid", "1").no_default_features(),
            ],
            features: features
                .map(|(name, on)| (name.to_owned(), on.into_iter().map(str::to_owned).collect()))
                .to_vec(),
            metadata: PackageConfig::default(),
        }
    }

    #[test]
    fn what_is_there_stays_as_people_wrote_it() {
        let text = "# Ours.\n[package]\nname = \"a-server\"\n\n[dependencies] # few\nserde_json.workspace = true\n\n\
                    [features]\ndefault = [] # pets are off\npets = []\n";
        let added = with_needs(text, Path::new("Cargo.toml"), &wanted()).expect("it is TOML").expect("it lacks some");
        let expected = "# Ours.\n[package]\nname = \"a-server\"\n\n[dependencies] # few\nserde_json.workspace = true\n\
                        uuid = { version = \"1\", default-features = false }\n\n\
                        [features]\ndefault = [\"toys\"] # pets are off\npets = []\ntoys = []\n";
        assert_eq!(added, expected);
        assert_eq!(with_needs(&added, Path::new("Cargo.toml"), &wanted()).expect("it is TOML"), None);
    }

    #[test]
    fn members_are_added_where_no_pattern_stands_for_them() {
        let members = [Path::new("crates/a-types"), Path::new("gen/b")];
        let of = |text: &str| with_members(text, Path::new("Cargo.toml"), &members).expect("it is TOML");
        assert_eq!(of("[workspace]\nmembers = [\"crates/*\", \"./gen/?\"]\n"), None);
        let flat = of("[workspace]\nmembers = [\"crates/*\"]\n").expect("one is missing");
        assert_eq!(flat, "[workspace]\nmembers = [\"crates/*\", \"gen/b\"]\n");
        let lines = of("[workspace]\nmembers = [\n    \"crates/*\", # all\n]\n").expect("one is missing");
        assert!(lines.contains("\"crates/*\", # all") && lines.contains("\n    \"gen/b\",\n]"), "{lines}");
        let package = of("[package]\nname = \"mine\"\n").expect("it is no workspace yet");
        assert_eq!(package, "[package]\nname = \"mine\"\n\n[workspace]\nmembers = [\"crates/a-types\", \"gen/b\"]\n");
    }
}
