//! `cargo oas` from the outside: what it makes of a folder, and what the book says of it.
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

mod book;
mod corpus;
mod examples;
mod init;
#[cfg(target_os = "linux")]
#[path = "../../../clip-uploads/tests/uploads/postgres.rs"]
mod postgres;
mod program;
mod readme;
