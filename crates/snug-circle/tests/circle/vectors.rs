//! Golden vectors: what the encodings look like, byte for byte. Compared with `vectors/circle.txt`.
//!
//! They aren't frozen yet: until the first release an encoding may change, with the file, in one commit that says so. To
//! write the file anew: `SNUG_UPDATE_VECTORS=1 cargo test -p snug-circle --test circle vectors`.
//!
//! Ed25519 signatures are deterministic and everything else is drawn from seeds, so the file says all. Another
//! implementation can check itself against it: keys first, then ids and hashes, then statements, then what opens what.

use crate::people::{PAYLOAD, accepted, crafted, device, found, header, insert, tip};
use data_encoding::HEXLOWER;
use snug_circle::op::kind;
use snug_circle::{
    Acceptance, EntryHeader, Envelope, EpochAnnouncement, EpochGrant, Epochs, MembershipLog, Op, OpBody,
    Receipt, actor_id, circle_page, entry_hash, member_of_first, member_page, op_hash, payload_hash,
};
use snug_crypto::{DeviceSecret, SeededEntropy, Signable, Signed, Verified};
use snug_types::{EntryHash, EpochId, InvitationId, UnixMillis, from_bytes, to_bytes};
use std::fmt::Write as _;
use std::path::Path;

/// One statement of every kind, encoded, and what else another implementation needs.
pub(crate) struct Vectors {
    pub(crate) devices: Vec<DeviceSecret>,
    pub(crate) ops: Vec<(&'static str, Vec<u8>)>,
    pub(crate) acceptance: Vec<u8>,
    pub(crate) epoch: Vec<u8>,
    pub(crate) epoch_secret: [u8; 32],
    pub(crate) grant: Vec<u8>,
    pub(crate) header: Vec<u8>,
    pub(crate) envelope: Vec<u8>,
    pub(crate) receipt: Vec<u8>,
}

/// A circle of two, of which one leaves and one laptop of a later version says something.
pub(crate) fn sample() -> Vectors {
    let (anna, bela) = (device(1), device(2));
    let mut entropy = SeededEntropy::new(42);
    let (mut log, founding) = found(&anna);
    let admission = accepted(log.circle(), &anna, &bela);
    let acceptance = admission.verify(log.circle(), anna.id()).unwrap();
    let admit = log.admit(&anna, admission).unwrap();
    insert(&mut log, &admit);

    let mut epochs = Epochs::new(log.circle());
    let epoch = epochs.mint(&log, &anna, &mut entropy).unwrap();
    epochs.insert(&log, &anna, epoch.clone()).unwrap();
    let secret = epochs.secret(&epoch.id()).unwrap().clone();
    let grant = epochs.grant(&log, &anna, epoch.id(), bela.id(), &mut entropy).unwrap();

    let entry = Verified::sign(header(&log, &bela, 2), &bela).unwrap();
    let envelope = Envelope::seal(&entry, PAYLOAD, epoch.id(), &secret, &mut entropy).unwrap();
    let last = tip(&bela, 2, entry_hash(&entry));
    let tips = vec![tip(&bela, 2, last.hash), tip(&anna, 7, EntryHash([7; 32]))];
    let receipt = receipt(&log, &anna, tips);

    let leave = log.leave(&bela, vec![last]).unwrap();
    let unknown = OpBody::Unknown { kind: kind::LINK, bytes: vec![1, 2, 3] };
    let unknown = crafted(&anna, log.circle(), &log.heads(), unknown);
    let mut parents = vec![leave.hash(), unknown.hash()];
    parents.sort_unstable();
    let merge = crafted(&anna, log.circle(), &parents, OpBody::Merge);
    let ops =
        [("found", founding), ("admit", admit), ("leave", leave), ("unknown", unknown), ("merge", merge)];
    Vectors {
        devices: vec![anna, bela],
        ops: ops.into_iter().map(|(name, op)| (name, to_bytes(op.signed()))).collect(),
        acceptance: to_bytes(acceptance.signed()),
        epoch: to_bytes(epoch.signed()),
        epoch_secret: *secret.as_bytes(),
        grant: to_bytes(grant.signed()),
        header: to_bytes(entry.signed()),
        envelope: to_bytes(&envelope),
        receipt: to_bytes(receipt.signed()),
    }
}

fn receipt(log: &MembershipLog, by: &DeviceSecret, mut tips: Vec<snug_circle::Tip>) -> Verified<Receipt> {
    tips.sort_unstable();
    let (circle, heads) = (log.circle(), log.heads());
    let receipt =
        Receipt { circle, device: by.id(), number: 3, at: UnixMillis(1_795_000_000_500), heads, tips };
    Verified::sign(receipt, by).unwrap()
}

fn text(of: &Vectors) -> String {
    let mut text = String::from(
        "# Encodings of snug-circle, byte for byte, in hexadecimal. Not frozen yet.\n\
         # Written by SNUG_UPDATE_VECTORS=1 cargo test -p snug-circle --test circle vectors\n",
    );
    let mut line = |name: &str, bytes: &[u8]| writeln!(text, "{name} {}", HEXLOWER.encode(bytes)).unwrap();
    for (n, device) in of.devices.iter().enumerate() {
        line(&format!("device.{n}.secret"), &*device.to_bytes());
        line(&format!("device.{n}.public"), &to_bytes(&device.public()));
        line(&format!("device.{n}.member"), member_of_first(&device.public()).as_bytes());
    }
    for (name, op) in &of.ops {
        line(&format!("op.{name}"), op);
        line(&format!("op.{name}.hash"), op_hash(&from_bytes(op).unwrap()).as_bytes());
    }
    line("acceptance", &of.acceptance);
    line("epoch.secret", &of.epoch_secret);
    let epoch: Signed<EpochAnnouncement> = from_bytes(&of.epoch).unwrap();
    line("epoch.commitment", &epoch.body.commitment);
    line("epoch.id", epoch.body.id().as_bytes());
    line("epoch.announcement", &of.epoch);
    line("epoch.grant", &of.grant);
    let header: Signed<EntryHeader> = from_bytes(&of.header).unwrap();
    line("entry.payload", PAYLOAD);
    line("entry.payload.hash", &payload_hash(PAYLOAD));
    line("entry.actor", header.body.actor.as_bytes());
    line("entry.header", &of.header);
    line("entry.hash", entry_hash(&header.body).as_bytes());
    line("entry.envelope", &of.envelope);
    line("receipt", &of.receipt);
    let (circle, member) = (header.body.circle, member_of_first(&of.devices[1].public()));
    line("circle.page", circle_page(circle).as_bytes());
    line("member.1.page", member_page(circle, member).as_bytes());
    text
}

#[test]
fn vectors_are_as_they_were() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/circle.txt");
    let now = text(&sample());
    if std::env::var_os("SNUG_UPDATE_VECTORS").is_some() {
        std::fs::write(&path, &now).unwrap();
    }
    let before = std::fs::read_to_string(&path).unwrap();
    for (before, now) in before.lines().zip(now.lines()) {
        assert_eq!(before, now);
    }
    assert_eq!(before.lines().count(), now.lines().count());
}

