//! The one owner of a laptop's state, and its loop.
//!
//! ```text
//! jobs ─────────┐                      ┌─▶ store: commits, in order ──▶ persisted
//! network ──────┼─▶ one task: state ───┤
//! commits done ─┤   pump every circle  ├─▶ network: frames
//! a slow clock ─┘                      └─▶ events, answers
//! ```
//!
//! Nothing else touches the state, so nothing is locked. Every input ends in [`Owner::pump`], which takes from a circle's
//! core what it wants done until it wants nothing more; what follows from that for other parts waits in `todo` until the
//! circle is at rest.

use crate::ambient::{OsEntropy, now};
use crate::circle::Circle;
use crate::error::NodeError;
use crate::invite::Invited;
use crate::joining::Following;
use crate::laptop::{Answered, Done, Job};
use crate::online::{Meeting, Online, Tenant};
use crate::rows::{restore_circle, write_of};
use crate::unlock::Opened;
use crate::view::{CircleState, Event, JoinState, JoinView};
use snug_crypto::Wrapping;
use snug_net::Events;
use snug_store::{Store, StoreError, Write};
use snug_sync::{LocalError, Output, StopReason, Ticket};
use snug_types::{CircleId, DeviceId, InvitationId, Name};
use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot};

/// Names of settings in the store.
pub(crate) mod setting {
    /// What the owner is called where they chose no other name.
    pub(crate) const NAME: &str = "name";
    /// The only interfaces that are used where none are named, one a line.
    pub(crate) const INTERFACES: &str = "interfaces";
    /// `off` where the owner wants this laptop to stay off the network.
    pub(crate) const NETWORK: &str = "network";
}

/// How often the slow clock strikes: named addresses are tried, turns end, the cores look after what waits.
const TICK: Duration = Duration::from_secs(1);

/// What follows from a circle's output for other parts, done when the circle is at rest.
pub(crate) enum Todo {
    /// An admission is durable.
    Welcome(InvitationId, DeviceId),
    /// This laptop is a member now.
    Admitted(CircleId),
    /// The others know that this laptop left.
    Delivered(CircleId),
}

type Committed = (CircleId, Ticket, Result<(), StoreError>);

/// All that a laptop is.
pub(crate) struct Owner {
    pub(crate) store: Store,
    pub(crate) wrapping: Wrapping,
    pub(crate) name: Name,
    pub(crate) circles: BTreeMap<CircleId, Circle>,
    /// Circles whose rows can't be read.
    pub(crate) damaged: Vec<CircleId>,
    pub(crate) invitations: BTreeMap<InvitationId, Invited>,
    pub(crate) joins: BTreeMap<InvitationId, Following>,
    /// Wishes that were refused since this laptop was opened, until they are given up.
    pub(crate) ended_joins: BTreeMap<InvitationId, JoinView>,
    /// False where its owner switched the network off.
    pub(crate) online_wanted: bool,
    /// How it goes online, once somebody said so.
    pub(crate) how: Option<Online>,
    pub(crate) meeting: Option<Meeting>,
    pub(crate) net_events: Option<Events>,
    pub(crate) next_session: u64,
    /// The number of the next note that is opened in a window.
    pub(crate) next_window: u64,
    pub(crate) todo: VecDeque<Todo>,
    pub(crate) ready: Option<oneshot::Sender<bool>>,
    /// Commits done, told by the store's thread. As many as the cores let be under way, so bounded by them.
    committed: (mpsc::UnboundedSender<Committed>, mpsc::UnboundedReceiver<Committed>),
    under_way: usize,
    events: broadcast::Sender<Event>,
    closing: bool,
}

