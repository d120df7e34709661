//! How far an upload or download is, for whoever looks at a terminal.

use std::borrow::Cow;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar by bytes; nothing where there is no terminal.
#[derive(Debug, Clone)]
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// A bar for `size` bytes.
    pub(crate) fn new(size: u64, quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(size), target);
        let style = "{bar:32} {bytes:>10}/{total_bytes} {bytes_per_sec:>12} {eta:>4} {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self(bar)
    }

    /// More bytes are done.
    pub(crate) fn add(&self, bytes: u64) {
        self.0.inc(bytes);
    }

    /// Bytes that were counted have to be done again.
    pub(crate) fn take_back(&self, bytes: u64) {
        self.0.dec(bytes);
    }

    /// Says what is being done besides.
    pub(crate) fn say(&self, message: impl Into<Cow<'static, str>>) {
        self.0.set_message(message);
    }

    /// All is done: the bar goes, the answer comes.
    pub(crate) fn finish(&self) {
        self.0.finish_and_clear();
    }
}
