//! What a handler gets.

use http::request::Parts;

use crate::{AnswerExtras, PartHeaders};

/// A request that is what the document describes: authenticated, decoded, validated.
///
/// It is one value and not a list of arguments, so that a parameter or an optional body which the document gains
/// later leaves implementations as they are.
#[derive(Debug)]
#[non_exhaustive]
pub struct Request<Principal, Params, Body> {
    /// Who calls: `Principal` as the `Authenticator` says, an `Option` of it when the operation may also be called
    /// anonymously, `()` when it is public.
    pub principal: Principal,
    /// The parameters; `()` when there are none.
    pub params: Params,
    /// The body; an `Option` when it may be absent, `()` when there is none.
    pub body: Body,
    /// Method, URI, headers and extensions, as they arrived; peer addresses and the like are among the extensions. Boxed,
    /// because a request moves from future to future.
    pub head: Box<Parts>,
    /// The parts of a `multipart/form-data` body with their file names and media types, in their order.
    pub parts: Vec<PartHeaders>,
    /// What the answer gets beside what the document describes: headers, cookies, a stream of bytes.
    pub answer: AnswerExtras,
}

impl<Principal, Params, Body> Request<Principal, Params, Body> {
    /// A request, as a test of an implementation makes it.
    pub fn new(principal: Principal, params: Params, body: Body) -> Self {
        let (head, ()) = http::Request::new(()).into_parts();
        Self { principal, params, body, head: Box::new(head), parts: Vec::new(), answer: AnswerExtras::default() }
    }
}
