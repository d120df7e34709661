//! The trait that knows callers, and what tries the alternatives of each requirement set.

use std::collections::BTreeSet;

use heck::ToSnakeCase as _;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::access::{self, CredentialKind, Extraction};
use super::{Context, generated, own_words};
use crate::plan::{AlternativeItem, CredentialsItem, SchemeItem};
use crate::{GeneratedFile, docs, rust};

/// `authenticator.rs`, when an operation needs it.
pub(super) fn file(server: &Context<'_>) -> Option<GeneratedFile> {
    if !server.has_authenticator() {
        return None;
    }
    let types = server.types_crate();
    let uses = quote! {
        use std::future::Future;

        use #types as types;
        use oas_server_runtime::{Attempts, AuthContext, AuthError, Call, Challenge, Rejection};
    };
    let methods = alternatives(server).into_iter().map(|alternative| method(server, alternative));
    let authenticator = quote! {
        /// Knows callers by their credentials.
        ///
        /// Each method gets credentials that a request has, and says whose they are. What they may do is for it to
        /// say too: the operation, and the scopes that the document asks for, are in the context. Where an operation
        /// accepts several credentials, they are tried in the order of the document.
        pub trait Authenticator: Send + Sync + 'static {
            /// Who calls.
            type Principal: Send + 'static;

            #(#methods)*
        }
    };
    let sets = server.plan.credentials.iter().enumerate().map(|(index, set)| function(server, index, set));
    let text = rust::file([uses, authenticator].into_iter().chain(sets));
    Some(generated("authenticator.rs", text))
}

/// The distinct alternatives that the server can meet, in the order of the plan.
fn alternatives<'a>(server: &Context<'a>) -> Vec<&'a AlternativeItem> {
    let mut seen = BTreeSet::new();
    let sets = server.plan.credentials.iter().zip(&server.access);
    sets.flat_map(|(set, access)| access.alternatives.iter().map(|index| &set.alternatives[*index]))
        .filter(|alternative| seen.insert(alternative.schemes.clone()))
        .collect()
}

/// The schemes of an alternative, each with how its credential is taken out of a request.
fn schemes<'a>(server: &Context<'a>, alternative: &AlternativeItem) -> Vec<(&'a SchemeItem, Extraction)> {
    let items = alternative.schemes.iter().map(|id| &server.plan[*id]);
    items
        .filter_map(|item| {
            let scheme = &server.api.security_schemes[&item.scheme];
            Some((item, access::extraction(scheme)?))
        })
        .collect()
}

/// The method of the trait for an alternative.
fn method(server: &Context<'_>, alternative: &AlternativeItem) -> TokenStream {
    let schemes = schemes(server, alternative);
    let Some(ident) = &alternative.method_ident else { return TokenStream::new() };
    let doc: Vec<&str> = schemes.iter().map(|(item, _)| item.doc.as_str()).filter(|doc| !doc.is_empty()).collect();
    let doc = match (doc.as_slice(), schemes.len()) {
        ([], _) => "Who has this credential.".to_owned(),
        (_, 1) => doc.concat(),
        _ => format!("All of these together:\n\n{}", doc.join("\n\n")),
    };
    let doc = docs::outer(&doc);
    let arguments: Vec<TokenStream> = schemes
        .iter()
        .map(|(item, _)| {
            let name = if schemes.len() == 1 { format_ident!("credential") } else { rust::ident(&item.method_ident) };
            let ty = rust::ident(&item.type_ident);
            quote!(#name: types::#ty)
        })
        .collect();
    quote! {
        #doc
        fn #ident(
            &self,
            #(#arguments,)*
            context: &AuthContext<'_>,
        ) -> impl Future<Output = Result<Self::Principal, AuthError>> + Send;
    }
}

/// The name of the function that meets a requirement set.
pub(super) fn function_ident(set: &CredentialsItem) -> Ident {
    format_ident!("by_{}", set.ident.as_str().to_snake_case())
}

