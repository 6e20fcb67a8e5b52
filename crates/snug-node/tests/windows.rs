//! Notes open in windows: what one writes the others hear once and in order, and what can't be taken ends a session.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what it expects by unwrapping")]

mod window;

use snug_document::{encode_changes, markdown};
use snug_node::{CircleKind, EndReason, Interfaces, JoinState, Laptop, NodeError, NoteNews, Online};
use snug_types::bound::PAYLOAD_BYTES;
use snug_types::{CircleId, DocumentId, Name, Title};
use std::path::Path;
use std::time::Duration;
use window::Window;

async fn a_laptop(dir: &Path, name: &str) -> Laptop {
    Laptop::create(dir, "p", Name::new(name).unwrap()).await.unwrap();
    Laptop::open(dir, "p").await.unwrap()
}

async fn a_note(laptop: &Laptop, circle: CircleId, title: &str) -> DocumentId {
    let body = markdown::parse("Begun.").unwrap();
    laptop.note_new(circle, Title::new(title).unwrap(), body).await.unwrap()
}

/// A laptop of one's own with a note.
async fn alone(dir: &Path) -> (Laptop, CircleId, DocumentId) {
    let laptop = a_laptop(dir, "Anna").await;
    let circle = laptop.found_circle(Name::new("Alone").unwrap(), CircleKind::Life).await.unwrap();
    let note = a_note(&laptop, circle, "Diary").await;
    (laptop, circle, note)
}

async fn body(laptop: &Laptop, circle: CircleId, note: DocumentId) -> String {
    markdown::write(&laptop.note(circle, note).await.unwrap().body)
}

fn closed(result: &Result<(), NodeError>) -> bool {
    matches!(result, Err(NodeError::NotFound("open note")))
}

/// Two laptops of one circle, which are near each other, and a note that both hold.
async fn two(dir: &Path) -> (Laptop, Laptop, CircleId, DocumentId) {
    let (anna, circle, note) = alone(&dir.join("a")).await;
    let bela = a_laptop(&dir.join("b"), "Béla").await;
    let (_, link) = anna.invite(circle, Duration::from_hours(1), false).await.unwrap();
    let lo = || Online { interfaces: Some(Interfaces::Only(vec!["lo".into()])), dial: Vec::new() };
    anna.go_online(lo()).await.unwrap();
    bela.go_online(lo()).await.unwrap();
    let join = bela.join(&link, None, Vec::new()).await.unwrap();
    let mut events = bela.events();
    let here = async {
        while !matches!(bela.join_state(join).await.unwrap(), JoinState::Admitted(_))
            || bela.note(circle, note).await.is_err()
        {
            let _ = tokio::time::timeout(Duration::from_millis(500), events.recv()).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), here).await.unwrap();
    (anna, bela, circle, note)
}

#[tokio::test(flavor = "multi_thread")]
async fn windows_here_and_elsewhere_hold_the_same() {
    let dir = tempfile::tempdir().unwrap();
    let (anna, bela, circle, note) = two(dir.path()).await;
    let mut windows = [
        Window::open(&anna, circle, note).await,
        Window::open(&anna, circle, note).await,
        Window::open(&bela, circle, note).await,
    ];
    let actors: std::collections::BTreeSet<_> = windows.iter().map(|window| window.actor).collect();
    assert_eq!(actors.len(), 3);

    // At once: three windows, and both cores.
    let [one, other, away] = &mut windows;
    let done = tokio::join!(
        one.write(&[" one-a", " one-b"]),
        other.write(&[" other"]),
        away.write(&[" away"]),
        anna.note_append(circle, note, "core-anna".into()),
        bela.note_rename(circle, note, Title::new("Renamed").unwrap()),
    );
    for done in [done.0, done.1, done.2, done.3, done.4] {
        done.unwrap();
    }
    let all = ["one-a", "one-b", "other", "away", "core-anna"];
    for window in &mut windows {
        window.until(&all).await;
        while window.title() != "Renamed" {
            assert_eq!(window.hear().await, None);
        }
    }
    // On what they heard, they write on.
    windows[2].write(&[" last"]).await.unwrap();
    windows[0].until(&["last"]).await;
    windows[1].until(&["last"]).await;
    let heads = windows[0].copy.get_heads();
    for window in &mut windows {
        assert_eq!(window.copy.get_heads(), heads);
        assert!(window.stream.try_recv().is_err(), "nothing is told twice, and nobody hears themselves");
    }
    let text = body(&anna, circle, note).await;
    assert_eq!(text, body(&bela, circle, note).await);
    for text_of in [all.as_slice(), &["last"]].concat() {
        assert_eq!(text.matches(text_of).count(), 1);
    }
    anna.close().await.unwrap();
    bela.close().await.unwrap();
    assert_eq!(windows[0].hear().await, Some(EndReason::Closed));
}

