//! Security schemes and requirements.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Value};

use super::Builder;
use super::reading::{At, Fields, NodeRef};
use super::slip::did_you_mean;
use crate::vocabulary::{ObjectKind, Version};
use crate::{ApiKeyLocation, OAuthFlow, OAuthFlowKind, SecurityRequirement, SecurityScheme, SecuritySchemeKind};

/// The flows of OAuth and the members each needs (OpenAPI 3.1.1, section 4.8.29; device flow: OpenAPI 3.2).
const FLOWS: [(&str, OAuthFlowKind, &[&str]); 5] = [
    ("implicit", OAuthFlowKind::Implicit, &["authorizationUrl"]),
    ("password", OAuthFlowKind::Password, &["tokenUrl"]),
    ("clientCredentials", OAuthFlowKind::ClientCredentials, &["tokenUrl"]),
    ("authorizationCode", OAuthFlowKind::AuthorizationCode, &["authorizationUrl", "tokenUrl"]),
    ("deviceAuthorization", OAuthFlowKind::DeviceAuthorization, &["deviceAuthorizationUrl", "tokenUrl"]),
];

/// What becomes of requirements of a scheme that is not known. They must not become "no security".
const LEFT_OUT: &str = "alternatives that ask for it are left out";

/// Member `security`.
#[derive(Debug, Clone, Default)]
pub(super) struct Stated {
    /// The alternatives that can be met.
    pub(super) alternatives: Vec<SecurityRequirement>,
    /// Whether there are alternatives and none of them can be met.
    pub(super) denied: bool,
}

impl<'d> Builder<'d> {
    /// Reads the schemes under `components`, so that requirements can be held against them.
    pub(super) fn read_security_schemes(&mut self, schemes: Vec<(&'d str, At<'d>)>) {
        for (name, at) in schemes {
            if let Some(scheme) = self.security_scheme(at) {
                self.security_schemes.insert(name.to_owned(), scheme);
            } else {
                self.broken_schemes.push(name);
            }
        }
    }

