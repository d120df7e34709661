//! Unions: enums of one type per variant, told apart by a tag or by their shape.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Context;
use super::support::{Helper, Support};
use crate::plan::{
    Ident, Plan, Presence, RustType, Tagging, TypeIndex, TypeItem, TypeKind, UNKNOWN_VARIANT, UnionItem, UnionVariant,
};
use crate::{docs, rust};

/// A union with its conversions.
pub(super) fn emit(context: &Context<'_>, item: &TypeItem, union: &UnionItem, support: &mut Support) -> TokenStream {
    let plan = context.plan;
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
    let eq = union.variants.iter().all(|variant| context.traits.is_eq(&variant.ty)).then(|| quote!(, Eq));
    let variants = union.variants.iter().map(|variant| {
        let ident = rust::ident(&variant.ident);
        let ty = rust::type_tokens(plan, &variant.ty, &TokenStream::new());
        let doc = docs::outer(&variant_doc(context, variant));
        quote!(#doc #ident(#ty),)
    });
    let unknown_ident = format_ident!("{UNKNOWN_VARIANT}");
    let unknown = matches!(union.tagging, Tagging::Property(_)).then(|| {
        quote! {
            /// A value with a tag that the document does not list.
            #unknown_ident(serde_json::Value),
        }
    });
    let conversions = conversions(plan, &name, union);
    let schema = super::schema::of_union(plan, &item.name, union);
    let serialize = serialize(plan, &name, union, support);
    let deserialize = match &union.tagging {
        Tagging::Property(property) => by_tag(plan, item, union, property),
        Tagging::Shape => by_shape(plan, item, union, support),
    };
    quote! {
        #attributes
        #[derive(Debug, Clone, PartialEq #eq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
        }
        #conversions
        #serialize
        #deserialize
        #schema
    }
}

/// Whether reading or writing needs the support module.
pub(super) fn needs_support(plan: &Plan, union: &UnionItem) -> bool {
    match &union.tagging {
        Tagging::Shape => true,
        Tagging::Property(property) => union.variants.iter().any(|variant| lacks(plan, &variant.ty, property)),
    }
}

fn variant_doc(context: &Context<'_>, variant: &UnionVariant) -> String {
    let schema = &context.api.schemas[context.api.schemas.resolve(variant.schema)];
    let words = [schema.description.as_deref(), schema.title.as_deref()].into_iter().flatten();
    let first = words.filter_map(|text| text.trim().split("\n\n").next()).find(|text| !text.is_empty());
    match (first, variant.tags.as_slice()) {
        (Some(first), _) => first.to_owned(),
        (None, [tag, ..]) => docs::code(tag),
        (None, []) => format!("The variant `{}`.", variant.ident),
    }
}

/// `From` each type that only one variant has.
fn conversions(plan: &Plan, name: &proc_macro2::Ident, union: &UnionItem) -> TokenStream {
    let mut seen: BTreeSet<RustType> = BTreeSet::new();
    let mut twice: BTreeSet<RustType> = BTreeSet::new();
    for variant in &union.variants {
        let ty = unboxed(&variant.ty);
        if !seen.insert(ty.clone()) {
            twice.insert(ty.clone());
        }
    }
    let is_itself = |ty: &RustType| matches!(ty, RustType::Named(TypeIndex(index)) if plan.types.get(*index).is_some_and(|item| *name == item.name));
    let single = union
        .variants
        .iter()
        .filter(|variant| !twice.contains(unboxed(&variant.ty)) && !is_itself(unboxed(&variant.ty)));
    let conversions = single.map(|variant| {
        let ident = rust::ident(&variant.ident);
        let ty = rust::type_tokens(plan, unboxed(&variant.ty), &TokenStream::new());
        let value = if matches!(variant.ty, RustType::Boxed(_)) { quote!(Box::new(value)) } else { quote!(value) };
        quote! {
            impl From<#ty> for #name {
                fn from(value: #ty) -> Self {
                    Self::#ident(#value)
                }
            }
        }
    });
    quote!(#(#conversions)*)
}

fn unboxed(ty: &RustType) -> &RustType {
    match ty {
        RustType::Boxed(inner) => inner,
        other => other,
    }
}

