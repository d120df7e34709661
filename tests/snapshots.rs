//! What `completeClipUpload` becomes, item by item: types, the client's method, the server's trait.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use workspace_tests::program::root;

/// The public items of a generated package, each printed by itself, by name.
fn items(package: &str) -> BTreeMap<String, String> {
    let mut items = BTreeMap::new();
    let mut pending = vec![root().join("crates").join(package).join("src/generated")];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            collect(&path, &mut items);
        }
    }
    assert!(!items.is_empty(), "{package} has no generated items");
    items
}

/// The items of one file; an `impl` belongs to its type.
fn collect(path: &Path, items: &mut BTreeMap<String, String>) {
    let text = fs::read_to_string(path).expect("a generated file");
    let file = syn::parse_file(&text).expect("Rust");
    for item in file.items {
        let name = match &item {
            syn::Item::Struct(item) => item.ident.to_string(),
            syn::Item::Enum(item) => item.ident.to_string(),
            syn::Item::Trait(item) => item.ident.to_string(),
            syn::Item::Type(item) => item.ident.to_string(),
            syn::Item::Impl(item) => match &*item.self_ty {
                syn::Type::Path(path) => path.path.segments.last().expect("a name").ident.to_string(),
                _ => continue,
            },
            _ => continue,
        };
        let printed = prettyplease::unparse(&syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item] });
        let known: &mut String = items.entry(name).or_default();
        if !known.is_empty() {
            known.push('\n');
        }
        known.push_str(&printed);
    }
}

#[test]
fn types() {
    for (name, text) in items("autoposting-types") {
        let lines: Vec<&str> = text.lines().collect();
        insta::assert_snapshot!(format!("type_{name}"), lines.join("\n"));
    }
}
