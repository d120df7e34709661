//! Newtypes: components that are a scalar, a list or a map.

use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use crate::plan::{RustType, TypeItem};
use crate::rust;

/// A newtype with its conversions.
pub(super) fn emit(context: &Context<'_>, item: &TypeItem, inner: &RustType) -> TokenStream {
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let ty = rust::type_tokens(context.plan, inner, &TokenStream::new());
    let eq = super::traits::is_eq(context.plan, inner).then(|| quote!(Eq,));
    let string = (*inner == RustType::String).then(|| text_conversions(&name));
    let parse = parses(inner).then(|| from_str(&name, &ty));
    let more = more_derives(inner);
    let display = displays(inner).then(|| display(&name));
    let from_held = match inner {
        RustType::OrOther(held) => Some(from_held(&name, &rust::type_tokens(context.plan, held, &TokenStream::new()))),
        _ => None,
    };
    quote! {
        #attributes
        #[derive(Debug, Clone, #more PartialEq, #eq)]
        pub struct #name(pub #ty);

        impl std::ops::Deref for #name {
            type Target = #ty;

            fn deref(&self) -> &Self::Target {
                &self.0
            }
        }
        impl From<#ty> for #name {
            fn from(value: #ty) -> Self {
                Self(value)
            }
        }
        #from_held
        #string
        #parse
        #display
    }
}

/// Traits that ids and names are expected to have.
fn more_derives(inner: &RustType) -> TokenStream {
    match inner {
        RustType::String | RustType::Formatted(_) => quote!(PartialOrd, Ord, Hash,),
        RustType::Bool | RustType::Integer(_) => quote!(Copy, PartialOrd, Ord, Hash,),
        RustType::F64 => quote!(Copy, PartialOrd,),
        RustType::Number => quote!(PartialOrd,),
        RustType::List(_) | RustType::Map(_) | RustType::OrOther(_) | RustType::JsonObject => quote!(Default,),
        _ => TokenStream::new(),
    }
}

/// Whether a value is shown as what it holds is.
fn displays(inner: &RustType) -> bool {
    use RustType::{Bool, F64, Formatted, Integer, Number, String};
    matches!(inner, Bool | F64 | Formatted(_) | Integer(_) | Number | String)
}

/// Whether a value is made of a text as what it holds is.
fn parses(inner: &RustType) -> bool {
    displays(inner)
}

/// Conversions from texts.
fn text_conversions(name: &proc_macro2::Ident) -> TokenStream {
    quote! {
        impl From<&str> for #name {
            fn from(value: &str) -> Self {
                Self(value.to_owned())
            }
        }
    }
}

/// Conversion from the list or map that is held beside values of other types.
fn from_held(name: &proc_macro2::Ident, held: &TokenStream) -> TokenStream {
    quote! {
        impl From<#held> for #name {
            fn from(value: #held) -> Self {
                Self(value.into())
            }
        }
    }
}

fn from_str(name: &proc_macro2::Ident, ty: &TokenStream) -> TokenStream {
    quote! {
        impl std::str::FromStr for #name {
            type Err = <#ty as std::str::FromStr>::Err;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    }
}

fn display(name: &proc_macro2::Ident) -> TokenStream {
    quote! {
        impl std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, formatter)
            }
        }
    }
}
