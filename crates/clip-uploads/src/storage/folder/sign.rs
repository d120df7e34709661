//! Addresses that carry their own permission: what may be done, with which bytes, until when.

use std::fmt::Write as _;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use data_encoding::HEXLOWER;
use hmac::{Hmac, KeyInit as _, Mac as _};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use sha2::Sha256;

use super::super::{Download, PartLength, PartRoom};
use crate::domain::{Id, PartNumber, now};

/// Signs addresses, and checks them.
pub struct Signer {
    /// The first one signs; all of them are good.
    macs: RwLock<Vec<Hmac<Sha256>>>,
    public_url: String,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Signer").field("public_url", &self.public_url).finish_non_exhaustive()
    }
}

/// The query of a signed address.
#[derive(Debug, Clone, Deserialize)]
pub struct Signed {
    /// Until when it is valid, in seconds since 1970.
    expires: i64,
    /// Exactly how many bytes a part has.
    length: Option<u64>,
    /// At most how many bytes a part has.
    limit: Option<u64>,
    /// At most how many bytes all parts have together.
    total: Option<u64>,
    /// The name to save an object under.
    pub name: Option<String>,
    /// The media type of an object.
    #[serde(rename = "type")]
    pub mime_type: Option<String>,
    /// The HMAC-SHA256 of all that.
    signature: String,
}

impl Signer {
    /// Signs with the first of these keys, for a server at `public_url`.
    pub fn new(keys: Vec<String>, public_url: &str) -> Self {
        let signer = Self { macs: RwLock::default(), public_url: public_url.to_owned() };
        signer.replace_keys(keys);
        signer
    }

    /// Signs with other keys from now on.
    pub(super) fn replace_keys(&self, keys: Vec<String>) {
        let mac = |key: String| {
            Hmac::new_from_slice(key.as_bytes()).unwrap_or_else(|_| unreachable!("HMAC takes keys of every length"))
        };
        *self.macs.write().unwrap_or_else(PoisonError::into_inner) = keys.into_iter().map(mac).collect();
    }

    /// The address of a part.
    pub(super) fn part_url(&self, id: &Id, part: PartNumber, room: PartRoom, valid: Duration) -> String {
        let expires = expiry(valid);
        let PartRoom { length, total } = room;
        let (member, bytes) = match length {
            PartLength::Exactly(bytes) => ("length", bytes),
            PartLength::AtMost(bytes) => ("limit", bytes),
        };
        let signature = self.sign(&part_text(id, part, member, bytes, total, expires));
        format!(
            "{}/storage/uploads/{id}/parts/{part}?expires={expires}&{member}={bytes}&total={total}&signature={signature}",
            self.public_url
        )
    }

    /// The address of an object.
    pub(super) fn object_url(&self, id: &Id, download: &Download<'_>, valid: Duration) -> String {
        let expires = expiry(valid);
        let Download { file_name, mime_type } = download;
        let signature = self.sign(&object_text(id, file_name, mime_type, expires));
        let mut url = format!("{}/storage/objects/{id}?expires={expires}", self.public_url);
        for (member, value) in [("name", file_name), ("type", mime_type)] {
            let _ = write!(url, "&{member}={}", utf8_percent_encode(value, NON_ALPHANUMERIC));
        }
        let _ = write!(url, "&signature={signature}");
        url
    }

    /// What a part may have; `None` when the address was not made here, or is no longer valid.
    pub fn check_part(&self, id: &Id, part: PartNumber, signed: &Signed) -> Option<PartRoom> {
        let (member, bytes, length) = match (signed.length, signed.limit) {
            (Some(bytes), None) => ("length", bytes, PartLength::Exactly(bytes)),
            (None, Some(bytes)) => ("limit", bytes, PartLength::AtMost(bytes)),
            _ => return None,
        };
        let total = signed.total?;
        let text = part_text(id, part, member, bytes, total, signed.expires);
        self.check(&text, signed).then_some(PartRoom { length, total })
    }

    /// Whether the address of an object was made here and is still valid.
    pub fn check_object(&self, id: &Id, signed: &Signed) -> bool {
        let (Some(name), Some(mime_type)) = (&signed.name, &signed.mime_type) else { return false };
        self.check(&object_text(id, name, mime_type, signed.expires), signed)
    }

    fn sign(&self, text: &str) -> String {
        let macs = self.macs.read().unwrap_or_else(PoisonError::into_inner);
        let Some(mut mac) = macs.first().cloned() else { return String::new() };
        mac.update(text.as_bytes());
        HEXLOWER.encode(&mac.finalize().into_bytes())
    }

