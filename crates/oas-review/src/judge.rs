//! From changes to verdicts.

use std::collections::BTreeSet;
use std::path::Path;

use oas_document::{Diagnostic, Location, Node};
use serde_json::Value;

use crate::acceptance::Acceptances;
use crate::change::{Change, Evidence};
use crate::code_change::{other_meanings, untold_changes};
use crate::effect::{Broken, Effect};
use crate::fingerprint::Fingerprint;
use crate::party::Party;
use crate::place::{Place, shown_file};
use crate::report::{FORMAT_VERSION, Finding, Impact, Report, Summary};
use crate::rule::{Judgement, Rule, Scope, is};
use crate::rust_items::{Happening, RustChanges, RustItemChange};
use crate::semver::CrateStep;
use crate::side::Side;
use crate::slip::{Told, slips};

/// How long a fragment in the report may be, in characters.
const LONGEST_FRAGMENT: usize = 1200;

/// What a report is made of, beside the changes.
#[derive(Debug, Clone)]
pub struct Judging<'a> {
    /// The base.
    pub base: Side<'a>,
    /// The revision.
    pub revision: Side<'a>,
    /// What both are called.
    pub names: (String, String),
    /// The folders that files are shown relative to.
    pub roots: (&'a Path, &'a Path),
    /// What was said about both while they were read and planned.
    pub diagnostics: (&'a [Diagnostic], &'a [Diagnostic]),
    /// What changes in the generated packages.
    pub rust: &'a RustChanges,
    /// The versions of packages: name, version in the base, version in the revision.
    pub versions: &'a [(String, Option<String>, Option<String>)],
    /// What somebody accepted.
    pub acceptances: &'a Acceptances,
    /// Today, as `YYYY-MM-DD`; acceptances that ended before count no more.
    pub today: &'a str,
}

/// Judges changes.
pub fn judge(changes: Vec<Change>, judging: Judging<'_>) -> Report {
    let (items, untold) = judging.rust.assign(&changes, (judging.base, judging.revision));
    let mut findings: Vec<Finding> =
        changes.into_iter().zip(items).map(|(change, items)| finding(change, items, &judging)).collect();
    let sides = (judging.base, judging.revision);
    let of_code = untold_changes(untold, sides, findings.is_empty()).into_iter().chain(other_meanings(judging.rust));
    findings.extend(of_code.map(|(change, items)| finding(change, items, &judging)));
    findings.sort_by(|one, other| order(one).cmp(&order(other)));
    let summary = summary(&findings, &judging);
    let slips = slips(
        Told { side: judging.base, diagnostics: judging.diagnostics.0, root: judging.roots.0 },
        Told { side: judging.revision, diagnostics: judging.diagnostics.1, root: judging.roots.1 },
    );
    let (base, revision) = judging.names;
    Report { version: FORMAT_VERSION, base, revision, summary, findings, slips }
}

/// What findings are sorted by.
type Order<'f> = (bool, Impact, Option<(&'f str, u32, u32)>, &'f str, Fingerprint);

/// Silent breaks come first, then by impact, then by the place in the revision.
fn order(finding: &Finding) -> Order<'_> {
    let place = finding.revision.as_ref().or(finding.base.as_ref());
    let place = place.map(|place| (place.file.as_str(), place.line, place.column));
    (!finding.silent, finding.impact, place, &finding.rule, finding.fingerprint)
}

