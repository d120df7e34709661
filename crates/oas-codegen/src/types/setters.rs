//! Constructors and setters: how a value is made of a struct that may grow.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::plan::{Ident, Plan, RustType, TypeKind};
use crate::{docs, rust};

/// A field as a constructor and a setter see it.
pub(super) struct Slot<'a> {
    /// The field's ident, as settled.
    pub(super) ident: &'a Ident,
    /// Its name in the document.
    pub(super) wire: &'a str,
    /// The type of the value.
    pub(super) ty: &'a RustType,
    /// What the field adds to the type.
    pub(super) holds: Holds,
    /// Its value when nobody sets it; `None` for an argument of the constructor.
    pub(super) initial: Option<TokenStream>,
}

/// What a field adds to the type of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// Nothing.
    Value,
    /// `Option`.
    Option,
    /// `Option` of `Option`.
    OptionOfOption,
}

/// `new` and the setters of a struct.
pub(super) fn emit(plan: &Plan, name: &Ident, slots: &[Slot<'_>]) -> TokenStream {
    let here = TokenStream::new();
    let type_ident = rust::ident(name);
    let arguments = slots.iter().filter(|slot| slot.initial.is_none()).map(|slot| {
        let ident = rust::ident(slot.ident);
        let ty = argument_type(plan, slot, &here);
        quote!(#ident: #ty)
    });
    let values = slots.iter().map(|slot| {
        let ident = rust::ident(slot.ident);
        match &slot.initial {
            Some(initial) => quote!(#ident: #initial),
            None => converted(plan, slot, &quote!(#ident)).map_or(quote!(#ident), |value| quote!(#ident: #value)),
        }
    });
    let doc = if slots.iter().any(|slot| slot.initial.is_none()) {
        "A value with what must be there, and nothing else."
    } else {
        "A value without any member."
    };
    let setters = slots.iter().filter(|slot| slot.initial.is_some()).map(|slot| setter(plan, slot, &here));
    let doc = docs::outer(doc);
    quote! {
        impl #type_ident {
            #doc
            #[must_use]
            pub fn new(#(#arguments),*) -> Self {
                Self { #(#values),* }
            }
            #(#setters)*
        }
    }
}

fn setter(plan: &Plan, slot: &Slot<'_>, here: &TokenStream) -> TokenStream {
    let ident = rust::ident(slot.ident);
    let method = format_ident!("with_{}", slot.ident);
    let ty = argument_type(plan, slot, here);
    let value = converted(plan, slot, &quote!(#ident)).unwrap_or_else(|| quote!(#ident));
    let value = match slot.holds {
        Holds::Value => value,
        Holds::Option | Holds::OptionOfOption => quote!(Some(#value)),
    };
    let words = match slot.holds {
        Holds::OptionOfOption => format!("Sets {}; `None` sets it to `null`.", docs::code(slot.wire)),
        Holds::Value | Holds::Option => format!("Sets {}.", docs::code(slot.wire)),
    };
    let doc = docs::outer(&words);
    quote! {
        #doc
        #[must_use]
        pub fn #method(mut self, #ident: #ty) -> Self {
            self.#ident = #value;
            self
        }
    }
}

/// The type of an argument: `impl Into<T>` where that spares a conversion. Not for numbers: a literal has no type yet
/// that could be converted.
fn argument_type(plan: &Plan, slot: &Slot<'_>, here: &TokenStream) -> TokenStream {
    let ty = match slot.ty {
        RustType::Boxed(inner) => inner,
        other => other,
    };
    let tokens = rust::type_tokens(plan, ty, here);
    match slot.holds {
        Holds::OptionOfOption => quote!(Option<#tokens>),
        // An argument of the constructor that may be `null`.
        Holds::Option if slot.initial.is_none() => quote!(Option<#tokens>),
        _ if converts(plan, ty) => quote!(impl Into<#tokens>),
        _ => tokens,
    }
}

/// How an argument becomes the field's value; `None` when it is that already.
fn converted(plan: &Plan, slot: &Slot<'_>, argument: &TokenStream) -> Option<TokenStream> {
    let is_option = slot.holds == Holds::OptionOfOption || (slot.holds == Holds::Option && slot.initial.is_none());
    match slot.ty {
        RustType::Boxed(_) if is_option => Some(quote!(#argument.map(Box::new))),
        RustType::Boxed(inner) if converts(plan, inner) => Some(quote!(Box::new(#argument.into()))),
        RustType::Boxed(_) => Some(quote!(Box::new(#argument))),
        ty if !is_option && converts(plan, ty) => Some(quote!(#argument.into())),
        _ => None,
    }
}

/// Whether callers often have something else at hand that converts.
fn converts(plan: &Plan, ty: &RustType) -> bool {
    match ty {
        RustType::String | RustType::Json => true,
        RustType::Named(index) => plan.types.get(index.0).is_some_and(|item| match &item.kind {
            TypeKind::StringEnum(_) | TypeKind::Union(_) => true,
            TypeKind::Newtype(inner) => matches!(inner, RustType::String | RustType::Uuid | RustType::Named(_)),
            TypeKind::Struct(_) | TypeKind::IntegerEnum(_) => false,
        }),
        _ => false,
    }
}
