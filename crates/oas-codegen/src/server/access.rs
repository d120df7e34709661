//! Which credentials the server can take out of a request, and what meets a requirement set.

use oas_document::{Diagnostic, Place};
use oas_model::{Api, ApiKeyLocation, Operation, SecurityScheme, SecuritySchemeKind};
use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{AlternativeItem, CredentialsId, OperationItem, Plan, SchemeId};

/// Schemes of `Authorization` that are a conversation: a server that only looks at one request cannot hold it.
const CONVERSATIONS: [&str; 8] =
    ["digest", "dpop", "hoba", "mutual", "negotiate", "scram-sha-1", "scram-sha-256", "vapid"];

/// How a requirement set is met.
#[derive(Debug, Clone)]
pub(super) struct Access {
    /// The alternatives that can be met, as indices of the set's, without an anonymous one.
    pub(super) alternatives: Vec<usize>,
    /// Whether a caller may stay anonymous.
    pub(super) anonymous: bool,
}

/// What an operation knows of its caller.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// Nothing.
    Public,
    /// This requirement set is met.
    Required(CredentialsId),
    /// This requirement set is met, or the caller is anonymous.
    Optional(CredentialsId),
}

/// Decides for each requirement set how it is met. What cannot be met is never the same as no security.
pub(super) fn decide(api: &Api, plan: &Plan) -> (Vec<Access>, Vec<Diagnostic>) {
    let mut diagnostics: Vec<Diagnostic> = plan
        .schemes
        .iter()
        .map(|item| &api.security_schemes[&item.scheme])
        .filter(|scheme| extraction(scheme).is_none())
        .map(unsupported_scheme)
        .collect();
    let supported = |id: &SchemeId| extraction(&api.security_schemes[&plan[*id].scheme]).is_some();
    let access: Vec<Access> = plan
        .credentials
        .iter()
        .map(|set| {
            let met = |one: &AlternativeItem| !one.schemes.is_empty() && one.schemes.iter().all(supported);
            let all = set.alternatives.iter().enumerate();
            Access {
                alternatives: all.filter(|(_, one)| met(one)).map(|(index, _)| index).collect(),
                anonymous: set.alternatives.iter().any(|one| one.schemes.is_empty()),
            }
        })
        .collect();
    for item in &plan.operations {
        let operation = &api[item.operation];
        if of(item, operation, &access).is_none() {
            diagnostics.push(refused(operation));
        }
    }
    (access, diagnostics)
}

fn unsupported_scheme(scheme: &SecurityScheme) -> Diagnostic {
    let what = match &scheme.kind {
        SecuritySchemeKind::Http { scheme, .. } => format!("the HTTP scheme `{}`", scheme.escape_debug()),
        _ => "this security scheme".to_owned(),
    };
    let message = format!("the server cannot check {what}; the alternatives that ask for it are never met");
    Diagnostic::slip("unsupported-security", message)
        .at(Place::of(&scheme.at))
        .hint("describe another scheme as an alternative, in an overlay")
}

fn refused(operation: &Operation) -> Diagnostic {
    let message = format!(
        "the server refuses every caller of `{} {}`: none of its security schemes can be checked",
        operation.method,
        operation.path.escape_debug()
    );
    Diagnostic::slip("unsupported-security", message)
        .at(Place::of(&operation.at))
        .hint("describe a scheme that the server can check as an alternative, in an overlay")
}

/// What an operation knows of its caller; `None` when nothing can meet its requirements, and every caller is refused.
pub(super) fn of(item: &OperationItem, operation: &Operation, access: &[Access]) -> Option<Security> {
    if operation.denied {
        return None;
    }
    let Some(set) = item.credentials else {
        let asks = operation.security.iter().any(|requirement| !requirement.schemes.is_empty());
        let lets_in = operation.security.iter().any(|requirement| requirement.schemes.is_empty());
        return (!asks || lets_in).then_some(Security::Public);
    };
    let Access { alternatives, anonymous } = &access[set.0];
    match (alternatives.is_empty(), anonymous) {
        (true, false) => None,
        (true, true) => Some(Security::Public),
        (false, false) => Some(Security::Required(set)),
        (false, true) => Some(Security::Optional(set)),
    }
}

/// What the server takes out of a request for a scheme.
pub(super) struct Extraction {
    /// The expression that gives an `Option` of the credential.
    pub(super) credential: TokenStream,
    /// How it is made a value of the scheme's type.
    pub(super) kind: CredentialKind,
    /// What callers without are told.
    pub(super) challenge: TokenStream,
}

/// What a credential is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum CredentialKind {
    /// One text.
    Text,
    /// One text that stands in the request as it is.
    BorrowedText,
    /// A name and a password.
    NameAndPassword,
    /// A certificate.
    Certificate,
}

/// How the credential of a scheme is taken out of a request; `None` when that cannot be done.
pub(super) fn extraction(scheme: &SecurityScheme) -> Option<Extraction> {
    let text = |credential, challenge| Extraction { credential, kind: CredentialKind::Text, challenge };
    let borrowed = |credential, challenge| Extraction { credential, kind: CredentialKind::BorrowedText, challenge };
    Some(match &scheme.kind {
        SecuritySchemeKind::ApiKey { location, name } => {
            let (method, word) = match location {
                ApiKeyLocation::Header => (quote!(header_credential), "header"),
                ApiKeyLocation::Query => (quote!(query_credential), "query"),
                ApiKeyLocation::Cookie => (quote!(cookie_credential), "cookie"),
            };
            text(quote!(call.#method(#name)), quote!(Challenge::ApiKey { location: #word, name: #name }))
        }
        SecuritySchemeKind::Http { scheme, .. } => match scheme.to_ascii_lowercase().as_str() {
            "bearer" => borrowed(quote!(call.bearer()), quote!(Challenge::Bearer)),
            "basic" => Extraction {
                credential: quote!(call.basic()),
                kind: CredentialKind::NameAndPassword,
                challenge: quote!(Challenge::Basic),
            },
            conversation if CONVERSATIONS.contains(&conversation) => return None,
            _ => borrowed(quote!(call.http_credential(#scheme)), quote!(Challenge::Http(#scheme))),
        },
        SecuritySchemeKind::OAuth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => {
            borrowed(quote!(call.bearer()), quote!(Challenge::Bearer))
        }
        SecuritySchemeKind::MutualTls => Extraction {
            credential: quote!(call.client_certificate()),
            kind: CredentialKind::Certificate,
            challenge: quote!(Challenge::ClientCertificate),
        },
    })
}

/// The scopes that an operation asks for with an alternative: a list for each requirement that has these schemes,
/// since a document may accept either of two scopes. One of the lists is enough.
pub(super) fn scopes(plan: &Plan, operation: &Operation, alternative: &AlternativeItem) -> Vec<Vec<String>> {
    let names: Vec<&str> = alternative.schemes.iter().map(|id| plan[*id].scheme.as_str()).collect();
    let same = |keys: &mut dyn Iterator<Item = &String>| {
        let keys: Vec<&str> = keys.map(String::as_str).collect();
        keys.len() == names.len() && names.iter().all(|name| keys.contains(name))
    };
    let requirements = operation.security.iter().filter(|requirement| same(&mut requirement.schemes.keys()));
    requirements.map(|requirement| requirement.schemes.values().flatten().cloned().collect()).collect()
}
