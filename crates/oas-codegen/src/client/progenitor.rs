//! Running progenitor, and what is done when it cannot.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};

use proc_macro2::{TokenStream, TokenTree};
use progenitor::{GenerationSettings, Generator, HooksMode, InterfaceStyle, TagStyle};
use quote::quote;
use syn::{Item, ItemImpl, ItemStruct};

use super::request::{Context, Request};
use super::skeleton::{self, Placeholders};

/// What progenitor made of one operation.
pub(super) struct Builder {
    /// Where the operation stands among those that were asked for.
    pub(super) request: usize,
    /// The struct of the request builder.
    pub(super) structure: ItemStruct,
    /// Its methods.
    pub(super) implementation: ItemImpl,
}

/// What progenitor made of several operations.
#[derive(Default)]
pub(super) struct Run {
    /// The builders, each with the placeholders that stand in it.
    pub(super) builders: Vec<(Builder, std::rc::Rc<Placeholders>)>,
    /// The operations it could not digest, and what it said.
    pub(super) failed: Vec<(usize, String)>,
}

/// Runs progenitor on the skeleton of `requests`. An operation that it cannot digest is found by halving.
pub(super) fn run(client: Context<'_>, requests: &[&Request<'_>]) -> Run {
    let mut run = Run::default();
    let all: Vec<usize> = (0..requests.len()).collect();
    let mut pending = vec![all];
    while let Some(part) = pending.pop() {
        if part.is_empty() {
            continue;
        }
        let chosen: Vec<&Request<'_>> = part.iter().map(|index| requests[*index]).collect();
        match generate(client, &chosen) {
            Ok((builders, placeholders)) => {
                let placeholders = std::rc::Rc::new(placeholders);
                run.builders.extend(builders.into_iter().map(|builder| {
                    let request = part[builder.request];
                    (Builder { request, ..builder }, std::rc::Rc::clone(&placeholders))
                }));
            }
            Err(reason) => {
                if let [one] = part.as_slice() {
                    run.failed.push((*one, reason));
                } else {
                    let (front, back) = part.split_at(part.len() / 2);
                    pending.extend([back.to_vec(), front.to_vec()]);
                }
            }
        }
    }
    run.failed.sort_by_key(|(index, _)| *index);
    run
}

/// Runs progenitor once. It panics on much that it does not support; none of that is in a skeleton as far as we know,
/// and what we do not know comes back as an error.
fn generate(client: Context<'_>, requests: &[&Request<'_>]) -> Result<(Vec<Builder>, Placeholders), String> {
    let (document, placeholders) = skeleton::skeleton(client, requests);
    let mut settings = GenerationSettings::new();
    settings
        .with_interface(InterfaceStyle::Builder)
        .with_tag(TagStyle::Merged)
        .with_hooks(HooksMode::Expected)
        .with_inner_type(quote!(State));
    for number in placeholders.numbers() {
        settings.with_replacement(format!("T{number}"), format!("__T{number}"), std::iter::empty());
    }
    let tokens = catch_unwind(AssertUnwindSafe(|| Generator::new(&settings).generate_tokens(&document)));
    let tokens = match tokens {
        Ok(Ok(tokens)) => tokens,
        Ok(Err(error)) => return Err(error.to_string()),
        Err(panic) => return Err(panic_message(&*panic)),
    };
    let file: syn::File = syn::parse2(module(tokens)).map_err(|error| error.to_string())?;
    let builders = builders(file, requests);
    if builders.len() == requests.len() {
        Ok((builders, placeholders))
    } else {
        Err("it left out a builder".to_owned())
    }
}

/// What a panic said.
fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str).or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("it panicked").to_owned()
}

/// What stands in the module of the builders. The rest of progenitor's output (a client, empty types, a prelude) is
/// written by [`client_struct`](super::client_struct).
fn module(tokens: TokenStream) -> TokenStream {
    let mut name = None;
    for token in tokens {
        match token {
            TokenTree::Ident(ident) => name = Some(ident),
            TokenTree::Group(group) if name.as_ref().is_some_and(|name| name == "builder") => return group.stream(),
            _ => name = None,
        }
    }
    TokenStream::new()
}

/// The builders in their module.
fn builders(file: syn::File, requests: &[&Request<'_>]) -> Vec<Builder> {
    let positions: BTreeMap<usize, usize> =
        requests.iter().enumerate().map(|(position, request)| (request.index, position)).collect();
    let number = |ident: &syn::Ident| -> Option<usize> {
        let index: usize = ident.to_string().strip_prefix("Op")?.parse().ok()?;
        positions.get(&index).copied()
    };
    let mut builders: Vec<Builder> = Vec::with_capacity(requests.len());
    let mut structure: Option<ItemStruct> = None;
    for item in file.items {
        match (item, structure.take()) {
            (Item::Struct(one), _) => structure = Some(one),
            (Item::Impl(implementation), Some(structure)) => {
                if let Some(request) = number(&structure.ident) {
                    builders.push(Builder { request, structure, implementation });
                }
            }
            _ => {}
        }
    }
    builders
}
