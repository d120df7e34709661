//! The model as indented text: what is stated, and nothing of what is not.

use std::collections::BTreeMap;
use std::fmt::{Display, Write};

use indexmap::IndexMap;
use oas_document::Location;
use oas_model::{
    AdditionalItems, Api, Bound, Callback, Encoding, Example, Header, Link, MediaType, Operation, Parameter, Payload,
    RequestBody, Response, Schema, SchemaId, SecurityRequirement, SecuritySchemeKind, Server,
};

/// The outline of a model.
pub(crate) fn of(api: &Api) -> String {
    let mut outline = Outline { labels: labels(api), text: String::new(), depth: 0 };
    outline.api(api);
    outline.text
}

/// Every component as a JSON Schema document: what the model means, whatever it is made of.
pub(crate) fn exported(api: &Api) -> String {
    let export = |id: &SchemaId| oas_model::json_schema::export(api, *id, None);
    let schemas: serde_json::Map<String, serde_json::Value> =
        api.components.iter().map(|(name, id)| (name.clone(), export(id))).collect();
    serde_json::to_string_pretty(&schemas).expect("JSON can be written")
}

/// What each schema is called: its pointer, and a number when several stand in one place.
fn labels(api: &Api) -> BTreeMap<SchemaId, String> {
    let mut seen: BTreeMap<Location, usize> = BTreeMap::new();
    let mut labels = BTreeMap::new();
    for (id, schema) in api.schemas.iter() {
        let count = seen.entry(schema.at.clone()).or_default();
        *count += 1;
        let file = if schema.at.file == api.servers[0].at.file { "" } else { "other file " };
        let number = if *count == 1 { String::new() } else { format!(" ({count})") };
        labels.insert(id, format!("{file}{}{number}", schema.at.pointer));
    }
    labels
}

struct Outline {
    labels: BTreeMap<SchemaId, String>,
    text: String,
    depth: usize,
}

impl Outline {
    /// A line.
    fn line(&mut self, line: impl Display) {
        let _ = writeln!(self.text, "{:indent$}{line}", "", indent = self.depth * 2);
    }

    /// A line, and what belongs under it.
    fn under(&mut self, line: impl Display, write: impl FnOnce(&mut Self)) {
        self.line(line);
        self.depth += 1;
        write(self);
        self.depth -= 1;
    }

