//! Encodings: how the parts of forms and of streams are written.

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{AdditionalItems, Encoding, MediaType, SchemaId, Schemas, Style, Type};
use oas_wire::essence;

use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;

use super::body::covers;
use super::call::Call;
use super::parameter::style_words;
use super::style::written;

/// The encodings of one object, a media type or a part, with the schemas of its parts.
#[derive(Clone, Copy)]
struct Parts<'a> {
    at: &'a Location,
    schemas: &'a Schemas,
    schema: Option<SchemaId>,
    named: &'a IndexMap<String, Encoding>,
    prefix: &'a [Encoding],
    item: Option<&'a Encoding>,
    is_form: bool,
}

/// A part, as encodings tell it from others.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Key {
    Name(String),
    Position(usize),
    Rest,
}

impl Key {
    fn words(&self) -> String {
        match self {
            Self::Name(name) => format!("the part `{name}`"),
            Self::Position(index) => format!("the part {}", index + 1),
            Self::Rest => "each further part".to_owned(),
        }
    }
}

impl<'a> Parts<'a> {
    fn of(media_type: &'a MediaType, schemas: &'a Schemas) -> Self {
        Self {
            at: &media_type.at,
            schemas,
            schema: media_type.item_schema.or(media_type.schema),
            named: &media_type.encoding,
            prefix: &media_type.prefix_encoding,
            item: media_type.item_encoding.as_deref(),
            is_form: essence(&media_type.name) == "application/x-www-form-urlencoded",
        }
    }

    /// What stands inside of a part.
    fn inside(encoding: &'a Encoding, schemas: &'a Schemas, schema: Option<SchemaId>) -> Self {
        Self {
            at: &encoding.at,
            schemas,
            schema,
            named: &encoding.encoding,
            prefix: &encoding.prefix_encoding,
            item: encoding.item_encoding.as_deref(),
            is_form: false,
        }
    }

    fn keys(self) -> impl Iterator<Item = Key> + 'a {
        let positions = (0..self.prefix.len()).map(Key::Position);
        // Of a part that the schema does not have nothing is said (OpenAPI 3.1.1, section 4.8.14.1).
        let has = move |name: &String| self.schema.is_none_or(|id| self.schemas.property(id, name).is_some());
        let named = self.named.keys().filter(move |name| has(name));
        named.cloned().map(Key::Name).chain(positions).chain(self.item.map(|_| Key::Rest))
    }

    /// The encoding of a part; what is behind the first parts is written as every further one.
    fn get(self, key: &Key) -> Option<&'a Encoding> {
        match key {
            Key::Name(name) => self.named.get(name),
            Key::Position(index) => self.prefix.get(*index).or(self.item),
            Key::Rest => self.item,
        }
    }

    /// The schema of a part.
    fn schema_of(self, key: &Key) -> Option<SchemaId> {
        let id = self.schema?;
        match key {
            Key::Name(name) => self.schemas.property(id, name),
            Key::Position(index) => {
                let schema = &self.schemas[self.schemas.resolve(id)];
                schema.prefix_items.get(*index).copied().or_else(|| schema.items.schema())
            }
            Key::Rest => self.schemas[self.schemas.resolve(id)].items.schema(),
        }
    }

    /// The media types that a part may have, stated or by default.
    fn content_types(self, key: &Key) -> Vec<String> {
        let stated = self.get(key).and_then(|one| one.content_type.as_deref());
        match stated {
            Some(all) => all.split(',').map(essence).filter(|one| !one.is_empty()).collect(),
            None => vec![default_content_type(self.schemas, self.schema_of(key)).to_owned()],
        }
    }
}

/// The media type of a part that states none (OpenAPI 3.1.1, section 4.8.15.1.1).
fn default_content_type(schemas: &Schemas, schema: Option<SchemaId>) -> &'static str {
    let Some(id) = schema else { return "application/octet-stream" };
    let schema = &schemas[schemas.resolve(id)];
    let is_encoded = schema.content_encoding.is_some()
        || schema.content_media_type.is_some()
        || matches!(schema.format.as_deref(), Some("binary" | "byte"));
    let types: Vec<Type> =
        schema.types.map(|types| types.iter().filter(|one| *one != Type::Null).collect()).unwrap_or_default();
    match types.as_slice() {
        [Type::Object] => "application/json",
        // A list is a part for each item.
        [Type::Array] => match schema.items {
            AdditionalItems::Schema(items) if items != id => default_content_type(schemas, Some(items)),
            _ => "application/octet-stream",
        },
        _ if is_encoded => "application/octet-stream",
        [] if schema.properties.is_empty() => "application/octet-stream",
        [] => "application/json",
        _ => "text/plain",
    }
}

impl<'a> Comparison<'a> {
    /// Compares how the parts of a form or stream are written.
    pub(crate) fn compare_encodings(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        old: &'a MediaType,
        new: &'a MediaType,
    ) {
        // Nothing else has parts (OpenAPI 3.1.1, section 4.8.14.1).
        let has_parts = |one: &MediaType| {
            let name = essence(&one.name);
            name.starts_with("multipart/") || name == "application/x-www-form-urlencoded" || name == "*/*"
        };
        if !has_parts(old) || !has_parts(new) {
            return;
        }
        let (there, here) = (Parts::of(old, &self.base.api.schemas), Parts::of(new, &self.revision.api.schemas));
        self.compare_parts(call, exchange, there, here, &call.subject(), 0);
    }

