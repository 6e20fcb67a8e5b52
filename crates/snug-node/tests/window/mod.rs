//! A window as far as the laptop sees one: a copy of a note in Automerge, and its session.

#![allow(dead_code, reason = "each file of tests needs a part of it")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by unwrapping")]

use automerge::transaction::Transactable;
use automerge::{AutoCommit, Change, LoadOptions, ROOT, ReadDoc, TextEncoding};
use snug_document::{decode_changes, encode_changes};
use snug_node::{EndReason, Laptop, NodeError, NoteNews, NoteStream, OpenNote};
use snug_types::{ActorId, CircleId, DocumentId};
use std::time::Duration;

/// How long anything may take before the test gives up. Never waited for when all is well.
const PATIENCE: Duration = Duration::from_mins(1);

pub(crate) struct Window {
    laptop: Laptop,
    pub(crate) session: u64,
    pub(crate) actor: ActorId,
    pub(crate) copy: AutoCommit,
    pub(crate) stream: NoteStream,
}

impl Window {
    pub(crate) async fn open(laptop: &Laptop, circle: CircleId, note: DocumentId) -> Self {
        let OpenNote { session, actor, bytes, stream } = laptop.note_open(circle, note).await.unwrap();
        let options = LoadOptions::new().text_encoding(TextEncoding::Utf16CodeUnit);
        let mut copy = AutoCommit::load_with_options(&bytes, options).unwrap();
        copy.set_actor(actor.0.as_slice().into());
        Self { laptop: laptop.clone(), session, actor, copy, stream }
    }

    /// Types at the end of the body.
    pub(crate) fn typed(&mut self, text: &str) -> Vec<u8> {
        let (_, body) = self.copy.get(ROOT, "body").unwrap().unwrap();
        let end = self.copy.length(&body);
        self.copy.splice_text(&body, end, 0, text).unwrap();
        self.copy.get_last_local_change().unwrap().raw_bytes().to_vec()
    }

    pub(crate) async fn write(&mut self, texts: &[&str]) -> Result<(), NodeError> {
        let changes: Vec<_> = texts.iter().map(|text| self.typed(text)).collect();
        self.send(&changes).await
    }

    pub(crate) async fn send(&self, changes: &[Vec<u8>]) -> Result<(), NodeError> {
        self.laptop.note_write(self.session, encode_changes(changes)).await
    }

    /// Takes in the next news, which must follow from what is here and be new; why it ended, if it did.
    pub(crate) async fn hear(&mut self) -> Option<EndReason> {
        let news = tokio::time::timeout(PATIENCE, self.stream.recv()).await.unwrap();
        match news.expect("a session says that it ends") {
            NoteNews::Changes(payload) => {
                for bytes in decode_changes(&payload).unwrap() {
                    let change = Change::from_bytes(bytes.to_vec()).unwrap();
                    assert!(self.copy.get_change_by_hash(&change.hash()).is_none(), "told twice");
                    for dep in change.deps() {
                        assert!(self.copy.get_change_by_hash(dep).is_some(), "told before what it builds on");
                    }
                    self.copy.apply_changes([change]).unwrap();
                }
                None
            }
            NoteNews::Ended(why) => Some(why),
        }
    }

    /// Hears until the copy holds all of these texts.
    pub(crate) async fn until(&mut self, texts: &[&str]) {
        while !texts.iter().all(|text| self.text().contains(text)) {
            assert_eq!(self.hear().await, None);
        }
    }

    pub(crate) fn text(&self) -> String {
        let (_, body) = self.copy.get(ROOT, "body").unwrap().unwrap();
        self.copy.text(&body).unwrap()
    }

    pub(crate) fn title(&self) -> String {
        self.copy.get(ROOT, "title").unwrap().unwrap().0.as_str().unwrap().to_owned()
    }
}
