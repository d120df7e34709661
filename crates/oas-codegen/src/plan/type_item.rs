//! What a named type of a plan is, and of which Rust types its members are.

use oas_document::Location;
use oas_model::SchemaId;
use serde_json::Value;

use super::{Format, Ident, Integer, KeyPath};

/// A type in [`Plan::types`](super::Plan::types).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TypeIndex(pub usize);

/// A named type of the types package; every one is reachable as `types_crate::Name`.
#[derive(Debug, Clone)]
pub struct TypeItem {
    /// `CompleteClipUploadBodyPartsItem`
    pub name: Ident,
    /// What its name is given to, and the start of the keys of its fields and variants.
    pub key: KeyPath,
    /// The place in the document that it stands for.
    pub at: Location,
    /// The schema it stands for.
    pub schema: SchemaId,
    /// The file below `src/generated/`, without `.rs`: `schemas/success_envelope`, `operations/clips`.
    pub module: String,
    /// Documentation, in Markdown, not yet escaped; empty when the document says nothing.
    pub doc: String,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Whether a request can contain it.
    pub in_request: bool,
    /// Whether a response can contain it.
    pub in_response: bool,
    /// What it is.
    pub kind: TypeKind,
}

/// Another name of a type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AliasItem {
    /// The name.
    pub name: Ident,
    /// What the name is given to.
    pub key: KeyPath,
    /// The component that has it.
    pub at: Location,
    /// The file below `src/generated/`, without `.rs`.
    pub module: String,
    /// The name of the type in [`Plan::types`](super::Plan::types).
    pub target: Ident,
}

/// What a named type is.
#[derive(Debug, Clone)]
pub enum TypeKind {
    /// A struct with named fields.
    Struct(StructItem),
    /// An enum of strings.
    StringEnum(Vec<StringVariant>),
    /// An enum of integers.
    IntegerEnum(Vec<IntegerVariant>),
    /// An enum of one type per variant.
    Union(UnionItem),
    /// A struct around one value.
    Newtype(RustType),
}

impl TypeKind {
    /// The types that it is made of.
    pub fn types(&self) -> Vec<&RustType> {
        match self {
            Self::Struct(structure) => {
                let fields = structure.fields.iter().map(|field| &field.ty);
                fields.chain(structure.rest.iter().map(|rest| &rest.ty)).chain(&structure.children).collect()
            }
            Self::Union(union) => union.variants.iter().map(|variant| &variant.ty).collect(),
            Self::Newtype(inner) => vec![inner],
            Self::StringEnum(_) | Self::IntegerEnum(_) => Vec::new(),
        }
    }
}

/// The struct that a type is, behind newtypes, and the type that is it.
pub(crate) fn structure<'a>(types: &'a [TypeItem], ty: &RustType) -> Option<(&'a TypeItem, &'a StructItem)> {
    let mut ty = ty;
    // A newtype that contains itself would not compile; the bound is for plans made by hand.
    for _ in 0..64 {
        let RustType::Named(index) = ty else { return None };
        let item = &types[index.0];
        match &item.kind {
            TypeKind::Struct(structure) => return Some((item, structure)),
            TypeKind::Newtype(inner) => ty = inner,
            TypeKind::StringEnum(_) | TypeKind::IntegerEnum(_) | TypeKind::Union(_) => return None,
        }
    }
    None
}

/// A struct with named fields.
#[derive(Debug, Clone)]
pub struct StructItem {
    /// The fields, in the order of the document.
    pub fields: Vec<Field>,
    /// The field that keeps members without a field of their own.
    pub rest: Option<RestField>,
    /// What becomes of members without a field of their own when no field keeps them.
    pub unknown: Unknown,
    /// Whether values that are no objects are values of it, too: the document describes members and no type.
    pub takes_others: bool,
    /// The union of those that extend it, where a discriminator tells them apart: what a value is in full.
    pub children: Option<RustType>,
}

/// What becomes of members that the document does not describe.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unknown {
    /// They are kept as the text that they are.
    Kept,
    /// They are passed over, as `codegen.toml` says.
    Dropped,
    /// The document forbids them.
    Forbidden,
}

/// A field of a struct.
#[derive(Debug, Clone)]
pub struct Field {
    /// `clip_id`
    pub ident: Ident,
    /// `clipId`
    pub wire: String,
    /// The schema of the member.
    pub schema: SchemaId,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// The type of the value, without what [`presence`](Self::presence) adds.
    pub ty: RustType,
    /// Whether it can be absent or `null`.
    pub presence: Presence,
    /// The values that it can have, when the document lists a few: they tell the branches of a union apart.
    pub values: Vec<Value>,
}

