//! What people choose of a plan.

use std::collections::BTreeMap;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};

use super::lock::NamesLock;
use super::pages::DeclaredPages;
use super::reading::{Reading, UnknownMembers};

/// How a plan is settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// What the names of the packages start with: `autoposting`.
    pub name: String,
    /// Names chosen by hand, by key as the lock writes it (`type schemas/Pet`), or by JSON Pointer
    /// (`/components/schemas/Pet`). By a pointer, a name in upper camel case is that of the type that stands there, one
    /// in snake case that of the field or parameter.
    pub pins: BTreeMap<String, String>,
    /// The names that were given before.
    pub lock: NamesLock,
    /// Whether components that no operation, webhook or callback reaches are left out.
    pub prune: bool,
    /// How strictly a client reads answers.
    pub reading: Reading,
    /// What becomes of members that the document does not describe.
    pub unknown_members: UnknownMembers,
    /// What is said of single operations, by their ids.
    pub operations: BTreeMap<String, OperationSettings>,
    /// Where answers have what they are about, a JSON Pointer, when they are envelopes.
    pub envelope: Option<String>,
}

impl Settings {
    /// The settings of an API of this name that nobody has chosen anything for: no pins, no names from before, and only
    /// what operations reach.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            pins: BTreeMap::new(),
            operations: BTreeMap::new(),
            envelope: None,
            lock: NamesLock::default(),
            prune: true,
            reading: Reading::default(),
            unknown_members: UnknownMembers::default(),
        }
    }
}

/// What a person says of an operation, because the document does not say it: `[api.operations.ID]` of `codegen.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct OperationSettings {
    /// How its pages follow each other; `false` where it has none, whatever they look like.
    pub pages: Option<PagesSetting>,
    /// The header that makes a repeated request the same request.
    pub idempotency_key: Option<String>,
    /// The member of the JSON body that is set to `true` where a stream is wanted.
    pub stream_switch: Option<String>,
    /// How many bytes the body of a request may have, where a server takes another number than for all others.
    pub body_limit: Option<u32>,
}

/// What a person says of the pages of an operation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PagesSetting {
    /// There are none: what was recognised is wrong.
    None,
    /// They follow each other like this.
    Like(Box<DeclaredPages>),
}

impl<'de> Deserialize<'de> for PagesSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Either;

        impl<'de> Visitor<'de> for Either {
            type Value = PagesSetting;

            fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                formatter.write_str("`false`, or a table that says how pages follow each other")
            }

            fn visit_bool<E: serde::de::Error>(self, value: bool) -> Result<PagesSetting, E> {
                if value {
                    return Err(E::custom(
                        "`pages = true` says nothing; write how pages follow each other, or `false`",
                    ));
                }
                Ok(PagesSetting::None)
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<PagesSetting, A::Error> {
                DeclaredPages::deserialize(MapAccessDeserializer::new(map)).map(Box::new).map(PagesSetting::Like)
            }
        }

        deserializer.deserialize_any(Either)
    }
}
