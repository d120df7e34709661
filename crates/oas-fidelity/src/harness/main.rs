//! Reads what to send from standard input, a line each, and writes what came of it.

mod probes;

use std::future::Future;
use std::io::{BufRead as _, Write as _};
use std::pin::Pin;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use server::axum::Router;
use server::axum::body::{Body, to_bytes};
use tower_service::Service as _;
use types::runtime::{FromJson, ToJson};

/// What came of a value.
type Outcome = Result<Value, Value>;

type Running<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// How a value goes.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Channel {
    /// Through a type, the client, the server and back.
    Round,
    /// Through a type, the server and the client.
    Answer,
    /// As text from the server, through the client.
    Text,
}

/// What both sides share.
#[derive(Default)]
struct Exchange {
    /// What the next handler answers.
    answer: Mutex<Option<(Channel, String)>>,
    /// What the last handler got.
    received: Mutex<Option<String>>,
}

struct Harness {
    client: client::Client,
    exchange: Arc<Exchange>,
}

fn wrong(stage: &str, error: impl std::fmt::Display) -> Value {
    json!({ "stage": stage, "error": error.to_string() })
}

fn written<T: ToJson + ?Sized>(stage: &str, value: &T) -> Result<String, Value> {
    types::runtime::to_string(value).map_err(|error| wrong(stage, error))
}

#[allow(dead_code, reason = "a document without parameters or headers has nothing to note")]
impl Exchange {
    /// What a handler answers: what it got, or what it was told.
    fn answer<T: FromJson + ToJson>(&self, body: Option<T>) -> Result<T, server::ServerError> {
        let text = body.as_ref().map(types::runtime::to_string).transpose();
        let text = text.map_err(|error| server::ServerError::new(format!("handler: {error}")))?;
        *self.received.lock().unwrap() = text;
        if let Some(body) = body {
            return Ok(body);
        }
        self.told()
    }

    /// What a handler was told to answer.
    fn told<T: FromJson>(&self) -> Result<T, server::ServerError> {
        let told = self.answer.lock().unwrap().take();
        let (channel, text) = told.ok_or_else(|| server::ServerError::new("nothing was told"))?;
        if channel == Channel::Text {
            let headers = [("content-type", "application/json")];
            return Err(server::ServerError::undocumented((headers, text)));
        }
        types::runtime::from_str(&text).map_err(|error| server::ServerError::new(format!("handler: {error}")))
    }

    /// Notes what a handler got.
    fn record<T: ToJson + ?Sized>(&self, value: &T) {
        *self.received.lock().unwrap() = types::runtime::to_string(value).ok();
    }
}

#[allow(dead_code, reason = "a document without parameters or headers has nothing to ask some of these")]
impl Harness {
    /// The value that a text is.
    fn value<T: FromJson>(&self, text: &str) -> Result<T, Value> {
        types::runtime::from_str(text).map_err(|error| wrong("type", error))
    }

    /// Tells the next handler what to answer.
    fn tell(&self, channel: Channel, text: &str) {
        *self.exchange.answer.lock().unwrap() = Some((channel, text.to_owned()));
    }

    /// What came back.
    fn returned<T: ToJson, E>(&self, result: Result<client::ResponseValue<T>, client::Error<E>>) -> Outcome
    where
        client::Error<E>: std::fmt::Display,
    {
        let received = self.exchange.received.lock().unwrap().take();
        match result {
            Ok(answer) => Ok(json!({ "received": received, "returned": written("client", &*answer)? })),
            Err(error) => Err(json!({ "stage": "exchange", "error": self.explained(&error), "received": received })),
        }
    }

    /// What a handler got.
    fn received<T, E>(&self, result: Result<T, client::Error<E>>) -> Outcome
    where
        client::Error<E>: std::fmt::Display,
    {
        let received = self.exchange.received.lock().unwrap().take();
        match result {
            Ok(_) => Ok(json!({ "received": received })),
            Err(error) => Err(json!({ "stage": "exchange", "error": self.explained(&error), "received": received })),
        }
    }

    /// What came in a header.
    fn header<T: ToJson, R, E>(
        &self,
        result: Result<client::ResponseValue<R>, client::Error<E>>,
        read: impl FnOnce(&client::ResponseValue<R>) -> Result<Option<T>, client::runtime::Misfit>,
    ) -> Outcome
    where
        client::Error<E>: std::fmt::Display,
    {
        let received = self.exchange.received.lock().unwrap().take();
        let answer = result.map_err(
            |error| json!({ "stage": "exchange", "error": self.explained(&error), "received": received }),
        )?;
        let value = read(&answer).map_err(|error| wrong("header", error))?;
        Ok(json!({ "received": received, "returned": value.as_ref().map(|value| written("client", value)).transpose()? }))
    }

    /// An error with what came.
    fn explained<E>(&self, error: &client::Error<E>) -> String
    where
        client::Error<E>: std::fmt::Display,
    {
        let body = error.raw().map(|raw| String::from_utf8_lossy(raw.bytes()).into_owned()).unwrap_or_default();
        let kept: String = body.chars().take(600).collect();
        if kept.is_empty() { error.to_string() } else { format!("{error}: {kept}") }
    }
}

/// The status of a request with this text as its body.
async fn refused(router: &mut Router, probe: usize, text: String) -> Outcome {
    let request = server::axum::http::Request::post(format!("/probe/{probe}"))
        .header("content-type", "application/json")
        .body(Body::from(text))
        .map_err(|error| wrong("request", error))?;
    let Ok(response) = router.call(request).await;
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap_or_default();
    Ok(json!({ "status": status, "body": String::from_utf8_lossy(&body) }))
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let exchange = Arc::new(Exchange::default());
    let mut router = server::router(probes::Service(exchange.clone()));
    let transport = client::runtime::Transport::in_process(router.clone());
    let client = client::Client::builder().base_url("http://localhost").transport(transport).build().expect("a client");
    let harness = Harness { client, exchange };
    for line in std::io::stdin().lock().lines() {
        let Ok(Value::Object(line)) = line.map_err(|_| ()).and_then(|line| serde_json::from_str(&line).map_err(|_| ())) else { break };
        let probe = line["probe"].as_u64().unwrap_or_default() as usize;
        let text = line["text"].as_str().unwrap_or_default().to_owned();
        let outcome = match line["way"].as_str() {
            Some("refuse") => refused(&mut router, probe, text).await,
            Some("answer") => probes::PROBES[probe](&harness, &text, Channel::Answer).await,
            Some("text") => probes::PROBES[probe](&harness, &text, Channel::Text).await,
            _ => probes::PROBES[probe](&harness, &text, Channel::Round).await,
        };
        let answer = outcome.unwrap_or_else(|error| error);
        let mut out = std::io::stdout().lock();
        let _ = writeln!(out, "{answer}");
        let _ = out.flush();
    }
}
