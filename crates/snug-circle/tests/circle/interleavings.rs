//! Honest devices, each with what it happens to know, in whatever order: nobody who left reads what follows.

use crate::people::{accepted, device, found};
use proptest::prelude::*;
use snug_circle::{Epochs, GrantError, MembershipLog, OpBody};
use snug_crypto::{DeviceSecret, SeededEntropy};
use snug_types::{DeviceId, EpochId, OpHash};
use std::collections::BTreeSet;

const PEOPLE: usize = 6;

#[derive(Debug, Clone)]
enum Step {
    Admit { by: usize, newcomer: usize },
    Leave { who: usize },
    Write { who: usize },
    Gossip { from: usize, to: usize, ops: usize, epochs: usize },
}

fn step() -> impl Strategy<Value = Step> {
    let who = || 0..PEOPLE;
    prop_oneof![
        3 => (who(), who()).prop_map(|(by, newcomer)| Step::Admit { by, newcomer }),
        1 => who().prop_map(|who| Step::Leave { who }),
        3 => who().prop_map(|who| Step::Write { who }),
        5 => (who(), who(), 0_usize..5, 0_usize..5)
            .prop_map(|(from, to, ops, epochs)| Step::Gossip { from, to, ops, epochs }),
    ]
}

struct Person {
    secret: DeviceSecret,
    log: MembershipLog,
    epochs: Epochs,
}

impl Person {
    fn is_member(&self) -> bool {
        self.log.current().is_current(self.secret.id())
    }
}

/// What somebody sealed: under which epoch, and which leaves they knew of.
struct Written {
    epoch: EpochId,
    known: BTreeSet<OpHash>,
}

struct World {
    people: Vec<Person>,
    entropy: SeededEntropy,
    written: Vec<Written>,
    taken: BTreeSet<DeviceId>,
}

impl World {
    fn new(seed: u64) -> Self {
        let founder = device(0);
        let (first, _) = found(&founder);
        let circle = first.circle();
        let mut logs = vec![first];
        logs.resize_with(PEOPLE, || MembershipLog::new(circle));
        let person = |(n, log)| Person { secret: device(n), log, epochs: Epochs::new(circle) };
        let people = (0..).zip(logs).map(person).collect();
        let taken = BTreeSet::from([founder.id()]);
        Self { people, entropy: SeededEntropy::new(seed), written: Vec::new(), taken }
    }

    fn step(&mut self, step: &Step) {
        match *step {
            Step::Admit { by, newcomer } => self.admit(by, newcomer),
            Step::Leave { who } => self.leave(who),
            Step::Write { who } => self.write(who),
            Step::Gossip { from, to, ops, epochs } => self.gossip(from, to, ops, epochs),
        }
    }

    /// One of those who think that they are members: scripts are to be about members, mostly.
    fn member(&self, pick: usize) -> Option<usize> {
        let members: Vec<_> = (0..PEOPLE).filter(|who| self.people[*who].is_member()).collect();
        members.get(pick % members.len().max(1)).copied()
    }

    fn leave(&mut self, pick: usize) {
        let members = self.people.iter().filter(|person| person.is_member()).count();
        // The last one stays, so that the story goes on.
        let Some(who) = self.member(pick).filter(|_| members > 1) else { return };
        let person = &mut self.people[who];
        let op = person.log.leave(&person.secret, vec![]).unwrap();
        person.log.insert(op).unwrap();
    }

    fn admit(&mut self, by: usize, newcomer: usize) {
        let Some(by) = self.member(by) else { return };
        let device = self.people[newcomer].secret.clone();
        let inviter = &mut self.people[by];
        // An honest device accepts one invitation.
        if !self.taken.insert(device.id()) {
            return;
        }
        let admission = accepted(inviter.log.circle(), &inviter.secret, &device);
        let op = inviter.log.admit(&inviter.secret, admission).unwrap();
        inviter.log.insert(op).unwrap();
        self.gossip(by, newcomer, usize::MAX, usize::MAX);
    }

