//! When beacons go out: often for a while after a start or a change of interfaces, then seldom, always with jitter.
//!
//! The same for every laptop, whatever its circles and whoever is near: the rhythm tells nothing.

use std::time::Duration;
use tokio::time::Instant;

/// How long beacons come often.
const EAGER: Duration = Duration::from_secs(10);
const OFTEN: Duration = Duration::from_secs(2);
const SELDOM: Duration = Duration::from_secs(10);
/// The first one waits up to this long, so that laptops that a power cut woke together don't speak together.
const FIRST: Duration = Duration::from_millis(500);

/// The rhythm since a start or a change.
#[derive(Debug)]
pub(crate) struct Cadence {
    eager_until: Instant,
    next: Instant,
}

impl Cadence {
    /// Begins anew. `jitter` is any number, drawn at random.
    pub(crate) fn new(now: Instant, jitter: u32) -> Self {
        Self { eager_until: now + EAGER, next: now + share(FIRST, jitter) }
    }

    /// When the next beacon goes out.
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// It went out; the next follows between three and five quarters of the pause later.
    pub(crate) fn sent(&mut self, now: Instant, jitter: u32) {
        let pause = if now < self.eager_until { OFTEN } else { SELDOM };
        self.next = now + pause * 3 / 4 + share(pause / 2, jitter);
    }
}

fn share(whole: Duration, jitter: u32) -> Duration {
    whole.mul_f64(f64::from(jitter) / f64::from(u32::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pauses of the first minute, with this jitter at every step.
    fn pauses(jitter: u32) -> Vec<Duration> {
        let start = Instant::now();
        let mut cadence = Cadence::new(start, jitter);
        let mut pauses = vec![cadence.next() - start];
        while cadence.next() < start + Duration::from_mins(1) {
            let now = cadence.next();
            cadence.sent(now, jitter);
            pauses.push(cadence.next() - now);
        }
        pauses
    }

    #[test]
    fn often_for_ten_seconds_then_seldom() {
        for jitter in [0, u32::MAX / 2, u32::MAX] {
            let pauses = pauses(jitter);
            assert!(pauses[0] <= FIRST);
            let often = pauses[1..].iter().filter(|pause| **pause <= OFTEN * 5 / 4).count();
            let seldom = pauses[1..].iter().filter(|pause| **pause >= SELDOM * 3 / 4).count();
            assert_eq!(often + seldom, pauses.len() - 1, "{pauses:?}");
            assert!((4..=7).contains(&often) && (4..=7).contains(&seldom), "{pauses:?}");
        }
    }
}
