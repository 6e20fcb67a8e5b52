//! One circle on this laptop: its sync core, its documents in memory, and who waits for what to be durable.
//!
//! Documents are loaded when somebody looks at them and let go when too many are; lists are made from summaries, which
//! say how many entries they have seen and are made anew when there are more.

use crate::ambient::now;
use crate::error::NodeError;
use crate::index::Index;
use crate::loaded::Loaded;
use crate::view::CircleState;
use snug_circle::ContentKind;
use snug_crypto::{DevicePublic, DeviceSecret};
use snug_document::ZonedTime;
use snug_document::page::{CirclePage, MemberPage};
use snug_meet::Invitation;
use snug_store::{CircleRow, Secret, SummaryRow, Write};
use snug_sync::{CircleSync, SessionId, Ticket};
use snug_types::{
    CircleId, DecodeError, DeviceId, DocumentRef, InvitationId, MemberId, Reader, Title, UnixMillis, Writer,
    bound,
};
use std::collections::BTreeMap;

/// Somebody whose admission is on its way to the disk.
pub(crate) struct Admitting {
    pub(crate) invitation: InvitationId,
    pub(crate) device: DeviceId,
    /// How the invitation stood before, and stands again if the disk refuses.
    pub(crate) before: Invitation,
}

/// Told once a ticket's commit is durable or failed.
pub(crate) type Waiter = Box<dyn FnOnce(Result<(), NodeError>) + Send>;

/// What a list shows of a document, and how much of it that is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Summary {
    /// Entries that it was made from.
    pub(crate) entries: usize,
    pub(crate) title: String,
    pub(crate) changed: UnixMillis,
    pub(crate) away: bool,
    /// When a gathering is.
    pub(crate) at: Option<ZonedTime>,
    /// Where a gathering is.
    pub(crate) place: Option<Title>,
}

impl Summary {
    pub(crate) fn row(&self, (document, kind): DocumentKey) -> SummaryRow {
        let mut w = Writer::new();
        w.u64(self.entries as u64);
        w.text(&self.title);
        w.bool(self.away);
        w.text(&self.at.as_ref().map(ToString::to_string).unwrap_or_default());
        w.text(self.place.as_ref().map_or("", Title::as_str));
        SummaryRow { document, kind: kind.into(), at: self.changed, summary: w.finish() }
    }

    pub(crate) fn from_row(row: &SummaryRow) -> Result<Self, DecodeError> {
        let mut r = Reader::new(&row.summary);
        let entries = usize::try_from(r.u64()?).unwrap_or(usize::MAX);
        let title = r.text("title", bound::TITLE_CHARS * 4)?.to_owned();
        let away = r.bool()?;
        let at = ZonedTime::read(r.text("time", bound::TITLE_CHARS * 4)?);
        let place = Title::new(r.text("place", bound::TITLE_CHARS * 4)?).ok();
        r.end()?;
        // This laptop's own clock may have been ahead.
        Ok(Self { entries, title, changed: row.at.min(now()), away, at, place })
    }
}

/// One circle on this laptop.
pub(crate) struct Circle {
    pub(crate) id: CircleId,
    pub(crate) state: CircleState,
    pub(crate) me: DeviceSecret,
    pub(crate) sync: CircleSync,
    /// How this laptop's owner wants to be called here; written into the member page once admitted.
    pub(crate) name: String,
    /// The invitation that it was joined by, while that may still be asked after.
    pub(crate) joined_by: Option<InvitationId>,
    /// True once whoever asked to join heard that it worked.
    pub(crate) told: bool,
    /// When it came to this laptop.
    pub(crate) created: UnixMillis,
    /// The laptop that let this one in, until the membership log tells of it.
    pub(crate) inviter: Option<DevicePublic>,
    pub(crate) loaded: Loaded,
    pub(crate) summaries: BTreeMap<DocumentKey, Summary>,
    /// The circle's page and its members', each with the number of entries that it was made from.
    pub(crate) page: Option<(usize, CirclePage)>,
    pub(crate) pages: BTreeMap<MemberId, (usize, MemberPage)>,
    /// What those whom this laptop let in called themselves, until their own pages say it.
    pub(crate) guests: BTreeMap<MemberId, String>,
    /// Own edits whose commit is under way, by ticket.
    pub(crate) writing: BTreeMap<Ticket, DocumentKey>,
    pub(crate) waiting: BTreeMap<Ticket, Vec<Waiter>>,
    /// Writes of ours that go into the same transaction as a ticket's.
    pub(crate) along: BTreeMap<Ticket, Vec<Write>>,
    /// Whom a ticket admits, by which invitation.
    pub(crate) admitting: BTreeMap<Ticket, Admitting>,
    /// What is known of each document without opening it.
    pub(crate) index: Index,
    pub(crate) sessions: BTreeMap<SessionId, DeviceId>,
    pub(crate) split: Vec<DeviceId>,
    pub(crate) stopped: Option<String>,
    /// True once somebody holds the word that this laptop left.
    pub(crate) delivered: bool,
}

