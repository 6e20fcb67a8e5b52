//! Invitations that this laptop made and answers: making one, taking it back, letting somebody in.
//!
//! What an invitation says to whoever asks is decided by [`snug_meet::Invitation`]; here its every change is durable before
//! anything is answered, and the admission goes into one transaction with the invitation's being used.

use crate::ambient::{OsEntropy, now};
use crate::circle::Admitting;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::online::{Answering, Connection, Stage};
use crate::owner::{Owner, Todo};
use crate::view::{Asking, Event, InvitationState, InvitationView};
use snug_meet::{
    Answerer, AnswererStep, Channel, Decision, Invitation, InvitationError, InvitationSecret, Refusal,
    Request, Verdict,
};
use snug_net::ConnId;
use snug_store::{InvitationRow, Secret, Write};
use snug_types::{CircleId, DecodeError, DeviceId, InvitationId, Reader, UnixMillis, Writer, to_bytes};
use std::collections::BTreeSet;
use std::time::Duration;

/// The shortest and longest that an invitation holds.
const HOLDS: std::ops::RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(90 * 24);
/// Invitations of one circle that may be open at once.
const OPEN: usize = 64;
/// How long a used, withdrawn or expired invitation still tells whoever asks that it is.
const TELLS_MILLIS: u64 = 30 * 24 * 60 * 60 * 1000;
/// Connections at once about one invitation: more than the devices that may wait for it, and few for a flood.
const GUESTS: usize = 24;
const VERSION: u8 = 1;

/// An invitation of this laptop.
pub(crate) struct Invited {
    pub(crate) circle: CircleId,
    pub(crate) secret: InvitationSecret,
    pub(crate) standing: Invitation,
    pub(crate) confirm: bool,
}

impl Invited {
    /// True while whoever asks by it is answered at all.
    pub(crate) fn answers(&self, at: UnixMillis) -> bool {
        at < self.standing.expires().plus(TELLS_MILLIS)
    }

    fn state(&self, at: UnixMillis) -> InvitationState {
        if self.standing.taken_by().is_some() {
            InvitationState::Used
        } else if self.standing.withdrawn() {
            InvitationState::Withdrawn
        } else if at > self.standing.expires() {
            InvitationState::Expired
        } else {
            InvitationState::Open
        }
    }

    fn row(&self, id: InvitationId) -> InvitationRow {
        let mut w = Writer::new();
        w.u8(VERSION);
        w.raw(self.secret.to_bytes().as_slice());
        w.bool(self.confirm);
        w.bytes(&to_bytes(&self.standing));
        InvitationRow { invitation: id, circle: self.circle, bytes: Secret::new(w.finish()) }
    }

    pub(crate) fn from_row(row: &InvitationRow) -> Result<Self, NodeError> {
        let read = || -> Result<Self, DecodeError> {
            let mut r = Reader::new(&row.bytes);
            let version = r.u8()?;
            if version != VERSION {
                return Err(DecodeError::UnknownTag { what: "invitation row", tag: version.into() });
            }
            let secret = InvitationSecret::from_bytes(r.raw(InvitationSecret::BYTES)?)
                .map_err(|_| DecodeError::NotCanonical("an invitation's secret"))?;
            let confirm = r.bool()?;
            let standing = snug_types::from_bytes(r.bytes("standing", 1 << 20)?)?;
            r.end()?;
            Ok(Self { circle: row.circle, secret, standing, confirm })
        };
        read().map_err(|e| NodeError::Damaged(format!("an invitation can't be read ({e})")))
    }
}

impl Owner {
    pub(crate) async fn invite(
        &mut self,
        circle: CircleId,
        expires: Duration,
        confirm: bool,
    ) -> Answered<(InvitationId, String)> {
        self.member(circle)?;
        if !HOLDS.contains(&expires) {
            return Err(NodeError::Expiry);
        }
        let at = now();
        let open =
            self.invitations.values().filter(|i| i.circle == circle && i.state(at) == InvitationState::Open);
        if open.count() >= OPEN {
            return Err(NodeError::TooMany { what: "open invitations in this circle", bound: OPEN });
        }
        let secret = InvitationSecret::generate(&mut OsEntropy);
        let id = secret.link().id();
        let link = secret.link().to_string();
        let ends = at.plus(u64::try_from(expires.as_millis()).unwrap_or(u64::MAX));
        let invited = Invited { circle, secret, standing: Invitation::new(ends, confirm), confirm };
        self.store.commit(vec![Write::PutInvitation(invited.row(id))]).await?;
        self.invitations.insert(id, invited);
        self.rekey();
        self.tell(Event::Invitations { circle });
        Ok(Done::now((id, link)))
    }

