//! Whether a document is one that can be read at all.

use oas_document::{Diagnostic, Document, Location, Value, nearest};

use super::Builder;
use super::reading::{Fields, value};
use crate::vocabulary::{ObjectKind, Version};

/// The version of the document.
///
/// # Errors
/// When it is no OpenAPI document, or one of a version that is not supported.
pub(super) fn check(document: &Document) -> Result<Version, Box<Diagnostic>> {
    let root = document.root();
    let here = document.root_location();
    let Some(members) = root.as_object() else {
        let message = format!("an OpenAPI document is an object, but this is {}", value(root.kind()));
        return Err(at(document, &here, Diagnostic::error("not-openapi", message).hint("begin with `openapi: 3.1.0`")));
    };
    if let Some(version) = members.get("swagger") {
        let written = version.node.as_str().map_or_else(|| version.node.to_json().to_string(), str::to_owned);
        let finding = Diagnostic::error("unsupported-version", format!("this is a Swagger {written} document"))
            .hint("Swagger 2.0 is read as well: convert it to that first, with swagger-converter, say");
        return Err(at(document, &here.child("swagger"), finding));
    }
    let Some(stated) = members.get("openapi") else {
        let hint = slip("openapi", members.keys().map(String::as_str))
            .unwrap_or_else(|| "an OpenAPI document starts with `openapi: 3.1.1`, or another version".to_owned());
        let finding = Diagnostic::error("not-openapi", "this is no OpenAPI document: it has no member `openapi`");
        return Err(at(document, &here, finding.hint(hint)));
    };
    let written = match &stated.node.value {
        Value::String(text) => text.clone(),
        _ => stated.node.to_json().to_string(),
    };
    parse(&written).ok_or_else(|| {
        let finding = Diagnostic::error("unsupported-version", format!("OpenAPI `{written}` is not supported"))
            .hint("supported are 3.0, 3.1 and 3.2, written as `3.1.1`");
        at(document, &here.child("openapi"), finding)
    })
}

/// Reads `3.1.0`, and also `3.1` and `v3.1.0`, which is not how it should be written but plain enough.
fn parse(written: &str) -> Option<Version> {
    let mut parts = written.trim().trim_start_matches(['v', 'V']).splitn(3, '.');
    let version = match (parts.next()?, parts.next()?) {
        ("3", "0") => Version::V3_0,
        ("3", "1") => Version::V3_1,
        ("3", "2") => Version::V3_2,
        _ => return None,
    };
    let is_patch = |patch: &str| patch.starts_with(|first: char| first.is_ascii_digit());
    parts.next().is_none_or(is_patch).then_some(version)
}

impl<'d> Builder<'d> {
    /// Reports a document that describes nothing (OpenAPI 3.0.4, section 4.7.1; 3.1.1, section 4.8.1).
    pub(super) fn check_contents(&mut self, root: &Fields<'d>) {
        let has = |name: &str| root.at.node.get(name).is_some();
        let version = self.version;
        let message = if version == Version::V3_0 && !has("paths") {
            format!("an OpenAPI {version} document needs `paths`; it is taken as empty")
        } else if !["paths", "components", "webhooks"].into_iter().any(has) {
            format!("an OpenAPI {version} document needs `paths`, `components` or `webhooks`; nothing is described")
        } else {
            return;
        };
        let names = root.at.members().map(|(name, _)| name);
        let hint = slip("paths", names.filter(|name| ObjectKind::OpenApi.member(name).is_none()))
            .unwrap_or_else(|| "write `paths: {}` when there is none".to_owned());
        self.report(Diagnostic::slip("missing-member", message).hint(hint), &root.at.location);
    }
}

/// A hint that a member was meant to be called `name`, when one is called much like it.
fn slip<'a>(name: &str, members: impl IntoIterator<Item = &'a str>) -> Option<String> {
    nearest(name, members).map(|member| format!("is `{member}` meant to be `{name}`?"))
}

/// The finding with its place.
fn at(document: &Document, location: &Location, finding: Diagnostic) -> Box<Diagnostic> {
    Box::new(match document.place(location) {
        Some(place) => finding.at(place),
        None => finding,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patch_numbers_do_not_matter() {
        assert_eq!(parse("3.0.4"), Some(Version::V3_0));
        assert_eq!(parse("3.1.0"), Some(Version::V3_1));
        assert_eq!(parse("3.1"), Some(Version::V3_1));
        assert_eq!(parse("v3.1.0"), Some(Version::V3_1));
        assert_eq!(parse("3.2.0-rc1"), Some(Version::V3_2));
    }

    #[test]
    fn other_versions_are_none() {
        for written in ["", "3", "2.0", "3.3.0", "4.0.0", "3.1.x", "31.0", "3.10.0", "three"] {
            assert_eq!(parse(written), None, "{written}");
        }
    }
}
