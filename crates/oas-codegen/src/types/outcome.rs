//! What comes of an operation: the response enum of a server, the success and error enums of a client.

use oas_model::{Direction, Operation, StatusPattern};
use proc_macro2::TokenStream;
use quote::quote;

use super::Context;
use super::content::{content_type, holds_stream, plain_type};
use crate::plan::{
    BodyContent, ContentFormat, ContentItem, HeadersItem, Ident, OperationItem, Reading, ResponseItem, SuccessItem,
};
use crate::{docs, rust};

/// The enums of an operation.
pub(super) fn emit(context: &Context<'_>, operation: &OperationItem) -> Vec<TokenStream> {
    let all: Vec<&ResponseItem> = operation.responses.iter().collect();
    let mut items = vec![response(context, operation, &all)];
    if let SuccessItem::Several { ident, responses } = &operation.success {
        let successes: Vec<&ResponseItem> = responses.iter().map(|index| &operation.responses[*index]).collect();
        items.push(success(context, operation, ident, &successes));
    }
    let errors: Vec<&ResponseItem> = all.into_iter().filter(|one| !one.status.is_success()).collect();
    if !errors.is_empty() {
        items.push(error(context, operation, &errors));
    }
    items
}

/// The response enum: one variant per documented status, so that nothing else can be answered.
fn response(context: &Context<'_>, operation: &OperationItem, all: &[&ResponseItem]) -> TokenStream {
    let name = rust::ident(&operation.response_ident);
    let doc = docs::outer(&format!("Responses of {}, by status.", docs::code(&operation.id)));
    let variants = all.iter().map(|one| variant(context, one));
    let status = status_method(all);
    let has_stream = all.iter().any(|one| one.body.as_ref().is_some_and(holds_stream));
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    quote! {
        #doc
        #[derive(#derives)]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            #status
        }
    }
}

/// The success enum, decoded by status.
fn success(
    context: &Context<'_>,
    operation: &OperationItem,
    ident: &Ident,
    successes: &[&ResponseItem],
) -> TokenStream {
    let name = rust::ident(ident);
    let doc = docs::outer(&format!("Successful responses of {}, by status.", docs::code(&operation.id)));
    let variants = successes.iter().map(|one| variant(context, one));
    let status = status_method(successes);
    let has_stream = successes.iter().any(|one| one.body.as_ref().is_some_and(holds_stream));
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    let read = read(context, operation, &name, successes);
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            #status
        }
        #read
    }
}

/// The error enum, decoded by status.
fn error(context: &Context<'_>, operation: &OperationItem, errors: &[&ResponseItem]) -> TokenStream {
    let name = rust::ident(&operation.error_ident);
    let id = docs::code(&operation.id);
    let doc = docs::outer(&format!("Error responses of {id}, by status."));
    let variants = errors.iter().map(|one| variant(context, one));
    let status = status_method(errors);
    let has_stream = errors.iter().any(|one| one.body.as_ref().is_some_and(holds_stream));
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    let display = display(context, operation, errors);
    let read = read(context, operation, &name, errors);
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            #status
        }
        #display
        #read
    }
}

fn display(context: &Context<'_>, operation: &OperationItem, errors: &[&ResponseItem]) -> TokenStream {
    let name = rust::ident(&operation.error_ident);
    let arms = errors.iter().map(|one| {
        let words = first_line(&context.api[operation.operation], one);
        let variant = rust::ident(&one.variant);
        quote!(Self::#variant { .. } => #words,)
    });
    quote! {
        impl std::fmt::Display for #name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let words = match self {
                    #(#arms)*
                };
                write!(formatter, "{}: {words}", self.status())
            }
        }
        impl std::error::Error for #name {}
    }
}

/// The first line of what the document says about a response.
fn first_line(operation: &Operation, item: &ResponseItem) -> String {
    let text = operation.responses[item.response].description.as_deref().unwrap_or_default();
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("error");
    let line = line.trim_end_matches('.');
    line.chars().filter(|one| !one.is_control()).take(160).collect()
}

