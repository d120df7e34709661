//! Bodies of requests: presence, media types, how parts of forms are written.

use oas_model::{Encoding, MediaType, RequestBody};

use crate::effect::Exchange;
use crate::rule::is;
use crate::survey::{Note, Survey};

use super::call::Call;
use super::parameter::style_words;

impl<'a> Survey<'a> {
    pub(crate) fn compare_bodies(&mut self, call: Call<'a>) {
        let note = |rule, was: Option<&RequestBody>, is: Option<&RequestBody>| {
            Note::new(rule, call.subject())
                .at(was.map(|body| &body.at), is.map(|body| &body.at))
                .in_exchange(call.request())
                .of(call.number)
        };
        match (&call.old.request_body, &call.new.request_body) {
            (Some(was), Some(is)) => {
                if was.required != is.required {
                    let rule = if is.required { is::BODY_BECAME_REQUIRED } else { is::BODY_BECAME_OPTIONAL };
                    self.add(call.note(rule, &was.at.child("required"), &is.at.child("required")));
                }
                self.compare_request_content(call, was, is);
                self.compare_words_at(&format!("the body of {}", call.subject()), &was.at, &is.at);
            }
            (None, Some(is)) => {
                let rule = if is.required { is::REQUIRED_BODY_ADDED } else { is::BODY_ADDED };
                self.add(note(rule, None, Some(is)));
            }
            (Some(was), None) => {
                let rule = if was.required { is::REQUIRED_BODY_REMOVED } else { is::BODY_REMOVED };
                self.add(note(rule, Some(was), None));
            }
            (None, None) => {}
        }
    }

    fn compare_request_content(&mut self, call: Call<'a>, was: &'a RequestBody, is: &'a RequestBody) {
        let matched = match_content(&was.content, &is.content);
        for (old, new) in &matched.pairs {
            self.enter_content(call, call.request(), old, new);
            self.compare_encodings(call, call.request(), old, new);
            self.compare_words_at(&format!("`{}` of {}", new.name, call.subject()), &old.at, &new.at);
        }
        for old in matched.removed {
            let note = Note::new(is::REQUEST_MEDIA_TYPE_REMOVED, call.subject()).at(Some(&old.at), Some(&is.at));
            self.add(note.in_exchange(call.request()).of(call.number).name(format!("`{}`", old.name)));
        }
        for new in matched.added {
            let note = Note::new(is::REQUEST_MEDIA_TYPE_ADDED, call.subject()).at(Some(&was.at), Some(&new.at));
            self.add(note.in_exchange(call.request()).of(call.number).name(format!("`{}`", new.name)));
        }
    }

    /// Compares how the members of a form are written.
    pub(crate) fn compare_encodings(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        old: &'a MediaType,
        new: &'a MediaType,
    ) {
        let names = old.encoding.keys().chain(new.encoding.keys().filter(|name| !old.encoding.contains_key(*name)));
        for name in names {
            let (was, is) = (old.encoding.get(name), new.encoding.get(name));
            let place_there = was.map_or_else(|| old.at.clone(), |was| was.at.clone());
            let place_here = is.map_or_else(|| new.at.clone(), |is| is.at.clone());
            let (before, after) = (words(was), words(is));
            for ((keyword, was), (_, is)) in before.iter().zip(&after).filter(|(was, is)| was != is) {
                let subject = format!("the part `{name}` of {}", call.subject());
                let note = Note::new(is::ENCODING_CHANGED, subject)
                    .at(Some(&place_there.child(keyword)), Some(&place_here.child(keyword)))
                    .in_exchange(exchange)
                    .of(call.number);
                self.add(note.name(format!("`{keyword}`")).from(was.as_str()).to(is.as_str()));
            }
            self.compare_words_at(&format!("the part `{name}` of {}", call.subject()), &place_there, &place_here);
            let headers =
                |encoding: Option<&'a Encoding>| encoding.map(|one| one.headers.as_slice()).unwrap_or_default();
            self.compare_part_headers(call, exchange, name, (headers(was), &place_there), (headers(is), &place_here));
        }
    }
}

/// What an encoding says, stated or by default, keyword by keyword.
fn words(encoding: Option<&Encoding>) -> [(&'static str, String); 4] {
    let style = encoding.and_then(|one| one.style);
    let explode =
        encoding.and_then(|one| one.explode).unwrap_or(style.is_none_or(|style| style == oas_model::Style::Form));
    [
        ("contentType", encoding.and_then(|one| one.content_type.clone()).unwrap_or_else(|| "the default".to_owned())),
        ("style", style.map_or("form", style_words).to_owned()),
        ("explode", explode.to_string()),
        ("allowReserved", encoding.is_some_and(|one| one.allow_reserved).to_string()),
    ]
}

/// Media types that belong together, and those that stand alone.
pub(crate) struct MatchedContent<'a> {
    pub(crate) pairs: Vec<(&'a MediaType, &'a MediaType)>,
    pub(crate) removed: Vec<&'a MediaType>,
    pub(crate) added: Vec<&'a MediaType>,
}

/// Matches media types by name. One that is gone but falls under a range of the other side is compared with the range,
/// and is not gone; the range is still new.
pub(crate) fn match_content<'a>(old: &'a [MediaType], new: &'a [MediaType]) -> MatchedContent<'a> {
    let mut matched = MatchedContent { pairs: Vec::new(), removed: Vec::new(), added: new.iter().collect() };
    for was in old {
        match matched.added.iter().position(|is| essence(&is.name) == essence(&was.name)) {
            Some(index) => matched.pairs.push((was, matched.added.remove(index))),
            None => matched.removed.push(was),
        }
    }
    let MatchedContent { pairs, removed, added } = &mut matched;
    removed.retain(|was| match new.iter().find(|is| covers(&is.name, &was.name)) {
        Some(is) => {
            pairs.push((was, is));
            false
        }
        None => true,
    });
    added.retain(|is| match old.iter().find(|was| covers(&was.name, &is.name)) {
        Some(was) => {
            pairs.push((was, is));
            false
        }
        None => true,
    });
    matched
}

/// A media type without its parameters, in lower case. A charset is no part of what JSON is (RFC 8259, section 11).
fn essence(name: &str) -> String {
    name.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// Whether a media range stands for a media type, and is not the same.
fn covers(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    if range == name {
        return false;
    }
    range == "*/*" || range.strip_suffix("/*").is_some_and(|kind| name.split('/').next() == Some(kind))
}
