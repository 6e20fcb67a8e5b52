//! `kill -9` and torn logs: whatever was acknowledged is there, and nothing is there by halves.
//!
//! The writer that is killed is this test program itself, started again for the test [`writer_to_be_killed`]. Kills come
//! from a timer while commits are in flight, and only after the first acknowledgement: a kill before one proves nothing.

#![cfg(test)]

mod common;

use common::{CIRCLE, Place, block_on, circle, files, image, numbers, put, setting};
use snug_store::{Folder, Store, StoreKey, Write};
use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

/// Where the writer to be killed works.
const DIR: &str = "SNUG_STORE_TEST_DIR";
/// What it does beside appending.
const MOVES: &str = "SNUG_STORE_TEST_MOVES";
/// Kills in one test; more of them while too few moves went through, as on a busy machine.
const ROUNDS: u64 = 20;
/// Moves that must have gone through, and kills after which that is given up.
const ENOUGH: (u8, u64) = (5, 200);
/// Batches in flight at once.
const IN_FLIGHT: usize = 8;

/// In these tests a wrapped key is the key.
fn open(dir: &Path) -> (Store, u8) {
    let folder = Folder::lock(dir).unwrap();
    let wrapped = folder.wrapped_key().unwrap();
    (Store::open(folder, StoreKey::new([wrapped[0]; 32])).unwrap(), wrapped[0])
}

/// Entry `n` and its double in a setting: both or none.
fn batch(n: u64) -> Vec<Write> {
    vec![put(n, vec![n.to_le_bytes()[0]; 2000]), setting(&name(n), b"")]
}

fn name(n: u64) -> String {
    format!("{n:08}")
}

/// Checks that the store holds the first batches, each whole, and of the next one nothing. Says how many.
async fn whole_batches(store: &Store) -> u64 {
    let found = numbers(store).await;
    let newest = found.last().copied().unwrap_or(0);
    assert_eq!(found, (1..=newest).collect::<Vec<_>>(), "a batch is missing between others");
    for n in 1..=newest + 1 {
        let there = store.setting(&name(n)).await.unwrap().is_some();
        assert_eq!(there, n <= newest, "batch {n} is there by halves");
    }
    newest
}

#[test]
#[ignore = "started by the tests that kill it"]
fn writer_to_be_killed() {
    let Some(dir) = std::env::var_os(DIR).map(PathBuf::from) else { return };
    let moves = std::env::var_os(MOVES).is_some();
    let (store, mut key) = open(&dir);
    block_on(async {
        let (tell, told) = mpsc::channel();
        let mut n = numbers(&store).await.last().copied().unwrap_or(0);
        let mut in_flight = 0;
        loop {
            n += 1;
            let tell = tell.clone();
            store.submit(batch(n), move |result| tell.send((n, result)).unwrap()).await.unwrap();
            in_flight += 1;
            while in_flight >= IN_FLIGHT {
                let (n, result) = told.recv().unwrap();
                result.unwrap();
                in_flight -= 1;
                // One write, so that a kill can't leave half a line behind.
                std::io::stdout().write_all(format!("\nacknowledged {n}\n").as_bytes()).unwrap();
            }
            if moves && n % 9 == 0 {
                key = key.wrapping_add(1);
                store.move_to_fresh_key(StoreKey::new([key; 32]), vec![key], vec![]).await.unwrap();
            }
        }
    });
}

/// Starts the writer, kills it `delay` after its first acknowledgement, and says what it had acknowledged.
fn killed(dir: &Path, moves: bool, delay: Duration) -> Vec<u64> {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "writer_to_be_killed", "--ignored", "--nocapture"]).env(DIR, dir);
    if moves {
        command.env(MOVES, "1");
    }
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let number = |line: String| line.strip_prefix("acknowledged ")?.parse().ok();
    let first: u64 =
        lines.by_ref().find_map(number).expect("the writer ended before it acknowledged anything");
    let timer = thread::spawn(move || {
        thread::sleep(delay);
        kill(child);
    });
    let acknowledged = std::iter::once(first).chain(lines.filter_map(number)).collect();
    timer.join().unwrap();
    acknowledged
}

fn kill(mut child: Child) {
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(status.code().is_none(), "the writer ended by itself: {status}");
}

