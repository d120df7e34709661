//! From what progenitor made of a skeleton to the request builder that users see.
//!
//! Works on the syntax tree alone: placeholders become what the plan has settled, the path is escaped by the runtime,
//! answers are told apart by every status that the document describes, and the header `api-version`, which is in no
//! document but that of progenitor's makers, is taken out.

use proc_macro2::TokenStream;
use quote::quote;
use syn::parse::Parser as _;
use syn::visit_mut::{self, VisitMut};
use syn::{
    Attribute, Expr, ExprMethodCall, Ident, ImplItem, Item, ItemStruct, LitStr, Pat, Path, Stmt, Type, parse_quote,
};

use super::progenitor::Builder;
use super::request::{Planned, Request};
use super::skeleton::{self, Placeholders};
use super::statuses::{self, Statuses};
use super::template::{self, Piece};
use super::{media_type, wording};
use crate::plan::{BodyContent, ContentFormat, ParamField, RustType};
use crate::rust;

/// The request builder of an operation, as items of a file.
pub(super) fn builder(
    planned: Planned<'_>,
    request: &Request<'_>,
    made: Builder,
    placeholders: &Placeholders,
) -> [Item; 2] {
    let Builder { mut structure, mut implementation, .. } = made;
    let mut settle = Settle { request, placeholders, builder: format!("Op{}", request.index) };
    document_struct(request, &mut structure);
    settle.visit_item_struct_mut(&mut structure);
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item {
            document_function(request, function);
        }
    }
    // First the placeholders, then the statements: what is written for these holds names that may look like those.
    settle.visit_item_impl_mut(&mut implementation);
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "send"
        {
            let statements = std::mem::take(&mut function.block.stmts);
            function.block.stmts = statements.into_iter().flat_map(|statement| settle.statement(statement)).collect();
        }
    }
    let constant = super::operation_constant(planned, request);
    implementation.items.push(constant);
    [Item::Struct(structure), Item::Impl(implementation)]
}

/// Puts our words in the place of progenitor's.
fn document_struct(request: &Request<'_>, structure: &mut ItemStruct) {
    structure.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    structure.attrs.splice(0..0, attributes(wording::builder(request)));
    structure.attrs.push(parse_quote!(#[must_use = "a request does nothing until it is sent"]));
}

/// The attributes that `tokens` are.
fn attributes(tokens: TokenStream) -> Vec<Attribute> {
    // The words of documentation are literals: nothing that could fail to parse.
    Attribute::parse_outer.parse2(tokens).unwrap_or_default()
}

/// Puts our words in the place of progenitor's.
fn document_function(request: &Request<'_>, function: &mut syn::ImplItemFn) {
    function.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    let name = function.sig.ident.to_string();
    let docs = match name.as_str() {
        "new" => wording::line("A request that nothing was said about yet."),
        "send" => wording::send(),
        "body" => wording::body(request),
        _ => field(request, &name).map(|field| wording::parameter(request, field)).unwrap_or_default(),
    };
    function.attrs.splice(0..0, attributes(docs));
}

/// The field that a placeholder stands for.
fn field<'a>(request: &Request<'a>, placeholder: &str) -> Option<&'a ParamField> {
    let parameter: usize = placeholder.strip_prefix('p')?.parse().ok()?;
    let fields = &request.item.params.as_ref()?.fields;
    fields.iter().find(|field| field.parameter == parameter && skeleton::parameter_name(field) == placeholder)
}

/// Puts in what the plan has settled.
struct Settle<'a> {
    request: &'a Request<'a>,
    placeholders: &'a Placeholders,
    /// The placeholder for the name of the builder.
    builder: String,
}

