//! Styles: how a value is written into a string (OpenAPI 3.1.1, section 4.8.12.2.1).

/// How a value is written into a string.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Style {
    /// `matrix`: `;name=a,b`, in the path.
    Matrix,
    /// `label`: `.a,b`, in the path.
    Label,
    /// `simple`: `a,b`, in the path and in headers.
    Simple,
    /// `form`: `name=a&name=b`, in the query, in cookies and in forms.
    Form,
    /// `spaceDelimited`: `name=a%20b`
    SpaceDelimited,
    /// `pipeDelimited`: `name=a%7Cb`
    PipeDelimited,
    /// `deepObject`: `name[member]=value`
    DeepObject,
    /// `cookie`: as `form`, without escaping (OpenAPI 3.2).
    Cookie,
}

impl Style {
    /// The word for it in a document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Matrix => "matrix",
            Self::Label => "label",
            Self::Simple => "simple",
            Self::Form => "form",
            Self::SpaceDelimited => "spaceDelimited",
            Self::PipeDelimited => "pipeDelimited",
            Self::DeepObject => "deepObject",
            Self::Cookie => "cookie",
        }
    }

    /// Whether arrays and objects become several parameters unless the document says otherwise.
    pub const fn explodes(self) -> bool {
        matches!(self, Self::Form | Self::Cookie | Self::DeepObject)
    }
}

/// How the values of one parameter are spelled: written by a client, read by a server.
///
/// Inside of a style there is no style any more, so that what is nested needs an agreement. It is the same for all
/// places: in `deepObject` it goes into further brackets, `name[list][0][member]=value`; a list that is a member of an
/// exploded object is one pair per item; everything else that is nested is JSON text. `null` is absent, and so is a list
/// without items wherever no text can say otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spelling<'a> {
    /// The name on the wire.
    pub name: &'a str,
    /// The style.
    pub style: Style,
    /// Whether arrays and objects become several parameters.
    pub explode: bool,
    /// Whether reserved characters stay as they are in a query.
    pub allow_reserved: bool,
}

impl<'a> Spelling<'a> {
    /// A parameter in a style, with the style's default for `explode` and without `allowReserved`.
    pub const fn new(name: &'a str, style: Style) -> Self {
        Self { name, style, explode: style.explodes(), allow_reserved: false }
    }

    /// The same with or without `explode`.
    #[must_use]
    pub const fn explode(mut self, explode: bool) -> Self {
        self.explode = explode;
        self
    }

    /// The same with `allowReserved`.
    #[must_use]
    pub const fn allow_reserved(mut self) -> Self {
        self.allow_reserved = true;
        self
    }
}
