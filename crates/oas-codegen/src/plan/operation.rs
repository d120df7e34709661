//! Operations: their names, parameters, bodies and responses.

use std::collections::BTreeMap;

use oas_document::Location;
use oas_model::{Direction, Operation, Parameter, Payload, Response, StatusPattern};
use serde_json::Value;

use super::draft::Draft;
use super::file::FileRef;
use super::hint::Hint;
use super::in_order::in_order;
use super::key::KeyPath;
use super::names::Kind;
use super::operation_names::{ReservedNames, path_words};
use super::planner::Planner;
use super::request::Request;
use super::scope::Scope;
use super::security::Requirements;
use super::type_names::{Base, TypeRequest};
use super::{
    BodyItem, CommandItem, CredentialsId, GroupItem, HeaderField, HeadersItem, Ident, OperationId, OperationItem,
    ParamField, ParamPresence, ParamsItem, ResponseItem, RustType, SuccessItem,
};

/// The responses that can be a success: those of 2xx; without any, the default.
fn successes(responses: &[Response]) -> Vec<usize> {
    let indices = |holds: &dyn Fn(StatusPattern) -> bool| -> Vec<usize> {
        responses.iter().enumerate().filter(|(_, one)| holds(one.status)).map(|(index, _)| index).collect()
    };
    let successes = indices(&StatusPattern::is_success);
    if successes.is_empty() { indices(&|status| status == StatusPattern::Default) } else { successes }
}

/// `Status200`, `Status4XX`, `Default`.
fn variant(status: StatusPattern) -> Ident {
    Ident::new(match status {
        StatusPattern::Default => "Default".to_owned(),
        other => format!("Status{other}"),
    })
}

/// Settles the types of every operation. They are visited in the order of their keys, and returned in that of the
/// document.
pub(super) fn settle(
    planner: &mut Planner<'_>,
    heads: Vec<ReservedNames>,
    requirements: &Requirements,
    groups: &mut [GroupItem],
) -> Vec<OperationItem> {
    let api = planner.api;
    for (index, head) in heads.iter().enumerate() {
        groups[head.group.0].operations.push(OperationId(index));
    }
    let mut order: Vec<(usize, ReservedNames)> = heads.into_iter().enumerate().collect();
    order.sort_by(|(_, one), (_, other)| one.path.cmp(&other.path));
    let mut items: Vec<(usize, OperationItem)> = Vec::with_capacity(order.len());
    for (index, head) in order {
        let credentials = requirements.by_operation[index];
        items.push((index, planner.operation(&api[head.operation], head, credentials)));
    }
    items.sort_by_key(|(index, _)| *index);
    items.into_iter().map(|(_, item)| item).collect()
}

impl ReservedNames {
    /// The hint for a type of the operation: what follows the operation's name, and where it stands.
    fn hint(&self, suffix: &str, path: KeyPath, context: &Location) -> Hint {
        Hint {
            base: Base::Settled { is_kept: self.is_kept },
            words: format!("{} {suffix}", self.type_prefix.as_str()).trim_end().to_owned(),
            longer: Some(format!("{} Operation {suffix}", self.type_prefix.as_str())),
            path,
            file: FileRef::Named(self.module.clone()),
            depth: 0,
            context: Some(context.clone()),
        }
    }
}

