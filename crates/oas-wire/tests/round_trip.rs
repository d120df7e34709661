//! Whatever is written in any style is read back as it was, or is not written at all.

use oas_wire::percent::{cookie_pairs, pairs};
use oas_wire::{Shape, Spelling, Style, Tree};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Where a value stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Path,
    Query,
    Header,
    Cookie,
}

/// Every place with the styles that it can have (OpenAPI 3.2, section 4.12.6).
const STYLES: [(Place, Style); 9] = [
    (Place::Path, Style::Simple),
    (Place::Path, Style::Label),
    (Place::Path, Style::Matrix),
    (Place::Query, Style::Form),
    (Place::Query, Style::SpaceDelimited),
    (Place::Query, Style::PipeDelimited),
    (Place::Header, Style::Simple),
    (Place::Cookie, Style::Form),
    (Place::Cookie, Style::Cookie),
];

/// Writes a value and reads it again; the outer `None` when it is refused, the inner when it is absent.
#[expect(clippy::option_option, reason = "refused and absent are two things")]
fn there_and_back(place: Place, spelling: Spelling<'_>, schema: &Value, value: &Value) -> Option<Option<Value>> {
    let shape = Shape::of(schema, schema);
    let tree = Tree::of(value).expect("JSON");
    let joined = |pairs: Vec<(String, String)>, by: &str| {
        pairs.iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join(by)
    };
    let read = match place {
        Place::Path => spelling.read_path(&spelling.write_path(&tree).ok()?, &shape).map(Some),
        Place::Header => match spelling.write_header(&tree).ok()? {
            Some(text) => spelling.read_header(&text, &shape).map(Some),
            None => Ok(None),
        },
        Place::Query => {
            let text = joined(spelling.write_pairs(&tree).ok()?, "&");
            spelling.read_pairs(&pairs(&text), &shape, &|_| false)
        }
        Place::Cookie => {
            let text = joined(spelling.write_cookies(&tree).ok()?, "; ");
            spelling.read_cookies(&cookie_pairs(&text).collect::<Vec<_>>(), &shape, &|_| false)
        }
    };
    Some(read.unwrap_or_else(|fault| panic!("{value} became unreadable in {place:?} {spelling:?}: {fault:?}")))
}

/// A value and the schema of it. Texts hold what styles end at more often than chance would have it.
fn scalar() -> impl Strategy<Value = (Value, Value)> {
    let text = prop_oneof![r"[-a,. |;=&+%\[\]{}2C0/?#~\u{fc}\u{1f600}]{0,6}", "\\PC{0,8}"];
    prop_oneof![
        text.prop_map(|text| (json!(text), json!({"type": "string"}))),
        any::<i64>().prop_map(|number| (json!(number), json!({"type": "integer"}))),
        any::<u64>().prop_map(|number| (json!(number), json!({"type": "integer"}))),
        (-1e15..1e15).prop_map(|number: f64| (json!(number), json!({"type": "number"}))),
        (-1000..1000_i32).prop_map(|number| (json!(f64::from(number)), json!({"type": "number"}))),
        any::<bool>().prop_map(|one| (json!(one), json!({"type": "boolean"}))),
    ]
}

/// A scalar, a list of them, or an object of scalars and lists.
fn value() -> impl Strategy<Value = (Value, Value)> {
    let list = || {
        prop::collection::vec(scalar(), 0..4).prop_map(|items| {
            let mut items = items.into_iter();
            let Some((first, schema)) = items.next() else {
                return (json!([]), json!({"type": "array", "items": {"type": "string"}}));
            };
            let same = items.filter(|(_, other)| *other == schema).map(|(item, _)| item);
            (std::iter::once(first).chain(same).collect(), json!({"type": "array", "items": schema}))
        })
    };
    let name = prop_oneof!["[a-z]{1,4}", r"[-a,. |;=&+%\[\]\u{fc}]{1,4}"];
    let object = prop::collection::vec((name, prop_oneof![3 => scalar(), 1 => list()]), 0..4).prop_map(|members| {
        let (mut object, mut properties) = (Map::new(), Map::new());
        for (name, (value, schema)) in members {
            object.insert(name.clone(), value);
            properties.insert(name, schema);
        }
        (Value::Object(object), json!({"type": "object", "properties": properties}))
    });
    prop_oneof![scalar(), list(), object]
}

/// What no text can tell from an absent value: empty lists and objects, as a whole or as members.
fn is_without_text(value: &Value) -> bool {
    match value {
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_without_text),
        _ => false,
    }
}

/// The value without the members that leave no text.
fn told(value: &Value) -> Value {
    match value {
        Value::Object(members) => members
            .iter()
            .filter(|(_, value)| !is_without_text(value))
            .map(|(name, one)| (name.clone(), one.clone()))
            .collect(),
        other => other.clone(),
    }
}

/// Equality of numbers by what they are worth: `10.0` is written `10`.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64() && (a.is_f64() || b.is_f64()),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(name, a)| b.get(name).is_some_and(|b| same(a, b)))
        }
        _ => a == b,
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_written_is_read((value, schema) in value(), explode: bool, style in 0..STYLES.len()) {
        let (place, style) = STYLES[style];
        // An exploded object takes whatever name it has a member of.
        let spelling = Spelling::new("the name", style).explode(explode);
        let Some(read) = there_and_back(place, spelling, &schema, &value) else { return Ok(()) };
        match read {
            None => prop_assert!(is_without_text(&value), "{value} vanished"),
            // Of a list inside of an object that is not exploded there is a text even when it is empty.
            Some(read) => prop_assert!(same(&read, &value) || same(&read, &told(&value)), "{value} became {read}"),
        }
    }

    #[test]
    fn deep_objects_are_read_as_they_were_written((value, schema) in value(), (inner, inner_schema) in value()) {
        let schema = json!({"type": "object", "properties": {
            "a": schema, "list": {"type": "array", "items": {"type": "object", "properties": {"b": inner_schema}}}
        }});
        let value = json!({"a": value, "list": [{"b": inner}, {"b": inner}]});
        let spelling = Spelling::new("filter", Style::DeepObject);
        let Some(read) = there_and_back(Place::Query, spelling, &schema, &value) else { return Ok(()) };
        let told = json!({"a": told(&value["a"]), "list": [{"b": told(&inner)}, {"b": told(&inner)}]});
        let told = if is_without_text(&value["a"]) { json!({"list": told["list"]}) } else { told };
        prop_assert!(read.as_ref().is_some_and(|read| same(read, &told)), "{value} became {read:?}");
    }

    /// Where everything can be escaped, nothing is refused but what would name another path.
    #[test]
    fn texts_are_never_refused_where_they_can_be_escaped(texts in prop::collection::vec("\\PC{1,8}", 1..4)) {
        let schema = json!({"type": "array", "items": {"type": "string"}});
        for (place, style) in STYLES {
            for explode in [true, false] {
                let escapes = match style {
                    Style::Form => true,
                    Style::Simple => place == Place::Path && texts.len() > 1,
                    Style::Label | Style::Matrix => texts.len() > 1,
                    Style::SpaceDelimited | Style::PipeDelimited => explode,
                    _ => false,
                };
                if escapes {
                    let spelling = Spelling::new("x", style).explode(explode);
                    let read = there_and_back(place, spelling, &schema, &json!(texts));
                    prop_assert_eq!(read, Some(Some(json!(texts))), "{:?} {:?} {}", place, style, explode);
                }
            }
        }
    }
}
