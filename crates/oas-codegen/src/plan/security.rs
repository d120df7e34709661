//! Security schemes and requirement sets.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexSet;
use oas_document::Location;
use oas_model::{Api, Operation, SecurityRequirement, SecurityScheme, SecuritySchemeKind};

use super::in_order::in_order;
use super::key::{Key, KeyKind, KeyPath};
use super::names::{self, Kind};
use super::naming::Names;
use super::operation_names::ReservedNames;
use super::register::Register;
use super::request::Request;
use super::scope::Scope;
use super::type_names::{Base, TypeRequest};
use super::{AlternativeItem, CredentialsId, CredentialsItem, Ident, OperationItem, Plan, SchemeId, SchemeItem};

/// The distinct requirement sets, and which one each operation has.
pub(super) struct Requirements {
    pub(super) items: Vec<CredentialsItem>,
    /// The one of each operation of the model; `None` when it is public.
    pub(super) by_operation: Vec<Option<CredentialsId>>,
}

/// Methods that the client's builder has anyway, settings of the command line, and what else methods of an
/// authenticator are given.
const RESERVED: [&str; 20] = [
    "base_url",
    "build",
    "clone",
    "config",
    "connect_timeout",
    "context",
    "deadline",
    "default_header",
    "inject",
    "http_client",
    "into",
    "layer",
    "new",
    "operation_base_url",
    "read_timeout",
    "retries",
    "timeout",
    "transport",
    "user_agent",
    "without_credentials",
];

/// The security schemes, and what stands for several that are needed together.
pub(super) struct Schemes {
    /// Those that operations use, in the order of the document.
    pub(super) items: Vec<SchemeItem>,
    /// The method of the authenticator for several, by their names in order.
    together: BTreeMap<BTreeSet<String>, Ident>,
}

/// The schemes that operations use, and the names of those that are needed together.
pub(super) fn settle_schemes(api: &Api, all: &mut Names<'_>) -> Schemes {
    let used: BTreeSet<&str> = api
        .operations
        .iter()
        .flat_map(|operation| &operation.security)
        .flat_map(|requirement| requirement.schemes.keys().map(String::as_str))
        .collect();
    let schemes: Vec<(&String, &SecurityScheme)> =
        api.security_schemes.iter().filter(|(name, _)| used.contains(name.as_str())).collect();
    let sets = needed_together(api);
    let Methods { own, providers, together } = settle_methods(&mut all.register, &schemes, &sets);
    let named = schemes.into_iter().zip(own.into_iter().zip(providers));
    let items = named
        .map(|((name, scheme), (method_ident, provider_ident))| {
            let (path, key) = (KeyPath::root("securitySchemes", name), scheme_key(name));
            // The type is called like the method, which may be pinned.
            let words = if all.register.is_pinned(&key, &scheme.at) { method_ident.as_str() } else { name };
            let is_kept = all.register.is_kept(&key, &method_ident);
            let type_ident = all.types.ask(TypeRequest {
                key: path.type_key(),
                base: Base::Settled { is_kept },
                words: words.to_owned(),
                longer: Some(format!("{words} Credential")),
                at: scheme.at.clone(),
                has_place: false,
            });
            let doc = super::doc::of_scheme(scheme);
            SchemeItem { scheme: name.clone(), key: path, type_ident, method_ident, provider_ident, doc }
        })
        .collect();
    Schemes { items, together: sets.into_keys().zip(together).collect() }
}

fn scheme_key(name: &str) -> Key {
    Key::new(KeyKind::Scheme, &KeyPath::root("securitySchemes", name))
}

/// The schemes that operations need together, each set once, with a place that asks for it.
fn needed_together(api: &Api) -> BTreeMap<BTreeSet<String>, Location> {
    let requirements = api.operations.iter().flat_map(|operation| &operation.security);
    let known = |name: &&String| api.security_schemes.contains_key(*name);
    let mut sets = BTreeMap::new();
    for requirement in requirements {
        let set: BTreeSet<String> = requirement.schemes.keys().filter(known).cloned().collect();
        if set.len() > 1 {
            sets.entry(set).or_insert_with(|| requirement.at.clone());
        }
    }
    sets
}

/// The names of methods that belong to schemes.
struct Methods {
    /// One per scheme.
    own: Vec<Ident>,
    /// One per scheme that takes tokens.
    providers: Vec<Option<Ident>>,
    /// One per set of schemes.
    together: Vec<Ident>,
}

