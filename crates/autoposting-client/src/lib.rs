//! A client of the Autoposting API.
//!
//! Every operation of the API is a method of [`Client`] that starts a request; setters fill it, `send` sends it.
//!
//! ```no_run
//! use autoposting_client::types::{new, CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, CompleteClipUploadError};
//! use autoposting_client::{Client, Error};
//!
//! # async fn example() -> Result<(), Box<dyn std::error::Error>> {
//! let client = Client::builder().bearer_auth("sk-social-...").build()?;
//! let part = CompleteClipUploadBodyPartsItem::new().with_part_number(1).with_e_tag("abc123");
//! let new = new::CompleteClipUploadBody { clip_id: "clip".into(), upload_id: "upload".into(), parts: vec![part] };
//! let body = CompleteClipUploadBody::from(new);
//!
//! match client.complete_clip_upload().body(body).send().await {
//!     Ok(answer) => println!("completed: {:?}", answer.data),
//!     Err(Error::ErrorResponse(answer)) => match &*answer {
//!         CompleteClipUploadError::Status401(_) => println!("the key is not valid"),
//!         other => println!("refused: {other}"),
//!     },
//!     Err(other) => return Err(other.into()),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! [`runtime::ErrorReport`] says of any error what to do about it, [`runtime::Retries`] when requests are sent again.

#[rustfmt::skip]
#[allow(deprecated, clippy::all, clippy::pedantic, reason = "generated code")]
mod generated;

pub use generated::*;
pub use oas_client_runtime as runtime;
pub use oas_client_runtime::{ByteStream, Call, Error, ResponseValue};
