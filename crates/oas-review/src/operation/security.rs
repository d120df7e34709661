//! Who may call: requirements of operations, and the schemes they name.

use std::collections::{BTreeMap, BTreeSet};

use oas_document::Location;
use oas_model::{ApiKeyLocation, OAuthFlow, OAuthFlowKind, Operation, SecurityScheme, SecuritySchemeKind};

use crate::comparison::{ChangeBuilder, Comparison};
use crate::effect::Exchange;
use crate::rule::{Rule, is};
use crate::side::Side;
use crate::witness::Counterparts;

use super::call::Call;

/// One way to satisfy an operation: schemes, and the scopes each needs. Empty: anonymous.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Alternative {
    schemes: BTreeMap<String, BTreeSet<String>>,
    at: Location,
}

impl Alternative {
    /// Whether whoever satisfies `other` satisfies this one too.
    fn is_implied_by(&self, other: &Self) -> bool {
        self.schemes.iter().all(|(name, scopes)| other.schemes.get(name).is_some_and(|theirs| scopes.is_subset(theirs)))
    }

    fn has_same_schemes(&self, other: &Self) -> bool {
        self.schemes.keys().eq(other.schemes.keys())
    }

    fn words(&self) -> String {
        if self.schemes.is_empty() {
            return "no credentials".to_owned();
        }
        self.schemes.keys().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(" and ")
    }
}

/// Where the requirements of an operation stand.
fn home(side: Side<'_>, operation: &Operation) -> Location {
    let owner = if operation.has_own_security { operation.at.clone() } else { side.document.root_location() };
    owner.child("security")
}

impl<'a> Comparison<'a> {
    pub(crate) fn compare_security(&mut self, call: Call<'a>) {
        let homes = (home(self.base, call.old), home(self.revision, call.new));
        let renamed = self.renamed_schemes();
        let mut old = alternatives(call.old, &homes.0, &BTreeMap::new());
        let mut new = alternatives(call.new, &homes.1, &renamed);
        let (all_old, all_new) = (old.clone(), new.clone());
        // The same schemes with other scopes.
        old.retain(|was| {
            let Some(index) = new.iter().position(|is| is.has_same_schemes(was)) else { return true };
            let is = new.remove(index);
            self.compare_scopes(call, was, &is);
            false
        });
        let mut lost: Vec<Alternative> =
            old.iter().filter(|was| !all_new.iter().any(|is| is.is_implied_by(was))).cloned().collect();
        let mut won: Vec<Alternative> = new
            .iter()
            .filter(|is| {
                !all_old.iter().any(|was| is.is_implied_by(was) && was.is_implied_by(is) || was.is_implied_by(is))
            })
            .cloned()
            .collect();
        let mut pairs = Vec::new();
        lost.retain(|was| {
            let Some(is) = new.iter().find(|is| was.is_implied_by(is) && !was.schemes.is_empty()) else { return true };
            pairs.push((is::SECURITY_TIGHTENED, was.clone(), is.clone()));
            false
        });
        won.retain(|is| {
            let Some(was) = old.iter().find(|was| is.is_implied_by(was) && !is.schemes.is_empty()) else { return true };
            pairs.push((is::SECURITY_RELAXED, was.clone(), is.clone()));
            false
        });
        for (rule, was, is) in pairs {
            self.add(security_change(call, rule, &was.at, &is.at).from(was.words()).to(is.words()));
        }
        let list = |all: &[Alternative]| all.iter().map(Alternative::words).collect::<Vec<_>>().join(" or ");
        for was in lost {
            let rule = if was.schemes.is_empty() { is::SECURITY_INTRODUCED } else { is::SECURITY_ALTERNATIVE_REMOVED };
            self.add(security_change(call, rule, &was.at, &homes.1).name(was.words()).to(list(&all_new)));
        }
        for is in won {
            let rule = match (is.schemes.is_empty(), call.is_callback) {
                (true, true) => is::CALLBACK_SECURITY_DROPPED,
                (true, false) => is::SECURITY_DROPPED,
                (false, _) => is::SECURITY_ALTERNATIVE_ADDED,
            };
            self.add(security_change(call, rule, &homes.0, &is.at).name(is.words()).from(list(&all_old)));
        }
    }

    fn compare_scopes(&mut self, call: Call<'a>, was: &Alternative, is: &Alternative) {
        for (name, scopes) in &was.schemes {
            let Some(others) = is.schemes.get(name) else { continue };
            for scope in others.difference(scopes) {
                let change = security_change(call, is::SCOPE_ADDED, &was.at, &is.at);
                self.add(change.name(format!("`{scope}` of `{name}`")));
            }
            for scope in scopes.difference(others) {
                let change = security_change(call, is::SCOPE_REMOVED, &was.at, &is.at);
                self.add(change.name(format!("`{scope}` of `{name}`")));
            }
        }
    }

