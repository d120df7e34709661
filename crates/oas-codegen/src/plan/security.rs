//! Security schemes and requirement sets.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use oas_model::SecurityRequirement;

use super::names::{self, Kind};
use super::operation::Head;
use super::scope::Scope;
use super::settle::Planner;
use super::{AlternativeItem, CredentialsItem, Ident, SchemeItem};

/// The distinct requirement sets, and which one each operation has.
pub(super) struct Requirements {
    pub(super) items: Vec<CredentialsItem>,
    /// The index in [`items`](Self::items) for each operation of the model; `None` when it is public.
    pub(super) by_operation: Vec<Option<usize>>,
}

/// The schemes that operations use, in the order of the document.
pub(super) fn settle_schemes(planner: &mut Planner<'_>) -> Vec<SchemeItem> {
    let api = planner.api;
    let used: IndexSet<&str> = api
        .operations
        .iter()
        .flat_map(|operation| &operation.security)
        .flat_map(|requirement| requirement.schemes.keys().map(String::as_str))
        .collect();
    let mut methods = Scope::new(Kind::Parameter, "security schemes");
    let mut items = Vec::new();
    for (name, scheme) in api.security_schemes.iter().filter(|(name, _)| used.contains(name.as_str())) {
        for taken in ["timeout", "connect_timeout", "base_url", "user_agent", "http_client", "retries", "build"] {
            methods.take_exactly(taken, &scheme.at);
        }
        items.push(SchemeItem {
            scheme: name.clone(),
            type_ident: planner.take_type(name, Some(&format!("{name} Credential")), &scheme.at),
            method_ident: methods.take_either(name, &format!("{name} credential"), &scheme.at),
            doc: super::doc::of_scheme(scheme),
        });
    }
    planner.diagnostics.extend(methods.into_collisions());
    items
}

/// The distinct requirement sets of the operations.
pub(super) fn settle_requirements(planner: &mut Planner<'_>, schemes: &[SchemeItem], heads: &[Head]) -> Requirements {
    let mut sets: BTreeMap<Vec<Vec<usize>>, usize> = BTreeMap::new();
    let mut items = Vec::new();
    let mut by_operation = Vec::with_capacity(heads.len());
    for head in heads {
        let Some(operation) = planner.api.operations.get(head.operation) else { continue };
        let set = alternatives(&operation.security, schemes);
        let is_public = set.iter().all(Vec::is_empty);
        if is_public {
            by_operation.push(None);
            continue;
        }
        let index = *sets.entry(set).or_insert_with_key(|set| {
            let at = operation.security.first().map_or(&operation.at, |requirement| &requirement.at);
            let alternatives = named_alternatives(set, schemes);
            let words: Vec<&str> = alternatives.iter().map(|one| one.variant.as_str()).collect();
            let name = words.join(" or ");
            let name = if words.len() == 1 { format!("{name} Credentials") } else { name };
            let ident = planner.take_type(&name, Some(&format!("{name} Credentials")), at);
            items.push(CredentialsItem { ident, alternatives });
            items.len() - 1
        });
        by_operation.push(Some(index));
    }
    Requirements { items, by_operation }
}

/// The alternatives as indices of schemes, each once.
fn alternatives(requirements: &[SecurityRequirement], schemes: &[SchemeItem]) -> Vec<Vec<usize>> {
    let indices = |requirement: &SecurityRequirement| {
        schemes
            .iter()
            .enumerate()
            .filter(|(_, item)| requirement.schemes.contains_key(&item.scheme))
            .map(|(index, _)| index)
            .collect::<Vec<_>>()
    };
    requirements.iter().map(indices).collect::<IndexSet<_>>().into_iter().collect()
}

fn named_alternatives(set: &[Vec<usize>], schemes: &[SchemeItem]) -> Vec<AlternativeItem> {
    let mut taken: IndexSet<String> = IndexSet::new();
    set.iter()
        .map(|indices| {
            let words: Vec<&str> =
                indices.iter().filter_map(|index| schemes.get(*index).map(|item| item.type_ident.as_str())).collect();
            let name = if words.is_empty() { "Anonymous".to_owned() } else { words.join(" and ") };
            let mut variant = names::ident(Kind::Variant, &name);
            while !taken.insert(variant.clone()) {
                variant.push('_');
            }
            AlternativeItem { variant: Ident::new(variant), schemes: indices.clone() }
        })
        .collect()
}
