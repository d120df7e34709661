//! Tokens for a program by its own credentials, from an authorization server.

use std::time::Duration;

use oas_client_runtime::{
    Call, ClientCredentials, Error, ExchangeError, Operation, Options, Outgoing, Piece, Settings, State, Token,
    TokenProvider as _,
};
use serde_json::json;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

static GET: Operation = Operation {
    id: "list",
    method: "GET",
    path: "/things",
    route: &[Piece::Text("/things")],
    security: &[&["oauth"]],
    success: &[200..=200],
    ..Operation::NONE
};

static ALL: &[&Operation] = &[&GET];

struct Builder(State, Options);

impl Call for Builder {
    fn into_request(self) -> Outgoing {
        Outgoing::new(&self.0, &GET, self.1)
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.1
    }
}

async fn granting(answer: ResponseTemplate) -> MockServer {
    let server = MockServer::start().await;
    Mock::given(method("POST")).and(path("/token")).respond_with(answer).mount(&server).await;
    server
}

fn provider(server: &MockServer) -> ClientCredentials {
    ClientCredentials::new(format!("{}/token", server.uri()), "my id", "hush:&")
}

async fn asked(server: &MockServer) -> Vec<Request> {
    let requests = server.received_requests().await.expect("recorded");
    requests.into_iter().filter(|request| request.url.path() == "/token").collect()
}

#[tokio::test]
async fn a_token_is_fetched_once_and_again_when_the_api_takes_it_no_more() {
    let server = MockServer::start().await;
    let count = std::sync::atomic::AtomicU32::new(0);
    let grant = move |_: &Request| {
        let number = count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        ResponseTemplate::new(200)
            .set_body_json(json!({"access_token": format!("t{number}"), "token_type": "bearer", "expires_in": "3600"}))
    };
    Mock::given(path("/token")).respond_with(grant).mount(&server).await;
    Mock::given(header("authorization", "Bearer t0"))
        .respond_with(ResponseTemplate::new(200))
        .up_to_n_times(2)
        .mount(&server)
        .await;
    Mock::given(header("authorization", "Bearer t1")).respond_with(ResponseTemplate::new(200)).mount(&server).await;
    Mock::given(path("/things")).respond_with(ResponseTemplate::new(401)).mount(&server).await;
    let mut settings = Settings::new("", "test", ALL);
    settings.base_url(server.uri());
    settings.token_provider("oauth", provider(&server).scope("a").scope("b c").parameter("audience", "x"));
    let state = settings.build().expect("valid");
    for _ in 0..4 {
        let answer = Builder(state.clone(), Options::default()).send_raw().await.expect("an answer");
        assert_eq!(answer.status().as_u16(), 200);
    }
    let asked = asked(&server).await;
    assert_eq!(asked.len(), 2);
    let form = std::str::from_utf8(&asked[0].body).expect("text");
    assert_eq!(form, "grant_type=client_credentials&scope=a%20b%20c&audience=x");
    // `my%20id:hush%3A%26`
    assert_eq!(asked[0].headers["authorization"], "Basic bXklMjBpZDpodXNoJTNBJTI2");
    assert_eq!(asked[0].headers["content-type"], "application/x-www-form-urlencoded");
}

#[tokio::test]
async fn credentials_may_stand_in_the_body() {
    let server =
        granting(ResponseTemplate::new(200).set_body_json(json!({"access_token": "t", "expires_in": 60}))).await;
    let token = provider(&server).in_body().fetch().await.expect("a token");
    assert_eq!(token, Token::new("t").valid_for(Duration::from_secs(60)));
    let asked = asked(&server).await.remove(0);
    let form = std::str::from_utf8(&asked.body).expect("text");
    assert_eq!(form, "grant_type=client_credentials&client_id=my%20id&client_secret=hush%3A%26");
    assert!(!asked.headers.contains_key("authorization"));
}

#[tokio::test]
async fn what_is_no_token_is_an_error_without_secrets() {
    let refused = json!({"error": "invalid_client", "error_description": "unknown"});
    for (answer, expected) in [
        (ResponseTemplate::new(401).set_body_json(refused), "gave no token, but status 401 (invalid_client: unknown)"),
        (ResponseTemplate::new(500).set_body_string("hush"), "gave no token, but status 500"),
        (ResponseTemplate::new(200).set_body_json(json!({"token": "hush"})), "is no token"),
        (
            ResponseTemplate::new(200).set_body_json(json!({"access_token": "hush", "token_type": "mac"})),
            "another type",
        ),
    ] {
        let server = granting(answer).await;
        let mut settings = Settings::new("", "test", ALL);
        settings.base_url(server.uri());
        settings.token_provider("oauth", provider(&server));
        let request = Builder(settings.build().expect("valid"), Options::default());
        let error: Error = request.send_raw().await.expect_err("no token");
        let Error::CommunicationError(cause): &Error = &error else { panic!("{error}") };
        let cause: &ExchangeError = cause;
        let text = format!("{error} {cause:?}");
        assert!(text.contains(expected) && !text.contains("hush"), "{text}");
        assert!(!format!("{:?}", provider(&server)).contains("hush"));
    }
}
