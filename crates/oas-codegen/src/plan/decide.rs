//! Deciding the Rust type of each schema, and defining those that have names.

use oas_document::Location;
use oas_model::{Direction, SchemaId};
use serde_json::Value;

use super::facets::{Conjunction, Facets, Part, has_shape};
use super::hint::Hint;
use super::key::KeyPath;
use super::names::Kind;
use super::place::PlaceName;
use super::planner::Planner;
use super::request::Request;
use super::scope::Scope;
use super::shape::{Reason, Shape};
use super::type_names::{Base, TypeRequest};
use super::{
    Field, Ident, IntegerVariant, Presence, Reading, RestField, RustType, StringVariant, StructItem, TypeIndex,
    TypeKind, Unknown, UnknownMembers,
};

/// How many values a member may have that tells the branches of a union apart.
const MOST_VALUES: usize = 16;

/// How many inline types may stand inside of each other. Documents nest less; references could go round.
const DEEPEST: usize = 48;

impl Planner<'_> {
    /// The type of a schema, `null` aside.
    pub(super) fn type_of(&mut self, id: SchemaId, hint: &Hint) -> RustType {
        self.type_of_all(&[Part::Whole(id)], hint)
    }

    /// The type of a schema as an item, a value of a map, or wherever else nothing but a value can say `null`.
    pub(super) fn value_type(&mut self, parts: &[Part], hint: &Hint) -> RustType {
        let ty = self.type_of_all(parts, hint);
        if self.is_nullable(parts) { optional(ty) } else { ty }
    }

    /// The type of what satisfies every part, `null` aside.
    pub(super) fn type_of_all(&mut self, parts: &[Part], hint: &Hint) -> RustType {
        let key = self.reduced(parts);
        if let Some(decided) = self.decided.get(&key) {
            return decided.clone();
        }
        let Some(schema) = key.iter().rev().find_map(|part| part.schema()) else { return RustType::Json };
        // The schema's own part, without its combinations, is another type than the component.
        if let [Part::Whole(whole)] = key.as_slice()
            && self.api.schemas[*whole].component.is_some()
        {
            return self.component(*whole);
        }
        if hint.depth > DEEPEST {
            let at = self.api.schemas[schema].at.clone();
            let message =
                format!("more than {DEEPEST} inline types inside of each other; the innermost became a JSON value");
            self.warn("nested-too-deep", &at, message, "give the schemas names under `components/schemas`");
            return RustType::Json;
        }
        let hint = if key.len() == 1 { self.relocated(schema, hint) } else { hint.clone() };
        if !self.open.insert(key.clone()) {
            // The schema contains itself through lists, maps or unions without a name: it needs one.
            return self.declare(key, schema, &hint);
        }
        let shape = self.shape(&key, &hint.path);
        let ty = self.inline(&key, schema, shape, &hint);
        self.open.remove(&key);
        if let Some(named) = self.decided.get(&key) {
            return named.clone();
        }
        self.decided.insert(&key, ty.clone());
        ty
    }

    /// The type of a shape that has no name of its own yet.
    fn inline(&mut self, key: &Conjunction, schema: SchemaId, shape: Shape, hint: &Hint) -> RustType {
        match shape {
            Shape::Object(_) | Shape::Strings(_) | Shape::Integers(_) | Shape::Union(..) => {
                self.declare(key.clone(), schema, hint)
            }
            other => self.unnamed(schema, other, hint),
        }
    }

    /// The type of a shape that needs no name.
    fn unnamed(&mut self, schema: SchemaId, shape: Shape, hint: &Hint) -> RustType {
        match shape {
            Shape::Scalar(ty) => ty,
            Shape::Same(parts) => self.type_of_all(&parts, hint),
            Shape::List(items) if items.is_empty() => RustType::List(Box::new(RustType::Json)),
            Shape::List(items) => RustType::List(Box::new(self.value_type(&items, &hint.item()))),
            Shape::Map(values) => RustType::Map(Box::new(self.value_type(&values, &hint.value()))),
            Shape::OrOther(inner) => RustType::OrOther(Box::new(self.unnamed(schema, *inner, hint))),
            Shape::Tuple(items) => {
                let parts = items.iter().enumerate();
                RustType::Tuple(
                    parts.map(|(at, id)| self.value_type(&[Part::Whole(*id)], &hint.prefix_item(at))).collect(),
                )
            }
            Shape::Inexpressible(reason) => {
                let at = self.api.schemas[schema].at.clone();
                self.explain(&at, reason);
                RustType::Json
            }
            Shape::Object(_) | Shape::Strings(_) | Shape::Integers(_) | Shape::Union(..) => RustType::Json,
        }
    }

    /// Declares an inline type.
    fn declare(&mut self, key: Conjunction, schema: SchemaId, hint: &Hint) -> RustType {
        let name = self.names.types.ask(TypeRequest {
            key: hint.path.type_key(),
            base: hint.base.clone(),
            words: hint.words.clone(),
            longer: hint.longer.clone(),
            at: self.api.schemas[schema].at.clone(),
            has_place: true,
        });
        self.draft(key, schema, name, hint)
    }

    /// What a declared type is.
    pub(super) fn define(&mut self, index: usize) -> TypeKind {
        let draft = &self.drafts[index];
        let (conjunction, schema) = (draft.conjunction.clone(), draft.schema);
        let hint = Hint {
            base: Base::Type(draft.name.clone()),
            words: String::new(),
            longer: None,
            path: draft.path.clone(),
            file: draft.file.clone(),
            depth: draft.depth,
            context: draft.context.clone(),
        };
        match self.own_shape(conjunction.clone(), &hint.path) {
            Shape::Object(facets) => {
                let structure = self.structure(&facets, &hint);
                TypeKind::Struct(StructItem { children: self.children(&conjunction, &hint), ..structure })
            }
            Shape::Strings(values) => TypeKind::StringEnum(self.string_variants(schema, &hint.path, values)),
            Shape::Integers(values) => TypeKind::IntegerEnum(self.integer_variants(schema, &hint.path, &values)),
            Shape::Union(branches, discriminator) => self.union(&branches, discriminator, &hint, schema),
            other => TypeKind::Newtype(match self.unnamed(schema, other, &hint) {
                RustType::Named(TypeIndex(same)) if same == index => {
                    let at = self.api.schemas[schema].at.clone();
                    let message = "the schema is nothing but itself; it became a JSON value";
                    self.warn("self-reference", &at, message, "say what it is");
                    RustType::Json
                }
                ty => ty,
            }),
        }
    }

    /// The shape of a declared type: what is the same as something without a name is that thing.
    fn own_shape(&mut self, mut conjunction: Conjunction, path: &KeyPath) -> Shape {
        for _ in 0..64 {
            let parts = match self.shape(&conjunction, path) {
                Shape::Same(parts) => self.reduced(&parts),
                other => return other,
            };
            let is_component =
                matches!(parts.as_slice(), [Part::Whole(id)] if self.api.schemas[*id].component.is_some());
            if is_component || parts == conjunction {
                return Shape::Same(parts);
            }
            conjunction = parts;
        }
        Shape::Scalar(RustType::Json)
    }

    /// A struct. Its members are visited in the order of their names, and listed in that of the document.
    fn structure(&mut self, facets: &Facets, hint: &Hint) -> StructItem {
        let is_form = facets.parts.iter().any(|id| self.forms.contains(id));
        let mut members: Vec<Member> = Vec::with_capacity(facets.properties.len());
        let mut properties: Vec<(usize, (&String, &Vec<SchemaId>))> = facets.properties.iter().enumerate().collect();
        properties.sort_by_key(|(_, (wire, _))| *wire);
        for (index, (wire, schemas)) in properties {
            let last = most_derived(schemas);
            let parts: Conjunction = schemas.iter().map(|id| Part::Whole(*id)).collect();
            let ty = match self.form_type(&parts).filter(|_| is_form) {
                Some(bytes) => bytes,
                None => self.type_of_all(&parts, &hint.member(wire)),
            };
            let is_nullable = self.is_nullable(&parts);
            // One direction goes without it.
            let is_absent = |direction| schemas.iter().any(|id| self.api.schemas.is_absent(*id, direction));
            let is_one_way = is_absent(Direction::Request) || is_absent(Direction::Response);
            let presence = presence(facets.required.contains(wire) && !is_one_way, is_nullable, &ty);
            let values = self.few_values(&parts);
            members.push(Member { values, ..self.member(index, wire, last, ty, presence) });
        }
        self.conditional_members(facets, hint, &mut members);
        self.missing_members(facets, hint, &mut members);
        members.sort_by_key(|member| member.order);
        let mut scope = Scope::new(Kind::Field, format!("fields of `{}`", hint.path.as_str()));
        let requests = members.iter().map(|member| {
            let at = &self.api.schemas[member.schema].at;
            Request::named(Kind::Field, &member.wire, hint.path.field_key(&member.wire), at).placed()
        });
        let requests = requests.collect();
        let idents = self.settle_names(&mut scope, requests);
        let fields = members.into_iter().zip(idents).map(|(member, ident)| member.field(ident)).collect();
        let unknown = match self.names.settings.unknown_members {
            _ if facets.is_closed => Unknown::Forbidden,
            // A parent holds all that its children have.
            _ if facets.is_parent => Unknown::Kept,
            UnknownMembers::Kept => Unknown::Kept,
            UnknownMembers::Dropped => Unknown::Dropped,
        };
        let rest = self.rest_field(facets, hint, &mut scope);
        let fields: Vec<Field> = fields;
        // Where a member must be there, no other value could be one of this type.
        let takes_others = facets.types.is_none() && !fields.iter().any(Field::is_required);
        StructItem { takes_others, fields, rest, unknown, children: None }
    }

    /// The values of a member that can have few.
    fn few_values(&self, parts: &[Part]) -> Vec<Value> {
        let values = Facets::of(self.api, parts).values.unwrap_or_default();
        if values.len() > MOST_VALUES { Vec::new() } else { values }
    }

    fn member(&self, order: usize, wire: &str, schema: SchemaId, ty: RustType, presence: Presence) -> Member {
        let described = &self.api.schemas[schema];
        let (doc, deprecated) = (super::doc::of_member(described, self.api), described.deprecated);
        Member { order, wire: wire.to_owned(), schema, doc, deprecated, ty, presence, values: Vec::new() }
    }

    /// Members that are described only under a condition. One that is described in several ways is a JSON value.
    fn conditional_members(&mut self, facets: &Facets, hint: &Hint, members: &mut Vec<Member>) {
        for (wire, schemas) in &facets.conditional {
            let last = most_derived(schemas);
            let parts: Conjunction = schemas.iter().map(|id| Part::Whole(*id)).collect();
            let (ty, is_nullable) = match self.reduced(&parts).as_slice() {
                [only] => (self.type_of_all(&[*only], &hint.member(wire)), self.is_nullable(&[*only])),
                _ => (RustType::Json, false),
            };
            let presence = presence(facets.required.contains(wire), is_nullable, &ty);
            members.push(self.member(facets.properties.len() + members.len(), wire, last, ty, presence));
        }
    }

    /// Members that must be there, but of which the document says nothing else.
    fn missing_members(&mut self, facets: &Facets, hint: &Hint, members: &mut Vec<Member>) {
        for wire in facets.required.iter().filter(|wire| !is_described(facets, wire)) {
            let owner = facets.parts.iter().find(|id| self.api.schemas[**id].required.contains(wire));
            let owner = *owner.expect("who requires a member is a part of the schema");
            let at = self.api.schemas[owner].at.clone();
            let ty = if facets.additional.is_empty() {
                let name = wire.escape_debug();
                let message = format!("`required` names `{name}`, which no property describes; it became a JSON value");
                let hint = "describe it under `properties`, or remove it from `required`";
                self.note("undescribed-member", &at, message, hint);
                RustType::Json
            } else {
                let rest = self.rest_of(facets).unwrap_or_default();
                if rest.is_empty() { RustType::Json } else { self.value_type(&rest, &hint.value()) }
            };
            // Nobody who wrote the document had it in mind: an answer may come without it.
            let is_slip = facets.additional.is_empty() && self.names.settings.reading == Reading::Lenient;
            // Where no type is named, values that are no objects go without it.
            let presence = if is_slip || facets.types.is_none() { Presence::Optional } else { Presence::Required };
            members.push(Member {
                order: facets.properties.len() + members.len(),
                wire: wire.clone(),
                schema: owner,
                doc: format!(
                    "The member {}, of which the document says only that it is there.",
                    crate::docs::code(wire)
                ),
                deprecated: false,
                ty,
                presence,
                values: Vec::new(),
            });
        }
    }

    fn rest_field(&mut self, facets: &Facets, hint: &Hint, scope: &mut Scope) -> Option<RestField> {
        let parts = self.rest_of(facets)?;
        let first = facets.parts.first().map(|id| self.api.schemas[*id].at.clone())?;
        let ty = if parts.is_empty() { RustType::Json } else { self.value_type(&parts, &hint.value()) };
        let key = hint.path.child("additionalProperties").field_key("");
        // Settled after the members, which come first.
        let request = Request::named(Kind::Field, "additionalProperties", key, &first).or(Kind::Field, "other members");
        let ident = self.settle_names(scope, vec![request]).pop()?;
        Some(RestField { ident, ty })
    }

    /// The type of a member of a form whose bytes are not text: a file, or several.
    fn form_type(&mut self, parts: &[Part]) -> Option<RustType> {
        let facets = Facets::of(self.api, parts);
        if is_binary(&facets) {
            return Some(RustType::Bytes);
        }
        let items: Conjunction = facets.items.iter().map(|id| Part::Whole(*id)).collect();
        let is_list = !items.is_empty() && is_binary(&Facets::of(self.api, &items));
        is_list.then(|| RustType::List(Box::new(RustType::Bytes)))
    }

    /// Whether values of a schema are bytes that are no text.
    pub(super) fn is_binary(&self, id: SchemaId) -> bool {
        is_binary(&Facets::of(self.api, &[Part::Whole(id)]))
    }

    fn string_variants(&mut self, schema: SchemaId, path: &KeyPath, values: Vec<String>) -> Vec<StringVariant> {
        let named = values.iter().map(|wire| (wire.clone(), wire.clone()));
        let idents = self.variants(schema, path, named.collect());
        values.into_iter().zip(idents).map(|(wire, ident)| StringVariant { ident, wire }).collect()
    }

    fn integer_variants(&mut self, schema: SchemaId, path: &KeyPath, values: &[i128]) -> Vec<IntegerVariant> {
        let word = |wire: i128| if wire < 0 { format!("Minus{}", wire.unsigned_abs()) } else { format!("Value{wire}") };
        let named = values.iter().map(|wire| (wire.to_string(), word(*wire)));
        let idents = self.variants(schema, path, named.collect());
        values.iter().zip(idents).map(|(wire, ident)| IntegerVariant { ident, wire: *wire }).collect()
    }

    /// The names of the variants of an enum of values, each with what it is called after.
    fn variants(&mut self, schema: SchemaId, path: &KeyPath, values: Vec<(String, String)>) -> Vec<Ident> {
        let at = &self.api.schemas[schema].at;
        let mut scope = Scope::new(Kind::Variant, format!("variants of `{}`", path.as_str()));
        let request =
            |(value, word): (String, String)| Request::named(Kind::Variant, &word, path.variant_key(&value), at);
        let requests = values.into_iter().map(request).collect();
        self.settle_names(&mut scope, requests)
    }

    /// The parts that decide the type, with mere references followed, each once.
    pub(super) fn reduced(&self, parts: &[Part]) -> Conjunction {
        let mut kept: Conjunction = Vec::with_capacity(parts.len());
        for part in parts {
            let part = match part {
                Part::Whole(id) => Part::Whole(self.followed(*id)),
                other => *other,
            };
            if !kept.contains(&part) {
                kept.push(part);
            }
        }
        if kept.len() > 1 {
            let says = |part: &Part| match part {
                Part::Whole(id) => self.api.schemas[*id].reference.is_some() || has_shape(&self.api.schemas[*id]),
                Part::Own(id) => has_shape(&self.api.schemas[*id]),
                Part::Only(_) | Part::Members(_) | Part::Children(_) => true,
            };
            if kept.iter().any(says) {
                kept.retain(says);
                self.drop_included(&mut kept);
            } else {
                kept.truncate(1);
            }
        }
        kept
    }

    /// Drops the parts that another part includes by its reference or `allOf`: who is a dog is an animal.
    fn drop_included(&self, parts: &mut Conjunction) {
        let mut index = 0;
        while parts.len() > 1 && index < parts.len() {
            let others = parts.iter().enumerate().filter(|(at, _)| *at != index);
            let wholes = others.filter_map(|(_, part)| if let Part::Whole(id) = part { Some(*id) } else { None });
            let is_included = match parts[index] {
                Part::Whole(id) => wholes.into_iter().any(|other| Facets::parts_of(self.api, other).contains(&id)),
                _ => false,
            };
            if is_included {
                parts.remove(index);
            } else {
                index += 1;
            }
        }
    }

    /// Follows references and `allOf`s of one branch that have nothing but words beside them. A component that is such
    /// a schema is still a type of its own, unless nothing at all is beside the reference.
    fn followed(&self, id: SchemaId) -> SchemaId {
        let mut id = self.api.schemas.resolve(id);
        for _ in 0..64 {
            let schema = &self.api.schemas[id];
            if schema.component.is_some() {
                return id;
            }
            let next = match (schema.reference, schema.all_of.as_slice()) {
                (Some(target), []) if !has_shape(schema) => target,
                (None, [only]) => {
                    let mut rest = schema.clone();
                    rest.all_of.clear();
                    if has_shape(&rest) {
                        return id;
                    }
                    *only
                }
                _ => return id,
            };
            id = self.api.schemas.resolve(next);
        }
        id
    }

    /// Whether `null` satisfies every part, and one of them says so.
    pub(super) fn is_nullable(&mut self, parts: &[Part]) -> bool {
        let key = self.reduced(parts);
        if let Some(known) = self.nullable.get(&key) {
            return *known;
        }
        // A schema that asks this about itself adds nothing to the answer.
        self.nullable.insert(key.clone(), false);
        let facets = Facets::of(self.api, &key);
        let chosen: Vec<bool> = facets
            .choices
            .iter()
            .map(|choice| choice.branches.iter().any(|id| self.is_null(*id) || self.is_nullable(&[Part::Whole(*id)])))
            .collect();
        let is_nullable = match facets.null {
            Some(known) => known,
            None => !chosen.is_empty() && chosen.into_iter().all(|allows| allows),
        };
        self.nullable.insert(key, is_nullable);
        is_nullable
    }

    fn explain(&mut self, at: &Location, reason: Reason) {
        self.warn(reason.code, at, reason.message, reason.hint);
    }

    /// The hint for a schema that stands elsewhere than where it is used: its own place names it.
    fn relocated(&mut self, id: SchemaId, hint: &Hint) -> Hint {
        let at = &self.api.schemas[id].at;
        let is_inside = |context: &Location| at.file == context.file && at.pointer.starts_with(&context.pointer);
        let is_near = hint.context.as_ref().is_some_and(is_inside);
        if is_near {
            return hint.clone();
        }
        let Some(name) = self.name_of_place(at) else { return hint.clone() };
        let PlaceName { words, path, is_kept } = name;
        Hint { base: Base::Settled { is_kept }, words, longer: None, path, context: Some(at.clone()), ..hint.clone() }
    }
}

