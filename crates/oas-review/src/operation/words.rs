//! Words for people: titles, descriptions, examples, extensions.

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{Example, Extensions, Parameter};

use crate::rule::{Rule, is};
use crate::survey::{Note, Survey};

use super::call::Call;

impl<'a> Survey<'a> {
    /// Compares the words of the documents as wholes.
    pub(crate) fn compare_words(&mut self) {
        let (old, new) = (self.base.api, self.revision.api);
        let (there, here) = (self.base.document.root_location(), self.revision.document.root_location());
        let info = |keyword: &str| (there.child("info").child(keyword), here.child("info").child(keyword));
        if old.info.version != new.info.version {
            let (there, here) = info("version");
            let note = Note::new(is::API_VERSION_CHANGED, "the document").at(Some(&there), Some(&here));
            self.add(note.from(old.info.version.as_str()).to(new.info.version.as_str()));
        }
        let words = [
            ("title", old.info.title != new.info.title),
            ("summary", old.info.summary != new.info.summary),
            ("description", old.info.description != new.info.description),
            ("termsOfService", old.info.terms_of_service != new.info.terms_of_service),
        ];
        for (keyword, _) in words.into_iter().filter(|(_, differs)| *differs) {
            self.add_words(is::API_DOCUMENTATION_CHANGED, "the document", keyword, info(keyword));
        }
        if old.external_docs != new.external_docs {
            let places = (there.child("externalDocs"), here.child("externalDocs"));
            self.add_words(is::API_DOCUMENTATION_CHANGED, "the document", "externalDocs", places);
        }
        for is in &new.tags {
            let was = old.tags.iter().find(|was| was.name == is.name);
            let differs = |was: &oas_model::Tag| was.description != is.description || was.external_docs != is.external_docs;
            if let Some(was) = was.filter(|was| differs(was)) {
                let subject = format!("the tag `{}`", is.name);
                self.add_words(is::API_DOCUMENTATION_CHANGED, &subject, "description", (was.at.clone(), is.at.clone()));
            }
        }
        for (name, _) in old.extensions.iter().filter(|(name, value)| new.extensions.get(*name) != Some(value)) {
            self.add_words(is::API_EXTENSION_CHANGED, "the document", name, (there.child(name), here.child(name)));
        }
        for name in new.extensions.keys().filter(|name| !old.extensions.contains_key(*name)) {
            self.add_words(is::API_EXTENSION_CHANGED, "the document", name, (there.child(name), here.child(name)));
        }
    }

    /// Compares the words of an operation.
    pub(crate) fn compare_operation_words(&mut self, call: Call<'a>) {
        let (old, new) = (call.old, call.new);
        self.compare_described(call, "summary", (&old.summary, &old.at), (&new.summary, &new.at));
        self.compare_described(call, "description", (&old.description, &old.at), (&new.description, &new.at));
        if old.external_docs != new.external_docs {
            let places = (old.at.child("externalDocs"), new.at.child("externalDocs"));
            self.add_words(is::API_DOCUMENTATION_CHANGED, &call.subject(), "externalDocs", places);
        }
        self.compare_extensions(call, (&old.extensions, &old.at), (&new.extensions, &new.at));
    }

    /// Compares the words of a parameter.
    pub(crate) fn compare_parameter_words(&mut self, call: Call<'a>, was: &'a Parameter, is: &'a Parameter) {
        self.compare_described(call, "description", (&was.description, &was.at), (&is.description, &is.at));
        self.compare_examples(call, (&was.examples, &was.at), (&is.examples, &is.at));
        self.compare_extensions(call, (&was.extensions, &was.at), (&is.extensions, &is.at));
    }

    /// Compares a text.
    pub(crate) fn compare_described(
        &mut self,
        call: Call<'a>,
        keyword: &str,
        old: (&Option<String>, &Location),
        new: (&Option<String>, &Location),
    ) {
        if old.0 != new.0 {
            let places = (old.1.child(keyword), new.1.child(keyword));
            self.add_words(is::API_DOCUMENTATION_CHANGED, &call.subject(), keyword, places);
        }
    }

    /// Compares examples.
    pub(crate) fn compare_examples(
        &mut self,
        call: Call<'a>,
        old: (&IndexMap<String, Example>, &Location),
        new: (&IndexMap<String, Example>, &Location),
    ) {
        if old.0 != new.0 {
            let places = (old.1.child("examples"), new.1.child("examples"));
            self.add_words(is::API_DOCUMENTATION_CHANGED, &call.subject(), "examples", places);
        }
    }

    /// Compares members whose names start with `x-`.
    pub(crate) fn compare_extensions(&mut self, call: Call<'a>, old: (&Extensions, &Location), new: (&Extensions, &Location)) {
        let names = old.0.keys().chain(new.0.keys().filter(|name| !old.0.contains_key(*name)));
        for name in names.filter(|name| old.0.get(*name) != new.0.get(*name)) {
            let places = (old.1.child(name), new.1.child(name));
            if name != "x-sunset" {
                self.add_words(is::API_EXTENSION_CHANGED, &call.subject(), name, places);
                continue;
            }
            let words = |side: &Extensions| side.get(name).map_or_else(|| "none".to_owned(), ToString::to_string);
            let note = call.note(is::OPERATION_SUNSET_CHANGED, &places.0, &places.1);
            self.add(note.from(words(old.0)).to(words(new.0)));
        }
    }

    fn add_words(&mut self, rule: Rule, subject: &str, keyword: &str, places: (Location, Location)) {
        let note = Note::new(rule, subject).at(Some(&places.0), Some(&places.1));
        self.add(note.name(format!("`{keyword}`")));
    }
}
