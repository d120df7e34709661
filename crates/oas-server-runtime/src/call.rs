//! A request on its way to the service.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use data_encoding::{BASE64, BASE64_NOPAD};
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderValue, StatusCode};
use http_body::Body as _;
use serde::de::{DeserializeOwned, Deserializer};
use serde_json::Value;
use serde_path_to_error::Segment;

use crate::form::Field;
use crate::media_type::MediaType;
use crate::parameter::{self, Texts};
use crate::schemas::Compiled;
use crate::shape::Shape;
use crate::violation::push_token;
use crate::{
    AuthContext, ClientCertificate, Content, ContentFormat, Location, Operation, PartHead, Rejection, Request, Schemas,
    ServerError, Violation, accept, body, form, multipart, whole,
};

/// A request on its way to the service. It collects what is wrong, so that the caller is told all of it at once.
#[derive(Debug)]
pub struct Call {
    operation: &'static Operation,
    schemas: &'static Schemas,
    limit: usize,
    head: Parts,
    texts: Texts,
    body: Body,
    content: Option<(&'static Content, Bytes)>,
    parts: Vec<PartHead>,
    violations: Vec<Violation>,
    failure: Option<ServerError>,
}

/// Stands for a value that is not what the document describes; what is wrong is noted in the [`Call`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Invalid(());

impl Call {
    pub(crate) fn new(
        operation: &'static Operation,
        schemas: &'static Schemas,
        limit: usize,
        captures: Vec<(Arc<str>, String)>,
        request: http::Request<Body>,
    ) -> Self {
        let (head, body) = request.into_parts();
        let texts = Texts::new(captures, head.uri.query().unwrap_or_default(), &head.headers);
        let (content, parts, violations, failure) = (None, Vec::new(), Vec::new(), None);
        Self { operation, schemas, limit, head, texts, body, content, parts, violations, failure }
    }

