//! The plan: which Rust item each part of the model becomes, and what it is called.
//!
//! Everything in a plan is settled. An [`Ident`] is valid Rust, unique where it stands, and free of names
//! that generated code needs for itself. Emitters neither clean, invent nor compare names.

mod admits;
mod alias;
mod alike;
mod branch;
mod content;
mod cycle;
mod decide;
mod doc;
mod equal;
mod facets;
mod file;
mod group;
mod ident;
mod key;
mod left_out;
mod lock;
mod names;
mod operation;
mod order;
mod place;
mod reach;
mod register;
mod scope;
mod security;
mod settle;
mod shape;
mod type_names;
mod union;
mod webhook;

pub use ident::Ident;
pub use key::{Key, KeyKind, KeyPath};
pub use lock::{InvalidLine, NamesLock, Standing};
pub use settle::{Settings, Settled, settle};

use oas_document::Location;
use oas_model::{SchemaId, StatusPattern};
use serde_json::Value;

/// Which Rust items an API becomes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The packages.
    pub packages: Packages,
    /// The types, in the order of their names. Index with [`TypeIndex`].
    pub types: Vec<TypeItem>,
    /// Other names of types: components that are nothing but a reference, in the order of the document.
    pub aliases: Vec<AliasItem>,
    /// The operations, in the order of [`Api::operations`](oas_model::Api::operations), without those that could not
    /// be generated.
    pub operations: Vec<OperationItem>,
    /// The groups of operations, in the order of the document's tags; operations without a tag come last.
    pub groups: Vec<GroupItem>,
    /// The security schemes that operations use, in the order of the document.
    pub schemes: Vec<SchemeItem>,
    /// The distinct requirement sets that operations have. Index with [`OperationItem::credentials`].
    pub credentials: Vec<CredentialsItem>,
}

/// What the generated packages are called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packages {
    /// `autoposting-types`
    pub types: String,
    /// `autoposting-client`
    pub client: String,
    /// `autoposting-server`
    pub server: String,
}

/// A type in [`Plan::types`].
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
    /// The name of the type in [`Plan::types`].
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

/// A struct with named fields.
#[derive(Debug, Clone)]
pub struct StructItem {
    /// The fields, in the order of the document.
    pub fields: Vec<Field>,
    /// The field that keeps members without a field of their own.
    pub rest: Option<RestField>,
    /// What becomes of members without a field of their own when no field keeps them.
    pub unknown: Unknown,
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
    /// `i32`
    I32,
    /// `i64`
    I64,
    /// `u32`
    U32,
    /// `u64`
    U64,
    /// `f32`
    F32,
    /// `f64`
    F64,
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
    /// `oas_types_runtime::DateTime`
    DateTime,
    /// `oas_types_runtime::Date`
    Date,
    /// `oas_types_runtime::Uuid`
    Uuid,
    /// `Option<T>`
    Option(Box<RustType>),
    /// `Box<T>`, where a type would contain itself.
    Boxed(Box<RustType>),
    /// `Vec<T>`
    List(Box<RustType>),
    /// `std::collections::BTreeMap<String, T>`
    Map(Box<RustType>),
    /// `(A, B)`
    Tuple(Vec<RustType>),
    /// A type of the plan.
    Named(TypeIndex),
}

/// A group of operations: one tag.
#[derive(Debug, Clone)]
pub struct GroupItem {
    /// The tag; `None` for operations without one.
    pub tag: Option<String>,
    /// What its names are given to.
    pub key: KeyPath,
    /// `clips`: module and feature.
    pub module: Ident,
    /// `ClipsApi`
    pub trait_ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Its operations, as indices of [`Plan::operations`]. An operation belongs to its first tag.
    pub operations: Vec<usize>,
}

/// What an operation becomes.
#[derive(Debug, Clone)]
pub struct OperationItem {
    /// Its index in [`Api::operations`](oas_model::Api::operations).
    pub operation: usize,
    /// The operation's id, own or made from method and path; unique.
    pub id: String,
    /// What its names are given to.
    pub key: KeyPath,
    /// `complete_clip_upload`
    pub method_ident: Ident,
    /// `CompleteClipUpload`: the client's request builder, and the first part of every name below.
    pub type_prefix: Ident,
    /// Its index in [`Plan::groups`].
    pub group: usize,
    /// The file of its types below the generated code, without ending: `operations/clips`.
    pub module: String,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// The parameters, in the order of the model.
    pub params: Option<ParamsItem>,
    /// The body of the request.
    pub body: Option<BodyItem>,
    /// `CompleteClipUploadResponse`: an enum with a variant for every documented status.
    pub response_ident: Ident,
    /// The variants of that enum, in the order of the model.
    pub responses: Vec<ResponseItem>,
    /// `CompleteClipUploadError`: an enum with those variants that are no success.
    pub error_ident: Ident,
    /// What the client returns when all went well.
    pub success: SuccessItem,
    /// The requirement set, as an index of [`Plan::credentials`]; `None` when the operation is public.
    pub credentials: Option<usize>,
    /// `CompleteClipUploadCredentials`: an alias of the requirement set's type.
    pub credentials_ident: Ident,
}

/// The parameters of an operation, as one struct.
#[derive(Debug, Clone)]
pub struct ParamsItem {
    /// `CompleteClipUploadParams`
    pub ident: Ident,
    /// One field per parameter.
    pub fields: Vec<ParamField>,
}

