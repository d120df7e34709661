//! Bodies in parts: `multipart/form-data`.

use oas_model::MediaType;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use syn::Ident;

use super::field::{Field, value_field};
use crate::client::request::{Context, Request};
use crate::client::{client_docs, media_type};
use crate::plan::{self, ContentItem, Presence, RustType, StructItem, TypeKind};
use crate::{docs, rust};

/// One field per member of a body in parts, and one for parts of any name.
pub(super) fn fields(client: Context<'_>, request: &Request<'_>, structure: &StructItem) -> Vec<Field> {
    let setter = |field: &plan::Field| request.item.part_setters[&field.wire].to_token();
    let mut fields: Vec<Field> = structure.fields.iter().map(|field| part(client, field, &setter(field))).collect();
    fields.push(further_parts());
    fields
}

/// How a member of a body in parts is given.
pub(crate) enum PartKind {
    /// As bytes, a file or a stream.
    File,
    /// As several of them.
    Files,
    /// As a value.
    Value,
}

/// How a member is given.
pub(in crate::client) fn part_kind<'a>(client: Context<'a>, ty: &'a RustType) -> PartKind {
    let bare = match client.bare(ty) {
        RustType::Option(inner) | RustType::Boxed(inner) => client.bare(inner),
        other => other,
    };
    match bare {
        RustType::Bytes => PartKind::File,
        RustType::List(item) if *client.bare(item) == RustType::Bytes => PartKind::Files,
        _ => PartKind::Value,
    }
}

/// Whether a member must be there.
fn is_required(field: &plan::Field) -> bool {
    matches!(field.presence, Presence::Required)
}

/// The field for one part.
fn part(client: Context<'_>, field: &plan::Field, ident: &Ident) -> Field {
    let wire = &field.wire;
    let presence = if is_required(field) { "; required" } else { "" };
    let ours = format!("Part {}{presence}.", docs::code(wire));
    let docs = client_docs::with_ours(&field.doc, &[ours]);
    match part_kind(client, &field.ty) {
        PartKind::Value => value_field(ident, &client.ty(&field.ty), is_required(field), wire, &docs),
        PartKind::File => file_field(ident, &docs),
        PartKind::Files => files_field(ident, &docs),
    }
}

/// A part of bytes.
fn file_field(ident: &Ident, docs: &TokenStream) -> Field {
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
        is_cloneable: false,
    }
}

/// Parts of any name.
fn further_parts() -> Field {
    Field {
        ident: format_ident!("part"),
        ty: quote!(Vec<(String, Part)>),
        start: quote!(Vec::new()),
        setter: quote! {
            /// Adds a part of any name.
            pub fn part(mut self, name: impl Into<String>, part: impl Into<Part>) -> Self {
                self.part.push((name.into(), part.into()));
                self
            }
        },
        is_cloneable: false,
    }
}

/// What writes the builder's own parts.
pub(super) fn write(
    client: Context<'_>,
    request: &Request<'_>,
    structure: &StructItem,
    media_type: &MediaType,
) -> TokenStream {
    let writes = structure.fields.iter().map(|field| {
        let ident = &request.item.part_setters[&field.wire];
        let source = Source { value: quote!(self.#ident), kept: Kept::InBuilder, inner: TokenStream::new() };
        write_part(client, field, &source, media_type)
    });
    quote! {
        let mut parts = Multipart::new();
        #(#writes)*
        for (name, part) in self.part {
            parts.part(name, part);
        }
        request.multipart(parts);
    }
}

/// What writes the local `body`, a value, in parts.
pub(super) fn write_value(client: Context<'_>, content: &ContentItem, media_type: &MediaType) -> TokenStream {
    let Some(structure) = client.structure(&content.ty) else {
        return quote! {
            let mut parts = Multipart::new();
            parts.members(&mut request, &body);
            request.multipart(parts);
        };
    };
    let newtypes = newtypes(client, &content.ty);
    let writes = structure.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let flatten = matches!(field.presence, Presence::OptionalNullable).then(|| quote!(.into_value()));
        let source = Source {
            value: quote!(body #newtypes.#ident #flatten),
            kept: Kept::InValue,
            inner: self::newtypes(client, &field.ty),
        };
        write_part(client, field, &source, media_type)
    });
    let rest = structure.rest.as_ref().map(|rest| {
        let ident = rust::ident(&rest.ident);
        quote!(parts.members(&mut request, &body #newtypes.#ident);)
    });
    quote! {
        let mut parts = Multipart::new();
        #(#writes)*
        #rest
        request.multipart(parts);
    }
}

/// What reaches the value inside of newtypes: `.0` for each.
fn newtypes(client: Context<'_>, ty: &RustType) -> TokenStream {
    let mut steps = TokenStream::new();
    let mut ty = ty;
    while let RustType::Named(index) = ty
        && let TypeKind::Newtype(inner) = &client.plan[*index].kind
    {
        steps.extend(quote!(.0));
        ty = inner;
    }
    steps
}

/// What holds the value of a part.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kept {
    /// A field of the builder: files are there or not, values are a result.
    InBuilder,
    /// A member of a value.
    InValue,
}

/// Where the value of a part comes from.
struct Source {
    /// The variable or field.
    value: TokenStream,
    kept: Kept,
    /// What reaches the bytes inside of newtypes.
    inner: TokenStream,
}

/// What writes one part into the local `parts`.
fn write_part(client: Context<'_>, field: &plan::Field, source: &Source, media_type: &MediaType) -> TokenStream {
    let Source { value, kept, inner } = source;
    let wire = &field.wire;
    let stated = stated_type(media_type, wire);
    let part = |value: TokenStream| {
        let value = quote!(#value #inner);
        let value = stated.as_ref().map_or(value.clone(), |stated| quote!(Part::from(#value).or_media_type(#stated)));
        quote!(parts.part(#wire, #value);)
    };
    let is_option = *kept == Kept::InBuilder || !is_required(field);
    match part_kind(client, &field.ty) {
        PartKind::File if is_option => {
            let write = part(quote!(part));
            let missing = client_docs::missing(wire);
            let refuse = (*kept == Kept::InBuilder && is_required(field))
                .then(|| quote!(else { request.refuse(#missing.to_string()); }));
            quote!(if let Some(part) = #value { #write } #refuse)
        }
        PartKind::File => part(value.clone()),
        PartKind::Files => {
            let write = part(quote!(part));
            quote!(for part in #value { #write })
        }
        PartKind::Value => {
            let stated = stated.as_ref().map_or_else(|| quote!(None), |stated| quote!(Some(#stated)));
            if *kept == Kept::InValue {
                return quote!(parts.value(&mut request, #wire, #stated, &#value););
            }
            quote!(if let Some(part) = request.given(#value) { parts.value(&mut request, #wire, #stated, &part); })
        }
    }
}

/// The media type that the document states for a part, when it is just one.
fn stated_type(media_type: &MediaType, wire: &str) -> Option<String> {
    let stated = media_type.encoding.get(wire)?.content_type.as_ref()?;
    let is_one = media_type::is_sendable(stated) && !stated.contains(['*', ',']);
    is_one.then(|| stated.trim().to_owned())
}
