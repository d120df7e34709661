//! Names that look as before, and stand for something else: code that uses them compiles, and does something else.

use std::collections::{BTreeMap, HashSet};

use oas_document::{Location, Node, Pointer};
use oas_manifest::{Item, ItemKind, Manifest};

use super::item::{Happening, Meaning, RustItemChange};
use crate::address::anonymous;
use crate::semver::Step;
use crate::side::Side;

/// What an item belongs to, and what it stands for there.
type Known<'m> = HashSet<(&'m str, &'m str, ItemKind, String)>;

/// The items of both sides that are the same by name and stand for something else. What an item stood for has to be
/// there still, by another name: otherwise the document tells of the change.
pub(super) fn changed(base: (&Manifest, Side<'_>), revision: (&Manifest, Side<'_>)) -> Vec<Meaning> {
    let mut here: BTreeMap<(&str, &str, ItemKind), &Item> = BTreeMap::new();
    let mut known: Known<'_> = HashSet::new();
    for item in &revision.0.items {
        here.insert((&item.package, &item.path, item.kind), item);
        if let Some(meaning) = meaning(revision.1, item) {
            known.insert((&item.package, owner(&item.path), item.kind, meaning));
        }
    }
    let mut found = Vec::new();
    for was in &base.0.items {
        let Some(is) = here.get(&(was.package.as_str(), was.path.as_str(), was.kind)) else { continue };
        let told = match (meaning(base.1, was), meaning(revision.1, is)) {
            (Some(before), Some(after)) if before != after => {
                let is_there = known.contains(&(was.package.as_str(), owner(&was.path), was.kind, before.clone()));
                is_there.then_some((before, after))
            }
            _ => None,
        };
        let told = told.or_else(|| moved_arguments(&was.signature, &is.signature));
        if let Some((before, after)) = told {
            let item = RustItemChange {
                package: was.package.clone(),
                path: was.path.clone(),
                kind: was.kind,
                change: Happening::Retargeted,
                before: Some(was.signature.clone()),
                after: Some(is.signature.clone()),
                step: Step::Major,
                pointers: (was.pointer.clone(), is.pointer.clone()),
            };
            found.push(Meaning { item, before, after });
        }
    }
    found
}

fn owner(path: &str) -> &str {
    path.rsplit_once("::").map_or("", |(owner, _)| owner)
}

/// What an item stands for, in words that do not depend on where it stands in a list.
fn meaning(side: Side<'_>, item: &Item) -> Option<String> {
    if item.document.is_some() {
        return None;
    }
    let pointer = Pointer::parse(item.pointer.as_ref()?)?;
    let at = Location { pointer: pointer.clone(), ..side.document.root_location() };
    let node = side.document.get(&at)?;
    let tokens: Vec<String> = pointer.tokens().map(std::borrow::Cow::into_owned).collect();
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    match tokens.as_slice() {
        [.., "enum", _] => Some(format!("the value {}", node.to_json())),
        [.., "properties", name] => Some(format!("the member `{name}`")),
        [.., "parameters", _] => parameter(side, node),
        [.., "oneOf" | "anyOf", _] => Some(format!("the alternative {}", alternative(node))),
        ["paths", path, method] => Some(format!("`{} {}`", method.to_uppercase(), anonymous(path))),
        ["components", kind, name] => Some(format!("the component `{kind}/{name}`")),
        _ => None,
    }
}

fn parameter(side: Side<'_>, node: &Node) -> Option<String> {
    let target = node.get("$ref").and_then(Node::as_str).and_then(|text| text.strip_prefix('#'));
    let target = target
        .and_then(Pointer::parse)
        .and_then(|pointer| side.document.get(&Location { pointer, ..side.document.root_location() }));
    let node = target.unwrap_or(node);
    let text = |name: &str| node.get(name).and_then(Node::as_str);
    Some(format!("the parameter `{}` ({})", text("name")?, text("in")?))
}

/// An alternative, by what it refers to, by its title or by what it says.
fn alternative(node: &Node) -> String {
    let text = |name: &str| node.get(name).and_then(Node::as_str);
    match text("$ref").or_else(|| text("title")) {
        Some(name) => format!("`{}`", name.rsplit('/').next().unwrap_or(name)),
        None => node.to_json().to_string().chars().take(200).collect(),
    }
}

