//! Enums of integers, open to integers that the document does not list.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use crate::plan::{IntegerVariant, TypeItem, UNKNOWN_VARIANT};
use crate::{docs, rust};

/// An enum of integers.
pub(super) fn emit(item: &TypeItem, variants: &[IntegerVariant]) -> TokenStream {
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let idents: Vec<_> = variants.iter().map(|variant| rust::ident(&variant.ident)).collect();
    let wires: Vec<TokenStream> = variants.iter().map(|variant| number(variant.wire)).collect();
    let docs = variants.iter().map(|variant| docs::outer(&docs::code(&variant.wire.to_string())));
    let serde = serde(item);
    let schema = super::schema::of_enum(&item.name, "integer", &quote!(#(#wires),*));
    quote! {
        #attributes
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #idents,)*
            /// An integer that the document does not list. Never one of those that it lists, when made by `From`.
            #unknown(i64),
        }
        impl #name {
            /// The integer.
            #[must_use]
            pub const fn as_i64(self) -> i64 {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::#unknown(other) => other,
                }
            }
        }
        impl From<i64> for #name {
            fn from(number: i64) -> Self {
                match number {
                    #(#wires => Self::#idents,)*
                    other => Self::#unknown(other),
                }
            }
        }
        impl std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.as_i64(), formatter)
            }
        }
        #serde
        #schema
    }
}

fn serde(item: &TypeItem) -> TokenStream {
    let name = rust::ident(&item.name);
    quote! {
        impl Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_i64(self.as_i64())
            }
        }
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                i64::deserialize(deserializer).map(Self::from)
            }
        }
    }
}

/// An integer as an expression and a pattern.
fn number(wire: i64) -> TokenStream {
    let digits = Literal::u64_unsuffixed(wire.unsigned_abs());
    if wire < 0 { quote!(-#digits) } else { quote!(#digits) }
}