/// A field of [`ParamsItem`].
#[derive(Debug, Clone)]
pub struct ParamField {
    /// Its index in [`Operation::parameters`](oas_model::Operation::parameters).
    pub parameter: usize,
    /// `page_size`; also the name of the setter on the client's request builder.
    pub ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// The type of the value, without what [`presence`](Self::presence) adds.
    pub ty: RustType,
    /// Whether it can be absent.
    pub presence: ParamPresence,
}

/// Whether a parameter can be absent, and what that makes of its type `T`.
#[derive(Debug, Clone, PartialEq)]
pub enum ParamPresence {
    /// Always there: `T`.
    Required,
    /// May be absent: `Option<T>`.
    Optional,
    /// May be absent, and then has this value: `T` for the server, `Option<T>` for the client.
    Default(Value),
}

/// The body of a request.
#[derive(Debug, Clone)]
pub struct BodyItem {
    /// Whether it must be there.
    pub required: bool,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// What it is.
    pub content: BodyContent,
}

/// What a body is.
#[derive(Debug, Clone)]
pub enum BodyContent {
    /// One media type.
    Single(ContentItem),
    /// Several: an enum `CompleteClipUploadBody`, or an enum of the bodies of one response.
    Several {
        /// The enum's ident.
        ident: Ident,
        /// Its variants, with their idents, in the order of the document.
        variants: Vec<(Ident, ContentItem)>,
    },
}

impl BodyContent {
    /// What it may be, in the order of the document.
    pub fn items(&self) -> Vec<&ContentItem> {
        match self {
            Self::Single(item) => vec![item],
            Self::Several { variants, .. } => variants.iter().map(|(_, item)| item).collect(),
        }
    }
}

/// A body in one media type.
#[derive(Debug, Clone)]
pub struct ContentItem {
    /// The index of the media type in the body or response of the model.
    pub media_type: usize,
    /// How the value is written.
    pub format: ContentFormat,
    /// The value.
    pub ty: RustType,
}

/// How a body is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ContentFormat {
    /// `application/json`, `application/problem+json` and their like.
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
    /// `multipart/form-data`
    Multipart,
    /// `text/plain` and other text; the value is a [`RustType::String`].
    Text,
    /// Anything else; the value is a [`RustType::Bytes`].
    Bytes,
    /// `text/event-stream`; the value is the data of one event.
    EventStream,
    /// `application/jsonl`, `application/x-ndjson`; the value is one line.
    JsonLines,
}

/// A variant of the response enum.
#[derive(Debug, Clone)]
pub struct ResponseItem {
    /// Its index in [`Operation::responses`](oas_model::Operation::responses).
    pub response: usize,
    /// The statuses it stands for.
    pub status: StatusPattern,
    /// `Status200`, `Status4XX`, `Default`. Ranges and the default carry the status as their first value.
    pub variant: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// The body.
    pub body: Option<BodyContent>,
    /// The headers that the document describes.
    pub headers: Option<HeadersItem>,
}

/// The headers of a response, as one struct.
#[derive(Debug, Clone)]
pub struct HeadersItem {
    /// `CompleteClipUploadStatus429Headers`
    pub ident: Ident,
    /// What its name is given to, and the start of the keys of its fields.
    pub key: KeyPath,
    /// One field per header, by index in [`Response::headers`](oas_model::Response::headers).
    pub fields: Vec<HeaderField>,
}

/// A field of [`HeadersItem`].
#[derive(Debug, Clone)]
pub struct HeaderField {
    /// Its index in [`Response::headers`](oas_model::Response::headers).
    pub header: usize,
    /// `retry_after`
    pub ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// The type of the value; wrapped in `Option` unless `required`.
    pub ty: RustType,
    /// Whether it is always there.
    pub required: bool,
}

/// What the client returns when all went well.
#[derive(Debug, Clone)]
pub enum SuccessItem {
    /// One kind of success: its body, or `()`. Holds the index in [`OperationItem::responses`].
    Single(usize),
    /// Several: an enum of those variants of the response enum that can be a success.
    Several {
        /// `CompleteClipUploadSuccess`
        ident: Ident,
        /// Indices in [`OperationItem::responses`].
        responses: Vec<usize>,
    },
    /// The document describes no success: the bytes as they come.
    Undocumented,
}

/// What a security scheme becomes: a newtype around the secret, whose `Debug` hides it.
#[derive(Debug, Clone)]
pub struct SchemeItem {
    /// Its name in [`Api::security_schemes`](oas_model::Api::security_schemes).
    pub scheme: String,
    /// What its names are given to.
    pub key: KeyPath,
    /// `BearerAuth`
    pub type_ident: Ident,
    /// `bearer_auth`: method of `Authenticator`, and of the client's builder.
    pub method_ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
}

/// What a distinct requirement set becomes: an enum. Sets that differ in scopes alone are one.
#[derive(Debug, Clone)]
pub struct CredentialsItem {
    /// What its name is given to.
    pub key: KeyPath,
    /// `BearerAuthOrApiKeyHeader`
    pub ident: Ident,
    /// The alternatives, in the order of the document.
    pub alternatives: Vec<AlternativeItem>,
}

/// One way to satisfy a requirement set.
#[derive(Debug, Clone)]
pub struct AlternativeItem {
    /// `BearerAuth`, `BearerAuthAndTenant`, `Anonymous`
    pub variant: Ident,
    /// The schemes it needs, as indices of [`Plan::schemes`], in the order of the document.
    pub schemes: Vec<usize>,
}
