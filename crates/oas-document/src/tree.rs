//! The document as a tree of JSON values, each with its place.

use indexmap::IndexMap;
use serde_json::Number;

use crate::{Pointer, Span};

/// A JSON value and where it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// The value.
    pub value: Value,
    /// Where it stands: in the document, a file it refers to, or the overlay that put it here.
    pub span: Span,
}

/// A JSON value whose parts know their places.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number.
    Number(Number),
    /// A string.
    String(String),
    /// An array.
    Array(Vec<Node>),
    /// An object, in the order of the text; boxed, because most values are scalars and should stay small.
    Object(Box<Object>),
}

/// The members of an object, in the order of the text.
pub type Object = IndexMap<String, Member>;

/// A member of an object.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// Where its name stands.
    pub key: Span,
    /// Its value.
    pub node: Node,
}

impl Node {
    /// The member `name`, when this is an object that has it.
    pub fn get(&self, name: &str) -> Option<&Node> {
        self.as_object()?.get(name).map(|member| &member.node)
    }

    /// The members, when this is an object.
    pub fn as_object(&self) -> Option<&Object> {
        if let Value::Object(object) = &self.value { Some(object) } else { None }
    }

    /// The items, when this is an array.
    pub fn as_array(&self) -> Option<&[Node]> {
        if let Value::Array(items) = &self.value { Some(items) } else { None }
    }

    /// The text, when this is a string.
    pub fn as_str(&self) -> Option<&str> {
        if let Value::String(text) = &self.value { Some(text) } else { None }
    }

    /// The truth value, when this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Value::Bool(truth) = self.value { Some(truth) } else { None }
    }

    /// The number, when this is one.
    pub fn as_number(&self) -> Option<&Number> {
        if let Value::Number(number) = &self.value { Some(number) } else { None }
    }

    /// What JSON calls this value: `object`, `array`, `string`, `number`, `boolean`, `null`.
    pub fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Number(_) => "number",
            Value::String(_) => "string",
            Value::Array(_) => "array",
            Value::Object(_) => "object",
        }
    }

    /// The value that `pointer` names, counted from this one.
    pub fn at(&self, pointer: &Pointer) -> Option<&Node> {
        pointer.tokens().try_fold(self, |node, token| node.child(&token))
    }

    /// The member or item that one token of a pointer names.
    pub fn child(&self, token: &str) -> Option<&Node> {
        match &self.value {
            Value::Object(members) => members.get(token).map(|member| &member.node),
            Value::Array(items) => array_index(token).and_then(|index| items.get(index)),
            _ => None,
        }
    }

    /// The same as [`child`](Self::child), to change it.
    pub(crate) fn child_mut(&mut self, token: &str) -> Option<&mut Node> {
        match &mut self.value {
            Value::Object(members) => members.get_mut(token).map(|member| &mut member.node),
            Value::Array(items) => array_index(token).and_then(|index| items.get_mut(index)),
            _ => None,
        }
    }

    /// The same value without places.
    pub fn to_json(&self) -> serde_json::Value {
        match &self.value {
            Value::Null => serde_json::Value::Null,
            Value::Bool(truth) => serde_json::Value::Bool(*truth),
            Value::Number(number) => serde_json::Value::Number(number.clone()),
            Value::String(text) => serde_json::Value::String(text.clone()),
            Value::Array(items) => items.iter().map(Node::to_json).collect(),
            Value::Object(object) => {
                object.iter().map(|(name, member)| (name.clone(), member.node.to_json())).collect()
            }
        }
    }
}

/// An array index as RFC 6901, section 4 writes it: digits without a leading zero.
pub(crate) fn array_index(token: &str) -> Option<usize> {
    let canonical = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if canonical { token.parse().ok() } else { None }
}
