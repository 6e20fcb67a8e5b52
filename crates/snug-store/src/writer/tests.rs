use super::*;
use crate::{Store, row};
use snug_types::{CircleId, OpHash};
use std::sync::{Arc, mpsc};
use tempfile::TempDir;
use tokio::sync::Semaphore;

fn writer(temp: &TempDir) -> Writer {
    let dir = temp.path().join("laptop");
    let key = StoreKey::new([1; 32]);
    let store = Store::create(Folder::create(&dir).unwrap(), key.clone(), vec![]).unwrap();
    block_on(store.close());
    Writer::open(Folder::lock(&dir).unwrap(), Number::FIRST, key).unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn setting(name: &str) -> Write {
    Write::PutSetting { name: name.into(), value: vec![1] }
}

fn orphan() -> Write {
    let op = row::OpRow { hash: OpHash([1; 32]), bytes: vec![] };
    Write::PutOp { circle: CircleId([1; 32]), op }
}

/// Commits these batches as one group and says what each was told.
fn commit(writer: &mut Writer, group: Vec<Vec<Write>>) -> Vec<Result<(), StoreError>> {
    commit_in(writer, group.into_iter().map(|writes| (None, writes)).collect())
}

/// The same, each in its lane.
fn commit_in(writer: &mut Writer, group: Vec<(Option<CircleId>, Vec<Write>)>) -> Vec<Result<(), StoreError>> {
    let room = Arc::new(Semaphore::new(group.len()));
    let (tell, told) = mpsc::channel();
    let group = group
        .into_iter()
        .map(|(lane, writes)| {
            let tell = tell.clone();
            let committed = Committed::new(move |result| tell.send(result).unwrap());
            let room = Arc::clone(&room).try_acquire_owned().unwrap();
            Batch { lane, weight: 0, writes, committed, _room: room }
        })
        .collect();
    drop(tell);
    writer.commit(group);
    told.iter().collect()
}

fn settings(writer: &Writer) -> Vec<String> {
    let mut names = writer.conn.prepare("SELECT name FROM setting ORDER BY name").unwrap();
    names.query_map([], |row| row.get(0)).unwrap().collect::<Result<_, _>>().unwrap()
}

#[test]
fn a_bad_batch_fails_alone_in_its_group() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let group = vec![vec![setting("a")], vec![setting("b"), orphan()], vec![setting("c")], vec![]];
    assert_eq!(commit(&mut writer, group), [Ok(()), Err(StoreError::Unknown), Ok(()), Ok(())]);
    assert_eq!(settings(&writer), ["a", "c"]);
    assert_eq!(commit(&mut writer, vec![vec![setting("d"), orphan()]]), [Err(StoreError::Unknown)]);
    assert_eq!(commit(&mut writer, vec![vec![setting("e")]]), [Ok(())]);
    assert_eq!(settings(&writer), ["a", "c", "e"]);
}

const LANE: Option<CircleId> = Some(CircleId([1; 32]));
const OTHER: Option<CircleId> = Some(CircleId([2; 32]));

fn behind(error: &StoreError) -> Result<(), StoreError> {
    Err(StoreError::AfterFailure { why: error.to_string() })
}

#[test]
fn behind_a_failure_nothing_of_its_lane_is_kept() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let group = vec![
        (LANE, vec![setting("a")]),
        (OTHER, vec![setting("b")]),
        (LANE, vec![setting("c"), orphan()]),
        (LANE, vec![setting("d")]),
        (OTHER, vec![setting("e")]),
        (None, vec![setting("f")]),
        (LANE, vec![]),
    ];
    let after = || behind(&StoreError::Unknown);
    let expected = [Ok(()), Ok(()), Err(StoreError::Unknown), after(), Ok(()), Ok(()), after()];
    assert_eq!(commit_in(&mut writer, group), expected);
    // Neither in later groups, nor alone.
    assert_eq!(commit_in(&mut writer, vec![(LANE, vec![setting("g")]), (OTHER, vec![])]), [after(), Ok(())]);
    assert_eq!(commit_in(&mut writer, vec![(LANE, vec![setting("h")])]), [after()]);
    assert_eq!(settings(&writer), ["a", "b", "e", "f"]);

    writer.lanes.reopen(CircleId([1; 32]));
    assert_eq!(commit_in(&mut writer, vec![(LANE, vec![setting("i")])]), [Ok(())]);
    // A batch that was alone closes its lane as well.
    assert_eq!(commit_in(&mut writer, vec![(LANE, vec![orphan()])]), [Err(StoreError::Unknown)]);
    assert_eq!(commit_in(&mut writer, vec![(LANE, vec![setting("j")])]), [after()]);
    assert_eq!(settings(&writer), ["a", "b", "e", "f", "i"]);
}

