//! Notes open in windows. A window holds a copy of the note and edits it under an actor of its own; the owner keeps both equal.
//!
//! ```text
//! window writes ─▶ fits whole? ─▶ the document ─▶ the core ─▶ answered when durable
//!                     └─ no: the session ends                └─▶ the note's other windows
//! this core edits, somebody else's entry ─▶ the document ─▶ every window of the note
//! ```
//!
//! A window lives beside its document in memory and goes with it: where the document is forgotten, because a commit failed,
//! what counts has changed or the circle is left, the session ends, and the window opens the note anew.
//!
//! **Assumption:** a window is told everything of its document once, in an order in which each change follows what it
//! builds on. If it were violated, its own changes would build on what it doesn't hold, and be refused.

use crate::content::INCARNATION;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::loaded::Held;
use crate::news::{EndReason, NoteStream, Teller};
use crate::owner::Owner;
use crate::view::Event;
use snug_circle::{ContentKind, actor_id};
use snug_document::{Edit, LiveDocument, decode_changes, payloads_of};
use snug_types::{ActorId, CircleId, DeviceId, DocumentId};

/// Windows that show one note at once. Each has an actor, which the note names from then on.
pub(crate) const WINDOWS_OF_A_NOTE: usize = 16;
/// Notes that are open at once, over all windows: their documents stay in memory.
pub(crate) const WINDOWS: usize = 64;

/// A note that was opened in a window.
#[derive(Debug)]
pub struct OpenNote {
    /// By which its window writes and closes it.
    pub session: u64,
    /// The actor of what the window writes, of this session alone.
    pub actor: ActorId,
    /// The note as Automerge saves it; no bytes if its beginning hasn't arrived.
    pub bytes: Vec<u8>,
    /// What others do from then on.
    pub stream: NoteStream,
}

/// A window that shows a note.
pub(crate) struct Window {
    pub(crate) session: u64,
    replica: u8,
    actor: ActorId,
    news: Teller,
    ends: EndReason,
}

impl Drop for Window {
    fn drop(&mut self) {
        self.news.end(self.ends);
    }
}

/// The windows of one document.
#[derive(Default)]
pub(crate) struct Windows(Vec<Window>);

impl Windows {
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// True if this session is one of them.
    pub(crate) fn has(&self, session: u64) -> bool {
        self.0.iter().any(|window| window.session == session)
    }

    /// Tells them what the document took, all but the one that wrote it.
    pub(crate) fn tell(&mut self, changes: &[Vec<u8>], by: u8) {
        if self.0.iter().all(|window| window.replica == by) {
            return;
        }
        for payload in payloads_of(changes) {
            for window in self.0.iter_mut().filter(|window| window.replica != by) {
                if !window.news.tell(&payload) {
                    window.ends = EndReason::Lagged;
                }
            }
            self.0.retain(|window| window.ends != EndReason::Lagged);
        }
    }

    /// An entry says that a window's actor wrote elsewhere: its next number isn't free any more.
    pub(crate) fn end_actor(&mut self, actor: ActorId) {
        self.0.retain(|window| window.actor != actor);
    }

    /// Ends one of them.
    pub(crate) fn end(&mut self, session: u64, why: EndReason) {
        for window in self.0.iter_mut().filter(|window| window.session == session) {
            window.ends = why;
        }
        self.0.retain(|window| window.session != session);
    }

    /// Ends those that nobody listens at any more.
    fn end_deaf(&mut self) {
        self.0.retain(|window| !window.news.is_deaf());
    }

    pub(crate) fn open(
        &mut self,
        session: u64,
        me: DeviceId,
        document: &LiveDocument,
    ) -> Result<OpenNote, NodeError> {
        self.end_deaf();
        let free = |replica: &u8| {
            self.0.iter().all(|window| window.replica != *replica)
                && document.may_write(actor_id(me, INCARNATION, *replica))
        };
        let replica = (1..=u8::MAX).find(free).filter(|_| self.len() < WINDOWS_OF_A_NOTE);
        let replica =
            replica.ok_or(NodeError::TooMany { what: "windows with this note", bound: WINDOWS_OF_A_NOTE })?;
        let bytes = document.bytes().map_err(|error| NodeError::Internal(error.to_string()))?;
        let (news, stream) = Teller::new();
        let actor = actor_id(me, INCARNATION, replica);
        self.0.push(Window { session, replica, actor, news, ends: EndReason::Closed });
        Ok(OpenNote { session, actor, bytes, stream })
    }
}

impl Held {
    /// Takes what a window wrote, under the replica's number that is the window's.
    fn write(&mut self, session: u64, payload: &[u8]) -> Result<(u8, Edit), String> {
        let window = self.windows.0.iter().find(|window| window.session == session).ok_or("it is closed")?;
        let changes = decode_changes(payload).map_err(|error| error.to_string())?;
        let edit = self.document.write(&changes, window.actor).map_err(|error| error.to_string())?;
        Ok((window.replica, edit))
    }
}

impl Owner {
    pub(crate) async fn note_open(&mut self, id: CircleId, note: DocumentId) -> Answered<OpenNote> {
        self.member(id)?;
        let of = self.find(id, ContentKind::Note, note).ok_or(NodeError::NotFound("note"))?;
        for circle in self.circles.values_mut() {
            circle.loaded.windows_mut().for_each(Windows::end_deaf);
        }
        let open: usize =
            self.circles.values_mut().flat_map(|c| c.loaded.windows_mut()).map(|w| w.len()).sum();
        if open >= WINDOWS {
            return Err(NodeError::TooMany { what: "open notes", bound: WINDOWS });
        }
        self.document(id, of).await?;
        let session = self.next_window;
        let circle = self.member(id)?;
        let me = circle.me.id();
        let held = circle.loaded.held(of).ok_or(NodeError::NotFound("note"))?;
        let open = held.windows.open(session, me, &held.document)?;
        self.next_window += 1;
        Ok(Done::now(open))
    }

    /// What a window wrote, as one entry; done when that is durable. What can't be taken ends the session.
    pub(crate) async fn note_write(&mut self, session: u64, payload: &[u8]) -> Answered<()> {
        let found = self.circles.iter().find_map(|(id, c)| Some((*id, c.loaded.of_window(session)?)));
        let (id, of) = found.ok_or(NodeError::NotFound("open note"))?;
        let circle = self.member(id)?;
        let held = circle.loaded.held(of).ok_or(NodeError::NotFound("open note"))?;
        let (replica, edit) = match held.write(session, payload) {
            Ok(written) => written,
            Err(why) => {
                held.windows.end(session, EndReason::Refused);
                return Err(NodeError::Internal(format!("what the window wrote can't be taken: {why}")));
            }
        };
        let ticket = circle.hand_in(of, replica, &edit)?;
        self.pump(id).await;
        self.tell(Event::Changed { circle: id, document: of.0.document });
        Ok(Done::when((), id, ticket))
    }

    pub(crate) fn note_close(&mut self, session: u64) {
        for windows in self.circles.values_mut().flat_map(|c| c.loaded.windows_mut()) {
            windows.end(session, EndReason::Closed);
        }
    }
}