    /// A name and a value that may be absent.
    fn maybe(&mut self, name: &str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.line(format!("{name}: {value}"));
        }
    }

    /// A text that may be absent, in quotes.
    fn text(&mut self, name: &str, value: Option<&str>) {
        self.maybe(name, value.map(|value| format!("{value:?}")));
    }

    /// A name, when it holds.
    fn flag(&mut self, name: &str, truth: bool) {
        if truth {
            self.line(name);
        }
    }

    fn extensions(&mut self, extensions: &IndexMap<String, serde_json::Value>) {
        for (name, value) in extensions {
            self.line(format!("{name}: {value}"));
        }
    }

    fn api(&mut self, api: &Api) {
        self.under(format!("info {:?} {:?}", api.info.title, api.info.version), |outline| {
            outline.text("summary", api.info.summary.as_deref());
            outline.text("description", api.info.description.as_deref());
            outline.text("terms", api.info.terms_of_service.as_deref());
            outline.maybe("contact", api.info.contact.as_ref().map(|contact| format!("{contact:?}")));
            outline.maybe("license", api.info.license.as_ref().map(|license| format!("{license:?}")));
            outline.extensions(&api.info.extensions);
        });
        self.extensions(&api.extensions);
        self.maybe("docs", api.external_docs.as_ref().map(|docs| &docs.url));
        self.servers(&api.servers);
        for tag in &api.tags {
            self.under(format!("tag {:?}", tag.name), |outline| {
                outline.text("summary", tag.summary.as_deref());
                outline.text("description", tag.description.as_deref());
                outline.text("parent", tag.parent.as_deref());
                outline.text("kind", tag.kind.as_deref());
                outline.extensions(&tag.extensions);
            });
        }
        for (name, scheme) in &api.security_schemes {
            self.under(format!("scheme {name}: {}", scheme_kind(&scheme.kind)), |outline| {
                outline.text("description", scheme.description.as_deref());
                outline.flag("deprecated", scheme.deprecated);
                outline.flows(&scheme.kind);
            });
        }
        self.line(format!("security: {}", security(&api.security)));
        for operation in &api.operations {
            self.operation(operation);
        }
        for webhook in &api.webhooks {
            self.under(format!("webhook {}", webhook.name), |outline| {
                webhook.operations.iter().for_each(|operation| outline.operation(operation));
            });
        }
        for (id, schema) in api.schemas.iter() {
            let label = self.labels[&id].clone();
            self.under(format!("schema {label}"), |outline| outline.schema(schema));
        }
    }

    fn flows(&mut self, kind: &SecuritySchemeKind) {
        let SecuritySchemeKind::OAuth2 { flows, metadata_url } = kind else { return };
        self.text("metadata", metadata_url.as_deref());
        for flow in flows {
            self.under(format!("{:?}", flow.kind), |outline| {
                outline.text("authorization", flow.authorization_url.as_deref());
                outline.text("device", flow.device_authorization_url.as_deref());
                outline.text("token", flow.token_url.as_deref());
                outline.text("refresh", flow.refresh_url.as_deref());
                outline.maybe("scopes", Some(format!("{:?}", flow.scopes)));
            });
        }
    }

    fn servers(&mut self, servers: &[Server]) {
        for server in servers {
            self.under(format!("server {}", server.url), |outline| {
                outline.text("name", server.name.as_deref());
                outline.text("description", server.description.as_deref());
                for (name, variable) in &server.variables {
                    outline.line(format!("{name} = {:?} of {:?}", variable.default, variable.values));
                }
                outline.extensions(&server.extensions);
            });
        }
    }

    fn operation(&mut self, operation: &Operation) {
        let id = operation.id.as_deref().unwrap_or("-");
        self.under(format!("operation {} {} {id}", operation.method, operation.path), |outline| {
            outline.maybe("tags", (!operation.tags.is_empty()).then(|| operation.tags.join(", ")));
            outline.text("summary", operation.summary.as_deref());
            outline.text("description", operation.description.as_deref());
            outline.flag("deprecated", operation.deprecated);
            let denied = operation.denied.then(|| "denied".to_owned());
            let own = operation.has_own_security.then(|| security(&operation.security));
            outline.maybe("security", denied.or(own));
            outline.servers(&operation.servers);
            outline.extensions(&operation.extensions);
            operation.parameters.iter().for_each(|parameter| outline.parameter(parameter));
            operation.request_body.iter().for_each(|body| outline.body(body));
            operation.responses.iter().for_each(|response| outline.response(response));
            operation.callbacks.iter().for_each(|callback| outline.callback(callback));
        });
    }

    fn parameter(&mut self, parameter: &Parameter) {
        let place = format!("{:?}", parameter.location).to_lowercase();
        let style = parameter.style.as_str();
        self.under(format!("parameter {} in {place}, {style}", parameter.name), |outline| {
            outline.text("description", parameter.description.as_deref());
            outline.flag("required", parameter.required);
            outline.flag("deprecated", parameter.deprecated);
            outline.flag("explode", parameter.explode);
            outline.flag("allow empty value", parameter.allow_empty_value);
            outline.flag("allow reserved", parameter.allow_reserved);
            outline.payload(&parameter.payload);
            outline.examples(&parameter.examples);
            outline.extensions(&parameter.extensions);
        });
    }

    fn payload(&mut self, payload: &Payload) {
        match payload {
            Payload::Schema(id) => self.maybe("schema", Some(self.labels[id].clone())),
            Payload::Content(media_type) => self.media_type(media_type),
        }
    }

    fn examples(&mut self, examples: &IndexMap<String, Example>) {
        for (name, example) in examples {
            self.line(format!("example {name:?}: {example:?}"));
        }
    }

    fn body(&mut self, body: &RequestBody) {
        let word = if body.required { "body" } else { "optional body" };
        self.under(word, |outline| {
            outline.text("description", body.description.as_deref());
            body.content.iter().for_each(|media_type| outline.media_type(media_type));
            outline.extensions(&body.extensions);
        });
    }

    fn media_type(&mut self, media_type: &MediaType) {
        self.under(&media_type.name, |outline| {
            outline.maybe("schema", media_type.schema.map(|id| outline.labels[&id].clone()));
            outline.maybe("item schema", media_type.item_schema.map(|id| outline.labels[&id].clone()));
            outline.encodings(&media_type.encoding, &media_type.prefix_encoding, media_type.item_encoding.as_deref());
            outline.examples(&media_type.examples);
            outline.extensions(&media_type.extensions);
        });
    }

    fn encodings(&mut self, named: &IndexMap<String, Encoding>, prefix: &[Encoding], item: Option<&Encoding>) {
        named.iter().for_each(|(name, encoding)| self.encoding(&format!("of {name}"), encoding));
        prefix.iter().enumerate().for_each(|(index, encoding)| self.encoding(&format!("of part {index}"), encoding));
        if let Some(encoding) = item {
            self.encoding("of every part", encoding);
        }
    }

    fn encoding(&mut self, name: &str, encoding: &Encoding) {
        self.under(format!("encoding {name}"), |outline| {
            outline.text("content type", encoding.content_type.as_deref());
            outline.maybe("style", encoding.style.map(oas_model::Style::as_str));
            outline.maybe("explode", encoding.explode);
            outline.flag("allow reserved", encoding.allow_reserved);
            encoding.headers.iter().for_each(|header| outline.header(header));
            outline.encodings(&encoding.encoding, &encoding.prefix_encoding, encoding.item_encoding.as_deref());
        });
    }

    fn response(&mut self, response: &Response) {
        self.under(format!("response {}", response.status), |outline| {
            outline.text("summary", response.summary.as_deref());
            outline.text("description", response.description.as_deref());
            response.headers.iter().for_each(|header| outline.header(header));
            response.content.iter().for_each(|media_type| outline.media_type(media_type));
            response.links.iter().for_each(|(name, link)| outline.link(name, link));
            outline.extensions(&response.extensions);
        });
    }

    fn header(&mut self, header: &Header) {
        self.under(format!("header {}", header.name), |outline| {
            outline.text("description", header.description.as_deref());
            outline.flag("required", header.required);
            outline.flag("deprecated", header.deprecated);
            outline.flag("explode", header.explode);
            outline.payload(&header.payload);
            outline.examples(&header.examples);
            outline.extensions(&header.extensions);
        });
    }

    fn link(&mut self, name: &str, link: &Link) {
        self.under(format!("link {name} to {}", link.target.as_deref().unwrap_or("-")), |outline| {
            outline.text("description", link.description.as_deref());
            link.parameters.iter().for_each(|(name, value)| outline.line(format!("{name} = {value}")));
            outline.maybe("body", link.request_body.as_ref());
            outline.maybe("server", link.server.as_ref().map(|server| &server.url));
        });
    }

    fn callback(&mut self, callback: &Callback) {
        self.under(format!("callback {} to {}", callback.name, callback.expression), |outline| {
            callback.operations.iter().for_each(|operation| outline.operation(operation));
        });
    }

    fn schema(&mut self, schema: &Schema) {
        self.maybe("component", schema.component.as_ref());
        self.maybe("boolean", schema.boolean);
        self.id("reference", schema, schema.reference);
        self.maybe(
            "type",
            schema.types.map(|types| types.iter().map(oas_model::Type::as_str).collect::<Vec<_>>().join(", ")),
        );
        self.maybe("enum", schema.enumeration.clone().map(serde_json::Value::from));
        self.maybe("const", schema.constant.as_ref());
        self.maybe("format", schema.format.as_ref());
        self.bound("minimum", schema.minimum.as_ref());
        self.bound("maximum", schema.maximum.as_ref());
        self.maybe("multiple of", schema.multiple_of.as_ref());
        self.maybe("min length", schema.min_length);
        self.maybe("max length", schema.max_length);
        self.text("pattern", schema.pattern.as_deref());
        self.maybe("content encoding", schema.content_encoding.as_ref());
        self.maybe("content media type", schema.content_media_type.as_ref());
        self.id("content schema", schema, schema.content_schema);
        self.arrays(schema);
        self.objects(schema);
        self.ids("all of", schema, &schema.all_of);
        self.ids("any of", schema, &schema.any_of);
        self.ids("one of", schema, &schema.one_of);
        self.id("not", schema, schema.not);
        self.id("if", schema, schema.condition);
        self.id("then", schema, schema.consequence);
        self.id("else", schema, schema.alternative);
        self.annotations(schema);
    }

    fn bound(&mut self, name: &str, bound: Option<&Bound>) {
        let word = |bound: &Bound| if bound.exclusive { "exclusive" } else { "inclusive" };
        self.maybe(name, bound.map(|bound| format!("{} {}", bound.value, word(bound))));
    }

    fn arrays(&mut self, schema: &Schema) {
        self.ids("prefix items", schema, &schema.prefix_items);
        self.rest("items", schema, schema.items);
        self.maybe("min items", schema.min_items);
        self.maybe("max items", schema.max_items);
        self.flag("unique items", schema.unique_items);
        self.id("contains", schema, schema.contains);
        self.maybe("min contains", schema.min_contains);
        self.maybe("max contains", schema.max_contains);
        self.rest("unevaluated items", schema, schema.unevaluated_items);
    }

    fn objects(&mut self, schema: &Schema) {
        self.map("property", schema, &schema.properties);
        self.maybe("required", (!schema.required.is_empty()).then(|| schema.required.join(", ")));
        self.rest("additional properties", schema, schema.additional_properties);
        self.map("pattern", schema, &schema.pattern_properties);
        self.id("property names", schema, schema.property_names);
        self.maybe("min properties", schema.min_properties);
        self.maybe("max properties", schema.max_properties);
        for (name, names) in &schema.dependent_required {
            self.line(format!("{name} requires {}", names.join(", ")));
        }
        self.map("dependent schema", schema, &schema.dependent_schemas);
        self.rest("unevaluated properties", schema, schema.unevaluated_properties);
    }

    fn annotations(&mut self, schema: &Schema) {
        if let Some(discriminator) = &schema.discriminator {
            self.under(format!("discriminator {}", discriminator.property), |outline| {
                outline.map("value", schema, &discriminator.mapping);
                outline.id("default", schema, discriminator.default);
            });
        }
        self.text("title", schema.title.as_deref());
        self.text("description", schema.description.as_deref());
        self.maybe("default", schema.default.as_ref());
        schema.examples.iter().for_each(|example| self.line(format!("example: {example}")));
        self.flag("deprecated", schema.deprecated);
        self.flag("read only", schema.read_only);
        self.flag("write only", schema.write_only);
        self.maybe("xml", schema.xml.as_ref().map(|xml| format!("{xml:?}")));
        self.maybe("docs", schema.external_docs.as_ref().map(|docs| &docs.url));
        self.extensions(&schema.extensions);
        schema.unknown.iter().for_each(|(name, value)| self.line(format!("unknown {name}: {value}")));
    }

    /// What another schema is called inside of `schema`: what stands in it is told from it.
    fn label(&self, schema: &Schema, id: SchemaId) -> String {
        let label = &self.labels[&id];
        let own = schema.at.pointer.to_string();
        match label.strip_prefix(&own) {
            Some(rest) if rest.starts_with('/') => format!(".{rest}"),
            _ => label.clone(),
        }
    }

    fn id(&mut self, name: &str, schema: &Schema, id: Option<SchemaId>) {
        self.maybe(name, id.map(|id| self.label(schema, id)));
    }

    fn ids(&mut self, name: &str, schema: &Schema, ids: &[SchemaId]) {
        let labels: Vec<String> = ids.iter().map(|id| self.label(schema, *id)).collect();
        self.maybe(name, (!labels.is_empty()).then(|| labels.join(" | ")));
    }

    fn rest(&mut self, name: &str, schema: &Schema, items: AdditionalItems) {
        self.id(name, schema, items.schema());
    }

    fn map(&mut self, name: &str, schema: &Schema, ids: &IndexMap<String, SchemaId>) {
        for (key, id) in ids {
            let label = self.label(schema, *id);
            self.line(format!("{name} {key}: {label}"));
        }
    }
}

