//! Schemas: one per place in the text, read from a queue, so that they may nest and refer to each other as they like.

mod bound;
mod discriminator;
mod dynamic;
mod file;
mod former;
mod keyword;
mod nested;
mod nullable;
mod reference;
mod types;

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location, Value};
use serde_json::Number;

use super::Builder;
use super::builder::Asked;
use super::reading::{At, Fields, NodeRef, value};
use super::slip::did_you_mean;
use crate::vocabulary::{ObjectKind, Version};
use crate::{Schema, SchemaId};

/// Reads the value of a keyword into the draft.
type Read = for<'d> fn(&mut Builder<'d>, &mut Draft, NodeRef<'_, 'd>);

/// A schema while its keywords are read.
struct Draft {
    /// What was read so far.
    schema: Schema,
    /// Where `nullable: true` stands.
    nullable: Option<Location>,
    /// `minimum`
    minimum: Option<Number>,
    /// `exclusiveMinimum`
    exclusive_minimum: Option<bound::Exclusive>,
    /// `maximum`
    maximum: Option<Number>,
    /// `exclusiveMaximum`
    exclusive_maximum: Option<bound::Exclusive>,
    /// `additionalItems` of former drafts.
    additional_items: Option<SchemaId>,
    /// Whether `items` was an array, as in former drafts.
    has_item_list: bool,
}

impl Draft {
    /// The draft of a schema of which nothing was read.
    fn new(schema: Schema) -> Self {
        Self {
            schema,
            nullable: None,
            minimum: None,
            exclusive_minimum: None,
            maximum: None,
            exclusive_maximum: None,
            additional_items: None,
            has_item_list: false,
        }
    }
}

/// Keywords whose value may be `null`.
const FREE_KEYWORDS: [&str; 5] = ["default", "const", "example", "enum", "type"];

impl<'d> Builder<'d> {
    /// The schema of a place; it is read later.
    pub(super) fn schema(&mut self, at: At<'d>) -> SchemaId {
        if let Some(id) = self.schema_at.get(&at.location) {
            return *id;
        }
        let location = at.location.clone();
        let id = self.ask(Asked::Read(at));
        self.schema_at.insert(location, id);
        id
    }

    /// Reads every schema that was asked for, and those that these ask for, and does what had to wait for that.
    pub(super) fn finish_schemas(&mut self, components: &mut IndexMap<String, SchemaId>) {
        self.read_queue();
        self.report_reference_loops();
        self.adopt_files(components);
        self.complete_discriminators(components);
        self.complete_nullable_unions();
        self.read_queue();
        self.settle_dynamic_references();
        // A way can lead in a circle where what was written does not.
        self.report_reference_loops();
    }

    /// Reads every schema that was asked for, and those that these ask for.
    fn read_queue(&mut self) {
        while let Some(asked) = self.queue.pop_front() {
            self.reading = 1;
            let schema = match asked {
                Asked::Read(at) => {
                    let component = component_name(&at.location);
                    Schema { component, ..self.read_schema(&at) }
                }
                Asked::Made(schema) => *schema,
            };
            self.reading = 0;
            let has_discriminator = schema.discriminator.is_some();
            let id = self.schemas.add(schema);
            if has_discriminator {
                self.deferred.discriminators.push(id);
            }
        }
    }

    /// Reads one schema.
    fn read_schema(&mut self, at: &At<'d>) -> Schema {
        let mut schema = Schema::anything(at.location.clone());
        match &at.node.value {
            Value::Object(_) => return self.read_keywords(schema, at),
            Value::Bool(truth) => {
                let is_additional = at.location.pointer.last().is_some_and(|name| name == "additionalProperties");
                if self.version == Version::V3_0 && !is_additional {
                    self.report_version(&format!("`{truth}` as a schema"), Version::V3_1, &at.location);
                }
                schema.boolean = Some(*truth);
            }
            _ => {
                let found = value(at.node.kind());
                let message = format!("expected a schema, found {found}; any value will do");
                let finding = Diagnostic::warning("wrong-kind", message)
                    .hint("write an object with keywords; `{}` where any value will do");
                self.report(finding, &at.location);
            }
        }
        schema
    }

    /// Reads the keywords of a schema that is an object.
    fn read_keywords(&mut self, schema: Schema, at: &At<'d>) -> Schema {
        let mut draft = Draft::new(schema);
        if self.version == Version::V3_0
            && let Some(node) = at.get("$ref").filter(|node| node.node.as_str().is_some())
        {
            self.report_siblings(at);
            reference::read(self, &mut draft, node);
            return draft.schema;
        }
        for (name, node) in at.members() {
            self.read_keyword(&mut draft, name, node);
        }
        self.finish(draft)
    }

