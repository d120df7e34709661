//! `cargo oas` from the outside: what it makes of a folder, and what the book says of it.
#![expect(clippy::disallowed_methods, reason = "tests write files of their own")]

mod book;
mod corpus;
mod examples;
mod init;
mod program;
mod readme;
