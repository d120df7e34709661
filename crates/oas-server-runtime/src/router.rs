//! The router over a dispatcher: a route for each form of path.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use axum::routing::{MethodFilter, MethodRouter, Route, any_service};
use http::{Method, Request};
use indexmap::IndexMap;
use tower::Service;
use tower::layer::layer_fn;

use crate::dispatch::{Dispatcher, Lead, Target};
use crate::route_path::RoutePath;

/// A router with a route for each form of path that an operation has.
pub(crate) fn over(dispatcher: &Arc<Dispatcher>) -> Router {
    let base = &dispatcher.options.base_path;
    let unknown = answering(dispatcher, None);
    let mut router = Router::new();
    if base.contains("/:") || base.contains("/*") {
        router = router.without_v07_checks();
    }
    router = if dispatcher.options.answers_unknown_paths {
        router.fallback_service(unknown)
    } else {
        // A layer in place of the router's own fallback leaves it the default one, which other routers may take the
        // place of: two routers that both have another cannot be merged.
        router.layer(layer_fn(move |_| unknown.clone()))
    };
    for (path, lead) in leads(&dispatcher.targets, base).into_values() {
        let methods = methods(dispatcher, lead);
        router = router.route(&path, methods);
    }
    router
}

/// The routes by their form, each with the path that it is known by.
fn leads(targets: &[Target], base: &str) -> IndexMap<String, (String, Lead)> {
    let mut leads: IndexMap<String, (String, Lead)> = IndexMap::new();
    let mut shared = Vec::new();
    for target in targets {
        // The router underneath cannot have a path with very many parameters: it is found as an unknown one.
        let route = RoutePath::new(base, target.endpoint.operation.path);
        let Some(RoutePath { text, form, whole }) = route else { continue };
        if !whole {
            shared.push(&target.endpoint.template);
        }
        let parameters = target.endpoint.template.positions();
        let (_, lead) = leads.entry(form).or_insert_with(|| (text, Lead { targets: Vec::new(), parameters }));
        lead.targets.push(target.clone());
    }
    for (_, lead) in leads.values_mut() {
        let meets = |target: &Target| shared.iter().any(|other| target.endpoint.template.meets(other));
        if lead.targets.iter().any(meets) {
            lead.parameters = None;
        }
    }
    leads
}

/// What serves the methods of one route. Methods that the router underneath does not know, and those that no operation
/// has, are told apart by the dispatcher.
fn methods(dispatcher: &Arc<Dispatcher>, lead: Lead) -> MethodRouter {
    let filters = lead.targets.iter().map(|target| {
        let method = Method::from_bytes(target.endpoint.operation.method.as_bytes()).ok()?;
        MethodFilter::try_from(method).ok()
    });
    let filters: Option<Vec<MethodFilter>> = filters.collect();
    let answering = answering(dispatcher, Some(lead));
    let Some(filter) = filters.and_then(|filters| filters.into_iter().reduce(MethodFilter::or)) else {
        return any_service(answering);
    };
    let other = answering.clone();
    MethodRouter::new().layer(layer_fn(move |_: Route| other.clone())).on_service(filter, answering)
}

