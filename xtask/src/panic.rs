//! What happens when something panics: the stage that ran says so, and where; the default hook would only frighten.

use std::cell::RefCell;
use std::panic::PanicHookInfo;

thread_local! {
    /// Where this thread panicked last.
    static LAST: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Replaces the default hook, unless a backtrace was asked for.
pub(crate) fn keep_quiet() {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|value| value == "0") {
        std::panic::set_hook(Box::new(remember));
    }
}

/// Keeps where a panic happened, for the report.
fn remember(info: &PanicHookInfo<'_>) {
    LAST.set(info.location().map(ToString::to_string));
}

/// Where this thread panicked last: file, line and column of the source.
pub(crate) fn last() -> Option<String> {
    LAST.take()
}
