//! Calls as documentation shows them: doctests, which compile and are not run.

use oas_model::{Api, SecuritySchemeKind, Server};
use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::request::{Context, Request};
use crate::plan::{BodyContent, ContentFormat, ParamPresence, Plan, RustType};
use crate::rust;

/// Longer calls have a line for each setter.
const WIDTH: usize = 100;

/// The call of an operation with everything it needs, as a block of code. What it needs has names of the parameters.
pub(super) fn call(client: Context<'_>, request: &Request<'_>) -> Vec<String> {
    let needed = needed(client, request);
    let mut arguments = vec![format!("client: &{}::Client", crate_name(client.plan))];
    arguments.extend(as_arguments(&needed));
    block(&[], &arguments, sent(request, &needed))
}

/// How a program begins: with a client, and the operation that needs the least.
pub(super) fn first_use(api: &Api, plan: &Plan) -> Vec<String> {
    let client = Context { api, plan };
    let requests = plan.operations.iter().enumerate().map(|(index, item)| Request::new(client, index, item));
    let easiest = requests.filter(|request| !request.operation.deprecated).min_by_key(|request| {
        (needed(client, request).len(), request.operation.method.as_str() != "GET", request.index)
    });
    let Some(request) = easiest else { return Vec::new() };
    let needed = needed(client, &request);
    let imports = [format!("use {}::Client;", crate_name(plan)), String::new()];
    let mut body = vec![format!("let client = Client::builder(){}.build()?;", settings(client, &request))];
    body.extend(sent(&request, &needed));
    block(&imports, &as_arguments(&needed), body)
}

/// A doctest: lines of a function that is not shown, what stands before it, and what the function is given.
fn block(before: &[String], arguments: &[String], body: Vec<String>) -> Vec<String> {
    let mut lines = vec!["```no_run".to_owned()];
    lines.extend_from_slice(before);
    lines.push(format!("# async fn example({}) -> Result<(), Box<dyn std::error::Error>> {{", arguments.join(", ")));
    lines.extend(body);
    lines.extend(["# Ok(())".to_owned(), "# }".to_owned(), "```".to_owned()]);
    lines
}

/// What a request cannot do without, as arguments of a function.
fn as_arguments(needed: &[(String, TokenStream)]) -> Vec<String> {
    needed.iter().map(|(ident, ty)| format!("{ident}: {}", spelled(ty))).collect()
}

/// What a client needs before it can send this request: an address where the document has none, and credentials.
fn settings(client: Context<'_>, request: &Request<'_>) -> String {
    let server = client.api.servers.first().map(Server::default_url);
    let address = server.is_none_or(|url| !url.contains("://")).then_some(".base_url(\"https://api.example.com\")");
    let alternatives = request.item.preferred(client.plan, request.operation);
    let schemes = alternatives.first().map(|alternative| alternative.schemes.as_slice()).unwrap_or_default();
    let credentials = schemes.iter().map(|id| {
        let item = &client.plan[*id];
        let arguments = match &client.api.security_schemes[&item.scheme].kind {
            SecuritySchemeKind::Http { scheme, .. } if scheme == "basic" => "\"user\", \"password\"",
            SecuritySchemeKind::MutualTls => "",
            _ => "\"secret\"",
        };
        format!(".{}({arguments})", item.method_ident)
    });
    address.into_iter().map(ToOwned::to_owned).chain(credentials).collect()
}

/// The lines that send a request, and wait for the answer.
fn sent(request: &Request<'_>, needed: &[(String, TokenStream)]) -> Vec<String> {
    let method = &request.item.method_ident;
    let calls: Vec<String> = needed.iter().map(|(ident, _)| format!(".{ident}({ident})")).collect();
    let line = format!("let answer = client.{method}(){}.send().await?;", calls.concat());
    if line.len() <= WIDTH {
        return vec![line];
    }
    let mut lines = vec!["let answer = client".to_owned(), format!("    .{method}()")];
    lines.extend(calls.iter().map(|call| format!("    {call}")));
    lines.extend(["    .send()".to_owned(), "    .await?;".to_owned()]);
    lines
}

/// What a request cannot do without: setters, and types of what they take.
fn needed(client: Context<'_>, request: &Request<'_>) -> Vec<(String, TokenStream)> {
    let krate = format_ident!("{}", crate_name(client.plan));
    let types = quote!(#krate::types);
    let ty = |ty: &RustType| rust::type_tokens(client.plan, ty, &types);
    let fields = request.item.params.iter().flat_map(|params| &params.fields);
    let required = fields.filter(|field| field.presence == ParamPresence::Required);
    let mut needed: Vec<(String, TokenStream)> =
        required.map(|field| (field.ident.to_string(), ty(&field.ty))).collect();
    let body = request.item.body.as_ref().filter(|body| body.required);
    if let Some(body) = body.filter(|_| request.body_in_parts(client).is_none()) {
        let body = match &body.content {
            BodyContent::Several { ident, .. } => rust::named(ident, &types),
            BodyContent::Single(content) => match content.format {
                ContentFormat::Bytes => quote!(Vec<u8>),
                ContentFormat::JsonLines | ContentFormat::EventStream => {
                    let ty = ty(&content.ty);
                    quote!(Vec<#ty>)
                }
                _ => ty(&content.ty),
            },
        };
        needed.push(("body".to_owned(), body));
    }
    needed
}

/// A type as people write it.
fn spelled(ty: &TokenStream) -> String {
    ty.to_string().replace(" :: ", "::").replace(" < ", "<").replace(" >", ">")
}

/// What programs call the client package.
fn crate_name(plan: &Plan) -> String {
    plan.packages.client.replace('-', "_")
}
