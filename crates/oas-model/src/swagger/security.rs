//! Security schemes.

use oas_document::Node;

use super::members;
use super::tree::{Draft, text};

/// A security scheme.
pub(super) fn scheme(scheme: &Node) -> Node {
    let kind = scheme.get("type").and_then(Node::as_str);
    match kind {
        Some("basic") => basic(scheme),
        Some("oauth2") => oauth(scheme),
        _ => scheme.clone(),
    }
}

fn basic(scheme: &Node) -> Node {
    let mut draft = Draft::default();
    for (name, member) in members(scheme) {
        if name == "type" {
            draft.keep(name, member, text("http", member.node.span));
            draft.put("scheme", text("basic", member.node.span));
        } else {
            draft.keep(name, member, member.node.clone());
        }
    }
    draft.into_node(scheme.span)
}

/// OAuth has one flow, which is a member of its own now.
fn oauth(scheme: &Node) -> Node {
    let flow = match scheme.get("flow").and_then(Node::as_str) {
        Some("application") => "clientCredentials",
        Some("accessCode") => "authorizationCode",
        Some("password") => "password",
        _ => "implicit",
    };
    let (mut draft, mut inside) = (Draft::default(), Draft::default());
    for (name, member) in members(scheme) {
        match name.as_str() {
            "flow" => {}
            "authorizationUrl" | "tokenUrl" | "scopes" => inside.keep(name, member, member.node.clone()),
            _ => draft.keep(name, member, member.node.clone()),
        }
    }
    let mut flows = Draft::default();
    flows.put(flow, inside.into_node(scheme.span));
    draft.put("flows", flows.into_node(scheme.span));
    draft.into_node(scheme.span)
}
