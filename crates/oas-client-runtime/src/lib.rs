//! What every generated client stands on, written once and by hand.
//!
//! A generated client consists of request builders and of a table of [`Operation`]s. Everything that does not depend
//! on the document is here:
//!
//! - [`Settings`] and [`State`]: what `Client::builder()` collects, and what a client keeps;
//! - [`Credential`]: secrets, applied per operation, never shown;
//! - [`Retries`] and redirects: how often, after how long, and what another origin must not see;
//! - [`Call`] and [`Options`]: what is said of one request alone;
//! - [`TokenProvider`] and [`ClientCredentials`]: tokens that are fetched while the client runs;
//! - [`Transport`]: what carries requests, with layers around it, or a service in the same process;
//! - [`Outgoing`], [`Parameter`] and [`Part`]: requests in the styles and media types of OpenAPI;
//! - [`Error`], [`ResponseValue`] and [`RawAnswer`]: what came, beside what was made of it;
//! - [`Upload`] and [`Call::download`]: files;
//! - [`EventStream`] and [`JsonLines`]: answers that come in pieces;
//! - [`Pages`] and [`Items`]: lists that come in pages;
//! - [`Report`]: an error in the words of the person who has to act.
//!
//! # What came
//!
//! Whatever an answer is, it stays as it came:
//!
//! ```
//! use oas_client_runtime::{Error, ErrorReport};
//!
//! fn tell<E: std::fmt::Display>(error: &Error<E>) {
//!     // What went wrong and what to do about it, without secrets.
//!     eprintln!("{}", error.report());
//!     if let Some(answer) = error.raw() {
//!         let reason: Option<serde_json::Value> = answer.json().ok();
//!         eprintln!("{} {:?} {:?}", answer.status(), answer.headers().get("retry-after"), reason);
//!     }
//! }
//! ```
//!
//! # Without a server
//!
//! A service in the same process carries requests as well as an HTTP client does, so that an implementation of a
//! generated server trait is a fake of the API:
//!
//! ```
//! use oas_client_runtime::{BoxError, Transport};
//! use tower_service::Service;
//!
//! fn transport<S>(router: S) -> Transport
//! where
//!     S: Service<http::Request<reqwest::Body>, Response = http::Response<reqwest::Body>>
//!         + Clone + Send + Sync + 'static,
//!     S::Error: Into<BoxError>,
//!     S::Future: Send,
//! {
//!     Transport::in_process(router)
//! }
//! ```
//!
//! `Client::builder().transport(..)` takes it; an axum `Router` is such a service.

#![expect(clippy::result_large_err, reason = "an error keeps the whole answer")]

mod answer;
mod byte_stream;
mod call;
mod client_credentials;
mod credential;
mod download;
mod error;
mod event_stream;
mod exchange;
mod fake;
mod items;
mod media_type;
mod multipart;
mod operation;
mod outgoing;
mod pages;
mod receive;
mod reconnection;
mod redirect;
mod report;
mod retries;
mod settings;
mod state;
mod token;
mod trace;
mod transport;
mod upload;

pub use answer::{Misfit, RawAnswer, ResponseValue};
pub use byte_stream::ByteStream;
pub use call::{Call, Options};
pub use client_credentials::ClientCredentials;
pub use credential::Credential;
pub use download::{DownloadError, Downloaded};
pub use error::{Error, ErrorAnswer};
pub use event_stream::{Event, EventStream};
pub use fake::{Fake, FakeAnswer, FakeRequest};
pub use items::{ItemError, JsonLines};
pub use multipart::{Multipart, Part};
pub use oas_wire::{Style, is_json, server_url};
pub use operation::{Field, Location, Operation, Parameter, Piece};
pub use outgoing::Outgoing;
pub use pages::{Items, NextPage, Pages, Paging, Place};
pub use receive::Received;
pub use report::{ErrorReport, Report};
pub use retries::Retries;
pub use settings::{BuildError, Settings};
pub use state::State;
pub use token::{Token, TokenProvider};
pub use transport::{BoxError, BoxFuture, ExchangeError, Middleware, Transport};
pub use upload::Upload;
