//! The time of a plan, as another member's document spells it.

use crate::script::{Choices, Script};
use snug_document::ZonedTime;

/// A time is read again as it is written.
pub fn run(data: &[u8]) {
    let mut choices = Choices::new(data);
    let local = String::from_utf8_lossy(choices.chunk());
    let zone = String::from_utf8_lossy(choices.rest());
    let Ok(time) = ZonedTime::new(&local, &zone) else { return };
    let again = ZonedTime::new(&time.local(), time.zone()).expect("what was written is read");
    assert_eq!((again.local(), again.zone(), again.starts()), (time.local(), time.zone(), time.starts()));
    assert_eq!(time.to_string(), format!("{}[{}]", time.local(), time.zone()));
}

/// Times that exist once, twice and never, early and late.
pub fn seeds() -> Vec<Vec<u8>> {
    [
        ("2026-12-01T18:00", "Europe/Budapest"),
        ("2026-10-25T02:30:01", "Europe/Budapest"),
        ("2026-03-29T02:30", "europe/paris"),
        ("1970-01-01T00:00", "UTC"),
        ("9999-12-31T23:59:59", "Pacific/Apia"),
        ("2011-12-30T12:00", "Pacific/Apia"),
        ("0000-01-01T00:00", "Etc/GMT+12"),
    ]
    .map(|(local, zone)| Script::new().chunk(local.as_bytes()).bytes(zone.as_bytes()).finish())
    .to_vec()
}
