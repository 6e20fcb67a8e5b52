//! Links that this laptop follows: asking to join, waiting, and becoming a member.
//!
//! ```text
//! join: draw a device, make it durable ─▶ beacon, or dial ─▶ conversation ─▶ Waiting … Welcome
//! Welcome: the circle is durable as "joining" ─▶ its session brings the log ─▶ own admission held ─▶ a member
//! ```
//! A stop at any point goes on at the next start: the device and the link are kept, and asking again gives the present state.
//! A wish that is given up goes with both.

use crate::ambient::{OsEntropy, now};
use crate::circle::Circle;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::online::{Joining, Stage, Tenant};
use crate::owner::Owner;
use crate::view::{CircleState, Event, JoinState, JoinView, Refusal};
use snug_crypto::{DevicePublic, DeviceSecret};
use snug_meet::{Channel, Joiner, JoinerStep, Link, LinkError};
use snug_net::ConnId;
use snug_store::{PendingJoinRow, Secret, Write};
use snug_sync::CircleSync;
use snug_types::{CircleId, DecodeError, InvitationId, Name, Reader, Writer, bound};
use std::net::SocketAddr;

/// Links that may be followed at once.
const JOINS: usize = 32;
const VERSION: u8 = 1;

/// A link that this laptop follows.
pub(crate) struct Following {
    pub(crate) link: Link,
    pub(crate) me: DeviceSecret,
    pub(crate) name: Name,
    pub(crate) waiting: bool,
    /// The circle that it leads to, once the laptop that made it has said so.
    pub(crate) circle: Option<CircleId>,
}

impl Following {
    fn row(&self) -> PendingJoinRow {
        let mut w = Writer::new();
        w.u8(VERSION);
        w.text(&self.link.to_string());
        w.raw(self.me.to_bytes().as_slice());
        w.text(self.name.as_str());
        PendingJoinRow { invitation: self.link.id(), bytes: Secret::new(w.finish()) }
    }

    pub(crate) fn from_row(row: &PendingJoinRow) -> Result<Self, NodeError> {
        let read = || -> Result<Self, DecodeError> {
            let mut r = Reader::new(&row.bytes);
            let version = r.u8()?;
            if version != VERSION {
                return Err(DecodeError::UnknownTag { what: "join row", tag: version.into() });
            }
            let link = Link::parse(r.text("link", bound::LINK_BYTES)?);
            let link = link.map_err(|_| DecodeError::NotCanonical("a link"))?;
            let me = DeviceSecret::from_bytes(&r.array()?);
            let name = Name::new(r.text("name", bound::NAME_CHARS * 4)?);
            let name = name.map_err(|_| DecodeError::NotCanonical("a name"))?;
            r.end()?;
            Ok(Self { link, me, name, waiting: false, circle: None })
        };
        read().map_err(|e| NodeError::Damaged(format!("a wish to join can't be read ({e})")))
    }
}

impl Owner {
    pub(crate) async fn join(
        &mut self,
        link: &str,
        name: Option<Name>,
        dial: Vec<SocketAddr>,
    ) -> Answered<InvitationId> {
        let link = Link::parse(link).map_err(|error| match error {
            LinkError::NotALink => NodeError::NotALink,
            LinkError::Damaged => NodeError::DamagedLink,
            LinkError::Newer(_) => NodeError::NewerLink,
        })?;
        let id = link.id();
        if self.invitations.contains_key(&id) {
            return Err(NodeError::AlreadyIn);
        }
        if let Some(circle) = self.circles.values().find(|c| c.joined_by == Some(id)) {
            // Whoever asked and didn't wait for the answer may still hear it, once.
            if circle.state == CircleState::Member && circle.told {
                return Err(NodeError::AlreadyIn);
            }
            self.dial_too(dial);
            return Ok(Done::now(id));
        }
        self.ended_joins.remove(&id);
        if !self.joins.contains_key(&id) {
            if self.joins.len() >= JOINS {
                return Err(NodeError::TooMany { what: "links being followed", bound: JOINS });
            }
            if self.circles.len() >= bound::CIRCLES {
                return Err(NodeError::TooMany { what: "circles", bound: bound::CIRCLES });
            }
            let name = match name {
                Some(name) => name,
                None => self.name.clone(),
            };
            let following = Following {
                link,
                me: DeviceSecret::generate(&mut OsEntropy),
                name,
                waiting: false,
                circle: None,
            };
            self.store.commit(vec![Write::PutPendingJoin(following.row())]).await?;
            self.joins.insert(id, following);
            self.rekey();
            self.tell(Event::Join { id, state: JoinState::Looking });
        }
        self.dial_too(dial);
        Ok(Done::now(id))
    }

