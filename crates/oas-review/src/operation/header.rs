//! Headers of responses and of the parts of forms.

use oas_document::Location;
use oas_model::{Header, Payload, Style};

use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::is;
use crate::schema::Medium;

use super::call::{Call, Use};
use super::style::written;

type Headers<'a, 'l> = (&'a [Header], &'l Location);

fn pairs<'a>(old: &'a [Header], new: &'a [Header]) -> Vec<(Option<&'a Header>, Option<&'a Header>)> {
    let find = |headers: &'a [Header], name: &str| headers.iter().find(|other| other.name.eq_ignore_ascii_case(name));
    let known = old.iter().map(|was| (Some(was), find(new, &was.name)));
    let added = new.iter().filter(|is| find(old, &is.name).is_none()).map(|is| (None, Some(is)));
    known.chain(added).collect()
}

impl<'a> Comparison<'a> {
    /// Compares the headers of a response.
    pub(crate) fn compare_headers(
        &mut self,
        call: Call<'a>,
        subject: &str,
        old: Headers<'a, '_>,
        new: Headers<'a, '_>,
    ) {
        for (was, is) in pairs(old.0, new.0) {
            let name = was.or(is).map_or("", |header| &header.name);
            let rule = match (was, is) {
                (Some(was), Some(is)) => {
                    self.compare_header(call, subject, was, is);
                    continue;
                }
                (None, Some(is)) if is.required => is::REQUIRED_RESPONSE_HEADER_ADDED,
                (None, _) => is::RESPONSE_HEADER_ADDED,
                (Some(was), None) if was.required => is::REQUIRED_RESPONSE_HEADER_REMOVED,
                (Some(_), None) => is::RESPONSE_HEADER_REMOVED,
            };
            let place_there = was.map_or(old.1, |was| &was.at);
            let place_here = is.map_or(new.1, |is| &is.at);
            let change = ChangeBuilder::new(rule, subject).at(Some(place_there), Some(place_here));
            self.add(change.in_exchange(call.response()).of(call.number).name(format!("`{name}`")).about(name));
        }
    }

    fn compare_header(&mut self, call: Call<'a>, subject: &str, was: &'a Header, is: &'a Header) {
        let exchange = call.response();
        let name = format!("`{}`", is.name);
        let change = |rule, keyword: &str| {
            let change =
                ChangeBuilder::new(rule, subject).at(Some(&was.at.child(keyword)), Some(&is.at.child(keyword)));
            change.in_exchange(exchange).of(call.number).name(name.clone()).about(&is.name)
        };
        if was.required != is.required {
            let rule =
                if is.required { is::RESPONSE_HEADER_BECAME_REQUIRED } else { is::RESPONSE_HEADER_BECAME_OPTIONAL };
            self.add(change(rule, "required"));
        }
        if was.deprecated != is.deprecated {
            let rule = if is.deprecated { is::RESPONSE_HEADER_DEPRECATED } else { is::RESPONSE_HEADER_UNDEPRECATED };
            self.add(change(rule, "deprecated"));
        }
        let words = |header: &Header| match &header.payload {
            Payload::Schema(_) => "a plain value".to_owned(),
            Payload::Content(media_type) => media_type.name.clone(),
        };
        if words(was) != words(is) {
            self.add(change(is::RESPONSE_HEADER_SERIALIZATION_CHANGED, "content").from(words(was)).to(words(is)));
        } else if self.is_written_otherwise(was, is) {
            self.add(change(is::RESPONSE_HEADER_SERIALIZATION_CHANGED, "explode").from(was.explode).to(is.explode));
        }
        self.enter_header(call, exchange, was, is);
        self.compare_words_at(&format!("the header {name} of {subject}"), &was.at, &is.at);
    }

    /// Whether the same value is other text: lists are written in one way, objects in two.
    fn is_written_otherwise(&mut self, was: &'a Header, is: &'a Header) -> bool {
        let (Some(old), Some(new)) = (was.payload.schema(), is.payload.schema()) else { return false };
        let has = self.kinds_with_parts(old, new);
        written(Style::Simple, was.explode, has) != written(Style::Simple, is.explode, has)
    }

    fn enter_header(&mut self, call: Call<'a>, exchange: Exchange, was: &'a Header, is: &'a Header) {
        let homes = (was.at.child("schema"), is.at.child("schema"));
        let is_text = matches!((&was.payload, &is.payload), (Payload::Schema(_), Payload::Schema(_)));
        let medium = if is_text { Medium::Text } else { Medium::Json };
        let use_of = Use { medium, is_present: was.required && is.required };
        self.enter(call, exchange, (was.payload.schema(), is.payload.schema()), homes, use_of);
    }

    /// Compares the headers of a part of a form.
    pub(crate) fn compare_part_headers(
        &mut self,
        call: Call<'a>,
        exchange: Exchange,
        part: &str,
        old: Headers<'a, '_>,
        new: Headers<'a, '_>,
    ) {
        for (was, is) in pairs(old.0, new.0) {
            let rule = match (was, is) {
                (Some(was), Some(is)) => {
                    self.enter_header(call, exchange, was, is);
                    if was.required == is.required {
                        continue;
                    }
                    if is.required { is::REQUIRED_PART_HEADER_ADDED } else { is::PART_HEADER_ADDED }
                }
                (None, Some(is)) if is.required => is::REQUIRED_PART_HEADER_ADDED,
                (None, _) => is::PART_HEADER_ADDED,
                (Some(_), None) => is::PART_HEADER_REMOVED,
            };
            let name = was.or(is).map(|header| format!("`{}`", header.name)).unwrap_or_default();
            let change = ChangeBuilder::new(rule, part)
                .at(Some(was.map_or(old.1, |was| &was.at)), Some(is.map_or(new.1, |is| &is.at)));
            self.add(change.in_exchange(exchange).of(call.number).name(name));
        }
    }
}
