//! What is refused, and what that costs whoever sent it.

use crate::scene::{NOTE, NOW, Scene, closed, drain, local, persists, receipts};
use snug_circle::{ContentKind, EntryHeader, Envelope, Receipt, Tip, actor_id, entry_hash};
use snug_crypto::{DeviceSecret, EpochSecret, Verified};
use snug_sync::{Output, Scope};
use snug_types::{DocumentRef, EntryHash, EpochId, OpHash, Seq, UnixMillis, from_bytes, to_bytes};

#[test]
fn entries_that_no_honest_laptop_passes_on_end_the_session() {
    let fault = |name: &str, make: &dyn Fn(&mut Scene) -> Vec<u8>| {
        let mut scene = Scene::new();
        let envelope = make(&mut scene);
        let outputs = scene.pushed(&envelope);
        assert!(closed(&outputs), "{name}: {outputs:?}");
        assert!(persists(&outputs).is_none(), "{name}: {outputs:?}");
    };
    let altered = |scene: &mut Scene, alter: &dyn Fn(&mut Envelope)| {
        let mut envelope: Envelope = from_bytes(&scene.chain(1)[0].1).unwrap();
        alter(&mut envelope);
        to_bytes(&envelope)
    };
    fault("altered", &|scene| altered(scene, &|envelope| envelope.sealed[70] ^= 1));
    fault("another device outside", &|scene| altered(scene, &|envelope| envelope.device.0[0] ^= 1));
    fault("another number outside", &|scene| altered(scene, &|envelope| envelope.seq = Seq(2)));
    fault("another document outside", &|scene| altered(scene, &|e| e.document.document.0[0] ^= 1));
    fault("another secret", &|scene| {
        scene.secret = EpochSecret::from_bytes([7; 32]);
        scene.chain(1).remove(0).1
    });
    fault("a stranger's", &|scene| {
        scene.bela = DeviceSecret::generate(&mut scene.entropy);
        scene.chain(1).remove(0).1
    });
    fault("another circle", &|scene| {
        let mut header = scene.header(1, EntryHash([0; 32]));
        header.circle.0[0] ^= 1;
        scene.seal(header)
    });
    fault("no membership heads", &|scene| {
        let header = EntryHeader { heads: Vec::new(), ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    fault("somebody else's page", &|scene| {
        let page = snug_circle::member_page(
            scene.anna.circle(),
            scene.anna.membership().member_of(scene.anna.device()).unwrap(),
        );
        let document = DocumentRef::first(page);
        let header =
            EntryHeader { document, kind: ContentKind::MemberPage, ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    fault("a signature of somebody else", &|scene| {
        let header = scene.header(1, EntryHash([0; 32]));
        let other = DeviceSecret::generate(&mut scene.entropy);
        let mut signed = Verified::sign(header.clone(), &scene.bela).unwrap().into_signed();
        let theirs = EntryHeader { device: other.id(), actor: actor_id(other.id(), 1, 0), ..header };
        signed.signature = Verified::sign(theirs, &other).unwrap().into_signed().signature;
        let forged = Verified::trusted(signed);
        to_bytes(
            &Envelope::seal(&forged, b"changes", scene.epoch, &scene.secret, &mut scene.entropy).unwrap(),
        )
    });
}

#[test]
fn entries_that_build_on_what_isnt_here_are_neither_kept_nor_refused() {
    let waits = |name: &str, make: &dyn Fn(&mut Scene) -> Vec<u8>| {
        let mut scene = Scene::new();
        let envelope = make(&mut scene);
        let outputs = scene.pushed(&envelope);
        assert!(outputs.is_empty(), "{name}: {outputs:?}");
    };
    waits("an unknown epoch", &|scene| {
        scene.epoch = EpochId([9; 32]);
        scene.chain(1).remove(0).1
    });
    waits("unknown membership heads", &|scene| {
        let header = EntryHeader { heads: vec![OpHash([9; 32])], ..scene.header(1, EntryHash([0; 32])) };
        scene.seal(header)
    });
    waits("an unknown predecessor", &|scene| {
        let header = scene.header(2, EntryHash([9; 32]));
        scene.seal(header)
    });
}

#[test]
fn receipts_cant_be_forged_replayed_or_handed_on_as_somebody_elses() {
    let mut scene = Scene::new();
    let holding = |scene: &Scene| scene.anna.holding(Scope::Document(NOTE)).holding;
    assert_eq!(holding(&scene), 1);
    // Anna's own entry, as her first push tells it.
    let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; 50])).unwrap();
    drain(&mut scene.anna);
    let pushed = scene.persist(ticket);
    let envelope = pushed.iter().find_map(|output| match output {
        Output::Send { frame, .. } if frame[1] == 5 => Some(frame[6..].to_vec()),
        _ => None,
    });
    let entry = scene.anna.open(&envelope.unwrap()).unwrap();
    let tip = Tip { device: entry.header.device, seq: entry.header.seq, hash: entry_hash(&entry.header) };
    let receipt = |scene: &Scene, number: u64, tips: Vec<Tip>| Receipt {
        circle: scene.anna.circle(),
        device: scene.bela.id(),
        number,
        at: UnixMillis(NOW.0 + 5_000),
        heads: scene.anna.log().heads(),
        tips,
    };

    let honest = receipt(&scene, 5, vec![tip]);
    let mut forged = Verified::sign(honest.clone(), &scene.bela).unwrap().into_signed();
    forged.signature.0[3] ^= 1;
    assert!(closed(&scene.frame(&receipts(&Verified::trusted(forged)))));
    assert_eq!(holding(&scene), 1, "a forged receipt counts for nothing");
    scene.connect();

    let stranger = DeviceSecret::generate(&mut scene.entropy);
    let theirs = Verified::sign(Receipt { device: stranger.id(), ..honest.clone() }, &stranger).unwrap();
    scene.frame(&receipts(&theirs));
    assert_eq!(holding(&scene), 1, "a stranger's receipt counts for nothing");

    let foreign = Receipt { circle: snug_types::CircleId([9; 32]), ..honest.clone() };
    assert!(closed(&scene.frame(&receipts(&Verified::sign(foreign, &scene.bela).unwrap()))));
    scene.connect();

    scene.frame(&receipts(&Verified::sign(honest.clone(), &scene.bela).unwrap()));
    let counted = scene.anna.holding(Scope::Document(NOTE));
    assert_eq!((counted.holding, counted.laptops), (2, 2));
    assert_eq!(counted.as_of, Some(NOW));
    assert!(
        counted.devices.iter().all(|(_, at)| *at == Some(NOW)),
        "a time that hasn't come is shown as now"
    );

    // An older one changes nothing; a newer one that names less does.
    scene.frame(&receipts(&Verified::sign(receipt(&scene, 4, Vec::new()), &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 2);
    scene.frame(&receipts(&Verified::sign(receipt(&scene, 6, Vec::new()), &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 1);
    // The one that counted before, again.
    scene.frame(&receipts(&Verified::sign(honest, &scene.bela).unwrap()));
    assert_eq!(holding(&scene), 1, "a replayed receipt counts for nothing");
}
