//! What a device says that it holds, after it is durable there.

use crate::op::{Tip, version};
use snug_crypto::{Signable, context};
use snug_types::{
    CircleId, Decode, DecodeError, DeviceId, Encode, OpHash, Reader, UnixMillis, Writer, bound,
};

const VERSION: u8 = 1;

/// A device's word on everything that it holds: signed, so that it can't be forged; naming its device and circle, so that
/// it can't be transferred; numbered, so that an older one can't be replayed as news.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// In which circle.
    pub circle: CircleId,
    /// Who holds it.
    pub device: DeviceId,
    /// Counts up with every receipt of the device.
    pub number: u64,
    /// When, by the device's own clock. For people to read; decides nothing.
    pub at: UnixMillis,
    /// The membership operations that it holds: these and all before them. A set.
    pub heads: Vec<OpHash>,
    /// The entries that it holds: these and all before them in their devices' logs. A set, the whole frontier; more than
    /// one tip for a device names a fork.
    pub tips: Vec<Tip>,
}

impl Receipt {
    /// True if the device says that it holds this entry.
    ///
    /// Where it names a fork, only the very tips count: a number further on may belong to the other branch.
    pub fn covers(&self, tip: &Tip) -> bool {
        let from = self.tips.partition_point(|held| held.device < tip.device);
        let of_device = self.tips[from..].iter().take_while(|held| held.device == tip.device);
        let single = of_device.clone().nth(1).is_none();
        of_device.into_iter().any(|held| held == tip || (single && held.seq > tip.seq))
    }
}

impl Encode for Receipt {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.circle.encode(w);
        self.device.encode(w);
        w.u64(self.number);
        self.at.encode(w);
        w.list(&self.heads);
        w.list(&self.tips);
    }
}

impl Decode for Receipt {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        version(r, "receipt version", VERSION)?;
        let receipt = Self {
            circle: CircleId::decode(r)?,
            device: DeviceId::decode(r)?,
            number: r.u64()?,
            at: UnixMillis::decode(r)?,
            heads: r.set("heads", bound::HEADS)?,
            tips: r.set("tips", bound::FRONTIER_DEVICES)?,
        };
        let crowded = |tips: &[Tip]| tips.first().map(|t| t.device) == tips.last().map(|t| t.device);
        if receipt.tips.windows(bound::TIPS_PER_DEVICE + 1).any(crowded) {
            return Err(DecodeError::NotCanonical("too many tips of one device"));
        }
        Ok(receipt)
    }
}

impl Signable for Receipt {
    const DOMAIN: &'static str = context::RECEIPT_SIGNATURE;

    fn signer(&self) -> DeviceId {
        self.device
    }
}
