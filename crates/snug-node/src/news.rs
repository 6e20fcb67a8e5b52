//! What an open note's window is told, on its way there: so many pieces and so many bytes, and then its end.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::mpsc;
use tokio::sync::mpsc::error::TryRecvError;

/// News that wait for a slow window before it has to open its note anew.
const NEWS: usize = 256;
/// Their bytes, beside one piece of any size: more than anybody types while a page thinks.
const NEWS_BYTES: usize = 4 << 20;

/// What a window hears of its note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoteNews {
    /// Changes that others made, as [`decode_changes`](snug_document::decode_changes) reads them.
    Changes(Vec<u8>),
    /// There is no more: the note can be opened anew.
    Ended(EndReason),
}

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EndReason {
    /// The window didn't keep up with what others wrote.
    Lagged,
    /// The window wrote what can't be taken.
    Refused,
    /// The note was closed, or what is in memory isn't what counts any more.
    Closed,
}

/// News in their order; the last is an [`End`](NoteNews::Ended).
#[derive(Debug)]
pub struct NoteStream {
    news: mpsc::Receiver<NoteNews>,
    waiting: Arc<AtomicUsize>,
}

impl NoteStream {
    /// The next, when it is there; none after the end.
    pub async fn recv(&mut self) -> Option<NoteNews> {
        let news = self.news.recv().await?;
        self.taken(&news);
        Some(news)
    }

    /// The next, if it is there.
    ///
    /// # Errors
    /// [`TryRecvError::Empty`] if it isn't, [`TryRecvError::Disconnected`] after the end.
    pub fn try_recv(&mut self) -> Result<NoteNews, TryRecvError> {
        let news = self.news.try_recv()?;
        self.taken(&news);
        Ok(news)
    }

    fn taken(&self, news: &NoteNews) {
        if let NoteNews::Changes(payload) = news {
            self.waiting.fetch_sub(payload.len(), Ordering::Relaxed);
        }
    }
}

/// The owner's end.
pub(crate) struct Teller {
    /// One place more than there may be news, for the end.
    news: mpsc::Sender<NoteNews>,
    waiting: Arc<AtomicUsize>,
}

impl Teller {
    pub(crate) fn new() -> (Self, NoteStream) {
        let (news, stream) = mpsc::channel(NEWS + 1);
        let waiting = Arc::<AtomicUsize>::default();
        (Self { news, waiting: Arc::clone(&waiting) }, NoteStream { news: stream, waiting })
    }

    /// False if too much waits already.
    pub(crate) fn tell(&self, payload: &[u8]) -> bool {
        let waiting = self.waiting.load(Ordering::Relaxed);
        if self.news.capacity() <= 1 || (waiting > 0 && waiting + payload.len() > NEWS_BYTES) {
            return false;
        }
        self.waiting.fetch_add(payload.len(), Ordering::Relaxed);
        let told = self.news.try_send(NoteNews::Changes(payload.to_owned()));
        // Nobody listens any more: that isn't to be slow.
        told.is_ok() || self.is_deaf()
    }

    pub(crate) fn end(&self, why: EndReason) {
        let _ = self.news.try_send(NoteNews::Ended(why));
    }

    /// True if nobody listens any more.
    pub(crate) fn is_deaf(&self) -> bool {
        self.news.is_closed()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_bounded_and_the_end_always_fits() {
        let (teller, mut stream) = Teller::new();
        assert_eq!((0..1000).take_while(|_| teller.tell(b"a")).count(), NEWS);
        teller.end(EndReason::Lagged);
        drop(teller);
        for _ in 0..NEWS {
            assert!(matches!(stream.try_recv(), Ok(NoteNews::Changes(_))));
        }
        assert_eq!(stream.try_recv(), Ok(NoteNews::Ended(EndReason::Lagged)));
        assert_eq!(stream.try_recv(), Err(TryRecvError::Disconnected));
    }

    #[test]
    fn bytes_are_bounded_but_for_one_piece() {
        let (teller, mut stream) = Teller::new();
        let large = vec![0; NEWS_BYTES + 1];
        assert!(teller.tell(&large), "whatever can be an entry can be told");
        assert!(!teller.tell(b"a"));
        stream.try_recv().unwrap();
        let half = vec![0; NEWS_BYTES / 2];
        assert!(teller.tell(&half) && teller.tell(&half) && !teller.tell(b"a"));
        stream.try_recv().unwrap();
        assert!(teller.tell(b"a"));
    }
}
