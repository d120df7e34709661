//! Parameters.

use std::rc::Rc;

use oas_model::{Parameter, ParameterLocation, Payload, SchemaId, Style};
use oas_wire::essence;

use crate::address::template_names;
use crate::comparison::{ChangeBuilder, Comparison};
use crate::rule::{Rule, is};
use crate::schema::{Kind, Medium, Record, Shape};

use super::call::{Call, Items, Use};
use super::style::written;

/// The word for a place of parameters.
const fn location_words(location: ParameterLocation) -> &'static str {
    match location {
        ParameterLocation::Path => "path",
        ParameterLocation::Query => "query",
        ParameterLocation::Querystring => "querystring",
        ParameterLocation::Header => "header",
        ParameterLocation::Cookie => "cookie",
    }
}

/// What a parameter goes by: path parameters by their position, headers in any case.
fn key(parameter: &Parameter, path: &str) -> String {
    match parameter.location {
        ParameterLocation::Path => {
            let position = template_names(path).iter().position(|name| *name == parameter.name);
            position.map_or_else(|| parameter.name.clone(), |position| position.to_string())
        }
        ParameterLocation::Header => parameter.name.to_ascii_lowercase(),
        _ => parameter.name.clone(),
    }
}

/// The name and place of a parameter, in words.
fn title(parameter: &Parameter) -> String {
    format!("`{}` ({})", parameter.name, location_words(parameter.location))
}

impl<'a> Comparison<'a> {
    pub(crate) fn compare_parameters(&mut self, call: Call<'a>) {
        let Call { old, new, .. } = call;
        let mut added: Vec<&'a Parameter> = new.parameters.iter().collect();
        let mut removed = Vec::new();
        for was in &old.parameters {
            let place = (was.location, key(was, &old.path));
            match added.iter().position(|is| (is.location, key(is, &new.path)) == place) {
                Some(index) => self.compare_parameter(call, was, added.remove(index)),
                None => removed.push(was),
            }
        }
        removed.retain(|was| {
            let Some(index) = added.iter().position(|is| is.name.eq_ignore_ascii_case(&was.name)) else { return true };
            let is = added.remove(index);
            let change = call.change(is::PARAMETER_MOVED, &was.at.child("in"), &is.at.child("in"));
            self.add(
                change
                    .name(format!("`{}`", was.name))
                    .about(&was.name)
                    .from(location_words(was.location))
                    .to(location_words(is.location)),
            );
            self.compare_parameter_value(call, was, is);
            false
        });
        // A path parameter comes and goes with its path.
        for was in removed.into_iter().filter(|was| was.location != ParameterLocation::Path) {
            let rule = if was.required { is::REQUIRED_PARAMETER_REMOVED } else { is::PARAMETER_REMOVED };
            self.add(parameter_change(call, rule, Some(was), None));
        }
        for is in added.into_iter().filter(|is| is.location != ParameterLocation::Path) {
            let rule = if is.required { is::REQUIRED_PARAMETER_ADDED } else { is::PARAMETER_ADDED };
            self.add(parameter_change(call, rule, None, Some(is)));
        }
    }

    fn compare_parameter(&mut self, call: Call<'a>, was: &'a Parameter, is: &'a Parameter) {
        if was.required != is.required && is.location != ParameterLocation::Path {
            let rule = if is.required { is::PARAMETER_BECAME_REQUIRED } else { is::PARAMETER_BECAME_OPTIONAL };
            self.add_parameter_change(call, rule, was, is, "required");
        }
        if was.deprecated != is.deprecated {
            let rule = if is.deprecated { is::PARAMETER_DEPRECATED } else { is::PARAMETER_UNDEPRECATED };
            self.add_parameter_change(call, rule, was, is, "deprecated");
        }
        if was.allow_empty_value != is.allow_empty_value {
            let rule = if is.allow_empty_value { is::PARAMETER_EMPTY_ALLOWED } else { is::PARAMETER_EMPTY_FORBIDDEN };
            self.add_parameter_change(call, rule, was, is, "allowEmptyValue");
        }
        self.compare_serialization(call, was, is);
        self.compare_parameter_value(call, was, is);
        self.compare_words_at(&format!("the parameter {} of {}", title(is), call.subject()), &was.at, &is.at);
    }

