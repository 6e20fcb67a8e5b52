//! Locks when nobody was at the keyboard for a while, and after the laptop slept.
//!
//! The page says `active` while somebody types or points. Two clocks are read: on Linux the steady one stands still while
//! the laptop sleeps, the wall's doesn't, so a jump of the second against the first is a sleep. Outside Linux that is
//! unproven: on Windows the steady one goes on, and a laptop that slept is locked only when the time without anybody is
//! over.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

/// How often it is looked: after waking, the room is to be seen for no longer than this and what its page takes to write.
pub(crate) const LOOK: Duration = Duration::from_secs(2);
/// The wall's clock is set right by less than this; a sleep is longer.
const JUMP: Duration = Duration::from_secs(30);

/// Since when nobody was there.
pub(crate) struct Idle(Mutex<Seen>);

#[derive(Debug, Clone, Copy)]
struct Seen {
    active: Instant,
    looked: (Instant, SystemTime),
}

impl Idle {
    /// Somebody is there now.
    pub(crate) fn new(now: Instant, wall: SystemTime) -> Self {
        Self(Mutex::new(Seen { active: now, looked: (now, wall) }))
    }

    /// Somebody is there.
    pub(crate) fn active(&self, now: Instant) {
        self.seen(|seen| seen.active = now);
    }

    /// Whether it is time to lock.
    pub(crate) fn look(&self, now: Instant, wall: SystemTime, limit: Option<Duration>) -> bool {
        self.seen(|seen| {
            let (before, wall_before) = seen.looked;
            seen.looked = (now, wall);
            let steady = now.saturating_duration_since(before);
            // A wall clock that was set back tells nothing of a sleep.
            let slept = wall.duration_since(wall_before).unwrap_or_default().saturating_sub(steady) > JUMP;
            let away = limit.is_some_and(|limit| now.saturating_duration_since(seen.active) >= limit);
            if slept || away {
                // The next unlocking begins a time of its own.
                seen.active = now;
            }
            slept || away
        })
    }

    fn seen<T>(&self, change: impl FnOnce(&mut Seen) -> T) -> T {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_mins(1);
    const LIMIT: Option<Duration> = Some(Duration::from_mins(15));

    fn start() -> (Idle, Instant, SystemTime) {
        let (now, wall) = (Instant::now(), SystemTime::now());
        (Idle::new(now, wall), now, wall)
    }

    #[test]
    fn it_locks_when_nobody_was_there_and_not_while_somebody_is() {
        let (idle, now, wall) = start();
        assert!(!idle.look(now + 14 * MINUTE, wall + 14 * MINUTE, LIMIT));
        idle.active(now + 14 * MINUTE);
        assert!(!idle.look(now + 28 * MINUTE, wall + 28 * MINUTE, LIMIT));
        assert!(idle.look(now + 29 * MINUTE, wall + 29 * MINUTE, LIMIT));
        assert!(
            !idle.look(now + 30 * MINUTE, wall + 30 * MINUTE, LIMIT),
            "an unlocked room has its time again"
        );
    }

    #[test]
    fn never_is_never() {
        let (idle, now, wall) = start();
        assert!(!idle.look(now + 9000 * MINUTE, wall + 9000 * MINUTE, None));
    }

    #[test]
    fn it_locks_after_sleep_whatever_was_chosen() {
        let (idle, now, wall) = start();
        assert!(idle.look(now + LOOK, wall + LOOK + 2 * MINUTE, None));
        assert!(!idle.look(now + 2 * LOOK, wall + 2 * LOOK + 2 * MINUTE, None));
    }

    #[test]
    fn a_clock_that_is_set_right_or_back_is_no_sleep() {
        let (idle, now, wall) = start();
        assert!(!idle.look(now + LOOK, wall + LOOK + Duration::from_secs(20), LIMIT));
        assert!(!idle.look(now + 2 * LOOK, wall - 60 * MINUTE, LIMIT));
    }
}
