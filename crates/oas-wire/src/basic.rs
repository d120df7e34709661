//! `Authorization: Basic` (RFC 7617).

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// What some callers leave out.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// What stands behind `Basic`; `None` when the user has a colon, which would end it.
///
/// ```
/// assert_eq!(oas_wire::basic::encode("Aladdin", "open sesame").as_deref(), Some("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
/// assert_eq!(oas_wire::basic::encode("a:b", "c"), None);
/// ```
pub fn encode(user: &str, password: &str) -> Option<String> {
    (!user.contains(':')).then(|| LENIENT.encode(format!("{user}:{password}")))
}

/// User and password, with or without padding; `None` when the text is not of this form.
///
/// ```
/// let pair = oas_wire::basic::decode("QWxhZGRpbjpvcGVuIHNlc2FtZQ").unwrap();
/// assert_eq!(pair, ("Aladdin".to_owned(), "open sesame".to_owned()));
/// ```
pub fn decode(text: &str) -> Option<(String, String)> {
    let decoded = String::from_utf8(LENIENT.decode(text).ok()?).ok()?;
    let (user, password) = decoded.split_once(':')?;
    Some((user.to_owned(), password.to_owned()))
}
