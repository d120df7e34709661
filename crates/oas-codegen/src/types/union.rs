//! Unions: enums of one type per variant, told apart by a tag or by what fits.

use std::collections::BTreeSet;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::Context;
use crate::plan::{Plan, RustType, Tagging, TypeItem, TypeKind, UNKNOWN_VARIANT, UnionItem, UnionVariant, Unknown};
use crate::{docs, rust};

/// A union with its conversions.
pub(super) fn emit(context: &Context<'_>, item: &TypeItem, union: &UnionItem) -> TokenStream {
    let plan = context.plan;
    let name = rust::ident(&item.name);
    let attributes = super::attributes(item);
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
    let conversions = conversions(plan, item, union);
    let write = write(plan, &name, union);
    let read = match &union.tagging {
        Tagging::Property(property) => by_tag(item, union, property),
        Tagging::Shape => by_shape(item, union),
    };
    let types = union.variants.iter().map(|variant| path(plan, variant));
    quote! {
        #attributes
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            #unknown
        }
        #conversions
        impl oas_types_runtime::FromJson for #name {
            #read
            fn fit(value: &oas_types_runtime::Raw<'_>) -> oas_types_runtime::Fit {
                oas_types_runtime::Fit::best([#(<#types as oas_types_runtime::FromJson>::fit(value)),*])
            }
        }
        #write
    }
}

/// The type of a variant.
fn path(plan: &Plan, variant: &UnionVariant) -> TokenStream {
    rust::type_tokens(plan, &variant.ty, &TokenStream::new())
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

/// `From` each type that only one variant has, and from what the structs among them must have.
fn conversions(plan: &Plan, item: &TypeItem, union: &UnionItem) -> TokenStream {
    let name = rust::ident(&item.name);
    let mut seen: BTreeSet<RustType> = BTreeSet::new();
    let mut twice: BTreeSet<RustType> = BTreeSet::new();
    for variant in &union.variants {
        let ty = unboxed(&variant.ty);
        if !seen.insert(ty.clone()) {
            twice.insert(ty.clone());
        }
    }
    let single = union.variants.iter().filter(|variant| !twice.contains(unboxed(&variant.ty)));
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

fn write(plan: &Plan, name: &proc_macro2::Ident, union: &UnionItem) -> TokenStream {
    let arms = union.variants.iter().map(|variant| {
        let ident = rust::ident(&variant.ident);
        let lacks = match (&union.tagging, variant.tags.first()) {
            (Tagging::Property(property), Some(tag)) => Some((property, tag, lacks(plan, &variant.ty, property))),
            _ => None,
        };
        if let Some((property, tag, Lacks::Tag { kept })) = lacks {
            let kept = if kept { quote!(Some(value.additional())) } else { quote!(None) };
            quote!(Self::#ident(value) => writer.tagged(#property, #tag, #kept, value),)
        } else {
            quote!(Self::#ident(value) => oas_types_runtime::ToJson::to_json(value, writer),)
        }
    });
    let unknown_ident = format_ident!("{UNKNOWN_VARIANT}");
    let unknown = matches!(union.tagging, Tagging::Property(_))
        .then(|| quote!(Self::#unknown_ident(value) => oas_types_runtime::ToJson::to_json(value, writer),));
    quote! {
        impl oas_types_runtime::ToJson for #name {
            fn to_json(&self, writer: &mut oas_types_runtime::Writer) {
                match self {
                    #(#arms)*
                    #unknown
                }
            }
        }
    }
}

/// Whether a struct has a field for the tag.
enum Lacks {
    /// It has, or it is no struct.
    Nothing,
    /// It has not, so that somebody has to write the tag; it may be `kept` among the members without a field.
    Tag { kept: bool },
}

fn lacks(plan: &Plan, ty: &RustType, property: &str) -> Lacks {
    let RustType::Named(index) = unboxed(ty) else { return Lacks::Nothing };
    match &plan[*index].kind {
        TypeKind::Struct(structure)
            if structure.rest.is_none() && structure.fields.iter().all(|field| field.wire != property) =>
        {
            Lacks::Tag { kept: structure.unknown == Unknown::Kept }
        }
        _ => Lacks::Nothing,
    }
}

/// Reads the tag, then the variant that it stands for.
fn by_tag(item: &TypeItem, union: &UnionItem, property: &str) -> TokenStream {
    let unknown = format_ident!("{UNKNOWN_VARIANT}");
    let arms = union.variants.iter().filter(|variant| !variant.tags.is_empty()).map(|variant| {
        let (tags, ident) = (&variant.tags, rust::ident(&variant.ident));
        quote!(Some(#(#tags)|*) => reader.read().map(Self::#ident),)
    });
    let fallback = union.variants.iter().find(|variant| variant.is_default);
    let other = if let Some(variant) = fallback {
        let ident = rust::ident(&variant.ident);
        quote!(_ => reader.read_or(Self::#ident, Self::#unknown),)
    } else {
        let label = item.name.as_str();
        let tags = union.variants.iter().flat_map(|variant| &variant.tags);
        quote! {
            Some(_) => reader.keep(Self::#unknown),
            None => Err(reader.untagged(#label, #property, &[#(#tags),*])),
        }
    };
    quote! {
        fn from_json(reader: &mut oas_types_runtime::Reader<'_>) -> Result<Self, oas_types_runtime::Error> {
            match reader.tag(#property)?.as_deref() {
                #(#arms)*
                #other
            }
        }
    }
}

/// Reads the variant that fits best.
fn by_shape(item: &TypeItem, union: &UnionItem) -> TokenStream {
    let label = item.name.as_str();
    let mut ordered: Vec<&UnionVariant> = union.variants.iter().collect();
    ordered.sort_by_key(|variant| rank(&variant.ty));
    let branches = ordered.iter().map(|variant| {
        let ident = rust::ident(&variant.ident);
        let label = variant.ident.as_str();
        quote!(oas_types_runtime::Branch::new(#label, Self::#ident, |reader| reader.read().map(Self::#ident)))
    });
    quote! {
        fn from_json(reader: &mut oas_types_runtime::Reader<'_>) -> Result<Self, oas_types_runtime::Error> {
            reader.choose(#label, &[#(#branches),*])
        }
    }
}

/// Where a variant stands among those that fit equally well: what accepts least comes first.
fn rank(ty: &RustType) -> u8 {
    match ty {
        RustType::Boxed(inner) => rank(inner),
        RustType::F64 | RustType::Number => 2,
        RustType::List(_) | RustType::Map(_) | RustType::Bytes => 3,
        RustType::JsonObject => 4,
        RustType::String | RustType::OrOther(_) => 5,
        RustType::Json => 6,
        _ => 1,
    }
}
