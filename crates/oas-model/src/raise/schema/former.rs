//! What former drafts of JSON Schema wrote otherwise, and documents still do.

use oas_document::{Diagnostic, Value};

use super::nested::{schema_list, schema_map};
use super::reference;
use super::{Draft, Read};
use crate::AdditionalItems;
use crate::raise::Builder;
use crate::raise::reading::NodeRef;

/// Keywords that 2020-12 has no more, and how they are read.
pub(super) const KEYWORDS: &[(&str, Read)] = &[
    ("definitions", |b, _, s| drop(schema_map(b, s))),
    ("dependencies", read_dependencies),
    ("additionalItems", |b, d, s| d.additional_items = Some(b.schema(s.at()))),
    ("id", |b, d, s| {
        report(b, s, "it has no effect", "write `$id`");
        d.schema.unknown.insert("id".to_owned(), s.node.to_json());
    }),
    ("$recursiveRef", |b, d, s| {
        report(b, s, "it is taken as a reference to the schema around it", "write `$dynamicRef`, or name the schema");
        reference::read_recursive(b, d, s);
    }),
    ("$recursiveAnchor", |_, _, _| {}),
];

/// Reports a spelling of a former draft.
fn report<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>, became: &str, hint: &str) {
    let message = format!("{} is how a former draft of JSON Schema writes it; {became}", node.title());
    builder.report(Diagnostic::note("former-draft", message).hint(hint), &node.location());
}

/// `items`: a schema; in former drafts also an array of schemas.
pub(super) fn read_items<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    if matches!(node.node.value, Value::Array(_)) {
        let message = "`items` as an array belongs to former drafts of JSON Schema; it is taken as `prefixItems`";
        builder.report(Diagnostic::warning("former-draft", message).hint("write `prefixItems`"), &node.location());
        draft.schema.prefix_items = schema_list(builder, node);
        draft.has_item_list = true;
    } else {
        draft.schema.items = AdditionalItems::Schema(builder.schema(node.at()));
    }
}

/// `dependentRequired`: lists of names.
pub(super) fn read_dependent_required<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    if node.node.as_object().is_none() {
        builder.wrong_kind(node, "an object of lists of names");
    }
    for (name, member) in node.at().members() {
        let names = builder.read_texts(member);
        draft.schema.dependent_required.insert(name.to_owned(), names);
    }
}

/// `dependencies`: lists of names and schemas, mixed.
fn read_dependencies<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    report(builder, node, "it is taken as `dependentRequired` and `dependentSchemas`", "write those instead");
    if node.node.as_object().is_none() {
        builder.wrong_kind(node, "an object");
    }
    for (name, member) in node.at().members() {
        if matches!(member.node.value, Value::Array(_) | Value::String(_)) {
            let names = builder.read_texts(member);
            draft.schema.dependent_required.insert(name.to_owned(), names);
        } else {
            draft.schema.dependent_schemas.insert(name.to_owned(), builder.schema(member.at()));
        }
    }
}
