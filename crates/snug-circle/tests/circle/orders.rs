//! What a set of operations says depends on the set alone: not on the order in which they came, nor on how the view was
//! carried on. Compared with the rules, written down a second time in the plainest way.
//!
//! The scripts are as unruly as can be: every device acts at every place, so that each of them is copied; newcomers accept
//! several invitations at once; places know different parts.

use crate::people::{self, accepted, device, tip, two_faced, up_to};
use proptest::prelude::*;
use snug_circle::{Device, Inserted, Membership, MembershipLog, OpBody};
use snug_crypto::{DevicePublic, Entropy, SeededEntropy, random};
use snug_types::{DeviceId, EntryHash, OpHash, Seq};
use std::collections::{BTreeMap, BTreeSet};

const PLACES: usize = 3;
const DEVICES: u64 = 7;

#[derive(Debug, Clone)]
enum Step {
    Admit { place: usize, by: u64, newcomer: u64, other_face: bool },
    Leave { place: usize, by: u64, seq: u64 },
    Merge { place: usize, by: u64 },
    Unknown { place: usize, by: u64 },
    Gossip { from: usize, to: usize, at_most: usize },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0..PLACES, 0..DEVICES, 0..DEVICES, prop::bool::weighted(0.3))
            .prop_map(|(place, by, newcomer, other_face)| Step::Admit { place, by, newcomer, other_face }),
        1 => (0..PLACES, 0..DEVICES, 0_u64..3).prop_map(|(place, by, seq)| Step::Leave { place, by, seq }),
        1 => (0..PLACES, 0..DEVICES).prop_map(|(place, by)| Step::Merge { place, by }),
        1 => (0..PLACES, 0..DEVICES).prop_filter_map("rarely", |(place, by)| {
            (by == 6).then_some(Step::Unknown { place, by })
        }),
        4 => (0..PLACES, 0..PLACES, 1_usize..6).prop_map(|(from, to, at_most)| Step::Gossip { from, to, at_most }),
    ]
}

/// Plays a script and gives back a log that holds everything.
fn play(steps: &[Step]) -> MembershipLog {
    let (log, _) = people::found(&device(0));
    let mut places: Vec<_> = (0..PLACES).map(|_| up_to(&log, &log.heads())).collect();
    for step in steps {
        match *step {
            Step::Admit { place, by, newcomer, other_face } => {
                let log = &mut places[place];
                let newcomer = if other_face { two_faced(newcomer) } else { device(newcomer) };
                let admission = accepted(log.circle(), &device(by), &newcomer);
                if let Ok(op) = log.admit(&device(by), admission) {
                    people::insert(log, &op);
                }
            }
            Step::Leave { place, by, seq } => {
                let log = &mut places[place];
                let hash = EntryHash(random(&mut SeededEntropy::new(seq + place as u64)));
                let tips = if seq == 0 { vec![] } else { vec![tip(&device(by), seq, hash)] };
                if let Ok(op) = log.leave(&device(by), tips) {
                    people::insert(log, &op);
                }
            }
            Step::Unknown { place, by } => {
                let log = &mut places[place];
                let body = OpBody::Unknown { kind: 999, bytes: vec![] };
                drop(log.insert(people::crafted(&device(by), log.circle(), &log.heads(), body)));
            }
            Step::Merge { place, by } => {
                let log = &mut places[place];
                if let Ok(op) = log.merge(&device(by)) {
                    people::insert(log, &op);
                }
            }
            Step::Gossip { from, to, at_most } => {
                let new: Vec<_> = places[from].missing_from(&places[to].heads());
                let new: Vec<_> = new.iter().map(|hash| places[from].get(hash).unwrap().clone()).collect();
                for op in new.into_iter().take(at_most) {
                    places[to].insert(op).unwrap();
                }
            }
        }
    }
    let mut all = places.remove(0);
    for place in &places {
        people::catch_up(place, &mut all);
    }
    all
}

