//! Requests in all that OpenAPI can describe, for request builders that build them by themselves.

use progenitor_client::Error;
use reqwest::header::{CONTENT_TYPE, COOKIE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Method, Request, Url};
use serde::Serialize;

use crate::form;
use crate::multipart::Multipart;
use crate::{Operation, Parameter};

/// A request that is being put together.
#[derive(Debug)]
pub struct Outgoing {
    method: &'static str,
    url: String,
    query: Vec<String>,
    headers: HeaderMap,
    cookies: Vec<String>,
    body: Content,
}

/// The body of a request.
#[derive(Debug)]
enum Content {
    None,
    Body(reqwest::Body),
    Multipart(Multipart),
}

impl Outgoing {
    /// A request of an operation that is sent to `base_url`.
    pub fn new(operation: &Operation, base_url: String) -> Self {
        Self {
            method: operation.method,
            url: base_url,
            query: Vec::new(),
            headers: HeaderMap::new(),
            cookies: Vec::new(),
            body: Content::None,
        }
    }

    /// A piece of the path that the document fixes.
    pub fn path(&mut self, text: &str) {
        self.url.push_str(text);
    }

    /// A parameter in the path.
    pub fn path_parameter<T: Serialize + ?Sized, E>(
        &mut self,
        parameter: Parameter<'_>,
        value: &T,
    ) -> Result<(), Error<E>> {
        let written = parameter.path(value)?;
        self.url.push_str(&written);
        Ok(())
    }

    /// A parameter in the query; nothing when the value is absent.
    pub fn query_parameter<T: Serialize + ?Sized, E>(
        &mut self,
        parameter: Parameter<'_>,
        value: &T,
    ) -> Result<(), Error<E>> {
        let pairs = parameter.pairs(value)?;
        self.query.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
        Ok(())
    }

