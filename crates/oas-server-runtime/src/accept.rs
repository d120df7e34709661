//! Whether an answer is what the caller takes ([RFC 9110, section 12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1)).

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};
use oas_wire::{MediaType, split_quoted};

use crate::headers;

/// Whether one of the media types in `produces` is acceptable. Without an `Accept` header, and without anything to
/// compare, everything is.
pub(crate) fn acceptable(headers: &HeaderMap, produces: &[&str]) -> bool {
    if takes_at_first_sight(headers, produces) {
        return true;
    }
    let lines: Vec<&str> = headers.get_all(ACCEPT).iter().filter_map(|value| value.to_str().ok()).collect();
    let ranges: Vec<(MediaType, bool)> = lines
        .iter()
        .flat_map(|line| split_quoted(line, ','))
        .filter_map(MediaType::parse)
        .map(|range| {
            let refused = range.parameter("q").and_then(|q| q.parse::<f32>().ok()).is_some_and(|q| q <= 0.0);
            (range, refused)
        })
        .collect();
    if ranges.is_empty() || produces.is_empty() {
        return true;
    }
    produces.iter().filter_map(|name| MediaType::parse(name)).any(|offer| {
        // The most specific range decides. A range on either side covers whatever the other one names.
        let specific = ranges.iter().filter_map(|(range, refused)| {
            range.covers(&offer).or_else(|| offer.covers(range)).map(|weight| (weight, *refused))
        });
        specific.max_by_key(|(weight, _)| *weight).is_some_and(|(_, refused)| !refused)
    })
}

/// Whether the caller names one of the media types as the document writes it, or says nothing: what most requests do,
/// for which no media type has to be taken apart.
fn takes_at_first_sight(headers: &HeaderMap, produces: &[&str]) -> bool {
    let named = |line: &HeaderValue| line == "*/*" || produces.iter().any(|offer| line == offer);
    !headers.contains_key(ACCEPT) || headers::only(headers, &ACCEPT).is_some_and(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_specific_range_decides() {
        let check = |accept: &'static str, produces: &[&str]| {
            let headers = [(ACCEPT, http::HeaderValue::from_static(accept))].into_iter().collect();
            acceptable(&headers, produces)
        };
        assert!(check("application/json", &["application/json"]));
        assert!(check("text/html, */*;q=0.1", &["application/json"]));
        assert!(!check("text/html", &["application/json"]));
        assert!(!check("application/json;q=0, */*", &["application/json"]));
        assert!(check("application/json;q=0, */*", &["application/json", "text/csv"]));
        assert!(check("image/png", &["image/*"]));
        assert!(check("image/*", &["image/png"]));
        assert!(check("nonsense", &["application/json"]));
        assert!(check("text/html", &[]));
    }

    #[test]
    fn all_lines_count() {
        let lines = ["*/*", "application/json;q=0"].map(|line| (ACCEPT, HeaderValue::from_static(line)));
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(name, value);
        }
        assert!(!acceptable(&headers, &["application/json"]));
        assert!(acceptable(&headers, &["application/json", "text/csv"]));
    }
}
