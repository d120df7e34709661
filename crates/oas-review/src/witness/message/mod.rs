//! Witnesses of changes above schemas: requests and responses that one side describes and the other does not.
//!
//! [`compose`] makes messages that one side describes, [`request`] and [`response`] ask both sides about each, and
//! [`expect`] knows for what reason a message has to be refused to be a witness of a change, or why there is none. A
//! message is valid when the document describes all of it: a parameter that an operation does not have is refused.

mod attest;
mod compose;
mod expect;
mod judge;
mod request;
mod response;
mod server;
mod sides;
mod slot;
mod template;
mod whole;
mod written;

pub(super) use attest::Messages;
#[cfg(test)]
pub(crate) use attest::{OTHER_STATUS, UNUSED, lost_requests};
pub(crate) use sides::Counterparts;
pub(super) use sides::Origin;
pub(super) use whole::Whole;
