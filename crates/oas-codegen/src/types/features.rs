//! When an item of the types package is compiled: with the feature of a group of operations that needs it.
//!
//! What belongs to no group is always compiled: what the API sends on its own, types that no operation leads to, and what
//! many groups need.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{OperationItem, Plan, RustType, TypeIndex};

/// What more groups than these need is always compiled: hardly any program would do without it, and conditions stay short.
const MOST: usize = 4;

/// Features of which one has to be on; without any it is always so.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Condition<'a>(BTreeSet<&'a str>);

impl Condition<'_> {
    /// The attribute of an item.
    pub(super) fn attribute(&self) -> TokenStream {
        let features: Vec<&str> = self.0.iter().copied().collect();
        match features.as_slice() {
            [] => TokenStream::new(),
            [only] => quote!(#[cfg(feature = #only)]),
            several => quote!(#[cfg(any(#(feature = #several),*))]),
        }
    }

    /// How many lines the attribute takes: it stands in one, when it is short.
    pub(super) fn lines(&self) -> usize {
        match self.0.len() {
            0 => 0,
            few @ 1..=2 if self.0.iter().map(|feature| feature.len() + 13).sum::<usize>() < 90 || few == 1 => 1,
            several => several + 4,
        }
    }

    /// Whether it is so whenever `other` is.
    pub(super) fn follows_from(&self, other: &Self) -> bool {
        self.0.is_empty() || !other.0.is_empty() && other.0.is_subset(&self.0)
    }
}

/// The groups that need each item.
#[derive(Debug)]
pub(super) struct Features<'a> {
    all: BTreeSet<&'a str>,
    /// By the index of a type.
    types: Vec<BTreeSet<&'a str>>,
    /// By the name of a struct of headers, which operations may share.
    headers: BTreeMap<&'a str, BTreeSet<&'a str>>,
}

impl<'a> Features<'a> {
    /// Follows the types of a plan from its operations on. `schemas` has the types that the schema of another refers to.
    pub(super) fn of(plan: &'a Plan, schemas: &[(TypeIndex, TypeIndex)]) -> Self {
        let all: BTreeSet<&str> = plan.group_features().collect();
        let mut features =
            Self { all: all.clone(), types: vec![BTreeSet::new(); plan.types.len()], headers: BTreeMap::new() };
        if all.is_empty() {
            return features;
        }
        let edges = edges(plan, schemas);
        for operation in &plan.operations {
            let feature = group(plan, operation);
            features.mark(operation.types().flat_map(RustType::named), feature, &edges);
            for headers in operation.responses.iter().filter_map(|response| response.headers.as_ref()) {
                features.headers.entry(headers.ident.as_str()).or_default().insert(feature);
            }
        }
        let sent =
            plan.webhooks.iter().flat_map(|webhook| webhook.body.iter().map(|body| &body.ty).chain(&webhook.answer.ty));
        let unused = features
            .types
            .iter()
            .enumerate()
            .filter(|(_, groups)| groups.is_empty())
            .map(|(index, _)| TypeIndex(index));
        let always: Vec<TypeIndex> = sent.flat_map(RustType::named).chain(unused).collect();
        for feature in all {
            features.mark(always.iter().copied(), feature, &edges);
        }
        features
    }

    /// Marks types, and all that they are made of, with a feature.
    fn mark(&mut self, types: impl Iterator<Item = TypeIndex>, feature: &'a str, edges: &[BTreeSet<TypeIndex>]) {
        let mut open: Vec<TypeIndex> = types.collect();
        while let Some(index) = open.pop() {
            if self.types[index.0].insert(feature) {
                open.extend(&edges[index.0]);
            }
        }
    }

    /// When a type is compiled.
    pub(super) fn of_type(&self, index: TypeIndex) -> Condition<'a> {
        self.settled(self.types[index.0].clone())
    }

    /// When what an operation has for itself is compiled.
    pub(super) fn of_operation(&self, plan: &'a Plan, operation: &OperationItem) -> Condition<'a> {
        let group = group(plan, operation);
        self.settled(self.all.get(group).copied().into_iter().collect())
    }

    /// When a struct of headers is compiled; always when there is none of the name.
    pub(super) fn of_headers(&self, name: &str) -> Condition<'a> {
        self.settled(self.headers.get(name).cloned().unwrap_or_default())
    }

    /// When one of several items is compiled.
    pub(super) fn of_any<'c>(&self, conditions: impl Iterator<Item = &'c Condition<'a>>) -> Condition<'a>
    where
        'a: 'c,
    {
        let mut groups = BTreeSet::new();
        for condition in conditions {
            if condition.0.is_empty() {
                return Condition::default();
            }
            groups.extend(&condition.0);
        }
        self.settled(groups)
    }

    fn settled(&self, groups: BTreeSet<&'a str>) -> Condition<'a> {
        if groups.len() > MOST || groups == self.all { Condition::default() } else { Condition(groups) }
    }
}

/// The feature of an operation's group.
fn group<'a>(plan: &'a Plan, operation: &OperationItem) -> &'a str {
    plan[operation.group].module.as_str()
}

/// The types that each type is made of, or whose schemas its own refers to.
fn edges(plan: &Plan, schemas: &[(TypeIndex, TypeIndex)]) -> Vec<BTreeSet<TypeIndex>> {
    let contents = plan.types.iter().map(|item| item.kind.types().into_iter().flat_map(RustType::named).collect());
    let mut edges: Vec<BTreeSet<TypeIndex>> = contents.collect();
    for (from, to) in schemas {
        edges[from.0].insert(*to);
    }
    edges
}