/// A variant: the body; with headers a struct of both; the status itself where the variant stands for several.
fn variant(context: &Context<'_>, item: &ResponseItem) -> TokenStream {
    let ident = rust::ident(&item.variant);
    let doc = docs::outer(&item.doc);
    let body = item.body.as_ref().map(|content| content_type(context.plan, content, Direction::Response));
    let headers = item.headers.as_ref().map(|headers| rust::ident(&headers.ident));
    let is_single = matches!(item.status, StatusPattern::Code(_));
    match (headers, body, is_single) {
        (None, None, true) => quote!(#doc #ident,),
        (None, Some(body), true) => quote!(#doc #ident(#body),),
        (None, None, false) => quote!(#doc #ident(u16),),
        (None, Some(body), false) => quote!(#doc #ident(u16, #body),),
        (Some(headers), body, is_single) => {
            let status = (!is_single).then(|| {
                quote! {
                    /// The status.
                    status: u16,
                }
            });
            let body = body.map(|body| {
                quote! {
                    /// The body.
                    body: #body,
                }
            });
            quote! {
                #doc
                #ident {
                    #status
                    #body
                    /// The headers.
                    headers: #headers,
                },
            }
        }
    }
}

/// `status()`, of every enum.
fn status_method(items: &[&ResponseItem]) -> TokenStream {
    let arms = items.iter().map(|item| {
        let ident = rust::ident(&item.variant);
        match item.status {
            StatusPattern::Code(code) => {
                let code = proc_macro2::Literal::u16_unsuffixed(code);
                quote!(Self::#ident { .. } => #code,)
            }
            _ if item.headers.is_some() => quote!(Self::#ident { status, .. } => *status,),
            _ => quote!(Self::#ident(status, ..) => *status,),
        }
    });
    let body = if items.is_empty() { quote!(match *self {}) } else { quote!(match self { #(#arms)* }) };
    quote! {
        /// The status.
        #[must_use]
        pub const fn status(&self) -> u16 {
            #body
        }
    }
}

/// `FromAnswer`, of an enum that is read by status.
fn read(
    context: &Context<'_>,
    operation: &OperationItem,
    name: &proc_macro2::Ident,
    items: &[&ResponseItem],
) -> TokenStream {
    let arms = items.iter().map(|item| arm(context, operation, item));
    let is_whole = items.iter().any(|item| item.status == StatusPattern::Default);
    let rest = (!is_whole).then(|| quote!(_ => return Err(answer.undescribed()),));
    from_answer(name, &quote!(Ok(match answer.status() { #(#arms)* #rest })))
}

/// `FromAnswer`, of the headers of an answer.
pub(super) fn read_headers(
    context: &Context<'_>,
    operation: &OperationItem,
    headers: &HeadersItem,
    item: &ResponseItem,
) -> TokenStream {
    let model = &context.api[operation.operation].responses[item.response];
    let fields = headers.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let wire = model.headers[field.header].name.as_str();
        if field.required {
            quote!(#ident: answer.required_header(#wire)?)
        } else {
            quote!(#ident: answer.optional_header(#wire))
        }
    });
    from_answer(&rust::ident(&headers.ident), &quote!(Ok(Self { #(#fields),* })))
}

fn from_answer(name: &proc_macro2::Ident, body: &TokenStream) -> TokenStream {
    quote! {
        impl oas_types_runtime::FromAnswer for #name {
            fn from_answer(answer: &dyn oas_types_runtime::Answer) -> Result<Self, oas_types_runtime::Error> {
                #body
            }
        }
    }
}

fn arm(context: &Context<'_>, operation: &OperationItem, item: &ResponseItem) -> TokenStream {
    let ident = rust::ident(&item.variant);
    let pattern = match item.status {
        StatusPattern::Code(code) => {
            let code = proc_macro2::Literal::u16_unsuffixed(code);
            quote!(#code)
        }
        StatusPattern::Range(hundred) => {
            let first = proc_macro2::Literal::u16_unsuffixed(u16::from(hundred) * 100);
            let last = proc_macro2::Literal::u16_unsuffixed(u16::from(hundred) * 100 + 99);
            quote!(status @ #first..=#last)
        }
        StatusPattern::Default => quote!(status),
    };
    let status = (!matches!(item.status, StatusPattern::Code(_))).then(|| quote!(status,));
    let body = item.body.as_ref().map(|content| decode(context, operation, item, content));
    let value = match (&item.headers, body) {
        (None, None) if status.is_none() => quote!(Self::#ident),
        (None, body) => quote!(Self::#ident(#status #body)),
        (Some(_), body) => {
            let body = body.map(|body| quote!(body: #body,));
            quote!(Self::#ident { #status #body headers: answer.headers()? })
        }
    };
    quote!(#pattern => #value,)
}

/// An expression for a body; what is not such a body leaves the function.
fn decode(context: &Context<'_>, operation: &OperationItem, item: &ResponseItem, body: &BodyContent) -> TokenStream {
    let BodyContent::Several { ident, variants } = body else {
        return body.items().first().map(|one| decode_item(context, one)).unwrap_or_default();
    };
    let name = rust::ident(ident);
    let model = &context.api[operation.operation].responses[item.response];
    let all = variants.iter().map(|(variant, one)| {
        let variant = rust::ident(variant);
        let essence = oas_wire::essence(&model.content[one.media_type].name);
        let decoded = decode_item(context, one);
        quote!((#essence, |answer| Ok(#name::#variant(#decoded))))
    });
    quote!(answer.by_media_type(&[#(#all),*])?)
}

fn decode_item(context: &Context<'_>, item: &ContentItem) -> TokenStream {
    match item.format {
        ContentFormat::Json | ContentFormat::Form | ContentFormat::Multipart => match context.plan.reading {
            Reading::Exact => quote!(answer.json_exactly()?),
            Reading::Lenient => quote!(answer.json()?),
        },
        ContentFormat::Text => quote!(answer.text()?),
        ContentFormat::Bytes => quote!(answer.bytes().to_vec()),
        // What comes piece by piece is not decoded as a whole: the client streams it.
        ContentFormat::EventStream | ContentFormat::JsonLines => {
            let ty = plain_type(context.plan, &item.ty);
            quote!(Err::<ItemStream<#ty>, _>(answer.in_pieces())?)
        }
    }
}
