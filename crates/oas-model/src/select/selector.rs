//! What selects operations: `tag:Files`, `listFiles`, `DELETE /files/*`, `webhook:file.*`.

use std::fmt;
use std::str::FromStr;

use super::pattern;
use crate::{Operation, Webhook};

/// What selects operations. In every name a `*` stands for anything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Selector {
    /// `tag:Files`: operations and webhooks that have the tag.
    Tag(String),
    /// `webhook:file.deleted`: the webhook of that name.
    Webhook(String),
    /// `listFiles`: the operation or the request of a webhook that has the id.
    Id(String),
    /// `DELETE /files/*`, or `/files/*` for all methods: the operations of a method and path. What the parameters of a
    /// path are called does not matter.
    Request {
        /// The method in upper case; `*` for all.
        method: String,
        /// The path.
        path: String,
    },
}

/// A text that is no selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidSelector {
    message: String,
}

impl fmt::Display for InvalidSelector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for InvalidSelector {}

impl FromStr for Selector {
    type Err = InvalidSelector;

    /// Reads what `Display` writes.
    ///
    /// ```
    /// use oas_model::Selector;
    ///
    /// let selector: Selector = "delete /files/*".parse()?;
    /// assert_eq!(selector.to_string(), "DELETE /files/*");
    /// assert!("tag:".parse::<Selector>().is_err());
    /// # Ok::<(), oas_model::InvalidSelector>(())
    /// ```
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let invalid = |what: &str| InvalidSelector {
            message: format!(
                "`{}` {what}: write `tag:NAME`, `webhook:NAME`, an operation id or `GET /path/*`",
                text.escape_debug()
            ),
        };
        if text.is_empty() {
            return Err(invalid("selects nothing"));
        }
        if let Some((kind, name)) = text.split_once(':').filter(|(kind, _)| matches!(*kind, "tag" | "webhook")) {
            let name = name.trim();
            return match (kind, name.is_empty()) {
                (_, true) => Err(invalid("has no name")),
                ("tag", false) => Ok(Self::Tag(name.to_owned())),
                (_, false) => Ok(Self::Webhook(name.to_owned())),
            };
        }
        if text.starts_with('/') {
            return Ok(Self::Request { method: "*".to_owned(), path: text.to_owned() });
        }
        match text.split_once(char::is_whitespace) {
            Some((method, path)) if path.trim_start().starts_with(['/', '*']) => {
                Ok(Self::Request { method: method.to_ascii_uppercase(), path: path.trim().to_owned() })
            }
            Some(_) => Err(invalid("has a space and no path")),
            None => Ok(Self::Id(text.to_owned())),
        }
    }
}

impl fmt::Display for Selector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(name) => write!(formatter, "tag:{name}"),
            Self::Webhook(name) => write!(formatter, "webhook:{name}"),
            Self::Id(id) => formatter.write_str(id),
            Self::Request { method, path } if method == "*" => formatter.write_str(path),
            Self::Request { method, path } => write!(formatter, "{method} {path}"),
        }
    }
}

impl Selector {
    /// Whether it selects an operation of a path.
    pub(super) fn selects(&self, operation: &Operation) -> bool {
        match self {
            Self::Request { method, path } => {
                pattern::matches(method, &operation.method.as_str().to_ascii_uppercase())
                    && pattern::matches(&pattern::shape(path), &pattern::shape(&operation.path))
            }
            other => other.selects_named(operation),
        }
    }

    /// Whether it selects a request of a webhook.
    pub(super) fn selects_webhook(&self, webhook: &Webhook, operation: &Operation) -> bool {
        match self {
            Self::Webhook(name) => pattern::matches(name, &webhook.name),
            other => other.selects_named(operation),
        }
    }

    fn selects_named(&self, operation: &Operation) -> bool {
        match self {
            Self::Tag(name) => operation.tags.iter().any(|tag| pattern::matches(name, tag)),
            Self::Id(wanted) => operation.id.as_ref().is_some_and(|id| pattern::matches(wanted, id)),
            Self::Webhook(_) | Self::Request { .. } => false,
        }
    }
}
