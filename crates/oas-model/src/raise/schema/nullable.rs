//! `nullable` of OpenAPI 3.0 in the words of 2020-12.
//!
//! The specification gives the keyword an effect beside `type` alone (OpenAPI 3.0.4, section 4.7.24), but documents mean
//! it wherever they write it: a reader that takes `null` where it never comes is better off than the other way round.

use std::collections::HashSet;

use oas_document::{Diagnostic, Location};

use crate::raise::Builder;
use crate::{AdditionalItems, Schema, SchemaId, Schemas, Type, TypeSet};

impl Builder<'_> {
    /// The schema that also allows `null`; `location` is where `nullable` stands.
    pub(super) fn raise_nullable(&mut self, mut schema: Schema, location: Location) -> Schema {
        if let Some(values) = schema.enumeration.as_mut().filter(|values| !values.contains(&serde_json::Value::Null)) {
            values.push(serde_json::Value::Null);
            let message = "`nullable` beside an `enum` that does not list null; null is taken as allowed";
            self.report(Diagnostic::note("nullable-enum", message).hint("add null to the `enum`"), &location);
        }
        let has_both_unions = !schema.any_of.is_empty() && !schema.one_of.is_empty();
        if !schema.all_of.is_empty() || schema.reference.is_some() || schema.constant.is_some() || has_both_unions {
            return self.beside_null(schema, location);
        }
        schema.types = schema.types.or_else(|| implied_types(&schema)).map(|types| types.with(Type::Null));
        if schema.types.is_none() && is_bare_branch(&schema) {
            schema.types = Some(NULL);
        }
        if !schema.any_of.is_empty() || !schema.one_of.is_empty() {
            self.deferred.nullable_unions.push((schema.at.clone(), location));
        }
        schema
    }

    /// A choice between the schema and `null`. What is said to people stays with the choice.
    fn beside_null(&mut self, mut schema: Schema, location: Location) -> Schema {
        let at = schema.at.clone();
        let mut choice = Schema {
            title: schema.title.take(),
            description: schema.description.take(),
            default: schema.default.take(),
            examples: std::mem::take(&mut schema.examples),
            deprecated: std::mem::take(&mut schema.deprecated),
            read_only: std::mem::take(&mut schema.read_only),
            write_only: std::mem::take(&mut schema.write_only),
            xml: schema.xml.take(),
            external_docs: schema.external_docs.take(),
            extensions: std::mem::take(&mut schema.extensions),
            unknown: std::mem::take(&mut schema.unknown),
            ..Schema::anything(at.clone())
        };
        // `type` beside a single reference says what the reference says already.
        schema.types = schema.types.filter(|_| schema.all_of.len() != 1 || schema.types != Some(OBJECT));
        let bare = Schema { all_of: schema.all_of.clone(), ..Schema::anything(at) };
        let branch = match schema.all_of.as_slice() {
            [only] if schema == bare => *only,
            _ => self.make(schema),
        };
        choice.any_of = vec![branch, self.null(location)];
        choice
    }

    /// The schema of `null` alone.
    fn null(&mut self, at: Location) -> SchemaId {
        self.make(Schema { types: Some(NULL), ..Schema::anything(at) })
    }

    /// Adds `null` to every union that is nullable, unless one of its branches allows it already.
    pub(super) fn complete_nullable_unions(&mut self) {
        let unions = std::mem::take(&mut self.deferred.nullable_unions);
        let unions = unions.into_iter().filter_map(|(at, location)| Some((*self.schema_at.get(&at)?, location)));
        let unions: Vec<(SchemaId, Location)> = unions.collect();
        // A union that is still to come will allow null, one way or the other.
        let mut pending: HashSet<SchemaId> = unions.iter().map(|(id, _)| *id).collect();
        for (id, location) in unions {
            pending.remove(&id);
            let schema = &self.schemas[id];
            let is_any_of = !schema.any_of.is_empty();
            let branches = if is_any_of { &schema.any_of } else { &schema.one_of };
            let any_allows = |untyped| {
                let seen = HashSet::from([id]);
                let mut search = Search { schemas: &self.schemas, pending: &pending, untyped, seen };
                branches.iter().any(|branch| search.allows_null(*branch, 0))
            };
            if any_allows(Untyped::Refuses) {
                continue;
            }
            // A further branch of a `oneOf` must be the only one that allows null.
            let needs_choice = !is_any_of && any_allows(Untyped::Allows);
            self.add_null(id, location, needs_choice);
        }
    }

    /// Adds `null` to a union: beside it, or as one more branch.
    fn add_null(&mut self, id: SchemaId, location: Location, needs_choice: bool) {
        if needs_choice {
            let schema = self.schemas[id].clone();
            let component = schema.component.clone();
            let choice = self.beside_null(Schema { component: None, ..schema }, location);
            if let Some(schema) = self.schemas.get_mut(id) {
                *schema = Schema { component, ..choice };
            }
            return;
        }
        let null = self.null(location);
        let Some(schema) = self.schemas.get_mut(id) else { return };
        let branches = if schema.any_of.is_empty() { &mut schema.one_of } else { &mut schema.any_of };
        branches.push(null);
    }
}

