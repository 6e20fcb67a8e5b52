//! What goes over the wire, and how much.

use snug_testkit::{Who, World};

fn all_sent(world: &World) -> u64 {
    (0..world.laptops.len()).map(|n| world.sent(Who(n))).sum()
}

#[test]
fn nothing_new_costs_one_summary_each_way() {
    let mut world = World::new(1);
    let anna = world.found();
    let bela = world.join(anna);
    for n in 0..50 {
        world.new_note(anna, &format!("Note {n}"));
        world.run_for(100);
    }
    world.settle();
    world.part(anna, bela);
    world.run_for(10_000);
    let before = all_sent(&world);
    world.acquaint(anna, bela);
    world.run_for(30_000);
    let bytes = all_sent(&world) - before;
    assert_eq!(bytes, 2 * 34, "a version, a tag and a hash each way");

    // And after both were off: what each said last is on its disk.
    world.run_for(5_000);
    world.crash(anna);
    world.crash(bela);
    world.run_for(500);
    let before = all_sent(&world);
    world.run_for(30_000);
    let bytes = all_sent(&world) - before;
    assert!(bytes > 0, "they didn't meet");
    assert!(bytes <= 1_000, "{bytes} bytes to find out that nothing is new");
}

#[test]
fn an_idle_circle_is_silent_but_for_a_word_a_minute() {
    let mut world = World::new(2);
    let anna = world.found();
    let bela = world.join(anna);
    world.new_note(anna, "Sunday");
    world.settle();
    let before = all_sent(&world);
    world.run_for(600_000);
    let per_second = (all_sent(&world) - before) / 600;
    assert!(per_second <= 5, "{per_second} bytes a second between {anna:?} and {bela:?}");
}

#[test]
fn an_edit_reaches_each_laptop_about_once() {
    let mut world = World::new(3);
    let anna = world.found();
    for _ in 0..7 {
        world.join(anna);
    }
    let note = world.new_note(anna, "Sunday");
    world.acquaint_all();
    world.settle();
    // The first edits teach who gets whose entries from whom.
    for n in 0..8 {
        world.append(Who(n), note, "warm up");
        world.run_for(5_000);
    }
    let before = all_sent(&world);
    let line = "x".repeat(20_000);
    assert!(world.append(anna, note, &line));
    world.run_for(5_000);
    let bytes = all_sent(&world) - before;
    let stored = world.laptops[anna.0].disk.entries().values().map(|entry| entry.envelope.len()).max();
    let once = stored.unwrap_or(0) as u64 * 7;
    assert!(bytes <= once * 3 / 2, "{bytes} bytes for {once} that had to be sent");
    world.settle();
    world.check();
}

/// A cold start that is cut off again and again goes on where it was.
#[test]
fn a_cold_start_that_breaks_goes_on() {
    let mut world = World::new(4);
    let anna = world.found();
    let mut line = String::new();
    for n in 0..40 {
        line.clear();
        line.extend((0..20_000).map(|i| char::from(b'a' + u8::try_from((i * 7 + n) % 26).unwrap_or(0))));
        let note = world.new_note(anna, &format!("Note {n}"));
        assert!(world.append(anna, note, &line));
        world.run_for(20);
    }
    world.run_for(1_000);
    let stored: usize = world.laptops[anna.0].disk.entries().values().map(|entry| entry.envelope.len()).sum();
    assert!(stored > 800_000, "{stored} bytes aren't a test of anything");
    let bela = world.join(anna);
    for _ in 0..6 {
        world.run_for(40);
        world.part(anna, bela);
        world.acquaint(anna, bela);
    }
    world.settle();
    world.check();
    let sent = usize::try_from(world.sent(anna)).unwrap_or(usize::MAX);
    assert!(sent < stored * 2, "{sent} bytes sent for {stored}");
}
