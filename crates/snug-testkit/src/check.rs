//! What must hold while a world runs, and at its end.

use crate::laptop::Laptop;
use crate::world::{Who, World};
use snug_circle::{Envelope, Epochs};
use snug_crypto::{EpochSecret, Signed, Verified};
use snug_document::note;
use snug_sync::Scope;
use snug_types::{DeviceId, DocumentRef, EntryHash, Seq, from_bytes};
use std::collections::BTreeSet;

impl World {
    /// Nobody holds what its author's disk doesn't: persist before send.
    pub(crate) fn check_authors(&self, who: Who) {
        for (device, seq, _) in self.laptops[who.0].disk.entries().keys() {
            let mut authors = self.laptops.iter().filter(|laptop| laptop.device() == *device);
            assert!(
                authors.any(|author| author.disk.highest(*device) >= *seq),
                "{who:?} holds entry {seq:?} of {device:?}, whose own disk doesn't"
            );
        }
    }

    /// Whom a laptop counts as a holder holds everything, durably.
    pub(crate) fn check_holdings(&self, who: Who) {
        let laptop = &self.laptops[who.0];
        let scopes = laptop.documents().into_iter().map(Scope::Document).chain([Scope::Circle]);
        for scope in scopes {
            let holding = laptop.sync.holding(scope);
            let holders =
                holding.devices.iter().filter(|(device, at)| at.is_some() && *device != laptop.device());
            for (device, _) in holders {
                let mut held = self.laptops.iter().filter(|other| other.device() == *device);
                assert!(
                    held.any(|other| self.covers(other, laptop, scope)),
                    "{who:?} counts {device:?} for {scope:?}, which doesn't hold it"
                );
            }
        }
    }

    fn covers(&self, holder: &Laptop, laptop: &Laptop, scope: Scope) -> bool {
        let asked = |document: DocumentRef| match scope {
            Scope::Circle => true,
            Scope::Document(of) => of == document,
        };
        let mut entries = laptop.held().filter(|(_, e)| asked(e.document) && !e.quarantined);
        // A copied device may have two entries of one number: until the other one is seen, a receipt can mean either.
        let copied = |device: DeviceId| self.laptops.iter().filter(|l| l.device() == device).count() > 1;
        entries.all(|(key, _)| holder.holds(key) || copied(key.0))
    }

    /// Everybody who is in the circle holds everything acknowledged by anybody in it, and the same, and sees the same.
    pub fn check(&self) {
        let members: Vec<_> =
            self.laptops.iter().filter(|laptop| laptop.up && laptop.sync.is_member()).collect();
        let first = members.first().expect("somebody stays");
        for laptop in &members {
            assert!(!laptop.disk.waits(), "a disk still waits");
            let (ours, theirs) = (keys(first), keys(laptop));
            assert_eq!(ours, theirs, "{:?} and {:?} hold different entries", first.device(), laptop.device());
            assert_eq!(first.disk.ops(), laptop.disk.ops(), "different membership operations");
            self.check_acknowledged(laptop);
            check_documents(first, laptop);
        }
    }

    fn check_acknowledged(&self, laptop: &Laptop) {
        for author in &self.laptops {
            for key @ (device, seq, _) in &author.acknowledged {
                let delivered = author.sync.is_member();
                let found = laptop.holds(key);
                assert!(
                    found || !delivered,
                    "entry {seq:?} of {device:?} was acknowledged, and {:?} doesn't hold it",
                    laptop.device()
                );
            }
        }
    }

    /// Who left opens nothing that was sealed after its leave had reached the writer, whatever announcements it is shown.
    /// Returns how many such entries there are.
    pub fn check_closed_to(&self, who: Who, holder: Who) -> usize {
        let (laptop, holder) = (&self.laptops[who.0], &self.laptops[holder.0]);
        let mut epochs = Epochs::new(laptop.circle());
        for (announcement, secret) in laptop.disk.epochs().values() {
            let announcement: Signed<_> = from_bytes(announcement).expect("its own row");
            epochs.restore(Verified::trusted(announcement), secret.map(EpochSecret::from_bytes));
        }
        // It is shown everything that the others have announced since.
        for (announcement, _) in holder.disk.epochs().values() {
            let announcement: Signed<_> = from_bytes(announcement).expect("its own row");
            let _ = epochs.insert(holder.sync.log(), &laptop.secret(), Verified::trusted(announcement));
        }
        let gone = holder.sync.membership().device(laptop.device()).and_then(|device| device.gone);
        let leave = gone.expect("the holder knows of the leave").by;
        let mut sealed_after = 0;
        for (key, stored) in holder.disk.entries() {
            let entry = holder.sync.open(&stored.envelope).expect("a member opens what it holds");
            if !holder.sync.log().covers(&entry.header.heads, &leave) {
                continue;
            }
            sealed_after += 1;
            let envelope: Envelope = from_bytes(&stored.envelope).expect("its own row");
            let opened = epochs.secret(&envelope.epoch).map(|secret| envelope.open(laptop.circle(), secret));
            assert!(!matches!(opened, Some(Ok(_))), "who left opens {key:?}");
        }
        sealed_after
    }

    /// How many laptops this one counts as holders of a document, and how many there are.
    pub fn holding(&self, who: Who, document: DocumentRef) -> (usize, usize) {
        let holding = self.laptops[who.0].sync.holding(Scope::Document(document));
        (holding.holding, holding.laptops)
    }
}

/// The entries that a laptop holds.
fn keys(laptop: &Laptop) -> BTreeSet<(DeviceId, Seq, EntryHash, bool)> {
    laptop.held().map(|((device, seq, hash), e)| (*device, *seq, *hash, e.quarantined)).collect()
}

/// One document, one state, and the one that its stored entries give.
fn check_documents(first: &Laptop, laptop: &Laptop) {
    assert_eq!(first.documents(), laptop.documents(), "different documents");
    for document in first.documents() {
        let both = [first, laptop].map(|l| l.document(document).expect("it has it"));
        assert_eq!(both[0].heads(), both[1].heads(), "one document, two states");
        assert_eq!(note::view(both[0]), note::view(both[1]), "one document, two texts");
        // And what it holds is what its stored entries say.
        for entry in laptop.stored(document) {
            assert!(both[1].holds(entry.header.newest), "a stored change isn't in its document");
        }
    }
}
