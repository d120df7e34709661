//! Which place of the document an item stands for, by its name: the plan has settled both.

use std::collections::BTreeMap;

use oas_document::Location;
use oas_model::{Api, Operation, SchemaId};
use serde_json::Value;

use super::ItemKind;
use crate::output::Package;
use crate::plan::{BodyContent, Ident, OperationItem, Plan, TypeItem, TypeKind};

/// The places of the items of one package.
#[derive(Debug, Default)]
pub(super) struct Places {
    /// By owner, then by name; items that stand alone have an empty owner.
    places: BTreeMap<String, BTreeMap<String, Location>>,
}

impl Places {
    /// The place that an item stands for. What has none of its own stands for that of its owner, and so does an `impl`,
    /// which has no name.
    pub(super) fn of(&self, owner: &str, name: &str, kind: ItemKind) -> Option<&Location> {
        let own = || {
            let inside = self.places.get(owner).filter(|_| !name.is_empty())?;
            let ident = Ident::new(name);
            let name = ident.as_str();
            let bare = name.strip_prefix("with_").filter(|_| kind == ItemKind::Method);
            inside.get(name).or_else(|| inside.get(bare?))
        };
        own().or_else(|| self.places.get("")?.get(owner))
    }

    /// Notes where an item stands; the first note of a name counts.
    fn note(&mut self, owner: impl AsRef<str>, name: impl AsRef<str>, at: &Location) {
        let inside = self.places.entry(owner.as_ref().to_owned()).or_default();
        inside.entry(name.as_ref().to_owned()).or_insert_with(|| at.clone());
    }
}

/// Gathers the places of every item that the plan names in a package.
pub(super) fn places(api: &Api, plan: &Plan, package: Package) -> Places {
    let mut places = Places::default();
    match package {
        Package::Types => types(api, plan, &mut places),
        Package::Client => client(api, plan, &mut places),
        Package::Server => server(api, plan, &mut places),
        // A command line is a program: nobody names its items.
        Package::Cli => {}
    }
    places
}

/// The types package: types, and what operations and credentials become.
fn types(api: &Api, plan: &Plan, places: &mut Places) {
    for item in &plan.types {
        places.note("", &item.name, &item.at);
        parts(api, item, places);
    }
    for alias in &plan.aliases {
        places.note("", &alias.name, &alias.at);
    }
    for (operation, item) in operations(api, plan) {
        operation_types(operation, item, places);
    }
    for scheme in &plan.schemes {
        places.note("", &scheme.type_ident, &api.security_schemes[&scheme.scheme].at);
    }
    for (operation, item) in operations(api, plan) {
        let Some(set) = item.credentials.map(|id| &plan[id]) else { continue };
        for requirement in &operation.security {
            let alternative = set.alternatives.iter().find(|one| one.is_for(plan, requirement));
            if let Some(alternative) = alternative {
                places.note(&set.ident, &alternative.variant, &requirement.at);
            }
        }
        if let Some(first) = operation.security.first() {
            places.note("", &set.ident, &around(&first.at));
        }
    }
}

/// The location of what holds the value at this one.
fn around(at: &Location) -> Location {
    Location { file: at.file, pointer: at.pointer.parent().unwrap_or_default() }
}

/// The operations of the plan beside those of the model.
fn operations<'a>(api: &'a Api, plan: &'a Plan) -> impl Iterator<Item = (&'a Operation, &'a OperationItem)> {
    plan.operations.iter().map(|item| (&api[item.operation], item))
}

/// The fields and variants of a type.
fn parts(api: &Api, item: &TypeItem, places: &mut Places) {
    match &item.kind {
        TypeKind::Struct(fields) => {
            for field in &fields.fields {
                places.note(&item.name, &field.ident, &api.schemas[field.schema].at);
            }
        }
        TypeKind::StringEnum(variants) => {
            for variant in variants {
                let at = value_at(api, item.schema, &Value::String(variant.wire.clone()));
                places.note(&item.name, &variant.ident, at.as_ref().unwrap_or(&item.at));
            }
        }
        TypeKind::IntegerEnum(variants) => {
            for variant in variants {
                let at = value_at(api, item.schema, &variant.wire.to_string().parse().unwrap_or_default());
                places.note(&item.name, &variant.ident, at.as_ref().unwrap_or(&item.at));
            }
        }
        TypeKind::Union(union) => {
            for variant in &union.variants {
                places.note(&item.name, &variant.ident, &api.schemas[variant.schema].at);
            }
        }
        TypeKind::Newtype(_) => {}
    }
}

