//! Disks that are slow, blocked, lose power, or refuse.

use snug_sync::{CloseReason, LocalError, Scope, StopReason};
use snug_testkit::{Event, Faults, World, for_seeds};

/// The promise of "on 1 of 2": a receipt is worth an fsync, not a frame that arrived.
#[test]
fn a_blocked_fsync_isnt_counted() {
    for_seeds(3, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.settle();
        assert_eq!(world.holding(anna, note), (2, 2));

        world.block(bela, true);
        assert!(world.append(anna, note, "I bring bread."));
        world.run_for(150_000);
        assert_eq!(world.holding(anna, note), (1, 2), "it arrived, and isn't durable");
        assert!(!world.text(bela, note).contains("bread"), "nothing is applied before it is durable");

        world.block(bela, false);
        world.settle();
        assert_eq!(world.holding(anna, note), (2, 2));
        assert_eq!(world.holding(bela, note), (2, 2));
        world.check();
    });
}

#[test]
fn a_laptop_whose_own_disk_is_blocked_acknowledges_and_sends_nothing() {
    let mut world = World::new(5);
    let anna = world.found();
    let bela = world.join(anna);
    let note = world.new_note(anna, "Sunday");
    world.settle();
    let before = world.laptops[anna.0].acknowledged.len();
    world.block(anna, true);
    assert!(world.append(anna, note, "I bring bread."));
    world.run_for(150_000);
    assert_eq!(world.laptops[anna.0].acknowledged.len(), before);
    assert!(!world.text(bela, note).contains("bread"));
    world.settle();
    assert_eq!(world.laptops[anna.0].acknowledged.len(), before + 1);
    world.check();
}

/// Every commit may be the last: what was acknowledged is there after it, and goes on to everybody.
#[test]
fn crashes_between_persist_and_acknowledge_lose_nothing_acknowledged() {
    for_seeds(8, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.run_for(2_000);
        world.faults = Faults { crash: 200, loss: 0, double: 0, latency: 20, sync: 20 };
        for n in 0..80 {
            world.append([anna, bela][n % 2], note, &format!("{n}"));
            world.run_for(7 * (n as u64 % 40));
        }
        let acknowledged: usize = world.laptops.iter().map(|laptop| laptop.acknowledged.len()).sum();
        assert!(acknowledged > 10, "only {acknowledged} acknowledged");
        world.settle();
        world.check();
    });
}

#[test]
fn a_refused_commit_stops_writing_and_sending() {
    let mut world = World::new(6);
    let anna = world.found();
    let bela = world.join(anna);
    let note = world.new_note(anna, "Sunday");
    world.settle();
    world.block(anna, true);
    assert!(world.append(anna, note, "I bring bread."));
    world.fail_disk(anna);
    let events = &world.laptops[anna.0].events;
    assert!(events.contains(&Event::Stopped(StopReason::Disk)));
    assert!(events.contains(&Event::Closed(CloseReason::Stopped)));
    let sent = world.sent(anna);
    assert!(!world.append(anna, note, "And wine."));
    let refused = world.act(anna, |laptop, now| laptop.input(now, |sync, clock, _| sync.leave(clock)));
    assert_eq!(refused, Err(LocalError::Stopped(StopReason::Disk)));
    world.run_for(100_000);
    assert_eq!(world.sent(anna), sent, "a laptop whose memory may be ahead of its disk says nothing");
    assert!(!world.text(bela, note).contains("bread"));
}

#[test]
fn a_laptop_that_was_away_holds_only_what_it_said() {
    let mut world = World::new(7);
    let anna = world.found();
    let (bela, cili) = (world.join(anna), world.join(anna));
    let note = world.new_note(anna, "Sunday");
    world.acquaint(anna, bela);
    world.settle();
    world.partition(&[&[anna, bela], &[cili]]);
    assert!(world.append(anna, note, "I bring bread."));
    world.run_for(5_000);
    let holding = world.laptops[anna.0].sync.holding(Scope::Circle);
    assert_eq!((holding.holding, holding.laptops), (2, 3));
    let of = |who: snug_testkit::Who| world.laptops[who.0].device();
    let missing: Vec<_> =
        holding.devices.iter().filter(|(_, at)| at.is_none()).map(|(device, _)| *device).collect();
    assert_eq!(missing, [of(cili)]);
    // Cili never met Bela: what Bela holds, she hears from Anna.
    world.settle();
    assert_eq!(world.holding(cili, note), (3, 3));
}

/// A full disk refuses what is large and takes what is small after it: whatever is left starts again, holds everything that
/// was acknowledged, and goes on.
#[test]
fn whatever_a_full_disk_took_starts_again() {
    for_seeds(12, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.settle();
        let cili = world.admit(bela);
        world.acquaint_all();
        for round in 0..4 {
            let full = [anna, bela, cili][round % 3];
            world.block(full, true);
            // What waits: own edits, others' entries, operations, epochs.
            for n in 0..6 {
                for who in [anna, bela, cili] {
                    world.append(who, note, &format!("{round} {n}"));
                }
                world.run_for(50);
            }
            if round == 1 {
                world.join(anna);
                world.run_for(500);
            }
            world.refuse_some(full);
            world.block(full, false);
            world.run_for([10_000, 100][round % 2]);
        }
        world.settle();
        for who in [anna, bela, cili] {
            assert!(world.append(who, note, "writes on"), "{who:?}");
        }
        world.settle();
        world.check();
        for who in [anna, bela, cili] {
            world.crash(who);
        }
        world.settle();
        world.check();
    });
}