fn serialize(plan: &Plan, name: &proc_macro2::Ident, union: &UnionItem, support: &mut Support) -> TokenStream {
    let arms = union.variants.iter().map(|variant| {
        let ident = rust::ident(&variant.ident);
        match (&union.tagging, variant.tags.first()) {
            (Tagging::Property(property), Some(tag)) if lacks(plan, &variant.ty, property) => {
                support.need(Helper::WithTag);
                quote!(Self::#ident(value) => support::with_tag(#property, #tag, value, serializer),)
            }
            _ => quote!(Self::#ident(value) => value.serialize(serializer),),
        }
    });
    let unknown_ident = format_ident!("{UNKNOWN_VARIANT}");
    let unknown = matches!(union.tagging, Tagging::Property(_))
        .then(|| quote!(Self::#unknown_ident(value) => value.serialize(serializer),));
    quote! {
        impl Serialize for #name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                match self {
                    #(#arms)*
                    #unknown
                }
            }
        }
    }
}

/// Whether a struct has no field for the tag, so that somebody has to write it.
fn lacks(plan: &Plan, ty: &RustType, property: &str) -> bool {
    let RustType::Named(index) = unboxed(ty) else { return false };
    match plan.types.get(index.0).map(|item| &item.kind) {
        Some(TypeKind::Struct(structure)) => {
            structure.rest.is_none() && structure.fields.iter().all(|field| field.wire != property)
        }
        _ => false,
    }
}

/// Reads the tag, then the variant that it stands for.
fn by_tag(plan: &Plan, item: &TypeItem, union: &UnionItem, property: &str) -> TokenStream {
    let name = rust::ident(&item.name);
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let arm = |variant: &UnionVariant| {
        let ident = rust::ident(&variant.ident);
        let ty = rust::type_tokens(plan, &variant.ty, &TokenStream::new());
        let ty = path(&variant.ty, &ty);
        quote!(#ty::deserialize(&value).map(Self::#ident))
    };
    let arms = union.variants.iter().filter(|variant| !variant.tags.is_empty()).map(|variant| {
        let (tags, read) = (&variant.tags, arm(variant));
        quote!(Some(#(#tags)|*) => #read,)
    });
    let fallback = union.variants.iter().find(|variant| variant.is_default);
    let other = if let Some(variant) = fallback {
        let ident = rust::ident(&variant.ident);
        let ty = rust::type_tokens(plan, &variant.ty, &TokenStream::new());
        let ty = path(&variant.ty, &ty);
        quote!(_ => Ok(#ty::deserialize(&value).map_or_else(|_| Self::#unknown(value.clone()), Self::#ident)),)
    } else {
        let message = missing_tag(&item.name, union, property);
        quote! {
            Some(_) => Ok(Self::#unknown(value.clone())),
            None => return Err(serde::de::Error::custom(#message)),
        }
    };
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                let read = match value.get(#property).and_then(serde_json::Value::as_str) {
                    #(#arms)*
                    #other
                };
                read.map_err(serde::de::Error::custom)
            }
        }
    }
}

/// What is said of a value without a tag.
fn missing_tag(name: &Ident, union: &UnionItem, property: &str) -> String {
    let tags = union.variants.iter().flat_map(|variant| &variant.tags);
    let tags: Vec<String> = tags.map(|tag| docs::code(tag)).take(12).collect();
    format!("`{name}` needs the member {}, one of {}", docs::code(property), tags.join(", "))
}

/// Tries the variants, those first that have most members in common with the value.
fn by_shape(plan: &Plan, item: &TypeItem, union: &UnionItem, support: &mut Support) -> TokenStream {
    support.need(Helper::Untagged);
    let name = rust::ident(&item.name);
    let label = item.name.as_str();
    let mut ordered: Vec<&UnionVariant> = union.variants.iter().collect();
    ordered.sort_by_key(|variant| rank(plan, &variant.ty));
    let attempts = ordered.iter().map(|variant| attempt(plan, variant, true));
    let takes_any_text = union.variants.iter().any(|variant| matches!(variant.ty, RustType::String | RustType::Json));
    let open = ordered.iter().find(|variant| is_open_enum(plan, &variant.ty).is_some() && !takes_any_text);
    let last = open.map(|variant| attempt(plan, variant, false));
    quote! {
        impl<'de> Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let value = serde_json::Value::deserialize(deserializer)?;
                support::untagged(#label, &value, &[#(#attempts,)* #last])
            }
        }
    }
}

/// Where a variant stands in the order of attempts: what accepts least comes first.
fn rank(plan: &Plan, ty: &RustType) -> u8 {
    match ty {
        RustType::Null | RustType::Bool => 0,
        RustType::Uuid | RustType::DateTime | RustType::Date => 1,
        RustType::I32 | RustType::U32 => 2,
        RustType::I64 | RustType::U64 => 3,
        RustType::Boxed(inner) => rank(plan, inner),
        RustType::Named(index) => match plan.types.get(index.0).map(|item| &item.kind) {
            Some(TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)) => 1,
            Some(TypeKind::Struct(_)) => 4,
            Some(TypeKind::Newtype(inner)) if !matches!(inner, RustType::Named(_)) => rank(plan, inner),
            _ => 5,
        },
        RustType::Option(_) | RustType::Tuple(_) => 5,
        RustType::F32 | RustType::F64 => 6,
        RustType::List(_) | RustType::Map(_) | RustType::Bytes => 7,
        RustType::JsonObject => 8,
        RustType::String => 9,
        RustType::Json => 10,
    }
}

fn is_open_enum<'a>(plan: &'a Plan, ty: &RustType) -> Option<&'a TypeItem> {
    let RustType::Named(index) = unboxed(ty) else { return None };
    plan.types.get(index.0).filter(|item| matches!(item.kind, TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_)))
}

/// One attempt: the variant's name, the members that speak for it, those whose values speak against it, how it is read.
fn attempt(plan: &Plan, variant: &UnionVariant, listed_only: bool) -> TokenStream {
    let ident = rust::ident(&variant.ident);
    let label = variant.ident.as_str();
    let ty = rust::type_tokens(plan, &variant.ty, &TokenStream::new());
    let ty = path(&variant.ty, &ty);
    let (members, fixed) = members(plan, &variant.ty);
    let fixed = fixed.iter().map(|(member, value)| quote!((#member, #value)));
    let object = is_struct(plan, &variant.ty);
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let read = if let Some(item) = is_open_enum(plan, &variant.ty).filter(|_| listed_only) {
        let enumeration = rust::ident(&item.name);
        quote! {
            |value| match #ty::deserialize(value)? {
                #enumeration::#unknown(other) => {
                    Err(serde::de::Error::custom(format_args!("`{other}` is not listed")))
                }
                listed => Ok(Self::#ident(listed)),
            }
        }
    } else {
        quote!(|value| #ty::deserialize(value).map(Self::#ident))
    };
    quote! {
        support::Attempt { variant: #label, object: #object, members: &[#(#members),*], fixed: &[#(#fixed),*], read: #read }
    }
}

/// A type in front of `::`, which all but plain names need brackets for.
fn path(ty: &RustType, tokens: &TokenStream) -> TokenStream {
    match ty {
        RustType::Named(_) | RustType::String | RustType::Bool => tokens.clone(),
        _ => quote!(<#tokens>),
    }
}

/// Whether a type is a struct, perhaps in newtypes.
fn is_struct(plan: &Plan, ty: &RustType) -> bool {
    let mut ty = unboxed(ty);
    for _ in 0..=plan.types.len() {
        let RustType::Named(index) = ty else { return false };
        match plan.types.get(index.0).map(|item| &item.kind) {
            Some(TypeKind::Struct(_)) => return true,
            Some(TypeKind::Newtype(inner)) => ty = unboxed(inner),
            _ => return false,
        }
    }
    false
}

/// The members of a struct, and those that can have one value alone.
fn members<'a>(plan: &'a Plan, ty: &RustType) -> (Vec<&'a str>, Vec<(&'a str, &'a str)>) {
    let RustType::Named(index) = unboxed(ty) else { return Default::default() };
    let Some(TypeKind::Struct(structure)) = plan.types.get(index.0).map(|item| &item.kind) else {
        return Default::default();
    };
    let members = structure.fields.iter().map(|field| field.wire.as_str()).collect();
    let required = structure.fields.iter().filter(|field| field.presence == Presence::Required);
    let fixed = required.filter_map(|field| match is_open_enum(plan, &field.ty).map(|item| &item.kind) {
        Some(TypeKind::StringEnum(variants)) => match variants.as_slice() {
            [only] => Some((field.wire.as_str(), only.wire.as_str())),
            _ => None,
        },
        _ => None,
    });
    (members, fixed.collect())
}
