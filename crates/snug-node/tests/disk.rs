//! A full disk stops a circle, and room lets it begin again, in one life of the laptop.
//!
//! The full disk is a small tmpfs in a mount namespace of this test's own, which takes root: without it the test says so.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

mod window;

use snug_document::markdown;
use snug_node::{CircleKind, EndReason, Laptop, NodeError};
use snug_types::{Name, Title};
use std::io::Write as _;
use std::process::Command;
use std::time::Duration;
use window::Window;

/// Names the mount point in the process that runs inside the namespace.
const INSIDE: &str = "SNUG_TEST_FULL_DISK";

#[test]
fn a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room() {
    if let Some(dir) = std::env::var_os(INSIDE) {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        return runtime.block_on(on_a_small_disk(dir.as_ref()));
    }
    let dir = tempfile::tempdir().unwrap();
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(["--mount", "--propagation", "private", "sh", "-c", script]).env(INSIDE, dir.path());
        command.arg(std::env::current_exe().unwrap());
        command
    };
    let mount = format!("mount -t tmpfs -o size=2m tmpfs \"${INSIDE}\"");
    if !unshare(&mount).status().is_ok_and(|status| status.success()) {
        // Past the test harness, which keeps the words of a test that passes to itself.
        let _ = writeln!(std::io::stderr(), "skipped: a full disk needs root, to mount a small one");
        return;
    }
    let run = unshare(&format!("{mount} && exec \"$0\" --exact {NAME} --nocapture")).status().unwrap();
    assert!(run.success());
}

const NAME: &str = "a_full_disk_loses_nothing_and_writing_goes_on_when_there_is_room";

async fn on_a_small_disk(dir: &std::path::Path) {
    let path = dir.join("laptop");
    Laptop::create(&path, "p", Name::new("Anna").unwrap()).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let circle = laptop.found_circle(Name::new("Alone").unwrap(), CircleKind::Life).await.unwrap();
    let body = markdown::parse("Begun.").unwrap();
    let note = laptop.note_new(circle, Title::new("Diary").unwrap(), body).await.unwrap();

    // A window shows the note.
    let mut window = Window::open(&laptop, circle, note).await;
    window.write(&[" In a window."]).await.unwrap();

    // Something else fills the disk.
    let ballast = dir.join("ballast");
    let _ = std::fs::write(&ballast, vec![1; 8 << 20]);
    let mut kept = 0;
    let refused = loop {
        match laptop.note_append(circle, note, format!("line {kept} {}", "x".repeat(2000))).await {
            Ok(()) => kept += 1,
            Err(error) => break error,
        }
        assert!(kept < 10_000, "the disk never fills");
    };
    assert!(matches!(refused, NodeError::DiskFull), "{refused:?}");
    let lines = |text: &str| text.lines().filter(|line| line.starts_with("line")).count();
    let held = markdown::write(&laptop.note(circle, note).await.unwrap().body);
    assert_eq!(lines(&held), kept, "what was acknowledged is there, and what was refused isn't");

    // What was told to the window isn't what counts any more.
    let end = loop {
        if let Some(why) = window.hear().await {
            break why;
        }
    };
    assert_eq!(end, EndReason::Closed);
    let told = window.text();

    // Room again: the same laptop, not restarted, writes on.
    std::fs::remove_file(&ballast).unwrap();
    let again = async {
        while laptop.note_append(circle, note, "line at last".into()).await.is_err() {
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), again).await.unwrap();
    let held = markdown::write(&laptop.note(circle, note).await.unwrap().body);
    assert_eq!(lines(&held), kept + 1);
    let mut again = Window::open(&laptop, circle, note).await;
    assert!(again.actor == window.actor && again.text() != told);
    again.write(&[" In a window again."]).await.unwrap();
    let held = markdown::write(&laptop.note(circle, note).await.unwrap().body);
    assert!(held.contains("In a window again."));
    laptop.close().await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    assert_eq!(markdown::write(&laptop.note(circle, note).await.unwrap().body), held);
    laptop.close().await.unwrap();
}
