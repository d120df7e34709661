//! The table of an operation: what the runtime has to know of it.

use std::collections::BTreeSet;

use oas_model::{
    ApiKeyLocation, Encoding, MediaType, Operation, Parameter, ParameterLocation, Payload, RequestBody,
    SecuritySchemeKind, StatusPattern, Style,
};
use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};

use super::hook::Hook;
use super::{Context, Endpoint, schemas};
use crate::plan::{BodyContent, ContentFormat, ContentItem, ParamPresence};

/// `static OPERATION`.
pub(super) fn operation(server: &Context<'_>, endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { item, operation, .. } = endpoint;
    let (id, method, path) = (&item.id, operation.method.as_str(), &operation.path);
    let parameters = operation.parameters.iter().enumerate().map(|(index, one)| {
        let field = item.params.iter().flat_map(|params| &params.fields).find(|field| field.parameter == index);
        let default = field.and_then(|field| match &field.presence {
            ParamPresence::Default(value) => Some(value.to_string()),
            ParamPresence::Required | ParamPresence::Optional => None,
        });
        parameter(server, one, default.as_deref())
    });
    let body = body_of(endpoint).map(|(described, content)| body(server, described, content));
    let produces = produces(operation);
    let secrets = secret_headers(server, operation);
    let stated = [
        ("parameters", list(parameters)),
        ("body", body.map(|body| quote!(Some(#body)))),
        ("produces", list(produces)),
        ("secret_headers", list(secrets)),
        ("ranges", ranges(operation).then(|| quote!(true))),
        (
            "body_limit",
            item.behavior.body_limit.map(|limit| {
                let limit = proc_macro2::Literal::u32_unsuffixed(limit);
                quote!(Some(#limit))
            }),
        ),
    ];
    let stated = stated.into_iter().filter_map(|(name, value)| {
        let name = format_ident!("{name}");
        value.map(|value| quote!(#name: #value,))
    });
    quote! {
        pub(super) static OPERATION: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            #(#stated)*
            ..Operation::EMPTY
        };
    }
}

/// `static OPERATION` of a webhook, whose path is that of its receiver.
pub(super) fn webhook(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let Hook { item, operation } = hook;
    let (id, method, path) = (&item.id, operation.method.as_str(), format!("/{}", item.method_ident.as_str()));
    let headers = operation.parameters.iter().filter(|parameter| parameter.location == ParameterLocation::Header);
    let parameters = list(headers.map(|header| parameter(server, header, None))).map(|all| quote!(parameters: #all,));
    let body = item.body.as_ref().and_then(|body| {
        let media_type = &operation.request_body.as_ref()?.content[body.media_type];
        let (required, content) = (body.required, content(server, media_type, body.format));
        Some(quote!(body: Some(RequestBody { required: #required, content: &[#content] }),))
    });
    quote! {
        pub(super) static OPERATION: Operation = Operation {
            id: #id,
            method: #method,
            path: #path,
            #parameters
            #body
            ..Operation::EMPTY
        };
    }
}

/// A list, when there is something in it.
fn list(items: impl IntoIterator<Item = impl ToTokens>) -> Option<TokenStream> {
    let mut items = items.into_iter().peekable();
    items.peek()?;
    Some(quote!(&[#(#items),*]))
}

/// Whether the operation answers parts of its bytes.
fn ranges(operation: &Operation) -> bool {
    operation.method.as_str() == "GET"
        && operation.responses.iter().any(|response| response.status == StatusPattern::Code(206))
}

/// The headers that keys stand in: what they hold is not for logs.
fn secret_headers<'a>(server: &Context<'a>, operation: &Operation) -> BTreeSet<&'a str> {
    let names = operation.security.iter().flat_map(|requirement| requirement.schemes.keys());
    let schemes = names.map(|name| &server.api.security_schemes[name]);
    schemes
        .filter_map(|scheme| match &scheme.kind {
            SecuritySchemeKind::ApiKey { location: ApiKeyLocation::Header, name } => Some(name.as_str()),
            _ => None,
        })
        .collect()
}

/// The body, when both model and plan have one.
pub(super) fn body_of<'a>(endpoint: &Endpoint<'a>) -> Option<(&'a RequestBody, &'a BodyContent)> {
    Some((endpoint.operation.request_body.as_ref()?, &endpoint.item.body.as_ref()?.content))
}

/// A parameter: what the specification's defaults for its location do not say already.
fn parameter(server: &Context<'_>, parameter: &Parameter, default: Option<&str>) -> TokenStream {
    let Parameter { name, location, required, style, explode, allow_empty_value, payload, .. } = parameter;
    let (base, usual) = match location {
        ParameterLocation::Path => (quote!(PATH), Style::Simple),
        ParameterLocation::Query => (quote!(QUERY), Style::Form),
        ParameterLocation::Querystring => (quote!(QUERYSTRING), Style::Form),
        ParameterLocation::Header => (quote!(HEADER), Style::Simple),
        ParameterLocation::Cookie => (quote!(COOKIE), Style::Form),
    };
    let mut stated = vec![quote!(name: #name)];
    if *style != usual {
        let style = self::style(*style);
        stated.push(quote!(style: #style));
    }
    if *explode != (usual == Style::Form) {
        stated.push(quote!(explode: #explode));
    }
    if *required != (*location == ParameterLocation::Path) {
        stated.push(quote!(required: #required));
    }
    if *allow_empty_value {
        stated.push(quote!(allow_empty: true));
    }
    if let Payload::Content(media_type) = payload {
        let content = &media_type.name;
        stated.push(quote!(content: Some(#content)));
    }
    stated.extend(default.map(|default| quote!(default: Some(#default))));
    let schema = payload.schema().and_then(|id| server.schemas.name(id));
    stated.extend(schema.map(|schema| quote!(schema: Some(#schema))));
    quote!(Parameter { #(#stated,)* ..Parameter::#base })
}

fn style(style: Style) -> TokenStream {
    match style {
        Style::Matrix => quote!(Style::Matrix),
        Style::Label => quote!(Style::Label),
        Style::Simple => quote!(Style::Simple),
        Style::Form => quote!(Style::Form),
        Style::SpaceDelimited => quote!(Style::SpaceDelimited),
        Style::PipeDelimited => quote!(Style::PipeDelimited),
        Style::DeepObject => quote!(Style::DeepObject),
        Style::Cookie => quote!(Style::Cookie),
    }
}

fn body(server: &Context<'_>, described: &RequestBody, content: &BodyContent) -> TokenStream {
    let required = described.required;
    let content = described.content.iter().enumerate().map(|(index, media_type)| {
        let format = variant_of(server, &described.content, content, index).map(|(_, item)| item.format);
        self::content(server, media_type, format.unwrap_or(ContentFormat::Bytes))
    });
    quote!(RequestBody { required: #required, content: &[#(#content),*] })
}

fn content(server: &Context<'_>, media_type: &MediaType, format: ContentFormat) -> TokenStream {
    let name = &media_type.name;
    let schema = schemas::of_content(server.api, media_type, format).and_then(|id| server.schemas.name(id));
    let schema = text(schema);
    let form = matches!(format, ContentFormat::Form | ContentFormat::Multipart);
    let encoding = media_type.encoding.iter().filter(|_| form).map(|(name, one)| encoding(name, one));
    let format = match format {
        ContentFormat::Json => quote!(Json),
        ContentFormat::Form => quote!(Form),
        ContentFormat::Multipart => quote!(Multipart),
        ContentFormat::Text => quote!(Text),
        ContentFormat::Bytes => quote!(Bytes),
        ContentFormat::EventStream => quote!(EventStream),
        ContentFormat::JsonLines => quote!(JsonLines),
    };
    quote! {
        Content {
            media_type: #name,
            format: ContentFormat::#format,
            schema: #schema,
            encoding: &[#(#encoding),*],
        }
    }
}

fn encoding(name: &str, encoding: &Encoding) -> TokenStream {
    // A style takes the place of the media type (OpenAPI 3.1.1, section 4.8.15.1.1).
    let has_style = encoding.style.is_some() || encoding.explode.is_some();
    let content_type = text(encoding.content_type.as_deref().filter(|_| !has_style));
    let style = encoding.style.unwrap_or(Style::Form);
    let explode = encoding.explode.unwrap_or(style == Style::Form);
    let style = self::style(style);
    quote!(Encoding { name: #name, content_type: #content_type, style: #style, explode: #explode })
}

/// The variant of the plan that the media type at `index` of the model is, and its number: JSON of one schema in two
/// spellings is one variant.
pub(super) fn variant_of<'p>(
    server: &Context<'_>,
    content: &[MediaType],
    plan: &'p BodyContent,
    index: usize,
) -> Option<(usize, &'p ContentItem)> {
    let items = plan.items();
    let schema = |index: usize| content[index].schema.map(|id| server.api.schemas.resolve(id));
    let json = |item: &&ContentItem| item.format == ContentFormat::Json;
    let own = items.iter().position(|item| item.media_type == index);
    let twin = || items.iter().position(|item| json(item) && schema(item.media_type) == schema(index));
    let at = own.or_else(twin).or_else(|| items.iter().position(json))?;
    Some((at, items[at]))
}

/// The media types of successful answers; none when a success has no body.
fn produces(operation: &Operation) -> Vec<&str> {
    let success = |status: StatusPattern| matches!(status, StatusPattern::Code(200..=299) | StatusPattern::Range(2));
    let described: Vec<_> = operation.responses.iter().filter(|response| success(response.status)).collect();
    if described.iter().any(|response| response.content.is_empty()) {
        return Vec::new();
    }
    let mut names: Vec<&str> = Vec::new();
    for name in described.iter().flat_map(|response| &response.content).map(|media_type| media_type.name.as_str()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// `Some("text")` or `None`.
fn text(text: Option<&str>) -> TokenStream {
    optional(text.map(|text| quote!(#text)))
}

fn optional(value: Option<TokenStream>) -> TokenStream {
    value.map_or_else(|| quote!(None), |value| quote!(Some(#value)))
}
