//! Commands to a real laptop that is alone and offline: what names mean, what is answered, and what is refused.

use snug_api::command::{
    CircleFound, CircleLeave, CircleList, Export, Holders, Invite, InviteConfirm, InviteList, InviteWithdraw,
    Join, JoinForget, JoinStatus, NoteAppend, NoteEdit, NoteHead, NoteList, NoteNew, NotePutAway, NoteRename,
    NoteShow, People, PlanAnswer, PlanChange, PlanList, PlanNew, PlanPutAway, PlanShow, Status, WrittenTime,
};
use snug_api::view::{Answer, InvitationState, JoinState, Kind, Wish};
use snug_api::{ApiError, Command, Desk, EndReason, ErrorCode, Event, NoteNews, Service};
use std::path::Path;
use std::time::Duration;

const PASSPHRASE: &str = "tea at four";

async fn a_desk(folder: &Path) -> Result<Desk, ApiError> {
    Desk::create(folder, PASSPHRASE, "Anna").await?;
    Desk::open(folder, PASSPHRASE).await
}

async fn refused<C: Command<Answer: std::fmt::Debug>>(desk: &Desk, command: C) -> ErrorCode {
    match desk.call(command).await {
        Ok(answer) => panic!("done: {answer:?}"),
        Err(error) => error.code,
    }
}

fn circle(name: &str) -> CircleFound {
    CircleFound { name: name.into(), kind: Kind::Interest }
}

fn note(circle: &str, title: &str) -> NoteNew {
    NoteNew { circle: circle.into(), title: title.into(), markdown: "# Tea\n".into() }
}

fn show(circle: &str, note: &str) -> NoteShow {
    NoteShow { circle: circle.into(), note: note.into() }
}

#[tokio::test]
async fn a_folder_is_made_once_and_opened_by_one() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("a");
    assert_eq!(Desk::open(&folder, PASSPHRASE).await.err().unwrap().code, ErrorCode::NoStore);
    assert_eq!(Desk::create(&folder, "", "Anna").await.unwrap_err().code, ErrorCode::EmptyPassphrase);
    assert_eq!(Desk::create(&folder, PASSPHRASE, " ").await.unwrap_err().code, ErrorCode::BadText);
    assert!(!folder.exists(), "what is refused leaves nothing");
    let desk = a_desk(&folder).await.unwrap();
    assert_eq!(Desk::create(&folder, PASSPHRASE, "Eve").await.unwrap_err().code, ErrorCode::AlreadyThere);
    assert_eq!(Desk::open(&folder, PASSPHRASE).await.err().unwrap().code, ErrorCode::InUse);
    desk.close().await.unwrap();
    assert_eq!(Desk::open(&folder, "tea at five").await.err().unwrap().code, ErrorCode::WrongPassphrase);
    Desk::open(&folder, PASSPHRASE).await.unwrap().close().await.unwrap();
}

#[tokio::test]
async fn circles_go_by_name_or_by_the_beginning_of_their_id() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    let reading = desk.call(circle("Reading")).await.unwrap().id;
    desk.call(circle("Walks")).await.unwrap();
    desk.call(circle("Walks")).await.unwrap();
    let people = |circle: &str| People { circle: circle.into() };
    for name in ["Reading", &reading.to_string(), &reading.to_string()[..16]] {
        let people = desk.call(people(name)).await.unwrap().people;
        assert_eq!((people.len(), people[0].name.as_str(), people[0].me), (1, "Anna", true), "{name}");
    }
    assert_eq!(refused(&desk, people("Walking")).await, ErrorCode::NoCircle);
    assert_eq!(refused(&desk, people(&"00".repeat(32))).await, ErrorCode::NoCircle, "a whole id of nothing");
    let several = desk.call(people("Walks")).await.unwrap_err();
    assert_eq!((several.code, several.candidates.len()), (ErrorCode::Ambiguous, 2));
    assert_eq!(refused(&desk, circle("a\u{202E}b")).await, ErrorCode::BadText);
    assert_eq!(desk.call(CircleList {}).await.unwrap().circles.len(), 3);

    let status = desk.call(Status { circle: Some("Reading".into()) }).await.unwrap();
    assert_eq!((status.name.as_str(), status.online, status.circles.len()), ("Anna", false, 1));
    assert_eq!((status.circles[0].holding, status.circles[0].laptops), (1, 1));
    assert_eq!(desk.call(Status { circle: None }).await.unwrap().circles.len(), 3);
    desk.close().await.unwrap();
}

