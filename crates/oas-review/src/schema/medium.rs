//! How values are written.

/// What a message writes its values in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Medium {
    /// JSON, or something that tells types apart as JSON does.
    Json,
    /// Text: parameters, headers and texts. What looks the same is the same.
    Text,
    /// Text in a path, which is never empty: without it, the path would be another one.
    Path,
    /// A form of names and texts.
    Fields,
    /// A text of such a form; a list is a text for each item.
    Field,
    /// A form of several parts.
    Form,
    /// A part of such a form: a value without parts is text, an object is JSON, a list is a part for each item.
    Part,
}

impl Medium {
    /// The medium of the members of an object.
    pub(crate) const fn of_member(self) -> Self {
        match self {
            Self::Json | Self::Part => Self::Json,
            Self::Text | Self::Path | Self::Field => Self::Text,
            Self::Fields => Self::Field,
            Self::Form => Self::Part,
        }
    }

    /// The medium of the items of a list.
    pub(crate) const fn of_item(self) -> Self {
        match self {
            Self::Json => Self::Json,
            Self::Text | Self::Path | Self::Fields | Self::Field => Self::Text,
            Self::Form | Self::Part => Self::Part,
        }
    }

    /// Whether a value without parts is its text.
    pub(crate) const fn is_text(self) -> bool {
        matches!(self, Self::Text | Self::Path | Self::Fields | Self::Field | Self::Part)
    }

    /// Whether each item of a list is written like a value that is alone.
    pub(crate) const fn repeats(self) -> bool {
        matches!(self, Self::Field | Self::Part)
    }
}
