//! Requests, from the values that a builder has collected.

use bytes::Bytes;
use oas_types_runtime::ToJson;
use oas_wire::percent::Escape;
use oas_wire::{Spelling, Tree};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Method, Request, Url};
use serde::Serialize;

use crate::multipart::Multipart;
use crate::operation::{Field, Location, Piece};
use crate::{Error, Operation, Options, State};

/// A request that is being put together.
#[derive(Debug)]
pub struct Outgoing {
    pub(crate) state: State,
    pub(crate) operation: &'static Operation,
    pub(crate) options: Options,
    path: Vec<Option<String>>,
    /// `name=value`, with `&` between them.
    query: String,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Content,
    fault: Option<String>,
}

/// The body of a request.
#[derive(Debug)]
enum Content {
    None,
    Body(reqwest::Body),
    /// JSON that may still get a member.
    Json(Vec<u8>),
    Multipart(Multipart),
}

impl Outgoing {
    /// A request of an operation into which nothing was put yet.
    pub fn new(state: &State, operation: &'static Operation, options: Options) -> Self {
        let fault = options.invalid.clone();
        Self {
            state: state.clone(),
            operation,
            options,
            path: vec![None; operation.parameters.len()],
            query: String::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: Content::None,
            fault,
        }
    }

    /// The value of the parameter with this index, or why there is none; nothing is sent for an absent value.
    pub fn parameter<T: Serialize>(&mut self, index: usize, value: &Result<T, String>) {
        match value {
            Ok(value) => match Tree::of(value) {
                Ok(tree) => self.put(index, &tree),
                Err(error) => self.refuse(format!("parameter {index} cannot be written: {error}")),
            },
            Err(reason) => {
                let parameter = self.operation.parameters.get(index);
                // The client makes one where it is needed.
                let is_key = parameter.is_some_and(|one| Some(one.name()) == self.operation.idempotency_key);
                if !is_key {
                    self.refuse(reason.clone());
                }
            }
        }
    }

    fn put(&mut self, index: usize, value: &Tree) {
        let Some(parameter) = self.operation.parameters.get(index).copied() else { return };
        let spelling = parameter.spelling;
        let done = match (parameter.location, parameter.json) {
            (Location::Path, json) => {
                let written = if json { spelling.write_json_path(value) } else { spelling.write_path(value) };
                written.map(|text| {
                    if let Some(slot) = self.path.get_mut(index) {
                        *slot = Some(text);
                    }
                })
            }
            (Location::Query, true) => {
                self.pairs(&spelling.write_json_pairs(value));
                Ok(())
            }
            (Location::Query, false) => spelling.write_pairs(value).map(|pairs| self.pairs(&pairs)),
            (Location::Querystring, true) => {
                if !value.is_null() {
                    ampersand(&mut self.query).push_str(&Escape::All.apply(&value.json()));
                }
                Ok(())
            }
            (Location::Querystring, false) => form(value, parameter.fields).map(|text| {
                if !text.is_empty() {
                    ampersand(&mut self.query).push_str(&text);
                }
            }),
            (Location::Header, json) => {
                let written = if json { spelling.write_json_header(value) } else { spelling.write_header(value) };
                written.map(|text| {
                    if let Some(text) = text {
                        self.header(spelling.name, &text);
                    }
                })
            }
            (Location::Cookie, true) => {
                self.cookies.extend(joined(spelling.write_json_pairs(value)));
                Ok(())
            }
            (Location::Cookie, false) => spelling.write_cookies(value).map(|pairs| self.cookies.extend(joined(pairs))),
        };
        if let Err(error) = done {
            self.refuse(error.to_string());
        }
    }

    /// Adds pairs to the query.
    fn pairs(&mut self, pairs: &[(String, String)]) {
        for (name, value) in pairs {
            add_pair(&mut self.query, name, value);
        }
    }

    fn header(&mut self, name: &str, text: &str) {
        match (HeaderName::try_from(name), HeaderValue::from_bytes(text.as_bytes())) {
            (Ok(name), Ok(value)) => {
                self.headers.insert(name, value);
            }
            _ => {
                self.refuse(format!("`{name}` is no name that a header can have, or its value none that it can carry"));
            }
        }
    }

    /// Notes why the request cannot be sent. The first reason is the one that is told.
    pub fn refuse(&mut self, reason: String) {
        self.fault.get_or_insert(reason);
    }

    /// The value that a builder has collected; `None`, and noted, when there is none.
    pub fn given<T>(&mut self, value: Result<T, String>) -> Option<T> {
        value.map_err(|reason| self.refuse(reason)).ok()
    }

    /// The media types that the caller wants, in the place of all that the operation may answer with.
    pub fn accept(&mut self, media_types: &'static str) {
        self.headers.insert(ACCEPT, HeaderValue::from_static(media_types));
    }

    /// A body in JSON.
    pub fn json<T: ToJson + ?Sized>(&mut self, media_type: &'static str, body: &T) {
        match oas_types_runtime::to_vec(body) {
            Ok(text) => {
                self.content_type(media_type);
                self.body = Content::Json(text);
            }
            Err(error) => self.refuse(unwritable(&error)),
        }
    }