#[tokio::test]
async fn notes_are_written_found_and_put_away() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let id = desk.call(note("R", "Tea")).await.unwrap().id.to_string();
    desk.call(NoteAppend { circle: "R".into(), note: "Tea".into(), text: "- *hot*".into() }).await.unwrap();
    let shown = desk.call(show("R", &id[..12])).await.unwrap();
    assert_eq!(shown.markdown, "# Tea\n\n\\- \\*hot\\*\n");
    assert_eq!(shown.blocks.len(), 2);
    let edit = |markdown: String| NoteEdit { circle: "R".into(), note: "Tea".into(), markdown };
    desk.call(edit("# Tea\n\n**hot**\n".into())).await.unwrap();
    assert_eq!(refused(&desk, edit("x".repeat(10 << 20))).await, ErrorCode::TooLarge);
    assert_eq!(desk.call(show("R", "Tea")).await.unwrap().markdown, "# Tea\n\n**hot**\n");

    desk.call(NoteRename { circle: "R".into(), note: "Tea".into(), title: "Coffee".into() }).await.unwrap();
    assert_eq!(refused(&desk, show("R", "Tea")).await, ErrorCode::NotFound);
    let away = |away| NotePutAway { circle: "R".into(), note: "Coffee".into(), away };
    desk.call(away(true)).await.unwrap();
    let list = |away| NoteList { circle: "R".into(), away };
    assert_eq!(desk.call(list(false)).await.unwrap().notes, []);
    assert_eq!(desk.call(list(true)).await.unwrap().notes.len(), 1);
    assert!(desk.call(show("R", "Coffee")).await.unwrap().away, "it is still found");
    desk.call(away(false)).await.unwrap();
    assert_eq!(desk.call(list(false)).await.unwrap().notes.len(), 1);
    assert_eq!(refused(&desk, note("R", &"x".repeat(201))).await, ErrorCode::BadText);
    desk.close().await.unwrap();
}

#[tokio::test]
async fn gatherings_are_planned_and_answered() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let plan = |title: &str, local: &str, zone: &str| PlanNew {
        circle: "R".into(),
        title: title.into(),
        at: Some(WrittenTime { local: local.into(), zone: zone.into() }),
        place: Some("At Eva’s".into()),
    };
    desk.call(plan("Late", "2026-12-02T18:00", "Europe/Budapest")).await.unwrap();
    desk.call(plan("Soon", "2026-12-01T18:00", "Europe/Budapest")).await.unwrap();
    desk.call(PlanNew { circle: "R".into(), title: "Some day".into(), at: None, place: None }).await.unwrap();
    let titles: Vec<String> = desk
        .call(PlanList { circle: "R".into(), away: false })
        .await
        .unwrap()
        .plans
        .into_iter()
        .map(|plan| plan.title)
        .collect();
    assert_eq!(titles, ["Soon", "Late", "Some day"]);
    for (local, zone) in [
        ("2026-12-01T25:00", "Europe/Budapest"),
        ("tomorrow", "Europe/Budapest"),
        ("2026-12-01T18:00", "Mars/Base"),
        // A clock there never shows this time.
        ("2026-03-29T02:30", "Europe/Budapest"),
    ] {
        assert_eq!(refused(&desk, plan("Bad", local, zone)).await, ErrorCode::BadTime, "{local} {zone}");
    }
    let shown = || PlanShow { circle: "R".into(), plan: "Soon".into() };
    let before = desk.call(shown()).await.unwrap();
    assert_eq!(before.at.unwrap().instant.0, 1_796_144_400_000);
    assert_eq!(
        before.answers.iter().map(|a| (a.person.as_str(), a.answer)).collect::<Vec<_>>(),
        [("Anna", None)]
    );
    let answer = |answer| PlanAnswer { circle: "R".into(), plan: "Soon".into(), answer };
    desk.call(answer(Answer::Yes)).await.unwrap();
    desk.call(answer(Answer::NotThisTime)).await.unwrap();
    assert_eq!(desk.call(shown()).await.unwrap().answers[0].answer, Some(Answer::NotThisTime));
    desk.close().await.unwrap();
}

