//! `send`, `stream` and what stands under them: the same for every operation, whoever wrote its builder.

use oas_model::{Parameter, ParameterLocation, Payload, Server, Style};
use proc_macro2::TokenStream;
use quote::quote;

use super::direct::body;
use super::request::{Context, Request, Success};
use super::statuses::Statuses;
use super::template::{self, Piece};
use super::{client_docs, client_struct, media_type, paging, statuses};
use crate::plan::{BodyContent, ContentFormat, RustType, SuccessItem};
use crate::rust;

/// The field of a builder for what is said of one request alone.
const OPTIONS: &str = "options";

/// The field for options, which nobody sees; longer where a parameter or a part has the name.
pub(super) fn options_ident(request: &Request<'_>) -> syn::Ident {
    request.free(OPTIONS)
}

/// The methods that send, and the constant that holds what the runtime knows of the operation.
pub(super) fn methods(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let error = request.error_type();
    let success = request.success.ty(client);
    let docs = client_docs::send();
    let ask = |request: &Request<'_>, streamed: bool| {
        let accept = request.stream.is_some().then(|| {
            let wanted = accepted(request, streamed);
            quote!(request.accept(#wanted);)
        });
        let is_stream = streamed || matches!(request.success, Success::Events(_) | Success::JsonLines(_));
        let switch =
            is_stream.then(|| switch(client, request)).flatten().map(|name| quote!(request.member(#name, true);));
        (accept.is_some() || switch.is_some()).then(|| quote!(#accept #switch))
    };
    let body = |read: TokenStream, ask: Option<TokenStream>| {
        if let Some(ask) = ask {
            return quote! {
                let mut request = Call::into_request(self);
                #ask
                request.#read.await
            };
        }
        quote!(Call::into_request(self).#read.await)
    };
    let send = body(read(request, &request.success), ask(request, false));
    let stream = request.stream.as_ref().map(|streamed| {
        let (docs, ty) = (stream_docs(), streamed.ty(client));
        let body = body(read(request, streamed), ask(request, true));
        quote! {
            #docs
            pub async fn stream(self) -> Result<ResponseValue<#ty>, Error<#error>> {
                #body
            }
        }
    });
    let paging = paging::methods(client, request, ask(request, false).as_ref());
    let constant = constant(client, request);
    quote! {
        #docs
        pub async fn send(self) -> Result<ResponseValue<#success>, Error<#error>> {
            #send
        }
        #stream
        #paging
        #constant
    }
}

/// What makes a request of a builder.
pub(super) fn call(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let builder = &request.builder;
    let options = options_ident(request);
    let fields = request.item.params.iter().flat_map(|params| &params.fields).enumerate();
    let parameters = fields.map(|(index, field)| {
        let ident = rust::ident(&field.ident);
        quote!(request.parameter(#index, &self.#ident);)
    });
    let body = body::write(client, request);
    let is_changed = request.item.params.iter().any(|params| !params.fields.is_empty()) || !body.is_empty();
    let mutable = is_changed.then(|| quote!(mut));
    quote! {
        impl Call for #builder<'_> {
            fn into_request(self) -> Outgoing {
                let #mutable request = Outgoing::new(&self.client.0, Self::OPERATION, self.#options);
                #(#parameters)*
                #body
                request
            }

            fn options_mut(&mut self) -> &mut Options {
                &mut self.#options
            }
        }
    }
}

/// What reads the answer.
fn read(request: &Request<'_>, success: &Success<'_>) -> TokenStream {
    match success {
        Success::Empty => quote!(read_nothing()),
        Success::Json(_) => quote!(read_json()),
        Success::ByStatus(_) => quote!(read_by_status()),
        Success::Text => quote!(read_text()),
        Success::Bytes => quote!(read_bytes()),
        Success::Events(_) => quote!(read_events()),
        Success::JsonLines(_) => quote!(read_json_lines()),
        Success::ByMediaType(name, variants) => {
            let read = media_type::read(request, name, variants);
            quote!(read_by_media_type(#read))
        }
    }
}

/// The constant of a builder that holds what the runtime knows of the operation. What says nothing is left out.
fn constant(client: Context<'_>, request: &Request<'_>) -> TokenStream {
    let id = &request.item.id;
    let method = request.operation.method.as_str();
    let path = &request.operation.path;
    let fields: Vec<usize> =
        request.item.params.iter().flat_map(|params| &params.fields).map(|field| field.parameter).collect();
    let route = template::pieces(request).into_iter().map(|piece| match piece {
        Piece::Text(text) => quote!(Piece::Text(#text)),
        Piece::Parameter(field) => {
            let index = fields.iter().position(|one| *one == field.parameter).unwrap_or_default();
            quote!(Piece::Value(#index))
        }
    });
    let route: Vec<TokenStream> = route.collect();
    let all: Vec<&Parameter> = fields.iter().map(|index| &request.operation.parameters[*index]).collect();
    let parameters: Vec<TokenStream> = all.iter().map(|parameter| described(parameter)).collect();
    let parameters = (!parameters.is_empty()).then(|| quote!(parameters: &[#(#parameters),*],));
    let server = request.operation.servers.first().map(Server::default_url).map(|url| quote!(server: Some(#url),));
    let accept = Some(statuses::accept(request)).filter(|text| !text.is_empty()).map(|text| quote!(accept: #text,));
    let security = client_struct::security(client, request).map(|all| quote!(security: #all,));
    let key = request.item.behavior.idempotency_key.iter().map(|name| quote!(idempotency_key: Some(#name),));
    let paging = request.item.behavior.pages.iter().map(paging::table);
    let (success, error) = Statuses::of(request).tables();
    quote! {
        /// What the client knows of the operation.
        pub const OPERATION: &'static Operation = &Operation {
            id: #id,
            method: #method,
            path: #path,
            route: &[#(#route),*],
            #parameters
            #server
            #accept
            #security
            #(#key)*
            #(#paging)*
            success: #success,
            error: #error,
            ..Operation::NONE
        };
    }
}

/// The runtime's description of a parameter: what is as the specification has it by default is not said.
fn described(parameter: &Parameter) -> TokenStream {
    let name = &parameter.name;
    let (place, style, explode) = match parameter.location {
        ParameterLocation::Path => (quote!(path), Style::Simple, false),
        ParameterLocation::Query => (quote!(query), Style::Form, true),
        ParameterLocation::Querystring => (quote!(querystring), Style::Form, true),
        ParameterLocation::Header => (quote!(header), Style::Simple, false),
        ParameterLocation::Cookie => (quote!(cookie), Style::Form, true),
    };
    let start = quote!(Parameter::#place(#name));
    if let Payload::Content(content) = &parameter.payload {
        if media_type::is_json(&content.name) {
            return quote!(#start.json());
        }
        let fields = body::encodings(content);
        let fields = (!fields.is_empty()).then(|| quote!(.fields(&[#(#fields),*])));
        return quote!(#start #fields);
    }
    let (style, default) = if parameter.style == style {
        (None, explode)
    } else {
        let ident = body::style(parameter.style);
        let explodes = matches!(parameter.style, Style::Form | Style::Cookie | Style::DeepObject);
        (Some(quote!(.style(Style::#ident))), explodes)
    };
    let explode = parameter.explode;
    let explode = (explode != default).then(|| quote!(.explode(#explode)));
    let allow_reserved = parameter.allow_reserved.then(|| quote!(.allow_reserved()));
    quote!(#start #style #explode #allow_reserved)
}

/// The member of the body that is the switch between an answer and a stream: as declared, or as several large APIs have
/// it.
fn switch<'a>(client: Context<'_>, request: &'a Request<'_>) -> Option<&'a str> {
    let BodyContent::Single(content) = &request.item.body.as_ref()?.content else { return None };
    let structure = client.structure(&content.ty).filter(|_| content.format == ContentFormat::Json)?;
    if let Some(declared) = &request.item.behavior.stream_switch {
        return Some(declared);
    }
    let is_bool = |ty: &RustType| match ty {
        RustType::Option(inner) => **inner == RustType::Bool,
        other => *other == RustType::Bool,
    };
    structure.fields.iter().any(|field| field.wire == "stream" && is_bool(&field.ty)).then_some("stream")
}

/// The documentation of `stream`.
fn stream_docs() -> TokenStream {
    quote! {
        /// Sends the request, and asks for the answer in pieces, as they come.
        ///
        /// # Errors
        /// When something required is missing, nothing answers, or the answer is no success.
    }
}

/// What `send` or `stream` accepts, when they differ: the success's own media types, and those of errors.
fn accepted(request: &Request<'_>, streamed: bool) -> String {
    let mut names: Vec<String> = Vec::new();
    for (index, response) in request.item.responses.iter().enumerate() {
        let is_success = matches!(request.item.success, SuccessItem::Single(one) if one == index);
        let contents: Vec<_> = match &response.body {
            None => Vec::new(),
            Some(BodyContent::Single(content)) => vec![content],
            Some(BodyContent::Several { variants, .. }) => variants.iter().map(|(_, one)| one).collect(),
        };
        for content in contents {
            let is_stream = matches!(content.format, ContentFormat::EventStream | ContentFormat::JsonLines);
            let media_type = &request.response_media_types(index)[content.media_type];
            let name = oas_wire::essence(&media_type.name);
            if (!is_success || is_stream == streamed) && media_type::is_sendable(&name) && !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names.join(", ")
}
