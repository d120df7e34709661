//! Operations: their names, parameters, bodies and responses.

use oas_document::Location;
use oas_model::{Operation, Parameter, Payload, Response, StatusPattern};
use serde_json::Value;

use super::content::Way;
use super::names::{self, Kind};
use super::scope::Scope;
use super::security::Requirements;
use super::settle::{Hint, Planner};
use super::{
    BodyItem, GroupItem, HeaderField, HeadersItem, Ident, OperationItem, ParamField, ParamPresence, ParamsItem,
    ResponseItem, RustType, SuccessItem,
};

/// The names of an operation, taken before any inline type can take them.
pub(super) struct Head {
    /// The index of the operation in the model.
    pub(super) operation: usize,
    id: String,
    pub(super) method_ident: Ident,
    type_prefix: Ident,
    pub(super) group: usize,
    pub(super) module: String,
    params_ident: Option<Ident>,
    response_ident: Ident,
    error_ident: Ident,
    success: SuccessItem,
    headers_idents: Vec<Option<Ident>>,
    credentials_ident: Ident,
}

/// Methods that a client has anyway, or that every value has.
const METHODS: [&str; 22] = [
    "api_version",
    "as_ref",
    "base_url",
    "baseurl",
    "borrow",
    "borrow_mut",
    "builder",
    "client",
    "clone",
    "clone_into",
    "default",
    "exec",
    "fmt",
    "from",
    "inner",
    "into",
    "new",
    "new_with_client",
    "post",
    "pre",
    "to_owned",
    "type_id",
];

/// Settles every name that an operation has, in the order of the document.
pub(super) fn reserve(planner: &mut Planner<'_>, groups: &[GroupItem]) -> Vec<Head> {
    let api = planner.api;
    let mut methods = Scope::new(Kind::Field, "methods of the client");
    let mut prefixes = Scope::new(Kind::Type, "operations");
    if let Some(first) = api.operations.first() {
        for taken in METHODS {
            methods.take_exactly(taken, &first.at);
        }
    }
    let mut ids = std::collections::BTreeSet::new();
    let mut heads = Vec::with_capacity(api.operations.len());
    for (index, operation) in api.operations.iter().enumerate() {
        let mut id = operation.id.clone().unwrap_or_else(|| id_of(operation));
        while !ids.insert(id.clone()) {
            id.push('_');
        }
        let pinned = planner.pinned_type(&operation.at).or_else(|| planner.pinned_field(&operation.at));
        let name = pinned.unwrap_or_else(|| id.clone());
        let method_ident = methods.take_either(&name, &format!("{name} operation"), &operation.at);
        let type_prefix = prefixes.take_either(&name, &format!("{name} operation"), &operation.at);
        let tag = operation.tags.first();
        let group = groups.iter().position(|group| group.tag.as_ref() == tag).unwrap_or_default();
        let module = groups.get(group).map_or("untagged", |group| group.module.as_str());
        heads.push(head(planner, operation, index, id, (method_ident, type_prefix), (group, module)));
    }
    planner.diagnostics.extend(methods.into_collisions());
    planner.diagnostics.extend(prefixes.into_collisions());
    super::group::spread(&mut heads, groups.len());
    heads
}

fn head(
    planner: &mut Planner<'_>,
    operation: &Operation,
    index: usize,
    id: String,
    (method_ident, type_prefix): (Ident, Ident),
    (group, module): (usize, &str),
) -> Head {
    let mut take = |suffix: &str| {
        let (first, second) = (format!("{type_prefix} {suffix}"), format!("{type_prefix} Operation {suffix}"));
        planner.take_type_named(&first, &second, &operation.at)
    };
    let params_ident = (!operation.parameters.is_empty()).then(|| take("Params"));
    let response_ident = take("Response");
    let error_ident = take("Error");
    let successes = successes(&operation.responses);
    let success = match successes.as_slice() {
        [] => SuccessItem::Undocumented,
        [only] => SuccessItem::Single(*only),
        _ => SuccessItem::Several { ident: take("Success"), responses: successes },
    };
    let credentials_ident = take("Credentials");
    let headers_idents = operation.responses.iter().map(|one| planner.headers_ident(one, &type_prefix)).collect();
    Head {
        operation: index,
        id,
        method_ident,
        type_prefix,
        group,
        module: format!("operations/{module}"),
        params_ident,
        response_ident,
        error_ident,
        success,
        headers_idents,
        credentials_ident,
    }
}

