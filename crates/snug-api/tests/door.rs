//! The door of a window: its folder is held in every state, and what is asked through its socket is answered in each.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by unwrapping")]

use snug_api::command::{CircleFound, CircleList, Me, NoteAppend, NoteNew, NoteShow};
use snug_api::view::Kind;
use snug_api::{
    ApiError, Claimed, Client, Desk, Door, DoorConfig, DoorState, ErrorCode, Event, Raises, Server, Service,
};
use std::collections::BTreeMap;
use std::future::Future;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;
use tempfile::TempDir;

const PASSPHRASE: &str = "tea at four";

struct Place {
    root: TempDir,
}

impl Place {
    fn new() -> Self {
        Self { root: tempfile::tempdir().unwrap() }
    }

    /// With a laptop in it.
    async fn of(name: &str) -> Self {
        let place = Self::new();
        Desk::create(&place.folder(), PASSPHRASE, name).await.unwrap();
        place
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("laptop")
    }

    async fn claim(&self) -> Result<Claimed, ApiError> {
        let interfaces = Some(vec!["lo".to_owned()]);
        Door::claim(&self.folder(), DoorConfig { interfaces, dial: Vec::new() }).await
    }

    async fn door(&self) -> (Door, Raises) {
        match self.claim().await.unwrap() {
            Claimed::Here(door, raises) => (door, raises),
            Claimed::Raised => panic!("somebody else has the folder"),
        }
    }

    async fn client(&self) -> Client {
        Client::connect(&self.folder()).await.unwrap().expect("nobody answers")
    }

    /// What a command is told through the socket.
    async fn told(&self) -> Option<ErrorCode> {
        self.client().await.call(CircleList {}).await.err().map(|error| error.code)
    }
}

fn names(folder: &Path) -> Vec<String> {
    contents(folder).into_keys().collect()
}

/// Names, bytes and permissions.
fn contents(folder: &Path) -> BTreeMap<String, (Vec<u8>, u32)> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    entries
        .map(|entry| {
            let mode = entry.metadata().unwrap().permissions().mode();
            let bytes = std::fs::read(entry.path()).unwrap_or_default();
            (entry.file_name().into_string().unwrap(), (bytes, mode))
        })
        .collect()
}

/// Time enough for anything, so that a deadlock is told and not waited for.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_mins(1), what).await.expect("it takes too long")
}

fn reading() -> CircleFound {
    CircleFound { name: "Reading".into(), kind: Kind::Interest }
}

