//! Circles and their people: founding, names, who is in, and who holds what.

use crate::ambient::{OsEntropy, now};
use crate::circle::{Circle, DocumentKey};
use crate::content::{INCARNATION, REPLICA, edit_error};
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::online::Tenant;
use crate::owner::Owner;
use crate::view::{
    CircleState, CircleStatus, CircleView, HolderView, Holding, LaptopView, PersonView, Status,
};
use snug_circle::{ContentKind, actor_id, circle_page, member_page};
use snug_crypto::DeviceSecret;
use snug_document::page::{self, CircleKind, CirclePage, MemberPage};
use snug_store::Write;
use snug_sync::{CircleSync, Scope, Ticket};
use snug_types::{CircleId, DeviceId, DocumentId, DocumentRef, MemberId, Name, bound};

/// What somebody is called of whom nothing is known.
const SOMEBODY: &str = "somebody";

impl Owner {
    pub(crate) async fn found_circle(&mut self, name: &Name, kind: CircleKind) -> Answered<CircleId> {
        if self.circles.len() >= bound::CIRCLES {
            return Err(NodeError::TooMany { what: "circles", bound: bound::CIRCLES });
        }
        let me = DeviceSecret::generate(&mut OsEntropy);
        let own = DeviceSecret::from_bytes(&me.to_bytes());
        let (sync, founded) = CircleSync::found(me, &mut OsEntropy, now());
        let id = sync.circle();
        // The page is made before the circle is taken in, so that a failure leaves nothing half founded.
        let actor = actor_id(own.id(), INCARNATION, REPLICA);
        let (document, edit) = page::create_circle(actor, now(), name, kind).map_err(edit_error)?;
        let mut circle = Circle::new(id, CircleState::Member, own, sync, self.name.to_string());
        circle.told = true;
        circle.created = now();
        // One transaction with the founding operation: no crash leaves one without the other.
        circle.along.insert(founded, vec![Write::PutCircle(circle.row())]);
        self.circles.insert(id, circle);
        self.pump(id).await;
        let of = (DocumentRef::first(circle_page(id)), ContentKind::CirclePage);
        let circle = self.circles.get_mut(&id).ok_or(NodeError::NoCircle)?;
        circle.loaded.insert(of, document);
        let ticket = circle.hand_in(of, REPLICA, &edit)?;
        self.pump(id).await;
        let named = self.say_name(id).await?;
        self.rekey();
        Ok(Done::when(id, id, named.unwrap_or(ticket)))
    }

