//! Servers are chosen by name, and what varies in their URLs by values.

#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/servers/expected/client/builder/mod.rs"]
mod builder;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/servers/expected/client/client.rs"]
mod client;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/servers/expected/client/servers.rs"]
mod servers;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/servers/expected/types/mod.rs"]
mod types;

use wiremock::ResponseTemplate;

use self::client::Client;
use super::{received, serving, target};

#[tokio::test]
async fn a_server_is_chosen_with_values_for_its_variables() {
    let server = serving(ResponseTemplate::new(204)).await;
    let (host, port) = (server.address().ip().to_string(), server.address().port().to_string());
    // The document lists two ports, and that of the test is none of them.
    let url = servers::Files::new().scheme("http").host(&host).port(&port);
    let client = Client::builder()
        .base_url(format!("{}/v2", server.uri()))
        .operation_base_url("listFiles", url)
        .build()
        .expect("a client");
    client.list_things().send().await.expect("an answer");
    client.list_files().send().await.expect("an answer");
    let targets: Vec<String> = received(&server).await.iter().map(target).collect();
    assert_eq!(targets, ["/v2/things", "/files/files"]);
}

#[test]
fn urls_are_those_of_the_document() {
    assert_eq!(String::from(servers::Production::new()), "https://api.example.com:80/v1");
    let chosen = servers::Production::new()
        .scheme(servers::Scheme::Http)
        .host("localhost")
        .port(servers::Port::N8443)
        .version(servers::ProductionVersion::V2);
    assert_eq!(String::from(chosen), "http://localhost:8443/v2");
    assert_eq!(String::from(servers::Sandbox::default()), "https://sandbox.example.com");
    let hostile = servers::Former::new().version(servers::FormerVersion::Region);
    assert_eq!(String::from(hostile), "https://{region}.example.com", "a value is put in as it is");
    let client = Client::builder().base_url(servers::Sandbox::new()).build().expect("a client");
    assert_eq!(client.base_url(), "https://sandbox.example.com");
}