    fn compare_serialization(&mut self, call: Call<'a>, was: &'a Parameter, is: &'a Parameter) {
        match (&was.payload, &is.payload) {
            (Payload::Schema(old), Payload::Schema(new)) => {
                let has = self.kinds_with_parts(*old, *new);
                let is_same = written(was.style, was.explode, has) == written(is.style, is.explode, has);
                if was.style != is.style && !is_same {
                    let change =
                        call.change(is::PARAMETER_STYLE_CHANGED, &was.at.child("style"), &is.at.child("style"));
                    let change =
                        change.name(title(is)).about(&is.name).from(style_words(was.style)).to(style_words(is.style));
                    self.add(change);
                } else if !is_same {
                    let change =
                        call.change(is::PARAMETER_EXPLODE_CHANGED, &was.at.child("explode"), &is.at.child("explode"));
                    self.add(change.name(title(is)).about(&is.name).from(was.explode).to(is.explode));
                }
                if was.allow_reserved != is.allow_reserved {
                    let rule = if is.allow_reserved {
                        is::PARAMETER_RESERVED_ALLOWED
                    } else {
                        is::PARAMETER_RESERVED_FORBIDDEN
                    };
                    self.add_parameter_change(call, rule, was, is, "allowReserved");
                }
            }
            (old, new) => {
                let words = |payload: &Payload| match payload {
                    Payload::Schema(_) => "a styled value".to_owned(),
                    Payload::Content(media_type) => media_type.name.clone(),
                };
                if words(old) != words(new) && !self.is_same_text(was, is) {
                    let change = call.change(is::PARAMETER_SERIALIZATION_CHANGED, &was.at, &is.at);
                    self.add(change.name(title(is)).about(&is.name).from(words(old)).to(words(new)));
                }
            }
        }
    }

    /// Whether a value is the same text in a style and as content, on both sides: as JSON numbers and words are, as plain
    /// text whatever has no parts.
    fn is_same_text(&mut self, was: &Parameter, is: &Parameter) -> bool {
        let (Some(old), Some(new)) = (was.payload.schema(), is.payload.schema()) else { return false };
        let shapes = [self.shape_in_base(old), self.shape_in_revision(new)];
        let is_json = |parameter: &Parameter| match &parameter.payload {
            Payload::Schema(_) => true,
            Payload::Content(media_type) => essence(&media_type.name).ends_with("json"),
        };
        let is_word = |shape: &Rc<Shape>| is_plain(shape) && !shape.allows(Kind::Null);
        (is_json(was) && is_json(is) && shapes.iter().all(is_word))
            || (is_text(was) && is_text(is) && shapes.iter().all(|shape| is_single(shape)))
    }

    /// Compares what a parameter may be. A single value that becomes a list of such values is still the same text on
    /// the wire where each item is a parameter of its own.
    fn compare_parameter_value(&mut self, call: Call<'a>, was: &'a Parameter, is: &'a Parameter) {
        let is_path = was.location == ParameterLocation::Path && is.location == ParameterLocation::Path;
        let use_of = Use {
            medium: match (&was.payload, &is.payload) {
                (Payload::Schema(_), Payload::Schema(_)) if is_path => Medium::Path,
                (Payload::Schema(_), Payload::Schema(_)) => Medium::Text,
                _ if is_text(was) && is_text(is) => Medium::Text,
                _ => Medium::Json,
            },
            is_present: was.required && is.required,
        };
        let (Some(old), Some(new)) = (was.payload.schema(), is.payload.schema()) else {
            let homes = (was.at.child("schema"), is.at.child("schema"));
            return self.enter(call, call.request(), (was.payload.schema(), is.payload.schema()), homes, use_of);
        };
        let homes = (self.base.api.schemas[old].at.clone(), self.revision.api.schemas[new].at.clone());
        let is_exploded = |parameter: &Parameter| parameter.style == Style::Form && parameter.explode;
        let is_delimited = |parameter: &Parameter| {
            matches!(parameter.style, Style::Form | Style::Simple | Style::SpaceDelimited | Style::PipeDelimited)
        };
        // One of several is the text of itself, where no delimiter can be inside of it.
        let repeats = use_of.medium == Medium::Text && is_exploded(was) && is_exploded(is);
        let joins = use_of.medium.is_text() && is_delimited(was) && is_delimited(is);
        let (items_there, items_here) = (self.items_of_base(old), self.items_of_revision(new));
        match (items_there, items_here) {
            (None, Some(Items(items)))
                if (repeats && self.is_single_in_base(old)) || (joins && is_plain(&self.shape_in_base(old))) =>
            {
                self.add_parameter_change(call, is::PARAMETER_BECAME_LIST, was, is, "schema");
                self.enter(call, call.request(), (Some(old), items), homes, use_of);
            }
            (Some(Items(items)), None)
                if (repeats && self.is_single_in_revision(new))
                    || (joins && is_plain(&self.shape_in_revision(new))) =>
            {
                self.add_parameter_change(call, is::PARAMETER_BECAME_SINGLE, was, is, "schema");
                self.enter(call, call.request(), (items, Some(new)), homes, use_of);
            }
            _ => self.enter(call, call.request(), (Some(old), Some(new)), homes, use_of),
        }
    }

