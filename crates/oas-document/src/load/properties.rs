//! What holds for every text.

use std::fmt::Write;
use std::path::Path;

use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::{LoadOptions, load_text, parse, yaml};
use crate::{FileId, Node, Style, Value, render};

const FILE: FileId = FileId::DOCUMENT;

fn scalar() -> impl Strategy<Value = Json> {
    prop_oneof![
        Just(Json::Null),
        any::<bool>().prop_map(Json::from),
        any::<i64>().prop_map(Json::from),
        any::<u64>().prop_map(Json::from),
        any::<f64>().prop_map(|number| json!(number)),
        text().prop_map(Json::from),
    ]
}

/// Texts that YAML could take for something else, texts with odd characters, and others.
fn text() -> impl Strategy<Value = String> {
    let odd = [
        "", "yes", "null", "1", "0x1", ".5", "~", "<<", "- a", "a: b", "# a", "'", "\"", "\\", "&a", "*a", "!a", "%",
        "@", "`", "|", ">",
    ];
    prop_oneof![
        proptest::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "[ -~]{0,12}",
        "[\\s\\PC]{0,8}",
        // NUL is refused everywhere; it cannot be written in YAML.
        any::<String>().prop_map(|text| text.replace('\0', "")),
    ]
}

fn value() -> impl Strategy<Value = Json> {
    scalar().prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Json::from),
            proptest::collection::vec((text(), inner), 0..5).prop_map(|members| members.into_iter().collect()),
        ]
    })
}

/// Writes a value in the block style of YAML.
fn block(value: &Json, indent: usize, out: &mut String) {
    match value {
        Json::Array(items) if !items.is_empty() => {
            for item in items {
                let _ = write!(out, "\n{:indent$}-", "");
                block(item, indent + 2, out);
            }
        }
        Json::Object(members) if !members.is_empty() => {
            for (name, member) in members {
                let _ = write!(out, "\n{:indent$}{}:", "", json!(name));
                block(member, indent + 2, out);
            }
        }
        other => {
            let _ = write!(out, " {other}");
        }
    }
}

/// Every value's own text is that value.
fn check_spans(node: &Node, text: &str, whole: bool) -> Result<(), TestCaseError> {
    let own = text.get(node.span.start as usize..node.span.end as usize).unwrap_or("no text");
    let is_container = matches!(node.value, Value::Object(_) | Value::Array(_));
    if whole || !is_container {
        let (again, _) =
            super::json::parse(FILE, own).map_err(|error| TestCaseError::fail(format!("{own:?}: {error:?}")))?;
        prop_assert_eq!(again.to_json(), node.to_json());
    }
    match &node.value {
        Value::Object(members) => {
            for (name, member) in members.iter() {
                let key = text.get(member.key.start as usize..member.key.end as usize).unwrap_or("no text");
                let again: Option<String> = serde_json::from_str(key).ok();
                prop_assert_eq!(again.as_ref(), Some(name));
                check_spans(&member.node, text, whole)?;
            }
        }
        Value::Array(items) => {
            for item in items {
                check_spans(item, text, whole)?;
            }
        }
        _ => {}
    }
    Ok(())
}

proptest! {
    #[test]
    fn json_loads_to_the_same_value(value in value(), pretty in any::<bool>()) {
        let text = if pretty { format!("{value:#}") } else { value.to_string() };
        let (node, _) = super::json::parse(FILE, &text).map_err(|error| TestCaseError::fail(format!("{error:?}")))?;
        prop_assert_eq!(node.to_json(), value);
        check_spans(&node, &text, true)?;
    }

    #[test]
    fn yaml_loads_to_the_same_value(value in value()) {
        let mut text = String::new();
        block(&value, 0, &mut text);
        let (node, _) = yaml::parse(FILE, &text).map_err(|error| TestCaseError::fail(format!("{text}\n{error:?}")))?;
        prop_assert_eq!(node.to_json(), value);
        check_spans(&node, &text, false)?;
    }

    #[test]
    fn json_is_also_yaml(value in value()) {
        let text = value.to_string();
        let (node, _) = yaml::parse(FILE, &text).map_err(|error| TestCaseError::fail(format!("{text}\n{error:?}")))?;
        prop_assert_eq!(node.to_json(), value);
    }

    #[test]
    fn json_is_read_as_strictly_as_by_serde(text in "[\\[\\]{},:\"\\\\u0-9dDeE.+truefalsnl \t\n/'*-]{0,12}") {
        let ours = super::json::parse(FILE, &text);
        // A number that is out of range is taken as a text.
        let is_whole = ours.is_ok_and(|(_, found)| found.iter().all(|one| one.code != "odd-number"));
        prop_assert_eq!(is_whole, serde_json::from_str::<Json>(&text).is_ok());
    }

    #[test]
    fn texts_that_end_early_do_not_make_the_loader_panic(text in "[\"'\\\\xuU0-9aN%|>:&*!,{}\\[\\] \n-]{0,10}") {
        let _ = parse(FILE, &text, Path::new("a.yaml"));
    }

    #[test]
    fn no_text_makes_the_loader_panic(
        text in prop_oneof![any::<String>(), "[-:#&*!|>'\"%@`{}\\[\\],? \n\ta-c0-9.<~\u{e9}\u{1f600}\u{feff}\u{2028}]{0,60}"],
        json in any::<bool>(),
    ) {
        let path = Path::new(if json { "a.json" } else { "a.yaml" });
        let _ = parse(FILE, &text, path);
        if let Err(failure) = load_text(&text, path, &LoadOptions { reference_root: None }) {
            prop_assert!(!failure.diagnostics.is_empty());
            let mut out = Vec::new();
            render(&failure.diagnostics, &failure.sources, Style::Colour, 80, &mut out).expect("memory can be written");
            for diagnostic in &failure.diagnostics {
                diagnostic.to_json(&failure.sources);
            }
        }
    }
}