/// The function that tries the alternatives of a requirement set.
fn function(server: &Context<'_>, index: usize, set: &CredentialsItem) -> TokenStream {
    let access = &server.access[index];
    if access.alternatives.is_empty() {
        return TokenStream::new();
    }
    let ident = function_ident(set);
    let met: Vec<&AlternativeItem> = access.alternatives.iter().map(|one| &set.alternatives[*one]).collect();
    let mut challenges: Vec<TokenStream> = Vec::new();
    for (_, extraction) in met.iter().flat_map(|alternative| schemes(server, alternative)) {
        if !challenges.iter().any(|known| known.to_string() == extraction.challenge.to_string()) {
            challenges.push(extraction.challenge);
        }
    }
    let count = proc_macro2::Literal::usize_unsuffixed(met.len());
    let accepted = if access.anonymous { quote!(Some(principal)) } else { quote!(principal) };
    let output = if access.anonymous { quote!(Option<Auth::Principal>) } else { quote!(Auth::Principal) };
    let tries = met.iter().enumerate().map(|(at, alternative)| attempt(server, alternative, at, &accepted));
    let anonymous = access.anonymous.then(|| {
        quote! {
            if attempts.untried() {
                return Ok(None);
            }
        }
    });
    let doc = own_words(&sentence(server, &met, access.anonymous));
    quote! {
        #doc
        pub(super) async fn #ident<Auth: Authenticator>(
            authenticator: &Auth,
            call: &mut Call,
            scopes: [&[&[&str]]; #count],
        ) -> Result<#output, Rejection> {
            let mut attempts = Attempts::new(&[#(#challenges),*]);
            #(#tries)*
            #anonymous
            Err(attempts.refuse())
        }
    }
}

/// What a requirement set asks for, in words.
fn sentence(server: &Context<'_>, met: &[&AlternativeItem], anonymous: bool) -> String {
    let one = |alternative: &&AlternativeItem| {
        let names: Vec<String> =
            schemes(server, alternative).iter().map(|(item, _)| docs::code(&item.scheme)).collect();
        names.join(" and ")
    };
    let all: Vec<String> = met.iter().map(one).chain(anonymous.then(|| "nobody".to_owned())).collect();
    format!("Who calls, by {}.", all.join(", or "))
}

/// Tries one alternative, once for each list of scopes that is enough.
fn attempt(server: &Context<'_>, alternative: &AlternativeItem, at: usize, accepted: &TokenStream) -> TokenStream {
    let schemes = schemes(server, alternative);
    let method = &alternative.method_ident;
    let single = schemes.len() == 1;
    let names: Vec<Ident> = (0..schemes.len())
        .map(|index| if single { format_ident!("credential") } else { format_ident!("credential_{index}") })
        .collect();
    let extractions = schemes.iter().map(|(_, Extraction { credential, kind, .. })| match kind {
        // Taking one credential out of the request may need the request as a whole, while the other is at hand.
        CredentialKind::BorrowedText if !single => quote!(#credential.map(str::to_owned)),
        _ => credential.clone(),
    });
    let extractions: Vec<TokenStream> = extractions.collect();
    let values: Vec<TokenStream> = schemes
        .iter()
        .zip(&names)
        .map(|((item, extraction), name)| {
            let ty = rust::ident(&item.type_ident);
            match extraction.kind {
                CredentialKind::BorrowedText if single => quote!(types::#ty::new(#name)),
                CredentialKind::Text | CredentialKind::BorrowedText => quote!(types::#ty::new(#name.clone())),
                CredentialKind::NameAndPassword => quote!(types::#ty::new(#name.0.clone(), #name.1.clone())),
                CredentialKind::Certificate => quote!(types::#ty::new(#name.0.clone())),
            }
        })
        .collect();
    let index = proc_macro2::Literal::usize_unsuffixed(at);
    let body = quote! {
        for scopes in scopes[#index] {
            let said = authenticator.#method(#(#values,)* &call.auth_context(scopes)).await;
            if let Some(principal) = attempts.settle(said)? {
                return Ok(#accepted);
            }
        }
    };
    if single {
        return quote! {
            if let Some(credential) = #(#extractions)* {
                #body
            }
        };
    }
    let nones = names.iter().map(|_| quote!(None));
    quote! {
        match (#(#extractions,)*) {
            (#(Some(#names),)*) => { #body }
            (#(#nones,)*) => {}
            _ => attempts.incomplete(),
        }
    }
}