    fn check(&self, text: &str, signed: &Signed) -> bool {
        let Ok(signature) = HEXLOWER.decode(signed.signature.as_bytes()) else { return false };
        let macs = self.macs.read().unwrap_or_else(PoisonError::into_inner);
        // Each comparison takes constant time.
        let good = |mac: &Hmac<Sha256>| {
            let mut mac = mac.clone();
            mac.update(text.as_bytes());
            mac.verify_slice(&signature).is_ok()
        };
        macs.iter().any(good) && now() / 1000 < signed.expires
    }
}

fn expiry(valid: Duration) -> i64 {
    (now() / 1000).saturating_add(i64::try_from(valid.as_secs()).unwrap_or(i64::MAX))
}

/// What is signed for a part: the method, the upload, the part, its length, that of all parts, and the end. No field can hold a line
/// break but the last ones of an object, whose lengths come first, so that two addresses never share a text.
fn part_text(id: &Id, part: PartNumber, member: &str, bytes: u64, total: u64, expires: i64) -> String {
    format!("PUT\n{id}\n{part}\n{member}\n{bytes}\n{total}\n{expires}")
}

fn object_text(id: &Id, name: &str, mime_type: &str, expires: i64) -> String {
    format!("GET\n{id}\n{expires}\n{}\n{}\n{name}{mime_type}", name.len(), mime_type.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed(url: &str) -> Signed {
        let mut value = serde_json::Map::new();
        for pair in url.split_once('?').expect("a query").1.split('&') {
            let (name, text) = pair.split_once('=').expect("a pair");
            let text = percent_encoding::percent_decode_str(text).decode_utf8().expect("UTF-8").into_owned();
            let number = (name != "name" && name != "type").then(|| text.parse::<i64>().ok()).flatten();
            value.insert(name.to_owned(), number.map_or(text.into(), Into::into));
        }
        serde_json::from_value(value.into()).expect("a signed query")
    }

    #[test]
    fn an_address_binds_upload_part_length_and_time() {
        let signer = Signer::new(vec!["key".to_owned()], "http://here");
        let (id, other) = (Id::random("parts"), Id::random("parts"));
        let part = |number: i64| PartNumber::try_from(number).expect("in range");
        let hour = Duration::from_secs(3600);
        let exactly = PartRoom { length: PartLength::Exactly(7), total: 9 };
        let query = signed(&signer.part_url(&id, part(1), exactly, hour));
        assert_eq!(signer.check_part(&id, part(1), &query), Some(exactly));
        assert_eq!(signer.check_part(&other, part(1), &query), None);
        assert_eq!(signer.check_part(&id, part(2), &query), None);
        assert_eq!(signer.check_part(&id, part(1), &Signed { length: Some(8), ..query.clone() }), None);
        assert_eq!(signer.check_part(&id, part(1), &Signed { total: Some(8), ..query.clone() }), None);
        assert_eq!(signer.check_part(&id, part(1), &Signed { total: None, ..query.clone() }), None);
        assert_eq!(signer.check_part(&id, part(1), &Signed { length: None, limit: Some(7), ..query.clone() }), None);
        assert_eq!(signer.check_part(&id, part(1), &Signed { expires: query.expires + 1, ..query.clone() }), None);
        assert_eq!(Signer::new(vec!["other".to_owned()], "http://here").check_part(&id, part(1), &query), None);
        signer.replace_keys(vec!["new".to_owned(), "key".to_owned()]);
        assert_eq!(signer.check_part(&id, part(1), &query), Some(exactly), "the last key is good while it is kept");
        signer.replace_keys(vec!["new".to_owned()]);
        assert_eq!(signer.check_part(&id, part(1), &query), None);
        let over = signed(&signer.part_url(
            &id,
            part(1),
            PartRoom { length: PartLength::AtMost(7), total: 7 },
            Duration::ZERO,
        ));
        assert_eq!(signer.check_part(&id, part(1), &over), None);
    }

    #[test]
    fn the_name_and_type_of_a_download_cannot_be_changed() {
        let signer = Signer::new(vec!["key".to_owned()], "http://here");
        let id = Id::random("parts");
        let download = Download { file_name: "a b&c.mp4", mime_type: "video/mp4" };
        let query = signed(&signer.object_url(&id, &download, Duration::from_secs(60)));
        assert!(signer.check_object(&id, &query));
        assert!(!signer.check_object(&id, &Signed { mime_type: Some("text/html".into()), ..query.clone() }));
        let shifted = Signed { name: Some("a b&c.mp4v".into()), mime_type: Some("ideo/mp4".into()), ..query };
        assert!(!signer.check_object(&id, &shifted));
    }
}
