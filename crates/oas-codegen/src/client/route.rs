//! Which operations progenitor generates, and which are written without it.

use oas_model::{Method, ParameterLocation, Payload, Style};

use super::media_type;
use super::request::{Planned, Request, Success};
use super::template::{self, Piece};
use crate::plan::{BodyContent, ContentFormat, ParamField, RustType, TypeKind};

/// The most parameters of an operation that has headers and a body. Progenitor's order of the two is no order, which
/// the standard library's sort notices, and panics, from 21 elements on.
const MOST_WITH_HEADERS_AND_BODY: usize = 19;

/// Whether progenitor can express the operation, all of it.
pub(super) fn fits_progenitor(planned: Planned<'_>, request: &Request<'_>) -> bool {
    method_fits(&request.operation.method)
        && request.operation.servers.is_empty()
        && template_fits(request)
        && request
            .item
            .params
            .iter()
            .flat_map(|params| &params.fields)
            .all(|field| parameter_fits(planned, request, field))
        && body_fits(request)
        && !is_badly_sorted(request)
        && request.stream.is_none()
        && matches!(request.success, Success::Empty | Success::Json(_) | Success::ByStatus(_) | Success::Bytes)
}

/// The methods that the HTTP client has a function for.
fn method_fits(method: &Method) -> bool {
    matches!(method, Method::Get | Method::Put | Method::Post | Method::Delete | Method::Head | Method::Patch)
}

/// Whether the path is one, and every path parameter stands in it.
fn template_fits(request: &Request<'_>) -> bool {
    let pieces = template::pieces(request);
    let is_in_path = |field: &ParamField| {
        pieces.iter().any(|piece| matches!(piece, Piece::Parameter(one) if one.parameter == field.parameter))
    };
    let mut fields = request.item.params.iter().flat_map(|params| &params.fields);
    request.operation.path.starts_with('/')
        && pieces.iter().all(|piece| !matches!(piece, Piece::Text(text) if text.contains(['?', '#'])))
        && fields.all(|field| {
            let parameter = request.operation.parameters.get(field.parameter);
            parameter.is_some_and(|one| one.location != ParameterLocation::Path) || is_in_path(field)
        })
}

/// Whether a parameter is written in the style that progenitor has for its place.
fn parameter_fits(planned: Planned<'_>, request: &Request<'_>, field: &ParamField) -> bool {
    let Some(parameter) = request.operation.parameters.get(field.parameter) else { return false };
    if matches!(parameter.payload, Payload::Content(_)) {
        return false;
    }
    match (parameter.location, parameter.style) {
        (ParameterLocation::Path, Style::Simple) => is_flat(planned, &field.ty) && !parameter.allow_reserved,
        (ParameterLocation::Header, Style::Simple) => {
            let name = parameter.name.as_bytes();
            is_flat(planned, &field.ty) && !name.is_empty() && name.iter().all(|byte| media_type::is_token(*byte))
        }
        (ParameterLocation::Query, Style::Form) => {
            let is_written = match planned.bare(&field.ty) {
                RustType::List(item) => parameter.explode && is_scalar(planned, item),
                _ => is_scalar(planned, &field.ty),
            };
            is_written && !parameter.allow_reserved
        }
        _ => false,
    }
}

/// A scalar, or a list of them.
fn is_flat(planned: Planned<'_>, ty: &RustType) -> bool {
    match planned.bare(ty) {
        RustType::List(item) => is_scalar(planned, item),
        _ => is_scalar(planned, ty),
    }
}

/// Whether a value is written without delimiters.
fn is_scalar(planned: Planned<'_>, ty: &RustType) -> bool {
    match planned.bare(ty) {
        RustType::Bool
        | RustType::I32
        | RustType::I64
        | RustType::U32
        | RustType::U64
        | RustType::F32
        | RustType::F64
        | RustType::String
        | RustType::DateTime
        | RustType::Date
        | RustType::Uuid => true,
        RustType::Named(index) => planned
            .plan
            .types
            .get(index.0)
            .is_some_and(|item| matches!(item.kind, TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_))),
        _ => false,
    }
}

/// Whether there is no body, or one that must be there and has one media type that progenitor knows.
fn body_fits(request: &Request<'_>) -> bool {
    let Some(body) = &request.item.body else { return true };
    let BodyContent::Single(content) = &body.content else { return false };
    let Some(media_type) = request.body_media_type(content) else { return false };
    let essence = media_type::essence(&media_type.name);
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
