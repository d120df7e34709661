//! A file of the types package while it is being made.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::features::{Condition, Features};
use super::imports::Imports;
use super::new_struct::NewStruct;
use super::structure::Struct;
use crate::plan::{Plan, Reading};
use crate::rust::{self, Printed};

/// The items of one file or of a part of it, and what they need from elsewhere.
#[derive(Default)]
pub(super) struct Module<'a> {
    items: Vec<(Condition<'a>, Printed)>,
    pub(super) imports: Imports,
    /// The types whose traits a macro of the runtime implements, by its name.
    macros: BTreeMap<(&'static str, Condition<'a>), Vec<proc_macro2::Ident>>,
    /// The structs of what must be there, for the module `new`.
    new: Vec<(Condition<'a>, NewStruct<'a>)>,
}

impl<'a> Module<'a> {
    /// Adds items that are compiled on a condition.
    pub(super) fn add(&mut self, condition: &Condition<'a>, items: impl IntoIterator<Item = TokenStream>) {
        self.items.push((condition.clone(), items.into_iter().collect()));
    }

    /// Adds what is made of a struct.
    pub(super) fn add_struct(&mut self, condition: &Condition<'a>, made: Struct<'a>) {
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

    /// When its items are compiled.
    pub(super) fn conditions(&self) -> impl Iterator<Item = &Condition<'a>> {
        self.items.iter().map(|(condition, _)| condition)
    }

    /// The structs of what must be there, each with the condition of its type.
    pub(super) fn new_structs(&mut self) -> Vec<(Condition<'a>, NewStruct<'a>)> {
        std::mem::take(&mut self.new)
    }

    /// How many lines it has, without imports.
    pub(super) fn lines(&self) -> usize {
        self.items.iter().map(|(_, printed)| printed.lines()).sum()
    }

    /// Adds what another part of the same file has.
    pub(super) fn append(&mut self, other: Self) {
        let Self { items, imports, macros, new } = other;
        self.items.extend(items);
        self.imports.append(imports);
        for (key, types) in macros {
            self.macros.entry(key).or_default().extend(types);
        }
        self.new.extend(new);
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
        rust::printed(TokenStream::new(), uses, all)
    }
}
