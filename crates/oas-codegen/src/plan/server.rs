//! Servers that can be chosen by name, and the values of the variables in their URLs.

use std::collections::BTreeMap;

use indexmap::IndexSet;
use oas_document::Location;
use oas_model::{Api, Server};

use super::key::{Key, KeyKind, KeyPath};
use super::names::Kind;
use super::naming::Names;
use super::request::Request;
use super::scope::Scope;
use super::{Ident, ServerItem, VariableItem};

/// What the setters of a server stand beside.
const RESERVED: [&str; 8] = ["new", "clone", "default", "eq", "fmt", "from", "into", "ne"];

/// Of so many words a description is a name.
const MOST_WORDS: usize = 4;

/// A server that is worth a name.
struct Named<'a> {
    server: &'a Server,
    path: KeyPath,
}

/// The enum of a variable, with its variants and the values they stand for.
type Choice = (Ident, Vec<(Ident, String)>);

/// The servers of the document and of its operations: when there is something to choose, of their variables or among
/// them.
pub(super) fn settle(api: &Api, all: &mut Names<'_>) -> Vec<ServerItem> {
    let of_operations = api.operations.iter().flat_map(|operation| &operation.servers);
    let mut servers: BTreeMap<KeyPath, &Server> = BTreeMap::new();
    for server in api.servers.iter().chain(of_operations).filter(|server| is_whole(server)) {
        let path = KeyPath::root("servers", server.name.as_deref().unwrap_or(&server.url));
        servers.entry(path).or_insert(server);
    }
    if servers.len() < 2 && servers.values().all(|server| server.variables.is_empty()) {
        return Vec::new();
    }
    let servers: Vec<Named<'_>> = servers.into_iter().map(|(path, server)| Named { server, path }).collect();
    let mut scope = Scope::new(Kind::Type, "servers");
    let requests = servers.iter().map(|one| request(one, &one.path, &words(one.server), &address(&one.server.url)));
    let idents = scope.settle(&mut all.register, requests.collect());
    let choices: Vec<(usize, &String, IndexSet<&str>)> = servers
        .iter()
        .enumerate()
        .flat_map(|(index, one)| one.server.variables.keys().map(move |name| (index, name)))
        .filter_map(|(index, name)| Some((index, name, choices(servers[index].server, name)?)))
        .collect();
    let requests = choices.iter().map(|(index, name, _)| {
        let one = &servers[*index];
        request(one, &one.path.child(name), name, &format!("{} {name}", idents[*index].as_str()))
    });
    let types = scope.settle(&mut all.register, requests.collect());
    let mut enums: BTreeMap<(usize, &str), Choice> = BTreeMap::new();
    for ((index, name, values), ident) in choices.into_iter().zip(types) {
        let variants = variants(&servers[index], name, values, all);
        enums.insert((index, name), (ident, variants));
    }
    let items = servers.iter().zip(idents).enumerate();
    items.map(|(index, (one, ident))| item(one, ident, index, &mut enums, all)).collect()
}

/// What a server becomes.
fn item<'a>(
    one: &Named<'a>,
    ident: Ident,
    index: usize,
    enums: &mut BTreeMap<(usize, &'a str), Choice>,
    all: &mut Names<'_>,
) -> ServerItem {
    let at = &one.server.at;
    let mut scope =
        Scope::with_reserved(Kind::Method, format!("variables of `{ident}`"), |name| RESERVED.contains(&name));
    let requests = one.server.variables.keys().map(|name| {
        let key = Key::new(KeyKind::Field, &one.path.child(name));
        Request::named(Kind::Method, name, key, at).or(Kind::Method, &format!("{name} variable"))
    });
    let setters = scope.settle(&mut all.register, requests.collect());
    let variables = one.server.variables.iter().zip(setters).map(|((name, variable), setter)| VariableItem {
        wire: name.clone(),
        ident: setter,
        doc: variable.description.clone().unwrap_or_default(),
        default: variable.default.clone(),
        at: variable_at(at, name),
        choice: enums.remove(&(index, name.as_str())),
    });
    ServerItem {
        ident,
        url: one.server.url.clone(),
        doc: one.server.description.clone().unwrap_or_default(),
        at: at.clone(),
        variables: variables.collect(),
    }
}

/// Where a variable stands.
fn variable_at(server: &Location, name: &str) -> Location {
    server.child("variables").child(name)
}

/// Whether the URL says where the server is, once its variables have values.
fn is_whole(server: &Server) -> bool {
    server.default_url().contains("://")
}

/// The values of a variable when it has few: those that the document lists, and the default.
fn choices<'a>(server: &'a Server, name: &str) -> Option<IndexSet<&'a str>> {
    let variable = &server.variables[name];
    let default = (!variable.default.is_empty()).then_some(&variable.default);
    let values: IndexSet<&str> = variable.values.iter().chain(default).map(String::as_str).collect();
    (!variable.values.is_empty()).then_some(values)
}

/// A request for the name of a type.
fn request(one: &Named<'_>, path: &KeyPath, words: &str, longer: &str) -> Request {
    let key = Key::new(KeyKind::Server, path);
    let request = Request::named(Kind::Type, words, key, &one.server.at).or(Kind::Type, longer);
    Request { is_vague: false, ..request }
}

/// What people call a server: by its name, or by its description when that is one, or by its address.
fn words(server: &Server) -> String {
    let description = server.description.as_deref().map(str::trim).filter(|text| {
        let count = text.split_whitespace().count();
        (1..=MOST_WORDS).contains(&count) && !text.contains("://")
    });
    let words = server.name.as_deref().or(description).map(|words| words.trim_end_matches('.'));
    let Some(words) = words else { return address(&server.url) };
    // What it is says the module already.
    let short = ["server", "Server"].iter().find_map(|kind| words.strip_suffix(kind)).map(str::trim);
    short.filter(|short| !short.is_empty()).unwrap_or(words).to_owned()
}

/// The words of an address: `api example com` for `https://api.example.com/`.
fn address(url: &str) -> String {
    let behind = url.split_once("://").map_or(url, |(_, behind)| behind);
    behind.replace(|one: char| !one.is_alphanumeric(), " ")
}

/// The variants of the enum of a variable.
fn variants(one: &Named<'_>, name: &str, values: IndexSet<&str>, all: &mut Names<'_>) -> Vec<(Ident, String)> {
    let path = one.path.child(name);
    let mut scope = Scope::new(Kind::Variant, format!("values of `{name}`"));
    let at = variable_at(&one.server.at, name);
    let requests = values.iter().map(|value| Request::named(Kind::Variant, value, path.variant_key(value), &at));
    let idents = scope.settle(&mut all.register, requests.collect());
    idents.into_iter().zip(values).map(|(ident, value)| (ident, value.to_owned())).collect()
}
