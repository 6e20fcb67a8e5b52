//! The epochs that a device holds, which to seal under, and how secrets are handed on.

use super::{EpochAnnouncement, EpochGrant, seal_to, unseal};
use crate::membership::{Membership, MembershipLog};
use crate::op::signed_by;
use snug_crypto::{DeviceSecret, Entropy, EpochSecret, HpkeError, Verified};
use snug_types::{CircleId, DeviceId, EpochId, bound, to_bytes};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Announcements that wait for membership operations: 16 MiB at most. Operations are sent first, so that few ever do.
const WAITING_EPOCHS: usize = 64;

/// Epochs by one author, who may be somebody with time on their hands: years of rotations.
const AUTHOR_EPOCHS: usize = 1024;
/// Epochs of every current device for which room is kept when the others have used up what is for all,
const FIRST_EPOCHS: usize = 64;
/// and how much room that is.
const KEPT_FOR_EACH: usize = bound::EPOCHS / 4;
/// Room for those of this device.
const KEPT_FOR_US: usize = 1024;

/// What became of an announcement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EpochInserted {
    /// It is held, or its secret came to one that was.
    Held {
        /// True if the secret is held too; otherwise somebody must grant it.
        secret: bool,
    },
    /// Membership operations that it names aren't held yet.
    Waiting,
    /// Nothing new.
    Known,
}

/// Why an announcement isn't taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EpochError {
    /// Of another circle.
    #[error("the epoch is of another circle")]
    WrongCircle,
    /// Over its bound.
    #[error("{bytes} bytes, at most {bound} are allowed", bound = bound::EPOCH_BYTES)]
    TooLarge {
        /// How many bytes.
        bytes: usize,
    },
    /// No heads, or one of them before another.
    #[error("the epoch's heads aren't heads of one history")]
    Heads,
    /// The author wasn't a current device at the heads.
    #[error("{author:?} isn't a current device at the epoch's heads")]
    NotCurrent {
        /// Who announced it.
        author: DeviceId,
    },
    /// The secret is sealed to others than the devices that are current at the heads.
    #[error("the epoch isn't sealed to exactly the current devices at its heads")]
    Recipients,
    /// More wait than there is room for. Nothing is said about this one.
    #[error("too many epochs wait for membership operations")]
    WaitingFull,
    /// More than there is room for, at all or by this author. Nothing is said about this one.
    #[error("as many epochs are held as there is room for")]
    Full,
}

/// Why no epoch could be minted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MintError {
    /// Only current devices mint.
    #[error("{author:?} isn't a current device")]
    NotCurrent {
        /// Who tried.
        author: DeviceId,
    },
    /// An operation of an unknown kind was seen.
    #[error("the circle uses something that this version doesn't know")]
    Frozen,
    /// There are more heads than an announcement may name, and those that it may name miss somebody who left, or the
    /// author: they must be merged first.
    #[error("the membership has {heads} heads, which must be merged first")]
    ManyHeads {
        /// How many.
        heads: usize,
    },
    /// More current devices than an announcement may name.
    #[error("{devices} devices, at most {bound} are allowed", bound = bound::DEVICES)]
    TooMany {
        /// How many there are.
        devices: usize,
    },
    /// A device can't be sealed to.
    #[error(transparent)]
    Hpke(#[from] HpkeError),
}

/// Why a secret wasn't granted, or a grant not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GrantError {
    /// Grants are for current devices.
    #[error("{device:?} isn't a current device")]
    NotCurrent {
        /// Who isn't.
        device: DeviceId,
    },
    /// Grants come from devices that belong to the circle, or did.
    #[error("{device:?} never belonged to the circle")]
    Stranger {
        /// Who didn't.
        device: DeviceId,
    },
    /// The epoch, or its secret, isn't held here.
    #[error("{epoch:?} isn't held")]
    NotHeld {
        /// Which epoch.
        epoch: EpochId,
    },
    /// For another circle or another device.
    #[error("the grant is for somebody else")]
    NotForUs,
    /// It doesn't open, or to another secret than the one that was committed to.
    #[error("the grant doesn't hold the epoch's secret")]
    WrongSecret,
    /// The device can't be sealed to.
    #[error(transparent)]
    Hpke(#[from] HpkeError),
}

#[derive(Debug)]
struct Held {
    announcement: Verified<EpochAnnouncement>,
    secret: Option<EpochSecret>,
    /// How many removals, and how many operations, are before its heads: for ever the same, and known once they are held.
    extent: Option<(usize, usize)>,
}

/// The epochs of one circle that a device holds.
#[derive(Debug)]
pub struct Epochs {
    circle: CircleId,
    held: BTreeMap<EpochId, Held>,
    /// By author too: nobody may stand in the way of another's announcement by one of the same id.
    waiting: BTreeMap<(EpochId, DeviceId), Verified<EpochAnnouncement>>,
    /// How many of them each device announced.
    by_author: BTreeMap<DeviceId, usize>,
    /// What was chosen last, from how many operations and after how many changes here.
    chosen: Option<((usize, u64), Option<EpochId>)>,
    changes: u64,
}