/// `type: object`
const OBJECT: TypeSet = TypeSet::EMPTY.with(Type::Object);
/// `type: null`
const NULL: TypeSet = TypeSet::EMPTY.with(Type::Null);

/// The types that a schema without `type` is plainly meant for; `None` when it allows everything anyway.
fn implied_types(schema: &Schema) -> Option<TypeSet> {
    let is_object = !schema.properties.is_empty()
        || !schema.required.is_empty()
        || schema.additional_properties != AdditionalItems::Unstated
        || schema.min_properties.is_some()
        || schema.max_properties.is_some();
    let is_array =
        schema.items != AdditionalItems::Unstated || schema.min_items.is_some() || schema.max_items.is_some();
    let is_string = schema.pattern.is_some() || schema.min_length.is_some() || schema.max_length.is_some();
    let is_number = schema.minimum.is_some() || schema.maximum.is_some() || schema.multiple_of.is_some();
    let implied =
        [(is_object, Type::Object), (is_array, Type::Array), (is_string, Type::String), (is_number, Type::Number)];
    let types: TypeSet = implied.into_iter().filter(|(is_implied, _)| *is_implied).map(|(_, one)| one).collect();
    Some(types).filter(|types| !types.is_empty())
}

/// What is made of schemas without `type` that are plainly meant for one: to the letter they allow `null`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Untyped {
    /// They count as allowing `null`.
    Allows,
    /// They count as refusing it.
    Refuses,
}

/// A search for a schema that allows `null`.
struct Search<'a> {
    schemas: &'a Schemas,
    pending: &'a HashSet<SchemaId>,
    untyped: Untyped,
    seen: HashSet<SchemaId>,
}

impl Search<'_> {
    /// Whether a schema allows `null`. Schemas that say nothing at all do.
    fn allows_null(&mut self, id: SchemaId, depth: usize) -> bool {
        /// Deeper nesting is taken as refusing.
        const DEEPEST: usize = 64;
        if self.pending.contains(&id) {
            return true;
        }
        if depth > DEEPEST || !self.seen.insert(id) {
            return false;
        }
        let schemas = self.schemas;
        let schema = &schemas[id];
        let is_untyped = self.untyped == Untyped::Refuses && schema.types.is_none() && implied_types(schema).is_some();
        let by_type = schema.types.is_none_or(|types| types.contains(Type::Null)) && !is_untyped;
        let by_value = schema.enumeration.as_ref().is_none_or(|values| values.contains(&serde_json::Value::Null))
            && schema.constant.as_ref().is_none_or(serde_json::Value::is_null);
        if schema.boolean == Some(false) || !by_type || !by_value {
            return false;
        }
        let mut branch = |id: &SchemaId| self.allows_null(*id, depth + 1);
        (schema.any_of.is_empty() || schema.any_of.iter().any(&mut branch))
            && (schema.one_of.is_empty() || schema.one_of.iter().any(&mut branch))
            && schema.all_of.iter().all(&mut branch)
            && schema.reference.is_none_or(|target| branch(&target))
    }
}

/// Whether a schema is a branch of a choice that says nothing of its values: `nullable: true` is all that it adds.
fn is_bare_branch(schema: &Schema) -> bool {
    let tokens: Vec<_> = schema.at.pointer.tokens().collect();
    let is_branch = matches!(tokens.as_slice(), [.., keyword, _] if matches!(keyword.as_ref(), "anyOf" | "oneOf"));
    let said = Schema {
        title: schema.title.clone(),
        description: schema.description.clone(),
        examples: schema.examples.clone(),
        ..Schema::anything(schema.at.clone())
    };
    is_branch && *schema == said
}
