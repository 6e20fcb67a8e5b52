//! One laptop, or two that are connected, with a note of 2 KiB.

use anyhow::Context;
use snug_document::markdown;
use snug_node::{Event, Interfaces, Kind, Laptop, Online};
use snug_types::{CircleId, DocumentId, Name, Title};
use std::time::Duration;
use tempfile::TempDir;

const PASSPHRASE: &str = "a passphrase for a bench";
/// Characters of the note.
const NOTE: usize = 2048;

/// A laptop with a circle and a note. Its folder goes with it.
pub(crate) struct One {
    pub(crate) laptop: Laptop,
    pub(crate) circle: CircleId,
    pub(crate) note: DocumentId,
    folder: TempDir,
}

impl One {
    /// Sets it up, offline.
    pub(crate) async fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let laptop = laptop(&folder, "Anna").await?;
        let circle = laptop.found_circle(Name::new("Bench")?, Kind::Interest).await?;
        let body = markdown::parse(&text(0)).context("a body")?;
        let note = laptop.note_new(circle, Title::new("Note")?, body).await?;
        Ok(Self { laptop, circle, note, folder })
    }

    /// One keystroke: the text with one more character. Returns when it is durable.
    pub(crate) async fn key(&self, n: usize) -> anyhow::Result<()> {
        let body = markdown::parse(&text(n)).context("a body")?;
        Ok(self.laptop.note_set_body(self.circle, self.note, body).await?)
    }

    /// A second laptop, in the circle, online and in step with the first.
    pub(crate) async fn joined(&self) -> anyhow::Result<(Laptop, TempDir)> {
        let folder = tempfile::tempdir()?;
        let other = laptop(&folder, "Ben").await?;
        for laptop in [&self.laptop, &other] {
            let interfaces = Interfaces::Only(vec!["lo".into()]);
            laptop.go_online(Online { interfaces, dial: Vec::new() }).await?;
        }
        let (_, link) = self.laptop.invite(self.circle, Duration::from_hours(1), false).await?;
        let mut events = other.events();
        other.join(&link, None, Vec::new()).await?;
        while other.note(self.circle, self.note).await.is_err() {
            events.recv().await?;
        }
        Ok((other, folder))
    }

    /// Where its data are.
    pub(crate) fn folder(&self) -> &std::path::Path {
        self.folder.path()
    }
}

/// Waits for the news that the note changed.
pub(crate) async fn changed(
    events: &mut tokio::sync::broadcast::Receiver<Event>,
    note: DocumentId,
) -> anyhow::Result<()> {
    loop {
        if matches!(events.recv().await?, Event::Changed { document, .. } if document == note) {
            return Ok(());
        }
    }
}

async fn laptop(folder: &TempDir, name: &str) -> anyhow::Result<Laptop> {
    let data = folder.path().join("data");
    Laptop::create(&data, PASSPHRASE, Name::new(name)?).await?;
    Ok(Laptop::open(&data, PASSPHRASE).await?)
}

/// Two kibibytes of words, and `n` characters more.
fn text(n: usize) -> String {
    let words = "a walk along the river ".repeat(NOTE / 23 + 1);
    format!("{}{}", &words[..NOTE], "x".repeat(n))
}
