//! Text that a terminal shows and never obeys.

/// True for characters that steer a terminal, or that change how their neighbours are read.
fn steers(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{061C}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

fn replaced(text: &str, keep: impl Fn(char) -> bool) -> String {
    text.chars().map(|c| if steers(c) && !keep(c) { '\u{FFFD}' } else { c }).collect()
}

/// One line: a line end in it would pass for a line of ours.
pub(crate) fn plain_line(text: &str) -> String {
    replaced(text, |_| false)
}

/// A text of many lines.
pub(crate) fn plain_body(text: &str) -> String {
    replaced(text, |c| matches!(c, '\n' | '\t'))
}

/// JSON on one line, where such characters are found in strings alone: the same value, spelled with escapes.
pub(crate) fn plain_json(json: &str) -> String {
    let mut plain = String::with_capacity(json.len());
    for c in json.chars() {
        if steers(c) {
            // All of them are below U+10000.
            plain.extend(format!("\\u{:04x}", u32::from(c)).chars());
        } else {
            plain.push(c);
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_steers_a_terminal() {
        let hostile = "a\u{1b}[2J\u{9b}1A\r\nb\u{202e}c\u{7f}";
        assert_eq!(plain_line(hostile), "a\u{FFFD}[2J\u{FFFD}1A\u{FFFD}\u{FFFD}b\u{FFFD}c\u{FFFD}");
        assert_eq!(plain_body("- a\n\tb\u{1b}c\n"), "- a\n\tb\u{FFFD}c\n");
        assert_eq!(plain_line("Éva’s 👩‍👩‍👧 नेहा"), "Éva’s 👩‍👩‍👧 नेहा");
    }

    #[test]
    fn json_says_the_same_without_steering() {
        let hostile = "a\u{1b}[2J\u{9b}1A\r\nb\u{202e}c\u{7f}";
        let json = plain_json(&serde_json::to_string(hostile).unwrap());
        assert!(!json.chars().any(steers));
        assert_eq!(serde_json::from_str::<String>(&json).unwrap(), hostile);
    }
}
