//! The comparison of all schemas, from the places where operations use them down to the last member.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use oas_document::Location;
use oas_model::SchemaId;

use super::medium::Medium;
use super::pair::{Child, Found, Inside, Pair, identity};
use super::pair_comparison::PairComparison;
use super::proofs::Proofs;
use super::resolver::{Resolver, is_untouched};
use crate::effect::{Exchange, Reach};
use crate::rule::Judgement;

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
    /// How values are written there.
    pub(crate) medium: Medium,
    /// Whether there always is a value, so that nobody falls back to a default.
    pub(crate) is_present: bool,
}

/// A difference, and all the places where it matters.
#[derive(Debug, Clone)]
pub(crate) struct SchemaFinding {
    pub(crate) found: Found,
    pub(crate) reach: Reach,
    pub(crate) operations: BTreeSet<usize>,
    /// The pair of conjunctions it was found between, to look for a witness.
    pub(crate) pair: Pair,
    /// What it does, where it is a reference that points elsewhere.
    pub(crate) parts: Vec<Found>,
}

/// A place where an operation uses a pair as it is.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) exchange: Exchange,
    /// The operation, by its index.
    pub(crate) operation: usize,
    /// Where the schema stands or would stand, on both sides.
    pub(crate) homes: (Location, Location),
}

/// A route from a place where an operation uses a schema to a pair inside of it.
#[derive(Debug, Clone)]
pub(crate) struct Route {
    pub(crate) entry: Entry,
    /// From the pair outwards: what it stands inside of, and where there.
    pub(crate) steps: Vec<(Pair, Inside)>,
}

/// What is known about a pair.
struct Visited {
    parents: Vec<(usize, Inside)>,
    roots: BTreeSet<(Exchange, usize)>,
    entries: Vec<Entry>,
    found: Vec<Found>,
    /// What stands for everything here and inside: a reference that points to another component now.
    moved: Option<Found>,
}

/// The comparison of all schemas.
pub(crate) struct Walk<'a> {
    pub(crate) base: Resolver<'a>,
    pub(crate) revision: Resolver<'a>,
    proofs: Proofs,
    numbers: HashMap<Pair, usize>,
    pairs: Vec<(Pair, Visited)>,
    queue: Vec<(usize, (Location, Location))>,
}

impl<'a> Walk<'a> {
    pub(crate) fn new((base, revision): (Resolver<'a>, Resolver<'a>)) -> Self {
        let proofs = Proofs::default();
        Self { base, revision, proofs, numbers: HashMap::new(), pairs: Vec::new(), queue: Vec::new() }
    }

    /// Compares the schemas of a place, and all that they contain.
    pub(crate) fn enter(&mut self, root: Root) {
        let Root { base, revision, homes, exchange, operation, medium, is_present } = root;
        let (base, revision) = (Vec::from_iter(base), Vec::from_iter(revision));
        if is_untouched(&self.base, &self.revision, &base, &revision) {
            return;
        }
        let pair = Pair {
            direction: exchange.direction(),
            medium,
            is_present,
            base: self.base.conjunction(base),
            revision: self.revision.conjunction(revision),
        };
        let number = self.number(pair, homes.clone());
        if let (Some((_, visited)), Some(operation)) = (self.pairs.get_mut(number), operation) {
            visited.roots.insert((exchange, operation));
            visited.entries.push(Entry { exchange, operation, homes });
        }
        self.drain();
    }

    /// The number of a pair; a pair that was not met before is queued.
    fn number(&mut self, pair: Pair, homes: (Location, Location)) -> usize {
        if let Some(known) = self.numbers.get(&pair) {
            return *known;
        }
        let number = self.pairs.len();
        let moved = super::moved::reference(&self.base, &self.revision, pair);
        let (parents, roots, entries, found) = (Vec::new(), BTreeSet::new(), Vec::new(), Vec::new());
        self.pairs.push((pair, Visited { parents, roots, entries, found, moved }));
        self.numbers.insert(pair, number);
        self.queue.push((number, homes));
        number
    }

    fn drain(&mut self) {
        while let Some((number, homes)) = self.queue.pop() {
            let Some((pair, _)) = self.pairs.get(number) else { continue };
            let pair = *pair;
            let mut comparison = PairComparison::new(&mut self.base, &mut self.revision, &mut self.proofs, pair, homes);
            comparison.compare(pair.base, pair.revision);
            let PairComparison { found, children, .. } = comparison;
            for Child { pair, inside, homes } in children {
                let child = self.number(pair, homes);
                if let Some((_, visited)) = self.pairs.get_mut(child) {
                    visited.parents.push((number, inside));
                }
            }
            if let Some((_, visited)) = self.pairs.get_mut(number) {
                visited.found = found;
            }
        }
    }

