//! Structs: what they have. How that is read and written is the runtime's.

use oas_model::Direction;
use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Context;
use super::children;
use super::fixed;
use super::new_struct::NewStruct;
use super::setters::{self, Slot, Wrapper};
use super::traits::has_default;
use crate::plan::{Field, Presence, RustType, StructItem, TypeItem, Unknown};
use crate::{docs, rust};

/// The private field of members that the document does not describe. No member can have the name.
const ADDITIONAL: &str = "__additional";

/// A struct with its constructor and setters; `is_branch` when a union has to tell it from others.
pub(super) fn emit<'a>(
    context: &Context<'a>,
    item: &'a TypeItem,
    structure: &'a StructItem,
    is_branch: bool,
) -> Struct<'a> {
    let name = rust::ident(&item.name);
    let (attributes, of_children) = (super::attributes(item), children::doc(context, item, structure));
    let default = has_default(structure).then(|| quote!(Default,));
    let fields = structure.fields.iter().map(|field| field_tokens(context, field));
    let rest_type = structure.rest.as_ref().map(|rest| RustType::Map(Box::new(rest.ty.clone())));
    let rest = structure.rest.as_ref().zip(rest_type.as_ref()).map(|(rest, ty)| {
        let ident = rust::ident(&rest.ident);
        let ty = rust::type_tokens(context.plan, ty, &TokenStream::new());
        quote! {
            /// Members without a field of their own.
            pub #ident: #ty,
        }
    });
    let additional = format_ident!("{ADDITIONAL}");
    let keeps = has_additional(structure);
    let kept = keeps.then(|| quote!(#additional: oas_types_runtime::Additional,));
    let slots: Vec<Slot<'a>> = structure.fields.iter().map(slot).collect();
    let new = NewStruct::of(&item.name, &slots);
    let rest_slot = structure.rest.as_ref().zip(rest_type.as_ref()).map(|(rest, ty)| Slot {
        ident: &rest.ident,
        wire: "members without a field of their own",
        ty,
        doc: "",
        wrapper: Wrapper::Value,
        initial: Some(quote!(std::collections::BTreeMap::new())),
    });
    let slots: Vec<Slot<'_>> = slots.into_iter().chain(rest_slot).collect();
    let hidden = keeps.then(|| quote!(#additional: oas_types_runtime::Additional::default(),));
    let setters = setters::emit(context.plan, &item.name, &slots, hidden.as_ref());
    let accessors = keeps.then(|| accessors(&name, &additional, structure));
    let record = record(context, item, structure, is_branch);
    let children = children::conversions(context, item, structure);
    Struct {
        item: quote! {
            #attributes
            #of_children
            #[derive(Debug, Clone, #default PartialEq)]
            #[non_exhaustive]
            pub struct #name {
                #(#fields)*
                #rest
                #kept
            }
            #setters
            #accessors
            #children
            #record
        },
        new,
    }
}

/// A struct, and the struct of what it must have.
pub(super) struct Struct<'a> {
    pub(super) item: TokenStream,
    pub(super) new: Option<NewStruct<'a>>,
}

/// Whether members that the document does not describe are kept in a field of their own.
fn keeps_additional(structure: &StructItem) -> bool {
    structure.rest.is_none() && structure.unknown == Unknown::Kept
}

/// Whether there is such a field: it keeps values that are no objects, too, where the document names no type.
fn has_additional(structure: &StructItem) -> bool {
    keeps_additional(structure) || structure.takes_others
}

/// What is said of members that the document does not describe.
fn accessors(name: &Ident, additional: &Ident, structure: &StructItem) -> TokenStream {
    if !keeps_additional(structure) {
        return quote! {
            impl #name {
                /// What came instead of an object: the document describes members, and names no type.
                pub const fn additional(&self) -> &oas_types_runtime::Additional {
                    &self.#additional
                }
            }
        };
    }
    quote! {
        impl #name {
            /// Members that the document does not describe.
            pub const fn additional(&self) -> &oas_types_runtime::Additional {
                &self.#additional
            }
            /// Members that the document does not describe, to be changed.
            pub const fn additional_mut(&mut self) -> &mut oas_types_runtime::Additional {
                &mut self.#additional
            }
        }
    }
}

