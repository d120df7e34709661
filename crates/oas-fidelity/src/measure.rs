//! Sends values, and holds what comes back against what was sent.

use std::collections::BTreeSet;
use std::io;

use fastrand::Rng;
use oas_model::{Api, Direction, Schema, SchemaId};

use crate::json::Json;
use crate::judge::Judge;
use crate::make::Maker;
use crate::probe::{Kind, Probe};
use crate::report::{Fault, FaultKind, Report};
use crate::session::{Channel, Outcome, Session};
use crate::spoil;
use crate::texts::{is_same_text, with_texts};

/// How often a value is made before it is given up.
const ATTEMPTS: usize = 12;

/// How many values a fault is made smaller with at most.
const SMALLER: usize = 150;

/// How many faults are made smaller.
const SHRUNK: usize = 40;

/// How values are made.
#[derive(Debug, Clone, Copy)]
pub struct Effort {
    /// Where chance starts: the same seed makes the same values.
    pub seed: u64,
    /// How many valid values each probe gets, and as many broken ones.
    pub cases: usize,
}

/// Measures all probes.
pub(crate) fn run(
    api: &Api,
    probes: &[Probe],
    without_setters: &BTreeSet<usize>,
    effort: Effort,
    session: &mut Session,
    watch: &mut dyn FnMut(usize, usize),
) -> io::Result<Report> {
    let ids: BTreeSet<SchemaId> = probes.iter().map(|probe| probe.schema).collect();
    let requests = Judge::new(api, ids.iter().copied(), Direction::Request);
    let answers = Judge::new(api, ids, Direction::Response);
    let families = api.families();
    let mut report = Report { probes: probes.len(), ..Report::default() };
    for (index, probe) in probes.iter().enumerate() {
        watch(index, probes.len());
        let unmade = || without_setters.contains(&index).then(|| "the form has no members of its own".to_owned());
        if let Some(reason) = requests.unusable.get(&probe.schema).cloned().or_else(unmade) {
            report.skipped.push((probe.pointer.clone(), reason));
            continue;
        }
        let seed = effort.seed ^ hash(&probe.pointer);
        let random = Rng::with_seed(seed);
        let is_open = probe.kind.is_json();
        let (direction, families) = (Direction::Request, &families);
        let maker = Maker { api, direction, families, random, is_open, keywords: BTreeSet::new() };
        let judges = Judges { requests: &requests, answers: &answers };
        Run { index, probe, judges, maker, session: &mut *session, report: &mut report }.all(effort.cases)?;
    }
    report.faults.sort_by_key(|fault| (fault.kind, std::cmp::Reverse(fault.times), fault.pointer.clone()));
    Ok(report)
}

/// A number that depends on a text alone.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[derive(Clone, Copy)]
struct Judges<'a> {
    requests: &'a Judge,
    answers: &'a Judge,
}

/// One probe.
struct Run<'a> {
    index: usize,
    probe: &'a Probe,
    judges: Judges<'a>,
    maker: Maker<'a>,
    session: &'a mut Session,
    report: &'a mut Report,
}

/// What is wrong with what came of a value.
struct Finding {
    kind: FaultKind,
    place: String,
    found: String,
}

