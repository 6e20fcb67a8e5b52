//! What a set of operations says: the members and their devices.

use super::graph::{Effect, Graph, Past};
use crate::entry::member_page;
use crate::op::{Admission, Op, OpBody, Tip, member_of_first};
use snug_crypto::DevicePublic;
use snug_types::{CircleId, DeviceId, DocumentId, EntryHash, MemberId, OpHash, Seq};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// A member, past or present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// The operation that admitted them.
    pub admitted: OpHash,
    /// Who admitted them; nobody admitted the founder.
    pub by: Option<MemberId>,
    /// True once they left.
    pub left: bool,
}

/// A device, past or present.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device {
    /// Its keys.
    pub public: DevicePublic,
    /// Whose it is.
    pub member: MemberId,
    /// The operation that admitted it.
    pub admitted: OpHash,
    /// How it went, once it did.
    pub gone: Option<Gone>,
}

/// How a device went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gone {
    /// The operation that removed it; the lowest hash where several did.
    pub by: OpHash,
    /// Its last entry that counts; none of its entries do where there is none.
    pub last: Option<(Seq, EntryHash)>,
}

/// Who belongs to a circle, in the view of some set of operations.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Membership {
    members: BTreeMap<MemberId, Member>,
    devices: BTreeMap<DeviceId, Device>,
    pages: BTreeMap<DocumentId, MemberId>,
    removals: BTreeSet<OpHash>,
    has_unknown: bool,
}

impl Membership {
    /// All members, past ones included.
    pub const fn members(&self) -> &BTreeMap<MemberId, Member> {
        &self.members
    }

    /// All devices, past ones included.
    pub const fn devices(&self) -> &BTreeMap<DeviceId, Device> {
        &self.devices
    }

    /// A member, past or present.
    pub fn member(&self, member: MemberId) -> Option<&Member> {
        self.members.get(&member)
    }

    /// A device, past or present.
    pub fn device(&self, device: DeviceId) -> Option<&Device> {
        self.devices.get(&device)
    }

    /// Whose device it is or was.
    pub fn member_of(&self, device: DeviceId) -> Option<MemberId> {
        self.device(device).map(|device| device.member)
    }

    /// True if the device belongs to the circle now.
    pub fn is_current(&self, device: DeviceId) -> bool {
        self.device(device).is_some_and(|device| device.gone.is_none())
    }

    /// The devices that belong to the circle now, in ascending order of their ids.
    pub fn current_devices(&self) -> impl Iterator<Item = &Device> {
        self.devices.values().filter(|device| device.gone.is_none())
    }

    /// The members who belong to the circle now.
    pub fn current_members(&self) -> impl Iterator<Item = (&MemberId, &Member)> {
        self.members.iter().filter(|(_, member)| !member.left)
    }

    /// Whose page a document is, if it is a member's page.
    pub fn page_owner(&self, document: DocumentId) -> Option<MemberId> {
        self.pages.get(&document).copied()
    }

    /// The operations that removed somebody: what an epoch must cover.
    pub const fn removals(&self) -> &BTreeSet<OpHash> {
        &self.removals
    }

    /// True if an operation that this version can't read may say otherwise.
    pub const fn has_unknown(&self) -> bool {
        self.has_unknown
    }

    fn add(&mut self, circle: CircleId, public: DevicePublic, admitted: OpHash, by: Option<MemberId>) {
        let member = member_of_first(&public);
        // Admitted twice, at once: the lowest hash names who invited.
        if self.devices.get(&public.id()).is_some_and(|known| known.admitted <= admitted) {
            return;
        }
        self.members.insert(member, Member { admitted, by, left: false });
        self.devices.insert(public.id(), Device { public, member, admitted, gone: None });
        self.pages.insert(member_page(circle, member), member);
    }

    /// A leave removes the member that it names and, whatever member that belongs to in this view, the device that says so.
    fn remove(&mut self, by: OpHash, author: DeviceId, member: MemberId, tips: &[Tip]) {
        self.removals.insert(by);
        let gone = [Some(member), self.member_of(author)];
        for member in gone.iter().flatten() {
            if let Some(known) = self.members.get_mut(member) {
                known.left = true;
            }
        }
        for (id, device) in self.devices.iter_mut().filter(|(_, device)| gone.contains(&Some(device.member)))
        {
            let last = tips.iter().find(|tip| tip.device == *id).map(|tip| (tip.seq, tip.hash));
            device.gone = Some(match device.gone {
                None => Gone { by, last },
                // What all leaves grant: who left can't extend it by another one.
                Some(gone) => Gone { by: gone.by.min(by), last: gone.last.min(last) },
            });
        }
    }
}

