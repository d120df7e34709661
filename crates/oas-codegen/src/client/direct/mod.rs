//! Request builders without progenitor, for what it cannot express: multipart, several media types, optional bodies.
//! They look the same to their users, and stand on the same runtime.

pub(in crate::client) mod body;
mod field;
mod parameters;
pub(in crate::client) mod parts;

use proc_macro2::TokenStream;
use quote::quote;

use field::Field;

use super::request::{Context, Request};
use super::{client_docs, sending};

/// The request builder of an operation, as items of a file.
pub(super) fn builder(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let mut fields = parameters::fields(client, request);
    fields.extend(body::fields(client, request));
    let builder = &request.builder;
    let options = sending::options_ident(request);
    let docs = client_docs::builder(request);
    let derives = if fields.iter().all(|field| field.is_cloneable) { quote!(Debug, Clone) } else { quote!(Debug) };
    let declared = fields.iter().map(|Field { ident, ty, .. }| quote!(#ident: #ty,));
    let started = fields.iter().map(|Field { ident, start, .. }| quote!(#ident: #start,));
    let setters = fields.iter().map(|field| &field.setter);
    let methods = sending::methods(client, request);
    let call = sending::call(client, request);
    quote! {
        #docs
        #[derive(#derives)]
        #[must_use = "a request does nothing until it is sent"]
        pub struct #builder<'a> {
            client: &'a Client,
            #options: Options,
            #(#declared)*
        }

        impl<'a> #builder<'a> {
            /// Creates an empty request.
            pub fn new(client: &'a Client) -> Self {
                Self { client, #options: Options::default(), #(#started)* }
            }

            #(#setters)*
            #methods
        }

        #call
    }
}