    pub(crate) fn joins(&self) -> Vec<JoinView> {
        let asking = self.joins.iter().map(|(id, join)| JoinView {
            id: *id,
            name: join.name.to_string(),
            state: if join.waiting { JoinState::Waiting } else { JoinState::Looking },
        });
        let let_in = self.circles.values().filter(|circle| circle.state == CircleState::Joining);
        let let_in = let_in.filter_map(|circle| {
            Some(JoinView { id: circle.joined_by?, name: circle.name.clone(), state: JoinState::Waiting })
        });
        asking.chain(let_in).chain(self.ended_joins.values().cloned()).collect()
    }

    /// Gives a wish up: its keys and its listener go, and whoever is asked hears nothing more.
    pub(crate) async fn forget_join(&mut self, id: InvitationId) -> Answered<()> {
        if self.circles.values().any(|circle| circle.joined_by == Some(id)) {
            return Err(NodeError::AlreadyIn);
        }
        if self.joins.contains_key(&id) {
            self.store.commit(vec![Write::RemovePendingJoin(id)]).await?;
            self.joins.remove(&id);
            self.close_tenant(Tenant::Join(id));
            self.rekey();
        } else if self.ended_joins.remove(&id).is_none() {
            return Err(NodeError::NotFound("wish to join"));
        }
        self.tell(Event::JoinForgotten { id });
        Ok(Done::now(()))
    }

    pub(crate) async fn join_state(&mut self, id: InvitationId) -> Answered<JoinState> {
        if let Some(ended) = self.ended_joins.get(&id) {
            return Ok(Done::now(ended.state.clone()));
        }
        if let Some(join) = self.joins.get(&id) {
            return Ok(Done::now(if join.waiting { JoinState::Waiting } else { JoinState::Looking }));
        }
        let circle = self.circles.values_mut().find(|c| c.joined_by == Some(id));
        let circle = circle.ok_or(NodeError::NotFound("invitation"))?;
        if circle.state != CircleState::Member {
            return Ok(Done::now(JoinState::Waiting));
        }
        let of = circle.id;
        if !circle.told {
            circle.told = true;
            let row = circle.row();
            self.store.commit(vec![Write::PutCircle(row)]).await?;
        }
        Ok(Done::now(JoinState::Admitted(of)))
    }

    pub(crate) fn begin_joining(&mut self, conn: ConnId, id: InvitationId, channel: Channel) {
        let Some(meeting) = &mut self.meeting else { return };
        let Some(join) = self.joins.get(&id) else {
            meeting.net.close(conn);
            return;
        };
        let (joiner, ask) = Joiner::new(channel, &join.link, join.me.public(), join.name.clone());
        meeting.send(conn, ask);
        self.stage(conn, Stage::Joining(Joining { invitation: id, joiner }));
    }

