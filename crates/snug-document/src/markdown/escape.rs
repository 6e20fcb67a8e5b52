//! Text out: every character so that Markdown reads it as itself.
//!
//! Two ways: a backslash before punctuation, and a numeric reference (`&#32;`) for white space that would be trimmed.
//! Neither is used where a character stands for itself anyway, so that ordinary text looks ordinary.

/// How the text of a block is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Style<'a> {
    /// A heading is one line.
    pub(super) heading: bool,
    /// What a further line begins with.
    pub(super) indent: &'a str,
    /// Nothing is left to context: white space at the ends of every run is referenced, and so is every line break.
    pub(super) careful: bool,
}

/// Text and what stands around it in its block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch<'a> {
    pub(super) before: Option<char>,
    pub(super) text: &'a str,
    pub(super) after: Option<char>,
    /// True if it ends in front of a mark or a link.
    pub(super) ends_at_mark: bool,
}

/// Writes a stretch of plain text behind what `out` holds of its block already.
pub(super) fn escape(out: &mut String, stretch: Stretch<'_>, style: Style<'_>) {
    let chars: Vec<char> = stretch.text.chars().collect();
    for (i, &c) in chars.iter().enumerate() {
        let at_edge = style.careful && (i == 0 || i + 1 == chars.len());
        let before = if i == 0 { stretch.before } else { Some(chars[i - 1]) };
        let after = chars.get(i + 1).copied().or(stretch.after);
        let last = i + 1 == chars.len();
        if c.is_whitespace() {
            let inside = |c: Option<char>| c.is_some_and(|c| !c.is_whitespace());
            let trimmed = |c: Option<char>| c.is_none_or(|c| c == '\n' || c == '\r');
            let plain = match c {
                '\n' => !style.heading && !style.careful && inside(before) && inside(after),
                '\r' => false,
                _ => !at_edge && !trimmed(before) && !trimmed(after),
            };
            match (plain, c) {
                (true, '\n') => {
                    out.push('\n');
                    out.push_str(style.indent);
                }
                (true, c) => out.push(c),
                (false, c) => referenced(out, c),
            }
            continue;
        }
        if needs_backslash(out, c, before, after, last && stretch.ends_at_mark, style) {
            out.push('\\');
        }
        out.push(c);
    }
}

fn referenced(out: &mut String, c: char) {
    out.push_str("&#");
    out.push_str(&u32::from(c).to_string());
    out.push(';');
}

fn needs_backslash(
    out: &str,
    c: char,
    before: Option<char>,
    after: Option<char>,
    at_mark: bool,
    style: Style<'_>,
) -> bool {
    let line = out.rsplit('\n').next().unwrap_or(out);
    let line = if out.contains('\n') { line.strip_prefix(style.indent).unwrap_or(line) } else { line };
    let begins_line = line.is_empty();
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    match c {
        '\\' | '`' | '*' | '[' | ']' | '<' | '~' => true,
        // Inside a word an underscore is no emphasis.
        '_' => at_mark || !(word(before) && word(after)),
        '&' => at_mark || after.is_none_or(|c| c == '#' || c.is_ascii_alphanumeric()),
        '!' => at_mark,
        '#' => begins_line || style.heading,
        '>' | '+' | '-' | '=' | '|' | ':' => begins_line,
        // A number with one of these begins a list.
        '.' | ')' => !line.is_empty() && line.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    }
}

/// Writes the target of a link, in the form that needs no more than it must.
pub(super) fn target(out: &mut String, target: &str) {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || "-._~:/?#@!$',;=%+".contains(c) || !c.is_ascii() && !c.is_whitespace()
    };
    if !target.is_empty() && target.chars().all(plain) {
        out.push_str(target);
        return;
    }
    out.push('<');
    for c in target.chars() {
        if matches!(c, '<' | '>' | '\\' | '&') {
            out.push('\\');
        }
        out.push(c);
    }
    out.push('>');
}
