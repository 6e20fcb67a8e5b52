//! Two laptops in one process, over loopback, from an invitation to a receipt: the thin line through every room.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test says what it expects by unwrapping")]

use snug_document::{ZonedTime, markdown};
use snug_node::{Answer, CircleKind, Event, Interfaces, JoinState, Laptop, NodeError, Online, Refusal};
use snug_types::{CircleId, DeviceId, InvitationId, Name, Title};
use std::future::Future;
use std::time::Duration;
use tokio::sync::broadcast;

/// How long anything may take before the test gives up. Never waited for when all is well.
const PATIENCE: Duration = Duration::from_mins(1);

async fn laptop(dir: &std::path::Path, name: &str) -> Laptop {
    Laptop::create(dir, "a passphrase", Name::new(name).unwrap()).await.unwrap();
    Laptop::open(dir, "a passphrase").await.unwrap()
}

fn loopback() -> Online {
    Online { interfaces: Some(Interfaces::Only(vec!["lo".into()])), dial: Vec::new() }
}

/// Asks again after each event of the laptop until the answer is what is waited for.
async fn until<T, F: Future<Output = Option<T>>>(
    laptop: &Laptop,
    what: &str,
    mut ask: impl FnMut() -> F,
) -> T {
    let mut events = laptop.events();
    let asked = async {
        loop {
            if let Some(answer) = ask().await {
                return answer;
            }
            let _ = tokio::time::timeout(Duration::from_millis(500), events.recv()).await;
        }
    };
    tokio::time::timeout(PATIENCE, asked).await.unwrap_or_else(|_| panic!("{what} didn't come"))
}

/// Waits until somebody asks to come in: their laptop.
async fn asked(laptop: &Laptop, circle: CircleId) -> DeviceId {
    until(laptop, "the wish", || async {
        let invitations = laptop.invitations(circle).await.unwrap();
        invitations.iter().flat_map(|invitation| &invitation.asking).map(|asks| asks.device).next()
    })
    .await
}

/// Waits until the laptop says so to whoever listens.
async fn told(events: &mut broadcast::Receiver<Event>, what: &Event) {
    let heard = async { while events.recv().await.as_ref() != Ok(what) {} };
    tokio::time::timeout(PATIENCE, heard).await.unwrap_or_else(|_| panic!("{what:?} wasn't told"));
}

async fn refused(laptop: &Laptop, join: InvitationId) -> Refusal {
    until(laptop, "the answer", || async {
        match laptop.join_state(join).await.unwrap() {
            JoinState::Refused(why) => Some(why),
            JoinState::Looking | JoinState::Waiting => None,
            JoinState::Admitted(_) => panic!("let in"),
        }
    })
    .await
}

