//! Faces of a report. Every one of them escapes what comes from the documents.

mod changelog;
mod clean;
mod github;
mod html;
mod json;
mod markdown;
mod phrases;
mod sarif;
mod section;
mod text;
mod timeline;

pub use changelog::changelog;
pub use github::github;
pub use html::html;
pub use json::json;
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{Colour, text};
pub use timeline::{timeline, timeline_json, timeline_markdown};
