//! The comparison of all schemas, from the places where operations use them down to the last member.

use std::collections::{BTreeSet, HashMap};

use oas_document::Location;
use oas_model::SchemaId;
use serde_json::Value;

use super::inclusion::Proofs;
use super::lens::{Conjunction, Lens, is_untouched};
use super::record::Said;
use crate::effect::{Direction, Exchange, Reach};
use crate::rule::Rule;

/// A place where an exchange uses a schema.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    /// The schema of the base; `None` when any value will do.
    pub(crate) base: Option<SchemaId>,
    /// The schema of the revision.
    pub(crate) revision: Option<SchemaId>,
    /// Where the schema stands or would stand.
    pub(crate) homes: (Location, Location),
    /// The exchange.
    pub(crate) exchange: Exchange,
    /// The operation, by its index in the list of the caller; `None` for a schema that nobody is known to use.
    pub(crate) operation: Option<usize>,
}

/// A difference between two schemas.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) rule: Rule,
    pub(crate) base: Location,
    pub(crate) revision: Location,
    /// The name of a bound, as ids write it.
    pub(crate) limit: Option<&'static str>,
    /// What it is about, beside the place.
    pub(crate) name: Option<String>,
    pub(crate) before: Option<Value>,
    pub(crate) after: Option<Value>,
}

/// A difference, and all the places where it matters.
#[derive(Debug, Clone)]
pub(crate) struct SchemaFinding {
    pub(crate) found: Found,
    pub(crate) reach: Reach,
    pub(crate) operations: BTreeSet<usize>,
    /// The pair of conjunctions it was found between, to look for a witness.
    pub(crate) pair: Pair,
}

/// Two conjunctions that stand at the same position of the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pair {
    pub(crate) direction: Direction,
    pub(crate) base: Conjunction,
    pub(crate) revision: Conjunction,
}

/// A pair to go on to.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    pub(crate) base: Conjunction,
    pub(crate) revision: Conjunction,
    pub(crate) homes: (Location, Location),
}

/// One comparison of two conjunctions.
pub(crate) struct Comparison<'l, 'a> {
    pub(crate) base: &'l mut Lens<'a>,
    pub(crate) revision: &'l mut Lens<'a>,
    pub(crate) proofs: &'l mut Proofs,
    pub(crate) direction: Direction,
    /// Where the conjunctions stand, for what has no better place.
    pub(crate) homes: (Location, Location),
    pub(crate) found: Vec<Found>,
    pub(crate) children: Vec<Child>,
}

impl<'l, 'a> Comparison<'l, 'a> {
    pub(crate) fn new(
        base: &'l mut Lens<'a>,
        revision: &'l mut Lens<'a>,
        proofs: &'l mut Proofs,
        direction: Direction,
        homes: (Location, Location),
    ) -> Self {
        Self { base, revision, proofs, direction, homes, found: Vec::new(), children: Vec::new() }
    }

    /// Notes a difference, to be filled in by the caller.
    pub(crate) fn find(&mut self, rule: Rule, base: Location, revision: Location) -> &mut Found {
        self.found.push(Found { rule, base, revision, limit: None, name: None, before: None, after: None });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Goes on to a position inside, unless both sides are untouched there.
    pub(crate) fn descend(&mut self, base: Vec<SchemaId>, revision: Vec<SchemaId>, homes: (Location, Location)) {
        if is_untouched(self.base, self.revision, &base, &revision) {
            return;
        }
        let (base, revision) = (self.base.conjunction(base), self.revision.conjunction(revision));
        self.children.push(Child { base, revision, homes });
    }

    /// The place of `keyword` in the schema that says it, or of the first schema, or of the position.
    pub(crate) fn base_place<T>(&self, said: Option<&Said<T>>, sources: &[SchemaId], keywords: &[&str]) -> Location {
        place(self.base, said.map(|said| said.by), sources, keywords, &self.homes.0)
    }

    /// The same on the side of the revision.
    pub(crate) fn revision_place<T>(
        &self,
        said: Option<&Said<T>>,
        sources: &[SchemaId],
        keywords: &[&str],
    ) -> Location {
        place(self.revision, said.map(|said| said.by), sources, keywords, &self.homes.1)
    }
}

/// The place of the first of `keywords` that `by` has, or of the first source, or `home`.
pub(crate) fn place(
    lens: &Lens<'_>,
    by: Option<SchemaId>,
    sources: &[SchemaId],
    keywords: &[&str],
    home: &Location,
) -> Location {
    if let Some(by) = by {
        let at = &lens.schema(by).at;
        let keyword = keywords.iter().map(|keyword| at.child(keyword));
        return keyword.into_iter().find(|place| lens.side.document.get(place).is_some()).unwrap_or_else(|| at.clone());
    }
    sources.first().map_or_else(|| home.clone(), |first| lens.schema(*first).at.clone())
}

/// What is known about a pair.
struct Visited {
    parents: Vec<usize>,
    roots: BTreeSet<(Exchange, usize)>,
    found: Vec<Found>,
}

/// The comparison of all schemas.
pub(crate) struct Walk<'a> {
    pub(crate) base: Lens<'a>,
    pub(crate) revision: Lens<'a>,
    proofs: Proofs,
    numbers: HashMap<Pair, usize>,
    pairs: Vec<(Pair, Visited)>,
    queue: Vec<(usize, (Location, Location))>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new((base, revision): (Lens<'a>, Lens<'a>)) -> Self {
        let proofs = Proofs::default();
        Self { base, revision, proofs, numbers: HashMap::new(), pairs: Vec::new(), queue: Vec::new() }
    }

