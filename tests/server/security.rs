//! Requirement sets: all of, one of, none.

use case_security_server::axum::{self, extract::Request, middleware::Next};
use case_security_server::{
    AuthContext, AuthError, Authenticator, BasicRequest, BothRequest, CertifiedRequest, ClientCertificate,
    EitherRequest, GatesApi, InheritedRequest, MaybeRequest, OpenRequest, RejectWith, Rejection, ScopedRequest,
    ServerError, router,
    types::{
        BasicResponse, BothResponse, Certificate, CertifiedResponse, CookieKey, EitherResponse, InheritedResponse,
        MaybeResponse, Oauth, OpenResponse, Password, Problem, QueryKey, ScopedResponse, Tenant, Token,
    },
};

use crate::harness::{Running, serve};

/// Whoever says `good`, or has the scopes that it names.
struct Keys;

fn good(by: &str, secret: &str) -> Result<String, AuthError> {
    if secret == "good" { Ok(by.to_owned()) } else { Err(AuthError::invalid()) }
}

impl Authenticator for Keys {
    type Principal = String;

    async fn token(&self, credential: Token, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good("token", credential.expose())
    }

    async fn query_key(&self, credential: QueryKey, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good("query", credential.expose())
    }

    async fn cookie_key(&self, credential: CookieKey, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good("cookie", credential.expose())
    }

    async fn tenant_and_token(&self, tenant: Tenant, token: Token, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good(&format!("token of {}", tenant.expose()), token.expose())
    }

    async fn password(&self, credential: Password, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good(credential.username(), credential.expose())
    }

    async fn oauth(&self, credential: Oauth, context: &AuthContext<'_>) -> Result<String, AuthError> {
        let has = |scope: &&str| credential.expose().split('+').any(|one| one == *scope);
        if context.scopes.iter().all(has) { Ok(context.scopes.join(",")) } else { Err(AuthError::forbidden()) }
    }

    async fn certificate(&self, credential: Certificate, _: &AuthContext<'_>) -> Result<String, AuthError> {
        good("certificate", credential.expose())
    }
}

struct Gates;

impl GatesApi for Gates {
    type Principal = String;

    async fn inherited(&self, request: InheritedRequest<String>) -> Result<InheritedResponse, ServerError> {
        Ok(InheritedResponse::Status200(request.principal))
    }

    async fn open(&self, request: OpenRequest) -> Result<OpenResponse, ServerError> {
        Ok(OpenResponse::Status200(format!("{:?}", request.principal)))
    }

    async fn either(&self, request: EitherRequest<String>) -> Result<EitherResponse, ServerError> {
        Ok(EitherResponse::Status200(request.principal))
    }

    async fn both(&self, request: BothRequest<String>) -> Result<BothResponse, ServerError> {
        Ok(BothResponse::Status200(request.principal))
    }

    async fn maybe(&self, request: MaybeRequest<String>) -> Result<MaybeResponse, ServerError> {
        Ok(MaybeResponse::Status200(request.principal.unwrap_or_else(|| "nobody".to_owned())))
    }

    async fn basic(&self, request: BasicRequest<String>) -> Result<BasicResponse, ServerError> {
        Ok(BasicResponse::Status200(request.principal))
    }

    async fn scoped(&self, request: ScopedRequest<String>) -> Result<ScopedResponse, ServerError> {
        Ok(ScopedResponse::Status200(request.principal))
    }

    async fn certified(&self, request: CertifiedRequest<String>) -> Result<CertifiedResponse, ServerError> {
        Ok(CertifiedResponse::Status200(request.principal))
    }
}

impl RejectWith<Problem> for Gates {
    fn reject(&self, rejection: &Rejection) -> Problem {
        Problem::new(rejection.code())
    }
}

/// Stands for the TLS layer.
async fn tls(mut request: Request, next: Next) -> axum::response::Response {
    let certificate = request.headers().get("test-certificate").and_then(|value| value.to_str().ok());
    if let Some(certificate) = certificate.map(|text| ClientCertificate(text.to_owned())) {
        request.extensions_mut().insert(certificate);
    }
    next.run(request).await
}

async fn running() -> Running {
    serve(router(Gates, Keys).layer(axum::middleware::from_fn(tls))).await
}

const GOOD: (&str, &str) = ("authorization", "Bearer good");
const BAD: (&str, &str) = ("authorization", "Bearer bad");

