//! Webhooks and callbacks: requests that an API sends, to those who asked for them.
//!
//! Who receives them implements a generated trait and gives it to a generated router, with a [`Verifier`] that knows by
//! its signature who sent a request. Who sends them has a generated sender with a method for each, over a
//! [`WebhookSender`], which signs what it sends.

mod receive;
mod send;
mod signature;

pub use self::receive::router;
pub use self::send::{Deliver, Delivered, DeliveryError, WebhookSender};
pub use self::signature::{Signer, StandardWebhooks, Unsigned, Unverified, Verifier};
