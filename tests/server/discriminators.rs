//! A discriminator says which schema a value is held against, on its way in and on its way out.

use axum::body::Body;
use axum::http::Request;
use case_service_server::{AnswerCheck, RouterOptions, router, router_with};
use tower::ServiceExt as _;

use crate::harness::{Running, serve};
use crate::service::{Keys, things};

/// Holds what comes of bodies: nothing, or these violations.
async fn hold(server: &Running, path: &str, bodies: &[(&str, &[&str])]) {
    for (body, expected) in bodies {
        let answer = server.send("POST", path, &[("content-type", "application/json")], (*body).to_owned()).await;
        if expected.is_empty() {
            assert_eq!(answer.status, 204, "{body}: {}", answer.text);
        } else {
            assert_eq!(answer.violations(), *expected, "{body}");
        }
    }
}

#[tokio::test]
async fn the_discriminator_says_what_a_value_is_held_against() {
    let server = serve(router(things(), Keys)).await;
    for (body, expected) in [
        (r#"{"kind":"cat","lives":9}"#, ""),
        (r#"{"kind":"Pet"}"#, ""),
        (r#"{"kind":"cat"}"#, "body /lives required"),
        (r#"{"kind":"cat","lives":9,"friend":{"kind":"dog"}}"#, "body /friend/bark required"),
        (r#"{"kind":"fish"}"#, "body /kind enum"),
        (r"{}", "body /kind required"),
    ] {
        for content_type in ["application/json", "application/vnd.pet+json"] {
            let answer = server.send("POST", "/pets", &[("content-type", content_type)], body).await;
            if expected.is_empty() {
                assert_eq!(answer.status, 204, "{body}: {}", answer.text);
            } else {
                assert_eq!(answer.violations(), [expected], "{body}");
            }
        }
    }
    assert_eq!(server.send("POST", "/pets", &[("content-type", "text/json")], "{}").await.status, 415);
}

#[tokio::test]
async fn children_of_children_are_held_against_their_own_schemas() {
    let server = serve(router(things(), Keys)).await;
    let animals: &[(&str, &[&str])] = &[
        (r#"[{"kind":"the cat","legs":4,"lives":9},{"kind":"Lizard","tail":1},{"kind":"Mammal","legs":2}]"#, &[]),
        // The parent is one of its own values.
        (r#"[{"kind":"animal"},{"kind":"Animal","animal":{"kind":"animal"}}]"#, &[]),
        (r#"[{"kind":"the cat","lives":9}]"#, &["body /0/legs required"]),
        (r#"[{"kind":"the cat","legs":4}]"#, &["body /0/lives required"]),
        (r#"[{"kind":"Mammal"}]"#, &["body /0/legs required"]),
        (r#"[{"kind":"Lizard"}]"#, &["body /0/tail required"]),
        (r#"[{"kind":"a cat"}]"#, &["body /0/kind enum"]),
        (r#"[{"kind":"animal","animal":{"kind":"Lizard"}}]"#, &["body /0/animal/tail required"]),
        // What only a child leads to has children, too.
        (r#"[{"kind":"the cat","legs":4,"lives":9,"toy":{"of":"Ball","size":1}}]"#, &[]),
        (r#"[{"kind":"the cat","legs":4,"lives":9,"toy":{"of":"Ball"}}]"#, &["body /0/toy/size required"]),
    ];
    hold(&server, "/animals", animals).await;
    let mammals: &[(&str, &[&str])] = &[
        (r#"{"kind":"Mammal","legs":2}"#, &[]),
        (r#"{"kind":"the cat","legs":4,"lives":9}"#, &[]),
        (r#"{"kind":"the cat","legs":4}"#, &["body /lives required"]),
        (r#"{"kind":"Lizard","legs":4,"tail":1}"#, &["body /kind enum"]),
    ];
    hold(&server, "/mammals", mammals).await;
}

#[tokio::test]
async fn a_union_without_a_name_asks_as_well() {
    let server = serve(router(things(), Keys)).await;
    let homes: &[(&str, &[&str])] = &[
        (r#"{"discriminator":"a","pet":{"does":"Walks","legs":4}}"#, &[]),
        (r#"{"pet":{"does":"Walks","fins":4}}"#, &["body /pet/legs required"]),
        (r#"{"pet":{"does":"Flies","legs":4}}"#, &["body /pet/does enum"]),
    ];
    hold(&server, "/homes", homes).await;
}

#[tokio::test]
async fn answers_are_held_against_what_they_say_they_are() {
    let checked = router_with(things(), Keys, RouterOptions::default().check_answers(AnswerCheck::Panic));
    let request = Request::get("/animals").body(Body::empty()).expect("a request");
    let panic = tokio::spawn(checked.oneshot(request)).await.expect_err("it panics").into_panic();
    let text = panic.downcast_ref::<String>().expect("a text");
    assert!(text.ends_with("body /legs: is required"), "{text}");
}
