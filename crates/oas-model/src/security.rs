//! Security schemes and requirements.

use indexmap::IndexMap;
use oas_document::Location;

use crate::Extensions;

/// OpenAPI 3.1.1, section 4.8.27: Security Scheme Object.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Where it stands.
    pub at: Location,
    /// A description, in CommonMark.
    pub description: Option<String>,
    /// Whether it is deprecated (OpenAPI 3.2).
    pub deprecated: bool,
    /// How a caller proves who it is.
    pub kind: SecuritySchemeKind,
    /// Members whose names start with `x-`.
    pub extensions: Extensions,
}

/// How a caller proves who it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecuritySchemeKind {
    /// `apiKey`
    ApiKey {
        /// Where the key stands.
        location: ApiKeyLocation,
        /// The name of the header, query parameter or cookie.
        name: String,
    },
    /// `http`, by the scheme of the `Authorization` header, in lower case: `basic`, `bearer`, `digest`...
    Http {
        /// The scheme.
        scheme: String,
        /// `bearerFormat`
        bearer_format: Option<String>,
    },
    /// `mutualTLS`
    MutualTls,
    /// `oauth2`
    OAuth2 {
        /// The flows it offers.
        flows: Vec<OAuthFlow>,
        /// Where the authorization server describes itself (OpenAPI 3.2).
        metadata_url: Option<String>,
    },
    /// `openIdConnect`
    OpenIdConnect {
        /// The discovery URL.
        url: String,
    },
}

/// Where an API key stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ApiKeyLocation {
    /// In a query parameter.
    Query,
    /// In a header.
    Header,
    /// In a cookie.
    Cookie,
}

/// OpenAPI 3.1.1, section 4.8.29: OAuth Flow Object.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OAuthFlow {
    /// Which flow.
    pub kind: OAuthFlowKind,
    /// Where a person grants access.
    pub authorization_url: Option<String>,
    /// Where tokens are handed out.
    pub token_url: Option<String>,
    /// Where tokens are renewed.
    pub refresh_url: Option<String>,
    /// Where a device asks for access (OpenAPI 3.2).
    pub device_authorization_url: Option<String>,
    /// The scopes and what they allow.
    pub scopes: IndexMap<String, String>,
}

/// The kinds of OAuth flow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum OAuthFlowKind {
    /// `implicit`
    Implicit,
    /// `password`
    Password,
    /// `clientCredentials`
    ClientCredentials,
    /// `authorizationCode`
    AuthorizationCode,
    /// `deviceAuthorization` (OpenAPI 3.2)
    DeviceAuthorization,
}

/// OpenAPI 3.1.1, section 4.8.30: one way to satisfy an operation's security. Every scheme in it is needed; without
/// any, the operation may be called anonymously.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecurityRequirement {
    /// Where it stands.
    pub at: Location,
    /// The schemes, by name, with the scopes or roles that are needed. Every name is one of
    /// [`Api::security_schemes`](crate::Api::security_schemes).
    pub schemes: IndexMap<String, Vec<String>>,
}
