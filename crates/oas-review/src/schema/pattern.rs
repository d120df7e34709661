//! Regular expressions: which texts match one and not the other.
//!
//! Patterns become automata over bytes. Two of them are compared by walking through both at once, breadth first, which
//! either finds the shortest text that tells them apart or proves that there is none.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet, VecDeque};
use std::ops::RangeInclusive;
use std::rc::Rc;

use regex_automata::dfa::Automaton;
use regex_automata::dfa::dense::{Config, DFA};
use regex_automata::nfa::thompson;
use regex_automata::util::primitives::StateID;
use regex_automata::util::{start, syntax};
use regex_automata::{Anchored, MatchKind};

use super::ecma;

/// Bytes that one automaton may take, while and after it is built.
const MOST_BYTES: usize = 4 << 20;

/// Pairs of states that a comparison looks at before it gives up.
const MOST_STATES: usize = 100_000;

type Machine = DFA<Vec<u32>>;

/// What a pattern amounts to: automata, each with whether it has to accept a text or must not. Most are a single one.
type Matcher = Rc<[(Rc<Machine>, bool)]>;

/// Automata by pattern; `None` for patterns that have no automaton.
#[derive(Default)]
pub(crate) struct Patterns {
    matchers: RefCell<HashMap<String, Option<Matcher>>>,
}

thread_local! {
    /// Documents repeat their patterns.
    static PATTERNS: Patterns = Patterns::default();
}

impl Patterns {
    fn get(&self, pattern: &str) -> Option<Matcher> {
        if let Some(known) = self.matchers.borrow().get(pattern) {
            return known.clone();
        }
        let made = matcher(pattern);
        self.matchers.borrow_mut().insert(pattern.to_owned(), made.clone());
        made
    }
}

fn matcher(pattern: &str) -> Option<Matcher> {
    let ecma::Parts { matching, refusing } = ecma::parts(&ecma::spelled(pattern));
    let wanted = matching.iter().map(|one| Some((Rc::new(build(one)?), true)));
    let unwanted = refusing.iter().map(|one| Some((Rc::new(build(one)?), false)));
    wanted.chain(unwanted).collect()
}

/// The automata of several patterns.
struct Matchers {
    all: Vec<Matcher>,
}

impl Matchers {
    fn new(patterns: impl IntoIterator<Item = impl AsRef<str>>) -> Option<Self> {
        let all: Option<Vec<Matcher>> =
            PATTERNS.with(|known| patterns.into_iter().map(|pattern| known.get(pattern.as_ref())).collect());
        Some(Self { all: all? })
    }

    /// Every automaton, in the order in which states are kept.
    fn machines(&self) -> impl Iterator<Item = &Machine> {
        self.all.iter().flat_map(|matcher| matcher.iter().map(|(machine, _)| &**machine))
    }

    fn start(&self) -> Option<Vec<StateID>> {
        let start = start::Config::new().anchored(Anchored::Yes);
        self.machines().map(|machine| machine.start_state(&start).ok()).collect()
    }

    fn next(&self, states: &[StateID], byte: u8) -> Vec<StateID> {
        self.machines().zip(states).map(|(machine, state)| machine.next_state(*state, byte)).collect()
    }

    fn has_quit(&self, states: &[StateID]) -> bool {
        self.machines().zip(states).any(|(machine, state)| machine.is_quit_state(*state))
    }

    /// Whether each pattern matches a text that ends in these states.
    fn accepting<'s>(&'s self, states: &'s [StateID]) -> impl Iterator<Item = bool> + 's {
        let mut states = states.iter();
        self.all.iter().map(move |matcher| {
            let accepts = |machine: &Machine, state: &StateID| machine.is_match_state(machine.next_eoi_state(*state));
            // Every state is taken, also behind one that decides.
            let own = matcher.iter().zip(states.by_ref().take(matcher.len()));
            own.filter(|((machine, wanted), state)| accepts(machine, state) != *wanted).count() == 0
        })
    }
}