/// A view, and what is needed to carry it on by one operation.
#[derive(Debug, Default)]
pub(super) struct Reduction {
    view: Arc<Membership>,
    within: Past,
    /// The admissions, and operations of unknown kinds, that count.
    standing: Past,
}

impl Reduction {
    pub(super) const fn view(&self) -> &Arc<Membership> {
        &self.view
    }

    /// What a set of operations says that is closed under parents.
    pub(super) fn of(circle: CircleId, graph: &Graph, within: Past) -> Self {
        let mut reduction = Self { within, ..Self::default() };
        let places: Vec<_> = reduction.within.places().collect();
        // Leaves last: whom they remove is known then, whichever order the operations came in.
        let leaves = |place: &usize| graph.node(*place).effect == Effect::Leave;
        for place in
            places.iter().filter(|place| !leaves(place)).chain(places.iter().filter(|place| leaves(place)))
        {
            reduction.apply(circle, graph, *place);
        }
        reduction
    }

    /// Carries the view of everything on by the operation that was just added to the graph.
    pub(super) fn extend(&mut self, circle: CircleId, graph: &Graph, added: usize) {
        self.within.add(added);
        if self.rereads(graph, added) {
            *self = Self::of(circle, graph, std::mem::take(&mut self.within));
        } else {
            self.apply(circle, graph, added);
        }
    }

    /// True if the operation changes what earlier ones say: a leave that voids a standing admission, or an admission that
    /// newly names somebody who left, or by which a device has other keys.
    fn rereads(&self, graph: &Graph, added: usize) -> bool {
        let node = graph.node(added);
        match &node.op.body {
            OpBody::Leave { .. } => graph.voids_any(added, node.op.author, &self.standing),
            OpBody::Admit(admission) => {
                let device = admission.device.id();
                let mut admissions = graph.admissions(device, &self.within);
                let lowest = admissions.next().is_some_and(|(place, _)| place == added);
                let rekeys = lowest && admissions.next().is_some_and(|(_, keys)| keys != admission.device);
                let known = self.view.device(device);
                let renames = graph.has_left(device) && known.is_none_or(|known| known.admitted > node.hash);
                rekeys || renames && self.stands(graph, added)
            }
            _ => false,
        }
    }

    /// True if an operation counts: the admission that it rests on does, no leave of its author is concurrent, and, where it
    /// admits a device, its keys are the device's.
    fn stands(&self, graph: &Graph, place: usize) -> bool {
        let node = graph.node(place);
        match (&node.effect, &node.op.body) {
            (Effect::Admit { rests, .. }, OpBody::Admit(Admission { device, .. })) => {
                // One signing key admitted with several sealing keys at once: the lowest hash decides, whether or not that
                // admission counts itself. So what stands depends on what came before alone, never in a circle.
                let lowest = graph.admissions(device.id(), &self.within).next();
                rests.hold(&self.standing, &self.within) && lowest.is_none_or(|(_, keys)| keys == *device)
            }
            (Effect::Unknown(rests), _) => rests.hold(&self.standing, &self.within),
            _ => false,
        }
    }

    fn apply(&mut self, circle: CircleId, graph: &Graph, place: usize) {
        let node = graph.node(place);
        let op: &Op = &node.op;
        let stands = self.stands(graph, place);
        if stands || node.effect == Effect::Found {
            self.standing.add(place);
        }
        let view = Arc::make_mut(&mut self.view);
        match (&node.effect, &op.body) {
            (Effect::Found, OpBody::Found { device, .. }) => {
                view.add(circle, *device, node.hash, None);
            }
            (Effect::Admit { by, .. }, OpBody::Admit(admission)) if stands => {
                view.add(circle, admission.device, node.hash, Some(*by));
            }
            (Effect::Leave, OpBody::Leave { member, tips }) => {
                view.remove(node.hash, op.author, *member, tips);
            }
            (Effect::Unknown(_), _) => view.has_unknown |= stands,
            // What follows an operation of an unknown kind freezes no more than that one does.
            _ => {}
        }
    }
}
