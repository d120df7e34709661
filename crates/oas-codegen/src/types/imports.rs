//! The `use` lines of a file: types of the plan that stand in other files.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::TokenStream;
use quote::quote;

use super::features::{Condition, Features};
use crate::plan::{BodyContent, Plan, RustType, TypeIndex, TypeItem};
use crate::rust;

/// What the items of a file name.
#[derive(Default)]
pub(super) struct Imports {
    types: BTreeSet<TypeIndex>,
    others: BTreeSet<String>,
    has_new: bool,
    /// The types of the plan that are defined in the file itself.
    own: BTreeSet<TypeIndex>,
    /// The other items that are defined in the file itself, and used elsewhere.
    own_others: BTreeSet<String>,
}

impl Imports {
    /// The module `new` is used.
    pub(super) fn new_structs(&mut self) {
        self.has_new = true;
    }

    /// A type of the plan is defined here.
    pub(super) fn define(&mut self, index: TypeIndex) {
        self.own.insert(index);
    }

    /// An item is defined here that is no type of the plan.
    pub(super) fn define_other(&mut self, name: impl AsRef<str>) {
        self.own_others.insert(name.as_ref().to_owned());
    }

    /// What another part of the same file names.
    pub(super) fn append(&mut self, other: Self) {
        let Self { types, others, has_new, own, own_others } = other;
        self.types.extend(types);
        self.others.extend(others);
        self.has_new |= has_new;
        self.own.extend(own);
        self.own_others.extend(own_others);
    }

    /// An item is used that is no type of the plan.
    pub(super) fn other(&mut self, name: impl AsRef<str>) {
        self.others.insert(name.as_ref().to_owned());
    }

    /// What a type of the plan is made of.
    pub(super) fn add_type(&mut self, item: &TypeItem) {
        item.kind.types().into_iter().for_each(|ty| self.add(ty));
    }

    /// What a body is made of.
    pub(super) fn add_content(&mut self, content: &BodyContent) {
        content.types().for_each(|ty| self.add(ty));
    }

    /// The types of the plan in `ty`.
    pub(super) fn add(&mut self, ty: &RustType) {
        self.types.extend(ty.named());
    }

    /// The lines, for the file `module`, which may stand in folders below `generated` and is compiled on `condition`.
    pub(super) fn tokens(
        &self,
        plan: &Plan,
        module: &str,
        features: &Features<'_>,
        condition: &Condition<'_>,
    ) -> TokenStream {
        let folders = module.matches('/').map(|_| quote!(::super));
        let root = quote!(super #(#folders)*);
        let elsewhere = self.types.difference(&self.own);
        let types = elsewhere.map(|index| (plan[*index].name.as_str(), features.of_type(*index)));
        let others = self.others.difference(&self.own_others).map(|name| (name.as_str(), features.of_headers(name)));
        let mut names: BTreeMap<Condition<'_>, BTreeSet<&str>> = BTreeMap::new();
        for (name, own) in types.chain(others) {
            let own = if own.follows_from(condition) { Condition::default() } else { own };
            names.entry(own).or_default().insert(name);
        }
        let new = self.has_new.then(|| quote!(use #root::new;));
        let types = names.into_iter().map(|(own, names)| {
            let attribute = own.attribute();
            let names: Vec<_> = names.into_iter().map(rust::ident).collect();
            let names = if let [only] = names.as_slice() { quote!(#only) } else { quote!({#(#names),*}) };
            quote!(#attribute use #root::#names;)
        });
        quote!(#new #(#types)*)
    }
}
