//! Words for people: titles, descriptions, examples, extensions. They are compared as they are written, so that none
//! is forgotten.

use oas_document::{Location, Member, Node, Value};
use oas_model::Operation;

use crate::comparison::{ChangeBuilder, Comparison};
use crate::rule::is;

use super::call::Call;

/// Members that only people read, whatever object has them.
const WORDS: [&str; 5] = ["summary", "description", "externalDocs", "example", "examples"];

impl<'a> Comparison<'a> {
    /// Compares the words of the documents as wholes.
    pub(crate) fn compare_words(&mut self) {
        let (there, here) = (self.base.document.root_location(), self.revision.document.root_location());
        self.compare_info(&there.child("info"), &here.child("info"));
        self.compare_tags(&there.child("tags"), &here.child("tags"));
        self.compare_words_at("the document", &there, &here);
    }

    fn compare_info(&mut self, there: &Location, here: &Location) {
        for name in self.names(there, here) {
            let (old, new) = (there.child(&name), here.child(&name));
            if self.is_same(&old, &new) {
                continue;
            }
            if name == "version" {
                let text = |node: Option<&Node>| node.and_then(Node::as_str).unwrap_or("none").to_owned();
                let (was, is) = (text(self.base.document.get(&old)), text(self.revision.document.get(&new)));
                let change = ChangeBuilder::new(is::API_VERSION_CHANGED, "the document").at(Some(&old), Some(&new));
                self.add(change.from(was).to(is));
            } else {
                self.add_words("the document", &name, &old, &new);
            }
        }
    }

    /// Compares declared tags by their names.
    fn compare_tags(&mut self, there: &Location, here: &Location) {
        let named = |document: &oas_document::Document, list: &Location| -> Vec<(String, Location)> {
            let items = document.get(list).and_then(Node::as_array).unwrap_or_default();
            let name = |node: &Node| node.get("name").and_then(Node::as_str).map(ToOwned::to_owned);
            items.iter().enumerate().filter_map(|(index, node)| Some((name(node)?, list.item(index)))).collect()
        };
        let (old, new) = (named(self.base.document, there), named(self.revision.document, here));
        for (name, was) in &old {
            let subject = format!("the tag `{name}`");
            match new.iter().find(|(other, _)| other == name) {
                Some((_, is)) => {
                    for member in self.names(was, is) {
                        let (was, is) = (was.child(&member), is.child(&member));
                        if !self.is_same(&was, &is) {
                            self.add_words(&subject, &member, &was, &is);
                        }
                    }
                }
                None => self.add_words(&subject, "tags", was, here),
            }
        }
        for (name, is) in new.iter().filter(|(name, _)| old.iter().all(|(other, _)| other != name)) {
            self.add_words(&format!("the tag `{name}`"), "tags", there, is);
        }
    }

    /// Compares the words of an operation and its path item.
    pub(crate) fn compare_operation_words(&mut self, call: Call<'a>) {
        let (old, new) = (&call.old.at, &call.new.at);
        self.compare_words_at(&call.subject(), old, new);
        let path_item = |operation: &Operation| {
            let pointer = operation.at.pointer.parent()?;
            Some(Location { pointer, ..operation.at.clone() })
        };
        if let (Some(there), Some(here)) = (path_item(call.old), path_item(call.new)) {
            self.compare_words_at(&format!("the path `{}`", call.new.path), &there, &here);
        }
        let (old, new) = (old.child("x-sunset"), new.child("x-sunset"));
        if !self.is_same(&old, &new) {
            let text = |node: Option<&Node>| node.map_or_else(|| "none".to_owned(), |node| node.to_json().to_string());
            let (was, is) = (text(self.base.document.get(&old)), text(self.revision.document.get(&new)));
            let change = call.change(is::OPERATION_SUNSET_CHANGED, &old, &new);
            self.add(change.from(was).to(is));
        }
    }

    /// Compares the words of two objects that belong together.
    pub(crate) fn compare_words_at(&mut self, subject: &str, there: &Location, here: &Location) {
        for name in self.names(there, here) {
            let is_extension = name.starts_with("x-") && name != "x-sunset";
            let (old, new) = (there.child(&name), here.child(&name));
            if !(is_extension || WORDS.contains(&name.as_str())) || self.is_same(&old, &new) {
                continue;
            }
            self.add_words(subject, &name, &old, &new);
        }
    }

    /// The names of the members of two objects.
    fn names(&self, there: &Location, here: &Location) -> Vec<String> {
        let of = |node: Option<&Node>| -> Vec<String> {
            node.and_then(Node::as_object)
                .map(|object| object.keys().map(ToString::to_string).collect())
                .unwrap_or_default()
        };
        let mut names = of(self.base.document.get(there));
        let more = of(self.revision.document.get(here));
        names.extend(more.into_iter().filter(|name| !names.contains(name)).collect::<Vec<_>>());
        names
    }

    fn is_same(&self, there: &Location, here: &Location) -> bool {
        let (old, new) = (self.base.document.get(there), self.revision.document.get(here));
        match (old, new) {
            (Some(old), Some(new)) => is_same_text(old, new),
            (old, new) => old.is_none() && new.is_none(),
        }
    }

    fn add_words(&mut self, subject: &str, name: &str, there: &Location, here: &Location) {
        let rule = if name.starts_with("x-") { is::API_EXTENSION_CHANGED } else { is::API_DOCUMENTATION_CHANGED };
        self.add(ChangeBuilder::new(rule, subject).at(Some(there), Some(here)).name(format!("`{name}`")));
    }
}

/// Whether two values are the same, wherever they stand.
fn is_same_text(old: &Node, new: &Node) -> bool {
    match (&old.value, &new.value) {
        (Value::Array(old), Value::Array(new)) => {
            old.len() == new.len() && old.iter().zip(new).all(|(old, new)| is_same_text(old, new))
        }
        (Value::Object(old), Value::Object(new)) => {
            let same = |(name, member): (&String, &Member)| {
                new.get(name).is_some_and(|other| is_same_text(&member.node, &other.node))
            };
            old.len() == new.len() && old.iter().all(same)
        }
        (old, new) => old == new,
    }
}