/// The rules, written down a second time.
struct Rules<'a> {
    log: &'a MembershipLog,
    past: BTreeMap<OpHash, BTreeSet<OpHash>>,
}

impl<'a> Rules<'a> {
    fn of(log: &'a MembershipLog) -> Self {
        let mut past: BTreeMap<OpHash, BTreeSet<OpHash>> = BTreeMap::new();
        for (hash, op) in log.iter() {
            let before = op.parents.iter().flat_map(|parent| past[parent].iter().copied().chain([*parent]));
            let before = before.collect();
            past.insert(*hash, before);
        }
        Self { log, past }
    }

    fn admits(&self, op: &OpHash) -> Option<DevicePublic> {
        match &self.log.get(op).unwrap().body {
            OpBody::Found { device, .. } => Some(*device),
            OpBody::Admit(admission) => Some(admission.device),
            _ => None,
        }
    }

    /// The lowest standing admission of a device.
    fn admission(&self, device: DeviceId, set: &BTreeSet<OpHash>) -> Option<OpHash> {
        set.iter().find(|op| self.is_of(op, device) && self.stands(op, set)).copied()
    }

    fn is_of(&self, op: &OpHash, device: DeviceId) -> bool {
        self.admits(op).is_some_and(|keys| keys.id() == device)
    }

    /// What its author did stands if the admission that it rests on does, and no leave of its author is concurrent; an
    /// admission, if its keys are those of the lowest admission of the device, moreover.
    fn stands(&self, op: &OpHash, set: &BTreeSet<OpHash>) -> bool {
        let body = self.log.get(op).unwrap();
        if matches!(body.body, OpBody::Found { .. }) {
            return true;
        }
        let Some(ground) = self.admission(body.author, &self.past[op]) else { return false };
        let keys = self.admits(op);
        let lowest = keys.and_then(|keys| set.iter().find(|other| self.is_of(other, keys.id())));
        if lowest.is_some_and(|lowest| self.admits(lowest) != keys) {
            return false;
        }
        let concurrent = |leave: &&OpHash| match &self.log.get(leave).unwrap().body {
            OpBody::Leave { .. } => self.author(leave) == body.author && !self.past[*leave].contains(op),
            _ => false,
        };
        self.stands(&ground, set) && !set.iter().any(|leave| concurrent(&leave))
    }

    fn author(&self, op: &OpHash) -> DeviceId {
        self.log.get(op).unwrap().author
    }

    fn devices(&self, set: &BTreeSet<OpHash>) -> BTreeMap<DeviceId, Stands> {
        let known: BTreeSet<_> = set.iter().filter_map(|op| Some(self.admits(op)?.id())).collect();
        let standing = known.into_iter().filter_map(|device| Some((device, self.admission(device, set)?)));
        let stands = |admitted: OpHash| (admitted, self.admits(&admitted).unwrap());
        standing.map(|(device, admitted)| (device, (stands(admitted), self.gone(device, set)))).collect()
    }

    /// True if somebody did something unknown that stands.
    fn frozen(&self, set: &BTreeSet<OpHash>) -> bool {
        let unknown = |op: &OpHash| matches!(self.log.get(op).unwrap().body, OpBody::Unknown { .. });
        let current = |op: &OpHash| {
            self.devices(&self.past[op]).get(&self.author(op)).is_some_and(|(_, went)| went.is_none())
        };
        set.iter().any(|op| unknown(op) && current(op) && self.stands(op, set))
    }

    fn gone(&self, device: DeviceId, set: &BTreeSet<OpHash>) -> Option<Went> {
        let leaves: Vec<_> = set
            .iter()
            .filter_map(|op| match &self.log.get(op).unwrap().body {
                OpBody::Leave { tips, .. } if self.author(op) == device => Some((*op, tips)),
                _ => None,
            })
            .collect();
        let by = leaves.iter().map(|(op, _)| *op).min()?;
        let named = leaves.iter().map(|(_, tips)| tips.iter().find(|tip| tip.device == device));
        Some((by, named.map(|tip| tip.map(|tip| (tip.seq, tip.hash))).min().flatten()))
    }
}