/// What is left out stays, what is `null` goes: in JSON too.
#[tokio::test]
async fn gatherings_are_changed_and_put_away() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let at = |local: &str| WrittenTime { local: local.into(), zone: "Europe/Budapest".into() };
    let new = PlanNew {
        circle: "R".into(),
        title: "Walk".into(),
        at: Some(at("2026-12-01T18:00")),
        place: Some("At Eva’s".into()),
    };
    let plan = desk.call(new).await.unwrap().id.to_string();
    let change = |fields: serde_json::Value| {
        let mut with = serde_json::json!({ "circle": "R", "plan": &plan });
        with.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        serde_json::from_value::<PlanChange>(with).unwrap()
    };
    let shown = async || {
        let plan = desk.call(PlanShow { circle: "R".into(), plan: plan.clone() }).await.unwrap();
        (plan.title, plan.at.map(|at| at.local), plan.place)
    };
    let (evening, eva) = (Some("2026-12-01T18:00".to_owned()), Some("At Eva’s".to_owned()));
    desk.call(change(serde_json::json!({ "title": "Long walk" }))).await.unwrap();
    assert_eq!(shown().await, ("Long walk".into(), evening, eva.clone()));
    desk.call(change(serde_json::json!({ "at": null }))).await.unwrap();
    assert_eq!(shown().await, ("Long walk".into(), None, eva));
    let both = change(serde_json::json!({ "at": at("2026-12-02T09:00"), "place": null }));
    let sent = serde_json::to_value(&both).unwrap();
    assert_eq!(
        (sent.get("place"), serde_json::from_value(sent.clone()).unwrap()),
        (Some(&serde_json::Value::Null), both.clone())
    );
    desk.call(both).await.unwrap();
    assert_eq!(shown().await, ("Long walk".into(), Some("2026-12-02T09:00".into()), None));
    assert_eq!(serde_json::to_value(change(serde_json::json!({}))).unwrap().get("at"), None);
    for (wrong, code) in [
        (serde_json::json!({ "at": at("2026-03-29T02:30") }), ErrorCode::BadTime),
        (serde_json::json!({ "title": " " }), ErrorCode::BadText),
        (serde_json::json!({ "place": "x".repeat(201) }), ErrorCode::BadText),
        (serde_json::json!({ "plan": "Tea" }), ErrorCode::NotFound),
    ] {
        assert_eq!(refused(&desk, change(wrong)).await, code);
    }

    let answer = PlanAnswer { circle: "R".into(), plan: plan.clone(), answer: Answer::Yes };
    desk.call(answer).await.unwrap();
    desk.call(PlanPutAway { circle: "R".into(), plan: plan.clone(), away: true }).await.unwrap();
    let list = async |away| desk.call(PlanList { circle: "R".into(), away }).await.unwrap().plans;
    assert_eq!(list(false).await, []);
    let listed = list(true).await;
    assert_eq!(listed.iter().map(|p| (p.mine, p.away)).collect::<Vec<_>>(), [(Some(Answer::Yes), true)]);
    desk.call(PlanPutAway { circle: "R".into(), plan: plan.clone(), away: false }).await.unwrap();
    assert_eq!(list(false).await.len(), 1);
    desk.close().await.unwrap();
}

