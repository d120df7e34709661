//! The modules of a package, and the paths by which others reach them.

use std::collections::{BTreeMap, BTreeSet};

use syn::{UseTree, Visibility};

/// The names from the crate's root to a module.
pub(super) type ModulePath = Vec<String>;

/// The modules of a package. The root is `src/generated/mod.rs`, whose items the crate's root re-exports.
#[derive(Debug, Default)]
pub(super) struct Modules {
    /// What each module declares.
    modules: BTreeMap<ModulePath, Module>,
}

/// What a module declares that bears on paths.
#[derive(Debug, Default)]
struct Module {
    /// The public modules below it.
    public: BTreeSet<String>,
    /// The paths it re-exports, as written; `*` ends those that take everything.
    reexports: Vec<(Vec<String>, String)>,
}

impl Modules {
    /// Notes a module declaration or re-export of the module at `path`.
    pub(super) fn note(&mut self, path: &ModulePath, item: &syn::Item) {
        let module = self.modules.entry(path.clone()).or_default();
        match item {
            syn::Item::Mod(item) if is_public(&item.vis) => {
                module.public.insert(unraw(&item.ident));
            }
            syn::Item::Use(item) if is_public(&item.vis) => flatten(&item.tree, &mut Vec::new(), &mut module.reexports),
            _ => {}
        }
    }

    /// Follows declarations and re-exports from the root until nothing new is reached.
    pub(super) fn reach(&self) -> Reach {
        let mut reach = Reach::default();
        let mut pending: Vec<(ModulePath, Vec<String>)> = vec![(Vec::new(), Vec::new())];
        while let Some((path, prefix)) = pending.pop() {
            if !reach.whole.entry(path.clone()).or_default().insert(prefix.clone()) {
                continue;
            }
            let Some(module) = self.modules.get(&path) else { continue };
            for child in &module.public {
                pending.push((with(&path, child), with(&prefix, child)));
            }
            for (target, name) in &module.reexports {
                let target = absolute(&path, target);
                match target.split_last() {
                    Some((last, module)) if last == "*" => pending.push((module.to_vec(), prefix.clone())),
                    Some((last, _)) if self.modules.contains_key(&target) && last == name => {
                        pending.push((target, with(&prefix, name)));
                    }
                    _ => {
                        for target in self.through_globs(target) {
                            reach.single.entry(target).or_default().insert(with(&prefix, name));
                        }
                    }
                }
            }
        }
        reach
    }

    /// The paths at which an item may be that a path names: its module may have it from others, with all that they have.
    fn through_globs(&self, path: Vec<String>) -> Vec<Vec<String>> {
        let mut paths = vec![path];
        let mut at = 0;
        while let Some((name, module)) = paths.get(at).and_then(|path| path.split_last()) {
            let reexports = self.modules.get(module).map(|module| module.reexports.as_slice()).unwrap_or_default();
            let globs = reexports.iter().map(|(target, _)| absolute(module, target));
            let globs = globs.filter_map(|target| {
                let (last, from) = target.split_last()?;
                (last == "*").then(|| with(from, name))
            });
            let found: Vec<_> = globs.filter(|path| !paths.contains(path)).collect();
            paths.extend(found);
            at += 1;
        }
        paths
    }
}

/// The paths by which others reach modules and items.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// By module: the prefixes under which all of its items are found.
    whole: BTreeMap<ModulePath, BTreeSet<Vec<String>>>,
    /// By item: the paths under which it is re-exported by name.
    single: BTreeMap<Vec<String>, BTreeSet<Vec<String>>>,
}

impl Reach {
    /// The paths by which others can name item `name` of the module at `path`, without the crate's name; shortest
    /// first.
    pub(super) fn public_paths(&self, path: &ModulePath, name: &str) -> Vec<Vec<String>> {
        let whole = self.whole.get(path).into_iter().flatten();
        let mut paths: BTreeSet<Vec<String>> = whole.map(|prefix| with(prefix, name)).collect();
        let key = with(path, name);
        paths.extend(self.single.get(&key).into_iter().flatten().cloned());
        let mut paths: Vec<_> = paths.into_iter().collect();
        paths.sort_by_key(Vec::len);
        paths
    }
}

/// Whether everybody may use an item.
pub(super) fn is_public(visibility: &Visibility) -> bool {
    matches!(visibility, Visibility::Public(_))
}

/// A path with one more name.
fn with(path: &[String], name: &str) -> Vec<String> {
    let mut path = path.to_vec();
    path.push(name.to_owned());
    path
}

/// An identifier as a file is named after it.
pub(super) fn unraw(ident: &syn::Ident) -> String {
    syn::ext::IdentExt::unraw(ident).to_string()
}

/// The path that a `use` in the module at `from` names, counted from `src/generated/mod.rs`.
fn absolute(from: &[String], target: &[String]) -> Vec<String> {
    let mut path = from.to_vec();
    for name in target {
        match name.as_str() {
            "self" => {}
            "super" => {
                path.pop();
            }
            "crate" => path.clear(),
            "generated" if path.is_empty() => {}
            _ => path.push(name.clone()),
        }
    }
    path
}

/// Takes the tree of a `use` apart: each path with the name that it gets.
fn flatten(tree: &UseTree, prefix: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match tree {
        UseTree::Path(path) => {
            prefix.push(unraw(&path.ident));
            flatten(&path.tree, prefix, found);
            prefix.pop();
        }
        UseTree::Name(name) => found.push((with(prefix, &unraw(&name.ident)), unraw(&name.ident))),
        UseTree::Rename(rename) => found.push((with(prefix, &unraw(&rename.ident)), unraw(&rename.rename))),
        UseTree::Glob(_) => found.push((with(prefix, "*"), "*".to_owned())),
        UseTree::Group(group) => {
            for one in &group.items {
                flatten(one, prefix, found);
            }
        }
    }
}
