//! What references name.

mod meant;
pub(crate) mod names;
pub(crate) mod nearest;
mod resolve;
pub(crate) mod scan;
pub(crate) mod uri;

pub use resolve::ResolveError;