fn finding(change: Change, rust: Vec<RustItemChange>, judging: &Judging<'_>) -> Finding {
    let Judging { base, revision, acceptances, today, .. } = *judging;
    let broken = broken(&change);
    let mut breaks: BTreeSet<Party> = rust.iter().filter_map(RustItemChange::breaks).collect();
    breaks.extend(broken.old_client.then_some(Party::OldClient));
    breaks.extend(broken.new_client.then_some(Party::NewClient));
    let impact = impact(&change, broken, &breaks);
    let fingerprint = Fingerprint::of(&change);
    let rule = change.rule_id();
    let place = change.revision.as_ref().or(change.base.as_ref()).map(|place| place.pointer.as_str());
    let accepted = acceptances.find(fingerprint, &rule, place, today);
    let (witness, no_witness) = match change.evidence.clone() {
        Evidence::Witness(witness) => (Some(witness), None),
        Evidence::None(reason) => (None, Some(reason.to_owned())),
    };
    let compiles = if judging.rust.is_known {
        !rust.iter().any(|item| item.breaks().is_some() && item.change != Happening::Retargeted)
    } else {
        change.is_invisible_to_types()
    };
    Finding {
        impact,
        silent: impact == Impact::Breaking && compiles,
        effect: change.effect,
        direction: change.reach.direction(),
        base: change.base.as_ref().map(|at| show_place(base, change.rule, at, judging.roots.0)),
        revision: change.revision.as_ref().map(|at| show_place(revision, change.rule, at, judging.roots.1)),
        message: change.message(),
        why: change.rule.entry().why,
        advice: advice(&change, broken, impact),
        breaks: breaks.into_iter().collect(),
        parts: change.parts.into_iter().map(|(_, text)| text).collect(),
        operations: change.operations,
        before: change.before,
        after: change.after,
        rule,
        witness,
        no_witness,
        rust,
        call_sites: Vec::new(),
        fingerprint,
        accepted,
    }
}

/// Which clients a change breaks, in any of the exchanges it reaches.
pub fn broken(change: &Change) -> Broken {
    let mut all = Broken::default();
    for exchange in change.reach.iter() {
        let derived = match change.rule.entry().judgement {
            Judgement::Derived | Judgement::DerivedAndReview => true,
            Judgement::DerivedForRequests => exchange.is_read_by_api(),
            Judgement::Review | Judgement::Tolerated | Judgement::Cosmetic | Judgement::Silent => false,
        };
        if derived {
            let one = exchange.breaks(change.effect);
            all.old_client |= one.old_client;
            all.new_client |= one.new_client;
        }
    }
    all
}

/// How much a change matters; `breaks` says whose code does not compile any more.
pub(crate) fn impact(change: &Change, broken: Broken, breaks: &BTreeSet<Party>) -> Impact {
    let judgement = change.rule.entry().judgement;
    let is_unread = !change.reach.is_empty() && change.reach.iter().all(|exchange| !exchange.is_read_by_api());
    let breaks_users = breaks.contains(&Party::RustTypes) || breaks.contains(&Party::RustClient);
    // Whoever implements an API knows that a new operation has to be written; nobody reckons with other breaks.
    let is_new =
        [is::OPERATION_ADDED, is::OPERATION_SHADOWS, is::WEBHOOK_ADDED, is::CALLBACK_ADDED].contains(&change.rule);
    let breaks_code = breaks_users || (breaks.contains(&Party::RustServer) && !is_new);
    let is_unused = change.reach.is_empty() && change.rule.entry().scope == Scope::Schema;
    match judgement {
        Judgement::Silent => Impact::Breaking,
        // Where nothing shows that it breaks, a person has to look.
        _ if broken.old_client && !change.is_proven => Impact::Review,
        _ if broken.old_client => Impact::Breaking,
        _ if is_unused => Impact::Cosmetic,
        Judgement::Cosmetic if breaks_code => Impact::Review,
        Judgement::Cosmetic => Impact::Cosmetic,
        Judgement::Review | Judgement::DerivedAndReview => Impact::Review,
        Judgement::DerivedForRequests if is_unread => Impact::Review,
        _ if change.effect == Effect::Unknown => Impact::Review,
        // The wire is safe, and whoever takes the new packages has work to do.
        _ if breaks_code => Impact::Review,
        Judgement::Derived | Judgement::DerivedForRequests | Judgement::Tolerated => Impact::Compatible,
    }
}

/// What to do about it: in which order to roll out, and what to migrate.
fn advice(change: &Change, broken: Broken, impact: Impact) -> String {
    let narrows_requests = change.reach.iter().any(crate::effect::Exchange::is_read_by_api) && change.effect.narrows();
    let text = match (broken.old_client, broken.new_client, impact) {
        (true, false, _) if narrows_requests => {
            "move all clients to what the revision asks for first, then deploy the server; or accept both for a while"
        }
        (true, false, _) => "move all clients to code that can read the new answers first, then deploy the server",
        (true, true, _) => {
            "no order of roll-out is safe: offer the new form beside the old one, move the clients, then remove the old one"
        }
        (false, true, _) => "deploy the server first, then the clients",
        (false, false, Impact::Review) => {
            "find out what it means for the clients you know, then accept it or take it back"
        }
        (false, false, Impact::Compatible) => "nothing: any order of roll-out is safe",
        (false, false, _) => "nothing",
    };
    text.to_owned()
}

