//! From an answer to a value, for request builders that decode by themselves.

use bytes::Bytes;
use progenitor_client::{ByteStream, Error, ResponseValue};
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::{EventStream, JsonLines, whole};

/// The body as JSON.
pub async fn decode_json<T: DeserializeOwned, E>(response: Response) -> Result<ResponseValue<T>, Error<E>> {
    with_head(response, read_json).await
}

/// The body as text, in UTF-8; what is not UTF-8 becomes U+FFFD.
pub async fn decode_text<E>(response: Response) -> Result<ResponseValue<String>, Error<E>> {
    with_head(response, read_text).await
}

/// The body as it comes.
pub fn decode_bytes(response: Response) -> ResponseValue<ByteStream> {
    ResponseValue::stream(response)
}

/// The body as server-sent events whose data is JSON, or text for [`String`].
pub fn decode_events<T>(response: Response) -> ResponseValue<EventStream<T>> {
    let (status, headers) = (response.status(), response.headers().clone());
    ResponseValue::new(EventStream::new(response.bytes_stream()), status, headers)
}

/// The body as one JSON value per line.
pub fn decode_json_lines<T>(response: Response) -> ResponseValue<JsonLines<T>> {
    let (status, headers) = (response.status(), response.headers().clone());
    ResponseValue::new(JsonLines::new(response.bytes_stream()), status, headers)
}

/// The value of a JSON body.
pub async fn read_json<T: DeserializeOwned, E>(response: Response) -> Result<T, Error<E>> {
    let bytes = read_bytes(response).await?;
    whole::from_slice(&bytes).map_err(|error| Error::InvalidResponsePayload(bytes, error))
}

/// The text of a body, in UTF-8; what is not UTF-8 becomes U+FFFD.
pub async fn read_text<E>(response: Response) -> Result<String, Error<E>> {
    Ok(String::from_utf8_lossy(&read_bytes(response).await?).into_owned())
}

/// The bytes of a body.
pub async fn read_bytes<E>(response: Response) -> Result<Bytes, Error<E>> {
    response.bytes().await.map_err(Error::ResponseBodyError)
}

/// Status and headers of an answer around what is read of its body.
async fn with_head<T, E>(
    response: Response,
    read: impl AsyncFnOnce(Response) -> Result<T, Error<E>>,
) -> Result<ResponseValue<T>, Error<E>> {
    let mut response = response;
    // The body is read without them.
    let headers = std::mem::take(response.headers_mut());
    let status = response.status();
    Ok(ResponseValue::new(read(response).await?, status, headers))
}
