//! Compares two revisions of an OpenAPI document: what changes, who breaks, and why one should believe it.

mod change;
pub mod effect;
mod operation;
pub mod rule;
mod schema;
mod side;
mod subject;
mod survey;
mod witness;

pub use change::{Change, Evidence, OperationName, Witness};
pub use operation::compare;
pub use side::Side;
pub use subject::{Position, Subject};
