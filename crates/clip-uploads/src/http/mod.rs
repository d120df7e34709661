//! HTTP: the generated router, the addresses of the folder, health and metrics, and the server itself.

mod answer;
mod health;
mod observe;
mod serve;
mod storage;

use std::time::Duration;

use axum::Router;
use axum::middleware::from_fn_with_state;

use crate::service::Service;
use crate::storage::FolderStorage;

pub use serve::{Limits, serve};
pub use storage::content_disposition;

/// Everything that the process serves. With a folder as storage, its addresses are served too.
pub fn router(service: &Service, folder: Option<FolderStorage>, limits: &Limits) -> Router {
    let mut router = Router::new().merge(health::routes(service.clone()));
    if let Some(folder) = folder {
        router = router.merge(storage::routes(folder, service.metrics().clone(), limits.idle));
    }
    router.layer(from_fn_with_state(observer(service, limits.answer), observe::observe))
}

fn observer(service: &Service, patience: Duration) -> observe::Observer {
    observe::Observer { metrics: service.metrics().clone(), patience }
}
