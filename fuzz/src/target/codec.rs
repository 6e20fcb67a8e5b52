//! Every canonical encoding: what can be read is written with the same bytes, and only what was signed verifies.

use crate::cast::{Cast, NOW, admission};
use crate::script::Choices;
use snug_circle::{
    Acceptance, EntryHeader, Envelope, EpochAnnouncement, EpochGrant, Epochs, Op, Receipt, Tip,
};
use snug_crypto::{DevicePublic, SeededEntropy, Signable, Signed, Verified};
use snug_document::{decode_changes, encode_changes};
use snug_meet::{Invitation, Reach, Request};
use snug_types::{Decode, Encode, EntryHash, Name, Seq, Title, from_bytes, to_bytes};
use std::sync::OnceLock;

/// Reads the bytes as one of everything.
pub fn run(data: &[u8]) {
    let mut choices = Choices::new(data);
    if data.is_empty() {
        return;
    }
    match choices.below(13) {
        0 => signed::<Op>(data),
        1 => signed::<EpochAnnouncement>(data),
        2 => signed::<EpochGrant>(data),
        3 => signed::<Receipt>(data),
        4 => signed::<EntryHeader>(data),
        5 => one_spelling::<Envelope>(choices.rest()),
        6 => one_spelling::<Acceptance>(choices.rest()),
        7 => one_spelling::<Request>(choices.rest()),
        8 => one_spelling::<Invitation>(choices.rest()),
        9 => one_spelling::<Reach>(choices.rest()),
        10 => one_spelling::<DevicePublic>(choices.rest()),
        11 => payload(choices.rest()),
        _ => text(choices.rest()),
    }
}

fn one_spelling<T: Decode + Encode>(bytes: &[u8]) {
    if let Ok(value) = from_bytes::<T>(bytes) {
        assert_eq!(to_bytes(&value), bytes);
    }
}

fn signed<T: Signable>(data: &[u8]) {
    one_spelling::<Signed<T>>(&data[1..]);
    if from_bytes::<Signed<T>>(&data[1..]).is_ok_and(|signed| signed.verify().is_ok()) {
        static GENUINE: OnceLock<Vec<Vec<u8>>> = OnceLock::new();
        let genuine = GENUINE.get_or_init(seeds).iter().any(|seed| seed[1..] == data[1..]);
        assert!(genuine, "a forged statement verified");
    }
}

fn payload(bytes: &[u8]) {
    if let Ok(changes) = decode_changes(bytes) {
        let changes: Vec<_> = changes.into_iter().map(<[u8]>::to_vec).collect();
        assert_eq!(encode_changes(&changes), bytes);
    }
}

/// What a foreign text is shown as is itself a text that may be shown.
fn text(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    for shown in [
        Name::shown(&text, "Someone").to_string(),
        Name::new(&text).map(|n| n.to_string()).unwrap_or_default(),
    ] {
        assert!(
            shown.is_empty() || Name::new(&shown).is_ok_and(|again| again.as_str() == shown),
            "{shown:?}"
        );
    }
    for shown in [
        Title::shown(&text, "Untitled").to_string(),
        Title::new(&text).map(|t| t.to_string()).unwrap_or_default(),
    ] {
        assert!(
            shown.is_empty() || Title::new(&shown).is_ok_and(|again| again.as_str() == shown),
            "{shown:?}"
        );
    }
}

/// A genuine one of each.
pub fn seeds() -> Vec<Vec<u8>> {
    let cast = Cast::get();
    let mut e = SeededEntropy::new(6);
    let numbered = |number: u8, bytes: Vec<u8>| [vec![number], bytes].concat();

    let mut seeds: Vec<_> = cast.ops.iter().map(|op| numbered(0, to_bytes(op.signed()))).collect();
    let leave = cast.log().leave(&cast.bela, vec![tip(1)]).expect("Béla may leave");
    seeds.push(numbered(0, to_bytes(leave.signed())));
    seeds.push(numbered(1, to_bytes(cast.epoch.signed())));
    let mut epochs = Epochs::new(cast.circle);
    epochs.insert(&cast.log(), &cast.anna, cast.epoch.clone()).expect("an honest epoch");
    let grant = epochs.grant(&cast.log(), &cast.anna, cast.epoch_id(), cast.bela.id(), &mut e);
    seeds.push(numbered(2, to_bytes(grant.expect("a member").signed())));
    let receipt = Receipt {
        circle: cast.circle,
        device: cast.bela.id(),
        number: 3,
        at: NOW,
        heads: cast.log().heads(),
        tips: vec![tip(1), tip(2)],
    };
    seeds.push(numbered(3, to_bytes(Verified::sign(receipt, &cast.bela).expect("his own").signed())));
    let (_, envelope) = cast.entry(&cast.bela, 1, snug_circle::entry::NO_PREVIOUS, b"payload");
    let entry = envelope.open(cast.circle, cast.secret()).expect("sealed just now");
    seeds.push(numbered(4, to_bytes(entry.header.signed())));
    seeds.push(numbered(5, to_bytes(&envelope)));

    let admission = admission(cast.circle, &cast.anna, &cast.newcomer, [8; 32]);
    let acceptance = admission.verify(cast.circle, cast.anna.id()).expect("signed just now");
    seeds.push(numbered(6, to_bytes(acceptance.signed())));
    let request = Request { name: Name::new("Dóra").expect("a name"), admission };
    seeds.push(numbered(7, to_bytes(&request)));
    let mut invitation = Invitation::new(NOW, true);
    invitation.asked(NOW, request);
    seeds.push(numbered(8, to_bytes(&invitation)));
    seeds.push(numbered(9, vec![1; 36]));
    seeds.push(numbered(10, to_bytes(&cast.anna.public())));
    seeds.push(numbered(11, encode_changes(&[vec![1, 2, 3], vec![]])));
    seeds.push(numbered(12, " Zsófi\u{202e}\u{200b} \u{1f469}\u{200d}\u{1f467}e\u{301}\n".into()));
    seeds
}

fn tip(n: u8) -> Tip {
    Tip { device: Cast::get().bela.id(), seq: Seq(n.into()), hash: EntryHash([n; 32]) }
}
