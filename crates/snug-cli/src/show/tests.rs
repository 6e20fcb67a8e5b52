use super::clock::tests::{evening, millis};
use super::*;
use snug_api::Event;
use snug_api::view::{
    Asking, Circle, CircleStatus, Holding, Invitation, NoteSummary, OtherLaptop, Person, PersonAnswer,
    PlanSummary, Status,
};
use snug_types::{CircleId, DeviceId, DocumentId, InvitationId, MemberId};

fn a_wish(state: JoinState) -> Wish {
    Wish { id: InvitationId([5; 16]), name: "Ann".into(), state }
}

fn a_status() -> Status {
    let other = |person: &str, near, holds_all: Option<&str>| OtherLaptop {
        device: DeviceId([3; 32]),
        person: person.into(),
        near,
        holds_all: holds_all.map(millis),
    };
    Status {
        name: "Anna".into(),
        online: true,
        near: 1,
        circles: vec![
            CircleStatus {
                id: CircleId([1; 32]),
                name: "Reading".into(),
                laptops: 3,
                holding: 2,
                as_of: Some(millis("2026-11-21T13:02:00Z")),
                near: 1,
                others: vec![other("Ben", true, Some("2026-11-21T13:02:00Z")), other("Évá", false, None)],
                addresses: vec!["127.0.0.1:4001".parse().unwrap()],
                split: vec![],
                stopped: None,
            },
            CircleStatus {
                id: CircleId([2; 32]),
                name: "Walks".into(),
                laptops: 1,
                holding: 1,
                as_of: None,
                near: 0,
                others: vec![],
                addresses: vec![],
                split: vec![DeviceId([9; 32])],
                stopped: Some("the disk is full".into()),
            },
        ],
        joining: vec![a_wish(JoinState::Waiting)],
    }
}

#[test]
fn status_says_what_is_known_and_since_when() {
    insta::assert_snapshot!(status(&a_status(), &evening()));
    let alone = Status { name: "Anna".into(), online: false, near: 0, circles: vec![], joining: vec![] };
    insta::assert_snapshot!(status(&alone, &evening()), @"Anna: not up; others can't find this laptop until `snug up`");
}

#[test]
fn a_gathering_shows_answers_and_silence_alike() {
    let answer =
        |person: &str, me, answer| PersonAnswer { person: person.into(), id: MemberId([1; 32]), me, answer };
    let shown = Plan {
        id: DocumentId([4; 16]),
        title: "Coffee".into(),
        at: Some(PlanTime {
            local: "2026-12-01T18:00".into(),
            zone: "Europe/Budapest".into(),
            instant: millis("2026-12-01T17:00:00Z"),
            offset: Some("+01:00".into()),
            twice: true,
        }),
        place: Some("At Eva’s".into()),
        answers: vec![
            answer("Anna", true, Some(Answer::Yes)),
            answer("Benedikt", false, Some(Answer::IfNeedBe)),
            answer("Cleo", false, Some(Answer::NotThisTime)),
            answer("Dora", false, None),
        ],
        changed: millis("2026-11-21T13:02:00Z"),
        away: false,
        held: Holding { laptops: 2, holding: 1, as_of: Some(millis("2026-11-20T13:02:00Z")) },
    };
    insta::assert_snapshot!(plan(&shown, &evening()));
}

#[test]
fn lists_are_aligned_and_empty_ones_say_how_to_begin() {
    let all = [
        circles(&Circles {
            circles: vec![
                Circle {
                    id: CircleId([1; 32]),
                    name: "読書".into(),
                    kind: Some(Kind::Interest),
                    state: CircleState::Member,
                    asking: 0,
                },
                Circle {
                    id: CircleId([2; 32]),
                    name: "Walks".into(),
                    kind: None,
                    state: CircleState::Joining,
                    asking: 0,
                },
            ],
            joining: vec![a_wish(JoinState::Waiting)],
        }),
        circles(&Circles { circles: vec![], joining: vec![a_wish(JoinState::Looking)] }),
        circles(&Circles { circles: vec![], joining: vec![] }),
        people(&People {
            people: vec![
                Person {
                    id: MemberId([1; 32]),
                    name: "Anna".into(),
                    me: true,
                    laptops: 2,
                    left: false,
                    added_by: None,
                },
                Person {
                    id: MemberId([2; 32]),
                    name: "Ben".into(),
                    me: false,
                    laptops: 0,
                    left: true,
                    added_by: Some(MemberId([1; 32])),
                },
            ],
        }),
        invitations(
            &Invitations {
                invitations: vec![
                    Invitation {
                        id: InvitationId([1; 16]),
                        state: InvitationState::Open,
                        expires: millis("2026-11-28T22:00:00Z"),
                        confirm: true,
                        asking: vec![Asking { device: DeviceId([7; 32]), name: "Ben".into() }],
                    },
                    Invitation {
                        id: InvitationId([2; 16]),
                        state: InvitationState::Used,
                        expires: millis("2026-11-28T22:00:00Z"),
                        confirm: false,
                        asking: vec![],
                    },
                ],
            },
            &evening(),
        ),
        notes(
            &Notes {
                notes: vec![NoteSummary {
                    id: DocumentId([0xab; 16]),
                    title: "Next book".into(),
                    changed: millis("2026-11-21T13:02:00Z"),
                    away: false,
                }],
            },
            &evening(),
        ),
        notes(&Notes { notes: vec![] }, &evening()),
        plans(&Plans {
            plans: vec![PlanSummary {
                id: DocumentId([0xab; 16]),
                title: "Coffee".into(),
                at: None,
                place: Some("At Eva’s".into()),
                mine: None,
                changed: millis("2026-11-21T13:02:00Z"),
                away: false,
            }],
        }),
        plans(&Plans { plans: vec![] }),
        exported(&Exported { folder: "/home/anna/out".into(), notes: 1, plans: 2 }),
    ];
    insta::assert_snapshot!(all.join("\n\n"));
}

#[test]
fn what_happens_is_told_without_repeating() {
    let circle = CircleId([1; 32]);
    let status = a_status();
    let reading = status.circles.first();
    let document = DocumentId([1; 16]);
    let mut teller = Teller::default();
    let told: Vec<String> = [
        Event::Near { circle, person: "Ben".into() },
        Event::Changed { circle, document },
        Event::Changed { circle, document },
        Event::Holding { circle },
        Event::Holding { circle },
        Event::Changed { circle, document },
        Event::Holding { circle },
        Event::Asks { circle, device: DeviceId([1; 32]), name: "Cleo".into() },
        Event::People { circle },
        Event::Join { join: InvitationId([1; 16]), state: JoinState::Waiting },
        Event::Join { join: InvitationId([1; 16]), state: JoinState::Refused { reason: Refusal::Used } },
        Event::Split { circle, device: DeviceId([1; 32]) },
        Event::Missed { count: 7 },
        Event::Gone { circle, person: "Ben".into() },
    ]
    .iter()
    .filter_map(|event| teller.line(event, reading, &evening()))
    .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert_eq!(teller.line(&Event::People { circle }, None, &evening()), None, "a circle that is gone");
}
