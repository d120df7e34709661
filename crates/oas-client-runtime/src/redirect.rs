//! Redirects: where the next request goes, and what another origin must not see.

use std::time::Duration;

use reqwest::header::{
    AUTHORIZATION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, COOKIE, HeaderMap, LOCATION, PROXY_AUTHORIZATION,
};
use reqwest::{Method, Request, Response, StatusCode, Url};

use crate::Credential;

/// How many redirects are followed.
pub(crate) const MOST: u32 = 10;

/// What of a request is needed to follow a redirect, kept while the request itself is under way.
pub(crate) enum Sent {
    /// All of it.
    Request(Request),
    /// All but its URL, which the response has too, and its body: there is none, or one that can be sent but once.
    Head { method: Method, headers: HeaderMap, timeout: Option<Duration>, has_body: bool },
}

impl Sent {
    /// Keeps what is needed of `request`.
    pub(crate) fn keep(request: &Request) -> Self {
        let has_body = request.body().is_some();
        let copy = if has_body { request.try_clone() } else { None };
        match copy {
            Some(request) => Self::Request(request),
            None => Self::Head {
                method: request.method().clone(),
                headers: request.headers().clone(),
                timeout: request.timeout().copied(),
                has_body,
            },
        }
    }

    /// The request that `response` asks for; `None` when it asks for none, or for one that cannot be made.
    pub(crate) fn follow(self, response: &Response, credentials: &[&Credential]) -> Option<Request> {
        let location = response.headers().get(LOCATION)?.to_str().ok()?;
        let before = response.url();
        let target = before.join(location).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
        let crosses = target.origin() != before.origin();
        let mut next = self.next(response.status(), target)?;
        if crosses {
            for credential in credentials {
                credential.strip(&mut next);
            }
            for name in [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION] {
                next.headers_mut().remove(name);
            }
        }
        Some(next)
    }

    /// The request to `target`, with the method that the status asks for (RFC 9110, section 15.4).
    fn next(self, status: StatusCode, target: Url) -> Option<Request> {
        let (mut request, has_whole_body) = match self {
            Self::Request(mut request) => {
                *request.url_mut() = target;
                (request, true)
            }
            Self::Head { method, headers, timeout, has_body } => {
                let mut request = Request::new(method, target);
                *request.headers_mut() = headers;
                *request.timeout_mut() = timeout;
                (request, !has_body)
            }
        };
        let to_get = match status.as_u16() {
            301 | 302 => *request.method() == Method::POST,
            303 => *request.method() != Method::GET && *request.method() != Method::HEAD,
            307 | 308 => false,
            _ => return None,
        };
        if !to_get {
            return has_whole_body.then_some(request);
        }
        *request.method_mut() = Method::GET;
        *request.body_mut() = None;
        for name in [CONTENT_TYPE, CONTENT_LENGTH, CONTENT_ENCODING] {
            request.headers_mut().remove(name);
        }
        Some(request)
    }
}

#[cfg(test)]
mod tests {
    use reqwest::ResponseBuilderExt as _;

    use super::*;

    fn post() -> Request {
        let mut request = Request::new(Method::POST, "https://a.example/x".parse().expect("a URL"));
        *request.body_mut() = Some("body".into());
        for name in ["authorization", "cookie", "x-key", "content-type", "x-other"] {
            request.headers_mut().insert(name, "hush".parse().expect("a value"));
        }
        request
    }

    fn redirected(status: u16, location: &str) -> Option<Request> {
        answered(&post(), status, location)
    }

    fn answered(sent: &Request, status: u16, location: &str) -> Option<Request> {
        let answer = http::Response::builder().status(status).header("location", location).url(sent.url().clone());
        let key = Credential::header("x-key", "hush").expect("valid");
        Sent::keep(sent).follow(&answer.body("").expect("valid").into(), &[&key])
    }

    #[test]
    fn the_same_origin_gets_everything() {
        let next = redirected(307, "/y").expect("followed");
        assert_eq!((next.method(), next.url().as_str()), (&Method::POST, "https://a.example/y"));
        assert_eq!(next.headers().len(), 5);
        assert!(next.body().is_some());
    }

    #[test]
    fn another_origin_gets_no_credentials() {
        for location in ["https://b.example/y", "http://a.example/y", "https://a.example:444/y", "//b.example"] {
            let next = redirected(307, location).expect("followed");
            let names: Vec<_> = next.headers().keys().map(reqwest::header::HeaderName::as_str).collect();
            assert_eq!(names, ["content-type", "x-other"], "{location}");
        }
    }

    #[test]
    fn see_other_becomes_get_without_body() {
        for status in [301, 302, 303] {
            let next = redirected(status, "/y").expect("followed");
            assert_eq!(next.method(), Method::GET);
            assert!(next.body().is_none() && !next.headers().contains_key(CONTENT_TYPE));
        }
    }

    #[test]
    fn a_request_without_body_is_repeated_as_it_was() {
        let mut sent = post();
        *sent.body_mut() = None;
        *sent.timeout_mut() = Some(Duration::from_secs(7));
        let next = answered(&sent, 308, "z?b#c").expect("followed");
        assert_eq!((next.method(), next.url().as_str()), (&Method::POST, "https://a.example/z?b#c"));
        assert_eq!((next.headers(), next.timeout()), (sent.headers(), sent.timeout()));
    }

    #[test]
    fn a_body_that_was_a_stream_is_not_sent_again() {
        let mut sent = post();
        let stream = futures_util::stream::iter([Ok::<_, std::io::Error>("body")]);
        *sent.body_mut() = Some(reqwest::Body::wrap_stream(stream));
        assert!(answered(&sent, 307, "/y").is_none());
        assert!(answered(&sent, 303, "/y").expect("followed").body().is_none());
    }

    #[test]
    fn what_cannot_be_followed_is_not() {
        assert!(redirected(304, "/y").is_none());
        assert!(redirected(302, "file:///etc/passwd").is_none());
    }
}