impl Run<'_> {
    fn all(mut self, cases: usize) -> io::Result<()> {
        let examples: Vec<Json> = self.probe.examples.clone();
        for example in examples {
            self.example(&example)?;
        }
        let mut seen = BTreeSet::new();
        let mut valid = Vec::new();
        for case in 0..cases {
            let channel = match self.probe.kind {
                Kind::Header => Channel::Answer,
                Kind::Body if case % 3 == 2 => Channel::Answer,
                _ => Channel::Round,
            };
            let Some(value) = self.made(channel) else { continue };
            if !seen.insert((channel == Channel::Answer, value.to_string())) {
                continue;
            }
            let keywords: Vec<String> = self.maker.keywords.iter().map(|one| (*one).to_owned()).collect();
            self.valid(channel, &value, &keywords)?;
            if channel == Channel::Round {
                valid.push(value);
            }
        }
        if valid.is_empty() && self.probe.kind != Kind::Header {
            let reason = "no valid value could be made".to_owned();
            self.report.skipped.push((self.probe.pointer.clone(), reason));
            return Ok(());
        }
        for _ in 0..if valid.is_empty() { 0 } else { cases * 2 } {
            let value = &valid[self.maker.random.usize(..valid.len())];
            let broken = spoil::spoiled(value, &mut self.maker.random);
            if seen.insert((false, broken.to_string())) {
                self.broken(&broken)?;
            }
        }
        Ok(())
    }

    fn judge(&self, channel: Channel) -> &Judge {
        if matches!(channel, Channel::Answer | Channel::Text) { self.judges.answers } else { self.judges.requests }
    }

    /// A valid value.
    fn made(&mut self, channel: Channel) -> Option<Json> {
        self.maker.direction = if channel == Channel::Answer { Direction::Response } else { Direction::Request };
        (0..ATTEMPTS).find_map(|_| {
            let value = self.maker.value(self.probe.schema)?;
            let is_valid = self.judge(channel).is_valid(self.probe.schema, &value) && self.can_be_sent(&value);
            is_valid.then_some(value)
        })
    }

    /// Whether a value can stand where it has to: `null` is no text, and a header has no line breaks.
    fn can_be_sent(&self, value: &Json) -> bool {
        let is_null = |one: &Json| *one == Json::Null;
        let is_control =
            |one: &Json| matches!(one, Json::Text(text) if text.trim() != text || text.contains(char::is_control));
        match self.probe.kind {
            Kind::Body => true,
            // Nothing is not told from absence.
            Kind::Parameter | Kind::Form | Kind::Parts => !value.has(&is_null) && !is_same_text(value, &Json::Null),
            Kind::Header => !value.has(&is_null) && !value.has(&is_control),
        }
    }

    /// An example: a server may answer it as it is, be it valid or not.
    fn example(&mut self, value: &Json) -> io::Result<()> {
        if self.probe.kind == Kind::Body {
            let finding = self.sent(Channel::Text, value)?.filter(|finding| finding.kind != FaultKind::Changed);
            self.report.total.examples += 1;
            self.report.total.read += u64::from(finding.is_none());
            if let Some(finding) = finding {
                let kind = if finding.kind == FaultKind::Died { FaultKind::Died } else { FaultKind::Unread };
                self.add(Channel::Text, value, Finding { kind, ..finding }, None)?;
            }
        }
        let channel = if self.probe.kind == Kind::Header { Channel::Answer } else { Channel::Round };
        if self.judge(channel).is_valid(self.probe.schema, value) {
            self.valid(channel, value, &["example".to_owned()])?;
        }
        Ok(())
    }

    /// Sends a valid value.
    fn valid(&mut self, channel: Channel, value: &Json, keywords: &[String]) -> io::Result<()> {
        let finding = self.sent(channel, value)?;
        let kind = finding.as_ref().map(|finding| finding.kind);
        let total = std::iter::once(&mut self.report.total);
        for counts in total {
            count(counts, kind);
        }
        for keyword in keywords {
            count(self.report.by_keyword.entry(keyword.clone()).or_default(), kind);
        }
        match finding {
            Some(finding) => self.add(channel, value, finding, None),
            None => Ok(()),
        }
    }

    /// Sends a value that may be broken, or has become another valid one.
    fn broken(&mut self, value: &Json) -> io::Result<()> {
        let Some(fault) = self.judges.requests.fault(self.probe.schema, value) else {
            return if self.is_sure(value) {
                self.valid(Channel::Round, value, &["neighbour".to_owned()])
            } else {
                Ok(())
            };
        };
        if !fault.is_only {
            return Ok(());
        }
        let finding = match self.probe.kind {
            Kind::Body => self.refused(value)?,
            _ => match self.held(value)? {
                Some(finding) => finding,
                // The client's type cannot hold it, so that nobody can send it.
                None => return Ok(()),
            },
        };
        let all = [&mut self.report.total, self.report.by_keyword.entry(fault.keyword.clone()).or_default()];
        for counts in all {
            counts.broken += 1;
            counts.refused += u64::from(finding.is_none());
        }
        match finding {
            Some(finding) => self.add(Channel::Refuse, value, finding, Some(fault.keyword)),
            None => Ok(()),
        }
    }

    /// Whether a value that was meant to be broken is valid beyond doubt: a discriminator has a say of its own, and what
    /// a parameter's schema does not describe cannot be told in a text.
    fn is_sure(&self, value: &Json) -> bool {
        let is_described =
            self.probe.kind == Kind::Body || !value.has(&|one| matches!(one, Json::Object(_) | Json::Null));
        let api = self.maker.api;
        value.is_plain() && is_described && !leads_to(api, self.probe.schema, |schema| schema.discriminator.is_some())
    }

    /// What is wrong with what the server makes of a broken body.
    fn refused(&mut self, value: &Json) -> io::Result<Option<Finding>> {
        let Some(outcome) = self.session.send(self.index, Channel::Refuse, value)? else { return Ok(Some(died())) };
        let (status, body) = outcome.status.unwrap_or_default();
        let kind = FaultKind::Accepted;
        let is_refused = (400..500).contains(&status);
        Ok((!is_refused).then(|| Finding { kind, place: String::new(), found: format!("{status} {body}") }))
    }

    /// The same of a broken parameter; `None` when it cannot be sent.
    #[expect(clippy::option_option, reason = "whether it was sent, and then whether something is wrong")]
    fn held(&mut self, value: &Json) -> io::Result<Option<Option<Finding>>> {
        let Some(outcome) = self.outcome(Channel::Round, value)? else { return Ok(Some(Some(died()))) };
        Ok(match outcome.error {
            Some((stage, _)) if stage == "type" => None,
            Some(_) => Some(None),
            // What a text cannot tell apart may have become another, valid value.
            None if outcome.received.as_ref().is_none_or(|received| !received.is_same(value)) => None,
            None => {
                let found = "the server took it".to_owned();
                Some(Some(Finding { kind: FaultKind::Accepted, place: String::new(), found }))
            }
        })
    }

    /// Sends a valid value; what is wrong with what comes of it.
    fn sent(&mut self, channel: Channel, value: &Json) -> io::Result<Option<Finding>> {
        let Some(outcome) = self.outcome(channel, value)? else { return Ok(Some(died())) };
        Ok(self.compare(channel, value, &outcome))
    }

    /// What came of a value that was sent; `None` when the process died of it.
    fn outcome(&mut self, channel: Channel, value: &Json) -> io::Result<Option<Outcome>> {
        let mut outcome = self.session.send(self.index, channel, value)?;
        if self.probe.kind == Kind::Parts
            && let Some(received) = outcome.as_mut().and_then(|outcome| outcome.received.as_mut())
        {
            with_texts(value, received);
        }
        Ok(outcome)
    }

    fn compare(&self, channel: Channel, value: &Json, outcome: &Outcome) -> Option<Finding> {
        if let Some((stage, error)) = &outcome.error {
            // What a style cannot say is not sent, and said.
            let is_said = match self.probe.kind {
                Kind::Body => false,
                Kind::Parameter | Kind::Form | Kind::Parts => error.starts_with("the request was not sent"),
                // The handler had the value, and the server said that no header can carry it.
                Kind::Header => {
                    stage == "exchange"
                        && error.contains(" 500 ")
                        && outcome.received.as_ref().is_some_and(|one| one.is_same(value))
                }
            };
            let found = format!("{stage}: {error}");
            return (!is_said).then(|| Finding { kind: FaultKind::Refused, place: String::new(), found });
        }
        if let Some(finding) = outcome.received.as_ref().and_then(|received| self.changed(value, received)) {
            return Some(finding);
        }
        let returned = outcome.returned.as_ref()?;
        let finding = self.changed(value, returned)?;
        // Members that are written only do not come back.
        let is_kept_back = channel == Channel::Round
            && outcome.received.is_some()
            && self.judges.answers.is_valid(self.probe.schema, returned)
            && !self.judges.answers.is_valid(self.probe.schema, value);
        let is_write_only =
            channel == Channel::Round && leads_to(self.maker.api, self.probe.schema, |schema| schema.write_only);
        (!is_kept_back && !is_write_only).then_some(finding)
    }

    fn changed(&self, value: &Json, found: &Json) -> Option<Finding> {
        let place = value.difference(found)?;
        if self.probe.kind != Kind::Body && is_same_text(value, found) {
            return None;
        }
        Some(Finding { kind: FaultKind::Changed, place, found: found.to_string() })
    }

    /// Adds a fault, or a smaller value to one that is known.
    fn add(&mut self, channel: Channel, value: &Json, finding: Finding, keyword: Option<String>) -> io::Result<()> {
        let shown = |place: &str| {
            place
                .split('/')
                .map(|one| if one.parse::<usize>().is_ok() { "0" } else { one })
                .collect::<Vec<_>>()
                .join("/")
        };
        let is_same = |fault: &Fault| {
            fault.kind == finding.kind
                && fault.pointer == self.probe.pointer
                && fault.keyword == keyword
                && shown(&fault.place) == shown(&finding.place)
        };
        if let Some(known) = self.report.faults.iter_mut().find(|fault| is_same(fault)) {
            known.times += 1;
            return Ok(());
        }
        let (value, finding) = if self.report.faults.len() < SHRUNK {
            self.shrunk(channel, value, finding, keyword.as_deref())?
        } else {
            (value.clone(), finding)
        };
        let Finding { kind, place, found } = finding;
        let pointer = self.probe.pointer.clone();
        self.report.faults.push(Fault { kind, pointer, place, keyword, value, found, times: 1 });
        Ok(())
    }

    /// The smallest value near this one that shows the same.
    fn shrunk(
        &mut self,
        channel: Channel,
        value: &Json,
        finding: Finding,
        keyword: Option<&str>,
    ) -> io::Result<(Json, Finding)> {
        let (mut best, mut found) = (value.clone(), finding);
        let mut left = SMALLER;
        'smaller: loop {
            for candidate in spoil::smaller(&best) {
                if left == 0 {
                    break 'smaller;
                }
                left -= 1;
                let fault = self.judge(channel).fault(self.probe.schema, &candidate);
                if channel != Channel::Text && fault.as_ref().map(|fault| fault.keyword.as_str()) != keyword {
                    continue;
                }
                let again = match (channel, self.probe.kind) {
                    (Channel::Refuse, Kind::Body) => self.refused(&candidate)?,
                    (Channel::Refuse, _) => self.held(&candidate)?.flatten(),
                    _ => self.sent(channel, &candidate)?,
                };
                let Some(mut again) = again else { continue };
                if found.kind == FaultKind::Unread && again.kind == FaultKind::Refused {
                    again.kind = FaultKind::Unread;
                }
                if again.kind == found.kind {
                    (best, found) = (candidate, again);
                    continue 'smaller;
                }
            }
            break;
        }
        Ok((best, found))
    }
}

fn count(counts: &mut crate::report::Counts, kind: Option<FaultKind>) {
    counts.valid += 1;
    counts.accepted += u64::from(matches!(kind, None | Some(FaultKind::Changed)));
    counts.same += u64::from(kind.is_none());
}

fn died() -> Finding {
    Finding { kind: FaultKind::Died, place: String::new(), found: "the process died".to_owned() }
}

/// Whether a schema leads to one of which something holds.
fn leads_to(api: &Api, id: SchemaId, holds: impl Fn(&Schema) -> bool) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![id];
    while let Some(id) = open.pop() {
        if !seen.insert(id) {
            continue;
        }
        let schema = &api.schemas[id];
        if holds(schema) {
            return true;
        }
        open.extend(schema.subschemas());
    }
    false
}
