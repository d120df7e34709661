//! Which items are found, under which paths, and with which signatures.

use std::path::PathBuf;

use super::{Item, ItemKind, Manifest, scan};
use crate::GeneratedFile;
use crate::output::{Package, PackageFiles};

/// The items of a package with these files below `src/generated`, each as `kind path: signature`.
fn scanned(files: &[(&str, &str)]) -> Vec<String> {
    let files = files.iter().map(|(path, text)| GeneratedFile {
        path: PathBuf::from("src/generated").join(path),
        contents: (*text).to_owned(),
    });
    let package = PackageFiles {
        package: Package::Types,
        name: "pet-types".to_owned(),
        folder: PathBuf::from("crates/pet-types"),
        files: files.collect(),
    };
    let found = scan::package(&package).expect("Rust");
    found.iter().map(|one| format!("{:?} {}:{} {}", one.kind, one.path, one.line, one.signature)).collect()
}

#[test]
fn private_modules_are_seen_through() {
    let files = [
        ("mod.rs", "mod schemas;\npub use schemas::*;\n"),
        ("schemas/mod.rs", "mod pet;\npub use pet::*;\n"),
        ("schemas/pet.rs", "pub struct Pet {\n    pub id: i64,\n    secret: u8,\n}\n"),
    ];
    assert_eq!(scanned(&files), ["Struct pet_types::Pet:1 pub struct Pet", "Field pet_types::Pet::id:2 pub id: i64"]);
}

#[test]
fn what_nobody_can_name_is_left_out() {
    let files = [("mod.rs", "mod hidden;\npub(crate) use hidden::*;\n"), ("hidden.rs", "pub struct Hidden;\n")];
    assert_eq!(scanned(&files), Vec::<String>::new());
}

#[test]
fn the_shortest_path_counts() {
    let files = [
        ("mod.rs", "pub mod deep;\npub use deep::inner::{Pet, Dog as Hound};\n"),
        ("deep/mod.rs", "pub mod inner;\n"),
        ("deep/inner.rs", "pub struct Pet;\npub struct Dog;\n"),
    ];
    assert_eq!(
        scanned(&files),
        [
            "Module pet_types::deep:1 pub mod deep",
            "Module pet_types::deep::inner:1 pub mod inner",
            "Struct pet_types::Pet:1 pub struct Pet",
            "Struct pet_types::Hound:2 pub struct Dog",
        ]
    );
}

#[test]
fn signatures_stand_on_one_line() {
    let text = "pub enum Answer {\n    Status200(Pet),\n    Status4XX(u16, Pet),\n    Gone { id: i64 },\n    None,\n}\n\
                impl Answer {\n    pub const fn status(\n        &self,\n        other: Option<\n            u16,\n        >,\n    ) -> u16 {\n        200\n    }\n    fn own(&self) {}\n}\n\
                impl From<Pet>\nfor Answer {\n    fn from(pet: Pet) -> Self { Self::None }\n}\n\
                pub trait Api: Send {\n    type Principal: Send;\n    fn show(&self) -> impl Future<Output = ()> + Send;\n}\n\
                pub type Alias = Vec<Answer>;\npub struct Id(pub String);\npub const MAX: u32 = 3;\npub fn free() {}\n";
    assert_eq!(
        scanned(&[("mod.rs", text)]),
        [
            "Enum pet_types::Answer:1 pub enum Answer",
            "Variant pet_types::Answer::Status200:2 Status200(Pet)",
            "Variant pet_types::Answer::Status4XX:3 Status4XX(u16, Pet)",
            "Variant pet_types::Answer::Gone:4 Gone { id: i64 }",
            "Variant pet_types::Answer::None:5 None",
            "Method pet_types::Answer::status:8 pub const fn status(&self, other: Option<u16>) -> u16",
            "Impl pet_types::Answer:18 impl From<Pet> for Answer",
            "Trait pet_types::Api:22 pub trait Api: Send",
            "TraitItem pet_types::Api::Principal:23 type Principal: Send",
            "TraitItem pet_types::Api::show:24 fn show(&self) -> impl Future<Output = ()> + Send",
            "Alias pet_types::Alias:26 pub type Alias = Vec<Answer>",
            "Struct pet_types::Id:27 pub struct Id(pub String)",
            "Constant pet_types::MAX:28 pub const MAX: u32",
            "Function pet_types::free:29 pub fn free()",
        ]
    );
}

#[test]
fn methods_of_a_type_elsewhere_are_its_own() {
    let files = [
        ("mod.rs", "mod client;\npub mod builder;\npub use client::Client;\n"),
        ("client.rs", "pub struct Client;\n"),
        ("builder.rs", "use super::Client;\nimpl Client {\n    pub fn show(&self) {}\n}\npub struct Show;\n"),
    ];
    let found = scanned(&files);
    assert!(found.contains(&"Method pet_types::Client::show:3 pub fn show(&self)".to_owned()), "{found:?}");
    assert!(found.contains(&"Struct pet_types::builder::Show:5 pub struct Show".to_owned()), "{found:?}");
}

#[test]
fn letters_of_any_script_are_cut_where_they_end() {
    assert_eq!(
        scanned(&[("mod.rs", "pub struct Größe { pub maß: /* ß */ u8 }\n")]),
        ["Struct pet_types::Größe:1 pub struct Größe", "Field pet_types::Größe::maß:1 pub maß: /* ß */ u8"]
    );
}

#[test]
fn items_come_in_one_order_and_back_from_json() {
    let item = |pointer: Option<&str>, path: &str| Item {
        document: None,
        pointer: pointer.map(ToOwned::to_owned),
        package: "pet-types".to_owned(),
        path: path.to_owned(),
        kind: ItemKind::Struct,
        signature: String::new(),
        attributes: Vec::new(),
        file: String::new(),
        line: 1,
    };
    let (one, other) = (item(Some("/a"), "b"), item(None, "a"));
    let manifest = Manifest::new(crate::HEADER, vec![one.clone(), other.clone()]);
    assert_eq!(manifest, Manifest::new(crate::HEADER, vec![other, one]));
    let text = super::file(&manifest, "manifest.json".as_ref()).contents;
    assert_eq!(serde_json::from_str::<Manifest>(&text).expect("a manifest"), manifest);
}
