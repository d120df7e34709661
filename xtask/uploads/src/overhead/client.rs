//! The generated client, beside reqwest by hand.

use autoposting_client::Client;
use autoposting_types::{ClipEnvelope, CompleteClipUploadBody, CompleteClipUploadBodyPartsItem, SuccessEnvelope, new};
use axum::Router;
use axum::body::Bytes;
use axum::http::header::CONTENT_TYPE;
use axum::routing::{get, post};

use super::{Contender, compare, in_turns, serve};
use crate::failure::Failure;
use crate::report::Report;

const GROUP: &str = "Generated client, processor time per request";

const KEY: &str = "sk-social-bench-0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// What the server answers to everybody.
const COMPLETED: &str = r#"{"success":true,"data":{"clipId":"clip_1","status":"processing"}}"#;
const CLIP: &str = r#"{"success":true,"data":{"id":"clip_1","name":"A clip","status":"uploading","brandId":"brand_1","fileName":"clip.mp4","fileSize":1024,"mimeType":"video/mp4","uploadId":"upload_1","key":"clips/clip_1","createdAt":"1970-01-01T00:00:00Z","updatedAt":"1970-01-01T00:00:00Z","parts":[{"partNumber":1,"eTag":"0123456789abcdef0123456789abcdef","size":1024}]}}"#;

/// Measures reading a clip, and completing uploads of few and of many parts.
pub(crate) async fn run(rounds: u32, report: &mut Report) -> Result<(), Failure> {
    let json = |text: &'static str| ([(CONTENT_TYPE, "application/json")], text);
    let router = Router::new()
        // The body is read, as every server does.
        .route("/clips/upload/complete", post(move |_: Bytes| async move { json(COMPLETED) }))
        .route("/clips/{id}", get(move || async move { json(CLIP) }));
    let server = serve(router)?;
    let base = format!("http://{}", server.address);
    let calls = [
        ("GET of a clip", Call::Show),
        ("completion of 2 parts", Call::Complete(completion(2))),
        ("completion of 100 parts", Call::Complete(completion(100))),
    ];
    for (what, call) in calls {
        let start = async |by: By| Ok(Caller { by: by.connect(&base)?, call: call.clone() });
        let times = in_turns(&By::ALL, rounds, start).await?;
        let [ours, by_hand, again] = times.as_slice() else { continue };
        compare(report, GROUP, what, ("generated", ours), ("reqwest by hand", by_hand));
        compare(report, GROUP, what, ("reqwest by hand", again), ("itself", by_hand));
    }
    Ok(())
}

/// A client with the same settings as the generated one has.
fn by_hand() -> Result<reqwest::Client, Failure> {
    reqwest::Client::builder()
        .user_agent(concat!("autoposting-client/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(std::time::Duration::from_secs(10))
        .read_timeout(std::time::Duration::from_secs(60))
        .build()
        .map_err(Failure::unexpected)
}

fn completion(parts: i64) -> CompleteClipUploadBody {
    let part = |number: i64| {
        let item = CompleteClipUploadBodyPartsItem::new().with_part_number(number);
        item.with_e_tag(format!("{number:032x}"))
    };
    let parts = (1..=parts).map(part).collect();
    new::CompleteClipUploadBody { clip_id: "clip_1".into(), upload_id: "upload_1".into(), parts }.into()
}

/// What is called.
#[derive(Clone)]
enum Call {
    Show,
    Complete(CompleteClipUploadBody),
}

/// Who calls.
#[derive(Debug, Clone, Copy)]
enum By {
    Generated,
    Hand,
}

impl By {
    /// The first two are held against each other, and the second against the third.
    const ALL: [Self; 3] = [Self::Generated, Self::Hand, Self::Hand];

    fn connect(self, base: &str) -> Result<Connected, Failure> {
        Ok(match self {
            Self::Generated => {
                let client = Client::builder().base_url(base).bearer_auth(KEY).build();
                Connected::Generated(client.map_err(Failure::unexpected)?)
            }
            Self::Hand => Connected::Hand(by_hand()?, base.to_owned()),
        })
    }
}

/// Who calls, with connections of its own.
enum Connected {
    Generated(Client),
    Hand(reqwest::Client, String),
}

struct Caller {
    by: Connected,
    call: Call,
}

impl Contender for Caller {
    async fn call(&mut self) -> Result<(), Failure> {
        let success = match (&self.by, &self.call) {
            (Connected::Generated(client), Call::Show) => {
                let answer = client.get_clip().id("clip_1").include_parts(true).send().await;
                answer.map_err(Failure::unexpected)?.into_inner().success
            }
            (Connected::Generated(client), Call::Complete(body)) => {
                let answer = client.complete_clip_upload().body(body.clone()).send().await;
                answer.map_err(Failure::unexpected)?.into_inner().success == Some(true)
            }
            (Connected::Hand(http, base), Call::Show) => {
                let request = http.get(format!("{base}/clips/{}", "clip_1")).query(&[("includeParts", true)]);
                answer::<ClipEnvelope>(request).await.map_err(Failure::unexpected)?.success
            }
            (Connected::Hand(http, base), Call::Complete(body)) => {
                // Whoever calls gives the body away, as the generated client has it.
                let body = body.clone();
                let request = http.post(format!("{base}/clips/upload/complete")).json(&body);
                answer::<SuccessEnvelope>(request).await.map_err(Failure::unexpected)?.success == Some(true)
            }
        };
        if success { Ok(()) } else { Err(Failure::unexpected("the answer is no success")) }
    }
}

/// Sends a request with the key, and reads the answer.
async fn answer<T: serde::de::DeserializeOwned>(request: reqwest::RequestBuilder) -> reqwest::Result<T> {
    let request = request.bearer_auth(KEY).header("accept", "application/json");
    request.send().await?.error_for_status()?.json().await
}
