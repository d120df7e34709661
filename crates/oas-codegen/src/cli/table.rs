//! The table that the runtime makes commands of.

use heck::ToShoutySnakeCase;
use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use super::flags::{self, Flag, Target, Value};
use crate::plan::{GroupItem, OperationItem, Plan};
use crate::rust::ident;

/// `PROGRAM`: the whole command line.
pub(super) fn program(api: &Api, plan: &Plan) -> TokenStream {
    let name = program_name(plan);
    let prefix = name.to_shouty_snake_case();
    let about = &api.info.title;
    let base_url = match api.servers.first().map(|server| server.url.as_str()) {
        Some(url) if url.contains("://") && !url.contains('{') => quote!(Some(#url)),
        _ => quote!(None),
    };
    let schemes = plan.schemes.iter().map(|scheme| {
        let name = flags::kebab(&scheme.method_ident);
        let env = format!("{prefix}_{}", scheme.method_ident.trim_start_matches("r#").to_shouty_snake_case());
        let about = flags::first_line(&scheme.doc);
        quote!(Scheme { name: #name, env: #env, about: #about })
    });
    let groups = plan.groups.iter().map(|group| {
        let module = ident(&group.module);
        quote!(#module::GROUP)
    });
    quote! {
        /// The whole command line.
        pub(crate) const PROGRAM: Program = Program {
            name: #name,
            about: #about,
            env_prefix: #prefix,
            base_url: #base_url,
            schemes: &[#(#schemes),*],
            groups: GROUPS,
        };

        const GROUPS: &[Group] = &[#(#groups),*];
    }
}

/// `autoposting` of `autoposting-client`.
fn program_name(plan: &Plan) -> &str {
    plan.packages.client.strip_suffix("-client").unwrap_or(&plan.packages.client)
}

/// `GROUP`: the operations of one tag.
pub(super) fn group(api: &Api, plan: &Plan, group: &GroupItem, operations: &[&OperationItem]) -> TokenStream {
    let name = flags::kebab(&group.module);
    let about = flags::first_line(&group.doc);
    let operations = operations.iter().map(|one| operation(api, plan, one));
    let doc = format!(" The commands of `{name}`.");
    quote! {
        #[doc = #doc]
        pub(super) const GROUP: Group = Group { name: #name, about: #about, operations: &[#(#operations),*] };
    }
}

/// One operation of the table.
fn operation(api: &Api, plan: &Plan, operation: &OperationItem) -> TokenStream {
    let (id, name, details) = (&operation.id, flags::kebab(&operation.method_ident), &operation.doc);
    let model = api.operations.get(operation.operation);
    let about = model.and_then(|one| one.summary.clone()).unwrap_or_else(|| flags::first_line(&operation.doc));
    let deprecated = model.is_some_and(|one| one.deprecated);
    let all = flags::of(api, plan, operation);
    let arguments = all.iter().map(argument);
    let required = operation.body.as_ref().is_some_and(|body| body.required);
    let body = match (&operation.body, flags::json_content(operation)) {
        (None, _) => quote!(Body::None),
        (Some(_), Some(_)) => quote!(Body::Json { required: #required }),
        (Some(_), None) => quote!(Body::Raw { required: #required }),
    };
    quote! {
        Operation {
            id: #id,
            name: #name,
            about: #about,
            details: #details,
            deprecated: #deprecated,
            arguments: &[#(#arguments),*],
            body: #body,
        }
    }
}

/// One argument of the table.
fn argument(flag: &Flag) -> TokenStream {
    let Flag { name, target, value, required, help } = flag;
    let target = match target {
        Target::Parameter(ident) => quote!(Target::Parameter(#ident)),
        Target::Member(wire) => quote!(Target::Member(#wire)),
    };
    let value = match value {
        Value::Text => quote!(Text),
        Value::Choice(choices) => quote!(Choice(&[#(#choices),*])),
        Value::Integer => quote!(Integer),
        Value::Number => quote!(Number),
        Value::Boolean => quote!(Boolean),
        Value::TextList => quote!(TextList),
        Value::IntegerList => quote!(IntegerList),
        Value::Json => quote!(Json),
    };
    quote!(Argument { flag: #name, target: #target, value: ValueKind::#value, required: #required, help: #help })
}
