//! The document that progenitor is shown: made of the plan, holding no word of the user's document.
//!
//! Every operation, parameter and type has a placeholder for a name, and every schema is a reference that is replaced
//! by a placeholder type, so that progenitor never meets a name or schema it cannot digest. The operation `op7` has the
//! parameters `p000`, `p001`..., and the types are called `__T0`, `__T1`...; [`rewrite`](super::rewrite) puts in what
//! the plan has settled.

use std::collections::BTreeMap;

use indexmap::IndexMap;
use oas_model::{Method, ParameterLocation};
use openapiv3::{
    Components, Info, MediaType, OpenAPI, Operation, Parameter, ParameterData, ParameterSchemaOrContent, PathItem,
    PathStyle, Paths, QueryStyle, ReferenceOr, RequestBody, Response, Responses, Schema, SchemaData, SchemaKind,
    StatusCode, StringFormat, StringType, Type, VariantOrUnknownOrEmpty,
};
use proc_macro2::TokenStream;

use super::request::{Context, Request, Success};
use super::template::{self, Piece};
use crate::plan::{BodyContent, ContentFormat, ParamField, ParamPresence};

/// Types by placeholder: the position in the list is the number in `__T7`.
#[derive(Default)]
pub(super) struct Placeholders {
    types: Vec<TokenStream>,
    known: BTreeMap<String, usize>,
}

impl Placeholders {
    /// The schema that stands for a type.
    fn schema(&mut self, ty: TokenStream) -> ReferenceOr<Schema> {
        let next = self.types.len();
        let number = *self.known.entry(ty.to_string()).or_insert(next);
        if number == next {
            self.types.push(ty);
        }
        ReferenceOr::Reference { reference: format!("#/components/schemas/T{number}") }
    }

    /// The type behind a placeholder.
    pub(super) fn get(&self, ident: &str) -> Option<&TokenStream> {
        self.types.get(ident.strip_prefix("__T")?.parse::<usize>().ok()?)
    }

    /// The numbers of all placeholders.
    pub(super) fn numbers(&self) -> std::ops::Range<usize> {
        0..self.types.len()
    }
}

/// The placeholder for an operation.
pub(super) fn operation_name(request: &Request<'_>) -> String {
    format!("op{}", request.index)
}

/// The placeholder for a parameter. Digits are padded so that progenitor, which sorts by name, keeps their order.
pub(super) fn parameter_name(field: &ParamField) -> String {
    format!("p{:03}", field.parameter)
}

/// The skeleton of these operations, and the types that its placeholders stand for.
pub(super) fn skeleton(client: Context<'_>, requests: &[&Request<'_>]) -> (OpenAPI, Placeholders) {
    let mut placeholders = Placeholders::default();
    let mut paths = Paths::default();
    for request in requests {
        let path = path(request);
        let item = path_item(request, operation(client, request, &mut placeholders));
        paths.paths.insert(path, ReferenceOr::Item(item));
    }
    let any =
        || Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Any(openapiv3::AnySchema::default()) };
    let schemas = placeholders.numbers().map(|number| (format!("T{number}"), ReferenceOr::Item(any()))).collect();
    let document = OpenAPI {
        openapi: "3.0.3".to_owned(),
        info: Info { title: "skeleton".to_owned(), version: "0".to_owned(), ..Info::default() },
        paths,
        components: Some(Components { schemas, ..Components::default() }),
        ..OpenAPI::default()
    };
    (document, placeholders)
}

/// A path of its own for the operation, with its path parameters.
fn path(request: &Request<'_>) -> String {
    let parameters = template::pieces(request).into_iter().filter_map(|piece| match piece {
        Piece::Parameter(field) => Some(format!("/{{{}}}", parameter_name(field))),
        Piece::Text(_) => None,
    });
    std::iter::once(format!("/{}", operation_name(request))).chain(parameters).collect()
}

