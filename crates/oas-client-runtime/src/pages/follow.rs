//! From a page to the request of the next one.

use bytes::Bytes;
use oas_wire::Tree;
use oas_wire::percent::{self, Escape};
use reqwest::Request;
use reqwest::header::CONTENT_LENGTH;
use serde_json::value::RawValue;

use super::{NextPage, Paging, Place, link, text};
use crate::{Misfit, RawAnswer};

/// The request of the page after `raw`, which answers `sent`; `None` when it is the last.
pub(super) fn next(
    paging: &Paging,
    mut sent: Request,
    raw: &RawAnswer,
    before: &Bytes,
) -> Result<Option<Request>, Misfit> {
    let body = text::body(raw)?;
    let items = text::list(body, paging.items)?;
    if let Some((pointer, value)) = paging.more
        && text::find(body, pointer).is_some_and(|more| more.get() != value.to_string().as_str())
    {
        return Ok(None);
    }
    match paging.next {
        NextPage::Offset { at, first } | NextPage::Number { at, first } => {
            if items.is_empty() {
                return Ok(None);
            }
            if raw.bytes == *before {
                return Err(again());
            }
            let step = match paging.next {
                NextPage::Offset { .. } => i64::try_from(items.len()).unwrap_or(i64::MAX),
                _ => 1,
            };
            let now = given(&sent, at).and_then(|text| text.parse().ok()).unwrap_or(first);
            put(&mut sent, at, &now.saturating_add(step).to_string(), true)?;
        }
        NextPage::Cursor { at, from } => match text::find(body, from).and_then(text::scalar) {
            Some(cursor) if is_url(&cursor) => go(&mut sent, &cursor)?,
            Some(cursor) => put_cursor(&mut sent, at, &cursor, text::find(body, from))?,
            None => return Ok(None),
        },
        NextPage::LastItem { at, from } => {
            let value = items.last().and_then(|item| text::find(item, from));
            match value.and_then(text::scalar) {
                Some(cursor) => put_cursor(&mut sent, at, &cursor, value)?,
                None => return Ok(None),
            }
        }
        NextPage::Link { from } => match text::find(body, from).and_then(text::scalar) {
            Some(link) => go(&mut sent, &link)?,
            None => return Ok(None),
        },
        NextPage::LinkHeader => match link::next(&raw.headers) {
            Some(link) => go(&mut sent, &link)?,
            None => return Ok(None),
        },
    }
    Ok(Some(sent))
}

/// What to say when a server would be asked for ever.
fn again() -> Misfit {
    Misfit::new("the API answers the request for the next page with the same page again")
}

fn is_url(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// Turns a request to where a link leads.
fn go(request: &mut Request, link: &str) -> Result<(), Misfit> {
    let target = link::resolve(request.url(), link).map_err(Misfit::new)?;
    if target == *request.url() {
        return Err(again());
    }
    *request.url_mut() = target;
    Ok(())
}

/// Puts a cursor into a request that has another one.
fn put_cursor(request: &mut Request, at: Place, cursor: &str, raw: Option<&RawValue>) -> Result<(), Misfit> {
    if given(request, at).as_deref() == Some(cursor) {
        return Err(again());
    }
    put(request, at, cursor, raw.is_some_and(|raw| !raw.get().starts_with('"')))
}

/// What a request says at a place.
fn given(request: &Request, at: Place) -> Option<String> {
    match at {
        Place::Query(name) => {
            let query = percent::pairs(request.url().query()?);
            percent::decode_form(query.iter().find(|pair| pair.name == name)?.value)
        }
        Place::Body(name) => {
            let body: &RawValue = serde_json::from_slice(request.body()?.as_bytes()?).ok()?;
            text::find(body, &format!("/{}", name.replace('~', "~0").replace('/', "~1"))).and_then(text::scalar)
        }
    }
}

/// Says something else at a place of a request.
fn put(request: &mut Request, at: Place, value: &str, is_number: bool) -> Result<(), Misfit> {
    match at {
        Place::Query(name) => {
            let query = request.url().query().unwrap_or_default();
            let is_other = |pair: &&str| percent::pairs(pair).iter().any(|one| one.name != name);
            let kept = query.split('&').filter(is_other).map(str::to_owned);
            let added = format!("{}={}", Escape::All.apply(name), Escape::All.apply(value));
            let query: Vec<String> = kept.chain([added]).collect();
            request.url_mut().set_query(Some(&query.join("&")));
            Ok(())
        }
        Place::Body(name) => {
            let body = request.body().and_then(reqwest::Body::as_bytes).unwrap_or(b"{}");
            let tree = std::str::from_utf8(body).ok().and_then(|text| Tree::parse(text).ok());
            let Some(Tree::Members(mut members)) = tree else {
                return Err(Misfit::new("the next page cannot be asked for: the body of the request is no object"));
            };
            members.retain(|(other, _)| other != name);
            let value = if is_number { Tree::Number(value.to_owned()) } else { Tree::Text(value.to_owned()) };
            members.push((name.to_owned(), value));
            request.headers_mut().remove(CONTENT_LENGTH);
            *request.body_mut() = Some(Tree::Members(members).json().into());
            Ok(())
        }
    }
}