    fn write(&mut self, pick: usize) {
        let Some(who) = self.member(pick) else { return };
        let person = &mut self.people[who];
        let epoch = person.epochs.choose(&person.log).unwrap_or_else(|| {
            let minted = person.epochs.mint(&person.log, &person.secret, &mut self.entropy).unwrap();
            person.epochs.insert(&person.log, &person.secret, minted).unwrap();
            person.epochs.choose(&person.log).expect("what was just minted can be sealed under")
        });
        self.written.push(Written { epoch, known: person.log.current().removals().clone() });
    }

    /// `from` gives `to` some operations and epochs, and the secrets that it lacks, as far as `from` may.
    fn gossip(&mut self, from: usize, to: usize, ops: usize, epochs: usize) {
        let Ok([from, to]) = self.people.get_disjoint_mut([from, to]) else { return };
        for op in from.log.missing_from(&to.log.heads()).iter().take(ops) {
            to.log.insert(from.log.get(op).unwrap().clone()).unwrap();
        }
        to.epochs.settle(&to.log, &to.secret);
        let lacks = |epoch: &EpochId| to.epochs.secret(epoch).is_none();
        let lacking: Vec<_> = from.epochs.iter().map(|(id, _)| *id).filter(lacks).take(epochs).collect();
        for epoch in lacking {
            to.epochs.insert(&to.log, &to.secret, from.epochs.get(&epoch).unwrap().clone()).unwrap();
            match from.epochs.grant(&from.log, &from.secret, epoch, to.secret.id(), &mut self.entropy) {
                Ok(grant) => drop(to.epochs.accept_grant(&to.log, &to.secret, &grant)),
                Err(
                    GrantError::NotCurrent { .. } | GrantError::NotHeld { .. } | GrantError::Stranger { .. },
                ) => {}
                Err(other) => panic!("{other}"),
            }
        }
    }

    fn everybody_meets(&mut self) {
        for _ in 0..2 {
            for from in 0..PEOPLE {
                for to in 0..PEOPLE {
                    self.gossip(from, to, usize::MAX, usize::MAX);
                }
            }
        }
    }

    /// The leaves, and whose they are.
    fn leaves(&self) -> Vec<(OpHash, DeviceId)> {
        let of = |person: &Person| {
            let leave = |(hash, op): (&OpHash, &snug_crypto::Verified<snug_circle::Op>)| {
                matches!(op.body, OpBody::Leave { .. }).then_some((*hash, op.author))
            };
            person.log.iter().filter_map(leave).collect::<Vec<_>>()
        };
        self.people.iter().flat_map(of).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn who_left_reads_nothing_that_was_sealed_by_who_knew(
        steps in prop::collection::vec(step(), 10..60),
        seed: u64,
    ) {
        let mut world = World::new(seed);
        for step in &steps {
            world.step(step);
        }
        // Then everybody hands on all they may, to those who left too.
        world.everybody_meets();
        for (leave, gone) in world.leaves() {
            let person = world.people.iter().find(|person| person.secret.id() == gone).unwrap();
            for written in world.written.iter().filter(|written| written.known.contains(&leave)) {
                prop_assert!(person.epochs.secret(&written.epoch).is_none());
            }
            for other in &world.people {
                for (epoch, _) in other.epochs.iter() {
                    let announcement = other.epochs.get(epoch).unwrap();
                    if other.log.covers(&announcement.heads, &leave) {
                        prop_assert!(announcement.recipients.iter().all(|to| to.device != gone));
                        prop_assert!(person.epochs.secret(epoch).is_none());
                    }
                }
            }
        }
    }

    #[test]
    fn members_who_hold_the_same_seal_under_the_same(
        steps in prop::collection::vec(step(), 10..60),
        seed: u64,
    ) {
        let mut world = World::new(seed);
        for step in &steps {
            world.step(step);
        }
        world.everybody_meets();
        world.write(0);
        world.everybody_meets();
        let members = world.people.iter_mut().filter(|person| person.is_member());
        let chosen: BTreeSet<_> = members.map(|person| person.epochs.choose(&person.log)).collect();
        prop_assert_eq!(chosen.len(), 1);
        prop_assert_ne!(chosen.first(), Some(&None));
        // And what was ever written, every member can open.
        for person in world.people.iter().filter(|person| person.is_member()) {
            for written in &world.written {
                prop_assert!(person.epochs.secret(&written.epoch).is_some());
            }
        }
    }
}
