//! A copied disk: one device in two laptops.

use snug_sync::StopReason;
use snug_testkit::{Event, Who, World, for_seeds};
use snug_types::DocumentRef;

/// Anna and Bela write with Cili, whose disk is copied; then Cili and the copy write apart.
fn copied(seed: u64) -> (World, [Who; 4], DocumentRef) {
    let mut world = World::new(seed);
    let anna = world.found();
    let (bela, cili) = (world.join(anna), world.join(anna));
    let note = world.new_note(anna, "Sunday");
    world.acquaint_all();
    world.settle();
    assert!(world.append(cili, note, "one device"));
    world.settle();
    let copy = world.clone_of(cili);
    (world, [anna, bela, cili, copy], note)
}

#[test]
fn a_fork_is_seen_by_all_and_judged_alike() {
    for_seeds(6, |seed| {
        let (mut world, [anna, bela, cili, copy], note) = copied(seed);
        world.partition(&[&[anna, cili], &[bela, copy]]);
        world.acquaint(bela, copy);
        for n in 0..3 {
            assert!(world.append(cili, note, &format!("left {n}")));
            assert!(world.append(copy, note, &format!("right {n}")));
            world.run_for(1_000);
        }
        world.run_for(5_000);
        assert!(world.text(anna, note).contains("left") && world.text(bela, note).contains("right"));
        world.settle();
        world.check();
        let device = world.laptops[cili.0].device();
        for who in [anna, bela] {
            assert!(world.laptops[who.0].events.contains(&Event::Fork(device)), "{who:?} isn't told");
            assert!(world.text(who, note).contains("one device"), "what came before the fork counts");
            for branch in ["left", "right"] {
                assert!(!world.text(who, note).contains(branch), "{who:?} shows the {branch} branch");
            }
            let quarantined = world.laptops[who.0].disk.entries().values().filter(|entry| entry.quarantined);
            assert_eq!(quarantined.count(), 6, "both branches are kept, and marked");
        }
        for who in [cili, copy] {
            let stopped = Event::Stopped(StopReason::OwnLogElsewhere);
            assert!(world.laptops[who.0].events.contains(&stopped), "{who:?} writes on");
            assert!(!world.append(who, note, "more"));
        }
        // And all of it is so after a start, too.
        for who in [anna, bela, cili] {
            world.crash(who);
        }
        world.settle();
        world.check();
        assert_eq!(world.laptops[cili.0].sync.stopped(), Some(StopReason::OwnLogElsewhere));
        assert!(!world.append(cili, note, "more"));
    });
}

/// An old backup: the others hold more of this device's log than it does.
#[test]
fn a_restored_backup_stops_before_it_writes_twice_and_takes_back_what_was_lost() {
    let (mut world, [anna, _, cili, backup], note) = copied(9);
    assert!(world.append(cili, note, "after the backup"));
    world.settle();
    world.acquaint(anna, backup);
    world.run_for(5_000);
    assert!(world.laptops[backup.0].events.contains(&Event::Stopped(StopReason::OwnLogElsewhere)));
    assert!(world.text(backup, note).contains("after the backup"));
    assert!(!world.append(backup, note, "a second one of that number"));
    // It stays so when it starts again.
    world.crash(backup);
    world.settle();
    assert_eq!(world.laptops[backup.0].sync.stopped(), Some(StopReason::OwnLogElsewhere));
    assert!(!world.append(backup, note, "a second one of that number"));
    world.settle();
    world.check();
    assert!(world.laptops[anna.0].events.iter().all(|event| !matches!(event, Event::Fork(_))));
}

/// A hostile device forks again and again, ever lower: nobody keeps more than a few branches, all judge alike.
#[test]
fn many_branches_are_bounded_and_judged_alike() {
    for_seeds(3, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let (bela, cili) = (world.join(anna), world.join(anna));
        let note = world.new_note(anna, "Sunday");
        world.acquaint_all();
        world.settle();
        let mut copies = Vec::new();
        for n in 0..7 {
            copies.push(world.clone_of(cili));
            assert!(world.append(cili, note, &format!("trunk {n}")));
            world.settle();
        }
        for (n, copy) in copies.iter().copied().enumerate().rev() {
            assert!(world.append(copy, note, &format!("branch {n}")));
            world.acquaint([anna, bela][n % 2], copy);
            world.run_for(20_000);
        }
        world.settle();
        let verdicts = |who: Who| {
            let entries = world.laptops[who.0].disk.entries().values();
            entries.filter(|entry| !entry.quarantined).count()
        };
        assert_eq!(verdicts(anna), verdicts(bela));
        assert_eq!(world.text(anna, note), world.text(bela, note));
        assert!(!world.text(anna, note).contains("trunk"), "the lowest fork is below all of them");
    });
}

/// A full disk takes some commits and refuses others while both branches arrive: in the end all judge alike all the same.
#[test]
fn a_fork_that_a_full_disk_took_in_part_is_judged_alike() {
    for_seeds(6, |seed| {
        let (mut world, [anna, bela, cili, copy], note) = copied(seed);
        // Only Anna meets both, so that neither of them knows of the other before her disk says so.
        world.partition(&[&[anna, cili, copy], &[bela]]);
        world.acquaint(anna, copy);
        world.run_for(2_000);
        for round in 0..3 {
            world.block(anna, true);
            for n in 0..5 {
                world.append(cili, note, &format!("left {round} {n}"));
                world.append(copy, note, &format!("right {round} {n}"));
                world.run_for(50);
            }
            world.refuse_some(anna);
            world.block(anna, false);
            world.run_for(300);
        }
        world.settle();
        world.check();
        world.crash(anna);
        world.settle();
        world.check();
        let text = world.text(anna, note);
        assert!(text.contains("one device") && !text.contains("left") && !text.contains("right"), "{text}");
    });
}