/// The path item around an operation.
fn path_item(request: &Request<'_>, operation: Operation) -> PathItem {
    let mut item = PathItem::default();
    let slot = match request.operation.method {
        Method::Put => &mut item.put,
        Method::Delete => &mut item.delete,
        Method::Head => &mut item.head,
        Method::Patch => &mut item.patch,
        // Progenitor knows no others. Which one it is shown matters to what is left out of its work.
        _ => &mut item.post,
    };
    *slot = Some(operation);
    item
}

/// The operation with placeholders in the place of every name and type.
fn operation(client: Context<'_>, request: &Request<'_>, placeholders: &mut Placeholders) -> Operation {
    let fields = request.item.params.iter().flat_map(|params| &params.fields);
    let parameters = fields.map(|field| parameter(client, request, field, placeholders)).collect();
    Operation {
        operation_id: Some(operation_name(request)),
        parameters,
        request_body: body(client, request, placeholders).map(ReferenceOr::Item),
        responses: responses(client, request, placeholders),
        ..Operation::default()
    }
}

/// A parameter.
fn parameter(
    client: Context<'_>,
    request: &Request<'_>,
    field: &ParamField,
    placeholders: &mut Placeholders,
) -> ReferenceOr<Parameter> {
    let location = request.parameter(field).location;
    let parameter_data = ParameterData {
        name: parameter_name(field),
        description: None,
        required: location == ParameterLocation::Path || field.presence == ParamPresence::Required,
        deprecated: None,
        format: ParameterSchemaOrContent::Schema(placeholders.schema(client.ty(&field.ty))),
        example: None,
        examples: IndexMap::default(),
        explode: None,
        extensions: IndexMap::default(),
    };
    ReferenceOr::Item(match location {
        ParameterLocation::Path => Parameter::Path { parameter_data, style: PathStyle::Simple },
        ParameterLocation::Header => Parameter::Header { parameter_data, style: openapiv3::HeaderStyle::Simple },
        _ => {
            Parameter::Query { parameter_data, allow_reserved: false, style: QueryStyle::Form, allow_empty_value: None }
        }
    })
}

/// The body of the request.
fn body(client: Context<'_>, request: &Request<'_>, placeholders: &mut Placeholders) -> Option<RequestBody> {
    let BodyContent::Single(content) = &request.item.body.as_ref()?.content else { return None };
    let (media_type, schema) = match content.format {
        ContentFormat::Text => ("text/plain", ReferenceOr::Item(text(VariantOrUnknownOrEmpty::Empty))),
        ContentFormat::Bytes => {
            ("application/octet-stream", ReferenceOr::Item(text(VariantOrUnknownOrEmpty::Item(StringFormat::Binary))))
        }
        _ => ("application/json", placeholders.schema(client.ty(&content.ty))),
    };
    let media_type = (media_type.to_owned(), MediaType { schema: Some(schema), ..MediaType::default() });
    Some(RequestBody { content: [media_type].into_iter().collect(), required: true, ..RequestBody::default() })
}

/// A string, as progenitor wants bodies described that are sent as they are.
fn text(format: VariantOrUnknownOrEmpty<StringFormat>) -> Schema {
    let string = StringType { format, ..StringType::default() };
    Schema { schema_data: SchemaData::default(), schema_kind: SchemaKind::Type(Type::String(string)) }
}

/// One success and one error: which statuses they stand for is written into the `match` afterwards.
fn responses(client: Context<'_>, request: &Request<'_>, placeholders: &mut Placeholders) -> Responses {
    let json = |schema| {
        let media_type = MediaType { schema: Some(schema), ..MediaType::default() };
        [("application/json".to_owned(), media_type)].into_iter().collect()
    };
    let success = match &request.success {
        Success::Empty => IndexMap::default(),
        Success::Bytes => [("application/octet-stream".to_owned(), MediaType::default())].into_iter().collect(),
        other => json(placeholders.schema(other.ty(client))),
    };
    let error = json(placeholders.schema(request.error_type()));
    let response = |content| ReferenceOr::Item(Response { content, ..Response::default() });
    Responses {
        responses: [(StatusCode::Range(2), response(success)), (StatusCode::Range(4), response(error))]
            .into_iter()
            .collect(),
        ..Responses::default()
    }
}