/// Names the methods of the client's builder and of the authenticator: for the schemes, for what fetches their tokens,
/// and for those that are needed together. What is called after schemes is named when these are.
fn settle_methods(
    register: &mut Register<'_>,
    schemes: &[(&String, &SecurityScheme)],
    sets: &BTreeMap<BTreeSet<String>, Location>,
) -> Methods {
    let mut scope = Scope::with_reserved(Kind::Method, "security schemes", |ident| RESERVED.contains(&ident));
    let mut requests: Vec<Request> = schemes
        .iter()
        .map(|(name, scheme)| {
            Request::named(Kind::Method, name, scheme_key(name), &scheme.at)
                .or(Kind::Method, &format!("{name} credential"))
                .placed()
        })
        .collect();
    let tokens: Vec<usize> = (0..schemes.len()).filter(|index| takes_token(&schemes[*index].1.kind)).collect();
    requests.extend(tokens.iter().map(|index| {
        let (name, scheme) = schemes[*index];
        let key = Key::new(KeyKind::Provider, &KeyPath::root("securitySchemes", name));
        Request { forms: Vec::new(), ..Request::named(Kind::Method, name, key, &scheme.at) }
    }));
    requests.extend(sets.iter().map(|(set, at)| {
        let path = set.iter().fold(KeyPath::section("securitySchemes"), |path, name| path.child(name));
        let key = Key::new(KeyKind::Scheme, &path);
        Request { forms: Vec::new(), ..Request::named(Kind::Method, "", key, at) }
    }));
    let mut idents = scope.take_given(register, &requests);
    let rest = schemes.len()..requests.len();
    scope.take_rest(
        register,
        &(0..schemes.len()).map(|index| (index, &requests[index])).collect::<Vec<_>>(),
        &mut idents,
    );
    let method = |idents: &[Option<Ident>], name: &str| {
        let index = schemes.iter().position(|(other, _)| *other == name);
        let ident = index.and_then(|index| idents[index].as_ref()).map(Ident::as_str).unwrap_or_default();
        // What keeps a name off a keyword, `self_` say, would double the underscore.
        ident.trim_end_matches('_').to_owned()
    };
    let providers = tokens.iter().map(|index| {
        let name = method(&idents, schemes[*index].0);
        vec![format!("{name}_provider"), format!("{name}_token_provider")]
    });
    let together = sets.keys().map(|set| {
        let name = set.iter().map(|name| method(&idents, name)).collect::<Vec<_>>().join("_and_");
        vec![name.clone(), format!("{name}_together")]
    });
    let forms: Vec<Vec<String>> = providers.chain(together).collect();
    for (index, forms) in rest.clone().zip(forms) {
        requests[index].forms = forms;
    }
    scope.take_rest(register, &rest.map(|index| (index, &requests[index])).collect::<Vec<_>>(), &mut idents);
    let mut idents = idents.into_iter().flatten();
    let own = idents.by_ref().take(schemes.len()).collect();
    let mut providers = vec![None; schemes.len()];
    for (index, ident) in tokens.iter().zip(idents.by_ref().take(tokens.len()).collect::<Vec<_>>()) {
        providers[*index] = Some(ident);
    }
    Methods { own, providers, together: idents.collect() }
}

/// Whether the secret of a scheme is a token, which may have to be fetched while the client runs.
fn takes_token(kind: &SecuritySchemeKind) -> bool {
    match kind {
        SecuritySchemeKind::Http { scheme, .. } => scheme == "bearer",
        SecuritySchemeKind::OAuth2 { .. } | SecuritySchemeKind::OpenIdConnect { .. } => true,
        SecuritySchemeKind::ApiKey { .. } | SecuritySchemeKind::MutualTls => false,
    }
}

/// The distinct requirement sets of the operations. In which order a set lists its alternatives means nothing on the
/// wire: sets that list the same are one, called after its alternatives in the order of their names. They are tried in
/// the order of the operation that comes first by its key.
pub(super) fn settle_requirements(
    api: &Api,
    names: &mut Names<'_>,
    schemes: &Schemes,
    heads: &[ReservedNames],
) -> Requirements {
    let mut sets: BTreeMap<BTreeSet<Vec<SchemeId>>, CredentialsId> = BTreeMap::new();
    let mut items = Vec::new();
    let mut by_operation = vec![None; heads.len()];
    for index in in_order(heads, |head| head.path.as_str()) {
        let operation = &api[heads[index].operation];
        let set = alternatives(&operation.security, &schemes.items);
        if set.iter().all(Vec::is_empty) {
            continue;
        }
        by_operation[index] = Some(*sets.entry(set.iter().cloned().collect()).or_insert_with(|| {
            let at = operation.security.first().map_or(&operation.at, |requirement| &requirement.at);
            items.push(names.requirement_set(&set, schemes, at));
            CredentialsId(items.len() - 1)
        }));
    }
    Requirements { items, by_operation }
}

