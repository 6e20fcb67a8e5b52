//! Entries: what is signed, what is sealed, and what counts.

use crate::people::{PAYLOAD, admit, catch_up, crafted, device, found, header, leave, tip, up_to};
use snug_circle::op::kind;
use snug_circle::{
    ContentKind, EntryError, EntryHeader, Envelope, MembershipLog, OpBody, Quarantine, Receipt, Reject,
    Verdict, actor_id, circle_page, entry_hash, entry_verdict, member_of_first, member_page, payload_hash,
};
use snug_crypto::{DeviceSecret, EpochSecret, OpenError, SeededEntropy, Signed, Verified, seal};
use snug_types::{
    ActorId, CircleId, DocumentId, DocumentRef, Encode, EntryHash, EpochId, OpHash, Seq, UnixMillis, Writer,
    bound, from_bytes, to_bytes,
};

const EPOCH: EpochId = EpochId([8; 32]);

fn secret() -> EpochSecret {
    EpochSecret::from_bytes([4; 32])
}

fn two() -> (MembershipLog, DeviceSecret, DeviceSecret) {
    let (anna, bela) = (device(1), device(2));
    let (mut log, _) = found(&anna);
    admit(&mut log, &anna, &bela);
    (log, anna, bela)
}

fn sign(header: EntryHeader, by: &DeviceSecret) -> Verified<EntryHeader> {
    Verified::sign(header, by).unwrap()
}

fn sealed(header: &Verified<EntryHeader>) -> Envelope {
    Envelope::seal(header, PAYLOAD, EPOCH, &secret(), &mut SeededEntropy::new(3)).unwrap()
}

/// Seals whatever a hostile member, who has the secret, may want to seal.
fn sealed_by_hand(
    envelope: &Envelope,
    circle: CircleId,
    header: &Signed<EntryHeader>,
    payload: &[u8],
) -> Envelope {
    let mut inner = Writer::new();
    header.encode(&mut inner);
    inner.bytes(payload);
    let clear = Envelope { sealed: vec![], ..envelope.clone() };
    let mut aad = to_bytes(&circle);
    let written = to_bytes(&clear);
    aad.extend_from_slice(&written[..written.len() - 4]);
    let sealed = seal(&secret(), &aad, &inner.finish(), &mut SeededEntropy::new(4));
    Envelope { sealed, ..clear }
}

#[test]
fn what_is_sealed_opens_for_the_circle_alone() {
    let (log, anna, _) = two();
    let signed = sign(header(&log, &anna, 1), &anna);
    let envelope = sealed(&signed);
    let read: Envelope = from_bytes(&to_bytes(&envelope)).unwrap();
    let entry = read.open(log.circle(), &secret()).unwrap();
    assert_eq!((&entry.header, &entry.payload[..]), (&signed, PAYLOAD));
    // Sealed again under another epoch, it is the same entry.
    let other = EpochSecret::from_bytes([5; 32]);
    let again =
        Envelope::seal(&entry.header, &entry.payload, EpochId([9; 32]), &other, &mut SeededEntropy::new(5));
    assert_eq!(again.unwrap().open(log.circle(), &other).unwrap(), entry);

    let not_ours = Err(EntryError::Sealed(OpenError::NotOurs));
    assert_eq!(read.open(log.circle(), &other), not_ours);
    assert_eq!(read.open(CircleId([1; 32]), &secret()), not_ours);
    for moved in [
        Envelope { epoch: EpochId([9; 32]), ..envelope.clone() },
        Envelope { device: device(2).id(), ..envelope.clone() },
        Envelope { seq: Seq(2), ..envelope.clone() },
        Envelope { document: DocumentRef::first(DocumentId([1; 16])), ..envelope.clone() },
    ] {
        assert_eq!(moved.open(log.circle(), &secret()), not_ours);
    }
}

#[test]
fn a_member_who_seals_a_lie_is_found_out() {
    let (log, anna, bela) = two();
    let good = sign(header(&log, &anna, 2), &anna);
    let envelope = sealed(&good);
    let circle = log.circle();
    let open = |header: &Signed<EntryHeader>, payload: &[u8]| {
        sealed_by_hand(&envelope, circle, header, payload).open(circle, &secret())
    };
    assert!(open(good.signed(), PAYLOAD).is_ok(), "by hand as by the book");
    let with = |change: fn(&mut EntryHeader)| {
        let mut header = (*good).clone();
        change(&mut header);
        sign(header, &anna).into_signed()
    };
    assert_eq!(open(good.signed(), b"other words"), Err(EntryError::Payload));
    assert_eq!(open(&with(|h| h.seq = Seq(3)), PAYLOAD), Err(EntryError::Envelope));
    assert_eq!(open(&with(|h| h.circle = CircleId([1; 32])), PAYLOAD), Err(EntryError::Envelope));
    assert_eq!(
        open(&with(|h| h.document.document = DocumentId([1; 16])), PAYLOAD),
        Err(EntryError::Envelope)
    );
    assert_eq!(open(&with(|h| h.actor = ActorId([1; 16])), PAYLOAD), Err(EntryError::Actor));
    assert_eq!(open(&with(|h| h.replica = 2), PAYLOAD), Err(EntryError::Actor));
    assert_eq!(open(&with(|h| h.previous = EntryHash([0; 32])), PAYLOAD), Err(EntryError::Chain));
    // Bela puts words into Anna's mouth.
    let forged = EntryHeader { payload: payload_hash(b"forged"), ..(*good).clone() };
    let by_bela = EntryHeader { device: bela.id(), ..forged.clone() };
    let signature = sign(by_bela, &bela).into_signed().signature;
    let forged = Signed { body: forged, signature };
    assert!(matches!(open(&forged, b"forged"), Err(EntryError::Signature(_))));
    // Trailing bytes within the seal.
    let mut inner = to_bytes(good.signed());
    inner.extend_from_slice(&[0, 0, 0, 0, 1]);
    let mut aad = to_bytes(&circle);
    let written = to_bytes(&Envelope { sealed: vec![], ..envelope.clone() });
    aad.extend_from_slice(&written[..written.len() - 4]);
    let sealed = seal(&secret(), &aad, &inner, &mut SeededEntropy::new(4));
    let loose = Envelope { sealed, ..envelope.clone() };
    assert!(matches!(loose.open(circle, &secret()), Err(EntryError::Encoding(_))));
}