/// The arguments of a function before and after, when they changed places and their types do not tell.
fn moved_arguments(before: &str, after: &str) -> Option<(String, String)> {
    let (was, is) = (arguments(before)?, arguments(after)?);
    let types = |all: &[(String, String)]| all.iter().map(|(_, one)| one.clone()).collect::<Vec<_>>();
    let names = |all: &[(String, String)]| all.iter().map(|(one, _)| one.clone()).collect::<Vec<_>>();
    let (mut sorted_was, mut sorted_is) = (names(&was), names(&is));
    sorted_was.sort();
    sorted_is.sort();
    let is_moved = names(&was) != names(&is) && sorted_was == sorted_is && types(&was) == types(&is);
    is_moved.then(|| (format!("({})", names(&was).join(", ")), format!("({})", names(&is).join(", "))))
}

/// The names and types of the arguments of a function, as its signature writes them.
fn arguments(signature: &str) -> Option<Vec<(String, String)>> {
    let (_, rest) = signature.split_once("fn ")?;
    let (_, rest) = rest.split_once('(')?;
    let mut depth = 0_u32;
    let mut parts = vec![String::new()];
    for letter in rest.chars() {
        match letter {
            ')' if depth == 0 => break,
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            '(' | '<' | '[' => depth += 1,
            ')' | '>' | ']' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if let Some(last) = parts.last_mut() {
            last.push(letter);
        }
    }
    let pairs = parts.iter().filter_map(|part| part.split_once(':'));
    Some(pairs.map(|(name, one)| (name.trim().to_owned(), one.trim().to_owned())).collect())
}

#[cfg(test)]
mod tests {
    use oas_manifest::FORMAT;
    use serde_json::{Value, json};

    use super::*;
    use crate::trial::{Read, read};

    fn sorted(values: &Value) -> Read {
        read(&json!({
            "openapi": "3.1.0",
            "info": { "title": "Meaning", "version": "1" },
            "paths": {},
            "components": { "schemas": { "Sort": { "enum": values } } },
        }))
    }

    /// The variants of an enum, by the positions of their values.
    fn variants(names: &[(&str, usize)]) -> Manifest {
        let item = |(name, index): &(&str, usize)| Item {
            document: None,
            pointer: Some(format!("/components/schemas/Sort/enum/{index}")),
            package: "case-types".to_owned(),
            path: format!("case_types::Sort::{name}"),
            kind: ItemKind::Variant,
            signature: (*name).to_owned(),
            attributes: Vec::new(),
            file: "sort.rs".to_owned(),
            line: 1,
        };
        Manifest { generated: String::new(), format: FORMAT, items: names.iter().map(item).collect() }
    }

    #[test]
    fn a_name_that_stands_for_another_value_is_noticed() {
        let (old, new) = (sorted(&json!(["at"])), sorted(&json!(["-at", "at"])));
        let there = variants(&[("At", 0)]);
        let moved = variants(&[("At", 0), ("At2", 1)]);
        let told = changed((&there, old.side()), (&moved, new.side()));
        let words: Vec<(&str, &str)> = told.iter().map(|one| (one.before.as_str(), one.after.as_str())).collect();
        assert_eq!(words, [("the value \"at\"", "the value \"-at\"")]);
        // Where the value stands in the list does not matter.
        let kept = variants(&[("MinusAt", 0), ("At", 1)]);
        assert!(changed((&there, old.side()), (&kept, new.side())).is_empty());
        // A value that is gone is told about by the document.
        let replaced = sorted(&json!(["AT"]));
        assert!(changed((&there, old.side()), (&there, replaced.side())).is_empty());
    }

    #[test]
    fn arguments_of_equal_types_that_change_places_are_noticed() {
        let before = "pub fn new(from: String, to: String) -> Self";
        let moved = "pub fn new(to: String, from: String) -> Self";
        let told = moved_arguments(before, moved);
        assert_eq!(told, Some(("(from, to)".to_owned(), "(to, from)".to_owned())));
        assert_eq!(moved_arguments(before, before), None);
        // The compiler tells where the types differ.
        assert_eq!(moved_arguments("fn f(a: u8, b: String)", "fn f(b: String, a: u8)"), None);
        assert_eq!(moved_arguments("fn f(a: Map<u8, u8>, b: u8)", "fn f(a: Map<u8, u8>, c: u8)"), None);
    }
}
