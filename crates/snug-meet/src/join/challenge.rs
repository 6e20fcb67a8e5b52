//! The answering laptop's challenge: signed by the key that the link names, for one device on one connection.

use snug_crypto::{DevicePublic, Signable, context};
use snug_types::{
    CircleId, Decode, DecodeError, DeviceId, Encode, InvitationId, Reader, TransportKey, Writer,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Challenge {
    /// The invitation's own key, which signs this.
    pub(super) answerer: DeviceId,
    pub(super) invitation: InvitationId,
    pub(super) circle: CircleId,
    /// The device that will admit.
    pub(super) inviter: DevicePublic,
    /// The device that asks.
    pub(super) device: DevicePublic,
    /// Fresh; what the device's acceptance names.
    pub(super) nonce: [u8; 32],
    pub(super) joiner_transport: TransportKey,
    pub(super) answerer_transport: TransportKey,
}

impl Encode for Challenge {
    fn encode(&self, w: &mut Writer) {
        self.answerer.encode(w);
        self.invitation.encode(w);
        self.circle.encode(w);
        self.inviter.encode(w);
        self.device.encode(w);
        w.raw(&self.nonce);
        self.joiner_transport.encode(w);
        self.answerer_transport.encode(w);
    }
}

impl Decode for Challenge {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            answerer: DeviceId::decode(r)?,
            invitation: InvitationId::decode(r)?,
            circle: CircleId::decode(r)?,
            inviter: DevicePublic::decode(r)?,
            device: DevicePublic::decode(r)?,
            nonce: r.array()?,
            joiner_transport: TransportKey::decode(r)?,
            answerer_transport: TransportKey::decode(r)?,
        })
    }
}

impl Signable for Challenge {
    const DOMAIN: &'static str = context::JOIN_CHALLENGE;

    fn signer(&self) -> DeviceId {
        self.answerer
    }
}
