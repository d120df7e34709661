//! Schemas that stand in lists and maps.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Value};

use crate::SchemaId;
use crate::raise::Builder;
use crate::raise::reading::NodeRef;

/// An array of schemas. A single schema is taken for an array of one.
pub(super) fn schema_list<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>) -> Vec<SchemaId> {
    match &node.node.value {
        Value::Array(items) => {
            if items.is_empty() {
                let message = format!("{} is empty, and ignored", node.title());
                let finding = Diagnostic::warning("empty-list", message).hint("remove the keyword, or add a schema");
                builder.report(finding, &node.location());
            }
            node.at().items().map(|item| builder.schema(item.at())).collect()
        }
        Value::Object(_) => {
            let message = format!("{} must be an array, but is an object; it is taken as its only item", node.title());
            let finding = Diagnostic::warning("wrong-kind", message).hint("write it as an array of one schema");
            builder.report(finding, &node.location());
            vec![builder.schema(node.at())]
        }
        _ => {
            builder.wrong_kind(node, "an array of schemas");
            Vec::new()
        }
    }
}

/// An object of named schemas.
pub(super) fn schema_map<'d>(builder: &mut Builder<'d>, node: NodeRef<'_, 'd>) -> IndexMap<String, SchemaId> {
    if node.node.as_object().is_none() {
        builder.wrong_kind(node, "an object of schemas");
    }
    node.at().members().map(|(name, member)| (name.to_owned(), builder.schema(member.at()))).collect()
}
