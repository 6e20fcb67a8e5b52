//! Anna, Ben and Carla, their devices and their keyrings.

use snug_crypto::{DeviceSecret, Entropy, SeededEntropy, pair_key, random};
use snug_meet::{Channel, Hint, InvitationSecret, KeyId, Keyring, Reach};
use snug_types::{CircleId, Name, TransportKey, UnixMillis};
use std::net::{IpAddr, Ipv4Addr};

pub(crate) const CIRCLE: CircleId = CircleId([7; 32]);
pub(crate) const NOON: UnixMillis = UnixMillis(1_795_262_400_000);
pub(crate) const DAY: u64 = 86_400_000;
pub(crate) const ADDRESS: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 168, 1, 20));

/// A device of one circle.
pub(crate) fn device(e: &mut SeededEntropy) -> DeviceSecret {
    DeviceSecret::generate(e)
}

/// The keyring with which `me` meets `them` in a circle.
pub(crate) fn knows(circle: CircleId, me: &DeviceSecret, them: &[&DeviceSecret]) -> Keyring {
    let mut keyring = Keyring::new();
    for them in them {
        let key = pair_key(me, &them.public(), circle).unwrap();
        keyring.insert_pair(circle, me.id(), them.id(), &key);
    }
    keyring
}

/// The keyring of the laptop that made the invitation, and of one that follows it.
pub(crate) fn invited(invitation: &InvitationSecret) -> (Keyring, Keyring) {
    let (mut maker, mut guest) = (Keyring::new(), Keyring::new());
    maker.insert_answering(invitation);
    guest.insert_joining(invitation.link());
    (maker, guest)
}

pub(crate) fn pair(circle: CircleId, them: &DeviceSecret) -> KeyId {
    KeyId::Pair { circle, device: them.id() }
}

pub(crate) fn reach(n: u8) -> Reach {
    Reach { transport: TransportKey([n; 32]), tcp: 4000 + u16::from(n), quic: 5000 + u16::from(n) }
}

pub(crate) fn hint(key: KeyId, n: u8, signer: Option<&DeviceSecret>) -> Hint<'_> {
    Hint { key, reach: reach(n), signer }
}

/// A connection as its dialer and its listener see it.
pub(crate) fn connection(e: &mut dyn Entropy) -> (Channel, Channel) {
    let (dialer, listener) = (TransportKey(random(e)), TransportKey(random(e)));
    (Channel::new(dialer, listener).unwrap(), Channel::new(listener, dialer).unwrap())
}

pub(crate) fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}
