//! Laws about everything above schemas, with operations of all kinds; the judges are the readers of messages.

use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::holds;
use crate::change::{Change, Evidence, Witness, WitnessKind};
use crate::judge::broken;
use crate::rule::{Rule, Scope, is};
use crate::trial::{changes, read};
use crate::witness::{OTHER_STATUS, UNUSED, lost_requests};

/// Rules whose changes may break somebody and have no witness: what they are about stands outside of messages, or both
/// sides take the same message for something else.
const WITHOUT: [Rule; 19] = [
    is::PARAMETER_RESERVED_ALLOWED,
    is::PARAMETER_RESERVED_FORBIDDEN,
    is::PARAMETER_STYLE_CHANGED,
    is::PARAMETER_EXPLODE_CHANGED,
    is::PARAMETER_SERIALIZATION_CHANGED,
    is::PARAMETER_EMPTY_ALLOWED,
    is::PARAMETER_EMPTY_FORBIDDEN,
    is::ENCODING_CHANGED,
    is::PART_HEADER_ADDED,
    is::REQUIRED_PART_HEADER_ADDED,
    is::PART_HEADER_REMOVED,
    is::RESPONSE_HEADER_SERIALIZATION_CHANGED,
    is::SCHEME_FLOW_ADDED,
    is::SCHEME_FLOW_REMOVED,
    is::SCHEME_URL_CHANGED,
    is::SCHEME_SCOPE_ADDED,
    is::SCHEME_SCOPE_REMOVED,
    is::SERVER_VARIABLE_CHANGED,
    is::CALLBACK_MOVED,
];

fn parameters() -> impl Strategy<Value = Vec<Value>> {
    let schema = prop_oneof![
        Just(json!({ "type": "string" })),
        Just(json!({ "type": "integer", "maximum": 5 })),
        Just(json!({ "type": "array", "items": { "type": "integer" } })),
        Just(json!({ "type": "object", "properties": { "x": { "type": "integer" } } })),
    ];
    let one = (schema, any::<bool>(), any::<bool>(), proptest::sample::select(vec!["query", "header", "cookie"]));
    let all = [one.clone(), one.clone(), one].map(proptest::option::of);
    all.prop_map(|all| {
        let named = all.into_iter().zip(["first", "second", "third"]);
        let parameter = |(one, name): (Option<(Value, bool, bool, &str)>, &str)| {
            let (schema, required, explode, place) = one?;
            // An object whose members are parameters of their own takes whatever it meets.
            let explode = explode && schema["type"] != "object";
            Some(json!({ "name": name, "in": place, "required": required, "explode": explode, "schema": schema }))
        };
        named.filter_map(parameter).collect()
    })
}

fn content() -> impl Strategy<Value = Value> {
    let schema = prop_oneof![Just(json!({ "type": "string" })), Just(json!({ "type": "integer" }))];
    let names = proptest::sample::subsequence(vec!["application/json", "text/plain", "image/*"], 1..3);
    (names, schema).prop_map(|(names, schema)| {
        names.into_iter().map(|name| (name.to_owned(), json!({ "schema": schema }))).collect::<Map<_, _>>().into()
    })
}

fn responses() -> impl Strategy<Value = Value> {
    let headers = proptest::option::of(any::<bool>());
    let one = (proptest::option::of(content()), headers);
    proptest::collection::btree_map(proptest::sample::select(vec!["200", "201", "2XX", "404", "default"]), one, 1..4)
        .prop_map(|all| {
            let response = |(status, (content, header)): (&str, (Option<Value>, Option<bool>))| {
                let mut response = json!({ "description": "Done." });
                if let Some(content) = content {
                    response["content"] = content;
                }
                if let Some(required) = header {
                    response["headers"] =
                        json!({ "X-Total": { "required": required, "schema": { "type": "integer" } } });
                }
                (status.to_owned(), response)
            };
            all.into_iter().map(response).collect::<Map<_, _>>().into()
        })
}

