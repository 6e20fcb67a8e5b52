//! Plans and pages: single values that merge by themselves, and views that show anything.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests are tests.

use automerge::transaction::Transactable;
use automerge::{AutoCommit, ObjType, ROOT, ScalarValue};
use snug_document::page::{self, Answer, CircleKind};
use snug_document::plan::{self, Change, Plan};
use snug_document::{Edit, LiveDocument, ZonedTime, note};
use snug_types::{ActorId, DocumentId, Name, Title, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

fn title(text: &str) -> Title {
    Title::new(text).unwrap()
}

fn time(local: &str) -> ZonedTime {
    ZonedTime::new(local, "Europe/Budapest").unwrap()
}

fn to_place(place: &str) -> Change {
    Change { place: Some(Some(title(place))), ..Change::default() }
}

fn to_time(at: Option<ZonedTime>) -> Change {
    Change { at: Some(at), ..Change::default() }
}

fn deliver(to: &mut LiveDocument, edit: Option<Edit>, from: ActorId) {
    let changes = edit.unwrap().changes;
    let changes: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let applied = to.apply(&changes, from);
    assert!(applied.changed() && applied.quarantined.is_empty(), "{applied:?}");
}

#[test]
fn plans_are_made_changed_and_met() {
    let new = Plan { title: title("Walk"), place: None, at: Some(time("2026-12-01T18:00")) };
    let (mut a, edit) = plan::create(actor(1), NOW, &new).unwrap();
    let mut b = LiveDocument::new(actor(2));
    deliver(&mut b, Some(edit), actor(1));
    assert_eq!(plan::view(&a), plan::view(&b));

    let from_a = plan::change(&mut a, NOW, &to_place("The gate")).unwrap();
    let from_b = plan::change(&mut b, NOW, &to_time(Some(time("2026-12-02T09:30")))).unwrap();
    deliver(&mut b, from_a, actor(1));
    deliver(&mut a, from_b, actor(2));
    let view = plan::view(&a);
    assert_eq!(view, plan::view(&b));
    assert_eq!(view.place, Some(title("The gate")));
    assert_eq!(view.at, Some(time("2026-12-02T09:30")));

    let edit = plan::put_away(&mut a, NOW, true).unwrap();
    deliver(&mut b, edit, actor(1));
    let edit = plan::change(&mut b, NOW, &to_time(None)).unwrap();
    deliver(&mut a, edit, actor(2));
    assert_eq!((plan::view(&a).at, plan::view(&a).away), (None, true));
    assert_eq!(plan::change(&mut a, NOW, &to_place("The gate")), Ok(None));

    let both = Change { title: Some(title("Long walk")), ..to_time(Some(time("2026-12-03T10:00"))) };
    let edit = plan::change(&mut a, NOW, &both).unwrap().unwrap();
    assert_eq!(edit.changes.len(), 1, "one edit, whatever it changes");
    let view = plan::view(&a);
    assert_eq!(
        (view.title, view.at, view.place),
        (title("Long walk"), Some(time("2026-12-03T10:00")), Some(title("The gate")))
    );
    assert_eq!(plan::change(&mut a, NOW, &both), Ok(None));
}

/// An hour and its zone are one value: of two times, one is met, never a mixture.
#[test]
fn two_times_at_once_are_one_of_them() {
    let (mut a, edit) =
        plan::create(actor(1), NOW, &Plan { title: title("x"), place: None, at: None }).unwrap();
    let mut b = LiveDocument::new(actor(2));
    deliver(&mut b, Some(edit), actor(1));
    let times = [time("2026-12-01T18:00"), ZonedTime::new("2026-12-02T07:00", "Asia/Tokyo").unwrap()];
    let from_a = plan::change(&mut a, NOW, &to_time(Some(times[0].clone()))).unwrap();
    let from_b = plan::change(&mut b, NOW, &to_time(Some(times[1].clone()))).unwrap();
    deliver(&mut b, from_a, actor(1));
    deliver(&mut a, from_b, actor(2));
    assert_eq!(plan::view(&a).at, plan::view(&b).at);
    assert!(times.map(Some).contains(&plan::view(&a).at));
}

#[test]
fn pages_say_who_and_what() {
    let (mut circle, _) =
        page::create_circle(actor(1), NOW, &Name::new("Readers").unwrap(), CircleKind::Interest).unwrap();
    page::set_kind(&mut circle, NOW, CircleKind::Values).unwrap().unwrap();
    let view = page::circle(&circle);
    assert_eq!((view.name.as_str(), view.kind), ("Readers", Some(CircleKind::Values)));

    let (mut a, edit) = page::create_member(actor(1), NOW, &Name::new("Anna").unwrap()).unwrap();
    // Her second laptop answers before it has the page.
    let mut b = LiveDocument::new(actor(2));
    let plans = [DocumentId([1; 16]), DocumentId([2; 16])];
    let from_b = page::answer(&mut b, NOW, plans[0], Some(Answer::IfNeedBe)).unwrap();
    deliver(&mut b, Some(edit), actor(1));
    deliver(&mut a, from_b, actor(2));
    let edit = page::answer(&mut a, NOW, plans[1], Some(Answer::NotThisTime)).unwrap();
    deliver(&mut b, edit, actor(1));
    assert_eq!(page::member(&a), page::member(&b));
    assert_eq!(
        page::member(&a).answers,
        [(plans[0], Answer::IfNeedBe), (plans[1], Answer::NotThisTime)].into()
    );
    assert_eq!(page::answer(&mut a, NOW, plans[0], Some(Answer::IfNeedBe)), Ok(None));
    page::answer(&mut a, NOW, plans[0], None).unwrap().unwrap();
    assert_eq!(page::member(&a).answers.len(), 1);
    for answer in Answer::ALL {
        assert_eq!(Answer::from_word(answer.as_str()), Some(answer));
    }
}

/// Whatever stands under the keys, there is something harmless to show.
#[test]
fn anything_can_be_shown() {
    let values: Vec<ScalarValue> = vec![
        "\u{202E}\u{0}\n".into(),
        "x".repeat(100_000).into(),
        "2026-12-01T18:00[Mars/Olympus]".into(),
        7_u64.into(),
        ScalarValue::Null,
        ScalarValue::Bytes(vec![0xff; 40]),
        ScalarValue::counter(1),
    ];
    for (n, value) in values.into_iter().enumerate() {
        let mut doc = AutoCommit::new().with_actor(automerge::ActorId::from(&[1_u8; 16][..]));
        let plan = DocumentId([3; 16]);
        for key in
            ["title", "place", "at", "away", "name", "kind", "body", &format!("answer/{plan}"), "answer/zz"]
        {
            doc.put(ROOT, key, value.clone()).unwrap();
        }
        let change = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
        let mut live = LiveDocument::new(actor(9));
        assert!(live.apply(&[&change], actor(1)).changed());
        let view = plan::view(&live);
        assert!(view.title.as_str().chars().count() <= 200 && !view.title.as_str().is_empty());
        assert_eq!((view.at, view.at_as_written.is_some()), (None, n == 1 || n == 2));
        assert!(page::member(&live).answers.is_empty());
        assert!(!page::circle(&live).name.as_str().is_empty());
        assert!(note::view(&live).body.is_empty());
    }
}

/// A body of blocks that no version knows, with keys of every wrong type.
#[test]
fn any_body_can_be_shown_and_edited() {
    let mut doc = AutoCommit::new().with_actor(automerge::ActorId::from(&[1_u8; 16][..]));
    let body = doc.put_object(ROOT, "body", ObjType::Text).unwrap();
    doc.splice_text(&body, 0, 0, "before any marker\0").unwrap();
    for (n, kind) in
        ["heading", "ordered-list-item", "unordered-list-item", "embed", "markdown"].into_iter().enumerate()
    {
        let marker = doc.split_block(&body, 0).unwrap();
        doc.put(&marker, "type", kind).unwrap();
        doc.put(&marker, "level", -3_i64).unwrap();
        doc.put(&marker, "depth", "deep").unwrap();
        doc.put(&marker, "begins", u64::MAX).unwrap();
        if n % 2 == 0 {
            doc.put_object(&marker, "attrs", ObjType::List).unwrap();
        }
    }
    doc.split_block(&body, 2).unwrap();
    doc.insert_object(&body, 0, ObjType::List).unwrap();
    doc.insert(&body, 0, 7_u64).unwrap();
    let change = doc.get_last_local_change().unwrap().raw_bytes().to_vec();
    let mut live = LiveDocument::new(actor(9));
    assert!(live.apply(&[&change], actor(1)).changed());
    let shown = note::view(&live).body;
    assert!(shown.as_slice().len() >= 6 && shown.plain_text().contains("before any marker"));
    assert_eq!(note::set_body(&mut live, NOW, &shown), Ok(None));
    let wanted = snug_document::markdown::parse("# done\n\nat last").unwrap();
    note::set_body(&mut live, NOW, &wanted).unwrap().unwrap();
    assert_eq!(note::view(&live).body, wanted);
}
