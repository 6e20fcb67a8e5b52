//! What goes to the page by itself: how the door stands, what happens, what others do to an open note, that it is about to
//! be locked or to end.
//!
//! A stream belongs to the page that asked for it. A page that begins, because the one before was loaded again or its
//! process was ended, finds none: those of the page before end here, and their notes are closed.

use crate::note;
use snug_api::door::Door;
use snug_api::{Desk, Event, Events};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tauri::async_runtime::{JoinHandle, spawn};
use tauri::ipc::Channel;
use tokio::sync::{Semaphore, oneshot};

/// Events that the page hasn't taken: enough for a page that is near. The others wait in the core, which tells a page that
/// falls behind how many it missed.
const UNTAKEN_EVENTS: usize = 64;

/// The streams of the page that is there.
#[derive(Default)]
pub(crate) struct Streams(Mutex<Running>);

#[derive(Default)]
struct Running {
    /// How many pages were there before.
    page: u64,
    door: Option<JoinHandle<()>>,
    events: Option<EventStream>,
    notes: BTreeMap<u64, OpenStream>,
    end: Option<Channel<()>>,
    /// Whoever waits for the page to have written what waits, in the order in which it was told.
    settling: VecDeque<oneshot::Sender<()>>,
}

/// The stream of what happens.
struct EventStream {
    /// Places for events that the page hasn't taken yet.
    room: Arc<Semaphore>,
    stream: JoinHandle<()>,
}

/// The stream of an open note.
struct OpenStream {
    desk: Desk,
    /// Places for changes that the page hasn't taken yet.
    room: Arc<Semaphore>,
    stream: JoinHandle<()>,
}

impl Streams {
    /// Tells how the door stands, now and whenever that changes.
    pub(crate) fn door(&self, door: &Door, to: Channel<snug_api::DoorState>) {
        let mut state = door.watch();
        let stream = async move {
            loop {
                let now = state.borrow_and_update().clone();
                if to.send(now).is_err() || state.changed().await.is_err() {
                    return;
                }
            }
        };
        if let Some(before) = self.running().door.replace(spawn(stream)) {
            before.abort();
        }
    }

    /// Tells what happens from now on.
    pub(crate) fn events(&self, follow: impl FnOnce() -> Events + Send + 'static, to: Channel<Event>) {
        let room = Arc::new(Semaphore::new(UNTAKEN_EVENTS));
        let stream = spawn(tell(follow, Arc::clone(&room), to));
        if let Some(before) = self.running().events.replace(EventStream { room, stream }) {
            before.stream.abort();
        }
    }

    /// The page has taken one event.
    pub(crate) fn event_taken(&self) {
        if let Some(events) = &self.running().events {
            make_room(&events.room, UNTAKEN_EVENTS);
        }
    }

    /// Tells of each lock and of the end, when they come.
    pub(crate) fn end(&self, to: Channel<()>) {
        self.running().end = Some(to);
    }

    /// Lets the page write what waits before the end, of the program or of what is open; for no longer than this.
    pub(crate) async fn settle(&self, bound: Duration) {
        if let Some(settled) = self.tell_end() {
            // Stuck, or gone meanwhile: there is nothing more to wait for.
            let _ = tokio::time::timeout(bound, settled).await;
        }
    }

    /// Tells that this is the end, of the program or of what is open. What is given here is answered when the page has written
    /// what waits, and broken off if the page goes; where no page listens, there is nothing to wait for.
    fn tell_end(&self) -> Option<oneshot::Receiver<()>> {
        let (settling, settled) = oneshot::channel();
        let to = {
            let mut running = self.running();
            let to = running.end.clone()?;
            running.settling.push_back(settling);
            to
        };
        to.send(()).ok()?;
        Some(settled)
    }

    /// The page has written what waited.
    pub(crate) fn settled(&self) {
        let mut running = self.running();
        while let Some(settling) = running.settling.pop_front() {
            // Whoever waited may have waited long enough; then it is the next one's.
            if settling.send(()).is_ok() {
                return;
            }
        }
    }

    /// The number of the page that is there.
    pub(crate) fn page(&self) -> u64 {
        self.running().page
    }

    /// Begins the stream of a note that was opened for this page. It ends itself by [`end_note`](Self::end_note), and finds
    /// itself counted in. Where the page is gone the note is closed again, and the answer is false.
    pub(crate) fn note(
        &self,
        page: u64,
        session: u64,
        desk: Desk,
        room: Arc<Semaphore>,
        stream: impl Future<Output = ()> + Send + 'static,
    ) -> bool {
        let mut running = self.running();
        if running.page != page {
            spawn(async move { note::close(&desk, session).await });
            return false;
        }
        running.notes.insert(session, OpenStream { desk, room, stream: spawn(stream) });
        true
    }

