//! Bodies of requests: presence, media types, how parts of forms are written.

use oas_model::{MediaType, RequestBody};
use oas_wire::{essence, split_quoted};

use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;

use super::call::Call;

impl<'a> Comparison<'a> {
    pub(crate) fn compare_bodies(&mut self, call: Call<'a>) {
        let change = |rule, was: Option<&RequestBody>, is: Option<&RequestBody>| {
            ChangeBuilder::new(rule, call.subject())
                .at(was.map(|body| &body.at), is.map(|body| &body.at))
                .in_exchange(call.request())
                .of(call.number)
        };
        match (&call.old.request_body, &call.new.request_body) {
            (Some(was), Some(is)) => {
                if was.required != is.required {
                    let rule = if is.required { is::BODY_BECAME_REQUIRED } else { is::BODY_BECAME_OPTIONAL };
                    self.add(call.change(rule, &was.at.child("required"), &is.at.child("required")));
                }
                self.compare_request_content(call, was, is);
                self.compare_words_at(&format!("the body of {}", call.subject()), &was.at, &is.at);
            }
            (None, Some(is)) => {
                let rule = if is.required { is::REQUIRED_BODY_ADDED } else { is::BODY_ADDED };
                self.add(change(rule, None, Some(is)));
            }
            (Some(was), None) => {
                let rule = if was.required { is::REQUIRED_BODY_REMOVED } else { is::BODY_REMOVED };
                self.add(change(rule, Some(was), None));
            }
            (None, None) => {}
        }
    }

    fn compare_request_content(&mut self, call: Call<'a>, was: &'a RequestBody, is: &'a RequestBody) {
        let matched = match_content(&was.content, &is.content);
        for (old, new) in &matched.pairs {
            self.enter_content(call, call.request(), (old, new), was.required && is.required);
            self.compare_media_type_parameters(call, call.request(), old, new);
            self.compare_encodings(call, call.request(), old, new);
            self.compare_words_at(&format!("`{}` of {}", new.name, call.subject()), &old.at, &new.at);
        }
        for (old, left) in matched.narrowed {
            let change =
                ChangeBuilder::new(is::REQUEST_MEDIA_TYPE_NARROWED, call.subject()).at(Some(&old.at), Some(&is.at));
            self.add(change.in_exchange(call.request()).of(call.number).from(names(&[old])).to(names(&left)));
        }
        for (new, before) in matched.widened {
            let change =
                ChangeBuilder::new(is::REQUEST_MEDIA_TYPE_WIDENED, call.subject()).at(Some(&was.at), Some(&new.at));
            self.add(change.in_exchange(call.request()).of(call.number).from(names(&before)).to(names(&[new])));
        }
        for old in matched.removed {
            let change =
                ChangeBuilder::new(is::REQUEST_MEDIA_TYPE_REMOVED, call.subject()).at(Some(&old.at), Some(&is.at));
            self.add(change.in_exchange(call.request()).of(call.number).name(format!("`{}`", old.name)));
        }
        for new in matched.added {
            let change =
                ChangeBuilder::new(is::REQUEST_MEDIA_TYPE_ADDED, call.subject()).at(Some(&was.at), Some(&new.at));
            self.add(change.in_exchange(call.request()).of(call.number).name(format!("`{}`", new.name)));
        }
    }

    /// Tells about parameters of a media type, which may tell versions of a format apart.
    pub(crate) fn compare_media_type_parameters(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        old: &MediaType,
        new: &MediaType,
    ) {
        if essence(&old.name) == essence(&new.name) && exact(&old.name) != exact(&new.name) {
            let change =
                ChangeBuilder::new(is::MEDIA_TYPE_PARAMETER_CHANGED, call.subject()).at(Some(&old.at), Some(&new.at));
            self.add(change.in_exchange(exchange).of(call.number).from(names(&[old])).to(names(&[new])));
        }
    }
}

/// Media types that belong together, and those that stand alone.
pub(crate) struct MatchedContent<'a> {
    pub(crate) pairs: Vec<(&'a MediaType, &'a MediaType)>,
    pub(crate) removed: Vec<&'a MediaType>,
    pub(crate) added: Vec<&'a MediaType>,
    /// Ranges that are gone, and what is left of each.
    pub(crate) narrowed: Vec<(&'a MediaType, Vec<&'a MediaType>)>,
    /// Ranges that are new, and what there was of each.
    pub(crate) widened: Vec<(&'a MediaType, Vec<&'a MediaType>)>,
}

/// Matches media types by name. One that is gone but falls under a range of the other side is compared with the range,
/// and is not gone; the range is still new.
pub(crate) fn match_content<'a>(old: &'a [MediaType], new: &'a [MediaType]) -> MatchedContent<'a> {
    let (mut pairs, mut removed, mut added) = (Vec::new(), Vec::new(), new.iter().collect::<Vec<_>>());
    // Parameters tell versions apart where several stand beside each other.
    let mut left: Vec<&MediaType> = old.iter().collect();
    for key in [exact, essence] {
        for was in std::mem::take(&mut left) {
            match added.iter().position(|is| key(&is.name) == key(&was.name)) {
                Some(index) => pairs.push((was, added.remove(index))),
                None => left.push(was),
            }
        }
    }
    removed.append(&mut left);
    removed.retain(|was: &&MediaType| match new.iter().find(|is| covers(&is.name, &was.name)) {
        Some(is) => {
            pairs.push((*was, is));
            false
        }
        None => true,
    });
    added.retain(|is| match old.iter().find(|was| covers(&was.name, &is.name)) {
        Some(was) => {
            pairs.push((was, *is));
            false
        }
        None => true,
    });
    let (narrowed, removed) = with_members(removed, new);
    let (widened, added) = with_members(added, old);
    MatchedContent { pairs, removed, added, narrowed, widened }
}

/// Media types with those of the other side that each stands for, and the media types that stand for none.
type Split<'a> = (Vec<(&'a MediaType, Vec<&'a MediaType>)>, Vec<&'a MediaType>);

fn with_members<'a>(ranges: Vec<&'a MediaType>, others: &'a [MediaType]) -> Split<'a> {
    let inside = |range: &MediaType| others.iter().filter(|one| covers(&range.name, &one.name)).collect::<Vec<_>>();
    let (some, none) = ranges.into_iter().map(|range| (range, inside(range))).partition(|(_, all)| !all.is_empty());
    (some, Vec::into_iter(none).map(|(one, _)| one).collect())
}

/// The names of media types, in words.
pub(crate) fn names(all: &[&MediaType]) -> String {
    all.iter().map(|one| format!("`{}`", one.name)).collect::<Vec<_>>().join(", ")
}

/// A media type with its parameters in order, without those that say how texts are encoded.
pub(crate) fn exact(name: &str) -> String {
    let parameters = split_quoted(name, ';').into_iter().skip(1).filter_map(|one| {
        let (name, value) = one.split_once('=')?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim().trim_matches('"').to_owned());
        let is_free = name == "boundary" || (name == "charset" && value.eq_ignore_ascii_case("utf-8"));
        (!is_free).then(|| format!(";{name}={value}"))
    });
    let mut parameters: Vec<String> = parameters.collect();
    parameters.sort();
    essence(name) + &parameters.concat()
}

/// Whether a media range stands for a media type, and is not the same.
pub(crate) fn covers(range: &str, name: &str) -> bool {
    let (range, name) = (essence(range), essence(name));
    if range == name {
        return false;
    }
    range == "*/*" || range.strip_suffix("/*").is_some_and(|kind| name.split('/').next() == Some(kind))
}
