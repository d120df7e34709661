//! Keys: what a name is given to, said without positions, so that it stays the same when a document is put in another
//! order. Lock and pins speak of names by these keys.

use std::fmt;

/// What kind of name it is; the same place of a document may have several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyKind {
    /// A struct, enum or alias of the types package.
    Type,
    /// A place whose type is that of another place, which says the same.
    Alias,
    /// A field of a struct.
    Field,
    /// A variant of an enum.
    Variant,
    /// A parameter of an operation: a field, a setter and a flag.
    Parameter,
    /// An operation: the method, and what its types and its builder start with.
    Operation,
    /// A tag: module and feature.
    Tag,
    /// An operation with several tags: the one that it is grouped by.
    Group,
    /// A tag: the trait.
    Trait,
    /// A security scheme, or several that are needed together: method and setting.
    Scheme,
    /// A security scheme: the method that takes what fetches its tokens.
    Provider,
    /// An operation: its request builder.
    Builder,
    /// A part of a body: its setter.
    Part,
    /// An operation or a tag: the command.
    Command,
    /// A parameter, or a member of a body: the flag of the command.
    Flag,
    /// A webhook or callback: the method, and what it gets.
    Webhook,
    /// A server, or the values of a variable of its URL.
    Server,
}

impl KeyKind {
    /// The word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Type => "type",
            Self::Alias => "alias",
            Self::Field => "field",
            Self::Variant => "variant",
            Self::Parameter => "parameter",
            Self::Operation => "operation",
            Self::Tag => "tag",
            Self::Group => "group",
            Self::Trait => "trait",
            Self::Scheme => "scheme",
            Self::Provider => "provider",
            Self::Builder => "builder",
            Self::Part => "part",
            Self::Command => "command",
            Self::Flag => "flag",
            Self::Webhook => "webhook",
            Self::Server => "server",
        }
    }
}

/// What a name is given to: `field schemas/Pet/ownerId`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

impl Key {
    /// The key of the name of `kind` at a path.
    pub(super) fn new(kind: KeyKind, path: &KeyPath) -> Self {
        Self(format!("{} {}", kind.as_str(), path.0))
    }

    /// The key as lock and pins write it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of an alias that stands where this type would.
    pub(super) fn as_alias(&self) -> Option<Self> {
        let path = self.0.strip_prefix("type ")?;
        Some(Self(format!("{} {path}", KeyKind::Alias.as_str())))
    }

    /// The same key once more: of a document that lists something twice.
    pub(super) fn again(&self, times: usize) -> Self {
        Self(format!("{}~{times}", self.0))
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.0)
    }
}

/// A place of a document without positions: `schemas/Pet/properties/owner`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyPath(String);

impl KeyPath {
    /// The path of one of the document's own names in a section: `schemas`, `operations`.
    pub(super) fn root(section: &str, name: &str) -> Self {
        Self::section(section).child(name)
    }

    /// The path of a section, for what has several of its names.
    pub(super) fn section(section: &str) -> Self {
        Self(section.to_owned())
    }

    /// The path of something inside of this one.
    pub(super) fn child(&self, name: &str) -> Self {
        let mut path = String::with_capacity(self.0.len() + 1 + name.len());
        path.push_str(&self.0);
        path.push('/');
        for one in name.chars() {
            match one {
                '~' => path.push_str("~0"),
                '/' => path.push_str("~1"),
                // A line of the lock holds one key.
                one if one.is_control() || matches!(one, '\\' | '\u{2028}' | '\u{2029}') => {
                    path.extend(one.escape_default());
                }
                one => path.push(one),
            }
        }
        Self(path)
    }

    /// The path of something two steps inside.
    pub(super) fn inside(&self, section: &str, name: &str) -> Self {
        self.child(section).child(name)
    }

    /// The path as it stands in keys.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The key of the type that stands there.
    pub fn type_key(&self) -> Key {
        Key::new(KeyKind::Type, self)
    }

    /// The key of the field that holds the member `wire` of the type that stands there.
    pub fn field_key(&self, wire: &str) -> Key {
        Key::new(KeyKind::Field, &self.child(wire))
    }

    /// The key of the variant `value` of the type that stands there.
    pub fn variant_key(&self, value: &str) -> Key {
        Key::new(KeyKind::Variant, &self.child(value))
    }
}

impl fmt::Debug for KeyPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}`", self.0)
    }
}

/// A name as it stood in the document, of the last step of a path; a control character stays as it is written.
pub(super) fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// Six hexadecimal digits that stand for a text: FNV-1a, which is the same on every machine, folded to 24 bits.
pub(super) fn digest(text: &str) -> String {
    let hash = text
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3));
    format!("{:06x}", (hash ^ (hash >> 24) ^ (hash >> 48)) & 0x00ff_ffff)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_one_line_that_tells_every_name_apart() {
        let pet = KeyPath::root("schemas", "Pet");
        assert_eq!(pet.type_key().as_str(), "type schemas/Pet");
        assert_eq!(pet.field_key("a/b~c\nd\\").as_str(), "field schemas/Pet/a~1b~0c\\nd\\\\");
        assert_ne!(pet.child("a").child("b"), pet.child("a/b"));
        assert_eq!(digest("Pet").len(), 6);
        assert_ne!(digest("Pet"), digest("pet"));
    }
}
