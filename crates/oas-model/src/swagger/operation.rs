//! Path items, operations, parameters, bodies and responses.

use oas_document::{Node, Span, Value};

use super::schema::{self, is_keyword};
use super::tree::{self, Draft, flag, list, object, text};
use super::{Raiser, members};

/// The members of a path item that hold operations.
const METHODS: [&str; 7] = ["get", "put", "post", "delete", "options", "head", "patch"];

/// The media types of forms.
const MULTIPART: &str = "multipart/form-data";
const URL_ENCODED: &str = "application/x-www-form-urlencoded";

/// The parts of a body among parameters.
#[derive(Default)]
struct BodyParts<'d> {
    /// The parameter that is the body.
    body: Option<&'d Node>,
    /// The parameters that are members of a form.
    form: Vec<&'d Node>,
}

impl<'d> BodyParts<'d> {
    /// Takes the parameter when it is part of a body.
    fn take(&mut self, parameter: &'d Node) -> bool {
        match parameter.get("in").and_then(Node::as_str) {
            Some("body") => {
                self.body.get_or_insert(parameter);
                true
            }
            Some("formData") => {
                let name = |node: &'d Node| node.get("name").and_then(Node::as_str);
                if !self.form.iter().any(|other| name(other) == name(parameter)) {
                    self.form.push(parameter);
                }
                true
            }
            _ => false,
        }
    }
}

impl<'d> Raiser<'d> {
    /// A path item.
    pub(super) fn path_item(&mut self, item: &'d Node) -> Node {
        let shared = item.get("parameters").and_then(Node::as_array).unwrap_or_default();
        let shared_parts: Vec<&'d Node> = shared.iter().filter(|one| self.is_part(one)).collect();
        let mut draft = Draft::default();
        for (name, member) in members(item) {
            let node = &member.node;
            match name.as_str() {
                "parameters" => {
                    let plain = shared.iter().filter_map(|one| self.parameter(one)).collect();
                    draft.keep(name, member, list(plain, node.span));
                }
                "$ref" => draft.keep(name, member, rewritten(node)),
                method if METHODS.contains(&method) => {
                    draft.keep(name, member, self.operation(node, &shared_parts));
                }
                _ => draft.keep(name, member, node.clone()),
            }
        }
        draft.into_node(item.span)
    }