    /// Writes the owner's name into their page, unless it says so already.
    pub(crate) async fn say_name(&mut self, id: CircleId) -> Result<Option<Ticket>, NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let Some(member) = circle.member() else { return Ok(None) };
        let name = Name::shown(&circle.name, self.name.as_str());
        let of = (DocumentRef::first(member_page(id, member)), ContentKind::MemberPage);
        if circle.index.contains(of) && self.page_of(id, member).await?.name == name {
            return Ok(None);
        }
        self.edit(id, of, |document, at| page::set_name(document, at, &name)).await
    }

    /// The circle's page as far as it is here.
    async fn circle_page(&mut self, id: CircleId) -> Result<CirclePage, NodeError> {
        let of = (DocumentRef::first(circle_page(id)), ContentKind::CirclePage);
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let entries = circle.index.get(of).map_or(0, |known| known.entries);
        if let Some((seen, page)) = &circle.page
            && *seen == entries
        {
            return Ok(page.clone());
        }
        let page = page::circle(self.document(id, of).await?);
        if let Some(circle) = self.circles.get_mut(&id) {
            circle.page = Some((entries, page.clone()));
        }
        Ok(page)
    }

    /// A member's page as far as it is here.
    pub(crate) async fn page_of(&mut self, id: CircleId, member: MemberId) -> Result<MemberPage, NodeError> {
        let of = (DocumentRef::first(member_page(id, member)), ContentKind::MemberPage);
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let entries = circle.index.get(of).map_or(0, |known| known.entries);
        if let Some((seen, page)) = circle.pages.get(&member)
            && *seen == entries
        {
            return Ok(page.clone());
        }
        let page = page::member(self.document(id, of).await?);
        if let Some(circle) = self.circles.get_mut(&id) {
            circle.pages.insert(member, (entries, page.clone()));
        }
        Ok(page)
    }

    pub(crate) async fn name_of(&mut self, id: CircleId, member: MemberId) -> String {
        let of = (DocumentRef::first(member_page(id, member)), ContentKind::MemberPage);
        if let Some(circle) = self.circles.get(&id)
            && !circle.index.contains(of)
            && let Some(name) = circle.guests.get(&member)
        {
            return name.clone();
        }
        match self.page_of(id, member).await {
            Ok(page) => page.name.to_string(),
            Err(_) => SOMEBODY.to_owned(),
        }
    }

    /// Whose laptop this is.
    pub(crate) async fn person_of(&mut self, id: CircleId, device: DeviceId) -> String {
        match self.circles.get(&id).and_then(|c| c.sync.membership().member_of(device)) {
            Some(member) => self.name_of(id, member).await,
            None => SOMEBODY.to_owned(),
        }
    }

    /// What a circle's page says; no name while it isn't here.
    pub(crate) async fn circle_name(
        &mut self,
        id: CircleId,
    ) -> Result<(String, Option<CircleKind>), NodeError> {
        let of = (DocumentRef::first(circle_page(id)), ContentKind::CirclePage);
        if !self.circles.get(&id).ok_or(NodeError::NoCircle)?.index.contains(of) {
            return Ok((String::new(), None));
        }
        let page = self.circle_page(id).await?;
        Ok((page.name.to_string(), page.kind))
    }

    pub(crate) async fn circles(&mut self) -> Answered<Vec<CircleView>> {
        let mut views = Vec::new();
        for (id, state) in self.shown() {
            let (name, kind) = self.circle_name(id).await?;
            views.push(CircleView { id, name, kind, state, asking: self.asking(id) });
        }
        let damaged = self.damaged.iter().map(|id| CircleView {
            id: *id,
            name: String::new(),
            kind: None,
            state: CircleState::Damaged,
            asking: 0,
        });
        views.extend(damaged);
        views.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        Ok(Done::now(views))
    }

    /// The circles that are shown: one that was left is gone for its owner, whatever is still to be delivered.
    fn shown(&self) -> Vec<(CircleId, CircleState)> {
        self.circles.values().filter(|c| c.state != CircleState::Leaving).map(|c| (c.id, c.state)).collect()
    }

    pub(crate) async fn status(&mut self) -> Answered<Status> {
        let mut circles = Vec::new();
        for (id, _) in self.shown() {
            circles.push(self.circle_status(id).await?);
        }
        circles.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
        let near = circles.iter().map(|c| c.near).sum();
        Ok(Done::now(Status { name: self.name.to_string(), online: self.meeting.is_some(), near, circles }))
    }

    async fn circle_status(&mut self, id: CircleId) -> Result<CircleStatus, NodeError> {
        let (name, _) = self.circle_name(id).await?;
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let held = circle.sync.holding(Scope::Circle);
        let near: Vec<DeviceId> = circle.sessions.values().copied().collect();
        let me = circle.me.id();
        let (split, stopped) = (circle.split.clone(), circle.stopped.clone());
        let devices: Vec<_> = held.devices.iter().filter(|(device, _)| *device != me).copied().collect();
        let mut others = Vec::new();
        for (device, holds_all) in devices {
            let person = self.person_of(id, device).await;
            others.push(LaptopView { device, person, near: near.contains(&device), holds_all });
        }
        let near = others.iter().filter(|laptop| laptop.near).count();
        let addresses = self.meeting.as_ref().map(|m| m.addresses(Tenant::Circle(id))).unwrap_or_default();
        Ok(CircleStatus {
            id,
            name,
            laptops: held.laptops,
            holding: held.holding,
            as_of: held.as_of,
            near,
            others,
            addresses,
            split,
            stopped,
        })
    }

    /// The current laptops of a circle and what each said to hold, of all of it or of one document: this one first.
    pub(crate) async fn holders(
        &mut self,
        id: CircleId,
        document: Option<DocumentId>,
    ) -> Answered<Vec<HolderView>> {
        let circle = self.member(id)?;
        let scope = match document {
            Some(document) => {
                let of = circle.index.keys().find(|(of, _)| of.document == document);
                Scope::Document(of.ok_or(NodeError::NotFound("note or gathering"))?.0)
            }
            None => Scope::Circle,
        };
        let held = circle.sync.holding(scope);
        let connected: Vec<DeviceId> = circle.sessions.values().copied().collect();
        let mine = circle.me.id();
        let whose = |device| circle.sync.membership().member_of(device);
        let devices: Vec<_> =
            held.devices.into_iter().map(|(device, holds)| (device, whose(device), holds)).collect();
        let mut holders = Vec::with_capacity(devices.len());
        for (device, member, holds) in devices {
            let person = self.person_of(id, device).await;
            let me = device == mine;
            let near = me || connected.contains(&device);
            holders.push(HolderView { device, person, member, me, near, holds });
        }
        holders.sort_by(|a, b| (!a.me, &a.person, a.device).cmp(&(!b.me, &b.person, b.device)));
        Ok(Done::now(holders))
    }

    /// Who holds the latest words of a document.
    pub(crate) fn holding(&self, id: CircleId, (of, _): DocumentKey) -> Holding {
        match self.circles.get(&id) {
            Some(circle) => {
                let held = circle.sync.holding(Scope::Document(of));
                Holding { laptops: held.laptops, holding: held.holding, as_of: held.as_of }
            }
            None => Holding { laptops: 0, holding: 0, as_of: None },
        }
    }

    pub(crate) async fn people(&mut self, id: CircleId) -> Answered<Vec<PersonView>> {
        let circle = self.member(id)?;
        let mine = circle.member();
        let membership = circle.sync.membership();
        let members: Vec<PersonView> = membership
            .members()
            .iter()
            .map(|(member, known)| PersonView {
                member: *member,
                name: String::new(),
                me: mine == Some(*member),
                laptops: membership.current_devices().filter(|device| device.member == *member).count(),
                left: known.left,
                added_by: known.by,
            })
            .collect();
        let mut people = Vec::with_capacity(members.len());
        for mut person in members {
            person.name = self.name_of(id, person.member).await;
            people.push(person);
        }
        people.sort_by(|a, b| (a.left, &a.name, a.member).cmp(&(b.left, &b.name, b.member)));
        Ok(Done::now(people))
    }
}
