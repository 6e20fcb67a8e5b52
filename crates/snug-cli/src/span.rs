//! Times as people write them: spans such as `30s`, `10m`, `2h`, `7d`, `1w`, and times on a clock.

use std::time::Duration;

/// The longest span that a command takes; longer ones are slips of the finger.
const LONGEST: u64 = 366 * 24 * 60 * 60;

/// Reads a span.
pub(crate) fn span(text: &str) -> Result<Duration, String> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let seconds: u64 = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        "w" => 7 * 24 * 60 * 60,
        _ => return Err("write a number and s, m, h, d or w, such as 30s or 7d".to_owned()),
    };
    number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(seconds))
        .filter(|seconds| *seconds <= LONGEST)
        .map(Duration::from_secs)
        .ok_or_else(|| "write a number of at most a year, such as 30s or 7d".to_owned())
}

/// Takes `2026-12-01T18:00`, with or without seconds. Whether a calendar has that day is for the laptop to say.
pub(crate) fn clock_time(text: &str) -> Result<String, String> {
    const FORM: &[u8] = b"0000-00-00T00:00:00";
    let fits = |(byte, form): (u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == *form };
    if matches!(text.len(), 16 | 19) && text.bytes().zip(FORM).all(fits) {
        Ok(text.to_owned())
    } else {
        Err("write a day and a time, such as 2026-12-01T18:00".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_on_a_clock_has_one_form() {
        for text in ["2026-12-01T18:00", "2026-12-01T18:00:30", "2026-13-99T99:99"] {
            assert_eq!(clock_time(text), Ok(text.to_owned()));
        }
        for text in [
            "",
            "tomorrow",
            "2026-12-01",
            "2026-12-01 18:00",
            "2026-12-01T18:00Z",
            "2026-12-01T18:00:3",
            "２２２２２-1",
        ] {
            assert!(clock_time(text).is_err(), "{text}");
        }
    }

    #[test]
    fn spans_are_a_number_and_a_unit() {
        for (text, seconds) in
            [("0s", 0), ("30s", 30), ("10m", 600), ("2h", 7200), ("7d", 604_800), ("1w", 604_800)]
        {
            assert_eq!(span(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for text in ["", "s", "30", "30 s", "-1s", "1.5h", "3y", "99999999999999999999s", "9999w", "３s"] {
            assert!(span(text).is_err(), "{text}");
        }
    }
}
