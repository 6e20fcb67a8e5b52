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

    /// Takes a document in. One that isn't open goes for it if there are too many.
    pub(crate) fn insert(&mut self, of: DocumentKey, document: LiveDocument) {
        self.forget(of);
        if self.0.len() >= LOADED
            && let Some(unused) = self.0.iter().position(|held| held.windows.len() == 0)
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
