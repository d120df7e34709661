//! The Rust items that the review says change are those that rustdoc sees change.

use std::collections::BTreeSet;

use oas_codegen::generate::Package;
use oas_codegen::manifest::{ItemKind, Manifest};
use oas_review::{Happening, RustChanges, RustItemChange};
use workspace_tests::program::ended;

use crate::revision::{self, PACKAGES};
use crate::rustdoc::{self, Items};

/// What the document is called before its revision, as a package.
const BASE: &str = "base";

#[test]
fn items_change_as_rustdoc_sees_them_change() {
    let base = revision::base();
    let cases = workspace_tests::cases("review-rust");
    assert!(cases.len() >= 12, "{} revisions are few", cases.len());
    let folder = revision::scratch().join("items");
    let mut sides = vec![(BASE.to_owned(), base.clone())];
    sides.extend(cases.iter().map(|case| (revision::name(case), revision::revised(&base, case))));
    let mut members = Vec::new();
    for (name, document) in &sides {
        revision::write(&revision::generated(document, name), &folder);
        members.extend(PACKAGES.map(|package| format!("crates/{}", package.name(name))));
    }
    revision::workspace(&folder, &members);
    let mut command = revision::cargo(&folder);
    command.env("RUSTDOCFLAGS", "-Z unstable-options --output-format json");
    let documented = ended(command.args(["doc", "--workspace", "--no-deps", "--all-features", "--quiet"]));
    assert_eq!(documented.code, 0, "{}", documented.stderr);

    let manifest = |document| revision::generated(document, "shelter").manifest;
    let there = manifest(&base);
    let mut differences = Vec::new();
    for (name, document) in sides.iter().skip(1) {
        let here = manifest(document);
        let mut total = 0;
        for package in PACKAGES {
            let seen = seen(&listed(package, BASE), &listed(package, name));
            let said = said(&there, &here, &package.name("shelter"));
            total += said.len();
            differences.extend(seen.difference(&said).map(|line| format!("{name}: only rustdoc sees {line}")));
            differences.extend(said.difference(&seen).map(|line| format!("{name}: only the review says {line}")));
        }
        if total == 0 {
            differences.push(format!("{name}: nothing changes"));
        }
    }
    assert!(differences.is_empty(), "{} differences:\n{}", differences.len(), differences.join("\n"));
}

/// The items of a package of a side, under the names that all sides share.
fn listed(package: Package, side: &str) -> Items {
    let crate_name = |package: Package, side: &str| package.name(side).replace('-', "_");
    let json = revision::build().join(format!("doc/{}.json", crate_name(package, side)));
    rustdoc::items(&json, &PACKAGES.map(|package| (crate_name(package, side), crate_name(package, "shelter"))))
}

/// What changes between two listings. What is implemented for a type comes and goes with it.
fn seen(old: &Items, new: &Items) -> BTreeSet<String> {
    let mut lines = BTreeSet::new();
    lines.extend(old.keys().filter(|path| !new.contains_key(*path)).map(|path| format!("- {path}")));
    lines.extend(new.keys().filter(|path| !old.contains_key(*path)).map(|path| format!("+ {path}")));
    let changed = old.iter().filter(|(path, was)| new.get(*path).is_some_and(|is| is != *was));
    lines.extend(changed.map(|(path, _)| format!("~ {path}")));
    without_dependents(lines)
}

/// What the review says about a package.
fn said(old: &Manifest, new: &Manifest, package: &str) -> BTreeSet<String> {
    let changes = RustChanges::between(old, new);
    let own = changes.items().iter().filter(|item| item.package == package);
    // What a name stands for is no part of what `public-api` sees.
    let own = own.filter(|item| item.change != Happening::Retargeted);
    without_dependents(own.flat_map(lines).collect())
}

fn lines(item: &RustItemChange) -> Vec<String> {
    let (sign, signature) = match item.change {
        Happening::Removed => ("-", &item.before),
        Happening::Added => ("+", &item.after),
        Happening::Changed | Happening::Retargeted => ("~", &item.after),
    };
    if item.kind == ItemKind::Impl {
        return vec![format!("{sign} {}", rustdoc::implementation(signature.as_deref().unwrap_or_default()))];
    }
    let (before, after) = (item.before.as_deref().unwrap_or_default(), item.after.as_deref().unwrap_or_default());
    let (was, is) = (derived(before), derived(after));
    if item.change == Happening::Changed && was != is {
        let name = item.path.rsplit("::").next().unwrap_or_default();
        let lost = was.difference(&is).map(|one| format!("- impl {one} for {name}"));
        let won = is.difference(&was).map(|one| format!("+ impl {one} for {name}"));
        return lost.chain(won).collect();
    }
    vec![format!("{sign} {}", item.path.replace("r#", ""))]
}

/// The traits that an item says it derives.
fn derived(signature: &str) -> BTreeSet<String> {
    let lists = signature.split("#[derive(").skip(1).filter_map(|rest| rest.split_once(")]"));
    lists
        .flat_map(|(list, _)| list.split(','))
        .map(|one| one.trim().rsplit("::").next().unwrap_or_default().to_owned())
        .collect()
}

/// Leaves out what is implemented for types that come or go themselves.
fn without_dependents(lines: BTreeSet<String>) -> BTreeSet<String> {
    let types: BTreeSet<String> = lines
        .iter()
        .filter_map(|line| line.strip_prefix("- ").or(line.strip_prefix("+ ")))
        .filter(|path| !path.starts_with("impl "))
        .filter_map(|path| path.rsplit("::").next().map(ToOwned::to_owned))
        .collect();
    let is_dependent = |line: &String| {
        let target = line.split_once(" for ").filter(|_| line[2..].starts_with("impl "));
        target.is_some_and(|(_, target)| types.contains(target) || line.contains("StructuralPartialEq"))
    };
    lines.into_iter().filter(|line| !is_dependent(line)).collect()
}
