//! The generated router, beside handlers by hand over axum.

mod by_hand;
mod generated;

use autoposting_types::{CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, SuccessEnvelope, new};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::SendRequest;
use hyper::{Method, Request};
use hyper_util::rt::TokioIo;
use serde_json::{Map, Value};

use super::{Contender, Server, compare, in_turns, serve};
use crate::failure::Failure;
use crate::report::Report;

const GROUP: &str = "Generated router, processor time per request";

/// The key that every request carries.
const KEY: &str = "sk-social-bench-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// Who answers.
#[derive(Debug, Clone, Copy)]
enum By {
    Generated,
    Hand(by_hand::Validation),
}

impl By {
    /// The first two are held against each other, and the second against the third.
    const ALL: [Self; 4] = [
        Self::Generated,
        Self::Hand(by_hand::Validation::OfTheDocument),
        Self::Hand(by_hand::Validation::OfTheDocument),
        Self::Hand(by_hand::Validation::None),
    ];

    fn router(self) -> Result<axum::Router, Failure> {
        match self {
            Self::Generated => Ok(generated::router()),
            Self::Hand(validation) => by_hand::router(validation),
        }
    }
}

/// Measures reading a clip, and completing uploads of few and of many parts.
pub(crate) async fn run(rounds: u32, report: &mut Report) -> Result<(), Failure> {
    let requests = [
        ("GET of a clip", Method::GET, "/clips/clip_1?includeParts=true", Bytes::new()),
        ("completion of 2 parts", Method::POST, "/clips/upload/complete", completion(2)?),
        ("completion of 100 parts", Method::POST, "/clips/upload/complete", completion(100)?),
    ];
    for (what, method, path, body) in requests {
        let start = async |by: By| Caller::connect(serve(by.router()?)?, &method, path, body.clone()).await;
        same_answers(start).await?;
        let times = in_turns(&By::ALL, rounds, start).await?;
        let [ours, by_hand, again, trusting] = times.as_slice() else { continue };
        compare(report, GROUP, what, ("generated", ours), ("by hand, same validation", by_hand));
        compare(report, GROUP, what, ("by hand", again), ("itself", by_hand));
        if method == Method::POST {
            let by_hand = ("by hand with it", by_hand.as_slice());
            compare(report, GROUP, &format!("{what}, validation alone"), by_hand, ("by hand without", trusting));
        }
    }
    Ok(())
}

/// The contenders do the same work only when they answer the same.
async fn same_answers(start: impl AsyncFn(By) -> Result<Caller, Failure>) -> Result<(), Failure> {
    let mut answers = Vec::new();
    for by in By::ALL {
        answers.push(start(by).await?.exchange().await?);
    }
    match answers.iter().find(|answer| Some(*answer) != answers.first()) {
        None => Ok(()),
        Some(_) => Err(Failure::unexpected(format!("the answers differ: {answers:?}"))),
    }
}

/// The body that completes an upload of so many parts.
fn completion(parts: u32) -> Result<Bytes, Failure> {
    let part = |number: u32| {
        let item = CompleteClipUploadBodyPartsItem::new().with_part_number(i64::from(number));
        item.with_e_tag(format!("{number:032x}"))
    };
    let parts = (1..=parts).map(part).collect();
    let new = new::CompleteClipUploadBody { clip_id: "clip_1".into(), upload_id: "upload_1".into(), parts };
    let body = CompleteClipUploadBody::from(new);
    serde_json::to_vec(&body).map(Bytes::from).map_err(Failure::unexpected)
}

/// What a completion is answered with, whoever answers.
fn completed(body: CompleteClipUploadBody) -> SuccessEnvelope {
    let members = [("clipId", body.clip_id), ("status", "processing".to_owned())];
    let data: Map<_, _> = members.into_iter().map(|(name, text)| (name.to_owned(), Value::from(text))).collect();
    SuccessEnvelope::new().with_success(true).with_data(data)
}

/// A connection that stays open, and the request that goes over it.
struct Caller {
    _server: Server,
    connection: SendRequest<Full<Bytes>>,
    request: Request<Full<Bytes>>,
}

impl Caller {
    async fn connect(server: Server, method: &Method, path: &str, body: Bytes) -> Result<Self, Failure> {
        let address = server.address;
        let stream = tokio::net::TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(Failure::unexpected)?;
        tokio::spawn(driver);
        let mut request = Request::builder().method(method).uri(path).header("host", address.to_string());
        request = request.header("authorization", format!("Bearer {KEY}")).header("accept", "application/json");
        if !body.is_empty() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(Full::new(body)).map_err(Failure::unexpected)?;
        Ok(Self { _server: server, connection, request })
    }

    /// The answer's status, media type and body.
    async fn exchange(&mut self) -> Result<(u16, String, Bytes), Failure> {
        self.connection.ready().await.map_err(Failure::unexpected)?;
        let answer = self.connection.send_request(self.request.clone()).await.map_err(Failure::unexpected)?;
        let (head, body) = answer.into_parts();
        let body = body.collect().await.map_err(Failure::unexpected)?.to_bytes();
        let media_type = head.headers.get("content-type").and_then(|value| value.to_str().ok()).unwrap_or_default();
        Ok((head.status.as_u16(), media_type.to_owned(), body))
    }
}

impl Contender for Caller {
    async fn call(&mut self) -> Result<(), Failure> {
        match self.exchange().await? {
            (200, ..) => Ok(()),
            other => Err(Failure::unexpected(format!("the answer is {other:?}"))),
        }
    }
}