/// The responses that can be a success: those of 2xx; without any, the default.
fn successes(responses: &[Response]) -> Vec<usize> {
    let indices = |holds: &dyn Fn(StatusPattern) -> bool| -> Vec<usize> {
        responses.iter().enumerate().filter(|(_, one)| holds(one.status)).map(|(index, _)| index).collect()
    };
    let successes = indices(&StatusPattern::is_success);
    if successes.is_empty() { indices(&|status| status == StatusPattern::Default) } else { successes }
}

/// The id for an operation without one: `get_clips_by_id` for `GET /clips/{id}`.
fn id_of(operation: &Operation) -> String {
    let mut words = vec![operation.method.as_str().to_ascii_lowercase()];
    for segment in operation.path.split('/').filter(|segment| !segment.is_empty()) {
        let mut rest = segment;
        while let Some((before, after)) = rest.split_once('{') {
            let (name, behind) = after.split_once('}').unwrap_or((after, ""));
            words.push(before.to_owned());
            words.push(format!("by {name}"));
            rest = behind;
        }
        words.push(rest.to_owned());
    }
    if words.iter().skip(1).all(|word| word.trim().is_empty()) {
        words.push("root".to_owned());
    }
    names::ident(Kind::Field, &words.join(" "))
}

/// `Status200`, `Status4XX`, `Default`.
fn variant(status: StatusPattern) -> Ident {
    Ident::new(match status {
        StatusPattern::Default => "Default".to_owned(),
        other => format!("Status{other}"),
    })
}

/// Settles the types of every operation.
pub(super) fn settle(
    planner: &mut Planner<'_>,
    heads: Vec<Head>,
    requirements: &Requirements,
    groups: &mut [GroupItem],
) -> Vec<OperationItem> {
    let api = planner.api;
    let mut items = Vec::with_capacity(heads.len());
    for (index, head) in heads.into_iter().enumerate() {
        let Some(operation) = api.operations.get(head.operation) else { continue };
        if let Some(group) = groups.get_mut(head.group) {
            group.operations.push(items.len());
        }
        let credentials = requirements.by_operation.get(index).copied().flatten();
        items.push(planner.operation(operation, head, credentials));
    }
    items
}