#[tokio::test]
async fn a_note_is_told_without_its_body_and_opened_in_a_window() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let id = desk.call(note("R", "Tea")).await.unwrap().id;
    let head = desk.call(NoteHead { circle: "R".into(), note: "Tea".into() }).await.unwrap();
    let whole = desk.call(show("R", "Tea")).await.unwrap();
    assert_eq!((head.id, head.title, head.changed, head.away), (id, whole.title, whole.changed, false));
    assert_eq!((head.held.laptops, head.held.holding), (1, 1));
    let holders = |document: Option<&str>| Holders { circle: "R".into(), document: document.map(Into::into) };
    for document in [None, Some(id.to_string())] {
        let laptops = desk.call(holders(document.as_deref())).await.unwrap().laptops;
        assert_eq!(laptops.len(), 1);
        assert!(laptops[0].me && laptops[0].near && laptops[0].holds.is_some());
        assert_eq!(laptops[0].person, "Anna");
        let people = desk.call(People { circle: "R".into() }).await.unwrap().people;
        assert_eq!(laptops[0].id, Some(people[0].id));
    }
    assert_eq!(refused(&desk, holders(Some("Tea"))).await, ErrorCode::NotFound);
    assert_eq!(refused(&desk, holders(Some(&"0".repeat(32)))).await, ErrorCode::NotFound);

    let mut open = desk.note_open("R", "Tea").await.unwrap();
    assert!(open.actor.len() == 32 && !open.bytes.is_empty());
    let rename = NoteRename { circle: "R".into(), note: "Tea".into(), title: "Coffee".into() };
    desk.call(rename).await.unwrap();
    assert!(matches!(open.stream.recv().await, Some(NoteNews::Changes(_))));
    assert_eq!(desk.note_write(open.session, b"typing").await.unwrap_err().code, ErrorCode::Internal);
    assert_eq!(open.stream.recv().await, Some(NoteNews::Ended(EndReason::Refused)));
    assert_eq!(desk.note_write(open.session, b"typing").await.unwrap_err().code, ErrorCode::NotFound);
    desk.note_close(open.session).await.unwrap();
    assert_eq!(desk.note_open("R", "Tea").await.unwrap_err().code, ErrorCode::NotFound);
    desk.close().await.unwrap();
}

#[tokio::test]
async fn invitations_are_made_listed_and_taken_back() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let invite = |expires| Invite { circle: "R".into(), expires, confirm: true };
    let invited = desk.call(invite(7 * 24 * 60 * 60)).await.unwrap();
    assert!(invited.link.starts_with("snug:"));
    assert_eq!(refused(&desk, invite(1)).await, ErrorCode::BadExpiry);
    assert_eq!(refused(&desk, invite(u64::MAX)).await, ErrorCode::BadExpiry);
    let withdraw = |invitation: &str| InviteWithdraw { circle: "R".into(), invitation: invitation.into() };
    assert_eq!(refused(&desk, withdraw("zz")).await, ErrorCode::NotFound);
    assert!(!desk.call(withdraw(&invited.id.to_string()[..8])).await.unwrap().already);
    assert!(desk.call(withdraw(&invited.id.to_string())).await.unwrap().already);
    let none = desk.call(InviteConfirm { circle: "R".into(), person: "Ben".into() }).await.unwrap_err();
    assert_eq!((none.code, none.message.contains("nobody asks")), (ErrorCode::NotFound, true));
    let listed = desk.call(InviteList { circle: "R".into() }).await.unwrap().invitations;
    assert_eq!(
        listed.iter().map(|i| (i.id, i.state)).collect::<Vec<_>>(),
        [(invited.id, InvitationState::Withdrawn)]
    );

    let join = |link: &str| Join { link: link.into(), name: None, dial: vec![] };
    assert_eq!(refused(&desk, join("https://example.org")).await, ErrorCode::NotALink);
    assert_eq!(refused(&desk, join(&invited.link[..invited.link.len() - 2])).await, ErrorCode::DamagedLink);
    assert_eq!(refused(&desk, join(&invited.link)).await, ErrorCode::AlreadyIn, "one's own");
    desk.close().await.unwrap();
}

