//! Path templates.

use std::fmt::Write as _;

use oas_model::ParameterLocation;

use super::request::Request;
use crate::plan::ParamField;

/// A piece of a path template.
pub(super) enum Piece<'a> {
    /// Text that the document fixes, percent-encoded where a URL needs it.
    Text(String),
    /// A parameter.
    Parameter(&'a ParamField),
}

/// The pieces of an operation's path. A brace without its partner is text: `/a}b{` has one piece. So is a name in
/// braces that no parameter has.
pub(super) fn pieces<'a>(request: &Request<'a>) -> Vec<Piece<'a>> {
    let mut pieces = Vec::new();
    let mut rest = request.operation.path.as_str();
    while let Some((text, name, after)) = next_parameter(rest) {
        if !text.is_empty() {
            pieces.push(Piece::Text(encoded(text)));
        }
        match parameter(request, name) {
            Some(field) => pieces.push(Piece::Parameter(field)),
            None => pieces.push(Piece::Text(encoded(&format!("{{{name}}}")))),
        }
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(Piece::Text(encoded(rest)));
    }
    pieces
}

/// The text up to the next name in braces, the name, and what follows.
fn next_parameter(template: &str) -> Option<(&str, &str, &str)> {
    let innermost = template.find('}').and_then(|close| Some((template[..close].rfind('{')?, close)));
    let (open, close) = innermost.or_else(|| {
        let open = template.find('{')?;
        Some((open, open + template[open..].find('}')?))
    })?;
    Some((&template[..open], &template[open + 1..close], &template[close + 1..]))
}

/// The field of the path parameter with this name.
fn parameter<'a>(request: &Request<'a>, name: &str) -> Option<&'a ParamField> {
    request.item.params.as_ref()?.fields.iter().find(|field| {
        let parameter = request.parameter(field);
        parameter.location == ParameterLocation::Path && parameter.name == name
    })
}

/// Text of a template as a URL holds it: what no URL has is percent-encoded, and so are braces.
fn encoded(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        let stays = byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte);
        if stays {
            encoded.push(char::from(byte));
        } else {
            // Writing to a `String` cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