/// A document as one kind of thing. Whoever writes another kind of entry under a document's id makes another document of
/// it, and can't make the first one vanish.
pub(crate) type DocumentKey = (DocumentRef, ContentKind);

const INFO_VERSION: u8 = 1;

impl Circle {
    pub(crate) fn new(
        id: CircleId,
        state: CircleState,
        me: DeviceSecret,
        sync: CircleSync,
        name: String,
    ) -> Self {
        Self {
            id,
            state,
            me,
            sync,
            name,
            joined_by: None,
            told: false,
            inviter: None,
            created: UnixMillis(0),
            loaded: Loaded::default(),
            summaries: BTreeMap::new(),
            page: None,
            pages: BTreeMap::new(),
            guests: BTreeMap::new(),
            writing: BTreeMap::new(),
            waiting: BTreeMap::new(),
            along: BTreeMap::new(),
            admitting: BTreeMap::new(),
            index: Index::default(),
            sessions: BTreeMap::new(),
            split: Vec::new(),
            stopped: None,
            delivered: false,
        }
    }

    /// True if this laptop was a member and signed that it left.
    pub(crate) fn has_left(&self) -> bool {
        self.sync.membership().device(self.me.id()).is_some_and(|device| device.gone.is_some())
    }

    /// The row that keeps the circle.
    pub(crate) fn row(&self) -> CircleRow {
        let mut w = Writer::new();
        w.u8(INFO_VERSION);
        w.text(&self.name);
        w.option(self.joined_by.as_ref());
        w.bool(self.told);
        w.option(self.inviter.as_ref());
        let state = match self.state {
            CircleState::Joining => snug_store::CircleState::Joining,
            // One that can't be read isn't written either; if it were, it would stay what it was.
            CircleState::Member | CircleState::Damaged => snug_store::CircleState::Member,
            CircleState::Leaving => snug_store::CircleState::Left,
        };
        CircleRow {
            circle: self.id,
            secret: Secret::new(self.me.to_bytes().to_vec()),
            state,
            created: self.created,
            info: w.finish(),
        }
    }

    /// Reads what [`Circle::row`] wrote beside the core's rows.
    pub(crate) fn read_info(&mut self, info: &[u8]) -> Result<(), DecodeError> {
        let mut r = Reader::new(info);
        let version = r.u8()?;
        if version != INFO_VERSION {
            return Err(DecodeError::UnknownTag { what: "circle row", tag: version.into() });
        }
        r.text("name", bound::NAME_CHARS * 4)?.clone_into(&mut self.name);
        self.joined_by = r.option()?;
        self.told = r.bool()?;
        self.inviter = r.option()?;
        r.end()
    }

    /// The other laptops that this one wants to meet.
    pub(crate) fn peers(&self) -> Vec<DevicePublic> {
        let me = self.me.id();
        let mut peers: Vec<DevicePublic> = self
            .sync
            .membership()
            .current_devices()
            .map(|device| device.public)
            .filter(|public| public.id() != me)
            .collect();
        if peers.is_empty() && self.state == CircleState::Joining {
            peers.extend(self.inviter);
        }
        peers
    }

    /// This laptop's member, once admitted.
    pub(crate) fn member(&self) -> Option<MemberId> {
        self.sync.membership().member_of(self.me.id())
    }

    /// Tells somebody when a ticket is durable.
    pub(crate) fn wait(&mut self, ticket: Ticket, waiter: Waiter) {
        self.waiting.entry(ticket).or_default().push(waiter);
    }

    /// A ticket is durable.
    pub(crate) fn settle(&mut self, ticket: Ticket) {
        for waiter in self.waiting.remove(&ticket).unwrap_or_default() {
            waiter(Ok(()));
        }
    }

    /// Nothing that is under way will be durable.
    pub(crate) fn settle_all(&mut self, why: impl Fn() -> NodeError) {
        for waiter in std::mem::take(&mut self.waiting).into_values().flatten() {
            waiter(Err(why()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::DocumentId;

    #[test]
    fn a_summary_of_a_day_that_never_came_is_read_as_of_now() {
        let key = (DocumentRef::first(DocumentId([1; 16])), ContentKind::Note);
        let made = Summary {
            entries: 3,
            title: "Sunday".into(),
            changed: UnixMillis(u64::MAX),
            away: false,
            at: ZonedTime::read("2026-12-01T18:00[Europe/Budapest]"),
            place: Title::new("The canal").ok(),
        };
        assert!(made.at.is_some());
        let read = Summary::from_row(&made.row(key)).unwrap();
        assert!(read.changed <= now());
        assert_eq!(Summary { changed: made.changed, ..read }, made);
    }
}