    /// Reads one keyword.
    fn read_keyword(&mut self, draft: &mut Draft, name: &'d str, node: NodeRef<'_, 'd>) {
        if let Some(keyword) = keyword::find(name) {
            if matches!(node.node.value, Value::Null) && !FREE_KEYWORDS.contains(&name) {
                let finding = Diagnostic::warning("null-member", format!("`{name}` is null, and treated as absent"));
                self.report(finding.hint("remove the keyword"), &node.location());
                return;
            }
            if let Some(known) = keyword.member.filter(|member| !member.is_in(self.version)) {
                self.report_version(&format!("`{name}` of a schema"), known.since, &node.location());
            }
            (keyword.read)(self, draft, node);
        } else if name.starts_with("x-") {
            draft.schema.extensions.insert(name.to_owned(), node.node.to_json());
        } else {
            self.report_unknown(name, node);
            draft.schema.unknown.insert(name.to_owned(), node.node.to_json());
        }
    }

    /// Reports a keyword that nobody knows. JSON Schema allows them, so only what looks like a slip is a warning.
    fn report_unknown(&mut self, name: &str, node: NodeRef<'_, 'd>) {
        let known = ObjectKind::Schema.members().iter().filter(|member| member.is_in(self.version));
        let message = format!("unknown keyword `{name}` is kept, and has no effect");
        let finding = match did_you_mean(name, known.map(|member| member.name)) {
            Some(hint) => Diagnostic::warning("unknown-keyword", message).hint(hint),
            None => Diagnostic::note("unknown-keyword", message),
        };
        self.report(finding, &node.location());
    }

    /// Reports what stands beside a `$ref` in OpenAPI 3.0, where it has no effect (section 4.7.23).
    fn report_siblings(&mut self, at: &At<'d>) {
        /// Words for people alone.
        const WORDS: [&str; 8] =
            ["title", "description", "summary", "example", "deprecated", "externalDocs", "xml", "default"];
        for (name, node) in at.members().filter(|(name, _)| *name != "$ref" && !name.starts_with("x-")) {
            let message = format!("`{name}` beside a `$ref` is ignored in OpenAPI 3.0");
            let finding = if WORDS.contains(&name) {
                Diagnostic::note("ignored-sibling", message)
            } else {
                Diagnostic::warning("ignored-sibling", message)
                    .hint(format!("write `allOf: [{{$ref: ...}}]` and put `{name}` beside the `allOf`"))
            };
            self.report(finding, &node.location());
        }
    }

    /// Puts together what several keywords say.
    fn finish(&mut self, mut draft: Draft) -> Schema {
        self.finish_bounds(&mut draft);
        if let Some(id) = draft.additional_items
            && draft.has_item_list
        {
            draft.schema.items = crate::AdditionalItems::Schema(id);
        }
        if self.version == Version::V3_0 {
            raise_binary(&mut draft.schema);
        }
        match draft.nullable.take() {
            Some(location) => self.raise_nullable(draft.schema, location),
            None => draft.schema,
        }
    }

    /// Reports a dialect other than the one that is read (OpenAPI 3.1.1, section 4.8.1, `jsonSchemaDialect`).
    pub(super) fn check_dialect(&mut self, root: &Fields<'d>) {
        if let Some(node) = root.get("jsonSchemaDialect") {
            self.check_dialect_at(node);
        }
    }

    /// Reports a dialect other than JSON Schema 2020-12 and OpenAPI's own.
    fn check_dialect_at(&mut self, node: NodeRef<'_, 'd>) {
        let Some(dialect) = self.read_text(node) else { return };
        let dialect_id = dialect.trim_end_matches('#');
        let is_read = dialect_id == "https://json-schema.org/draft/2020-12/schema"
            || dialect_id.starts_with("https://spec.openapis.org/oas/3.");
        if !is_read {
            let message = format!("JSON Schema dialect `{dialect}` is read as 2020-12");
            let finding = Diagnostic::warning("other-dialect", message)
                .hint("remove it where the schemas mean the same in 2020-12");
            self.report(finding, &node.location());
        }
    }
}

/// The name of the schema at `location` under `components/schemas`, when it stands there.
fn component_name(location: &Location) -> Option<String> {
    let name = location.pointer.as_str().strip_prefix("/components/schemas/")?;
    if name.contains('/') { None } else { location.pointer.last().map(std::borrow::Cow::into_owned) }
}

/// `format: byte` and `format: binary` in the words of 2020-12 (OpenAPI 3.1.1, section 4.4.4). The format stays.
fn raise_binary(schema: &mut Schema) {
    match schema.format.as_deref() {
        Some("byte") if schema.content_encoding.is_none() => schema.content_encoding = Some("base64".to_owned()),
        Some("binary") if schema.content_media_type.is_none() => {
            schema.content_media_type = Some("application/octet-stream".to_owned());
        }
        _ => {}
    }
}
