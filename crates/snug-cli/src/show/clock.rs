//! Times as this laptop's owner reads them.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use snug_types::UnixMillis;

/// Now and here, by which times are told.
pub(crate) struct Clock {
    now: Timestamp,
    zone: TimeZone,
}

impl Clock {
    /// This laptop's clock and zone.
    pub(crate) fn system() -> Self {
        Self { now: Timestamp::now(), zone: TimeZone::system() }
    }

    /// `14:02` today, `3 May, 14:02` this year, `3 May 2025, 14:02` before and after.
    pub(crate) fn tell(&self, at: UnixMillis) -> String {
        let Some(at) = i64::try_from(at.0).ok().and_then(|at| Timestamp::from_millisecond(at).ok()) else {
            return "at a time that no calendar has".to_owned();
        };
        let (at, now) = (at.to_zoned(self.zone.clone()), self.now.to_zoned(self.zone.clone()));
        let pattern = if at.date() == now.date() {
            "%H:%M"
        } else if at.year() == now.year() {
            "%-d %b, %H:%M"
        } else {
            "%-d %b %Y, %H:%M"
        };
        at.strftime(pattern).to_string()
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// 21 November 2026, 23:30 in Budapest.
    pub(crate) fn evening() -> Clock {
        let now = "2026-11-21T22:30:00Z".parse().unwrap();
        Clock { now, zone: TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap() }
    }

    pub(crate) fn millis(text: &str) -> UnixMillis {
        UnixMillis(text.parse::<Timestamp>().unwrap().as_millisecond().try_into().unwrap())
    }

    #[test]
    fn times_are_as_short_as_they_can_be() {
        let told = |text| evening().tell(millis(text));
        assert_eq!(told("2026-11-21T13:02:59Z"), "14:02");
        assert_eq!(told("2026-11-21T23:10:00Z"), "22 Nov, 00:10");
        assert_eq!(told("2026-05-03T12:02:00Z"), "3 May, 14:02");
        assert_eq!(told("2025-11-21T13:02:00Z"), "21 Nov 2025, 14:02");
        assert_eq!(evening().tell(UnixMillis(u64::MAX)), "at a time that no calendar has");
    }
}