impl Field {
    /// Whether the member is always there, be it `null`.
    pub fn is_required(&self) -> bool {
        matches!(self.presence, Presence::Required | Presence::Nullable)
    }
}

/// Whether a member can be absent or `null`, and what that makes of its type `T`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// Always there: `T`.
    Required,
    /// Always there, but may be `null`: `Option<T>`.
    Nullable,
    /// May be absent: `Option<T>`.
    Optional,
    /// May be absent, and may be `null`, which is not the same: `Maybe<T>`.
    OptionalNullable,
}

/// The field that keeps members without a field of their own.
#[derive(Debug, Clone)]
pub struct RestField {
    /// Its ident.
    pub ident: Ident,
    /// The type of each value.
    pub ty: RustType,
}

/// A variant of an enum of strings; values that the document does not list are kept in the variant
/// [`UNKNOWN_VARIANT`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StringVariant {
    /// Its ident.
    pub ident: Ident,
    /// The string.
    pub wire: String,
}

/// A variant of an enum of integers; values that the document does not list are kept in the variant
/// [`UNKNOWN_VARIANT`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IntegerVariant {
    /// Its ident.
    pub ident: Ident,
    /// The integer.
    pub wire: i128,
}

/// The variant that keeps what the document does not list. No other variant has this name.
pub const UNKNOWN_VARIANT: &str = "Unknown";

/// An enum of one type per variant.
#[derive(Debug, Clone)]
pub struct UnionItem {
    /// The variants, in the order of the document.
    pub variants: Vec<UnionVariant>,
    /// How a reader tells them apart.
    pub tagging: Tagging,
}

/// A variant of a union.
#[derive(Debug, Clone)]
pub struct UnionVariant {
    /// Its ident.
    pub ident: Ident,
    /// What the branch is known by: the end of its key.
    pub key: String,
    /// What it holds.
    pub ty: RustType,
    /// The schema of the branch.
    pub schema: SchemaId,
    /// The values of the discriminator that stand for it.
    pub tags: Vec<String>,
    /// Whether it takes the values whose tag no other variant has, or that have none.
    pub is_default: bool,
}

/// How a reader tells the variants of a union apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tagging {
    /// By the string member of this name; the variant's own type has the member too.
    Property(String),
    /// By trying, most specific first.
    Shape,
}

/// A Rust type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RustType {
    /// `bool`
    Bool,
    /// `i64` and its like
    Integer(Integer),
    /// `f64`
    F64,
    /// `oas_types_runtime::Number`: every digit is kept.
    Number,
    /// `String`
    String,
    /// Bytes that JSON does not carry: a whole body, or a part of a form.
    Bytes,
    /// `serde_json::Value`
    Json,
    /// `serde_json::Map<String, serde_json::Value>`
    JsonObject,
    /// `()`: the value `null` and nothing else.
    Null,
    /// `oas_types_runtime::DateTime` and its like: a text of a format, kept as it came.
    Formatted(Format),
    /// `Option<T>`
    Option(Box<RustType>),
    /// `Box<T>`, where a type would contain itself.
    Boxed(Box<RustType>),
    /// `Vec<T>`
    List(Box<RustType>),
    /// `std::collections::BTreeMap<String, T>`
    Map(Box<RustType>),
    /// `oas_types_runtime::OrOther<T>`: a list or a map, or a value of any other type.
    OrOther(Box<RustType>),
    /// `(A, B)`
    Tuple(Vec<RustType>),
    /// A type of the plan.
    Named(TypeIndex),
}

impl RustType {
    /// The types that it is made of, those of the plan aside.
    pub fn parts(&self) -> &[Self] {
        match self {
            Self::Option(inner) | Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::OrOther(inner) => {
                std::slice::from_ref(inner)
            }
            Self::Tuple(parts) => parts,
            _ => &[],
        }
    }

    /// The same, to be changed.
    pub(crate) fn parts_mut(&mut self) -> &mut [Self] {
        match self {
            Self::Option(inner) | Self::Boxed(inner) | Self::List(inner) | Self::Map(inner) | Self::OrOther(inner) => {
                std::slice::from_mut(inner)
            }
            Self::Tuple(parts) => parts,
            _ => &mut [],
        }
    }

    /// The types of the plan in it, however deep.
    pub fn named(&self) -> Vec<TypeIndex> {
        match self {
            Self::Named(index) => vec![*index],
            other => other.parts().iter().flat_map(Self::named).collect(),
        }
    }
}
