//! Bodies that a handler reads while they arrive.

use std::collections::VecDeque;
use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use axum::body::{Body, HttpBody as _};
use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt as _};
use http::{HeaderMap, StatusCode};
use oas_wire::{EventParser, Lines, integer};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::body::{json, too_large};
use crate::exchange::{Exchange, Incoming};
use crate::schemas::Compiled;
use crate::{ContentFormat, Encoding, Location, Rejection, Violation};

/// The pieces of a body, as long as there are not too many of them.
pub(crate) struct Pieces {
    /// `None` behind the end.
    incoming: Option<Incoming>,
    limit: usize,
    seen: usize,
}

/// Why a body ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    /// It is larger than this many bytes.
    TooLarge(usize),
    /// The caller went away.
    Broken,
}

impl Pieces {
    pub(crate) const fn new(incoming: Incoming, limit: usize) -> Self {
        Self { incoming: Some(incoming), limit, seen: 0 }
    }

    /// A body that is at hand.
    fn of(bytes: Bytes) -> Self {
        let incoming = Incoming::new(Body::from(bytes), &HeaderMap::new(), Arc::new(Exchange::default()));
        Self::new(incoming, usize::MAX)
    }
}

impl Stream for Pieces {
    type Item = Result<Bytes, Cut>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { incoming, limit, seen } = self.get_mut();
        loop {
            let Some(open) = incoming else { return Poll::Ready(None) };
            let left = u64::try_from(limit.saturating_sub(*seen)).unwrap_or(u64::MAX);
            let next = if open.body.size_hint().lower() > left {
                Err(Cut::TooLarge(*limit))
            } else {
                match ready!(Pin::new(&mut open.body).poll_frame(context)) {
                    None => {
                        *incoming = None;
                        return Poll::Ready(None);
                    }
                    Some(Err(_)) => Err(Cut::Broken),
                    Some(Ok(frame)) => Ok(frame.into_data().unwrap_or_default()),
                }
            };
            let next = next.and_then(|data| {
                *seen += data.len();
                if *seen > *limit { Err(Cut::TooLarge(*limit)) } else { Ok(data) }
            });
            match next {
                Ok(data) if data.is_empty() => {}
                Ok(data) => return Poll::Ready(Some(Ok(data))),
                Err(cut) => {
                    *incoming = None;
                    return Poll::Ready(Some(Err(cut)));
                }
            }
        }
    }
}

impl fmt::Display for Cut {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge(limit) => write!(formatter, "the body is larger than {limit} bytes"),
            Self::Broken => formatter.write_str("the body ended too early"),
        }
    }
}

impl std::error::Error for Cut {}

impl From<Cut> for Rejection {
    fn from(cut: Cut) -> Self {
        match cut {
            Cut::TooLarge(limit) => too_large(limit),
            Cut::Broken => Self::new(StatusCode::BAD_REQUEST, cut.to_string()),
        }
    }
}

/// A body that a handler reads as it arrives: generated code makes the type of the document from it.
pub trait FromPieces: Sized + Sealed {
    /// The body of these pieces, whose items are described by `content`.
    #[doc(hidden)]
    fn from_pieces(pieces: PiecesOf) -> Self;
}

mod private {
    pub trait Sealed {}
}
pub(crate) use private::Sealed;

/// Pieces of a body, and what the document says of its items.
#[doc(hidden)]
pub struct PiecesOf {
    pub(crate) pieces: Pieces,
    pub(crate) format: ContentFormat,
    pub(crate) compiled: Option<&'static Compiled>,
    pub(crate) encoding: &'static [Encoding],
    pub(crate) boundary: String,
}

/// The bytes of a body, piece by piece as they arrive.
///
/// The limit of the operation holds here too: a body that turns out to be larger ends with an error. `?` makes of it what
/// the caller is to be told.
///
/// ```
/// use futures_util::StreamExt as _;
/// use oas_server_runtime::{ByteStream, ServerError};
///
/// async fn store(mut body: ByteStream) -> Result<usize, ServerError> {
///     let mut length = 0;
///     while let Some(piece) = body.next().await {
///         length += piece?.len();
///     }
///     Ok(length)
/// }
/// # futures_util::future::FutureExt::now_or_never(async {
/// assert_eq!(store(ByteStream::from(vec![1, 2, 3])).await.unwrap(), 3);
/// # }).unwrap();
/// ```
pub struct ByteStream(Pieces);

impl ByteStream {
    /// All of it, in memory.
    ///
    /// # Errors
    /// When it is too large, or ends too early.
    pub async fn collect(mut self) -> Result<Bytes, Rejection> {
        let mut all = BytesMut::new();
        while let Some(piece) = self.next().await {
            all.extend_from_slice(&piece?);
        }
        Ok(all.freeze())
    }
}

impl Stream for ByteStream {
    type Item = Result<Bytes, Rejection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.0.poll_next_unpin(context).map_err(Into::into)
    }
}

impl Sealed for ByteStream {}

impl FromPieces for ByteStream {
    fn from_pieces(pieces: PiecesOf) -> Self {
        Self(pieces.pieces)
    }
}

impl<B: Into<Bytes>> From<B> for ByteStream {
    /// A body for tests of handlers.
    fn from(bytes: B) -> Self {
        Self(Pieces::of(bytes.into()))
    }
}

impl fmt::Debug for ByteStream {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ByteStream").finish_non_exhaustive()
    }
}

/// The items of a body that has a value per line or per event, each read and validated as it arrives.
///
/// An item that is not what the document describes is an error, and the stream goes on behind it; a line that is not JSON
/// ends it. `?` makes of either what the caller is to be told. Places in violations begin with the number of the item.
pub struct ItemStream<T>(Items<T>);

