//! References: `$ref` of everything but schemas, and what all references share.

use oas_document::{Diagnostic, Location, ResolveError};

use super::Builder;
use super::reading::{At, Fields, NodeRef};
use crate::vocabulary::{ObjectKind, Version};

/// What stands at the end of a chain of references.
pub(super) struct Followed<'d> {
    /// The value itself.
    pub(super) at: At<'d>,
    /// The summary that a reference puts in place of the value's own (OpenAPI 3.1).
    pub(super) summary: Option<String>,
    /// The description that a reference puts in place of the value's own (OpenAPI 3.1).
    pub(super) description: Option<String>,
}

/// Where components of a kind stand below `components`.
pub(super) const fn section(kind: ObjectKind) -> Option<&'static str> {
    match kind {
        ObjectKind::Schema => Some("schemas"),
        ObjectKind::Response => Some("responses"),
        ObjectKind::Parameter => Some("parameters"),
        ObjectKind::Example => Some("examples"),
        ObjectKind::RequestBody => Some("requestBodies"),
        ObjectKind::Header => Some("headers"),
        ObjectKind::SecurityScheme => Some("securitySchemes"),
        ObjectKind::Link => Some("links"),
        ObjectKind::Callback => Some("callbacks"),
        ObjectKind::PathItem => Some("pathItems"),
        ObjectKind::MediaType => Some("mediaTypes"),
        _ => None,
    }
}

/// What becomes of a place whose reference to something of a kind leads nowhere.
const fn instead_of(kind: ObjectKind) -> &'static str {
    match kind {
        ObjectKind::Schema => "any value will do",
        ObjectKind::RequestBody => "any content will do",
        _ => "it is left out",
    }
}

/// Whether a component of another section says all that something of this kind says.
fn looks_like(kind: ObjectKind, section: &str) -> bool {
    matches!(
        (kind, section),
        (ObjectKind::Header, "parameters")
            | (ObjectKind::Response, "requestBodies")
            | (ObjectKind::RequestBody, "responses")
    )
}

