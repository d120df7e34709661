//! How a router behaves.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use axum::response::Response;

use crate::{AnswerCheck, Operation, Rejection};

/// Answers a rejection.
pub(crate) type Render = Arc<dyn Fn(&Rejection) -> Response + Send + Sync>;

/// How a router behaves, beyond what the document says.
#[derive(Clone)]
pub struct RouterOptions {
    pub(crate) body_limit: usize,
    pub(crate) operation_body_limits: BTreeMap<String, usize>,
    pub(crate) base_path: String,
    pub(crate) marks_responses: bool,
    pub(crate) answers_unknown_paths: bool,
    pub(crate) answer_check: AnswerCheck,
    pub(crate) render: Render,
}

impl RouterOptions {
    /// The size of a request's body above which it is answered with 413, unless told otherwise: 2 MiB, in bytes.
    pub const BODY_LIMIT: usize = 2 * 1024 * 1024;

    /// The size of a request's body, in bytes, above which it is answered with 413.
    #[must_use]
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.body_limit = bytes;
        self
    }

    /// Another body limit for the operation with this id, in bytes; stronger than `body-limit` in `codegen.toml`.
    #[must_use]
    pub fn operation_body_limit(mut self, operation: impl Into<String>, bytes: usize) -> Self {
        self.operation_body_limits.insert(operation.into(), bytes);
        self
    }

    /// Serves every operation below this path: `/v1` or `/api-proxy`. Without it, paths are those of the document's
    /// `paths`, because a proxy in front often takes the server's own path away.
    #[must_use]
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        let mut path = path.into();
        path.truncate(path.trim_end_matches('/').len());
        if !path.is_empty() && !path.starts_with('/') {
            path.insert(0, '/');
        }
        self.base_path = path;
        self
    }

    /// How rejections are answered for which the document describes no component schema: unknown paths, wrong
    /// methods, undocumented statuses. `application/problem+json` without it.
    #[must_use]
    pub fn reject_with(mut self, render: impl Fn(&Rejection) -> Response + Send + Sync + 'static) -> Self {
        self.render = Arc::new(render);
        self
    }

    /// Puts the `&'static Operation` that a response is of among the response's extensions, where a layer around the
    /// router finds it: for metrics and logs. It costs each response an allocation or two.
    #[must_use]
    pub fn mark_responses(mut self) -> Self {
        self.marks_responses = true;
        self
    }

    /// Answers every path that no operation has, with 404, also where the router is merged with others or nested in one.
    ///
    /// Without it the router does so as long as it stands alone; among others, axum asks the one that was merged last, or
    /// the outer one. With it two such routers cannot be merged: axum panics, because only one of them can answer.
    #[must_use]
    pub fn answer_unknown_paths(mut self) -> Self {
        self.answers_unknown_paths = true;
        self
    }

    /// What becomes of a handler's answer whose status, headers or body the document does not describe. Debug builds log
    /// it, unless told otherwise; tests want [`AnswerCheck::Panic`]. Release builds carry no schemas of answers, and never
    /// look. An answer that [`ServerError::undocumented`](crate::ServerError::undocumented) gives is meant, and none that
    /// comes piece by piece is held up.
    #[must_use]
    pub fn check_answers(mut self, check: AnswerCheck) -> Self {
        self.answer_check = check;
        self
    }

    /// The body limit of an operation: what was said here of it, else what `codegen.toml` says, else that of all.
    pub(crate) fn limit(&self, operation: &Operation) -> usize {
        let own = self.operation_body_limits.get(operation.id).copied().or(operation.body_limit);
        own.unwrap_or(self.body_limit)
    }
}

impl Default for RouterOptions {
    fn default() -> Self {
        Self {
            body_limit: Self::BODY_LIMIT,
            operation_body_limits: BTreeMap::new(),
            base_path: String::new(),
            marks_responses: false,
            answers_unknown_paths: false,
            answer_check: AnswerCheck::USUAL,
            render: Arc::new(Rejection::problem),
        }
    }
}

impl fmt::Debug for RouterOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RouterOptions")
            .field("body_limit", &self.body_limit)
            .field("operation_body_limits", &self.operation_body_limits)
            .field("base_path", &self.base_path)
            .field("marks_responses", &self.marks_responses)
            .field("answers_unknown_paths", &self.answers_unknown_paths)
            .field("answer_check", &self.answer_check)
            .finish_non_exhaustive()
    }
}
