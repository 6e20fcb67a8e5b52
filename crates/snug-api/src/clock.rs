//! Times on the clocks of a place: why one can't be, and which is meant where clocks show one twice.

use crate::error::{ApiError, ErrorCode};
use crate::find::shortened;
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{AmbiguousOffset, TimeZoneDatabase};
use snug_document::{TimeError, ZonedTime};
use snug_types::UnixMillis;
use std::sync::OnceLock;

/// How the clocks of a place show a time.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown {
    /// How far they are from UTC then: `+02:00`.
    pub(crate) offset: Option<String>,
    /// True if they show it twice.
    pub(crate) twice: bool,
}

/// How the clocks of `zone` show `local`, which is this instant. By the zones that travel with the program, as the
/// gathering itself was read.
pub(crate) fn shown(local: &str, zone: &str, instant: UnixMillis) -> Shown {
    static ZONES: OnceLock<TimeZoneDatabase> = OnceLock::new();
    let Ok(zone) = ZONES.get_or_init(TimeZoneDatabase::bundled).get(zone) else {
        return Shown { offset: None, twice: false };
    };
    let instant = i64::try_from(instant.0).ok().and_then(|at| Timestamp::from_millisecond(at).ok());
    let offset = instant.map(|at| at.to_zoned(zone.clone()).strftime("%:z").to_string());
    let local = local.parse::<DateTime>().ok();
    let ambiguous = local.map(|local| zone.to_ambiguous_timestamp(local).offset());
    Shown { offset, twice: matches!(ambiguous, Some(AmbiguousOffset::Fold { .. })) }
}

/// Reads a time on the clocks of a place, or says what is wrong with it.
pub(crate) fn read(local: &str, zone: &str) -> Result<ZonedTime, ApiError> {
    let error = match ZonedTime::new(local, zone) {
        Ok(time) => return Ok(time),
        Err(error) => error,
    };
    let said = match error {
        // Its form is right, and a calendar has it: only its instant is missing.
        TimeError::Format(_) if local.parse::<DateTime>().is_ok() && local.starts_with("9999") => {
            format!("“{}” lies further ahead than Snug reckons", shortened(local))
        }
        TimeError::Format(_) => {
            format!("“{}” isn't a time such as 2026-12-01T18:00", shortened(local))
        }
        TimeError::Zone(_) => format!("“{}” isn't a time zone such as Europe/Budapest", shortened(zone)),
        error => error.to_string(),
    };
    Err(ApiError::new(ErrorCode::BadTime, said))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(local: &str, zone: &str) -> Shown {
        shown(local, zone, ZonedTime::new(local, zone).unwrap().starts())
    }

    #[test]
    fn a_time_that_clocks_show_twice_is_told_apart() {
        let first = Shown { offset: Some("+02:00".into()), twice: true };
        assert_eq!(of("2026-10-25T02:30", "Europe/Budapest"), first);
        let once = |offset: &str| Shown { offset: Some(offset.into()), twice: false };
        assert_eq!(of("2026-10-25T01:59", "Europe/Budapest"), once("+02:00"));
        assert_eq!(of("2026-10-25T03:00", "Europe/Budapest"), once("+01:00"));
        assert_eq!(of("2026-07-01T18:00", "Asia/Kathmandu"), once("+05:45"));
    }

    #[test]
    fn what_is_wrong_with_a_time_is_said() {
        let said = |local, zone| {
            let error = read(local, zone).unwrap_err();
            assert_eq!(error.code, ErrorCode::BadTime);
            error.message
        };
        assert!(read("2026-12-01T18:00", "Europe/Budapest").is_ok());
        assert!(said("9999-12-31T23:59", "America/Los_Angeles").contains("further ahead"));
        assert!(said("9999-13-31T23:59", "UTC").contains("isn't a time such as"));
        assert!(said("2026-12-01T18:00", "Europe/Nowhere").starts_with("“Europe/Nowhere” isn't a time zone"));
        assert!(said("2026-03-29T02:30", "Europe/Budapest").contains("put forward"));
    }
}
