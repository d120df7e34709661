//! `deepObject`: `name[member]=value`, and deeper by more brackets, which is not in the specification but in use.
//!
//! Items of a list of scalars share a name (`[list]=1`); of any other list each has its number (`[list][0][member]=1`).
//! Both are read, and so is `[list][]=1`.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::error::{Unreadable, Unwritable};
use crate::percent::{Escape, Pair, decode_form};
use crate::single::name_escape;
use crate::{Shape, Spelling, Tree};

/// How deep the brackets nest.
const BRACKETS: usize = 16;

/// The pairs of a value.
pub(crate) fn write(
    spelling: &Spelling<'_>,
    value: &Tree,
    escape: Escape,
) -> Result<Vec<(String, String)>, Unwritable> {
    let mut pairs = Vec::new();
    add(spelling, spelling.name, value, escape, BRACKETS, &mut pairs)?;
    Ok(pairs)
}

fn add(
    spelling: &Spelling<'_>,
    name: &str,
    value: &Tree,
    escape: Escape,
    depth: usize,
    pairs: &mut Vec<(String, String)>,
) -> Result<(), Unwritable> {
    let deeper = || depth.checked_sub(1).ok_or_else(|| spelling.unwritable("nests too deep"));
    match value {
        Tree::Null => {}
        Tree::Members(members) => {
            for (member, value) in members {
                if member.contains(['[', ']']) {
                    let reason =
                        format!("has a member `{member}`, whose brackets cannot be told from those of the style");
                    return Err(spelling.unwritable(reason));
                }
                add(spelling, &format!("{name}[{member}]"), value, escape, deeper()?, pairs)?;
            }
        }
        Tree::List(items) if items.iter().any(Tree::is_nested) => {
            for (index, item) in items.iter().enumerate() {
                let before = pairs.len();
                add(spelling, &format!("{name}[{index}]"), item, escape, deeper()?, pairs)?;
                if pairs.len() == before {
                    return Err(spelling.unwritable("has an item without content, which no text stands for"));
                }
            }
        }
        Tree::List(items) => {
            for item in items {
                pairs.push((name_escape(escape).apply(name).into_owned(), spelling.item(item, escape)?));
            }
        }
        scalar => pairs.push((name_escape(escape).apply(name).into_owned(), spelling.item(scalar, escape)?)),
    }
    Ok(())
}

/// What stands below a name, in the order of the text.
#[derive(Default)]
struct Node<'a> {
    entries: Vec<Entry<'a>>,
    /// Where each child stands: callers may send very many.
    children: BTreeMap<&'a str, usize>,
}

enum Entry<'a> {
    Text(&'a str),
    Child(&'a str, Node<'a>),
}

/// Reads the value of `name`; `None` when it is absent.
pub(crate) fn read(pairs: &[Pair<'_>], name: &str, shape: &Shape) -> Result<Option<Value>, Unreadable> {
    let mut root = Node::default();
    for pair in pairs {
        let Some(brackets) = pair.name.strip_prefix(name).filter(|rest| rest.starts_with('[')) else { continue };
        root.put(&keys(brackets).ok_or(Unreadable::Syntax)?, pair.value);
    }
    if root.entries.is_empty() { Ok(None) } else { root.value(shape).map(Some) }
}

/// `[a][b]` -> `a`, `b`.
fn keys(brackets: &str) -> Option<Vec<&str>> {
    let keys: Vec<&str> = brackets.strip_prefix('[')?.strip_suffix(']')?.split("][").collect();
    (keys.len() <= BRACKETS).then_some(keys)
}

impl<'a> Node<'a> {
    fn put(&mut self, keys: &[&'a str], text: &'a str) {
        let Some((key, rest)) = keys.split_first() else {
            self.entries.push(Entry::Text(text));
            return;
        };
        let end = self.entries.len();
        let at = *self.children.entry(key).or_insert(end);
        if at == end {
            self.entries.push(Entry::Child(key, Self::default()));
        }
        if let Some(Entry::Child(_, node)) = self.entries.get_mut(at) {
            node.put(rest, text);
        }
    }

    fn value(self, shape: &Shape) -> Result<Value, Unreadable> {
        let is_list = match &shape.items {
            Some(_) => shape.members.is_none() || self.is_numbered(),
            None => shape.is_unknown() && (self.is_numbered() || self.entries.len() > 1 && self.is_text()),
        };
        if is_list {
            return self.list(&shape.items.as_deref().cloned().unwrap_or_default());
        }
        if self.is_text() {
            let mut texts = self.entries.into_iter();
            return match (texts.next(), texts.next()) {
                (Some(Entry::Text(text)), None) => Ok(shape.value(decode_form(text).ok_or(Unreadable::Encoding)?)),
                _ => Err(Unreadable::Repeated),
            };
        }
        let mut object = Map::new();
        for entry in self.entries {
            let Entry::Child(name, node) = entry else { return Err(Unreadable::Syntax) };
            let member = shape.members.as_ref().map(|members| members.shape(name)).unwrap_or_default();
            object.insert(name.to_owned(), node.value(&member)?);
        }
        Ok(Value::Object(object))
    }

    /// Items: by their numbers where all have one, otherwise in the order of the text.
    fn list(mut self, items: &Shape) -> Result<Value, Unreadable> {
        if self.is_numbered() {
            self.entries.sort_by_key(|entry| match entry {
                Entry::Child(number, _) => number.parse().unwrap_or(usize::MAX),
                Entry::Text(_) => usize::MAX,
            });
        }
        let mut list = Vec::new();
        for entry in self.entries {
            match entry {
                Entry::Text(text) => list.push(items.value(decode_form(text).ok_or(Unreadable::Encoding)?)),
                // Each text behind empty brackets is an item of its own.
                Entry::Child("", node) if node.is_text() => {
                    for text in node.entries {
                        list.push(Node { entries: vec![text], ..Node::default() }.value(items)?);
                    }
                }
                Entry::Child(number, node) if number.is_empty() || number.parse::<usize>().is_ok() => {
                    list.push(node.value(items)?);
                }
                Entry::Child(..) => return Err(Unreadable::Syntax),
            }
        }
        Ok(Value::Array(list))
    }

    fn is_text(&self) -> bool {
        self.entries.iter().all(|entry| matches!(entry, Entry::Text(_)))
    }

    fn is_numbered(&self) -> bool {
        let has_number = |entry: &Entry<'_>| matches!(entry, Entry::Child(key, _) if key.parse::<usize>().is_ok());
        self.entries.iter().all(has_number)
    }
}
