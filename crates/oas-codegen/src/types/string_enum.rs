//! Enums of strings, open to strings that the document does not list.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::{StringVariant, TypeItem, UNKNOWN_VARIANT};
use crate::{docs, rust};

/// An enum of strings.
pub(super) fn emit(item: &TypeItem, variants: &[StringVariant]) -> TokenStream {
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let idents: Vec<_> = variants.iter().map(|variant| rust::ident(&variant.ident)).collect();
    let wires: Vec<&str> = variants.iter().map(|variant| variant.wire.as_str()).collect();
    let docs = variants.iter().map(|variant| docs::outer(&docs::code(&variant.wire)));
    let conversions = conversions(&name);
    let serde = serde(item);
    let schema = super::schema::of_enum(&item.name, "string", &quote!(#(#wires),*));
    quote! {
        #attributes
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
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
        impl From<String> for #name {
            fn from(text: String) -> Self {
                match text.as_str() {
                    #(#wires => Self::#idents,)*
                    _ => Self::#unknown(text),
                }
            }
        }
        #conversions
        #serde
        #schema
    }
}

fn conversions(name: &proc_macro2::Ident) -> TokenStream {
    quote! {
        impl From<&str> for #name {
            fn from(text: &str) -> Self {
                Self::from(text.to_owned())
            }
        }
        impl std::str::FromStr for #name {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(Self::from(text))
            }
        }
        impl std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.pad(self.as_str())
            }
        }
    }
}

fn serde(item: &TypeItem) -> TokenStream {
    let name = rust::ident(&item.name);
    quote! {
        impl Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(Self::from)
            }
        }
    }
}
