//! What an invitation says to those who ask: pure, so that single use can be exact.
//!
//! ```text
//!            asks (confirm wanted)            confirmed               admitted
//! open ───────────────────────────▶ waiting ────────────▶ taken by ────────────▶ used by
//!   │        asks (no need to confirm)           └─▶ declined ▲     one device          that device
//!   └─────────────────────────────────────────────────────────┘
//! ```
//!
//! One laptop answers an invitation, and its one owner of state calls these functions one after the other. Whatever one
//! of them changed is stored, in one transaction, before anything is answered or admitted: then no crash and no second
//! guest can make two uses of one link. The order to keep:
//!
//! 1. [`Invitation::asked`], store, then answer what it decided.
//! 2. [`Invitation::confirm`] when the inviter says yes, store; the device that it gives may now be admitted.
//! 3. The membership operation and [`Invitation::admitted`] go into one transaction; then [`Verdict::Welcome`].
//!
//! Whoever asked in time may be confirmed after the expiry. The device that has the invitation keeps it, withdrawn or
//! expired, because it is (about to be) a member; leaving or removal is the membership's affair.
//!
//! [`Verdict::Welcome`]: crate::Verdict::Welcome

use crate::join::{Refusal, Request};
use snug_types::{Decode, DecodeError, DeviceId, Encode, Reader, UnixMillis, Writer};
use std::collections::BTreeMap;

/// Devices that may wait for, or have been declined by, one invitation. It is for one person; a handful of tries on new
/// laptops fit, a flood of made-up devices doesn't.
pub const ASKING: usize = 16;
const VERSION: u8 = 1;

/// What to do about a device that asked. Store the invitation before doing it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// It waits for the inviter's word. Answer [`Verdict::Waiting`](crate::Verdict::Waiting).
    Wait,
    /// The invitation is its own: admit it, unless a crash came between that and [`Invitation::admitted`] and the membership
    /// has it already.
    Admit(Box<Request>),
    /// It has been admitted. Answer [`Verdict::Welcome`](crate::Verdict::Welcome), unless the membership lost it again.
    Welcome,
    /// Answer [`Verdict::Refused`](crate::Verdict::Refused).
    Refuse(Refusal),
}

/// Why a word of the inviter can't be followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvitationError {
    /// This device doesn't wait: it never asked, or has been declined.
    #[error("{0:?} isn't waiting for this invitation")]
    NotWaiting(DeviceId),
    /// Another device has it.
    #[error("{by:?} has used this invitation")]
    Used {
        /// The device that has it.
        by: DeviceId,
    },
    /// It was taken back.
    #[error("this invitation was withdrawn")]
    Withdrawn,
}

/// An invitation's standing, as the laptop that made it stores it beside the secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    expires: UnixMillis,
    confirm: bool,
    withdrawn: bool,
    /// The device that it belongs to, and whether the membership has it.
    taken: Option<(DeviceId, bool)>,
    /// Those who asked; `None` for those who were declined.
    asking: BTreeMap<DeviceId, Option<Request>>,
}

impl Invitation {
    /// An invitation until `expires`, by this laptop's clock. Without `confirm`, the first who asks is admitted.
    pub const fn new(expires: UnixMillis, confirm: bool) -> Self {
        Self { expires, confirm, withdrawn: false, taken: None, asking: BTreeMap::new() }
    }

    /// A device has proved itself in the joining conversation, for the first time or again.
    pub fn asked(&mut self, now: UnixMillis, request: Request) -> Decision {
        let device = request.device();
        match self.taken {
            Some((by, true)) if by == device => return Decision::Welcome,
            Some((by, false)) if by == device => return Decision::Admit(Box::new(request)),
            Some(_) => return Decision::Refuse(Refusal::Used),
            None => {}
        }
        if self.withdrawn {
            return Decision::Refuse(Refusal::Withdrawn);
        }
        match self.asking.get(&device) {
            // The name under which it first asked stays: the inviter may be looking at it.
            Some(Some(_)) => return Decision::Wait,
            Some(None) => return Decision::Refuse(Refusal::Declined),
            None => {}
        }
        if now > self.expires {
            return Decision::Refuse(Refusal::Expired);
        }
        if !self.confirm {
            self.taken = Some((device, false));
            return Decision::Admit(Box::new(request));
        }
        if self.asking.len() >= ASKING {
            return Decision::Refuse(Refusal::Full);
        }
        self.asking.insert(device, Some(request));
        Decision::Wait
    }