fn verified<T: Signable>(bytes: &[u8]) -> Verified<T> {
    from_bytes::<Signed<T>>(bytes).unwrap().verify().unwrap()
}

/// The text alone is enough: everything in it is read, verified and opened from its bytes.
#[test]
fn vectors_hold_together() {
    let file = text(&sample());
    let bytes = |name: &str| {
        let line = file.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
        HEXLOWER.decode(line.unwrap().as_bytes()).unwrap()
    };
    let founding: Verified<Op> = verified(&bytes("op.found"));
    let mut log = MembershipLog::new(snug_types::CircleId(founding.hash().0));
    for name in ["found", "admit", "leave"] {
        log.insert(verified(&bytes(&format!("op.{name}")))).unwrap();
        assert!(log.contains(&snug_types::OpHash::from_slice(&bytes(&format!("op.{name}.hash"))).unwrap()));
    }
    let acceptance: Verified<Acceptance> = verified(&bytes("acceptance"));
    assert_eq!(acceptance.invitation, InvitationId([7; 16]));

    let bela = DeviceSecret::from_bytes(&bytes("device.1.secret").try_into().unwrap());
    let announcement: Verified<EpochAnnouncement> = verified(&bytes("epoch.announcement"));
    let mut epochs = Epochs::new(log.circle());
    epochs.insert(&log, &bela, announcement.clone()).unwrap();
    let id = EpochId::from_slice(&bytes("epoch.id")).unwrap();
    let secret = epochs.secret(&id).unwrap();
    assert_eq!(secret.as_bytes().as_slice(), bytes("epoch.secret"));
    let grant: Verified<EpochGrant> = verified(&bytes("epoch.grant"));
    assert_eq!((grant.epoch, grant.to.device), (id, bela.id()));

    let envelope: Envelope = from_bytes(&bytes("entry.envelope")).unwrap();
    let entry = envelope.open(log.circle(), secret).unwrap();
    assert_eq!(entry.payload, bytes("entry.payload"));
    assert_eq!(to_bytes(entry.header.signed()), bytes("entry.header"));
    assert_eq!(entry.header.actor, actor_id(bela.id(), 3, 1));
    let receipt: Verified<Receipt> = verified(&bytes("receipt"));
    assert!(receipt.covers(&tip(&bela, 2, entry_hash(&entry.header))));
}
