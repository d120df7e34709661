//! What a client knows of an operation besides its request builder.

use std::ops::RangeInclusive;

use reqwest::StatusCode;

/// An operation of the document, as the generated table of operations has it.
#[derive(Debug)]
pub struct Operation {
    /// `operationId`, or the id made for an operation without one.
    pub id: &'static str,
    /// The word on the request line.
    pub method: &'static str,
    /// The path template, as the document writes it.
    pub path: &'static str,
    /// The operation's own server, with its variables filled in; `None` when the client's base URL is in force.
    pub server: Option<&'static str>,
    /// The media types that the operation may answer with, for the header `Accept`; empty when it has no content.
    pub accept: &'static str,
    /// The alternatives of the security requirement, each the schemes it needs, called like the methods of the
    /// client's builder; empty when the operation is public.
    pub security: &'static [&'static [&'static str]],
    /// The statuses that the document describes, the most specific first, and how their bodies are decoded.
    pub responses: &'static [(RangeInclusive<u16>, Body)],
}

/// How the body of an answer reaches its decoder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// As it comes: the operation has one type for it.
    Direct,
    /// Wrapped together with its status, because the status says which type it is:
    /// `{"status": 401, "headers": {"name": "value"}, "body": ...}`, or with `"bytes": [..]` in the place of `"body"`
    /// when it is not JSON.
    Tagged,
}

impl Operation {
    /// How the body of an answer with this status is decoded; `None` when the document does not describe it.
    pub fn body(&self, status: StatusCode) -> Option<Body> {
        let status = status.as_u16();
        self.responses.iter().find(|(statuses, _)| statuses.contains(&status)).map(|(_, body)| *body)
    }

    /// Whether sending the request twice does what sending it once does (RFC 9110, section 9.2.2; `QUERY` is safe).
    pub fn is_idempotent(&self) -> bool {
        matches!(self.method, "GET" | "HEAD" | "OPTIONS" | "TRACE" | "PUT" | "DELETE" | "QUERY")
    }

    /// Whether the document describes this status by itself, not as one of a range that holds other classes too.
    pub(crate) fn names(&self, status: StatusCode) -> bool {
        let status = status.as_u16();
        self.responses
            .iter()
            .any(|(statuses, _)| statuses.contains(&status) && statuses.start() / 100 == statuses.end() / 100)
    }
}
