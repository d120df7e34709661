//! How much an organisation may have and ask for.
//!
//! What everybody has is counted from the database now and then, and kept up to date in between by what this process
//! does; so a limit costs a request no query. Processes that share a database see each other's uploads with the next
//! count.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::{Refusal, State, Upload};
use crate::metadata::Count;
use crate::storage::Space;

/// What an organisation may have and ask for.
#[derive(Debug, Clone)]
pub struct Allowance {
    /// The most bytes, stored and announced; as much as storage has when nothing is said.
    pub bytes: Option<u64>,
    /// The most uploads that take parts at once.
    pub uploads: u64,
    /// The most requests in a second.
    pub requests: u32,
}

/// What an organisation has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Usage {
    bytes: u64,
    uploads: u64,
}

/// What everybody has.
#[derive(Debug)]
pub(super) struct Quotas {
    allowance: Allowance,
    usage: Mutex<Known>,
    buckets: Mutex<HashMap<String, Bucket>>,
}

/// What everybody has, and how sure that is.
#[derive(Debug, Default)]
struct Known {
    usage: HashMap<String, Usage>,
    /// How many uploads have room and are not in the database yet.
    unsettled: u64,
    /// Grows with every change.
    version: u64,
    /// How many counts in a row were out of date before they came.
    missed: u32,
}

/// When a count began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ticket(Option<u64>);

/// How many counts may be out of date before one is taken all the same.
const MISSED: u32 = 5;

/// Requests that may be made at once.
#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled: Instant,
}

/// The part of storage that uploads may fill, as a fraction: the rest is for the database and the log.
const FILL: (u64, u64) = (9, 10);

impl Quotas {
    pub(super) fn new(allowance: Allowance) -> Self {
        Self { allowance, usage: Mutex::default(), buckets: Mutex::default() }
    }

    /// A count begins.
    pub(super) fn count(&self) -> Ticket {
        let known = locked(&self.usage);
        Ticket((known.unsettled == 0).then_some(known.version))
    }

    /// Takes over what the database counted, unless something changed meanwhile: then the next count will do.
    pub(super) fn recount(&self, counts: &[Count], ticket: Ticket) {
        let mut usage: HashMap<String, Usage> = HashMap::new();
        for count in counts {
            let number = |value: i64| u64::try_from(value).unwrap_or_default();
            let entry = usage.entry(count.organisation.clone()).or_default();
            let state = State::try_from(count.state.clone());
            if matches!(state, Ok(State::Uploading | State::Completing | State::Completed)) {
                entry.bytes = entry.bytes.saturating_add(number(count.bytes));
            }
            if matches!(state, Ok(State::Uploading)) {
                entry.uploads = entry.uploads.saturating_add(number(count.uploads));
            }
        }
        let mut known = locked(&self.usage);
        if ticket.0 == Some(known.version) || known.missed >= MISSED {
            known.usage = usage;
            known.missed = 0;
        } else {
            known.missed += 1;
        }
    }

    /// Takes room for a new upload, or says why there is none. `space` is how full storage is, where that is known. The
    /// upload is [`settled`](Self::settled) once the database knows it, or never will.
    pub(super) fn reserve(&self, organisation: &str, size: u64, space: Option<Space>) -> Result<(), Refusal> {
        let mut known = locked(&self.usage);
        let all = &mut known.usage;
        let total = all.values().fold(size, |sum, usage| sum.saturating_add(usage.bytes));
        let own = all.get(organisation).copied().unwrap_or_default();
        if own.uploads >= self.allowance.uploads {
            return Err(Refusal::TooManyUploads(self.allowance.uploads));
        }
        let wanted = own.bytes.saturating_add(size);
        let fits = |space: Space| size <= space.free && total <= space.capacity / FILL.1 * FILL.0;
        match self.allowance.bytes {
            Some(limit) if wanted > limit => return Err(Refusal::QuotaExceeded { limit, wanted }),
            None if space.is_some_and(|space| !fits(space)) => return Err(Refusal::StorageFull),
            // Whoever says a limit has thought of the disk.
            Some(_) | None => {}
        }
        all.insert(organisation.to_owned(), Usage { bytes: wanted, uploads: own.uploads + 1 });
        known.version += 1;
        known.unsettled += 1;
        Ok(())
    }

