//! Coming and going while others write.

use snug_sync::LocalError;
use snug_testkit::{Chance, Event, Faults, World, for_seeds};

const STORMY: Faults = Faults { loss: 15, crash: 15, double: 100, latency: 60, sync: 30 };

#[test]
fn a_newcomer_in_the_middle_gets_everything() {
    for_seeds(4, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.run_for(3_000);
        world.faults = STORMY;
        let mut chance = Chance::new(seed + 1);
        let mut all = vec![anna, bela];
        for n in 0..60 {
            if n == 20 || n == 40 {
                // An inviter who is switched off just now confirms later.
                let inviter = all
                    .iter()
                    .copied()
                    .find(|who| world.laptops[who.0].up && world.laptops[who.0].sync.is_member());
                if let Some(inviter) = inviter {
                    all.push(world.join(inviter));
                    world.acquaint_all();
                }
            }
            let who = all[chance.index(all.len())];
            world.append(who, note, &format!("{n} by {}", who.0));
            world.run_for(chance.below(150));
        }
        world.settle();
        world.check();
        for who in &all[2..] {
            assert!(world.laptops[who.0].events.contains(&Event::Admitted));
            assert!(!world.text(*who, note).is_empty());
        }
    });
}

#[test]
fn an_admission_that_the_newcomer_hears_of_from_others() {
    let mut world = World::new(1);
    let anna = world.found();
    let bela = world.join(anna);
    let note = world.new_note(anna, "Sunday");
    world.run_for(2_000);
    let cili = world.admit(anna);
    world.run_for(2_000);
    world.crash(anna);
    world.part(anna, bela);
    world.acquaint(bela, cili);
    world.settle();
    assert!(world.append(cili, note, "Here I am."));
    world.acquaint(anna, bela);
    world.settle();
    world.check();
    assert!(world.text(anna, note).contains("Here I am."));
}

#[test]
fn who_leaves_opens_nothing_that_follows() {
    for_seeds(6, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let (bela, cili, dora) = (world.join(anna), world.join(anna), world.join(anna));
        let note = world.new_note(anna, "Sunday");
        world.acquaint_all();
        world.run_for(5_000);
        world.faults = Faults { crash: 0, ..STORMY };
        let mut chance = Chance::new(seed + 1);
        // Dora can't hear of it for a while, and goes on writing under the old epoch.
        world.partition(&[&[anna, bela, cili], &[dora]]);
        for n in 0..60 {
            if n == 20 {
                world.leave(cili).expect("a member may leave");
            }
            if n == 40 {
                world.partition(&[]);
            }
            let who = [anna, bela, cili, dora][chance.index(4)];
            world.append(who, note, &format!("{n} by {}", who.0));
            world.run_for(chance.below(150));
        }
        world.settle();
        world.append(dora, note, "the last word");
        world.settle();
        world.check();
        assert!(world.check_closed_to(cili, anna) > 0, "nothing was written after the leave");
        assert!(world.laptops[cili.0].events.contains(&Event::LeaveDelivered));
        assert!(world.text(anna, note).contains("the last word"));
        assert!(!world.text(cili, note).contains("the last word"));
        assert_eq!(world.holding(anna, note), (3, 3));
    });
}

#[test]
fn who_left_writes_no_more_and_is_shown_out() {
    let mut world = World::new(3);
    let anna = world.found();
    let bela = world.join(anna);
    let note = world.new_note(anna, "Sunday");
    world.settle();
    world.leave(bela).expect("a member may leave");
    assert!(!world.append(bela, note, "too late"));
    assert_eq!(world.leave(bela), Err(LocalError::NotMember));
    world.settle();
    let closed = |event: &Event| matches!(event, Event::Closed(snug_sync::CloseReason::NotCurrent));
    assert!(world.laptops[anna.0].events.iter().any(closed));
    assert!(!world.laptops[anna.0].sync.membership().is_current(world.laptops[bela.0].device()));
    assert_eq!(world.holding(anna, note), (1, 1));
}

/// What a leaver signs after the leave that it told the others of: kept, marked, applied nowhere.
#[test]
fn what_a_leaver_writes_behind_its_leave_is_quarantined_everywhere() {
    for_seeds(3, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let (bela, cili) = (world.join(anna), world.join(anna));
        let note = world.new_note(anna, "Sunday");
        world.acquaint_all();
        world.settle();
        assert!(world.append(cili, note, "before"));
        world.settle();
        // Cili's disk is copied; the copy writes on, for Bela alone, while Cili leaves.
        let copy = world.clone_of(cili);
        world.partition(&[&[anna, cili], &[bela, copy]]);
        world.acquaint(bela, copy);
        world.run_for(3_000);
        world.append(copy, note, "behind");
        world.run_for(3_000);
        assert!(world.text(bela, note).contains("behind"), "nobody told Bela yet");
        world.leave(cili).expect("a member may leave");
        world.run_for(3_000);
        world.settle();
        world.check();
        for who in [anna, bela] {
            assert!(world.text(who, note).contains("before"));
            assert!(!world.text(who, note).contains("behind"), "{who:?} shows what doesn't count");
            let quarantined = world.laptops[who.0].disk.entries().values().filter(|entry| entry.quarantined);
            assert_eq!(quarantined.count(), 1, "it is kept, and marked");
        }
    });
}
