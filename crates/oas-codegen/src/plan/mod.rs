//! The plan: which Rust item each part of the model becomes, and what it is called.
//!
//! Everything in a plan is settled. An [`Ident`] is valid Rust, unique where it stands, and free of names
//! that generated code needs for itself. Emitters neither clean, invent nor compare names.

mod admits;
mod alias;
mod alike;
mod behavior;
mod branch;
mod builder;
mod children;
mod command;
mod content;
mod contradiction;
mod cycle;
mod decide;
mod decided;
mod doc;
mod draft;
mod equal;
mod facets;
mod file;
mod finish;
mod format;
mod group;
mod hint;
mod ident;
mod ids;
mod in_order;
mod integer;
mod key;
mod left_out;
mod lock;
mod names;
mod naming;
mod operation;
mod operation_names;
mod order;
mod pages;
mod place;
mod planner;
mod reach;
mod reading;
mod register;
mod request;
mod reserve;
mod scope;
mod security;
mod server;
mod settings;
mod settle;
mod shape;
mod shapes;
mod type_item;
mod type_names;
mod union;
mod webhook;

pub use behavior::Behavior;
pub(crate) use builder::RUNTIME_TYPES;
pub use finish::Settled;
pub use format::Format;
pub use ident::Ident;
pub use ids::{CredentialsId, GroupId, ModelOperation, OperationId, SchemeId};
pub use integer::Integer;
pub use key::{Key, KeyKind, KeyPath};
pub use lock::{InvalidLine, NamesLock, Standing};
pub use pages::{DeclaredPages, NextPage, PagesItem, RequestPlace};
pub use reading::{Reading, UnknownMembers};
pub use settings::{OperationSettings, PagesSetting, Settings};
pub use settle::settle;
pub(crate) use type_item::structure;
pub use type_item::{
    AliasItem, Field, IntegerVariant, Presence, RestField, RustType, StringVariant, StructItem, Tagging, TypeIndex,
    TypeItem, TypeKind, UNKNOWN_VARIANT, UnionItem, UnionVariant, Unknown,
};

use std::collections::{BTreeMap, BTreeSet};

use oas_document::Location;
use oas_model::StatusPattern;
use serde_json::Value;

/// Which Rust items an API becomes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The packages.
    pub packages: Packages,
    /// How strictly a client reads answers.
    pub reading: Reading,
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
    /// The servers that can be chosen by name, in the order of their keys; none when there is nothing to choose.
    pub servers: Vec<ServerItem>,
    /// The distinct requirement sets that operations have.
    pub credentials: Vec<CredentialsItem>,
    /// What the API sends on its own: webhooks and callbacks, in the order of their keys.
    pub webhooks: Vec<WebhookItem>,
    /// Where answers have what they are about, a JSON Pointer, when they are envelopes: what a command line shows.
    pub envelope: Option<String>,
    /// The types that are printed, as indices of [`types`](Self::types); `None` stands for all.
    pub printed: Option<BTreeSet<usize>>,
}

impl Plan {
    /// The types that are printed, with their indices.
    pub fn printed_types(&self) -> impl Iterator<Item = (usize, &TypeItem)> {
        let is_printed = |index: &usize| self.printed.as_ref().is_none_or(|printed| printed.contains(index));
        self.types.iter().enumerate().filter(move |(index, _)| is_printed(index))
    }

    /// The features that turn on the groups of operations, called like their modules. None when there is one group: no
    /// program would do without it.
    pub fn group_features(&self) -> impl Iterator<Item = &str> {
        let groups = if self.groups.len() > 1 { self.groups.as_slice() } else { &[] };
        groups.iter().map(|group| group.module.as_str())
    }

    /// The feature that turns on a group of operations.
    pub fn group_feature(&self, group: GroupId) -> Option<&str> {
        (self.groups.len() > 1).then(|| self[group].module.as_str())
    }
}

impl std::ops::Index<TypeIndex> for Plan {
    type Output = TypeItem;

    /// # Panics
    /// When the index is that of another plan.
    fn index(&self, index: TypeIndex) -> &TypeItem {
        &self.types[index.0]
    }
}

/// A webhook or callback: a request that the API sends.
#[derive(Debug, Clone)]
pub struct WebhookItem {
    /// Its name in the document; for a callback, that of its operation and its own.
    pub id: String,
    /// `pet_added`
    pub method_ident: Ident,
    /// `PetAddedWebhook`: what a receiver gets.
    pub request_ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Where it stands in the model.
    pub source: WebhookSource,
    /// What is sent.
    pub body: Option<WebhookBody>,
    /// What is answered: the document's first success.
    pub answer: WebhookAnswer,
}

/// Where a webhook stands in the model.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WebhookSource {
    /// An operation of one of [`Api::webhooks`](oas_model::Api::webhooks).
    Webhook(usize, usize),
    /// An operation of a callback of one of [`Api::operations`](oas_model::Api::operations).
    Callback(usize, usize, usize),
}

impl WebhookSource {
    /// The operation.
    pub fn find(self, api: &oas_model::Api) -> Option<&oas_model::Operation> {
        match self {
            Self::Webhook(webhook, operation) => api.webhooks.get(webhook)?.operations.get(operation),
            Self::Callback(operation, callback, sent) => {
                api.operations.get(operation)?.callbacks.get(callback)?.operations.get(sent)
            }
        }
    }
}

/// The body of a webhook.
#[derive(Debug, Clone)]
pub struct WebhookBody {
    /// The index of its media type: JSON, where there is JSON.
    pub media_type: usize,
    /// How it is written: JSON, or bytes that nobody looks into.
    pub format: ContentFormat,
    /// Its type.
    pub ty: RustType,
    /// Whether it is always there.
    pub required: bool,
}

