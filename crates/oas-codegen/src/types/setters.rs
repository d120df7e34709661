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
    /// Its documentation.
    pub(super) doc: &'a str,
    /// What the field adds to the type.
    pub(super) wrapper: Wrapper,
    /// Its value when nobody sets it; `None` for an argument of the constructor.
    pub(super) initial: Option<TokenStream>,
}

/// What a field adds to the type of its value.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// Nothing.
    Value,
    /// `Option`.
    Option,
    /// `Maybe`.
    Maybe,
}

/// How a value is made of a struct: `new`, where it is, the setters, and the conversion from what must be there.
/// `hidden` are the fields that nobody sets, with their values.
pub(super) fn emit(plan: &Plan, name: &Ident, slots: &[Slot<'_>], hidden: Option<&TokenStream>) -> TokenStream {
    let type_ident = rust::ident(name);
    let setters =
        slots.iter().filter(|slot| slot.initial.is_some()).map(|slot| setter(plan, slot, &TokenStream::new()));
    let setters: Vec<TokenStream> = setters.collect();
    if required(slots).count() > 1 {
        let conversion = conversion(name, slots, hidden);
        let methods = (!setters.is_empty()).then(|| quote!(impl #type_ident { #(#setters)* }));
        return quote!(#conversion #methods);
    }
    let constructor = constructor(plan, slots, hidden);
    quote!(impl #type_ident { #constructor #(#setters)* })
}

/// What must be there.
pub(super) fn required<'s, 'a>(slots: &'s [Slot<'a>]) -> impl Iterator<Item = &'s Slot<'a>> {
    slots.iter().filter(|slot| slot.initial.is_none())
}

/// `new`, of a struct with one member that must be there, or none.
fn constructor(plan: &Plan, slots: &[Slot<'_>], hidden: Option<&TokenStream>) -> TokenStream {
    let here = TokenStream::new();
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
        "Creates a value with what must be there, and nothing else."
    } else {
        "Creates an empty value."
    };
    let doc = docs::outer(doc);
    quote! {
        #doc
        #[must_use]
        pub fn new(#(#arguments),*) -> Self {
            Self { #(#values,)* #hidden }
        }
    }
}

/// The conversion from what must be there.
fn conversion(name: &Ident, slots: &[Slot<'_>], hidden: Option<&TokenStream>) -> TokenStream {
    let type_ident = rust::ident(name);
    let values = slots.iter().map(|slot| {
        let ident = rust::ident(slot.ident);
        match (&slot.initial, slot.ty) {
            (Some(initial), _) => quote!(#ident: #initial),
            (None, RustType::Boxed(_)) if slot.wrapper == Wrapper::Option => quote!(#ident: value.#ident.map(Box::new)),
            (None, RustType::Boxed(_)) => quote!(#ident: Box::new(value.#ident)),
            (None, _) => quote!(#ident: value.#ident),
        }
    });
    quote! {
        impl From<new::#type_ident> for #type_ident {
            fn from(value: new::#type_ident) -> Self {
                Self { #(#values,)* #hidden }
            }
        }
    }
}

/// The type of a value, without a box.
pub(super) const fn bare(ty: &RustType) -> &RustType {
    match ty {
        RustType::Boxed(inner) => inner,
        other => other,
    }
}

/// An expression for a struct of the module `types`, given its required fields with their values.
pub(crate) fn construct(
    name: &Ident,
    required: &[(proc_macro2::Ident, TokenStream)],
    types: &TokenStream,
) -> TokenStream {
    let ident = rust::ident(name);
    if required.len() > 1 {
        let fields = required.iter().map(|(field, value)| quote!(#field: #value));
        return quote!(#types::#ident::from(#types::new::#ident { #(#fields),* }));
    }
    let values = required.iter().map(|(_, value)| value);
    quote!(#types::#ident::new(#(#values),*))
}

fn setter(plan: &Plan, slot: &Slot<'_>, here: &TokenStream) -> TokenStream {
    let ident = rust::ident(slot.ident);
    let method = format_ident!("with_{}", slot.ident);
    let ty = argument_type(plan, slot, here);
    let value = converted(plan, slot, &quote!(#ident)).unwrap_or_else(|| quote!(#ident));
    let value = match slot.wrapper {
        Wrapper::Value | Wrapper::Maybe => value,
        Wrapper::Option => quote!(Some(#value)),
    };
    let words = format!("Sets {}.", docs::code(slot.wire));
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
    let tokens = rust::type_tokens(plan, bare(slot.ty), here);
    match slot.wrapper {
        Wrapper::Maybe => quote!(impl Into<oas_types_runtime::Maybe<#tokens>>),
        // An argument of the constructor that may be `null`.
        Wrapper::Option if slot.initial.is_none() => quote!(Option<#tokens>),
        _ if converts(plan, bare(slot.ty)) => quote!(impl Into<#tokens>),
        _ => tokens,
    }
}

/// How an argument becomes the field's value; `None` when it is that already.
fn converted(plan: &Plan, slot: &Slot<'_>, argument: &TokenStream) -> Option<TokenStream> {
    let is_boxed = matches!(slot.ty, RustType::Boxed(_));
    match slot.wrapper {
        Wrapper::Maybe if is_boxed => Some(quote!(#argument.into().map(Box::new))),
        Wrapper::Maybe => Some(quote!(#argument.into())),
        Wrapper::Option if slot.initial.is_none() => is_boxed.then(|| quote!(#argument.map(Box::new))),
        _ => match (is_boxed, converts(plan, bare(slot.ty))) {
            (true, true) => Some(quote!(Box::new(#argument.into()))),
            (true, false) => Some(quote!(Box::new(#argument))),
            (false, true) => Some(quote!(#argument.into())),
            (false, false) => None,
        },
    }
}

/// Whether an argument of this type is `impl Into` of it: callers often have something else at hand that converts.
pub(crate) fn converts(plan: &Plan, ty: &RustType) -> bool {
    match ty {
        RustType::String | RustType::Json | RustType::Formatted(_) => true,
        RustType::Named(index) => match &plan[*index].kind {
            TypeKind::StringEnum(_) | TypeKind::Union(_) => true,
            TypeKind::Newtype(inner) => matches!(inner, RustType::String | RustType::Formatted(_) | RustType::Named(_)),
            // What must be there converts into a struct.
            TypeKind::Struct(structure) => structure.fields.iter().filter(|field| field.is_required()).count() > 1,
            TypeKind::IntegerEnum(_) => false,
        },
        _ => false,
    }
}
