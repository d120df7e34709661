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
    let integer = integer(variants);
    let getter = format_ident!("as_{integer}");
    quote! {
        #attributes
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum #name {
            #(#docs #idents,)*
            /// An integer that the document does not list. Never one of those that it lists, when made by `From`.
            #unknown(#integer),
        }
        impl #name {
            /// The integer.
            #[must_use]
            pub const fn #getter(self) -> #integer {
                match self {
                    #(Self::#idents => #wires,)*
                    Self::#unknown(other) => other,
                }
            }
        }
        impl From<#integer> for #name {
            fn from(number: #integer) -> Self {
                match number {
                    #(#wires => Self::#idents,)*
                    other => Self::#unknown(other),
                }
            }
        }
        impl oas_types_runtime::IntegerEnum for #name {
            type Integer = #integer;

            fn from_integer(integer: #integer) -> Self {
                Self::from(integer)
            }
            fn integer(&self) -> #integer {
                self.#getter()
            }
            fn is_listed(&self) -> bool {
                !matches!(self, Self::#unknown(_))
            }
        }
    }
}

/// The type that holds every value.
fn integer(variants: &[IntegerVariant]) -> proc_macro2::Ident {
    let is_beyond = |variant: &IntegerVariant| i64::try_from(variant.wire).is_err();
    let is_negative = |variant: &IntegerVariant| variant.wire < 0;
    match (variants.iter().any(is_beyond), variants.iter().any(is_negative)) {
        (false, _) => format_ident!("i64"),
        (true, false) => format_ident!("u64"),
        (true, true) => format_ident!("i128"),
    }
}

/// An integer as an expression and a pattern.
fn number(wire: i128) -> TokenStream {
    let digits = Literal::u128_unsuffixed(wire.unsigned_abs());
    if wire < 0 { quote!(-#digits) } else { quote!(#digits) }
}
