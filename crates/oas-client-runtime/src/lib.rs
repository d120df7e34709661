//! What every generated client stands on, written once and by hand.
//!
//! A generated client consists of request builders and of a table of [`Operation`]s. Everything that does not depend
//! on the document is here:
//!
//! - [`Settings`] and [`State`]: what `Client::builder()` collects, and what a client keeps;
//! - [`Credential`]: secrets, applied per operation, never shown;
//! - [`Retries`] and redirects: how often, after how long, and what another origin must not see;
//! - [`Call`] and [`Options`]: what is said of one request alone;
//! - [`TokenProvider`]: tokens that are fetched while the client runs;
//! - [`Transport`]: what carries requests, with layers around it, or a service in the same process;
//! - [`Outgoing`], [`Parameter`] and [`Part`]: requests in the styles and media types of OpenAPI;
//! - [`Error`], [`ResponseValue`] and [`RawAnswer`]: what came, beside what was made of it;
//! - [`EventStream`] and [`JsonLines`]: answers that come in pieces;
//! - [`Report`]: an error in the words of the person who has to act.

mod answer;
mod byte_stream;
mod call;
mod credential;
mod error;
mod event_stream;
mod exchange;
mod items;
mod multipart;
mod operation;
mod outgoing;
mod receive;
mod redirect;
mod report;
mod retries;
mod settings;
mod state;
mod token;
mod transport;

pub use answer::{Misfit, RawAnswer, ResponseValue};
pub use byte_stream::ByteStream;
pub use call::{Call, Options};
pub use credential::Credential;
pub use error::{Error, ErrorAnswer};
pub use event_stream::{Event, EventStream};
pub use items::{ItemError, JsonLines};
pub use multipart::{Multipart, Part};
pub use oas_wire::{Style, is_json};
pub use operation::{Field, Location, Operation, Parameter, Piece};
pub use outgoing::Outgoing;
pub use receive::Received;
pub use report::{ErrorReport, Report};
pub use retries::Retries;
pub use settings::{BuildError, Settings};
pub use state::State;
pub use token::{Token, TokenProvider};
pub use transport::{BoxError, BoxFuture, ExchangeError, Middleware, Transport};
