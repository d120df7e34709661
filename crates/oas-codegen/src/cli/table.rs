//! The table that the runtime makes commands of.

use heck::ToShoutySnakeCase;
use oas_model::Api;
use proc_macro2::TokenStream;
use quote::quote;

use super::body::Sent;
use super::flags::{self, Flag, Target, Value};
use super::{Called, connect};
use crate::client::surface;
use crate::docs;
use crate::plan::{GroupItem, Plan};
use crate::rust::ident;

/// `PROGRAM`: the whole command line.
pub(super) fn program(api: &Api, plan: &Plan) -> TokenStream {
    let name = program_name(plan);
    let prefix = name.to_shouty_snake_case();
    let about = flags::first_line(&api.info.title);
    let base_url = surface::base_url(api).map_or_else(|| quote!(None), |url| quote!(Some(#url)));
    let envelope = plan.envelope.as_ref().map_or_else(|| quote!(None), |pointer| quote!(Some(#pointer)));
    let schemes = connect::table(api, plan, &prefix);
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
            envelope: #envelope,
            schemes: &[#(#schemes),*],
            groups: GROUPS,
        };

        const GROUPS: &[Group] = &[#(#groups),*];
    }
}

/// `autoposting` of `autoposting-client`.
pub(super) fn program_name(plan: &Plan) -> &str {
    plan.packages.client.strip_suffix("-client").unwrap_or(&plan.packages.client)
}

/// `GROUP`: the operations of one tag.
pub(super) fn group(plan: &Plan, group: &GroupItem, operations: &[Called<'_>]) -> TokenStream {
    let name = group.command.to_kebab();
    let about = flags::first_line(&group.doc);
    let operations = operations.iter().map(|one| {
        if group.is_split() {
            let module = ident(one.item.own_module());
            return quote!(#module::OPERATION);
        }
        operation(plan, one)
    });
    let doc = format!(" The commands of `{name}`.");
    quote! {
        #[doc = #doc]
        pub(super) const GROUP: Group = Group { name: #name, about: #about, operations: &[#(#operations),*] };
    }
}

/// One operation of the table.
pub(super) fn operation(plan: &Plan, called: &Called<'_>) -> TokenStream {
    let Called { item, operation, surface } = called;
    let (id, details) = (&item.id, docs::visible(&item.doc));
    let name = item.command.ident.to_kebab();
    let about = operation.summary.as_ref().unwrap_or(&item.doc);
    let about = flags::first_line(about);
    let deprecated = operation.deprecated;
    let sent = super::body::of(item, surface);
    let all = flags::of(plan, item, &sent);
    let arguments = all.iter().map(argument);
    let required = item.body.as_ref().is_some_and(|body| body.required);
    let has_pages = surface.is_paged;
    let body = match &sent {
        Sent::Nothing => quote!(Body::None),
        Sent::Json(_) => quote!(Body::Json { required: #required }),
        Sent::Raw(_) => quote!(Body::Raw { required: #required }),
        Sent::Parts(_) => quote!(Body::Parts),
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
            has_pages: #has_pages,
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
        Value::TextOrJson => quote!(TextOrJson),
        Value::Choice(choices) => quote!(Choice(&[#(#choices),*])),
        Value::Integer => quote!(Integer),
        Value::Number => quote!(Number),
        Value::Boolean => quote!(Boolean),
        Value::TextList => quote!(TextList),
        Value::IntegerList => quote!(IntegerList),
        Value::Json => quote!(Json),
        Value::File => quote!(File),
        Value::FileList => quote!(FileList),
    };
    quote!(Argument { flag: #name, target: #target, value: ValueKind::#value, required: #required, help: #help })
}
