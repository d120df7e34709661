//! The server: a trait per tag, an authenticator, routes.
//!
//! Generated code says what an operation takes and answers, in tables and in a few lines per operation; everything
//! that is the same for every document stands in the crate `oas-server-runtime`.

mod access;
mod authenticator;
mod discriminators;
mod handler;
mod hook;
mod interface;
mod not_implemented;
mod package;
mod refused;
mod reject;
mod reply;
mod root;
mod schemas;
mod table;
mod webhooks;

use std::collections::BTreeMap;
use std::path::PathBuf;

use oas_document::{Diagnostic, Place};
use oas_model::{Api, Operation};
use proc_macro2::TokenStream;
use quote::quote;

use self::access::{Access, Security};
pub use self::package::package;
use self::schemas::SchemaTable;
use crate::plan::{GroupItem, OperationItem, Plan, RustType};
use crate::{Emitted, GeneratedFile, rust};

/// Emits the server package's generated files: everything below `src/generated/`.
pub fn emit(api: &Api, plan: &Plan) -> Emitted {
    let (server, mut diagnostics) = Context::new(api, plan);
    diagnostics.extend(server.twins());
    diagnostics.extend(server.note_shared_routes());
    diagnostics.extend(reject::note(&server));
    let answers = SchemaTable::of_answers(api, plan).answers_file(api, plan);
    let mut files = vec![server.schemas.file(), answers];
    files.extend(root::files(&server));
    files.extend(authenticator::file(&server));
    files.extend(refused::file(&server));
    files.extend(webhooks::file(&server));
    for group in server.groups() {
        files.extend(interface::files(&server, group));
        files.extend(handler::files(&server, group));
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Emitted { files, diagnostics }
}

/// What every part of the emitter needs to know.
struct Context<'a> {
    api: &'a Api,
    plan: &'a Plan,
    /// How each requirement set of the plan is met.
    access: Vec<Access>,
    /// What the schemas of parameters and bodies are called.
    schemas: SchemaTable,
}

impl<'a> Context<'a> {
    fn new(api: &'a Api, plan: &'a Plan) -> (Self, Vec<Diagnostic>) {
        let (access, diagnostics) = access::decide(api, plan);
        let schemas = SchemaTable::of_requests(api, plan);
        (Self { api, plan, access, schemas }, diagnostics)
    }

    /// The groups with at least one operation that can be served.
    fn groups(&self) -> impl Iterator<Item = &'a GroupItem> {
        self.plan.groups.iter().filter(|group| self.operations(group).next().is_some())
    }

    /// The operations of a group that can be served.
    fn operations(&self, group: &'a GroupItem) -> impl Iterator<Item = Endpoint<'a>> {
        let all = group.operations.iter().map(|id| &self.plan[*id]);
        all.filter_map(|item| {
            let operation = &self.api[item.operation];
            let security = access::of(item, operation, &self.access)?;
            Some(Endpoint { item, operation, security })
        })
    }

    /// The operations that nobody may call, with their ids.
    fn refused(&self) -> impl Iterator<Item = (&'a str, &'a Operation)> {
        self.plan.operations.iter().filter_map(|item| {
            let operation = &self.api[item.operation];
            access::of(item, operation, &self.access).is_none().then_some((item.id.as_str(), operation))
        })
    }

    /// Whether an operation of the group needs to know who calls.
    fn is_secured(&self, group: &'a GroupItem) -> bool {
        self.operations(group).any(|endpoint| endpoint.security != Security::Public)
    }

    /// Whether an operation of the API needs to know who calls.
    fn has_authenticator(&self) -> bool {
        self.groups().any(|group| self.is_secured(group))
    }

    /// The crate of the types, as a path.
    fn types_crate(&self) -> TokenStream {
        let name = rust::ident(self.plan.packages.types.replace('-', "_"));
        quote!(#name)
    }

    /// A type as it is written in generated code.
    fn ty(&self, ty: &RustType) -> TokenStream {
        rust::type_tokens(self.plan, ty, &quote!(types))
    }

    /// Says which paths do not have a route of their own in the router underneath.
    fn note_shared_routes(&self) -> Option<Diagnostic> {
        let operations = self.groups().flat_map(|group| self.operations(group)).map(|endpoint| endpoint.operation);
        let mut shared: Vec<&Operation> = operations.filter(|operation| shares_route(&operation.path)).collect();
        shared.dedup_by_key(|operation| &operation.path);
        let first = shared.first()?;
        let named: Vec<String> =
            shared.iter().take(3).map(|operation| format!("`{}`", operation.path.escape_debug())).collect();
        let rest = if shared.len() > 3 { format!(" and {} more", shared.len() - 3) } else { String::new() };
        let (noun, verb) = if shared.len() == 1 { ("path", "is") } else { ("paths", "are") };
        let message = format!(
            "axum has no route for the {noun} {}{rest}, which {verb} told apart behind a route that others may share",
            named.join(", ")
        );
        let hint = "ask a request's extensions for `&'static Operation` where `MatchedPath` is not enough";
        Some(Diagnostic::note("shared-route", message).at(Place::of(&first.at)).hint(hint))
    }

    /// Says which operations can never be reached, because another one has the same method and path.
    fn twins(&self) -> Vec<Diagnostic> {
        let mut first: BTreeMap<(String, String), &Operation> = BTreeMap::new();
        let mut diagnostics = Vec::new();
        for endpoint in self.groups().flat_map(|group| self.operations(group)) {
            let operation = endpoint.operation;
            let key = (operation.method.to_string(), without_names(&operation.path));
            let Some(other) = first.get(&key) else {
                first.insert(key, operation);
                continue;
            };
            let message = format!(
                "`{} {}` is the same request as `{}`: the server never reaches this operation",
                operation.method,
                operation.path.escape_debug(),
                other.path.escape_debug()
            );
            diagnostics.push(
                Diagnostic::warning("unreachable-operation", message)
                    .at(Place::of(&operation.at))
                    .related(Place::of(&other.at), "the operation that serves it")
                    .hint("give one of them another path"),
            );
        }
        diagnostics
    }
}

/// An operation that can be served.
struct Endpoint<'a> {
    item: &'a OperationItem,
    operation: &'a Operation,
    security: Security,
}

/// Whether a segment of a path template is something that axum has no route for: text beside a parameter, or text that
/// begins with what was a parameter once.
fn shares_route(path: &str) -> bool {
    path.split('/').any(|segment| {
        let parameter = segment.strip_prefix('{').and_then(|rest| rest.strip_suffix('}'));
        let is_parameter = parameter.is_some_and(|name| !name.contains(['{', '}']));
        let has_parameter = segment.split_once('{').is_some_and(|(_, behind)| behind.contains('}'));
        has_parameter && !is_parameter || segment.starts_with([':', '*'])
    })
}

/// A path template without the names of its parameters, and without what no server gets to see.
fn without_names(path: &str) -> String {
    let mut kept = String::new();
    let mut rest = path.split('#').next().unwrap_or_default();
    while let Some((before, behind)) = rest.split_once('{') {
        let Some((_, after)) = behind.split_once('}') else { break };
        kept.push_str(before);
        kept.push_str("{}");
        rest = after;
    }
    kept + rest
}

/// A generated file below `src/generated/`.
fn generated(path: &str, contents: String) -> GeneratedFile {
    GeneratedFile { path: PathBuf::from(format!("src/generated/{path}")), contents }
}

/// `#[doc]` attributes of our own words, in which links to Rust items are meant. Words of the document go through
/// [`docs::code`](crate::docs::code) first.
fn own_words(text: &str) -> TokenStream {
    let lines = text.lines().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}
