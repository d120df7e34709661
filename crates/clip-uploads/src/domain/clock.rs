//! The present.

use std::time::{SystemTime, UNIX_EPOCH};

/// The present, in milliseconds since 1970, as the clock of this machine has it.
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX).saturating_add(shift())
}

/// By how many milliseconds a test puts the clock forward or back: the content of the file that this variable names.
#[cfg(feature = "failpoints")]
fn shift() -> i64 {
    let text = std::env::var_os("CLIP_UPLOADS_CLOCK_SHIFT").and_then(|file| std::fs::read_to_string(file).ok());
    text.and_then(|text| text.trim().parse().ok()).unwrap_or(0)
}

#[cfg(not(feature = "failpoints"))]
const fn shift() -> i64 {
    0
}