    /// Notes that the database knows an upload for which room was taken, or never will.
    pub(super) fn settled(&self) {
        let mut known = locked(&self.usage);
        known.version += 1;
        known.unsettled = known.unsettled.saturating_sub(1);
    }

    /// Notes that an upload went from one state to another; `None` is one in which it has nothing.
    pub(super) fn moved(&self, upload: &Upload, from: State, to: Option<State>) {
        let mut known = locked(&self.usage);
        known.version += 1;
        let usage = known.usage.entry(upload.organisation.clone()).or_default();
        if from == State::Uploading {
            usage.uploads = usage.uploads.saturating_sub(1);
        }
        match to {
            None if matches!(from, State::Uploading | State::Completing | State::Completed) => {
                usage.bytes = usage.bytes.saturating_sub(upload.declared_size());
            }
            Some(State::Uploading) => usage.uploads += 1,
            Some(_) | None => {}
        }
    }

    /// Lets a request pass, or says when to come again.
    pub(super) fn admit(&self, organisation: &str) -> Result<(), Refusal> {
        let rate = f64::from(self.allowance.requests);
        let mut buckets = locked(&self.buckets);
        let now = Instant::now();
        if !buckets.contains_key(organisation) {
            buckets.insert(organisation.to_owned(), Bucket { tokens: rate, filled: now });
        }
        let Some(bucket) = buckets.get_mut(organisation) else { return Ok(()) };
        bucket.tokens = (bucket.tokens + now.duration_since(bucket.filled).as_secs_f64() * rate).min(rate);
        bucket.filled = now;
        if bucket.tokens < 1.0 {
            return Err(Refusal::RateLimited(Duration::from_secs(1)));
        }
        bucket.tokens -= 1.0;
        Ok(())
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quotas(bytes: Option<u64>) -> Quotas {
        Quotas::new(Allowance { bytes, uploads: 2, requests: 3 })
    }

    #[test]
    fn room_is_taken_until_there_is_none() {
        let quotas = quotas(Some(100));
        assert_eq!(quotas.reserve("a", 60, None), Ok(()));
        assert_eq!(quotas.reserve("a", 41, None), Err(Refusal::QuotaExceeded { limit: 100, wanted: 101 }));
        assert_eq!(quotas.reserve("b", 41, None), Ok(()));
        assert_eq!(quotas.reserve("a", 40, None), Ok(()));
        assert_eq!(quotas.reserve("a", 0, None), Err(Refusal::TooManyUploads(2)));
        // A count that began before something changed is out of date.
        let ticket = quotas.count();
        quotas.recount(&[], ticket);
        assert_eq!(quotas.reserve("a", 0, None), Err(Refusal::TooManyUploads(2)));
        for _ in 0..3 {
            quotas.settled();
        }
        let ticket = quotas.count();
        quotas.recount(&[], ticket);
        assert_eq!(quotas.reserve("a", 100, None), Ok(()));
    }

    #[test]
    fn a_disk_is_never_promised_twice() {
        let quotas = quotas(None);
        let space = Some(Space { free: 500, capacity: 1000 });
        assert_eq!(quotas.reserve("a", 501, space), Err(Refusal::StorageFull));
        assert_eq!(quotas.reserve("a", 500, space), Ok(()));
        assert_eq!(quotas.reserve("b", 401, space), Err(Refusal::StorageFull));
        assert_eq!(quotas.reserve("b", 400, space), Ok(()));
    }

    #[test]
    fn requests_pass_at_their_rate() {
        let quotas = quotas(None);
        for _ in 0..3 {
            assert_eq!(quotas.admit("a"), Ok(()));
        }
        assert!(matches!(quotas.admit("a"), Err(Refusal::RateLimited(_))));
        assert_eq!(quotas.admit("b"), Ok(()));
        std::thread::sleep(Duration::from_millis(400));
        assert_eq!(quotas.admit("a"), Ok(()));
    }
}
