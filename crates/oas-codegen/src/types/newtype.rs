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
    let eq = context.traits.is_eq(inner).then(|| quote!(Eq,));
    let more = more_derives(inner);
    let text = text_conversions(&name, inner);
    quote! {
        #attributes
        #[derive(Debug, Clone, #more PartialEq, #eq Serialize, Deserialize)]
        #[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
        #[serde(transparent)]
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
        #text
    }
}

/// Traits that ids and names are expected to have.
fn more_derives(inner: &RustType) -> TokenStream {
    match inner {
        RustType::String | RustType::Uuid | RustType::Date | RustType::DateTime => quote!(PartialOrd, Ord, Hash,),
        RustType::Bool | RustType::I32 | RustType::I64 | RustType::U32 | RustType::U64 => {
            quote!(Copy, PartialOrd, Ord, Hash,)
        }
        RustType::F32 | RustType::F64 => quote!(Copy, PartialOrd,),
        RustType::List(_) | RustType::Map(_) | RustType::JsonObject => quote!(Default,),
        _ => TokenStream::new(),
    }
}

/// Conversions from and to text, where the value has them.
fn text_conversions(name: &proc_macro2::Ident, inner: &RustType) -> TokenStream {
    use RustType::{Bool, Date, DateTime, F32, F64, I32, I64, String, U32, U64, Uuid};
    let from_str = (*inner == String).then(|| {
        quote! {
            impl From<&str> for #name {
                fn from(value: &str) -> Self {
                    Self(value.to_owned())
                }
            }
        }
    });
    let display =
        matches!(inner, Bool | Date | DateTime | F32 | F64 | I32 | I64 | String | U32 | U64 | Uuid).then(|| {
            quote! {
                impl std::fmt::Display for #name {
                    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        std::fmt::Display::fmt(&self.0, formatter)
                    }
                }
            }
        });
    quote!(#from_str #display)
}