impl Owner {
    /// Reads everything that the store keeps of this laptop.
    pub(crate) async fn restore(opened: Opened, events: broadcast::Sender<Event>) -> Result<Self, NodeError> {
        let Opened { store, wrapping } = opened;
        let name = store.setting(setting::NAME).await?.unwrap_or_default();
        let name = Name::shown(&String::from_utf8_lossy(&name), "me");
        let online_wanted = crate::network::is_wanted(&store).await?;
        let (mut circles, mut damaged) = (BTreeMap::new(), Vec::new());
        for row in store.circles().await? {
            match restore_circle(&store, &row).await {
                Ok(circle) => _ = circles.insert(row.circle, circle),
                Err(NodeError::DamagedCircle(what)) => {
                    tracing::error!(what, "a circle can't be opened; it is left as it is");
                    damaged.push(row.circle);
                }
                Err(error) => return Err(error),
            }
        }
        for row in store.outboxes().await? {
            match crate::leaving::from_outbox(&row)? {
                Some(circle) => _ = circles.insert(row.circle, circle),
                None => store.commit(vec![Write::RemoveOutbox(row.circle)]).await?,
            }
        }
        let mut invitations = BTreeMap::new();
        for row in store.invitations().await? {
            invitations.insert(row.invitation, Invited::from_row(&row)?);
        }
        let mut joins = BTreeMap::new();
        for row in store.pending_joins().await? {
            joins.insert(row.invitation, Following::from_row(&row)?);
        }
        let mut owner = Self {
            store,
            wrapping,
            name,
            circles,
            damaged,
            invitations,
            joins,
            ended_joins: BTreeMap::new(),
            online_wanted,
            how: None,
            meeting: None,
            net_events: None,
            next_session: 1,
            next_window: 1,
            todo: VecDeque::new(),
            ready: None,
            committed: mpsc::unbounded_channel(),
            under_way: 0,
            events,
            closing: false,
        };
        let ids: Vec<CircleId> = owner.circles.keys().copied().collect();
        for id in ids {
            let left =
                owner.circles.get(&id).is_some_and(|c| c.state != CircleState::Leaving && c.has_left());
            if left {
                // A crash came between the word and the letting go.
                owner.let_go(id).await?;
                continue;
            }
            if let Some(circle) = owner.circles.get_mut(&id) {
                circle.sync.tick(now());
            }
            owner.pump(id).await;
            // A crash may have come between the admission and the name.
            owner.todo.push_back(Todo::Admitted(id));
        }
        owner.follow_up().await;
        Ok(owner)
    }

    /// The loop. Ends when the laptop is closed, or nobody holds a handle any more.
    pub(crate) async fn run(mut self, mut jobs: mpsc::Receiver<Job>) {
        let mut tick = tokio::time::interval(TICK);
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        while !self.closing {
            tokio::select! {
                Some((circle, ticket, outcome)) = self.committed.1.recv() => self.committed(circle, ticket, outcome).await,
                job = jobs.recv() => match job {
                    Some(job) => job(&mut self).await,
                    None => _ = self.close().await,
                },
                Some(event) = next_event(&mut self.net_events) => self.net_event(event).await,
                _ = tick.tick() => self.tick().await,
            }
            self.follow_up().await;
        }
        // Whoever waits for the end of the jobs learns by it that the keys are gone.
        drop(self);
        drop(jobs);
    }

    async fn tick(&mut self) {
        let ids: Vec<CircleId> = self.circles.keys().copied().collect();
        for id in ids {
            if let Some(circle) = self.circles.get_mut(&id) {
                circle.sync.tick(now());
            }
            self.pump(id).await;
        }
        self.heal().await;
        if self.meeting.is_some() {
            self.rekey();
            self.end_idle_guests();
            self.dial_named();
        }
    }

    /// A circle stopped when the disk was full. Once there is room, it begins again from what the disk holds.
    async fn heal(&mut self) {
        let stopped: Vec<CircleId> = self
            .circles
            .values()
            .filter(|c| c.sync.stopped() == Some(StopReason::Disk) && c.state != CircleState::Leaving)
            .map(|c| c.id)
            .collect();
        for id in stopped {
            let Some(row) = self.circles.get(&id).map(Circle::row) else { continue };
            // One whose very founding failed isn't on the disk, and nobody was told that it is.
            let founded = self.is_member(id);
            if founded && self.under_way == 0 && self.store.ops(id).await.is_ok_and(|ops| ops.is_empty()) {
                self.drop_circle(id);
                self.tell(Event::Circle { circle: id });
                continue;
            }
            // Writing what is there already shows whether there is room.
            if self.under_way > 0 || self.store.commit(vec![Write::PutCircle(row.clone())]).await.is_err() {
                return;
            }
            match restore_circle(&self.store, &row).await {
                Ok(circle) => {
                    if self.store.reopen(id).is_err() {
                        return;
                    }
                    self.close_tenant(Tenant::Circle(id));
                    self.circles.insert(id, circle);
                    self.rekey();
                    self.pump(id).await;
                    self.tell(Event::Circle { circle: id });
                }
                Err(error) => tracing::error!(%error, "a circle can't begin again"),
            }
        }
    }

