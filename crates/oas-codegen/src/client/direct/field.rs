//! Fields of request builders without progenitor.

use proc_macro2::TokenStream;
use quote::quote;

use crate::client::client_docs;

/// A field of a builder: what it holds, starts with, and how it is set.
pub(super) struct Field {
    pub(super) ident: syn::Ident,
    /// Its type, and its value in a new builder.
    pub(super) ty: TokenStream,
    pub(super) start: TokenStream,
    /// The method that sets it.
    pub(super) setter: TokenStream,
    pub(super) is_cloneable: bool,
}

/// A field that is set with a value of some type.
pub(super) fn value_field(
    ident: &syn::Ident,
    ty: &TokenStream,
    is_required: bool,
    wire: &str,
    docs: &TokenStream,
) -> Field {
    let (missing, unfit) = (client_docs::missing(wire), client_docs::unfit(wire));
    let (holds, start, some) = if is_required {
        (quote!(#ty), quote!(Err(#missing.to_string())), TokenStream::new())
    } else {
        (quote!(Option<#ty>), quote!(Ok(None)), quote!(.map(Some)))
    };
    Field {
        ident: ident.clone(),
        ty: quote!(Result<#holds, String>),
        start,
        setter: quote! {
            #docs
            pub fn #ident<V>(mut self, value: V) -> Self
            where
                V: std::convert::TryInto<#ty>,
            {
                self.#ident = value.try_into() #some.map_err(|_| #unfit.to_string());
                self
            }
        },
        is_cloneable: true,
    }
}