    /// Laptops that wait for this one's answer, each counted once whatever links it has.
    pub(crate) fn asking(&self, circle: CircleId) -> usize {
        let at = now();
        let open = |i: &&Invited| i.circle == circle && i.confirm && i.state(at) == InvitationState::Open;
        let asking = self.invitations.values().filter(open).flat_map(|invited| invited.standing.waiting());
        asking.map(Request::device).collect::<BTreeSet<_>>().len()
    }

    pub(crate) fn invitations(&mut self, circle: CircleId) -> Answered<Vec<InvitationView>> {
        self.member(circle)?;
        let at = now();
        let mut views: Vec<InvitationView> = self
            .invitations
            .iter()
            .filter(|(_, invited)| invited.circle == circle)
            .map(|(id, invited)| InvitationView {
                id: *id,
                state: invited.state(at),
                expires: invited.standing.expires(),
                confirm: invited.confirm,
                asking: invited
                    .standing
                    .waiting()
                    .map(|r| Asking { device: r.device(), name: r.name.to_string() })
                    .collect(),
            })
            .collect();
        views.sort_by_key(|view| (view.expires, view.id));
        Ok(Done::now(views))
    }

    pub(crate) async fn withdraw(&mut self, circle: CircleId, id: InvitationId) -> Answered<()> {
        self.member(circle)?;
        let invited = self
            .invitations
            .get_mut(&id)
            .filter(|i| i.circle == circle)
            .ok_or(NodeError::NotFound("invitation"))?;
        let before = invited.standing.clone();
        if invited.standing.withdrawn() {
            return Ok(Done::now(()));
        }
        invited.standing.withdraw().map_err(|e| NodeError::InvitationEnded(ended(e)))?;
        let row = invited.row(id);
        if let Err(error) = self.store.commit(vec![Write::PutInvitation(row)]).await {
            self.put_back(id, before);
            return Err(error.into());
        }
        self.tell_waiting(id);
        self.tell(Event::Invitations { circle });
        Ok(Done::now(()))
    }

    pub(crate) async fn confirm(&mut self, circle: CircleId, device: DeviceId) -> Answered<()> {
        self.member(circle)?;
        let found = self
            .invitations
            .iter()
            .find(|(_, i)| i.circle == circle && i.standing.waiting().any(|r| r.device() == device))
            .map(|(id, _)| *id);
        let id = found.ok_or(NodeError::NotFound("person who asks to join"))?;
        let invited = self.invitations.get_mut(&id).ok_or(NodeError::NotFound("invitation"))?;
        let before = invited.standing.clone();
        let request = invited.standing.confirm(device).map_err(|e| NodeError::InvitationEnded(ended(e)))?;
        let row = invited.row(id);
        if let Err(error) = self.store.commit(vec![Write::PutInvitation(row)]).await {
            self.put_back(id, before);
            return Err(error.into());
        }
        let ticket = self.admit(id, &request).await?;
        Ok(ticket.map_or(Done::now(()), |ticket| Done::when((), circle, ticket)))
    }

    /// Says no to a laptop that asks, by whichever invitations.
    pub(crate) async fn decline(&mut self, circle: CircleId, device: DeviceId) -> Answered<()> {
        self.member(circle)?;
        let (mut before, mut rows) = (Vec::new(), Vec::new());
        for (id, invited) in self.invitations.iter_mut().filter(|(_, i)| i.circle == circle) {
            if !invited.standing.waiting().any(|request| request.device() == device) {
                continue;
            }
            before.push((*id, invited.standing.clone()));
            invited.standing.decline(device).map_err(|e| NodeError::InvitationEnded(ended(e)))?;
            rows.push(Write::PutInvitation(invited.row(*id)));
        }
        if before.is_empty() {
            return Err(NodeError::NotFound("person who asks to join"));
        }
        if let Err(error) = self.store.commit(rows).await {
            for (id, standing) in before {
                self.put_back(id, standing);
            }
            return Err(error.into());
        }
        for (id, _) in before {
            self.refuse_guests(id, Refusal::Declined, |asks| asks == device);
        }
        self.tell(Event::Invitations { circle });
        Ok(Done::now(()))
    }

