//! From request to operation, and from rejection to response.

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use http::header::{ALLOW, CONTENT_LENGTH};
use http::{HeaderValue, Method, Request, StatusCode};

use crate::call::{Call, hide_authorization};
use crate::matcher::Matcher;
use crate::routes::Route;
use crate::template::Template;
use crate::text::{self, Pair};
use crate::{Operation, Rejection, RouterOptions};

/// Finds the operation of a request and has it served.
pub(crate) struct Dispatcher {
    matcher: Matcher<Endpoint>,
    options: RouterOptions,
}

/// An operation at the end of its path.
struct Endpoint {
    route: Route,
    template: Template,
}

impl Dispatcher {
    pub(crate) fn new(routes: Vec<Route>, options: RouterOptions) -> Self {
        let mut matcher = Matcher::new();
        for route in routes {
            let template = Template::parse(route.operation.path);
            matcher.insert(&template.clone(), Endpoint { route, template });
        }
        Self { matcher, options }
    }

    /// Answers `request`.
    pub(crate) async fn dispatch(&self, mut request: Request<Body>) -> Response {
        hide_authorization(request.headers_mut());
        let head_only = request.method() == Method::HEAD;
        let response = self.answer(request).await;
        if head_only { without_body(response) } else { response }
    }

    async fn answer(&self, request: Request<Body>) -> Response {
        let path = request.uri().path();
        let inside = path.strip_prefix(self.options.base_path.as_str()).filter(|rest| rest.starts_with('/'));
        let Some(found) = inside.and_then(|path| self.matcher.find(path)) else {
            return self.reject(None, &Rejection::new(StatusCode::NOT_FOUND, "there is nothing at this path"));
        };
        let asks_of_query = found.values.iter().any(|endpoint| !endpoint.template.query.is_empty());
        let query = request.uri().query().filter(|_| asks_of_query).unwrap_or_default();
        let Some(endpoint) = pick(found.values, request.method(), &text::pairs(query)) else {
            return self.no_endpoint(found.values, request.method());
        };
        let Endpoint { route, template } = endpoint;
        let captures = template.names.iter().cloned().zip(found.captures).collect();
        let limit = self.options.limit(route.operation.id);
        let call = Call::new(route.operation, route.schemas, limit, captures, request);
        let mut response = match (route.handle)(call).await {
            Ok(response) => response,
            Err(rejection) => self.reject(Some(route), &rejection),
        };
        response.extensions_mut().insert::<&'static Operation>(route.operation);
        response
    }

    /// The path exists, but not with this method, or not with this query.
    fn no_endpoint(&self, endpoints: &[Endpoint], method: &Method) -> Response {
        let allow = allow(endpoints);
        if *method == Method::OPTIONS {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response.headers_mut().insert(ALLOW, allow);
            return response;
        }
        let known = endpoints.iter().any(|endpoint| serves(endpoint.route.operation, method));
        let rejection = if known {
            Rejection::new(StatusCode::NOT_FOUND, "there is nothing at this path with this query")
        } else {
            Rejection::method_not_allowed(allow)
        };
        self.reject(None, &rejection)
    }

    /// Answers a rejection: in the operation's own schema where the document describes one.
    fn reject(&self, route: Option<&Route>, rejection: &Rejection) -> Response {
        let operation = route.map_or("none", |route| route.operation.id);
        if let Some(cause) = rejection.cause() {
            tracing::error!(operation, status = rejection.status().as_u16(), cause = %chain(cause), "the service failed");
        } else {
            tracing::debug!(operation, status = rejection.status().as_u16(), %rejection, "request rejected");
        }
        let own = route.and_then(|route| (route.reject)(rejection));
        own.unwrap_or_else(|| (self.options.render)(rejection))
    }
}

/// An error with what caused it.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

/// Whether `operation` is one for `method`; one for GET is one for HEAD too (RFC 9110, section 9.3.2).
fn serves(operation: &Operation, method: &Method) -> bool {
    operation.method == method.as_str() || *method == Method::HEAD && operation.method == "GET"
}

/// The endpoint for `method`; among several the one that asks most of the query, then the first. An operation for
/// HEAD goes before one for GET.
fn pick<'a>(endpoints: &'a [Endpoint], method: &Method, pairs: &[Pair]) -> Option<&'a Endpoint> {
    let there = |asked: &Pair| {
        let value = text::decode_form(&asked.value);
        let same = |pair: &&Pair| {
            pair.name == asked.name && (asked.value.is_empty() || text::decode_form(&pair.value) == value)
        };
        pairs.iter().any(|pair| same(&pair))
    };
    let fitting = endpoints
        .iter()
        .enumerate()
        .filter(|(_, endpoint)| serves(endpoint.route.operation, method) && endpoint.template.query.iter().all(there));
    let rank = |(index, endpoint): &(usize, &Endpoint)| {
        let exact = endpoint.route.operation.method == method.as_str();
        (exact, endpoint.template.query.len(), std::cmp::Reverse(*index))
    };
    fitting.max_by_key(rank).map(|(_, endpoint)| endpoint)
}

/// The methods that a path has, as `Allow` lists them: in the order of the document, then what comes with them.
fn allow(endpoints: &[Endpoint]) -> HeaderValue {
    let mut methods: Vec<&str> = Vec::new();
    let implied = if endpoints.iter().any(|one| one.route.operation.method == "GET") { Some("HEAD") } else { None };
    for method in endpoints.iter().map(|one| one.route.operation.method).chain(implied).chain(["OPTIONS"]) {
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
