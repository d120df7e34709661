//! Streams of events that are asked for again where they break off (HTML standard, section 9.2.3).

use std::time::Duration;

use reqwest::header::{HeaderName, HeaderValue};
use reqwest::{Request, StatusCode};

use crate::items::Feed;
use crate::media_type::{EVENTS, is_events, media_type};
use crate::operation::Class;
use crate::transport::BoxFuture;
use crate::{Error, ItemError, Misfit, Operation, Options, State};

/// How long to wait when the server has not said it.
const DELAY: Duration = Duration::from_secs(3);

/// The longest wait, however often connecting has failed.
const LONGEST: Duration = Duration::from_secs(60);

/// The header that says which event was the last that came.
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A connection that is being made: its body, and how many attempts it took; `None` when the server wants no more.
pub(crate) type Connecting = BoxFuture<'static, Result<Option<(Feed, u32)>, ItemError>>;

/// What a stream needs to be asked for again.
pub(crate) struct Reconnection {
    state: State,
    operation: &'static Operation,
    options: Options,
    request: Request,
    /// How many attempts in a row may bring no event.
    most: u32,
    done: u32,
}

impl Reconnection {
    /// What asks again with this request; `None` when nobody wants that, or it cannot be sent again.
    pub(crate) fn new(
        state: &State,
        operation: &'static Operation,
        options: &Options,
        request: &Request,
    ) -> Option<Self> {
        let most = options.reconnect?;
        let request = request.try_clone()?;
        Some(Self { state: state.clone(), operation, options: options.clone(), request, most, done: 0 })
    }

    /// An event came.
    pub(crate) fn succeed(&mut self) {
        self.done = 0;
    }

    /// So many attempts brought a connection, and no event so far.
    pub(crate) fn count(&mut self, attempts: u32) {
        self.done += attempts;
    }

    /// Connects again; `None` when that was tried often enough.
    pub(crate) fn connect(&self, last_id: &str, delay: Option<Duration>) -> Option<Connecting> {
        let left = self.most.checked_sub(self.done).filter(|left| *left > 0)?;
        let mut request = self.request.try_clone()?;
        if let Ok(id) = HeaderValue::from_str(last_id)
            && !last_id.is_empty()
        {
            request.headers_mut().insert(LAST_EVENT_ID, id);
        }
        let attempts = Attempts {
            state: self.state.clone(),
            operation: self.operation,
            options: self.options.clone(),
            request,
            delay: delay.unwrap_or(DELAY),
            done: self.done,
            left,
        };
        Some(Box::pin(attempts.run()))
    }
}

/// Attempts to connect.
struct Attempts {
    state: State,
    operation: &'static Operation,
    options: Options,
    request: Request,
    delay: Duration,
    done: u32,
    left: u32,
}

impl Attempts {
    async fn run(self) -> Result<Option<(Feed, u32)>, ItemError> {
        let mut attempt = 1;
        loop {
            let grown = self.delay.saturating_mul(1_u32.checked_shl(self.done + attempt - 1).unwrap_or(u32::MAX));
            // What the server asks for counts, however long it is.
            tokio::time::sleep(grown.min(LONGEST.max(self.delay))).await;
            match self.once().await {
                Ok(feed) => return Ok(feed.map(|feed| (feed, attempt))),
                Err(error) if attempt < self.left && passes(&error) => attempt += 1,
                Err(error) => return Err(ItemError::Refused(Box::new(error))),
            }
        }
    }

    /// One attempt; `None` when the server wants no more.
    async fn once(&self) -> Result<Option<Feed>, Error> {
        let Some(request) = self.request.try_clone() else { return Ok(None) };
        let head = self.state.exchange(self.operation, &self.options, request).await?;
        if head.response.status() == StatusCode::NO_CONTENT {
            return Ok(None);
        }
        if head.class != Class::Success {
            return Err(Error::UnexpectedResponse(head.whole().await?));
        }
        let found = media_type(head.response.headers());
        if !is_events(&found) {
            let misfit = Misfit::new(format!("{EVENTS} were asked for, and the answer is `{found}`"));
            return Err(Error::InvalidResponsePayload(head.whole().await?, misfit));
        }
        Ok(Some(Feed::new(head.response.bytes_stream())))
    }
}

/// Whether an error speaks of a state that passes.
fn passes(error: &Error) -> bool {
    match error {
        Error::CommunicationError(_) | Error::ResponseBodyError(_) => true,
        other => other.status().is_some_and(crate::retries::is_passing),
    }
}
