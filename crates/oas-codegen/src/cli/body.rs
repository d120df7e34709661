//! Which of an operation's bodies the command line sends, and how it takes it.

use oas_document::{Diagnostic, Place};
use oas_model::Operation;

use crate::client::surface::{PartSetter, Surface};
use crate::docs;
use crate::plan::{ContentFormat, ContentItem, Ident, OperationItem};

/// How the body of an operation is taken.
pub(super) enum Sent<'a> {
    /// There is none.
    Nothing,
    /// As JSON, whole or member by member.
    Json(Choice<'a>),
    /// As a file of text or bytes.
    Raw(Choice<'a>),
    /// Part by part.
    Parts(&'a [PartSetter<'a>]),
}

/// The body in one media type.
pub(super) struct Choice<'a> {
    pub(super) content: &'a ContentItem,
    /// The enum and its variant, when the body may be of several media types.
    pub(super) variant: Option<(&'a Ident, &'a Ident)>,
}

impl Choice<'_> {
    /// Whether the body is a list of values, each of which the content describes.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.content.format, ContentFormat::JsonLines | ContentFormat::EventStream)
    }
}

/// How the body of `operation` is taken.
pub(super) fn of<'a>(operation: &'a OperationItem, surface: &'a Surface<'a>) -> Sent<'a> {
    if let Some(parts) = &surface.parts {
        return Sent::Parts(parts);
    }
    let Some(body) = &operation.body else { return Sent::Nothing };
    let (variant, content) = body.content.easiest();
    let choice = Choice { content, variant };
    if matches!(content.format, ContentFormat::Text | ContentFormat::Bytes) {
        return Sent::Raw(choice);
    }
    Sent::Json(choice)
}

/// Says which media type is sent, when the document has several.
pub(super) fn note(item: &OperationItem, operation: &Operation, sent: &Sent<'_>) -> Option<Diagnostic> {
    let (Sent::Json(choice) | Sent::Raw(choice)) = sent else { return None };
    choice.variant?;
    let name = &operation.request_body.as_ref()?.content[choice.content.media_type].name;
    let message = format!(
        "the command line sends the body of {} as {} alone, of the media types that the document has",
        docs::code(&item.id),
        docs::code(name)
    );
    Some(Diagnostic::note("one-media-type", message).at(Place::of(&operation.at)).hint("the client sends any of them"))
}
