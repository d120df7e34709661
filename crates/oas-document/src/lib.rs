//! From text to [`Document`]: the first stage of the generator.
//!
//! [`load`] reads JSON or YAML and every file the document refers to; [`overlay::apply`] changes it. Every value keeps
//! the place it came from, so that whatever is said about it later can point there.
//!
//! ```
//! use std::path::Path;
//!
//! use oas_document::{LoadOptions, load_text};
//!
//! let text = "
//! openapi: 3.1.0
//! components:
//!   schemas:
//!     Pet: {type: object}
//!     Pets: {items: {$ref: '#/components/schemas/Pet'}}
//! ";
//! let document = load_text(text, Path::new("pets.yaml"), &LoadOptions { reference_root: None })?;
//! let items = document.root_location().child("components").child("schemas").child("Pets").child("items");
//! let pet = document.resolve_at(&items, "#/components/schemas/Pet")?;
//! assert_eq!(document.position(&pet).map(|position| position.line), Some(5));
//!
//! let unknown = document.resolve_at(&items, "#/components/schemas/Pat").expect_err("there is no such schema");
//! assert_eq!(unknown.hint(), "did you mean `#/components/schemas/Pet`?");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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

pub use diagnostic::{Class, Diagnostic, Place, Severity};
pub use document::{Document, Failure, Location};
pub use load::{LoadOptions, load, load_text};
pub use pointer::Pointer;
pub use reference::ResolveError;
pub use reference::nearest::nearest;
pub use render::{Style, render, sorted, visible};
pub use source::{FileId, Position, Source, Sources, Span};
pub use tree::{Member, Node, Object, Value};