#[tokio::test]
async fn a_fresh_folder_is_held_and_a_laptop_made_in_it() {
    let place = Place::new();
    let (door, _raises) = place.door().await;
    assert_eq!(door.state(), DoorState::Fresh);
    assert_eq!(names(&place.folder()), ["lock", "snug.sock"]);
    assert_eq!(std::fs::metadata(place.folder()).unwrap().permissions().mode() & 0o777, 0o700);
    assert_eq!(place.told().await, Some(ErrorCode::NoStore));
    assert_eq!(door.unlock(PASSPHRASE).await.unwrap_err().code, ErrorCode::NoStore);
    assert_eq!(Desk::create(&place.folder(), PASSPHRASE, "Eve").await.unwrap_err().code, ErrorCode::InUse);
    assert_eq!(door.create("Anna", "").await.unwrap_err().code, ErrorCode::EmptyPassphrase);
    assert_eq!(door.create(" ", PASSPHRASE).await.unwrap_err().code, ErrorCode::BadText);
    assert_eq!(names(&place.folder()), ["lock", "snug.sock"], "what is refused leaves nothing");

    door.create("Anna", PASSPHRASE).await.unwrap();
    assert_eq!(door.state(), DoorState::Open);
    assert_eq!(place.client().await.call(Me {}).await.unwrap().name, "Anna");
    assert_eq!(door.create("Eve", PASSPHRASE).await.unwrap_err().code, ErrorCode::AlreadyThere);
    door.close().await.unwrap();
    assert_eq!(names(&place.folder()), ["key", "lock", "store-1.db"]);
    Desk::open(&place.folder(), PASSPHRASE).await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn a_fresh_door_that_closes_leaves_room_for_everybody() {
    let place = Place::new();
    for _ in 0..2 {
        let (door, _raises) = place.door().await;
        std::fs::write(place.folder().join("window.json"), "{}").unwrap();
        door.close().await.unwrap();
        door.close().await.unwrap();
        assert_eq!(names(&place.folder()), ["lock", "window.json"]);
        assert_eq!(door.unlock(PASSPHRASE).await.unwrap_err().code, ErrorCode::Closing);
    }
    Desk::create(&place.folder(), PASSPHRASE, "Anna").await.unwrap();
}

#[tokio::test]
async fn what_is_put_into_a_fresh_folder_meanwhile_is_left_alone() {
    let place = Place::new();
    let (door, _raises) = place.door().await;
    std::fs::write(place.folder().join("letter.txt"), "Dear").unwrap();
    assert_eq!(door.create("Anna", PASSPHRASE).await.unwrap_err().code, ErrorCode::ForeignFolder);
    assert_eq!(names(&place.folder()), ["letter.txt", "lock", "snug.sock"]);
    std::fs::remove_file(place.folder().join("letter.txt")).unwrap();
    door.create("Anna", PASSPHRASE).await.unwrap();
}

#[tokio::test]
async fn a_second_start_raises_the_first_in_every_state() {
    let place = Place::new();
    let (door, mut raises) = place.door().await;
    let states = [DoorState::Fresh, DoorState::Open, DoorState::Locked];
    for state in states {
        match state {
            DoorState::Open => door.create("Anna", PASSPHRASE).await.unwrap(),
            DoorState::Locked => door.lock().await.unwrap(),
            _ => {}
        }
        assert_eq!(door.state(), state);
        assert!(matches!(place.claim().await, Ok(Claimed::Raised)), "{state:?}");
        // One that waits stands for all.
        assert!(matches!(place.claim().await, Ok(Claimed::Raised)), "{state:?}");
        assert_eq!(raises.recv().await, Some(()));
        assert!(raises.try_recv().is_err());
        assert_eq!(door.state(), state, "showing a window opens nothing");
    }
    door.close().await.unwrap();
    let (door, _raises) = place.door().await;
    assert_eq!(door.state(), DoorState::Locked);
}

#[tokio::test]
async fn what_has_no_window_cannot_show_one() {
    let place = Place::of("Anna").await;
    let desk = Desk::open(&place.folder(), PASSPHRASE).await.unwrap();
    let server = Server::start(&place.folder(), desk.clone()).unwrap();
    let error = place.claim().await.err().unwrap();
    assert_eq!(error.code, ErrorCode::InUse);
    assert!(error.message.contains("without a window"), "{error}");
    server.close().await;
    desk.close().await.unwrap();
}

#[tokio::test]
async fn one_who_is_about_to_close_is_waited_for() {
    let place = Place::of("Anna").await;
    let desk = Desk::open(&place.folder(), PASSPHRASE).await.unwrap();
    let claim = place.claim();
    tokio::pin!(claim);
    // It doesn't give up while nobody answers.
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut claim).await.is_err());
    desk.close().await.unwrap();
    let Claimed::Here(door, _raises) = claim.await.unwrap() else { panic!("nobody is there to raise") };
    assert_eq!(door.state(), DoorState::Locked);
}

#[tokio::test]
async fn a_window_that_closes_is_waited_for() {
    let place = Place::new();
    let (door, raises) = place.door().await;
    // It shows itself no more, and writes what waits.
    drop(raises);
    assert_eq!(place.client().await.raise().await.unwrap_err().code, ErrorCode::Closing);
    let claim = place.claim();
    tokio::pin!(claim);
    assert!(tokio::time::timeout(Duration::from_millis(200), &mut claim).await.is_err());
    door.close().await.unwrap();
    assert!(matches!(claim.await, Ok(Claimed::Here(..))));
}

#[tokio::test]
async fn a_wrong_passphrase_opens_nothing_and_the_right_one_does() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    assert_eq!(place.told().await, Some(ErrorCode::Locked));
    assert_eq!(door.desk().err().unwrap().code, ErrorCode::Locked);
    for wrong in ["", "tea at five"] {
        assert_eq!(door.unlock(wrong).await.unwrap_err().code, ErrorCode::WrongPassphrase);
        assert_eq!(door.state(), DoorState::Locked);
        assert_eq!(place.told().await, Some(ErrorCode::Locked));
    }
    assert_eq!(std::fs::read_to_string(place.folder().join("tries")).unwrap(), "2", "wrong ones are counted");
    door.unlock(PASSPHRASE).await.unwrap();
    assert_eq!(door.state(), DoorState::Open);
    assert_eq!(place.told().await, None);
    assert!(!place.folder().join("tries").exists());
}