enum Items<T> {
    Arriving(Box<Arriving<T>>),
    AtHand(VecDeque<T>),
}

/// Items on their way.
struct Arriving<T> {
    pieces: Pieces,
    parser: Parser,
    compiled: Option<&'static Compiled>,
    /// How many items came, and how many lines.
    items: usize,
    lines: usize,
    item: PhantomData<fn() -> T>,
}

enum Parser {
    Lines(Lines),
    Events(EventParser),
    /// Nothing comes any more.
    Ended,
}

impl<T: DeserializeOwned> ItemStream<T> {
    /// All of them, in memory.
    ///
    /// # Errors
    /// With every violation of every item; or when the body cannot be read, is too large or ends too early.
    pub async fn collect(mut self) -> Result<Vec<T>, Rejection> {
        let (mut items, mut violations) = (Vec::new(), Vec::new());
        while let Some(item) = self.next().await {
            match item {
                Ok(item) => items.push(item),
                Err(rejection) if rejection.status() == StatusCode::UNPROCESSABLE_ENTITY => {
                    violations.extend_from_slice(rejection.violations());
                }
                Err(rejection) => return Err(rejection),
            }
        }
        if violations.is_empty() { Ok(items) } else { Err(Rejection::invalid(violations)) }
    }
}

impl<T: DeserializeOwned> Arriving<T> {
    /// The next item that the bytes so far have.
    fn next_item(&mut self) -> Option<Result<T, Rejection>> {
        loop {
            let next = match &mut self.parser {
                Parser::Lines(lines) => lines.next_line(),
                Parser::Events(events) => events.next_event().map(|event| event.map(|event| event.data)),
                Parser::Ended => return None,
            };
            let Ok(next) = next else {
                self.parser = Parser::Ended;
                return Some(Err(Rejection::new(StatusCode::PAYLOAD_TOO_LARGE, "one item of the body is too large")));
            };
            let text = next?;
            self.lines += 1;
            if let Some(item) = self.item(&text) {
                return Some(item);
            }
        }
    }

    /// What stands behind the last end of a line.
    fn last_item(&mut self) -> Option<Result<T, Rejection>> {
        let rest = match &mut self.parser {
            Parser::Lines(lines) => lines.rest(),
            // What no empty line ends is no event.
            Parser::Events(_) | Parser::Ended => None,
        };
        self.parser = Parser::Ended;
        self.lines += 1;
        self.item(&rest?)
    }

    /// The item that `text` stands for; `None` for an empty line.
    fn item(&mut self, text: &str) -> Option<Result<T, Rejection>> {
        let is_text = matches!(self.parser, Parser::Events(_)) && self.compiled.is_none_or(|one| one.shape.string);
        if text.trim_ascii().is_empty() && !is_text {
            return None;
        }
        let pointer = format!("/{}", self.items);
        self.items += 1;
        let value = if is_text { Ok(Value::String(text.to_owned())) } else { json(text.as_bytes(), self.lines) };
        let value = match value {
            Ok(value) => value,
            Err(rejection) => {
                (self.parser, self.pieces.incoming) = (Parser::Ended, None);
                return Some(Err(rejection));
            }
        };
        Some(fit(self.compiled, value, &pointer))
    }
}

/// A value as its type, when it is what its schema describes.
pub(crate) fn fit<T: DeserializeOwned>(
    compiled: Option<&Compiled>,
    value: Value,
    pointer: &str,
) -> Result<T, Rejection> {
    let mut violations = Vec::new();
    if let Some(compiled) = compiled {
        compiled.check(&value, Location::Body, pointer, &mut violations);
    }
    if !violations.is_empty() {
        return Err(Rejection::invalid(violations));
    }
    let mut written = value;
    if let Some(compiled) = compiled {
        compiled.take_read_only(&mut written);
    }
    integer::rewrite(&mut written);
    T::deserialize(written).map_err(|_| {
        let message = "is beyond what this server can hold";
        Rejection::invalid(vec![Violation::new(Location::Body, pointer, "unrepresentable", message)])
    })
}

impl<T: DeserializeOwned> Stream for ItemStream<T> {
    type Item = Result<T, Rejection>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let arriving = match &mut self.0 {
            Items::AtHand(items) => return Poll::Ready(items.pop_front().map(Ok)),
            Items::Arriving(arriving) => arriving,
        };
        loop {
            if let Some(item) = arriving.next_item() {
                return Poll::Ready(Some(item));
            }
            match ready!(arriving.pieces.poll_next_unpin(context)) {
                None => return Poll::Ready(arriving.last_item()),
                Some(Err(cut)) => {
                    arriving.parser = Parser::Ended;
                    return Poll::Ready(Some(Err(cut.into())));
                }
                Some(Ok(piece)) => match &mut arriving.parser {
                    Parser::Lines(lines) => lines.feed(&piece),
                    Parser::Events(events) => events.feed(&piece),
                    Parser::Ended => return Poll::Ready(None),
                },
            }
        }
    }
}

impl<T> Unpin for ItemStream<T> {}

impl<T> Sealed for ItemStream<T> {}

impl<T> FromPieces for ItemStream<T> {
    fn from_pieces(PiecesOf { pieces, format, compiled, .. }: PiecesOf) -> Self {
        let parser = match format {
            ContentFormat::EventStream => Parser::Events(EventParser::default()),
            _ => Parser::Lines(Lines::default()),
        };
        Self(Items::Arriving(Box::new(Arriving { pieces, parser, compiled, items: 0, lines: 0, item: PhantomData })))
    }
}

impl<T> FromIterator<T> for ItemStream<T> {
    /// A body for tests of handlers.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self(Items::AtHand(items.into_iter().collect()))
    }
}

impl<T> fmt::Debug for ItemStream<T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("ItemStream").finish_non_exhaustive()
    }
}
