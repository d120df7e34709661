//! What is said of one request alone, on any request builder.

use std::future::Future;
use std::path::Path;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use crate::{DownloadError, Downloaded, Error, Outgoing, RawAnswer, Retries};

/// What is said of one request, in addition to its operation's parameters.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub(crate) headers: HeaderMap,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retries: Option<Retries>,
    pub(crate) idempotency_key: Option<String>,
    pub(crate) reconnect: Option<u32>,
    pub(crate) file_names: Vec<(String, String)>,
    pub(crate) invalid: Option<String>,
}

/// What every request builder can do besides the setters of its operation's parameters.
///
/// ```no_run
/// # mod api { pub use oas_client_runtime::*; }
/// # async fn example(request: impl oas_client_runtime::Call) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
///
/// use api::{Call, Retries};
///
/// let answer = request
///     .header("x-trace", "7")
///     .query("debug", "1")
///     .timeout(Duration::from_secs(5))
///     .retries(Retries::up_to(2))
///     .idempotency_key("transfer-42")
///     .send_raw()
///     .await?;
/// println!("{} {:?}", answer.status(), answer.bytes());
/// # Ok(())
/// # }
/// ```
///
/// Where a parameter has the same name, its setter comes first: write `Call::header(request, "x-trace", "7")` there.
pub trait Call: Sized + Send {
    /// The request as it would be sent.
    fn into_request(self) -> Outgoing;

    /// What was said of this request so far.
    fn options_mut(&mut self) -> &mut Options;

    /// Sends a header with this request, in the place of whatever the client would send under its name.
    #[must_use]
    fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        let options = self.options_mut();
        match (HeaderName::try_from(name), HeaderValue::from_str(value)) {
            (Ok(name), Ok(value)) => {
                options.headers.append(name, value);
            }
            // The value may be a secret.
            _ => options.invalid = Some(format!("`{name}` is no header, or its value is none that a header can have")),
        }
        self
    }

    /// Adds a pair to the query of this request.
    #[must_use]
    fn query(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.options_mut().query.push((name.into(), value.into()));
        self
    }

    /// How long each attempt of this request may take.
    #[must_use]
    fn timeout(mut self, timeout: Duration) -> Self {
        self.options_mut().timeout = Some(timeout);
        self
    }

    /// How long this request may take with all its attempts and the waits between them.
    #[must_use]
    fn deadline(mut self, deadline: Duration) -> Self {
        self.options_mut().deadline = Some(deadline);
        self
    }

    /// When this request is sent again.
    #[must_use]
    fn retries(mut self, retries: Retries) -> Self {
        self.options_mut().retries = Some(retries);
        self
    }

    /// What makes a repetition of this request the same request: sent in the operation's header for it, otherwise in
    /// `Idempotency-Key`. Retries then cover the request whatever its method.
    #[must_use]
    fn idempotency_key(mut self, key: impl Into<String>) -> Self {
        self.options_mut().idempotency_key = Some(key.into());
        self
    }

    /// Sends the part `part` of a body under the name of a file, where the body is one of several media types and its
    /// bytes have no name of their own. Of several parts of one name, the first call names the first.
    #[must_use]
    fn file_name(mut self, part: impl Into<String>, name: impl Into<String>) -> Self {
        self.options_mut().file_names.push((part.into(), name.into()));
        self
    }

    /// Asks again for a stream of events that breaks off or ends: from the last event on that came (`Last-Event-ID`),
    /// after as long as the server asks for (`retry:`), otherwise after three seconds. So many attempts in a row may fail
    /// or bring no event; then the stream ends as it would have without. The server ends it for good with 204.
    #[must_use]
    fn reconnect(mut self, attempts: u32) -> Self {
        self.options_mut().reconnect = Some(attempts);
        self
    }

    /// Sends the request, and writes the body of the answer into a file, which is there when all of it has come. A body
    /// that breaks off is gone on with by ranges, where the server's answer has a strong `ETag` or `Last-Modified` and the
    /// server knows ranges; otherwise it begins again. Nothing of it is kept in memory.
    fn download(self, path: impl AsRef<Path>) -> impl Future<Output = Result<Downloaded, DownloadError>> + Send {
        let (path, request) = (path.as_ref().to_owned(), self.into_request());
        // Boxed: every builder's future would have its size otherwise.
        async move { Box::pin(request.download(path)).await }
    }

    /// Sends the request, and hands back the answer as it came, whatever its status.
    fn send_raw(self) -> impl Future<Output = Result<RawAnswer, Error>> + Send {
        self.into_request().raw()
    }
}