/// What a scheme is, on one line.
fn scheme_kind(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => format!("api key {name} in {location:?}").to_lowercase(),
        SecuritySchemeKind::Http { scheme, bearer_format } => {
            format!("http {scheme} {}", bearer_format.as_deref().unwrap_or_default()).trim_end().to_owned()
        }
        SecuritySchemeKind::MutualTls => "mutual TLS".to_owned(),
        SecuritySchemeKind::OAuth2 { .. } => "OAuth 2".to_owned(),
        SecuritySchemeKind::OpenIdConnect { url } => format!("OpenID Connect at {url}"),
    }
}

/// Alternatives, on one line.
fn security(requirements: &[SecurityRequirement]) -> String {
    if requirements.is_empty() {
        return "none".to_owned();
    }
    let one = |requirement: &SecurityRequirement| {
        if requirement.schemes.is_empty() {
            return "anonymous".to_owned();
        }
        let schemes = requirement.schemes.iter();
        let scopes =
            |scopes: &[String]| if scopes.is_empty() { String::new() } else { format!("[{}]", scopes.join(" ")) };
        schemes.map(|(name, list)| format!("{name}{}", scopes(list))).collect::<Vec<_>>().join(" and ")
    };
    requirements.iter().map(one).collect::<Vec<_>>().join(" or ")
}
