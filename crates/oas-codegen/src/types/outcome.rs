//! What comes of an operation: the response enum of a server, the success and error enums of a client.

use oas_model::{Operation, StatusPattern};
use proc_macro2::TokenStream;
use quote::quote;

use super::content::{content_type, holds_stream, plain_type};
use super::{Context, body_json};
use crate::plan::{
    BodyContent, ContentFormat, ContentItem, Direction, Ident, OperationItem, ResponseItem, SuccessItem,
};
use crate::{docs, rust};

/// The enums of an operation.
pub(super) fn emit(context: &Context<'_>, operation: &OperationItem) -> Vec<TokenStream> {
    let all: Vec<&ResponseItem> = operation.responses.iter().collect();
    let mut items = vec![response(context, operation, &all)];
    if let SuccessItem::Several { ident, responses } = &operation.success {
        let successes: Vec<&ResponseItem> =
            responses.iter().filter_map(|index| operation.responses.get(*index)).collect();
        items.push(success(context, operation, ident, &successes));
    }
    let errors: Vec<&ResponseItem> = all.into_iter().filter(|one| !one.status.is_success()).collect();
    items.push(error(context, operation, &errors));
    items
}

/// The response enum: one variant per documented status, so that nothing else can be answered.
fn response(context: &Context<'_>, operation: &OperationItem, all: &[&ResponseItem]) -> TokenStream {
    let name = rust::ident(&operation.response_ident);
    let doc = docs::outer(&format!("Responses of {}, by status.", docs::code(&operation.id)));
    let variants = all.iter().map(|one| variant(context, one));
    let status = status_method(all, &TokenStream::new());
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
    let status = status_method(successes, &TokenStream::new());
    let has_stream = successes.iter().any(|one| one.body.as_ref().is_some_and(holds_stream));
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    let body_json = body_json::method(successes, &TokenStream::new());
    let arms = arms(context, operation, successes);
    let message = format!("the body is not what {} documents for this status", docs::code(&operation.id));
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
        }
        impl #name {
            #status
            #body_json
        }
        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let tagged = support::Tagged::deserialize(deserializer)?;
                let decoded = match tagged.status {
                    #(#arms)*
                };
                decoded.ok_or_else(|| serde::de::Error::custom(#message))
            }
        }
    }
}

