//! Lists that come in pages: a request for each, as the pages are asked for.

mod follow;
mod link;
mod text;

use std::convert::Infallible;
use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use futures_util::stream;
use oas_types_runtime::FromAnswer;
use reqwest::Request;
use serde::de::DeserializeOwned;

use crate::operation::Class;
use crate::{Error, Operation, Options, Outgoing, RawAnswer, ResponseValue, State};

/// How the pages of a list follow each other, and where its items are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Where the items are in a body, a JSON Pointer; empty when the body is the list itself.
    pub items: &'static str,
    /// What leads to the next page.
    pub next: NextPage,
    /// Where a body says whether more pages follow, a JSON Pointer, and the value that means that they do.
    pub more: Option<(&'static str, bool)>,
}

/// What leads to the next page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextPage {
    /// The number of items that are passed over. It grows by as many items as came, however many were asked for.
    Offset {
        /// What carries the number.
        at: Place,
        /// The number when the request has none.
        first: i64,
    },
    /// The number of the page.
    Number {
        /// What carries the number.
        at: Place,
        /// The number when the request has none.
        first: i64,
    },
    /// A text that the body has at a JSON Pointer. One that is a URL is followed as it is.
    Cursor {
        /// What carries the text.
        at: Place,
        /// Where the body has it.
        from: &'static str,
    },
    /// A text that the last item of the page has at a JSON Pointer.
    LastItem {
        /// What carries the text.
        at: Place,
        /// Where the item has it.
        from: &'static str,
    },
    /// A URL that the body has at a JSON Pointer.
    Link {
        /// Where the body has it.
        from: &'static str,
    },
    /// The link `next` of the header `Link` (RFC 8288).
    LinkHeader,
}

/// What of a request says which page is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A parameter of the query.
    Query(&'static str),
    /// A member of the JSON body.
    Body(&'static str),
}

/// The requests of a list, one after the other.
struct Walk {
    state: State,
    operation: &'static Operation,
    options: Options,
    paging: Paging,
    /// The request of the next page; `None` when all have come.
    next: Option<Request>,
    /// The body of the page before.
    before: Bytes,
}

impl Walk {
    fn start(request: Outgoing) -> Result<Self, Error> {
        let (request, state, operation, options) = request.build()?;
        let Some(paging) = operation.paging else {
            return Err(Error::InvalidRequest(format!("nothing says how `{}` has pages", operation.id)));
        };
        Ok(Self { state, operation, options, paging, next: Some(request), before: Bytes::new() })
    }

    /// The next page; `None` when all have come.
    async fn page<E: FromAnswer>(&mut self) -> Result<Option<RawAnswer>, Error<E>> {
        let Some(request) = self.next.take() else { return Ok(None) };
        let Some(copy) = request.try_clone() else {
            let reason = "a body that is a stream cannot be sent again for the next page";
            return Err(Error::InvalidRequest(reason.to_owned()));
        };
        let head = self.state.exchange(self.operation, &self.options, request).await.map_err(Error::widen)?;
        if head.class != Class::Success {
            return Err(head.refuse().await);
        }
        let raw = head.whole().await.map_err(Error::widen)?;
        match follow::next(&self.paging, copy, &raw, &self.before) {
            Ok(next) => {
                self.next = next;
                self.before = raw.bytes.clone();
                Ok(Some(raw))
            }
            Err(misfit) => Err(Error::InvalidResponsePayload(raw, misfit)),
        }
    }
}

/// A walk that starts when it is first asked, so that what is wrong with a request is an error of the stream.
enum Started {
    Not(Box<Outgoing>),
    Yes(Box<Walk>),
}

impl Started {
    fn new(request: Outgoing) -> Self {
        Self::Not(Box::new(request))
    }

    /// The next page, and the walk after it.
    async fn page<E: FromAnswer>(self) -> Result<Option<(RawAnswer, Self)>, Error<E>> {
        let mut walk = match self {
            Self::Not(request) => Box::new(Walk::start(*request).map_err(Error::widen)?),
            Self::Yes(walk) => walk,
        };
        let page = walk.page().await?;
        Ok(page.map(|page| (page, Self::Yes(walk))))
    }
}

type Boxed<T, E> = Pin<Box<dyn Stream<Item = Result<T, Error<E>>> + Send>>;

/// The pages of a list, each asked for when it is wanted. After an error there are no more.
///
/// ```no_run
/// # async fn example(mut pages: oas_client_runtime::Pages<Vec<String>>) -> Result<(), oas_client_runtime::Error> {
/// while let Some(page) = pages.next().await {
///     let page = page?;
///     println!("{} items, {} to go", page.len(), page.header::<u64>("x-remaining").ok().flatten().unwrap_or(0));
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "pages are asked for as the stream is read"]
pub struct Pages<T, E = Infallible> {
    source: Boxed<ResponseValue<T>, E>,
    left: Option<usize>,
}

