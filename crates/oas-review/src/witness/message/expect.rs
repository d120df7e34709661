//! For what reason a message has to be refused to be a witness of a change, and why some changes have none.

use super::judge::Refusal;
use crate::change::Change;
use crate::rule::{Rule, is};

/// What a message has to be refused for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Expected {
    /// No operation takes it.
    Operation,
    /// No server stands there.
    Server,
    /// A parameter.
    Parameter {
        /// Its name, as the base or the revision writes it.
        name: String,
        /// Whether the empty parameter is worth trying.
        may_be_empty: bool,
    },
    /// A body that is there or is not.
    Body,
    /// The media type of the body.
    MediaType,
    /// The credentials.
    Security,
    /// The status.
    Status,
    /// A header of a response.
    Header(String),
}

impl Expected {
    /// Whether a refusal is of this kind.
    pub(super) fn covers(&self, refusal: &Refusal) -> bool {
        match (self, refusal) {
            (Self::Operation, Refusal::Operation)
            | (Self::Server, Refusal::Server)
            | (Self::Body, Refusal::Body)
            | (Self::MediaType, Refusal::MediaType)
            | (Self::Security, Refusal::Security)
            | (Self::Status, Refusal::Status) => true,
            (Self::Parameter { name, .. }, Refusal::Parameter(own)) | (Self::Header(name), Refusal::Header(own)) => {
                name.eq_ignore_ascii_case(own)
            }
            _ => false,
        }
    }

    /// Why there is no witness where none was found.
    pub(super) const fn reason(&self) -> &'static str {
        match self {
            Self::Operation => "the requests that were tried reach another operation on the other side",
            Self::Server => "the URLs that were tried stand on both sides: what changes is which one is called",
            Self::Parameter { .. } => {
                "the requests that were tried are valid on both sides, though they may mean something else"
            }
            Self::Body | Self::MediaType => "no message with such a body was found that one side alone describes",
            Self::Security => "the credentials that were tried will do on both sides",
            Self::Status => "the answers that were tried are described on both sides",
            Self::Header(_) => {
                "the headers that were tried are valid on both sides, though they may mean something else"
            }
        }
    }
}

/// What a message has to be refused for, or why no message is looked for.
pub(super) fn expected(change: &Change) -> Result<Expected, &'static str> {
    let rule = change.rule;
    let any = |rules: &[Rule]| rules.contains(&rule);
    if any(&[is::OPERATION_ADDED, is::OPERATION_SHADOWS, is::OPERATION_REMOVED, is::OPERATION_MOVED]) {
        return Ok(Expected::Operation);
    }
    if any(&[is::PARAMETER_RESERVED_ALLOWED, is::PARAMETER_RESERVED_FORBIDDEN]) {
        return Err("it is about how characters are escaped, which a request that was read does not show");
    }
    if any(&[
        is::ENCODING_CHANGED,
        is::PART_TYPES_WIDENED,
        is::PART_TYPES_NARROWED,
        is::PART_HEADER_ADDED,
        is::REQUIRED_PART_HEADER_ADDED,
        is::PART_HEADER_REMOVED,
    ]) {
        return Err("it is about how the parts of a form are written, which no value of the form shows");
    }
    if any(&[is::CALLBACK_MOVED]) {
        return Err("where the request goes is found out while the API runs");
    }
    let entry = rule.entry().name;
    if entry.starts_with("security-scheme-") && rule != is::SCHEME_CHANGED {
        return Err("it is about how credentials are got, before there is a request");
    }
    if entry.starts_with("security-") || rule == is::CALLBACK_SECURITY_DROPPED {
        return Ok(Expected::Security);
    }
    if entry.starts_with("server-") {
        return Ok(Expected::Server);
    }
    if entry.starts_with("request-") && entry.contains("parameter-") {
        let may_be_empty = any(&[is::PARAMETER_EMPTY_ALLOWED, is::PARAMETER_EMPTY_FORBIDDEN]);
        return Ok(Expected::Parameter { name: named(change), may_be_empty });
    }
    if entry.contains("media-type-") {
        return Ok(Expected::MediaType);
    }
    if entry.contains("header-") {
        return Ok(Expected::Header(named(change)));
    }
    if entry.contains("body-") {
        return Ok(Expected::Body);
    }
    Ok(Expected::Status)
}

/// The name of what the change is about, out of its backquotes.
fn named(change: &Change) -> String {
    let name = change.name.as_deref().unwrap_or_default();
    name.split('`').nth(1).unwrap_or(name).to_owned()
}