/// A window's changes are one entry, and answered when it is durable.
#[tokio::test]
async fn what_a_window_wrote_is_there_after_a_restart_and_its_number_goes_on() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let (laptop, circle, note) = alone(&path).await;
    let mut window = Window::open(&laptop, circle, note).await;
    let actor = window.actor;
    window.write(&[" one", " two", " three"]).await.unwrap();
    laptop.note_close(window.session).await.unwrap();
    assert_eq!(window.hear().await, Some(EndReason::Closed));
    assert!(closed(&window.write(&[" late"]).await));

    // Closed and opened again it is the same actor, which goes on where it was.
    let mut window = Window::open(&laptop, circle, note).await;
    assert_eq!(window.actor, actor);
    window.write(&[" four"]).await.unwrap();
    laptop.close().await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let mut window = Window::open(&laptop, circle, note).await;
    assert_eq!((window.actor, window.text().contains(" four")), (actor, true));
    window.write(&[" five"]).await.unwrap();
    assert_eq!(body(&laptop, circle, note).await.trim(), "Begun. one two three four five");
    laptop.close().await.unwrap();
}

/// A copy of the folder is what a crash at that moment leaves.
#[tokio::test(flavor = "multi_thread")]
async fn a_crash_before_the_answer_takes_no_number_twice() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a");
    let (laptop, circle, note) = alone(&path).await;
    let mut window = Window::open(&laptop, circle, note).await;
    window.write(&[" kept"]).await.unwrap();
    for round in 0..8 {
        let crash = dir.path().join(format!("crash-{round}"));
        let unanswered = [window.typed(" unanswered")];
        let (written, copied) = tokio::join!(
            window.send(&unanswered),
            tokio::task::spawn_blocking({
                let (from, to) = (path.clone(), crash.clone());
                move || copy(&from, &to)
            })
        );
        written.unwrap();
        copied.unwrap();
        let again = Laptop::open(&crash, "p").await.unwrap();
        let mut after = Window::open(&again, circle, note).await;
        assert_eq!(after.actor, window.actor);
        after.write(&[" after"]).await.unwrap();
        let text = body(&again, circle, note).await;
        assert!(text.contains(" kept") && text.trim().ends_with(" after"), "{text}");
        let held = text.matches("unanswered").count();
        assert!(held == round || held == round + 1, "what was answered is there: {text}");
        again.close().await.unwrap();
    }
    laptop.close().await.unwrap();
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
}

#[tokio::test]
async fn a_window_that_does_not_listen_blocks_nobody() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, circle, note) = alone(&dir.path().join("a")).await;
    let mut slow = Window::open(&laptop, circle, note).await;
    let mut quick = Window::open(&laptop, circle, note).await;
    let mut lines = 0;
    while !closed(&slow.write(&["x"]).await) {
        assert!(lines < 2000, "a slow window is kept for ever");
        assert_eq!(quick.hear().await, None);
        for _ in 0..64 {
            laptop.note_append(circle, note, format!("line {lines}")).await.unwrap();
            assert_eq!(quick.hear().await, None);
            lines += 1;
        }
    }
    // What had its place is heard, and then the end.
    let mut heard = 0;
    let end = loop {
        match slow.stream.recv().await.unwrap() {
            NoteNews::Changes(_) => heard += 1,
            NoteNews::Ended(why) => break why,
        }
    };
    assert_eq!((end, heard), (EndReason::Lagged, 256));
    let again = Window::open(&laptop, circle, note).await;
    assert_eq!(again.actor, slow.actor);
    assert!(again.text().contains(&format!("line {}", lines - 1)));
    laptop.close().await.unwrap();
}

