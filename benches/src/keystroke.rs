//! A keystroke in a note of 2 KiB: durable on this laptop; and in the other laptop's document, sealed, signed and durable on
//! both.

use crate::floor::{Bare, Trip};
use crate::peer;
use crate::row::{Row, Spread};
use anyhow::{Context, bail};
use snug_document::markdown;
use snug_node::{CircleKind, Event, Interfaces, JoinState, Laptop, Online};
use snug_types::{CircleId, DocumentId, Name, Title};
use std::path::Path;
use std::time::{Duration, Instant};
use tokio::sync::broadcast::Receiver;

/// Keystrokes measured, after a tenth of them to warm everything up.
const ROUNDS: usize = 1000;
/// How long one step may take before the bench gives up.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) async fn rows() -> anyhow::Result<Vec<Row>> {
    let dir = tempfile::tempdir()?;
    let anna = laptop(&dir.path().join("anna"), "Anna").await?;
    let bela = laptop(&dir.path().join("bela"), "Béla").await?;
    let circle = circle_of_two(&anna, &bela).await?;
    let (note, mut text) = note_of_2_kib(&anna, &bela, circle).await?;
    let bare = Bare::open(dir.path())?;
    let mut trip = Trip::open().await?;

    let mut heard = bela.events();
    let (mut durable, mut arrived) = (Vec::new(), Vec::new());
    let (mut commits, mut floors) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS + ROUNDS / 10 {
        text.insert(1024 + round, 'x');
        let blocks = markdown::parse(&text)?;
        let begun = Instant::now();
        let typed = anna.note_set_body(circle, note, blocks);
        let (there, here) = tokio::join!(arrival(&mut heard, note), async {
            typed.await?;
            anyhow::Ok(begun.elapsed())
        });
        let (there, here) = (there? - begun, here?);
        let one = bare.commit()?;
        let floor = bare.commit()? + trip.go().await? + bare.commit()?;
        if round >= ROUNDS / 10 {
            durable.push(here);
            arrived.push(there);
            commits.push(one);
            floors.push(floor);
        }
    }
    // The other's document really is what was typed.
    if markdown::write(&bela.note(circle, note).await?.body).trim() != text.trim() {
        bail!("the two documents differ");
    }
    anna.close().await?;
    bela.close().await?;
    let arrived = Spread::of(arrived);
    let mut rows = vec![
        Row::new(
            "a keystroke, durable here",
            Spread::of(durable),
            "a bare SQLite commit (WAL, FULL)",
            Spread::of(commits),
        ),
        Row::new(
            "a keystroke, in the other's document, durable on both",
            arrived,
            "two bare commits and one stream trip",
            Spread::of(floors),
        ),
    ];
    if let Some(theirs) = peer::y_websocket(ROUNDS)? {
        let beside = "y-websocket (in memory, in clear, a server)";
        rows.push(Row::new("the same", arrived, beside, theirs));
    }
    Ok(rows)
}

async fn laptop(dir: &Path, name: &str) -> anyhow::Result<Laptop> {
    Laptop::create(dir, "bench", Name::new(name)?).await?;
    let laptop = Laptop::open(dir, "bench").await?;
    laptop
        .go_online(Online { interfaces: Some(Interfaces::Only(vec!["lo".into()])), dial: Vec::new() })
        .await?;
    Ok(laptop)
}

async fn circle_of_two(anna: &Laptop, bela: &Laptop) -> anyhow::Result<CircleId> {
    let circle = anna.found_circle(Name::new("Bench")?, CircleKind::Interest).await?;
    let (_, link) = anna.invite(circle, Duration::from_hours(1), false).await?;
    let mut events = bela.events();
    let id = bela.join(&link, None, Vec::new()).await?;
    tokio::time::timeout(PATIENCE, async {
        while !matches!(bela.join_state(id).await?, JoinState::Admitted(_)) {
            events.recv().await?;
        }
        anyhow::Ok(circle)
    })
    .await
    .context("the circle wasn't joined")?
}

async fn note_of_2_kib(
    anna: &Laptop,
    bela: &Laptop,
    circle: CircleId,
) -> anyhow::Result<(DocumentId, String)> {
    let text = "All of it was said before. ".repeat(76).trim().to_owned();
    let mut events = bela.events();
    let note = anna.note_new(circle, Title::new("Bench")?, markdown::parse(&text)?).await?;
    arrival(&mut events, note).await?;
    // Opened, as somebody who looks at it has it.
    bela.note(circle, note).await?;
    Ok((note, text))
}

/// When the document of this laptop holds the change.
async fn arrival(events: &mut Receiver<Event>, note: DocumentId) -> anyhow::Result<Instant> {
    let heard = async {
        loop {
            if let Event::Changed { document, .. } = events.recv().await?
                && document == note
            {
                return anyhow::Ok(Instant::now());
            }
        }
    };
    tokio::time::timeout(PATIENCE, heard).await.context("nothing arrived")?
}