    pub(crate) async fn joining_frame(&mut self, conn: ConnId, mut joining: Joining, bytes: &[u8]) {
        let id = joining.invitation;
        let Some(join) = self.joins.get_mut(&id) else {
            self.close_conn(conn);
            return;
        };
        let step = match joining.joiner.frame(bytes, &join.me) {
            Ok(step) => step,
            Err(error) => {
                tracing::info!(%error, "a joining conversation ended");
                self.close_conn(conn);
                return;
            }
        };
        match step {
            JoinerStep::Accept { circle, frame, .. } => {
                join.circle = Some(circle);
                // By another link this laptop may be in, or on its way.
                let twice = self.joins.values().filter(|other| other.circle == Some(circle)).count() > 1;
                if twice || self.circles.contains_key(&circle) {
                    self.end_join(id, Refusal::AlreadyIn).await;
                    self.close_conn(conn);
                    return;
                }
                if let Some(meeting) = &mut self.meeting {
                    meeting.send(conn, frame);
                }
                self.stage(conn, Stage::Joining(joining));
            }
            JoinerStep::Waiting => {
                let news = !std::mem::replace(&mut join.waiting, true);
                self.stage(conn, Stage::Joining(joining));
                if news {
                    self.tell(Event::Join { id, state: JoinState::Waiting });
                }
            }
            JoinerStep::Refused(why) => {
                let why = match why {
                    snug_meet::Refusal::Expired => Refusal::Expired,
                    snug_meet::Refusal::Used => Refusal::Used,
                    snug_meet::Refusal::Withdrawn => Refusal::Withdrawn,
                    snug_meet::Refusal::Declined => Refusal::Declined,
                    snug_meet::Refusal::Full => Refusal::Full,
                    snug_meet::Refusal::Other(_) => Refusal::Other,
                };
                self.end_join(id, why).await;
                self.close_conn(conn);
            }
            JoinerStep::Welcome { circle, inviter } => self.welcomed(conn, id, circle, inviter).await,
        }
    }

    /// The door is open: the circle is durable before anything else of it is.
    async fn welcomed(&mut self, conn: ConnId, id: InvitationId, of: CircleId, inviter: DevicePublic) {
        if self.circles.contains_key(&of) {
            self.end_join(id, Refusal::AlreadyIn).await;
            self.close_conn(conn);
            return;
        }
        let Some(join) = self.joins.get(&id) else { return };
        let me = || DeviceSecret::from_bytes(&join.me.to_bytes());
        let (sync, own) = (CircleSync::joining(of, me()), me());
        let mut circle = Circle::new(of, CircleState::Joining, own, sync, join.name.to_string());
        circle.joined_by = Some(id);
        circle.created = now();
        circle.inviter = Some(inviter);
        let writes = vec![Write::PutCircle(circle.row()), Write::RemovePendingJoin(id)];
        if let Err(error) = self.store.commit(writes).await {
            tracing::warn!(%error, "a circle couldn't be saved");
            self.close_conn(conn);
            return;
        }
        self.joins.remove(&id);
        self.circles.insert(of, circle);
        if let Some(meeting) = &mut self.meeting {
            // The listener that was the join's is the circle's now: no new key for the same people.
            if let Some(slot) = meeting.tenants.remove(&Tenant::Join(id)) {
                meeting.tenants.insert(Tenant::Circle(of), slot);
            }
            if let Some(connection) = meeting.connections.get_mut(&conn) {
                connection.tenant = Tenant::Circle(of);
            }
        }
        self.rekey();
        self.tell(Event::Circle { circle: of });
        self.begin_session(conn, of, inviter.id()).await;
    }

    /// This laptop comes no further by this link.
    async fn end_join(&mut self, id: InvitationId, why: Refusal) {
        if let Err(error) = self.store.commit(vec![Write::RemovePendingJoin(id)]).await {
            tracing::warn!(%error, "the end of a wish to join couldn't be saved; it will be met again");
        }
        let Some(join) = self.joins.remove(&id) else { return };
        let state = JoinState::Refused(why);
        while self.ended_joins.len() >= JOINS {
            self.ended_joins.pop_first();
        }
        let ended = JoinView { id, name: join.name.to_string(), state: state.clone() };
        self.ended_joins.insert(id, ended);
        self.rekey();
        self.tell(Event::Join { id, state });
    }
}
