//! The program that values are sent through: generated types, client and server in one process.

mod parts;

use std::collections::BTreeSet;

use oas_codegen::plan::{ModelOperation, OperationItem, Plan, RustType};
use oas_codegen::{GeneratedFile, rust};
use oas_model::Api;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use crate::probe::{Kind, Probe};

/// The name that its packages start with.
pub const NAME: &str = "probed";

/// The files of the program's package.
pub(crate) fn files(api: &Api, plan: &Plan, probes: &[Probe], version: &str) -> Vec<GeneratedFile> {
    let file = |path: &str, contents: String| GeneratedFile { path: path.into(), contents };
    vec![
        file("Cargo.toml", MANIFEST.replace("VERSION", version)),
        file("src/main.rs", include_str!("main.rs").to_owned()),
        file("src/probes.rs", probes_file(api, plan, probes)),
    ]
}

/// What the program stands on.
const MANIFEST: &str = r#"[package]
name = "probed-harness"
version = "VERSION"
edition = "2024"
publish = false

[dependencies]
types = { package = "probed-types", path = "../probed-types" }
client = { package = "probed-client", path = "../probed-client", default-features = false }
server = { package = "probed-server", path = "../probed-server" }
serde_json = "1"
tokio = { version = "1", features = ["macros", "rt", "time"] }
tower-service = "0.3"
"#;

/// The implementation of the server's trait, and a function for each probe.
fn probes_file(api: &Api, plan: &Plan, probes: &[Probe]) -> String {
    let mut handlers = Vec::with_capacity(probes.len());
    let mut functions = Vec::with_capacity(probes.len());
    let mut names = Vec::with_capacity(probes.len());
    for (index, probe) in probes.iter().enumerate() {
        let made = plan.operations.iter().find(|item| item.operation == ModelOperation(index)).and_then(|item| {
            let handler = handler(plan, probe, item)?;
            Some((handler, function(api, plan, probe, item, index)?))
        });
        let Some((handler, function)) = made else {
            names.push(quote!(nothing));
            continue;
        };
        let name = format_ident!("probe{index}");
        names.push(quote!(#name));
        handlers.push(handler);
        functions.push(function);
    }
    let trait_ident = plan.groups.first().map(|group| rust::ident(&group.trait_ident));
    let head = quote! {
        use std::sync::Arc;

        use server::ServerError;

        use super::{Exchange, Harness, Running, Channel};
    };
    let service = quote! {
        pub(crate) struct Service(pub(crate) Arc<Exchange>);
        impl server::#trait_ident for Service { #(#handlers)* }
    };
    let table = quote! {
        type Probe = for<'a> fn(&'a Harness, &'a str, Channel) -> Running<'a>;
        pub(crate) static PROBES: &[Probe] = &[#(#names),*];

        #[allow(dead_code)]
        fn nothing<'a>(_: &'a Harness, _: &'a str, _: Channel) -> Running<'a> {
            Box::pin(async { Err(super::wrong("none", "this is not generated")) })
        }
    };
    rust::file(std::iter::once(head).chain([service, table]).chain(functions))
}

/// The probes of forms in parts whose type is no struct.
pub(crate) fn without_setters(plan: &Plan, probes: &[Probe]) -> BTreeSet<usize> {
    let is_one = |(index, probe): &(usize, &Probe)| {
        let item = plan.operations.iter().find(|item| item.operation == ModelOperation(*index));
        let body = item.and_then(body_type);
        probe.kind == Kind::Parts && body.is_none_or(|body| !parts::has_setters(plan, body))
    };
    probes.iter().enumerate().filter(is_one).map(|(index, _)| index).collect()
}

/// The type of a body.
fn body_type(item: &OperationItem) -> Option<&RustType> {
    let content = &item.body.as_ref()?.content;
    content.items().first().map(|item| &item.ty)
}

/// The method of the server's trait.
fn handler(plan: &Plan, probe: &Probe, item: &OperationItem) -> Option<TokenStream> {
    let method = rust::ident(&item.method_ident);
    let request = format_ident!("{}Request", item.type_prefix);
    let response = rust::ident(&item.response_ident);
    let answered = item.responses.first()?;
    let variant = rust::ident(&answered.variant);
    let body = match probe.kind {
        Kind::Body => {
            let ty = rust::type_tokens(plan, body_type(item)?, &quote!(types));
            quote!(Ok(types::#response::#variant(self.0.answer::<#ty>(request.body)?)))
        }
        Kind::Parameter => {
            let field = rust::ident(&item.params.as_ref()?.fields.first()?.ident);
            quote! {
                self.0.record(&request.params.#field);
                Ok(types::#response::#variant)
            }
        }
        Kind::Form => quote! {
            self.0.record(&request.body);
            Ok(types::#response::#variant)
        },
        Kind::Parts => {
            let collected = parts::holds_files(plan, body_type(item)?).then(|| quote!(.collect().await?));
            quote! {
                self.0.record(&request.body #collected);
                Ok(types::#response::#variant)
            }
        }
        Kind::Header => {
            let headers = answered.headers.as_ref()?;
            let name = rust::ident(&headers.ident);
            let ty = rust::type_tokens(plan, &headers.fields.first()?.ty, &quote!(types));
            quote! {
                let _ = request;
                let value = self.0.told::<#ty>()?;
                self.0.record(&value);
                Ok(types::#response::#variant { headers: types::#name::new(value) })
            }
        }
    };
    Some(quote! {
        async fn #method(&self, request: server::#request) -> Result<types::#response, ServerError> {
            #body
        }
    })
}

/// The function that sends a value.
fn function(api: &Api, plan: &Plan, probe: &Probe, item: &OperationItem, index: usize) -> Option<TokenStream> {
    let name = format_ident!("probe{index}");
    let method = rust::ident(&item.method_ident);
    let body = match probe.kind {
        Kind::Body => {
            let ty = rust::type_tokens(plan, body_type(item)?, &quote!(types));
            quote! {
                let mut request = harness.client.#method();
                if channel == Channel::Round {
                    request = request.body(harness.value::<#ty>(text)?);
                } else {
                    harness.tell(channel, text);
                }
                harness.returned(request.send().await)
            }
        }
        Kind::Parameter => {
            let field = item.params.as_ref()?.fields.first()?;
            let (setter, ty) = (rust::ident(&field.ident), rust::type_tokens(plan, &field.ty, &quote!(types)));
            quote! {
                let _ = channel;
                let value = harness.value::<#ty>(text)?;
                harness.received(harness.client.#method().#setter(value).send().await)
            }
        }
        Kind::Form => {
            let ty = rust::type_tokens(plan, body_type(item)?, &quote!(types));
            quote! {
                let _ = channel;
                harness.received(harness.client.#method().body(harness.value::<#ty>(text)?).send().await)
            }
        }
        Kind::Parts => parts::sent(plan, item, body_type(item)?)?,
        Kind::Header => {
            let field = item.responses.first()?.headers.as_ref()?.fields.first()?;
            let ty = rust::type_tokens(plan, &field.ty, &quote!(types));
            let header = api.operations.get(index)?.responses.first()?.headers.first()?.name.clone();
            quote! {
                harness.tell(Channel::Answer, text);
                let _ = channel;
                harness.header::<#ty, _, _>(harness.client.#method().send().await, |answer| answer.header(#header))
            }
        }
    };
    Some(quote! {
        fn #name<'a>(harness: &'a Harness, text: &'a str, channel: Channel) -> Running<'a> {
            Box::pin(async move { #body })
        }
    })
}