/// Whoever is declined hears it at once, or when they come again.
#[tokio::test(flavor = "multi_thread")]
async fn one_can_say_no_to_somebody_who_asks() {
    let dir = tempfile::tempdir().unwrap();
    let anna = laptop(&dir.path().join("a"), "Anna").await;
    let circle = anna.found_circle(Name::new("Readers").unwrap(), CircleKind::Interest).await.unwrap();
    let (_, link) = anna.invite(circle, Duration::from_hours(1), true).await.unwrap();
    anna.go_online(loopback()).await.unwrap();
    let nobody = anna.decline(circle, DeviceId([7; 32])).await;
    assert!(matches!(nobody, Err(NodeError::NotFound(_))), "{nobody:?}");

    let eve = laptop(&dir.path().join("e"), "Eve").await;
    eve.go_online(loopback()).await.unwrap();
    let join = eve.join(&link, None, Vec::new()).await.unwrap();
    let device = asked(&anna, circle).await;
    assert_eq!(anna.circles().await.unwrap()[0].asking, 1);
    let mut events = anna.events();
    anna.decline(circle, device).await.unwrap();
    told(&mut events, &Event::Invitations { circle }).await;
    assert_eq!(anna.circles().await.unwrap()[0].asking, 0);
    assert_eq!(refused(&eve, join).await, Refusal::Declined);
    // It stays in sight until one has seen it.
    assert_eq!(eve.joins().await.unwrap()[0].state, JoinState::Refused(Refusal::Declined));
    eve.forget_join(join).await.unwrap();
    assert!(eve.joins().await.unwrap().is_empty());
    assert!(matches!(anna.confirm(circle, device).await, Err(NodeError::NotFound(_))));

    // Somebody else asks, goes, and is declined meanwhile.
    let mallory = laptop(&dir.path().join("m"), "Mallory").await;
    mallory.go_online(loopback()).await.unwrap();
    let join = mallory.join(&link, None, Vec::new()).await.unwrap();
    let device = asked(&anna, circle).await;
    mallory.offline().await.unwrap();
    anna.decline(circle, device).await.unwrap();
    mallory.go_online(loopback()).await.unwrap();
    assert_eq!(refused(&mallory, join).await, Refusal::Declined);

    // The link is still good for whom it was meant.
    let bela = laptop(&dir.path().join("b"), "Béla").await;
    bela.go_online(loopback()).await.unwrap();
    let join = bela.join(&link, None, Vec::new()).await.unwrap();
    let device = asked(&anna, circle).await;
    let mut events = anna.events();
    anna.confirm(circle, device).await.unwrap();
    told(&mut events, &Event::Invitations { circle }).await;
    assert_eq!(anna.circles().await.unwrap()[0].asking, 0);
    until(&bela, "the admission", || async {
        matches!(bela.join_state(join).await.unwrap(), JoinState::Admitted(_)).then_some(())
    })
    .await;
    assert!(
        matches!(bela.forget_join(join).await, Err(NodeError::AlreadyIn)),
        "a circle is left, not forgotten"
    );
    assert_eq!(anna.people(circle).await.unwrap().len(), 2);
    let holders = anna.holders(circle, None).await.unwrap();
    assert_eq!(
        holders.iter().map(|h| (h.person.as_str(), h.me)).collect::<Vec<_>>(),
        [("Anna", true), ("Béla", false)]
    );
}

/// A wish that was given up leaves nothing: no listener, no connection, and nobody who is asked.
#[tokio::test(flavor = "multi_thread")]
async fn a_wish_that_waits_is_given_up() {
    let dir = tempfile::tempdir().unwrap();
    let anna = laptop(&dir.path().join("a"), "Anna").await;
    let circle = anna.found_circle(Name::new("Readers").unwrap(), CircleKind::Interest).await.unwrap();
    let (_, link) = anna.invite(circle, Duration::from_hours(1), true).await.unwrap();
    anna.go_online(loopback()).await.unwrap();
    let bela = laptop(&dir.path().join("b"), "Béla").await;
    bela.go_online(loopback()).await.unwrap();
    let join = bela.join(&link, None, Vec::new()).await.unwrap();
    let device = asked(&anna, circle).await;
    until(&bela, "the waiting", || async {
        (bela.join_state(join).await.unwrap() == JoinState::Waiting).then_some(())
    })
    .await;
    bela.forget_join(join).await.unwrap();
    assert!(matches!(bela.join_state(join).await, Err(NodeError::NotFound(_))));
    // A yes comes too late.
    anna.confirm(circle, device).await.unwrap();
    assert!(bela.circles().await.unwrap().is_empty());
    bela.close().await.unwrap();
    let bela = Laptop::open(&dir.path().join("b"), "a passphrase").await.unwrap();
    assert!(bela.joins().await.unwrap().is_empty() && bela.circles().await.unwrap().is_empty());
}

async fn joined(laptop: &Laptop, link: &str) -> CircleId {
    let id = laptop.join(link, None, Vec::new()).await.unwrap();
    until(laptop, "the admission", || async {
        match laptop.join_state(id).await.unwrap() {
            JoinState::Admitted(circle) => Some(circle),
            JoinState::Refused(why) => panic!("refused: {why:?}"),
            JoinState::Looking | JoinState::Waiting => None,
        }
    })
    .await
}

