//! One row of the table: a measurement, what stands beside it, and their ratio.

use serde::Serialize;
use std::fmt;
use std::time::Duration;

/// The middle and the bad end of some samples, in microseconds of wall-clock time.
#[derive(Debug, Clone, Copy, Serialize)]
pub(crate) struct Spread {
    pub(crate) median_us: f64,
    pub(crate) p99_us: f64,
    pub(crate) samples: usize,
}

impl Spread {
    pub(crate) fn of(mut samples: Vec<Duration>) -> Self {
        samples.sort_unstable();
        let at = |share: usize| {
            samples
                .get((samples.len() * share / 100).min(samples.len().saturating_sub(1)))
                .copied()
                .unwrap_or_default()
        };
        Self { median_us: micros(at(50)), p99_us: micros(at(99)), samples: samples.len() }
    }
}

fn micros(time: Duration) -> f64 {
    time.as_secs_f64() * 1e6
}

#[derive(Debug, Serialize)]
pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) ours: Spread,
    pub(crate) beside: &'static str,
    pub(crate) floor: Spread,
    pub(crate) ratio_median: f64,
    pub(crate) ratio_p99: f64,
}

impl Row {
    pub(crate) fn new(what: &'static str, ours: Spread, beside: &'static str, floor: Spread) -> Self {
        Self {
            what,
            ours,
            beside,
            floor,
            ratio_median: ours.median_us / floor.median_us,
            ratio_p99: ours.p99_us / floor.p99_us,
        }
    }
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:<58} {:>7.0} µs {:>7.0} µs   {:<44} {:>7.0} µs {:>7.0} µs {:>7.2} {:>7.2}",
            self.what,
            self.ours.median_us,
            self.ours.p99_us,
            self.beside,
            self.floor.median_us,
            self.floor.p99_us,
            self.ratio_median,
            self.ratio_p99
        )
    }
}
