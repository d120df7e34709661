//! The table that a generated command line consists of.

use crate::output::Format;

/// A whole command line.
#[derive(Debug, Clone, Copy)]
pub struct Program {
    /// `autoposting`: the command, and the folder of its configuration.
    pub name: &'static str,
    /// One line about the API.
    pub about: &'static str,
    /// `AUTOPOSTING`: what the names of environment variables start with.
    pub env_prefix: &'static str,
    /// The server that the document names, when it is an absolute URL.
    pub base_url: Option<&'static str>,
    /// Where answers have what they are about, a JSON Pointer: what tables show. All of it without.
    pub envelope: Option<&'static str>,
    /// The security schemes that operations use.
    pub schemes: &'static [Scheme],
    /// The operations, by tag.
    pub groups: &'static [Group],
}

impl Program {
    /// What is printed of an answer: in a table what is in its envelope, otherwise all.
    pub fn shown<'a>(&self, value: &'a serde_json::Value, format: Format) -> &'a serde_json::Value {
        let inside = self.envelope.filter(|_| format == Format::Table).and_then(|pointer| value.pointer(pointer));
        inside.filter(|inside| !inside.is_null()).unwrap_or(value)
    }

    /// The operation `name` of the group `group`.
    pub fn operation(&self, group: &str, name: &str) -> Option<&'static Operation> {
        let group = self.groups.iter().find(|one| one.name == group)?;
        group.operations.iter().find(|one| one.name == name)
    }
}

/// A security scheme.
#[derive(Debug, Clone, Copy)]
pub struct Scheme {
    /// `bearer-auth`: its name in the configuration, and in kebab case.
    pub name: &'static str,
    /// `AUTOPOSTING_BEARER_AUTH`: the environment variable that holds its secret.
    pub env: &'static str,
    /// One line about it.
    pub about: &'static str,
}

/// A tag and its operations.
#[derive(Debug, Clone, Copy)]
pub struct Group {
    /// `clips`
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Its operations, in the order of the document.
    pub operations: &'static [Operation],
}

/// An operation.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// The operation's id in the document.
    pub id: &'static str,
    /// `complete-clip-upload`
    pub name: &'static str,
    /// One line about it.
    pub about: &'static str,
    /// Everything the document says about it.
    pub details: &'static str,
    /// Whether the document calls it deprecated.
    pub deprecated: bool,
    /// Its arguments: parameters, then members of the body.
    pub arguments: &'static [Argument],
    /// What its body is.
    pub body: Body,
    /// Whether its answer is a list that comes in pages.
    pub has_pages: bool,
}

/// What the body of an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Body {
    /// There is none.
    None,
    /// JSON: members as flags, or the whole as `--json`.
    Json {
        /// Whether it must be there.
        required: bool,
    },
    /// Text or bytes, as `--data`.
    Raw {
        /// Whether it must be there.
        required: bool,
    },
    /// Parts, each as a flag.
    Parts,
}

/// An argument of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Argument {
    /// `clip-id`; unique in its operation and free of the names that every operation has.
    pub flag: &'static str,
    /// Where its value goes.
    pub target: Target,
    /// What its value is.
    pub value: ValueKind,
    /// Whether it must be there.
    pub required: bool,
    /// What the document says about it.
    pub help: &'static str,
}

/// Where the value of an argument goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Into the parameter of this ident.
    Parameter(&'static str),
    /// Into the member of this name of the body.
    Member(&'static str),
}

/// What the value of an argument is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueKind {
    /// A string.
    Text,
    /// A string, or JSON text of a list, an object or a string.
    TextOrJson,
    /// A string, usually one of these.
    Choice(&'static [&'static str]),
    /// An integer.
    Integer,
    /// A number.
    Number,
    /// `true` or `false`; the bare flag stands for `true`.
    Boolean,
    /// Strings: the flag may be repeated.
    TextList,
    /// Integers: the flag may be repeated.
    IntegerList,
    /// Any JSON value, as JSON text.
    Json,
    /// The bytes of a file.
    File,
    /// The bytes of files: the flag may be repeated.
    FileList,
}
