//! Parts of an answer ([RFC 9110, section 14](https://www.rfc-editor.org/rfc/rfc9110#section-14)), for operations whose
//! document describes status 206.

use axum::body::{Body, HttpBody as _};
use axum::response::Response;
use futures_util::{StreamExt as _, stream};
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, LAST_MODIFIED, RANGE};
use http::{HeaderMap, HeaderValue, StatusCode};

/// The part that a request asks for.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    range: HeaderValue,
    condition: Option<HeaderValue>,
}

/// The bytes of a part: the first, and how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// All of it, because the request says nothing that makes sense here.
    Whole,
    Of(u64, u64),
    /// No byte of it is there.
    Beyond,
}

impl Wanted {
    /// What the headers of a request ask for; `None` for all.
    pub(crate) fn of(headers: &HeaderMap) -> Option<Self> {
        Some(Self { range: headers.get(RANGE)?.clone(), condition: headers.get(IF_RANGE).cloned() })
    }

    /// Whether what the caller has a part of already is still what is answered (section 13.1.5).
    fn holds(&self, headers: &HeaderMap) -> bool {
        let Some(condition) = &self.condition else { return true };
        let is_weak = condition.as_bytes().starts_with(b"W/");
        !is_weak && [ETAG, LAST_MODIFIED].iter().any(|name| headers.get(name) == Some(condition))
    }
}

/// Cuts an answer with status 200 to the part that is wanted, when its length is known.
pub(crate) fn cut(response: Response, wanted: Option<&Wanted>) -> Response {
    let stated = response.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    let length = response.body().size_hint().exact().or(stated);
    let (StatusCode::OK, Some(length)) = (response.status(), length) else { return response };
    let (mut head, body) = response.into_parts();
    head.headers.insert(ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    let wanted = wanted.filter(|wanted| wanted.holds(&head.headers));
    let part = wanted.map_or(Part::Whole, |wanted| part(wanted.range.to_str().unwrap_or_default(), length));
    match part {
        Part::Whole => Response::from_parts(head, body),
        Part::Beyond => {
            head.status = StatusCode::RANGE_NOT_SATISFIABLE;
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(0));
            insert(&mut head.headers, format!("bytes */{length}"));
            Response::from_parts(head, Body::empty())
        }
        Part::Of(first, count) => {
            head.status = StatusCode::PARTIAL_CONTENT;
            head.headers.insert(CONTENT_LENGTH, HeaderValue::from(count));
            insert(&mut head.headers, format!("bytes {first}-{}/{length}", first + count - 1));
            Response::from_parts(head, slice(body, first, count))
        }
    }
}

fn insert(headers: &mut HeaderMap, range: String) {
    // Digits and dashes are always a header's.
    if let Ok(value) = HeaderValue::try_from(range) {
        headers.insert(CONTENT_RANGE, value);
    }
}

/// The part of `length` bytes that `range` asks for. Several parts at once may be answered with all (section 14.2).
fn part(range: &str, length: u64) -> Part {
    let Some((unit, set)) = range.split_once('=') else { return Part::Whole };
    let Some((first, last)) = set.trim().split_once('-') else { return Part::Whole };
    if !unit.trim().eq_ignore_ascii_case("bytes") || set.contains(',') {
        return Part::Whole;
    }
    match (first.parse::<u64>(), last.parse::<u64>()) {
        (Ok(first), last) if last.is_ok() || set.trim().ends_with('-') => {
            let last = last.unwrap_or(u64::MAX).min(length.saturating_sub(1));
            match (first < length, first <= last) {
                (true, true) => Part::Of(first, last - first + 1),
                (false, _) => Part::Beyond,
                (true, false) => Part::Whole,
            }
        }
        (Err(_), Ok(count)) if first.is_empty() => match count.min(length) {
            0 => Part::Beyond,
            count => Part::Of(length - count, count),
        },
        _ => Part::Whole,
    }
}

/// `count` bytes of a body, behind its first `skipped` ones.
fn slice(body: Body, skipped: u64, count: u64) -> Body {
    let pieces =
        stream::unfold((body.into_data_stream(), skipped, count), |(mut pieces, mut skipped, left)| async move {
            if left == 0 {
                return None;
            }
            loop {
                let mut piece = match pieces.next().await? {
                    Ok(piece) => piece,
                    Err(error) => return Some((Err(error), (pieces, 0, 0))),
                };
                let ahead = usize::try_from(skipped).unwrap_or(usize::MAX).min(piece.len());
                skipped -= u64::try_from(ahead).unwrap_or(skipped);
                let mut rest = piece.split_off(ahead);
                rest.truncate(usize::try_from(left).unwrap_or(usize::MAX));
                if !rest.is_empty() {
                    let left = left - u64::try_from(rest.len()).unwrap_or(left);
                    return Some((Ok(rest), (pieces, skipped, left)));
                }
            }
        });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_http_has_them() {
        for (range, expected) in [
            ("bytes=0-0", Part::Of(0, 1)),
            ("bytes=2-4", Part::Of(2, 3)),
            ("bytes=2-", Part::Of(2, 8)),
            ("bytes=2-99", Part::Of(2, 8)),
            ("bytes=-3", Part::Of(7, 3)),
            ("bytes=-99", Part::Of(0, 10)),
            ("Bytes = 9-9", Part::Of(9, 1)),
            ("bytes=10-", Part::Beyond),
            ("bytes=-0", Part::Beyond),
            ("bytes=4-2", Part::Whole),
            ("bytes=0-1,3-4", Part::Whole),
            ("bytes=a-1", Part::Whole),
            ("bytes=1-a", Part::Whole),
            ("bytes=-", Part::Whole),
            ("items=0-1", Part::Whole),
            ("", Part::Whole),
        ] {
            assert_eq!(part(range, 10), expected, "{range}");
        }
        assert_eq!(part("bytes=0-", 0), Part::Beyond);
    }

    #[tokio::test]
    async fn any_cut_of_any_pieces_has_the_bytes_of_its_place() {
        let all: Vec<u8> = (0..10).collect();
        for size in 1..11 {
            for first in 0..10_u8 {
                for last in first..10 {
                    let pieces: Vec<_> =
                        all.chunks(size).map(|piece| Ok::<_, std::io::Error>(piece.to_vec())).collect();
                    let mut response = Response::new(Body::from_stream(stream::iter(pieces)));
                    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(10));
                    let range = HeaderValue::try_from(format!("bytes={first}-{last}")).expect("a header");
                    let cut = cut(response, Some(&Wanted { range, condition: None }));
                    assert_eq!(cut.headers()[CONTENT_RANGE], format!("bytes {first}-{last}/10"));
                    let bytes = axum::body::to_bytes(cut.into_body(), 100).await.expect("bytes");
                    assert_eq!(bytes, all[usize::from(first)..=usize::from(last)], "{size} {first} {last}");
                }
            }
        }
    }

    #[test]
    fn a_condition_that_does_not_hold_gives_all() {
        let answer = |condition: Option<&'static str>| {
            let mut response = Response::new(Body::from("0123456789"));
            response.headers_mut().insert(ETAG, HeaderValue::from_static("\"a\""));
            let condition = condition.map(HeaderValue::from_static);
            cut(response, Some(&Wanted { range: HeaderValue::from_static("bytes=1-2"), condition })).status().as_u16()
        };
        assert_eq!(answer(None), 206);
        assert_eq!(answer(Some("\"a\"")), 206);
        assert_eq!(answer(Some("\"b\"")), 200);
        assert_eq!(answer(Some("W/\"a\"")), 200);
    }
}
