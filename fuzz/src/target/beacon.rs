//! Packets that come from anywhere on the local network.

use super::handshake::{annas, mallorys};
use crate::cast::{Cast, NOW};
use crate::script::{Choices, Script};
use snug_crypto::{SeededEntropy, aead_seal, context, mac, pair_key};
use snug_meet::beacon::{build, recognise};
use snug_meet::{BEACON_BYTES, Hint, KeyId, Reach};
use snug_types::{DeviceId, TransportKey, to_bytes};
use std::net::{IpAddr, Ipv4Addr};

const FROM: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const REACH: Reach = Reach { transport: TransportKey([2; 32]), tcp: 1, quic: 2 };
const NONCE: [u8; 24] = [3; 24];
const TAG_BYTES: usize = 7;
/// What a slot holds beside its signature.
const REACH_BYTES: usize = 36;
const DAY_MILLIS: u64 = 86_400_000;

/// Only what Mallory's laptop said is recognised, as she said it, from where she said it; also by somebody who stole a
/// pair key and can seal slots that open, but can't sign.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let mut choices = Choices::new(data);
    match choices.below(3) {
        0 => {
            // From an address that depends on the whole input: the fuzzer can't copy a tag from what it is compared with.
            let [a, b, c, d, ..] = snug_crypto::hash("snug fuzz: a stranger's address", data);
            let from = IpAddr::V4(Ipv4Addr::new(a, b, c, d));
            assert_eq!(recognise(NOW, from, choices.rest(), annas()), []);
        }
        1 => {
            let key = KeyId::Pair { circle: cast.circle, device: cast.anna.id() };
            let hints = [Hint { key, reach: REACH, signer: Some(&cast.mallory) }];
            let mut e = SeededEntropy::new(7);
            let packet = build(&mut e, NOW, FROM, mallorys(), &hints).expect("a beacon");
            let mut heard = packet.clone();
            choices.edit(&mut heard);
            let from =
                if choices.flag() { IpAddr::V4(Ipv4Addr::new(127, 0, 0, choices.byte())) } else { FROM };
            let later = NOW.plus(DAY_MILLIS * u64::from(choices.byte()));
            let found = recognise(later, from, &heard, annas());
            let her = KeyId::Pair { circle: cast.circle, device: cast.mallory.id() };
            if found.is_empty() {
                assert!(
                    heard != packet || from != FROM || later.0 > NOW.0 + DAY_MILLIS,
                    "an honest beacon was missed"
                );
            } else {
                assert_eq!(found, [(her, REACH)]);
                assert_eq!((heard.len(), from), (BEACON_BYTES, FROM));
                assert!(later.0 < NOW.0 + 2 * DAY_MILLIS);
            }
        }
        _ => {
            let stolen = pair_key(&cast.bela, &cast.anna.public(), cast.circle).expect("sound keys");
            let (speaker, hearer) = (party(cast.bela.id()), party(cast.anna.id()));
            let day = (NOW.0 / DAY_MILLIS).to_be_bytes();
            let from = Ipv4Addr::LOCALHOST.to_ipv6_mapped().octets();
            let derive = |context| mac(stolen.as_bytes(), context, &[&day, &NONCE, &from, &speaker, &hearer]);
            let tag = &derive(context::BEACON_TAG)[..TAG_BYTES];
            let mut plain = choices.rest().to_vec();
            plain.resize(REACH_BYTES + 64, 0);
            let seal = derive(context::BEACON_SEAL);
            let sealed = aead_seal(&seal, tag, &plain, &mut SeededEntropy::new(8));
            let mut packet = [&NONCE[..], tag, &sealed].concat();
            packet.resize(BEACON_BYTES, 0);
            assert_eq!(
                recognise(NOW, FROM, &packet, annas()),
                [],
                "a beacon without its signature was believed"
            );
        }
    }
}

/// A device as an end of a pair key.
fn party(device: DeviceId) -> Vec<u8> {
    [vec![0], to_bytes(&device)].concat()
}

/// Noise, an honest packet, altered ones, and a forged slot.
pub fn seeds() -> Vec<Vec<u8>> {
    vec![
        Script::new().bytes(&[0]).bytes(&[9; BEACON_BYTES]).finish(),
        vec![1, 0, 0, 0],
        vec![1, 0, 0, 1],
        vec![1, 0, 1, 2],
        vec![1, 1, 0, 3, 1, 0, 0],
        Script::new().bytes(&[2]).bytes(&to_bytes(&REACH)).bytes(&[1; 64]).finish(),
    ]
}
