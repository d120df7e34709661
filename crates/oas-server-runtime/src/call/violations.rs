//! What is wrong with a request.

use serde::de::{DeserializeOwned, Deserializer};
use serde_path_to_error::Segment;

use crate::schemas::Compiled;
use crate::violation::push_token;
use crate::{Location, Rejection, ServerError, Violation};

/// What is wrong with a request, as far as it was looked at.
#[derive(Debug, Default)]
pub(super) struct Violations {
    violations: Vec<Violation>,
    failure: Option<ServerError>,
}

/// Stands for a value that is not what the document describes; what is wrong is noted in the [`Call`](super::Call).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid(());

impl Violations {
    /// Notes one thing that is wrong.
    pub(super) fn add(&mut self, violation: Violation) -> Invalid {
        self.violations.push(violation);
        Invalid(())
    }

    /// Notes what is wrong.
    pub(super) fn extend(&mut self, violations: impl IntoIterator<Item = Violation>) {
        self.violations.extend(violations);
    }

    /// Notes that this server is at fault, not the request.
    pub(super) fn fail(&mut self, error: ServerError) -> Invalid {
        self.failure = Some(error);
        Invalid(())
    }

    /// How many things are wrong.
    pub(super) fn count(&self) -> usize {
        self.violations.len()
    }

    /// Whether nothing is wrong but the first `count` things.
    pub(super) fn none_since(&self, count: usize) -> Result<(), Invalid> {
        if self.count() > count { Err(Invalid(())) } else { Ok(()) }
    }

    /// Holds `value`, which stands at `base` of `location`, against its schema.
    pub(super) fn check(
        &mut self,
        compiled: &Compiled,
        value: &serde_json::Value,
        location: Location,
        base: &str,
    ) -> Result<(), Invalid> {
        let before = self.count();
        compiled.check(value, location, base, &mut self.violations);
        self.none_since(before)
    }

    /// The value as the type that the service gets. What its schema allows and the type cannot hold (a number beyond
    /// 64 bits) is wrong too.
    pub(super) fn fit<'de, T: DeserializeOwned>(
        &mut self,
        value: impl Deserializer<'de>,
        location: Location,
        base: &str,
    ) -> Result<T, Invalid> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let mut pointer = base.to_owned();
            for segment in error.path() {
                match segment {
                    Segment::Seq { index } => push_token(&mut pointer, &index.to_string()),
                    Segment::Map { key } => push_token(&mut pointer, key),
                    Segment::Enum { .. } | Segment::Unknown => {}
                }
            }
            // A generated type reads its value as a whole, and says itself where in it the fault is.
            let message = error.inner().to_string();
            if let Some((place, _)) = message.split_once(": expected ").filter(|(place, _)| place.starts_with('/')) {
                pointer.push_str(place);
            }
            self.add(Violation::new(location, pointer, "unrepresentable", "is beyond what this server can hold"))
        })
    }

    /// Nothing, when nothing is wrong.
    pub(super) fn settle(self) -> Result<(), Rejection> {
        match self.failure {
            Some(error) => Err(error.into()),
            None if self.violations.is_empty() => Ok(()),
            None => Err(Rejection::invalid(self.violations)),
        }
    }
}
