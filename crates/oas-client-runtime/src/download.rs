//! Answers into files, gone on with where they broke off.

use std::ffi::OsString;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use reqwest::header::{CONTENT_RANGE, ETAG, HeaderMap, HeaderName, HeaderValue, IF_RANGE, LAST_MODIFIED, RANGE};
use reqwest::{Request, StatusCode};
use tokio::fs::File;
use tokio::io::AsyncWriteExt as _;

use crate::exchange::Head;
use crate::operation::Class;
use crate::transport::ExchangeError;
use crate::{Error, Operation, Options, Outgoing, State};

/// How often a download goes on after it broke off without having come further in between.
const MOST: u32 = 5;

/// A download that came to nothing. What had come stays in the file with `.part` at its end.
#[derive(Debug)]
#[non_exhaustive]
pub enum DownloadError {
    /// The request was not sent, nothing answered, or the answer is no success.
    Answer(Box<Error>),
    /// The body broke off, and cannot be gone on with.
    BrokenOff(ExchangeError),
    /// The file cannot be written.
    File(PathBuf, io::Error),
}

impl fmt::Display for DownloadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answer(error) => error.fmt(formatter),
            Self::BrokenOff(_) => formatter.write_str("the download broke off, and cannot be gone on with"),
            Self::File(path, _) => write!(formatter, "`{}` cannot be written", path.display()),
        }
    }
}

impl std::error::Error for DownloadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Answer(error) => error.source(),
            Self::BrokenOff(error) => Some(error),
            Self::File(_, error) => Some(error),
        }
    }
}

/// A file that came whole.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Downloaded {
    /// How many bytes it has.
    pub bytes: u64,
    /// How often it was gone on with.
    pub resumed: u32,
    /// The headers of the first answer.
    pub headers: HeaderMap,
}

/// What goes on with a download: the request, and what makes sure that it is about the same bytes.
struct Download {
    state: State,
    operation: &'static Operation,
    options: Options,
    request: Request,
}

impl Outgoing {
    /// Writes the answer into a file.
    pub(crate) async fn download(self, path: PathBuf) -> Result<Downloaded, DownloadError> {
        let (request, state, operation, options) = self.build().map_err(answer)?;
        Download { state, operation, options, request }.run(&path).await
    }
}

fn answer(error: Error) -> DownloadError {
    DownloadError::Answer(Box::new(error))
}

/// The same path with `.part` at its end.
fn unfinished(path: &Path) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(".part");
    name.into()
}

impl Download {
    async fn run(self, path: &Path) -> Result<Downloaded, DownloadError> {
        let part = unfinished(path);
        let wrong = |error| DownloadError::File(part.clone(), error);
        let mut file = File::create(&part).await.map_err(wrong)?;
        let mut head = self.ask(None).await?;
        let headers = head.response.headers().clone();
        let validator = validator(&headers);
        let (mut bytes, mut resumed, mut in_vain) = (0_u64, 0, 0);
        loop {
            let before = bytes;
            let broken = copy(head, &mut file, &mut bytes).await.map_err(wrong)?;
            let Some(error) = broken else { break };
            in_vain = if bytes > before { 0 } else { in_vain + 1 };
            let Some(validator) = validator.as_ref().filter(|_| in_vain < MOST) else {
                return Err(DownloadError::BrokenOff(error));
            };
            tokio::time::sleep(self.state.retries().wait(in_vain)).await;
            head = self.ask(Some((bytes, validator))).await?;
            resumed += 1;
            if !goes_on(&head, bytes) {
                // The bytes are others now, or the server knows no ranges: all of them again.
                bytes = 0;
                file = File::create(&part).await.map_err(wrong)?;
            }
        }
        file.sync_all().await.map_err(wrong)?;
        tokio::fs::rename(&part, path).await.map_err(|error| DownloadError::File(path.to_owned(), error))?;
        Ok(Downloaded { bytes, resumed, headers })
    }

    /// Asks for all bytes, or for those from the given one on.
    async fn ask(&self, from: Option<(u64, &HeaderValue)>) -> Result<Head, DownloadError> {
        let mut request = self.request.try_clone().ok_or_else(|| {
            answer(Error::InvalidRequest("a request whose body is a stream cannot be sent again".to_owned()))
        })?;
        if let Some((first, validator)) = from
            && let Ok(range) = HeaderValue::try_from(format!("bytes={first}-"))
        {
            put(request.headers_mut(), RANGE, range);
            put(request.headers_mut(), IF_RANGE, validator.clone());
        }
        let head = self.state.exchange(self.operation, &self.options, request).await.map_err(answer)?;
        let is_part = from.is_some() && head.response.status() == StatusCode::PARTIAL_CONTENT;
        if is_part || head.class == Class::Success {
            return Ok(head);
        }
        Err(answer(Error::UnexpectedResponse(head.whole().await.map_err(answer)?)))
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: HeaderValue) {
    headers.insert(name, value);
}

/// What tells whether the bytes are still the same (RFC 9110, section 13.1.5): a strong tag, otherwise a date.
fn validator(headers: &HeaderMap) -> Option<HeaderValue> {
    let tag = headers.get(ETAG).filter(|tag| !tag.as_bytes().starts_with(b"W/"));
    tag.or_else(|| headers.get(LAST_MODIFIED)).cloned()
}

/// Whether an answer has the bytes from this one on.
fn goes_on(head: &Head, first: u64) -> bool {
    let range = head.response.headers().get(CONTENT_RANGE).and_then(|value| value.to_str().ok());
    let begins = |range: &str| range.strip_prefix("bytes ")?.split('-').next()?.trim().parse::<u64>().ok();
    head.response.status() == StatusCode::PARTIAL_CONTENT && range.and_then(begins) == Some(first)
}

/// Writes what comes; says what it broke off with.
async fn copy(head: Head, file: &mut File, bytes: &mut u64) -> io::Result<Option<ExchangeError>> {
    let mut response = head.response;
    let broken = loop {
        match response.chunk().await {
            Ok(Some(piece)) => {
                file.write_all(&piece).await?;
                *bytes += piece.len() as u64;
            }
            Ok(None) => break None,
            Err(error) => break Some(ExchangeError::from(error.without_url())),
        }
    };
    file.flush().await?;
    Ok(broken)
}