fn operation() -> impl Strategy<Value = Value> {
    let security = proptest::option::of(proptest::sample::select(vec![
        json!([]),
        json!([{}]),
        json!([{ "key": [] }]),
        json!([{ "key": [] }, { "token": [] }]),
        json!([{ "key": [], "token": [] }]),
        json!([{ "oauth": ["read"] }]),
        json!([{ "oauth": ["read", "write"] }]),
    ]));
    let body = proptest::option::of((content(), any::<bool>()));
    (parameters(), body, responses(), security).prop_map(|(parameters, body, responses, security)| {
        let mut operation = json!({ "parameters": parameters, "responses": responses });
        if let Some((content, required)) = body {
            operation["requestBody"] = json!({ "required": required, "content": content });
        }
        if let Some(security) = security {
            operation["security"] = security;
        }
        operation
    })
}

fn documents() -> impl Strategy<Value = Value> {
    let methods = || proptest::collection::btree_map(proptest::sample::select(vec!["get", "post"]), operation(), 0..2);
    let servers = proptest::sample::subsequence(vec!["https://one.example.com", "https://two.example.com/v2"], 1..=2);
    (methods(), methods(), servers).prop_map(|(things, thing, servers)| {
        let servers: Vec<Value> = servers.into_iter().map(|url| json!({ "url": url })).collect();
        let mut one = json!(thing);
        one["parameters"] = json!([{ "name": "id", "in": "path", "required": true, "schema": { "type": "string" } }]);
        json!({
            "openapi": "3.1.0",
            "info": { "title": "Laws", "version": "1" },
            "servers": servers,
            "paths": { "/things": things, "/things/{id}": one },
            "components": { "securitySchemes": {
                "key": { "type": "apiKey", "in": "header", "name": "X-Key" },
                "token": { "type": "http", "scheme": "bearer" },
                "oauth": { "type": "oauth2", "flows": { "clientCredentials": {
                    "tokenUrl": "https://example.com/token", "scopes": { "read": "", "write": "" },
                } } },
            } },
        })
    })
}

/// Whether the change is above schemas, and breaks somebody.
fn is_asked(change: &Change) -> bool {
    let broken = broken(change);
    change.rule.entry().scope == Scope::Api && (broken.old_client || broken.new_client)
}

#[test]
fn verdicts_above_schemas_have_a_message_or_a_reason() {
    let witnesses = std::cell::Cell::new(0_usize);
    holds((documents(), documents()), |(old, new)| {
        for change in changes(&old, &new).iter().filter(|change| is_asked(change)) {
            match &change.evidence {
                Evidence::Witness(Witness { kind, valid_in_base, valid_in_revision, .. }) => {
                    witnesses.set(witnesses.get() + 1);
                    prop_assert_ne!(*kind, WitnessKind::Value);
                    prop_assert_ne!(valid_in_base, valid_in_revision);
                    let fits = if *valid_in_base { change.effect.narrows() } else { change.effect.widens() };
                    prop_assert!(fits, "{}", change.message());
                }
                Evidence::None(reason) => {
                    let is_unused = *reason == UNUSED && change.rule.entry().name.starts_with("server-");
                    let is_known = is_unused || *reason == OTHER_STATUS || WITHOUT.contains(&change.rule);
                    prop_assert!(is_known, "{}: {}\n{}\n{}", change.message(), reason, old, new);
                }
            }
        }
        Ok(())
    });
    assert!(witnesses.get() > 500, "{} witnesses are few", witnesses.get());
}

/// No request that the base takes and the revision refuses goes without a word.
#[test]
fn no_request_is_refused_where_nothing_breaks() {
    let refused = std::cell::Cell::new(0_usize);
    holds((documents(), documents()), |(old, new)| {
        let all = changes(&old, &new);
        let (base, revision) = (read(&old), read(&new));
        let lost = lost_requests(base.side(), revision.side());
        refused.set(refused.get() + lost.len());
        if let Some(request) = lost.first() {
            let is_told = all.iter().any(|change| broken(change).old_client);
            prop_assert!(is_told, "{} is refused, and nothing is constraint:\n{}\n{}", request, old, new);
        }
        Ok(())
    });
    assert!(refused.get() > 500, "{} requests are few", refused.get());
}
