//! An operation with what serves it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::response::Response;
use axum::routing::MethodRouter;

use crate::endpoint::Reject;
use crate::{Call, Operation, Rejection, Schemas};

/// An operation at work.
pub(crate) type Answering = Pin<Box<dyn Future<Output = Result<Response, Rejection>> + Send>>;

pub(crate) type Handle = dyn Fn(Call) -> Answering + Send + Sync;
pub(crate) type Wrap = dyn Fn(MethodRouter) -> MethodRouter + Send + Sync;

/// An operation with what serves it.
#[derive(Clone)]
pub(crate) struct Route {
    pub(crate) operation: &'static Operation,
    pub(crate) schemas: &'static Schemas,
    pub(crate) handle: Arc<Handle>,
    pub(crate) reject: Arc<Reject>,
    /// What its requests go through before, the innermost first.
    pub(crate) layers: Vec<Arc<Wrap>>,
}
