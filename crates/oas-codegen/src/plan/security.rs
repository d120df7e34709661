//! Security schemes and requirement sets.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;
use oas_document::Location;
use oas_model::SecurityRequirement;

use super::key::{Key, KeyKind, KeyPath};
use super::names::{self, Kind};
use super::operation::Head;
use super::scope::{Request, Scope};
use super::settle::Planner;
use super::type_names::{Base, TypeRequest};
use super::{AlternativeItem, CredentialsItem, Ident, SchemeItem};

/// The distinct requirement sets, and which one each operation has.
pub(super) struct Requirements {
    pub(super) items: Vec<CredentialsItem>,
    /// The index in [`items`](Self::items) for each operation of the model; `None` when it is public.
    pub(super) by_operation: Vec<Option<usize>>,
}

/// Methods that the client's builder has anyway, and settings of the command line.
const TAKEN: [&str; 14] = [
    "base_url",
    "build",
    "clone",
    "config",
    "connect_timeout",
    "http_client",
    "into",
    "new",
    "operation_base_url",
    "read_timeout",
    "retries",
    "timeout",
    "user_agent",
    "without_credentials",
];

/// The schemes that operations use, in the order of the document.
pub(super) fn settle_schemes(planner: &mut Planner<'_>) -> Vec<SchemeItem> {
    let api = planner.api;
    let used: BTreeSet<&str> = api
        .operations
        .iter()
        .flat_map(|operation| &operation.security)
        .flat_map(|requirement| requirement.schemes.keys().map(String::as_str))
        .collect();
    let schemes: Vec<_> = api.security_schemes.iter().filter(|(name, _)| used.contains(name.as_str())).collect();
    let key = |name: &str| Key::new(KeyKind::Scheme, &KeyPath::root("securitySchemes", name));
    let mut scope = Scope::with_reserved(Kind::Method, "security schemes", |ident| TAKEN.contains(&ident));
    let requests = schemes.iter().map(|(name, scheme)| {
        Request::named(Kind::Method, name, key(name), &scheme.at)
            .or(Kind::Method, &format!("{name} credential"))
            .placed()
    });
    let methods = scope.settle(&mut planner.register, requests.collect());
    let named = schemes.into_iter().zip(methods);
    named
        .map(|((name, scheme), method_ident)| {
            let path = KeyPath::root("securitySchemes", name);
            // The type is called like the method, which may be pinned.
            let words = if planner.register.is_pinned(&key(name), &scheme.at) { method_ident.as_str() } else { name };
            let is_kept = planner.register.is_kept(&key(name), &method_ident);
            let type_ident = planner.type_names.ask(TypeRequest {
                key: path.type_key(),
                base: Base::Settled { is_kept },
                words: words.to_owned(),
                longer: Some(format!("{words} Credential")),
                at: scheme.at.clone(),
                has_place: false,
            });
            SchemeItem { scheme: name.clone(), key: path, type_ident, method_ident, doc: super::doc::of_scheme(scheme) }
        })
        .collect()
}

/// The distinct requirement sets of the operations.
pub(super) fn settle_requirements(planner: &mut Planner<'_>, schemes: &[SchemeItem], heads: &[Head]) -> Requirements {
    let mut sets: BTreeMap<Vec<Vec<usize>>, usize> = BTreeMap::new();
    let mut items = Vec::new();
    let mut by_operation = Vec::with_capacity(heads.len());
    for head in heads {
        let operation = &planner.api.operations[head.operation];
        let set = alternatives(&operation.security, schemes);
        let is_public = set.iter().all(Vec::is_empty);
        if is_public {
            by_operation.push(None);
            continue;
        }
        let index = *sets.entry(set).or_insert_with_key(|set| {
            let at = operation.security.first().map_or(&operation.at, |requirement| &requirement.at);
            items.push(planner.requirement_set(set, schemes, at));
            items.len() - 1
        });
        by_operation.push(Some(index));
    }
    Requirements { items, by_operation }
}

/// The alternatives as indices of schemes, each once. Their order is the document's, for it is that of preference; the
/// schemes of one are needed together, in whatever order they stand.
fn alternatives(requirements: &[SecurityRequirement], schemes: &[SchemeItem]) -> Vec<Vec<usize>> {
    let by_name = |index: &usize| &schemes[*index].scheme;
    let indices = |requirement: &SecurityRequirement| {
        let mut needed: Vec<usize> =
            (0..schemes.len()).filter(|index| requirement.schemes.contains_key(by_name(index))).collect();
        needed.sort_by_key(by_name);
        needed
    };
    requirements.iter().map(indices).collect::<IndexSet<_>>().into_iter().collect()
}

impl Planner<'_> {
    fn requirement_set(&mut self, set: &[Vec<usize>], schemes: &[SchemeItem], at: &Location) -> CredentialsItem {
        let of = |indices: &Vec<usize>| indices.iter().map(|index| &schemes[*index]).collect::<Vec<_>>();
        let wire = |indices: &Vec<usize>| {
            of(indices).iter().map(|item| item.scheme.as_str()).collect::<Vec<_>>().join(" and ")
        };
        let key = KeyPath::root("credentials", &set.iter().map(wire).collect::<Vec<_>>().join(" or "));
        let is_kept = set.iter().flatten().all(|index| {
            let scheme = &schemes[*index];
            self.register.is_kept(&Key::new(KeyKind::Scheme, &scheme.key), &scheme.method_ident)
        });
        let words = |indices: &Vec<usize>| {
            let words: Vec<&str> = of(indices).iter().map(|item| item.method_ident.as_str()).collect();
            if words.is_empty() { "Anonymous".to_owned() } else { words.join(" and ") }
        };
        let mut scope = Scope::new(Kind::Variant, format!("variants of `{}`", key.as_str()));
        let requests = set.iter().map(|indices| Request {
            key: key.variant_key(&wire(indices)),
            forms: vec![names::ident(Kind::Variant, &words(indices))],
            at: at.clone(),
            has_place: false,
            keeps: is_kept,
        });
        let variants: Vec<Ident> = scope.settle(&mut self.register, requests.collect());
        let name = variants.iter().map(Ident::as_str).collect::<Vec<_>>().join(" or ");
        let name = if variants.len() == 1 { format!("{name} Credentials") } else { name };
        let ident = self.type_names.ask(TypeRequest {
            key: key.type_key(),
            base: Base::Settled { is_kept },
            longer: Some(format!("{name} Credentials")),
            words: name,
            at: at.clone(),
            has_place: false,
        });
        let alternatives = variants
            .into_iter()
            .zip(set)
            .map(|(variant, schemes)| AlternativeItem { variant, schemes: schemes.clone() })
            .collect();
        CredentialsItem { key, ident, alternatives }
    }
}
