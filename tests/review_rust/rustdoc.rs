//! The public items of a package, as rustdoc lists them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use public_api::{Builder, PublicItem};

/// Public items by path, each with its signatures; implementations of traits by what they say.
pub(crate) type Items = BTreeMap<String, BTreeSet<String>>;

/// Reads the items that rustdoc wrote, with names of crates replaced: no two packages of one workspace share theirs.
pub(crate) fn items(json: &Path, names: &[(String, String)]) -> Items {
    let api = Builder::from_rustdoc_json(json).omit_blanket_impls(true).omit_auto_trait_impls(true).build();
    let api = api.unwrap_or_else(|error| {
        panic!("{}: {error}; is there a version of `public-api` for the JSON of this rustdoc?", json.display())
    });
    let all: Vec<PublicItem> = api.into_items().collect();
    let text = |item: &PublicItem| {
        names.iter().fold(item.to_string(), |text, (own, shared)| text.replace(own.as_str(), shared))
    };
    let implementations: HashMap<_, bool> = all
        .iter()
        .filter(|item| is_implementation(&text(item)))
        .map(|item| (item.id(), text(item).contains(" for ")))
        .collect();
    // An item that can be named in several ways counts once, by the shortest of them.
    let mut shortest: HashMap<_, (usize, String)> = HashMap::new();
    let mut items = Items::new();
    for item in &all {
        let text = text(item);
        match (implementations.get(&item.id()), item.parent_id().and_then(|parent| implementations.get(&parent))) {
            (Some(true), _) => {
                items.entry(implementation(&text)).or_default();
            }
            // An inherent implementation says nothing, and one of a trait has what the trait asks for.
            (Some(false), _) | (None, Some(true)) => {}
            (None, _) => {
                let path = path(&text);
                let best = shortest.entry(item.id()).or_insert_with(|| (usize::MAX, String::new()));
                let length = path.split("::").count();
                if (length, path.as_str()) < (best.0, path_of(&best.1)) {
                    *best = (length, format!("{path}\n{text}"));
                }
            }
        }
    }
    let mut chosen: Vec<String> = shortest.into_values().map(|(_, text)| text).collect();
    chosen.sort();
    for one in chosen {
        let (path, text) = one.split_once('\n').expect("it was joined above");
        items.entry(path.to_owned()).or_default().insert(without_modules(text));
    }
    // The fields of a variant are a part of it.
    let is_enum = |path: &str| items.get(path).is_some_and(|texts| texts.iter().any(|text| text.contains("pub enum ")));
    let outer = |path: &str| path.rsplit_once("::").map(|(outer, _)| outer.to_owned());
    let inside: Vec<String> = items
        .keys()
        .filter(|path| outer(path).and_then(|variant| outer(&variant)).is_some_and(|owner| is_enum(&owner)))
        .cloned()
        .collect();
    items.retain(|path, _| !inside.contains(path));
    items
}

/// A signature whose types are named by crate and name alone: rustdoc names those of other packages by the modules they
/// stand in, which may be private.
fn without_modules(text: &str) -> String {
    let mut shown = String::new();
    let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == '#' || letter == ':';
    for piece in text.split_inclusive(|letter: char| !is_name(letter)) {
        let (name, rest) = piece.split_at(piece.find(|letter: char| !is_name(letter)).unwrap_or(piece.len()));
        match name.split("::").collect::<Vec<_>>().as_slice() {
            [first, .., last] if last.starts_with(char::is_uppercase) => shown.extend([first, "::", last]),
            _ => shown.push_str(name),
        }
        shown.push_str(rest);
    }
    shown
}

fn path_of(joined: &str) -> &str {
    joined.split('\n').next().unwrap_or_default()
}

fn is_implementation(text: &str) -> bool {
    text.starts_with("impl ") || text.starts_with("impl<")
}

/// The path of an item: `shelter_types::Pet::name` of `pub shelter_types::Pet::name: alloc::string::String`.
fn path(text: &str) -> String {
    const WORDS: [&str; 12] =
        ["pub", "async", "const", "unsafe", "fn", "struct", "enum", "mod", "trait", "type", "static", "use"];
    let mut rest = text;
    while let Some(after) = rest.strip_prefix("#[").and_then(|inner| inner.split_once("] ")) {
        rest = after.1;
    }
    while let Some((_, after)) = rest.split_once(' ').filter(|(word, _)| WORDS.contains(word)) {
        rest = after;
    }
    // Parameters of a type stand between its name and that of its function.
    let mut path = String::new();
    let mut depth = 0_u32;
    for (at, letter) in rest.char_indices() {
        let is_inside = letter == '<' && rest[at..].contains(">::");
        match letter {
            '<' if depth > 0 || is_inside => depth += 1,
            '>' if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            letter if letter.is_alphanumeric() || "_:#".contains(letter) => path.push(letter),
            _ => break,
        }
    }
    path.trim_end_matches(':').replace("r#", "")
}

/// An implementation without the ways to the names in it: `impl Display for Pet`.
pub(crate) fn implementation(text: &str) -> String {
    let text = text.split(" where ").next().unwrap_or_default();
    let mut rest = text.strip_prefix("impl").unwrap_or(text);
    if rest.starts_with('<') {
        let mut depth = 0_u32;
        let end = rest.find(|letter: char| {
            depth = if letter == '<' { depth + 1 } else { depth.saturating_sub(u32::from(letter == '>')) };
            depth == 0
        });
        rest = &rest[end.map_or(0, |end| end + 1)..];
    }
    let (of, to) = rest.trim().split_once(" for ").unwrap_or((rest.trim(), ""));
    format!("impl {} for {}", short(of), without_parameters(&short(to)))
}

/// Names without the ways to them.
fn short(text: &str) -> String {
    let mut shown = String::new();
    let mut name = String::new();
    for letter in text.chars() {
        if letter.is_alphanumeric() || letter == '_' {
            name.push(letter);
        } else if letter == ':' {
            name.clear();
        } else {
            shown.push_str(&name);
            name.clear();
            shown.push(letter);
        }
    }
    shown + &name
}

fn without_parameters(text: &str) -> String {
    text.split('<').next().unwrap_or_default().to_owned()
}