#[tokio::test]
async fn absent_security_inherits_and_an_empty_list_is_public() {
    let server = running().await;
    assert_eq!(server.get("/inherited", &[GOOD]).await.text, "token");
    assert_eq!(server.get("/inherited", &[("authorization", "bearer  good ")]).await.text, "token");
    let answer = server.get("/inherited", &[]).await;
    assert_eq!((answer.status, answer.header("www-authenticate").as_str()), (401, "Bearer"));
    let answer = server.get("/inherited", &[BAD]).await;
    assert_eq!((answer.status, answer.header("www-authenticate").as_str()), (401, r#"Bearer error="invalid_token""#));
    assert_eq!(server.get("/inherited", &[GOOD, GOOD]).await.status, 401, "which of the two is meant?");
    assert_eq!(server.get("/public", &[]).await.text, "()");
    assert_eq!(server.get("/public", &[BAD]).await.status, 200);
}

#[tokio::test]
async fn any_alternative_is_enough() {
    let server = running().await;
    assert_eq!(server.get("/either", &[GOOD]).await.text, "token");
    assert_eq!(server.get("/either?key=good", &[]).await.text, "query");
    assert_eq!(server.get("/either?key=good", &[BAD]).await.text, "query");
    assert_eq!(server.get("/either", &[("cookie", "a=b; sid=good")]).await.text, "cookie");
    assert_eq!(server.get("/either?key=good&key=good", &[]).await.status, 401);
    let answer = server.get("/either?key=bad", &[]).await;
    assert_eq!(answer.status, 401);
    assert_eq!(
        answer.header("www-authenticate"),
        r#"Bearer error="invalid_token" | ApiKey in="query", name="key" | ApiKey in="cookie", name="sid""#
    );
}

#[tokio::test]
async fn everything_that_is_needed_together_is() {
    let server = running().await;
    assert_eq!(server.get("/both", &[GOOD, ("x-tenant", "t1")]).await.text, "token of t1");
    for headers in [&[GOOD][..], &[("x-tenant", "t1")], &[BAD, ("x-tenant", "t1")], &[]] {
        let answer = server.get("/both", headers).await;
        assert_eq!((answer.status, answer.text.as_str()), (401, r#"{"reason":"unauthorized"}"#));
    }
    let answer = server.get("/both", &[GOOD, ("x-tenant", "t1"), ("accept", "image/png")]).await;
    assert_eq!((answer.status, answer.text.as_str()), (406, r#"{"reason":"not_acceptable"}"#), "the default answer");
}

#[tokio::test]
async fn who_shows_nothing_may_stay_anonymous() {
    let server = running().await;
    assert_eq!(server.get("/optional", &[]).await.text, "nobody");
    assert_eq!(server.get("/optional", &[GOOD]).await.text, "token");
    assert_eq!(server.get("/optional", &[BAD]).await.status, 401);
}

#[tokio::test]
async fn names_and_passwords() {
    let server = running().await;
    let get = async |value: &str| server.get("/basic", &[("authorization", value)]).await;
    assert_eq!(get("Basic YW5uYTpnb29k").await.text, "anna");
    assert_eq!(get("Basic YW5uYTpiYWQ=").await.status, 401);
    for malformed in ["Basic !!!", "Basic YW5uYQ==", "Basic", "Basic /w=="] {
        let answer = get(malformed).await;
        assert_eq!(
            (answer.status, answer.header("www-authenticate").as_str()),
            (401, r#"Basic realm="api", charset="UTF-8""#)
        );
    }
}

#[tokio::test]
async fn either_list_of_scopes_is_enough() {
    let server = running().await;
    let json = ("content-type", "application/json");
    let post = async |token: &str| server.send("POST", "/scoped", &[json, ("authorization", token)], "{}").await;
    assert_eq!(post("Bearer admin").await.text, "admin");
    assert_eq!(post("Bearer write+read").await.text, "read,write");
    assert_eq!(post("Bearer read").await.status, 403);
}

#[tokio::test]
async fn certificates_come_from_the_layer_below() {
    let server = running().await;
    assert_eq!(server.get("/certificate", &[("test-certificate", "good")]).await.text, "certificate");
    assert_eq!(server.get("/certificate", &[]).await.status, 401);
}