    /// The page has taken one message of changes.
    pub(crate) fn taken(&self, session: u64) {
        if let Some(open) = self.running().notes.get(&session) {
            make_room(&open.room, note::UNTAKEN);
        }
    }

    /// Ends the stream of a note; gives whom to tell, if it was open.
    pub(crate) fn end_note(&self, session: u64) -> Option<Desk> {
        let open = self.running().notes.remove(&session)?;
        open.stream.abort();
        Some(open.desk)
    }

    /// The desk of an open note.
    pub(crate) fn desk_of(&self, session: u64) -> Option<Desk> {
        self.running().notes.get(&session).map(|open| open.desk.clone())
    }

    /// Ends the streams of the page before.
    pub(crate) fn begin_page(&self) {
        let before = {
            let mut running = self.running();
            let page = running.page + 1;
            std::mem::replace(&mut *running, Running { page, ..Running::default() })
        };
        for stream in [before.door, before.events.map(|events| events.stream)].into_iter().flatten() {
            stream.abort();
        }
        for (session, open) in before.notes {
            open.stream.abort();
            spawn(async move { note::close(&open.desk, session).await });
        }
    }

    fn running(&self) -> MutexGuard<'_, Running> {
        // Nothing that is done under the lock leaves it half done.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Sends what happens as long as there is room for it: what is sent waits in the web view, where nothing is bounded.
async fn tell(follow: impl FnOnce() -> Events + Send, room: Arc<Semaphore>, to: Channel<Event>) {
    let mut events = follow();
    while let Ok(place) = room.acquire().await
        && let Some(event) = events.recv().await
    {
        place.forget();
        if to.send(event).is_err() {
            return;
        }
    }
}

/// Under the lock, so that a page which says too often that it took something makes no more room than there was.
fn make_room(room: &Semaphore, whole: usize) {
    if room.available_permits() < whole {
        room.add_permits(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::tests::opened;
    use snug_api::Service;
    use snug_api::command::{CircleFound, NoteNew};
    use snug_api::view::Kind;
    use std::pin::pin;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Waker};
    use tokio::sync::mpsc;

    #[tokio::test]
    async fn a_note_that_was_opened_for_a_page_that_is_gone_is_closed() {
        let (shell, _folder) = opened().await;
        let (circle, note) = ("Five who read".to_owned(), "Bread".to_owned());
        let found = CircleFound { name: circle.clone(), kind: Kind::Interest };
        shell.door.handle(found.into()).await.unwrap();
        let new = NoteNew { circle: circle.clone(), title: note.clone(), markdown: String::new() };
        shell.door.handle(new.into()).await.unwrap();
        let desk = shell.door.desk().unwrap();

        let page = shell.streams.page();
        let mut open = desk.note_open(&circle, &note).await.unwrap();
        shell.streams.begin_page();
        let room = Arc::new(Semaphore::new(1));
        assert!(!shell.streams.note(page, open.session, desk.clone(), room.clone(), async {}));
        assert!(shell.streams.desk_of(open.session).is_none());
        // It ends with the session.
        while open.stream.recv().await.is_some() {}

        let open = desk.note_open(&circle, &note).await.unwrap();
        let page = shell.streams.page();
        assert!(shell.streams.note(page, open.session, desk, room, std::future::pending()));
        assert!(shell.streams.desk_of(open.session).is_some());
    }

    #[test]
    fn a_page_that_takes_nothing_is_sent_so_many_events_and_no_more() {
        let (happens, events) = mpsc::channel(2 * UNTAKEN_EVENTS);
        for _ in 0..2 * UNTAKEN_EVENTS {
            happens.try_send(Event::Missed { count: 1 }).unwrap();
        }
        let sent = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&sent);
        let to = Channel::new(move |_| {
            counted.fetch_add(1, Ordering::Relaxed);
            Ok(())
        });
        let room = Arc::new(Semaphore::new(UNTAKEN_EVENTS));
        make_room(&room, UNTAKEN_EVENTS);
        let mut stream = pin!(tell(|| events, Arc::clone(&room), to));
        let mut waits = || stream.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending();
        assert!(waits());
        assert_eq!(sent.load(Ordering::Relaxed), UNTAKEN_EVENTS);
        make_room(&room, UNTAKEN_EVENTS);
        assert!(waits());
        assert_eq!(sent.load(Ordering::Relaxed), UNTAKEN_EVENTS + 1);
    }
}
