//! What an upload is, whatever stores it and whoever asks: parts, states, and the reasons to refuse.

mod check;
mod clock;
mod id;
mod part;
mod refusal;
mod upload;

pub use check::check;
pub use clock::now;
pub use id::{Id, secret};
pub use part::{ETag, ListedPart, MAX_PARTS, MIN_PART_SIZE, PartList, PartNumber, StoredPart, whole_etag};
pub use refusal::{Refusal, Violation};
pub use upload::{Origin, State, Upload};
