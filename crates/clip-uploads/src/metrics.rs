//! What the service counts, in the text form that Prometheus reads.

use std::sync::Arc;
use std::time::Duration;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};

use crate::domain::State;
use crate::metadata::Count;
use crate::storage::Space;

/// The counters. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<RequestLabels, Counter>,
    request_seconds: Family<RouteLabels, Histogram>,
    /// Requests that are being served.
    pub requests_in_flight: Gauge,
    completions: Family<OutcomeLabels, Counter>,
    /// How often storage was asked to make an object.
    pub storage_completions: Counter,
    /// Uploads that expired.
    pub expired: Counter,
    /// Bytes of parts that this process received.
    pub received_bytes: Counter,
    /// Completions that storage knew and the database had forgotten.
    pub adopted: Counter,
    /// Downloads that were cut because bytes were not those that were stored.
    pub damaged_reads: Counter,
    /// 1 while nothing is deleted because of its age.
    pub deletion_suspended: Gauge,
    stock: Stock,
}

/// What the sweep counts.
#[derive(Debug, Clone, Default)]
struct Stock {
    uploads: Family<StateLabels, Gauge>,
    oldest_completing: Gauge,
    missing: Gauge,
    damaged: Gauge,
    backlog: Gauge,
    free: Gauge,
    capacity: Gauge,
}

/// How a completion ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The object is there.
    Completed,
    /// Storage refused the list.
    Rejected,
    /// The parts are gone.
    Failed,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    route: String,
    method: String,
    status: u16,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RouteLabels {
    route: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OutcomeLabels {
    outcome: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct StateLabels {
    state: &'static str,
}

/// From a millisecond to half a minute.
fn seconds() -> Histogram {
    Histogram::new([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0])
}

impl Default for Metrics {
    fn default() -> Self {
        let mut registry = Registry::with_prefix("clip_uploads");
        let requests = Family::default();
        let request_seconds = Family::new_with_constructor(seconds as fn() -> Histogram);
        let requests_in_flight = Gauge::default();
        let completions = Family::default();
        let storage_completions = Counter::default();
        let expired = Counter::default();
        let received_bytes = Counter::default();
        registry.register("requests", "Requests that were answered", requests.clone());
        let help = "Time from the head of a request to the head of its answer";
        registry.register_with_unit("request", help, Unit::Seconds, request_seconds.clone());
        registry.register("requests_in_flight", "Requests that are being served", requests_in_flight.clone());
        registry.register("completions", "Completions that ended", completions.clone());
        let help = "How often storage was asked to make an object";
        registry.register("storage_completions", help, storage_completions.clone());
        registry.register("expired_uploads", "Uploads that expired", expired.clone());
        registry.register_with_unit("received_parts", "Bytes of received parts", Unit::Bytes, received_bytes.clone());
        let adopted = Counter::default();
        let help = "Completions that storage knew and the database had forgotten";
        registry.register("adopted_completions", help, adopted.clone());
        let damaged_reads = Counter::default();
        let help = "Downloads that were cut because bytes were not those that were stored";
        registry.register("damaged_reads", help, damaged_reads.clone());
        let deletion_suspended = Gauge::default();
        let help = "1 while nothing is deleted because of its age, for the clock is not trusted";
        registry.register("deletion_suspended", help, deletion_suspended.clone());
        let stock = Stock::registered(&mut registry);
        Self {
            registry: Arc::new(registry),
            requests,
            request_seconds,
            requests_in_flight,
            completions,
            storage_completions,
            expired,
            received_bytes,
            adopted,
            damaged_reads,
            deletion_suspended,
            stock,
        }
    }
}

impl Stock {
    fn registered(registry: &mut Registry) -> Self {
        let stock = Self::default();
        registry.register("uploads", "Uploads, by their state", stock.uploads.clone());
        let help = "For how long the oldest completion has not ended";
        registry.register_with_unit("oldest_completing", help, Unit::Seconds, stock.oldest_completing.clone());
        let help = "Completions of which storage has neither parts nor object";
        registry.register("missing_completions", help, stock.missing.clone());
        registry.register("damaged_clips", "Clips that a scrub found damaged", stock.damaged.clone());
        registry.register("sweep_backlog", "Uploads that wait to be expired or deleted", stock.backlog.clone());
        registry.register_with_unit("storage_free", "Room that storage has", Unit::Bytes, stock.free.clone());
        registry.register_with_unit("storage_capacity", "Size of storage", Unit::Bytes, stock.capacity.clone());
        stock
    }
}

impl Metrics {
    /// Counts an answer. `route` is the template of the path, never the path itself, so that there are few of them.
    pub fn answered(&self, route: &str, method: &str, status: u16, took: Duration) {
        let labels = RequestLabels { route: route.to_owned(), method: method.to_owned(), status };
        self.requests.get_or_create(&labels).inc();
        self.request_seconds.get_or_create(&RouteLabels { route: route.to_owned() }).observe(took.as_secs_f64());
    }

    /// Takes over what the sweep counted.
    pub fn counted(&self, counts: &[Count], now: i64, backlog: i64, space: Option<Space>) {
        let stock = &self.stock;
        for state in State::ALL {
            let own = counts.iter().filter(|count| count.state == state.as_str());
            stock
                .uploads
                .get_or_create(&StateLabels { state: state.as_str() })
                .set(own.map(|count| count.uploads).sum());
        }
        let completing = counts.iter().filter(|count| count.state == State::Completing.as_str());
        let oldest = completing.map(|count| now.saturating_sub(count.oldest) / 1000).max();
        stock.oldest_completing.set(oldest.unwrap_or_default());
        let missing = counts.iter().filter(|count| count.state == State::Completing.as_str());
        stock.missing.set(missing.map(|count| count.missing).sum());
        stock.damaged.set(counts.iter().map(|count| count.damaged).sum());
        stock.backlog.set(backlog);
        if let Some(Space { free, capacity }) = space {
            stock.free.set(i64::try_from(free).unwrap_or(i64::MAX));
            stock.capacity.set(i64::try_from(capacity).unwrap_or(i64::MAX));
        }
    }

    /// Counts a completion that ended.
    pub fn completed(&self, outcome: Outcome) {
        let outcome = match outcome {
            Outcome::Completed => "completed",
            Outcome::Rejected => "rejected",
            Outcome::Failed => "failed",
        };
        self.completions.get_or_create(&OutcomeLabels { outcome }).inc();
    }

    /// All of it as text.
    pub fn encode(&self) -> Result<String, std::fmt::Error> {
        let mut text = String::new();
        prometheus_client::encoding::text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}
