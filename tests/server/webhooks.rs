//! Webhooks and callbacks: what is sent is received, by those who are meant to, from those who may.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderName, HeaderValue, Request, StatusCode};
use case_hooks_server::types::{Pet, Reading, SubscribeReadingCallback200Body};
use case_hooks_server::webhooks::{
    PetAddedWebhook, PetRemovedWebhook, Sender, SubscribeReadingWebhook, Webhooks, router,
};
use case_hooks_server::{RouterOptions, ServerError, axum};
use oas_server_runtime::webhooks::{DeliveryError, StandardWebhooks, Unsigned};
use tower::ServiceExt as _;

const SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";
const OTHER: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Notes what came.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Notes {
    fn note(&self, text: String) {
        self.0.lock().expect("no panic").push(text);
    }
}

impl Webhooks for Notes {
    async fn pet_added(&self, request: PetAddedWebhook) -> Result<(), ServerError> {
        self.note(format!("added {}", request.body.name));
        Ok(())
    }

    async fn pet_removed(&self, request: PetRemovedWebhook) -> Result<(), ServerError> {
        self.note(format!("removed {}", request.body.name));
        Ok(())
    }

    async fn subscribe_reading(
        &self,
        request: SubscribeReadingWebhook,
    ) -> Result<SubscribeReadingCallback200Body, ServerError> {
        self.note(format!("{} degrees", request.body.degrees));
        Ok(SubscribeReadingCallback200Body::new(7))
    }
}

fn keys(secret: &str) -> StandardWebhooks {
    StandardWebhooks::new(secret).expect("a secret")
}

/// A sender that gives its requests to `receiver`, with a header that says which event it is.
fn sender(
    receiver: Router,
    secret: &str,
    event: &'static str,
) -> Sender<impl oas_server_runtime::webhooks::Deliver, StandardWebhooks> {
    let deliver = move |request: Request<Bytes>| {
        let receiver = receiver.clone();
        async move { Ok(receiver.oneshot(request.map(Body::from)).await?.status()) }
    };
    let mut sender = Sender::new(deliver, keys(secret));
    sender.0 = sender.0.with_header(HeaderName::from_static("x-event"), HeaderValue::from_static(event));
    sender
}

#[tokio::test]
async fn what_is_sent_is_received() {
    let notes = Notes::default();
    let receiver = Router::new().nest("/hooks", router(notes.clone(), keys(SECRET), RouterOptions::default()));
    let added = sender(receiver.clone(), SECRET, "added");
    let removed = sender(receiver, SECRET, "removed");
    let delivered = added.pet_added("1", "/hooks", &Pet::new("Kim")).await.expect("it is taken");
    assert_eq!(delivered.status, StatusCode::ACCEPTED);
    removed.pet_removed("2", "/hooks", &Pet::new("Kim")).await.expect("it is taken");
    added.subscribe_reading("3", "/hooks/subscribe_reading", &Reading::new(3.5)).await.expect("it is taken");
    added.subscribe_reading("4", "/hooks", &Reading::new(4.5)).await.expect("its content says what it is");
    assert_eq!(*notes.0.lock().expect("no panic"), ["added Kim", "removed Kim", "3.5 degrees", "4.5 degrees"]);
}

#[tokio::test]
async fn what_is_not_signed_or_not_described_is_refused() {
    let notes = Notes::default();
    let receiver = router(notes.clone(), keys(SECRET), RouterOptions::default());
    let status = |error: DeliveryError| match error {
        DeliveryError::Refused(status) => status.as_u16(),
        other => panic!("{other}"),
    };
    let stranger = sender(receiver.clone(), OTHER, "added");
    for url in ["/", "/pet_added"] {
        assert_eq!(status(stranger.pet_added("1", url, &Pet::new("Kim")).await.expect_err("refused")), 401, "{url}");
    }
    let known = sender(receiver.clone(), SECRET, "added");
    assert_eq!(status(known.pet_added("1", "/pet_added", &Pet::new("")).await.expect_err("refused")), 422);
    assert_eq!(status(known.pet_added("1", "/", &Pet::new("")).await.expect_err("refused")), 422);
    assert_eq!(status(known.pet_removed("1", "/pet_removed", &Pet::new("a")).await.expect_err("refused")), 422);
    assert_eq!(status(known.pet_added("1", "/nothing", &Pet::new("a")).await.expect_err("refused")), 404);
    let unsigned = Request::post("/pet_added").header("content-type", "application/json").header("x-event", "added");
    let unsigned = unsigned.body(Body::from(r#"{"name":"Kim"}"#)).expect("a request");
    assert_eq!(receiver.oneshot(unsigned).await.expect("an answer").status(), 401);
    assert!(notes.0.lock().expect("no panic").is_empty());
}

#[tokio::test]
async fn who_cannot_be_reached_or_addressed_is_told_apart() {
    let dead = Sender::new(async |_: Request<Bytes>| Err("SECRET socket".into()), Unsigned);
    let error = dead.pet_added("1", "https://example.com", &Pet::new("Kim")).await.expect_err("nobody is there");
    assert!(matches!(error, DeliveryError::Unanswered(_)), "{error}");
    assert_eq!(error.to_string(), "no answer came from the receiver");
    let error = dead.pet_added("1", "not an address", &Pet::new("Kim")).await.expect_err("no address");
    assert!(matches!(error, DeliveryError::Unsendable(_)), "{error}");
}
