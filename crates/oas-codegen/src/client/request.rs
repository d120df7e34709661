//! What the client emitter derives of an operation before it writes anything.

use oas_model::{Api, MediaType, Operation, Parameter};
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::plan::{
    self, BodyContent, ContentFormat, ContentItem, OperationItem, ParamField, Plan, RustType, StructItem, SuccessItem,
    TypeKind,
};
use crate::rust;

/// An API with its plan, and how they are looked up.
#[derive(Clone, Copy)]
pub(super) struct Context<'a> {
    pub(super) api: &'a Api,
    pub(super) plan: &'a Plan,
}

impl<'a> Context<'a> {
    /// The tokens of a type, where `types` is the types package.
    pub(super) fn ty(&self, ty: &RustType) -> TokenStream {
        rust::type_tokens(self.plan, ty, &quote!(types))
    }

    /// The path of a type of the types package.
    pub(super) fn named(name: impl AsRef<str>) -> TokenStream {
        rust::named(name, &quote!(types))
    }

    /// What lies behind newtypes.
    pub(super) fn bare(&self, ty: &'a RustType) -> &'a RustType {
        let mut ty = ty;
        // A newtype that contains itself would not compile; the bound is for plans made by hand.
        for _ in 0..64 {
            let RustType::Named(index) = ty else { break };
            let TypeKind::Newtype(inner) = &self.plan[*index].kind else { break };
            ty = inner;
        }
        ty
    }

    /// The struct that a type is.
    pub(super) fn structure(&self, ty: &'a RustType) -> Option<&'a StructItem> {
        plan::structure(&self.plan.types, ty).map(|(_, structure)| structure)
    }
}

impl Context<'_> {
    /// How deep values of a type nest, at most `most`: a scalar does not, a list of scalars once.
    pub(super) fn depth(&self, ty: &RustType, most: usize) -> usize {
        let Some(less) = most.checked_sub(1) else { return 0 };
        match ty {
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::OrOther(inner) => self.depth(inner, less),
            RustType::List(inner) | RustType::Map(inner) => 1 + self.depth(inner, less),
            RustType::Named(index) => match &self.plan[*index].kind {
                TypeKind::Newtype(inner) => self.depth(inner, less),
                TypeKind::Struct(structure) => {
                    1 + structure.fields.iter().map(|field| self.depth(&field.ty, less)).max().unwrap_or_default()
                }
                _ => 0,
            },
            _ => 0,
        }
    }
}

/// An operation that becomes a request builder.
pub(super) struct Request<'a> {
    /// Where it stands in [`Plan::operations`].
    pub(super) index: usize,
    pub(super) item: &'a OperationItem,
    pub(super) operation: &'a Operation,
    /// The struct of the builder.
    pub(super) builder: Ident,
    /// What `send` returns.
    pub(super) success: Success<'a>,
    /// What `stream` returns, when the operation answers with a stream or with something else, as the caller likes.
    pub(super) stream: Option<Success<'a>>,
}

