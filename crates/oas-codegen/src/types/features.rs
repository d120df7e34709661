//! Which groups of operations need a file of types: with the features of all of them off it is not compiled.
//!
//! A file needs the files whose types its own are made of. One that no operation leads to is always there, and so is what
//! it needs; one of nothing but other names is there when what it names is. What many groups need is always there too.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::Module;
use super::imports::Imports;
use crate::plan::{Plan, RustType};

/// What more groups than these need is left in: hardly any program would do without it, and conditions stay short.
const MOST: usize = 4;

/// The features that each file is compiled with.
#[derive(Debug, Default)]
pub(super) struct Features<'a> {
    /// The features by file, for those that are not always compiled.
    needed: BTreeMap<String, BTreeSet<&'a str>>,
}

impl<'a> Features<'a> {
    /// Follows every file from the operations on. `defined` has the file of what is no type of the plan, by its name.
    pub(super) fn of(
        plan: &'a Plan,
        modules: &BTreeMap<String, Module>,
        defined: &BTreeMap<&str, &str>,
        schemas: &[(&str, &str)],
    ) -> Self {
        let all: BTreeSet<&str> = plan.group_features().collect();
        if all.is_empty() {
            return Self::default();
        }
        let edges = edges(plan, modules, defined, schemas);
        let mut needed = Needed::new();
        for operation in &plan.operations {
            let feature = plan.groups[operation.group].module.as_str();
            for file in files(plan, operation.types()).into_iter().chain([operation.module.as_str()]) {
                mark(file, feature, &edges, &mut needed);
            }
        }
        // What belongs to no group: what the API sends on its own, and types that no operation leads to.
        let sent =
            plan.webhooks.iter().flat_map(|webhook| webhook.body.iter().map(|body| &body.ty).chain(&webhook.answer.ty));
        let sent = files(plan, sent);
        let of_types: BTreeSet<&str> = plan.types.iter().map(|item| item.module.as_str()).collect();
        let (unused, names): (Vec<&str>, Vec<&str>) = modules
            .keys()
            .map(String::as_str)
            .filter(|file| !needed.contains_key(file))
            .partition(|file| of_types.contains(file));
        for file in sent.into_iter().chain(unused) {
            for feature in &all {
                mark(file, feature, &edges, &mut needed);
            }
        }
        for file in names {
            let targets = edges.get(file).into_iter().flatten();
            let features = targets.filter_map(|target| needed.get(target)).flatten().copied().collect();
            needed.insert(file, features);
        }
        needed.retain(|_, features| (1..=MOST).contains(&features.len()) && *features != all);
        Self { needed: needed.into_iter().map(|(file, features)| (file.to_owned(), features)).collect() }
    }

    /// The attribute of what is in the file; none when it is always compiled.
    pub(super) fn attribute(&self, file: &str) -> TokenStream {
        let features: Vec<&str> = self.needed.get(file).into_iter().flatten().copied().collect();
        match features.as_slice() {
            [] => TokenStream::new(),
            [only] => quote!(#[cfg(feature = #only)]),
            several => quote!(#[cfg(any(#(feature = #several),*))]),
        }
    }
}

/// The files of these types.
fn files<'a>(plan: &'a Plan, types: impl Iterator<Item = &'a RustType>) -> Vec<&'a str> {
    let mut named = Imports::default();
    types.for_each(|ty| named.add(ty));
    named.files(plan).collect()
}

/// The features that each file needs.
type Needed<'a, 'f> = BTreeMap<&'a str, BTreeSet<&'f str>>;

/// The files that each file needs.
type Edges<'a> = BTreeMap<&'a str, BTreeSet<&'a str>>;

fn edges<'a>(
    plan: &'a Plan,
    modules: &'a BTreeMap<String, Module>,
    defined: &BTreeMap<&str, &'a str>,
    schemas: &[(&'a str, &'a str)],
) -> Edges<'a> {
    let mut edges = Edges::new();
    for (file, module) in modules {
        let named = module.imports.names().filter_map(|name| defined.get(name).copied());
        edges.insert(file, module.imports.files(plan).chain(named).collect());
    }
    for (from, to) in schemas {
        edges.entry(from).or_default().insert(to);
    }
    edges
}

/// Marks a file, and all that it needs, with a feature.
fn mark<'a, 'f>(file: &'a str, feature: &'f str, edges: &Edges<'a>, needed: &mut BTreeMap<&'a str, BTreeSet<&'f str>>) {
    let mut open = vec![file];
    while let Some(file) = open.pop() {
        if needed.entry(file).or_default().insert(feature) {
            open.extend(edges.get(file).into_iter().flatten());
        }
    }
}