fn show_place(side: Side<'_>, rule: Rule, at: &Location, root: &Path) -> Place {
    let position = side.document.position(&stated_at(side, rule, at).unwrap_or_else(|| at.clone()));
    let fragment = around(side, at).map(fragment).unwrap_or_default();
    let file = position.as_ref().map(|position| shown_file(&position.file, root)).unwrap_or_default();
    Place {
        pointer: at.pointer.as_str().to_owned(),
        file,
        line: position.as_ref().map_or(1, |position| position.line),
        column: position.as_ref().map_or(1, |position| position.column),
        fragment,
    }
}

/// The line that says that a property is required, which is not where the property stands.
fn stated_at(side: Side<'_>, rule: Rule, at: &Location) -> Option<Location> {
    if rule != is::BECAME_REQUIRED && rule != is::BECAME_OPTIONAL {
        return None;
    }
    let name = at.pointer.last()?;
    let required = Location { pointer: at.pointer.parent()?.parent()?, ..at.clone() }.child("required");
    let names = side.document.get(&required)?.as_array()?;
    let index = names.iter().position(|node| node.as_str() == Some(name.as_ref()))?;
    Some(required.item(index))
}

/// What to show of a place: a keyword without parts is shown with those that stand beside it.
fn around<'d>(side: Side<'d>, at: &Location) -> Option<&'d Node> {
    let node = side.document.get(at)?;
    if node.as_object().is_some() {
        return Some(node);
    }
    let parent = Location { pointer: at.pointer.parent()?, ..at.clone() };
    side.document.get(&parent).or(Some(node))
}

/// A part of a document as far as it is shown: what stands behind more than `left` characters is left out.
fn start(node: &Node, left: &mut usize) -> Value {
    if let Some(items) = node.as_array() {
        *left = left.saturating_sub(1);
        return items.iter().map_while(|item| (*left > 0).then(|| start(item, left))).collect();
    }
    if let Some(members) = node.as_object() {
        let shown = members.iter().map_while(|(name, member)| {
            let is_shown = *left > 0;
            *left = left.saturating_sub(name.chars().count() + 1);
            is_shown.then(|| (name.to_owned(), start(&member.node, left)))
        });
        return Value::Object(shown.collect());
    }
    let value = node.to_json();
    *left = left.saturating_sub(value.as_str().map_or(1, |text| text.chars().count() + 1));
    value
}

fn fragment(node: &Node) -> String {
    let text = serde_json::to_string_pretty(&start(node, &mut { LONGEST_FRAGMENT })).unwrap_or_default();
    if text.chars().count() <= LONGEST_FRAGMENT {
        return text;
    }
    let start: String = text.chars().take(LONGEST_FRAGMENT).collect();
    format!("{start}\n...")
}

fn summary(findings: &[Finding], judging: &Judging<'_>) -> Summary {
    let open = |impact: Impact| {
        findings.iter().filter(|finding| finding.accepted.is_none() && finding.impact == impact).count()
    };
    let with_versions = |step: CrateStep| {
        let known = judging.versions.iter().find(|(package, _, _)| *package == step.package);
        let (base, revision) = known.map_or((None, None), |(_, base, revision)| (base.as_deref(), revision.as_deref()));
        step.with_versions(base, revision)
    };
    Summary {
        breaking: open(Impact::Breaking),
        review: open(Impact::Review),
        compatible: open(Impact::Compatible),
        cosmetic: open(Impact::Cosmetic),
        silent: findings.iter().filter(|finding| finding.accepted.is_none() && finding.silent).count(),
        accepted: findings.iter().filter(|finding| finding.accepted.is_some()).count(),
        crates: judging.rust.steps().into_iter().map(with_versions).collect(),
    }
}
