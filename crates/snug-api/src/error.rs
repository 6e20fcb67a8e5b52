//! Why a command wasn't done: a code for programs, one sentence for people.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The stable name of an error. Programs decide by it, never by the sentence; `docs/commands.md` explains each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ErrorCode {
    /// Nothing of Snug is in the folder yet.
    NoStore,
    /// The folder already holds a laptop's circles.
    AlreadyThere,
    /// The folder holds other things.
    ForeignFolder,
    /// Another instance has the folder and doesn't answer.
    InUse,
    /// Snug is open there, and locked.
    Locked,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The passphrase is empty.
    EmptyPassphrase,
    /// There is neither a passphrase nor somebody to ask for it.
    PassphraseNeeded,
    /// A newer version wrote the folder.
    NewerStore,
    /// The store is damaged.
    DamagedStore,
    /// The disk is full.
    DiskFull,
    /// The disk or a file failed.
    DiskError,
    /// No such circle on this laptop.
    NoCircle,
    /// No such note, gathering, invitation or person.
    NotFound,
    /// Several things are called so; the error lists them.
    Ambiguous,
    /// Asked to join, not admitted yet.
    NotAdmitted,
    /// One has left this circle.
    Left,
    /// A name, title or text that can't be used.
    BadText,
    /// A text too large.
    TooLarge,
    /// A time or a zone that isn't one.
    BadTime,
    /// Not an invitation link.
    NotALink,
    /// A damaged invitation link.
    DamagedLink,
    /// An invitation link of a newer version.
    NewerLink,
    /// One is in the circle already.
    AlreadyIn,
    /// The invitation is used, withdrawn or expired.
    InvitationEnded,
    /// The one who invited said no.
    Declined,
    /// An invitation can't hold so long or so short.
    BadExpiry,
    /// The wait for being admitted is over; the wish to join stands.
    StillWaiting,
    /// Too many of something.
    TooMany,
    /// Somebody in the circle uses a newer version: nothing can be written here until an update.
    UpdateNeeded,
    /// Writing in the circle has stopped.
    Stopped,
    /// The network can't be used as asked.
    Network,
    /// The folder for an export can't be used.
    ExportFolder,
    /// Snug is closing, or closed before it answered.
    Closing,
    /// Too many programs talk with this laptop's Snug at once.
    Busy,
    /// The running Snug and this command speak different versions.
    OtherVersion,
    /// This system can't do it yet.
    Unsupported,
    /// A defect of ours.
    Internal,
}

impl ErrorCode {
    /// The code as it stands in JSON: `wrong_passphrase`.
    pub fn as_str(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(code)) => code,
            _ => String::new(),
        }
    }
}

/// Something that a shortened id or a name may mean.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct Candidate {
    /// Its whole id.
    pub id: String,
    /// Its name or title.
    pub name: String,
}

/// Why a command wasn't done.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize, TS)]
#[error("{message}")]
pub struct ApiError {
    /// For programs.
    pub code: ErrorCode,
    /// For people: what happened, what is safe, what to do; without a full stop at its end.
    pub message: String,
    /// What was meant, perhaps: only with [`ErrorCode::Ambiguous`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub candidates: Vec<Candidate>,
}

impl ApiError {
    /// An error without candidates.
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), candidates: Vec::new() }
    }
}

/// A system's reason without its number, `(os error 2)`, which tells a person nothing.
pub fn plain_reason(why: impl std::fmt::Display) -> String {
    const NUMBER: &str = " (os error ";
    let why = why.to_string();
    let cut = why.split_once(NUMBER).and_then(|(before, rest)| Some((before, rest.split_once(')')?)));
    match cut {
        Some((before, (number, after))) if number.parse::<i32>().is_ok() => format!("{before}{after}"),
        _ => why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_goes_without_its_number() {
        assert_eq!(plain_reason("a: Not a directory (os error 20)"), "a: Not a directory");
        assert_eq!(plain_reason("full (os error 28); try again"), "full; try again");
        assert_eq!(plain_reason("called (os error x)"), "called (os error x)");
    }

    #[test]
    fn codes_are_snake_case_and_candidates_show_only_where_there_are_some() {
        assert_eq!(ErrorCode::WrongPassphrase.as_str(), "wrong_passphrase");
        assert_eq!(ErrorCode::NotALink.as_str(), "not_a_link");
        let error = ApiError::new(ErrorCode::Busy, "come again");
        assert_eq!(serde_json::to_string(&error).unwrap(), r#"{"code":"busy","message":"come again"}"#);
    }
}