    /// A Security Scheme Object, or a reference to one.
    fn security_scheme(&mut self, at: At<'d>) -> Option<SecurityScheme> {
        let followed = self.follow(at, ObjectKind::SecurityScheme)?;
        let fields = self.fields(followed.at, ObjectKind::SecurityScheme)?;
        let description = self.text(&fields, "description");
        Some(SecurityScheme {
            kind: self.scheme_kind(&fields)?,
            description: followed.description.or(description),
            deprecated: self.flag(&fields, "deprecated"),
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// How a caller proves who it is. What cannot be told must not become "no security": nobody can meet it.
    fn scheme_kind(&mut self, fields: &Fields<'d>) -> Option<SecuritySchemeKind> {
        /// The words of the specification.
        const TYPES: [&str; 5] = ["apiKey", "http", "mutualTLS", "oauth2", "openIdConnect"];
        let kind = self.scheme_member(fields, "type")?;
        let by_case = TYPES.into_iter().find(|one| one.eq_ignore_ascii_case(&kind));
        if let Some(one) = by_case.filter(|one| *one != kind) {
            let hint = format!("write `type: {one}`");
            self.report_scheme_type(fields, &kind, &format!("`{one}` is taken"), hint);
        }
        match by_case.unwrap_or(&kind) {
            "apiKey" => {
                let name = self.scheme_member(fields, "name");
                Some(SecuritySchemeKind::ApiKey { location: self.key_location(fields)?, name: name? })
            }
            "http" => Some(SecuritySchemeKind::Http {
                scheme: self.scheme_member(fields, "scheme")?.to_ascii_lowercase(),
                bearer_format: self.text(fields, "bearerFormat"),
            }),
            "mutualTLS" => {
                if self.version == Version::V3_0 {
                    self.report_version("`type: mutualTLS`", Version::V3_1, &fields.at.location.child("type"));
                }
                Some(SecuritySchemeKind::MutualTls)
            }
            "oauth2" => Some(SecuritySchemeKind::OAuth2 {
                flows: self.flows(fields),
                metadata_url: self.text(fields, "oauth2MetadataUrl"),
            }),
            "openIdConnect" => {
                Some(SecuritySchemeKind::OpenIdConnect { url: self.scheme_member(fields, "openIdConnectUrl")? })
            }
            // Swagger 2.0 had `basic`, and many think that there is `bearer`.
            scheme @ ("basic" | "bearer") => {
                let (became, hint) = (
                    format!("`http` with the scheme `{scheme}` is taken"),
                    format!("write `type: http`, `scheme: {scheme}`"),
                );
                self.report_scheme_type(fields, scheme, &became, hint);
                let bearer_format = self.text(fields, "bearerFormat");
                Some(SecuritySchemeKind::Http { scheme: scheme.to_owned(), bearer_format })
            }
            other => {
                let hint = did_you_mean(other, TYPES).unwrap_or_else(|| format!("one of {}", TYPES.join(", ")));
                self.report_scheme_type(fields, other, LEFT_OUT, hint);
                None
            }
        }
    }

    /// Reports a type of schemes that is not in the specification, and what became of it.
    fn report_scheme_type(&mut self, fields: &Fields<'d>, kind: &str, became: &str, hint: String) {
        let message = format!("security schemes of type `{kind}` are not known; {became}");
        let finding = Diagnostic::slip("unknown-scheme-type", message).hint(hint);
        self.report(finding, &fields.at.location.child("type"));
    }

    /// A member that a scheme of its type needs.
    fn scheme_member(&mut self, fields: &Fields<'d>, name: &'static str) -> Option<String> {
        let text = self.text(fields, name);
        if text.is_none() {
            let finding =
                Diagnostic::slip("missing-member", format!("this security scheme needs `{name}`; {LEFT_OUT}"))
                    .hint("add it, in an overlay where the document is not yours");
            self.report(finding, &fields.at.location);
        }
        text
    }

    /// Where an API key stands.
    fn key_location(&mut self, fields: &Fields<'d>) -> Option<ApiKeyLocation> {
        /// The words of the specification.
        const WORDS: [(&str, ApiKeyLocation); 3] =
            [("query", ApiKeyLocation::Query), ("header", ApiKeyLocation::Header), ("cookie", ApiKeyLocation::Cookie)];
        let text = self.scheme_member(fields, "in")?;
        let found = self.location(fields, "API key", &text, &WORDS);
        if found.is_none() {
            let hint = did_you_mean(&text, WORDS.map(|(word, _)| word));
            let finding = Diagnostic::slip("unknown-location", format!("no API key stands in `{text}`; {LEFT_OUT}"))
                .hint(hint.unwrap_or_else(|| "one of `query`, `header` and `cookie`".to_owned()));
            self.report(finding, &fields.at.location.child("in"));
        }
        found
    }

    /// The `flows` of OAuth.
    fn flows(&mut self, scheme: &Fields<'d>) -> Vec<OAuthFlow> {
        let Some(node) = scheme.get("flows") else {
            let finding = Diagnostic::warning("missing-member", "an OAuth scheme needs `flows`; it has none");
            self.report(finding.hint("add `flows`, with at least one flow"), &scheme.at.location);
            return Vec::new();
        };
        let Some(fields) = self.fields(node.at(), ObjectKind::OAuthFlows) else { return Vec::new() };
        let mut flows = Vec::new();
        for (name, kind, needed) in FLOWS {
            if let Some(node) = fields.get(name) {
                flows.extend(self.flow(node.at(), kind, needed));
            }
        }
        flows
    }

    /// An OAuth Flow Object.
    fn flow(&mut self, at: At<'d>, kind: OAuthFlowKind, needed: &[&'static str]) -> Option<OAuthFlow> {
        let fields = self.fields(at, ObjectKind::OAuthFlow)?;
        for name in needed {
            if fields.get(name).is_none() {
                let finding = Diagnostic::warning("missing-member", format!("this OAuth flow needs `{name}`"));
                self.report(finding.hint(format!("add `{name}`")), &fields.at.location);
            }
        }
        let mut scopes = IndexMap::new();
        if let Some(node) = fields.get("scopes") {
            if node.node.as_object().is_none() {
                self.wrong_kind(node, "an object of scopes and descriptions");
            }
            for (name, node) in node.at().members() {
                let is_absent = matches!(node.node.value, Value::Null);
                let description = if is_absent { None } else { self.read_text(node) };
                scopes.insert(name.to_owned(), description.unwrap_or_default());
            }
        }
        Some(OAuthFlow {
            kind,
            authorization_url: self.text(&fields, "authorizationUrl"),
            token_url: self.text(&fields, "tokenUrl"),
            refresh_url: self.text(&fields, "refreshUrl"),
            device_authorization_url: self.text(&fields, "deviceAuthorizationUrl"),
            scopes,
        })
    }

    /// Member `security` of the document or an operation; `None` when it is absent.
    pub(super) fn security_of(&mut self, fields: &Fields<'d>) -> Option<Stated> {
        let node = fields.get("security")?;
        let items: Vec<At<'d>> = match &node.node.value {
            Value::Array(_) => node.at().items().map(|item| item.at()).collect(),
            Value::Object(_) => {
                let message = "`security` must be an array, but is an object; it is taken as its only item";
                let finding = Diagnostic::warning("wrong-kind", message).hint("put it into brackets: `[{name: []}]`");
                self.report(finding, &node.location());
                vec![node.at()]
            }
            _ => {
                let message = "`security` must be an array of security requirements; nobody can meet this";
                let finding = Diagnostic::slip("wrong-kind", message)
                    .hint("write `security: [{name: []}]`, or `security: []` for none");
                self.report(finding, &node.location());
                return Some(Stated { alternatives: Vec::new(), denied: true });
            }
        };
        let stated = items.len();
        let alternatives: Vec<_> = items.into_iter().filter_map(|at| self.requirement(at)).collect();
        let denied = alternatives.is_empty() && stated > 0;
        if denied {
            let message = "no alternative is left: a server refuses all callers, a client sends no credentials";
            let finding = Diagnostic::slip("unmet-security", message)
                .hint("describe one of the schemes under `components/securitySchemes`, in an overlay");
            self.report(finding, &node.location());
        }
        Some(Stated { alternatives, denied })
    }

    /// A Security Requirement Object; `None` when one of its schemes is not known, so that nobody can meet it.
    fn requirement(&mut self, at: At<'d>) -> Option<SecurityRequirement> {
        if let Some(name) = at.node.as_str().filter(|name| self.security_schemes.contains_key(*name)) {
            let message = format!("a security requirement is an object; this text is taken as `{name}: []`");
            let finding = Diagnostic::slip("wrong-kind", message).hint(format!("write `{name}: []`"));
            self.report(finding, &at.location);
            let schemes = IndexMap::from([(name.to_owned(), Vec::new())]);
            return Some(SecurityRequirement { at: at.location, schemes });
        }
        if at.node.as_object().is_none() {
            let message = format!("a security requirement is an object of scheme names; {LEFT_OUT}");
            let finding = Diagnostic::slip("wrong-kind", message).hint("write `schemeName: []`");
            self.report(finding, &at.location);
            return None;
        }
        let mut schemes = IndexMap::new();
        let mut is_known = true;
        for (name, node) in at.members() {
            let Some(name) = self.required_scheme(name, node) else {
                is_known = false;
                continue;
            };
            let is_absent = matches!(node.node.value, Value::Null);
            let scopes = if is_absent { Vec::new() } else { self.read_texts(node) };
            self.check_scopes(&name, &scopes, node);
            schemes.insert(name, scopes);
        }
        is_known.then_some(SecurityRequirement { at: at.location, schemes })
    }

    /// The name of the scheme that a requirement names, by its name or, in OpenAPI 3.2, by a reference.
    fn required_scheme(&mut self, name: &str, node: NodeRef<'_, 'd>) -> Option<String> {
        if self.security_schemes.contains_key(name) {
            return Some(name.to_owned());
        }
        if self.broken_schemes.contains(&name) {
            return None;
        }
        if self.is_3_2() && name.contains(['#', '/', '.']) {
            let location = match self.document.resolve_at(&node.location(), name) {
                Ok(location) => location,
                Err(reason) => {
                    self.report_unresolved(node, &reason, LEFT_OUT);
                    return None;
                }
            };
            let known = self.security_schemes.iter().find(|(_, scheme)| scheme.at == location);
            if let Some((known, _)) = known {
                return Some(known.clone());
            }
            let at = self.at(location)?;
            let scheme = self.security_scheme(at)?;
            self.security_schemes.insert(name.to_owned(), scheme);
            return Some(name.to_owned());
        }
        let known = self.security_schemes.keys().map(String::as_str);
        let hint = did_you_mean(name, known.clone()).unwrap_or_else(|| {
            let names: Vec<String> = known.map(|name| format!("`{name}`")).collect();
            if names.is_empty() {
                "describe it under `components/securitySchemes`".to_owned()
            } else {
                format!("there are {}", names.join(", "))
            }
        });
        let message = format!("there is no security scheme `{name}`; {LEFT_OUT}");
        let finding = Diagnostic::slip("unknown-security-scheme", message);
        self.report(finding.hint(hint), &node.location());
        None
    }

    /// Reports scopes that the scheme does not offer.
    fn check_scopes(&mut self, name: &str, scopes: &[String], node: NodeRef<'_, 'd>) {
        let Some(SecurityScheme { kind: SecuritySchemeKind::OAuth2 { flows, .. }, .. }) =
            self.security_schemes.get(name)
        else {
            return;
        };
        let is_offered = |scope: &String| flows.iter().any(|flow| flow.scopes.contains_key(scope));
        let stray: Vec<String> = scopes.iter().filter(|scope| !is_offered(scope)).cloned().collect();
        for scope in stray {
            let message = format!("security scheme `{name}` describes no scope `{scope}`");
            self.report(Diagnostic::note("unknown-scope", message), &node.location());
        }
    }
}
