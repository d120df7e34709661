//! HTTP: the generated router, the addresses of the folder, health and metrics, and the server itself.

mod answer;
mod api;
mod connection;
mod cors;
mod drain;
mod health;
mod host;
mod observe;
mod refuse;
mod serve;
mod storage;

use std::time::Duration;

use autoposting_server::router_with;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use oas_server_runtime::RouterOptions;

use crate::service::Service;
use crate::storage::FolderStorage;

pub use serve::{Limits, serve};
pub use storage::content_disposition;

/// Everything that the process serves. With a folder as storage, its addresses are served too.
pub fn router(service: &Service, folder: Option<FolderStorage>, limits: &Limits) -> Router {
    let options = RouterOptions::default().mark_responses().answer_unknown_paths().body_limit(limits.body).reject_with(
        |rejection| {
            let mut answer = answer::error(rejection.status(), rejection.code(), rejection.detail());
            answer.headers_mut().extend(rejection.headers().clone());
            answer
        },
    );
    let keys = api::Keys(service.metadata().clone());
    let mut router = router_with(api::Api(service.clone()), keys, options).merge(health::routes(service.clone()));
    if let Some(folder) = folder {
        router = router.merge(storage::routes(folder, service.metrics().clone(), limits.idle));
    }
    router = router.layer(from_fn(host::one_host));
    if !limits.origins.is_empty() {
        router = router.layer(cors::layer(&limits.origins));
    }
    router.layer(from_fn(drain::drain)).layer(from_fn_with_state(observer(service, limits.answer), observe::observe))
}

fn observer(service: &Service, patience: Duration) -> observe::Observer {
    observe::Observer { metrics: service.metrics().clone(), patience }
}