    /// Signs the admission of whom the invitation belongs to; none if the membership has them already.
    async fn admit(
        &mut self,
        id: InvitationId,
        request: &Request,
    ) -> Result<Option<snug_sync::Ticket>, NodeError> {
        let Some(invited) = self.invitations.get_mut(&id) else { return Ok(None) };
        let Some(circle) = self.circles.get_mut(&invited.circle) else { return Ok(None) };
        let of = invited.circle;
        let device = request.device();
        let ticket = if circle.sync.membership().device(device).is_some() {
            None
        } else {
            Some(circle.sync.admit(now(), request.admission).map_err(crate::owner::local_error)?)
        };
        let before = invited.standing.clone();
        circle.guests.insert(request.admission.member, request.name.to_string());
        invited.standing.admitted(device).map_err(|e| NodeError::InvitationEnded(ended(e)))?;
        let row = Write::PutInvitation(invited.row(id));
        if let Some(ticket) = ticket {
            circle.along.entry(ticket).or_default().push(row);
            // Whoever waits at an open connection hears of it when it is durable.
            circle.admitting.insert(ticket, Admitting { invitation: id, device, before });
            self.pump(of).await;
        } else {
            self.store.commit(vec![row]).await?;
            self.todo.push_back(Todo::Welcome(id, device));
        }
        self.tell(Event::Invitations { circle: of });
        Ok(ticket)
    }

    pub(crate) fn begin_answering(&mut self, conn: ConnId, id: InvitationId, channel: Channel) {
        let Some(meeting) = &mut self.meeting else { return };
        let circle = self.invitations.get(&id).and_then(|i| self.circles.get(&i.circle));
        let Some(circle) = circle else {
            meeting.net.close(conn);
            return;
        };
        let others = |c: &&Connection| matches!(&c.stage, Stage::Answering(a) if a.invitation == id);
        if meeting.connections.values().filter(others).count() >= GUESTS {
            meeting.net.close(conn);
            return;
        }
        let answerer = Answerer::new(channel, id, circle.id, circle.me.public());
        let circle = circle.id;
        self.stage(conn, Stage::Answering(Answering { circle, invitation: id, device: None, answerer }));
    }

    pub(crate) async fn answering_frame(&mut self, conn: ConnId, mut answering: Answering, bytes: &[u8]) {
        let id = answering.invitation;
        let Some(meeting) = &mut self.meeting else { return };
        let Some(invited) = self.invitations.get_mut(&id) else {
            meeting.net.close(conn);
            return;
        };
        let step = match answering.answerer.frame(&mut OsEntropy, &invited.secret, bytes) {
            Ok(step) => step,
            Err(error) => {
                tracing::info!(%error, "a joining conversation ended");
                meeting.net.close(conn);
                return;
            }
        };
        let request = match step {
            AnswererStep::Send(frame) => {
                meeting.send(conn, frame);
                self.stage(conn, Stage::Answering(answering));
                return;
            }
            AnswererStep::Decide(request) => request,
        };
        let device = request.device();
        answering.device = Some(device);
        let (circle, name) = (invited.circle, request.name.to_string());
        let before = invited.standing.clone();
        let decision = invited.standing.asked(now(), *request);
        if invited.standing != before {
            let row = invited.row(id);
            if let Err(error) = self.store.commit(vec![Write::PutInvitation(row)]).await {
                tracing::warn!(%error, "a request to join couldn't be saved");
                self.put_back(id, before);
                self.close_conn(conn);
                return;
            }
        }
        self.stage(conn, Stage::Answering(answering));
        match decision {
            Decision::Wait => {
                self.answer_guest(conn, Verdict::Waiting);
                self.tell(Event::Asks { circle, device, name });
            }
            Decision::Refuse(why) => self.answer_guest(conn, Verdict::Refused(why)),
            Decision::Welcome => {
                let Some(circle) = self.circles.get(&circle) else { return };
                let on_its_way = circle.admitting.values().any(|admitting| admitting.device == device);
                if circle.sync.stopped().is_some() {
                    // Nobody knows whether the admission is on the disk: asking again later will tell.
                    self.close_conn(conn);
                } else if !circle.sync.membership().is_current(device) {
                    self.answer_guest(conn, Verdict::Refused(Refusal::Used));
                } else if !on_its_way {
                    self.welcome(id, device).await;
                }
            }
            // What waits for the commit welcomes them then, at this very connection.
            Decision::Admit(request) => {
                if let Err(error) = self.admit(id, &request).await {
                    tracing::warn!(%error, "an admission failed");
                    self.close_conn(conn);
                }
            }
        }
    }

