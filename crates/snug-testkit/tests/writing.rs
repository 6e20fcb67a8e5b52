//! Laptops that write together while the network, the disks and the power fail.

use snug_testkit::{Chance, Faults, Who, World, for_seeds};
use snug_types::DocumentRef;

fn five(seed: u64) -> (World, Vec<Who>, DocumentRef) {
    let mut world = World::new(seed);
    let anna = world.found();
    let mut all = vec![anna];
    all.extend((0..4).map(|_| world.join(anna)));
    let note = world.new_note(anna, "Sunday");
    world.acquaint_all();
    world.run_for(5_000);
    (world, all, note)
}

fn write(world: &mut World, all: &[Who], note: DocumentRef, rounds: usize, chance: &mut Chance) {
    for round in 0..rounds {
        let who = all[chance.index(all.len())];
        world.append(who, note, &format!("{round} by {}", who.0));
        world.run_for(chance.below(200));
    }
}

#[test]
fn five_laptops_write_in_fair_weather() {
    for_seeds(3, |seed| {
        let (mut world, all, note) = five(seed);
        write(&mut world, &all, note, 60, &mut Chance::new(seed + 1));
        world.settle();
        world.check();
        assert_eq!(world.holding(all[2], note), (5, 5));
    });
}

#[test]
fn frames_are_lost_and_laptops_crash() {
    for_seeds(6, |seed| {
        let (mut world, all, note) = five(seed);
        world.faults = Faults { loss: 20, crash: 30, double: 200, latency: 80, sync: 40 };
        write(&mut world, &all, note, 120, &mut Chance::new(seed + 1));
        world.settle();
        world.check();
        assert!(world.laptops.iter().map(|laptop| laptop.acknowledged.len()).sum::<usize>() > 50);
    });
}

#[test]
fn a_partition_heals() {
    for_seeds(3, |seed| {
        let (mut world, all, note) = five(seed);
        world.partition(&[&[all[0], all[1]], &[all[2], all[3], all[4]]]);
        write(&mut world, &all, note, 40, &mut Chance::new(seed + 1));
        world.run_for(10_000);
        assert_ne!(world.text(all[0], note), world.text(all[4], note), "apart, they can't agree");
        world.settle();
        world.check();
    });
}
