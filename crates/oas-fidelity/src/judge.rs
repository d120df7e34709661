//! Which values are valid: the `jsonschema` crate says so, of the document's own schemas.

use std::collections::BTreeMap;

use jsonschema::{Draft, PatternOptions, Validator};
use oas_model::json_schema::{export_all, subschemas_mut};
use oas_model::{Api, Direction, Discriminator, SchemaId, integer_range};
use serde_json::{Map, Number, Value, json};

use crate::circle;
use crate::json::Json;

/// Says of values whether they are valid.
pub(crate) struct Judge {
    validators: BTreeMap<SchemaId, Validator>,
    /// What tells apart the schemas that extend another, which validators know nothing of.
    families: BTreeMap<SchemaId, Discriminator>,
    /// Schemas that no validator can be made of, and why.
    pub(crate) unusable: BTreeMap<SchemaId, String>,
}

/// Why a value is not valid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The keyword that refuses it.
    pub(crate) keyword: String,
    /// Whether nothing else does.
    pub(crate) is_only: bool,
}

impl Judge {
    /// A judge of these schemas, of what goes in one direction.
    pub(crate) fn new(api: &Api, ids: impl IntoIterator<Item = SchemaId>, direction: Direction) -> Self {
        let ids: Vec<SchemaId> = ids.into_iter().collect();
        let exported = export_all(api, ids.iter().copied(), direction);
        let mut definitions = exported.document.get("$defs").and_then(Value::as_object).cloned().unwrap_or_default();
        bound_integers(&mut definitions);
        circle::part(&mut definitions);
        let mut judge = Self { validators: BTreeMap::new(), families: families(api), unusable: BTreeMap::new() };
        for id in ids {
            let Some(reference) = exported.references.get(&id) else { continue };
            match validator(reference, &definitions) {
                Ok(validator) => drop(judge.validators.insert(id, validator)),
                Err(error) => drop(judge.unusable.insert(id, error)),
            }
        }
        judge
    }

    /// Whether a value is valid.
    pub(crate) fn is_valid(&self, id: SchemaId, value: &Json) -> bool {
        let value = value.to_value();
        self.validators.get(&id).is_some_and(|validator| validator.is_valid(&value)) && self.is_what_it_says(id, &value)
    }

    /// Whether a value is of the schema that its discriminator names.
    fn is_what_it_says(&self, id: SchemaId, value: &Value) -> bool {
        let Some(discriminator) = self.families.get(&id) else { return true };
        let Some(Value::String(named)) = value.get(&discriminator.property) else { return true };
        match discriminator.mapping.get(named) {
            Some(child) => self.validators.get(child).is_none_or(|validator| validator.is_valid(value)),
            None => discriminator.default.is_some(),
        }
    }

    /// What is wrong with a value; `None` when nothing is.
    pub(crate) fn fault(&self, id: SchemaId, value: &Json) -> Option<Fault> {
        let value = value.to_value();
        let mut errors = self.validators.get(&id)?.iter_errors(&value);
        let keyword = errors.next()?.kind().keyword().to_owned();
        Some(Fault { keyword, is_only: errors.next().is_none() })
    }
}

/// The discriminators of schemas that others extend; who has a name is a value of its own, too.
fn families(api: &Api) -> BTreeMap<SchemaId, Discriminator> {
    let mut families = api.families();
    for (id, discriminator) in &mut families {
        discriminator.mapping.values_mut().for_each(|child| *child = api.schemas.resolve(*child));
        api.name_itself(*id, discriminator);
    }
    families
}

/// The validator of one definition, with those alone that it leads to.
fn validator(reference: &str, definitions: &Map<String, Value>) -> Result<Validator, String> {
    if circle::is_endless(definitions, reference) {
        return Err("the schema is held against the same value without end".to_owned());
    }
    let mut needed = Map::new();
    let mut open = vec![reference.to_owned()];
    while let Some(next) = open.pop() {
        let Some(name) = next.strip_prefix("#/$defs/").map(unescaped) else { continue };
        let Some(schema) = definitions.get(&name).filter(|_| !needed.contains_key(&name)) else { continue };
        references(schema, &mut open);
        needed.insert(name, schema.clone());
    }
    let schema = json!({ "$ref": reference, "$defs": needed });
    jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .with_pattern_options(PatternOptions::fancy_regex().backtrack_limit(100_000))
        .offline()
        .build(&schema)
        .map_err(|error| error.to_string())
}

/// A name from a reference.
fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, more)) = rest.split_first() {
        let code = (*first == b'%').then(|| more.get(..2)).flatten().and_then(|code| std::str::from_utf8(code).ok());
        if let Some(code) = code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            bytes.push(code);
            rest = more.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = more;
        }
    }
    String::from_utf8_lossy(&bytes).replace("~1", "/").replace("~0", "~")
}

fn references(schema: &Value, found: &mut Vec<String>) {
    match schema {
        Value::Object(members) => {
            found.extend(members.get("$ref").and_then(Value::as_str).map(ToOwned::to_owned));
            members.values().for_each(|value| references(value, found));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, found)),
        _ => {}
    }
}

