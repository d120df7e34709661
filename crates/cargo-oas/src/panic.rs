//! What happens when something panics: the stage that ran says so, and where; the default hook would only frighten.

use std::panic::PanicHookInfo;
use std::sync::{Mutex, PoisonError};

/// Where something panicked last.
static LAST: Mutex<Option<String>> = Mutex::new(None);

/// Replaces the default hook, unless a backtrace was asked for.
pub fn keep_quiet() {
    if std::env::var_os("RUST_BACKTRACE").is_none_or(|value| value == "0") {
        std::panic::set_hook(Box::new(remember));
    }
}

/// Keeps where a panic happened, for the report.
fn remember(info: &PanicHookInfo<'_>) {
    *LAST.lock().unwrap_or_else(PoisonError::into_inner) = info.location().map(ToString::to_string);
}

/// Where something panicked last: file, line and column of the source.
pub fn last() -> Option<String> {
    LAST.lock().unwrap_or_else(PoisonError::into_inner).take()
}