/// The items of a list, page after page, each page asked for when it is wanted. After an error there are no more.
///
/// ```no_run
/// # async fn example(items: oas_client_runtime::Items<String>) -> Result<(), oas_client_runtime::Error> {
/// let first: Vec<String> = items.limit(500).collect().await?;
/// println!("{} items", first.len());
/// # Ok(())
/// # }
/// ```
#[must_use = "items are asked for as the stream is read"]
pub struct Items<T, E = Infallible> {
    source: Boxed<T, E>,
    left: Option<usize>,
}

impl Outgoing {
    /// The pages of a list.
    pub fn pages<T, E>(self) -> Pages<T, E>
    where
        T: DeserializeOwned + Send + 'static,
        E: FromAnswer + Send + 'static,
    {
        let source = stream::try_unfold(Started::new(self), |walk| async {
            let Some((raw, walk)) = walk.page().await? else { return Ok(None) };
            match raw.json() {
                Ok(value) => Ok(Some((ResponseValue::of(value, raw), walk))),
                Err(misfit) => Err(Error::InvalidResponsePayload(raw, misfit)),
            }
        });
        Pages { source: Box::pin(source), left: None }
    }

    /// The items of a list.
    pub fn items<T, E>(self) -> Items<T, E>
    where
        T: DeserializeOwned + Send + 'static,
        E: FromAnswer + Send + 'static,
    {
        let items = self.operation.paging.map_or("", |paging| paging.items);
        let start = (Started::new(self), Vec::new().into_iter());
        let source = stream::try_unfold(start, move |(mut walk, mut read): (_, std::vec::IntoIter<T>)| async move {
            loop {
                if let Some(item) = read.next() {
                    return Ok(Some((item, (walk, read))));
                }
                let Some((raw, after)) = Started::page(walk).await? else { return Ok(None) };
                walk = after;
                read = match text::items(&raw, items) {
                    Ok(items) => items.into_iter(),
                    Err(misfit) => return Err(Error::InvalidResponsePayload(raw, misfit)),
                };
            }
        });
        Items { source: Box::pin(source), left: None }
    }
}

/// The methods that both streams have.
macro_rules! stream {
    ($name:ident, $item:ty, $what:literal) => {
        impl<T, E> $name<T, E> {
            #[doc = concat!("At most this many ", $what, "; no page is asked for that is not needed.")]
            pub fn limit(mut self, most: usize) -> Self {
                self.left = Some(most);
                self
            }

            #[doc = concat!("The next of the ", $what, "; `None` when all have come.")]
            pub async fn next(&mut self) -> Option<Result<$item, Error<E>>> {
                poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
            }

            #[doc = concat!("All ", $what, " at once.")]
            ///
            /// # Errors
            /// The first that occurs.
            pub async fn collect(mut self) -> Result<Vec<$item>, Error<E>> {
                let mut all = Vec::new();
                while let Some(one) = self.next().await {
                    all.push(one?);
                }
                Ok(all)
            }
        }

        impl<T, E> Stream for $name<T, E> {
            type Item = Result<$item, Error<E>>;

            fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
                if self.left == Some(0) {
                    return Poll::Ready(None);
                }
                let next = ready!(self.source.as_mut().poll_next(context));
                if matches!(next, Some(Ok(_))) {
                    self.left = self.left.map(|left| left - 1);
                }
                Poll::Ready(next)
            }
        }

        impl<T, E> fmt::Debug for $name<T, E> {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(stringify!($name))
            }
        }
    };
}

stream!(Pages, ResponseValue<T>, "pages");
stream!(Items, T, "items");