    /// The query as a whole, written like a form (`in: querystring`).
    pub fn querystring_form<T: Serialize + ?Sized, E>(
        &mut self,
        value: &T,
        fields: &[Parameter<'_>],
    ) -> Result<(), Error<E>> {
        let query = form::encode(value, fields)?;
        self.query.extend((!query.is_empty()).then_some(query));
        Ok(())
    }

    /// The query as a whole, as JSON text (`in: querystring`).
    pub fn querystring_json<T: Serialize + ?Sized, E>(&mut self, value: &T) -> Result<(), Error<E>> {
        let text = form::json_query(value)?;
        self.query.extend(text);
        Ok(())
    }

    /// A parameter in a header; nothing when the value is absent.
    pub fn header_parameter<T: Serialize + ?Sized, E>(
        &mut self,
        parameter: Parameter<'_>,
        value: &T,
    ) -> Result<(), Error<E>> {
        if let Some(value) = parameter.header(value)? {
            let name = HeaderName::try_from(parameter.name()).map_err(|_| {
                Error::InvalidRequest(format!("`{}` is no name that a header can have", parameter.name()))
            })?;
            self.headers.insert(name, value);
        }
        Ok(())
    }

    /// A parameter in a cookie; nothing when the value is absent.
    pub fn cookie_parameter<T: Serialize + ?Sized, E>(
        &mut self,
        parameter: Parameter<'_>,
        value: &T,
    ) -> Result<(), Error<E>> {
        let pairs = parameter.pairs(value)?;
        self.cookies.extend(pairs.into_iter().map(|(name, value)| format!("{name}={value}")));
        Ok(())
    }

    /// The media types that the caller wants, in the place of all that the operation may answer with.
    pub fn accept(&mut self, media_types: &'static str) {
        self.headers.insert(reqwest::header::ACCEPT, HeaderValue::from_static(media_types));
    }

    /// A body in JSON.
    pub fn json<T: Serialize + ?Sized, E>(&mut self, media_type: &'static str, body: &T) -> Result<(), Error<E>> {
        let bytes = serde_json::to_vec(body)
            .map_err(|error| Error::InvalidRequest(format!("the body cannot be written as JSON: {error}")))?;
        self.bytes(media_type, bytes);
        Ok(())
    }

    /// A body of JSON values, one per line.
    pub fn json_lines<T: Serialize, E>(&mut self, media_type: &'static str, body: &[T]) -> Result<(), Error<E>> {
        let mut bytes = Vec::new();
        for item in body {
            serde_json::to_writer(&mut bytes, item)
                .map_err(|error| Error::InvalidRequest(format!("the body cannot be written as JSON: {error}")))?;
            bytes.push(b'\n');
        }
        self.bytes(media_type, bytes);
        Ok(())
    }

    /// A body of server-sent events, each with a JSON value as its data.
    pub fn events<T: Serialize, E>(&mut self, media_type: &'static str, body: &[T]) -> Result<(), Error<E>> {
        let mut text = String::new();
        for item in body {
            let data = serde_json::to_string(item)
                .map_err(|error| Error::InvalidRequest(format!("the body cannot be written as JSON: {error}")))?;
            text.push_str("data: ");
            text.push_str(&data);
            text.push_str("\n\n");
        }
        self.bytes(media_type, text);
        Ok(())
    }

    /// A body written as a form; `fields` says which members are written otherwise than by default.
    pub fn form<T: Serialize + ?Sized, E>(
        &mut self,
        media_type: &'static str,
        body: &T,
        fields: &[Parameter<'_>],
    ) -> Result<(), Error<E>> {
        let text = form::encode(body, fields)?;
        self.bytes(media_type, text);
        Ok(())
    }

    /// A body of several parts.
    pub fn multipart(&mut self, body: Multipart) {
        self.body = Content::Multipart(body);
    }

    /// A body as it is: bytes, text or a stream.
    pub fn bytes(&mut self, media_type: &'static str, body: impl Into<reqwest::Body>) {
        self.headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static(media_type));
        self.body = Content::Body(body.into());
    }

    /// The request.
    ///
    /// # Errors
    /// When path and base URL do not make a URL, or a part of the body has an impossible media type.
    pub fn build<E>(self, client: &Client) -> Result<Request, Error<E>> {
        let Self { method, url, query, mut headers, cookies, body } = self;
        let mut url = Url::parse(&url).map_err(|error| Error::InvalidRequest(format!("no URL: {error}")))?;
        if !query.is_empty() {
            let fixed = url.query().filter(|fixed| !fixed.is_empty()).map(str::to_owned);
            let query: Vec<String> = fixed.into_iter().chain(query).collect();
            url.set_query(Some(&query.join("&")));
        }
        if !cookies.is_empty() {
            let mut value = HeaderValue::try_from(cookies.join("; "))
                .map_err(|_| Error::InvalidRequest("a cookie holds a character that no cookie can carry".to_owned()))?;
            value.set_sensitive(true);
            headers.insert(COOKIE, value);
        }
        let method = Method::from_bytes(method.as_bytes())
            .map_err(|_| Error::InvalidRequest(format!("`{method}` is no method that a request can have")))?;
        let builder = client.request(method, url).headers(headers);
        let builder = match body {
            Content::None => builder,
            Content::Body(body) => builder.body(body),
            Content::Multipart(body) => builder.multipart(body.build()?),
        };
        Ok(builder.build()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Style;

    static OPERATION: Operation = Operation {
        id: "test",
        method: "QUERY",
        path: "/a/{b}",
        server: None,
        accept: "",
        security: &[],
        responses: &[],
    };

    #[test]
    fn every_part_comes_to_its_place() {
        let mut outgoing = Outgoing::new(&OPERATION, "http://localhost/base".to_owned());
        let result: Result<(), Error<()>> = (|| {
            outgoing.path("/a/");
            outgoing.path_parameter(Parameter::new("b", Style::Simple), "x/y")?;
            outgoing.path("?fixed=1");
            outgoing.query_parameter(Parameter::new("c d", Style::Form), &[1, 2])?;
            outgoing.query_parameter(Parameter::new("none", Style::Form), &None::<i64>)?;
            outgoing.header_parameter(Parameter::new("X-E", Style::Simple), &true)?;
            outgoing.cookie_parameter(Parameter::new("f", Style::Form), "g;h")?;
            outgoing.cookie_parameter(Parameter::new("i", Style::Form), &1)?;
            outgoing.json("application/vnd.x+json", &[1])
        })();
        result.expect("valid values");
        let request = outgoing.build::<()>(&Client::new()).expect("a request");
        assert_eq!(request.method().as_str(), "QUERY");
        assert_eq!(request.url().as_str(), "http://localhost/base/a/x%2Fy?fixed=1&c%20d=1&c%20d=2");
        assert_eq!(request.headers()["x-e"], "true");
        assert_eq!(request.headers()["cookie"], "f=g%3Bh; i=1");
        assert_eq!(request.headers()["content-type"], "application/vnd.x+json");
        assert_eq!(request.body().and_then(reqwest::Body::as_bytes), Some(&b"[1]"[..]));
    }
}
