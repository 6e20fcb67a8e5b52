//! What the signature inside a hint says.

use super::{NONCE_BYTES, Reach};
use crate::keys::Party;
use snug_crypto::{Signable, context};
use snug_types::{CircleId, Decode, DecodeError, DeviceId, Encode, Reader, Writer};

/// What a hint's signature says: for this packet alone, from this address alone, to this hearer alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Claim {
    pub(super) signer: DeviceId,
    pub(super) hearer: Party,
    pub(super) circle: Option<CircleId>,
    pub(super) reach: Reach,
    pub(super) from: [u8; 16],
    pub(super) day: u64,
    pub(super) nonce: [u8; NONCE_BYTES],
}

impl Encode for Claim {
    fn encode(&self, w: &mut Writer) {
        self.signer.encode(w);
        self.hearer.encode(w);
        w.option(self.circle.as_ref());
        self.reach.encode(w);
        w.raw(&self.from);
        w.u64(self.day);
        w.raw(&self.nonce);
    }
}

impl Decode for Claim {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            signer: DeviceId::decode(r)?,
            hearer: Party::decode(r)?,
            circle: r.option()?,
            reach: Reach::decode(r)?,
            from: r.array()?,
            day: r.u64()?,
            nonce: r.array()?,
        })
    }
}

impl Signable for Claim {
    const DOMAIN: &'static str = context::BEACON_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.signer
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::{TransportKey, from_bytes, to_bytes};

    /// A signed claim says for whom, from where and when: nothing of it can be moved.
    #[test]
    fn claims_have_one_encoding() {
        let claim = Claim {
            signer: DeviceId([1; 32]),
            hearer: Party::Joiner,
            circle: Some(CircleId([7; 32])),
            reach: Reach { transport: TransportKey([1; 32]), tcp: 1, quic: 2 },
            from: [2; 16],
            day: 3,
            nonce: [4; NONCE_BYTES],
        };
        assert_eq!(from_bytes::<Claim>(&to_bytes(&claim)), Ok(claim));
    }
}
