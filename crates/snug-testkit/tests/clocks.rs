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
