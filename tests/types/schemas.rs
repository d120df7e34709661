//! The schema of each generated type, held against the one that the document gives it.
//!
//! Both sides are brought into one form: types, formats, values, members, which of them must be there, items, branches.
//! What a Rust type does not say (patterns, lengths, bounds) is left out on both sides; a part that is a type of its
//! own is compared by name, and on its own.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};

use oas_codegen::plan::{Plan, Settings, TypeItem, settle};
use oas_document::LoadOptions;
use oas_model::{Api, SchemaId, Type};
use schemars::Schema;
use schemars::generate::{SchemaGenerator, SchemaSettings};
use serde_json::Value;

/// What both sides say about a value.
#[derive(Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Said {
    /// The name of the type, when it is one of its own.
    named: Option<String>,
    types: BTreeSet<String>,
    format: Option<String>,
    values: BTreeSet<String>,
    members: BTreeMap<String, Said>,
    required: BTreeSet<String>,
    rest: Option<Box<Said>>,
    items: Option<Box<Said>>,
    tuple: Vec<Said>,
    branches: BTreeSet<Said>,
}

impl fmt::Debug for Said {
    /// Shows what is said, and nothing of what is not.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { named, types, format, values, members, required, rest, items, tuple, branches } = self;
        let mut shown = formatter.debug_struct("Said");
        let mut show = |name: &str, is_there: bool, value: &dyn fmt::Debug| {
            if is_there {
                shown.field(name, value);
            }
        };
        show("named", named.is_some(), named);
        show("types", !types.is_empty(), types);
        show("format", format.is_some(), format);
        show("values", !values.is_empty(), values);
        show("members", !members.is_empty(), members);
        show("required", !required.is_empty(), required);
        show("rest", rest.is_some(), rest);
        show("items", items.is_some(), items);
        show("tuple", !tuple.is_empty(), tuple);
        show("branches", !branches.is_empty(), branches);
        shown.finish()
    }
}

/// Formats that a Rust type says.
const FORMATS: [&str; 9] = ["int32", "int64", "uint32", "uint64", "float", "double", "date-time", "date", "uuid"];

/// What a generated package gives as the schemas of all of its types.
type Schemas = BTreeMap<&'static str, Schema>;

/// The schemas of values that are written.
fn written(all: impl FnOnce(&mut SchemaGenerator) -> Schemas) -> Schemas {
    all(&mut SchemaSettings::draft2020_12().for_serialize().into_generator())
}

/// What a schema that schemars made says.
fn said_by_rust(schema: &Value, is_root: bool) -> Said {
    let mut said = Said::default();
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str).filter(|_| !is_root) {
        said.named = reference.rsplit('/').next().map(str::to_owned);
        return said;
    }
    match schema.get("type") {
        Some(Value::String(one)) => drop(said.types.insert(one.clone())),
        Some(Value::Array(several)) => {
            said.types.extend(several.iter().filter_map(|one| Some(one.as_str()?.to_owned())));
        }
        _ => {}
    }
    said.format = schema.get("format").and_then(Value::as_str).filter(|one| FORMATS.contains(one)).map(str::to_owned);
    let list = |name: &str| schema.get(name).and_then(Value::as_array).into_iter().flatten();
    said.values = list("enum").filter(|value| !value.is_null()).map(Value::to_string).collect();
    said.required = list("required").filter_map(|name| Some(name.as_str()?.to_owned())).collect();
    let members = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
    said.members = members.map(|(name, member)| (name.clone(), said_by_rust(member, false))).collect();
    said.rest = schema
        .get("additionalProperties")
        .filter(|rest| **rest != Value::Bool(false))
        .map(|rest| Box::new(said_by_rust(rest, false)));
    said.items = schema
        .get("items")
        .filter(|_| schema.get("prefixItems").is_none())
        .map(|items| Box::new(said_by_rust(items, false)));
    said.tuple = list("prefixItems").map(|item| said_by_rust(item, false)).collect();
    let branches: BTreeSet<Said> = list("anyOf").map(|branch| said_by_rust(branch, false)).collect();
    finished(said, branches)
}

/// Folds `null` branches into the types, and a single branch into the whole.
fn finished(mut said: Said, branches: BTreeSet<Said>) -> Said {
    let null = Said { types: BTreeSet::from(["null".to_owned()]), ..Said::default() };
    let has_null = branches.contains(&null);
    let mut rest: BTreeSet<Said> = branches.into_iter().filter(|branch| *branch != null).collect();
    if has_null {
        said.types.insert("null".to_owned());
    }
    if rest.len() == 1 && said.members.is_empty() {
        let mut only = rest.pop_first().unwrap_or_default();
        only.types.extend(said.types);
        return only;
    }
    said.branches = rest;
    said
}