/// The automaton that accepts every text in which `pattern` matches somewhere.
fn build(pattern: &str) -> Option<Machine> {
    let translated = ecma::with_plain_words(&jsonschema_regex::to_rust_regex(pattern).ok()?);
    let config = Config::new()
        .match_kind(MatchKind::All)
        .start_kind(regex_automata::dfa::StartKind::Anchored)
        .dfa_size_limit(Some(MOST_BYTES))
        .determinize_size_limit(Some(MOST_BYTES));
    DFA::builder()
        .configure(config)
        // Texts are walked through as UTF-8, whatever the automaton would take.
        .syntax(syntax::Config::new().utf8(false))
        .thompson(thompson::Config::new().nfa_size_limit(Some(MOST_BYTES)))
        .build(&format!(r"\A(?s:.)*(?:{translated})(?s:.)*\z"))
        .ok()
}

/// Whether a pattern says nothing: it matches every text.
pub(crate) fn is_trivial(pattern: &str) -> bool {
    matches!(pattern, "" | "^" | "$" | ".*" | "^.*" | ".*$") || decide(&[], &[pattern]) == Decision::None
}

/// Whether `pattern` matches somewhere in `text`; `None` when the pattern is beyond an automaton.
pub(crate) fn matches(pattern: &str, text: &str) -> Option<bool> {
    let matchers = Matchers::new([pattern])?;
    let states = text.bytes().fold(matchers.start()?, |states, byte| matchers.next(&states, byte));
    if matchers.has_quit(&states) { None } else { matchers.accepting(&states).next() }
}

/// What a search for a text came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Decision {
    /// There is such a text; this is a shortest one.
    Found(String),
    /// There is none.
    None,
    /// It could not be decided.
    Undecided,
}

/// The shortest text that every pattern of `all` matches and one of `refusing` does not.
pub(crate) fn shortest_difference(all: &[&str], refusing: &[&str]) -> Decision {
    decide(all, refusing)
}

/// The shortest text that every pattern of `inside` matches, and none of `outside`.
pub(crate) fn shortest_outside(inside: &[&str], outside: &[&str]) -> Decision {
    let Some(matchers) = Matchers::new(inside.iter().chain(outside)) else { return Decision::Undecided };
    let is_wanted = |(index, accepts): (usize, bool)| accepts == (index < inside.len());
    search(&matchers, 0, |states, _| matchers.accepting(states).enumerate().all(is_wanted))
}

/// The shortest text of `length` characters that every pattern of `all` matches.
pub(crate) fn shortest_match(all: &[&str], length: RangeInclusive<u64>) -> Option<String> {
    match of_length(all, length) {
        Decision::Found(text) => Some(text),
        Decision::None | Decision::Undecided => None,
    }
}

/// The same, and whether it is known that there is none.
pub(crate) fn of_length(all: &[&str], length: RangeInclusive<u64>) -> Decision {
    /// Characters are counted up to this number.
    const MOST_COUNTED: u64 = 256;
    let Some(matchers) = Matchers::new(all) else { return Decision::Undecided };
    let (least, most) = (*length.start(), *length.end());
    if least > MOST_COUNTED {
        return Decision::Undecided;
    }
    let accepts = |states: &[StateID]| matchers.accepting(states).all(|accepts| accepts);
    // Most often the shortest text that is long enough is short enough as well, and nobody has to count further.
    match search(&matchers, least, |states, count| count >= least && accepts(states)) {
        Decision::Found(text) if text.chars().count() as u64 > most => {}
        found => return found,
    }
    if most >= MOST_COUNTED {
        return Decision::Undecided;
    }
    search(&matchers, most + 1, |states, count| length.contains(&count) && accepts(states))
}

fn decide(all: &[&str], refusing: &[&str]) -> Decision {
    let Some(matchers) = Matchers::new(all.iter().chain(refusing)) else { return Decision::Undecided };
    let goal = |states: &[StateID], _: u64| {
        let mut accepting = matchers.accepting(states);
        (0..all.len()).all(|_| accepting.next() == Some(true)) && accepting.any(|accepts| !accepts)
    };
    search(&matchers, 0, goal)
}