impl<'d> Builder<'d> {
    /// What the text of a reference to something of a kind names.
    pub(super) fn resolve(&mut self, reference: NodeRef<'_, 'd>, text: &str, kind: ObjectKind) -> Option<At<'d>> {
        match self.document.resolve_at(&reference.location(), text) {
            Ok(location) => self.at(location),
            Err(reason) => self.meant(reference, text).or_else(|| {
                self.report_unresolved(reference, &reason, instead_of(kind));
                None
            }),
        }
    }

    /// What a reference that names nothing as it is written plainly means.
    pub(super) fn meant(&mut self, reference: NodeRef<'_, 'd>, text: &str) -> Option<At<'d>> {
        let location = reference.location();
        let (target, written) = self.document.meant(&location, text)?;
        let message = format!("`{text}` names nothing as it is written; it is taken as `{written}`");
        self.report(Diagnostic::slip("odd-reference", message).hint(format!("write `{written}`")), &location);
        self.at(target)
    }

    /// Reports a reference that names nothing, and what became of the place.
    pub(super) fn report_unresolved(&mut self, reference: NodeRef<'_, 'd>, reason: &ResolveError, became: &str) {
        // Whoever read the files has said which of them are not at hand.
        if matches!(reason, ResolveError::File { .. } | ResolveError::Remote { .. }) {
            return;
        }
        let finding = Diagnostic::slip(ResolveError::CODE, format!("{reason}; {became}")).hint(reason.hint());
        self.report(finding, &reference.location());
    }

    /// The value at a location that exists.
    pub(super) fn at(&self, location: Location) -> Option<At<'d>> {
        let node = self.document.get(&location)?;
        Some(At { node, location })
    }

    /// The text of a value's `$ref`, when it is a reference.
    fn reference_text(at: &At<'d>) -> Option<&'d str> {
        at.node.get("$ref")?.as_str()
    }

    /// Follows references from `at` until something else stands there.
    pub(super) fn follow(&mut self, at: At<'d>, kind: ObjectKind) -> Option<Followed<'d>> {
        let mut followed = Followed { at, summary: None, description: None };
        let mut chain: Vec<Location> = Vec::new();
        while let Some(text) = Self::reference_text(&followed.at) {
            if self.is_endless(&chain, &followed.at.location) {
                return None;
            }
            chain.push(followed.at.location.clone());
            let next = self.step(&mut followed, text, kind)?;
            followed.at = next;
        }
        Some(followed)
    }

    /// Whether a chain of references leads back to itself, or leads on for longer than makes sense, and says so.
    pub(super) fn is_endless(&mut self, chain: &[Location], next: &Location) -> bool {
        /// No document that makes sense comes near.
        const LONGEST: usize = 256;
        if chain.contains(next) {
            self.report_loop(chain, next);
        } else if let Some(first) = chain.first().filter(|_| chain.len() >= LONGEST) {
            let message = format!("more than {LONGEST} references follow one another here; they are left out");
            let finding = Diagnostic::slip("reference-cycle", message).hint("refer to the value itself");
            self.report(finding, first);
        } else {
            return false;
        }
        true
    }

    /// Follows one reference, and keeps what it says besides.
    fn step(&mut self, followed: &mut Followed<'d>, text: &str, kind: ObjectKind) -> Option<At<'d>> {
        let fields = self.fields(followed.at.clone(), ObjectKind::Reference)?;
        if self.version > Version::V3_0 {
            let summary = self.text(&fields, "summary");
            let description = self.text(&fields, "description");
            followed.summary = followed.summary.take().or(summary);
            followed.description = followed.description.take().or(description);
        }
        self.follow_one(&fields, text, kind)
    }

    /// What one reference names, when it is of the kind that is wanted.
    fn follow_one(&mut self, fields: &Fields<'d>, text: &str, kind: ObjectKind) -> Option<At<'d>> {
        let node = fields.get("$ref")?;
        let target = self.resolve(node, text, kind)?;
        self.check_section(&target.location, kind, node).then_some(target)
    }

    /// Reports a reference to a component of another kind, and says whether it can be taken for what is wanted.
    pub(super) fn check_section(&mut self, target: &Location, kind: ObjectKind, node: NodeRef<'_, 'd>) -> bool {
        let tokens: Vec<_> = target.pointer.tokens().take(4).collect();
        let [components, found, _] = tokens.as_slice() else { return true };
        let wanted = section(kind);
        let is_section = ObjectKind::Components.member(found).is_some();
        if components != "components" || !is_section || wanted == Some(found) {
            return true;
        }
        let is_alike = looks_like(kind, found);
        let became = if is_alike { "it is taken for one" } else { instead_of(kind) };
        let message = format!("expected a reference to a {kind}, found one to `components/{found}`; {became}");
        let hint = wanted.map_or_else(String::new, |wanted| format!("a {kind} stands under `components/{wanted}`"));
        self.report(Diagnostic::slip("wrong-reference", message).hint(hint), &node.location());
        is_alike
    }

    /// Reports references that lead to each other and never to a value: the same way from wherever they were followed.
    pub(super) fn report_loop(&mut self, chain: &[Location], back: &Location) {
        let start = chain.iter().position(|location| location == back).unwrap_or_default();
        let mut members: Vec<&Location> = chain.iter().skip(start).collect();
        let first = members.iter().enumerate().min_by_key(|(_, location)| **location).map_or(0, |(index, _)| index);
        members.rotate_left(first);
        members.extend(members.first().copied());
        let names: Vec<String> = members.iter().map(|location| format!("`{}`", location.pointer)).collect();
        let message = format!(
            "these references lead to each other and to nothing else, and are left out: {}",
            names.join(" -> ")
        );
        let finding = Diagnostic::slip("reference-cycle", message).hint("give one of them a value of its own");
        let at = members.first().map_or(back, |first| *first).clone();
        // Whoever leads into the loop is left out with it.
        let finding = match chain.first().filter(|first| !members.contains(first)) {
            Some(first) => self.relate(finding, first, "this leads there"),
            None => finding,
        };
        self.report(finding, &at);
    }
}
