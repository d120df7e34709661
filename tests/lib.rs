//! What the tests of the workspace share: finding cases, and comparing with what they expect.

pub mod program;

pub use case_harness::{cases, check};
