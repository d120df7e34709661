//! When a request is sent again.

use std::collections::BTreeSet;
use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::{Duration, SystemTime};

use reqwest::header::RETRY_AFTER;
use reqwest::{Response, StatusCode};

use crate::Operation;
use crate::transport::ExchangeError;

/// When a request is sent again. Without any setting it is sent once.
///
/// A request is repeated when no connection came about, and, when its method is idempotent, it carries an idempotency key
/// or its operation is [allowed](Self::allow), also after a timeout and after the statuses 408, 429, 502, 503 and 504. The client waits as
/// long as `Retry-After` asks, otherwise twice as long each time, less a random part, so that many clients do not come
/// back at once. A body that is a stream cannot be sent twice.
///
/// ```
/// use std::time::Duration;
/// use oas_client_runtime::Retries;
///
/// let retries = Retries::up_to(3).longest_delay(Duration::from_secs(10)).allow("completeClipUpload");
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retries {
    most: u32,
    first: Duration,
    longest: Duration,
    allowed: BTreeSet<String>,
    every_method: bool,
}

impl Default for Retries {
    fn default() -> Self {
        Self::none()
    }
}

impl Retries {
    /// Never.
    pub fn none() -> Self {
        Self::up_to(0)
    }

    /// At most this many times, after the first attempt.
    pub fn up_to(most: u32) -> Self {
        Self {
            most,
            first: Duration::from_millis(200),
            longest: Duration::from_secs(20),
            allowed: BTreeSet::new(),
            every_method: false,
        }
    }

    /// How long to wait before the first repetition (default: 200 ms).
    #[must_use]
    pub fn first_delay(mut self, delay: Duration) -> Self {
        self.first = delay;
        self
    }

    /// The longest wait (default: 20 s). An answer whose `Retry-After` asks for more is handed to the caller.
    #[must_use]
    pub fn longest_delay(mut self, delay: Duration) -> Self {
        self.longest = delay;
        self
    }

    /// Allows repeating this operation although its method is not idempotent.
    #[must_use]
    pub fn allow(mut self, operation_id: impl Into<String>) -> Self {
        self.allowed.insert(operation_id.into());
        self
    }

    /// Allows repeating every operation, whatever its method.
    #[must_use]
    pub fn allow_every_method(mut self) -> Self {
        self.every_method = true;
        self
    }

    /// The ids of the operations that are allowed by name.
    pub(crate) fn allowed(&self) -> impl Iterator<Item = &String> {
        self.allowed.iter()
    }

    /// Whether a request of which `done` repetitions were made may get another one.
    pub(crate) fn are_left(&self, done: u32) -> bool {
        done < self.most
    }

    /// How long to wait before sending again; `None` when that would be wrong or useless.
    pub(crate) fn delay(
        &self,
        operation: &Operation,
        is_marked: bool,
        done: u32,
        result: &Result<Response, ExchangeError>,
    ) -> Option<Duration> {
        if !self.are_left(done) {
            return None;
        }
        let repeatable =
            is_marked || self.every_method || operation.is_idempotent() || self.allowed.contains(operation.id);
        match result {
            Err(error) => {
                let never_sent = error.is_connect();
                (never_sent || (repeatable && error.may_have_been_sent())).then(|| self.backoff(done, jitter()))
            }
            Ok(response) if repeatable && is_passing(response.status()) => match asked(response) {
                Some(asked) => (asked <= self.longest).then_some(asked),
                None => Some(self.backoff(done, jitter())),
            },
            Ok(_) => None,
        }
    }

    /// How long to wait before going on with something that was begun.
    pub(crate) fn wait(&self, done: u32) -> Duration {
        self.backoff(done, jitter())
    }

    /// Twice as long each time, at most [`longest`](Self::longest), of which a random half is left away.
    fn backoff(&self, done: u32, jitter: f64) -> Duration {
        let whole = self.first.saturating_mul(1_u32.checked_shl(done).unwrap_or(u32::MAX)).min(self.longest);
        whole.mul_f64(jitter.clamp(0.0, 1.0).mul_add(0.5, 0.5))
    }
}

/// Whether a status speaks of a state that passes.
pub(crate) fn is_passing(status: StatusCode) -> bool {
    matches!(status.as_u16(), 408 | 429 | 502 | 503 | 504)
}

/// What `Retry-After` asks for, in seconds or as a date (RFC 9110, section 10.2.3).
fn asked(response: &Response) -> Option<Duration> {
    let value = response.headers().get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(SystemTime::now()).unwrap_or_default())
}

/// A number from 0 to 1. The hasher of the standard library is seeded at random, which is enough to spread clients.
fn jitter() -> f64 {
    let random = u32::try_from(RandomState::new().build_hasher().finish() >> 32).unwrap_or_default();
    f64::from(random) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    static POST: Operation = Operation { id: "post", method: "POST", path: "/", ..Operation::NONE };
    static GET: Operation = Operation { id: "get", method: "GET", path: "/", ..Operation::NONE };

    fn answer(status: u16, retry_after: Option<&str>) -> Response {
        let mut builder = http::Response::builder().status(status);
        if let Some(value) = retry_after {
            builder = builder.header("retry-after", value);
        }
        builder.body("").expect("valid").into()
    }

    #[test]
    fn only_idempotent_or_allowed_operations_are_repeated() {
        let retries = Retries::up_to(2);
        assert!(retries.delay(&GET, false, 0, &Ok(answer(503, None))).is_some());
        assert!(retries.delay(&POST, false, 0, &Ok(answer(503, None))).is_none());
        assert!(retries.clone().allow("post").delay(&POST, false, 0, &Ok(answer(503, None))).is_some());
        assert!(retries.clone().allow_every_method().delay(&POST, false, 0, &Ok(answer(503, None))).is_some());
        assert!(retries.delay(&GET, false, 0, &Ok(answer(500, None))).is_none());
        assert!(retries.delay(&GET, false, 2, &Ok(answer(503, None))).is_none());
    }

    #[test]
    fn the_server_says_how_long() {
        let retries = Retries::up_to(1);
        assert_eq!(retries.delay(&GET, false, 0, &Ok(answer(429, Some("3")))), Some(Duration::from_secs(3)));
        assert_eq!(retries.delay(&GET, false, 0, &Ok(answer(429, Some("3600")))), None);
        let past = "Wed, 21 Oct 2015 07:28:00 GMT";
        assert_eq!(retries.delay(&GET, false, 0, &Ok(answer(429, Some(past)))), Some(Duration::ZERO));
    }

    #[test]
    fn waits_grow_up_to_the_longest() {
        let retries = Retries::up_to(99).first_delay(Duration::from_secs(1)).longest_delay(Duration::from_secs(5));
        assert_eq!(retries.backoff(0, 1.0), Duration::from_secs(1));
        assert_eq!(retries.backoff(1, 0.0), Duration::from_secs(1));
        assert_eq!(retries.backoff(60, 1.0), Duration::from_secs(5));
        assert!((0.0..=1.0).contains(&jitter()));
    }
}
