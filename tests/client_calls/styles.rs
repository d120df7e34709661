//! Parameters arrive in the style that the document gives them.

#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/styles/expected/client/builder/mod.rs"]
mod builder;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/styles/expected/client/client.rs"]
mod client;
#[allow(warnings, clippy::all, clippy::pedantic, reason = "generated")]
#[rustfmt::skip]
#[path = "../cases/client/styles/expected/types/mod.rs"]
mod types;

use wiremock::{MockServer, ResponseTemplate};

use self::client::Client;
use self::types::{Colour, Kind};
use super::{header, only, serving, target};

fn client(server: &MockServer) -> Client {
    Client::builder().base_url(server.uri()).build().expect("a client")
}

fn strings(values: &[&str]) -> Vec<String> {
    values.iter().map(|value| (*value).to_owned()).collect()
}

#[tokio::test]
async fn progenitors_own_styles() {
    let server = serving(ResponseTemplate::new(204)).await;
    let answer = client(&server)
        .plain()
        .id("a/b?c#d\\..")
        .tags(strings(&["x,y", "z"]))
        .version(2)
        .page_size(5)
        .kind(vec![Kind::Short, Kind::VeryLong])
        .x_levels(vec![1, 2])
        .send()
        .await
        .expect("an answer");
    assert_eq!(answer.status(), 204);
    let request = only(&server).await;
    assert_eq!(target(&request), "/items/a%2Fb%3Fc%23d%5C../x%2Cy,z/v2?page%20size=5&kind=short&kind=very%20long");
    assert_eq!((header(&request, "x-levels"), header(&request, "x-trace")), ("1,2", ""));
    assert!(!request.headers.contains_key("api-version"), "{:?}", request.headers);
}

#[tokio::test]
async fn every_other_style() {
    let server = serving(ResponseTemplate::new(204)).await;
    let colour = || Colour::new(1).with_g(2);
    client(&server)
        .styled()
        .label(strings(&["a", "b"]))
        .matrix(vec![1, 2])
        .object(colour())
        .joined(strings(&["a b", "c,d"]))
        .spaced(strings(&["a", "b"]))
        .piped(strings(&["a", "b"]))
        .filter(colour())
        .colour(colour())
        .raw("a/b?c&d")
        .json(colour())
        .x_colour(colour())
        .session("s;t")
        .seen(vec![1, 2])
        .send()
        .await
        .expect("an answer");
    let request = only(&server).await;
    let expected = [
        "/all/.a.b/;matrix=1,2/r=1,g=2?joined=a%20b,c%2Cd",
        "spaced=a%20b",
        "piped=a%7Cb",
        "filter%5Br%5D=1",
        "filter%5Bg%5D=2",
        "r=1",
        "g=2",
        "raw=a/b?c%26d",
        "json=%7B%22r%22%3A1%2C%22g%22%3A2%7D",
    ];
    assert_eq!(target(&request), expected.join("&"));
    assert_eq!(header(&request, "x-colour"), "r,1,g,2");
    assert_eq!(header(&request, "cookie"), "session=s%3Bt; seen=1; seen=2");
}

#[tokio::test]
async fn a_path_value_that_names_another_path_is_refused() {
    let server = serving(ResponseTemplate::new(204)).await;
    let client = client(&server);
    for id in ["", ".", ".."] {
        let request = client.plain().id(id).tags(strings(&["x"])).version(1).x_levels(vec![1]);
        let error = request.send().await.expect_err(id).to_string();
        assert!(error.contains("parameter `id`"), "{error}");
    }
    assert!(super::received(&server).await.is_empty());
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let server = serving(ResponseTemplate::new(204)).await;
    let error = client(&server).plain().tags(strings(&["x"])).send().await.expect_err("no id").to_string();
    assert_eq!(error, "the request was not sent: `id` is missing");
    assert!(super::received(&server).await.is_empty());
}
