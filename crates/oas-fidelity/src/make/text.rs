//! Strings: by format, by pattern, by length.

use oas_model::Schema;

use super::{Maker, pattern};
use crate::json::Json;

/// Texts that something on the way may mistake for something else.
const TEXTS: &[&str] = &[
    "text",
    "",
    "a b",
    "é",
    "日本語",
    "😀",
    "a,b",
    "a|b",
    "a&b=c",
    "a/b?c#d",
    "100%",
    "%41",
    "a+b",
    "\"quoted\"",
    "back\\slash",
    "null",
    "true",
    "1",
    "1.0",
    "01",
    "-0",
    "[1]",
    "{}",
    "a;b",
    "a.b",
    "~",
    "line\nbreak",
    "tab\t",
    "'",
    "<&>",
    ":",
    "a:b",
    "=",
];

impl Maker<'_> {
    /// A text that these schemas may allow.
    pub(super) fn text(&mut self, schemas: &[&Schema]) -> Option<Json> {
        let least = schemas.iter().filter_map(|schema| schema.min_length).max().unwrap_or(0);
        let most = schemas.iter().filter_map(|schema| schema.max_length).min().unwrap_or(u64::MAX);
        let patterns: Vec<&str> = schemas.iter().filter_map(|schema| schema.pattern.as_deref()).collect();
        if let Some(first) = patterns.first() {
            for _ in 0..10 {
                let text = pattern::text(first, &mut self.random)?;
                let length = text.chars().count() as u64;
                if length >= least && length <= most && patterns.iter().all(|one| pattern::matches(one, &text)) {
                    return Some(Json::Text(text));
                }
            }
        }
        let format = schemas.iter().find_map(|schema| schema.format.as_deref());
        if let Some(examples) = format.and_then(of_format) {
            let text = self.pick(examples)?;
            return Some(Json::Text((*text).to_owned()));
        }
        let chosen = *self.pick(TEXTS)?;
        let mut text: Vec<char> = chosen.chars().collect();
        let least = usize::try_from(least.min(4096)).unwrap_or(0);
        while text.len() < least {
            text.push(['x', 'é', '7', '-'][self.random.usize(..4)]);
        }
        text.truncate(usize::try_from(most).unwrap_or(usize::MAX));
        Some(Json::Text(text.into_iter().collect()))
    }
}

/// Texts of a format.
fn of_format(format: &str) -> Option<&'static [&'static str]> {
    Some(match format {
        "date-time" => &[
            "2020-02-29T12:30:00Z",
            "2020-02-29t12:30:00z",
            "1999-12-31T23:59:59.999999999+01:00",
            "2012-10-30T19:49:28.120-00:00",
            "0001-01-01T00:00:00Z",
            "2016-12-31T23:59:60Z",
        ],
        "date" => &["2020-02-29", "1999-12-31", "0001-01-01"],
        "time" => &["12:30:00Z", "23:59:59.5+01:00"],
        "duration" => &["P1DT2H", "PT0S", "P3W"],
        "uuid" => &["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
        "email" | "idn-email" => &["a@example.org", "a.b+c@example.org"],
        "hostname" | "idn-hostname" => &["example.org", "a-b.example"],
        "ipv4" => &["192.0.2.1", "0.0.0.0"],
        "ipv6" => &["::1", "2001:db8::ff00:42:8329"],
        "uri" | "iri" => &["https://example.org/a?b=c&d=%20#e", "urn:isbn:0451450523", "http://EXAMPLE.org"],
        "uri-reference" | "iri-reference" => &["/a/b", "#f", "https://example.org/"],
        "uri-template" => &["/a/{b}"],
        "json-pointer" => &["", "/a~1b"],
        "relative-json-pointer" => &["0", "1/a"],
        "regex" => &["^a+$", "[0-9]"],
        "byte" => &["", "aGk=", "AAECAwQ="],
        _ => return None,
    })
}
