//! The types of operations: parameters, bodies of several media types, headers, responses.

use std::collections::BTreeSet;

use oas_model::Direction;
use proc_macro2::TokenStream;
use quote::quote;

use super::content::{holds_stream, item_type};
use super::features::Condition;
use super::layout::Modules;
use super::new_struct::NewStruct;
use super::outcome;
use super::setters::{self, Slot, Wrapper};
use super::structure::Struct;
use super::{Context, Module};
use crate::plan::{
    BodyContent, ContentFormat, HeadersItem, OperationItem, ParamPresence, ParamsItem, Plan, ResponseItem,
};
use crate::{docs, rust};

/// Adds the types of every operation to the file of its group.
pub(super) fn emit<'a>(context: &Context<'a>, modules: &mut Modules<'a>) {
    let mut headers = BTreeSet::new();
    for operation in &context.plan.operations {
        let condition = context.features.of_operation(context.plan, operation);
        let module = modules.part(&operation.module, operation.type_prefix.as_str());
        emit_request(context, operation, &condition, module);
        for response in &operation.responses {
            emit_response(context, operation, response, &condition, module);
            let Some(item) = &response.headers else { continue };
            module.imports.other(&item.ident);
            if headers.insert(&item.ident) {
                module.imports.define_other(&item.ident);
                item.fields.iter().for_each(|field| module.imports.add(&field.ty));
                let made = headers_struct(context, operation, item, response);
                module.add_struct(&context.features.of_headers(item.ident.as_str()), made);
            }
        }
        module.add(&condition, outcome::emit(context, operation));
    }
}

/// The parameters, and the body when it may have several media types.
fn emit_request<'a>(
    context: &Context<'a>,
    operation: &'a OperationItem,
    condition: &Condition<'a>,
    module: &mut Module<'a>,
) {
    let plan = context.plan;
    let id = docs::code(&operation.id);
    if let Some(params) = &operation.params {
        params.fields.iter().for_each(|field| module.imports.add(&field.ty));
        module.add_struct(condition, params_struct(plan, operation, params));
    }
    if let Some(body) = &operation.body
        && matches!(body.content, BodyContent::Several { .. })
    {
        module.imports.add_content(&body.content);
        let words = if body.doc.is_empty() { format!("The body of {id}.") } else { body.doc.clone() };
        module.add(condition, several(context, &body.content, &words, Direction::Request));
    }
}

/// The body of a response, when it may have several media types.
fn emit_response<'a>(
    context: &Context<'a>,
    operation: &OperationItem,
    response: &ResponseItem,
    condition: &Condition<'a>,
    module: &mut Module<'a>,
) {
    let Some(body) = &response.body else { return };
    module.imports.add_content(body);
    if holds_stream(body) {
        module.imports.other("ItemStream");
    }
    let status = docs::code(&response.status.to_string());
    let words = format!("The body of {status} of {}.", docs::code(&operation.id));
    module.add(condition, several(context, body, &words, Direction::Response));
}

/// The enum of a body that may have several media types.
fn several(context: &Context<'_>, body: &BodyContent, words: &str, direction: Direction) -> Option<TokenStream> {
    let BodyContent::Several { ident, variants } = body else { return None };
    let name = rust::ident(ident);
    let doc = docs::outer(words);
    let has_stream = direction == Direction::Response && holds_stream(body);
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    let variants = variants.iter().map(|(variant, item)| {
        let variant = rust::ident(variant);
        let ty = item_type(context.plan, item, direction);
        let doc = docs::outer(&format_words(item.format));
        quote!(#doc #variant(#ty),)
    });
    Some(quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
    })
}

fn format_words(format: ContentFormat) -> String {
    let words = match format {
        ContentFormat::Json => "JSON.",
        ContentFormat::Form => "A form.",
        ContentFormat::Multipart => "A form in parts.",
        ContentFormat::Text => "Text.",
        ContentFormat::Bytes => "Bytes.",
        ContentFormat::EventStream => "Server-sent events.",
        ContentFormat::JsonLines => "JSON, a value per line.",
    };
    words.to_owned()
}

fn params_struct<'a>(plan: &'a Plan, operation: &OperationItem, params: &'a ParamsItem) -> Struct<'a> {
    let here = TokenStream::new();
    let name = rust::ident(&params.ident);
    let doc = docs::outer(&format!("The parameters of {}.", docs::code(&operation.id)));
    let fields = params.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let doc = docs::outer(&field.doc);
        let ty = rust::type_tokens(plan, &field.ty, &here);
        match field.presence {
            ParamPresence::Required | ParamPresence::Default(_) => quote!(#doc pub #ident: #ty,),
            ParamPresence::Optional => quote!(#doc pub #ident: Option<#ty>,),
        }
    });
    let slots: Vec<Slot<'a>> = params
        .fields
        .iter()
        .map(|field| {
            let default = match &field.presence {
                ParamPresence::Default(value) => rust::value_tokens(plan, &field.ty, value, &here),
                _ => None,
            };
            let (wrapper, initial) = match &field.presence {
                ParamPresence::Optional => (Wrapper::Option, Some(quote!(None))),
                ParamPresence::Required | ParamPresence::Default(_) => (Wrapper::Value, default),
            };
            let doc = field.doc.as_str();
            Slot { ident: &field.ident, wire: field.ident.as_str(), ty: &field.ty, doc, wrapper, initial }
        })
        .collect();
    let new = NewStruct::of(&params.ident, &slots);
    let setters = setters::emit(plan, &params.ident, &slots, None);
    let default = slots.iter().all(|slot| slot.initial.is_some()).then(|| {
        quote! {
            impl Default for #name {
                fn default() -> Self {
                    Self::new()
                }
            }
        }
    });
    let item = quote! {
        #doc
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
        #setters
        #default
    };
    Struct { item, new }
}

fn headers_struct<'a>(
    context: &Context<'a>,
    operation: &OperationItem,
    headers: &'a HeadersItem,
    response: &ResponseItem,
) -> Struct<'a> {
    let plan = context.plan;
    let here = TokenStream::new();
    let name = rust::ident(&headers.ident);
    let doc = docs::outer(&format!(
        "The headers of {} of {}.",
        docs::code(response.variant.as_str()),
        docs::code(&operation.id)
    ));
    let fields = headers.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let doc = docs::outer(&field.doc);
        let ty = rust::type_tokens(plan, &field.ty, &here);
        if field.required { quote!(#doc pub #ident: #ty,) } else { quote!(#doc pub #ident: Option<#ty>,) }
    });
    let slots: Vec<Slot<'a>> = headers
        .fields
        .iter()
        .map(|field| Slot {
            ident: &field.ident,
            wire: field.ident.as_str(),
            ty: &field.ty,
            doc: &field.doc,
            wrapper: if field.required { Wrapper::Value } else { Wrapper::Option },
            initial: (!field.required).then(|| quote!(None)),
        })
        .collect();
    let new = NewStruct::of(&headers.ident, &slots);
    let setters = setters::emit(plan, &headers.ident, &slots, None);
    let is_default = headers.fields.iter().all(|field| !field.required);
    let default = is_default.then(|| quote!(Default,));
    let read = outcome::read_headers(context, operation, headers, response);
    let item = quote! {
        #doc
        #[derive(Debug, Clone, #default PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }
        #setters
        #read
    };
    Struct { item, new }
}