impl Epochs {
    /// None yet.
    pub const fn new(circle: CircleId) -> Self {
        Self {
            circle,
            held: BTreeMap::new(),
            waiting: BTreeMap::new(),
            by_author: BTreeMap::new(),
            chosen: None,
            changes: 0,
        }
    }

    /// Takes back a row of our own store.
    pub fn restore(&mut self, announcement: Verified<EpochAnnouncement>, secret: Option<EpochSecret>) {
        self.hold(announcement.id(), announcement, secret);
    }

    fn hold(&mut self, id: EpochId, announcement: Verified<EpochAnnouncement>, secret: Option<EpochSecret>) {
        self.changes += 1;
        *self.by_author.entry(announcement.author).or_default() += 1;
        let replaced = self.held.insert(id, Held { announcement, secret, extent: None });
        let count = replaced.and_then(|held| self.by_author.get_mut(&held.announcement.author));
        if let Some(count) = count {
            *count -= 1;
        }
    }

    /// Whether one more by this author has room: nobody takes all of it, something is kept for every current device, and
    /// something for this one.
    fn has_room(&self, log: &MembershipLog, me: DeviceId, author: DeviceId) -> bool {
        let (all, of_author) = (self.len(), self.by_author.get(&author).copied().unwrap_or_default());
        let shared = all < bound::EPOCHS - KEPT_FOR_EACH - KEPT_FOR_US && of_author < AUTHOR_EPOCHS;
        let kept =
            all < bound::EPOCHS - KEPT_FOR_US && of_author < FIRST_EPOCHS && log.current().is_current(author);
        shared || kept || author == me && all < bound::EPOCHS
    }

    /// Takes in an announcement, and its secret if it is sealed to this device.
    pub fn insert(
        &mut self,
        log: &MembershipLog,
        me: &DeviceSecret,
        announcement: Verified<EpochAnnouncement>,
    ) -> Result<EpochInserted, EpochError> {
        let id = announcement.id();
        let waiting = (id, announcement.author);
        if self.secret(&id).is_some() || self.waiting.contains_key(&waiting) {
            return Ok(EpochInserted::Known);
        }
        if !judge(log, &announcement)? {
            if self.waiting.len() >= WAITING_EPOCHS {
                return Err(EpochError::WaitingFull);
            }
            self.waiting.insert(waiting, announcement);
            return Ok(EpochInserted::Waiting);
        }
        let secret = announcement.unseal(me);
        let has_secret = secret.is_some();
        // One that was announced by somebody else too is replaced by one that is sealed better.
        if self.contains(&id) && !has_secret {
            return Ok(EpochInserted::Known);
        }
        if !self.contains(&id) && !self.has_room(log, me.id(), announcement.author) {
            return Err(EpochError::Full);
        }
        self.hold(id, announcement, secret);
        Ok(EpochInserted::Held { secret: has_secret })
    }

    /// Looks again at what waits, after membership operations came: the epochs that are held now.
    pub fn settle(&mut self, log: &MembershipLog, me: &DeviceSecret) -> Vec<EpochId> {
        let waiting = std::mem::take(&mut self.waiting);
        let mut settled = Vec::new();
        for ((id, _), announcement) in waiting {
            // What is found invalid now was sent by somebody who knew better; it is dropped as if it had come now.
            if let Ok(EpochInserted::Held { .. }) = self.insert(log, me, announcement) {
                settled.push(id);
            }
        }
        settled
    }

    /// True if the announcement is held, with or without its secret.
    pub fn contains(&self, epoch: &EpochId) -> bool {
        self.held.contains_key(epoch)
    }

    /// An announcement that is held.
    pub fn get(&self, epoch: &EpochId) -> Option<&Verified<EpochAnnouncement>> {
        self.held.get(epoch).map(|held| &held.announcement)
    }

    /// An epoch's secret, if it is held.
    pub fn secret(&self, epoch: &EpochId) -> Option<&EpochSecret> {
        self.held.get(epoch).and_then(|held| held.secret.as_ref())
    }

    /// How many announcements are held.
    pub fn len(&self) -> usize {
        self.held.len()
    }

    /// True if none is held.
    pub fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// All epochs that are held, in ascending order, and whether their secret is too.
    pub fn iter(&self) -> impl Iterator<Item = (&EpochId, bool)> {
        self.held.iter().map(|(id, held)| (id, held.secret.is_some()))
    }

    /// The epoch to seal under; none if one must be minted first.
    ///
    /// Among the epochs whose secret is held and that cover every removal known, the one that covers most operations, so
    /// that it isn't before another such; of several, the lowest id. Never by clock or counter, so that all who hold the same choose the same.
    pub fn choose(&mut self, log: &MembershipLog) -> Option<EpochId> {
        let state = (log.len(), self.changes);
        if let Some((of, chosen)) = self.chosen
            && of == state
        {
            return chosen;
        }
        for held in self.held.values_mut().filter(|held| held.extent.is_none()) {
            held.extent = log.extent(&held.announcement.heads);
        }
        let removals = log.current().removals().len();
        let usable = self.held.iter().filter_map(|(id, held)| {
            let (covered, operations) = held.extent?;
            (held.secret.is_some() && covered == removals).then_some((operations, Reverse(*id)))
        });
        let chosen = usable.max().map(|(_, Reverse(id))| id);
        self.chosen = Some((state, chosen));
        chosen
    }

