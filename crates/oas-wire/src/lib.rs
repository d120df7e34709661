//! How values of an OpenAPI document are written into HTTP messages and read out of them.
//!
//! Clients write what servers read, so both directions stand beside each other here and are tested against each other:
//!
//! - [`Spelling`]: parameters in the styles of OpenAPI, of a [`Tree`] and by a [`Shape`];
//! - [`MediaType`]: media types and ranges, with their parameters;
//! - [`server_url`]: the URLs of servers, with values for their variables;
//! - [`percent`]: percent-encoding, as each part of a URL wants it;
//! - [`integer`]: integers that are written like `1.0` or `1e3`;
//! - [`Lines`] and [`EventParser`]: bodies that come in pieces;
//! - [`basic`]: user and password of HTTP's basic authentication.
//!
//! Nothing here knows an HTTP library.

pub mod basic;
mod deep;
mod error;
mod events;
pub mod integer;
mod lines;
mod media_type;
pub mod percent;
mod read;
mod server_url;
mod shape;
mod single;
mod style;
mod tree;
mod write;

pub use error::{Unreadable, Unwritable};
pub use events::{EventParser, RawEvent, event};
pub use lines::{LONGEST, Lines, TooLong};
pub use media_type::{MediaType, essence, is_json, is_token, split_quoted};
pub use read::Taken;
pub use server_url::server_url;
pub use shape::{Members, Shape, resolve};
pub use style::{Spelling, Style};
pub use tree::Tree;
pub use write::form_body;