/// Kills the writer again and again and looks at what it left each time.
fn kill_again_and_again(moves: bool) {
    let place = Place::new();
    let dir = place.dir();
    let store = Store::create(Folder::create(&dir).unwrap(), StoreKey::new([1; 32]), vec![1]).unwrap();
    block_on(async {
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        store.close().await;
    });
    let (mut last, mut keys, mut per_kill) = (0, 1, Vec::new());
    for round in 0..ENOUGH.1 {
        if round >= ROUNDS && (!moves || keys > ENOUGH.0) {
            break;
        }
        // Spread over the commits, the groups, the checkpoints and the moves.
        let acknowledged = killed(&dir, moves, Duration::from_micros(997 * round * round % 83_000));
        per_kill.push(acknowledged.len());
        let (store, key) = open(&dir);
        keys = keys.max(key);
        block_on(async {
            let newest = whole_batches(&store).await;
            assert!(Some(newest) >= acknowledged.last().copied(), "acknowledged, but not there");
            assert!(newest >= last, "it was there at the kill before");
            last = newest;
            store.close().await;
        });
    }
    let fewest = per_kill.iter().min().copied().unwrap_or(0);
    println!(
        "{} kills, {keys} keys, {last} entries; acknowledgements per kill: {per_kill:?}, at least {fewest}",
        per_kill.len()
    );
    assert!(fewest >= 1);
    assert!(!moves || keys > ENOUGH.0, "hardly a move was under way");
}

#[test]
fn what_was_acknowledged_survives_kills() {
    kill_again_and_again(false);
}

#[test]
fn what_was_acknowledged_survives_kills_while_moving() {
    kill_again_and_again(true);
}

/// A power cut may lose any part of the log that wasn't synced: what is left is a beginning of what was committed.
#[test]
fn a_torn_log_leaves_a_beginning() {
    let place = Place::new();
    let whole = Place::new();
    let store = whole.create();
    block_on(async {
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        for n in 1..=12 {
            store.commit(batch(n)).await.unwrap();
        }
    });
    image(&whole.dir(), &place.dir());
    block_on(store.close());
    let log = place.dir().join("store-1.db-wal");
    let bytes = fs::read(&log).unwrap();
    let saved = files(&place.dir());

    let mut lengths = Vec::new();
    let cuts = (0..bytes.len()).step_by(bytes.len() / 40).map(|at| bytes[..at].to_vec());
    let flips = (0..bytes.len()).step_by(bytes.len() / 40).map(|at| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    });
    for torn in cuts.chain(flips) {
        for (name, bytes) in &saved {
            fs::write(place.dir().join(name), bytes).unwrap();
        }
        fs::write(&log, torn).unwrap();
        // Cut off at its beginning, the database doesn't even have its schema yet: an error, no panic.
        let store = match place.open() {
            Ok(store) => store,
            Err(error) => {
                assert!(matches!(error, snug_store::StoreError::Damaged { .. }), "{error:?}");
                continue;
            }
        };
        block_on(async {
            lengths.push(whole_batches(&store).await);
            store.close().await;
        });
    }
    assert!(lengths.contains(&0) && lengths.contains(&6) && lengths.iter().max() < Some(&13), "{lengths:?}");
}

/// Pages that were changed or swapped behind the store's back are noticed: each is authenticated with its place.
#[test]
fn a_damaged_page_is_an_error() {
    let place = Place::new();
    let store = place.create();
    block_on(async {
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        for n in 1..=50 {
            store.commit(batch(n)).await.unwrap();
        }
        store.close().await;
    });
    let path = place.dir().join("store-1.db");
    let whole = fs::read(&path).unwrap();
    let pages = whole.len() / 4096;
    let mut swapped = whole.clone();
    let (first, second) = swapped.split_at_mut((pages - 1) * 4096);
    first[(pages - 2) * 4096..].swap_with_slice(second);
    let mut flipped = whole.clone();
    for page in 1..pages {
        flipped[page * 4096 + 2000] ^= 1;
    }
    for bad in [&swapped, &flipped, &whole[..whole.len() / 2].to_vec()] {
        fs::write(&path, bad).unwrap();
        let result = place.open().and_then(|store| {
            block_on(async {
                for n in 1..=50 {
                    store.entries(CIRCLE, common::DEVICE, snug_types::Seq(n), snug_types::Seq(n), 1).await?;
                    store.setting(&name(n)).await?;
                }
                Ok(())
            })
        });
        assert!(result.is_err(), "damage went unnoticed");
    }
}
