//! The public items of generated files.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proc_macro2::Span;
use syn::spanned::Spanned as _;
use syn::{Attribute, Fields, ImplItem, Item, TraitItem, Visibility};

use super::ItemKind;
use super::modules::{ModulePath, Modules, is_public, unraw};
use super::signatures;
use super::text::Text;
use crate::files::OWNED;
use crate::output::PackageFiles;

/// A public item.
#[derive(Debug)]
pub(super) struct Found {
    /// The type or trait it belongs to; empty for items that stand alone.
    pub(super) owner: String,
    /// Its own name.
    pub(super) name: String,
    /// What it is.
    pub(super) kind: ItemKind,
    /// The path by which others name it.
    pub(super) path: String,
    /// The item on one line.
    pub(super) signature: String,
    /// Attributes that consumers can notice.
    pub(super) attributes: Vec<String>,
    /// The file, relative to the package's folder.
    pub(super) file: PathBuf,
    /// The line, from 1.
    pub(super) line: u32,
}

/// A generated file that is not Rust.
#[derive(Debug)]
pub(super) struct NotRust {
    /// The file.
    pub(super) file: PathBuf,
    /// What the parser says.
    pub(super) error: syn::Error,
}

/// Lists the public items of a package, in the order of its files.
pub(super) fn package(package: &PackageFiles) -> Result<Vec<Found>, NotRust> {
    let mut scan = Scan::default();
    let sources: Vec<(ModulePath, &Path, &str)> = package
        .files
        .iter()
        .filter_map(|file| Some((module_path(&file.path)?, file.path.as_path(), file.contents.as_str())))
        .collect();
    for (module, file, text) in &sources {
        let parsed = signatures::parse(text).map_err(|error| NotRust { file: (*file).to_owned(), error })?;
        let text = Text::new(text);
        scan.items(module, &parsed.items, &Context { file, text: &text });
    }
    Ok(scan.finish(&package.name.replace('-', "_")))
}

/// The module that a file holds, counted from `src/generated/mod.rs`; `None` for files that are not Rust.
fn module_path(file: &Path) -> Option<ModulePath> {
    let inside = file.strip_prefix(OWNED).ok()?;
    if inside.extension()? != "rs" {
        return None;
    }
    let mut names: ModulePath =
        inside.with_extension("").components().map(|part| part.as_os_str().to_string_lossy().into_owned()).collect();
    if names.last().is_some_and(|last| last == "mod") {
        names.pop();
    }
    Some(names)
}

/// The file that is being scanned.
struct Context<'a> {
    file: &'a Path,
    text: &'a Text<'a>,
}

/// An item on its way to [`Found`]: its path is known when all modules are.
struct Raw {
    module: ModulePath,
    found: Found,
}

/// What has been found so far.
#[derive(Default)]
struct Scan {
    modules: Modules,
    raw: Vec<Raw>,
}

impl Scan {
    /// Takes the items of a module.
    fn items(&mut self, module: &ModulePath, items: &[Item], context: &Context<'_>) {
        for item in items {
            self.modules.note(module, item);
            self.item(module, item, context);
        }
    }

    /// Takes one item with all that belongs to it.
    fn item(&mut self, module: &ModulePath, item: &Item, context: &Context<'_>) {
        let text = context.text;
        match item {
            Item::Struct(item) if is_public(&item.vis) => {
                let signature = match &item.fields {
                    Fields::Named(fields) => text.up_to(item.vis.span(), fields.brace_token.span.open()),
                    Fields::Unnamed(fields) => text.between(item.vis.span(), fields.paren_token.span.close()),
                    Fields::Unit => text.between(item.vis.span(), item.ident.span()),
                };
                let one = (item.ident.to_string(), ItemKind::Struct, signature);
                self.push(module, "", one, &item.attrs, item.ident.span(), context);
                self.fields(module, item, context);
            }
            Item::Enum(item) if is_public(&item.vis) => {
                let signature = text.up_to(item.vis.span(), item.brace_token.span.open());
                self.push(
                    module,
                    "",
                    (item.ident.to_string(), ItemKind::Enum, signature),
                    &item.attrs,
                    item.ident.span(),
                    context,
                );
                self.variants(module, item, context);
            }
            Item::Trait(item) if is_public(&item.vis) => {
                let signature = text.up_to(item.vis.span(), item.brace_token.span.open());
                self.push(
                    module,
                    "",
                    (item.ident.to_string(), ItemKind::Trait, signature),
                    &item.attrs,
                    item.ident.span(),
                    context,
                );
                self.trait_items(module, item, context);
            }
            Item::Impl(item) => self.implementation(module, item, context),
            Item::Mod(item) => {
                if is_public(&item.vis) {
                    let signature = text.between(item.vis.span(), item.ident.span());
                    self.push(
                        module,
                        "",
                        (item.ident.to_string(), ItemKind::Module, signature),
                        &item.attrs,
                        item.ident.span(),
                        context,
                    );
                }
                if let Some((_, items)) = &item.content {
                    let mut inner = module.clone();
                    inner.push(unraw(&item.ident));
                    self.items(&inner, items, context);
                }
            }
            other => self.simple(module, other, context),
        }
    }