/// The answer to a webhook.
#[derive(Debug, Clone)]
pub struct WebhookAnswer {
    /// Its status.
    pub status: u16,
    /// The type of its JSON body, when it has one.
    pub ty: Option<RustType>,
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

/// A group of operations: one tag.
#[derive(Debug, Clone)]
pub struct GroupItem {
    /// The tag; `None` for operations without one.
    pub tag: Option<String>,
    /// What its names are given to.
    pub key: KeyPath,
    /// `clips`: module and feature.
    pub module: Ident,
    /// `clips`: the command that its operations stand below.
    pub command: Ident,
    /// `ClipsApi`
    pub trait_ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Its operations. An operation belongs to its first tag, or to the one that it belonged to before.
    pub operations: Vec<OperationId>,
}

/// What an operation becomes.
#[derive(Debug, Clone)]
pub struct OperationItem {
    /// What it is in the model.
    pub operation: ModelOperation,
    /// The operation's id, own or made from method and path; unique.
    pub id: String,
    /// What its names are given to.
    pub key: KeyPath,
    /// `complete_clip_upload`
    pub method_ident: Ident,
    /// `CompleteClipUpload`: the first part of every name below.
    pub type_prefix: Ident,
    /// `CompleteClipUpload`: the client's request builder.
    pub builder_ident: Ident,
    /// The builder's setters of parts, by the members of the body that they set; none when the body is given whole.
    pub part_setters: BTreeMap<String, Ident>,
    /// The command that calls it.
    pub command: CommandItem,
    /// The group that it belongs to.
    pub group: GroupId,
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
    /// `CompleteClipUploadError`: an enum with those variants that are no success, where the document describes some.
    pub error_ident: Ident,
    /// What the client returns when all went well.
    pub success: SuccessItem,
    /// The requirement set; `None` when the operation is public.
    pub credentials: Option<CredentialsId>,
    /// How it is used, beyond what its types say.
    pub behavior: Behavior,
}

impl OperationItem {
    /// Whether the document describes errors, so that there is an enum of them.
    pub fn has_errors(&self) -> bool {
        self.responses.iter().any(|response| !response.status.is_success())
    }
}

/// The command of an operation. Its names are [typed with dashes](Ident::to_kebab).
#[derive(Debug, Clone)]
pub struct CommandItem {
    /// `complete_clip_upload`
    pub ident: Ident,
    /// The flags of the parameters, in their order.
    pub params: Vec<Ident>,
    /// The flags of the members of the body, by the members; none when the body is given whole.
    pub members: BTreeMap<String, Ident>,
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
    /// What is easiest to type: JSON, then forms, then text; and the enum and variant that hold it, when the body may be
    /// of several media types.
    ///
    /// # Panics
    /// When a body of several media types has none, which no plan has.
    pub fn easiest(&self) -> (Option<(&Ident, &Ident)>, &ContentItem) {
        match self {
            Self::Single(content) => (None, content),
            Self::Several { ident, variants } => {
                // Which of them stands first in the document means nothing.
                let effort = |(variant, content): &&(Ident, ContentItem)| {
                    (content.format.effort(), variant.as_str().len(), variant.clone())
                };
                let (variant, content) = variants.iter().min_by_key(effort).expect("several media types");
                (Some((ident, variant)), content)
            }
        }
    }

    /// What it may be, in the order of the document.
    pub fn items(&self) -> Vec<&ContentItem> {
        match self {
            Self::Single(item) => vec![item],
            Self::Several { variants, .. } => variants.iter().map(|(_, item)| item).collect(),
        }
    }

    /// The types of what it may be.
    pub fn types(&self) -> impl Iterator<Item = &RustType> {
        self.items().into_iter().map(|item| &item.ty)
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

impl ContentFormat {
    /// How hard it is to type.
    const fn effort(self) -> u8 {
        match self {
            Self::Json => 0,
            Self::Form => 1,
            Self::Text => 2,
            Self::Bytes => 3,
            Self::JsonLines | Self::EventStream => 4,
            Self::Multipart => 5,
        }
    }
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
    /// `bearer_auth_provider`: method of the client's builder for what fetches tokens, when it takes tokens.
    pub provider_ident: Option<Ident>,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
}

/// What a server becomes: a struct that knows its URL, with a setter for each variable.
#[derive(Debug, Clone)]
pub struct ServerItem {
    /// `Production`
    pub ident: Ident,
    /// The URL, with `{variables}`.
    pub url: String,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Where it stands.
    pub at: Location,
    /// Its variables, in the order of the document.
    pub variables: Vec<VariableItem>,
}

/// What a variable of a server's URL becomes: a field with a setter.
#[derive(Debug, Clone)]
pub struct VariableItem {
    /// `region`, as the URL has it.
    pub wire: String,
    /// `region`
    pub ident: Ident,
    /// Documentation, in Markdown, not yet escaped.
    pub doc: String,
    /// Its value unless told otherwise.
    pub default: String,
    /// Where it stands.
    pub at: Location,
    /// `Region`, an enum, with its variants and the values they stand for; `None` where any text will do.
    pub choice: Option<(Ident, Vec<(Ident, String)>)>,
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
    /// `bearer_auth`, `bearer_auth_and_tenant`: method of `Authenticator`; nobody has to be known for `Anonymous`.
    pub method_ident: Option<Ident>,
    /// The schemes it needs, in the order of their names.
    pub schemes: Vec<SchemeId>,
}
