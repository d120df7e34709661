//! `JsonSchema` for types whose derive would say something else than the document: it knows their variants, not what
//! they are on the wire.

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{Ident, Plan, UnionItem};
use crate::rust;

/// The schema of an enum of `values` of the type `json_type`.
pub(super) fn of_enum(name: &Ident, json_type: &str, values: &TokenStream) -> TokenStream {
    implementation(
        name,
        &quote!(_generator),
        &quote! {
            let values: &[_] = &[#values];
            schemars::json_schema!({ "type": #json_type, "enum": values })
        },
    )
}

/// The schema of a union.
pub(super) fn of_union(plan: &Plan, name: &Ident, union: &UnionItem) -> TokenStream {
    let types = union.variants.iter().map(|variant| rust::type_tokens(plan, &variant.ty, &TokenStream::new()));
    implementation(
        name,
        &quote!(generator),
        &quote! {
            let branches: &[schemars::Schema] = &[#(generator.subschema_for::<#types>()),*];
            schemars::json_schema!({ "anyOf": branches })
        },
    )
}

/// The function that gives the schemas of all types.
pub(super) fn of_all(plan: &Plan) -> TokenStream {
    let names: Vec<&str> = plan.types.iter().map(|item| item.name.as_str()).collect();
    let idents = names.iter().map(rust::ident);
    quote! {
        /// The schema of every type, by its name. What they refer to is in the definitions of `generator`.
        pub fn json_schemas(
            generator: &mut schemars::SchemaGenerator,
        ) -> std::collections::BTreeMap<&'static str, schemars::Schema> {
            use schemars::JsonSchema as _;
            std::collections::BTreeMap::from([
                #((#names, super::#idents::json_schema(generator)),)*
            ])
        }
    }
}

fn implementation(ident: &Ident, generator: &TokenStream, schema: &TokenStream) -> TokenStream {
    let name = ident.as_str();
    quote! {
        #[cfg(feature = "schemars")]
        impl schemars::JsonSchema for #ident {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                #name.into()
            }
            fn json_schema(#generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
                #schema
            }
        }
    }
}