    fn compare_parts(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        there: Parts<'a>,
        here: Parts<'a>,
        whole: &str,
        depth: u8,
    ) {
        let mut keys: Vec<Key> = there.keys().collect();
        keys.extend(here.keys().filter(|key| there.keys().all(|other| other != *key)));
        for key in keys {
            let (was, is) = (there.get(&key), here.get(&key));
            let subject = format!("{} of {whole}", key.words());
            let places = (was.map_or(there.at, |one| &one.at).clone(), is.map_or(here.at, |one| &one.at).clone());
            self.compare_content_types(call, exchange, (there, here), &key, &subject, &places);
            self.compare_part_style(call, exchange, (there, here), &key, &subject, &places);
            self.compare_words_at(&subject, &places.0, &places.1);
            let headers = |one: Option<&'a Encoding>| one.map(|one| one.headers.as_slice()).unwrap_or_default();
            self.compare_part_headers(call, exchange, &subject, (headers(was), &places.0), (headers(is), &places.1));
            if let (Some(was), Some(is), true) = (was, is, depth < 16) {
                let inside_there = Parts::inside(was, there.schemas, there.schema_of(&key));
                let inside_here = Parts::inside(is, here.schemas, here.schema_of(&key));
                self.compare_parts(call, exchange, inside_there, inside_here, &subject, depth + 1);
            }
        }
    }

    fn compare_content_types(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        (there, here): (Parts<'a>, Parts<'a>),
        key: &Key,
        subject: &str,
        places: &(Location, Location),
    ) {
        let stated = |parts: Parts<'a>| parts.get(key).and_then(|one| one.content_type.clone());
        // A default that changes with the schema is told about with the schema.
        if stated(there).is_none() && stated(here).is_none() {
            return;
        }
        let (was, is) = (there.content_types(key), here.content_types(key));
        let only = |these: &[String], those: &[String]| {
            these.iter().any(|one| those.iter().all(|other| one != other && !covers(other, one)))
        };
        let rule = match (only(&was, &is), only(&is, &was)) {
            (false, false) => return,
            (true, true) => is::ENCODING_CHANGED,
            (true, false) => is::PART_TYPES_NARROWED,
            (false, true) => is::PART_TYPES_WIDENED,
        };
        let change = ChangeBuilder::new(rule, subject)
            .at(Some(&places.0.child("contentType")), Some(&places.1.child("contentType")))
            .in_exchange(exchange)
            .of(call.number);
        self.add(change.name("`contentType`").from(was.join(", ")).to(is.join(", ")));
    }

    /// Compares style, `explode` and `allowReserved`, which are in force where one of them is stated (OpenAPI 3.1.1,
    /// section 4.8.15.1.2).
    fn compare_part_style(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        (there, here): (Parts<'a>, Parts<'a>),
        key: &Key,
        subject: &str,
        places: &(Location, Location),
    ) {
        let kinds = |parts: Parts<'a>| may_have_parts(parts.schemas, parts.schema_of(key));
        let (kinds_there, kinds_here) = (kinds(there), kinds(here));
        let styled = |parts: Parts<'a>, kinds: (bool, bool)| {
            let encoding = parts.get(key);
            let is_stated = parts.is_form
                || encoding.is_some_and(|one| one.style.is_some() || one.explode.is_some() || one.allow_reserved);
            let style = encoding.and_then(|one| one.style).unwrap_or(Style::Form);
            let explode = encoding.and_then(|one| one.explode).unwrap_or(style == Style::Form);
            is_stated.then(|| (style, explode, written(style, explode, kinds)))
        };
        let (was, is) = (styled(there, kinds_there), styled(here, kinds_here));
        let differing: Vec<(&str, String, String)> = match (was, is) {
            (None, None) => Vec::new(),
            (Some((style, explode, form)), Some((new_style, new_explode, new_form))) => {
                if form == new_form {
                    if (style, explode) != (new_style, new_explode) {
                        let change =
                            ChangeBuilder::new(is::ENCODING_UNUSED, subject).at(Some(&places.0), Some(&places.1));
                        self.add(change.in_exchange(exchange).of(call.number));
                    }
                    Vec::new()
                } else if style == new_style {
                    vec![("explode", explode.to_string(), new_explode.to_string())]
                } else {
                    vec![("style", style_words(style).to_owned(), style_words(new_style).to_owned())]
                }
            }
            // Lists are a part for each item in both ways, and texts are themselves.
            (was, is) => {
                let is_plain = |form: &Option<(Style, bool, _)>| {
                    form.as_ref().is_none_or(|(style, explode, _)| *style == Style::Form && *explode)
                };
                let has_objects = kinds_there.1 || kinds_here.1;
                if is_plain(&was) && is_plain(&is) && !has_objects {
                    Vec::new()
                } else {
                    let words = |form: &Option<(Style, bool, _)>| {
                        form.as_ref().map_or("none", |(style, _, _)| style_words(*style)).to_owned()
                    };
                    vec![("style", words(&was), words(&is))]
                }
            }
        };
        let reserved = |parts: Parts<'a>| parts.get(key).is_some_and(|one| one.allow_reserved);
        let reserved = (reserved(there), reserved(here));
        let more =
            (reserved.0 != reserved.1).then(|| ("allowReserved", reserved.0.to_string(), reserved.1.to_string()));
        for (keyword, before, after) in differing.into_iter().chain(more) {
            let change = ChangeBuilder::new(is::ENCODING_CHANGED, subject)
                .at(Some(&places.0.child(keyword)), Some(&places.1.child(keyword)))
                .in_exchange(exchange)
                .of(call.number);
            self.add(change.name(format!("`{keyword}`")).from(before).to(after));
        }
    }
}

/// Whether a value of the schema may be a list, and whether it may be an object, as far as its type tells.
fn may_have_parts(schemas: &Schemas, schema: Option<SchemaId>) -> (bool, bool) {
    let types = schema.and_then(|id| schemas[schemas.resolve(id)].types);
    types.map_or((true, true), |types| (types.contains(Type::Array), types.contains(Type::Object)))
}