/// The error enum, decoded by status.
fn error(context: &Context<'_>, operation: &OperationItem, errors: &[&ResponseItem]) -> TokenStream {
    let name = rust::ident(&operation.error_ident);
    let id = docs::code(&operation.id);
    let doc = docs::outer(&format!("Error responses of {id}, by status."));
    let variants = errors.iter().map(|one| variant(context, one));
    let status = status_method(errors, &quote!(Self::Undecoded { status, .. } => *status,));
    let body_json =
        body_json::method(errors, &quote!(Self::Undecoded { body, .. } => serde_json::from_slice(body).ok(),));
    let has_stream = errors.iter().any(|one| one.body.as_ref().is_some_and(holds_stream));
    let derives = if has_stream { quote!(Debug) } else { quote!(Debug, Clone, PartialEq) };
    let arms = arms(context, operation, errors);
    let display = display(context, operation, errors);
    let decoded = if errors.is_empty() {
        quote! {
            Ok(Self::Undecoded { status: tagged.status, body: tagged.bytes() })
        }
    } else {
        quote! {
            let decoded = match tagged.status {
                #(#arms)*
            };
            Ok(decoded.unwrap_or_else(|| Self::Undecoded { status: tagged.status, body: tagged.bytes() }))
        }
    };
    quote! {
        #doc
        #[derive(#derives)]
        #[non_exhaustive]
        pub enum #name {
            #(#variants)*
            /// A documented status with a body that is not what the document says.
            Undecoded {
                /// The status.
                status: u16,
                /// The body as it came.
                body: Vec<u8>,
            },
        }
        impl #name {
            #status
            #body_json
        }
        #display
        impl<'de> serde::Deserialize<'de> for #name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let tagged = support::Tagged::deserialize(deserializer)?;
                #decoded
            }
        }
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
                    Self::Undecoded { .. } => "the body is not what the document says",
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
fn status_method(items: &[&ResponseItem], more: &TokenStream) -> TokenStream {
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
    let body = if items.is_empty() && more.is_empty() {
        quote!(match *self {})
    } else {
        quote!(match self { #(#arms)* #more })
    };
    quote! {
        /// The status.
        #[must_use]
        pub const fn status(&self) -> u16 {
            #body
        }
    }
}

/// The arms that decode a response by its status.
fn arms(context: &Context<'_>, operation: &OperationItem, items: &[&ResponseItem]) -> Vec<TokenStream> {
    let mut arms: Vec<TokenStream> = items.iter().map(|item| arm(context, operation, item)).collect();
    if !items.iter().any(|item| item.status == StatusPattern::Default) {
        arms.push(quote!(_ => None,));
    }
    arms
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
    let is_single = matches!(item.status, StatusPattern::Code(_));
    let body = item.body.as_ref().map(|content| decode(context, operation, item, content));
    let Some(headers) = &item.headers else {
        return match (body, is_single) {
            (None, true) => quote!(#pattern => Some(Self::#ident),),
            (None, false) => quote!(#pattern => Some(Self::#ident(status)),),
            (Some(body), true) => quote!(#pattern => #body.map(Self::#ident),),
            (Some(body), false) => quote!(#pattern => #body.map(|body| Self::#ident(status, body)),),
        };
    };
    let name = rust::ident(&headers.ident);
    let model = &context.api[operation.operation].responses[item.response];
    let fields = headers.fields.iter().map(|field| {
        let ident = rust::ident(&field.ident);
        let wire = model.headers[field.header].name.as_str();
        let required = field.required.then(|| quote!(?));
        quote!(#ident: tagged.header_as(#wire)#required)
    });
    let status = (!is_single).then(|| quote!(status,));
    let body = body.map(|body| quote!(body: #body?,));
    quote! {
        #pattern => (|| Some(Self::#ident { #status #body headers: #name { #(#fields),* } }))(),
    }
}

/// An expression that decodes a body: an `Option` of its type.
fn decode(context: &Context<'_>, operation: &OperationItem, item: &ResponseItem, body: &BodyContent) -> TokenStream {
    match body {
        BodyContent::Single(one) => decode_item(context, one),
        BodyContent::Several { ident, variants } => {
            let name = rust::ident(ident);
            let model = &context.api[operation.operation].responses[item.response];
            let named = variants.iter().map(|(variant, one)| {
                let variant = rust::ident(variant);
                let decoded = decode_item(context, one);
                let essence = model.content[one.media_type].name.split(';').next().unwrap_or_default();
                let essence = essence.trim().to_ascii_lowercase();
                quote!(if tagged.is(#essence) { #decoded.map(#name::#variant) } else)
            });
            // Without a media type that is documented, the first that fits.
            let mut all = variants.iter().map(|(variant, one)| {
                let variant = rust::ident(variant);
                let decoded = decode_item(context, one);
                quote!(#decoded.map(#name::#variant))
            });
            let first = all.next();
            quote!({ #(#named)* { #first #(.or_else(|| #all))* } })
        }
    }
}

fn decode_item(context: &Context<'_>, item: &ContentItem) -> TokenStream {
    let ty = plain_type(context.plan, &item.ty);
    match item.format {
        ContentFormat::Json | ContentFormat::Form | ContentFormat::Multipart => quote!(tagged.json::<#ty>()),
        ContentFormat::Text => quote!(tagged.text()),
        ContentFormat::Bytes => quote!(Some(tagged.bytes())),
        // What comes piece by piece is not decoded as a whole: the client streams it.
        ContentFormat::EventStream | ContentFormat::JsonLines => quote!(None::<ItemStream<#ty>>),
    }
}
