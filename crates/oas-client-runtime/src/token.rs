//! Tokens that are fetched while the client runs, and fetched again when the API takes them no more.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;

use crate::transport::{BoxError, BoxFuture};

/// How long before its end a token is not used any more.
const MARGIN: Duration = Duration::from_secs(30);

/// A token, and for how long it is valid. `Debug` shows no secret.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    secret: String,
    valid_for: Option<Duration>,
}

impl Token {
    /// A token that is valid until the API refuses it.
    pub fn new(secret: impl Into<String>) -> Self {
        Self { secret: secret.into(), valid_for: None }
    }

    /// The same token, valid for so long from now on.
    #[must_use]
    pub fn valid_for(mut self, duration: Duration) -> Self {
        self.valid_for = Some(duration);
        self
    }
}

impl From<String> for Token {
    fn from(secret: String) -> Self {
        Self::new(secret)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Token(<secret>, valid for {:?})", self.valid_for)
    }
}

/// Where tokens come from. Any async closure that returns a [`Token`] or a `String` is one.
///
/// ```
/// use oas_client_runtime::{Token, TokenProvider};
///
/// fn provider(client_secret: String) -> impl TokenProvider {
///     move || {
///         let secret = client_secret.clone();
///         async move { Ok::<_, std::io::Error>(Token::new(format!("token for {secret}"))) }
///     }
/// }
/// ```
///
/// The client keeps a token until it ends or the API answers 401; then it fetches another one, once for all requests
/// that wait, and sends the request again, once.
pub trait TokenProvider: Send + Sync + 'static {
    /// Fetches a token.
    fn fetch(&self) -> BoxFuture<'_, Result<Token, BoxError>>;
}

impl<F, Fut, T, E> TokenProvider for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output = Result<T, E>> + Send + 'static,
    T: Into<Token>,
    E: Into<BoxError>,
{
    fn fetch(&self) -> BoxFuture<'_, Result<Token, BoxError>> {
        let fetching = self();
        Box::pin(async { fetching.await.map(Into::into).map_err(Into::into) })
    }
}

/// A token, and when it ends.
type Kept = (String, Option<Instant>);

/// A provider, and the token that it gave last.
#[derive(Clone)]
pub(crate) struct TokenSource {
    provider: Arc<dyn TokenProvider>,
    kept: Arc<Mutex<Option<Kept>>>,
}

impl TokenSource {
    pub(crate) fn new(provider: impl TokenProvider) -> Self {
        Self { provider: Arc::new(provider), kept: Arc::default() }
    }

    /// The token that is kept, or a new one. Others wait for the one who fetches.
    pub(crate) async fn token(&self) -> Result<String, BoxError> {
        let mut kept = self.kept.lock().await;
        if let Some((secret, end)) = &*kept
            && end.is_none_or(|end| Instant::now() < end)
        {
            return Ok(secret.clone());
        }
        let Token { secret, valid_for } = self.provider.fetch().await?;
        let end = valid_for.and_then(|duration| Instant::now().checked_add(duration.saturating_sub(MARGIN)));
        *kept = Some((secret.clone(), end));
        Ok(secret)
    }

    /// Forgets a token that the API did not take, unless there is another one already.
    pub(crate) async fn forget(&self, secret: &str) {
        let mut kept = self.kept.lock().await;
        if kept.as_ref().is_some_and(|(known, _)| known == secret) {
            *kept = None;
        }
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSource")
    }
}
