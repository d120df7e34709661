//! Pages as `codegen.toml` declares them.

use oas_model::{Api, ParameterLocation};

use super::answer;
use super::{NextPage, PagesItem, RequestPlace};
use crate::plan::{OperationItem, Plan};

/// How pages follow each other, as a person says it.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case", default)]
pub struct DeclaredPages {
    /// Where the items are in the body of an answer, a JSON Pointer; empty when the body is the list.
    pub items: String,
    /// The parameter that says how many items are passed over.
    pub offset: Option<String>,
    /// The parameter that says which page is wanted.
    pub page: Option<String>,
    /// What offset or page are without that parameter.
    pub first: Option<i64>,
    /// The parameter that takes the cursor; with a slash in front, a member of the JSON body.
    pub cursor: Option<String>,
    /// Where an answer has the cursor of the next page, a JSON Pointer.
    pub next: Option<String>,
    /// Where the last item of a page has the cursor of the next one, a JSON Pointer.
    pub last_item: Option<String>,
    /// Where an answer has the URL of the next page, a JSON Pointer.
    pub next_link: Option<String>,
    /// Whether the header `Link` has the URL of the next page.
    pub link_header: bool,
    /// Where an answer says whether there are more pages, a JSON Pointer.
    pub more: Option<String>,
    /// Where an answer says whether this was the last page, a JSON Pointer.
    pub done: Option<String>,
}

/// What is declared, or why it does not fit the operation.
pub(crate) fn declared(
    api: &Api,
    plan: &Plan,
    item: &OperationItem,
    said: &DeclaredPages,
) -> Result<PagesItem, String> {
    let body = answer::body(item).ok_or("it does not answer with JSON alone")?;
    let DeclaredPages { items, offset, page, first, cursor, next, last_item, next_link, link_header, more, done } =
        said;
    let item_type = answer::items_at(plan, body, items)
        .ok_or_else(|| format!("the document describes no list at `{items}` of the answer (`items`)"))?;
    let at = |name: &str| place(api, plan, item, name);
    let next = match (offset, page, cursor, next, last_item, next_link, *link_header) {
        (Some(name), None, None, None, None, None, false) => NextPage::Offset(at(name)?, first.unwrap_or(0)),
        (None, Some(name), None, None, None, None, false) => NextPage::Number(at(name)?, first.unwrap_or(1)),
        (None, None, Some(name), Some(from), None, None, false) => NextPage::Cursor(at(name)?, pointer(from)?),
        (None, None, Some(name), None, Some(from), None, false) => NextPage::LastItem(at(name)?, pointer(from)?),
        (None, None, None, None, None, Some(from), false) => NextPage::Link(pointer(from)?),
        (None, None, None, None, None, None, true) => NextPage::LinkHeader,
        _ => {
            let ways = "`offset`, `page`, `cursor` with `next` or `last-item`, `next-link` or `link-header = true`";
            return Err(format!("beside `items` it takes one of {ways}"));
        }
    };
    let more = match (more, done) {
        (Some(more), None) => Some((pointer(more)?, true)),
        (None, Some(done)) => Some((pointer(done)?, false)),
        (None, None) => None,
        (Some(_), Some(_)) => return Err("`more` and `done` say the same; one is enough".to_owned()),
    };
    Ok(PagesItem { items: items.clone(), item: item_type.clone(), next, more })
}

/// A JSON Pointer to something.
fn pointer(text: &str) -> Result<String, String> {
    if text.starts_with('/') {
        Ok(text.to_owned())
    } else {
        Err(format!("`{text}` is no JSON Pointer; write `/{text}`"))
    }
}

/// What of a request has this name.
fn place(api: &Api, plan: &Plan, item: &OperationItem, name: &str) -> Result<RequestPlace, String> {
    if let Some(member) = name.strip_prefix('/') {
        let body = answer::request_body(plan, item);
        let is_there = body.is_some_and(|body| body.fields.iter().any(|field| field.wire == member));
        return if is_there {
            Ok(RequestPlace::Body(member.to_owned()))
        } else {
            Err(format!("the JSON body of the request has no member `{member}`"))
        };
    }
    let mut parameters = api[item.operation].parameters.iter();
    if parameters.any(|one| one.name == name && one.location == ParameterLocation::Query) {
        Ok(RequestPlace::Query(name.to_owned()))
    } else {
        Err(format!("there is no parameter `{name}` in the query"))
    }
}
