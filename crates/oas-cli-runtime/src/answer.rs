//! What a call of the generated client came to.

#![expect(clippy::unused_async, reason = "generated code waits for whatever is made of an answer")]

use std::fmt::Display;
use std::io::Write;
use std::pin::Pin;

use futures_util::{Stream, StreamExt};
use oas_client_runtime::{ByteStream, Error, ErrorReport, EventStream, Items as Paged, ResponseValue};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::output::{self, Format};
use crate::{Failure, Program};

/// Values that come one by one.
pub type Items = Pin<Box<dyn Stream<Item = Result<Value, Failure>> + Send>>;

/// What the API answered.
#[non_exhaustive]
pub enum Answer {
    /// All is well, and there is nothing to say.
    Empty,
    /// A value.
    Json(Value),
    /// Bytes, passed on as they come.
    Bytes(ByteStream),
    /// Bytes that are all there.
    Raw(Vec<u8>),
    /// Values, printed one by one as they come.
    Items(Items),
}

/// The failure that an error of the client is.
pub fn failure<E: Display>(error: &Error<E>) -> Failure {
    let report = error.report();
    let hint = report.hint().and_then(for_shell);
    match error {
        Error::ErrorResponse(answer) => {
            let status = answer.status().as_u16();
            let body = answer.raw().json().ok();
            let message = body.as_ref().and_then(told).unwrap_or_else(|| {
                // The status is said already.
                let text = (**answer).to_string();
                text.strip_prefix(&format!("{status}: ")).map(str::to_owned).unwrap_or(text)
            });
            Failure::Answer { status, message, hint, body }
        }
        // A documented error whose body is another one is an answer of the API, too.
        Error::UnexpectedResponse(answer) | Error::InvalidResponsePayload(answer, _)
            if !answer.status().is_success() =>
        {
            let status = answer.status().as_u16();
            let body: Option<Value> = answer.json().ok();
            let message = body.as_ref().and_then(told).unwrap_or_else(|| report.what().to_owned());
            Failure::Answer { status, message, hint, body }
        }
        Error::InvalidRequest(_) => Failure::Usage(report.what().to_owned()),
        _ => Failure::Connection(match report.hint().and_then(for_shell) {
            Some(hint) => format!("{}\nhint: {hint}", report.what()),
            None => report.what().to_owned(),
        }),
    }
}

/// A hint of the client in the words of a shell: what it says of methods is said of flags.
fn for_shell(hint: &str) -> Option<String> {
    let said = [
        (
            "allow more time with `.timeout(..)` or `.read_timeout(..)`, or try again with `.retries(..)`",
            "allow more time with --timeout SECONDS, or try again",
        ),
        ("check the credentials given to the client's builder", "check the credentials"),
        ("the base URL", "--base-url"),
        (", or let `.retries(..)` do it", ""),
    ];
    let told = said.iter().fold(hint.to_owned(), |hint, (method, flag)| hint.replace(method, flag));
    // What only a program can do helps nobody here.
    let is_for_programs = told.contains("`.") || told.starts_with("the answer is in the error");
    (!is_for_programs).then_some(told)
}

/// What the body of an error says for people: the members that most APIs use, then those of RFC 9457.
fn told(body: &Value) -> Option<String> {
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let error = body.get("error").unwrap_or(body);
    let message = ["message", "detail", "title"].iter().find_map(|name| text(body, name).or_else(|| text(error, name)));
    match (error.as_str(), message) {
        (Some(code), Some(message)) => Some(format!("{message} ({code})")),
        (Some(code), None) => Some(code.to_owned()),
        (None, message) => message,
    }
}

/// The answer that a value is.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn value<T: Serialize>(value: T) -> Result<Answer, Failure> {
    let value = serde_json::to_value(value);
    value.map(Answer::Json).map_err(|error| Failure::Output(std::io::Error::other(error)))
}

/// A call that answers with a value.
///
/// # Errors
/// The failure that the client's error is.
pub async fn json<T: Serialize, E: Display>(result: Result<ResponseValue<T>, Error<E>>) -> Result<Answer, Failure> {
    match result {
        Ok(answer) => value(answer.into_inner()),
        Err(error) => Err(failure(&error)),
    }
}

/// A call that answers with one of several types, by status, all of which are JSON or text.
///
/// # Errors
/// The failure that the client's error is.
pub async fn by_status<T, E: Display>(result: Result<ResponseValue<T>, Error<E>>) -> Result<Answer, Failure> {
    chosen_by_status(result, |_| Ok(None)).await
}

/// A call that answers with one of several types, by status; `chosen` makes an answer of those that are neither JSON
/// nor text.
///
/// # Errors
/// The failure that the client's error is, or that of `chosen`.
pub async fn chosen_by_status<T, E: Display>(
    result: Result<ResponseValue<T>, Error<E>>,
    chosen: impl FnOnce(T) -> Result<Option<Answer>, Failure>,
) -> Result<Answer, Failure> {
    let answer = result.map_err(|error| failure(&error))?;
    let as_it_came = shown(&answer);
    Ok(chosen(answer.into_inner())?.unwrap_or(as_it_came))
}