/// Where a value stands in the `enum` of a schema.
fn value_at(api: &Api, schema: SchemaId, value: &Value) -> Option<Location> {
    let schema = &api.schemas[api.schemas.resolve(schema)];
    let index = schema.enumeration.as_ref()?.iter().position(|one| one == value)?;
    Some(schema.at.child("enum").item(index))
}

/// What an operation becomes in the types package.
fn operation_types(operation: &Operation, item: &OperationItem, places: &mut Places) {
    if let Some(params) = &item.params {
        places.note("", &params.ident, &operation.at.child("parameters"));
        for field in &params.fields {
            places.note(&params.ident, &field.ident, &operation.parameters[field.parameter].at);
        }
    }
    if let (Some(body), Some(content)) = (&operation.request_body, item.body.as_ref().map(|body| &body.content)) {
        contents(content, &body.content, &body.at, places);
    }
    let responses = operation.at.child("responses");
    let enums = [Some(&item.response_ident), Some(&item.error_ident), success(item)];
    for ident in enums.into_iter().flatten() {
        places.note("", ident, &responses);
    }
    for variant in &item.responses {
        let response = &operation.responses[variant.response];
        for ident in enums.into_iter().flatten() {
            places.note(ident, &variant.variant, &response.at);
        }
        if let Some(content) = &variant.body {
            contents(content, &response.content, &response.at, places);
        }
        if let Some(headers) = &variant.headers {
            places.note("", &headers.ident, &response.at);
            for field in &headers.fields {
                places.note(&headers.ident, &field.ident, &response.headers[field.header].at);
            }
        }
    }
}

/// The enum of several successes.
fn success(item: &OperationItem) -> Option<&Ident> {
    if let crate::plan::SuccessItem::Several { ident, .. } = &item.success { Some(ident) } else { None }
}

/// The enum of a body in several media types.
fn contents(content: &BodyContent, media_types: &[oas_model::MediaType], at: &Location, places: &mut Places) {
    let BodyContent::Several { ident, variants } = content else { return };
    places.note("", ident, at);
    for (variant, one) in variants {
        places.note(ident, variant, &media_types[one.media_type].at);
    }
}

/// The client package: methods, their builders, and the setters of both.
fn client(api: &Api, plan: &Plan, places: &mut Places) {
    for (operation, item) in operations(api, plan) {
        places.note("Client", &item.method_ident, &operation.at);
        places.note("", &item.builder_ident, &operation.at);
        for field in item.params.iter().flat_map(|params| &params.fields) {
            places.note(&item.builder_ident, &field.ident, &operation.parameters[field.parameter].at);
        }
        if let Some(body) = &operation.request_body {
            places.note(&item.builder_ident, "body", &body.at);
            for setter in item.part_setters.values() {
                places.note(&item.builder_ident, setter, &body.at);
            }
        }
    }
    for server in &plan.servers {
        places.note("", &server.ident, &server.at);
        for variable in &server.variables {
            places.note(&server.ident, &variable.ident, &variable.at);
            if let Some((ident, variants)) = &variable.choice {
                places.note("", ident, &variable.at);
                for (variant, _) in variants {
                    places.note(ident, variant, &variable.at.child("enum"));
                }
            }
        }
    }
    for scheme in &plan.schemes {
        let at = &api.security_schemes[&scheme.scheme].at;
        for owner in ["Client", "ClientBuilder", "Builder"] {
            places.note(owner, &scheme.method_ident, at);
            if let Some(provider) = &scheme.provider_ident {
                places.note(owner, provider, at);
            }
        }
    }
}

/// The server package: traits and their methods.
fn server(api: &Api, plan: &Plan, places: &mut Places) {
    for group in &plan.groups {
        let tag = api.tags.iter().find(|tag| Some(&tag.name) == group.tag.as_ref());
        if let Some(tag) = tag {
            places.note("", &group.trait_ident, &tag.at);
            places.note("", &group.module, &tag.at);
        }
        for item in group.operations.iter().map(|id| &plan[*id]) {
            let operation = &api[item.operation];
            places.note(&group.trait_ident, &item.method_ident, &operation.at);
            places.note("", &item.type_prefix, &operation.at);
            places.note("", format!("{}Request", item.type_prefix), &operation.at);
        }
    }
    for scheme in &plan.schemes {
        places.note("Authenticator", &scheme.method_ident, &api.security_schemes[&scheme.scheme].at);
    }
    for alternative in plan.credentials.iter().flat_map(|set| &set.alternatives).filter(|one| one.schemes.len() > 1) {
        let first = &api.security_schemes[&plan[alternative.schemes[0]].scheme];
        if let Some(method) = &alternative.method_ident {
            places.note("Authenticator", method, &first.at);
        }
    }
}
