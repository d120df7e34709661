//! What the review says about Rust, held against those who know: rustdoc about public items, rustc about lines that do
//! not compile any more.
//!
//! A revision is a JSON Patch below `tests/cases/review-rust`, for the document beside them. What is generated and built
//! stays below the folder for temporary files, so that a second run builds only what changed.

#[path = "review_rust/call_sites.rs"]
mod call_sites;
#[path = "review_rust/items.rs"]
mod items;
#[path = "review_rust/revision.rs"]
mod revision;
#[path = "review_rust/rustdoc.rs"]
mod rustdoc;