#[tokio::test]
async fn an_export_takes_only_an_empty_folder() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    desk.call(note("R", "Tea")).await.unwrap();
    let export = || Export { circle: "R".into(), folder: root.path().join("out") };
    let exported = desk.call(export()).await.unwrap();
    assert_eq!((exported.notes, exported.plans), (1, 0));
    assert_eq!(refused(&desk, export()).await, ErrorCode::ExportFolder);
    desk.close().await.unwrap();
}

#[tokio::test]
async fn a_wish_to_join_is_seen_until_it_is_decided() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let invited = desk.call(Invite { circle: "R".into(), expires: 3600, confirm: true }).await.unwrap();
    let ben = a_desk(&root.path().join("b")).await.unwrap();
    let join = Join { link: invited.link, name: Some("Ben".into()), dial: vec![] };
    ben.call(join.clone()).await.unwrap();
    ben.call(Join { name: Some("Benedikt".into()), ..join }).await.unwrap();
    let wish = Wish { id: invited.id, name: "Ben".into(), state: JoinState::Looking };
    let status = ben.call(Status { circle: None }).await.unwrap();
    assert_eq!((status.circles, status.joining), (vec![], vec![wish.clone()]));
    let circles = ben.call(CircleList {}).await.unwrap();
    assert_eq!((circles.circles, &circles.joining), (vec![], &vec![wish]));
    assert_eq!(
        serde_json::to_value(&circles.joining).unwrap(),
        serde_json::json!([{ "id": invited.id.to_string(), "name": "Ben", "state": "looking" }])
    );
    ben.close().await.unwrap();
    desk.close().await.unwrap();
}

#[tokio::test]
async fn a_wish_to_join_is_given_up_for_good() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let invited = desk.call(Invite { circle: "R".into(), expires: 3600, confirm: true }).await.unwrap();
    let folder = root.path().join("b");
    let ben = a_desk(&folder).await.unwrap();
    let join = Join { link: invited.link, name: None, dial: vec![] };
    ben.call(join.clone()).await.unwrap();
    let mut events = ben.follow();
    let forget = |join: &str| JoinForget { join: join.into() };
    assert_eq!(refused(&ben, forget("zz")).await, ErrorCode::NotFound);
    assert_eq!(refused(&ben, forget(&"0".repeat(32))).await, ErrorCode::NotFound);
    ben.call(forget(&invited.id.to_string()[..8])).await.unwrap();
    assert_eq!(events.recv().await, Some(Event::JoinForgotten { join: invited.id }));
    assert_eq!(ben.call(CircleList {}).await.unwrap().joining, []);
    assert_eq!(refused(&ben, JoinStatus { join: invited.id.to_string() }).await, ErrorCode::NotFound);
    assert_eq!(refused(&ben, forget(&invited.id.to_string())).await, ErrorCode::NotFound, "it is gone");
    ben.close().await.unwrap();

    let ben = Desk::open(&folder, PASSPHRASE).await.unwrap();
    assert_eq!(ben.call(CircleList {}).await.unwrap().joining, []);
    ben.call(join).await.unwrap();
    assert_eq!(ben.call(CircleList {}).await.unwrap().joining.len(), 1, "the link is followed anew");
    ben.close().await.unwrap();
    desk.close().await.unwrap();
}

#[tokio::test]
async fn who_leaves_a_circle_of_one_hears_that_there_are_no_others() {
    let root = tempfile::tempdir().unwrap();
    let desk = a_desk(&root.path().join("a")).await.unwrap();
    desk.call(circle("R")).await.unwrap();
    let mut events = desk.follow();
    let left = desk.call(CircleLeave { circle: "R".into() }).await.unwrap();
    assert_eq!(left.others, Some(0));
    // Whoever shows circles hears that it is gone.
    let gone = async { while !matches!(events.recv().await, Some(Event::Circle { .. })) {} };
    tokio::time::timeout(Duration::from_mins(1), gone).await.expect("it is told");
    assert_eq!(desk.call(CircleList {}).await.unwrap().circles, []);
    desk.close().await.unwrap();
}
