//! From text to [`Document`]: the first stage of the generator.
//!
//! [`load`] reads JSON or YAML and every file the document refers to; [`overlay::apply`] changes it. Every value keeps
//! the place it came from, so that whatever is said about it later can point there.

mod diagnostic;
mod document;
mod load;
mod locate;
pub mod overlay;
mod pointer;
mod reference;
mod render;
mod source;
mod tree;

pub use diagnostic::{Diagnostic, Place, Severity};
pub use document::{Document, Failure, Location};
pub use load::{LoadOptions, load, load_text};
pub use pointer::Pointer;
pub use reference::ResolveError;
pub use reference::nearest::nearest;
pub use render::{Style, render, sorted, visible};
pub use source::{FileId, Position, Source, Sources, Span};
pub use tree::{Member, Node, Object, Value};