    /// All differences, each once, with the exchanges and operations that reach it. What is reached by way of a reference
    /// that points elsewhere alone is told with the reference.
    pub(crate) fn findings(&self) -> Vec<SchemaFinding> {
        let mut gathered = Gathered::default();
        let mut parts: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
        for (number, (pair, visited)) in self.pairs.iter().enumerate() {
            if visited.found.is_empty() {
                continue;
            }
            let Origins { roots, is_unused, moved } = self.origins(number);
            for found in &visited.found {
                for by in &moved {
                    parts.entry(*by).or_default().push(found.clone());
                }
                if is_unused || !roots.is_empty() || moved.is_empty() {
                    gathered.add(found, *pair, &roots, Vec::new());
                }
            }
        }
        for (number, parts) in parts {
            let Some((pair, Visited { moved: Some(found), .. })) = self.pairs.get(number) else { continue };
            let mut seen = BTreeSet::new();
            let parts: Vec<Found> = parts.into_iter().filter(|part| seen.insert(identity(part))).collect();
            let roots = self.roots(number);
            let is_plain = |part: &Found| part.rule.entry().judgement == Judgement::Cosmetic;
            if parts.iter().all(is_plain) {
                for part in &parts {
                    gathered.add(part, *pair, &roots, Vec::new());
                }
            } else {
                gathered.add(found, *pair, &roots, parts);
            }
        }
        gathered.findings
    }

    /// The places that reach a pair, by way of moved references too.
    fn roots(&self, number: usize) -> BTreeSet<(Exchange, usize)> {
        let mut roots = BTreeSet::new();
        let mut seen = vec![false; self.pairs.len()];
        let mut stack = vec![number];
        while let Some(number) = stack.pop() {
            let (Some(seen), Some((_, visited))) = (seen.get_mut(number), self.pairs.get(number)) else { continue };
            if !std::mem::replace(seen, true) {
                roots.extend(visited.roots.iter().copied());
                stack.extend(visited.parents.iter().map(|(parent, _)| *parent));
            }
        }
        roots
    }

    /// The shortest routes from operations to a pair, `most` of them at most.
    pub(crate) fn routes(&self, pair: Pair, most: usize) -> Vec<Route> {
        let Some(number) = self.numbers.get(&pair) else { return Vec::new() };
        let mut routes = Vec::new();
        let mut seen = BTreeSet::from([*number]);
        let mut queue: VecDeque<(usize, Vec<(Pair, Inside)>)> = VecDeque::from([(*number, Vec::new())]);
        while let Some((number, steps)) = queue.pop_front() {
            let Some((_, visited)) = self.pairs.get(number) else { continue };
            routes.extend(visited.entries.iter().map(|entry| Route { entry: entry.clone(), steps: steps.clone() }));
            if routes.len() >= most {
                break;
            }
            for (parent, inside) in &visited.parents {
                if let (true, Some((around, _))) = (seen.insert(*parent), self.pairs.get(*parent)) {
                    let mut steps = steps.clone();
                    steps.push((*around, inside.clone()));
                    queue.push_back((*parent, steps));
                }
            }
        }
        routes.truncate(most);
        routes
    }

    /// From where a pair is reached.
    fn origins(&self, number: usize) -> Origins {
        let mut origins = Origins::default();
        let mut seen = vec![false; self.pairs.len()];
        let mut stack = vec![number];
        while let Some(number) = stack.pop() {
            let (Some(seen), Some((_, visited))) = (seen.get_mut(number), self.pairs.get(number)) else { continue };
            if std::mem::replace(seen, true) {
                continue;
            }
            if visited.moved.is_some() {
                origins.moved.insert(number);
                continue;
            }
            origins.is_unused |= visited.roots.is_empty() && visited.parents.is_empty();
            origins.roots.extend(visited.roots.iter().copied());
            stack.extend(visited.parents.iter().map(|(parent, _)| *parent));
        }
        origins
    }
}

/// From where a pair is reached.
#[derive(Default)]
struct Origins {
    /// The places of operations, but not those behind a reference that points elsewhere.
    roots: BTreeSet<(Exchange, usize)>,
    /// Whether a component that nobody uses leads to it.
    is_unused: bool,
    /// The references that point elsewhere on the way.
    moved: BTreeSet<usize>,
}

/// Differences, each once.
#[derive(Default)]
struct Gathered {
    findings: Vec<SchemaFinding>,
    known: HashMap<String, usize>,
}

impl Gathered {
    fn add(&mut self, found: &Found, pair: Pair, roots: &BTreeSet<(Exchange, usize)>, parts: Vec<Found>) {
        let index = *self.known.entry(identity(found)).or_insert_with(|| {
            let (reach, operations) = (Reach::default(), BTreeSet::new());
            self.findings.push(SchemaFinding { found: found.clone(), reach, operations, pair, parts });
            self.findings.len() - 1
        });
        let Some(finding) = self.findings.get_mut(index) else { return };
        for (exchange, operation) in roots {
            finding.reach = finding.reach.with(Reach::only(*exchange));
            finding.operations.insert(*operation);
        }
    }
}
