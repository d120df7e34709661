//! The way of a request to its method, and of the answer back.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::access::{self, Security};
use super::{Context, Endpoint, authenticator, generated, interface, own_words, reject, reply, table};
use crate::plan::{
    self, BodyContent, ContentFormat, ContentItem, CredentialsId, GroupItem, ParamField, ParamPresence, ParamsItem,
    RustType,
};
use crate::{GeneratedFile, docs, rust, types};

/// `clips/routes.rs`: a module per operation, and `routes`, which puts them together. In a large group the modules are
/// files of their own: `clips/routes/list_clips.rs`.
pub(super) fn files(server: &Context<'_>, group: &GroupItem) -> Vec<GeneratedFile> {
    let secured = server.is_secured(group);
    let bounds = bounds(group, secured, Some(&quote!(super::)));
    let added = server.operations(group).map(|endpoint| {
        let module = module_ident(group, &endpoint);
        quote! {
            .operation(&#module::OPERATION, &SCHEMAS, service, #module::handle, #module::reject)
        }
    });
    let authenticator = secured.then(|| {
        quote!(
            use super::super::authenticator::Authenticator;
        )
    });
    let uses = quote! {
        use ::oas_server_runtime::{Routes, Service};

        use super::super::SCHEMAS;
        #authenticator
    };
    let doc =
        own_words(&format!("The operations of [`{0}`](super::{0}), served by `service`.", group.trait_ident.as_str()));
    let routes = quote! {
        #doc
        pub fn routes<Api, Auth>(service: &Service<Api, Auth>) -> Routes
        where
            #bounds
        {
            Routes::new()#(#added)*
        }
    };
    let mut files = Vec::new();
    let mut modules = Vec::new();
    for endpoint in server.operations(group) {
        let module = module_ident(group, &endpoint);
        let doc = own_words(&docs::code(&format!("{} {}", endpoint.operation.method, endpoint.operation.path)));
        let items = items(server, group, &endpoint);
        if group.is_split() {
            let path = format!("{}/routes/{}.rs", group.module.as_str(), endpoint.item.own_module().as_str());
            files.push(generated(&path, rust::file([items])));
            modules.push(quote!(#doc mod #module;));
        } else {
            modules.push(quote!(#doc mod #module { #items }));
        }
    }
    let text = rust::file([uses, routes].into_iter().chain(modules));
    files.push(generated(&format!("{}/routes.rs", group.module.as_str()), text));
    files
}

/// The module of an operation.
fn module_ident(group: &GroupItem, endpoint: &Endpoint<'_>) -> Ident {
    if group.is_split() { rust::ident(endpoint.item.own_module()) } else { rust::ident(&endpoint.item.method_ident) }
}

/// What the two halves of a service must be. `up` is the path to the trait, where that is not imported.
fn bounds(group: &GroupItem, secured: bool, up: Option<&TokenStream>) -> TokenStream {
    let ident = rust::ident(&group.trait_ident);
    if secured {
        quote!(Api: #up #ident<Principal = Auth::Principal>, Auth: Authenticator,)
    } else {
        quote!(Api: #up #ident, Auth: Send + Sync + 'static,)
    }
}

/// Everything about one operation.
fn items(server: &Context<'_>, group: &GroupItem, endpoint: &Endpoint<'_>) -> TokenStream {
    let types = server.types_crate();
    let table = table::operation(server, endpoint);
    let handle = handle(server, group, endpoint);
    let params = endpoint.item.params.as_ref().map(|params| self::params(server, params));
    let reply = reply::function(endpoint);
    let reject = reject::function(server, endpoint);
    let interface = rust::ident(&group.trait_ident);
    let secured = endpoint.security != Security::Public;
    let authenticator = secured.then(|| {
        quote!(
            use super::super::super::authenticator::{self, Authenticator};
        )
    });
    quote! {
            use #types as types;
            use oas_server_runtime::prelude::*;

            use super::super::#interface;
            #authenticator

            #table
            #handle
            #params
            #reply
            #reject

    }
}

/// `async fn handle`: the way of a request, in the order in which it is checked.
fn handle(server: &Context<'_>, group: &GroupItem, endpoint: &Endpoint<'_>) -> TokenStream {
    let Endpoint { item, security, .. } = endpoint;
    let method = rust::ident(&item.method_ident);
    let set = match security {
        Security::Public => None,
        Security::Required(index) | Security::Optional(index) => Some(*index),
    };
    let interface = rust::ident(&group.trait_ident);
    let bounds = bounds(group, set.is_some(), None);
    let principal = set.map_or_else(|| quote!(let principal = ();), |index| principal(server, endpoint, index));
    let params = if item.params.is_some() { quote!(params(call.parameters())) } else { quote!(Ok(())) };
    let body = body(server, endpoint);
    let is_read = set.is_some() || item.params.is_some() || table::body_of(endpoint).is_some();
    let mutable = is_read.then(|| quote!(mut));
    quote! {
        pub(super) async fn handle<Api, Auth>(
            service: Arc<Service<Api, Auth>>,
            #mutable call: Call,
        ) -> Result<Response, Rejection>
        where
            #bounds
        {
            #principal
            call.negotiate()?;
            let params = #params;
            #body
            let request = call.request(principal, params, body)?;
            let answer = #interface::#method(&*service.api, request).await?;
            Ok(reply(answer)?)
        }
    }
}

/// Finds out who calls.
fn principal(server: &Context<'_>, endpoint: &Endpoint<'_>, id: CredentialsId) -> TokenStream {
    let (set, access) = (&server.plan[id], &server.access[id.0]);
    let function = authenticator::function_ident(set);
    let scopes = access.alternatives.iter().map(|one| &set.alternatives[*one]).map(|alternative| {
        let lists = access::scopes(server.plan, endpoint.operation, alternative);
        let lists = lists.iter().map(|scopes| quote!(&[#(#scopes),*]));
        quote!(&[#(#lists),*])
    });
    quote! {
        let principal = authenticator::#function(&*service.authenticator, &mut call, [#(#scopes),*]).await?;
    }
}

/// Reads the body.
fn body(server: &Context<'_>, endpoint: &Endpoint<'_>) -> TokenStream {
    let Some((described, planned)) = table::body_of(endpoint) else { return quote!(let body = Ok(());) };
    match planned {
        BodyContent::Single(item) => {
            if let Some(ty) = interface::stream_type(server, endpoint.operation, item) {
                let method = if described.required { quote!(stream) } else { quote!(optional_stream) };
                return quote!(let body = Ok(call.#method::<#ty>()?););
            }
            let ty = interface::content_type(server, item);
            let method = if described.required { quote!(body) } else { quote!(optional_body) };
            quote!(let body = call.#method::<#ty>().await?;)
        }
        BodyContent::Several { ident, variants } => {
            several(server, endpoint, &rust::ident(ident), variants, described.required)
        }
    }
}

/// Reads a body that may be of several media types.
fn several(
    server: &Context<'_>,
    endpoint: &Endpoint<'_>,
    ident: &Ident,
    variants: &[(plan::Ident, ContentItem)],
    required: bool,
) -> TokenStream {
    let Some((described, planned)) = table::body_of(endpoint) else { return TokenStream::new() };
    let wrapped = |value: TokenStream| if required { value } else { quote!(Some(#value)) };
    let arms = variants.iter().enumerate().map(|(at, (variant, item))| {
        let variant = rust::ident(variant);
        let indices = (0..described.content.len())
            .filter(|index| {
                table::variant_of(server, &described.content, planned, *index).is_some_and(|(one, _)| one == at)
            })
            .map(proc_macro2::Literal::usize_unsuffixed);
        if is_bytes(item) {
            let value = wrapped(quote!(types::#ident::#variant(call.bytes()?)));
            quote!(Some(#(#indices)|*) => Ok(#value),)
        } else {
            let ty = interface::content_type(server, item);
            let value = wrapped(quote!(types::#ident::#variant(value)));
            quote!(Some(#(#indices)|*) => call.value::<#ty>().await?.map(|value| #value),)
        }
    });
    let otherwise = if required { quote!(return Err(Call::bodiless())) } else { quote!(Ok(None)) };
    quote! {
        let body = match call.content().await? {
            #(#arms)*
            _ => #otherwise,
        };
    }
}

/// Whether a body is handed over as it came.
fn is_bytes(item: &ContentItem) -> bool {
    item.format == ContentFormat::Bytes
}

/// `fn params`: every parameter is read before the first that is wrong ends it, so that all of them are told.
fn params(server: &Context<'_>, params: &ParamsItem) -> TokenStream {
    let ident = rust::ident(&params.ident);
    let names: Vec<Ident> = params.fields.iter().map(|field| local(params, field)).collect();
    let reads = params.fields.iter().zip(&names).map(|(field, name)| {
        let index = proc_macro2::Literal::usize_unsuffixed(field.parameter);
        match field.presence {
            ParamPresence::Required => {
                let ty = named_type(server, &field.ty).map(|ty| quote!(::<#ty>));
                quote!(let #name = parameters.required #ty(#index);)
            }
            ParamPresence::Default(_) => quote!(let #name = parameters.required(#index);),
            ParamPresence::Optional => quote!(let #name = parameters.optional(#index);),
        }
    });
    let all = params.fields.iter().zip(&names);
    let required: Vec<(Ident, TokenStream)> = all
        .clone()
        .filter(|(field, _)| field.presence == ParamPresence::Required)
        .map(|(field, name)| (rust::ident(&field.ident), quote!(#name?)))
        .collect();
    let made = types::construct(&params.ident, &required, &quote!(types));
    let set = all.filter(|(field, _)| field.presence != ParamPresence::Required).map(|(field, name)| {
        let field = rust::ident(&field.ident);
        quote!(params.#field = #name?;)
    });
    let set: Vec<TokenStream> = set.collect();
    let mutable = (!set.is_empty()).then(|| quote!(mut));
    quote! {
        fn params(mut parameters: Parameters<'_>) -> Result<types::#ident, Invalid> {
            #(#reads)*
            let #mutable params = #made;
            #(#set)*
            Ok(params)
        }
    }
}

/// The local variable for a parameter: its own ident, unless the function has a use for that.
fn local(params: &ParamsItem, field: &ParamField) -> Ident {
    if !matches!(field.ident.as_str(), "parameters" | "params") {
        return rust::ident(&field.ident);
    }
    let mut name = format!("{}_", field.ident.as_str());
    while params.fields.iter().any(|other| other.ident == *name) {
        name.push('_');
    }
    format_ident!("{name}")
}

/// The type of an argument of `new`, where the compiler cannot tell it from `impl Into<T>`.
fn named_type(server: &Context<'_>, ty: &RustType) -> Option<TokenStream> {
    types::converts(server.plan, ty).then(|| server.ty(ty))
}
