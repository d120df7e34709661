//! Bodies of requests: presence, media types, how parts of forms are written.

use oas_model::{MediaType, RequestBody};
use oas_wire::essence;

use crate::rule::is;
use crate::survey::{Note, Survey};

use super::call::Call;

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
            self.enter_content(call, call.request(), (old, new), was.required && is.required);
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

/// Whether a media range stands for a media type, and is not the same.
pub(crate) fn covers(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    if range == name {
        return false;
    }
    range == "*/*" || range.strip_suffix("/*").is_some_and(|kind| name.split('/').next() == Some(kind))
}
