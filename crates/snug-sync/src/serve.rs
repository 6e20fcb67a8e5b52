//! Answering for entries: stretches of durable logs, read in small batches, sent as they come, up to the asker's credit.

use crate::bound::{BATCH_BYTES, CREDIT, FRAME_ENTRIES, LOAD_BYTES};
use crate::circle_sync::CircleSync;
use crate::frame::{Frame, Range};
use crate::output::{Output, ReadId, SessionId};
use crate::session::{PeerSession, Serving, Stretch};
use snug_circle::{EntryHeader, Envelope, entry_hash};
use snug_types::{EntryHash, Seq, UnixMillis, from_bytes};
use std::collections::{BTreeMap, VecDeque};

impl CircleSync {
    /// A peer asks for entries. A new question takes the place of one that is still being answered, when it is its
    /// turn.
    pub(crate) fn take_want(&mut self, session: SessionId, ranges: &[Range], credit: u32) {
        if !self.is_member() {
            return;
        }
        let mut stretches: BTreeMap<_, (Seq, Seq)> = BTreeMap::new();
        for Range { tip, have } in ranges {
            let chain = self.journal.chain(tip.device);
            let Some(from) = chain.and_then(|c| c.first_missing((tip.seq, tip.hash), have)) else { continue };
            if from <= tip.seq {
                let stretch = stretches.entry(tip.device).or_insert((from, tip.seq));
                *stretch = (stretch.0.min(from), stretch.1.max(tip.seq));
            }
        }
        let left: VecDeque<_> = stretches
            .iter()
            .map(|(device, (from, to))| Stretch { device: *device, from: *from, to: *to })
            .collect();
        let asked = ranges.iter().map(|range| range.tip.device);
        let wrote: Vec<_> = asked.filter(|device| self.journal.chain(*device).is_some()).collect();
        self.session_mut(session, |peer| {
            // Nobody was told of others.
            peer.pushed.extend(wrote);
            let reading = peer.serving.as_ref().and_then(|serving| serving.reading);
            let credit = u64::from(credit.min(CREDIT));
            peer.serving = Some(Serving { left, begun: false, credit, reading });
        });
        self.serve(session);
    }

    /// Tells whether frames that were given out for a session still wait for the network. While they do, nothing is read
    /// for it: a peer that asks and doesn't read costs no more than what is under way to it already.
    pub fn session_busy(&mut self, session: SessionId, busy: bool) {
        self.session_mut(session, |peer| peer.busy = busy);
        self.serve(session);
    }

    /// Reads on, or says that the answer ends here.
    pub(crate) fn serve(&mut self, session: SessionId) {
        let now = self.now;
        let Some(peer) = self.sessions.get_mut(&session) else { return };
        let Some(serving) = peer.serving.as_mut().filter(|s| !peer.busy && s.reading.is_none()) else {
            return;
        };
        if !serving.begun && !peer.questions.take(now) {
            return;
        }
        serving.begun = true;
        let next = serving.left.front().copied().filter(|_| serving.credit > 0);
        let bytes = usize::try_from(serving.credit).unwrap_or(LOAD_BYTES).min(LOAD_BYTES);
        let Some(Stretch { device, from, to }) = next else {
            self.session_mut(session, |peer| peer.serving = None);
            return self.send(session, &Frame::Answer { envelopes: Vec::new(), end: true });
        };
        let id = self.next_read();
        self.session_mut(session, |peer| {
            if let Some(serving) = &mut peer.serving {
                serving.reading = Some((id, Stretch { device, from, to }));
            }
        });
        self.out(Output::Load { id, device, from, to, bytes });
    }

    /// The store read what [`Output::Load`] asked for: nothing, if it can't.
    pub fn loaded(&mut self, now: UnixMillis, id: ReadId, envelopes: Vec<Vec<u8>>) {
        self.see(now);
        let reads = |peer: &PeerSession| peer.serving.as_ref()?.reading.filter(|(reading, _)| *reading == id);
        let found = self.sessions.iter().find_map(|(session, peer)| Some((*session, reads(peer)?.1)));
        let Some((session, read)) = found else { return };
        let last = envelopes.last().and_then(|bytes| from_bytes::<Envelope>(bytes).ok());
        let bytes: usize = envelopes.iter().map(Vec::len).sum();
        self.session_mut(session, |peer| {
            let Some(serving) = &mut peer.serving else { return };
            serving.reading = None;
            serving.credit = serving.credit.saturating_sub(bytes as u64);
            // A question that came meanwhile may have asked for something else.
            let Some(stretch) = serving.left.front_mut().filter(|stretch| **stretch == read) else { return };
            match last.and_then(|last| last.seq.next()) {
                Some(next) if next <= stretch.to => stretch.from = stretch.from.max(next),
                _ => drop(serving.left.pop_front()),
            }
        });
        for envelopes in batches(self.without_strays(read, envelopes)) {
            self.send(session, &Frame::Answer { envelopes, end: false });
        }
        self.serve(session);
    }
}

impl CircleSync {
    /// What a failed commit cut off from its log goes to nobody.
    fn without_strays(&self, read: Stretch, mut envelopes: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
        let Stretch { device, from, to } = read;
        let range = (device, from, EntryHash([0; 32]))..=(device, to, EntryHash([255; 32]));
        let strays: Vec<_> = self.own.strays.range(range).collect();
        if !strays.is_empty() {
            let stray = |header: &EntryHeader| {
                strays.iter().any(|(_, seq, hash)| *seq == header.seq && *hash == entry_hash(header))
            };
            envelopes.retain(|bytes| !self.open(bytes).is_ok_and(|entry| stray(&entry.header)));
        }
        envelopes
    }
}

/// Envelopes in frames of a moderate size.
fn batches(envelopes: Vec<Vec<u8>>) -> Vec<Vec<Vec<u8>>> {
    let mut batches: Vec<Vec<Vec<u8>>> = Vec::new();
    let mut bytes = 0;
    for envelope in envelopes {
        let fits = bytes + envelope.len() <= BATCH_BYTES;
        match batches.last_mut() {
            Some(batch) if fits && batch.len() < FRAME_ENTRIES => {
                bytes += envelope.len();
                batch.push(envelope);
            }
            _ => {
                bytes = envelope.len();
                batches.push(vec![envelope]);
            }
        }
    }
    batches
}