impl Planner<'_> {
    /// Asks for the name of a type of an operation. Pins by place speak of the operation there, not of its types.
    fn operation_type(&mut self, head: &ReservedNames, suffix: &str, section: &str, at: &Location) -> Ident {
        let hint = head.hint(suffix, head.path.child(section), at);
        self.ask_own(&hint, at)
    }

    /// What stands for the name of the headers of a response; responses that are components share theirs among
    /// operations.
    fn headers_ident(&mut self, response: &Response, head: &ReservedNames) -> Option<(Ident, KeyPath)> {
        if response.headers.is_empty() {
            return None;
        }
        let tokens: Vec<_> = response.at.pointer.tokens().collect();
        let [_components, _responses, name] = tokens.as_slice() else {
            let status = response.status.to_string();
            let path = head.path.inside("responses", &status).child("headers");
            let suffix = format!("{} Headers", variant(response.status).as_str());
            let ident = self.ask_own(&head.hint(&suffix, path.clone(), &response.at), &response.at);
            return Some((ident, path));
        };
        let path = KeyPath::root("responses", name).child("headers");
        if let Some(shared) = self.shared_headers.get(&response.at) {
            return Some((shared.clone(), path));
        }
        let ident = self.names.types.ask(TypeRequest {
            key: path.type_key(),
            base: Base::Settled { is_kept: true },
            words: format!("{name} Headers"),
            longer: Some(format!("{name} Response Headers")),
            at: response.at.clone(),
            has_place: true,
        });
        self.shared_headers.insert(response.at.clone(), ident.clone());
        Some((ident, path))
    }

    fn operation(
        &mut self,
        operation: &Operation,
        head: ReservedNames,
        credentials: Option<CredentialsId>,
    ) -> OperationItem {
        let at = &operation.at;
        let params = (!operation.parameters.is_empty()).then(|| ParamsItem {
            ident: self.operation_type(&head, "Params", "params", at),
            fields: self.params(&operation.parameters, &head, at),
        });
        let body = operation.request_body.as_ref().and_then(|body| {
            let hint = head.hint("Body", head.path.child("body"), at);
            let content = self.body_content(&body.content, &hint, Direction::Request)?;
            let doc = body.description.clone().unwrap_or_default();
            Some(BodyItem { required: body.required, doc, content })
        });
        let responses = operation.responses.iter().enumerate();
        let responses = responses.map(|(index, response)| self.response(index, response, &head, at)).collect();
        let successes = successes(&operation.responses);
        let success = match successes.as_slice() {
            [] => SuccessItem::Undocumented,
            [only] => SuccessItem::Single(*only),
            _ => {
                let ident = self.operation_type(&head, "Success", "success", at);
                SuccessItem::Several { ident, responses: successes }
            }
        };
        OperationItem {
            operation: head.operation,
            module: head.module.clone(),
            doc: super::doc::of_operation(operation),
            params,
            body,
            responses,
            response_ident: self.operation_type(&head, "Response", "response", at),
            error_ident: self.operation_type(&head, "Error", "error", at),
            success,
            credentials,
            id: head.id,
            key: head.path,
            method_ident: head.method_ident,
            builder_ident: Ident::open(),
            part_setters: BTreeMap::new(),
            command: CommandItem { ident: Ident::open(), params: Vec::new(), members: BTreeMap::new() },
            type_prefix: head.type_prefix,
            group: head.group,
            // Settled when all types are.
            behavior: super::Behavior::default(),
        }
    }

    fn response(&mut self, index: usize, response: &Response, head: &ReservedNames, at: &Location) -> ResponseItem {
        let variant = variant(response.status);
        let path = head.path.inside("responses", &response.status.to_string());
        let body = head.hint(&format!("{} Body", variant.as_str()), path.child("body"), at);
        let body = self.body_content(&response.content, &body, Direction::Response);
        let headers = self.headers_ident(response, head).map(|(ident, key)| {
            let base = Hint { longer: None, ..head.hint(variant.as_str(), path.child("headers"), at) };
            self.headers(ident, &key, response, &base)
        });
        let doc = super::doc::of_response(response);
        ResponseItem { response: index, status: response.status, variant, doc, body, headers }
    }

    /// The parameters. Their idents are settled with the setters of the request builder.
    fn params(&mut self, parameters: &[Parameter], head: &ReservedNames, at: &Location) -> Vec<ParamField> {
        let mut fields: Vec<ParamField> = Vec::with_capacity(parameters.len());
        for index in in_order(parameters, |one| (&one.name, location_word(one))) {
            let parameter = &parameters[index];
            let hint = parameter_hint(parameter, head, parameter_path(&head.path, parameter), at);
            let ty = self.payload_type(&parameter.payload, &hint);
            let presence = self.param_presence(parameter, &ty);
            let doc = super::doc::of_parameter(parameter, self.api);
            fields.push(ParamField { parameter: index, ident: Ident::open(), doc, ty, presence });
        }
        fields.sort_by_key(|field| field.parameter);
        fields
    }

    fn headers(&mut self, ident: Ident, key: &KeyPath, response: &Response, hint: &Hint) -> HeadersItem {
        let mut scope = Scope::new(Kind::Field, format!("headers of `{}`", key.as_str()));
        let requests = response
            .headers
            .iter()
            .map(|header| Request::named(Kind::Field, &header.name, key.field_key(&header.name), &header.at).placed());
        let idents = self.settle_names(&mut scope, requests.collect());
        let mut fields: Vec<HeaderField> = Vec::with_capacity(response.headers.len());
        for index in in_order(&response.headers, |one| &one.name) {
            let header = &response.headers[index];
            let hint = hint.inside(&header.name, hint.path.child(&header.name));
            fields.push(HeaderField {
                header: index,
                ident: idents[index].clone(),
                doc: super::doc::of_header(header, self.api),
                ty: self.payload_type(&header.payload, &hint),
                required: header.required,
            });
        }
        fields.sort_by_key(|field| field.header);
        HeadersItem { ident, key: key.clone(), fields }
    }

    /// The type of a parameter or header. What is absent there is `null`'s only spelling.
    fn payload_type(&mut self, payload: &Payload, hint: &Hint) -> RustType {
        match payload.schema() {
            Some(id) => match self.type_of(id, hint) {
                RustType::Bytes => RustType::String,
                ty => ty,
            },
            None => RustType::String,
        }
    }

    fn param_presence(&mut self, parameter: &Parameter, ty: &RustType) -> ParamPresence {
        if parameter.required {
            return ParamPresence::Required;
        }
        let default = parameter.payload.schema().and_then(|id| self.default_of(id));
        match default {
            None | Some(Value::Null) => ParamPresence::Optional,
            Some(default) if self.fits(ty, &default) => ParamPresence::Default(default),
            Some(default)
                if !matches!(ty, RustType::Formatted(_))
                    && parameter.payload.schema().is_some_and(|id| super::admits::admits(self.api, id, &default)) =>
            {
                let message =
                    format!("the default `{default}` is not filled in: a parameter that is absent stays absent");
                let hint = "no value of this type can be written as code; whoever serves the operation fills it in";
                self.note("unused-default", &parameter.at, message, hint);
                ParamPresence::Optional
            }
            Some(default) => {
                let message =
                    format!("the default `{default}` does not fit the type of the parameter, which became optional");
                self.warn("unfit-default", &parameter.at, message, "correct the default, or the type");
                ParamPresence::Optional
            }
        }
    }

    /// The default of a schema, or of what it refers to.
    fn default_of(&self, id: oas_model::SchemaId) -> Option<Value> {
        let mut id = id;
        for _ in 0..64 {
            let schema = &self.api.schemas[id];
            if let Some(default) = &schema.default {
                return Some(default.clone());
            }
            id = schema.reference?;
        }
        None
    }

    /// Whether a default is a value of `ty` that code can state without asking at run time.
    fn fits(&mut self, ty: &RustType, value: &Value) -> bool {
        match ty {
            RustType::Bool => value.is_boolean(),
            RustType::Integer(integer) => integer.has_value(value),
            RustType::F64 => value.is_number(),
            RustType::String => value.is_string(),
            RustType::Json => true,
            RustType::JsonObject => value.is_object(),
            RustType::Null => value.is_null(),
            RustType::Option(inner) => value.is_null() || self.fits(inner, value),
            RustType::Boxed(inner) => self.fits(inner, value),
            RustType::List(inner) => {
                value.as_array().is_some_and(|items| items.iter().all(|item| self.fits(inner, item)))
            }
            RustType::Named(index) => self.fits_named(index.0, value),
            RustType::Formatted(format) => value.as_str().is_some_and(|text| format.has_value(text)),
            RustType::Map(_) | RustType::OrOther(_) | RustType::Tuple(_) | RustType::Bytes | RustType::Number => false,
        }
    }

    /// Whether a default is one of the values of an enum, or of the type that a component stands for.
    fn fits_named(&mut self, index: usize, value: &Value) -> bool {
        use super::shape::Shape;
        let Draft { conjunction, path, .. } = &self.drafts[index];
        let (conjunction, path) = (conjunction.clone(), path.clone());
        match self.shape(&conjunction, &path) {
            Shape::Strings(values) => value.as_str().is_some_and(|text| values.iter().any(|listed| listed == text)),
            Shape::Integers(values) => {
                value.as_number().and_then(serde_json::Number::as_i128).is_some_and(|number| values.contains(&number))
            }
            Shape::Scalar(ty) => !matches!(ty, RustType::Named(_)) && self.fits(&ty, value),
            _ => false,
        }
    }
}

