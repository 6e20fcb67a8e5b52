//! One dial: QUIC first, TCP after a head start or as soon as QUIC has failed; the first channel that stands wins.
//!
//! After the connection attempt delay of RFC 8305 ("happy eyeballs"), with channels in place of address families.

use crate::address::Channel;
use crate::bound;
use crate::event::DialTarget;
use tokio::time::Instant;

/// A dial that nobody has won yet. `A` names an attempt.
#[derive(Debug)]
pub(crate) struct Race<A> {
    target: DialTarget,
    legs: [Leg<A>; 2],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Leg<A> {
    /// Starts then, or when no other runs.
    Due(Instant),
    Running(A),
    /// Failed, or has no port to go to.
    Out,
}

impl<A: Copy + PartialEq> Race<A> {
    pub(crate) fn new(target: DialTarget, now: Instant) -> Self {
        let quic = if target.quic.is_some() { Leg::Due(now) } else { Leg::Out };
        let tcp = match (target.tcp, target.quic) {
            (Some(_), Some(_)) => Leg::Due(now + bound::HEAD_START),
            (Some(_), None) => Leg::Due(now),
            (None, _) => Leg::Out,
        };
        Self { target, legs: [quic, tcp] }
    }

    pub(crate) fn target(&self) -> &DialTarget {
        &self.target
    }

    /// The channel to start next, if its time has come.
    pub(crate) fn due(&self, now: Instant) -> Option<Channel> {
        self.next_start().filter(|(_, at)| *at <= now).map(|(channel, _)| channel)
    }

    /// When the next channel starts; none if none is left to start.
    pub(crate) fn wakes_at(&self) -> Option<Instant> {
        self.next_start().map(|(_, at)| at)
    }

    pub(crate) fn started(&mut self, channel: Channel, attempt: Option<A>) {
        self.legs[place(channel)] = attempt.map_or(Leg::Out, Leg::Running);
        self.hurry();
    }

    /// Whether this attempt is one of this race.
    pub(crate) fn runs(&self, attempt: A) -> bool {
        self.legs.contains(&Leg::Running(attempt))
    }

    /// An attempt failed.
    pub(crate) fn failed(&mut self, attempt: A) {
        for leg in self.legs.iter_mut().filter(|leg| **leg == Leg::Running(attempt)) {
            *leg = Leg::Out;
        }
        self.hurry();
    }

    /// Nothing runs and nothing is left to start.
    pub(crate) fn is_lost(&self) -> bool {
        self.legs.iter().all(|leg| *leg == Leg::Out)
    }

    /// Where nothing runs, what is due later is due now.
    fn hurry(&mut self) {
        if self.legs.iter().any(|leg| matches!(leg, Leg::Running(_))) {
            return;
        }
        let now = Instant::now();
        for leg in &mut self.legs {
            if let Leg::Due(at) = leg {
                *at = now.min(*at);
            }
        }
    }

    fn next_start(&self) -> Option<(Channel, Instant)> {
        let due = |channel: Channel| match self.legs[place(channel)] {
            Leg::Due(at) => Some((channel, at)),
            Leg::Running(_) | Leg::Out => None,
        };
        Channel::ALL.into_iter().filter_map(due).min_by_key(|(_, at)| *at)
    }
}

fn place(channel: Channel) -> usize {
    match channel {
        Channel::Quic => 0,
        Channel::Tcp => 1,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    fn race(quic: Option<u16>, tcp: Option<u16>, now: Instant) -> Race<u32> {
        Race::new(DialTarget { ip: Ipv4Addr::LOCALHOST.into(), tcp, quic, expected: None }, now)
    }

    #[test]
    fn tcp_starts_after_the_head_start() {
        let now = Instant::now();
        let mut race = race(Some(1), Some(2), now);
        assert_eq!(race.due(now), Some(Channel::Quic));
        race.started(Channel::Quic, Some(1));
        assert_eq!(race.due(now), None);
        assert_eq!(race.wakes_at(), Some(now + bound::HEAD_START));
        assert_eq!(race.due(now + bound::HEAD_START), Some(Channel::Tcp));
    }

    #[test]
    fn tcp_starts_at_once_when_quic_has_failed_or_never_ran() {
        let now = Instant::now();
        let mut failed = race(Some(1), Some(2), now);
        failed.started(Channel::Quic, Some(1));
        failed.failed(1);
        assert_eq!(failed.due(Instant::now()), Some(Channel::Tcp));

        let mut refused = race(Some(1), Some(2), now);
        refused.started(Channel::Quic, None);
        assert_eq!(refused.due(Instant::now()), Some(Channel::Tcp));

        assert_eq!(race(None, Some(2), now).due(now), Some(Channel::Tcp));
    }

    #[test]
    fn a_race_is_lost_when_both_are_out() {
        let now = Instant::now();
        let mut race = race(Some(1), Some(2), now);
        race.started(Channel::Quic, Some(1));
        race.started(Channel::Tcp, Some(2));
        assert!(race.runs(2) && !race.runs(3));
        race.failed(2);
        assert!(!race.is_lost() && !race.runs(2));
        race.failed(1);
        assert!(race.is_lost());
    }

    #[test]
    fn without_a_port_there_is_no_race() {
        assert!(race(None, None, Instant::now()).is_lost());
    }
}
