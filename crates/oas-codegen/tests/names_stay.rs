//! The law of names: what changes nothing on the wire changes no name and no meaning of a name, and what is added changes
//! none of what was there.
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use case_harness::additions::add;
use case_harness::edits::{Random, Tags, reorder};
use oas_codegen::plan::{
    BodyContent, NamesLock, OperationItem, ParamPresence, Plan, RustType, Settings, Settled, SuccessItem, TypeKind,
    settle,
};
use oas_codegen::rust::type_tokens;
use oas_document::LoadOptions;
use oas_model::{Api, Operation};
use serde_json::Value;

/// How often each document is edited.
const EDITS: u64 = 6;

#[test]
fn another_order_changes_no_name() {
    let mut faults = Vec::new();
    for (path, document) in documents() {
        let Some(base) = planned(&document, NamesLock::default()) else { continue };
        for seed in 0..EDITS {
            let mut edited = document.clone();
            reorder(&mut edited, Tags::Stay, &mut Random(seed + 1));
            let Some(again) = planned(&edited, NamesLock::default()) else { panic!("{}: no plan", path.display()) };
            let place = format!("{}, edit {seed}", path.display());
            faults.extend(difference(&place, &names(&base.0.names), &names(&again.0.names)));
            faults.extend(difference(&place, &meanings(&base.1, &base.0.plan), &meanings(&again.1, &again.0.plan)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.concat());
}

#[test]
fn with_the_lock_another_order_changes_nothing() {
    let mut faults = Vec::new();
    for (path, document) in documents() {
        let Some(base) = planned(&document, NamesLock::default()) else { continue };
        for seed in 0..EDITS {
            let mut edited = document.clone();
            reorder(&mut edited, Tags::Move, &mut Random(seed + 31));
            let Some(again) = planned(&edited, base.0.names.clone()) else { panic!("{}: no plan", path.display()) };
            let place = format!("{}, edit {seed}", path.display());
            let (old, new) = (base.0.names.to_string(), again.0.names.to_string());
            faults.extend((old != new).then(|| format!("{place}: another lock\n{old}{new}")));
            faults.extend(difference(&place, &groups(&base.0.plan), &groups(&again.0.plan)));
            faults.extend(difference(&place, &meanings(&base.1, &base.0.plan), &meanings(&again.1, &again.0.plan)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.concat());
}

#[test]
fn additions_change_no_name() {
    let mut faults = Vec::new();
    for (path, document) in documents() {
        let Some(base) = planned(&document, NamesLock::default()) else { continue };
        for seed in 0..EDITS {
            let mut edited = document.clone();
            let mut random = Random(seed + 77);
            for _ in 0..4 {
                add(&mut edited, &mut random);
            }
            reorder(&mut edited, Tags::Move, &mut random);
            let Some(again) = planned(&edited, base.0.names.clone()) else { panic!("{}: no plan", path.display()) };
            let place = format!("{}, edit {seed}", path.display());
            let (old, new) = (names(&base.0.names), names(&again.0.names));
            faults.extend(difference(&place, &old, &still(&old, &new)));
            let (old, new) = (meanings(&base.1, &base.0.plan), meanings(&again.1, &again.0.plan));
            let new = with_targets(&base.0.plan, new);
            faults.extend(difference(&place, &old, &still(&old, &new)));
        }
    }
    assert!(faults.is_empty(), "{}", faults.concat());
}

#[test]
fn a_lock_says_all_that_is_needed() {
    for (path, document) in documents() {
        let Some((base, _)) = planned(&document, NamesLock::default()) else { continue };
        let lock = NamesLock::parse(&base.names.to_string()).expect("a lock");
        let Some((again, _)) = planned(&document, lock) else { panic!("{}: no plan", path.display()) };
        assert_eq!(base.names.to_string(), again.names.to_string(), "{}", path.display());
    }
}

/// What is new of that which was there; what is missing is a fault.
fn still(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> BTreeMap<String, String> {
    old.keys().filter_map(|key| Some((key.clone(), new.get(key)?.clone()))).collect()
}

/// The same with aliases replaced by what they were: a type that gains a member where it stands for itself alone is no
/// alias any more, which the compiler tells whoever took it for the other.
fn with_targets(old: &Plan, new: BTreeMap<String, String>) -> BTreeMap<String, String> {
    let targets: BTreeMap<&str, &str> =
        old.aliases.iter().map(|alias| (alias.name.as_str(), alias.target.as_str())).collect();
    let resolved = |text: String| {
        let words: Vec<&str> = text.split(' ').map(|word| *targets.get(word).unwrap_or(&word)).collect();
        words.join(" ")
    };
    let mut new: BTreeMap<String, String> = new.into_iter().map(|(name, meaning)| (name, resolved(meaning))).collect();
    new.extend(old.aliases.iter().map(|alias| (alias.name.to_string(), alias.target.to_string())));
    new
}

/// The documents of every case of this workspace that stands in one file.
fn documents() -> Vec<(PathBuf, Value)> {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cases");
    let mut documents = Vec::new();
    for stage in ["plan", "types", "client", "server", "review-rust"] {
        let mut folders: Vec<PathBuf> = std::fs::read_dir(cases.join(stage))
            .expect("the cases of a stage")
            .map(|entry| entry.expect("a case").path())
            .collect();
        folders.sort();
        for path in folders.into_iter().map(|folder| folder.join("document.yaml")).filter(|path| path.is_file()) {
            let loaded = oas_document::load(&path, &LoadOptions { reference_root: None });
            let Ok(document) = loaded else { continue };
            documents.push((path, document.root().to_json()));
        }
    }
    assert!(documents.len() > 20, "the cases have moved: {}", documents.len());
    documents
}

/// The plan of a document; `None` when it is none that can be generated from.
fn planned(document: &Value, lock: NamesLock) -> Option<(Settled, Api)> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("document.json");
    std::fs::write(&path, document.to_string()).expect("a file");
    let document = oas_document::load(&path, &LoadOptions { reference_root: None }).ok()?;
    let api = oas_model::build(&document).ok()?.api;
    let settled = settle(&api, &Settings { lock, ..Settings::new("law") });
    Some((settled, api))
}

/// Every name, by its key.
fn names(lock: &NamesLock) -> BTreeMap<String, String> {
    // Whether a type is one of its own or the alias of another is no part of its name.
    let plain = |key: &str| key.strip_prefix("alias ").map_or(key.to_owned(), |path| format!("type {path}"));
    lock.iter().map(|(key, ident)| (plain(key), ident.to_string())).collect()
}

fn difference(place: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Option<String> {
    let removed = old.iter().filter(|(key, value)| new.get(*key) != Some(value));
    let added = new.iter().filter(|(key, value)| old.get(*key) != Some(value));
    let difference: Vec<String> = removed
        .map(|(key, value)| format!("- {key}: {value}"))
        .chain(added.map(|(key, value)| format!("+ {key}: {value}")))
        .collect();
    (!difference.is_empty()).then(|| format!("{place}:\n{}\n", difference.join("\n")))
}

/// The group that each operation belongs to.
fn groups(plan: &Plan) -> BTreeMap<String, String> {
    let group = |item: &OperationItem| (item.id.clone(), plan[item.group].module.to_string());
    plan.operations.iter().map(group).collect()
}

/// What every public name means on the wire.
fn meanings(api: &Api, plan: &Plan) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    let ty = |ty: &RustType| type_tokens(plan, unboxed(ty), &proc_macro2::TokenStream::new()).to_string();
    for item in &plan.types {
        let name = &item.name;
        match &item.kind {
            TypeKind::Struct(structure) => {
                for field in &structure.fields {
                    all.insert(format!("{name}.{}", field.ident), format!("{:?}: {}", field.wire, ty(&field.ty)));
                }
            }
            TypeKind::StringEnum(variants) => {
                all.extend(variants.iter().map(|one| (format!("{name}::{}", one.ident), format!("{:?}", one.wire))));
            }
            TypeKind::IntegerEnum(variants) => {
                all.extend(variants.iter().map(|one| (format!("{name}::{}", one.ident), one.wire.to_string())));
            }
            TypeKind::Union(union) => {
                for variant in &union.variants {
                    all.insert(format!("{name}::{}", variant.ident), ty(&variant.ty));
                }
            }
            TypeKind::Newtype(inner) => drop(all.insert(format!("{name}.0"), ty(inner))),
        }
    }
    all.extend(plan.aliases.iter().map(|alias| (alias.name.to_string(), alias.target.to_string())));
    for item in &plan.operations {
        let operation = &api[item.operation];
        let method = &item.method_ident;
        all.insert(format!("{method}()"), format!("{} {}", operation.method, operation.path));
        for field in item.params.iter().flat_map(|params| &params.fields) {
            let parameter = &operation.parameters[field.parameter];
            let required = matches!(field.presence, ParamPresence::Required);
            let meaning = format!("{:?} {:?}: {} {required}", parameter.location, parameter.name, ty(&field.ty));
            all.insert(format!("{method}().{}", field.ident), meaning);
        }
        all.extend(typed(plan, operation, item));
        let mut content = |of: &str, content: &BodyContent| match content {
            BodyContent::Single(one) => drop(all.insert(format!("{method}() {of}"), ty(&one.ty))),
            BodyContent::Several { ident, variants } => {
                let variants = variants.iter().map(|(variant, one)| (format!("{ident}::{variant}"), ty(&one.ty)));
                all.extend(variants);
            }
        };
        item.body.iter().for_each(|body| content("body", &body.content));
        for response in &item.responses {
            response.body.iter().for_each(|body| content(&response.status.to_string(), body));
        }
        all.extend(headers(operation, item));
        if let SuccessItem::Several { ident, .. } = &item.success {
            all.insert(format!("{method}() success"), ident.to_string());
        }
        if let Some(set) = item.credentials {
            all.insert(format!("{method}() credentials"), plan[set].ident.to_string());
        }
    }
    all.extend(security(plan));
    all.extend(webhooks(api, plan));
    all
}

/// What the fields for headers of answers mean.
fn headers(operation: &Operation, item: &OperationItem) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for response in &item.responses {
        let described = &operation.responses[response.response].headers;
        if let Some(headers) = &response.headers {
            let field = |field: &oas_codegen::plan::HeaderField| {
                (format!("{}.{}", headers.ident, field.ident), format!("header {:?}", described[field.header].name))
            };
            found.extend(headers.fields.iter().map(field));
        }
    }
    found
}

/// What the methods and types of webhooks and callbacks mean.
fn webhooks(api: &Api, plan: &Plan) -> Vec<(String, String)> {
    let of = |item: &oas_codegen::plan::WebhookItem| {
        let place = item.source.find(api).map(|operation| operation.at.pointer.to_string()).unwrap_or_default();
        [&item.method_ident, &item.request_ident].map(|ident| (format!("webhook {ident}"), place.clone()))
    };
    plan.webhooks.iter().flat_map(of).collect()
}

/// What the methods of security schemes mean.
fn security(plan: &Plan) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for scheme in &plan.schemes {
        found.push((format!("scheme {}", scheme.method_ident), scheme.scheme.clone()));
        let provider = scheme.provider_ident.iter();
        found.extend(provider.map(|ident| (format!("scheme {ident}"), format!("tokens of {}", scheme.scheme))));
    }
    for alternative in plan.credentials.iter().flat_map(|set| &set.alternatives) {
        let schemes: Vec<&str> = alternative.schemes.iter().map(|index| plan[*index].scheme.as_str()).collect();
        found.extend(alternative.method_ident.iter().map(|ident| (format!("scheme {ident}"), schemes.join(" "))));
    }
    found
}

/// What the setters of parts, the command and the flags of an operation mean.
fn typed(plan: &Plan, operation: &Operation, item: &OperationItem) -> Vec<(String, String)> {
    let (method, mut found) = (&item.method_ident, Vec::new());
    let setters = item.part_setters.iter();
    found.extend(setters.map(|(wire, ident)| (format!("{method}().{ident}"), format!("part {wire:?}"))));
    let command = format!("{} {}", plan[item.group].command.to_kebab(), item.command.ident.to_kebab());
    found.push((format!("command {command}"), item.id.clone()));
    let params = item.params.iter().flat_map(|params| &params.fields);
    let params = params.map(|field| format!("parameter {:?}", operation.parameters[field.parameter].name));
    let of_members = item.command.members.iter().map(|(wire, flag)| (flag, format!("member {wire:?}")));
    let flags = item.command.params.iter().zip(params).chain(of_members);
    found.extend(flags.map(|(flag, what)| (format!("{command} --{}", flag.to_kebab()), what)));
    found
}

/// A box that breaks a cycle is no part of the meaning.
fn unboxed(ty: &RustType) -> &RustType {
    if let RustType::Boxed(inner) = ty { inner } else { ty }
}
