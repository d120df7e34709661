//! Enums of strings, open to strings that the document does not list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::{StringVariant, TypeItem, UNKNOWN_VARIANT};
use crate::{docs, rust};

/// From how many values on an enum is a newtype with constants: rustc takes seconds for large enums.
const LARGE: usize = 500;

/// An enum of strings.
pub(super) fn emit(item: &TypeItem, variants: &[StringVariant]) -> TokenStream {
    if variants.len() > LARGE {
        return large(item, variants);
    }
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let idents: Vec<_> = variants.iter().map(|variant| rust::ident(&variant.ident)).collect();
    let wires: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
    let docs = variants.iter().map(|variant| docs::outer(&docs::code(&variant.wire)));
    quote! {
        #attributes
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #idents,)*
            /// A string that the document does not list. Never one of those that it lists, when made by `From`.
            #unknown(String),
        }
        impl #name {
            /// The string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::#unknown(other) => other,
                }
            }
        }
        impl oas_types_runtime::TextEnum for #name {
            fn from_text(text: &str) -> Self {
                match text {
                    #(#wires => Self::#idents,)*
                    other => Self::#unknown(other.to_owned()),
                }
            }
            fn text(&self) -> &str {
                self.as_str()
            }
            fn is_listed(&self) -> bool {
                !matches!(self, Self::#unknown(_))
            }
        }
    }
}

/// An enum of so many strings that a type with a variant for each would cost seconds to compile.
fn large(item: &TypeItem, variants: &[StringVariant]) -> TokenStream {
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let constants = variants.iter().map(|variant| {
        let ident = rust::ident(&variant.ident);
        let wire = &variant.wire;
        quote!(pub const #ident: Self = Self(oas_types_runtime::ManyText::Listed(#wire));)
    });
    let mut sorted: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
    sorted.sort_unstable();
    quote! {
        #attributes
        #[derive(Debug, Clone)]
        pub struct #name(oas_types_runtime::ManyText);

        #[allow(missing_docs, non_upper_case_globals, reason = "values of the document, one by one")]
        impl #name {
            #(#constants)*
        }
        impl #name {
            /// Every string that the document lists, in alphabetical order.
            pub const LISTED: &'static [&'static str] = &[#(#sorted),*];
            /// The string.
            #[must_use]
            pub fn as_str(&self) -> &str {
                self.0.as_str()
            }
        }
        impl oas_types_runtime::TextEnum for #name {
            fn from_text(text: &str) -> Self {
                Self(oas_types_runtime::ManyText::Given(text.to_owned()))
            }
            fn text(&self) -> &str {
                self.as_str()
            }
            fn is_listed(&self) -> bool {
                Self::LISTED.binary_search(&self.as_str()).is_ok()
            }
        }
    }
}
