//! Examples.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Value};

use super::Builder;
use super::reading::{At, Fields};
use crate::Example;
use crate::vocabulary::ObjectKind;

/// The example that is nothing but a value.
fn bare(value: serde_json::Value) -> Example {
    Example { summary: None, description: None, value: Some(value), serialized: None, external_value: None }
}

impl<'d> Builder<'d> {
    /// Members `example` and `examples` of a parameter, header or media type; the former under an empty name.
    pub(super) fn examples(&mut self, fields: &Fields<'d>) -> IndexMap<String, Example> {
        let mut examples = IndexMap::new();
        if let Some(spot) = fields.at.get("example") {
            examples.insert(String::new(), bare(spot.node.to_json()));
        }
        let Some(spot) = fields.get("examples") else { return examples };
        match &spot.node.value {
            Value::Object(_) => {
                for (name, member) in spot.at().members() {
                    examples.extend(self.example(member.at()).map(|example| (name.to_owned(), example)));
                }
            }
            Value::Array(_) => {
                let message = "`examples` must be an object of named examples, but is an array; the items are numbered";
                let finding = Diagnostic::warning("wrong-kind", message).hint("write `NAME: {value: ...}` for each");
                self.report(finding, &spot.location());
                let numbered =
                    spot.at().items().enumerate().map(|(index, item)| (index, item.at())).collect::<Vec<_>>();
                for (index, item) in numbered {
                    examples.extend(self.example(item).map(|example| ((index + 1).to_string(), example)));
                }
            }
            _ => self.wrong_kind(spot, "an object of named examples"),
        }
        examples
    }

    /// An Example Object, or a reference to one. What is no object is taken for the value itself.
    pub(super) fn example(&mut self, at: At<'d>) -> Option<Example> {
        let followed = self.follow(at, ObjectKind::Example)?;
        let node = followed.at.node;
        let is_example = |name: &str| name.starts_with("x-") || ObjectKind::Example.member(name).is_some();
        let is_bare =
            node.as_object().is_none_or(|members| !members.is_empty() && !members.keys().any(|name| is_example(name)));
        if is_bare {
            let finding =
                Diagnostic::warning("bare-example", "this is no example object; it is taken as the example's value")
                    .hint("put it under `value`");
            self.report(finding, &followed.at.location);
            return Some(bare(node.to_json()));
        }
        let fields = self.fields(followed.at, ObjectKind::Example)?;
        let value = fields.at.get("dataValue").or_else(|| fields.at.get("value"));
        let summary = self.text(&fields, "summary");
        let description = self.text(&fields, "description");
        Some(Example {
            summary: followed.summary.or(summary),
            description: followed.description.or(description),
            value: value.map(|spot| spot.node.to_json()),
            serialized: self.text(&fields, "serializedValue"),
            external_value: self.text(&fields, "externalValue"),
        })
    }
}
