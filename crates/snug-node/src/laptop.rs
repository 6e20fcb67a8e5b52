//! The handle by which everything above asks a laptop to do something. Cheap to clone; one task owns the state.
//!
//! A question goes as a job through a bounded channel to the owner's task, runs there against the state, and is answered
//! when what it did is durable. Answers don't come in the order of questions: a durable edit waits for its commit while
//! later questions are already answered.

use crate::editing::OpenNote;
use crate::error::NodeError;
use crate::network::Network;
use crate::online::Online;
use crate::owner::Owner;
use crate::unlock::{self, Opened};
use crate::view::{
    CircleView, Event, Exported, HolderView, InvitationView, JoinState, JoinView, NoteHead, NoteSummary,
    NoteView, PersonView, PlanSummary, PlanView, Status,
};
use snug_circle::ContentKind;
use snug_document::page::{Answer, CircleKind};
use snug_document::{Blocks, ZonedTime, plan};
use snug_store::Folder;
use snug_sync::Ticket;
use snug_types::{CircleId, DeviceId, DocumentId, InvitationId, Name, Title};
use std::future::Future;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::time::Duration;
use tokio::sync::{broadcast, mpsc, oneshot};
use zeroize::Zeroizing;

/// Questions that may wait for the owner's task. Each comes from one client that waits for its answer.
pub(crate) const JOBS: usize = 64;
/// How long those who are near have to say that they heard of a leave.
const HEARING: Duration = Duration::from_secs(3);
/// How long to wait for an event before looking again.
const LOOKING: Duration = Duration::from_millis(200);
/// How long listening may take to begin.
const LISTENING: Duration = Duration::from_secs(10);
/// Events that a slow listener may lag behind before it misses some.
pub(crate) const EVENTS: usize = 256;

pub(crate) type JobFuture<'a> = Pin<Box<dyn Future<Output = ()> + Send + 'a>>;
pub(crate) type Job = Box<dyn for<'a> FnOnce(&'a mut Owner) -> JobFuture<'a> + Send>;

/// A value that is true once a commit is durable.
pub(crate) struct Done<T> {
    pub(crate) value: T,
    pub(crate) after: Option<(CircleId, Ticket)>,
}

impl<T> Done<T> {
    pub(crate) const fn now(value: T) -> Self {
        Self { value, after: None }
    }

    pub(crate) const fn when(value: T, circle: CircleId, ticket: Ticket) -> Self {
        Self { value, after: Some((circle, ticket)) }
    }
}

pub(crate) type Answered<T> = Result<Done<T>, NodeError>;

/// Asks the owner: `ask!(self, owner => owner.method(args))`, answered when what it did is durable.
macro_rules! ask {
    ($self:ident, $owner:ident => $work:expr) => {{
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |$owner: &mut Owner| {
            Box::pin(async move {
                let answered = $work;
                $owner.answer(answered, reply);
            })
        });
        $self.jobs.send(job).await.map_err(|_| NodeError::Closed)?;
        answer.await.map_err(|_| NodeError::Closed)?
    }};
}

/// One laptop: its store, its circles, its place in the network.
#[derive(Clone)]
pub struct Laptop {
    jobs: mpsc::Sender<Job>,
    events: broadcast::Sender<Event>,
}

impl Laptop {
    /// Makes a laptop in a folder that is empty or isn't there.
    pub async fn create(dir: &Path, passphrase: &str, name: Name) -> Result<(), NodeError> {
        let dir = dir.to_owned();
        unlock::create(move || Folder::create(&dir), Zeroizing::new(passphrase.to_owned()), name).await
    }

    /// Whether there is a laptop in this folder that can be opened now: asked before its owner is asked for a passphrase.
    pub async fn peek(dir: &Path) -> Result<(), NodeError> {
        unlock::peek(dir.to_owned()).await
    }

    /// Opens the laptop in a folder. A wrong passphrase is answered after a delay that grows to five seconds.
    pub async fn open(dir: &Path, passphrase: &str) -> Result<Self, NodeError> {
        let dir = dir.to_owned();
        Self::start(unlock::open(move || Folder::lock(&dir), Zeroizing::new(passphrase.to_owned())).await?)
            .await
    }

