//! The comparison of all schemas, from the places where operations use them down to the last member.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};

use oas_document::Location;
use oas_model::SchemaId;
use serde_json::Value;

use super::inclusion::Proofs;
use super::lens::{Conjunction, Lens, is_untouched};
use super::medium::Medium;
use super::record::Said;
use crate::change::Terms;
use crate::effect::{Direction, Exchange, Reach};
use crate::rule::{Judgement, Rule};
use crate::subject::Subject;

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
    /// Whether it stands for all that is different there.
    pub(crate) is_whole: bool,
    /// Whether no validator sees it, because it is about what a value means.
    pub(crate) is_meaning: bool,
}

impl Found {
    /// What its sentence is made of.
    pub(crate) fn into_terms(self, subject: Subject) -> Terms {
        let Self { rule, base: _, revision: _, limit, name, before, after, is_whole: _, is_meaning: _ } = self;
        Terms { rule, subject: subject.text, limit, name, before, after }
    }
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

/// Two conjunctions that stand at the same position of the same message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Pair {
    pub(crate) direction: Direction,
    pub(crate) medium: Medium,
    pub(crate) is_present: bool,
    pub(crate) base: Conjunction,
    pub(crate) revision: Conjunction,
}

/// A pair to go on to.
#[derive(Debug, Clone)]
pub(crate) struct Child {
    pub(crate) pair: Pair,
    pub(crate) inside: Inside,
    pub(crate) homes: (Location, Location),
}

/// A position inside of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Inside {
    /// The value itself, where a condition holds or a discriminator says so.
    Same,
    /// The value itself, as one of several alternatives.
    Branch,
    /// A member that the document names.
    Member {
        /// Its name.
        name: String,
        /// Whether it is always there, on both sides.
        is_present: bool,
    },
    /// A member that is known by the patterns that its name matches.
    Rest {
        /// The patterns that match.
        matching: Vec<String>,
        /// Patterns that do not.
        others: Vec<String>,
    },
    /// An item of a list, at this position.
    Item(usize),
    /// What is no part of the message: the name of a member, the content of a text.
    Apart,
}

/// One comparison of two conjunctions.
pub(crate) struct Comparison<'l, 'a> {
    pub(crate) base: &'l mut Lens<'a>,
    pub(crate) revision: &'l mut Lens<'a>,
    pub(crate) proofs: &'l mut Proofs,
    /// What is compared; its conjunctions are those of the whole comparison.
    pub(crate) pair: Pair,
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
        pair: Pair,
        homes: (Location, Location),
    ) -> Self {
        Self { base, revision, proofs, pair, homes, found: Vec::new(), children: Vec::new() }
    }

    /// Notes a difference, to be filled in by the caller.
    pub(crate) fn find(&mut self, rule: Rule, base: Location, revision: Location) -> &mut Found {
        let (limit, name, before, after) = (None, None, None, None);
        self.found.push(Found { rule, base, revision, limit, name, before, after, is_whole: false, is_meaning: false });
        let last = self.found.len() - 1;
        &mut self.found[last]
    }

    /// Goes on to a position inside, unless both sides are untouched there.
    pub(crate) fn descend(
        &mut self,
        inside: Inside,
        base: Vec<SchemaId>,
        revision: Vec<SchemaId>,
        homes: (Location, Location),
    ) {
        if is_untouched(self.base, self.revision, &base, &revision) {
            return;
        }
        let pair = self.pair_inside(&inside, base, revision);
        self.children.push(Child { pair, inside, homes });
    }

    /// The pair of a position inside.
    pub(crate) fn pair_inside(&mut self, inside: &Inside, base: Vec<SchemaId>, revision: Vec<SchemaId>) -> Pair {
        let medium = self.pair.medium;
        let (medium, is_present) = match inside {
            Inside::Same | Inside::Branch => (medium, self.pair.is_present),
            Inside::Member { is_present, .. } => (medium.of_member(), *is_present),
            Inside::Rest { .. } => (medium.of_member(), true),
            Inside::Item(_) => (medium.of_item(), true),
            Inside::Apart => (Medium::Json, true),
        };
        let (base, revision) = (self.base.conjunction(base), self.revision.conjunction(revision));
        Pair { direction: self.pair.direction, medium, is_present, base, revision }
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

/// A place where an operation uses a pair as it is.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) exchange: Exchange,
    /// The operation, by its index.
    pub(crate) operation: usize,
    /// Where the schema stands or would stand, on both sides.
    pub(crate) homes: (Location, Location),
}

/// A way from a place where an operation uses a schema to a pair inside of it.
#[derive(Debug, Clone)]
pub(crate) struct Way {
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
            let mut comparison = Comparison::new(&mut self.base, &mut self.revision, &mut self.proofs, pair, homes);
            comparison.compare(pair.base, pair.revision);
            let Comparison { found, children, .. } = comparison;
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

    /// The shortest ways from operations to a pair, `most` of them at most.
    pub(crate) fn ways(&self, pair: Pair, most: usize) -> Vec<Way> {
        let Some(number) = self.numbers.get(&pair) else { return Vec::new() };
        let mut ways = Vec::new();
        let mut seen = BTreeSet::from([*number]);
        let mut queue: VecDeque<(usize, Vec<(Pair, Inside)>)> = VecDeque::from([(*number, Vec::new())]);
        while let Some((number, steps)) = queue.pop_front() {
            let Some((_, visited)) = self.pairs.get(number) else { continue };
            ways.extend(visited.entries.iter().map(|entry| Way { entry: entry.clone(), steps: steps.clone() }));
            if ways.len() >= most {
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
        ways.truncate(most);
        ways
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

/// What makes two differences one: the same rule about the same place of the revision, whatever way leads there.
pub(crate) fn identity(found: &Found) -> String {
    let Found { rule, base: _, revision, limit, name, before, after, is_whole: _, is_meaning: _ } = found;
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