    /// An operation; `shared` are the parts of a body that stand in its path item.
    fn operation(&mut self, operation: &'d Node, shared: &[&'d Node]) -> Node {
        let own = operation.get("parameters").and_then(Node::as_array).unwrap_or_default();
        let mut parts = BodyParts::default();
        for parameter in own.iter().chain(shared.iter().copied()) {
            parts.take(self.followed(parameter));
        }
        let mut draft = Draft::default();
        for (name, member) in members(operation) {
            let node = &member.node;
            match name.as_str() {
                "consumes" | "produces" => {}
                "schemes" => self.leave_out("`schemes` of an operation", node, "describe `servers`, in an overlay"),
                "parameters" => {
                    let plain = own.iter().filter_map(|one| self.parameter(one)).collect();
                    draft.keep(name, member, list(plain, node.span));
                }
                "responses" => {
                    let responses = tree::mapped(node, |key, one| {
                        if key.starts_with("x-") { one.clone() } else { self.response(one, operation) }
                    });
                    draft.keep(name, member, responses);
                }
                _ => draft.keep(name, member, node.clone()),
            }
        }
        if let Some(body) = self.body(&parts, operation) {
            draft.put("requestBody", body);
        }
        draft.into_node(operation.span)
    }

    /// What a parameter that is a reference names, as far as it stands in the document.
    fn followed(&self, parameter: &'d Node) -> &'d Node {
        let name = parameter.get("$ref").and_then(Node::as_str).and_then(|text| text.strip_prefix("#/parameters/"));
        let name = name.map(|name| name.replace("~1", "/").replace("~0", "~"));
        name.and_then(|name| self.root.get("parameters")?.get(&name)).unwrap_or(parameter)
    }

    fn is_part(&self, parameter: &'d Node) -> bool {
        BodyParts::default().take(self.followed(parameter))
    }

    /// A parameter; `None` when it is part of a body.
    fn parameter(&self, parameter: &'d Node) -> Option<Node> {
        if self.is_part(parameter) {
            return None;
        }
        match parameter.get("$ref") {
            Some(_) => {
                Some(tree::mapped(parameter, |name, one| if name == "$ref" { rewritten(one) } else { one.clone() }))
            }
            None => plain_parameter(parameter),
        }
    }

    /// The media types of an operation, or else of the document.
    fn media_types(&self, operation: &'d Node, name: &str) -> Vec<&'d str> {
        let stated = operation.get(name).or_else(|| self.root.get(name)).and_then(Node::as_array).unwrap_or_default();
        stated.iter().filter_map(Node::as_str).collect()
    }

    /// The body that some parameters make.
    fn body(&mut self, parts: &BodyParts<'d>, operation: &'d Node) -> Option<Node> {
        let consumed = self.media_types(operation, "consumes");
        if let Some(body) = parts.body {
            for field in &parts.form {
                self.leave_out("a form beside a body", field, "an operation has one or the other");
            }
            let schema = body.get("schema").map_or_else(|| schema::of_keywords(body), schema::raise);
            let names = if consumed.is_empty() { vec!["application/json"] } else { consumed };
            let mut draft = Draft::default();
            for (name, member) in members(body) {
                if matches!(name.as_str(), "description" | "required") || name.starts_with("x-") {
                    draft.keep(name, member, member.node.clone());
                }
            }
            draft.put("content", content(&names, &schema, body.span));
            return Some(draft.into_node(body.span));
        }
        let first = parts.form.first()?;
        let schema = form(&parts.form, first.span);
        let has_file = parts.form.iter().any(|one| one.get("type").and_then(Node::as_str) == Some("file"));
        let is_form = |name: &&str| [MULTIPART, URL_ENCODED].contains(name) && !(has_file && *name == URL_ENCODED);
        let mut names: Vec<&str> = consumed.into_iter().filter(is_form).collect();
        if names.is_empty() {
            names.push(if has_file { MULTIPART } else { URL_ENCODED });
        }
        let is_required = |one: &&&Node| one.get("required").and_then(Node::as_bool) == Some(true);
        let required = parts.form.iter().any(|one| is_required(&one));
        let content = content(&names, &schema, first.span);
        Some(object([("required", flag(required, first.span)), ("content", content)], first.span))
    }

    /// A response of an operation, or of the document, when `owner` is that.
    pub(super) fn response(&self, response: &'d Node, owner: &'d Node) -> Node {
        let mut draft = Draft::default();
        let produced = self.media_types(owner, "produces");
        let examples = response.get("examples");
        for (name, member) in members(response) {
            let node = &member.node;
            match name.as_str() {
                "$ref" => draft.keep(name, member, rewritten(node)),
                "examples" => {}
                "headers" => draft.keep(name, member, tree::mapped(node, |_, one| header(one))),
                "schema" => {
                    let is_file = node.get("type").and_then(Node::as_str) == Some("file");
                    let stated = examples.and_then(Node::as_object).into_iter().flatten();
                    let mut names = produced.clone();
                    // What all operations produce unless they say otherwise is hardly meant for a file.
                    if is_file && owner.get("produces").is_none() {
                        names.clear();
                    }
                    names.extend(
                        stated
                            .map(|(name, _)| name.as_str())
                            .filter(|name| name.contains('/') && produced.is_empty() && !is_file),
                    );
                    if names.is_empty() {
                        names.push(if is_file { "application/octet-stream" } else { "application/json" });
                    }
                    draft.keep("content", member, with_examples(&names, &schema::raise(node), examples, node.span));
                }
                _ => draft.keep(name, member, node.clone()),
            }
        }
        if response.as_object().is_none() { response.clone() } else { draft.into_node(response.span) }
    }
}

/// A parameter that is no part of a body and no reference; `None` when it is part of one.
pub(super) fn plain_parameter(parameter: &Node) -> Option<Node> {
    if BodyParts::default().take(parameter) {
        return None;
    }
    let mut draft = Draft::default();
    for (name, member) in members(parameter) {
        match name.as_str() {
            "collectionFormat" => {}
            "schema" => draft.keep(name, member, schema::raise(&member.node)),
            _ if is_keyword(name) => {}
            _ => draft.keep(name, member, member.node.clone()),
        }
    }
    if parameter.as_object().is_none() {
        return Some(parameter.clone());
    }
    let is_list = parameter.get("type").and_then(Node::as_str) == Some("array");
    if is_list {
        put_style(&mut draft, parameter);
    }
    if !draft.has("schema") {
        draft.put("schema", schema::of_keywords(parameter));
    }
    Some(draft.into_node(parameter.span))
}

/// How a list is written: by commas, unless it says otherwise.
fn put_style(draft: &mut Draft, parameter: &Node) {
    let stated = parameter.get("collectionFormat");
    let span = stated.map_or(parameter.span, |stated| stated.span);
    let is_query = parameter.get("in").and_then(Node::as_str) == Some("query");
    match stated.and_then(Node::as_str) {
        Some("multi") => draft.put("explode", flag(true, span)),
        Some("ssv") => {
            draft.put("style", text("spaceDelimited", span));
            draft.put("explode", flag(false, span));
        }
        Some("pipes") => {
            draft.put("style", text("pipeDelimited", span));
            draft.put("explode", flag(false, span));
        }
        // Nothing is written with tabs any more: the model says that the style is not possible.
        Some("tsv") => draft.put("style", text("tabDelimited", span)),
        _ if is_query => draft.put("explode", flag(false, span)),
        _ => {}
    }
}

/// A header of a response.
fn header(header: &Node) -> Node {
    let mut draft = Draft::default();
    for (name, member) in members(header) {
        if name != "collectionFormat" && !is_keyword(name) {
            draft.keep(name, member, member.node.clone());
        }
    }
    if header.as_object().is_none() {
        return header.clone();
    }
    if !draft.has("schema") && !draft.has("$ref") {
        draft.put("schema", schema::of_keywords(header));
    }
    draft.into_node(header.span)
}

/// The schema of a form.
fn form(fields: &[&Node], span: Span) -> Node {
    let (mut properties, mut required) = (Draft::default(), Vec::new());
    for field in fields {
        let Some(name) = field.get("name").filter(|name| name.as_str().is_some()) else { continue };
        let mut schema = schema::of_keywords(field);
        if let (Value::Object(members), Some(description)) = (&mut schema.value, field.get("description")) {
            let member = oas_document::Member { key: description.span, node: description.clone() };
            members.insert("description".to_owned(), member);
        }
        properties.put(name.as_str().unwrap_or_default(), schema);
        if field.get("required").and_then(Node::as_bool) == Some(true) {
            required.push(name.clone());
        }
    }
    let mut draft = Draft::default();
    draft.put("type", text("object", span));
    draft.put("properties", properties.into_node(span));
    if !required.is_empty() {
        draft.put("required", list(required, span));
    }
    draft.into_node(span)
}

/// A `content` of one schema for several media types.
fn content(names: &[&str], schema: &Node, span: Span) -> Node {
    with_examples(names, schema, None, span)
}

/// The same with the examples that stand beside the schema, by media type.
fn with_examples(names: &[&str], schema: &Node, examples: Option<&Node>, span: Span) -> Node {
    let mut draft = Draft::default();
    for name in names {
        let mut media_type = Draft::default();
        media_type.put("schema", schema.clone());
        if let Some(example) = examples.and_then(|examples| examples.get(name)) {
            media_type.put("example", example.clone());
        }
        draft.put(name, media_type.into_node(span));
    }
    draft.into_node(span)
}

/// A reference as it is written now.
fn rewritten(node: &Node) -> Node {
    node.as_str().map_or_else(|| node.clone(), |written| text(&schema::reference(written), node.span))
}
