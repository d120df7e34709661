//! Settling a plan: four passes, each a function from one type to the next.

use oas_model::Api;

use super::finish::Settled;
use super::settings::Settings;
use super::{Packages, finish, reserve, shapes};

/// Decides which Rust items an API becomes, and what they are called.
///
/// Nothing depends on the order in which the document says things: what is named is visited in the order of its keys,
/// and put back into the order of the document at the end.
pub fn settle(api: &Api, settings: &Settings) -> Settled {
    let reserved = reserve::reserve(api, settings);
    let shapes = shapes::shape(api, reserved);
    let named = finish::name(api, packages(&settings.name), shapes);
    finish::finish(api, settings, named)
}

/// The packages of an API of this name.
fn packages(name: &str) -> Packages {
    let name = package_prefix(name);
    Packages { types: format!("{name}-types"), client: format!("{name}-client"), server: format!("{name}-server") }
}

/// A package name: what Cargo allows, in lower case.
fn package_prefix(name: &str) -> String {
    let kept: String =
        name.chars().map(|one| if one.is_ascii_alphanumeric() { one.to_ascii_lowercase() } else { '-' }).collect();
    let kept = kept.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-");
    match kept.chars().next() {
        None => "api".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("api-{kept}"),
        Some(_) => kept,
    }
}
