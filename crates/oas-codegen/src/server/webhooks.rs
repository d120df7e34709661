//! Webhooks and callbacks: a trait to receive them, a router that knows who sends, and a sender.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::hook::{self, Hook};
use super::{Context, generated, own_words, table};
use crate::plan::ContentFormat;
use crate::{GeneratedFile, docs, rust};

/// `webhooks.rs`, when there are any.
pub(super) fn file(server: &Context<'_>) -> Option<GeneratedFile> {
    let hooks = hook::all(server);
    if hooks.is_empty() {
        return None;
    }
    let types = server.types_crate();
    let uses = quote! {
        use std::future::Future;

        use #types as types;
        use ::oas_server_runtime::axum::Router;
        use ::oas_server_runtime::prelude::*;
        use ::oas_server_runtime::webhooks::{self, Deliver, Delivered, DeliveryError, Signer, Verifier, WebhookSender};
        use ::oas_server_runtime::{Request, RouterOptions, Routes};

        use super::SCHEMAS;
    };
    let methods = hooks.iter().map(|hook| method(server, hook));
    let interface = quote! {
        /// Receives what the API sends on its own.
        ///
        /// An `async fn` implements a method. What it gets was sent by who the [`Verifier`] of the router knows, and is
        /// what the document describes. The sender is answered with the document's first success.
        pub trait Webhooks: Send + Sync + 'static {
            #(#methods)*
        }
    };
    let requests = hooks.iter().map(|hook| request(server, hook));
    let is_json = |hook: &&Hook<'_>| hook.item.body.as_ref().is_none_or(|body| body.format == ContentFormat::Json);
    let sends = hooks.iter().filter(is_json).map(|hook| send(server, hook));
    let sender = quote! {
        /// Sends what the document describes as webhooks and callbacks, each to an address that its receiver named.
        #[derive(Debug, Clone)]
        pub struct Sender<D, S>(pub WebhookSender<D, S>);

        impl<D: Deliver, S: Signer> Sender<D, S> {
            /// A sender that sends with `deliver` what `signer` signs.
            #[must_use]
            pub fn new(deliver: D, signer: S) -> Self {
                Self(WebhookSender::new(deliver, signer))
            }

            #(#sends)*
        }
    };
    let modules = hooks.iter().map(|hook| module(server, hook));
    let items = [uses, interface, router(&hooks), sender].into_iter().chain(requests).chain(modules);
    Some(generated("webhooks.rs", rust::file(items)))
}

fn router(hooks: &[Hook<'_>]) -> TokenStream {
    let added = hooks.iter().map(|hook| {
        let module = rust::ident(&hook.item.method_ident);
        quote!(.operation(&#module::OPERATION, &SCHEMAS, &service, #module::handle, |_, _| None))
    });
    quote! {
        /// A router that gives to `receiver` what senders send whom `verifier` knows: everything at `/`, where the
        /// content of a request says what it is, and each at a path named like its method.
        pub fn router<Receiver: Webhooks>(receiver: Receiver, verifier: impl Verifier, options: RouterOptions) -> Router {
            let service = Service::new(receiver, ());
            let routes = Routes::new()#(#added)*;
            webhooks::router(routes, verifier, options)
        }
    }
}

/// What the receiver answers: the value of the document's first success, when that has one.
fn answer(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    hook.item.answer.ty.as_ref().map_or_else(|| quote!(()), |ty| server.ty(ty))
}

fn method(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let doc = docs::outer(&hook.item.doc);
    let (ident, request) = (rust::ident(&hook.item.method_ident), rust::ident(&hook.item.request_ident));
    let answer = answer(server, hook);
    quote! {
        #doc
        fn #ident(&self, request: #request) -> impl Future<Output = Result<#answer, ServerError>> + Send;
    }
}

fn body_type(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let Some(body) = &hook.item.body else { return quote!(()) };
    let ty = server.ty(&body.ty);
    if body.required { ty } else { quote!(Option<#ty>) }
}

fn request(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let doc = own_words(&format!("What [`Webhooks::{}`] gets.", hook.item.method_ident.as_str()));
    let (ident, body) = (rust::ident(&hook.item.request_ident), body_type(server, hook));
    quote!(#doc pub type #ident = Request<(), (), #body>;)
}

fn send(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let doc = docs::outer(&hook.item.doc);
    let module = rust::ident(&hook.item.method_ident);
    let words = own_words(
        "\n`id` is that of the event, the same for every attempt to deliver it.\n\n# Errors\nWhen the receiver does not take it.",
    );
    let (argument, value) = match &hook.item.body {
        None => (TokenStream::new(), quote!(None::<&()>)),
        Some(body) => {
            let ty = server.ty(&body.ty);
            if body.required {
                (quote!(body: &#ty), quote!(Some(body)))
            } else {
                (quote!(body: Option<&#ty>), quote!(body))
            }
        }
    };
    quote! {
        #doc
        #words
        pub async fn #module(&self, id: &str, url: &str, #argument) -> Result<Delivered, DeliveryError> {
            self.0.send(&#module::OPERATION, id, url, #value).await
        }
    }
}

/// The table of one webhook, and the way of a request to its method.
fn module(server: &Context<'_>, hook: &Hook<'_>) -> TokenStream {
    let module = rust::ident(&hook.item.method_ident);
    let types = server.types_crate();
    let doc = own_words(&docs::code(&hook.item.id));
    let table = table::webhook(server, hook);
    let body = match &hook.item.body {
        None => quote!(let body = Ok(());),
        Some(body) => {
            let ty = server.ty(&body.ty);
            let method = if body.required { quote!(body) } else { quote!(optional_body) };
            quote!(let body = call.#method::<#ty>().await?;)
        }
    };
    let status = Literal::u16_unsuffixed(hook.item.answer.status);
    let reply = if hook.item.answer.ty.is_some() {
        quote!(Ok(Reply::new(#status)?.json("application/json", &answer)?))
    } else {
        quote! {
            let () = answer;
            Ok(Reply::new(#status)?.empty())
        }
    };
    quote! {
        #doc
        mod #module {
            use #types as types;
            use ::oas_server_runtime::prelude::*;

            #table

            pub(super) async fn handle<Receiver: super::Webhooks>(
                service: Arc<Service<Receiver, ()>>,
                mut call: Call,
            ) -> Result<Response, Rejection> {
                let params = call.check_parameters();
                #body
                let request = call.request((), params, body)?;
                let answer = super::Webhooks::#module(&*service.api, request).await?;
                #reply
            }
        }
    }
}