    /// Waits for a commit that is under way.
    pub(crate) async fn next_commit(&mut self) {
        if let Some((circle, ticket, outcome)) = self.committed.1.recv().await {
            self.committed(circle, ticket, outcome).await;
        }
    }

    async fn committed(&mut self, id: CircleId, ticket: Ticket, outcome: Result<(), StoreError>) {
        self.under_way -= 1;
        let Some(circle) = self.circles.get_mut(&id) else { return };
        match outcome {
            Ok(()) => circle.sync.persisted(now(), &mut OsEntropy, ticket),
            Err(error) => {
                tracing::error!(%error, "a commit failed");
                circle.sync.persist_failed(now(), ticket);
                // What is in memory may be more than what the disk holds.
                circle.loaded.clear();
                let undone = std::mem::take(&mut circle.admitting);
                circle.writing.clear();
                circle.settle_all(|| error.clone().into());
                for admitting in undone.into_values() {
                    self.put_back(admitting.invitation, admitting.before);
                    self.tell(Event::Invitations { circle: id });
                }
            }
        }
        self.pump(id).await;
    }

    /// Does what the circle's core wants done, until it wants nothing more.
    pub(crate) async fn pump(&mut self, id: CircleId) {
        let mut changed_keys = false;
        while let Some(circle) = self.circles.get_mut(&id) {
            let Some(output) = circle.sync.poll() else { break };
            match output {
                Output::Persist { ticket, rows } => {
                    let mut writes = circle.along.remove(&ticket).unwrap_or_default();
                    // Of a circle that was left, the outbox is all that is kept.
                    if circle.state != CircleState::Leaving {
                        writes.extend(rows.into_iter().map(|row| write_of(id, row)));
                    }
                    let tell = self.committed.0.clone();
                    self.under_way += 1;
                    // An error is told to the callback too.
                    let told = move |outcome| _ = tell.send((id, ticket, outcome));
                    let _ = self.store.submit_in(id, writes, told).await;
                }
                Output::Send { session, frame } => {
                    if let Some(meeting) = &mut self.meeting
                        && let Some(conn) = meeting.sessions.get(&session).copied()
                        && meeting.send(conn, frame)
                    {
                        circle.sync.session_busy(session, true);
                    }
                }
                Output::Load { id: read, device, from, to, bytes } => {
                    let page = self.store.entries(id, device, from, to, bytes).await;
                    let envelopes = page.map_or_else(
                        |error| {
                            tracing::error!(%error, "stored entries can't be read");
                            Vec::new()
                        },
                        |page| page.entries.into_iter().map(|e| e.entry.envelope).collect(),
                    );
                    if let Some(circle) = self.circles.get_mut(&id) {
                        circle.sync.loaded(now(), read, envelopes);
                    }
                }
                Output::Apply { entry } => self.apply(id, &entry),
                Output::Acknowledged { ticket } => {
                    if let Some(admitting) = circle.admitting.remove(&ticket) {
                        self.todo.push_back(Todo::Welcome(admitting.invitation, admitting.device));
                    }
                    circle.writing.remove(&ticket);
                    circle.settle(ticket);
                }
                Output::MembershipChanged => {
                    changed_keys = true;
                    self.tell(Event::People { circle: id });
                }
                // Who is still on the way in holds too little to speak of.
                Output::HoldingsChanged if circle.state == CircleState::Joining => {}
                Output::HoldingsChanged => self.tell(Event::Holding { circle: id }),
                Output::Rebuild { document } => {
                    circle.loaded.forget_all(document);
                    circle.summaries.retain(|(of, _), _| *of != document);
                    circle.page = None;
                    circle.pages.clear();
                    self.tell(Event::Changed { circle: id, document: document.document });
                    // One that stayed would be refused at the next loading.
                    let _ =
                        self.store.submit(vec![Write::RemoveSnapshot { circle: id, document }], |_| {}).await;
                }
                Output::Fork { device } => {
                    if !circle.split.contains(&device) {
                        circle.split.push(device);
                    }
                    self.tell(Event::Split { circle: id, device });
                }
                Output::Admitted => self.todo.push_back(Todo::Admitted(id)),
                Output::LeaveDelivered => self.todo.push_back(Todo::Delivered(id)),
                Output::Stopped { reason } => {
                    tracing::error!(%reason, "writing in a circle stopped");
                    circle.stopped = Some(reason.to_string());
                    self.tell(Event::Circle { circle: id });
                }
                Output::Close { session, reason } => {
                    tracing::info!(%reason, "a session ended");
                    if let Some(meeting) = &mut self.meeting
                        && let Some(conn) = meeting.sessions.get(&session).copied()
                    {
                        meeting.net.close(conn);
                    }
                }
            }
        }
        if changed_keys {
            self.rekey();
        }
    }

