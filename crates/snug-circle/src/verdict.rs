//! Whether an entry counts: one function for members, for those who left, and for strangers.
//!
//! The verdict on an entry is a function of its signed header and of the set of membership operations that are held, so
//! that equal sets give equal documents. *Reject* is for ever: it rests on the past of the header's own heads alone.
//! *Accept* and *quarantine* rest on today's view too, so they are asked for again whenever membership changes.
//!
//! What isn't looked at here: signature, sealing, actor and payload ([`Envelope::open`](crate::Envelope::open)), and the
//! chain of hashes. An entry before a leaver's named tip counts only as part of the chain that ends in that tip; the log
//! that holds the chain sees to that.

use crate::entry::{ContentKind, EntryHeader, circle_page, entry_hash, member_page};
use crate::membership::{Device, Membership, MembershipLog};
use snug_types::{CircleId, MemberId, OpHash};

/// What becomes of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Accept,
    /// These membership operations must be held first.
    Wait(Vec<OpHash>),
    /// It is kept and passed on, but doesn't count, in today's view.
    Quarantine(Quarantine),
    /// It never counts.
    Reject(Reject),
}

/// Why an entry is quarantined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Quarantine {
    /// The device left, and the leave names no entry of it.
    #[error("the device left without naming an entry")]
    NotNamed,
    /// It comes after the last entry that the leave names.
    #[error("it comes after the last entry that the device named when it left")]
    AfterLeave,
    /// It isn't the entry that the leave names at this place.
    #[error("the device named another entry at this place when it left")]
    OtherBranch,
    /// The admission of the device fell, with the leave of whoever made it.
    #[error("the admission of the device doesn't stand")]
    AdmissionVoid,
    /// It writes on a page that belongs to somebody who was admitted later.
    #[error("it writes on somebody else's page")]
    PageOfAnother,
    /// An operation of an unknown kind may say more.
    #[error("a later version of the app may know better")]
    NeedsUpdate,
}

/// Why an entry is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Reject {
    /// Of another circle.
    #[error("of another circle")]
    WrongCircle,
    /// It names no membership heads.
    #[error("it names no membership heads")]
    NoHeads,
    /// Its device didn't belong to the circle at the heads that it names.
    #[error("the device didn't belong to the circle when it was written")]
    NotMember,
    /// The circle's and the members' pages have their own ids and kinds, and each member writes on their own.
    #[error("that page isn't the device's to write, or isn't of this kind")]
    WrongPage,
}

/// Whether an entry counts, given the membership operations that are held.
pub fn entry_verdict(log: &MembershipLog, header: &EntryHeader) -> Verdict {
    if header.circle != log.circle() {
        return Verdict::Reject(Reject::WrongCircle);
    }
    if header.heads.is_empty() {
        return Verdict::Reject(Reject::NoHeads);
    }
    let Some(then) = log.at(&header.heads) else {
        return Verdict::Wait(log.unknown(&header.heads));
    };
    let Some(writer) = then.device(header.device).filter(|device| device.gone.is_none()) else {
        return if then.has_unknown() {
            Verdict::Quarantine(Quarantine::NeedsUpdate)
        } else {
            Verdict::Reject(Reject::NotMember)
        };
    };
    if !page_fits(log.circle(), &then, writer.member, header) {
        return Verdict::Reject(Reject::WrongPage);
    }
    let now = log.current();
    if !page_fits(log.circle(), now, now.member_of(header.device).unwrap_or(writer.member), header) {
        return Verdict::Quarantine(Quarantine::PageOfAnother);
    }
    match now.device(header.device) {
        None => Verdict::Quarantine(Quarantine::AdmissionVoid),
        Some(device) => within_leave(device, header),
    }
}

/// Pages have derived ids: the circle's kind goes with the circle's page alone, a member's with their own page alone, and
/// every other kind with none of them.
fn page_fits(circle: CircleId, view: &Membership, writer: MemberId, header: &EntryHeader) -> bool {
    let document = header.document.document;
    match header.kind {
        ContentKind::CirclePage => document == circle_page(circle),
        ContentKind::MemberPage => document == member_page(circle, writer),
        ContentKind::Note | ContentKind::Plan | ContentKind::Unknown(_) => {
            document != circle_page(circle) && view.page_owner(document).is_none()
        }
    }
}

fn within_leave(device: &Device, header: &EntryHeader) -> Verdict {
    let Some(gone) = device.gone else { return Verdict::Accept };
    let Some((seq, hash)) = gone.last else { return Verdict::Quarantine(Quarantine::NotNamed) };
    match header.seq.cmp(&seq) {
        std::cmp::Ordering::Less => Verdict::Accept,
        std::cmp::Ordering::Equal if entry_hash(header) == hash => Verdict::Accept,
        std::cmp::Ordering::Equal => Verdict::Quarantine(Quarantine::OtherBranch),
        std::cmp::Ordering::Greater => Verdict::Quarantine(Quarantine::AfterLeave),
    }
}
