//! How far an upload or download is, for whoever looks at a terminal.

use std::borrow::Cow;
use std::io::Write as _;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar by bytes where there is a terminal, and what has to be known in any case.
#[derive(Debug, Clone)]
pub(crate) struct Progress {
    bar: ProgressBar,
    quiet: bool,
}

impl Progress {
    /// A bar for `size` bytes.
    pub(crate) fn new(size: u64, quiet: bool) -> Self {
        let target = if quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
        let bar = ProgressBar::with_draw_target(Some(size), target);
        let style = "{bar:32} {bytes:>10}/{total_bytes} {bytes_per_sec:>12} {eta:>4} {msg}";
        bar.set_style(ProgressStyle::with_template(style).unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, quiet }
    }

    /// More bytes are done.
    pub(crate) fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Bytes that were counted have to be done again.
    pub(crate) fn take_back(&self, bytes: u64) {
        self.bar.dec(bytes);
    }

    /// Says what is being done besides.
    pub(crate) fn say(&self, message: impl Into<Cow<'static, str>>) {
        self.bar.set_message(message);
    }

    /// Says something that stays to be read, terminal or not.
    pub(crate) fn tell(&self, line: &str) {
        if !self.quiet {
            // Nobody is left to read it when standard error is gone.
            let _ = self.bar.suspend(|| writeln!(std::io::stderr(), "{line}"));
        }
    }

    /// All is done: the bar goes, the answer comes.
    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