    /// What an authenticator gets to know.
    pub fn auth_context<'a>(&'a self, scopes: &'a [&'a str]) -> AuthContext<'a> {
        AuthContext::new(self.operation, scopes, &self.head)
    }

    /// The token of `Authorization: Bearer`.
    pub fn bearer(&mut self) -> Option<String> {
        self.http_credential("bearer")
    }

    /// What stands behind `scheme` in `Authorization`. Several such headers are as good as none.
    pub fn http_credential(&mut self, scheme: &str) -> Option<String> {
        let text = self.secret_header("authorization")?;
        let (found, rest) = text.split_once(' ')?;
        let rest = rest.trim();
        (found.eq_ignore_ascii_case(scheme) && !rest.is_empty()).then(|| rest.to_owned())
    }

    /// Name and password of `Authorization: Basic` (RFC 7617).
    pub fn basic(&mut self) -> Option<(String, String)> {
        let encoded = self.http_credential("basic")?;
        let bytes = BASE64.decode(encoded.as_bytes()).or_else(|_| BASE64_NOPAD.decode(encoded.as_bytes())).ok()?;
        let text = String::from_utf8(bytes).ok()?;
        let (name, password) = text.split_once(':')?;
        Some((name.to_owned(), password.to_owned()))
    }

    /// The header `name`, which holds a secret: it does not show up in logs from here on.
    pub fn header_credential(&mut self, name: &str) -> Option<String> {
        self.secret_header(name).map(str::to_owned)
    }

    fn secret_header(&mut self, name: &str) -> Option<&str> {
        for value in self.head.headers.iter_mut().filter(|(other, _)| other.as_str().eq_ignore_ascii_case(name)) {
            value.1.set_sensitive(true);
        }
        let mut values = self.head.headers.get_all(name).iter();
        let value = values.next().filter(|_| values.next().is_none())?;
        value.to_str().ok().map(str::trim).filter(|text| !text.is_empty())
    }

    /// The query parameter `name`, which holds a secret.
    pub fn query_credential(&self, name: &str) -> Option<String> {
        self.texts.query_text(name).filter(|text| !text.is_empty())
    }

    /// The cookie `name`, which holds a secret.
    pub fn cookie_credential(&self, name: &str) -> Option<String> {
        let raw = self.texts.cookie_text(name).filter(|text| !text.is_empty())?;
        Some(crate::text::decode(raw).unwrap_or_else(|| raw.to_owned()))
    }

    /// The client certificate that the TLS layer put among the extensions.
    pub fn client_certificate(&self) -> Option<ClientCertificate> {
        self.head.extensions.get().cloned()
    }

    /// Whether the caller takes what the operation answers.
    ///
    /// # Errors
    /// Status 406.
    pub fn negotiate(&self) -> Result<(), Rejection> {
        if accept::acceptable(&self.head.headers, self.operation.produces) {
            return Ok(());
        }
        let detail = format!("this operation answers with {} only", self.operation.produces.join(" or "));
        Err(Rejection::new(StatusCode::NOT_ACCEPTABLE, detail))
    }

    /// The parameter at `index` of [`Operation::parameters`], which is required or has a default.
    ///
    /// # Errors
    /// When it is absent or wrong, which is noted.
    pub fn parameter<T: DeserializeOwned>(&mut self, index: usize) -> Result<T, Invalid> {
        match self.optional_parameter(index)? {
            Some(value) => Ok(value),
            None => Err(self.missing(index)),
        }
    }

    /// The parameter at `index` of [`Operation::parameters`].
    ///
    /// # Errors
    /// When it is wrong, which is noted.
    pub fn optional_parameter<T: DeserializeOwned>(&mut self, index: usize) -> Result<Option<T>, Invalid> {
        let Some(parameter) = self.operation.parameters.get(index) else {
            return Err(self.fail(ServerError::new("a parameter is not in the table of its operation")));
        };
        let compiled = self.schema(parameter.schema)?;
        let none = Shape::default();
        let shape = compiled.map_or(&none, |compiled| &compiled.shape);
        let taken = |name: &str| self.operation.parameters.iter().any(|other| other.name == name);
        let value = match self.texts.value(parameter, shape, &self.head.headers, &taken) {
            Ok(value) => value,
            Err(fault) => return Err(self.note(parameter::violation(fault, parameter.location, parameter.name))),
        };
        let empty = |value: &Value| value.as_str().is_some_and(str::is_empty);
        let value = value.filter(|value| !(parameter.allow_empty && empty(value) && !shape.string));
        let default = || parameter.default.and_then(|text| serde_json::from_str(text).ok());
        let Some(mut value) = value else {
            return if parameter.required { Err(self.missing(index)) } else { self.fits_optional(default()) };
        };
        // Most values fit, and need no place to be named.
        if compiled.is_none_or(|compiled| compiled.is_valid(&value))
            && let Ok(value) = T::deserialize(&value)
        {
            return Ok(Some(value));
        }
        let pointer = parameter::pointer(parameter.name);
        let before = self.violations.len();
        if let Some(compiled) = compiled {
            compiled.check(&value, parameter.location, &pointer, &mut self.violations);
        }
        if self.violations.len() > before {
            return Err(Invalid(()));
        }
        whole::rewrite(&mut value);
        self.fit(value, parameter.location, &pointer).map(Some)
    }

    /// The default value of a parameter, when it has one.
    fn fits_optional<T: DeserializeOwned>(&mut self, default: Option<Value>) -> Result<Option<T>, Invalid> {
        let Some(default) = default else { return Ok(None) };
        T::deserialize(default).map(Some).map_err(|error| self.fail(ServerError::new(error)))
    }

    /// Which of the operation's contents the body is, by index; `None` when there is no body and none is needed. Its
    /// bytes are read here.
    ///
    /// # Errors
    /// Status 400, 413 or 415.
    pub async fn content(&mut self) -> Result<Option<usize>, Rejection> {
        let Some(described) = &self.operation.body else { return Ok(None) };
        let selected = body::select(described, &self.head.headers)?;
        let index = match selected {
            Some(index) => index,
            None if self.body.is_end_stream() => return absent(described.required),
            None => body::untyped(described)?,
        };
        let bytes = body::read(std::mem::take(&mut self.body), &self.head.headers, self.limit).await?;
        if bytes.is_empty() && (selected.is_none() || !described.required) {
            return absent(described.required);
        }
        self.content = described.content.get(index).map(|content| (content, bytes));
        Ok(Some(index))
    }

    /// The body, which is required and of one media type.
    ///
    /// # Errors
    /// Status 400, 413 or 415; inside, when it is not what the document describes, which is noted.
    pub async fn body<T: DeserializeOwned>(&mut self) -> Result<Result<T, Invalid>, Rejection> {
        self.content().await?;
        self.value().await
    }

    /// The body, which may be absent and is of one media type.
    ///
    /// # Errors
    /// Like [`body`](Self::body).
    pub async fn optional_body<T: DeserializeOwned>(&mut self) -> Result<Result<Option<T>, Invalid>, Rejection> {
        match self.content().await? {
            Some(_) => Ok(self.value().await?.map(Some)),
            None => Ok(Ok(None)),
        }
    }

    /// The body that [`content`](Self::content) read, as a value.
    ///
    /// # Errors
    /// Status 400; inside, when it is not what the document describes, which is noted.
    pub async fn value<T: DeserializeOwned>(&mut self) -> Result<Result<T, Invalid>, Rejection> {
        let Some((content, bytes)) = self.content.take() else {
            return Err(ServerError::new("the body was taken twice").into());
        };
        let compiled = match self.schema(content.schema) {
            Ok(compiled) => compiled,
            Err(invalid) => return Ok(Err(invalid)),
        };
        let before = self.violations.len();
        let read = self.read_field(content, bytes.clone(), compiled).await?;
        let Some(field) = read else { return Ok(Err(Invalid(()))) };
        match (compiled, &field) {
            (Some(compiled), Field::Json(value)) => {
                compiled.check(value, Location::Body, "", &mut self.violations);
            }
            (Some(compiled), Field::Form(_)) => {
                compiled.check(&field.to_json(), Location::Body, "", &mut self.violations);
            }
            _ => {}
        }
        if self.violations.len() > before {
            return Ok(Err(Invalid(())));
        }
        Ok(match field {
            Field::Json(value) if content.format == ContentFormat::Json => self.fit_json(value, &bytes),
            mut other => {
                other.write_integers();
                self.fit(other, Location::Body, "")
            }
        })
    }

    /// The value of a JSON body. Where the type does not fit is found out only when it does not, and so is whether
    /// integers are written like `1.0`: keeping the place of every value on the way would cost each request as much as
    /// making the type does.
    fn fit_json<T: DeserializeOwned>(&mut self, value: Value, bytes: &[u8]) -> Result<T, Invalid> {
        match T::deserialize(value) {
            Ok(value) => Ok(value),
            Err(_) => match serde_json::from_slice::<Value>(bytes) {
                Ok(mut value) => {
                    whole::rewrite(&mut value);
                    self.fit(value, Location::Body, "")
                }
                Err(error) => Err(self.fail(ServerError::new(error))),
            },
        }
    }

    /// The body that [`content`](Self::content) read, as bytes.
    ///
    /// # Errors
    /// When it was taken before.
    pub fn bytes(&mut self) -> Result<Vec<u8>, Rejection> {
        match self.content.take() {
            Some((_, bytes)) => Ok(bytes.into()),
            None => Err(ServerError::new("the body was taken twice").into()),
        }
    }

    /// What generated code answers when [`content`](Self::content) gave a content that it does not know.
    pub fn bodiless() -> Rejection {
        ServerError::new("the body is none of the contents in the table of its operation").into()
    }

    /// What the body's bytes stand for; `None` when something is wrong, which is noted.
    async fn read_field(
        &mut self,
        content: &'static Content,
        bytes: Bytes,
        compiled: Option<&'static Compiled>,
    ) -> Result<Option<Field>, Rejection> {
        let none = Shape::default();
        let shape = compiled.map_or(&none, |compiled| &compiled.shape);
        let field = match content.format {
            ContentFormat::Json => Field::Json(body::json(&bytes, 1)?),
            ContentFormat::Bytes => Field::Bytes(bytes),
            ContentFormat::Text => Field::Json(Value::String(utf8(&bytes)?.to_owned())),
            ContentFormat::JsonLines => return self.read_lines(&bytes, compiled).map(Some),
            ContentFormat::EventStream => return self.read_events(&bytes, compiled).map(Some),
            ContentFormat::Form => match form::urlencoded(utf8(&bytes)?, shape, content.encoding) {
                Ok(value) => Field::Json(value),
                Err((name, fault)) => {
                    self.note(parameter::violation(fault, Location::Body, &name));
                    return Ok(None);
                }
            },
            ContentFormat::Multipart => {
                let form = multipart::read(bytes, &self.boundary()?, shape, content.encoding).await;
                let form = form.ok_or_else(|| unreadable("the body is not multipart/form-data"))?;
                self.parts = form.heads;
                self.violations.extend(form.violations);
                form.field
            }
        };
        Ok(Some(field))
    }

    /// A JSON value per line; each is validated on its own.
    fn read_lines(&mut self, bytes: &[u8], compiled: Option<&'static Compiled>) -> Result<Field, Rejection> {
        let mut values = Vec::new();
        for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            if line.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let value = body::json(line, index + 1)?;
            self.check_item(&mut values, value, compiled);
        }
        Ok(Field::List(values))
    }

    /// The data of each event (HTML, section 9.2.6): a text where the schema is one, otherwise JSON.
    fn read_events(&mut self, bytes: &[u8], compiled: Option<&'static Compiled>) -> Result<Field, Rejection> {
        let text = utf8(bytes)?.replace("\r\n", "\n").replace('\r', "\n");
        let is_text = compiled.is_none_or(|compiled| compiled.shape.string);
        let mut values = Vec::new();
        let mut line = 1;
        for event in text.split("\n\n") {
            let data = event.lines().filter_map(|line| line.strip_prefix("data:"));
            let data: Vec<&str> = data.map(|data| data.strip_prefix(' ').unwrap_or(data)).collect();
            if !data.is_empty() {
                let data = data.join("\n");
                let value = if is_text { Value::String(data) } else { body::json(data.as_bytes(), line)? };
                self.check_item(&mut values, value, compiled);
            }
            line += event.matches('\n').count() + 2;
        }
        Ok(Field::List(values))
    }

    /// Adds an item of a body that has several, and what is wrong with it.
    fn check_item(&mut self, items: &mut Vec<Field>, value: Value, compiled: Option<&'static Compiled>) {
        if let Some(compiled) = compiled {
            let pointer = format!("/{}", items.len());
            compiled.check(&value, Location::Body, &pointer, &mut self.violations);
        }
        items.push(Field::Json(value));
    }

    /// The boundary between parts (RFC 2046, section 5.1.1).
    fn boundary(&self) -> Result<String, Rejection> {
        let value = self.head.headers.get(http::header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let media_type = value.and_then(MediaType::parse);
        let boundary = media_type.as_ref().and_then(|media_type| media_type.parameter("boundary"));
        boundary
            .filter(|boundary| !boundary.is_empty())
            .map(str::to_owned)
            .ok_or_else(|| unreadable("`Content-Type` has no boundary"))
    }

    /// The request for the service, when nothing is wrong with it.
    ///
    /// # Errors
    /// Status 422 with every violation that was noted.
    pub fn request<Principal, Params, Body>(
        self,
        principal: Principal,
        params: Result<Params, Invalid>,
        body: Result<Body, Invalid>,
    ) -> Result<Request<Principal, Params, Body>, Rejection> {
        if let Some(error) = self.failure {
            return Err(error.into());
        }
        match (params, body) {
            (Ok(params), Ok(body)) if self.violations.is_empty() => {
                Ok(Request { principal, params, body, head: self.head, parts: self.parts })
            }
            _ => Err(Rejection::invalid(self.violations)),
        }
    }

    /// The value as the type that the service gets. What its schema allows and the type cannot hold (a number beyond
    /// 64 bits) is wrong too.
    fn fit<'de, T: DeserializeOwned>(
        &mut self,
        value: impl Deserializer<'de>,
        location: Location,
        base: &str,
    ) -> Result<T, Invalid> {
        serde_path_to_error::deserialize(value).map_err(|error| {
            let mut pointer = base.to_owned();
            for segment in error.path() {
                match segment {
                    Segment::Seq { index } => push_token(&mut pointer, &index.to_string()),
                    Segment::Map { key } => push_token(&mut pointer, key),
                    Segment::Enum { .. } | Segment::Unknown => {}
                }
            }
            self.note(Violation::new(location, pointer, "unrepresentable", "is beyond what this server can hold"))
        })
    }

    /// The schema called `name`, ready for use.
    fn schema(&mut self, name: Option<&'static str>) -> Result<Option<&'static Compiled>, Invalid> {
        let schemas: &'static Schemas = self.schemas;
        name.map(|name| schemas.get(name)).transpose().map_err(|error| self.fail(error))
    }

    fn missing(&mut self, index: usize) -> Invalid {
        if let Some(parameter) = self.operation.parameters.get(index) {
            let pointer = parameter::pointer(parameter.name);
            self.violations.push(Violation::new(parameter.location, pointer, "required", "is required"));
        }
        Invalid(())
    }

    fn note(&mut self, violation: Violation) -> Invalid {
        self.violations.push(violation);
        Invalid(())
    }

    fn fail(&mut self, error: ServerError) -> Invalid {
        self.failure = Some(error);
        Invalid(())
    }
}

/// No body: fine where it may be absent.
fn absent(required: bool) -> Result<Option<usize>, Rejection> {
    if required {
        let violation = Violation::new(Location::Body, "", "required", "is required");
        return Err(Rejection::malformed("the body is missing", violation));
    }
    Ok(None)
}

/// Status 400 for a body that is not what its media type says.
fn unreadable(detail: &'static str) -> Rejection {
    Rejection::malformed(detail, Violation::new(Location::Body, "", "syntax", detail))
}

/// The body as text.
fn utf8(bytes: &[u8]) -> Result<&str, Rejection> {
    std::str::from_utf8(bytes).map_err(|_| {
        Rejection::malformed("the body is not UTF-8", Violation::new(Location::Body, "", "encoding", "is not UTF-8"))
    })
}

/// Marks what `Authorization` holds as a secret, whatever becomes of the request.
pub(crate) fn hide_authorization(head: &mut http::HeaderMap) {
    let secrets = head.iter_mut().filter(|(name, _)| *name == AUTHORIZATION);
    secrets.for_each(|(_, value): (_, &mut HeaderValue)| value.set_sensitive(true));
}
