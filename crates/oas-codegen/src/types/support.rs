//! What several types need and no runtime has.

use crate::HEADER;

/// The module with the type of streamed bodies.
pub(super) fn stream() -> String {
    format!("// {HEADER}\n\n{}", include_str!("support/stream.rs"))
}
