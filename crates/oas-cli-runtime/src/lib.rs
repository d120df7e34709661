//! What every generated command line stands on.
//!
//! A generated crate brings a [`Program`]: a table of groups, operations and arguments. This crate makes `clap`
//! commands of it ([`command`]), turns what a person typed into the [`Input`] of an operation, finds configuration and
//! credentials ([`Settings`]), prints answers ([`output`]) and decides on the [exit code](Failure::exit_code). [`run`]
//! is all of that in a row, for programs that have no commands of their own.

pub mod answer;
pub mod auth;
pub mod command;
mod config;
mod failure;
mod input;
pub mod output;
mod report;
mod run;
mod table;

pub use answer::Answer;
pub use config::{Secret, Settings, Stored, config_path};
pub use failure::Failure;
pub use input::Input;
pub use report::report;
pub use run::run;
pub use table::{Argument, Body, Group, Operation, Program, Scheme, Target, ValueKind};