fn field_tokens(context: &Context<'_>, field: &Field) -> TokenStream {
    let ident = rust::ident(&field.ident);
    let doc = docs::outer(&field.doc);
    let deprecated = super::deprecated(field.deprecated);
    let inner = rust::type_tokens(context.plan, &field.ty, &TokenStream::new());
    let ty = match wrapper(field.presence) {
        Wrapper::Value => inner,
        Wrapper::Option => quote!(Option<#inner>),
        Wrapper::Maybe => quote!(oas_types_runtime::Maybe<#inner>),
    };
    quote! {
        #doc
        #deprecated
        pub #ident: #ty,
    }
}

const fn wrapper(presence: Presence) -> Wrapper {
    match presence {
        Presence::Required => Wrapper::Value,
        Presence::Nullable | Presence::Optional => Wrapper::Option,
        Presence::OptionalNullable => Wrapper::Maybe,
    }
}

fn slot(field: &Field) -> Slot<'_> {
    let initial = match field.presence {
        Presence::Required | Presence::Nullable => None,
        Presence::Optional => Some(quote!(None)),
        Presence::OptionalNullable => Some(quote!(oas_types_runtime::Maybe::Absent)),
    };
    Slot {
        ident: &field.ident,
        wire: &field.wire,
        ty: &field.ty,
        doc: &field.doc,
        wrapper: wrapper(field.presence),
        initial,
    }
}

/// `impl Record`: the names of the members, how they become fields, and back.
fn record(context: &Context<'_>, item: &TypeItem, structure: &StructItem, is_branch: bool) -> TokenStream {
    let name = rust::ident(&item.name);
    let label = item.name.as_str();
    let wires = structure.fields.iter().map(|field| &field.wire);
    let required = structure.fields.iter().enumerate().filter(|(_, field)| is_required(field));
    let required = required.map(|(at, _)| proc_macro2::Literal::usize_unsuffixed(at));
    let unknown = match structure.unknown {
        Unknown::Kept => quote!(Kept),
        Unknown::Dropped => quote!(Dropped),
        Unknown::Forbidden => quote!(Forbidden),
    };
    let fixed = is_branch.then(|| fixed::of(context.plan, structure)).flatten();
    let takes_others = structure.takes_others;
    let others = takes_others.then(|| quote!(.taking_others()));
    let additional = format_ident!("{ADDITIONAL}");
    let other = takes_others.then(|| {
        quote! {
            fn other(&self) -> Option<&str> {
                self.#additional.other()
            }
        }
    });
    let read = read(structure);
    let write = write(context, structure);
    quote! {
        impl oas_types_runtime::Record for #name {
            fn shape() -> &'static oas_types_runtime::Shape {
                static SHAPE: oas_types_runtime::Shape = oas_types_runtime::Shape::new(
                    #label,
                    &[#(#wires),*],
                    &[#(#required),*],
                    oas_types_runtime::Unknown::#unknown,
                ) #fixed #others;
                &SHAPE
            }
            #read
            #write
            #other
        }
    }
}

fn is_required(field: &Field) -> bool {
    matches!(field.presence, Presence::Required | Presence::Nullable)
}

/// The local variable of a field.
fn local(at: usize) -> Ident {
    format_ident!("v{at}")
}

fn read(structure: &StructItem) -> TokenStream {
    let additional = format_ident!("{ADDITIONAL}");
    let count = structure.fields.len();
    let starts = structure.fields.iter().enumerate().map(|(at, field)| {
        let local = local(at);
        if field.presence == Presence::OptionalNullable {
            quote!(let mut #local = oas_types_runtime::Maybe::Absent;)
        } else {
            quote!(let mut #local = None;)
        }
    });
    let arms = structure.fields.iter().enumerate().map(|(at, field)| {
        let local = local(at);
        let method = match field.presence {
            Presence::Required | Presence::Nullable => quote!(value),
            Presence::Optional => quote!(optional),
            Presence::OptionalNullable => quote!(maybe),
        };
        let index = proc_macro2::Literal::usize_unsuffixed(at);
        let pattern = if at + 1 == count { quote!(_) } else { quote!(#index) };
        quote!(#pattern => members.#method(&mut #local),)
    });
    let rest = structure.rest.as_ref().map(|rest| rust::ident(&rest.ident));
    let rest_start = rest.as_ref().map(|_| quote!(let mut rest = std::collections::BTreeMap::new();));
    let next = if rest.is_some() { quote!(next_field_or_rest(&mut rest)) } else { quote!(next_field()) };
    let steps = if count == 0 {
        quote!(members.#next;)
    } else {
        quote! {
            while let Some(member) = members.#next {
                match member {
                    #(#arms)*
                }
            }
        }
    };
    let required: Vec<Ident> =
        structure.fields.iter().enumerate().filter(|(_, field)| is_required(field)).map(|(at, _)| local(at)).collect();
    let check = match required.as_slice() {
        [] => TokenStream::new(),
        [only] => quote!(let Some(#only) = #only else { return None };),
        several => quote!(let (#(Some(#several)),*) = (#(#several),*) else { return None };),
    };
    let values = structure.fields.iter().enumerate().map(|(at, field)| {
        let (ident, local) = (rust::ident(&field.ident), local(at));
        quote!(#ident: #local)
    });
    let rest_value = rest.map(|ident| quote!(#ident: rest));
    let kept = has_additional(structure).then(|| quote!(#additional: members.additional()));
    let values = values.chain(rest_value).chain(kept);
    quote! {
        fn read(members: &mut oas_types_runtime::Members<'_, '_>) -> Option<Self> {
            #(#starts)*
            #rest_start
            #steps
            #check
            Some(Self { #(#values),* })
        }
    }
}

/// Whether a member is bytes, or several of them: a list of small numbers is none, and no text in JSON.
fn holds_bytes(ty: &RustType) -> bool {
    match ty {
        RustType::Bytes => true,
        RustType::List(inner) => holds_bytes(inner),
        _ => false,
    }
}

fn write(context: &Context<'_>, structure: &StructItem) -> TokenStream {
    let additional = format_ident!("{ADDITIONAL}");
    let members = structure.fields.iter().map(|field| {
        let (ident, wire) = (rust::ident(&field.ident), &field.wire);
        let method = match field.presence {
            Presence::Required | Presence::Nullable => quote!(member),
            Presence::Optional => quote!(optional),
            Presence::OptionalNullable => quote!(maybe),
        };
        // Written only, and so none of an answer.
        let is_written_only = context.api.schemas.is_absent(field.schema, Direction::Response);
        let condition = is_written_only.then(|| quote!(if !writer.is_answer()));
        let step = match (holds_bytes(&field.ty), field.presence) {
            (false, _) => quote!(writer.#method(#wire, &self.#ident);),
            (true, Presence::Required | Presence::Nullable) => quote!(writer.bytes(#wire, &self.#ident);),
            (true, Presence::Optional) => quote!(if self.#ident.is_some() { writer.bytes(#wire, &self.#ident); }),
            (true, Presence::OptionalNullable) => {
                quote!(if !self.#ident.is_absent() { writer.bytes(#wire, &self.#ident); })
            }
        };
        if condition.is_some() { quote!(#condition { #step }) } else { step }
    });
    let rest = structure.rest.as_ref().map(|rest| {
        let ident = rust::ident(&rest.ident);
        quote!(writer.rest(&self.#ident);)
    });
    let kept = keeps_additional(structure).then(|| quote!(writer.additional(&self.#additional);));
    let steps: Vec<TokenStream> = members.chain(rest).chain(kept).collect();
    let writer = if steps.is_empty() { quote!(_writer) } else { quote!(writer) };
    quote! {
        fn write(&self, #writer: &mut oas_types_runtime::Writer) {
            #(#steps)*
        }
    }
}
