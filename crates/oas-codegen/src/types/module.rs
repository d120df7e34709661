//! A file of the types package while it is being made.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::features::{Condition, Features};
use super::imports::Imports;
use super::structure::Struct;
use crate::plan::{Plan, Reading};
use crate::rust::{self, Printed};

/// The items of one file, and what they need from elsewhere.
#[derive(Default)]
pub(super) struct Module<'a> {
    items: Vec<(Condition<'a>, Printed)>,
    pub(super) imports: Imports,
    /// The types whose traits a macro of the runtime implements, by its name.
    macros: BTreeMap<(&'static str, Condition<'a>), Vec<proc_macro2::Ident>>,
    /// The structs of what must be there, for the module `new`.
    new: Vec<(Condition<'a>, TokenStream)>,
}

impl<'a> Module<'a> {
    /// Adds items that are compiled on a condition.
    pub(super) fn add(&mut self, condition: &Condition<'a>, items: impl IntoIterator<Item = TokenStream>) {
        self.items.push((condition.clone(), items.into_iter().collect()));
    }

    /// Adds what is made of a struct.
    pub(super) fn add_struct(&mut self, condition: &Condition<'a>, made: Struct) {
        let Struct { item, new } = made;
        self.add(condition, [item]);
        if let Some(new) = new {
            self.imports.new_structs();
            self.new.push((condition.clone(), new));
        }
    }

    /// Has a macro of the runtime implement the traits of a type.
    pub(super) fn implement(&mut self, condition: &Condition<'a>, name: &'static str, ty: proc_macro2::Ident) {
        self.macros.entry((name, condition.clone())).or_default().push(ty);
    }

    /// When anything of the file is compiled.
    pub(super) fn condition(&self, features: &Features<'a>) -> Condition<'a> {
        features.of_any(self.items.iter().map(|(condition, _)| condition))
    }

    /// The structs of what must be there, each with the condition of its type.
    pub(super) fn new_structs(&mut self) -> Vec<TokenStream> {
        let structs = self.new.drain(..);
        let structs = structs.map(|(condition, item)| {
            let attribute = condition.attribute();
            quote!(#attribute #item)
        });
        structs.collect()
    }

    /// The text of the file, which is compiled on `condition`.
    pub(super) fn text(self, plan: &Plan, path: &str, features: &Features<'a>, condition: &Condition<'a>) -> String {
        let uses = self.imports.tokens(plan, path, features, condition);
        let how = (plan.reading == Reading::Exact).then(|| quote!(exact:));
        let calls: Vec<(Condition<'a>, Printed)> = self
            .macros
            .into_iter()
            .map(|((name, condition), types)| {
                let name = format_ident!("{name}");
                (condition, std::iter::once(quote!(oas_types_runtime::#name! { #how #(#types)* })).collect())
            })
            .collect();
        // What is true of the whole file is said where the file is named.
        let all = self
            .items
            .into_iter()
            .chain(calls)
            .map(|(own, items)| if own.follows_from(condition) { items } else { items.behind(&own.attribute()) });
        rust::printed(uses, all)
    }
}
