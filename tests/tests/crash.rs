//! Killing `snug` while it writes: every word that was acknowledged is there afterwards.
//!
//! A kill only counts if something was acknowledged before it, and it comes from a timer while appends are in flight.

use anyhow::{Result, ensure};
use snug_scenarios::{Laptop, Room, finish, proven};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

const KILLS: usize = 12;
const WRITERS: usize = 2;

#[test]
fn what_was_acknowledged_survives_kill_9() -> Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    let note = anna.ok(&["note", "new", &circle, "Diary"])?;
    let mut acknowledged = Vec::new();
    let mut per_kill = Vec::new();
    for kill in 0..KILLS {
        anna.up()?;
        let fresh = until_killed(&mut anna, kill, &circle, &note)?;
        ensure!(!fresh.is_empty(), "a kill without an acknowledgement proves nothing");
        per_kill.push(fresh.len());
        acknowledged.extend(fresh);
        // Opening the store again is what a person would do next.
        let text = anna.ok(&["note", "show", &circle, &note])?;
        for word in &acknowledged {
            ensure!(
                text.matches(word.as_str()).count() == 1,
                "{word} was acknowledged before kill {kill} and isn't there once: {text}"
            );
        }
    }
    proven(&format!("{KILLS} kills, acknowledgements before each: {per_kill:?}, none lost"));
    Ok(())
}

/// Appends from several writers at once until the timer kills `snug up`. The words that were acknowledged.
fn until_killed(anna: &mut Laptop, kill: usize, circle: &str, note: &str) -> Result<Vec<String>> {
    let acknowledged = Mutex::new(Vec::new());
    let (first, some) = mpsc::channel();
    let over = AtomicBool::new(false);
    let write = |writer: usize, commands: Vec<(String, std::process::Command)>| {
        for (word, mut command) in commands {
            if over.load(Ordering::SeqCst) {
                return;
            }
            // Without a passphrase it can only go through the running `snug up`.
            command.env_remove("SNUG_PASSPHRASE_FILE");
            let done = finish(&mut command, b"").is_ok_and(|finished| finished.code == Some(0));
            if done && let Ok(mut list) = acknowledged.lock() {
                list.push(word);
                // Nobody listens after the first.
                let _ = first.send(writer);
            }
        }
    };
    let plan = |writer: usize| -> Vec<_> {
        (0..500)
            .map(|n| {
                let word = format!("k{kill}w{writer}n{n}e");
                let command = anna.command(&["note", "append", circle, note, &word]);
                (word, command)
            })
            .collect()
    };
    let plans: Vec<_> = (0..WRITERS).map(plan).collect();
    std::thread::scope(|scope| {
        for (writer, commands) in plans.into_iter().enumerate() {
            let write = &write;
            scope.spawn(move || write(writer, commands));
        }
        let outcome = some.recv_timeout(snug_scenarios::PATIENCE);
        // A different moment each time: this is the timer, not a wait for something to be true.
        std::thread::sleep(Duration::from_millis(7 * u64::try_from(kill).unwrap_or(0) + 3));
        let killed = anna.kill();
        over.store(true, Ordering::SeqCst);
        outcome.map_err(anyhow::Error::from).and(killed)
    })?;
    acknowledged.into_inner().map_err(|_| anyhow::anyhow!("a writer panicked"))
}
