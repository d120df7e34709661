//! What every generated client stands on, written once and by hand.
//!
//! A generated client consists of request builders and of a table of [`Operation`]s. Everything that does not depend
//! on the document is here:
//!
//! - [`Settings`] and [`State`]: what `Client::builder()` collects, and what a client keeps;
//! - [`Credential`]: secrets, applied per operation, never shown;
//! - [`Retries`] and redirects: how often, after how long, and what another origin must not see;
//! - tagging ([`Body::Tagged`]): how an answer of several types is decoded by its status;
//! - [`Outgoing`], [`Parameter`] and [`Part`]: requests in the styles and media types of OpenAPI;
//! - [`EventStream`] and [`JsonLines`]: answers that come in pieces;
//! - [`Report`]: an error in the words of the person who has to act.

mod content;
mod credential;
mod decode;
mod event_stream;
mod exchange;
mod form;
mod items;
mod multipart;
mod operation;
mod outgoing;
mod parameter;
mod redirect;
mod report;
mod retries;
mod settings;
mod tagging;
mod text;
mod whole;

pub use content::{is_json, media_type};
pub use credential::Credential;
pub use decode::{
    decode_bytes, decode_events, decode_json, decode_json_lines, decode_text, read_bytes, read_json, read_text,
};
pub use event_stream::{Event, EventStream};
pub use items::{ItemError, JsonLines};
pub use multipart::{Multipart, Part};
pub use operation::{Body, Operation};
pub use outgoing::Outgoing;
pub use parameter::{Parameter, Style, header_value, path_segment, path_text};
pub use report::{ErrorReport, Report};
pub use retries::Retries;
pub use settings::{BuildError, Settings, State};
