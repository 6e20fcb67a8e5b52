//! The documents of a circle, known by the heads of their entries.
//!
//! Each laptop counts for those that it began: whose entry was the first of a document that was counted here. Past its
//! bound what it begins isn't indexed, so that no list shows it and no memory is taken. Its entries are kept and passed on
//! as all others, and the document is shown once somebody else writes in it.

use crate::ambient::now;
use crate::circle::DocumentKey;
use snug_types::bound::DOCUMENTS;
use snug_types::{DeviceId, UnixMillis};
use std::collections::BTreeMap;
use std::ops::Bound;

/// What is known of a document from the heads of its entries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Indexed {
    /// When its newest entry says that it was written, but not after it came here.
    pub(crate) changed: UnixMillis,
    /// How many entries it has.
    pub(crate) entries: usize,
}

/// The documents of a circle.
#[derive(Default)]
pub(crate) struct Index {
    documents: BTreeMap<DocumentKey, Indexed>,
    begun: BTreeMap<DeviceId, usize>,
}

impl Index {
    /// Counts an entry in. Its time is whatever its writer's clock says; what lists show and sort by lies in nobody's future.
    pub(crate) fn count_in(&mut self, document: DocumentKey, by: DeviceId, at: UnixMillis) {
        let at = at.min(now());
        if !self.documents.contains_key(&document) {
            let begun = self.begun.entry(by).or_default();
            if *begun >= DOCUMENTS {
                return;
            }
            *begun += 1;
        }
        let known = self.documents.entry(document).or_insert(Indexed { changed: at, entries: 0 });
        known.entries += 1;
        known.changed = known.changed.max(at);
    }

    /// How many documents a laptop began.
    pub(crate) fn begun(&self, by: DeviceId) -> usize {
        self.begun.get(&by).copied().unwrap_or_default()
    }

    pub(crate) fn get(&self, document: DocumentKey) -> Option<Indexed> {
        self.documents.get(&document).copied()
    }

    pub(crate) fn contains(&self, document: DocumentKey) -> bool {
        self.documents.contains_key(&document)
    }

    /// Those after one, or all, in the order of their keys.
    pub(crate) fn after(&self, one: Option<DocumentKey>) -> impl Iterator<Item = (DocumentKey, Indexed)> {
        let from = one.map_or(Bound::Unbounded, Bound::Excluded);
        self.documents.range((from, Bound::Unbounded)).map(|(document, known)| (*document, *known))
    }

    pub(crate) fn keys(&self) -> impl Iterator<Item = DocumentKey> {
        self.documents.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_circle::ContentKind;
    use snug_types::{DocumentId, DocumentRef};

    const ANNA: DeviceId = DeviceId([1; 32]);
    const EVE: DeviceId = DeviceId([2; 32]);

    fn note(n: u64) -> DocumentKey {
        (DocumentRef::first(DocumentId(u128::from(n).to_be_bytes())), ContentKind::Note)
    }

    #[test]
    fn a_clock_that_is_ahead_puts_nothing_on_top_for_ever() {
        let mut index = Index::default();
        let changed = |index: &Index, n| index.get(note(n)).unwrap().changed;
        let before = now();
        for (n, at) in [(1, 9_000_000_000_000_000), (2, u64::MAX), (3, before.plus(60_000).0), (4, 0)] {
            index.count_in(note(n), ANNA, UnixMillis(at));
        }
        let after = now();
        for n in 1..=3 {
            assert!((before..=after).contains(&changed(&index, n)), "{n}: {:?}", changed(&index, n));
        }
        assert_eq!(changed(&index, 4), UnixMillis(0));
        index.count_in(note(1), ANNA, after.plus(u64::MAX));
        assert_eq!(index.get(note(1)).unwrap().entries, 2);
        assert!(changed(&index, 1) <= now());
    }

    #[test]
    fn who_begins_too_much_takes_the_room_of_nobody_else() {
        let mut index = Index::default();
        let bound = DOCUMENTS as u64;
        for n in 0..bound + 10 {
            index.count_in(note(n), EVE, UnixMillis(1));
        }
        assert_eq!((index.keys().count(), index.begun(EVE), index.begun(ANNA)), (DOCUMENTS, DOCUMENTS, 0));
        // What somebody else writes in is shown, and counts for them.
        index.count_in(note(bound), ANNA, UnixMillis(1));
        index.count_in(note(bound), EVE, UnixMillis(1));
        assert_eq!((index.get(note(bound)).unwrap().entries, index.begun(ANNA)), (2, 1));
        assert!(!index.contains(note(bound + 1)));
        // Those that are shown go on.
        index.count_in(note(0), EVE, UnixMillis(2));
        assert_eq!(index.get(note(0)).unwrap().entries, 2);
    }
}
