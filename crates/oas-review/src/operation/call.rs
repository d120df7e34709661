//! One operation against its counterpart.

use oas_document::Location;
use oas_model::{Encoding, MediaType, Operation, Style};
use oas_wire::essence;

use crate::address::{address_path, anonymous, template_names};
use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::{Direction, Exchange};
use crate::rule::is;
use crate::schema::{Medium, Root, is_any_bytes};
use crate::witness::Counterparts;

/// What to call an operation in a sentence.
pub(crate) fn subject(operation: &Operation) -> String {
    format!("`{} {}`", operation.method, operation.path)
}

/// An operation and its counterpart.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) old: &'a Operation,
    pub(crate) new: &'a Operation,
    /// Its number in the comparison.
    pub(crate) number: usize,
    /// Whether the API sends the request.
    pub(crate) is_callback: bool,
}

impl Call<'_> {
    pub(crate) fn request(&self) -> Exchange {
        Exchange::of(Direction::Request, self.is_callback)
    }

    pub(crate) fn response(&self) -> Exchange {
        Exchange::of(Direction::Response, self.is_callback)
    }

    pub(crate) fn subject(&self) -> String {
        subject(self.new)
    }

    /// A change about this operation that stands in both documents.
    pub(crate) fn change(&self, rule: crate::rule::Rule, base: &Location, revision: &Location) -> ChangeBuilder {
        ChangeBuilder::new(rule, self.subject())
            .at(Some(base), Some(revision))
            .in_exchange(self.request())
            .of(self.number)
    }
}

impl<'a> Comparison<'a> {
    pub(crate) fn compare_call(&mut self, old: &'a Operation, new: &'a Operation, is_callback: bool) {
        let number = self.register(new, Counterparts { base: Some(old), revision: Some(new) });
        let call = Call { old, new, number, is_callback };
        self.compare_identity(call);
        self.compare_parameters(call);
        self.compare_bodies(call);
        self.compare_responses(call);
        self.compare_callbacks(call);
        // What the document asks of its callers is not what the API shows to others, unless a callback says so itself.
        if !is_callback || old.has_own_security || new.has_own_security {
            self.compare_security(call);
        }
        if !is_callback {
            self.compare_own_servers(call);
        }
        self.compare_operation_words(call);
    }

    fn compare_identity(&mut self, call: Call<'a>) {
        let Call { old, new, .. } = call;
        let is_elsewhere = || {
            address_path((self.base.api, old)) != address_path((self.revision.api, new))
                && anonymous(&old.path) != anonymous(&new.path)
        };
        let is_moved = old.method != new.method || is_elsewhere();
        if is_moved && !call.is_callback {
            self.add(call.change(is::OPERATION_MOVED, &old.at, &new.at).from(subject(old)).to(subject(new)));
        }
        let names = (template_names(&old.path), template_names(&new.path));
        if !is_moved && !call.is_callback {
            for (was, is) in names.0.iter().zip(&names.1).filter(|(was, is)| was != is) {
                let change = call.change(is::PATH_PARAMETER_RENAMED, &old.at, &new.at);
                self.add(change.from(format!("`{was}`")).to(format!("`{is}`")));
            }
        }
        let id = |id: &Option<String>| id.as_ref().map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
        if old.id != new.id {
            let change =
                call.change(is::OPERATION_ID_CHANGED, &old.at.child("operationId"), &new.at.child("operationId"));
            self.add(change.from(id(&old.id)).to(id(&new.id)));
        }
        let tags = |tags: &[String]| if tags.is_empty() { "none".to_owned() } else { tags.join(", ") };
        if old.tags != new.tags {
            let change = call.change(is::OPERATION_TAGS_CHANGED, &old.at.child("tags"), &new.at.child("tags"));
            self.add(change.from(tags(&old.tags)).to(tags(&new.tags)));
        }
        if old.deprecated != new.deprecated {
            let rule = if new.deprecated { is::OPERATION_DEPRECATED } else { is::OPERATION_UNDEPRECATED };
            self.add(call.change(rule, &old.at.child("deprecated"), &new.at.child("deprecated")));
        }
    }

    /// Goes on to the schema of a media type, a parameter or a header.
    pub(crate) fn enter(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        schemas: (Option<oas_model::SchemaId>, Option<oas_model::SchemaId>),
        homes: (Location, Location),
        use_of: Use,
    ) {
        let operation = Some(call.number);
        let Use { medium, is_present } = use_of;
        self.walk.enter(Root { base: schemas.0, revision: schemas.1, homes, exchange, operation, medium, is_present });
    }