    pub(crate) async fn start(opened: Opened) -> Result<Self, NodeError> {
        let (jobs, inbox) = mpsc::channel(JOBS);
        let (events, _) = broadcast::channel(EVENTS);
        let owner = Owner::restore(opened, events.clone()).await?;
        tokio::spawn(owner.run(inbox));
        Ok(Self { jobs, events })
    }

    /// Ends the network, waits for what is being saved, and gives the folder back. When this returns, what unlocks the
    /// laptop and its circles is no longer in memory.
    pub async fn close(self) -> Result<(), NodeError> {
        let closed = self.end().await;
        // Its task lets go of all it owns first.
        self.jobs.closed().await;
        closed
    }

    async fn end(&self) -> Result<(), NodeError> {
        ask!(self, owner => owner.close().await)
    }

    /// What happens from now on. A listener that lags far behind misses some and is told how many.
    pub fn events(&self) -> broadcast::Receiver<Event> {
        self.events.subscribe()
    }

    /// May be found when this returns, and looks for others from then on.
    pub async fn go_online(&self, how: Online) -> Result<(), NodeError> {
        let listening = ask!(self, owner => owner.go_online(how).await)?;
        match tokio::time::timeout(LISTENING, listening).await {
            Ok(Ok(true)) => Ok(()),
            Ok(Ok(false)) => {
                self.offline().await?;
                Err(NodeError::Network("none of the chosen interfaces has an address".into()))
            }
            Ok(Err(_)) => Err(NodeError::Closed),
            Err(_) => {
                self.offline().await?;
                Err(NodeError::Network("it doesn't let this laptop listen".into()))
            }
        }
    }

    /// The same as soon as there is an interface to be found on, without waiting for one; and not at all while this
    /// laptop's owner wants it to be offline.
    pub async fn go_online_if_wanted(&self, how: Online) -> Result<(), NodeError> {
        ask!(self, owner => owner.go_online_if_wanted(how).await)
    }

    /// Can't be found any more.
    pub async fn offline(&self) -> Result<(), NodeError> {
        ask!(self, owner => owner.go_offline().await)
    }

    /// How this laptop stands on the network.
    pub async fn network(&self) -> Result<Network, NodeError> {
        ask!(self, owner => owner.network().await)
    }

    /// Keeps whether this laptop is to be on the network whenever it is open, and makes it so where somebody said how.
    pub async fn set_network(&self, wanted: bool) -> Result<(), NodeError> {
        ask!(self, owner => owner.set_network(wanted).await)
    }

    /// Keeps the interfaces that are used where [`Online`] names none, from now on; all of them for none.
    pub async fn set_interfaces(&self, names: Vec<String>) -> Result<(), NodeError> {
        ask!(self, owner => owner.set_interfaces(names).await)
    }

    /// The name that this laptop's owner goes by where they chose no other.
    pub async fn me(&self) -> Result<Name, NodeError> {
        ask!(self, owner => Ok(Done::now(owner.name.clone())))
    }

    /// Another such name, for circles to come.
    pub async fn rename_me(&self, name: Name) -> Result<(), NodeError> {
        ask!(self, owner => owner.rename_me(name).await)
    }

    /// Another name for oneself in one circle.
    pub async fn rename_member(&self, circle: CircleId, name: Name) -> Result<(), NodeError> {
        ask!(self, owner => owner.rename_member(circle, name).await)
    }

    /// Another name for a circle, for everybody in it.
    pub async fn rename_circle(&self, circle: CircleId, name: Name) -> Result<(), NodeError> {
        ask!(self, owner => owner.rename_circle(circle, &name).await)
    }

    /// This laptop and who holds what.
    pub async fn status(&self) -> Result<Status, NodeError> {
        ask!(self, owner => owner.status().await)
    }

    /// Founds a circle of one.
    pub async fn found_circle(&self, name: Name, kind: CircleKind) -> Result<CircleId, NodeError> {
        ask!(self, owner => owner.found_circle(&name, kind).await)
    }

    /// The circles, by name.
    pub async fn circles(&self) -> Result<Vec<CircleView>, NodeError> {
        ask!(self, owner => owner.circles().await)
    }

