//! The law of names: what changes nothing on the wire changes no name and no meaning of a name, and what is added changes
//! none of what was there.
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use oas_codegen::plan::{
    BodyContent, NamesLock, ParamPresence, Plan, RustType, Settings, Settled, SuccessItem, TypeKind, settle,
};
use oas_codegen::rust::type_tokens;
use oas_document::LoadOptions;
use oas_model::Api;
use serde_json::{Map, Value, json};

/// How often each document is edited.
const EDITS: u64 = 6;

#[test]
fn another_order_changes_no_name() {
    let mut faults = Vec::new();
    for (path, document) in documents() {
        let Some(base) = planned(&document, NamesLock::default()) else { continue };
        for seed in 0..EDITS {
            let mut edited = document.clone();
            reorder(&mut edited, "", &mut Random(seed + 1));
            let Some(again) = planned(&edited, NamesLock::default()) else { panic!("{}: no plan", path.display()) };
            let place = format!("{}, edit {seed}", path.display());
            faults.extend(difference(&place, &names(&base.0.names), &names(&again.0.names)));
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
            reorder(&mut edited, "", &mut random);
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

/// What is new of that which was there.
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

fn names(lock: &NamesLock) -> BTreeMap<String, String> {
    // Whether a type is one of its own or the alias of another is no part of its name.
    let plain = |key: &str| key.strip_prefix("alias ").map_or(key.to_owned(), |path| format!("type {path}"));
    lock.iter().map(|(key, ident)| (plain(key), ident.to_string())).collect()
}

fn difference(place: &str, old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> Option<String> {
    let gone = old.iter().filter(|(key, value)| new.get(*key) != Some(value));
    let come = new.iter().filter(|(key, value)| old.get(*key) != Some(value));
    let difference: Vec<String> = gone
        .map(|(key, value)| format!("- {key}: {value}"))
        .chain(come.map(|(key, value)| format!("+ {key}: {value}")))
        .collect();
    (!difference.is_empty()).then(|| format!("{place}:\n{}\n", difference.join("\n")))
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
        let operation = &api.operations[item.operation];
        let method = &item.method_ident;
        all.insert(format!("{method}()"), format!("{} {}", operation.method, operation.path));
        for field in item.params.iter().flat_map(|params| &params.fields) {
            let parameter = &operation.parameters[field.parameter];
            let required = matches!(field.presence, ParamPresence::Required);
            let meaning = format!("{:?} {:?}: {} {required}", parameter.location, parameter.name, ty(&field.ty));
            all.insert(format!("{method}().{}", field.ident), meaning);
        }
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
        if let SuccessItem::Several { ident, .. } = &item.success {
            all.insert(format!("{method}() success"), ident.to_string());
        }
        if let Some(set) = item.credentials {
            all.insert(format!("{method}() credentials"), plan.credentials[set].ident.to_string());
        }
    }
    for scheme in &plan.schemes {
        all.insert(format!("scheme {}", scheme.method_ident), scheme.scheme.clone());
    }
    all
}

/// A box that breaks a cycle is no part of the meaning.
fn unboxed(ty: &RustType) -> &RustType {
    if let RustType::Boxed(inner) = ty { inner } else { ty }
}

/// Numbers that are the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or_default() % bound.max(1)
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for index in (1..list.len()).rev() {
            list.swap(index, self.below(index + 1));
        }
    }
}

/// Puts everything whose order means nothing on the wire in another order.
fn reorder(value: &mut Value, name: &str, random: &mut Random) {
    match value {
        Value::Object(members) => {
            let mut entries: Vec<(String, Value)> = std::mem::take(members).into_iter().collect();
            random.shuffle(&mut entries);
            for (name, value) in &mut entries {
                if !matches!(name.as_str(), "example" | "examples" | "default" | "const") {
                    reorder(value, name, random);
                }
            }
            members.extend(entries);
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                reorder(item, "", random);
            }
            if matches!(name, "enum" | "required" | "parameters" | "oneOf" | "anyOf") || is_tags(name, items) {
                random.shuffle(items);
            }
        }
        _ => {}
    }
}

/// Whether a list is that of the document's tags. Of those of an operation the first is the one that it belongs to.
fn is_tags(name: &str, items: &[Value]) -> bool {
    name == "tags" && items.iter().all(Value::is_object)
}