async fn markdown_of(laptop: &Laptop, circle: CircleId, note: snug_types::DocumentId) -> Option<String> {
    match laptop.note(circle, note).await {
        Ok(view) => Some(markdown::write(&view.body)),
        Err(NodeError::NotFound(_)) => None,
        Err(error) => panic!("{error}"),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_circle_of_two_writes_together_and_apart() {
    let (dir_a, dir_b) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (path_a, path_b) = (dir_a.path().join("a"), dir_b.path().join("b"));
    let (anna, bela) = (laptop(&path_a, "Anna").await, laptop(&path_b, "Béla").await);

    let circle = anna.found_circle(Name::new("Five who read").unwrap(), CircleKind::Interest).await.unwrap();
    let (_, link) = anna.invite(circle, Duration::from_hours(1), false).await.unwrap();
    anna.go_online(loopback()).await.unwrap();
    bela.go_online(loopback()).await.unwrap();
    assert_eq!(joined(&bela, &link).await, circle);

    // One note, written by one and read by the other.
    let body = markdown::parse("First words.").unwrap();
    let note = anna.note_new(circle, Title::new("Reading list").unwrap(), body).await.unwrap();
    let read = until(&bela, "the note", || markdown_of(&bela, circle, note)).await;
    assert_eq!(read.trim(), "First words.");
    until(&anna, "the receipt", || async {
        let status = anna.status().await.unwrap();
        (status.circles[0].laptops == 2 && status.circles[0].holding == 2).then_some(())
    })
    .await;

    // Both at once.
    let (one, two) = tokio::join!(
        anna.note_append(circle, note, "from Anna".into()),
        bela.note_append(circle, note, "from Béla".into())
    );
    one.unwrap();
    two.unwrap();
    let both = |text: String| (text.contains("from Anna") && text.contains("from Béla")).then_some(text);
    let at_anna =
        until(&anna, "Béla's words", || async { markdown_of(&anna, circle, note).await.and_then(both) })
            .await;
    let at_bela =
        until(&bela, "Anna's words", || async { markdown_of(&bela, circle, note).await.and_then(both) })
            .await;
    assert_eq!(at_anna, at_bela);

    // Apart, with a restart between.
    bela.close().await.unwrap();
    anna.note_append(circle, note, "while Béla was away".into()).await.unwrap();
    let status = anna.status().await.unwrap();
    assert_eq!((status.circles[0].laptops, status.circles[0].holding), (2, 1), "nobody else can hold it yet");
    let bela = Laptop::open(&path_b, "a passphrase").await.unwrap();
    bela.note_append(circle, note, "on the train".into()).await.unwrap();
    bela.go_online(loopback()).await.unwrap();
    let both = |text: String| (text.contains("was away") && text.contains("on the train")).then_some(text);
    let at_anna =
        until(&anna, "the train", || async { markdown_of(&anna, circle, note).await.and_then(both) }).await;
    let at_bela = until(&bela, "what was written at home", || async {
        markdown_of(&bela, circle, note).await.and_then(both)
    })
    .await;
    assert_eq!(at_anna, at_bela);

    // A gathering.
    let at = ZonedTime::new("2026-12-01T18:00", "Europe/Budapest").unwrap();
    let plan = anna.plan_new(circle, Title::new("A walk").unwrap(), Some(at), None).await.unwrap();
    until(&bela, "the plan", || async { bela.plan(circle, plan).await.ok() }).await;
    bela.plan_answer(circle, plan, Answer::IfNeedBe).await.unwrap();
    until(&anna, "the answer", || async {
        let answers = anna.plan(circle, plan).await.unwrap().answers;
        answers.iter().any(|a| a.person == "Béla" && a.answer == Some(Answer::IfNeedBe)).then_some(())
    })
    .await;

    // Leaving. The next circle is met at other addresses, under another key: its people can't know this one's.
    let before = bela.status().await.unwrap().circles[0].addresses.clone();
    bela.leave_circle(circle).await.unwrap();
    assert!(bela.circles().await.unwrap().is_empty());
    bela.found_circle(Name::new("Another").unwrap(), CircleKind::Values).await.unwrap();
    let after = until(&bela, "a listener", || async {
        let addresses = bela.status().await.unwrap().circles[0].addresses.clone();
        (!addresses.is_empty()).then_some(addresses)
    })
    .await;
    assert!(!before.is_empty() && after.iter().all(|address| !before.contains(address)));
    until(&anna, "the leave", || async {
        anna.people(circle).await.unwrap().iter().any(|p| p.name == "Béla" && p.left).then_some(())
    })
    .await;
    anna.note_append(circle, note, "alone again".into()).await.unwrap();
    let status = anna.status().await.unwrap();
    assert_eq!((status.circles[0].laptops, status.circles[0].holding), (1, 1));
    anna.close().await.unwrap();
    bela.close().await.unwrap();
}
