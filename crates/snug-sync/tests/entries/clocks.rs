//! A clock that is far ahead, or says what no calendar has: what it says is kept as it was signed, and shown to nobody.

use crate::scene::{NOTE, NOW, Scene, drain, local, persists, receipts};
use snug_circle::{Receipt, Tip, entry_hash};
use snug_crypto::Verified;
use snug_sync::{Output, Row, Scope};
use snug_types::{EntryHash, UnixMillis};

/// Beyond the last day that a page can show; the last number there is; the first; and a little ago.
const CLOCKS: [u64; 4] = [9_000_000_000_000_000, u64::MAX, 0, NOW.0 - 1];

#[test]
fn an_entry_is_listed_no_later_than_it_came() {
    for clock in CLOCKS.map(UnixMillis) {
        let mut scene = Scene::new();
        let mut header = scene.header(1, EntryHash([0; 32]));
        header.at = clock;
        let envelope = scene.seal(header);
        let outputs = scene.pushed(&envelope);
        let row = outputs.iter().find_map(|output| match output {
            Output::Persist { rows, .. } => rows.iter().find_map(|row| match row {
                Row::Entry { at, envelope, .. } => Some((*at, envelope)),
                _ => None,
            }),
            _ => None,
        });
        assert_eq!(row, Some((clock.min(NOW), &envelope)));
        let after = scene.persist(persists(&outputs).unwrap());
        let as_signed = |o: &Output| matches!(o, Output::Apply { entry } if entry.header.at == clock);
        assert!(after.iter().any(as_signed), "{after:?}");
    }
}

#[test]
fn a_receipt_is_as_of_no_later_than_it_came() {
    for clock in CLOCKS.map(UnixMillis) {
        let mut scene = Scene::new();
        // Anna's last entry, as her push tells it.
        let ticket = scene.anna.local(NOW, &mut scene.entropy, local(vec![1; 50])).unwrap();
        drain(&mut scene.anna);
        let pushed = scene.persist(ticket).into_iter().find_map(|output| match output {
            Output::Send { frame, .. } if frame[1] == 5 => Some(frame[6..].to_vec()),
            _ => None,
        });
        let entry = scene.anna.open(&pushed.unwrap()).unwrap();
        let tip = Tip { device: entry.header.device, seq: entry.header.seq, hash: entry_hash(&entry.header) };
        let (circle, device, heads) = (scene.anna.circle(), scene.bela.id(), scene.anna.log().heads());
        let body = Receipt { circle, device, number: 9, at: clock, heads, tips: vec![tip] };
        scene.frame(&receipts(&Verified::sign(body, &scene.bela).unwrap()));
        let shown = clock.min(NOW);
        for later in [0, 3_600_000] {
            scene.anna.tick(UnixMillis(NOW.0 + later));
            for scope in [Scope::Circle, Scope::Document(NOTE)] {
                let held = scene.anna.holding(scope);
                assert_eq!((held.holding, held.as_of), (2, Some(shown)), "an hour later it isn't news again");
            }
        }
    }
}
