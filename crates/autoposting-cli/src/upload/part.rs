//! One part on its way to storage.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use bytes::Bytes;
use futures_util::{Stream, StreamExt, TryStreamExt};
use md5::{Digest, Md5};
use oas_cli_runtime::Failure;
use reqwest::StatusCode;
use reqwest::header::{CONTENT_LENGTH, ETAG};
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

use super::layout::Part;
use super::progress::Progress;
use super::session::Session;

/// A part that storage has.
#[derive(Debug, Clone)]
pub(super) struct Sent {
    pub(super) number: i32,
    /// As storage gave it, without quotes.
    pub(super) e_tag: String,
}

/// How much of the file is in memory at once, per part.
const CHUNK: usize = 256 * 1024;

/// Why one attempt failed.
enum Attempt {
    /// Another attempt may work, with another address: the one that was used may be why.
    Again(String),
    /// No attempt will work.
    Never(Failure),
}

/// Sends a part until storage has it, at most eight times.
pub(super) async fn send(
    session: &Session<'_>,
    file: &Path,
    part: &Part,
    url: String,
    progress: &Progress,
) -> Result<Sent, Failure> {
    let address = Mutex::new(Some(url));
    let attempt = || async {
        // The address is used once: a server that refuses it may not be heard over the bytes that are still being sent.
        let known = address.lock().unwrap_or_else(PoisonError::into_inner).take();
        let url = match known {
            Some(url) => url,
            None => session.addresses(std::slice::from_ref(part)).await.map_err(transient)?.swap_remove(0),
        };
        send_once(session, file, part, &url, progress).await
    };
    let patience = ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(300))
        .with_max_delay(Duration::from_secs(20))
        .with_max_times(7)
        .with_jitter();
    let done = attempt
        .retry(patience)
        .when(|failed| !matches!(failed, Attempt::Never(_)))
        .notify(|_, wait| progress.say(format!("part {} again in {} ms", part.number, wait.as_millis())))
        .await;
    match done {
        Ok(e_tag) => {
            progress.say("");
            Ok(Sent { number: part.number, e_tag })
        }
        Err(Attempt::Again(reason)) => {
            Err(Failure::Connection(format!("part {} could not be sent: {reason}", part.number)))
        }
        Err(Attempt::Never(failure)) => Err(failure),
    }
}

/// What asking for an address came to: without an answer it is worth another attempt.
fn transient(failure: Failure) -> Attempt {
    match failure {
        Failure::Connection(reason) => Attempt::Again(reason),
        Failure::Answer { status: 429 | 500.., message, .. } => Attempt::Again(message),
        other => Attempt::Never(other),
    }
}

/// Sends a part once; its ETag, when storage has exactly the bytes of the file.
async fn send_once(
    session: &Session<'_>,
    file: &Path,
    part: &Part,
    url: &str,
    progress: &Progress,
) -> Result<String, Attempt> {
    let counted = Counted::new(progress);
    let digest = Arc::new(Mutex::new(Md5::new()));
    let hashing = Arc::clone(&digest);
    let bar = counted.clone();
    let body = read(file, part).await.map_err(Attempt::Never)?.inspect_ok(move |chunk: &Bytes| {
        hashing.lock().unwrap_or_else(PoisonError::into_inner).update(chunk);
        bar.add(chunk.len() as u64);
    });
    let request = session.storage.put(url).header(CONTENT_LENGTH, part.size).body(reqwest::Body::wrap_stream(body));
    let response = request.send().await.map_err(|error| Attempt::Again(reason(error)))?;
    match response.status() {
        status if status.is_success() => {}
        status @ (StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE) => {
            let message = format!("storage refused part {} with {status}", part.number);
            return Err(Attempt::Never(Failure::Connection(message)));
        }
        status => return Err(Attempt::Again(format!("storage answered {status}"))),
    }
    let e_tag =
        response.headers().get(ETAG).and_then(|value| value.to_str().ok()).map(|tag| tag.trim_matches('"').to_owned());
    let e_tag = e_tag.ok_or_else(|| Attempt::Again("storage gave no ETag".to_owned()))?;
    let own = hex(&digest.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize());
    // Some storage encrypts, and its ETags are no MD5 then; those that look like one must be the right one.
    if is_md5(&e_tag) && !e_tag.eq_ignore_ascii_case(&own) {
        return Err(Attempt::Again("storage has other bytes than the file".to_owned()));
    }
    counted.keep();
    Ok(e_tag)
}

/// What went wrong on the way to storage, without the address, which holds a signature.
fn reason(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut cause: &dyn std::error::Error = &error;
    while let Some(deeper) = cause.source() {
        cause = deeper;
    }
    cause.to_string()
}

/// The MD5 of a part of the file, in hexadecimal digits.
pub(super) async fn digest(file: &Path, part: &Part, progress: &Progress) -> Result<String, Failure> {
    let mut digest = Md5::new();
    let mut chunks = read(file, part).await?;
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| unreadable(file, &error))?;
        digest.update(&chunk);
        progress.add(chunk.len() as u64);
    }
    Ok(hex(&digest.finalize()))
}

/// The bytes of a part, a chunk at a time.
async fn read(file: &Path, part: &Part) -> Result<impl Stream<Item = std::io::Result<Bytes>> + Send + use<>, Failure> {
    let mut open = tokio::fs::File::open(file).await.map_err(|error| unreadable(file, &error))?;
    open.seek(std::io::SeekFrom::Start(part.start)).await.map_err(|error| unreadable(file, &error))?;
    Ok(ReaderStream::with_capacity(open.take(part.size), CHUNK))
}

fn unreadable(file: &Path, error: &std::io::Error) -> Failure {
    Failure::Usage(format!("{}: {error}", file.display()))
}

/// Whether an ETag can be the MD5 of a part.
pub(crate) fn is_md5(e_tag: &str) -> bool {
    e_tag.len() == 32 && e_tag.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Bytes in hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        text.extend([byte >> 4, byte & 15].map(|digit| char::from_digit(u32::from(digit), 16).unwrap_or('0')));
        text
    })
}

/// Bytes that an attempt put on the bar; taken back when it fails.
#[derive(Clone)]
struct Counted(Arc<CountedInner>);

struct CountedInner {
    progress: Progress,
    bytes: std::sync::atomic::AtomicU64,
}

impl Counted {
    fn new(progress: &Progress) -> Self {
        Self(Arc::new(CountedInner { progress: progress.clone(), bytes: std::sync::atomic::AtomicU64::new(0) }))
    }

    fn add(&self, bytes: u64) {
        self.0.bytes.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
        self.0.progress.add(bytes);
    }

    /// The attempt worked: what it counted stays.
    fn keep(&self) {
        self.0.bytes.store(0, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Drop for CountedInner {
    fn drop(&mut self) {
        self.progress.take_back(self.bytes.load(std::sync::atomic::Ordering::Relaxed));
    }
}