#[test]
fn a_circle_that_is_forgotten_leaves_no_closed_lane() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let forget = || vec![Write::ForgetCircle(CircleId([1; 32]))];
    for forgotten_by_moving in [false, true] {
        assert_eq!(commit_in(&mut writer, vec![(LANE, vec![orphan()])]), [Err(StoreError::Unknown)]);
        if forgotten_by_moving {
            writer.move_to(StoreKey::new([2; 32]), vec![], &forget()).unwrap();
        } else {
            assert_eq!(commit(&mut writer, vec![forget()]), [Ok(())]);
        }
        assert_eq!(commit_in(&mut writer, vec![(LANE, vec![])]), [Ok(())]);
    }
}

#[test]
fn a_group_is_one_transaction() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    // What the hook sees: one growth of the log for the whole group.
    thread_local!(static COMMITS: Cell<u32> = const { Cell::new(0) });
    writer.conn.wal_hook(Some(|_, _| {
        COMMITS.set(COMMITS.get() + 1);
        Ok(())
    }));
    let group = (0..50).map(|n| vec![setting(&n.to_string())]).collect();
    assert!(commit(&mut writer, group).iter().all(Result::is_ok));
    assert_eq!(COMMITS.get(), 1);
}

#[test]
fn what_does_not_fit_together_is_tried_alone() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    // A database that may grow by a few pages stands for a disk with little room.
    let pages: u32 = writer.conn.query_row("PRAGMA page_count", [], |row| row.get(0)).unwrap();
    let limit = |writer: &Writer, pages: u32| {
        writer.conn.query_row(&format!("PRAGMA max_page_count = {pages}"), [], |_| Ok(())).unwrap();
    };
    limit(&writer, pages + 2);
    let large = Write::PutSetting { name: "large".into(), value: vec![0; 100_000] };
    let group = vec![vec![setting("a")], vec![setting("b"), large.clone()], vec![setting("c")]];
    assert_eq!(commit(&mut writer, group), [Ok(()), Err(StoreError::DiskFull), Ok(())]);
    assert_eq!(settings(&writer), ["a", "c"]);

    // In a lane the small one that would fit is behind the large one that doesn't.
    let group = vec![
        (LANE, vec![setting("d")]),
        (LANE, vec![large.clone()]),
        (LANE, vec![setting("e")]),
        (None, vec![setting("f")]),
    ];
    let expected = [Ok(()), Err(StoreError::DiskFull), Err(StoreError::DiskFull), Ok(())];
    assert_eq!(commit_in(&mut writer, group), expected);
    assert_eq!(settings(&writer), ["a", "c", "d", "f"]);

    limit(&writer, pages + 1000);
    assert_eq!(commit(&mut writer, vec![vec![setting("b"), large]]), [Ok(())]);
}

#[test]
fn after_an_input_output_error_nothing_is_written() {
    let temp = TempDir::new().unwrap();
    let mut writer = writer(&temp);
    let error = StoreError::Database { code: rusqlite::ffi::SQLITE_IOERR_FSYNC, message: "sync".into() };
    writer.stop(&error);
    for group in [vec![vec![setting("a")]], vec![vec![setting("b")], vec![]]] {
        for result in commit(&mut writer, group) {
            assert_eq!(result, Err(StoreError::Stopped { why: error.to_string() }));
        }
    }
    assert_eq!(settings(&writer), [] as [&str; 0]);
}

#[test]
fn the_log_is_folded_in_when_it_has_grown() {
    let temp = TempDir::new().unwrap();
    let writer = writer(&temp);
    let dir = writer.folder.path().to_owned();
    let (queue, jobs) = mpsc::channel();
    let room = Arc::new(Semaphore::new(1000));
    let submit = |weight, batch, committed| {
        let room = Arc::clone(&room).try_acquire_owned().unwrap();
        queue.send(Job::Commit(Batch { lane: None, weight, writes: batch, committed, _room: room })).unwrap();
    };
    // All are queued before the writer starts, so none of them finds it idle.
    for n in 0..40_u8 {
        let batch = vec![Write::PutSetting { name: n.to_string(), value: vec![n; 1 << 20] }];
        submit(GROUP_BYTES, batch, Committed::new(|result| assert_eq!(result, Ok(()))));
    }
    let (tell, told) = mpsc::channel();
    let log = dir.join("store-1.db-wal");
    let size = move |_| tell.send(std::fs::metadata(&log).unwrap().len()).unwrap();
    submit(0, vec![], Committed::new(size));
    drop(queue);
    writer.run(&jobs);
    let size = told.recv().unwrap();
    assert!(size < 20 << 20, "a log of {size} bytes behind 40 MiB of commits");
}