/// What the document says, by its own words: references followed, `allOf` united.
struct Book<'a> {
    api: &'a Api,
    plan: &'a Plan,
}

impl Book<'_> {
    /// The type that a schema has of its own.
    fn named(&self, id: SchemaId) -> Option<&TypeItem> {
        self.plan.types.iter().find(|item| item.schema == id)
    }

    fn said(&self, id: SchemaId, root: Option<&TypeItem>) -> Said {
        let id = self.api.schemas.resolve(id);
        if let Some(item) = self.named(id).filter(|_| root.is_none()) {
            let mut said = Said { named: Some(item.name.to_string()), ..Said::default() };
            if self.allows_null(id) {
                said.types.insert("null".to_owned());
            }
            return said;
        }
        let mut said = Said::default();
        let mut branches = BTreeSet::new();
        self.unite(id, root, &mut said, &mut branches);
        if !said.values.is_empty() && said.types.iter().all(|one| one == "null") {
            said.types.extend(
                said.values.iter().map(|value| if value.starts_with('"') { "string" } else { "integer" }.to_owned()),
            );
        }
        for name in &said.required {
            said.members.entry(name.clone()).or_default();
        }
        let is_described = said.members.values().any(|member| *member != Said::default());
        if said.types.is_empty() && (is_described || root.is_some() && !said.members.is_empty()) {
            said.types.insert("object".to_owned());
        }
        finished(said, branches)
    }

    fn allows_null(&self, id: SchemaId) -> bool {
        let schema = &self.api.schemas[id];
        let own = schema.types.is_some_and(|types| types.contains(Type::Null));
        own || schema
            .any_of
            .iter()
            .chain(&schema.one_of)
            .any(|branch| self.allows_null(self.api.schemas.resolve(*branch)))
    }

    fn unite(&self, id: SchemaId, root: Option<&TypeItem>, said: &mut Said, branches: &mut BTreeSet<Said>) {
        let schema = &self.api.schemas[id];
        for part in schema.reference.iter().chain(&schema.all_of) {
            self.unite(self.api.schemas.resolve(*part), root, said, branches);
        }
        said.types.extend(schema.types.iter().flat_map(|types| types.iter()).map(|one| one.as_str().to_owned()));
        if let Some(format) = schema.format.as_deref().filter(|format| FORMATS.contains(format)) {
            said.format.get_or_insert_with(|| format.to_owned());
        }
        let values = schema.enumeration.iter().flatten().chain(&schema.constant);
        let values: Vec<&Value> = values.filter(|value| !value.is_null()).collect();
        // A type says strings and integers one by one, but neither a truth value nor a fraction, nor a mixture.
        if values.iter().all(|value| value.is_string()) || values.iter().all(|value| value.is_i64()) {
            said.values.extend(values.into_iter().map(Value::to_string));
        } else if values.iter().all(|value| value.is_boolean()) {
            said.types.insert("boolean".to_owned());
        } else if values.iter().all(|value| value.is_number()) {
            said.types.insert("number".to_owned());
        }
        if schema.enumeration.iter().flatten().any(Value::is_null) {
            said.types.insert("null".to_owned());
        }
        for (name, member) in &schema.properties {
            said.members.insert(name.clone(), self.said(*member, None));
        }
        said.required.extend(schema.required.iter().cloned());
        if let Some(item) = root {
            said.required.retain(|name| !self.is_one_way(schema.properties.get(name).copied(), item));
        }
        if let Some(rest) =
            schema.additional_properties.schema().filter(|rest| self.api.schemas[*rest].boolean != Some(false))
        {
            said.rest = Some(Box::new(self.said(rest, None)));
        }
        if let Some(items) = schema.items.schema().filter(|_| schema.prefix_items.is_empty()) {
            said.items = Some(Box::new(self.said(items, None)));
        }
        // A list of no fixed length is no tuple; nothing is said of its items then.
        let length = u64::try_from(schema.prefix_items.len()).unwrap_or(u64::MAX);
        if schema.min_items.is_some_and(|least| least >= length) {
            said.tuple.extend(schema.prefix_items.iter().map(|item| self.said(*item, None)));
        }
        if schema.properties.is_empty()
            && let [only] = schema.pattern_properties.values().copied().collect::<Vec<_>>().as_slice()
        {
            said.rest = Some(Box::new(self.said(*only, None)));
        }
        let chosen = schema.any_of.iter().chain(&schema.one_of).map(|branch| self.said(*branch, None));
        // A branch that merely requires members constrains, and has no shape.
        branches.extend(chosen.filter(|branch| !branch.types.is_empty() || branch.named.is_some()));
    }

    /// Whether a member is missing in one of the directions that a type goes in.
    fn is_one_way(&self, member: Option<SchemaId>, item: &TypeItem) -> bool {
        let Some(member) = member.map(|id| &self.api.schemas[id]) else { return false };
        (item.in_request && member.read_only) || (item.in_response && member.write_only)
    }
}