    /// Leaves a circle and lets go of what this laptop holds of it.
    pub async fn leave_circle(&self, circle: CircleId) -> Result<(), NodeError> {
        let mut events = self.events();
        let near = ask!(self, owner => owner.sign_leave(circle).await)?;
        if near {
            let heard = async {
                while !ask!(self, owner => Ok(Done::now(owner.is_heard(circle))))? {
                    let _ = tokio::time::timeout(LOOKING, events.recv()).await;
                }
                Ok::<(), NodeError>(())
            };
            // Who doesn't hear it in this moment hears it when they are met again.
            let _ = tokio::time::timeout(HEARING, heard).await;
        }
        ask!(self, owner => owner.let_go(circle).await.map(Done::now))
    }

    /// Makes an invitation for one person: its id and its link.
    pub async fn invite(
        &self,
        circle: CircleId,
        expires: Duration,
        confirm: bool,
    ) -> Result<(InvitationId, String), NodeError> {
        ask!(self, owner => owner.invite(circle, expires, confirm).await)
    }

    /// The invitations that this laptop answers for a circle.
    pub async fn invitations(&self, circle: CircleId) -> Result<Vec<InvitationView>, NodeError> {
        ask!(self, owner => owner.invitations(circle))
    }

    /// Takes an invitation back.
    pub async fn withdraw(&self, circle: CircleId, invitation: InvitationId) -> Result<(), NodeError> {
        ask!(self, owner => owner.withdraw(circle, invitation).await)
    }

    /// Lets in somebody who asks.
    pub async fn confirm(&self, circle: CircleId, device: DeviceId) -> Result<(), NodeError> {
        ask!(self, owner => owner.confirm(circle, device).await)
    }

    /// Says no to somebody who asks.
    pub async fn decline(&self, circle: CircleId, device: DeviceId) -> Result<(), NodeError> {
        ask!(self, owner => owner.decline(circle, device).await)
    }

    /// Asks to join by a link; asking again goes on with it. `dial` are addresses to try beside the search.
    pub async fn join(
        &self,
        link: &str,
        name: Option<Name>,
        dial: Vec<SocketAddr>,
    ) -> Result<InvitationId, NodeError> {
        let link = Zeroizing::new(link.to_owned());
        ask!(self, owner => owner.join(&link, name, dial).await)
    }

    /// Gives a wish to join up: nobody is asked any more, and nothing of it is kept.
    pub async fn forget_join(&self, id: InvitationId) -> Result<(), NodeError> {
        ask!(self, owner => owner.forget_join(id).await)
    }

    /// The links that this laptop follows and hasn't been let in by, and those that it was refused by since it was opened.
    pub async fn joins(&self) -> Result<Vec<JoinView>, NodeError> {
        ask!(self, owner => Ok(Done::now(owner.joins())))
    }

    /// How a wish to join stands.
    pub async fn join_state(&self, id: InvitationId) -> Result<JoinState, NodeError> {
        ask!(self, owner => owner.join_state(id).await)
    }

    /// The people of a circle.
    pub async fn people(&self, circle: CircleId) -> Result<Vec<PersonView>, NodeError> {
        ask!(self, owner => owner.people(circle).await)
    }

    /// The current laptops of a circle, and what each said to hold: of all of it, or of one note or gathering.
    pub async fn holders(
        &self,
        circle: CircleId,
        document: Option<DocumentId>,
    ) -> Result<Vec<HolderView>, NodeError> {
        ask!(self, owner => owner.holders(circle, document).await)
    }

    /// The notes of a circle, those that changed last first; those put away only if asked for.
    pub async fn notes(&self, circle: CircleId, away: bool) -> Result<Vec<NoteSummary>, NodeError> {
        self.summarize(circle, ContentKind::Note).await?;
        ask!(self, owner => owner.notes(circle, away).await)
    }

    /// A note, whole.
    pub async fn note(&self, circle: CircleId, note: DocumentId) -> Result<NoteView, NodeError> {
        ask!(self, owner => owner.note(circle, note).await)
    }

    /// A note without its body.
    pub async fn note_head(&self, circle: CircleId, note: DocumentId) -> Result<NoteHead, NodeError> {
        ask!(self, owner => owner.note_head(circle, note).await)
    }

    /// Opens a note for a window that edits a copy of it.
    pub async fn note_open(&self, circle: CircleId, note: DocumentId) -> Result<OpenNote, NodeError> {
        ask!(self, owner => owner.note_open(circle, note).await)
    }