/// What is printed of a body of JSON or text, as it came.
fn shown<T>(answer: &ResponseValue<T>) -> Answer {
    let Some(bytes) = answer.bytes().filter(|bytes| !bytes.is_empty()) else { return Answer::Empty };
    let media_type = answer.headers().get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_text = media_type.trim_start().to_ascii_lowercase().starts_with("text/");
    let json = serde_json::from_slice(bytes).ok().filter(|_| !is_text || media_type.contains("json"));
    Answer::Json(json.unwrap_or_else(|| Value::from(String::from_utf8_lossy(bytes))))
}

/// A call that answers in one of several ways; `chosen` makes an answer of it.
///
/// # Errors
/// The failure that the client's error is, or that of `chosen`.
pub async fn chosen<T, E: Display>(
    result: Result<ResponseValue<T>, Error<E>>,
    chosen: impl FnOnce(T) -> Result<Answer, Failure>,
) -> Result<Answer, Failure> {
    match result {
        Ok(answer) => chosen(answer.into_inner()),
        Err(error) => Err(failure(&error)),
    }
}

/// A call that answers with values that come one by one.
///
/// # Errors
/// The failure that the client's error is.
pub async fn items<S, T, I, E>(result: Result<ResponseValue<S>, Error<E>>) -> Result<Answer, Failure>
where
    S: Stream<Item = Result<T, I>> + Send + 'static,
    T: Serialize,
    I: Display,
    E: Display,
{
    match result {
        Ok(answer) => Ok(Answer::Items(Box::pin(answer.into_inner().map(|item| {
            let item = item.map_err(|error| Failure::Connection(error.to_string()))?;
            serde_json::to_value(item).map_err(|error| Failure::Output(error.into()))
        })))),
        Err(error) => Err(failure(&error)),
    }
}

/// A call that answers with a list in pages, of which all are wanted.
///
/// # Errors
/// None by itself: the failure that an error of the client is stands among the items.
pub async fn pages<T, E>(items: Paged<T, E>) -> Result<Answer, Failure>
where
    T: Serialize + 'static,
    E: Display + 'static,
{
    Ok(Answer::Items(Box::pin(items.map(move |item| {
        let item = item.map_err(|error| failure(&error))?;
        serde_json::to_value(item).map_err(|error| Failure::Output(error.into()))
    }))))
}

/// A call that answers with events, each with its type and id.
///
/// # Errors
/// The failure that the client's error is.
pub async fn events<T, E>(result: Result<ResponseValue<EventStream<T>>, Error<E>>) -> Result<Answer, Failure>
where
    T: DeserializeOwned + Serialize + Send + 'static,
    E: Display,
{
    match result {
        Ok(answer) => Ok(Answer::Items(Box::pin(answer.into_inner().map(|event| {
            let event = event.map_err(|error| Failure::Connection(error.to_string()))?;
            let data = serde_json::to_value(event.data).map_err(|error| Failure::Output(error.into()))?;
            Ok(json!({ "event": event.kind, "id": event.id, "data": data }))
        })))),
        Err(error) => Err(failure(&error)),
    }
}

/// A call that answers without a body.
///
/// # Errors
/// The failure that the client's error is.
pub async fn empty<E: Display>(result: Result<ResponseValue<()>, Error<E>>) -> Result<Answer, Failure> {
    match result {
        Ok(_) => Ok(Answer::Empty),
        Err(error) => Err(failure(&error)),
    }
}

/// A call that answers with bytes.
///
/// # Errors
/// The failure that the client's error is.
pub async fn bytes<E: Display>(result: Result<ResponseValue<ByteStream>, Error<E>>) -> Result<Answer, Failure> {
    match result {
        Ok(answer) => Ok(Answer::Bytes(answer.into_inner())),
        Err(error) => Err(failure(&error)),
    }
}

/// Writes an answer.
///
/// # Errors
/// When it cannot be written, or a stream breaks off.
pub async fn write(
    program: &Program,
    answer: Answer,
    format: Format,
    out: &mut (dyn Write + Send),
) -> Result<(), Failure> {
    match answer {
        Answer::Empty => {}
        Answer::Json(value) => output::print(program.shown(&value, format), format, out)?,
        Answer::Bytes(mut stream) => {
            while let Some(chunk) = stream.next().await {
                out.write_all(&chunk.map_err(|error| Failure::Connection(error.without_url().to_string()))?)?;
            }
        }
        Answer::Raw(bytes) => out.write_all(&bytes)?,
        Answer::Items(mut items) => {
            while let Some(item) = items.next().await {
                serde_json::to_writer(&mut *out, &item?).map_err(std::io::Error::from)?;
                writeln!(out)?;
                out.flush()?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_shapes_of_errors_are_understood() {
        let told = |value: Value| told(&value);
        assert_eq!(
            told(json!({"success": false, "error": "conflict", "message": "no"})).as_deref(),
            Some("no (conflict)")
        );
        assert_eq!(told(json!({"error": {"message": "no"}})).as_deref(), Some("no"));
        assert_eq!(told(json!({"title": "Not Found", "status": 404})).as_deref(), Some("Not Found"));
        assert_eq!(told(json!([1])), None);
    }
}
