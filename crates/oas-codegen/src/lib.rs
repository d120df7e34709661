//! From model to Rust: the last stages of the generator.
//!
//! [`plan::settle`] decides once which Rust item each part of the model becomes and what it is called. The emitters
//! print what the plan says and return [`GeneratedFile`]s.

pub mod plan;

use std::path::PathBuf;

/// A file that an emitter made, not yet written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GeneratedFile {
    /// Where it belongs, relative to the crate's folder: `src/generated/mod.rs`.
    pub path: PathBuf,
    /// All of its text.
    pub contents: String,
}
