//! One laptop alone: what it wrote is there after a restart, however it is read back, and an export is whole or isn't.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use snug_document::{ZonedTime, markdown};
use snug_node::{CircleKind, Laptop, NodeError};
use snug_types::{Name, Title};

#[tokio::test]
async fn a_note_of_many_edits_is_the_same_after_restarts() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", Name::new("Anna").unwrap()).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let circle = laptop.found_circle(Name::new("Alone").unwrap(), CircleKind::Life).await.unwrap();
    let note = laptop
        .note_new(circle, Title::new("Diary").unwrap(), markdown::parse("Day one.").unwrap())
        .await
        .unwrap();
    // More than a loading reads without saving the document.
    for n in 0..300 {
        laptop.note_append(circle, note, format!("line {n}")).await.unwrap();
    }
    let written = laptop.note(circle, note).await.unwrap();
    let listed = laptop.notes(circle, false).await.unwrap();
    laptop.close().await.unwrap();

    // Built from its entries, saved, and built from what was saved; edited after each.
    let mut expected = markdown::write(&written.body);
    for round in 0..3 {
        let laptop = Laptop::open(&path, "p").await.unwrap();
        if round == 0 {
            assert_eq!(laptop.notes(circle, false).await.unwrap(), listed);
            let alone = &laptop.status().await.unwrap().circles[0];
            assert!(
                alone.as_of.is_some_and(|as_of| as_of >= written.changed),
                "what is here is here as of now"
            );
        }
        assert_eq!(
            markdown::write(&laptop.note(circle, note).await.unwrap().body),
            expected,
            "round {round}"
        );
        laptop.note_append(circle, note, format!("round {round}")).await.unwrap();
        expected = markdown::write(&laptop.note(circle, note).await.unwrap().body);
        assert!(expected.trim().ends_with(&format!("round {round}")));
        laptop.close().await.unwrap();
    }
}

/// By order, not by time: what is asked after a list is answered before it, again and again.
#[tokio::test]
async fn a_list_of_many_notes_lets_others_go_first() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", Name::new("Anna").unwrap()).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let circle = laptop.found_circle(Name::new("Many").unwrap(), CircleKind::Life).await.unwrap();
    let mut written = Vec::new();
    for n in 0..70 {
        let title = Title::new(&format!("note {n}")).unwrap();
        written.push(laptop.note_new(circle, title, markdown::parse("a").unwrap()).await.unwrap());
    }
    laptop.note_append(circle, written[3], "b".into()).await.unwrap();
    let mut answered = 0;
    let asking = async {
        loop {
            laptop.me().await.unwrap();
            answered += 1;
        }
    };
    let notes = tokio::select! {
        biased;
        notes = laptop.notes(circle, false) => notes.unwrap(),
        () = asking => unreachable!(),
    };
    assert!(answered >= 4, "{answered} questions were answered while the list was made");
    let mut listed: Vec<_> = notes.iter().map(|note| note.id).collect();
    assert_eq!(listed[0], written[3]);
    listed.sort();
    written.sort();
    assert_eq!(listed, written);
    // The second time everything is there.
    assert_eq!(laptop.notes(circle, false).await.unwrap(), notes);
}

/// Lists come from summaries: those of gatherings hold a time and a place, and are read back.
#[tokio::test]
async fn gatherings_are_listed_with_time_and_place_after_a_restart_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", Name::new("Anna").unwrap()).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let circle = laptop.found_circle(Name::new("Walks").unwrap(), CircleKind::Interest).await.unwrap();
    let at = ZonedTime::read("2026-12-01T18:00[Europe/Budapest]").unwrap();
    let place = Title::new("The canal").unwrap();
    laptop.plan_new(circle, Title::new("A walk").unwrap(), Some(at), Some(place)).await.unwrap();
    laptop.plan_new(circle, Title::new("Some day").unwrap(), None, None).await.unwrap();
    let listed = laptop.plans(circle).await.unwrap();
    let walk = listed.iter().find(|plan| plan.title == "A walk").unwrap();
    assert_eq!(walk.at.as_ref().unwrap().zone, "Europe/Budapest");
    assert_eq!(walk.place.as_deref(), Some("The canal"));
    laptop.close().await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    assert_eq!(laptop.plans(circle).await.unwrap(), listed);
}

#[tokio::test]
async fn an_export_goes_into_an_empty_folder_and_nowhere_else() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", Name::new("Anna").unwrap()).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let circle = laptop.found_circle(Name::new("Walks").unwrap(), CircleKind::Interest).await.unwrap();
    for text in ["one", "two"] {
        let body = markdown::parse(text).unwrap();
        laptop.note_new(circle, Title::new("../Same: name").unwrap(), body).await.unwrap();
    }
    laptop.plan_new(circle, Title::new("A walk").unwrap(), None, None).await.unwrap();

    let full = dir.path().join("full");
    std::fs::create_dir(&full).unwrap();
    std::fs::write(full.join("mine.txt"), "mine").unwrap();
    assert!(matches!(laptop.export(circle, full.clone()).await, Err(NodeError::Export(_))));
    assert_eq!(std::fs::read_dir(&full).unwrap().count(), 1);
    assert!(matches!(laptop.export(circle, "relative".into()).await, Err(NodeError::Export(_))));

    let target = dir.path().join("new").join("export");
    let exported = laptop.export(circle, target.clone()).await.unwrap();
    assert_eq!((exported.notes, exported.plans), (2, 1));
    let mut names: Vec<_> = std::fs::read_dir(target.join("notes"))
        .unwrap()
        .map(|f| f.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 2, "two names, both inside");
    assert!(
        names.iter().all(|name| name.split('.').next_back() == Some("md") && !name.contains("..")),
        "{names:?}"
    );
    let all: serde_json::Value =
        serde_json::from_slice(&std::fs::read(target.join("circle.json")).unwrap()).unwrap();
    assert_eq!(all["circle"]["name"], "Walks");
    assert_eq!(all["notes"].as_array().unwrap().len(), 2);
    assert_eq!(std::fs::read_dir(dir.path().join("new")).unwrap().count(), 1, "nothing is left beside it");
    laptop.close().await.unwrap();
}