/// The alternatives, each once, in the order of the document, for it is that of preference; the
/// schemes of one are needed together, in whatever order they stand.
fn alternatives(requirements: &[SecurityRequirement], schemes: &[SchemeItem]) -> Vec<Vec<SchemeId>> {
    let by_name = |id: &SchemeId| &schemes[id.0].scheme;
    let indices = |requirement: &SecurityRequirement| {
        let all = (0..schemes.len()).map(SchemeId);
        let mut needed: Vec<SchemeId> = all.filter(|id| requirement.schemes.contains_key(by_name(id))).collect();
        needed.sort_by_key(by_name);
        needed
    };
    requirements.iter().map(indices).collect::<IndexSet<_>>().into_iter().collect()
}

impl AlternativeItem {
    /// Whether it is what a requirement became.
    pub fn is_for(&self, plan: &Plan, requirement: &SecurityRequirement) -> bool {
        let name = |scheme: &SchemeId| &plan[*scheme].scheme;
        let needed = requirement.schemes.keys().filter(|name| plan.schemes.iter().any(|item| item.scheme == **name));
        self.schemes.iter().all(|scheme| requirement.schemes.contains_key(name(scheme)))
            && needed.count() == self.schemes.len()
    }
}

impl OperationItem {
    /// The alternatives of its requirement set, in the order of the operation, for it is that of preference.
    pub fn preferred<'a>(&self, plan: &'a Plan, operation: &Operation) -> Vec<&'a AlternativeItem> {
        let Some(set) = self.credentials.map(|id| &plan[id]) else { return Vec::new() };
        let rank = |one: &AlternativeItem| {
            operation.security.iter().position(|requirement| one.is_for(plan, requirement)).unwrap_or(usize::MAX)
        };
        let mut alternatives: Vec<&AlternativeItem> = set.alternatives.iter().collect();
        alternatives.sort_by_key(|alternative| rank(alternative));
        alternatives
    }
}

impl Names<'_> {
    fn requirement_set(&mut self, set: &[Vec<SchemeId>], all: &Schemes, at: &Location) -> CredentialsItem {
        let schemes = &all.items;
        let of = |ids: &Vec<SchemeId>| ids.iter().map(|id| &schemes[id.0]).collect::<Vec<_>>();
        let wire = |indices: &Vec<SchemeId>| {
            of(indices).iter().map(|item| item.scheme.as_str()).collect::<Vec<_>>().join(" and ")
        };
        // Nobody is the last that a set is called after.
        let mut by_name: Vec<&Vec<SchemeId>> = set.iter().collect();
        by_name.sort_by_key(|indices| (indices.is_empty(), wire(indices)));
        let key = by_name.iter().map(|indices| wire(indices)).collect::<Vec<_>>().join(" or ");
        let key = KeyPath::root("credentials", &key);
        let is_kept = set.iter().flatten().all(|index| {
            let scheme = &schemes[index.0];
            self.register.is_kept(&Key::new(KeyKind::Scheme, &scheme.key), &scheme.method_ident)
        });
        let words = |indices: &Vec<SchemeId>| {
            let words: Vec<&str> = of(indices).iter().map(|item| item.method_ident.as_str()).collect();
            if words.is_empty() { "Anonymous".to_owned() } else { words.join(" and ") }
        };
        let mut scope = Scope::new(Kind::Variant, format!("variants of `{}`", key.as_str()));
        let requests = set.iter().map(|indices| Request {
            key: key.variant_key(&wire(indices)),
            forms: vec![names::ident(Kind::Variant, &words(indices))],
            at: at.clone(),
            has_place: false,
            keeps: is_kept,
            follows: None,
            level: 0,
            is_vague: false,
        });
        let variants: Vec<Ident> = scope.settle(&mut self.register, requests.collect());
        let ident_of =
            |indices: &Vec<SchemeId>| set.iter().position(|one| one == indices).map(|index| &variants[index]);
        let name = by_name.into_iter().filter_map(ident_of).map(Ident::as_str).collect::<Vec<_>>().join(" or ");
        let name = if variants.len() == 1 { format!("{name} Credentials") } else { name };
        let ident = self.types.ask(TypeRequest {
            key: key.type_key(),
            base: Base::Settled { is_kept },
            longer: Some(format!("{name} Credentials")),
            words: name,
            at: at.clone(),
            has_place: false,
        });
        let alternatives = variants
            .into_iter()
            .zip(set)
            .map(|(variant, indices)| {
                let method_ident = match indices.as_slice() {
                    [] => None,
                    [only] => Some(schemes[only.0].method_ident.clone()),
                    several => {
                        let names = several.iter().map(|id| schemes[id.0].scheme.clone()).collect();
                        Some(all.together[&names].clone())
                    }
                };
                AlternativeItem { variant, method_ident, schemes: indices.clone() }
            })
            .collect();
        CredentialsItem { key, ident, alternatives }
    }
}