/// Adds something to a document whose name comes close to one that is there.
fn add(document: &mut Value, random: &mut Random) {
    match random.below(5) {
        0 => {
            add_named(document, "/components/schemas", random, &json!({ "type": "object", "properties": { "a": {} } }));
        }
        1 => add_operation(document, random),
        2 => visit(document, random, &mut |object, pointer, random| {
            // A branch of a union that neither requires anything nor has a title is known by its members alone.
            let is_branch = pointer.rsplit('/').nth(1).is_some_and(|parent| matches!(parent, "oneOf" | "anyOf"));
            let is_union = object.contains_key("oneOf") || object.contains_key("anyOf");
            if (is_branch || is_union) && !object.contains_key("required") && !object.contains_key("title") {
                return false;
            }
            let Some(Value::Object(properties)) = object.get_mut("properties") else { return false };
            add_member(properties, random, &json!({ "type": "string", "enum": ["new"] }))
        }),
        3 => visit(document, random, &mut |object, _, random| {
            let Some(Value::Array(values)) = object.get_mut("enum") else { return false };
            let texts: Vec<String> = values.iter().filter_map(Value::as_str).map(near).collect();
            if texts.len() < values.len() || texts.is_empty() {
                return false;
            }
            let text = &texts[random.below(texts.len())];
            if values.iter().any(|value| value.as_str() == Some(text)) {
                return false;
            }
            values.insert(random.below(values.len() + 1), Value::from(text.as_str()));
            true
        }),
        _ => visit(document, random, &mut |object, _, random| {
            let Some(Value::Array(parameters)) = object.get_mut("parameters") else { return false };
            let names: Vec<&str> = parameters.iter().filter_map(|one| one.get("name")?.as_str()).collect();
            if names.is_empty() {
                return false;
            }
            let name = near(names[random.below(names.len())]);
            if names.contains(&name.as_str()) {
                return false;
            }
            parameters.insert(0, json!({ "name": name, "in": "query", "schema": { "type": "string" } }));
            true
        }),
    }
}

/// A name that folds to nearly the same ident as another.
fn near(name: &str) -> String {
    match name.find(|one: char| !one.is_alphanumeric()) {
        Some(at) => format!("{}-{}", &name[..at], name[at..].trim_start_matches(|one: char| !one.is_alphanumeric())),
        None => format!("-{name}"),
    }
}

/// Adds a member called nearly like one that is there.
fn add_member(members: &mut Map<String, Value>, random: &mut Random, value: &Value) -> bool {
    let names: Vec<&String> = members.keys().collect();
    if names.is_empty() {
        return false;
    }
    let name = near(names[random.below(names.len())]);
    if members.contains_key(&name) {
        return false;
    }
    members.insert(name, value.clone());
    true
}

fn add_named(document: &mut Value, pointer: &str, random: &mut Random, value: &Value) {
    if let Some(Value::Object(members)) = document.pointer_mut(pointer) {
        add_member(members, random, value);
    }
}

/// Adds an operation whose id is nearly that of another, and which uses a new schema.
fn add_operation(document: &mut Value, random: &mut Random) {
    let Some(Value::Object(paths)) = document.get_mut("paths") else { return };
    let ids: Vec<String> = paths
        .values()
        .filter_map(Value::as_object)
        .flat_map(Map::values)
        .filter_map(|one| one.get("operationId")?.as_str().map(near))
        .collect();
    if ids.is_empty() {
        return;
    }
    let id = &ids[random.below(ids.len())];
    let body =
        json!({ "application/json": { "schema": { "type": "object", "properties": { "new": { "enum": ["a"] } } } } });
    let operation = json!({ "operationId": id, "responses": { "200": { "description": "New.", "content": body } } });
    paths.insert(format!("/new-{}", random.below(1000)), json!({ "get": operation }));
}

/// Changes the object at a pointer; `false` when it does not fit, and is as it was.
type Edit<'e> = dyn FnMut(&mut Map<String, Value>, &str, &mut Random) -> bool + 'e;

/// Edits one of the objects that an edit fits.
fn visit(document: &mut Value, random: &mut Random, edit: &mut Edit<'_>) {
    let mut pointers = Vec::new();
    objects(document, String::new(), &mut pointers);
    random.shuffle(&mut pointers);
    for pointer in pointers {
        if let Some(Value::Object(object)) = document.pointer_mut(&pointer)
            && edit(object, &pointer, random)
        {
            return;
        }
    }
}

fn objects(value: &Value, pointer: String, pointers: &mut Vec<String>) {
    let members: Vec<(String, &Value)> = match value {
        Value::Object(members) => members.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
        _ => return,
    };
    for (name, value) in members {
        if !matches!(name.as_str(), "example" | "examples" | "default" | "const") {
            objects(value, format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1")), pointers);
        }
    }
    if value.is_object() {
        pointers.push(pointer);
    }
}
