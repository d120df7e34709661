//! Places where a test can kill the process. Without the feature `failpoints` they are nothing.

/// The variable that names the place: `NAME`, or `NAME:N` for the N-th time it is passed.
#[cfg(feature = "failpoints")]
const VARIABLE: &str = "CLIP_UPLOADS_KILL_AT";

/// Kills this process, as `kill -9` would, when the environment names this place.
#[cfg(feature = "failpoints")]
pub(crate) fn pass(name: &str) {
    use std::sync::atomic::{AtomicU32, Ordering};

    static PASSED: AtomicU32 = AtomicU32::new(0);
    let Ok(wanted) = std::env::var(VARIABLE) else { return };
    let (place, nth) =
        wanted.split_once(':').map_or((wanted.as_str(), 1), |(place, nth)| (place, nth.parse().unwrap_or(1)));
    if place == name && PASSED.fetch_add(1, Ordering::SeqCst) + 1 >= nth {
        let _ = rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::KILL);
    }
}

/// Does nothing: the feature `failpoints` is off.
#[cfg(not(feature = "failpoints"))]
pub(crate) fn pass(_name: &str) {}
