//! Lists that come in pages: what leads from one to the next, and where the items are.

mod answer;
mod declared;
mod recognised;
mod words;

use super::RustType;

pub use declared::DeclaredPages;
pub(super) use declared::declared;
pub(super) use recognised::recognised;

/// How the pages of a list follow each other, and where its items are.
#[derive(Debug, Clone, PartialEq)]
pub struct PagesItem {
    /// Where the items are in a body, a JSON Pointer; empty when the body is the list itself.
    pub items: String,
    /// The type of an item.
    pub item: RustType,
    /// What leads to the next page.
    pub next: NextPage,
    /// Where a body says whether more pages follow, a JSON Pointer, and the value that means that they do.
    pub more: Option<(String, bool)>,
}

/// What leads to the next page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NextPage {
    /// The number of items that are passed over; without it, the second value.
    Offset(RequestPlace, i64),
    /// The number of the page; without it, the second value.
    Number(RequestPlace, i64),
    /// A text that the body has at a JSON Pointer.
    Cursor(RequestPlace, String),
    /// A text that the last item of the page has at a JSON Pointer.
    LastItem(RequestPlace, String),
    /// A URL that the body has at a JSON Pointer.
    Link(String),
    /// The link `next` of the header `Link`.
    LinkHeader,
}

/// What of a request says which page is wanted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestPlace {
    /// A parameter of the query.
    Query(String),
    /// A member of the JSON body.
    Body(String),
}
