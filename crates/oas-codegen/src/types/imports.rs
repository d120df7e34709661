//! The `use` lines of a file: types of the plan that stand in other files.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::quote;

use crate::plan::{BodyContent, Plan, RustType, TypeIndex, TypeItem, TypeKind};
use crate::rust;

/// What the items of a file name.
#[derive(Default)]
pub(super) struct Imports {
    types: BTreeSet<TypeIndex>,
    others: BTreeSet<String>,
    has_new: bool,
}

impl Imports {
    /// The module `new` is used.
    pub(super) fn new_structs(&mut self) {
        self.has_new = true;
    }

    /// An item of another file is used that is no type of the plan.
    pub(super) fn other(&mut self, name: impl AsRef<str>) {
        self.others.insert(name.as_ref().to_owned());
    }

    /// What a type of the plan is made of.
    pub(super) fn add_type(&mut self, item: &TypeItem) {
        match &item.kind {
            TypeKind::Struct(structure) => {
                structure.fields.iter().for_each(|field| self.add(&field.ty));
                structure.rest.iter().for_each(|rest| self.add(&rest.ty));
            }
            TypeKind::Union(union) => {
                union.variants.iter().for_each(|variant| self.add(&variant.ty));
            }
            TypeKind::Newtype(inner) => self.add(inner),
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) => {}
        }
    }

    /// What a body is made of.
    pub(super) fn add_content(&mut self, content: &BodyContent) {
        match content {
            BodyContent::Single(item) => self.add(&item.ty),
            BodyContent::Several { variants, .. } => variants.iter().for_each(|(_, item)| self.add(&item.ty)),
        }
    }

    /// The types of the plan in `ty`.
    pub(super) fn add(&mut self, ty: &RustType) {
        match ty {
            RustType::Named(index) => {
                self.types.insert(*index);
            }
            RustType::Option(inner) | RustType::Boxed(inner) | RustType::List(inner) | RustType::Map(inner) => {
                self.add(inner);
            }
            RustType::Tuple(parts) => parts.iter().for_each(|part| self.add(part)),
            _ => {}
        }
    }

    /// The lines, for the file `module`, which may stand in folders below `generated`.
    pub(super) fn tokens(&self, plan: &Plan, module: &str) -> TokenStream {
        let folders = module.matches('/').map(|_| quote!(::super));
        let root = quote!(super #(#folders)*);
        let elsewhere = self.types.iter().filter_map(|index| plan.types.get(index.0));
        let names: BTreeSet<&str> = elsewhere
            .filter(|item| item.module != module)
            .map(|item| item.name.as_str())
            .chain(self.others.iter().map(String::as_str))
            .collect();
        let names: Vec<_> = names.into_iter().map(rust::ident).collect();
        let new = self.has_new.then(|| quote!(use #root::new;));
        let types = match names.as_slice() {
            [] => TokenStream::new(),
            [only] => quote!(use #root::#only;),
            _ => quote!(use #root::{#(#names),*};),
        };
        quote!(#new #types)
    }
}
