//! From what progenitor made of a skeleton to the request builder that users see: struct, `new` and setters.
//!
//! Works on the syntax tree alone: placeholders become what the plan has settled. What progenitor's `send` does is done
//! by the runtime, the same for every operation.

use proc_macro2::TokenStream;
use syn::parse::Parser as _;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Expr, Ident, ImplItem, Item, ItemStruct, LitStr, Path, Type, parse_quote};

use super::progenitor::Builder;
use super::request::{Context, Request};
use super::skeleton::{self, Placeholders};
use super::{client_docs, sending};
use crate::plan::ParamField;
use crate::rust;

/// The request builder of an operation, as items of a file.
pub(super) fn builder(
    client: Context<'_>,
    request: &Request<'_>,
    made: Builder,
    placeholders: &Placeholders,
) -> Vec<Item> {
    let Builder { mut structure, mut implementation, .. } = made;
    let mut settle = Settle { request, placeholders, builder: format!("Op{}", request.index) };
    document_struct(request, &mut structure);
    implementation.items.retain(|item| !matches!(item, ImplItem::Fn(function) if function.sig.ident == "send"));
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item {
            document_function(request, function);
        }
    }
    settle.visit_item_struct_mut(&mut structure);
    settle.visit_item_impl_mut(&mut implementation);
    // What is added after the placeholders holds names that may look like those.
    let options = sending::options_ident(request);
    add_field(&mut structure, &options);
    start_field(&mut implementation, &options);
    let methods: TokenStream = sending::methods(client, request);
    let more: Result<syn::ItemImpl, _> = syn::parse2(quote::quote!(impl Methods { #methods }));
    if let Ok(more) = more {
        implementation.items.extend(more.items);
    }
    let call = syn::parse2(sending::call(client, request));
    let built = [Item::Struct(structure), Item::Impl(implementation)];
    built.into_iter().chain(call.map(Item::Impl)).collect()
}

/// Adds the field for what is said of one request alone, behind the client.
fn add_field(structure: &mut ItemStruct, options: &Ident) {
    if let syn::Fields::Named(fields) = &mut structure.fields {
        let field: syn::Field = parse_quote!(#options: Options);
        fields.named.insert(1.min(fields.named.len()), field);
    }
}

/// Starts the field in `new`.
fn start_field(implementation: &mut syn::ItemImpl, options: &Ident) {
    for item in &mut implementation.items {
        if let ImplItem::Fn(function) = item
            && function.sig.ident == "new"
            && let Some(syn::Stmt::Expr(Expr::Struct(value), _)) = function.block.stmts.last_mut()
        {
            let field: syn::FieldValue = parse_quote!(#options: Options::default());
            value.fields.insert(1.min(value.fields.len()), field);
        }
    }
}

/// Puts our words in the place of progenitor's.
fn document_struct(request: &Request<'_>, structure: &mut ItemStruct) {
    structure.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    structure.attrs.splice(0..0, attributes(client_docs::builder(request)));
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
        "new" => client_docs::line("Creates an empty request."),
        "body" => client_docs::body(request),
        _ => field(request, &name).map(|field| client_docs::parameter(request, field)).unwrap_or_default(),
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
    /// The name of a parameter on the wire.
    fn wire(&self, field: &ParamField) -> &str {
        &self.request.parameter(field).name
    }

    /// The text in the place of one of progenitor's, when it holds a placeholder.
    fn text(&self, text: &str) -> Option<String> {
        if let Some(field) = field(self.request, text) {
            return Some(self.wire(field).to_owned());
        }
        let wire = |name: &str| match field(self.request, name) {
            Some(field) => Some(self.wire(field).to_owned()),
            None => (name == "body").then(|| "body".to_owned()),
        };
        if let Some(name) = text.strip_suffix(" was not initialized") {
            return wire(name).map(|wire| client_docs::missing(&wire));
        }
        let name = text.strip_prefix("conversion to `")?.rsplit_once("` for ")?.1.strip_suffix(" failed")?;
        wire(name).map(|wire| client_docs::unfit(&wire))
    }
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
}