    /// Compares the schemas of a place, and all that they contain.
    pub(crate) fn enter(&mut self, root: Root) {
        let (base, revision) = (Vec::from_iter(root.base), Vec::from_iter(root.revision));
        if is_untouched(&self.base, &self.revision, &base, &revision) {
            return;
        }
        let pair = Pair {
            direction: root.exchange.direction(),
            base: self.base.conjunction(base),
            revision: self.revision.conjunction(revision),
        };
        let number = self.number(pair, root.homes);
        if let (Some((_, visited)), Some(operation)) = (self.pairs.get_mut(number), root.operation) {
            visited.roots.insert((root.exchange, operation));
        }
        self.drain();
    }

    /// The number of a pair; a pair that was not met before is queued.
    fn number(&mut self, pair: Pair, homes: (Location, Location)) -> usize {
        if let Some(known) = self.numbers.get(&pair) {
            return *known;
        }
        let number = self.pairs.len();
        self.pairs.push((pair, Visited { parents: Vec::new(), roots: BTreeSet::new(), found: Vec::new() }));
        self.numbers.insert(pair, number);
        self.queue.push((number, homes));
        number
    }

    fn drain(&mut self) {
        while let Some((number, homes)) = self.queue.pop() {
            let Some((pair, _)) = self.pairs.get(number) else { continue };
            let pair = *pair;
            let mut comparison =
                Comparison::new(&mut self.base, &mut self.revision, &mut self.proofs, pair.direction, homes);
            comparison.compare(pair.base, pair.revision);
            let Comparison { found, children, .. } = comparison;
            for Child { base, revision, homes } in children {
                let child = self.number(Pair { direction: pair.direction, base, revision }, homes);
                if let Some((_, visited)) = self.pairs.get_mut(child) {
                    visited.parents.push(number);
                }
            }
            if let Some((_, visited)) = self.pairs.get_mut(number) {
                visited.found = found;
            }
        }
    }

    /// All differences, each once, with the exchanges and operations that reach it.
    pub(crate) fn findings(&self) -> Vec<SchemaFinding> {
        let mut findings: Vec<SchemaFinding> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for (number, (pair, visited)) in self.pairs.iter().enumerate() {
            if visited.found.is_empty() {
                continue;
            }
            let roots = self.roots(number);
            for found in &visited.found {
                let index = *known.entry(identity(found)).or_insert_with(|| {
                    findings.push(SchemaFinding {
                        found: found.clone(),
                        reach: Reach::default(),
                        operations: BTreeSet::new(),
                        pair: *pair,
                    });
                    findings.len() - 1
                });
                let Some(finding) = findings.get_mut(index) else { continue };
                for (exchange, operation) in &roots {
                    finding.reach = finding.reach.with(Reach::only(*exchange));
                    finding.operations.insert(*operation);
                }
            }
        }
        findings
    }

    /// The places that reach a pair.
    fn roots(&self, number: usize) -> BTreeSet<(Exchange, usize)> {
        let mut roots = BTreeSet::new();
        let mut seen = vec![false; self.pairs.len()];
        let mut stack = vec![number];
        while let Some(number) = stack.pop() {
            let (Some(seen), Some((_, visited))) = (seen.get_mut(number), self.pairs.get(number)) else { continue };
            if !std::mem::replace(seen, true) {
                roots.extend(visited.roots.iter().copied());
                stack.extend(&visited.parents);
            }
        }
        roots
    }
}

/// What makes two differences one: the same rule about the same place of the revision, whatever way leads there.
fn identity(found: &Found) -> String {
    let Found { rule, base: _, revision, limit, name, before, after } = found;
    let entry = rule.entry();
    let text = |value: &Option<Value>| value.as_ref().map(Value::to_string).unwrap_or_default();
    format!(
        "{}\n{:?}\n{:?}\n{revision:?}\n{limit:?}\n{name:?}\n{}\n{}",
        entry.name,
        entry.effect,
        entry.summary,
        text(before),
        text(after)
    )
}
