//! Faces of a report. Every one of them escapes what comes from the documents.

mod json;
mod text;

pub use json::json;
pub use text::{Colour, text};
