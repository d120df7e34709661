//! The client with what is known before an operation is called: the server, and a secret per security scheme.

use oas_document::{Diagnostic, Place};
use oas_model::{Api, SecuritySchemeKind};
use proc_macro2::TokenStream;
use quote::quote;

use super::flags;
use crate::docs;
use crate::plan::{Plan, SchemeItem};

/// A scheme whose secret can be told in a text.
struct Scheme<'a> {
    item: &'a SchemeItem,
    /// Whether the text is a name and a password.
    is_basic: bool,
}

/// The schemes of the plan that a text is enough for.
fn schemes<'a>(api: &Api, plan: &'a Plan) -> Vec<Scheme<'a>> {
    let scheme = |item: &'a SchemeItem| match &api.security_schemes[&item.scheme].kind {
        SecuritySchemeKind::MutualTls => None,
        SecuritySchemeKind::Http { scheme, .. } => Some(Scheme { item, is_basic: scheme == "basic" }),
        _ => Some(Scheme { item, is_basic: false }),
    };
    plan.schemes.iter().filter_map(scheme).collect()
}

/// The schemes as entries of the table.
pub(super) fn table(api: &Api, plan: &Plan, prefix: &str) -> Vec<TokenStream> {
    let entry = |scheme: Scheme<'_>| {
        let method = &scheme.item.method_ident;
        let (name, env) = (method.to_kebab(), format!("{prefix}_{}", method.as_str().to_uppercase()));
        let about = flags::first_line(&scheme.item.doc);
        let about = if scheme.is_basic { format!("{about} (NAME:PASSWORD)").trim().to_owned() } else { about };
        quote!(Scheme { name: #name, env: #env, about: #about })
    };
    schemes(api, plan).into_iter().map(entry).collect()
}

/// `fn client`.
pub(super) fn function(api: &Api, plan: &Plan) -> TokenStream {
    let credentials = schemes(api, plan).into_iter().map(|Scheme { item, is_basic }| {
        let (method, name) = (&item.method_ident, item.method_ident.to_kebab());
        if is_basic {
            quote! {
                if let Some((name, password)) = settings.name_and_password(#name)? {
                    builder = builder.#method(name, password);
                }
            }
        } else {
            quote! {
                if let Some(secret) = settings.secret(#name) {
                    builder = builder.#method(secret);
                }
            }
        }
    });
    quote! {
        /// A client with these settings, to be built.
        ///
        /// # Errors
        /// When a secret is not what its scheme takes.
        pub(crate) fn client(settings: &Settings) -> Result<ClientBuilder, Failure> {
            let mut builder = Client::builder();
            if let Some(url) = &settings.base_url {
                builder = builder.base_url(url);
            }
            if let Some(timeout) = settings.timeout {
                builder = builder.timeout(timeout);
            }
            for (name, value) in &settings.headers {
                builder = builder.default_header(name, value);
            }
            #(#credentials)*
            Ok(builder)
        }
    }
}

/// Says which schemes a text is not enough for.
pub(super) fn notes<'a>(api: &'a Api, plan: &'a Plan) -> impl Iterator<Item = Diagnostic> + 'a {
    let known = plan.schemes.iter().map(|item| (item, &api.security_schemes[&item.scheme]));
    let certificates = known.filter(|(_, scheme)| matches!(scheme.kind, SecuritySchemeKind::MutualTls));
    certificates.map(|(item, scheme)| {
        let name = docs::code(&item.scheme);
        Diagnostic::note("no-certificate", format!("the command line has no certificate for the scheme {name}"))
            .at(Place::of(&scheme.at))
            .hint("write a program over the client, which takes an HTTP client with a certificate")
    })
}
