//! System calls as `strace` records them, and what can be asked about their order.

use std::collections::HashMap;

/// What a system call did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Call {
    Write(String),
    Sync(String),
    Rename(String, String),
    MakeFolder(String),
    /// The beginning of an answer.
    Answer,
}

/// A call that succeeded: it began and ended at these lines of the record.
#[derive(Debug, Clone)]
struct Event {
    began: usize,
    ended: usize,
    call: Call,
}

/// System calls in the order in which they ended.
#[derive(Debug, Clone)]
pub(crate) struct Trace(Vec<Event>);

/// Which calls have to be recorded, as an option of `strace`.
pub(crate) const CALLS: &str =
    "trace=write,pwrite64,writev,pwritev,sendto,sendmsg,fsync,fdatasync,rename,renameat,renameat2,mkdir,mkdirat";

impl Trace {
    /// Reads what `strace -f -y` wrote.
    pub(crate) fn read(text: &str) -> Self {
        let mut open: HashMap<&str, (usize, String)> = HashMap::new();
        let mut events = Vec::new();
        for (line, text) in text.lines().enumerate() {
            let Some((process, rest)) = text.split_once(' ') else { continue };
            let rest = rest.trim_start();
            if let Some(head) = rest.strip_suffix(" <unfinished ...>") {
                open.insert(process, (line, head.to_owned()));
                continue;
            }
            let (began, whole) = match rest.split_once(" resumed>") {
                Some((_, tail)) if rest.starts_with("<... ") => match open.remove(process) {
                    Some((began, head)) => (began, format!("{head}{tail}")),
                    None => continue,
                },
                _ => (line, rest.to_owned()),
            };
            events.extend(call(&whole).map(|call| Event { began, ended: line, call }));
        }
        Self(events)
    }

    pub(crate) fn text(&self) -> String {
        let lines = self.0.iter().map(|event| format!("{} {} {:?}", event.began, event.ended, event.call));
        lines.collect::<Vec<_>>().join("\n")
    }

    /// The line at which the n-th answer began.
    pub(crate) fn answer(&self, nth: usize) -> usize {
        let mut answers = self.0.iter().filter(|event| event.call == Call::Answer);
        answers.nth(nth).unwrap_or_else(|| panic!("no answer {nth}:\n{}", self.text())).began
    }

    pub(crate) fn call(&self, index: usize) -> &Call {
        &self.0[index].call
    }

    /// The syncs that began and ended between two lines.
    pub(crate) fn syncs(&self, from: usize, to: usize) -> Vec<usize> {
        let within = |event: &Event| matches!(event.call, Call::Sync(_)) && event.began > from && event.ended < to;
        self.0.iter().enumerate().filter(|(_, event)| within(event)).map(|(index, _)| index).collect()
    }

    /// The line at which a call began.
    pub(crate) fn began(&self, index: usize) -> usize {
        self.0[index].began
    }

    /// The lines at which renamings to a path with this in it ended.
    pub(crate) fn renames(&self, to: &str) -> Vec<usize> {
        let wanted = |event: &&Event| matches!(&event.call, Call::Rename(_, new) if new.contains(to));
        self.0.iter().filter(wanted).map(|event| event.ended).collect()
    }

    /// The same without one call.
    pub(crate) fn without(&self, index: usize) -> Self {
        let mut rest = self.clone();
        rest.0.remove(index);
        rest
    }

    /// The line at which the first such call between two lines ended.
    pub(crate) fn find(&self, from: usize, to: usize, wanted: impl Fn(&Call) -> bool) -> Result<usize, String> {
        let found = self.0.iter().find(|event| event.began > from && event.ended < to && wanted(&event.call));
        found.map(|event| event.ended).ok_or_else(|| format!("no such call between {from} and {to}"))
    }

    /// The line at which the first such renaming after a line ended.
    pub(crate) fn rename(&self, after: usize, from: &str, to: &str) -> Result<usize, String> {
        let wanted = |call: &Call| matches!(call, Call::Rename(old, new) if old.contains(from) && new.contains(to));
        self.find(after, usize::MAX, wanted).map_err(|error| format!("{from} to {to}: {error}"))
    }

    /// What was renamed at a line, and to what.
    pub(crate) fn renamed(&self, line: usize) -> (String, String) {
        let found = self.0.iter().find_map(|event| match &event.call {
            Call::Rename(from, to) if event.ended == line => Some((from.clone(), to.clone())),
            _ => None,
        });
        found.expect("a renaming")
    }

    /// A sync of this path that began after one line and ended before another; the line at which it ended.
    pub(crate) fn synced_between(&self, from: usize, to: usize, path: &str) -> Result<usize, String> {
        let wanted = |call: &Call| matches!(call, Call::Sync(synced) if synced.ends_with(path));
        self.find(from, to, wanted).map_err(|error| format!("sync of {path}: {error}"))
    }

    /// Whether everything that was written to a file before its renaming at a line was synced before that.
    pub(crate) fn file_synced_before(&self, rename: usize, path: &str) -> Result<(), String> {
        let began = self.0.iter().find(|event| event.ended == rename).map_or(rename, |event| event.began);
        let written = self.last_write(0, began, path).ok_or_else(|| format!("nothing was written to {path}"))?;
        self.synced_between(written, began + 1, path).map(drop)
    }

    /// Whether a file was written between two lines, and all of that was synced before the second one.
    pub(crate) fn written_and_synced_between(&self, from: usize, to: usize, path: &str) -> Result<(), String> {
        let written = self.last_write(from, to, path).ok_or_else(|| format!("nothing was written to {path}"))?;
        self.synced_between(written, to, path).map(drop)
    }

    fn last_write(&self, from: usize, to: usize, path: &str) -> Option<usize> {
        let wanted = |event: &&Event| {
            event.began > from && event.ended <= to && matches!(&event.call, Call::Write(file) if file.ends_with(path))
        };
        self.0.iter().filter(wanted).map(|event| event.ended).max()
    }
}

/// The call in a line; `None` when it failed or does not matter here.
fn call(text: &str) -> Option<Call> {
    let (name, arguments) = text.split_once('(')?;
    let result = text.rsplit_once(" = ")?.1;
    if result.starts_with('-') {
        return None;
    }
    let file = || Some(arguments.split_once('<')?.1.split_once('>')?.0.to_owned());
    let named = || arguments.split('"').skip(1).step_by(2).map(str::to_owned);
    match name {
        "fsync" | "fdatasync" => Some(Call::Sync(file()?)),
        "rename" | "renameat" | "renameat2" => Some(Call::Rename(named().next()?, named().nth(1)?)),
        "mkdir" | "mkdirat" => Some(Call::MakeFolder(named().next()?)),
        _ if arguments.contains("\"HTTP/1.1 2") => Some(Call::Answer),
        "write" | "pwrite64" | "writev" | "pwritev" => Some(Call::Write(file()?)),
        _ => None,
    }
}
