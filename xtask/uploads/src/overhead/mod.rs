//! What generated code costs beside code that somebody wrote by hand for the same work.
//!
//! Requests go over loopback and connections that stay open, between two threads, one for each end. What is measured is
//! the processor time of this process: all that a request costs on both ends, the kernel's work included, and nothing
//! that other processes do meanwhile. The contenders take turns in many short rounds, so that what slows the machine
//! down slows all of them down. Both threads share one processor: what it costs to wake another one up differs by a
//! multiple of a request from one moment to the next.

pub(crate) mod client;
pub(crate) mod router;

use std::net::SocketAddr;
use std::time::Duration;

use rustix::time::{ClockId, clock_gettime};

use crate::failure::Failure;
use crate::report::{Report, Spread};

/// Does `work` on one processor, with all threads that it starts.
#[cfg(target_os = "linux")]
pub(crate) fn on_one_processor<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let all = sched_getaffinity(None).map_err(Failure::unexpected)?;
    let mut one = CpuSet::new();
    if let Some(last) = (0..CpuSet::MAX_CPU).rev().find(|processor| all.is_set(*processor)) {
        one.set(last);
    }
    sched_setaffinity(None, &one).map_err(Failure::unexpected)?;
    let done = work();
    sched_setaffinity(None, &all).map_err(Failure::unexpected)?;
    Ok(done)
}

/// Does `work`; only Linux lets a thread choose its processor.
#[cfg(not(target_os = "linux"))]
pub(crate) fn on_one_processor<T>(work: impl FnOnce() -> T) -> Result<T, Failure> {
    Ok(work())
}

/// How many requests a contender makes in a round.
const BATCH: u32 = 400;

/// How many rounds the contenders make before they start anew.
const ROUNDS: u32 = 4;

/// Somebody who makes requests.
trait Contender {
    /// Makes one request, and looks at the answer as any caller would.
    async fn call(&mut self) -> Result<(), Failure>;
}

/// Measures as many contenders of a kind as `kinds` has, which `start` starts; for each kind the microseconds of
/// processor time that a request took, per round.
async fn in_turns<K: Copy, C: Contender>(
    kinds: &[K],
    rounds: u32,
    start: impl AsyncFn(K) -> Result<C, Failure>,
) -> Result<Vec<Vec<f64>>, Failure> {
    let mut times = vec![Vec::new(); kinds.len()];
    for again in 0..rounds.div_ceil(ROUNDS) {
        let mut contenders = Vec::new();
        for index in order(kinds.len(), again) {
            if let Some(kind) = kinds.get(index) {
                contenders.push((index, start(*kind).await?));
            }
        }
        // The first round warms caches and connections up; it does not count.
        for round in 0..=ROUNDS {
            contenders.rotate_left(1);
            for (index, contender) in &mut contenders {
                let took = batch(contender).await?;
                if let Some(times) = times.get_mut(*index).filter(|_| round > 0) {
                    times.push(took);
                }
            }
        }
    }
    Ok(times)
}

/// The order in which `count` contenders start for the time `again`: each is first as often as any other, and has each
/// of its neighbours as often in front of it as behind it.
fn order(count: usize, again: u32) -> Vec<usize> {
    let again = usize::try_from(again).unwrap_or_default();
    let mut order: Vec<usize> = (0..count).collect();
    order.rotate_left((again / 2).checked_rem(count).unwrap_or_default());
    if again % 2 == 1 {
        order.reverse();
    }
    order
}

/// The microseconds of processor time that each request of a round took.
async fn batch(contender: &mut impl Contender) -> Result<f64, Failure> {
    let before = processor_time();
    for _ in 0..BATCH {
        contender.call().await?;
    }
    let took = processor_time().saturating_sub(before);
    Ok(took.as_secs_f64() * 1_000_000.0 / f64::from(BATCH))
}

/// The processor time that this process has had.
fn processor_time() -> Duration {
    let time = clock_gettime(ClockId::ProcessCPUTime);
    Duration::try_from(time).unwrap_or_default()
}

/// A server on a thread of its own, until this is dropped.
struct Server {
    address: SocketAddr,
    /// Dropped, it ends the thread.
    _running: tokio::sync::oneshot::Sender<()>,
}

/// Serves on a thread of its own.
fn serve(router: axum::Router) -> Result<Server, Failure> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let (running, ended) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            tokio::select! {
                served = async { axum::serve(listener, router).await } => served,
                _ = ended => Ok(()),
            }
        })
    });
    Ok(Server { address, _running: running })
}

/// Adds how many times as much one takes as the other, and what both take.
fn compare(report: &mut Report, group: &'static str, what: &str, ours: (&str, &[f64]), theirs: (&str, &[f64])) {
    let (our_spread, their_spread) = (Spread::of(ours.1.iter().copied()), Spread::of(theirs.1.iter().copied()));
    let ratios = Spread::of(ours.1.iter().zip(theirs.1).map(|(one, other)| one / other));
    let medians = our_spread.median / their_spread.median;
    let note = format!("{}; {:.1} and {:.1} us", ratios.note(), our_spread.median, their_spread.median);
    report.add(group, format!("{what}: {} / {}", ours.0, theirs.0), medians, "x", note);
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn every_contender_starts_everywhere() {
        for count in 1..5_usize {
            let turns = u32::try_from(2 * count).expect("small");
            for place in 0..count {
                let mut there: Vec<usize> =
                    (0..turns).filter_map(|again| order(count, again).get(place).copied()).collect();
                there.sort_unstable();
                assert_eq!(there, (0..count).flat_map(|index| [index, index]).collect::<Vec<_>>());
            }
        }
    }
}