/// Searches breadth first for a text at whose end `goal` holds; characters are counted up to `track`.
fn search(matchers: &Matchers, track: u64, goal: impl Fn(&[StateID], u64) -> bool) -> Decision {
    let Some(start) = matchers.start() else { return Decision::Undecided };
    // How a state was reached: from which, by which byte.
    let mut trail: Vec<(usize, u8)> = vec![(0, 0)];
    let mut seen: HashSet<(Vec<StateID>, u64, u8)> = HashSet::from([(start.clone(), 0, 0)]);
    let mut queue = VecDeque::from([(start, 0u64, 0u8, 0usize)]);
    while let Some((states, count, pending, at)) = queue.pop_front() {
        if pending == 0 && goal(&states, count) {
            return spell(&trail, at).map_or(Decision::Undecided, Decision::Found);
        }
        if seen.len() > MOST_STATES || matchers.has_quit(&states) {
            return Decision::Undecided;
        }
        for byte in PREFERRED.iter().copied().chain(0x21..=0xFF).chain(0..=0x20) {
            let Some((next_pending, starts)) = utf8_step(pending, byte) else { continue };
            let next = matchers.next(&states, byte);
            let next_count = if starts { count.saturating_add(1).min(track.max(1)) } else { count };
            if seen.insert((next.clone(), next_count, next_pending)) {
                trail.push((at, byte));
                queue.push_back((next, next_count, next_pending, trail.len() - 1));
            }
        }
    }
    Decision::None
}

/// Bytes that make texts a person likes to read are tried first.
const PREFERRED: &[u8] = b"aA0-_ ";

/// The state of UTF-8 after `byte`, and whether the byte starts a character; `None` where UTF-8 forbids it (RFC 3629,
/// section 4). 0 stands between characters, 1 to 3 before as many more bytes, 4 to 7 after the leads E0, ED, F0 and F4.
const fn utf8_step(state: u8, byte: u8) -> Option<(u8, bool)> {
    match (state, byte) {
        (0, 0x00..=0x7F) => Some((0, true)),
        (0, 0xC2..=0xDF) => Some((1, true)),
        (0, 0xE0) => Some((4, true)),
        (0, 0xED) => Some((5, true)),
        (0, 0xE1..=0xEF) => Some((2, true)),
        (0, 0xF0) => Some((6, true)),
        (0, 0xF1..=0xF3) => Some((3, true)),
        (0, 0xF4) => Some((7, true)),
        (1, 0x80..=0xBF) => Some((0, false)),
        (2, 0x80..=0xBF) | (4, 0xA0..=0xBF) | (5, 0x80..=0x9F) => Some((1, false)),
        (3, 0x80..=0xBF) | (6, 0x90..=0xBF) | (7, 0x80..=0x8F) => Some((2, false)),
        _ => None,
    }
}

fn spell(trail: &[(usize, u8)], mut at: usize) -> Option<String> {
    let mut bytes = Vec::new();
    while at != 0 {
        let (before, byte) = trail.get(at)?;
        bytes.push(*byte);
        at = *before;
    }
    bytes.reverse();
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_compared_by_what_they_match() {
        assert_eq!(decide(&["^a+$"], &["^a*$"]), Decision::None);
        assert_eq!(decide(&["^a*$"], &["^a+$"]), Decision::Found(String::new()));
        assert_eq!(decide(&["^[a-c]$"], &["^[ab]$"]), Decision::Found("c".to_owned()));
        assert_eq!(decide(&["^[0-9]{2}$"], &[r"^\d\d$"]), Decision::None);
        assert_eq!(decide(&["^a(?=b)"], &["^a"]), Decision::Undecided);
        assert_eq!(decide(&["^a$"], &[r"\ba\b"]), Decision::None);
        assert_eq!(decide(&[r"\ba\b"], &["^a$"]), Decision::Found("a-".to_owned()));
        assert_eq!(decide(&["^(?=.*[0-9])[a0]+$"], &["^[a0]+$"]), Decision::None);
        assert_eq!(decide(&["^[a0]+$"], &["^(?=.*[0-9])[a0]+$"]), Decision::Found("a".to_owned()));
        assert_eq!(decide(&["^[ab]$"], &["^(?!b)[ab]$"]), Decision::Found("b".to_owned()));
        assert!(is_trivial("^[^]*$") && is_trivial("^.*") && !is_trivial("^[^]+$"));
    }

    #[test]
    fn texts_of_a_length_are_found() {
        assert_eq!(shortest_match(&["^a*$"], 3..=5).as_deref(), Some("aaa"));
        assert_eq!(shortest_match(&["^a*$", "^.{0,2}$"], 3..=5), None);
        assert_eq!(shortest_match(&["[0-9]"], 2..=9).map(|text| text.len()), Some(2));
    }

    #[test]
    fn matching_is_a_search() {
        assert_eq!(matches("b", "abc"), Some(true));
        assert_eq!(matches("^b", "abc"), Some(false));
    }
}