#[tokio::test]
async fn a_folder_that_cannot_be_used_is_left_as_it_is() {
    let foreign = Place::new();
    std::fs::create_dir(foreign.folder()).unwrap();
    std::fs::write(foreign.folder().join("letter.txt"), "Dear").unwrap();
    let damaged = Place::of("Anna").await;
    std::fs::write(damaged.folder().join("key"), "snug key").unwrap();
    let file = Place::new();
    std::fs::write(file.folder(), "a file").unwrap();
    for (place, code) in [(&foreign, ErrorCode::ForeignFolder), (&damaged, ErrorCode::DamagedStore)] {
        let before = contents(&place.folder());
        let mode = std::fs::metadata(place.folder()).unwrap().permissions().mode();
        for _ in 0..2 {
            let (door, _raises) = place.door().await;
            let DoorState::Unusable { error } = door.state() else { panic!("{:?}", door.state()) };
            assert_eq!(error.code, code);
            assert_eq!(door.unlock(PASSPHRASE).await, Err(error.clone()));
            assert_eq!(door.create("Anna", PASSPHRASE).await, Err(error));
            door.lock().await.unwrap();
            // Nobody holds it: a program that can use it may.
            let (second, _raises) = place.door().await;
            assert_eq!(second.state(), door.state());
            door.close().await.unwrap();
        }
        assert!(contents(&place.folder()) == before, "{code:?}: something has changed");
        assert_eq!(std::fs::metadata(place.folder()).unwrap().permissions().mode(), mode);
    }
    let (door, _raises) = file.door().await;
    assert!(matches!(door.state(), DoorState::Unusable { error } if error.code == ErrorCode::DiskError));
}

#[tokio::test]
async fn damage_that_only_the_passphrase_shows_is_told_and_left() {
    let place = Place::of("Anna").await;
    let database = place.folder().join("store-1.db");
    let size = std::fs::metadata(&database).unwrap().len();
    std::fs::write(&database, vec![7; usize::try_from(size).unwrap()]).unwrap();
    let (door, mut raises) = place.door().await;
    assert_eq!(door.state(), DoorState::Locked);
    let before = contents(&place.folder());
    let error = door.unlock(PASSPHRASE).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::DamagedStore);
    assert_eq!(door.state(), DoorState::Unusable { error: error.clone() });
    assert_eq!(door.unlock(PASSPHRASE).await, Err(error));
    assert_eq!(place.told().await, Some(ErrorCode::DamagedStore));
    assert!(matches!(place.claim().await, Ok(Claimed::Raised)));
    assert_eq!(raises.recv().await, Some(()));
    assert!(contents(&place.folder()) == before, "something has changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nobody_gets_in_while_it_locks_and_unlocks() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    let (over, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let others = tokio::spawn({
        let (folder, over, looks) = (place.folder(), Arc::clone(&over), Arc::clone(&looks));
        async move {
            while !over.load(Ordering::Relaxed) {
                assert_eq!(Desk::peek(&folder).await.unwrap_err().code, ErrorCode::InUse);
                looks.fetch_add(1, Ordering::Relaxed);
            }
        }
    });
    for _ in 0..3 {
        soon(door.unlock(PASSPHRASE)).await.unwrap();
        soon(door.lock()).await.unwrap();
        assert_eq!(Desk::open(&place.folder(), PASSPHRASE).await.err().unwrap().code, ErrorCode::InUse);
    }
    over.store(true, Ordering::Relaxed);
    others.await.unwrap();
    assert!(looks.load(Ordering::Relaxed) > 100, "somebody looked");
    door.close().await.unwrap();
    Desk::peek(&place.folder()).await.unwrap();
}

#[tokio::test]
async fn changes_take_turns() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    // Two at once open it once.
    let (first, second) =
        soon(async { tokio::join!(door.unlock(PASSPHRASE), door.unlock(PASSPHRASE)) }).await;
    assert_eq!((first, second), (Ok(()), Ok(())));
    door.lock().await.unwrap();

    // A wrong one beside a right one keeps nobody out.
    let (wrong, right) = soon(async { tokio::join!(door.unlock("no"), door.unlock(PASSPHRASE)) }).await;
    assert_eq!(wrong.unwrap_err().code, ErrorCode::WrongPassphrase);
    assert_eq!((right, door.state()), (Ok(()), DoorState::Open));
    door.lock().await.unwrap();

    // What is opened last is locked.
    let (unlocked, locked) = soon(async { tokio::join!(door.unlock(PASSPHRASE), door.lock()) }).await;
    assert_eq!((unlocked, locked, door.state()), (Ok(()), Ok(()), DoorState::Locked));
    let (unlocked, locked, again) =
        soon(async { tokio::join!(door.unlock(PASSPHRASE), door.lock(), door.unlock(PASSPHRASE)) }).await;
    assert_eq!((unlocked, locked, again, door.state()), (Ok(()), Ok(()), Ok(()), DoorState::Open));
    door.lock().await.unwrap();

    // And what is opened before the end is closed with it.
    let (unlocked, closed) = soon(async { tokio::join!(door.unlock(PASSPHRASE), door.close()) }).await;
    assert_eq!((unlocked, closed, door.state()), (Ok(()), Ok(()), DoorState::Locked));
    assert_eq!(door.unlock(PASSPHRASE).await.unwrap_err().code, ErrorCode::Closing);
    Desk::peek(&place.folder()).await.unwrap();
}