/// What a request builder returns when all went well.
pub(crate) enum Success<'a> {
    /// Nothing.
    Empty,
    /// A value in JSON.
    Json(&'a RustType),
    /// One of several types, by status: an enum of the types package.
    ByStatus(&'a plan::Ident),
    /// One of several types, by media type: an enum of the types package.
    ByMediaType(&'a plan::Ident, Vec<(&'a plan::Ident, &'a ContentItem)>),
    /// Text.
    Text,
    /// The bytes, while they come.
    Bytes,
    /// Server-sent events.
    Events(&'a RustType),
    /// JSON values on lines.
    JsonLines(&'a RustType),
}

impl<'a> Request<'a> {
    /// What `item` becomes.
    pub(super) fn new(client: Context<'a>, index: usize, item: &'a OperationItem) -> Self {
        let operation = &client.api[item.operation];
        let (success, stream) = success(operation, item);
        Self { index, item, operation, builder: item.builder_ident.to_token(), success, stream }
    }

    /// A name that no setter has: this one, or a longer one.
    pub(super) fn free(&self, name: &str) -> Ident {
        let params = self.item.params.iter().flat_map(|params| &params.fields).map(|field| &field.ident);
        let setters: Vec<&plan::Ident> = params.chain(self.item.part_setters.values()).collect();
        let mut name = name.to_owned();
        while setters.iter().any(|ident| **ident == *name) {
            name.push('_');
        }
        format_ident!("{name}")
    }

    /// The media type of a body, by its index in the model.
    pub(super) fn body_media_type(&self, content: &ContentItem) -> Option<&'a MediaType> {
        self.operation.request_body.as_ref().map(|body| &body.content[content.media_type])
    }

    /// The struct whose members the caller gives part by part, and its media type; `None` when the body is given whole.
    pub(super) fn body_in_parts(&self, client: Context<'a>) -> Option<(&'a StructItem, &'a MediaType)> {
        let BodyContent::Single(content) = &self.item.body.as_ref()?.content else { return None };
        let structure = client.structure(&content.ty).filter(|_| content.format == ContentFormat::Multipart)?;
        Some((structure, self.body_media_type(content)?))
    }

    /// The media types of the response with this index in the plan.
    pub(super) fn response_media_types(&self, response: usize) -> &'a [MediaType] {
        &self.operation.responses[self.item.responses[response].response].content
    }

    /// The parameter that a field holds.
    pub(super) fn parameter(&self, field: &ParamField) -> &'a Parameter {
        &self.operation.parameters[field.parameter]
    }

    /// The type of errors that the document describes.
    pub(super) fn error_type(&self) -> TokenStream {
        if self.item.has_errors() { Context::named(&self.item.error_ident) } else { quote!(std::convert::Infallible) }
    }
}

impl Success<'_> {
    /// The type that `send` returns inside of its `ResponseValue`.
    pub(super) fn ty(&self, client: Context<'_>) -> TokenStream {
        match self {
            Success::Empty => quote!(()),
            Success::Json(ty) => client.ty(ty),
            Success::ByStatus(name) | Success::ByMediaType(name, _) => Context::named(name),
            Success::Text => quote!(String),
            Success::Bytes => quote!(ByteStream),
            Success::Events(ty) => {
                let ty = client.ty(ty);
                quote!(EventStream<#ty>)
            }
            Success::JsonLines(ty) => {
                let ty = client.ty(ty);
                quote!(JsonLines<#ty>)
            }
        }
    }
}

/// What `send` returns, and what `stream` does.
fn success<'a>(operation: &'a Operation, item: &'a OperationItem) -> (Success<'a>, Option<Success<'a>>) {
    match &item.success {
        // Which of them it is, status and headers say.
        SuccessItem::Several { responses, .. } if responses.iter().all(|index| is_bytes(&item.responses[*index])) => {
            (Success::Bytes, None)
        }
        SuccessItem::Several { ident, .. } => (Success::ByStatus(ident), None),
        SuccessItem::Undocumented => (Success::Bytes, None),
        SuccessItem::Single(index) => {
            let response = &item.responses[*index];
            let is_bodiless = matches!(response.status, oas_model::StatusPattern::Code(100..=199 | 204 | 205 | 304));
            match &response.body {
                // RFC 9110, section 6.4.1: these answers have no content, whatever the document says.
                _ if is_bodiless || operation.method == oas_model::Method::Head => (Success::Empty, None),
                None => (Success::Empty, None),
                Some(BodyContent::Single(content)) => (single(content), None),
                Some(BodyContent::Several { ident, variants }) => several(ident, variants),
            }
        }
    }
}

/// Whether a response is nothing but bytes.
fn is_bytes(response: &plan::ResponseItem) -> bool {
    matches!(&response.body, Some(BodyContent::Single(content)) if content.format == ContentFormat::Bytes)
}

/// The success of one media type.
fn single(content: &ContentItem) -> Success<'_> {
    match content.format {
        ContentFormat::Json => Success::Json(&content.ty),
        ContentFormat::Text => Success::Text,
        ContentFormat::EventStream => Success::Events(&content.ty),
        ContentFormat::JsonLines => Success::JsonLines(&content.ty),
        // Nobody answers in forms; whoever does gets bytes to work with.
        ContentFormat::Bytes | ContentFormat::Form | ContentFormat::Multipart => Success::Bytes,
    }
}

/// The success of several media types: streams are asked for by `stream`, all else by `send`.
fn several<'a>(
    ident: &'a plan::Ident,
    variants: &'a [(plan::Ident, ContentItem)],
) -> (Success<'a>, Option<Success<'a>>) {
    let is_stream =
        |content: &ContentItem| matches!(content.format, ContentFormat::EventStream | ContentFormat::JsonLines);
    let stream = variants.iter().map(|(_, content)| content).find(|content| is_stream(content)).map(single);
    let rest: Vec<(&plan::Ident, &ContentItem)> =
        variants.iter().filter(|(_, content)| !is_stream(content)).map(|(name, one)| (name, one)).collect();
    match rest.as_slice() {
        [] => (stream.unwrap_or(Success::Bytes), None),
        [(_, only)] => (single(only), stream),
        _ => (Success::ByMediaType(ident, rest), stream),
    }
}
