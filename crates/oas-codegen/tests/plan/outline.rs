//! A plan as a text that is easy to read and to compare.

use std::fmt::Write;

use oas_codegen::plan::{
    Behavior, BodyContent, ContentItem, Field, OperationItem, PagesItem, ParamPresence, Plan, Presence, ResponseItem,
    RustType, SuccessItem, Tagging, TypeItem, TypeKind, UnionItem,
};

/// The outline of a plan.
pub(crate) fn of(plan: &Plan) -> String {
    let mut text = String::new();
    for item in &plan.types {
        type_item(&mut text, plan, item);
    }
    for alias in &plan.aliases {
        let words = format!("alias {}: {} in {}.rs, of {}", alias.name, alias.at.pointer, alias.module, alias.target);
        line(&mut text, 0, words);
    }
    for operation in &plan.operations {
        operation_item(&mut text, plan, operation);
    }
    for group in &plan.groups {
        let methods = group.operations.iter().map(|id| &plan[*id]);
        let methods: Vec<String> = methods.map(|operation| operation.method_ident.to_string()).collect();
        line(&mut text, 0, format!("group {} {}: {}", group.module, group.trait_ident, methods.join(" ")));
        if group.command != group.module {
            line(&mut text, 1, format!("command {}", group.command.to_kebab()));
        }
    }
    for scheme in &plan.schemes {
        let provider = scheme.provider_ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let words = format!("scheme {:?}: {} {} {provider}", scheme.scheme, scheme.type_ident, scheme.method_ident);
        line(&mut text, 0, words);
    }
    for set in &plan.credentials {
        line(&mut text, 0, format!("credentials {}", set.ident));
        for alternative in &set.alternatives {
            let schemes = alternative.schemes.iter().map(|id| &plan[*id]);
            let schemes: Vec<&str> = schemes.map(|scheme| scheme.type_ident.as_str()).collect();
            let method = alternative.method_ident.as_ref().filter(|_| schemes.len() > 1);
            let method = method.map(|method| format!(", {method}")).unwrap_or_default();
            line(&mut text, 1, format!("{}: {}{method}", alternative.variant, schemes.join(" ")));
        }
    }
    text
}

fn line(text: &mut String, depth: usize, words: impl std::fmt::Display) {
    let _ = writeln!(text, "{}{}", "    ".repeat(depth), words.to_string().trim_end());
}

fn type_item(text: &mut String, plan: &Plan, item: &TypeItem) {
    let ways = match (item.in_request, item.in_response) {
        (true, true) => "both ways",
        (true, false) => "requests",
        (false, true) => "responses",
        (false, false) => "nowhere",
    };
    let head = |what: &str| format!("{what} {}: {} in {}.rs, {ways}", item.name, item.at.pointer, item.module);
    match &item.kind {
        TypeKind::Struct(structure) => {
            line(text, 0, head("struct"));
            structure.fields.iter().for_each(|one| line(text, 1, field(plan, one)));
            if let Some(rest) = &structure.rest {
                line(text, 1, format!("..{}: {}", rest.ident, ty(plan, &rest.ty)));
            }
            if let Some(children) = &structure.children {
                line(text, 1, format!("children {}", ty(plan, children)));
            }
        }
        TypeKind::StringEnum(variants) => {
            line(text, 0, head("strings"));
            for variant in variants {
                line(text, 1, format!("{} {:?}", variant.ident, variant.wire));
            }
        }
        TypeKind::IntegerEnum(variants) => {
            line(text, 0, head("integers"));
            for variant in variants {
                line(text, 1, format!("{} {}", variant.ident, variant.wire));
            }
        }
        TypeKind::Union(union) => {
            line(text, 0, head("union"));
            union_item(text, plan, union);
        }
        TypeKind::Newtype(inner) => line(text, 0, format!("{} = {}", head("newtype"), ty(plan, inner))),
    }
}

fn union_item(text: &mut String, plan: &Plan, union: &UnionItem) {
    match &union.tagging {
        Tagging::Property(property) => line(text, 1, format!("by {property:?}")),
        Tagging::Shape => line(text, 1, "by shape"),
    }
    for variant in &union.variants {
        let tags: Vec<String> = variant.tags.iter().map(|tag| format!("{tag:?}")).collect();
        let default = if variant.is_default { " by default" } else { "" };
        line(text, 1, format!("{}({}) {}{default}", variant.ident, ty(plan, &variant.ty), tags.join(" ")));
    }
}