impl Settle<'_> {
    /// What becomes of a statement of `send`.
    fn statement(&self, statement: Stmt) -> Vec<Stmt> {
        match &statement {
            Stmt::Local(local) => match bound(&local.pat).as_deref() {
                Some("url") => self.url(),
                Some("header_map") => self.header_map().into_iter().collect(),
                Some("request") => {
                    let Stmt::Local(mut local) = statement else { return Vec::new() };
                    // The hook changes the request, so that `mut` is always used.
                    local.attrs.clear();
                    vec![Stmt::Local(local)]
                }
                _ => vec![statement],
            },
            Stmt::Expr(Expr::MethodCall(call), _) if is_api_version(call) => Vec::new(),
            Stmt::Expr(Expr::Match(_), None) => vec![self.answers()],
            _ => vec![statement],
        }
    }

    /// `let url = ...` with the document's path, each value escaped by the runtime.
    fn url(&self) -> Vec<Stmt> {
        let mut format = "{}".to_owned();
        let mut escaped: Vec<Stmt> = Vec::new();
        let mut values: Vec<Ident> = Vec::new();
        for piece in template::pieces(self.request) {
            match piece {
                Piece::Text(text) => format.push_str(&text.replace('{', "{{").replace('}', "}}")),
                Piece::Parameter(field) => {
                    let (wire, ident) = (self.wire(field), rust::ident(&field.ident));
                    format.push_str("{}");
                    if !values.contains(&ident) {
                        // A text needs no look at what it would be as JSON.
                        let is_text = field.ty == RustType::String;
                        let escape = if is_text { quote!(path_text) } else { quote!(path_segment) };
                        escaped.push(parse_quote!(let #ident = #escape(#wire, &#ident)?;));
                    }
                    values.push(ident);
                }
            }
        }
        escaped.push(parse_quote!(let url = format!(#format, client.baseurl #(, #values)*);));
        escaped
    }

    /// `let mut header_map = ...`, when there are headers.
    fn header_map(&self) -> Option<Stmt> {
        let count = self.headers();
        (count > 0).then(|| parse_quote!(let mut header_map = ::reqwest::header::HeaderMap::with_capacity(#count);))
    }

    /// How many parameters are headers.
    fn headers(&self) -> usize {
        let fields = self.request.item.params.iter().flat_map(|params| &params.fields);
        fields
            .filter_map(|field| self.request.operation.parameters.get(field.parameter))
            .filter(|parameter| parameter.location == oas_model::ParameterLocation::Header)
            .count()
    }

    /// The `match` that tells answers apart.
    fn answers(&self) -> Stmt {
        let decode = statuses::decode(self.request, &self.request.success);
        let arms = Statuses::of(self.request).arms(&decode);
        Stmt::Expr(parse_quote!(match response.status().as_u16() { #arms }), None)
    }

    /// The name of a parameter on the wire.
    fn wire(&self, field: &ParamField) -> &str {
        self.request.operation.parameters.get(field.parameter).map_or("", |parameter| &parameter.name)
    }

    /// The text in the place of one of progenitor's, when it holds a placeholder.
    fn text(&self, text: &str) -> Option<String> {
        if text == skeleton::operation_name(self.request) {
            return Some(self.request.item.id.clone());
        }
        if let Some(field) = field(self.request, text) {
            return Some(self.wire(field).to_owned());
        }
        let wire = |name: &str| match field(self.request, name) {
            Some(field) => Some(self.wire(field).to_owned()),
            None => (name == "body").then(|| "body".to_owned()),
        };
        if let Some(name) = text.strip_suffix(" was not initialized") {
            return wire(name).map(|wire| wording::missing(&wire));
        }
        let name = text.strip_prefix("conversion to `")?.rsplit_once("` for ")?.1.strip_suffix(" failed")?;
        wire(name).map(|wire| wording::unfit(&wire))
    }

    /// What the body is said to be, when progenitor would say something else.
    fn content_type(&self) -> Option<String> {
        let BodyContent::Single(content) = &self.request.item.body.as_ref()?.content else { return None };
        let name = media_type::to_send(&self.request.body_media_type(content)?.name);
        (content.format == ContentFormat::Json && name != "application/json").then_some(name)
    }

    /// Rewrites one call in the chain that builds the request.
    fn call(&self, call: ExprMethodCall) -> Expr {
        let method = call.method.to_string();
        match method.as_str() {
            "header" if call.args.first().is_some_and(is_accept) => *call.receiver,
            "headers" if self.headers() == 0 => *call.receiver,
            "json" => match self.content_type() {
                Some(name) => {
                    let receiver = &call.receiver;
                    let arguments = &call.args;
                    parse_quote!(#receiver.header(::reqwest::header::CONTENT_TYPE, #name).json(#arguments))
                }
                None => Expr::MethodCall(call),
            },
            "append" => Expr::MethodCall(append(call)),
            _ => Expr::MethodCall(call),
        }
    }
}

/// `header_map.append("X-Trace", value.to_string().try_into()?)`, with the value written by the runtime.
fn append(mut call: ExprMethodCall) -> ExprMethodCall {
    let Some(Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(name), .. })) = call.args.first().cloned() else {
        return call;
    };
    if let Some(value) = call.args.last_mut()
        && let Some(source) = innermost(value)
    {
        *value = parse_quote!(header_value(#name, &#source)?);
    }
    call
}

/// Whether an argument is the name of the header `Accept`.
fn is_accept(argument: &Expr) -> bool {
    let Expr::Path(path) = argument else { return false };
    path.path.segments.last().is_some_and(|last| last.ident == "ACCEPT")
}

/// The name that a pattern binds, when it binds just one.
fn bound(pattern: &Pat) -> Option<String> {
    if let Pat::Ident(pattern) = pattern { Some(pattern.ident.to_string()) } else { None }
}

/// Whether a statement sets progenitor's own header.
fn is_api_version(call: &ExprMethodCall) -> bool {
    call.method == "append" && quote!(#call).to_string().contains("\"api-version\"")
}

/// The variable in `variable.to_string().try_into()?`.
fn innermost(value: &Expr) -> Option<Expr> {
    let Expr::Try(tried) = value else { return None };
    let Expr::MethodCall(into) = &*tried.expr else { return None };
    let Expr::MethodCall(to_string) = &*into.receiver else { return None };
    (into.method == "try_into" && to_string.method == "to_string").then(|| (*to_string.receiver).clone())
}

impl VisitMut for Settle<'_> {
    fn visit_field_value_mut(&mut self, field: &mut syn::FieldValue) {
        visit_mut::visit_field_value_mut(self, field);
        // `client: client`, as nobody writes it.
        if let (syn::Member::Named(member), Expr::Path(path)) = (&field.member, &field.expr)
            && path.path.is_ident(member)
        {
            field.colon_token = None;
        }
    }

    /// Attributes hold our own words, or none.
    fn visit_attribute_mut(&mut self, _: &mut syn::Attribute) {}

    fn visit_ident_mut(&mut self, ident: &mut Ident) {
        let name = ident.to_string();
        if name == self.builder {
            *ident = self.request.builder.clone();
        } else if let Some(field) = field(self.request, &name) {
            *ident = rust::ident(&field.ident);
        }
    }

    fn visit_lit_str_mut(&mut self, literal: &mut LitStr) {
        if let Some(text) = self.text(&literal.value()) {
            *literal = LitStr::new(&text, literal.span());
        }
    }

    fn visit_type_mut(&mut self, ty: &mut Type) {
        if let Type::Path(path) = ty
            && let Some(ident) = path.path.get_ident()
            && let Some(tokens) = self.placeholders.get(&ident.to_string())
            && let Ok(settled) = syn::parse2(tokens.clone())
        {
            *ty = settled;
            return;
        }
        visit_mut::visit_type_mut(self, ty);
    }

    fn visit_path_mut(&mut self, path: &mut Path) {
        let starts_with_super = path.segments.first().is_some_and(|first| first.ident == "super");
        if starts_with_super && path.segments.len() > 1 {
            path.segments = std::mem::take(&mut path.segments).into_iter().skip(1).collect();
        }
        visit_mut::visit_path_mut(self, path);
    }

    fn visit_expr_mut(&mut self, expression: &mut Expr) {
        visit_mut::visit_expr_mut(self, expression);
        if matches!(expression, Expr::MethodCall(_)) {
            let taken = std::mem::replace(expression, Expr::PLACEHOLDER);
            *expression = match taken {
                Expr::MethodCall(call) => self.call(call),
                other => other,
            };
        }
    }
}