    /// The admission is durable: whoever waits at a connection is let in, and it becomes a session.
    pub(crate) async fn welcome(&mut self, id: InvitationId, device: DeviceId) {
        self.rekey();
        let Some(meeting) = &mut self.meeting else { return };
        let waiting: Vec<(ConnId, CircleId)> = meeting
            .connections
            .iter()
            .filter_map(|(conn, c)| match &c.stage {
                Stage::Answering(a) if a.invitation == id && a.device == Some(device) => {
                    Some((*conn, a.circle))
                }
                _ => None,
            })
            .collect();
        for (conn, circle) in waiting {
            self.answer_guest(conn, Verdict::Welcome);
            self.begin_session(conn, circle, device).await;
        }
        self.tell_waiting(id);
    }

    /// Those who wait for an invitation that is over hear it.
    fn tell_waiting(&mut self, id: InvitationId) {
        let Some(invited) = self.invitations.get(&id) else { return };
        let why = if invited.standing.withdrawn() { Refusal::Withdrawn } else { Refusal::Used };
        if !invited.standing.withdrawn() && invited.standing.taken_by().is_none() {
            return;
        }
        let taken = invited.standing.taken_by();
        self.refuse_guests(id, why, |device| Some(device) != taken);
    }

    /// Tells laptops that ask by an invitation, and are connected, that it doesn't let them in.
    fn refuse_guests(&mut self, id: InvitationId, why: Refusal, whom: impl Fn(DeviceId) -> bool) {
        let Some(meeting) = &self.meeting else { return };
        let waiting: Vec<ConnId> = meeting
            .connections
            .iter()
            .filter(|(_, c)| {
                matches!(&c.stage, Stage::Answering(a) if a.invitation == id && a.device.is_some_and(&whom))
            })
            .map(|(conn, _)| *conn)
            .collect();
        for conn in waiting {
            self.answer_guest(conn, Verdict::Refused(why));
        }
    }

    fn answer_guest(&mut self, conn: ConnId, verdict: Verdict) {
        let Some(meeting) = &mut self.meeting else { return };
        let Some(connection) = meeting.connections.get_mut(&conn) else { return };
        let Stage::Answering(answering) = &mut connection.stage else { return };
        match answering.answerer.answer(verdict) {
            Ok(frame) => {
                meeting.send(conn, frame);
                if matches!(verdict, Verdict::Refused(_)) {
                    meeting.net.close(conn);
                }
            }
            Err(error) => {
                tracing::info!(%error, "a joining conversation ended");
                meeting.net.close(conn);
            }
        }
    }

    pub(crate) fn stage(&mut self, conn: ConnId, stage: Stage) {
        if let Some(connection) = self.meeting.as_mut().and_then(|m| m.connections.get_mut(&conn)) {
            connection.stage = stage;
        }
    }

    pub(crate) fn close_conn(&mut self, conn: ConnId) {
        if let Some(meeting) = &self.meeting {
            meeting.net.close(conn);
        }
    }

    pub(crate) fn put_back(&mut self, id: InvitationId, before: Invitation) {
        if let Some(invited) = self.invitations.get_mut(&id) {
            invited.standing = before;
        }
    }
}

const fn ended(error: InvitationError) -> &'static str {
    match error {
        InvitationError::NotWaiting(_) => "no longer asked for",
        InvitationError::Used { .. } => "used",
        InvitationError::Withdrawn => "withdrawn",
    }
}