/// What answers the requests of a route.
fn answering(
    dispatcher: &Arc<Dispatcher>,
    lead: Option<Lead>,
) -> impl Service<Request<Body>, Response = Response, Error = Infallible, Future: Send> + Clone + Send + Sync + use<> {
    let dispatcher = Arc::clone(dispatcher);
    let lead = lead.map(Arc::new);
    // A service and not a handler: what a request has is told apart here, and need not be looked at before.
    tower::service_fn(move |request| {
        let dispatch = dispatcher.begin(lead.as_deref(), request);
        async move { Ok(dispatch.finish().await) }
    })
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;

    use axum::extract::MatchedPath;
    use proptest::prelude::*;
    use tower::ServiceExt as _;

    use super::*;
    use crate::{Operation, RouterOptions, Routes, Schemas, Service};

    static NONE: Schemas = Schemas::new(r#"{"$defs":{}}"#);

    /// Routes whose operations answer with their path and what axum knows of it.
    fn routes(paths: &[String]) -> Routes {
        let service = Service::new((), ());
        paths.iter().fold(Routes::new(), |routes, path| {
            let path: &'static str = path.clone().leak();
            let operation: &'static Operation =
                Box::leak(Box::new(Operation { id: path, method: "GET", path, ..Operation::EMPTY }));
            let handle = move |_, call: crate::Call| async move {
                let request = call.request((), Ok(()), Ok(()))?;
                let matched = request.head.extensions.get::<MatchedPath>().map(|path| path.as_str().to_owned());
                let known = request.head.extensions.get::<&'static Operation>().map(|operation| operation.id);
                assert_eq!(known, Some(path));
                Ok(axum::response::IntoResponse::into_response(format!("{path} {}", matched.unwrap_or_default())))
            };
            routes.operation(operation, &NONE, &service, handle, |&(), _| None)
        })
    }

    /// What a router answers: the status, and the template that was found.
    fn ask(router: &Router, path: &str) -> (u16, String) {
        static RUNTIME: OnceLock<tokio::runtime::Runtime> = OnceLock::new();
        let runtime = RUNTIME.get_or_init(|| tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));
        runtime.block_on(async {
            let request = Request::get(path).body(Body::empty()).expect("a request");
            let response = router.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
            let status = response.status().as_u16();
            let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
            (status, String::from_utf8(body.into()).expect("a text"))
        })
    }

    fn strings(paths: &[&str]) -> Vec<String> {
        paths.iter().map(|path| (*path).to_owned()).collect()
    }

    #[test]
    fn operations_have_a_route_of_their_own() {
        let paths = strings(&["/a/b", "/a/{x}", "/a/{y}.json", "/a/{x}/c", "/größe", "/:now", "/"]);
        let router = routes(&paths).into_router(RouterOptions::default().base_path("/v1"));
        for (path, expected) in [
            ("/v1/a/b", "/a/b /v1/a/b"),
            ("/v1/a/c", "/a/{x} /v1/a/{x}"),
            ("/v1/a/c.json", "/a/{y}.json /v1/a/{x}"),
            ("/v1/a/1/c", "/a/{x}/c /v1/a/{x}/c"),
            ("/v1/gr%C3%B6%C3%9Fe", "/größe /v1/gr%C3%B6%C3%9Fe"),
            ("/v1/:now", "/:now /v1/{:now}"),
            ("/v1/", "/ /v1/"),
            // No route of axum's, but the operation's all the same.
            ("/v1/gr%c3%b6%c3%9fe", "/größe "),
            ("/v1/a/%62", "/a/b "),
        ] {
            assert_eq!(ask(&router, path), (200, expected.to_owned()), "{path}");
        }
        assert_eq!(ask(&router, "/a/b").0, 404);
        assert_eq!(ask(&router, "/v1").0, 404);
    }

    #[test]
    fn routers_merge_and_nest() {
        let make = |paths: &[&str]| routes(&strings(paths)).into_router(RouterOptions::default());
        let own = Router::new().route("/health", axum::routing::get(async || "well"));
        let merged = own.clone().merge(make(&["/a/{x}"])).merge(make(&["/b", "/c/{x}.json"]));
        assert_eq!(ask(&merged, "/a/1").1, "/a/{x} /a/{x}");
        assert_eq!(ask(&merged, "/b").1, "/b /b");
        assert_eq!(ask(&merged, "/health").1, "well");
        let (status, text) = ask(&merged, "/nothing");
        assert!(status == 404 && text.contains("there is nothing at this path"), "{text}");
        let nested = Router::new().nest("/api", make(&["/a/{x}"])).merge(own.fallback(async || "outer"));
        assert_eq!(ask(&nested, "/api/a/1").1, "/a/{x} /api/a/{x}");
        assert_eq!(ask(&nested, "/api/b"), (200, "outer".to_owned()));
        let answering = routes(&strings(&["/a"])).into_router(RouterOptions::default().answer_unknown_paths());
        let merged = answering.clone().merge(make(&["/b"])).merge(Router::new());
        let (status, text) = ask(&merged, "/nothing");
        assert!(status == 404 && text.contains("there is nothing at this path"), "{text}");
        let nested = Router::new().nest("/api", answering).fallback(async || "outer");
        assert_eq!(ask(&nested, "/api/b").0, 404);
        assert_eq!(ask(&nested, "/b").1, "outer");
    }

    #[test]
    fn a_method_of_ones_own_may_be_added_to_a_path() {
        let own = Router::new().route("/a/{x}", axum::routing::put(async || "put"));
        let merged = routes(&strings(&["/a/{x}"])).into_router(RouterOptions::default()).merge(own);
        assert_eq!(ask(&merged, "/a/1").1, "/a/{x} /a/{x}");
    }

    proptest! {
        /// Requests that axum leads to an operation go where our own matcher leads them, which no route takes part in.
        #[test]
        fn both_ways_lead_to_the_same_operation(
            templates in proptest::collection::vec("(/(a|b|%61|:a|\\{x\\}|\\{y\\}|\\{x\\}\\.j|\\{x\\}b|)){1,4}", 1..7),
            paths in proptest::collection::vec("(/(a|b|c|%61|:a|a\\.j|ab|)){1,5}", 12),
        ) {
            let mut matcher = crate::matcher::Matcher::new();
            for template in &templates {
                matcher.insert(&crate::template::Template::parse(template), template.clone());
            }
            let router = routes(&templates).into_router(RouterOptions::default());
            for path in &paths {
                let expected = matcher.find(path).and_then(|found| found.values.first().cloned());
                let (status, text) = ask(&router, path);
                if let Some(template) = expected {
                    prop_assert_eq!(text.split(' ').next(), Some(template.as_str()), "{}", path);
                } else {
                    prop_assert_eq!(status, 404, "{}", path);
                }
            }
        }

        #[test]
        fn no_template_panics(templates in proptest::collection::vec("[/{}.a*%:é?#= ]{0,16}", 0..8)) {
            let router = routes(&templates).into_router(RouterOptions::default().base_path("/:v/*"));
            ask(&router, "/x");
        }
    }
}