/// Writes out the ranges that formats of integers have, which validators do not know. The generator writes them for its
/// servers; here that is not taken from it, because its faults are looked for.
fn bound_integers(definitions: &mut Map<String, Value>) {
    let mut open: Vec<&mut Value> = definitions.values_mut().collect();
    while let Some(schema) = open.pop() {
        let Value::Object(members) = schema else { continue };
        let is_integer = match members.get("type") {
            Some(Value::String(name)) => name == "integer",
            Some(Value::Array(names)) => names.iter().any(|name| name == "integer"),
            _ => false,
        };
        let range = members.get("format").and_then(Value::as_str).and_then(integer_range).filter(|_| is_integer);
        if let Some(range) = range {
            if !members.contains_key("minimum") && !members.contains_key("exclusiveMinimum") {
                members.extend(Number::from_i128(*range.start()).map(|least| ("minimum".to_owned(), least.into())));
            }
            if !members.contains_key("maximum") && !members.contains_key("exclusiveMaximum") {
                members.extend(Number::from_i128(*range.end()).map(|most| ("maximum".to_owned(), most.into())));
            }
        }
        open.extend(subschemas_mut(members));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use fastrand::Rng;
    use oas_document::{LoadOptions, load_text};

    use super::*;
    use crate::make::Maker;

    #[test]
    fn a_parent_that_lists_what_extends_it_is_judged() {
        let text = r##"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": {
            "Pet": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}},
                "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}]},
            "Cat": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["lives"], "properties": {"lives": {"type": "integer"}}}]},
            "Dog": {"allOf": [{"$ref": "#/components/schemas/Pet"}, {"required": ["barks"], "properties": {"barks": {"type": "boolean"}}}]},
            "Endless": {"allOf": [{"$ref": "#/components/schemas/Endless"}]}
        }}}"##;
        let api = api_of(text);
        let judge = Judge::new(&api, api.components.values().copied(), Direction::Request);
        let is_valid = |name: &str, text: &str| judge.is_valid(api.components[name], &Json::parse(text).expect("JSON"));
        for name in ["Pet", "Cat"] {
            assert!(is_valid(name, r#"{"kind":"a","lives":9}"#), "{name}");
            assert!(!is_valid(name, r#"{"kind":"a","lives":"nine"}"#), "{name}");
        }
        assert!(!is_valid("Pet", r#"{"kind":"a"}"#));
        assert!(judge.unusable.contains_key(&api.components["Endless"]), "{:?}", judge.unusable);
    }

    const DOCUMENT: &str = r##"{"openapi": "3.1.0", "info": {"title": "T", "version": "1"}, "paths": {}, "components": {"schemas": {
        "Tag": {"type": "string", "pattern": "^[a-z]{2,4}$"},
        "Size": {"type": "integer", "format": "uint8", "multipleOf": 5},
        "Pet": {"type": "object", "required": ["kind"], "additionalProperties": false, "properties": {
            "kind": {"enum": ["cat", "dog"]}, "tags": {"type": "array", "uniqueItems": true, "items": {"$ref": "#/components/schemas/Tag"}},
            "size": {"$ref": "#/components/schemas/Size"}, "friend": {"$ref": "#/components/schemas/Pet"}}},
        "Either": {"oneOf": [{"$ref": "#/components/schemas/Pet"}, {"type": "number", "exclusiveMinimum": 0}]}
    }}}"##;

    fn api() -> Api {
        api_of(DOCUMENT)
    }

    fn api_of(text: &str) -> Api {
        let document = load_text(text, Path::new("t.json"), &LoadOptions { reference_root: None }).expect("JSON");
        oas_model::build(&document).expect("OpenAPI").api
    }

    #[test]
    fn most_values_that_are_made_are_valid() {
        let api = api();
        let judge = Judge::new(&api, api.components.values().copied(), Direction::Request);
        let random = Rng::with_seed(3);
        let (direction, families, keywords) = (Direction::Request, &api.families(), BTreeSet::new());
        let mut maker = Maker { api: &api, direction, families, random, is_open: true, keywords };
        for (name, id) in &api.components {
            let made: Vec<Json> = (0..60).filter_map(|_| maker.value(*id)).collect();
            let valid = made.iter().filter(|value| judge.is_valid(*id, value)).count();
            assert!(valid * 2 > 60, "{name}: {valid} of 60");
            let distinct: BTreeSet<String> = made.iter().map(ToString::to_string).collect();
            assert!(distinct.len() > 5, "{name}: {distinct:?}");
        }
    }

    #[test]
    fn a_fault_has_the_keyword_that_refuses() {
        let api = api();
        let judge = Judge::new(&api, api.components.values().copied(), Direction::Request);
        let fault = |name: &str, text: &str| judge.fault(api.components[name], &Json::parse(text).expect("JSON"));
        let keyword = |name: &str, text: &str| fault(name, text).map(|fault| fault.keyword);
        assert_eq!(keyword("Pet", r#"{"kind":"cat"}"#), None);
        assert_eq!(keyword("Pet", "{}").as_deref(), Some("required"));
        assert_eq!(keyword("Pet", r#"{"kind":"cat","x":1}"#).as_deref(), Some("additionalProperties"));
        assert_eq!(keyword("Size", "260").as_deref(), Some("maximum"));
        assert!(fault("Pet", r#"{"kind":"cow","x":1}"#).is_some_and(|fault| !fault.is_only));
    }
}
