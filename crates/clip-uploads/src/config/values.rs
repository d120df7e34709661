//! Values of options.

use std::time::Duration;

use axum::http::HeaderValue;

/// Reads `250ms`, `30s`, `15m`, `24h` or `7d`.
pub(super) fn duration(text: &str) -> Result<Duration, String> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "begins with no number".to_owned())?;
    let millis = match unit {
        "ms" => 1,
        "s" => 1000,
        "m" => 60 * 1000,
        "h" => 60 * 60 * 1000,
        "d" => 24 * 60 * 60 * 1000,
        _ => return Err("ends in none of `ms`, `s`, `m`, `h`, `d`".to_owned()),
    };
    let millis = number.checked_mul(millis).filter(|millis| (1..=366 * 24 * 60 * 60 * 1000).contains(millis));
    millis.map(Duration::from_millis).ok_or_else(|| "is not between 1 ms and a year".to_owned())
}

/// Reads `500`, `64KiB`, `20MiB`, `3GiB` or `2TiB`.
pub(super) fn bytes(text: &str) -> Result<u64, String> {
    let digits = text.find(|character: char| !character.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| "begins with no number".to_owned())?;
    let factor = match unit {
        "" => 1,
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        "GiB" => 1 << 30,
        "TiB" => 1_u64 << 40,
        _ => return Err("ends in none of `KiB`, `MiB`, `GiB`, `TiB`".to_owned()),
    };
    number.checked_mul(factor).filter(|bytes| *bytes > 0).ok_or_else(|| "is too small or too large".to_owned())
}

/// Reads the address where callers reach this process: absolute, and without anything that a path cannot follow.
pub(super) fn public_url(text: &str) -> Result<String, String> {
    let url = text.trim_end_matches('/');
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let rest = rest.ok_or("begins with neither `https://` nor `http://`: callers elsewhere cannot reach it")?;
    let uri: axum::http::Uri = url.parse().map_err(|error| format!("is no URL: {error}"))?;
    if rest.is_empty() || uri.host().is_none_or(str::is_empty) {
        return Err("names no host".to_owned());
    }
    if rest.contains(['?', '#', '@']) || rest.contains(char::is_whitespace) {
        return Err("has more than a host and a path: addresses are made by adding to it".to_owned());
    }
    Ok(url.to_owned())
}

/// Reads the origin of web pages: a scheme and a host, or `*` for all.
pub(super) fn origin(text: &str) -> Result<HeaderValue, String> {
    let named = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let fits = named.is_some_and(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', '*']));
    if !fits {
        return Err("is no origin such as `https://app.example.com`, without a path".to_owned());
    }
    HeaderValue::try_from(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_unit_and_bounds() {
        assert_eq!(duration("250ms"), Ok(Duration::from_millis(250)));
        assert_eq!(duration("2h"), Ok(Duration::from_secs(7200)));
        for text in ["", "5", "s", "0s", "-1s", "367d", "99999999999999999999h", "1 s"] {
            assert!(duration(text).is_err(), "{text}");
        }
    }

    #[test]
    fn sizes_have_a_unit_and_bounds() {
        assert_eq!(bytes("500"), Ok(500));
        assert_eq!(bytes("2GiB"), Ok(2 << 30));
        for text in ["", "0", "1GB", "-1", "GiB", "99999999TiB"] {
            assert!(bytes(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_public_url_can_be_added_to() {
        assert_eq!(public_url("https://clips.example.com/"), Ok("https://clips.example.com".to_owned()));
        assert_eq!(public_url("http://10.0.0.1:8080/clips"), Ok("http://10.0.0.1:8080/clips".to_owned()));
        for text in
            ["", "/", "/clips", "clips.example.com", "https://", "https://a?b", "https://a#b", "ftp://a", "http://:80"]
        {
            assert!(public_url(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_origin_has_no_path() {
        assert!(origin("https://app.example.com:8443").is_ok());
        for text in ["", "*", "app.example.com", "https://a/", "https://*.a", "null"] {
            assert!(origin(text).is_err(), "{text}");
        }
    }
}
