//! The module `new`: for each struct with several members that must be there, a struct of these alone.

use proc_macro2::TokenStream;
use quote::quote;

use super::features::Condition;
use super::setters::{Slot, Wrapper, bare, required};
use crate::plan::{Ident, Plan, RustType};
use crate::rust::Printed;
use crate::{docs, rust, spread};

/// What is said of the module.
const NEW: &str = "What values must have, by name: each struct converts into the type of the same name outside of this \
                   module.\n\nA member that is missing does not compile, and nobody mixes two up by their order.";

/// What a type must have.
pub(super) struct NewStruct<'a> {
    name: &'a Ident,
    fields: Vec<NewField<'a>>,
}

struct NewField<'a> {
    ident: &'a Ident,
    ty: &'a RustType,
    doc: &'a str,
    /// Whether it must be there and may be `null`.
    is_nullable: bool,
}

/// The way from a file of the module to the types.
#[derive(Clone, Copy)]
enum Outside {
    /// From `new.rs`.
    One,
    /// From a file below it.
    Two,
}

impl<'a> NewStruct<'a> {
    /// The struct of what must be there, when that is more than one member: nobody passes two by position.
    pub(super) fn of(name: &'a Ident, slots: &[Slot<'a>]) -> Option<Self> {
        let fields: Vec<NewField<'a>> = required(slots)
            .map(|slot| NewField {
                ident: slot.ident,
                ty: bare(slot.ty),
                doc: slot.doc,
                is_nullable: slot.wrapper == Wrapper::Option,
            })
            .collect();
        (fields.len() > 1).then_some(Self { name, fields })
    }

    fn print(&self, plan: &Plan, condition: &Condition<'_>, outside: Outside) -> Printed {
        let Self { name, fields } = self;
        let (way, words) = match outside {
            Outside::One => (quote!(super), "super"),
            Outside::Two => (quote!(super::super), "super::super"),
        };
        let type_ident = rust::ident(name);
        let doc = format!(" What a [`{name}`]({words}::{name}) must have.");
        let fields = fields.iter().map(|NewField { ident, ty, doc, is_nullable }| {
            let ident = rust::ident(ident);
            let doc = docs::outer(doc);
            let ty = rust::type_tokens(plan, ty, &way);
            let ty = if *is_nullable { quote!(Option<#ty>) } else { ty };
            quote!(#doc pub #ident: #ty,)
        });
        let attribute = condition.attribute();
        let item = quote! {
            #attribute
            #[doc = #doc]
            pub struct #type_ident {
                #(#fields)*
            }
        };
        std::iter::once(item).collect()
    }

    /// About how many lines it has.
    fn lines(&self) -> usize {
        let fields = self.fields.iter().map(|field| field.doc.lines().count() + 1);
        fields.sum::<usize>() + 5
    }
}

/// The files of the module by their paths below `src/generated`, without `.rs`; none when there is nothing in it.
pub(super) fn files(plan: &Plan, structs: &[(Condition<'_>, NewStruct<'_>)]) -> Vec<(String, String)> {
    if structs.is_empty() {
        return Vec::new();
    }
    let doc = docs::inner(NEW);
    let Some(parts) = spread::spread(structs.iter().map(|(_, item)| (item.name.as_str(), item.lines()))) else {
        let items = structs.iter().map(|(condition, item)| item.print(plan, condition, Outside::One));
        return vec![("new".to_owned(), rust::printed(doc, TokenStream::new(), items))];
    };
    let modules: Vec<_> = parts.iter().map(|part| rust::ident(&part.module)).collect();
    let listing = rust::file_with(doc, [quote!(#(mod #modules;)* #(pub use #modules::*;)*)]);
    let part = |part: spread::Part| {
        let items = part.items.iter().filter_map(|at| structs.get(*at));
        let items = items.map(|(condition, item)| item.print(plan, condition, Outside::Two));
        (format!("new/{}", part.module), rust::printed(TokenStream::new(), TokenStream::new(), items))
    };
    parts.into_iter().map(part).chain([("new/mod".to_owned(), listing)]).collect()
}
