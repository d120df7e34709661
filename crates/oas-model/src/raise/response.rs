//! Responses and their headers.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location};

use super::Builder;
use super::reading::{At, Fields};
use crate::vocabulary::ObjectKind;
use crate::{Header, Response, StatusPattern};

impl<'d> Builder<'d> {
    /// Member `responses` of an operation: numbers in order, then ranges, then the default.
    pub(super) fn responses(&mut self, operation: &Fields<'d>) -> Vec<Response> {
        if operation.get("responses").is_none() {
            self.report_missing_responses(operation);
        }
        let mut responses: Vec<(Location, Response)> = Vec::new();
        for (key, at) in self.extensible_map(operation, "responses", ObjectKind::Responses) {
            let place = at.location.clone();
            let Some(status) = self.status(key, &place) else { continue };
            if let Some((first, _)) = responses.iter().find(|(_, other)| other.status == status) {
                let message = format!("the response of `{status}` is described twice; the second is ignored");
                let finding = self.relate(Diagnostic::warning("duplicate-response", message), first, "the first");
                self.report(finding.hint("remove one of the two"), &place);
                continue;
            }
            responses.extend(self.response(status, at).map(|response| (place, response)));
        }
        let mut responses: Vec<Response> = responses.into_iter().map(|(_, response)| response).collect();
        responses.sort_by_key(|response| response.status);
        responses
    }

    /// The statuses that a key stands for.
    fn status(&mut self, key: &str, at: &Location) -> Option<StatusPattern> {
        let range =
            |hundred: char| StatusPattern::Range(hundred.to_digit(10).map_or(0, |digit| digit.to_le_bytes()[0]));
        let mut characters = key.chars();
        let status = match (characters.next(), characters.as_str()) {
            _ if key == "default" => return Some(StatusPattern::Default),
            (Some(hundred @ '1'..='5'), "XX") => return Some(range(hundred)),
            (Some(hundred @ '1'..='5'), rest) if rest.eq_ignore_ascii_case("xx") => Some(range(hundred)),
            (Some('1'..='5'), rest) if rest.len() == 2 && rest.bytes().all(|byte| byte.is_ascii_digit()) => {
                return key.parse().ok().map(StatusPattern::Code);
            }
            _ if key.eq_ignore_ascii_case("default") => Some(StatusPattern::Default),
            _ => None,
        };
        let finding = match status {
            Some(status) => Diagnostic::warning("odd-status", format!("status `{key}` is taken as `{status}`")),
            None => Diagnostic::warning("odd-status", format!("`{key}` is no status; the response is ignored"))
                .hint("write a number from 100 to 599, a range such as `4XX`, or `default`"),
        };
        self.report(finding, at);
        status
    }

    /// A Response Object, or a reference to one.
    pub(super) fn response(&mut self, status: StatusPattern, at: At<'d>) -> Option<Response> {
        let followed = self.follow(at, ObjectKind::Response)?;
        let fields = self.fields(followed.at, ObjectKind::Response)?;
        let summary = self.text(&fields, "summary");
        let description = self.text(&fields, "description");
        let mut headers = self.headers(&fields);
        if let Some(position) = headers.iter().position(|header| header.name.eq_ignore_ascii_case("Content-Type")) {
            let header = headers.remove(position);
            let finding = Diagnostic::note("ignored-header", "header `Content-Type` of a response is ignored")
                .hint("the media types under `content` say what it can be");
            self.report(finding, &header.at);
        }
        Some(Response {
            status,
            summary: followed.summary.or(summary),
            description: followed.description.or(description),
            headers,
            content: self.content(&fields),
            links: self.links(&fields),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// Member `headers` of a response or an encoding.
    pub(super) fn headers(&mut self, fields: &Fields<'d>) -> Vec<Header> {
        let mut headers: IndexMap<String, Header> = IndexMap::new();
        for (name, at) in self.map(fields, "headers") {
            let place = at.location.clone();
            let Some(header) = self.header(name, at) else { continue };
            if let Some(first) = headers.get(&name.to_ascii_lowercase()) {
                let message = format!("header `{name}` is described twice; the second is ignored");
                let finding = self.relate(Diagnostic::warning("duplicate-header", message), &first.at, "the first");
                self.report(finding.hint("remove one of the two: upper and lower case are the same"), &place);
                continue;
            }
            headers.insert(name.to_ascii_lowercase(), header);
        }
        headers.into_values().collect()
    }

    /// A Header Object, or a reference to one.
    pub(super) fn header(&mut self, name: &str, at: At<'d>) -> Option<Header> {
        let followed = self.follow(at, ObjectKind::Header)?;
        let location = followed.at.location.clone();
        self.guarded(&location, ObjectKind::Header, |builder| {
            let fields = builder.fields(followed.at, ObjectKind::Header)?;
            let description = builder.text(&fields, "description");
            builder.stated_style(&fields, &[crate::Style::Simple], "`simple` is taken");
            Some(Header {
                name: name.to_owned(),
                description: followed.description.or(description),
                required: builder.flag(&fields, "required"),
                deprecated: builder.flag(&fields, "deprecated"),
                explode: builder.flag(&fields, "explode"),
                payload: builder.payload(&fields, ObjectKind::Header),
                examples: builder.examples(&fields),
                extensions: fields.extensions(),
                at: fields.at.location,
            })
        })
    }
}
