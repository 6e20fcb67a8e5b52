//! A member whose laptop sends garbage: its session ends, nobody is harmed.

use snug_sync::CloseReason;
use snug_testkit::{Chance, Event, World, for_seeds};

#[test]
fn damaged_frames_end_a_session_and_nothing_else() {
    for_seeds(8, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let (bela, cili) = (world.join(anna), world.join(anna));
        let note = world.new_note(anna, "Sunday");
        world.acquaint_all();
        world.run_for(3_000);
        world.hostile.insert(cili, 300);
        for n in 0..60 {
            world.append([anna, bela, cili][n % 3], note, &format!("{n}"));
            world.run_for(300);
        }
        // Anna and Bela write on undisturbed.
        assert_eq!(
            world
                .text(anna, note)
                .lines()
                .filter(|line| line.parse::<u32>().is_ok_and(|n| n % 3 == 1))
                .count(),
            20
        );
        let reasons: Vec<_> =
            [anna, bela].iter().flat_map(|who| world.laptops[who.0].events.clone()).collect();
        assert!(reasons.iter().any(|e| matches!(e, Event::Closed(CloseReason::Malformed(_)))), "{reasons:?}");
        world.settle();
        world.check();
    });
}

/// Every frame that was ever sent, damaged in every way, to a laptop that expects none of it.
#[test]
fn injected_garbage_never_panics_and_never_stays() {
    for_seeds(4, |seed| {
        let mut world = World::new(seed);
        let anna = world.found();
        let bela = world.join(anna);
        let note = world.new_note(anna, "Sunday");
        world.settle();
        let mut chance = Chance::new(seed + 1);
        let before = world.laptops[anna.0].disk.entries().len();
        for _ in 0..400 {
            let mut frame = vec![1, 1 + u8::try_from(chance.below(10)).unwrap_or(0)];
            frame.extend((0..chance.index(200)).map(|_| u8::try_from(chance.below(4)).unwrap_or(0)));
            if chance.per_mille(300) {
                chance.damage(&mut frame);
            }
            world.inject(bela, anna, &frame);
            world.run_for(chance.below(400));
        }
        assert_eq!(world.laptops[anna.0].disk.entries().len(), before);
        assert!(world.append(bela, note, "still here"));
        world.settle();
        world.check();
        assert!(world.text(anna, note).contains("still here"));
    });
}

#[test]
fn frames_over_the_bound_and_of_unknown_versions_end_the_session() {
    let mut world = World::new(4);
    let anna = world.found();
    let bela = world.join(anna);
    world.settle();
    for frame in [vec![0; (1 << 20) + 1], vec![2, 1], vec![1, 200], vec![], vec![1, 3, 255, 255, 255, 255]] {
        world.settle();
        let closed = |world: &World| {
            world.laptops[anna.0].events.iter().filter(|e| matches!(e, Event::Closed(_))).count()
        };
        let before = closed(&world);
        assert!(world.inject(bela, anna, &frame), "they are connected again");
        assert_eq!(closed(&world), before + 1);
    }
}
