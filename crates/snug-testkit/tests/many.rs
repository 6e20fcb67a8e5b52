//! As many laptops as a circle is made for.

use snug_testkit::{Chance, Who, World, for_seeds};

/// A circle of so many, each knowing a few others; edits reach everybody.
#[allow(clippy::print_stdout, reason = "a measurement to look at")]
fn crowd(seed: u64, laptops: usize, friends: usize) {
    let mut world = World::new(seed);
    let anna = world.found();
    let note = world.new_note(anna, "Sunday");
    let mut chance = Chance::new(seed + 1);
    for n in 1..laptops {
        world.admit(anna);
        world.run_for(10);
        for _ in 0..friends {
            world.acquaint(Who(chance.index(n)), Who(n));
        }
    }
    world.settle();
    let line = "x".repeat(2_000);
    let before: u64 = (0..laptops).map(|n| world.sent(Who(n))).sum();
    assert!(world.append(Who(laptops - 1), note, &line));
    assert!(world.append(Who(laptops / 2), note, "and bread"));
    world.run_for(30_000);
    let bytes: u64 = (0..laptops).map(|n| world.sent(Who(n))).sum::<u64>() - before;
    for n in 0..laptops {
        assert!(world.text(Who(n), note).contains("and bread"), "laptop {n} hasn't heard");
    }
    println!(
        "{laptops} laptops, one edit of 2 kB and a small one: {} bytes for each laptop",
        bytes / laptops as u64
    );
    world.settle();
    world.check();
}

#[test]
fn thirty_laptops() {
    for_seeds(1, |seed| crowd(seed, 30, 2));
}

#[test]
#[ignore = "takes minutes without optimisation: cargo test --release -p snug-testkit --test many -- --ignored --nocapture"]
fn a_hundred_and_fifty_laptops() {
    crowd(1, 150, 2);
}
