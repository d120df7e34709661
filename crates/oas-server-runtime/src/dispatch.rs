//! From request to operation, and from rejection to response.

use std::collections::BTreeSet;
use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::MatchedPath;
use axum::response::Response;
use axum::routing::{MethodRouter, any_service};
use futures_util::FutureExt as _;
use http::header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, COOKIE, PROXY_AUTHORIZATION};
use http::{HeaderName, HeaderValue, Method, Request, StatusCode};
use oas_wire::percent::{self, Pair};

use crate::call::{Call, hide};
use crate::endpoint::Endpoint;
use crate::exchange::Exchange;
use crate::matcher::{Found, Matcher};
use crate::panicked::Panicked;
use crate::ranges::{self, Wanted};
use crate::route::{Answering, Handle, Route};
use crate::{AnswerCheck, Operation, Rejection, RouterOptions, ServerError, answers};

/// Finds the operation of a request and has it served.
pub(crate) struct Dispatcher {
    matcher: Matcher<Target>,
    /// Every operation, in the order of the document.
    pub(crate) targets: Vec<Target>,
    /// The headers that hold secrets.
    secrets: Vec<HeaderName>,
    pub(crate) options: RouterOptions,
}

/// An operation, and the layers in front of it where it has some.
#[derive(Clone)]
pub(crate) struct Target {
    pub(crate) endpoint: Arc<Endpoint>,
    handle: Arc<Handle>,
    layered: Option<MethodRouter>,
}

/// Where a route of the router underneath leads to.
pub(crate) struct Lead {
    /// The operations whose paths have one form.
    pub(crate) targets: Vec<Target>,
    /// The positions of the segments that are parameters; `None` where our own matcher has to tell.
    pub(crate) parameters: Option<Vec<usize>>,
}

/// A request that was looked at.
pub(crate) struct Dispatch {
    head_only: bool,
    next: Next,
}

/// Where the answer to a request comes from.
enum Next {
    /// An operation works on it.
    Operation(Serving),
    /// It goes through the layers of an operation.
    Layers(axum::routing::future::RouteFuture<Infallible>),
    /// No operation is asked for it.
    Answered(Response),
}

/// The texts of the path's parameters, on their way through layers.
#[derive(Clone)]
struct Captures(Vec<String>);

/// An operation at work on a request.
struct Serving {
    endpoint: Arc<Endpoint>,
    answering: Answering,
    exchange: Arc<Exchange>,
    head_only: bool,
    wanted: Option<Wanted>,
}

impl Dispatcher {
    pub(crate) fn new(routes: Vec<Route>, options: RouterOptions) -> Self {
        let mut secrets = BTreeSet::from([AUTHORIZATION.as_str(), PROXY_AUTHORIZATION.as_str(), COOKIE.as_str()]);
        secrets.extend(routes.iter().flat_map(|route| route.operation.secret_headers));
        let secrets = secrets.into_iter().filter_map(|name| HeaderName::from_bytes(name.as_bytes()).ok()).collect();
        let targets: Vec<Target> = routes.into_iter().map(|route| Target::new(route, &options)).collect();
        let mut matcher = Matcher::new();
        for target in &targets {
            matcher.insert(&target.endpoint.template, target.clone());
        }
        Self { matcher, targets, secrets, options }
    }

    /// Looks at `request`, as far as nothing has to be waited for. It is not part of [`Dispatch::finish`], whose future is
    /// allocated and moved: without the request it is small.
    pub(crate) fn begin(&self, lead: Option<&Lead>, mut request: Request<Body>) -> Dispatch {
        for name in &self.secrets {
            hide(request.headers_mut(), name);
        }
        Dispatch { head_only: request.method() == Method::HEAD, next: self.next(lead, request) }
    }

    fn next(&self, lead: Option<&Lead>, mut request: Request<Body>) -> Next {
        let Some(found) = self.find(lead, request.uri().path()) else {
            let rejection = Rejection::new(StatusCode::NOT_FOUND, "there is nothing at this path");
            return Next::Answered(self.refuse(&rejection));
        };
        let asks_of_query = found.values.iter().any(|target| !target.endpoint.template.query.is_empty());
        let query = request.uri().query().filter(|_| asks_of_query).unwrap_or_default();
        let Some(target) = pick(found.values, request.method(), &percent::pairs(query)) else {
            return Next::Answered(self.no_target(found.values, request.method()));
        };
        let operation = target.endpoint.operation;
        request.extensions_mut().insert::<&'static Operation>(operation);
        if lead.is_some_and(|lead| !lead.leads_to(target)) {
            // The router underneath took escaped fixed text for a parameter.
            request.extensions_mut().remove::<MatchedPath>();
        }
        let Some(layered) = &target.layered else {
            return Next::Operation(Serving::new(&target.endpoint, &*target.handle, found.captures, request));
        };
        request.extensions_mut().insert(Captures(found.captures));
        let mut layered = layered.clone();
        Next::Layers(tower::Service::call(&mut layered, request))
    }

    /// The operations at `path`: those that `lead` names, unless our matcher has to look closer.
    fn find<'a>(&'a self, lead: Option<&'a Lead>, path: &str) -> Option<Found<'a, Target>> {
        let inside = path.strip_prefix(self.options.base_path.as_str()).filter(|rest| rest.starts_with('/'))?;
        let direct = lead.and_then(|lead| {
            // Escapes may stand for fixed text, which the router underneath does not see.
            let parameters = lead.parameters.as_ref().filter(|_| !inside.contains('%'))?;
            Some(Found { values: &lead.targets, captures: captures(inside, parameters)? })
        });
        direct.or_else(|| self.matcher.find(inside))
    }

