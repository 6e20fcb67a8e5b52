//! How many beacons are looked at: token buckets, one for everybody together and one for every sender.

use crate::bound;
use std::collections::BTreeMap;
use std::net::IpAddr;
use tokio::time::Instant;

/// Tokens of everybody together: a LAN of a hundred laptops that all start at once, and then some.
const IN_ALL: Rate = Rate { burst: 256.0, per_second: 128.0 };
/// Tokens of one sender: ten instances on one machine that all start at once.
const PER_SENDER: Rate = Rate { burst: 32.0, per_second: 10.0 };

#[derive(Debug, Clone, Copy)]
struct Rate {
    burst: f64,
    per_second: f64,
}

#[derive(Debug)]
struct Bucket {
    rate: Rate,
    tokens: f64,
    at: Instant,
}

/// Lets through what is within both rates.
#[derive(Debug)]
pub(crate) struct Sieve {
    in_all: Bucket,
    by_sender: BTreeMap<IpAddr, Bucket>,
}

impl Bucket {
    fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, tokens: rate.burst, at: now }
    }

    fn fill(&mut self, now: Instant) {
        let seconds = now.saturating_duration_since(self.at).as_secs_f64();
        self.tokens = self.rate.burst.min(self.tokens + seconds * self.rate.per_second);
        self.at = now;
    }

    fn take(&mut self, now: Instant) -> bool {
        self.fill(now);
        let some = self.tokens >= 1.0;
        if some {
            self.tokens -= 1.0;
        }
        some
    }

    /// Full again, and so no different from a new one.
    fn is_idle(&mut self, now: Instant) -> bool {
        self.fill(now);
        self.tokens >= self.rate.burst
    }
}

impl Sieve {
    pub(crate) fn new(now: Instant) -> Self {
        Self { in_all: Bucket::new(IN_ALL, now), by_sender: BTreeMap::new() }
    }

    /// Whether a datagram from this sender is looked at.
    pub(crate) fn passes(&mut self, from: IpAddr, now: Instant) -> bool {
        if !self.by_sender.contains_key(&from) && self.by_sender.len() >= bound::BEACON_SOURCES {
            self.by_sender.retain(|_, bucket| !bucket.is_idle(now));
            if self.by_sender.len() >= bound::BEACON_SOURCES {
                return false;
            }
        }
        let bucket = self.by_sender.entry(from).or_insert_with(|| Bucket::new(PER_SENDER, now));
        // The sender's own first: a flood from one address takes nothing from the others.
        bucket.take(now) && self.in_all.take(now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;
    use std::time::Duration;

    fn sender(n: u32) -> IpAddr {
        Ipv4Addr::from(0x0a00_0000 + n).into()
    }

    #[test]
    fn a_flood_from_one_sender_takes_nothing_from_another() {
        let now = Instant::now();
        let mut sieve = Sieve::new(now);
        let passed = (0..10_000).filter(|_| sieve.passes(sender(1), now)).count();
        assert_eq!(passed, 32);
        assert!(sieve.passes(sender(2), now));
        assert!(sieve.passes(sender(1), now + Duration::from_secs(1)));
    }

    #[test]
    fn everybody_together_is_bounded() {
        let now = Instant::now();
        let mut sieve = Sieve::new(now);
        assert_eq!((0..1000).filter(|n| sieve.passes(sender(*n), now)).count(), 256);
    }

    #[test]
    fn the_list_of_senders_is_bounded_and_forgets_the_idle() {
        let now = Instant::now();
        let mut sieve = Sieve::new(now);
        for n in 0..3000 {
            sieve.passes(sender(n), now);
        }
        assert_eq!(sieve.by_sender.len(), bound::BEACON_SOURCES);
        assert!(sieve.passes(sender(200_000), now + Duration::from_mins(1)));
    }
}