/// A member of a struct, before it has its name.
struct Member {
    /// Where it stands among the others.
    order: usize,
    wire: String,
    schema: SchemaId,
    doc: String,
    deprecated: bool,
    ty: RustType,
    presence: Presence,
    values: Vec<Value>,
}

impl Member {
    fn field(self, ident: Ident) -> Field {
        let Self { order: _, wire, schema, doc, deprecated, ty, presence, values } = self;
        Field { ident, wire, schema, doc, deprecated, ty, presence, values }
    }
}

impl Part {
    /// The schema it speaks of.
    pub(super) const fn schema(self) -> Option<SchemaId> {
        match self {
            Self::Whole(id) | Self::Own(id) | Self::Children(id) => Some(id),
            Self::Only(_) | Self::Members(_) => None,
        }
    }
}

/// Strings that are not text: `format: binary` of OpenAPI 3.0, `contentMediaType` without an encoding of 3.1.
fn is_binary(facets: &Facets) -> bool {
    let is_text = |name: &str| name.starts_with("text/") || name.ends_with("json") || name.ends_with("xml");
    let is_string = facets.types.is_none_or(|types| types.contains(oas_model::Type::String));
    let by_media_type = facets.content_encoding.as_deref().is_none_or(|encoding| encoding == "binary")
        && facets.content_media_type.as_deref().is_some_and(|name| !is_text(name));
    is_string && (facets.format.as_deref() == Some("binary") || by_media_type)
}

/// Of several schemas of a member the one that is written in the most derived schema: the last.
fn most_derived(schemas: &[SchemaId]) -> SchemaId {
    *schemas.last().expect("a member has a schema")
}

/// Whether a member is described, be it under a condition.
fn is_described(facets: &Facets, wire: &str) -> bool {
    facets.properties.contains_key(wire) || facets.conditional.contains_key(wire)
}

/// `Option` around a type that cannot say `null` itself.
fn optional(ty: RustType) -> RustType {
    match ty {
        RustType::Json | RustType::Null | RustType::Option(_) => ty,
        other => RustType::Option(Box::new(other)),
    }
}

/// Whether a member can be absent or `null`; a JSON value says `null` itself.
fn presence(is_required: bool, is_nullable: bool, ty: &RustType) -> Presence {
    let is_nullable = is_nullable && !matches!(ty, RustType::Json | RustType::Null);
    match (is_required, is_nullable) {
        (true, false) => Presence::Required,
        (true, true) => Presence::Nullable,
        (false, false) => Presence::Optional,
        (false, true) => Presence::OptionalNullable,
    }
}
