//! The documents of a circle that are in memory, and who has them open.

use crate::circle::DocumentKey;
use crate::editing::Windows;
use snug_document::LiveDocument;
use snug_types::DocumentRef;

/// Documents of a circle that stay in memory beside those that are open in windows. A person looks at a few; sixteen of the
/// largest take some hundred MB.
const LOADED: usize = 16;

/// A document in memory.
pub(crate) struct Held {
    of: DocumentKey,
    pub(crate) document: LiveDocument,
    pub(crate) windows: Windows,
}

impl Held {
    /// Whether no window has it open.
    fn is_unused(&self) -> bool {
        self.windows.len() == 0
    }
}

/// The documents in memory, the one used last at the end.
#[derive(Default)]
pub(crate) struct Loaded(Vec<Held>);

impl Loaded {
    pub(crate) fn contains(&self, document: DocumentKey) -> bool {
        self.0.iter().any(|held| held.of == document)
    }

    pub(crate) fn held(&mut self, document: DocumentKey) -> Option<&mut Held> {
        let place = self.0.iter().position(|held| held.of == document)?;
        let used = self.0.remove(place);
        self.0.push(used);
        self.0.last_mut()
    }

    /// Takes a document in. Of those that aren't open, the ones unused for longest go if there are too many.
    pub(crate) fn insert(&mut self, of: DocumentKey, document: LiveDocument) {
        self.forget(of);
        while self.0.iter().filter(|held| held.is_unused()).count() >= LOADED
            && let Some(unused) = self.0.iter().position(Held::is_unused)
        {
            self.0.remove(unused);
        }
        self.0.push(Held { of, document, windows: Windows::default() });
    }

    pub(crate) fn forget(&mut self, document: DocumentKey) {
        self.0.retain(|held| held.of != document);
    }

    /// Forgets it as whatever kind of thing it was loaded.
    pub(crate) fn forget_all(&mut self, document: DocumentRef) {
        self.0.retain(|held| held.of.0 != document);
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// The document that a session is about.
    pub(crate) fn of_window(&self, session: u64) -> Option<DocumentKey> {
        self.0.iter().find(|held| held.windows.has(session)).map(|held| held.of)
    }

    pub(crate) fn windows_mut(&mut self) -> impl Iterator<Item = &mut Windows> {
        self.0.iter_mut().map(|held| &mut held.windows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::news::EndReason;
    use snug_circle::ContentKind;
    use snug_types::{ActorId, DeviceId, DocumentId};

    const OPEN: usize = 3;

    fn key(number: usize) -> DocumentKey {
        (DocumentRef::first(DocumentId([u8::try_from(number).unwrap(); 16])), ContentKind::Note)
    }

    #[test]
    fn those_whose_windows_were_closed_go_and_those_used_last_stay() {
        let mut loaded = Loaded::default();
        let all = OPEN + LOADED;
        for number in 0..all {
            loaded.insert(key(number), LiveDocument::new(ActorId([1; 16])));
            if number < OPEN {
                let held = loaded.held(key(number)).unwrap();
                let session = u64::try_from(number).unwrap();
                // Its listener goes at once; nothing is told to it here.
                held.windows.open(session, DeviceId([2; 32]), &held.document).unwrap();
            }
        }
        assert!((0..all).all(|number| loaded.contains(key(number))), "open ones take nobody's place");

        for number in 0..OPEN {
            loaded.held(key(number)).unwrap().windows.end(u64::try_from(number).unwrap(), EndReason::Closed);
        }
        loaded.insert(key(all), LiveDocument::new(ActorId([1; 16])));
        assert_eq!(loaded.0.len(), LOADED);
        assert!((0..OPEN).chain([all]).all(|number| loaded.contains(key(number))));
    }
}
