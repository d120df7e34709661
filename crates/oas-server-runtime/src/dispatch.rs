//! From request to operation, and from rejection to response.

use oas_wire::percent::{self, Pair};
use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use http::header::{ALLOW, CONTENT_LENGTH};
use http::{HeaderValue, Method, Request, StatusCode};

use crate::call::{Call, hide_authorization};
use crate::endpoint::Endpoint;
use crate::matcher::Matcher;
use crate::routes::{Answering, Route};
use crate::{Operation, Rejection, RouterOptions};

/// Finds the operation of a request and has it served.
pub(crate) struct Dispatcher {
    matcher: Matcher<Arc<Endpoint>>,
    options: RouterOptions,
}

/// A request that was looked at.
pub(crate) struct Begun {
    head_only: bool,
    next: Next,
}

/// Where the answer to a request comes from.
enum Next {
    /// An operation works on it.
    Operation(Arc<Endpoint>, Answering),
    /// No operation is asked for it.
    Answered(Response),
}

impl Dispatcher {
    pub(crate) fn new(routes: Vec<Route>, options: RouterOptions) -> Self {
        let mut matcher = Matcher::new();
        for route in routes {
            let endpoint = Arc::new(Endpoint::new(route, &options));
            matcher.insert(&endpoint.template, Arc::clone(&endpoint));
        }
        Self { matcher, options }
    }

    /// Looks at `request`, as far as nothing has to be waited for. It is not part of [`Begun::finish`], whose future is
    /// allocated and moved: without the request it is small.
    pub(crate) fn begin(&self, mut request: Request<Body>) -> Begun {
        hide_authorization(request.headers_mut());
        Begun { head_only: request.method() == Method::HEAD, next: self.next(request) }
    }

    fn next(&self, request: Request<Body>) -> Next {
        let path = request.uri().path();
        let inside = path.strip_prefix(self.options.base_path.as_str()).filter(|rest| rest.starts_with('/'));
        let Some(found) = inside.and_then(|path| self.matcher.find(path)) else {
            let rejection = Rejection::new(StatusCode::NOT_FOUND, "there is nothing at this path");
            return Next::Answered(self.refuse(&rejection));
        };
        let asks_of_query = found.values.iter().any(|endpoint| !endpoint.template.query.is_empty());
        let query = request.uri().query().filter(|_| asks_of_query).unwrap_or_default();
        let Some(endpoint) = pick(found.values, request.method(), &percent::pairs(query)) else {
            return Next::Answered(self.no_endpoint(found.values, request.method()));
        };
        let call = Call::new(Arc::clone(endpoint), found.captures, request);
        Next::Operation(Arc::clone(endpoint), (endpoint.route.handle)(call))
    }

    /// The path exists, but not with this method, or not with this query.
    fn no_endpoint(&self, endpoints: &[Arc<Endpoint>], method: &Method) -> Response {
        let allow = allow(endpoints);
        if *method == Method::OPTIONS {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response.headers_mut().insert(ALLOW, allow);
            return response;
        }
        let known = endpoints.iter().any(|endpoint| endpoint.serves(method));
        let rejection = if known {
            Rejection::new(StatusCode::NOT_FOUND, "there is nothing at this path with this query")
        } else {
            Rejection::method_not_allowed(allow)
        };
        self.refuse(&rejection)
    }

    /// Answers a request that no operation is for.
    fn refuse(&self, rejection: &Rejection) -> Response {
        tracing::debug!(operation = "none", status = rejection.status().as_u16(), %rejection, "request rejected");
        (self.options.render)(rejection)
    }
}

impl Begun {
    /// Waits for the answer.
    pub(crate) async fn finish(self) -> Response {
        let response = match self.next {
            Next::Answered(response) => response,
            Next::Operation(endpoint, answering) => {
                let answer = answering.await;
                let mut response = answer.unwrap_or_else(|rejection| endpoint.reject(&rejection));
                if endpoint.marks_responses {
                    response.extensions_mut().insert::<&'static Operation>(endpoint.operation());
                }
                response
            }
        };
        if self.head_only { without_body(response) } else { response }
    }
}

/// The endpoint for `method`; among several the one that asks most of the query, then the first. An operation for
/// HEAD goes before one for GET.
fn pick<'a>(endpoints: &'a [Arc<Endpoint>], method: &Method, pairs: &[Pair<'_>]) -> Option<&'a Arc<Endpoint>> {
    let there = |(name, value): &(String, String)| {
        let asked = percent::decode_form(value);
        let same =
            |pair: &Pair<'_>| pair.name == *name && (value.is_empty() || percent::decode_form(pair.value) == asked);
        pairs.iter().any(same)
    };
    let fitting = endpoints
        .iter()
        .enumerate()
        .filter(|(_, endpoint)| endpoint.serves(method) && endpoint.template.query.iter().all(there));
    let rank = |(index, endpoint): &(usize, &Arc<Endpoint>)| {
        (endpoint.is_for(method), endpoint.template.query.len(), std::cmp::Reverse(*index))
    };
    fitting.max_by_key(rank).map(|(_, endpoint)| endpoint)
}

/// The methods that a path has, as `Allow` lists them: in the order of the document, then what comes with them.
fn allow(endpoints: &[Arc<Endpoint>]) -> HeaderValue {
    let mut methods: Vec<&str> = Vec::new();
    let implied = if endpoints.iter().any(|one| one.operation().method == "GET") { Some("HEAD") } else { None };
    for method in endpoints.iter().map(|one| one.operation().method).chain(implied).chain(["OPTIONS"]) {
        if !methods.contains(&method) {
            methods.push(method);
        }
    }
    HeaderValue::from_str(&methods.join(", ")).unwrap_or(HeaderValue::from_static(""))
}

/// The response to HEAD: everything but the body, whose length is told.
fn without_body(mut response: Response) -> Response {
    if let Some(length) = response.body().size_hint().exact()
        && !response.headers().contains_key(CONTENT_LENGTH)
        && response.headers().contains_key(http::header::CONTENT_TYPE)
    {
        response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    *response.body_mut() = Body::empty();
    response
}
