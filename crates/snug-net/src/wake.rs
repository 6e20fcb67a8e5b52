//! Notices that the machine slept: the wall clock went on and the steady one didn't, or both went on without us.
//!
//! Sockets and QUIC's timers don't outlive sleep well; everything is built anew after it.

use crate::bound;
use std::time::{Duration, SystemTime};
use tokio::time::Instant;

/// Less isn't sleep: clocks are set by a few seconds now and then, and a busy machine is late.
const NOTICEABLE: Duration = Duration::from_secs(20);

/// Both clocks as they were when last looked at.
#[derive(Debug)]
pub(crate) struct Clocks {
    wall: SystemTime,
    steady: Instant,
}

impl Clocks {
    pub(crate) fn new(wall: SystemTime, steady: Instant) -> Self {
        Self { wall, steady }
    }

    /// Whether the machine slept since the last look. Looks come every [`bound::LOOK`].
    pub(crate) fn slept(&mut self, wall: SystemTime, steady: Instant) -> bool {
        let on_the_wall = wall.duration_since(self.wall).unwrap_or_default();
        let steadily = steady.saturating_duration_since(self.steady);
        *self = Self { wall, steady };
        on_the_wall > steadily + NOTICEABLE || steadily > bound::LOOK + NOTICEABLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sleep_is_noticed_once_by_either_clock() {
        let (wall, steady) = (SystemTime::UNIX_EPOCH, Instant::now());
        let (look, night) = (bound::LOOK, Duration::from_hours(8));
        let mut clocks = Clocks::new(wall, steady);
        assert!(!clocks.slept(wall + look, steady + look));
        assert!(clocks.slept(wall + look + night, steady + look * 2));
        assert!(!clocks.slept(wall + look * 2 + night, steady + look * 3));
        assert!(clocks.slept(wall + look * 2 + night * 2, steady + look * 3 + night));
    }

    #[test]
    fn a_clock_set_back_is_not_sleep() {
        let (wall, steady) = (SystemTime::UNIX_EPOCH + Duration::from_secs(100_000), Instant::now());
        let mut clocks = Clocks::new(wall, steady);
        assert!(!clocks.slept(wall - Duration::from_hours(1), steady + bound::LOOK));
    }
}
