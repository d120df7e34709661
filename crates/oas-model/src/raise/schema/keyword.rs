//! The keywords of a schema: one line each.

use std::collections::HashMap;
use std::sync::LazyLock;

use indexmap::IndexSet;
use oas_document::{Diagnostic, Value};

use super::nested::{schema_list, schema_map};
use super::{Draft, Read, bound, former, reference, types};
use crate::raise::Builder;
use crate::raise::reading::NodeRef;
use crate::vocabulary::{Member, ObjectKind};
use crate::{AdditionalItems, Xml};

/// A keyword that is understood.
pub(super) struct Keyword {
    /// What the specification says of it; `None` for keywords of former drafts.
    pub(super) member: Option<&'static Member>,
    /// How it is read.
    pub(super) read: Read,
}

/// Every keyword of [`ObjectKind::Schema`], and how it is read.
const KEYWORDS: &[(&str, Read)] = &[
    ("$ref", reference::read),
    ("$schema", |b, _, s| b.check_dialect_at(s)),
    ("$vocabulary", |_, _, _| {}),
    ("$id", |_, _, _| {}),
    ("$anchor", |_, _, _| {}),
    ("$dynamicRef", reference::read_dynamic),
    ("$dynamicAnchor", reference::read_dynamic_anchor),
    ("$defs", |b, _, s| drop(schema_map(b, s))),
    ("$comment", |_, _, _| {}),
    ("type", types::read),
    ("enum", types::read_enumeration),
    ("const", |_, d, s| d.schema.constant = Some(s.node.to_json())),
    ("format", |b, d, s| d.schema.format = b.read_text(s)),
    ("multipleOf", bound::read_multiple_of),
    ("maximum", |b, d, s| d.maximum = b.read_number(s)),
    ("exclusiveMaximum", |b, d, s| d.exclusive_maximum = bound::read_exclusive(b, s)),
    ("minimum", |b, d, s| d.minimum = b.read_number(s)),
    ("exclusiveMinimum", |b, d, s| d.exclusive_minimum = bound::read_exclusive(b, s)),
    ("maxLength", |b, d, s| d.schema.max_length = b.read_count(s)),
    ("minLength", |b, d, s| d.schema.min_length = b.read_count(s)),
    ("pattern", |b, d, s| d.schema.pattern = b.read_text(s)),
    ("contentEncoding", |b, d, s| d.schema.content_encoding = b.read_text(s)),
    ("contentMediaType", |b, d, s| d.schema.content_media_type = b.read_text(s)),
    ("contentSchema", |b, d, s| d.schema.content_schema = Some(b.schema(s.at()))),
    ("prefixItems", |b, d, s| d.schema.prefix_items = schema_list(b, s)),
    ("items", former::read_items),
    ("contains", |b, d, s| d.schema.contains = Some(b.schema(s.at()))),
    ("maxItems", |b, d, s| d.schema.max_items = b.read_count(s)),
    ("minItems", |b, d, s| d.schema.min_items = b.read_count(s)),
    ("uniqueItems", |b, d, s| d.schema.unique_items = b.read_flag(s).unwrap_or(false)),
    ("maxContains", |b, d, s| d.schema.max_contains = b.read_count(s)),
    ("minContains", |b, d, s| d.schema.min_contains = b.read_count(s)),
    ("unevaluatedItems", |b, d, s| d.schema.unevaluated_items = AdditionalItems::Schema(b.schema(s.at()))),
    ("properties", |b, d, s| d.schema.properties = schema_map(b, s)),
    ("patternProperties", |b, d, s| d.schema.pattern_properties = schema_map(b, s)),
    ("additionalProperties", |b, d, s| d.schema.additional_properties = AdditionalItems::Schema(b.schema(s.at()))),
    ("propertyNames", |b, d, s| d.schema.property_names = Some(b.schema(s.at()))),
    ("maxProperties", |b, d, s| d.schema.max_properties = b.read_count(s)),
    ("minProperties", |b, d, s| d.schema.min_properties = b.read_count(s)),
    ("required", read_required),
    ("dependentRequired", former::read_dependent_required),
    ("dependentSchemas", |b, d, s| d.schema.dependent_schemas.extend(schema_map(b, s))),
    ("unevaluatedProperties", |b, d, s| d.schema.unevaluated_properties = AdditionalItems::Schema(b.schema(s.at()))),
    ("allOf", |b, d, s| d.schema.all_of.extend(schema_list(b, s))),
    ("anyOf", |b, d, s| d.schema.any_of = schema_list(b, s)),
    ("oneOf", |b, d, s| d.schema.one_of = schema_list(b, s)),
    ("not", |b, d, s| d.schema.not = Some(b.schema(s.at()))),
    ("if", |b, d, s| d.schema.condition = Some(b.schema(s.at()))),
    ("then", |b, d, s| d.schema.consequence = Some(b.schema(s.at()))),
    ("else", |b, d, s| d.schema.alternative = Some(b.schema(s.at()))),
    ("title", |b, d, s| d.schema.title = b.read_text(s)),
    ("description", |b, d, s| d.schema.description = b.read_text(s)),
    ("default", |_, d, s| d.schema.default = Some(s.node.to_json())),
    ("deprecated", |b, d, s| d.schema.deprecated = b.read_flag(s).unwrap_or(false)),
    ("readOnly", |b, d, s| d.schema.read_only = b.read_flag(s).unwrap_or(false)),
    ("writeOnly", |b, d, s| d.schema.write_only = b.read_flag(s).unwrap_or(false)),
    ("examples", read_examples),
    ("example", |_, d, s| d.schema.examples.insert(0, s.node.to_json())),
    ("nullable", |b, d, s| d.nullable = b.read_flag(s).filter(|truth| *truth).map(|_| s.location())),
    ("discriminator", |b, d, s| d.schema.discriminator = b.discriminator(s)),
    ("xml", |b, d, s| d.schema.xml = b.xml(s)),
    ("externalDocs", |b, d, s| d.schema.external_docs = b.external_docs_at(s)),
];

