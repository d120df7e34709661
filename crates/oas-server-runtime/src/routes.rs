//! Operations and what serves them.

use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use axum::routing::MethodRouter;
use http::{Request, StatusCode};
use tower::Layer;

use crate::dispatch::Dispatcher;
use crate::route::{Route, Wrap};
use crate::router;
use crate::{Call, Operation, Rejection, RouterOptions, Schemas};

/// The service's two halves, shared by its operations.
#[derive(Debug)]
pub struct Service<Api, Authenticator> {
    /// What implements the operations.
    pub api: Arc<Api>,
    /// What knows the callers; `()` where the document has no security schemes.
    pub authenticator: Arc<Authenticator>,
}

impl<Api, Authenticator> Clone for Service<Api, Authenticator> {
    fn clone(&self) -> Self {
        Self { api: Arc::clone(&self.api), authenticator: Arc::clone(&self.authenticator) }
    }
}

impl<Api, Authenticator> Service<Api, Authenticator> {
    /// A service of these halves.
    pub fn new(api: Api, authenticator: Authenticator) -> Self {
        Self { api: Arc::new(api), authenticator: Arc::new(authenticator) }
    }
}

/// Operations and what serves them, on the way to a router.
#[derive(Clone, Default)]
pub struct Routes {
    all: Vec<Route>,
}

impl Routes {
    /// No operation.
    pub const fn new() -> Self {
        Self { all: Vec::new() }
    }

    /// The same operations and one more. `reject` answers rejections in the schemas of the document, where it
    /// describes one.
    #[must_use]
    pub fn operation<Api, Auth, Answer>(
        mut self,
        operation: &'static Operation,
        schemas: &'static Schemas,
        service: &Service<Api, Auth>,
        handle: impl Fn(Arc<Service<Api, Auth>>, Call) -> Answer + Send + Sync + 'static,
        reject: impl Fn(&Api, &Rejection) -> Option<Response> + Send + Sync + 'static,
    ) -> Self
    where
        Api: Send + Sync + 'static,
        Auth: Send + Sync + 'static,
        Answer: Future<Output = Result<Response, Rejection>> + Send + 'static,
    {
        let for_handle = Arc::new(service.clone());
        let for_reject = Arc::clone(&for_handle);
        self.all.push(Route {
            operation,
            schemas,
            handle: Arc::new(move |call| Box::pin(handle(Arc::clone(&for_handle), call))),
            reject: Arc::new(move |rejection| reject(&for_reject.api, rejection)),
            layers: Vec::new(),
        });
        self
    }

    /// The same operations and one that nobody may call: the document asks for credentials that cannot be checked, which
    /// is never the same as asking for none.
    #[must_use]
    pub fn refused(mut self, operation: &'static Operation) -> Self {
        static NONE: Schemas = Schemas::new("{}");
        let refuse = || Rejection::new(StatusCode::FORBIDDEN, "this server cannot check who calls this operation");
        self.all.push(Route {
            operation,
            schemas: &NONE,
            handle: Arc::new(move |_| Box::pin(async move { Err(refuse()) })),
            reject: Arc::new(|_| None),
            layers: Vec::new(),
        });
        self
    }

    /// These operations and those of `other`. Of two with the same method and path the first one serves.
    #[must_use]
    pub fn merge(mut self, other: Self) -> Self {
        self.all.extend(other.all);
        self
    }

    /// The same operations, each behind `layer`: of a tag, when these are the operations of a tag. A layer that is added
    /// later is further out. It sees requests as they came, with the `&'static Operation` that they are for among their
    /// extensions, before anybody looked at credentials.
    ///
    /// Layers around everything, requests for no operation too, are those of the router.
    #[must_use]
    pub fn layer<L>(self, layer: L) -> Self
    where
        L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
        L::Service: tower::Service<Request<Body>> + Clone + Send + Sync + 'static,
        <L::Service as tower::Service<Request<Body>>>::Response: IntoResponse + 'static,
        <L::Service as tower::Service<Request<Body>>>::Error: Into<Infallible> + 'static,
        <L::Service as tower::Service<Request<Body>>>::Future: Send + 'static,
    {
        self.layer_where(|_| true, layer)
    }

    /// The same operations, those of them behind `layer` for which `chosen` holds: `|operation| operation.id == "getClip"`.
    #[must_use]
    pub fn layer_where<L>(mut self, chosen: impl Fn(&'static Operation) -> bool, layer: L) -> Self
    where
        L: Layer<axum::routing::Route> + Clone + Send + Sync + 'static,
        L::Service: tower::Service<Request<Body>> + Clone + Send + Sync + 'static,
        <L::Service as tower::Service<Request<Body>>>::Response: IntoResponse + 'static,
        <L::Service as tower::Service<Request<Body>>>::Error: Into<Infallible> + 'static,
        <L::Service as tower::Service<Request<Body>>>::Future: Send + 'static,
    {
        let wrap: Arc<Wrap> = Arc::new(move |inner: MethodRouter| inner.layer(layer.clone()));
        for route in self.all.iter_mut().filter(|route| chosen(route.operation)) {
            route.layers.push(Arc::clone(&wrap));
        }
        self
    }

    /// The operations, in the order in which they were added.
    pub fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.all.iter().map(|route| route.operation)
    }

    /// The operations with what serves them.
    #[cfg(feature = "webhooks")]
    pub(crate) fn routes(&self) -> &[Route] {
        &self.all
    }

    /// A router that serves these operations, each at a route of its own, and answers what is beside them with 404 or
    /// 405. It can be merged with other routers and nested in them; whose 404 is answered then,
    /// [`RouterOptions::answer_unknown_paths`] says.
    pub fn into_router(self, options: RouterOptions) -> Router {
        router::over(&Arc::new(Dispatcher::new(self.all, options)))
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.operations().map(|operation| operation.id)).finish()
    }
}