impl Planner<'_> {
    /// Takes a name for a type of an operation. Pins speak of the operation there, not of its types.
    fn take_type_named(&mut self, first: &str, second: &str, at: &Location) -> Ident {
        self.scope.take_either(first, second, at)
    }

    /// The name for the headers of a response; responses that are components share theirs among operations.
    fn headers_ident(&mut self, response: &Response, type_prefix: &Ident) -> Option<Ident> {
        if response.headers.is_empty() {
            return None;
        }
        let tokens: Vec<_> = response.at.pointer.tokens().collect();
        let [_components, _responses, name] = tokens.as_slice() else {
            let variant = variant(response.status);
            let (first, second) =
                (format!("{type_prefix} {variant} Headers"), format!("{type_prefix} Operation {variant} Headers"));
            return Some(self.take_type_named(&first, &second, &response.at));
        };
        if let Some(shared) = self.shared_headers.get(&response.at) {
            return Some(shared.clone());
        }
        let ident = self.take_type_named(&format!("{name} Headers"), &format!("{name} Response Headers"), &response.at);
        self.shared_headers.insert(response.at.clone(), ident.clone());
        Some(ident)
    }

    fn operation(&mut self, operation: &Operation, head: Head, credentials: Option<usize>) -> OperationItem {
        let hint = |suffix: &str| Hint {
            name: format!("{} {suffix}", head.type_prefix),
            second: Some(format!("{} Operation {suffix}", head.type_prefix)),
            module: head.module.clone(),
            depth: 0,
            context: operation.at.clone(),
        };
        let params = head.params_ident.clone().map(|ident| {
            let base = Hint { second: None, ..hint("") };
            ParamsItem { ident, fields: self.params(&operation.parameters, &base, &head.id) }
        });
        let body = operation.request_body.as_ref().and_then(|body| {
            let content = self.body_content(&body.content, &hint("Body"), Way::Request)?;
            let doc = body.description.clone().unwrap_or_default();
            Some(BodyItem { required: body.required, doc, content })
        });
        let responses = operation.responses.iter().enumerate().zip(&head.headers_idents);
        let responses = responses
            .map(|((index, response), headers_ident)| {
                let variant = variant(response.status);
                let body = hint(&format!("{variant} Body"));
                let body = self.body_content(&response.content, &body, Way::Response);
                let base = Hint { second: None, ..hint(variant.as_str()) };
                let headers = headers_ident.clone().map(|ident| self.headers(ident, response, &base));
                let doc = super::doc::of_response(response);
                ResponseItem { response: index, status: response.status, variant, doc, body, headers }
            })
            .collect();
        OperationItem {
            operation: head.operation,
            module: head.module,
            doc: super::doc::of_operation(operation),
            params,
            body,
            responses,
            id: head.id,
            method_ident: head.method_ident,
            type_prefix: head.type_prefix,
            group: head.group,
            response_ident: head.response_ident,
            error_ident: head.error_ident,
            success: head.success,
            credentials,
            credentials_ident: head.credentials_ident,
        }
    }

    fn params(&mut self, parameters: &[Parameter], hint: &Hint, id: &str) -> Vec<ParamField> {
        let mut scope = Scope::new(Kind::Parameter, format!("parameters of `{}`", id.escape_debug()));
        let mut fields = Vec::with_capacity(parameters.len());
        for (index, parameter) in parameters.iter().enumerate() {
            let pinned = self.pinned_field(&parameter.at).filter(|pinned| scope.take_exactly(pinned, &parameter.at));
            let ident = if let Some(pinned) = pinned {
                Ident::new(pinned)
            } else {
                let located = format!("{} {}", parameter.name, location_word(parameter));
                scope.take_either(&parameter.name, &located, &parameter.at)
            };
            let ty = self.payload_type(&parameter.payload, &hint.inside(&parameter.name));
            let presence = self.param_presence(parameter, &ty);
            let doc = super::doc::of_parameter(parameter, self.api);
            fields.push(ParamField { parameter: index, ident, doc, ty, presence });
        }
        self.diagnostics.extend(scope.into_collisions());
        fields
    }

    fn headers(&mut self, ident: Ident, response: &Response, hint: &Hint) -> HeadersItem {
        let mut scope = Scope::new(Kind::Field, format!("headers of `{ident}`"));
        let mut fields = Vec::with_capacity(response.headers.len());
        for (index, header) in response.headers.iter().enumerate() {
            fields.push(HeaderField {
                header: index,
                ident: scope.take(&header.name, &header.at),
                doc: super::doc::of_header(header, self.api),
                ty: self.payload_type(&header.payload, &hint.inside(&header.name)),
                required: header.required,
            });
        }
        self.diagnostics.extend(scope.into_collisions());
        HeadersItem { ident, fields }
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
                if parameter.payload.schema().is_some_and(|id| super::admits::admits(self.api, id, &default)) =>
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
            RustType::I64 => value.is_i64(),
            RustType::U64 => value.is_u64(),
            RustType::I32 => value.as_i64().is_some_and(|number| i32::try_from(number).is_ok()),
            RustType::U32 => value.as_u64().is_some_and(|number| u32::try_from(number).is_ok()),
            RustType::F32 | RustType::F64 => value.is_number(),
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
            RustType::Uuid => value.as_str().is_some_and(|text| has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")),
            RustType::Date => value.as_str().is_some_and(|text| has_form(text, "dddd-dd-dd")),
            RustType::DateTime => value.as_str().is_some_and(is_date_time),
            RustType::Map(_) | RustType::Tuple(_) | RustType::Bytes => false,
        }
    }

    /// Whether a default is one of the values of an enum, or of the type that a component stands for.
    fn fits_named(&mut self, index: usize, value: &Value) -> bool {
        use super::shape::Shape;
        let Some(draft) = self.drafts.get(index) else { return false };
        let conjunction = draft.conjunction.clone();
        match self.shape(&conjunction) {
            Shape::Strings(values) => value.as_str().is_some_and(|text| values.iter().any(|listed| listed == text)),
            Shape::Integers(values) => {
                value.as_number().and_then(serde_json::Number::as_i128).is_some_and(|number| values.contains(&number))
            }
            Shape::Scalar(ty) => !matches!(ty, RustType::Named(_)) && self.fits(&ty, value),
            _ => false,
        }
    }
}

/// Whether a text has the digits (`d`), hexadecimal digits (`x`) and marks of `form`.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(one, form)| match form {
            b'd' => one.is_ascii_digit(),
            b'x' => one.is_ascii_hexdigit(),
            mark => one == mark,
        })
}

/// Whether a text looks like a date and time of RFC 3339.
fn is_date_time(text: &str) -> bool {
    let (Some(seconds), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let zone =
        rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches(|one: char| one.is_ascii_digit()));
    has_form(seconds, "dddd-dd-ddTdd:dd:dd") && (zone == "Z" || has_form(zone, "+dd:dd") || has_form(zone, "-dd:dd"))
}

fn location_word(parameter: &Parameter) -> &'static str {
    match parameter.location {
        oas_model::ParameterLocation::Path => "path",
        oas_model::ParameterLocation::Query | oas_model::ParameterLocation::Querystring => "query",
        oas_model::ParameterLocation::Header => "header",
        oas_model::ParameterLocation::Cookie => "cookie",
    }
}
