//! Credentials: a newtype per security scheme, an enum per requirement set.

use oas_model::SecuritySchemeKind;
use proc_macro2::TokenStream;
use quote::quote;

use super::features::Condition;
use super::{Context, Module};
use crate::plan::{AlternativeItem, CredentialsItem, Plan, SchemeItem};
use crate::{docs, rust};

/// Fills the file of credentials.
pub(super) fn emit(context: &Context<'_>, module: &mut Module<'_>) {
    let plan = context.plan;
    let schemes = plan.schemes.iter().map(|scheme| newtype(context, scheme));
    let sets = plan.credentials.iter().map(|set| requirement_set(set, plan));
    module.add(&Condition::default(), schemes.chain(sets));
}

fn newtype(context: &Context<'_>, scheme: &SchemeItem) -> TokenStream {
    let model = &context.api.security_schemes[&scheme.scheme];
    let is_basic = matches!(&model.kind, SecuritySchemeKind::Http { scheme, .. } if scheme == "basic");
    let words = if scheme.doc.is_empty() {
        format!("The credential of the security scheme {}.", docs::code(&scheme.scheme))
    } else {
        scheme.doc.clone()
    };
    let doc = docs::outer(&format!("{words}\n\nThe secret is shown by nothing but `expose`."));
    let name = rust::ident(&scheme.type_ident);
    if is_basic { basic(&name, &doc) } else { secret(&name, &doc) }
}

/// A secret of one text.
fn secret(name: &proc_macro2::Ident, doc: &TokenStream) -> TokenStream {
    let redacted = format!("{name}([redacted])");
    quote! {
        #doc
        #[derive(Clone)]
        pub struct #name(String);

        impl #name {
            /// The credential with this secret.
            pub fn new(secret: impl Into<String>) -> Self {
                Self(secret.into())
            }
            /// The secret.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.0
            }
        }
        impl From<String> for #name {
            fn from(secret: String) -> Self {
                Self(secret)
            }
        }
        impl From<&str> for #name {
            fn from(secret: &str) -> Self {
                Self(secret.to_owned())
            }
        }
        impl std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str(#redacted)
            }
        }
    }
}

/// A user name and a password.
fn basic(name: &proc_macro2::Ident, doc: &TokenStream) -> TokenStream {
    let label = name.to_string();
    quote! {
        #doc
        #[derive(Clone)]
        pub struct #name {
            username: String,
            password: String,
        }
        impl #name {
            /// The credential of this user with this password.
            pub fn new(username: impl Into<String>, password: impl Into<String>) -> Self {
                Self { username: username.into(), password: password.into() }
            }
            /// The user.
            #[must_use]
            pub fn username(&self) -> &str {
                &self.username
            }
            /// The password.
            #[must_use]
            pub fn expose(&self) -> &str {
                &self.password
            }
        }
        impl std::fmt::Debug for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.debug_struct(#label).field("username", &self.username).finish_non_exhaustive()
            }
        }
    }
}

fn requirement_set(set: &CredentialsItem, plan: &Plan) -> TokenStream {
    let name = rust::ident(&set.ident);
    let variants = set.alternatives.iter().map(|alternative| variant(alternative, plan));
    quote! {
        /// What a caller may present: one of these.
        #[derive(Debug, Clone)]
        pub enum #name {
            #(#variants)*
        }
    }
}

fn variant(alternative: &AlternativeItem, plan: &Plan) -> TokenStream {
    let ident = rust::ident(&alternative.variant);
    let needed: Vec<&SchemeItem> = alternative.schemes.iter().map(|id| &plan[*id]).collect();
    match needed.as_slice() {
        [] => quote! {
            /// Nothing at all.
            #ident,
        },
        [only] => {
            let ty = rust::ident(&only.type_ident);
            let doc = docs::outer(&format!("{} alone.", docs::code(&only.scheme)));
            quote!(#doc #ident(#ty),)
        }
        several => {
            let names: Vec<String> = several.iter().map(|scheme| docs::code(&scheme.scheme)).collect();
            let doc = docs::outer(&format!("{} together.", names.join(" and ")));
            let fields = several.iter().map(|scheme| {
                let field = rust::ident(&scheme.method_ident);
                let ty = rust::ident(&scheme.type_ident);
                let doc = docs::outer(&docs::code(&scheme.scheme));
                quote!(#doc #field: #ty,)
            });
            quote!(#doc #ident { #(#fields)* },)
        }
    }
}
