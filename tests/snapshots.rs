//! What `completeClipUpload` becomes, item by item: its types, the client's method, the server's traits.
//!
//! Bodies of functions are left out of the types: the committed code holds them, and what matters here is what consumers
//! see. Snapshots that no item has any more are errors.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use syn::Item;
use workspace_tests::program::root;

/// What the names of the operation's own items start with.
const OPERATION: &str = "CompleteClipUpload";

/// The items of a package by the type or trait that they belong to.
type Items = BTreeMap<String, Vec<Item>>;

/// The generated items of a package.
fn items(package: &str) -> Items {
    let mut items = Items::new();
    for path in sources(&root().join("crates").join(package).join("src/generated")) {
        let text = fs::read_to_string(&path).expect("a generated file");
        for item in syn::parse_file(&text).expect("Rust").items {
            if let Some(name) = name(&item) {
                items.entry(name).or_default().push(item);
            }
        }
    }
    assert!(!items.is_empty(), "{package} has no generated items");
    items
}

/// The Rust files below a folder, in order.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut pending = vec![folder.to_owned()];
    while let Some(path) = pending.pop() {
        if path.is_dir() {
            pending.extend(fs::read_dir(&path).expect("a folder").filter_map(Result::ok).map(|entry| entry.path()));
        } else if path.extension().is_some_and(|end| end == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The type or trait that an item is or belongs to.
fn name(item: &Item) -> Option<String> {
    Some(match item {
        Item::Struct(item) => item.ident.to_string(),
        Item::Enum(item) => item.ident.to_string(),
        Item::Trait(item) => item.ident.to_string(),
        Item::Type(item) => item.ident.to_string(),
        Item::Impl(item) => match &*item.self_ty {
            syn::Type::Path(path) => path.path.segments.last()?.ident.to_string(),
            _ => return None,
        },
        _ => return None,
    })
}

/// Items as they are printed, in the order of the source.
fn printed(items: &[Item]) -> String {
    let file =
        |item: &Item| syn::File { shebang: None, frontmatter: None, attrs: Vec::new(), items: vec![item.clone()] };
    items.iter().map(|item| prettyplease::unparse(&file(item))).collect::<Vec<_>>().join("\n")
}

/// Items without the bodies of their functions.
fn outlined(items: &[Item]) -> Vec<Item> {
    let outline = |item: &Item| {
        let mut item = item.clone();
        if let Item::Impl(item) = &mut item {
            for part in &mut item.items {
                if let syn::ImplItem::Fn(function) = part {
                    function.block.stmts.clear();
                }
            }
        }
        item
    };
    items.iter().map(outline).collect()
}

/// The operation's own types, the credentials that its server asks for, those that they name, and so on.
fn reached(items: &Items) -> BTreeSet<&str> {
    let server = printed(&self::items("autoposting-server")["Authenticator"]);
    let asked: BTreeSet<&str> = server.split(|one: char| !one.is_alphanumeric() && one != '_').collect();
    let is_root = |name: &&str| name.starts_with(OPERATION) || asked.contains(name);
    let mut reached: BTreeSet<&str> = items.keys().map(String::as_str).filter(is_root).collect();
    let mut pending: Vec<&str> = reached.iter().copied().collect();
    while let Some(name) = pending.pop() {
        let text = printed(items.get(name).map(Vec::as_slice).unwrap_or_default());
        let words: BTreeSet<&str> = text.split(|one: char| !one.is_alphanumeric() && one != '_').collect();
        for (other, _) in items.iter().filter(|(other, _)| words.contains(other.as_str())) {
            if reached.insert(other) {
                pending.push(other);
            }
        }
    }
    reached
}

#[test]
fn types() {
    let items = items("autoposting-types");
    let reached = reached(&items);
    assert!(reached.len() > 5, "the operation has a body, a response, an error and credentials: {reached:?}");
    for name in reached {
        insta::assert_snapshot!(format!("type_{name}"), printed(&outlined(&items[name])));
    }
}

#[test]
fn client_method() {
    let items = items("autoposting-client");
    let method = items["Client"].iter().find_map(|item| {
        let Item::Impl(item) = item else { return None };
        let own =
            |part: &&syn::ImplItem| matches!(part, syn::ImplItem::Fn(one) if one.sig.ident == "complete_clip_upload");
        let part = item.items.iter().find(own)?.clone();
        Some(Item::Impl(syn::ItemImpl { items: vec![part], ..item.clone() }))
    });
    let method = method.expect("the client has the method");
    insta::assert_snapshot!("client_complete_clip_upload", printed(&[method]));
    insta::assert_snapshot!("client_CompleteClipUpload", printed(&items[OPERATION]));
}

#[test]
fn server_traits() {
    let items = items("autoposting-server");
    for name in ["ClipsApi", "Authenticator", "CompleteClipUploadRequest"] {
        insta::assert_snapshot!(format!("server_{name}"), printed(&items[name]));
    }
}

#[test]
fn no_snapshot_is_left_over() {
    let types = items("autoposting-types");
    let reached = reached(&types);
    for entry in fs::read_dir(root().join("tests/snapshots")).expect("a folder").filter_map(Result::ok) {
        let file = entry.file_name().to_string_lossy().into_owned();
        let Some(name) = file.strip_prefix("snapshots__type_").and_then(|name| name.strip_suffix(".snap")) else {
            continue;
        };
        assert!(reached.contains(name), "{file} belongs to no type of the operation: remove it");
    }
}
