//! What asks for a name.

use std::collections::BTreeMap;

use oas_document::Location;

use super::key::Key;
use super::names::{self, Kind};

/// What asks for a name.
#[derive(Debug, Clone)]
pub(super) struct Request {
    /// What the name is given to.
    pub(super) key: Key,
    /// The names it may have, the best first. Behind them comes the first with a digest of the key.
    pub(super) forms: Vec<String>,
    /// The place that it stands for.
    pub(super) at: Location,
    /// Whether a pin by that place means this name.
    pub(super) has_place: bool,
    /// Whether it keeps the name it was given before. What is named after something that has been renamed does not.
    pub(super) keeps: bool,
    /// What it is called after, when the lock has its name only where that is not the first form. When the lock has the
    /// name of that, this was there too, with its first form.
    pub(super) follows: Option<Key>,
    /// What has a lower level gets its name first.
    pub(super) level: u8,
    /// Whether the first form leaves out what a longer one says, so that it may have been the name of something else.
    pub(super) is_vague: bool,
}

impl Request {
    /// A request by something that the document names.
    pub(super) fn named(kind: Kind, name: &str, key: Key, at: &Location) -> Self {
        let (forms, is_vague) = names::forms_and_vagueness(kind, name);
        Self { key, forms, at: at.clone(), has_place: false, keeps: true, follows: None, level: 0, is_vague }
    }

    /// A request by what is called like something that has a name, which the key `follows` was given to.
    pub(super) fn derived(key: Key, forms: Vec<String>, follows: Key, at: &Location) -> Self {
        Self {
            key,
            forms,
            at: at.clone(),
            has_place: false,
            keeps: true,
            follows: Some(follows),
            level: 0,
            is_vague: false,
        }
    }

    /// After those of lower levels.
    #[must_use]
    pub(super) fn at_level(mut self, level: u8) -> Self {
        self.level = level;
        self
    }

    /// With a form that is tried before those that spell the name out.
    #[must_use]
    pub(super) fn or(mut self, kind: Kind, longer: &str) -> Self {
        self.forms.insert(1, names::ident(kind, longer));
        self
    }

    /// A pin by the place means this name.
    #[must_use]
    pub(super) fn placed(mut self) -> Self {
        self.has_place = true;
        self
    }
}

/// Gives what a document lists twice keys of their own.
pub(super) fn tell_repeated_apart(requests: &mut [Request]) {
    let mut times: BTreeMap<Key, usize> = BTreeMap::new();
    for request in requests {
        let times = times.entry(request.key.clone()).or_default();
        *times += 1;
        if *times > 1 {
            request.key = request.key.again(*times);
        }
    }
}