    /// Sets a member of a JSON body that is an object, whatever it was.
    pub fn member(&mut self, name: &str, value: bool) {
        let Content::Json(text) = &mut self.body else { return };
        let Ok(Tree::Members(mut members)) =
            serde_json::from_slice::<&serde_json::value::RawValue>(text).and_then(|raw| Tree::parse(raw.get()))
        else {
            return;
        };
        members.retain(|(other, _)| other != name);
        members.push((name.to_owned(), Tree::Boolean(value)));
        *text = Tree::Members(members).json().into_bytes();
    }

    /// A body of JSON values, one per line.
    pub fn json_lines<T: ToJson>(&mut self, media_type: &'static str, body: &[T]) {
        let mut bytes = Vec::new();
        for item in body {
            match oas_types_runtime::to_vec(item) {
                Ok(line) => bytes.extend(line),
                Err(error) => return self.refuse(unwritable(&error)),
            }
            bytes.push(b'\n');
        }
        self.bytes(media_type, bytes);
    }

    /// A body of server-sent events, each with a JSON value as its data.
    pub fn events<T: ToJson>(&mut self, media_type: &'static str, body: &[T]) {
        let mut text = String::new();
        for item in body {
            match oas_types_runtime::to_string(item) {
                Ok(data) => text.push_str(&oas_wire::event(&data)),
                Err(error) => return self.refuse(unwritable(&error)),
            }
        }
        self.bytes(media_type, text);
    }

    /// A body written as a form; `fields` says which members are written otherwise than by default.
    pub fn form<T: Serialize + ?Sized>(&mut self, media_type: &'static str, body: &T, fields: &[Field]) {
        let tree = Tree::of(body).map_err(|error| unwritable(&error));
        match tree.and_then(|tree| form(&tree, fields).map_err(|error| error.to_string())) {
            Ok(text) => self.bytes(media_type, text),
            Err(reason) => self.refuse(reason),
        }
    }

    /// A body of several parts.
    pub fn multipart(&mut self, body: Multipart) {
        self.body = Content::Multipart(body);
    }

    /// A body as it is: bytes, text or a stream.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<reqwest::Body>) {
        self.content_type(media_type);
        self.body = Content::Body(body.into());
    }

    fn content_type(&mut self, media_type: &'static str) {
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
    }

    /// The request, without credentials, and what remains to be known of it.
    pub(crate) fn build(self) -> Result<(Request, State, &'static Operation, Options), Error> {
        let Self { state, operation, options, path, mut query, mut headers, cookies, body, fault } = self;
        if let Some(reason) = fault {
            return Err(Error::InvalidRequest(reason));
        }
        let mut url = state.url_of(operation);
        for piece in operation.route {
            match *piece {
                Piece::Text(text) => url.push_str(text),
                Piece::Value(index) => url.push_str(path.get(index).and_then(Option::as_deref).unwrap_or_default()),
            }
        }
        let mut url = Url::parse(&url).map_err(|error| Error::InvalidRequest(format!("no URL: {error}")))?;
        for (name, value) in &options.query {
            add_pair(&mut query, &Escape::All.apply(name), &Escape::All.apply(value));
        }
        if !query.is_empty() {
            let whole = match url.query() {
                Some(fixed) if !fixed.is_empty() => format!("{fixed}&{query}"),
                _ => query,
            };
            url.set_query(Some(&whole));
        }
        if !cookies.is_empty() {
            let mut value = HeaderValue::try_from(cookies.join("; "))
                .map_err(|_| Error::InvalidRequest("a cookie holds a character that no cookie can carry".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(COOKIE, value);
        }
        let method = Method::from_bytes(operation.method.as_bytes()).map_err(|_| {
            Error::InvalidRequest(format!("`{}` is no method that a request can have", operation.method))
        })?;
        if matches!(body, Content::None) && matches!(operation.method, "POST" | "PUT" | "PATCH") {
            // RFC 9110, section 8.6; some servers refuse what does not say it.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        state.complete(operation, &options, &mut headers)?;
        let builder = state.http().request(method, url).headers(headers);
        let builder = match body {
            Content::None => builder,
            Content::Body(body) => builder.body(body),
            Content::Json(text) => builder.body(Bytes::from(text)),
            Content::Multipart(body) => builder.multipart(body.named(options.file_names.clone())?.build()?),
        };
        let request = builder.build().map_err(|error| Error::InvalidRequest(error.without_url().to_string()))?;
        Ok((request, state, operation, options))
    }
}

/// The query, ready for another pair.
fn ampersand(query: &mut String) -> &mut String {
    if !query.is_empty() {
        query.push('&');
    }
    query
}

/// Adds an escaped pair to the query.
fn add_pair(query: &mut String, name: &str, value: &str) {
    ampersand(query).extend([name, "=", value]);
}

/// `name=value` of each pair.
fn joined(pairs: Vec<(String, String)>) -> impl Iterator<Item = String> {
    pairs.into_iter().map(|(name, value)| format!("{name}={value}"))
}

/// A value as a form.
fn form(value: &Tree, fields: &[Field]) -> Result<String, oas_wire::Unwritable> {
    let spellings: Vec<Spelling<'_>> = fields.iter().filter(|field| !field.json).map(|field| field.spelling).collect();
    let json: Vec<&str> = fields.iter().filter(|field| field.json).map(|field| field.spelling.name).collect();
    oas_wire::form_body(value, &spellings, &json)
}

fn unwritable(error: &impl std::fmt::Display) -> String {
    format!("the body cannot be written as JSON: {error}")
}
