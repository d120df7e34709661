//! Server-sent events (`text/event-stream`), as the HTML standard defines them, section 9.2.6.

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use futures_core::Stream;
use oas_wire::{EventParser, RawEvent, integer};
use serde::de::DeserializeOwned;
use serde::de::value::StrDeserializer;

use crate::ItemError;
use crate::items::Feed;
use crate::reconnection::{Connecting, Reconnection};

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Event<T> {
    /// Its type, the field `event`; `message` when the server names none.
    pub kind: String,
    /// Its data.
    pub data: T,
    /// The last id that the server has sent, to go on from after a broken connection; empty when there was none.
    pub id: String,
    /// How long to wait before connecting again, when this event says so.
    pub retry: Option<Duration>,
}

/// A stream of events whose data is JSON, or text when it is no JSON and `T` takes a string.
///
/// A last event whose data is `[DONE]` and does not fit `T` ends the stream, as it does in several large APIs. A stream
/// that breaks off ends in an error, unless its request asked to [connect again](crate::Call::reconnect).
pub struct EventStream<T> {
    feed: Feed,
    parser: EventParser,
    again: Option<Reconnection>,
    connecting: Option<Connecting>,
    ended: bool,
    item: PhantomData<fn() -> T>,
}

/// The data of an event: JSON, or a string.
fn decode<T: DeserializeOwned>(text: &str) -> Result<T, ItemError> {
    integer::from_slice(text.as_bytes()).or_else(|error| {
        T::deserialize(StrDeserializer::<serde::de::value::Error>::new(text))
            .map_err(|_| ItemError::Decode { text: text.to_owned(), error })
    })
}

impl<T> EventStream<T> {
    /// The events in a body.
    pub fn new(body: impl Stream<Item = reqwest::Result<Bytes>> + Send + 'static) -> Self {
        Self {
            feed: Feed::new(body),
            parser: EventParser::default(),
            again: None,
            connecting: None,
            ended: false,
            item: PhantomData,
        }
    }

    /// The same events, asked for again where they break off.
    pub(crate) fn reconnecting(mut self, again: Option<Reconnection>) -> Self {
        self.again = again;
        self
    }

    /// Begins to connect again; says whether it does.
    fn reconnect(&mut self) -> bool {
        let Some(again) = self.again.as_mut() else { return false };
        self.connecting = again.connect(self.parser.last_id(), self.parser.reconnection_time());
        self.connecting.is_some()
    }

    /// Waits for the next connection, when one is being made. An error is the last item.
    fn poll_connection(&mut self, context: &mut Context<'_>) -> Poll<Result<(), ItemError>> {
        let Some(connecting) = &mut self.connecting else { return Poll::Ready(Ok(())) };
        let connected = ready!(connecting.as_mut().poll(context));
        self.connecting = None;
        match connected {
            Ok(Some((feed, attempts))) => {
                self.feed = feed;
                self.parser.restart();
                self.again.iter_mut().for_each(|again| again.count(attempts));
            }
            Ok(None) => self.ended = true,
            Err(error) => {
                self.ended = true;
                return Poll::Ready(Err(error));
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl<T: DeserializeOwned> EventStream<T> {
    /// The next event; `None` when the server has closed the stream.
    pub async fn next(&mut self) -> Option<Result<Event<T>, ItemError>> {
        poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }
}

impl<T: DeserializeOwned> Stream for EventStream<T> {
    type Item = Result<Event<T>, ItemError>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        while !this.ended {
            if let Err(error) = ready!(this.poll_connection(context)) {
                return Poll::Ready(Some(Err(error)));
            }
            let event = match this.parser.next_event() {
                Ok(Some(event)) => event,
                Ok(None) => match ready!(this.feed.poll(context)) {
                    Some(Ok(bytes)) => {
                        this.parser.feed(&bytes);
                        continue;
                    }
                    _ if this.reconnect() => continue,
                    Some(Err(error)) => {
                        this.ended = true;
                        return Poll::Ready(Some(Err(error)));
                    }
                    // An event that no empty line ends is not delivered.
                    None => break,
                },
                Err(_) => {
                    this.ended = true;
                    return Poll::Ready(Some(Err(ItemError::TooLong)));
                }
            };
            this.again.iter_mut().for_each(Reconnection::succeed);
            let RawEvent { kind, data, id, retry } = event;
            match decode(&data) {
                Err(ItemError::Decode { text, .. }) if text == "[DONE]" => break,
                read => return Poll::Ready(Some(read.map(|data| Event { kind, data, id, retry }))),
            }
        }
        this.ended = true;
        Poll::Ready(None)
    }
}

impl<T> fmt::Debug for EventStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("EventStream")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::items::tests::Pieces;

    async fn events<T: DeserializeOwned>(text: &str, size: usize) -> Vec<Result<Event<T>, ItemError>> {
        let mut stream = EventStream::new(Pieces::of(text, size));
        let mut events = Vec::new();
        while let Some(event) = stream.next().await {
            events.push(event);
        }
        events
    }

    #[tokio::test]
    async fn events_come_however_the_body_is_cut() {
        let text = "\u{feff}: hello\nevent: add\r\ndata: [1,\rdata:2]\nid: 7\nretry: 50\n\n\ndata: [3]\n\ndata: [4]";
        for size in 1..30 {
            let events: Vec<Event<Vec<i64>>> =
                events(text, size).await.into_iter().collect::<Result<_, _>>().expect("valid");
            assert_eq!(events.len(), 2, "pieces of {size}");
            let first = &events[0];
            assert_eq!((first.kind.as_str(), &first.data, first.id.as_str()), ("add", &vec![1, 2], "7"));
            assert_eq!(first.retry, Some(Duration::from_millis(50)));
            let second = &events[1];
            assert_eq!((second.kind.as_str(), &second.data, second.id.as_str()), ("message", &vec![3], "7"));
        }
    }

    #[tokio::test]
    async fn text_is_text_and_done_is_the_end() {
        let texts: Vec<String> = events("data: plain\n\ndata: [DONE]\n\n", 99)
            .await
            .into_iter()
            .map(|one| one.expect("text").data)
            .collect();
        assert_eq!(texts, ["plain", "[DONE]"]);
        let numbers = events::<i64>("data: 1\n\ndata: x\n\ndata: [DONE]\n\ndata: 2\n\n", 99).await;
        assert!(matches!(&numbers[..], [Ok(_), Err(ItemError::Decode { text, .. })] if text == "x"));
    }
}