    /// Schemes that only have another name: from the new name to the old one.
    fn renamed_schemes(&self) -> BTreeMap<String, String> {
        let (old, new) = (&self.base.api.security_schemes, &self.revision.api.security_schemes);
        let is_free = |name: &String| !new.contains_key(name);
        new.iter()
            .filter(|(name, _)| !old.contains_key(*name))
            .filter_map(|(name, scheme)| {
                let (before, _) =
                    old.iter().find(|(before, was)| is_free(before) && same_kind(&was.kind, &scheme.kind))?;
                Some((name.clone(), before.clone()))
            })
            .collect()
    }

    /// Compares the schemes themselves, each once.
    pub(crate) fn compare_schemes(&mut self) {
        let (old, new) = (&self.base.api.security_schemes, &self.revision.api.security_schemes);
        for (name, was) in old {
            let Some(is) = new.get(name) else { continue };
            let users = self.users_of(name);
            if users.is_empty() {
                let is_same = was.deprecated == is.deprecated && same_kind(&was.kind, &is.kind);
                self.compare_words_at(&format!("the security scheme `{name}`"), &was.at, &is.at);
                if !is_same {
                    let change =
                        ChangeBuilder::new(is::COMPONENT_CHANGED, "the document").at(Some(&was.at), Some(&is.at));
                    self.add(change.name(format!("`securitySchemes/{name}`")));
                }
                continue;
            }
            self.compare_scheme(name, was, is, &users);
        }
    }

    /// The operations that ask for a scheme on either side, by their numbers.
    fn users_of(&self, name: &str) -> Vec<usize> {
        let uses = |operation: &&Operation| operation.security.iter().any(|one| one.schemes.contains_key(name));
        let asks = |one: &Counterparts<'_>| [one.base, one.revision].iter().flatten().any(uses);
        self.counterparts.iter().enumerate().filter(|(_, one)| asks(one)).map(|(number, _)| number).collect()
    }

    fn compare_scheme(&mut self, name: &str, was: &'a SecurityScheme, is: &'a SecurityScheme, users: &[usize]) {
        let title = format!("`{name}`");
        let change = |rule: Rule, keyword: &str| {
            let (there, here) = (was.at.child(keyword), is.at.child(keyword));
            let mut change =
                ChangeBuilder::new(rule, format!("the security scheme {title}")).at(Some(&there), Some(&here));
            change.operations = users.to_vec();
            change.in_exchange(Exchange::Request).name(title.clone())
        };
        self.compare_words_at(&format!("the security scheme {title}"), &was.at, &is.at);
        if was.deprecated != is.deprecated {
            let changed = change(is::SCHEME_DETAIL_CHANGED, "deprecated").name(format!("`deprecated` of {title}"));
            self.add(changed.from(was.deprecated).to(is.deprecated));
        }
        match (&was.kind, &is.kind) {
            (old, new) if same_kind(old, new) => {}
            (
                SecuritySchemeKind::OAuth2 { flows: old, metadata_url: before },
                SecuritySchemeKind::OAuth2 { flows: new, metadata_url: after },
            ) => {
                self.compare_flows(&change, old, new);
                if before != after {
                    let words = |url: &Option<String>| url.clone().unwrap_or_else(|| "none".to_owned());
                    // Where one side has none, tokens come from the places that the flows name.
                    let is_elsewhere = before.is_some() && after.is_some();
                    let rule = if is_elsewhere { is::SCHEME_URL_CHANGED } else { is::SCHEME_DETAIL_CHANGED };
                    let changed = change(rule, "oauth2MetadataUrl").name("`oauth2MetadataUrl`");
                    self.add(changed.from(words(before)).to(words(after)));
                }
            }
            (SecuritySchemeKind::OpenIdConnect { url: old }, SecuritySchemeKind::OpenIdConnect { url: new }) => {
                self.add(change(is::SCHEME_URL_CHANGED, "openIdConnectUrl").from(old.as_str()).to(new.as_str()));
            }
            (
                SecuritySchemeKind::Http { scheme: old, bearer_format: before },
                SecuritySchemeKind::Http { scheme: new, bearer_format: after },
            ) if old.eq_ignore_ascii_case(new) => {
                let words = |format: &Option<String>| format.clone().unwrap_or_else(|| "none".to_owned());
                let detail =
                    change(is::SCHEME_DETAIL_CHANGED, "bearerFormat").name(format!("`bearerFormat` of {title}"));
                self.add(detail.from(words(before)).to(words(after)));
            }
            (old, new) => self.add(change(is::SCHEME_CHANGED, "name").from(words(old)).to(words(new))),
        }
    }