    /// The path exists, but not with this method, or not with this query.
    fn no_target(&self, targets: &[Target], method: &Method) -> Response {
        let allow = allow(targets);
        if *method == Method::OPTIONS {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NO_CONTENT;
            response.headers_mut().insert(ALLOW, allow);
            return response;
        }
        let known = targets.iter().any(|target| target.endpoint.serves(method));
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

impl Target {
    fn new(route: Route, options: &RouterOptions) -> Self {
        let Route { operation, schemas, handle, reject, layers } = route;
        let endpoint = Arc::new(Endpoint::new(operation, schemas, reject, options));
        let innermost = || {
            let (endpoint, handle) = (Arc::clone(&endpoint), Arc::clone(&handle));
            any_service(tower::service_fn(move |mut request: Request<Body>| {
                let captures = request.extensions_mut().remove::<Captures>();
                let serving = captures.map(|captures| Serving::new(&endpoint, &*handle, captures.0, request));
                let endpoint = Arc::clone(&endpoint);
                async move {
                    Ok::<_, Infallible>(match serving {
                        Some(serving) => serving.finish().await,
                        None => endpoint.reject(ServerError::new("a layer took the request's extensions away").into()),
                    })
                }
            }))
        };
        let layered = (!layers.is_empty()).then(|| layers.iter().fold(innermost(), |inner, layer| layer(inner)));
        Self { endpoint, handle, layered }
    }
}

impl Lead {
    /// Whether `target` is one of those at this route.
    fn leads_to(&self, target: &Target) -> bool {
        self.targets.iter().any(|one| Arc::ptr_eq(&one.endpoint, &target.endpoint))
    }
}

impl Serving {
    fn new(endpoint: &Arc<Endpoint>, handle: &Handle, captures: Vec<String>, request: Request<Body>) -> Self {
        let exchange = Arc::new(Exchange::default());
        let head_only = request.method() == Method::HEAD;
        let wanted = if endpoint.operation.ranges { Wanted::of(request.headers()) } else { None };
        let call = Call::new(Arc::clone(endpoint), captures, request, Arc::clone(&exchange));
        Self { endpoint: Arc::clone(endpoint), answering: handle(call), exchange, head_only, wanted }
    }

    /// Waits for the answer.
    async fn finish(self) -> Response {
        let caught = AssertUnwindSafe(self.answering).catch_unwind().await;
        let answer = caught.unwrap_or_else(|panic| Err(ServerError::new(Panicked::new(&*panic)).into()));
        self.exchange.read_on();
        let mut response = match answer {
            Ok(mut response) => {
                self.exchange.complete(&mut response);
                if self.endpoint.check != AnswerCheck::Off {
                    let Endpoint { operation, schemas, .. } = *self.endpoint;
                    // Boxed: who does not look would pay for the size of this future otherwise.
                    response =
                        Box::pin(answers::hold(self.endpoint.check, operation, schemas, self.head_only, response))
                            .await;
                }
                if self.endpoint.operation.ranges {
                    response = ranges::cut(response, self.wanted.as_ref());
                }
                response
            }
            Err(rejection) => self.endpoint.reject(rejection),
        };
        if self.endpoint.marks_responses {
            response.extensions_mut().insert::<&'static Operation>(self.endpoint.operation);
        }
        response
    }
}

impl Dispatch {
    /// Waits for the answer.
    pub(crate) async fn finish(self) -> Response {
        let response = match self.next {
            Next::Answered(response) => response,
            Next::Operation(serving) => serving.finish().await,
            Next::Layers(layers) => layers.await.unwrap_or_else(|never| match never {}),
        };
        if self.head_only { without_body(response) } else { response }
    }
}

/// The texts in the segments at `parameters` of a path; `None` when one has none, which no parameter can be.
fn captures(path: &str, parameters: &[usize]) -> Option<Vec<String>> {
    let mut captures = Vec::with_capacity(parameters.len());
    let mut segments = path.split('/').skip(1);
    let mut at = 0;
    for position in parameters {
        let segment = segments.nth(position - at).filter(|segment| !segment.is_empty())?;
        captures.push(segment.to_owned());
        at = position + 1;
    }
    Some(captures)
}

/// The endpoint for `method`; among several the one that asks most of the query, then the first. An operation for
/// HEAD goes before one for GET.
fn pick<'a>(targets: &'a [Target], method: &Method, pairs: &[Pair<'_>]) -> Option<&'a Target> {
    let there = |(name, value): &(String, String)| {
        let asked = percent::decode_form(value);
        let same =
            |pair: &Pair<'_>| pair.name == *name && (value.is_empty() || percent::decode_form(pair.value) == asked);
        pairs.iter().any(same)
    };
    let fitting = targets
        .iter()
        .enumerate()
        .filter(|(_, Target { endpoint, .. })| endpoint.serves(method) && endpoint.template.query.iter().all(there));
    let rank = |(index, Target { endpoint, .. }): &(usize, &Target)| {
        (endpoint.is_for(method), endpoint.template.query.len(), std::cmp::Reverse(*index))
    };
    fitting.max_by_key(rank).map(|(_, target)| target)
}

/// The methods that a path has, as `Allow` lists them: in the order of the document, then what comes with them.
fn allow(targets: &[Target]) -> HeaderValue {
    let mut methods: Vec<&str> = Vec::new();
    let described = targets.iter().map(|target| target.endpoint.operation.method);
    let implied = if described.clone().any(|method| method == "GET") { Some("HEAD") } else { None };
    for method in described.chain(implied).chain(["OPTIONS"]) {
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
