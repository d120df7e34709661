//! Who sent a webhook: signatures over the bytes of its body.

use std::borrow::Cow;
use std::fmt;
use std::time::{SystemTime, UNIX_EPOCH};

use http::{HeaderMap, HeaderValue};
use standardwebhooks::{HEADER_WEBHOOK_ID, HEADER_WEBHOOK_SIGNATURE, HEADER_WEBHOOK_TIMESTAMP, Webhook};

use crate::ServerError;

/// Knows who sent a webhook. It gets the bytes of the body as they came, before anybody reads them.
///
/// Each vendor signs in its own way; an implementation compares signatures in constant time.
///
/// ```
/// use oas_server_runtime::axum::http::HeaderMap;
/// use oas_server_runtime::webhooks::{Unverified, Verifier};
///
/// /// A secret in the address is all that some vendors offer.
/// struct Token(String);
///
/// impl Verifier for Token {
///     fn verify(&self, headers: &HeaderMap, _body: &[u8]) -> Result<(), Unverified> {
///         let told = headers.get("x-token").map(|value| value.as_bytes()).unwrap_or_default();
///         let same = told.len() == self.0.len()
///             && told.iter().zip(self.0.bytes()).fold(0, |all, (one, other)| all | (one ^ other)) == 0;
///         if same { Ok(()) } else { Err(Unverified::new("the token is not ours")) }
///     }
/// }
/// ```
pub trait Verifier: Send + Sync + 'static {
    /// Whether the sender is who may send.
    ///
    /// # Errors
    /// When it is not: the sender is answered with status 401.
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Unverified>;
}

/// Signs what a sender of webhooks sends.
pub trait Signer: Send + Sync + 'static {
    /// Adds the headers that say who sends this body. `id` is the same for every attempt to deliver it.
    ///
    /// # Errors
    /// When it cannot be signed.
    fn sign(&self, id: &str, headers: &mut HeaderMap, body: &[u8]) -> Result<(), ServerError>;
}

/// Why nobody knows who sent a webhook. The text is for the sender, and holds no secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unverified(Cow<'static, str>);

impl Unverified {
    /// With a sentence for the sender.
    pub fn new(text: impl Into<Cow<'static, str>>) -> Self {
        Self(text.into())
    }

    pub(super) fn into_text(self) -> Cow<'static, str> {
        self.0
    }
}

impl fmt::Display for Unverified {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unverified {}

/// No signature: for a receiver that only the sender can reach, and a sender whose receivers know it otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsigned;

impl Verifier for Unsigned {
    fn verify(&self, _: &HeaderMap, _: &[u8]) -> Result<(), Unverified> {
        Ok(())
    }
}

impl Signer for Unsigned {
    fn sign(&self, _: &str, _: &mut HeaderMap, _: &[u8]) -> Result<(), ServerError> {
        Ok(())
    }
}

/// The signatures of [Standard Webhooks](https://www.standardwebhooks.com): `webhook-id`, `webhook-timestamp` and
/// `webhook-signature` over both and the body, not older than five minutes.
pub struct StandardWebhooks {
    /// The first one signs; any of them verifies, so that secrets can be changed.
    keys: Vec<Webhook>,
}

impl StandardWebhooks {
    /// With a secret as it is handed out: `whsec_` and base64.
    ///
    /// # Errors
    /// When that is no secret, or an empty one.
    pub fn new(secret: &str) -> Result<Self, ServerError> {
        Ok(Self { keys: vec![key(secret)?] })
    }

    /// With one more secret, which is taken too while secrets are changed.
    ///
    /// # Errors
    /// Like [`new`](Self::new).
    pub fn or(mut self, secret: &str) -> Result<Self, ServerError> {
        self.keys.push(key(secret)?);
        Ok(self)
    }
}

fn key(secret: &str) -> Result<Webhook, ServerError> {
    if secret.strip_prefix("whsec_").unwrap_or(secret).is_empty() {
        return Err(ServerError::new("the secret of a webhook is empty"));
    }
    // The error of the library may show the secret.
    Webhook::new(secret).map_err(|_| ServerError::new("the secret of a webhook is not base64"))
}

impl Verifier for StandardWebhooks {
    fn verify(&self, headers: &HeaderMap, body: &[u8]) -> Result<(), Unverified> {
        let told = headers.get(HEADER_WEBHOOK_TIMESTAMP).and_then(|value| value.to_str().ok()?.parse::<i64>().ok());
        // The library counts with what it is told, and some numbers of 64 bits are too large for that.
        if told.is_none_or(|seconds| !(0..=i64::from(u32::MAX) * 4).contains(&seconds)) {
            return Err(Unverified::new("`webhook-timestamp` is missing, or no time"));
        }
        let mut refused = None;
        for key in &self.keys {
            match key.verify(body, headers) {
                Ok(()) => return Ok(()),
                Err(error) => refused = Some(error.to_string()),
            }
        }
        Err(Unverified::new(refused.unwrap_or_default()))
    }
}

impl Signer for StandardWebhooks {
    fn sign(&self, id: &str, headers: &mut HeaderMap, body: &[u8]) -> Result<(), ServerError> {
        let Some(key) = self.keys.first() else { return Err(ServerError::new("there is no secret to sign with")) };
        let now = i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs())?;
        headers.insert(HEADER_WEBHOOK_ID, HeaderValue::from_str(id)?);
        headers.insert(HEADER_WEBHOOK_TIMESTAMP, HeaderValue::from(now));
        headers.insert(HEADER_WEBHOOK_SIGNATURE, HeaderValue::from_str(&key.sign(id, now, body)?)?);
        Ok(())
    }
}

impl fmt::Debug for StandardWebhooks {
    /// Without the secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("StandardWebhooks").field("keys", &self.keys.len()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
    const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    #[test]
    fn what_is_signed_is_verified_and_nothing_else() {
        let keys = StandardWebhooks::new(SECRET).expect("a secret");
        let mut headers = HeaderMap::new();
        keys.sign("msg_1", &mut headers, b"{}").expect("it is signed");
        assert_eq!(keys.verify(&headers, b"{}"), Ok(()));
        assert!(keys.verify(&headers, b"{ }").is_err());
        assert!(StandardWebhooks::new(OTHER).expect("a secret").verify(&headers, b"{}").is_err());
        let both = StandardWebhooks::new(OTHER).and_then(|keys| keys.or(SECRET)).expect("secrets");
        assert_eq!(both.verify(&headers, b"{}"), Ok(()));
        for name in [HEADER_WEBHOOK_ID, HEADER_WEBHOOK_TIMESTAMP, HEADER_WEBHOOK_SIGNATURE] {
            let mut fewer = headers.clone();
            fewer.remove(name);
            assert!(keys.verify(&fewer, b"{}").is_err(), "{name}");
        }
        for time in ["0", "1700000000", "-9223372036854775808", "9223372036854775807", "x", "17000000000"] {
            let mut late = headers.clone();
            late.insert(HEADER_WEBHOOK_TIMESTAMP, HeaderValue::from_static(time));
            assert!(keys.verify(&late, b"{}").is_err(), "{time}");
        }
    }

    #[test]
    fn secrets_are_not_shown() {
        let keys = StandardWebhooks::new(SECRET).expect("a secret");
        assert_eq!(format!("{keys:?}"), "StandardWebhooks { keys: 1 }");
        assert!(StandardWebhooks::new("whsec_").is_err() && StandardWebhooks::new("").is_err());
        let error = StandardWebhooks::new("whsec_not base64!").expect_err("no secret");
        assert!(!format!("{error:?}").contains("not base64!"));
    }
}
