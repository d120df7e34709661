//! The servers of the document by name, with typed values for the variables of their URLs.

use proc_macro2::TokenStream;
use quote::quote;

use super::client_docs;
use super::request::Context;
use crate::plan::{Ident, ServerItem, VariableItem};
use crate::{docs, rust};

/// The file of all servers.
pub(super) fn file(client: Context<'_>) -> String {
    let servers = client.plan.servers.iter().map(server);
    let choices = client.plan.servers.iter().flat_map(|server| &server.variables).filter_map(choice);
    rust::file(servers.chain(choices))
}

/// How a server is chosen, as code.
pub(super) fn example(client: Context<'_>) -> Option<String> {
    let servers = &client.plan.servers;
    let server = servers.iter().find(|server| !server.variables.is_empty()).or(servers.first())?;
    let setter = server.variables.first().map(|variable| {
        let value = match &variable.choice {
            Some((ident, variants)) => format!("servers::{ident}::{}", variants.last()?.0),
            None => format!("{:?}", variable.default),
        };
        Some(format!(".{}({value})", variable.ident))
    });
    let setter = setter.flatten().unwrap_or_default();
    Some(docs::code(&format!("base_url(servers::{}::new(){setter})", server.ident)))
}

/// A server.
fn server(item: &ServerItem) -> TokenStream {
    let ServerItem { ident, url, doc, at: _, variables } = item;
    let docs = client_docs::with_ours(doc, &[docs::code(url)]);
    let name = rust::ident(ident);
    let fields: Vec<TokenStream> = variables
        .iter()
        .map(|variable| {
            let (field, ty) = (rust::ident(&variable.ident), field_type(variable));
            quote!(#field: #ty)
        })
        .collect();
    let defaults = variables.iter().map(|variable| {
        let field = rust::ident(&variable.ident);
        let default = &variable.default;
        if let Some((ident, _)) = &variable.choice {
            let ident = rust::ident(ident);
            return quote!(#field: #ident::default());
        }
        quote!(#field: #default.to_owned())
    });
    let setters = variables.iter().map(setter);
    let values: Vec<TokenStream> = variables
        .iter()
        .map(|variable| {
            let (wire, field) = (&variable.wire, rust::ident(&variable.ident));
            quote!((#wire, server.#field.as_str()))
        })
        .collect();
    let parameter = if variables.is_empty() { quote!(_) } else { quote!(server) };
    quote! {
        #docs
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct #name { #(#fields),* }

        impl #name {
            /// The server, with the defaults of its variables.
            pub fn new() -> Self {
                Self { #(#defaults),* }
            }

            #(#setters)*
        }

        impl Default for #name {
            fn default() -> Self {
                Self::new()
            }
        }

        impl From<#name> for String {
            fn from(#parameter: #name) -> Self {
                oas_client_runtime::server_url(#url, &[#(#values),*])
            }
        }
    }
}

/// The type of a variable's value.
fn field_type(variable: &VariableItem) -> TokenStream {
    let Some((ident, _)) = &variable.choice else { return quote!(String) };
    let ident = rust::ident(ident);
    quote!(#ident)
}

/// The setter of a variable.
fn setter(variable: &VariableItem) -> TokenStream {
    let VariableItem { wire, ident, doc, default, at: _, choice } = variable;
    let default = match default.as_str() {
        "" => "without default".to_owned(),
        default => format!("{} by default", docs::code(default)),
    };
    let docs = client_docs::with_ours(doc, &[format!("The variable {}; {default}.", docs::code(wire))]);
    let name = rust::ident(ident);
    let (parameter, value) = match choice {
        Some(_) => (field_type(variable), quote!(value)),
        None => (quote!(impl Into<String>), quote!(value.into())),
    };
    quote! {
        #docs
        #[must_use]
        pub fn #name(mut self, value: #parameter) -> Self {
            self.#name = #value;
            self
        }
    }
}

/// The values of a variable that has few.
fn choice(variable: &VariableItem) -> Option<TokenStream> {
    let (ident, variants) = variable.choice.as_ref()?;
    let docs = client_docs::with_ours(&variable.doc, &[format!("Values of {}.", docs::code(&variable.wire))]);
    let name = rust::ident(ident);
    let is_default = |value: &str| value == variable.default;
    let default = variants.iter().position(|(_, value)| is_default(value)).unwrap_or_default();
    let declared = variants.iter().enumerate().map(|(index, (variant, value))| {
        let attribute = (index == default).then(|| quote!(#[default]));
        let (docs, variant) = (client_docs::line(&docs::code(value)), rust::ident(variant));
        quote!(#docs #attribute #variant)
    });
    let arms = variants.iter().map(|(variant, value): &(Ident, String)| {
        let variant = rust::ident(variant);
        quote!(Self::#variant => #value)
    });
    Some(quote! {
        #docs
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum #name { #(#declared),* }

        impl #name {
            /// The value as it stands in the URL.
            pub fn as_str(self) -> &'static str {
                match self { #(#arms),* }
            }
        }
    })
}