    /// The inviter says yes: the invitation is this device's from now on. What it asked with is needed to admit it.
    pub fn confirm(&mut self, device: DeviceId) -> Result<Request, InvitationError> {
        match self.taken {
            Some((by, _)) if by != device => return Err(InvitationError::Used { by }),
            None if self.withdrawn => return Err(InvitationError::Withdrawn),
            _ => {}
        }
        let request =
            self.asking.get(&device).cloned().flatten().ok_or(InvitationError::NotWaiting(device))?;
        if self.taken.is_none() {
            self.taken = Some((device, false));
        }
        Ok(request)
    }

    /// The inviter says no to one who waits.
    pub fn decline(&mut self, device: DeviceId) -> Result<(), InvitationError> {
        if let Some((by, _)) = self.taken {
            return Err(InvitationError::Used { by });
        }
        match self.asking.get_mut(&device) {
            Some(request) => {
                *request = None;
                Ok(())
            }
            None => Err(InvitationError::NotWaiting(device)),
        }
    }

    /// The inviter takes the invitation back, and nobody who waits comes in by it.
    pub fn withdraw(&mut self) -> Result<(), InvitationError> {
        if let Some((by, _)) = self.taken {
            return Err(InvitationError::Used { by });
        }
        self.withdrawn = true;
        Ok(())
    }

    /// The membership has the device that the invitation was taken by. The others' requests are let go.
    pub fn admitted(&mut self, device: DeviceId) -> Result<(), InvitationError> {
        match &mut self.taken {
            Some((by, done)) if *by == device => {
                *done = true;
                self.asking.clear();
                Ok(())
            }
            Some((by, _)) => Err(InvitationError::Used { by: *by }),
            None => Err(InvitationError::NotWaiting(device)),
        }
    }

    /// Who waits for the inviter's word.
    pub fn waiting(&self) -> impl Iterator<Item = &Request> {
        self.asking.values().flatten().filter(|_| self.taken.is_none() && !self.withdrawn)
    }

    /// The device that the invitation belongs to, admitted or about to be.
    pub fn taken_by(&self) -> Option<DeviceId> {
        self.taken.map(|(device, _)| device)
    }

    /// True if its maker took it back.
    pub const fn withdrawn(&self) -> bool {
        self.withdrawn
    }

    /// When nobody new may ask any more.
    pub const fn expires(&self) -> UnixMillis {
        self.expires
    }

    /// True if nobody new may ask any more, for whatever reason.
    pub fn closed(&self, now: UnixMillis) -> bool {
        self.taken.is_some() || self.withdrawn || now > self.expires
    }
}

impl Encode for Invitation {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.expires.encode(w);
        w.bool(self.confirm);
        w.bool(self.withdrawn);
        w.option(self.taken.map(Taken::from).as_ref());
        w.list(
            &self.asking.iter().map(|(device, request)| Asking(*device, request.clone())).collect::<Vec<_>>(),
        );
    }
}

impl Decode for Invitation {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "invitation version", tag: version.into() });
        }
        let expires = UnixMillis::decode(r)?;
        let (confirm, withdrawn) = (r.bool()?, r.bool()?);
        let taken = r.option::<Taken>()?.map(|Taken(device, done)| (device, done));
        let asking = r.list::<Asking>("devices that asked", ASKING)?;
        if !asking.is_sorted_by(|a, b| a.0 < b.0) {
            return Err(DecodeError::NotCanonical("devices out of order"));
        }
        let asking = asking.into_iter().map(|Asking(device, request)| (device, request)).collect();
        Ok(Self { expires, confirm, withdrawn, taken, asking })
    }
}

struct Taken(DeviceId, bool);

impl From<(DeviceId, bool)> for Taken {
    fn from((device, done): (DeviceId, bool)) -> Self {
        Self(device, done)
    }
}

impl Encode for Taken {
    fn encode(&self, w: &mut Writer) {
        self.0.encode(w);
        w.bool(self.1);
    }
}

impl Decode for Taken {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(DeviceId::decode(r)?, r.bool()?))
    }
}

struct Asking(DeviceId, Option<Request>);

impl Encode for Asking {
    fn encode(&self, w: &mut Writer) {
        self.0.encode(w);
        w.option(self.1.as_ref());
    }
}

impl Decode for Asking {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(DeviceId::decode(r)?, r.option()?))
    }
}
