//! The body of a request builder without progenitor.

use oas_model::MediaType;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::Field;
use super::parameters::{described, value_field};
use crate::client::request::{Context, Request};
use crate::client::{media_type, wording};
use crate::plan::{self, BodyContent, BodyItem, ContentFormat, ContentItem, Presence, RustType, StructItem, TypeKind};
use crate::{docs, rust};

/// What the builders of a body in parts are called when a parameter has the name already.
const PART: &str = "part";

/// Whether the body is given part by part: one struct, sent as `multipart/form-data`.
pub(in crate::client) fn is_in_parts(request: &Request<'_>) -> bool {
    request.item.body.as_ref().is_some_and(|body| {
        matches!(&body.content, BodyContent::Single(content) if content.format == ContentFormat::Multipart)
    })
}

/// The fields of the builder for its body.
pub(super) fn fields(context: Context<'_>, request: &Request<'_>) -> Vec<Field> {
    let Some(body) = &request.item.body else { return Vec::new() };
    let docs = wording::body(request);
    let ident = format_ident!("body");
    let content = match &body.content {
        BodyContent::Several { ident: name, .. } => {
            return vec![value_field(&ident, &context.named(name), body.required, "body", &docs)];
        }
        BodyContent::Single(content) => content,
    };
    match (content.format, struct_of(context, &content.ty)) {
        (ContentFormat::Multipart, Some(structure)) => parts(context, request, structure),
        (ContentFormat::Bytes, _) => vec![bytes_field(&ident, body, &docs)],
        (ContentFormat::JsonLines | ContentFormat::EventStream, _) => {
            let ty = context.ty(&content.ty);
            vec![value_field(&ident, &quote!(Vec<#ty>), body.required, "body", &docs)]
        }
        _ => vec![value_field(&ident, &context.ty(&content.ty), body.required, "body", &docs)],
    }
}

/// The types that the setters of a body in parts name.
pub(in crate::client) fn part_types<'a>(context: Context<'a>, body: &'a BodyItem) -> Vec<&'a RustType> {
    match &body.content {
        BodyContent::Single(content) if content.format == ContentFormat::Multipart => {
            struct_of(context, &content.ty).map_or_else(Vec::new, |structure| {
                structure.fields.iter().map(|field| &field.ty).collect()
            })
        }
        _ => Vec::new(),
    }
}

/// The struct that a type is.
fn struct_of<'a>(context: Context<'a>, ty: &'a RustType) -> Option<&'a StructItem> {
    let RustType::Named(index) = context.bare(ty) else { return None };
    match &context.plan.types.get(index.0)?.kind {
        TypeKind::Struct(structure) => Some(structure),
        _ => None,
    }
}

/// A body that is sent as it is.
fn bytes_field(ident: &Ident, body: &BodyItem, docs: &TokenStream) -> Field {
    let field = value_field(ident, &quote!(reqwest::Body), body.required, "body", docs);
    Field { is_cloneable: false, ..field }
}

/// One field per member of a body in parts, and one for parts of any name.
fn parts(context: Context<'_>, request: &Request<'_>, structure: &StructItem) -> Vec<Field> {
    let idents = part_idents(request, structure);
    let mut fields: Vec<Field> = structure
        .fields
        .iter()
        .zip(&idents)
        .map(|(field, ident)| part(context, field, ident))
        .collect();
    fields.push(further_parts(&further_ident(&idents, request)));
    fields
}

/// The idents of the setters of parts: the fields' own, longer where the builder has the name already.
fn part_idents(request: &Request<'_>, structure: &StructItem) -> Vec<Ident> {
    let mut taken = taken(request);
    let mut idents = Vec::new();
    for field in &structure.fields {
        let mut name = field.ident.clone();
        while taken.contains(&name) {
            name = format!("{}_{PART}", name.trim_start_matches("r#"));
        }
        taken.push(name.clone());
        idents.push(rust::ident(&name));
    }
    idents
}

/// The names that the builder has without its body.
fn taken(request: &Request<'_>) -> Vec<String> {
    let own = ["client", "request", "response", "body", "new", "send", "stream", "begin", "parts"];
    let parameters = request.item.params.iter().flat_map(|params| &params.fields).map(|field| field.ident.clone());
    own.iter().map(|name| (*name).to_owned()).chain(parameters).collect()
}

/// The ident of the setter for parts of any name.
fn further_ident(idents: &[Ident], request: &Request<'_>) -> Ident {
    let taken = taken(request);
    let mut name = PART.to_owned();
    while taken.contains(&name) || idents.iter().any(|ident| *ident == name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// How a member of a body in parts is given.
enum PartKind {
    /// As bytes, a file or a stream.
    File,
    /// As several of them.
    Files,
    /// As a value.
    Value,
}

/// How a member is given.
fn part_kind<'a>(context: Context<'a>, ty: &'a RustType) -> PartKind {
    let bare = match context.bare(ty) {
        RustType::Option(inner) | RustType::Boxed(inner) => context.bare(inner),
        other => other,
    };
    match bare {
        RustType::Bytes => PartKind::File,
        RustType::List(item) if *context.bare(item) == RustType::Bytes => PartKind::Files,
        _ => PartKind::Value,
    }
}

/// Whether a member must be there.
fn is_required(field: &plan::Field) -> bool {
    matches!(field.presence, Presence::Required)
}

/// The field for one part.
fn part(context: Context<'_>, field: &plan::Field, ident: &Ident) -> Field {
    let wire = &field.wire;
    let presence = if is_required(field) { "; required" } else { "" };
    let ours = format!("Part {}{presence}.", docs::code(wire));
    let docs = wording::with_ours(&field.doc, &[ours]);
    match part_kind(context, &field.ty) {
        PartKind::Value => value_field(ident, &context.ty(&field.ty), is_required(field), wire, &docs),
        PartKind::File => file_field(ident, wire, is_required(field), &docs),
        PartKind::Files => files_field(ident, &docs),
    }
}

/// A part of bytes.
fn file_field(ident: &Ident, wire: &str, is_required: bool, docs: &TokenStream) -> Field {
    let missing = wording::missing(wire);
    let unpack = if is_required {
        quote!(let #ident = #ident.ok_or_else(|| Error::InvalidRequest(#missing.to_string()))?;)
    } else {
        TokenStream::new()
    };
    Field {
        ident: ident.clone(),
        ty: quote!(Option<Part>),
        start: quote!(None),
        setter: quote! {
            #docs
            pub fn #ident(mut self, part: impl Into<Part>) -> Self {
                self.#ident = Some(part.into());
                self
            }
        },
        unpack,
        is_cloneable: false,
    }
}

/// Several parts of bytes.
fn files_field(ident: &Ident, docs: &TokenStream) -> Field {
    Field {
        ident: ident.clone(),
        ty: quote!(Vec<Part>),
        start: quote!(Vec::new()),
        setter: quote! {
            #docs
            ///
            /// Each call adds one.
            pub fn #ident(mut self, part: impl Into<Part>) -> Self {
                self.#ident.push(part.into());
                self
            }
        },
        unpack: TokenStream::new(),
        is_cloneable: false,
    }
}

/// Parts of any name.
fn further_parts(ident: &Ident) -> Field {
    Field {
        ident: ident.clone(),
        ty: quote!(Vec<(String, Part)>),
        start: quote!(Vec::new()),
        setter: quote! {
            /// Adds a part of any name.
            pub fn #ident(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
                self.#ident.push((name.into(), part.into()));
                self
            }
        },
        unpack: TokenStream::new(),
        is_cloneable: false,
    }
}

/// What writes the body into the local `request`.
pub(super) fn write(context: Context<'_>, request: &Request<'_>) -> TokenStream {
    let Some(body) = &request.item.body else { return TokenStream::new() };
    match &body.content {
        BodyContent::Single(content) => {
            let structure = struct_of(context, &content.ty);
            match (content.format, structure, request.body_media_type(content)) {
                (ContentFormat::Multipart, Some(structure), Some(media_type)) => {
                    write_parts(context, request, structure, media_type)
                }
                _ => optional(body, &write_content(context, request, content)),
            }
        }
        BodyContent::Several { ident, variants } => {
            let enumeration = context.named(ident);
            let arms = variants.iter().map(|(variant, content)| {
                let variant = rust::ident(variant);
                let write = write_content(context, request, content);
                quote!(#enumeration::#variant(body) => { #write })
            });
            // The enum may grow.
            let rest = quote!(_ => return Err(Error::InvalidRequest("this kind of body is not known".to_string())),);
            optional(body, &quote!(match body { #(#arms)* #[allow(unreachable_patterns)] #rest }))
        }
    }
}

/// The same, only when there is a body.
fn optional(body: &BodyItem, write: &TokenStream) -> TokenStream {
    if body.required { write.clone() } else { quote!(if let Some(body) = body { #write }) }
}

/// What writes the local `body` in one media type.
fn write_content(context: Context<'_>, request: &Request<'_>, content: &ContentItem) -> TokenStream {
    let Some(media_type) = request.body_media_type(content) else { return TokenStream::new() };
    let name = media_type::to_send(&media_type.name);
    match content.format {
        ContentFormat::Json => quote!(request.json(#name, &body)?;),
        ContentFormat::JsonLines => quote!(request.json_lines(#name, &body)?;),
        ContentFormat::Form => {
            let encodings = encodings(media_type);
            quote!(request.form(#name, &body, &[#(#encodings),*])?;)
        }
        ContentFormat::Multipart => write_value_in_parts(context, content, media_type),
        ContentFormat::EventStream => quote!(request.events(#name, &body)?;),
        ContentFormat::Text | ContentFormat::Bytes => quote!(request.bytes(#name, body);),
    }
}

/// What writes the builder's own parts.
fn write_parts(
    context: Context<'_>,
    request: &Request<'_>,
    structure: &StructItem,
    media_type: &MediaType,
) -> TokenStream {
    let idents = part_idents(request, structure);
    let further = further_ident(&idents, request);
    let writes = structure.fields.iter().zip(&idents).map(|(field, ident)| {
        let source = Source { value: quote!(#ident), is_option: !is_required(field), inner: TokenStream::new() };
        write_part(context, field, &source, media_type)
    });
    quote! {
        let mut parts = Multipart::new();
        #(#writes)*
        for (name, part) in #further {
            parts.part(name, part);
        }
        request.multipart(parts);
    }
}

/// What writes the local `body`, a value, in parts.
fn write_value_in_parts(context: Context<'_>, content: &ContentItem, media_type: &MediaType) -> TokenStream {
    let Some(structure) = struct_of(context, &content.ty) else {
        return quote! {
            let mut parts = Multipart::new();
            parts.members(&body)?;
            request.multipart(parts);
        };
    };
    let newtypes = newtypes(context, &content.ty);
    let writes = structure.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let flatten = matches!(field.presence, Presence::OptionalNullable).then(|| quote!(.flatten()));
        let source = Source {
            value: quote!(body #newtypes.#ident #flatten),
            is_option: !is_required(field),
            inner: self::newtypes(context, &field.ty),
        };
        write_part(context, field, &source, media_type)
    });
    let rest = structure.rest.as_ref().map(|rest| {
        let ident = rust::ident(&rest.ident);
        quote!(parts.members(&body #newtypes.#ident)?;)
    });
    quote! {
        let mut parts = Multipart::new();
        #(#writes)*
        #rest
        request.multipart(parts);
    }
}

/// What reaches the value inside of newtypes: `.0` for each.
fn newtypes(context: Context<'_>, ty: &RustType) -> TokenStream {
    let mut steps = TokenStream::new();
    let mut ty = ty;
    while let RustType::Named(index) = ty
        && let Some(TypeKind::Newtype(inner)) = context.plan.types.get(index.0).map(|item| &item.kind)
    {
        steps.extend(quote!(.0));
        ty = inner;
    }
    steps
}

/// Where the value of a part comes from.
struct Source {
    /// The variable or field.
    value: TokenStream,
    /// Whether it is an `Option`.
    is_option: bool,
    /// What reaches the bytes inside of newtypes.
    inner: TokenStream,
}

/// What writes one part into the local `parts`.
fn write_part(context: Context<'_>, field: &plan::Field, source: &Source, media_type: &MediaType) -> TokenStream {
    let Source { value, is_option, inner } = source;
    let wire = &field.wire;
    let stated = stated_type(media_type, wire);
    let part = |value: TokenStream| match &stated {
        Some(stated) => quote!(parts.part(#wire, Part::from(#value #inner).or_media_type(#stated));),
        None => quote!(parts.part(#wire, #value #inner);),
    };
    match part_kind(context, &field.ty) {
        PartKind::File if *is_option => {
            let write = part(quote!(part));
            quote!(if let Some(part) = #value { #write })
        }
        PartKind::File => part(value.clone()),
        PartKind::Files => {
            let write = part(quote!(part));
            quote!(for part in #value { #write })
        }
        PartKind::Value => {
            let stated = match &stated {
                Some(stated) => quote!(Some(#stated)),
                None => quote!(None),
            };
            quote!(parts.value(#wire, #stated, &#value)?;)
        }
    }
}

/// The media type that the document states for a part, when it is just one.
fn stated_type(media_type: &MediaType, wire: &str) -> Option<String> {
    let stated = media_type.encoding.get(wire)?.content_type.as_ref()?;
    let is_one = media_type::is_sendable(stated) && !stated.contains(['*', ',']);
    is_one.then(|| stated.trim().to_owned())
}

/// The runtime's descriptions of the members of a form that are not written as by default.
pub(super) fn encodings(media_type: &MediaType) -> Vec<TokenStream> {
    let stated = media_type.encoding.iter().filter_map(|(name, encoding)| {
        let is_json = encoding.content_type.as_ref().is_some_and(|content_type| media_type::is_json(content_type));
        if encoding.style.is_none() && encoding.explode.is_none() && !encoding.allow_reserved {
            return is_json.then(|| quote!(Parameter::new(#name, Style::Json)));
        }
        let style = encoding.style.unwrap_or(oas_model::Style::Form);
        let explode = encoding.explode.unwrap_or(style == oas_model::Style::Form);
        Some(described(name, style, explode, encoding.allow_reserved))
    });
    stated.collect()
}
