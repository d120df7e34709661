//! Lists that come in pages, asked for from a real server that decides itself how long a page is.

use oas_client_runtime::{
    Error, NextPage, Operation, Options, Outgoing, Pages, Paging, Parameter, Piece, Place, Settings, State,
};
use serde_json::{Value, json};
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

const LIST: Operation = Operation {
    id: "listThings",
    method: "GET",
    path: "/things",
    route: &[Piece::Text("/things")],
    parameters: &[Parameter::query("offset"), Parameter::query("tag")],
    success: &[200..=200],
    error: &[400..=499],
    ..Operation::NONE
};

const fn paged(items: &'static str, next: NextPage, more: Option<(&'static str, bool)>) -> Operation {
    Operation { paging: Some(Paging { items, next, more }), ..LIST }
}

static OFFSET: Operation = paged("/data", NextPage::Offset { at: Place::Query("offset"), first: 0 }, None);
static NUMBER: Operation = paged("", NextPage::Number { at: Place::Query("page"), first: 1 }, None);
static CURSOR: Operation =
    paged("/data", NextPage::Cursor { at: Place::Query("page[after]"), from: "/meta/next" }, Some(("/more", true)));
static LAST: Operation =
    paged("/data", NextPage::LastItem { at: Place::Query("after"), from: "/id" }, Some(("/done", false)));
static LINK: Operation = paged("/data", NextPage::Link { from: "/links/next" }, None);
static HEADER: Operation = paged("", NextPage::LinkHeader, None);
static BODY: Operation =
    Operation { method: "POST", ..paged("/data", NextPage::Cursor { at: Place::Body("start"), from: "/next" }, None) };

static ALL: &[&Operation] = &[&OFFSET, &NUMBER, &CURSOR, &LAST, &LINK, &HEADER, &BODY];

/// What a query says of a name.
fn query(request: &Request, name: &str) -> Option<String> {
    request.url.query_pairs().find(|(one, _)| one == name).map(|(_, value)| value.into_owned())
}

fn number(request: &Request, name: &str, otherwise: usize) -> usize {
    query(request, name).map_or(otherwise, |text| text.parse().expect("a number"))
}

/// A server that answers with `page`, and a client of it.
async fn serving(page: impl Fn(&Request) -> ResponseTemplate + Send + Sync + 'static) -> (MockServer, State) {
    let server = MockServer::start().await;
    Mock::given(any()).respond_with(page).mount(&server).await;
    let mut settings = Settings::new("", "test", ALL);
    settings.base_url(server.uri());
    (server, settings.build().expect("valid settings"))
}

fn request(state: &State, operation: &'static Operation) -> Outgoing {
    Outgoing::new(state, operation, Options::default())
}

async fn numbers(request: Outgoing) -> Result<Vec<u32>, Error<Value>> {
    request.items::<u32, Value>().collect().await
}

async fn asked(server: &MockServer) -> Vec<String> {
    let requests = server.received_requests().await.expect("recorded");
    requests.iter().map(|request| request.url.query().unwrap_or_default().to_owned()).collect()
}

/// Seven numbers, three at a time whatever is asked for.
fn some(from: usize) -> Vec<usize> {
    (0..7).skip(from).take(3).collect()
}

