//! When a plan begins: the time on the wall of a place, and that place's zone.
//!
//! A plan keeps what people agreed on, `18:00` in `Europe/Budapest`, and not an instant: if the zone's rules change
//! before the day, the meeting stays at 18:00. The instant is derived wherever it is asked for, by the zone data that
//! travel with the program.

use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZone, TimeZoneDatabase};
use snug_types::UnixMillis;
use std::fmt;
use std::sync::OnceLock;

/// Bytes of a zone's name: the longest has 30.
const ZONE_BYTES: usize = 64;

/// A time on the wall of a place, and its zone.
#[derive(Clone, PartialEq, Eq)]
pub struct ZonedTime {
    local: DateTime,
    zone: String,
    starts: UnixMillis,
}

/// Why a time and a zone aren't a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// Not written as `2026-12-01T18:00`, or no such day or hour.
    #[error("{0:?} isn't a time such as 2026-12-01T18:00")]
    Format(String),
    /// A zone that nobody knows.
    #[error("{0:?} isn't a time zone such as Europe/Budapest")]
    Zone(String),
    /// The clocks are put forward over it.
    #[error("{local} doesn't exist in {zone}: the clocks are put forward over it")]
    Skipped {
        /// The time that doesn't exist.
        local: String,
        /// Where it doesn't.
        zone: String,
    },
    /// Before 1970.
    #[error("{0} lies before 1970")]
    TooEarly(String),
}

impl ZonedTime {
    /// Reads a time such as `2026-12-01T18:00`, seconds allowed, in a zone such as `Europe/Budapest`. A time that the
    /// clocks show twice, when they are put back, is the earlier one.
    pub fn new(local: &str, zone: &str) -> Result<Self, TimeError> {
        let format = || TimeError::Format(shortened(local));
        let time: DateTime =
            if well_formed(local) { local.parse().map_err(|_| format())? } else { return Err(format()) };
        // A leap second would be read as the second before it.
        if local.ends_with(":60") {
            return Err(format());
        }
        let found = find(zone).ok_or_else(|| TimeError::Zone(shortened(zone)))?;
        let name = found.iana_name().unwrap_or(zone).to_owned();

        let ambiguous = found.to_ambiguous_timestamp(time);
        if matches!(ambiguous.offset(), AmbiguousOffset::Gap { .. }) {
            return Err(TimeError::Skipped { local: written(time), zone: name });
        }
        let instant = ambiguous.earlier().map_err(|_| format())?;
        let millis =
            u64::try_from(instant.as_millisecond()).map_err(|_| TimeError::TooEarly(written(time)))?;
        Ok(Self { local: time, zone: name, starts: UnixMillis(millis) })
    }

    /// The time on the wall: `2026-12-01T18:00`, with seconds only if there are some.
    pub fn local(&self) -> String {
        written(self.local)
    }

    /// The zone, as the zone data spell it.
    pub fn zone(&self) -> &str {
        &self.zone
    }

    /// The instant.
    pub const fn starts(&self) -> UnixMillis {
        self.starts
    }

    /// Reads `2026-12-01T18:00[Europe/Budapest]`, as a document holds it.
    pub fn read(text: &str) -> Option<Self> {
        let (local, zone) = text.strip_suffix(']')?.split_once('[')?;
        Self::new(local, zone).ok()
    }
}

impl fmt::Display for ZonedTime {
    /// `2026-12-01T18:00[Europe/Budapest]`, after RFC 9557.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}[{}]", self.local(), self.zone)
    }
}

impl fmt::Debug for ZonedTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The zones that travel with the program, not those of the system: one name means the same on every laptop.
fn find(zone: &str) -> Option<TimeZone> {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    // The empty name and `Etc/Unknown` would be read as "no zone at all".
    if zone.is_empty() || zone.len() > ZONE_BYTES {
        return None;
    }
    let found = ZONES.get_or_init(TimeZoneDatabase::bundled).get(zone).ok()?;
    found.iana_name().is_some().then_some(found)
}

fn written(time: DateTime) -> String {
    if time.second() == 0 {
        time.strftime("%Y-%m-%dT%H:%M").to_string()
    } else {
        time.strftime("%Y-%m-%dT%H:%M:%S").to_string()
    }
}

/// `YYYY-MM-DDTHH:MM` or `YYYY-MM-DDTHH:MM:SS`, and no other of the many ways to write a time.
fn well_formed(text: &str) -> bool {
    let pattern = b"0000-00-00T00:00:00";
    let bytes = text.as_bytes();
    matches!(bytes.len(), 16 | 19)
        && bytes.iter().zip(pattern).all(|(b, p)| if *p == b'0' { b.is_ascii_digit() } else { b == p })
}

/// A text as an error quotes it.
fn shortened(text: &str) -> String {
    text.chars().take(40).filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_and_written() {
        let time = ZonedTime::new("2026-12-01T18:00", "europe/budapest").unwrap();
        assert_eq!(time.to_string(), "2026-12-01T18:00[Europe/Budapest]");
        assert_eq!(time.starts(), UnixMillis(1_796_144_400_000));
        assert_eq!(ZonedTime::read(&time.to_string()), Some(time));
        assert_eq!(ZonedTime::new("2026-12-01T18:00:05", "UTC").unwrap().local(), "2026-12-01T18:00:05");
    }

    #[test]
    fn what_is_no_time_is_said() {
        for bad in [
            "",
            "tomorrow",
            "2026-12-01",
            "2026-13-01T18:00",
            "2026-02-30T18:00",
            "2026-12-01T25:00",
            "2026-12-01 18:00",
            "2026-12-01T18:00Z",
            "2026-12-01T18:00:60",
        ] {
            assert!(matches!(ZonedTime::new(bad, "UTC"), Err(TimeError::Format(_))), "{bad}");
        }
        for bad in ["", "Europe/Atlantis", "Mars", "Etc/Unknown", "../../etc/passwd", &"x".repeat(5000)] {
            assert!(matches!(ZonedTime::new("2026-12-01T18:00", bad), Err(TimeError::Zone(_))), "{bad}");
        }
        assert!(matches!(ZonedTime::new("1969-12-31T23:00", "UTC"), Err(TimeError::TooEarly(_))));
    }

    #[test]
    fn clocks_go_forward_and_back() {
        // Forward at 2:00 to 3:00 on 29 March, back at 3:00 to 2:00 on 25 October.
        assert!(matches!(
            ZonedTime::new("2026-03-29T02:30", "Europe/Budapest"),
            Err(TimeError::Skipped { .. })
        ));
        let twice = ZonedTime::new("2026-10-25T02:30", "Europe/Budapest").unwrap();
        assert_eq!(twice.starts(), ZonedTime::new("2026-10-25T00:30", "UTC").unwrap().starts());
    }
}