    /// Takes an item without parts of its own.
    fn simple(&mut self, module: &ModulePath, item: &Item, context: &Context<'_>) {
        let (vis, ident, attrs, kind) = match item {
            Item::Type(item) => (&item.vis, &item.ident, &item.attrs, ItemKind::Alias),
            Item::Const(item) => (&item.vis, &item.ident, &item.attrs, ItemKind::Constant),
            Item::Static(item) => (&item.vis, &item.ident, &item.attrs, ItemKind::Constant),
            Item::Fn(item) => (&item.vis, &item.sig.ident, &item.attrs, ItemKind::Function),
            _ => return,
        };
        if is_public(vis) {
            let signature = simple_signature(item, vis, context.text);
            self.push(module, "", (ident.to_string(), kind, signature), attrs, ident.span(), context);
        }
    }

    /// Takes the public fields of a struct.
    fn fields(&mut self, module: &ModulePath, item: &syn::ItemStruct, context: &Context<'_>) {
        let Fields::Named(fields) = &item.fields else { return };
        let owner = item.ident.to_string();
        for field in &fields.named {
            if let Some(ident) = field.ident.as_ref().filter(|_| is_public(&field.vis)) {
                let signature = context.text.between(field.vis.span(), field.ty.span());
                self.push(
                    module,
                    &owner,
                    (ident.to_string(), ItemKind::Field, signature),
                    &field.attrs,
                    ident.span(),
                    context,
                );
            }
        }
    }

    /// Takes the variants of an enum.
    fn variants(&mut self, module: &ModulePath, item: &syn::ItemEnum, context: &Context<'_>) {
        let owner = item.ident.to_string();
        for variant in &item.variants {
            let end = if matches!(variant.fields, Fields::Unit) { variant.ident.span() } else { variant.fields.span() };
            let signature = context.text.between(variant.ident.span(), end);
            let one = (variant.ident.to_string(), ItemKind::Variant, signature);
            self.push(module, &owner, one, &variant.attrs, variant.ident.span(), context);
        }
    }

    /// Takes what a trait asks for.
    fn trait_items(&mut self, module: &ModulePath, item: &syn::ItemTrait, context: &Context<'_>) {
        let owner = item.ident.to_string();
        for part in &item.items {
            let (ident, attrs, signature) = match part {
                TraitItem::Fn(part) => {
                    (&part.sig.ident, &part.attrs, context.text.between(part.sig.span(), part.sig.span()))
                }
                TraitItem::Type(part) => {
                    (&part.ident, &part.attrs, context.text.up_to(part.type_token.span(), part.semi_token.span()))
                }
                TraitItem::Const(part) => {
                    (&part.ident, &part.attrs, context.text.up_to(part.const_token.span(), part.semi_token.span()))
                }
                _ => continue,
            };
            self.push(
                module,
                &owner,
                (ident.to_string(), ItemKind::TraitItem, signature),
                attrs,
                ident.span(),
                context,
            );
        }
    }

