//! Why a laptop couldn't do what it was asked. Callers decide by [`NodeError::code`], people read the sentence.

use snug_store::StoreError;
use snug_types::TextError;

/// Why something wasn't done. Whatever it is, nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// There is no laptop in this folder.
    #[error("there is nothing of Snug in this folder yet; `snug init` begins")]
    NoStore,
    /// There is one already.
    #[error("this folder already holds a laptop's circles")]
    AlreadyThere,
    /// The folder holds something else.
    #[error("this folder holds other things; choose an empty one or a new one")]
    ForeignFolder,
    /// Another instance has the folder.
    #[error("Snug is already running with this folder")]
    InUse,
    /// The passphrase isn't the right one.
    #[error("that passphrase doesn't open this laptop's circles; nothing was changed")]
    WrongPassphrase,
    /// The passphrase can't be one.
    #[error("the passphrase is empty")]
    EmptyPassphrase,
    /// A later version of Snug wrote this store.
    #[error("a newer version of Snug wrote this folder; it was left as it is. Update Snug to open it")]
    NewerStore,
    /// The store is damaged.
    #[error("the store is damaged and was left as it is: {0}")]
    Damaged(String),
    /// One circle is damaged, the store isn't.
    #[error("this circle can't be read on this laptop and was left as it is: {0}")]
    DamagedCircle(String),
    /// The disk is full.
    #[error("the disk is full, so this couldn't be saved; everything saved before is safe")]
    DiskFull,
    /// The disk failed.
    #[error("this couldn't be saved: {0}; everything saved before is safe")]
    Disk(String),
    /// No such circle here.
    #[error("there is no such circle on this laptop")]
    NoCircle,
    /// Not admitted yet.
    #[error("this circle hasn't let you in yet; it goes on when both laptops are online")]
    NotAdmitted,
    /// Not a member any more.
    #[error("you have left this circle")]
    Left,
    /// No such note, gathering, invitation or person.
    #[error("there is no such {0} in this circle")]
    NotFound(&'static str),
    /// A name that can't be one.
    #[error("the {what} can't be used: {why}")]
    Text {
        /// Which text.
        what: &'static str,
        /// Why.
        why: TextError,
    },
    /// A text too large.
    #[error("the text is too large: {found} bytes, at most {bound} fit into a note at once")]
    TooLarge {
        /// Its bytes.
        found: usize,
        /// The bound.
        bound: usize,
    },
    /// Not an invitation link.
    #[error("this isn't an invitation link; one begins with snug:")]
    NotALink,
    /// A damaged link.
    #[error("the link is damaged or incomplete; copy it once more, whole")]
    DamagedLink,
    /// A link of a later version.
    #[error("this link was made by a newer version of Snug; update Snug to use it")]
    NewerLink,
    /// One's own invitation, or one of a circle one is in.
    #[error("you are already in the circle that this link opens")]
    AlreadyIn,
    /// An invitation that is used, expired or withdrawn.
    #[error("this invitation can't be changed any more: it is {0}")]
    InvitationEnded(&'static str),
    /// How long an invitation holds.
    #[error("an invitation holds between a minute and 90 days")]
    Expiry,
    /// Too many.
    #[error("there are too many {what} ({bound} at most)")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// The bound.
        bound: usize,
    },
    /// An operation of an unknown kind was seen.
    #[error("somebody in this circle uses a newer version of Snug; update to write here. Reading goes on")]
    Frozen,
    /// Writing stopped.
    #[error("writing in this circle stopped: {0}")]
    Stopped(String),
    /// The interfaces asked for aren't there.
    #[error("the network can't be used: {0}")]
    Network(String),
    /// The export folder.
    #[error("the folder for the export {0}")]
    Export(String),
    /// The laptop was closed meanwhile.
    #[error("Snug is closing")]
    Closed,
    /// A defect of ours; told rather than hidden.
    #[error("something went wrong inside Snug: {0}")]
    Internal(String),
}

/// The stable name of an error, for programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Code(pub &'static str);

impl NodeError {
    /// The stable name of this error.
    pub const fn code(&self) -> Code {
        Code(match self {
            Self::NoStore => "no_store",
            Self::AlreadyThere => "already_there",
            Self::ForeignFolder => "foreign_folder",
            Self::InUse => "in_use",
            Self::WrongPassphrase => "wrong_passphrase",
            Self::EmptyPassphrase => "empty_passphrase",
            Self::NewerStore => "newer_store",
            Self::Damaged(_) | Self::DamagedCircle(_) => "damaged_store",
            Self::DiskFull => "disk_full",
            Self::Disk(_) => "disk_error",
            Self::NoCircle => "no_circle",
            Self::NotAdmitted => "not_admitted",
            Self::Left => "left",
            Self::NotFound(_) => "not_found",
            Self::Text { .. } => "bad_text",
            Self::TooLarge { .. } => "too_large",
            Self::NotALink => "not_a_link",
            Self::DamagedLink => "damaged_link",
            Self::NewerLink => "newer_link",
            Self::AlreadyIn => "already_in",
            Self::InvitationEnded(_) => "invitation_ended",
            Self::Expiry => "bad_expiry",
            Self::TooMany { .. } => "too_many",
            Self::Frozen => "update_needed",
            Self::Stopped(_) => "stopped",
            Self::Network(_) => "network",
            Self::Export(_) => "export_folder",
            Self::Closed => "closing",
            Self::Internal(_) => "internal",
        })
    }
}

impl From<StoreError> for NodeError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoStore { .. } => Self::NoStore,
            StoreError::AlreadyThere { .. } => Self::AlreadyThere,
            StoreError::NotAStore { .. } => Self::ForeignFolder,
            StoreError::InUse { .. } => Self::InUse,
            // The passphrase unwrapped a key, so the database is at fault.
            StoreError::WrongKey { .. } => Self::Damaged("its database can't be opened".into()),
            StoreError::Damaged { what, .. } => Self::Damaged(what),
            StoreError::Newer { .. } => Self::NewerStore,
            StoreError::DiskFull => Self::DiskFull,
            error => Self::Disk(error.to_string()),
        }
    }
}