#[test]
fn entries_are_bounded() {
    let (log, anna, _) = two();
    let payload = vec![7; bound::PAYLOAD_BYTES + 1];
    let of = |payload: &[u8]| {
        let header = EntryHeader { payload: payload_hash(payload), ..header(&log, &anna, 1) };
        Envelope::seal(&sign(header, &anna), payload, EPOCH, &secret(), &mut SeededEntropy::new(1))
    };
    let largest = of(&payload[1..]).unwrap();
    assert!(
        largest.sealed.len() <= bound::SEALED_ENTRY_BYTES && to_bytes(&largest).len() < bound::FRAME_BYTES
    );
    assert!(largest.open(log.circle(), &secret()).is_ok());
    assert!(matches!(of(&payload), Err(EntryError::TooLarge { .. })));
    let huge = Envelope { sealed: vec![0; bound::SEALED_ENTRY_BYTES + 1], ..largest };
    assert!(matches!(huge.open(log.circle(), &secret()), Err(EntryError::TooLarge { .. })));
}

#[test]
fn actors_belong_to_one_replica_of_one_device() {
    let (anna, bela) = (device(1).id(), device(2).id());
    let actors = [(anna, 0, 0), (anna, 0, 1), (anna, 1, 0), (anna, 256, 0), (bela, 0, 0)];
    let actors: std::collections::BTreeSet<_> = actors.map(|(d, i, r)| actor_id(d, i, r)).into();
    assert_eq!(actors.len(), 5);
}

#[test]
fn members_count_and_strangers_do_not() {
    let (mut log, anna, bela) = two();
    let cili = device(3);
    let before = log.heads();
    assert_eq!(entry_verdict(&log, &header(&log, &bela, 1)), Verdict::Accept);
    assert_eq!(entry_verdict(&log, &header(&log, &cili, 1)), Verdict::Reject(Reject::NotMember));
    let elsewhere = EntryHeader { circle: CircleId([1; 32]), ..header(&log, &anna, 1) };
    assert_eq!(entry_verdict(&log, &elsewhere), Verdict::Reject(Reject::WrongCircle));
    let headless = EntryHeader { heads: vec![], ..header(&log, &anna, 1) };
    assert_eq!(entry_verdict(&log, &headless), Verdict::Reject(Reject::NoHeads));
    let far = OpHash([1; 32]);
    let ahead = EntryHeader { heads: vec![far], ..header(&log, &anna, 1) };
    assert_eq!(entry_verdict(&log, &ahead), Verdict::Wait(vec![far]));

    admit(&mut log, &anna, &cili);
    assert_eq!(entry_verdict(&log, &header(&log, &cili, 1)), Verdict::Accept);
    let early = EntryHeader { heads: before, ..header(&log, &cili, 1) };
    assert_eq!(entry_verdict(&log, &early), Verdict::Reject(Reject::NotMember), "before she came");
}

#[test]
fn of_who_left_counts_what_the_leave_names() {
    let (mut log, anna, bela) = two();
    let mut unnamed = up_to(&log, &log.heads());
    let at = |seq| header(&unnamed, &bela, seq);
    let entries = [at(1), at(2), at(3)];
    let last = tip(&bela, 2, entry_hash(&entries[1]));
    leave(&mut log, &bela, vec![last]);
    let verdicts = entries.clone().map(|entry| entry_verdict(&log, &entry));
    assert_eq!(verdicts[..2], [Verdict::Accept, Verdict::Accept]);
    assert_eq!(verdicts[2], Verdict::Quarantine(Quarantine::AfterLeave));
    let other = EntryHeader { at: UnixMillis(5), ..entries[1].clone() };
    assert_eq!(entry_verdict(&log, &other), Verdict::Quarantine(Quarantine::OtherBranch));
    let knowing = EntryHeader { heads: log.heads(), ..entries[0].clone() };
    assert_eq!(entry_verdict(&log, &knowing), Verdict::Reject(Reject::NotMember));
    assert_eq!(entry_verdict(&log, &header(&log, &anna, 1)), Verdict::Accept);

    leave(&mut unnamed, &bela, vec![]);
    assert_eq!(entry_verdict(&unnamed, &entries[0]), Verdict::Quarantine(Quarantine::NotNamed));
}

