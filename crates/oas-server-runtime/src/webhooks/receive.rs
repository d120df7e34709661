//! The receiving end.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::header::CONTENT_TYPE;
use http::{Request, StatusCode, Uri};
use oas_wire::{MediaType, Spelling};
use serde_json::Value;
use tower::ServiceExt as _;

use super::Verifier;
use crate::route::Route;
use crate::{ContentFormat, Location, Parameter, Rejection, RouterOptions, Routes, body};

/// A router that receives webhooks: each at a path of its own (`/new_pet`), and all of them at `/`, where the content of
/// a request says which one it is. Requests whose sender `verifier` does not know are refused before anybody reads them.
pub fn router(routes: Routes, verifier: impl Verifier, options: RouterOptions) -> Router {
    let limit = options.body_limit;
    let receiver = Arc::new(Receiver {
        routes: routes.routes().to_vec(),
        inner: routes.into_router(options.clone()),
        verifier,
        limit,
        options,
    });
    let service = tower::service_fn(move |request: Request<Body>| {
        let receiver = Arc::clone(&receiver);
        async move { Ok::<_, Infallible>(receiver.receive(request).await) }
    });
    // Every path is the verifier's first; a path below this one does not say who sends.
    Router::new().route_service("/", service.clone()).route_service("/{webhook}", service)
}

struct Receiver<V> {
    routes: Vec<Route>,
    inner: Router,
    verifier: V,
    limit: usize,
    options: RouterOptions,
}

impl<V: Verifier> Receiver<V> {
    async fn receive(&self, request: Request<Body>) -> Response {
        match self.checked(request).await {
            Ok(request) => self.inner.clone().oneshot(request).await.unwrap_or_else(|never| match never {}),
            Err(rejection) => {
                tracing::debug!(status = rejection.status().as_u16(), %rejection, "webhook refused");
                (self.options.render)(&rejection)
            }
        }
    }

    /// The request with its body at hand and a path that says which webhook it is, when its sender is known.
    async fn checked(&self, request: Request<Body>) -> Result<Request<Body>, Rejection> {
        let (mut head, mut body) = request.into_parts();
        let bytes = body::read(&mut body, self.limit).await?;
        self.verifier
            .verify(&head.headers, &bytes)
            .map_err(|reason| Rejection::new(StatusCode::UNAUTHORIZED, reason.into_text()))?;
        if head.uri.path() == "/" {
            let path = self.path(&head, &bytes)?;
            head.uri = Uri::try_from(path).map_err(|error| Rejection::from(crate::ServerError::new(error)))?;
        }
        Ok(Request::from_parts(head, Body::from(bytes)))
    }

    /// The path of the webhook that a request is: the only one there is, or the first that its content fits.
    fn path(&self, head: &http::request::Parts, bytes: &[u8]) -> Result<&'static str, Rejection> {
        let by_method = self.routes.iter().filter(|route| route.operation.method == head.method.as_str());
        let candidates: Vec<&Route> = by_method.collect();
        if let [only] = candidates.as_slice() {
            return Ok(only.operation.path);
        }
        let value = serde_json::from_slice(bytes).ok();
        let found = candidates.iter().find(|route| fits(route, head, value.as_ref()));
        found.map(|route| route.operation.path).ok_or_else(|| {
            Rejection::new(StatusCode::UNPROCESSABLE_ENTITY, "this is none of the webhooks that the document describes")
        })
    }
}

/// Whether a request with this head and this JSON is what the document says of a webhook.
fn fits(route: &Route, head: &http::request::Parts, value: Option<&Value>) -> bool {
    let headers = route.operation.parameters.iter().filter(|parameter| parameter.location == Location::Header);
    if !headers.clone().all(|parameter| header_fits(route, head, parameter)) {
        return false;
    }
    let Some(body) = &route.operation.body else { return true };
    let stated = head.headers.get(CONTENT_TYPE).and_then(|value| MediaType::parse(value.to_str().ok()?));
    body.content.iter().any(|content| {
        let covers = match (&stated, MediaType::parse(content.media_type)) {
            (Some(stated), Some(described)) => described.covers(stated).is_some(),
            _ => false,
        };
        covers
            && match (content.format, content.schema) {
                (ContentFormat::Json, Some(schema)) => {
                    value.is_some_and(|value| route.schemas.get(schema).is_ok_and(|compiled| compiled.is_valid(value)))
                }
                (ContentFormat::Json, None) => value.is_some(),
                _ => true,
            }
    })
}

fn header_fits(route: &Route, head: &http::request::Parts, parameter: &Parameter) -> bool {
    let Some(text) = head.headers.get(parameter.name).and_then(|value| value.to_str().ok()) else {
        return !parameter.required;
    };
    let Some(Ok(compiled)) = parameter.schema.map(|schema| route.schemas.get(schema)) else { return true };
    let spelling = Spelling::new(parameter.name, parameter.style).explode(parameter.explode);
    spelling.read_header(text, &compiled.shape).is_ok_and(|value| compiled.is_valid(&value))
}
