//! For what reason a message has to be refused to be a witness of a change, and why some changes have none.

use super::judge::Refusal;
use crate::change::Change;
use crate::rule;

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
    let about = || change.about.clone().unwrap_or_default();
    match change.rule.entry().refusal {
        rule::Refusal::Operation => Ok(Expected::Operation),
        rule::Refusal::Server => Ok(Expected::Server),
        rule::Refusal::Parameter => Ok(Expected::Parameter { name: about(), may_be_empty: false }),
        rule::Refusal::EmptyParameter => Ok(Expected::Parameter { name: about(), may_be_empty: true }),
        rule::Refusal::Body => Ok(Expected::Body),
        rule::Refusal::MediaType => Ok(Expected::MediaType),
        rule::Refusal::Security => Ok(Expected::Security),
        rule::Refusal::Status => Ok(Expected::Status),
        rule::Refusal::Header => Ok(Expected::Header(about())),
        rule::Refusal::Nothing(reason) => Err(reason),
        rule::Refusal::Any | rule::Refusal::Keywords(_) | rule::Refusal::Bound => Err("no message shows it"),
    }
}