    /// Takes what such a window wrote: a payload as [`snug_document::encode_changes`] makes it, whole or not at all.
    pub async fn note_write(&self, session: u64, payload: Vec<u8>) -> Result<(), NodeError> {
        ask!(self, owner => owner.note_write(session, &payload).await)
    }

    /// The window doesn't show the note any more.
    pub async fn note_close(&self, session: u64) -> Result<(), NodeError> {
        ask!(self, owner => { owner.note_close(session); Ok(Done::now(())) })
    }

    /// A new note.
    pub async fn note_new(
        &self,
        circle: CircleId,
        title: Title,
        body: Blocks,
    ) -> Result<DocumentId, NodeError> {
        ask!(self, owner => owner.note_new(circle, &title, &body).await)
    }

    /// Another title.
    pub async fn note_rename(
        &self,
        circle: CircleId,
        note: DocumentId,
        title: Title,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.note_edit(circle, note, |n, at| snug_document::note::set_title(n, at, &title)).await)
    }

    /// Another body, by the smallest edit that gets there.
    pub async fn note_set_body(
        &self,
        circle: CircleId,
        note: DocumentId,
        body: Blocks,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.note_edit(circle, note, |n, at| snug_document::note::set_body(n, at, &body)).await)
    }

    /// Plain text in a last paragraph of its own.
    pub async fn note_append(
        &self,
        circle: CircleId,
        note: DocumentId,
        text: String,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.note_edit(circle, note, |n, at| snug_document::note::append(n, at, &text)).await)
    }

    /// Puts a note away, or brings it back.
    pub async fn note_put_away(
        &self,
        circle: CircleId,
        note: DocumentId,
        away: bool,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.note_edit(circle, note, |n, at| snug_document::note::put_away(n, at, away)).await)
    }

    /// The gatherings of a circle.
    pub async fn plans(&self, circle: CircleId) -> Result<Vec<PlanSummary>, NodeError> {
        self.summarize(circle, ContentKind::Plan).await?;
        ask!(self, owner => owner.plans(circle).await)
    }

    /// Makes what a list is made of a slice at a time, each a job of its own: others' questions are answered in between,
    /// however much there is to read. The list itself is then true at one moment, as every answer.
    async fn summarize(&self, circle: CircleId, kind: ContentKind) -> Result<(), NodeError> {
        let mut after = None;
        loop {
            after = ask!(self, owner => owner.summarize(circle, kind, after).await)?;
            if after.is_none() {
                return Ok(());
            }
        }
    }

    /// A gathering, whole, with everybody's answers.
    pub async fn plan(&self, circle: CircleId, plan: DocumentId) -> Result<PlanView, NodeError> {
        ask!(self, owner => owner.plan(circle, plan).await)
    }

    /// A new gathering.
    pub async fn plan_new(
        &self,
        circle: CircleId,
        title: Title,
        at: Option<ZonedTime>,
        place: Option<Title>,
    ) -> Result<DocumentId, NodeError> {
        ask!(self, owner => owner.plan_new(circle, &title, at, place.as_ref()).await)
    }

    /// Another title, time or place, in one edit.
    pub async fn plan_change(
        &self,
        circle: CircleId,
        plan: DocumentId,
        change: plan::Change,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.plan_edit(circle, plan, |p, at| plan::change(p, at, &change)).await)
    }

    /// Puts a gathering away, or brings it back.
    pub async fn plan_put_away(
        &self,
        circle: CircleId,
        plan: DocumentId,
        away: bool,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.plan_edit(circle, plan, |p, at| plan::put_away(p, at, away)).await)
    }

    /// One's own answer to a gathering.
    pub async fn plan_answer(
        &self,
        circle: CircleId,
        plan: DocumentId,
        answer: Answer,
    ) -> Result<(), NodeError> {
        ask!(self, owner => owner.plan_answer(circle, plan, answer).await)
    }

    /// Writes a circle's notes, plans and all of it as JSON into a folder that is empty or isn't there.
    pub async fn export(&self, circle: CircleId, dir: PathBuf) -> Result<Exported, NodeError> {
        ask!(self, owner => owner.export(circle, &dir).await)
    }
}