#[tokio::test]
async fn a_change_goes_on_though_nobody_waits() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    let mut states = door.watch();
    {
        let unlock = door.unlock(PASSPHRASE);
        tokio::pin!(unlock);
        assert!(tokio::time::timeout(Duration::from_millis(1), &mut unlock).await.is_err());
    }
    soon(states.wait_for(|state| *state == DoorState::Open)).await.unwrap();
    door.lock().await.unwrap();
    door.unlock(PASSPHRASE).await.unwrap();
    drop(door);
    // The folder is given back with the last handle.
    soon(async {
        while Desk::peek(&place.folder()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn what_is_asked_while_it_locks_is_kept_or_refused() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    door.unlock(PASSPHRASE).await.unwrap();
    let desk = door.desk().unwrap();
    desk.call(reading()).await.unwrap();
    let note = NoteNew { circle: "Reading".into(), title: "Routes".into(), markdown: String::new() };
    let note = desk.call(note).await.unwrap().id.to_string();
    let mut asked = Vec::new();
    for writer in 0..8 {
        let (mut client, note) = (place.client().await, note.clone());
        asked.push(tokio::spawn(async move {
            let mut kept = Vec::new();
            for n in 0..1000 {
                let text = format!("line {writer}.{n}.");
                let append = NoteAppend { circle: "Reading".into(), note: note.clone(), text: text.clone() };
                match client.call(append).await {
                    Ok(_) => kept.push(text),
                    Err(error) => {
                        assert_eq!(error.code, ErrorCode::Locked, "{error}");
                        return kept;
                    }
                }
            }
            panic!("it was never locked");
        }));
    }
    // Some are done.
    let mut events = door.follow();
    for _ in 0..20 {
        soon(events.recv()).await.unwrap();
    }
    soon(door.lock()).await.unwrap();
    let mut kept = Vec::new();
    for asked in asked {
        kept.extend(soon(asked).await.unwrap());
    }
    assert!(!kept.is_empty());
    assert_eq!(desk.call(CircleList {}).await.unwrap_err().code, ErrorCode::Closing, "an old desk is closed");

    door.unlock(PASSPHRASE).await.unwrap();
    let show = NoteShow { circle: "Reading".into(), note };
    let shown = door.desk().unwrap().call(show).await.unwrap().markdown;
    for text in &kept {
        assert!(shown.contains(text), "{text} was said to be kept");
    }
    door.close().await.unwrap();
}

#[tokio::test]
async fn what_is_only_begun_when_it_locks_is_told_so() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    door.unlock(PASSPHRASE).await.unwrap();
    door.desk().unwrap().call(reading()).await.unwrap();
    let note = || NoteNew { circle: "Reading".into(), title: "Routes".into(), markdown: String::new() };
    // The circle's name is looked up first; by then it is being locked.
    let (told, locked) = soon(async { tokio::join!(door.handle(note().into()), door.lock()) }).await;
    assert_eq!((told.unwrap_err().code, locked), (ErrorCode::Locked, Ok(())));
}

#[tokio::test]
async fn events_come_whenever_it_is_open() {
    let place = Place::of("Anna").await;
    let (door, _raises) = place.door().await;
    let mut here = door.follow();
    let mut there = place.client().await.follow().await.unwrap();
    let mut founded = Vec::new();
    for _ in 0..2 {
        door.unlock(PASSPHRASE).await.unwrap();
        // Whoever listens hears what happens from now on: each must have begun.
        let mut heard = [false; 2];
        while heard != [true; 2] {
            founded.push(door.desk().unwrap().call(reading()).await.unwrap().id);
            let about = |event: Option<Event>| match event {
                Some(
                    Event::Changed { circle, .. } | Event::Holding { circle } | Event::People { circle },
                ) => founded.contains(&circle),
                other => panic!("{other:?}"),
            };
            tokio::select! {
                event = here.recv() => heard[0] |= about(event),
                event = there.recv() => heard[1] |= about(event),
            }
        }
        door.lock().await.unwrap();
    }
    door.close().await.unwrap();
    soon(async { while here.recv().await.is_some() {} }).await;
    soon(async { while there.recv().await.is_some() {} }).await;
}
