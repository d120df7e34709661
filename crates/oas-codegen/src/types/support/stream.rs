/// Why an item of an [`ItemStream`] is missing.
pub type StreamError = Box<dyn std::error::Error + Send + Sync>;

/// The items of a body that comes piece by piece, such as server-sent events.
pub struct ItemStream<T>(std::pin::Pin<Box<dyn futures_core::Stream<Item = Result<T, StreamError>> + Send>>);

impl<T> ItemStream<T> {
    /// The items of `stream`.
    pub fn new(stream: impl futures_core::Stream<Item = Result<T, StreamError>> + Send + 'static) -> Self {
        Self(Box::pin(stream))
    }
}

impl<T: Send + Unpin + 'static> FromIterator<T> for ItemStream<T> {
    /// Items that are all there already.
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::new(Ready(items.into_iter().collect()))
    }
}

impl<T> futures_core::Stream for ItemStream<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        self.0.as_mut().poll_next(context)
    }
}

impl<T> std::fmt::Debug for ItemStream<T> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("ItemStream(..)")
    }
}

/// Items that are all there already.
struct Ready<T>(std::collections::VecDeque<T>);

impl<T: Unpin> futures_core::Stream for Ready<T> {
    type Item = Result<T, StreamError>;

    fn poll_next(
        mut self: std::pin::Pin<&mut Self>,
        _context: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Self::Item>> {
        std::task::Poll::Ready(self.0.pop_front().map(Ok))
    }
}
