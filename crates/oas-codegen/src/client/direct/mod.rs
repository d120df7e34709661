//! Request builders without progenitor, for what it cannot express: multipart, several media types, cookies, styles,
//! streams, methods and servers of their own. They look the same to their users, and stand on the same runtime.

mod body;
mod parameters;
pub(in crate::client) mod parts;

use proc_macro2::TokenStream;
use quote::quote;

use super::request::{Planned, Request, Success};
use super::statuses::{self, Statuses};
use super::{media_type, wording};
use crate::plan::{ContentFormat, SuccessItem};

/// A field of a builder: what it holds, starts with, and how it is set.
pub(super) struct Field {
    ident: syn::Ident,
    /// Its type, and its value in a new builder.
    ty: TokenStream,
    start: TokenStream,
    /// The method that sets it.
    setter: TokenStream,
    /// What turns it into a variable of its own type, at the beginning of `send`.
    unpack: TokenStream,
    is_cloneable: bool,
}

/// The request builder of an operation, as items of a file.
pub(super) fn builder(planned: Planned<'_>, request: &Request<'_>) -> TokenStream {
    let mut fields = parameters::fields(planned, request);
    fields.extend(body::fields(planned, request));
    let builder = &request.builder;
    let docs = wording::builder(request);
    let derives = if fields.iter().all(|field| field.is_cloneable) { quote!(Debug, Clone) } else { quote!(Debug) };
    let declared = fields.iter().map(|Field { ident, ty, .. }| quote!(#ident: #ty,));
    let started = fields.iter().map(|Field { ident, start, .. }| quote!(#ident: #start,));
    let setters = fields.iter().map(|field| &field.setter);
    let constant = super::operation_constant(planned, request);
    let send = sending(planned, request, &fields, &request.success, None);
    let stream = request.stream.as_ref().map(|stream| sending(planned, request, &fields, stream, Some(stream)));
    quote! {
        #docs
        #[derive(#derives)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #builder<'a> {
            client: &'a Client,
            #(#declared)*
        }

        impl<'a> #builder<'a> {
            /// A request that nothing was said about yet.
            pub fn new(client: &'a Client) -> Self {
                Self { client, #(#started)* }
            }

            #(#setters)*
            #send
            #stream
            #constant
        }
    }
}

/// `send` or `stream`.
fn sending(
    planned: Planned<'_>,
    request: &Request<'_>,
    fields: &[Field],
    success: &Success<'_>,
    stream: Option<&Success<'_>>,
) -> TokenStream {
    let (docs, name) = match stream {
        None => (wording::send(), quote!(send)),
        Some(_) => (stream_docs(), quote!(stream)),
    };
    let success_type = success.ty(planned);
    let error_type = request.error_type();
    let idents = fields.iter().map(|field| &field.ident);
    let unpacked = fields.iter().map(|field| &field.unpack);
    let parameters = parameters::writes(request);
    let body = body::write(planned, request);
    let accept = request.stream.is_some().then(|| {
        let wanted = accepted(request, stream.is_some());
        quote!(request.accept(#wanted);)
    });
    let decode = statuses::decode(request, success);
    let arms = Statuses::of(request).arms(&decode);
    quote! {
        #docs
        pub async fn #name(self) -> Result<ResponseValue<#success_type>, Error<#error_type>> {
            let Self { client, #(#idents,)* } = self;
            #(#unpacked)*
            let mut request = begin(client, Self::OPERATION);
            #parameters
            #body
            #accept
            let response = send(client, Self::OPERATION, request).await?;
            match response.status().as_u16() {
                #arms
            }
        }
    }
}

/// The documentation of `stream`.
fn stream_docs() -> TokenStream {
    quote! {
        /// Sends the request, and asks for the answer in pieces, as they come.
        ///
        /// # Errors
        /// When something required is missing, nothing answers, or the answer is no success.
    }
}

/// What `send` or `stream` accepts, when they differ: the success's own media types, and those of errors.
fn accepted(request: &Request<'_>, streamed: bool) -> String {
    let mut names: Vec<String> = Vec::new();
    for (index, response) in request.item.responses.iter().enumerate() {
        let is_success = matches!(request.item.success, SuccessItem::Single(one) if one == index);
        let contents: Vec<_> = match &response.body {
            None => Vec::new(),
            Some(crate::plan::BodyContent::Single(content)) => vec![content],
            Some(crate::plan::BodyContent::Several { variants, .. }) => variants.iter().map(|(_, one)| one).collect(),
        };
        for content in contents {
            let is_stream = matches!(content.format, ContentFormat::EventStream | ContentFormat::JsonLines);
            let Some(media_type) = request.response_media_types(index).get(content.media_type) else { continue };
            let name = media_type::essence(&media_type.name);
            if (!is_success || is_stream == streamed) && media_type::is_sendable(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.join(", ")
}