    /// Goes on to the schemas of a media type; `is_present` tells whether there always is such content.
    pub(crate) fn enter_content(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        (old, new): (&'a MediaType, &'a MediaType),
        is_present: bool,
    ) {
        let use_of = Use { medium: medium(old, new), is_present };
        if let Some((Items(was), Items(is))) = streamed(self.base.api, old).zip(streamed(self.revision.api, new))
            && old.item_schema.is_some() != new.item_schema.is_some()
        {
            // The items of a stream are described in two ways, one by one or as a list of all.
            let homes = (old.at.child("itemSchema"), new.at.child("itemSchema"));
            return self.enter(call, exchange, (was, is), homes, Use { is_present: true, ..use_of });
        }
        let homes = (old.at.child("schema"), new.at.child("schema"));
        let schemas = (whole_content(self.base.api, old), whole_content(self.revision.api, new));
        self.enter(call, exchange, schemas, homes, use_of);
        if old.item_schema.is_some() || new.item_schema.is_some() {
            let homes = (old.at.child("itemSchema"), new.at.child("itemSchema"));
            let use_of = Use { is_present: true, ..use_of };
            self.enter(call, exchange, (old.item_schema, new.item_schema), homes, use_of);
        }
    }
}

/// How the values of a place are used.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Use {
    /// How they are written.
    pub(crate) medium: Medium,
    /// Whether there always is one, so that nobody falls back to a default.
    pub(crate) is_present: bool,
}

/// How values of both media types are written.
fn medium(old: &MediaType, new: &MediaType) -> Medium {
    // A part that has a media type of its own is written in that.
    let is_stated = |one: &MediaType| {
        let is_structured = |name: &str| name.ends_with("json") || name.ends_with("xml");
        one.encoding.values().filter_map(|part| part.content_type.as_deref()).any(|it| is_structured(&essence(it)))
    };
    // A list that is no field for each item.
    let is_delimited = |part: &Encoding| part.style.is_some_and(|it| it != Style::Form) || part.explode == Some(false);
    let is_joined = |one: &MediaType| one.encoding.values().any(is_delimited);
    let of = |one: &MediaType| match essence(&one.name).as_str() {
        "application/x-www-form-urlencoded" if is_joined(one) => Medium::Text,
        "application/x-www-form-urlencoded" => Medium::Fields,
        "multipart/form-data" if !is_stated(one) => Medium::Form,
        name if name.starts_with("text/") && !name.ends_with("json") && !name.ends_with("xml") => Medium::Text,
        _ => Medium::Json,
    };
    if of(old) == of(new) { of(old) } else { Medium::Json }
}

/// The items of a list: their schema, unless they may be anything.
pub(crate) struct Items(pub(crate) Option<oas_model::SchemaId>);

/// The schema of the items of a stream, which are described one by one, or as a list of all (OpenAPI 3.2, section
/// 4.14.3); `None` where it is described in both ways or none, or what is described is no list.
fn streamed(api: &oas_model::Api, media_type: &MediaType) -> Option<Items> {
    const SEQUENTIAL: [&str; 5] = [
        "application/jsonl",
        "application/x-ndjson",
        "application/json-seq",
        "application/geo+json-seq",
        "text/event-stream",
    ];
    if !SEQUENTIAL.contains(&essence(&media_type.name).as_str()) {
        return None;
    }
    match (media_type.schema, media_type.item_schema) {
        (None, Some(item)) => Some(Items(Some(item))),
        (Some(whole), None) => {
            let schema = &api.schemas[api.schemas.resolve(whole)];
            let is_list = schema.types.and_then(oas_model::TypeSet::single) == Some(oas_model::Type::Array);
            let is_free = schema.min_items.is_none() && schema.max_items.is_none() && schema.prefix_items.is_empty();
            (is_list && is_free).then(|| Items(schema.items.schema()))
        }
        _ => None,
    }
}

/// The schema of content as a whole. Bytes are anything, whether a schema says so or not.
fn whole_content(api: &oas_model::Api, media_type: &MediaType) -> Option<oas_model::SchemaId> {
    let name = essence(&media_type.name);
    let is_structured = name.ends_with("json")
        || name.ends_with("xml")
        || name.starts_with("text/")
        || name.starts_with("multipart/")
        || name == "application/x-www-form-urlencoded"
        || name.contains("json");
    media_type.schema.filter(|id| is_structured || !is_any_bytes(&api.schemas, *id))
}