#[tokio::test]
async fn offsets_grow_by_what_came() {
    let (server, state) = serving(|request| {
        ResponseTemplate::new(200).set_body_json(json!({ "data": some(number(request, "offset", 0)) }))
    })
    .await;
    let mut outgoing = request(&state, &OFFSET);
    outgoing.parameter(0, &Ok::<_, String>(None::<u32>));
    outgoing.parameter(1, &Ok::<_, String>("a b"));
    assert_eq!(numbers(outgoing).await.expect("all"), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(asked(&server).await, ["tag=a%20b", "tag=a%20b&offset=3", "tag=a%20b&offset=6", "tag=a%20b&offset=7"]);
    let mut outgoing = request(&state, &OFFSET);
    outgoing.parameter(0, &Ok::<_, String>(5));
    assert_eq!(numbers(outgoing).await.expect("from the fifth on"), [5, 6]);
}

#[tokio::test]
async fn pages_are_counted_and_not_asked_for_in_advance() {
    let (server, state) = serving(|request| {
        ResponseTemplate::new(200)
            .insert_header("x-total", "7")
            .set_body_json(some((number(request, "page", 1) - 1) * 3))
    })
    .await;
    let items = request(&state, &NUMBER).items::<u32, Value>().limit(3).collect().await;
    assert_eq!(items.expect("three"), [0, 1, 2]);
    assert_eq!(asked(&server).await, [""]);
    let mut pages: Pages<Vec<u32>, Value> = request(&state, &NUMBER).pages();
    let first = pages.next().await.expect("a page").expect("an answer");
    assert_eq!((first.header::<u32>("x-total"), first.into_inner()), (Ok(Some(7)), vec![0, 1, 2]));
    let rest = pages.collect().await.expect("the rest");
    assert_eq!(rest.into_iter().map(|page| page.into_inner().len()).collect::<Vec<_>>(), [3, 1, 0]);
}

#[tokio::test]
async fn cursors_lead_on_until_the_api_says_that_there_is_no_more() {
    let (server, state) = serving(|request| {
        let from = number(request, "page[after]", 0);
        let body = json!({ "data": some(from), "more": from < 6, "meta": { "next": (from + 3).to_string() } });
        ResponseTemplate::new(200).set_body_json(body)
    })
    .await;
    assert_eq!(numbers(request(&state, &CURSOR)).await.expect("all"), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(asked(&server).await, ["", "page%5Bafter%5D=3", "page%5Bafter%5D=6"]);
}

#[tokio::test]
async fn the_last_item_may_be_the_cursor() {
    let (server, state) = serving(|request| {
        let from = query(request, "after").map_or(0, |id| id.parse::<usize>().expect("a number") + 1);
        let data: Vec<Value> = some(from).into_iter().map(|id| json!({ "id": id })).collect();
        ResponseTemplate::new(200).set_body_json(json!({ "done": from >= 6, "data": data }))
    })
    .await;
    let items = request(&state, &LAST).items::<Value, Value>().collect().await.expect("all");
    assert_eq!(items.len(), 7);
    assert_eq!(asked(&server).await, ["", "after=2", "after=5"]);
}

#[tokio::test]
async fn links_are_followed_at_home_only() {
    let (_server, state) = serving(|request| {
        let from = number(request, "from", 0);
        let next = match from {
            0 => json!("/things?from=3"),
            3 => json!("?from=6"),
            _ => Value::Null,
        };
        ResponseTemplate::new(200).set_body_json(json!({ "data": some(from), "links": { "next": next } }))
    })
    .await;
    assert_eq!(numbers(request(&state, &LINK)).await.expect("all"), [0, 1, 2, 3, 4, 5, 6]);

    let body = json!({ "data": [1], "links": { "next": "https://elsewhere.example/things" } });
    let (_server, state) = serving(move |_| ResponseTemplate::new(200).set_body_json(&body)).await;
    let error = numbers(request(&state, &LINK)).await.expect_err("another host").to_string();
    assert!(error.contains("the next page is at https://elsewhere.example"), "{error}");
}

#[tokio::test]
async fn the_header_link_leads_on() {
    let (server, state) = serving(|request| {
        let from = number(request, "from", 0);
        let page = ResponseTemplate::new(200).set_body_json(some(from));
        let link = format!("</things?from={}>; rel=\"next\", </things>; rel=\"first\"", from + 3);
        if from < 6 { page.insert_header("link", link) } else { page }
    })
    .await;
    assert_eq!(numbers(request(&state, &HEADER)).await.expect("all"), [0, 1, 2, 3, 4, 5, 6]);
    assert_eq!(asked(&server).await, ["", "from=3", "from=6"]);
}

#[tokio::test]
async fn a_cursor_may_stand_in_the_body() {
    let (_server, state) = serving(|request| {
        let body: Value = request.body_json().expect("JSON");
        assert_eq!(body["filter"], json!("x"));
        let from = usize::try_from(body["start"].as_u64().unwrap_or(0)).expect("small");
        let next = if from < 6 { json!(from + 3) } else { json!(null) };
        ResponseTemplate::new(200).set_body_json(json!({ "data": some(from), "next": next }))
    })
    .await;
    let mut outgoing = request(&state, &BODY);
    outgoing.json("application/json", &json!({ "filter": "x" }));
    assert_eq!(numbers(outgoing).await.expect("all"), [0, 1, 2, 3, 4, 5, 6]);
}

#[tokio::test]
async fn the_same_page_again_is_an_error_and_not_an_endless_stream() {
    let (server, state) = serving(|_| {
        ResponseTemplate::new(200)
            .set_body_json(json!({ "data": [1, 2], "meta": { "next": "x" }, "links": { "next": "" } }))
    })
    .await;
    for operation in [&OFFSET, &CURSOR] {
        let mut items = request(&state, operation).items::<u32, Value>();
        let mut seen = Vec::new();
        let error = loop {
            match items.next().await.expect("not the end") {
                Ok(item) => seen.push(item),
                Err(error) => break error.to_string(),
            }
        };
        assert!(error.contains("the same page again"), "{error}");
        assert_eq!(seen, [1, 2]);
        assert!(items.next().await.is_none(), "after an error there is no more");
    }
    assert_eq!(numbers(request(&state, &LINK)).await.expect("an empty link is none"), [1, 2]);
    assert_eq!(asked(&server).await.len(), 5);
}

#[tokio::test]
async fn what_is_wrong_is_an_error_of_the_stream() {
    let (_server, state) = serving(|request| match number(request, "offset", 0) {
        0 => ResponseTemplate::new(200).set_body_json(json!({ "data": [1] })),
        _ => ResponseTemplate::new(404).set_body_json(json!({ "title": "gone" })),
    })
    .await;
    let error = numbers(request(&state, &OFFSET)).await.expect_err("an error of the API");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(404));

    let body = json!({ "data": [1, "x"] });
    let (_server, state) = serving(move |_| ResponseTemplate::new(200).set_body_json(&body)).await;
    let error = numbers(request(&state, &OFFSET)).await.expect_err("no number").to_string();
    assert!(error.contains("at /data/1: invalid type"), "{error}");

    let body = json!({ "data": { "x": 1 } });
    let (_server, state) = serving(move |_| ResponseTemplate::new(200).set_body_json(&body)).await;
    let error = numbers(request(&state, &OFFSET)).await.expect_err("no list").to_string();
    assert!(error.contains("at /data: the items of the page are no list"), "{error}");

    let mut outgoing = request(&state, &OFFSET);
    outgoing.parameter(1, &Err::<String, _>("`tag` is missing".to_owned()));
    let error = numbers(outgoing).await.expect_err("not sent").to_string();
    assert_eq!(error, "the request was not sent: `tag` is missing");
}
