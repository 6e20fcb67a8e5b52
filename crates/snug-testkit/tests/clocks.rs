//! Clocks that are years off decide nothing.

use snug_sync::Scope;
use snug_testkit::{Chance, Faults, World, for_seeds};

const TEN_YEARS: i64 = 10 * 365 * 24 * 3600 * 1000;

#[test]
fn laptops_that_are_ten_years_apart_agree() {
    for_seeds(4, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let all = [anna, world.join(anna), world.join(anna)];
        let note = world.new_note(anna, "Sunday");
        world.acquaint_all();
        let mut chance = Chance::new(seed + 1);
        world.faults = Faults { loss: 10, crash: 10, double: 50, latency: 50, sync: 20 };
        for n in 0..80 {
            if n % 10 == 0 {
                // Somebody sets a clock, by a lot, in either direction.
                let years = i64::try_from(chance.below(21)).unwrap_or(0) - 10;
                world.laptops[all[chance.index(3)].0].skew = years * TEN_YEARS / 10;
            }
            world.append(all[chance.index(3)], note, &format!("{n}"));
            world.run_for(chance.below(200));
        }
        world.settle();
        world.check();
        for who in all {
            assert_eq!(world.holding(who, note), (3, 3));
            let holding = world.laptops[who.0].sync.holding(Scope::Circle);
            let now = world.clock(who);
            assert!(holding.as_of.is_some_and(|at| at <= now), "\"as of\" a time that hasn't come");
        }
    });
}

#[test]
fn a_clock_that_no_calendar_has_isnt_shown_even_after_a_start() {
    for ahead in [9_000_000_000_000_000, i64::MAX] {
        let mut world = World::new(1);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.settle();
        world.laptops[bela.0].skew = ahead;
        assert!(world.append(bela, note, "from beyond"));
        world.settle();
        world.check();
        let heard = world.clock(anna);
        // The receipt goes with the next commit.
        world.partition(&[&[anna], &[bela]]);
        world.new_note(anna, "Monday");
        world.run_for(3_600_000);
        let as_of = |world: &World| {
            let held = world.laptops[anna.0].sync.holding(Scope::Document(note));
            let of_bela =
                held.devices.into_iter().find(|(device, _)| *device == world.laptops[bela.0].device());
            of_bela.and_then(|(_, at)| at)
        };
        let before = as_of(&world);
        assert!(before.is_some_and(|at| at <= heard.plus(1_000)), "{before:?}");
        world.crash(anna);
        world.run_for(10_000);
        assert_eq!(as_of(&world), before, "after a start it isn't news again");
    }
}