/// What is said, as far as a type can differ from the document on purpose: integers without a format are `i64`, numbers
/// `f64`; a member that may be absent is read as absent when it is `null`.
fn normalized(mut said: Said, other: &Said) -> Said {
    if said.format.is_some() && other.format.is_none() {
        said.format = None;
    }
    for (name, member) in &mut said.members {
        let Some(twin) = other.members.get(name) else { continue };
        if !said.required.contains(name) && !twin.types.contains("null") {
            member.types.remove("null");
        }
        *member = normalized(member.clone(), twin);
    }
    // Anything goes where nothing is said.
    for part in [&mut said.rest, &mut said.items] {
        if part.as_deref() == Some(&Said::default()) {
            *part = None;
        }
    }
    for (part, twin) in [(&mut said.rest, &other.rest), (&mut said.items, &other.items)] {
        if let (Some(one), Some(twin)) = (part.as_mut(), twin) {
            **one = normalized((**one).clone(), twin);
        }
    }
    for (one, twin) in said.tuple.iter_mut().zip(&other.tuple) {
        *one = normalized(one.clone(), twin);
    }
    said.branches = said.branches.into_iter().map(|branch| Said { format: None, ..branch }).collect();
    said
}

/// Holds every type of a document against it, `except` those that stand for more than one place of the document.
fn compare(document: &Path, overlays: &[PathBuf], schemas: &Schemas, except: &[&str]) {
    let loaded = oas_document::load(document, &LoadOptions { reference_root: None }).expect("the document loads");
    let loaded = oas_document::overlay::apply(loaded, overlays).expect("the overlays apply");
    let api = oas_model::build(&loaded).expect("the model builds").api;
    let settings = Settings { name: "case".to_owned(), pins: BTreeMap::new(), prune: true };
    let plan = settle(&api, &settings).plan;
    let planned: BTreeSet<&str> = plan.types.iter().map(|item| item.name.as_str()).collect();
    assert_eq!(planned, schemas.keys().copied().collect(), "the generated code of {} is stale", document.display());
    let book = Book { api: &api, plan: &plan };
    for item in plan.types.iter().filter(|item| !except.contains(&item.name.as_str())) {
        let mut documented = book.said(item.schema, Some(item));
        // Whoever holds a value that may be `null` says so, not the type of the value.
        documented.types.remove("null");
        let rust =
            schemas.get(item.name.as_str()).map(|schema| said_by_rust(schema.as_value(), true)).unwrap_or_default();
        let rust = normalized(rust, &documented);
        let documented = normalized(documented, &rust);
        assert!(rust == documented, "{} of {}\n{rust:#?}\n{documented:#?}", item.name, document.display());
    }
}

/// The document of a case of the plan.
fn case(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("cases/plan").join(name).join("document.yaml")
}

#[test]
fn the_types_of_the_published_document_have_its_schemas() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi");
    let overlays = std::fs::read_dir(root.join("overlays")).expect("there are overlays");
    let mut overlays: Vec<PathBuf> = overlays.filter_map(|entry| Some(entry.ok()?.path())).collect();
    overlays.sort();
    compare(&root.join("openapi.json"), &overlays, &written(autoposting_types::json_schemas), &[]);
}

#[test]
fn objects_lists_and_nullability_are_as_documented() {
    compare(&case("objects-and-lists"), &[], &written(crate::objects_and_lists::json_schemas), &[]);
    compare(&case("nullability"), &[], &written(crate::nullability::json_schemas), &[]);
}

#[test]
fn scalars_and_unions_are_as_documented() {
    // The values of a mixture are of no one type, and those of a slip not of the type beside them.
    compare(&case("scalars"), &[], &written(crate::scalars::json_schemas), &["Mixture", "RootSlip"]);
    // A branch with what stands beside the choice is in no one place; choices that a simpler type holds are none in it.
    let merged = ["Root", "RootBeside", "RootBesideObject1", "RootBesideObject2", "RootTwo"];
    let simpler = ["RootListed", "RootCounted", "RootTypes"];
    compare(&case("unions"), &[], &written(crate::unions::json_schemas), &[&merged[..], &simpler].concat());
}

#[test]
fn names_and_operations_are_as_documented() {
    compare(&case("names"), &[], &written(crate::names::json_schemas), &[]);
    compare(&case("webhooks"), &[], &written(crate::webhooks::json_schemas), &[]);
}

#[test]
fn large_choices_are_as_documented() {
    compare(&case("large"), &[], &written(crate::large::json_schemas), &[]);
}
