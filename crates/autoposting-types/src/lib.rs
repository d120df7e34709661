//! Types of the Autoposting API: schemas, the bodies, responses and errors of its operations, credentials.
//!
//! All of it is generated from the vendor's OpenAPI document. The types depend on serde alone; client and server share
//! them.
//!
//! ```
//! use autoposting_types::{new, CompleteClipUploadBody, CompleteClipUploadBodyPartsItem};
//!
//! let part = CompleteClipUploadBodyPartsItem::new().with_part_number(1).with_e_tag("abc123");
//! let new = new::CompleteClipUploadBody { clip_id: "clip".into(), upload_id: "upload".into(), parts: vec![part] };
//! let body = CompleteClipUploadBody::from(new);
//! let json = serde_json::to_string(&body)?;
//! assert_eq!(json, r#"{"clipId":"clip","uploadId":"upload","parts":[{"partNumber":1,"eTag":"abc123"}]}"#);
//! # Ok::<(), serde_json::Error>(())
//! ```

#[rustfmt::skip]
mod generated;

pub use generated::*;