#[tokio::test]
async fn what_a_window_may_not_write_ends_its_session_and_leaves_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, circle, note) = alone(&dir.path().join("a")).await;
    let mut other = Window::open(&laptop, circle, note).await;
    other.write(&[" kept"]).await.unwrap();
    let before = body(&laptop, circle, note).await;

    for wrong in ["actor", "gap", "compressed", "ahead", "second", "oversized", "empty", "no payload"] {
        let mut window = Window::open(&laptop, circle, note).await;
        let (one, two) = (window.typed("BAD"), window.typed("WORSE"));
        let payload = match wrong {
            "actor" => encode_changes(&[other.typed("as another")]),
            "gap" => encode_changes(&[two]),
            "compressed" => {
                let mut bytes = one;
                bytes[8] = 2;
                encode_changes(&[bytes])
            }
            "ahead" => {
                // On a change that the core never saw.
                let unseen = other.typed("unseen");
                window.copy.load_incremental(&unseen).unwrap();
                encode_changes(&[one, two, window.typed("on it")])
            }
            // The first alone would be good.
            "second" => encode_changes(&[one.clone(), one]),
            "oversized" => encode_changes(&vec![one; PAYLOAD_BYTES / 64]),
            "empty" => encode_changes(&[]),
            _ => b"no payload".to_vec(),
        };
        let refused = laptop.note_write(window.session, payload).await;
        assert!(matches!(refused, Err(NodeError::Internal(_))), "{wrong}: {refused:?}");
        assert_eq!(window.hear().await, Some(EndReason::Refused), "{wrong}");
        assert!(closed(&window.write(&["more"]).await), "{wrong}");
        assert_eq!(body(&laptop, circle, note).await, before, "{wrong}");
        // Others aren't told of it, and go on; so does whoever opens the note anew.
        assert!(other.stream.try_recv().is_err(), "{wrong}");
        laptop.note_close(other.session).await.unwrap();
        other = Window::open(&laptop, circle, note).await;
        assert_eq!(other.text(), Window::open(&laptop, circle, note).await.text());
    }
    other.write(&[" and on"]).await.unwrap();
    assert_eq!(body(&laptop, circle, note).await.trim(), "Begun. kept and on");
    laptop.close().await.unwrap();
}

/// An open note stays in memory, however many others are looked at; one that nobody listens at is closed.
#[tokio::test]
async fn open_notes_stay_and_are_bounded() {
    let dir = tempfile::tempdir().unwrap();
    let (laptop, circle, note) = alone(&dir.path().join("a")).await;
    let mut window = Window::open(&laptop, circle, note).await;
    let mut notes = Vec::new();
    for n in 0..20 {
        notes.push(a_note(&laptop, circle, &format!("Note {n}")).await);
    }
    for note in &notes {
        laptop.note(circle, *note).await.unwrap();
    }
    window.write(&[" still here"]).await.unwrap();

    let mut same = Vec::new();
    for _ in 1..16 {
        same.push(laptop.note_open(circle, note).await.unwrap());
    }
    let refused = laptop.note_open(circle, note).await.map(|open| open.session);
    assert!(matches!(refused, Err(NodeError::TooMany { bound: 16, .. })), "{refused:?}");
    let mut others = Vec::new();
    for note in notes.iter().cycle().take(48) {
        others.push(laptop.note_open(circle, *note).await.unwrap());
    }
    let refused = laptop.note_open(circle, notes[0]).await.map(|open| open.session);
    assert!(matches!(refused, Err(NodeError::TooMany { bound: 64, .. })), "{refused:?}");
    // A window that is gone makes room, without having said that it goes.
    others.pop();
    laptop.note_open(circle, notes[0]).await.unwrap();
    window.write(&[" and here"]).await.unwrap();

    laptop.leave_circle(circle).await.unwrap();
    assert_eq!(window.hear().await, Some(EndReason::Closed));
    assert!(closed(&window.write(&[" gone"]).await));
    laptop.close().await.unwrap();
}
