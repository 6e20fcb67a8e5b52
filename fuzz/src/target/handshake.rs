//! The proof before the first byte: what a dialer sends to a listener, and what a listener answers.

use crate::cast::Cast;
use crate::script::{Choices, Script};
use snug_crypto::{DeviceSecret, SeededEntropy, pair_key};
use snug_meet::handshake::{ANSWER_BYTES, PROOF_BYTES};
use snug_meet::{Channel, Dialer, Heard, InvitationSecret, KeyId, Keyring, Listener, Outcome};
use snug_types::TransportKey;
use std::sync::OnceLock;

const ANNAS: TransportKey = TransportKey([1; 32]);
const MALLORYS: TransportKey = TransportKey([2; 32]);
const NONCE_BYTES: usize = 32;

/// Anna's keys.
pub fn annas() -> &'static Keyring {
    static KEYS: OnceLock<Keyring> = OnceLock::new();
    let cast = Cast::get();
    KEYS.get_or_init(|| keyring(&cast.anna, &[&cast.bela, &cast.mallory]))
}

/// Mallory's.
pub fn mallorys() -> &'static Keyring {
    static KEYS: OnceLock<Keyring> = OnceLock::new();
    let cast = Cast::get();
    KEYS.get_or_init(|| keyring(&cast.mallory, &[&cast.anna]))
}

/// The keys that `me` shares with the others, and invitations on either side.
fn keyring(me: &DeviceSecret, others: &[&DeviceSecret]) -> Keyring {
    let circle = Cast::get().circle;
    let mut keyring = Keyring::new();
    for other in others {
        let key = pair_key(me, &other.public(), circle).expect("sound keys");
        keyring.insert_pair(circle, me.id(), other.id(), &key);
    }
    let mut e = SeededEntropy::new(3);
    keyring.insert_answering(&InvitationSecret::generate(&mut e));
    keyring.insert_joining(InvitationSecret::generate(&mut e).link());
    keyring
}

fn between(local: TransportKey, remote: TransportKey) -> Channel {
    Channel::new(local, remote).expect("two keys")
}

/// Nothing but an unaltered proof of a shared key, on the very connection that it was made for, is heard or answered.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let (annas, mallorys) = (annas(), mallorys());
    let her = KeyId::Pair { circle: cast.circle, device: cast.mallory.id() };
    let me = KeyId::Pair { circle: cast.circle, device: cast.anna.id() };
    let mut e = SeededEntropy::new(5);
    let mut choices = Choices::new(data);
    // The fuzzer sees what its input is compared with. A connection that depends on the whole input keeps it from
    // copying a tag from there, which no stranger can.
    let strangers = TransportKey(snug_crypto::hash("snug fuzz: a stranger's connection", data));
    match choices.below(4) {
        0 => {
            let heard = Listener::new(between(ANNAS, strangers)).heard(&mut e, annas, choices.rest());
            assert_eq!(heard, Heard::Silent);
        }
        1 => {
            let (dialer, _) =
                Dialer::new(&mut e, between(ANNAS, strangers), annas, &[her]).expect("in the ring");
            assert_eq!(dialer.answered(annas, choices.rest()), Outcome::Silent);
        }
        2 => {
            let local = if choices.flag() { TransportKey([choices.byte(); 32]) } else { MALLORYS };
            let Ok(hers) = Channel::new(local, ANNAS) else { return };
            let (dialer, proof) = Dialer::new(&mut e, hers, mallorys, &[me]).expect("in the ring");
            let mut sent = proof.clone();
            choices.edit(&mut sent);
            let heard = Listener::new(between(ANNAS, MALLORYS)).heard(&mut e, annas, &sent);
            let Heard::Proven { key, answer } = heard else {
                assert!(sent != proof || local != MALLORYS, "an honest proof was refused");
                return;
            };
            assert_eq!((key, local, sent.len(), answer.len()), (her, MALLORYS, PROOF_BYTES, ANSWER_BYTES));
            assert_eq!(sent[..NONCE_BYTES], proof[..NONCE_BYTES]);
            assert_eq!(dialer.answered(mallorys, &answer), Outcome::Proven { key: me });
        }
        _ => {
            let (dialer, proof) =
                Dialer::new(&mut e, between(ANNAS, MALLORYS), annas, &[her]).expect("in the ring");
            let heard = Listener::new(between(MALLORYS, ANNAS)).heard(&mut e, mallorys, &proof);
            let Heard::Proven { answer, .. } = heard else { panic!("an honest proof was refused") };
            let mut sent = answer.clone();
            choices.edit(&mut sent);
            let outcome = dialer.answered(annas, &sent);
            assert_eq!(outcome == Outcome::Proven { key: her }, sent == answer);
        }
    }
}

/// Each direction, untouched and altered.
pub fn seeds() -> Vec<Vec<u8>> {
    vec![
        Script::new().bytes(&[0]).bytes(&[7; PROOF_BYTES]).finish(),
        Script::new().bytes(&[1]).bytes(&[7; ANSWER_BYTES]).finish(),
        vec![2, 0, 0],
        vec![2, 1, 2, 0],
        vec![2, 0, 1, 0, 40, 1],
        vec![3, 0],
        vec![3, 1, 0, 0, 1],
        vec![3, 1, 255, 255, 2],
    ]
}
