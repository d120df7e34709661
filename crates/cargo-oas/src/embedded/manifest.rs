//! `Cargo.toml` of a crate of this workspace, as it has to be elsewhere: nothing is inherited, nothing is for tests.

use oas_document::Failure;
use toml_edit::{Array, DocumentMut, InlineTable, Item, Table, Value, value};

use crate::failure;

/// The runtime crates that a manifest depends on.
pub(super) fn siblings(manifest: &'static str) -> Result<Vec<&'static str>, Failure> {
    let document = parse(manifest)?;
    let dependencies = document.get("dependencies").and_then(Item::as_table);
    let names = dependencies.into_iter().flat_map(Table::iter).map(|(name, _)| name.to_owned());
    let names: Vec<String> = names.collect();
    Ok(super::RUNTIMES.iter().copied().filter(|name| names.iter().any(|one| one == name)).collect())
}

/// The manifest without what it inherits from that of its workspace. Runtime crates are found beside each other.
pub(super) fn stand_alone(manifest: &str, workspace: &str) -> Result<String, Failure> {
    let workspace = parse(workspace)?;
    let shared =
        |section: &str, name: &str| -> Option<Item> { workspace.get("workspace")?.get(section)?.get(name).cloned() };
    let mut document = parse(manifest)?;
    if let Some(package) = document.get_mut("package").and_then(Item::as_table_mut) {
        let inherited: Vec<String> =
            package.iter().filter(|(_, item)| inherits(item)).map(|(name, _)| name.to_owned()).collect();
        for name in inherited {
            let item =
                shared("package", &name).ok_or_else(|| broken(&format!("`{name}` is inherited from nowhere")))?;
            package.insert(&name, item);
        }
        package.insert("publish", value(false));
    }
    if let Some(dependencies) = document.get_mut("dependencies").and_then(Item::as_table_mut) {
        for (name, item) in dependencies.iter_mut() {
            let name = name.get().to_owned();
            let general = if inherits(item) { shared("dependencies", &name) } else { None };
            *item = value(dependency(&name, item, general.as_ref()));
        }
    }
    for section in ["dev-dependencies", "test", "bench", "example", "lints"] {
        document.remove(section);
    }
    silence(&mut document);
    Ok(document.to_string())
}

/// Whether an item is `{ workspace = true }` or has it among others.
fn inherits(item: &Item) -> bool {
    item.get("workspace").and_then(Item::as_bool) == Some(true)
}

/// One dependency: what the crate says of it, on top of what its workspace says.
fn dependency(name: &str, own: &Item, general: Option<&Item>) -> Value {
    let mut table = InlineTable::new();
    if super::is_runtime(name) {
        table.insert("path", format!("../{name}").into());
    }
    for item in general.into_iter().chain([own]) {
        if let Some(requirement) = item.as_str() {
            table.insert("version", requirement.into());
        }
        for (key, inner) in item.as_table_like().into_iter().flat_map(toml_edit::TableLike::iter) {
            let Some(inner) = inner.as_value().filter(|_| !matches!(key, "workspace" | "path")) else { continue };
            match (key, inner.as_array(), table.get_mut("features").and_then(Value::as_array_mut)) {
                ("features", Some(more), Some(known)) => known.extend(more.iter().cloned()),
                _ => {
                    table.insert(key, inner.clone());
                }
            }
        }
    }
    if let Some(features) = table.get_mut("features").and_then(Value::as_array_mut) {
        let mut names: Vec<String> = features.iter().filter_map(Value::as_str).map(ToOwned::to_owned).collect();
        names.sort();
        names.dedup();
        *features = names.into_iter().collect::<Array>();
    }
    table.fmt();
    match (table.len(), table.get("version")) {
        (1, Some(requirement)) => requirement.clone().decorated(" ", ""),
        _ => Value::InlineTable(table),
    }
}

/// Tests and lints of these sources are run where they come from.
fn silence(document: &mut DocumentMut) {
    let mut library = Table::new();
    library.insert("test", value(false));
    library.insert("doctest", value(false));
    document.insert("lib", Item::Table(library));
    let mut all = InlineTable::new();
    all.insert("level", "allow".into());
    all.insert("priority", Value::from(-1));
    let mut clippy = Table::new();
    clippy.insert("all", value(all));
    let mut rust = Table::new();
    rust.insert("unfulfilled_lint_expectations", value("allow"));
    let mut lints = Table::new();
    lints.set_implicit(true);
    lints.insert("clippy", Item::Table(clippy));
    lints.insert("rust", Item::Table(rust));
    document.insert("lints", Item::Table(lints));
}

fn parse(text: &str) -> Result<DocumentMut, Failure> {
    text.parse().map_err(|error: toml_edit::TomlError| broken(error.message()))
}

/// A manifest inside of this program is not as it should be.
fn broken(message: &str) -> Failure {
    let hint = "this is a fault of the program, not of your workspace: please report it";
    failure::plain("internal-error", format!("an embedded manifest is broken: {message}"), hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_inherited_and_comments_stay() {
        let workspace = "[workspace.package]\nversion = \"1.2.3\"\n[workspace.dependencies]\n\
                         serde = { version = \"1\", features = [\"derive\"] }\nbytes = \"1\"\n\
                         oas-client-runtime = { path = \"x\", version = \"1\" }\n";
        let manifest = "[package]\nname = \"a\"\nversion.workspace = true\n\n[features]\n# TLS.\nrustls = []\n\n\
                        [dependencies]\nbytes.workspace = true\noas-client-runtime.workspace = true\n\
                        serde = { workspace = true, features = [\"rc\"] }\nown = { version = \"3\", optional = true }\n\n\
                        [[test]]\nname = \"t\"\n\n[dev-dependencies]\nproptest = \"1\"\n\n[lints]\nworkspace = true\n";
        let text = stand_alone(manifest, workspace).expect("it is read");
        let expected = "[package]\nname = \"a\"\nversion = \"1.2.3\"\npublish = false\n\n[features]\n# TLS.\nrustls = []\n\n\
                        [dependencies]\nbytes = \"1\"\noas-client-runtime = { path = \"../oas-client-runtime\", version = \"1\" }\n\
                        serde = { version = \"1\", features = [\"derive\", \"rc\"] }\n\
                        own = { version = \"3\", optional = true }\n\n\
                        [lib]\ntest = false\ndoctest = false\n\n\
                        [lints.clippy]\nall = { level = \"allow\", priority = -1 }\n\n\
                        [lints.rust]\nunfulfilled_lint_expectations = \"allow\"\n";
        assert_eq!(text, expected);
    }
}