    /// Takes the public functions of a type, or the implementation of a trait.
    fn implementation(&mut self, module: &ModulePath, item: &syn::ItemImpl, context: &Context<'_>) {
        let Some(owner) = last_name(&item.self_ty) else { return };
        if item.trait_.is_some() {
            let signature = context.text.up_to(item.impl_token.span(), item.brace_token.span.open());
            let one = (String::new(), ItemKind::Impl, signature);
            return self.push(module, &owner, one, &item.attrs, item.impl_token.span(), context);
        }
        for part in &item.items {
            let (ident, attrs, signature) = match part {
                ImplItem::Fn(part) if is_public(&part.vis) => {
                    let signature = context.text.up_to(part.vis.span(), part.block.brace_token.span.open());
                    (&part.sig.ident, &part.attrs, signature)
                }
                ImplItem::Const(part) if is_public(&part.vis) => {
                    (&part.ident, &part.attrs, context.text.between(part.vis.span(), part.ty.span()))
                }
                _ => continue,
            };
            let one = (ident.to_string(), ItemKind::Method, signature);
            self.push(module, &owner, one, attrs, ident.span(), context);
        }
    }

    /// Keeps an item until its path is known.
    fn push(
        &mut self,
        module: &ModulePath,
        owner: &str,
        (name, kind, signature): (String, ItemKind, String),
        attributes: &[Attribute],
        at: Span,
        context: &Context<'_>,
    ) {
        let attributes = noticeable(attributes, context.text);
        let line = u32::try_from(at.start().line).unwrap_or(u32::MAX);
        let file = context.file.to_owned();
        let found =
            Found { owner: owner.to_owned(), name, kind, path: String::new(), signature, attributes, file, line };
        self.raw.push(Raw { module: module.clone(), found });
    }

    /// Gives every item the path by which others name it; what nobody can name is left out.
    fn finish(self, crate_name: &str) -> Vec<Found> {
        let Self { modules, raw } = self;
        let reach = modules.reach();
        let path = |module: &ModulePath, name: &str| reach.public_paths(module, name).into_iter().next();
        let mut owners: BTreeMap<String, Vec<ModulePath>> = BTreeMap::new();
        for one in &raw {
            if matches!(one.found.kind, ItemKind::Struct | ItemKind::Enum | ItemKind::Trait | ItemKind::Alias) {
                owners.entry(one.found.name.clone()).or_default().push(one.module.clone());
            }
        }
        let mut all = Vec::with_capacity(raw.len());
        // What belongs to a type stands together.
        let mut last: Option<(ModulePath, String, Option<Vec<String>>)> = None;
        for Raw { module, mut found } in raw {
            let names = if found.owner.is_empty() {
                path(&module, &found.name)
            } else {
                if last.as_ref().is_none_or(|(home, owner, _)| *home != module || *owner != found.owner) {
                    // An `impl` may stand in another module than its type.
                    let homes = owners.get(&found.owner).map(Vec::as_slice).unwrap_or_default();
                    let home = homes.iter().find(|home| **home == module).or(homes.first());
                    let names = home.and_then(|home| path(home, &found.owner));
                    last = Some((module, found.owner.clone(), names));
                }
                last.as_ref().and_then(|(_, _, names)| names.clone())
            };
            let Some(mut names) = names else { continue };
            if !found.owner.is_empty() && !found.name.is_empty() {
                names.push(found.name.clone());
            }
            found.path = format!("{crate_name}::{}", names.join("::"));
            all.push(found);
        }
        all
    }
}

/// The signature of an item without parts of its own.
fn simple_signature(item: &Item, vis: &Visibility, text: &Text<'_>) -> String {
    match item {
        Item::Type(item) => text.up_to(vis.span(), item.semi_token.span()),
        Item::Const(item) => text.between(vis.span(), item.ty.span()),
        Item::Static(item) => text.between(vis.span(), item.ty.span()),
        Item::Fn(item) => text.up_to(vis.span(), item.block.brace_token.span.open()),
        _ => String::new(),
    }
}

/// The last name of a type's path: `Pet` of `crate::Pet<T>`.
fn last_name(ty: &syn::Type) -> Option<String> {
    match ty {
        syn::Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        syn::Type::Reference(reference) => last_name(&reference.elem),
        _ => None,
    }
}

/// The attributes that consumers can notice.
fn noticeable(attributes: &[Attribute], text: &Text<'_>) -> Vec<String> {
    let known = ["derive", "non_exhaustive", "deprecated", "must_use", "cfg", "cfg_attr"];
    attributes
        .iter()
        .filter(|attribute| known.iter().any(|name| attribute.path().is_ident(name)))
        .map(|attribute| text.between(attribute.meta.span(), attribute.meta.span()))
        .collect()
}
