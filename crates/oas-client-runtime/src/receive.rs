//! From an answer to a value: the last step of every request builder.

use oas_types_runtime::FromAnswer;
use serde::de::DeserializeOwned;

use crate::exchange::Head;
use crate::media_type::{EVENTS, is_events, media_type};
use crate::operation::Class;
use crate::reconnection::Reconnection;
use crate::{ByteStream, Error, EventStream, JsonLines, Misfit, Outgoing, RawAnswer, ResponseValue};

/// What an operation returns.
pub type Received<T, E> = Result<ResponseValue<T>, Error<E>>;

impl Outgoing {
    /// A success with its body; anything else is an error.
    async fn success<E: FromAnswer>(self) -> Result<RawAnswer, Error<E>> {
        // Boxed: every builder's future would have its size otherwise.
        let head = Box::pin(self.head()).await.map_err(Error::widen)?;
        if head.class == Class::Success { head.whole().await.map_err(Error::widen) } else { Err(head.refuse().await) }
    }

    /// Sends the request, and reads the success with `read`.
    pub async fn read<T, E: FromAnswer>(self, read: impl FnOnce(&RawAnswer) -> Result<T, Misfit>) -> Received<T, E> {
        let raw = self.success().await?;
        match read(&raw) {
            Ok(value) => Ok(ResponseValue::of(value, raw)),
            Err(misfit) => Err(Error::InvalidResponsePayload(raw, misfit)),
        }
    }

    /// Sends the request; the success is JSON.
    pub async fn read_json<T: DeserializeOwned, E: FromAnswer>(self) -> Received<T, E> {
        self.read(RawAnswer::json).await
    }

    /// Sends the request; the success is one of several types, by status.
    pub async fn read_by_status<T: FromAnswer, E: FromAnswer>(self) -> Received<T, E> {
        self.read(RawAnswer::read).await
    }

    /// Sends the request; the success is text.
    pub async fn read_text<E: FromAnswer>(self) -> Received<String, E> {
        self.read(RawAnswer::text).await
    }

    /// Sends the request; the success says nothing but that it is one.
    pub async fn read_nothing<E: FromAnswer>(self) -> Received<(), E> {
        self.read(|_| Ok(())).await
    }

    /// Sends the request; the success is one of several types, by media type. `read` gets the media type; `None` means
    /// that the document does not describe it.
    pub async fn read_by_media_type<T, E: FromAnswer>(
        self,
        read: impl FnOnce(&str, &RawAnswer) -> Option<Result<T, Misfit>>,
    ) -> Received<T, E> {
        self.read(|raw| {
            let media_type = raw.media_type();
            read(&media_type, raw).unwrap_or_else(|| {
                Err(Misfit::new(format!("the media type `{media_type}` is none that the document describes")))
            })
        })
        .await
    }

    /// Sends the request; the success is bytes, which come while they are read.
    pub async fn read_bytes<E: FromAnswer>(self) -> Received<ByteStream, E> {
        self.stream(|_| true, "", |response| ByteStream::new(response.bytes_stream())).await
    }

    /// Sends the request; the success is server-sent events.
    pub async fn read_events<T, E: FromAnswer>(self) -> Received<EventStream<T>, E> {
        // Boxed: every builder's future would have its size otherwise.
        Box::pin(async {
            let (request, state, operation, options) = self.build().map_err(Error::widen)?;
            let again = Reconnection::new(&state, operation, &options, &request);
            let head = state.exchange(operation, &options, request).await.map_err(Error::widen)?;
            let events = stream(head, is_events, EVENTS, |response| EventStream::new(response.bytes_stream())).await?;
            Ok(events.map(|events| events.reconnecting(again)))
        })
        .await
    }

    /// Sends the request; the success is a JSON value per line.
    pub async fn read_json_lines<T, E: FromAnswer>(self) -> Received<JsonLines<T>, E> {
        let is_expected = |media_type: &str| media_type != "text/html" && media_type != "text/event-stream";
        self.stream(is_expected, "a JSON value per line", |response| JsonLines::new(response.bytes_stream())).await
    }

    /// A success that comes in pieces.
    async fn stream<T, E: FromAnswer>(
        self,
        is_expected: impl FnOnce(&str) -> bool,
        expected: &str,
        read: impl FnOnce(reqwest::Response) -> T,
    ) -> Received<T, E> {
        let head = Box::pin(self.head()).await.map_err(Error::widen)?;
        stream(head, is_expected, expected, read).await
    }
}

/// A success that comes in pieces, of an answer whose body was not read yet.
async fn stream<T, E: FromAnswer>(
    head: Head,
    is_expected: impl FnOnce(&str) -> bool,
    expected: &str,
    read: impl FnOnce(reqwest::Response) -> T,
) -> Received<T, E> {
    if head.class != Class::Success {
        return Err(head.refuse().await);
    }
    let found = media_type(head.response.headers());
    if !is_expected(&found) {
        let raw = head.whole().await.map_err(Error::widen)?;
        let misfit = Misfit::new(format!("{expected} were asked for, and the answer is `{found}`"));
        return Err(Error::InvalidResponsePayload(raw, misfit));
    }
    let (status, headers) = (head.response.status(), head.response.headers().clone());
    Ok(ResponseValue { value: read(head.response), status, headers, bytes: None })
}
