//! Figures: what many samples of one thing say.

use std::time::Duration;

/// Median and 99th percentile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figures {
    /// In milliseconds.
    pub(crate) median: f64,
    /// In milliseconds.
    pub(crate) p99: f64,
}

impl Figures {
    /// Of samples in the order in which they were taken. The first tenth warmed up and doesn't count.
    pub(crate) fn of(samples: &[Duration]) -> Self {
        let mut counted: Vec<f64> =
            samples[samples.len() / 10..].iter().map(|sample| sample.as_secs_f64() * 1000.0).collect();
        counted.sort_by(f64::total_cmp);
        Self { median: at(&counted, 50), p99: at(&counted, 99) }
    }
}

/// The sample below which so many of a hundred are; zero of none.
fn at(sorted: &[f64], percent: usize) -> f64 {
    sorted.get(sorted.len() * percent / 100).or(sorted.last()).copied().unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_warm_up_does_not_count() {
        let mut samples = vec![Duration::from_secs(9); 10];
        samples.extend((1..=90).map(Duration::from_millis));
        let figures = Figures::of(&samples);
        assert!((figures.median - 46.0).abs() < 0.1 && (figures.p99 - 90.0).abs() < 0.1, "{figures:?}");
    }
}
