//! A fake API, by operation ids.

use std::time::Duration;

use oas_client_runtime::{
    Error, Fake, FakeAnswer, Operation, Options, Outgoing, Parameter, Piece, Retries, Settings, State,
};
use serde_json::{Value, json};

static GET: Operation = Operation {
    id: "getPet",
    method: "GET",
    path: "/pets/{id}",
    route: &[Piece::Text("/pets/"), Piece::Value(0)],
    parameters: &[Parameter::path("id")],
    success: &[200..=200],
    ..Operation::NONE
};
static CREATE: Operation = Operation {
    id: "createPet",
    method: "POST",
    path: "/pets",
    route: &[Piece::Text("/pets")],
    success: &[204..=204],
    ..Operation::NONE
};

static ALL: &[&Operation] = &[&GET, &CREATE];

fn state(fake: &Fake) -> State {
    let mut settings = Settings::new("/v1", "test", ALL);
    settings.transport(fake.transport());
    settings.retries(Retries::up_to(1).first_delay(Duration::from_millis(1)));
    settings.build().expect("valid settings")
}

fn get(state: &State) -> Outgoing {
    let mut request = Outgoing::new(state, &GET, Options::default());
    request.parameter(0, &Ok::<_, String>("a b"));
    request
}

#[tokio::test]
async fn answers_come_by_operation_and_requests_are_kept() {
    let fake = Fake::new()
        .on("getPet", FakeAnswer::empty(503))
        .on("getPet", FakeAnswer::json(200, &json!({"name": "Rex"})).header("x-left", "7"))
        .on_request("createPet", |request| {
            let named = request.json::<Value>().is_some_and(|body| body["name"].is_string());
            FakeAnswer::empty(if named { 204 } else { 400 })
        });
    let state = state(&fake);
    let pet = get(&state).read_json::<Value, Value>().await.expect("after a repetition");
    assert_eq!((pet["name"].as_str(), pet.header::<u8>("x-left")), (Some("Rex"), Ok(Some(7))));
    let mut create = Outgoing::new(&state, &CREATE, Options::default());
    create.json("application/json", &json!({"name": "Ada"}));
    create.read_nothing::<Value>().await.expect("made");
    assert_eq!(fake.called(), ["getPet", "getPet", "createPet"]);
    let sent = fake.requests("createPet").remove(0);
    assert_eq!(
        (sent.method.as_str(), sent.path.as_str(), sent.json()),
        ("POST", "/pets", Some(json!({"name": "Ada"})))
    );
    assert_eq!(fake.requests("getPet")[1].path, "/pets/a%20b");
}

#[tokio::test]
async fn what_is_not_expected_says_so() {
    let fake = Fake::new().on("createPet", FakeAnswer::empty(204));
    let error = get(&state(&fake)).read_json::<Value, Value>().await.expect_err("no answer");
    let Error::CommunicationError(error) = &error else { panic!("{error:?}") };
    assert_eq!(error.to_string(), "the fake has no answer of `getPet`; add `.on(\"getPet\", ..)`");

    let mut settings = Settings::new("/v1", "test", ALL);
    settings.transport(Fake::new().on("get_pet", FakeAnswer::empty(204)).transport());
    let error = settings.build().expect_err("unknown").to_string();
    assert_eq!(error, "there is no operation `get_pet`; is it `getPet`?");
}