type Went = (OpHash, Option<(Seq, EntryHash)>);
type Stands = ((OpHash, DevicePublic), Option<Went>);

fn devices(view: &Membership) -> BTreeMap<DeviceId, Stands> {
    let went = |device: &Device| device.gone.map(|gone| (gone.by, gone.last));
    view.devices()
        .iter()
        .map(|(id, device)| (*id, ((device.admitted, device.public), went(device))))
        .collect()
}

fn shuffled<T>(mut items: Vec<T>, entropy: &mut dyn Entropy) -> Vec<T> {
    for end in (1..items.len()).rev() {
        let pick = u64::from_be_bytes(random(entropy)) % (end as u64 + 1);
        items.swap(end, usize::try_from(pick).unwrap());
    }
    items
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn any_order_of_arrival_says_the_same(steps in prop::collection::vec(step(), 4..40), seed: u64) {
        let all = play(&steps);
        let rules = Rules::of(&all);
        let mut entropy = SeededEntropy::new(seed);
        for _ in 0..3 {
            let mut log = MembershipLog::new(all.circle());
            let mut held = BTreeSet::new();
            for (hash, op) in shuffled(all.iter().collect(), &mut entropy) {
                match log.insert(op.clone()) {
                    Ok(Inserted::Applied(new)) => {
                        prop_assert_eq!(new[0], *hash);
                        held.extend(new);
                        // On the way, too, it says what the rules say of what is held.
                        prop_assert_eq!(devices(log.current()), rules.devices(&held));
                        prop_assert_eq!(log.frozen(), rules.frozen(&held));
                    }
                    Ok(Inserted::Waiting) => prop_assert!(!log.contains(hash)),
                    other => prop_assert!(false, "{other:?}"),
                }
            }
            prop_assert_eq!(log.len(), all.len());
            prop_assert_eq!(log.heads(), all.heads());
            prop_assert_eq!(log.current(), all.current());
        }
    }

    #[test]
    fn a_view_of_the_past_is_what_was_said_then(steps in prop::collection::vec(step(), 4..40)) {
        let all = play(&steps);
        let rules = Rules::of(&all);
        for (hash, op) in all.iter() {
            let then = up_to(&all, &[*hash]);
            prop_assert_eq!(&*all.at(&[*hash]).unwrap(), then.current());
            let mut set = rules.past[hash].clone();
            set.insert(*hash);
            prop_assert_eq!(devices(then.current()), rules.devices(&set));
            for member in then.current().members().keys() {
                let of_member = |device: &&Device| device.member == *member && device.gone.is_none();
                let present = then.current().current_devices().any(|device| of_member(&device));
                prop_assert_eq!(present, !then.current().member(*member).unwrap().left);
            }
            if !op.parents.is_empty() {
                let before = up_to(&all, &op.parents);
                prop_assert_eq!(&*all.at(&op.parents).unwrap(), before.current());
                prop_assert!(all.is_antichain(&op.parents));
            }
        }
    }

    #[test]
    fn what_somebody_lacks_comes_parents_first(steps in prop::collection::vec(step(), 4..40), at: prop::sample::Index) {
        let all = play(&steps);
        let (head, _) = all.iter().nth(at.index(all.len())).unwrap();
        let mut theirs = up_to(&all, &[*head]);
        for hash in all.missing_from(&theirs.heads()) {
            let inserted = theirs.insert(all.get(&hash).unwrap().clone());
            prop_assert_eq!(inserted, Ok(Inserted::Applied(vec![hash])));
        }
        prop_assert_eq!(theirs.heads(), all.heads());
        prop_assert!(all.missing_from(&theirs.heads()).is_empty());
    }
}