#[test]
fn of_whose_admission_fell_nothing_counts_until_it_is_made_again() {
    let (mut log, anna, bela) = two();
    let dora = device(4);
    let mut there = up_to(&log, &log.heads());
    admit(&mut there, &bela, &dora);
    let hers = header(&there, &dora, 1);
    assert_eq!(entry_verdict(&there, &hers), Verdict::Accept);
    leave(&mut log, &bela, vec![]);
    catch_up(&there, &mut log);
    assert_eq!(entry_verdict(&log, &hers), Verdict::Quarantine(Quarantine::AdmissionVoid));
    admit(&mut log, &anna, &dora);
    assert_eq!(entry_verdict(&log, &hers), Verdict::Accept);
}

#[test]
fn pages_have_their_owners() {
    let (mut log, anna, bela) = two();
    let circle = log.circle();
    let cili = device(3);
    let page = |d: &DeviceSecret| member_page(circle, member_of_first(&d.public()));
    let on = |log: &MembershipLog, by: &DeviceSecret, document, kind| {
        let document = DocumentRef::first(document);
        EntryHeader { document, kind, ..header(log, by, 1) }
    };
    let free = DocumentId([5; 16]);
    let wrong = Verdict::Reject(Reject::WrongPage);
    for (document, kind, verdict) in [
        (circle_page(circle), ContentKind::CirclePage, Verdict::Accept),
        (page(&bela), ContentKind::MemberPage, Verdict::Accept),
        (free, ContentKind::Plan, Verdict::Accept),
        (free, ContentKind::Unknown(77), Verdict::Accept),
        (free, ContentKind::CirclePage, wrong.clone()),
        (free, ContentKind::MemberPage, wrong.clone()),
        (page(&anna), ContentKind::MemberPage, wrong.clone()),
        (page(&anna), ContentKind::Note, wrong.clone()),
        (page(&bela), ContentKind::Note, wrong.clone()),
        (circle_page(circle), ContentKind::Unknown(77), wrong.clone()),
        (circle_page(circle), ContentKind::MemberPage, wrong.clone()),
    ] {
        assert_eq!(
            entry_verdict(&log, &on(&log, &bela, document, kind)),
            verdict,
            "{kind:?} on {document:?}"
        );
    }
    // Bela, who is about to invite Cili, writes on her page before she is there.
    let early = on(&log, &bela, page(&cili), ContentKind::Note);
    admit(&mut log, &bela, &cili);
    assert_eq!(entry_verdict(&log, &early), Verdict::Quarantine(Quarantine::PageOfAnother));
    let hers = on(&log, &cili, page(&cili), ContentKind::MemberPage);
    assert_eq!(entry_verdict(&log, &hers), Verdict::Accept);
}

#[test]
fn what_a_later_version_may_know_is_kept() {
    let (mut log, anna, _) = two();
    let link = OpBody::Unknown { kind: kind::LINK, bytes: vec![] };
    let link = crafted(&anna, log.circle(), &log.heads(), link);
    log.insert(link).unwrap();
    let linked = header(&log, &device(9), 1);
    assert_eq!(entry_verdict(&log, &linked), Verdict::Quarantine(Quarantine::NeedsUpdate));
    assert_eq!(entry_verdict(&log, &header(&log, &anna, 1)), Verdict::Accept);
}

#[test]
fn receipts_cover_what_they_name_and_what_is_before() {
    let (log, anna, bela) = two();
    let (x, y) = (EntryHash([1; 32]), EntryHash([2; 32]));
    let receipt = |tips| Receipt {
        circle: log.circle(),
        device: anna.id(),
        number: 1,
        at: UnixMillis(1),
        heads: log.heads(),
        tips,
    };
    let single = receipt(vec![tip(&bela, 5, x)]);
    assert!(single.covers(&tip(&bela, 5, x)) && single.covers(&tip(&bela, 4, y)));
    assert!(!single.covers(&tip(&bela, 5, y)) && !single.covers(&tip(&bela, 6, x)));
    assert!(!single.covers(&tip(&anna, 1, x)) && !receipt(vec![]).covers(&tip(&bela, 1, x)));
    // A fork: neither number says which branch is held below it.
    let forked = receipt(vec![tip(&bela, 5, x), tip(&bela, 5, y)]);
    assert!(forked.covers(&tip(&bela, 5, x)) && forked.covers(&tip(&bela, 5, y)));
    assert!(!forked.covers(&tip(&bela, 4, y)));
    let crowded = (1..=bound::TIPS_PER_DEVICE as u64 + 1).map(|n| tip(&bela, n, x)).collect();
    assert!(from_bytes::<Receipt>(&to_bytes(&receipt(crowded))).is_err());
}
