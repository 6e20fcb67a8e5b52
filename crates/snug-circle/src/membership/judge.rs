//! Whether an operation is valid: decided on its own past alone, before and apart from the reduction.

use super::MembershipLog;
use super::graph::{Effect, Rests};
use super::view::Membership;
use crate::op::{Admission, Op, OpBody, Tip, member_of_first};
use snug_types::{CircleId, DeviceId, MemberId, bound, to_bytes};
use std::collections::BTreeSet;

/// What a founding operation names as its circle.
pub(super) const NO_CIRCLE: CircleId = CircleId([0; 32]);

/// Why an operation isn't taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum OpError {
    /// Of another circle, or founding another.
    #[error("the operation is of another circle")]
    WrongCircle,
    /// Over its bound.
    #[error("{bytes} bytes, at most {bound} are allowed", bound = bound::OP_BYTES)]
    TooLarge {
        /// How many bytes.
        bytes: usize,
    },
    /// Every operation but the first has parents, and none of them comes before another.
    #[error("the parents aren't heads of one history")]
    Parents,
    /// The author wasn't a current device when it was made.
    #[error("{author:?} isn't a current device there")]
    NotCurrent {
        /// Who made it.
        author: DeviceId,
    },
    /// A key that nobody can hold alone.
    #[error("the keys of {device:?} aren't sound")]
    UnsoundDevice {
        /// Whose keys.
        device: DeviceId,
    },
    /// The member's id isn't the one that their first device gives.
    #[error("{member:?} isn't the member that begins with the device")]
    WrongMember {
        /// Which member was named.
        member: MemberId,
    },
    /// The device or the member was admitted before, even if they left since.
    #[error("{device:?} was admitted before")]
    AlreadyAdmitted {
        /// Which device.
        device: DeviceId,
    },
    /// The new device didn't sign this.
    #[error("{device:?} didn't accept this invitation")]
    NotAccepted {
        /// Which device.
        device: DeviceId,
    },
    /// As many members as a circle may have.
    #[error("the circle has {bound} members, as many as it may have", bound = bound::MEMBERS)]
    CircleFull,
    /// A member leaves for themselves only.
    #[error("{author:?} can't leave for {member:?}")]
    LeavesForAnother {
        /// Who made it.
        author: DeviceId,
        /// For whom.
        member: MemberId,
    },
    /// A leave names one tip for each of its own member's devices.
    #[error("a leave that names a tip of {device:?} isn't well made")]
    Tips {
        /// Whose tip.
        device: DeviceId,
    },
    /// An operation of an unknown kind was seen: the app must be updated before anything is written here.
    #[error("the circle uses something that this version doesn't know")]
    Frozen,
    /// More operations wait for their parents than there is room for. Nothing is said about this one.
    #[error("too many operations wait for others")]
    WaitingFull,
    /// More operations than there is room for. Nothing is said about this one.
    #[error("the log holds {bound} operations, as many as there is room for", bound = bound::OPS)]
    LogFull,
}

/// What can be said of an operation without its past.
pub(super) fn bounds(circle: CircleId, op: &Op) -> Result<(), OpError> {
    let bytes = to_bytes(op).len();
    if bytes > bound::OP_BYTES {
        return Err(OpError::TooLarge { bytes });
    }
    let founding = matches!(op.body, OpBody::Found { .. });
    if founding {
        // The circle's id is the hash of its founding operation, so this is the only one there is.
        let ours = op.circle == NO_CIRCLE && op.parents.is_empty() && op.hash().0 == circle.0;
        return if ours { Ok(()) } else { Err(OpError::WrongCircle) };
    }
    if op.circle != circle {
        return Err(OpError::WrongCircle);
    }
    if op.parents.is_empty() || op.parents.len() > bound::HEADS { Err(OpError::Parents) } else { Ok(()) }
}

/// The verdict on an operation that passed [`bounds`] and whose parents are held.
pub(super) fn judge(log: &MembershipLog, op: &Op) -> Result<Effect, OpError> {
    if let OpBody::Found { device, .. } = &op.body {
        if device.id() != op.author || !device.is_sound() {
            return Err(OpError::UnsoundDevice { device: device.id() });
        }
        return Ok(Effect::Found);
    }
    if !log.is_antichain(&op.parents) {
        return Err(OpError::Parents);
    }
    let past = log.at(&op.parents).ok_or(OpError::Parents)?;
    // What follows an operation of an unknown kind may be valid by rules that this version doesn't know.
    let unless_unknown = |error: OpError| if past.has_unknown() { Ok(Effect::Opaque) } else { Err(error) };
    let Some(author) = past.device(op.author).filter(|device| device.gone.is_none()) else {
        return unless_unknown(OpError::NotCurrent { author: op.author });
    };
    let rests = || log.graph.place(&author.admitted).map(Rests::on).ok_or(OpError::Parents);
    match &op.body {
        OpBody::Found { .. } => Err(OpError::WrongCircle),
        OpBody::Unknown { .. } => Ok(Effect::Unknown(rests()?)),
        OpBody::Merge if op.parents.len() < 2 => Err(OpError::Parents),
        OpBody::Merge => Ok(Effect::Merge),
        OpBody::Admit(admission) => {
            genuine(log.circle(), op.author, admission)?;
            if let Err(error) = welcome(&past, admission) {
                return unless_unknown(error);
            }
            Ok(Effect::Admit { by: author.member, rests: rests()? })
        }
        OpBody::Leave { member, .. } if *member != author.member => {
            Err(OpError::LeavesForAnother { author: op.author, member: *member })
        }
        OpBody::Leave { member, tips } => match own_tips(&past, *member, tips) {
            Ok(()) => Ok(Effect::Leave),
            Err(error) => unless_unknown(error),
        },
    }
}

/// What an admission proves by itself: sound keys, the right name, and that the device wants in.
fn genuine(circle: CircleId, inviter: DeviceId, admission: &Admission) -> Result<(), OpError> {
    let device = admission.device.id();
    if !admission.device.is_sound() {
        return Err(OpError::UnsoundDevice { device });
    }
    if admission.member != member_of_first(&admission.device) {
        return Err(OpError::WrongMember { member: admission.member });
    }
    admission.verify(circle, inviter).map_err(|_| OpError::NotAccepted { device })?;
    Ok(())
}

/// Whether there is a place for them.
fn welcome(past: &Membership, admission: &Admission) -> Result<(), OpError> {
    let device = admission.device.id();
    if past.device(device).is_some() || past.member(admission.member).is_some() {
        return Err(OpError::AlreadyAdmitted { device });
    }
    if past.current_members().count() >= bound::MEMBERS {
        return Err(OpError::CircleFull);
    }
    Ok(())
}

fn own_tips(past: &Membership, member: MemberId, tips: &[Tip]) -> Result<(), OpError> {
    let mut seen = BTreeSet::new();
    for tip in tips {
        if past.member_of(tip.device) != Some(member) || tip.seq.0 == 0 || !seen.insert(tip.device) {
            return Err(OpError::Tips { device: tip.device });
        }
    }
    Ok(())
}
