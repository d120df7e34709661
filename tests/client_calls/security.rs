//! Each operation gets the credentials it needs, and nobody else sees them.

#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/security/expected/client/builder/mod.rs"]
mod builder;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/security/expected/client/client.rs"]
mod client;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/security/expected/types/mod.rs"]
mod types;

use oas_client_runtime::Error;
use wiremock::{MockServer, ResponseTemplate};

use self::client::{Client, ClientBuilder};
use super::{header, only, received, serving, target};

async fn server() -> MockServer {
    serving(ResponseTemplate::new(204)).await
}

fn builder(server: &MockServer) -> ClientBuilder {
    Client::builder().base_url(format!("{}/v1", server.uri()))
}

#[test]
fn a_relative_server_needs_a_base_url() {
    let error = Client::builder().build().map(drop).expect_err("no base URL").to_string();
    assert!(error.contains("`/v1`") && error.contains(".base_url("), "{error}");
}

#[tokio::test]
async fn inherited_and_public() {
    let server = server().await;
    let client = builder(&server).token("hush").build().expect("a client");
    client.inherited().send().await.expect("an answer");
    client.public().send().await.expect("an answer");
    let requests = received(&server).await;
    assert_eq!(header(&requests[0], "authorization"), "Bearer hush");
    assert_eq!(header(&requests[1], "authorization"), "");
}

#[tokio::test]
async fn alternatives_in_the_order_of_the_document() {
    let send = async |builder: ClientBuilder, server: MockServer| {
        builder.build().expect("a client").either().send().await.expect("an answer");
        let request = only(&server).await;
        (header(&request, "authorization").to_owned(), header(&request, "x-tenant").to_owned())
    };
    let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
    let one = server().await;
    assert_eq!(send(builder(&one).token("t").tenant("n").basic("u", "p"), one).await, pair("Bearer t", "n"));
    let one = server().await;
    assert_eq!(send(builder(&one).token("t").basic("u", "p"), one).await, pair("Basic dTpw", ""));
    let one = server().await;
    assert_eq!(send(builder(&one).token("t"), one).await, pair("", ""));
}

#[tokio::test]
async fn missing_credentials_are_named_before_anything_is_sent() {
    let server = server().await;
    let client = builder(&server).build().expect("a client");
    let error = client.inherited().send().await.expect_err("no credentials");
    assert!(matches!(&error, Error::InvalidRequest(reason) if reason.contains("`.token(..)`")), "{error}");
    assert!(received(&server).await.is_empty());
    let client = builder(&server).without_credentials().build().expect("a client");
    client.inherited().send().await.expect("an answer");
    assert_eq!(header(&only(&server).await, "authorization"), "");
}

#[tokio::test]
async fn secrets_in_query_and_cookie() {
    let server = server().await;
    let client = builder(&server).key("a&b").session("s t").build().expect("a client");
    client.in_query().send().await.expect("an answer");
    client.in_cookie().send().await.expect("an answer");
    let requests = received(&server).await;
    assert_eq!(target(&requests[0]), "/v1/query?api_key=a%26b");
    assert_eq!((requests[1].method.as_str(), header(&requests[1], "cookie")), ("QUERY", "sid=s t"));
}

#[tokio::test]
async fn no_error_shows_a_secret_of_the_url() {
    let unexpected = serving(ResponseTemplate::new(500)).await;
    let client = builder(&unexpected).key("hush").build().expect("a client");
    let error = client.in_query().send().await.expect_err("not documented");
    assert!(matches!(error, Error::UnexpectedResponse(_)));
    assert!(!format!("{error:?} {error}").contains("hush"), "{error:?}");
    assert!(!format!("{client:?} {:?}", client.in_query()).contains("hush"));

    let nobody = Client::builder().base_url("http://127.0.0.1:1").key("hush").build().expect("a client");
    let error = nobody.in_query().send().await.expect_err("nobody listens");
    assert!(matches!(error, Error::CommunicationError(_)));
    assert!(!format!("{error:?} {error} {error:#}").contains("hush"), "{error:?}");
}

#[tokio::test]
async fn an_operation_has_its_own_server_and_method() {
    let server = server().await;
    let client = builder(&server).operation_base_url("elsewhere", format!("{}/files", server.uri()));
    let client = client.build().expect("a client");
    client.elsewhere().send().await.expect("an answer");
    client.purge().send().await.expect("an answer");
    let requests = received(&server).await;
    assert_eq!(target(&requests[0]), "/files/elsewhere");
    assert_eq!((requests[1].method.as_str(), target(&requests[1]).as_str()), ("PURGE", "/v1/purge"));
}
