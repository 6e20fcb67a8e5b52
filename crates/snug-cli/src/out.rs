//! What is printed. Foreign text never steers a terminal: whatever could is shown as a replacement character.

use crate::plain::{plain_body, plain_json, plain_line};
use serde::Serialize;
use snug_api::{ApiError, ErrorCode, plain_reason};
use std::io::{self, IsTerminal, Write};
use std::iter;

/// Why a command ended before its end.
#[derive(Debug)]
pub(crate) enum Stop {
    /// It isn't done.
    Failed(ApiError),
    /// Whoever read our output has enough.
    NobodyReads,
}

impl From<ApiError> for Stop {
    fn from(error: ApiError) -> Self {
        Self::Failed(error)
    }
}

impl From<io::Error> for Stop {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::NobodyReads;
        }
        Self::Failed(ApiError::new(
            ErrorCode::DiskError,
            format!("the answer can't be written: {}", plain_reason(error)),
        ))
    }
}

/// In which form answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Out {
    pub(crate) json: bool,
}

impl Out {
    /// An object for programs, or lines for people.
    pub(crate) fn answer(self, value: &impl Serialize, words: impl FnOnce() -> String) -> Result<(), Stop> {
        if self.json { object(value) } else { words().lines().try_for_each(line) }
    }
}

/// One flushed line for people.
pub(crate) fn line(text: &str) -> Result<(), Stop> {
    print(&format!("{}\n", plain_line(text)))
}

/// One flushed object on one line.
pub(crate) fn object(value: &impl Serialize) -> Result<(), Stop> {
    let json = serde_json::to_string(value).map_err(|error| {
        ApiError::new(ErrorCode::Internal, format!("the answer can't be written: {error}"))
    })?;
    print(&format!("{}\n", plain_json(&json)))
}

/// A note's body: byte for byte into a file or a pipe, harmless on a terminal.
pub(crate) fn body(text: &str) -> Result<(), Stop> {
    let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    if io::stdout().is_terminal() {
        print(&format!("{}{end}", plain_body(text)))
    } else {
        print(&format!("{text}{end}"))
    }
}

fn print(text: &str) -> Result<(), Stop> {
    let mut stdout = io::stdout().lock();
    stdout.write_all(text.as_bytes())?;
    Ok(stdout.flush()?)
}

/// Says something beside the answer, on standard error. Programs read it in the answer itself.
pub(crate) fn note(text: &str, json: bool) {
    if !json {
        // The answer is what matters; a note that can't be written is let go.
        let _written = io::stderr().lock().write_all(format!("snug: {}\n", plain_line(text)).as_bytes());
    }
}

/// Says why a command isn't done, on standard error.
pub(crate) fn complain(error: &ApiError, json: bool) {
    let mut text = if json {
        plain_json(&serde_json::to_string(error).unwrap_or_default())
    } else {
        let candidates =
            error.candidates.iter().map(|candidate| format!("  {}  {}", candidate.id, candidate.name));
        let lines: Vec<String> = iter::once(format!("snug: {}", error.message))
            .chain(candidates)
            .map(|line| plain_line(&line))
            .collect();
        lines.join("\n")
    };
    text.push('\n');
    // Where even this can't be written, the exit code says it.
    let _written = io::stderr().lock().write_all(text.as_bytes());
}