fn field(plan: &Plan, field: &Field) -> String {
    let presence = match field.presence {
        Presence::Required => "",
        Presence::Nullable => ", nullable",
        Presence::Optional => ", optional",
        Presence::OptionalNullable => ", optional and nullable",
    };
    format!("{} {:?}: {}{presence}", field.ident, field.wire, ty(plan, &field.ty))
}

fn operation_item(text: &mut String, plan: &Plan, operation: &OperationItem) {
    let OperationItem { id, method_ident, type_prefix, response_ident, error_ident, .. } = operation;
    line(text, 0, format!("operation {id:?}: {method_ident} {type_prefix} {response_ident} {error_ident}"));
    if operation.builder_ident != operation.type_prefix {
        line(text, 1, format!("builder {}", operation.builder_ident));
    }
    if operation.command.ident != operation.method_ident {
        line(text, 1, format!("command {}", operation.command.ident.to_kebab()));
    }
    let flags = operation.command.params.iter().chain(operation.command.members.values());
    let flags: Vec<String> = flags.map(|flag| format!("--{}", flag.to_kebab())).collect();
    if !flags.is_empty() {
        line(text, 1, flags.join(" "));
    }
    let parts: Vec<String> = operation.part_setters.values().map(ToString::to_string).collect();
    if !parts.is_empty() {
        line(text, 1, format!("parts {}", parts.join(" ")));
    }
    if let Some(params) = &operation.params {
        line(text, 1, format!("parameters {}", params.ident));
        for one in &params.fields {
            let presence = match &one.presence {
                ParamPresence::Required => String::new(),
                ParamPresence::Optional => ", optional".to_owned(),
                ParamPresence::Default(value) => format!(", {value} by default"),
            };
            line(text, 2, format!("{}: {}{presence}", one.ident, ty(plan, &one.ty)));
        }
    }
    if let Some(body) = &operation.body {
        let optional = if body.required { "" } else { "optional " };
        line(text, 1, format!("{optional}body {}", content(plan, &body.content)));
    }
    operation.responses.iter().for_each(|one| response(text, plan, one));
    match &operation.success {
        SuccessItem::Single(_) => {}
        SuccessItem::Several { ident, responses } => line(text, 1, format!("success {ident} of {responses:?}")),
        SuccessItem::Undocumented => line(text, 1, "success is not described"),
    }
    if let Some(set) = operation.credentials.map(|id| &plan[id]) {
        line(text, 1, format!("credentials {}", set.ident));
    }
    behavior(text, plan, &operation.behavior);
}

/// How an operation is used.
fn behavior(text: &mut String, plan: &Plan, behavior: &Behavior) {
    let Behavior { pages, idempotency_key, stream_switch, body_limit } = behavior;
    if let Some(PagesItem { items, item, next, more }) = pages {
        let more = more.as_ref().map(|(pointer, value)| format!(" while {pointer} is {value}")).unwrap_or_default();
        line(text, 1, format!("pages of {} at {items:?} by {next:?}{more}", ty(plan, item)));
    }
    let said = [
        ("idempotency key", idempotency_key.clone()),
        ("stream switch", stream_switch.clone()),
        ("body limit", body_limit.map(|limit| limit.to_string())),
    ];
    for (what, value) in said {
        if let Some(value) = value {
            line(text, 1, format!("{what} {value}"));
        }
    }
}

fn response(text: &mut String, plan: &Plan, one: &ResponseItem) {
    let body = one.body.as_ref().map(|body| content(plan, body)).unwrap_or_default();
    line(text, 1, format!("{} {body}", one.variant));
    if let Some(headers) = &one.headers {
        line(text, 2, format!("headers {}", headers.ident));
        for header in &headers.fields {
            let optional = if header.required { "" } else { ", optional" };
            line(text, 3, format!("{}: {}{optional}", header.ident, ty(plan, &header.ty)));
        }
    }
}

fn content(plan: &Plan, content: &BodyContent) -> String {
    let one = |item: &ContentItem| format!("{:?} {}", item.format, ty(plan, &item.ty));
    match content {
        BodyContent::Single(item) => one(item),
        BodyContent::Several { ident, variants } => {
            let variants: Vec<String> =
                variants.iter().map(|(variant, item)| format!("{variant}({})", one(item))).collect();
            format!("{ident} {{ {} }}", variants.join(", "))
        }
    }
}

/// A type as the generated code writes it.
fn ty(plan: &Plan, ty: &RustType) -> String {
    let tokens = oas_codegen::rust::type_tokens(plan, ty, &proc_macro2::TokenStream::new()).to_string();
    tokens.replace(" :: ", "::").replace(" < ", "<").replace(" >", ">").replace(" ,", ",").replace("< ", "<")
}