/// The keyword `name`, when it is understood.
pub(super) fn find(name: &str) -> Option<&'static Keyword> {
    static TABLE: LazyLock<HashMap<&'static str, Keyword>> = LazyLock::new(|| {
        let keywords = KEYWORDS.iter().chain(former::KEYWORDS);
        keywords.map(|(name, read)| (*name, Keyword { member: ObjectKind::Schema.member(name), read: *read })).collect()
    });
    TABLE.get(name)
}

/// `required`: names, each once.
fn read_required<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    if node.node.as_bool().is_some() {
        let message = "`required` must be an array of member names, but is a boolean; it is ignored";
        let finding = Diagnostic::warning("wrong-kind", message)
            .hint("list the member's name in `required` of the schema that has it under `properties`");
        builder.report(finding, &node.location());
        return;
    }
    let names: IndexSet<String> = builder.read_texts(node).into_iter().collect();
    draft.schema.required = names.into_iter().collect();
}

/// `examples`: behind the one of `example`, wherever that stands.
fn read_examples<'d>(builder: &mut Builder<'d>, draft: &mut Draft, node: NodeRef<'_, 'd>) {
    match &node.node.value {
        Value::Array(items) => draft.schema.examples.extend(items.iter().map(oas_document::Node::to_json)),
        Value::Object(_) => {
            let message = "`examples` of a schema must be an array, but is an object; its values are taken";
            let finding = Diagnostic::warning("wrong-kind", message).hint("write an array of the values alone");
            builder.report(finding, &node.location());
            let at = node.at();
            let values = at.members().map(|(_, member)| member.node.get("value").unwrap_or(member.node).to_json());
            draft.schema.examples.extend(values);
        }
        _ => builder.wrong_kind(node, "an array of values"),
    }
}

impl<'d> Builder<'d> {
    /// An XML Object.
    fn xml(&mut self, node: NodeRef<'_, 'd>) -> Option<Xml> {
        let fields = self.fields(node.at(), ObjectKind::Xml)?;
        Some(Xml {
            name: self.text(&fields, "name"),
            namespace: self.text(&fields, "namespace"),
            prefix: self.text(&fields, "prefix"),
            attribute: self.flag(&fields, "attribute"),
            wrapped: self.flag(&fields, "wrapped"),
            node_type: self.text(&fields, "nodeType"),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_keyword_of_the_vocabulary_is_read_and_no_other() {
        let mut read: Vec<&str> = KEYWORDS.iter().map(|(name, _)| *name).collect();
        let mut known: Vec<&str> = ObjectKind::Schema.members().iter().map(|member| member.name).collect();
        read.sort_unstable();
        known.sort_unstable();
        assert_eq!(read, known);
    }

    #[test]
    fn keywords_of_former_drafts_are_not_in_the_vocabulary() {
        for (name, _) in former::KEYWORDS {
            assert_eq!(ObjectKind::Schema.member(name), None, "{name}");
        }
    }
}
