//! Which operations progenitor generates, and which are written without it: of these it has the struct and the setters,
//! so that only what shapes those counts.

use oas_model::ParameterLocation;
use oas_wire::essence;

use super::request::Request;
use super::template::{self, Piece};
use crate::plan::{BodyContent, ContentFormat, ParamField, RustType};

/// The most parameters of an operation that has headers and a body. Progenitor's order of the two is no order, which
/// the standard library's sort notices, and panics, from 21 elements on.
const MOST_WITH_HEADERS_AND_BODY: usize = 19;

/// Whether progenitor can express the operation, all of it.
pub(super) fn fits_progenitor(request: &Request<'_>) -> bool {
    template_fits(request) && body_fits(request) && !is_badly_sorted(request)
}

/// Whether the path is one, and every path parameter stands in it.
fn template_fits(request: &Request<'_>) -> bool {
    let pieces = template::pieces(request);
    let is_in_path = |field: &ParamField| {
        pieces.iter().any(|piece| matches!(piece, Piece::Parameter(one) if one.parameter == field.parameter))
    };
    let mut fields = request.item.params.iter().flat_map(|params| &params.fields);
    fields.all(|field| request.parameter(field).location != ParameterLocation::Path || is_in_path(field))
}

/// Whether there is no body, or one that must be there and has one media type that progenitor knows.
fn body_fits(request: &Request<'_>) -> bool {
    let Some(body) = &request.item.body else { return true };
    let BodyContent::Single(content) = &body.content else { return false };
    let Some(media_type) = request.body_media_type(content) else { return false };
    let essence = essence(&media_type.name);
    let is_known = match content.format {
        ContentFormat::Json => media_type.encoding.is_empty(),
        ContentFormat::Text => essence == "text/plain" && content.ty == RustType::String,
        ContentFormat::Bytes => essence == "application/octet-stream",
        _ => false,
    };
    body.required && is_known
}

/// Whether progenitor's sorting could panic.
fn is_badly_sorted(request: &Request<'_>) -> bool {
    let parameters = &request.operation.parameters;
    request.item.body.is_some()
        && parameters.len() > MOST_WITH_HEADERS_AND_BODY
        && parameters.iter().any(|parameter| parameter.location == ParameterLocation::Header)
}