    /// A fresh epoch for today's heads, to be inserted, stored and sent.
    pub fn mint(
        &self,
        log: &MembershipLog,
        author: &DeviceSecret,
        entropy: &mut dyn Entropy,
    ) -> Result<Verified<EpochAnnouncement>, MintError> {
        let heads = log.heads();
        if log.frozen() {
            return Err(MintError::Frozen);
        }
        let not_current = MintError::NotCurrent { author: author.id() };
        if !log.current().is_current(author.id()) {
            return Err(not_current);
        }
        // Never to somebody who is known to have left: the heads that are named must say all that is known.
        let whole = |view: &Arc<Membership>| {
            view.is_current(author.id()) && view.removals() == log.current().removals()
        };
        let many_heads = MintError::ManyHeads { heads: log.all_heads().len() };
        let view = log.at(&heads).filter(whole).ok_or(many_heads)?;
        let devices = view.current_devices().count();
        if devices > bound::DEVICES {
            return Err(MintError::TooMany { devices });
        }
        let secret = EpochSecret::generate(entropy);
        let commitment = secret.commitment();
        let id = super::epoch_id(&heads, &commitment);
        let recipients = view
            .current_devices()
            .map(|device| seal_to(&device.public, self.circle, id, &secret, entropy))
            .collect::<Result<_, _>>()?;
        let (circle, predecessors) = (self.circle, Vec::new());
        let body =
            EpochAnnouncement { circle, author: author.id(), heads, commitment, recipients, predecessors };
        Ok(signed_by(author, body))
    }

    /// Gives an epoch's secret to a device that is current now. Who left may give what they hold, so that what they wrote
    /// and named in their leave can be read.
    pub fn grant(
        &self,
        log: &MembershipLog,
        granter: &DeviceSecret,
        epoch: EpochId,
        to: DeviceId,
        entropy: &mut dyn Entropy,
    ) -> Result<Verified<EpochGrant>, GrantError> {
        let now = log.current();
        if now.device(granter.id()).is_none() {
            return Err(GrantError::Stranger { device: granter.id() });
        }
        let current = now.device(to).filter(|device| device.gone.is_none());
        let to = current.ok_or(GrantError::NotCurrent { device: to })?;
        let secret = self.secret(&epoch).ok_or(GrantError::NotHeld { epoch })?;
        let to = seal_to(&to.public, self.circle, epoch, secret, entropy)?;
        Ok(signed_by(granter, EpochGrant { circle: self.circle, epoch, granter: granter.id(), to }))
    }

    /// Takes a secret that another device granted: true if it was new. Whoever grants it, only the secret that the epoch
    /// commits to is taken.
    pub fn accept_grant(
        &mut self,
        log: &MembershipLog,
        me: &DeviceSecret,
        grant: &Verified<EpochGrant>,
    ) -> Result<bool, GrantError> {
        if grant.circle != self.circle || grant.to.device != me.id() {
            return Err(GrantError::NotForUs);
        }
        if log.current().device(grant.granter).is_none() {
            return Err(GrantError::Stranger { device: grant.granter });
        }
        let epoch = grant.epoch;
        let held = self.held.get_mut(&epoch).ok_or(GrantError::NotHeld { epoch })?;
        if held.secret.is_some() {
            return Ok(false);
        }
        let commitment = held.announcement.commitment;
        let secret = unseal(me, self.circle, epoch, &commitment, &grant.to.sealed);
        held.secret = Some(secret.ok_or(GrantError::WrongSecret)?);
        self.changes += 1;
        Ok(true)
    }
}

/// True if an announcement is valid, false if that can't be said yet.
fn judge(log: &MembershipLog, announcement: &EpochAnnouncement) -> Result<bool, EpochError> {
    if announcement.circle != log.circle() {
        return Err(EpochError::WrongCircle);
    }
    let bytes = to_bytes(announcement).len();
    if bytes > bound::EPOCH_BYTES {
        return Err(EpochError::TooLarge { bytes });
    }
    if announcement.heads.is_empty() {
        return Err(EpochError::Heads);
    }
    let Some(view) = log.at(&announcement.heads) else { return Ok(false) };
    if !log.is_antichain(&announcement.heads) {
        return Err(EpochError::Heads);
    }
    // Who belongs after an operation of an unknown kind, only a later version knows. Nobody of this one writes then, and
    // what such an epoch seals is judged entry by entry.
    if view.has_unknown() {
        return Ok(true);
    }
    let author = announcement.author;
    if !view.is_current(author) {
        return Err(EpochError::NotCurrent { author });
    }
    let recipients = announcement.recipients.iter().map(|recipient| recipient.device);
    if recipients.eq(view.current_devices().map(|device| device.public.id())) {
        Ok(true)
    } else {
        Err(EpochError::Recipients)
    }
}
