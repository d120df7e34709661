//! Formats of strings that have types of their own. Everything that the generator knows of one is its entry here;
//! `oas-types-runtime` has the type.

use std::fmt;
use std::net::{Ipv4Addr, Ipv6Addr};

/// A format of strings that has a type of its own.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Format(usize);

/// What is known of a format.
struct Entry {
    /// What `format` says.
    name: &'static str,
    /// The type of `oas-types-runtime`, which keeps a text as it came.
    ty: &'static str,
    /// The feature of `oas-types-runtime` that brings the type; `None` when it is always there.
    feature: Option<&'static str>,
    /// Whether a text is a value of the format, so that a default may have it.
    has_value: fn(&str) -> bool,
}

/// The formats.
const ENTRIES: &[Entry] = &[
    Entry { name: "date-time", ty: "DateTime", feature: Some("chrono"), has_value: is_date_time },
    Entry { name: "date", ty: "Date", feature: Some("chrono"), has_value: is_date },
    Entry { name: "uuid", ty: "Uuid", feature: Some("uuid"), has_value: is_uuid },
    Entry { name: "ipv4", ty: "Ipv4", feature: None, has_value: |text| text.parse::<Ipv4Addr>().is_ok() },
    Entry { name: "ipv6", ty: "Ipv6", feature: None, has_value: |text| text.parse::<Ipv6Addr>().is_ok() },
];

impl Format {
    /// The format of this name, when it has a type.
    pub fn named(name: &str) -> Option<Self> {
        ENTRIES.iter().position(|entry| entry.name == name).map(Self)
    }

    /// Every format.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..ENTRIES.len()).map(Self)
    }

    fn entry(self) -> &'static Entry {
        &ENTRIES[self.0]
    }

    /// What `format` says.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// The type of `oas-types-runtime`.
    pub fn type_name(self) -> &'static str {
        self.entry().ty
    }

    /// The feature of `oas-types-runtime` that brings the type.
    pub fn feature(self) -> Option<&'static str> {
        self.entry().feature
    }

    /// Whether a text is a value of the format.
    pub fn has_value(self, text: &str) -> bool {
        (self.entry().has_value)(text)
    }
}

impl fmt::Debug for Format {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

/// Whether a text is a UUID as it is written in texts (RFC 9562, section 4).
fn is_uuid(text: &str) -> bool {
    has_form(text, "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx")
}

/// Whether a text has the digits (`d`), hexadecimal digits (`x`) and marks of `form`.
fn has_form(text: &str, form: &str) -> bool {
    text.len() == form.len()
        && text.bytes().zip(form.bytes()).all(|(one, form)| match form {
            b'd' => one.is_ascii_digit(),
            b'x' => one.is_ascii_hexdigit(),
            mark => one == mark,
        })
}

/// Whether a text is a date of the calendar (RFC 3339, section 5.7).
fn is_date(text: &str) -> bool {
    if !has_form(text, "dddd-dd-dd") {
        return false;
    }
    let part =
        |range: std::ops::Range<usize>| text.get(range).and_then(|digits| digits.parse::<u32>().ok()).unwrap_or(0);
    let (year, month, day) = (part(0..4), part(5..7), part(8..10));
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        2 if is_leap => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return false,
    };
    (1..=last).contains(&day)
}

/// Whether a text `12:34:56` is a time of the day; a minute may have a leap second.
fn is_time(text: &str) -> bool {
    let parts: Vec<u32> = text.split(':').filter_map(|digits| digits.parse().ok()).collect();
    matches!(parts.as_slice(), [0..=23, 0..=59, 0..=60])
}

/// Whether a text looks like a date and time of RFC 3339.
fn is_date_time(text: &str) -> bool {
    let (Some(seconds), Some(rest)) = (text.get(..19), text.get(19..)) else { return false };
    let zone =
        rest.strip_prefix('.').map_or(rest, |fraction| fraction.trim_start_matches(|one: char| one.is_ascii_digit()));
    has_form(seconds, "dddd-dd-ddTdd:dd:dd")
        && is_date(&seconds[..10])
        && is_time(&seconds[11..])
        && (zone == "Z" || has_form(zone, "+dd:dd") || has_form(zone, "-dd:dd"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_values_of_formats_or_not() {
        for (format, text, expected) in [
            ("date-time", "2012-10-30T19:49:28.10+01:00", true),
            ("date-time", "2012-10-30T19:49:61Z", false),
            ("date", "2000-02-29", true),
            ("date", "1900-02-29", false),
            ("date", "2012-1-1", false),
            ("uuid", "b4d4d7f2-6f4e-4a4e-9a3d-0b9a1b1c1d1e", true),
            ("uuid", "b4d4d7f26f4e4a4e9a3d0b9a1b1c1d1e", false),
            ("ipv4", "10.0.0.1", true),
            ("ipv4", "10.0.0.256", false),
            ("ipv6", "::1", true),
        ] {
            let format = Format::named(format).expect("a format with a type");
            assert_eq!(format.has_value(text), expected, "{format:?} {text}");
        }
        assert_eq!(Format::named("sentence"), None);
    }
}
