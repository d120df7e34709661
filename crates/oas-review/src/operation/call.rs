//! One operation against its counterpart.

use oas_document::Location;
use oas_model::{MediaType, Operation};

use crate::effect::{Direction, Exchange};
use crate::rule::is;
use crate::schema::Root;
use crate::survey::{Note, Survey};
use crate::witness::Counterparts;

use super::subject;

/// An operation and its counterpart.
#[derive(Clone, Copy)]
pub(crate) struct Call<'a> {
    pub(crate) old: &'a Operation,
    pub(crate) new: &'a Operation,
    /// Its number in the survey.
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

    /// A note about this operation that stands in both documents.
    pub(crate) fn note(&self, rule: crate::rule::Rule, base: &Location, revision: &Location) -> Note {
        Note::new(rule, self.subject()).at(Some(base), Some(revision)).in_exchange(self.request()).of(self.number)
    }
}

impl<'a> Survey<'a> {
    pub(crate) fn compare_call(&mut self, old: &'a Operation, new: &'a Operation, is_callback: bool) {
        let number = self.register(new, Counterparts { base: Some(old), revision: Some(new) });
        let call = Call { old, new, number, is_callback };
        self.compare_identity(call);
        self.compare_parameters(call);
        self.compare_bodies(call);
        self.compare_responses(call);
        self.compare_callbacks(call);
        if !is_callback {
            self.compare_security(call);
            self.compare_own_servers(call);
        }
        self.compare_operation_words(call);
    }

    fn compare_identity(&mut self, call: Call<'a>) {
        let Call { old, new, .. } = call;
        let is_moved =
            super::matching::anonymous(&old.path) != super::matching::anonymous(&new.path) || old.method != new.method;
        if is_moved && !call.is_callback {
            self.add(call.note(is::OPERATION_MOVED, &old.at, &new.at).from(subject(old)).to(subject(new)));
        }
        let names = (super::matching::template_names(&old.path), super::matching::template_names(&new.path));
        if !is_moved && !call.is_callback {
            for (was, is) in names.0.iter().zip(&names.1).filter(|(was, is)| was != is) {
                let note = call.note(is::PATH_PARAMETER_RENAMED, &old.at, &new.at);
                self.add(note.from(format!("`{was}`")).to(format!("`{is}`")));
            }
        }
        let id = |id: &Option<String>| id.as_ref().map_or_else(|| "none".to_owned(), |id| format!("`{id}`"));
        if old.id != new.id {
            let note = call.note(is::OPERATION_ID_CHANGED, &old.at.child("operationId"), &new.at.child("operationId"));
            self.add(note.from(id(&old.id)).to(id(&new.id)));
        }
        let tags = |tags: &[String]| if tags.is_empty() { "none".to_owned() } else { tags.join(", ") };
        if old.tags != new.tags {
            let note = call.note(is::OPERATION_TAGS_CHANGED, &old.at.child("tags"), &new.at.child("tags"));
            self.add(note.from(tags(&old.tags)).to(tags(&new.tags)));
        }
        if old.deprecated != new.deprecated {
            let rule = if new.deprecated { is::OPERATION_DEPRECATED } else { is::OPERATION_UNDEPRECATED };
            self.add(call.note(rule, &old.at.child("deprecated"), &new.at.child("deprecated")));
        }
    }

    /// Goes on to the schema of a media type, a parameter or a header.
    pub(crate) fn enter(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        schemas: (Option<oas_model::SchemaId>, Option<oas_model::SchemaId>),
        homes: (Location, Location),
    ) {
        let operation = Some(call.number);
        self.walk.enter(Root { base: schemas.0, revision: schemas.1, homes, exchange, operation });
    }

    /// Goes on to the schemas of a media type.
    pub(crate) fn enter_content(&mut self, call: Call<'a>, exchange: Exchange, old: &'a MediaType, new: &'a MediaType) {
        let homes = (old.at.child("schema"), new.at.child("schema"));
        self.enter(call, exchange, (old.schema, new.schema), homes);
        if old.item_schema.is_some() || new.item_schema.is_some() {
            let homes = (old.at.child("itemSchema"), new.at.child("itemSchema"));
            self.enter(call, exchange, (old.item_schema, new.item_schema), homes);
        }
    }
}
