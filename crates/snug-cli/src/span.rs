//! Spans of time as people write them: `30s`, `10m`, `2h`, `7d`, `1w`.

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

#[cfg(test)]
mod tests {
    use super::*;

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
