//! Somebody who repeats what laptops say to each other. Alone in its program: it hears every beacon on the machine.

use anyhow::{Result, ensure};
use snug_scenarios::{Outsider, Room, agree, proven};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Beacons that are kept: a laptop that misses another says so in each.
const BEACONS: usize = 6;
/// How long they are repeated: several times what two laptops leave between two dials.
const ATTACK: Duration = Duration::from_secs(14);
const GAP: Duration = Duration::from_millis(500);

#[test]
fn a_repeated_beacon_ends_no_session() -> Result<()> {
    let outsider = Outsider::new()?;
    let room = Room::new()?;
    let (anna, mut ben, circle) = room.circle_of_two()?;
    let note = anna.ok(&["note", "new", &circle, "Diary"])?;
    agree(&[&anna, &ben], &circle, &note, &[])?;
    // Anna's laptop misses Ben's, and says so.
    ben.down()?;
    let beacons = outsider.hear(BEACONS)?;
    ben.up()?;
    ben.ok(&["note", "append", &circle, &note, "before"])?;
    agree(&[&anna, &ben], &circle, &note, &["before"])?;

    // Whoever saw the other come, saw it by now.
    let met: Vec<String> = [anna.said(), ben.said()].concat();
    ensure!(met.iter().any(|line| line.contains("is near")), "{met:?}");
    let begun = Instant::now();
    let mut repeated = 0;
    while begun.elapsed() < ATTACK {
        outsider.repeat(&beacons)?;
        repeated += beacons.len();
        // The rhythm of the attack, not a wait for something to be true.
        sleep(GAP);
    }
    anna.ok(&["note", "append", &circle, &note, "after"])?;
    agree(&[&anna, &ben], &circle, &note, &["after"])?;
    let said: Vec<String> = [anna.said(), ben.said()].concat();
    let moved: Vec<_> =
        said.iter().filter(|line| line.contains("is near") || line.contains("out of reach")).collect();
    ensure!(moved.is_empty(), "the session was taken down and set up again: {moved:?}");
    proven(&format!("{repeated} repeated beacons, and the session stood"));
    Ok(())
}
