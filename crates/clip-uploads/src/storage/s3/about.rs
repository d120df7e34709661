//! What is kept beside an object, as its metadata: the write token, and whose it is.
//!
//! S3 takes two kilobytes of ASCII; what people wrote is percent-encoded, and cut where it would not fit.

use std::collections::HashMap;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use super::super::Handle;
use crate::domain::Origin;

/// The name of the metadata that has the write token.
pub(super) const TOKEN: &str = "write-token";

/// The most bytes of one text. Three texts of this length and everything else are less than two kilobytes.
const LONGEST: usize = 400;

const ENCODED: &AsciiSet = &CONTROLS.add(b' ').add(b'"').add(b'%');

/// The metadata of an object that an upload becomes.
pub(super) fn metadata(handle: &Handle) -> HashMap<String, String> {
    let Origin { upload_id, clip_id, organisation, brand_id, title, file_name, mime_type, created_at } = &handle.origin;
    HashMap::from([
        (TOKEN.to_owned(), handle.token.clone()),
        ("upload".to_owned(), upload_id.clone()),
        ("clip".to_owned(), clip_id.clone()),
        ("organisation".to_owned(), encode(organisation)),
        ("brand".to_owned(), encode(brand_id)),
        ("title".to_owned(), encode(title)),
        ("file-name".to_owned(), encode(file_name)),
        ("mime-type".to_owned(), mime_type.clone()),
        ("created-at".to_owned(), created_at.to_string()),
    ])
}

/// What the metadata of an object says; `None` when it does not say whose it is.
pub(super) fn handle(key: &str, metadata: &HashMap<String, String>) -> Option<Handle> {
    let text = |name: &str| metadata.get(name).cloned();
    let origin = Origin {
        upload_id: text("upload")?,
        clip_id: text("clip")?,
        organisation: decode(&text("organisation")?),
        brand_id: decode(&text("brand")?),
        title: decode(&text("title")?),
        file_name: decode(&text("file-name")?),
        mime_type: text("mime-type")?,
        created_at: text("created-at")?.parse().ok()?,
    };
    Some(Handle { key: key.to_owned(), id: String::new(), token: text(TOKEN)?, origin })
}

fn encode(text: &str) -> String {
    let mut encoded = String::new();
    let mut buffer = [0; 4];
    for character in text.chars() {
        let one = utf8_percent_encode(character.encode_utf8(&mut buffer), ENCODED).to_string();
        if encoded.len() + one.len() > LONGEST {
            break;
        }
        encoded.push_str(&one);
    }
    encoded
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_can_be_read_back() {
        let origin = Origin {
            upload_id: "upload_1".into(),
            clip_id: "clip_1".into(),
            organisation: "äcme".into(),
            brand_id: "b 100%".into(),
            title: "\"sömmer\"".into(),
            file_name: "a b.mp4".into(),
            mime_type: "video/mp4".into(),
            created_at: 7,
        };
        let handle = Handle { key: "clips/clip_1".into(), id: String::new(), token: "t".into(), origin };
        let kept = metadata(&handle);
        assert!(kept.values().all(|value| value.bytes().all(|byte| byte.is_ascii_graphic())));
        assert_eq!(super::handle("clips/clip_1", &kept), Some(handle.clone()));
        let mut long = handle;
        long.origin.title = "ü".repeat(300);
        long.origin.file_name = "ü".repeat(255);
        long.origin.brand_id = "ü".repeat(128);
        let size: usize = metadata(&long).iter().map(|(name, value)| name.len() + value.len()).sum();
        assert!(size < 2048, "{size}");
    }
}