    async fn follow_up(&mut self) {
        while let Some(todo) = self.todo.pop_front() {
            match todo {
                Todo::Welcome(invitation, device) => self.welcome(invitation, device).await,
                Todo::Admitted(circle) => self.admitted(circle).await,
                Todo::Delivered(circle) => self.delivered(circle).await,
            }
        }
    }

    /// This laptop holds its own admission: it says who it is.
    async fn admitted(&mut self, id: CircleId) {
        let Some(circle) = self.circles.get_mut(&id) else { return };
        if circle.state == CircleState::Joining && circle.sync.is_member() {
            circle.state = CircleState::Member;
            let row = circle.row();
            let invitation = circle.joined_by;
            if let Err(error) = self.store.commit(vec![Write::PutCircle(row)]).await {
                tracing::error!(%error, "that this laptop was let in couldn't be saved; it is learnt again at the next start");
            }
            if let Some(invitation) = invitation {
                self.tell(Event::Join { id: invitation, state: JoinState::Admitted(id) });
            }
            self.tell(Event::Circle { circle: id });
            self.rekey();
        }
        if self.is_member(id)
            && let Err(error) = self.say_name(id).await
        {
            tracing::warn!(%error, "the name couldn't be written; the next start tries again");
        }
    }

    /// Answers now, or when what was done is durable.
    pub(crate) fn answer<T: Send + 'static>(
        &mut self,
        answered: Answered<T>,
        reply: oneshot::Sender<Result<T, NodeError>>,
    ) {
        match answered {
            Err(error) => _ = reply.send(Err(error)),
            Ok(Done { value, after: None }) => _ = reply.send(Ok(value)),
            Ok(Done { value, after: Some((circle, ticket)) }) => match self.circles.get_mut(&circle) {
                Some(circle) => {
                    circle.wait(ticket, Box::new(move |done| _ = reply.send(done.map(|()| value))));
                }
                None => _ = reply.send(Err(NodeError::NoCircle)),
            },
        }
    }

    pub(crate) fn tell(&self, event: Event) {
        // That nobody listens is no fault.
        let _ = self.events.send(event);
    }

    /// The circle, if this laptop is a member of it.
    pub(crate) fn member(&mut self, id: CircleId) -> Result<&mut Circle, NodeError> {
        let circle = self.circles.get_mut(&id).ok_or(NodeError::NoCircle)?;
        match circle.state {
            CircleState::Member => Ok(circle),
            CircleState::Joining => Err(NodeError::NotAdmitted),
            CircleState::Leaving | CircleState::Damaged => Err(NodeError::NoCircle),
        }
    }

    /// Ends the network, waits for what is being saved, and lets go of the folder.
    pub(crate) async fn close(&mut self) -> Answered<()> {
        self.stop_meeting().await;
        while self.under_way > 0 {
            self.next_commit().await;
        }
        self.closing = true;
        self.store.clone().close().await;
        Ok(Done::now(()))
    }

    /// Lets go of a circle in memory and ends its connections.
    pub(crate) fn drop_circle(&mut self, id: CircleId) {
        self.close_tenant(Tenant::Circle(id));
        self.invitations.retain(|_, invited| invited.circle != id);
        self.circles.remove(&id);
        self.rekey();
    }
}

async fn next_event(events: &mut Option<Events>) -> Option<snug_net::NetEvent> {
    match events {
        Some(events) => events.recv().await,
        None => std::future::pending().await,
    }
}

/// An edit that the core doesn't take.
pub(crate) fn local_error(error: LocalError) -> NodeError {
    match error {
        LocalError::NotMember => NodeError::Left,
        LocalError::Frozen => NodeError::Frozen,
        LocalError::TooLarge { bytes, bound } => NodeError::TooLarge { found: bytes, bound },
        LocalError::Stopped(reason) => NodeError::Stopped(reason.to_string()),
        LocalError::Busy(_) => NodeError::Disk("the disk doesn't keep up".into()),
        LocalError::Refused(why) => NodeError::Internal(why),
    }
}