    /// Whether the value may be a list, and whether it may be an object, on both sides.
    pub(crate) fn kinds_with_parts(&mut self, old: SchemaId, new: SchemaId) -> (bool, bool) {
        let (there, here) = (self.shape_in_base(old), self.shape_in_revision(new));
        let both = |kind| there.allows(kind) && here.allows(kind);
        // A list of one is its item.
        let is_list = |shape: &Shape, schemas: &oas_model::Schemas| {
            let most = |record: &Record| record.sources.iter().filter_map(|id| schemas[*id].max_items).min();
            shape.of(Kind::Array).any(|record| most(record).is_none_or(|most| most > 1))
        };
        let has_lists = is_list(&there, &self.base.api.schemas) || is_list(&here, &self.revision.api.schemas);
        (both(Kind::Array) && has_lists, both(Kind::Object))
    }

    fn shape_in_base(&mut self, id: SchemaId) -> Rc<Shape> {
        let resolver = &mut self.walk.base;
        let conjunction = resolver.conjunction(vec![id]);
        resolver.shape(conjunction)
    }

    fn shape_in_revision(&mut self, id: SchemaId) -> Rc<Shape> {
        let resolver = &mut self.walk.revision;
        let conjunction = resolver.conjunction(vec![id]);
        resolver.shape(conjunction)
    }

    fn is_single_in_base(&mut self, id: SchemaId) -> bool {
        is_single(&self.shape_in_base(id))
    }

    fn is_single_in_revision(&mut self, id: SchemaId) -> bool {
        is_single(&self.shape_in_revision(id))
    }

    fn items_of_base(&self, id: SchemaId) -> Option<Items> {
        items(&self.base.api.schemas, id)
    }

    fn items_of_revision(&self, id: SchemaId) -> Option<Items> {
        items(&self.revision.api.schemas, id)
    }

    fn add_parameter_change(
        &mut self,
        call: Call<'a>,
        rule: Rule,
        was: &'a Parameter,
        is: &'a Parameter,
        keyword: &str,
    ) {
        self.add(call.change(rule, &was.at.child(keyword), &is.at.child(keyword)).name(title(is)).about(&is.name));
    }
}

/// Whether a value without parts is written as its text and nothing else.
fn is_text(parameter: &Parameter) -> bool {
    match &parameter.payload {
        Payload::Schema(_) => !matches!(parameter.style, Style::Label | Style::Matrix),
        Payload::Content(media_type) => essence(&media_type.name) == "text/plain",
    }
}

/// Whether no value is a list or an object.
fn is_single(shape: &Shape) -> bool {
    !shape.allows(Kind::Array) && !shape.allows(Kind::Object)
}

/// Whether every value is a number or a word of JSON, whose text has no delimiter in it.
fn is_plain(shape: &Shape) -> bool {
    is_single(shape) && !shape.allows(Kind::String)
}

/// The items, when a schema plainly is a list.
fn items(schemas: &oas_model::Schemas, id: SchemaId) -> Option<Items> {
    let schema = &schemas[schemas.resolve(id)];
    let is_list = schema.types?.single()? == oas_model::Type::Array;
    is_list.then(|| Items(schema.items.schema()))
}

fn parameter_change(call: Call<'_>, rule: Rule, was: Option<&Parameter>, is: Option<&Parameter>) -> ChangeBuilder {
    let parameter = was.or(is);
    let name = parameter.map(title).unwrap_or_default();
    ChangeBuilder::new(rule, call.subject())
        .at(was.map(|was| &was.at), is.map(|is| &is.at))
        .in_exchange(call.request())
        .of(call.number)
        .name(name)
        .about(parameter.map_or("", |one| &one.name))
}

/// The word for a style.
pub(crate) fn style_words(style: Style) -> &'static str {
    match style {
        Style::Matrix => "matrix",
        Style::Label => "label",
        Style::Simple => "simple",
        Style::Form => "form",
        Style::SpaceDelimited => "spaceDelimited",
        Style::PipeDelimited => "pipeDelimited",
        Style::DeepObject => "deepObject",
        Style::Cookie => "cookie",
    }
}