/// The hint for the type of a parameter. One that several operations of a path share is named after the path.
fn parameter_hint(parameter: &Parameter, head: &ReservedNames, path: KeyPath, at: &Location) -> Hint {
    let tokens: Vec<_> = parameter.at.pointer.tokens().take(3).collect();
    if let [paths, shared, parameters] = tokens.as_slice()
        && paths == "paths"
        && parameters == "parameters"
    {
        return Hint {
            base: Base::Settled { is_kept: true },
            words: format!("{} {}", path_words(shared).join(" "), parameter.name),
            longer: None,
            path: KeyPath::root("paths", shared).inside(location_word(parameter), &parameter.name),
            context: Some(parameter.at.clone()),
            ..head.hint("", path, at)
        };
    }
    Hint { longer: None, ..head.hint(&parameter.name, path, at) }
}

/// What a parameter of an operation is known by: where it is sent, and its name.
pub(super) fn parameter_path(operation: &KeyPath, parameter: &Parameter) -> KeyPath {
    operation.inside(location_word(parameter), &parameter.name)
}

/// Where a parameter is sent, in a word.
pub(super) fn location_word(parameter: &Parameter) -> &'static str {
    match parameter.location {
        oas_model::ParameterLocation::Path => "path",
        oas_model::ParameterLocation::Query | oas_model::ParameterLocation::Querystring => "query",
        oas_model::ParameterLocation::Header => "header",
        oas_model::ParameterLocation::Cookie => "cookie",
    }
}