    fn compare_flows(&mut self, change: &dyn Fn(Rule, &str) -> ChangeBuilder, old: &[OAuthFlow], new: &[OAuthFlow]) {
        for was in old {
            let Some(is) = new.iter().find(|is| is.kind == was.kind) else {
                self.add(change(is::SCHEME_FLOW_REMOVED, "flows").from(flow_words(was.kind)));
                continue;
            };
            let urls = [
                ("authorizationUrl", &was.authorization_url, &is.authorization_url),
                ("tokenUrl", &was.token_url, &is.token_url),
                ("refreshUrl", &was.refresh_url, &is.refresh_url),
                ("deviceAuthorizationUrl", &was.device_authorization_url, &is.device_authorization_url),
            ];
            for (keyword, before, after) in urls.into_iter().filter(|(_, before, after)| before != after) {
                let words = |url: &Option<String>| url.clone().unwrap_or_else(|| "none".to_owned());
                let rule = if keyword == "refreshUrl" { is::SCHEME_REFRESH_CHANGED } else { is::SCHEME_URL_CHANGED };
                let changed = change(rule, "flows");
                let name = format!("`{keyword}` of the flow {}", flow_words(was.kind));
                self.add(changed.name(name).from(words(before)).to(words(after)));
            }
            for scope in was.scopes.keys().filter(|scope| !is.scopes.contains_key(*scope)) {
                self.add(change(is::SCHEME_SCOPE_REMOVED, "flows").from(format!("`{scope}`")));
            }
            for scope in is.scopes.keys().filter(|scope| !was.scopes.contains_key(*scope)) {
                self.add(change(is::SCHEME_SCOPE_ADDED, "flows").to(format!("`{scope}`")));
            }
        }
        for is in new.iter().filter(|is| old.iter().all(|was| was.kind != is.kind)) {
            self.add(change(is::SCHEME_FLOW_ADDED, "flows").to(flow_words(is.kind)));
        }
    }
}

fn alternatives(operation: &Operation, home: &Location, renamed: &BTreeMap<String, String>) -> Vec<Alternative> {
    let mut all: Vec<Alternative> = operation
        .security
        .iter()
        .map(|one| Alternative {
            schemes: one
                .schemes
                .iter()
                .map(|(name, scopes)| (renamed.get(name).unwrap_or(name).clone(), scopes.iter().cloned().collect()))
                .collect(),
            at: one.at.clone(),
        })
        .collect();
    if all.is_empty() {
        // What nobody can satisfy is not what everybody can.
        let unknown = "a scheme that is not described".to_owned();
        let schemes = operation.denied.then(|| (unknown, BTreeSet::new())).into_iter().collect();
        all.push(Alternative { schemes, at: home.clone() });
    }
    all
}

/// Whether two kinds of credentials are the same on the wire, where names of headers and of schemes have no case.
fn same_kind(old: &SecuritySchemeKind, new: &SecuritySchemeKind) -> bool {
    match (old, new) {
        (
            SecuritySchemeKind::ApiKey { location: ApiKeyLocation::Header, name: before },
            SecuritySchemeKind::ApiKey { location: ApiKeyLocation::Header, name: after },
        ) => before.eq_ignore_ascii_case(after),
        (
            SecuritySchemeKind::Http { scheme: before, bearer_format: old_format },
            SecuritySchemeKind::Http { scheme: after, bearer_format: new_format },
        ) => before.eq_ignore_ascii_case(after) && old_format == new_format,
        (old, new) => old == new,
    }
}

fn security_change(call: Call<'_>, rule: Rule, base: &Location, revision: &Location) -> ChangeBuilder {
    ChangeBuilder::new(rule, call.subject()).at(Some(base), Some(revision)).in_exchange(call.request()).of(call.number)
}

fn words(kind: &SecuritySchemeKind) -> String {
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => {
            let place = match location {
                ApiKeyLocation::Query => "query parameter",
                ApiKeyLocation::Header => "header",
                ApiKeyLocation::Cookie => "cookie",
            };
            format!("a key in the {place} `{name}`")
        }
        SecuritySchemeKind::Http { scheme, .. } => format!("HTTP {scheme}"),
        SecuritySchemeKind::MutualTls => "mutual TLS".to_owned(),
        SecuritySchemeKind::OAuth2 { .. } => "OAuth 2".to_owned(),
        SecuritySchemeKind::OpenIdConnect { .. } => "OpenID Connect".to_owned(),
    }
}

fn flow_words(kind: OAuthFlowKind) -> &'static str {
    match kind {
        OAuthFlowKind::Implicit => "implicit",
        OAuthFlowKind::Password => "password",
        OAuthFlowKind::ClientCredentials => "clientCredentials",
        OAuthFlowKind::AuthorizationCode => "authorizationCode",
        OAuthFlowKind::DeviceAuthorization => "deviceAuthorization",
    }
}
