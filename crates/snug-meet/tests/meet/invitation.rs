use crate::people::{CIRCLE, device, name};
use proptest::prelude::*;
use snug_circle::op::{Acceptance, Admission};
use snug_crypto::{SeededEntropy, Verified};
use snug_meet::invitation::ASKING;
use snug_meet::{Decision, Invitation, InvitationError, Refusal, Request};
use snug_types::{DeviceId, InvitationId, UnixMillis, from_bytes, to_bytes};
use std::collections::BTreeSet;

const EXPIRES: UnixMillis = UnixMillis(1000);
const EARLY: UnixMillis = UnixMillis(1000);
const LATE: UnixMillis = UnixMillis(1001);

fn request(n: u64) -> Request {
    let device = device(&mut SeededEntropy::new(n));
    let (circle, invitation, inviter) = (CIRCLE, InvitationId([1; 16]), DeviceId([2; 32]));
    let acceptance = Acceptance { circle, invitation, inviter, device: device.public(), challenge: [3; 32] };
    Request { name: name("Ben"), admission: Admission::of(&Verified::sign(acceptance, &device).unwrap()) }
}

fn id(n: u64) -> DeviceId {
    request(n).device()
}

#[test]
fn the_first_who_is_confirmed_has_it_and_nobody_else() {
    let mut invitation = Invitation::new(EXPIRES, true);
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Wait);
    assert_eq!(invitation.asked(EARLY, request(2)), Decision::Wait);
    assert_eq!(invitation.waiting().count(), 2);
    assert_eq!(invitation.confirm(id(2)), Ok(request(2)));
    assert_eq!(invitation.confirm(id(1)), Err(InvitationError::Used { by: id(2) }));
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Refuse(Refusal::Used));
    assert_eq!(
        invitation.asked(EARLY, request(2)),
        Decision::Admit(Box::new(request(2))),
        "a crash came before the admission"
    );
    assert_eq!(invitation.admitted(id(1)), Err(InvitationError::Used { by: id(2) }));
    assert_eq!(invitation.admitted(id(2)), Ok(()));
    assert_eq!(invitation.asked(LATE, request(2)), Decision::Welcome);
    assert_eq!(invitation.asked(EARLY, request(3)), Decision::Refuse(Refusal::Used));
    assert_eq!(invitation.waiting().count(), 0);
}

#[test]
fn without_confirmation_the_first_who_asks_has_it() {
    let mut invitation = Invitation::new(EXPIRES, false);
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Admit(Box::new(request(1))));
    assert_eq!(invitation.asked(EARLY, request(2)), Decision::Refuse(Refusal::Used));
    assert_eq!(invitation.asked(LATE, request(1)), Decision::Admit(Box::new(request(1))));
    assert_eq!(invitation.taken_by(), Some(id(1)));
}

#[test]
fn expiry_stops_new_ones_and_keeps_those_who_asked_in_time() {
    let mut invitation = Invitation::new(EXPIRES, true);
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Wait);
    assert!(!invitation.closed(EARLY) && invitation.closed(LATE));
    assert_eq!(invitation.asked(LATE, request(2)), Decision::Refuse(Refusal::Expired));
    assert_eq!(invitation.asked(LATE, request(1)), Decision::Wait);
    assert_eq!(invitation.confirm(id(1)), Ok(request(1)));
    assert_eq!(Invitation::new(EXPIRES, false).asked(LATE, request(1)), Decision::Refuse(Refusal::Expired));
}

#[test]
fn withdrawn_is_withdrawn_for_those_who_wait_too() {
    let mut invitation = Invitation::new(EXPIRES, true);
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Wait);
    assert_eq!(invitation.withdraw(), Ok(()));
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Refuse(Refusal::Withdrawn));
    assert_eq!(invitation.asked(EARLY, request(2)), Decision::Refuse(Refusal::Withdrawn));
    assert_eq!(invitation.confirm(id(1)), Err(InvitationError::Withdrawn));
    assert_eq!(invitation.waiting().count(), 0);
    // Too late for one that was used.
    let mut used = Invitation::new(EXPIRES, false);
    used.asked(EARLY, request(1));
    assert_eq!(used.withdraw(), Err(InvitationError::Used { by: id(1) }));
    assert_eq!(used.asked(EARLY, request(1)), Decision::Admit(Box::new(request(1))));
}

#[test]
fn declined_stays_declined() {
    let mut invitation = Invitation::new(EXPIRES, true);
    assert_eq!(invitation.decline(id(1)), Err(InvitationError::NotWaiting(id(1))));
    invitation.asked(EARLY, request(1));
    assert_eq!(invitation.decline(id(1)), Ok(()));
    assert_eq!(invitation.asked(EARLY, request(1)), Decision::Refuse(Refusal::Declined));
    assert_eq!(invitation.confirm(id(1)), Err(InvitationError::NotWaiting(id(1))));
    assert_eq!(invitation.asked(EARLY, request(2)), Decision::Wait, "somebody else may still");
}

#[test]
fn the_name_that_the_inviter_sees_stays() {
    let mut invitation = Invitation::new(EXPIRES, true);
    invitation.asked(EARLY, request(1));
    invitation.asked(EARLY, Request { name: name("Anna's mother"), ..request(1) });
    assert_eq!(invitation.confirm(id(1)).unwrap().name.as_str(), "Ben");
}

#[test]
fn a_flood_of_devices_is_bounded() {
    let mut invitation = Invitation::new(EXPIRES, true);
    for n in 0..100 {
        let expected = if n < ASKING as u64 { Decision::Wait } else { Decision::Refuse(Refusal::Full) };
        assert_eq!(invitation.asked(EARLY, request(n)), expected);
    }
    assert_eq!(invitation.asked(EARLY, request(0)), Decision::Wait);
    assert!(to_bytes(&invitation).len() < 16 << 10);
}

#[test]
fn foreign_bytes_are_no_invitation() {
    let mut invitation = Invitation::new(EXPIRES, true);
    invitation.asked(EARLY, request(1));
    invitation.asked(EARLY, request(2));
    let bytes = to_bytes(&invitation);
    assert_eq!(from_bytes::<Invitation>(&bytes), Ok(invitation));
    // Version, expiry, three flags and a count; then two of the same length, in order.
    let (head, asking) = bytes.split_at(1 + 8 + 3 + 4);
    let (first, second) = asking.split_at(asking.len() / 2);
    assert!(from_bytes::<Invitation>(&[head, second, first].concat()).is_err(), "out of order");
    assert!(from_bytes::<Invitation>(&[head, first, first].concat()).is_err(), "one of them twice");
    for cut in 0..bytes.len() {
        assert!(from_bytes::<Invitation>(&bytes[..cut]).is_err());
    }
    assert!(from_bytes::<Invitation>(&[&[2], &bytes[1..]].concat()).is_err(), "a later version");
}

#[derive(Debug, Clone)]
enum Event {
    Asked(u64, bool),
    Confirm(u64),
    Decline(u64),
    Admitted(u64),
    Withdraw,
}

fn event() -> impl Strategy<Value = Event> {
    let who = 0..5_u64;
    prop_oneof![
        4 => (who.clone(), any::<bool>()).prop_map(|(n, late)| Event::Asked(n, late)),
        2 => who.clone().prop_map(Event::Confirm),
        1 => who.clone().prop_map(Event::Decline),
        1 => who.prop_map(Event::Admitted),
        1 => Just(Event::Withdraw),
    ]
}

proptest! {
    /// Whatever happens in whatever order, and however often the laptop restarts: one device, or none.
    #[test]
    fn single_use_is_exact(confirm: bool, events in proptest::collection::vec(event(), 0..40)) {
        let mut invitation = Invitation::new(EXPIRES, confirm);
        let mut let_in = BTreeSet::new();
        for event in events {
            match event {
                Event::Asked(n, late) => {
                    let now = if late { LATE } else { EARLY };
                    match invitation.asked(now, request(n)) {
                        Decision::Admit(request) => {
                            prop_assert_eq!(request.device(), id(n));
                            let_in.insert(id(n));
                        }
                        Decision::Welcome => prop_assert!(let_in.contains(&id(n))),
                        Decision::Wait => prop_assert!(confirm && let_in.is_empty()),
                        Decision::Refuse(_) => prop_assert!(!let_in.contains(&id(n))),
                    }
                }
                Event::Confirm(n) => {
                    if invitation.confirm(id(n)).is_ok() {
                        let_in.insert(id(n));
                    }
                }
                Event::Decline(n) => {
                    if invitation.decline(id(n)).is_ok() {
                        prop_assert!(let_in.is_empty());
                    }
                }
                Event::Admitted(n) => {
                    if invitation.admitted(id(n)).is_ok() {
                        prop_assert!(let_in.contains(&id(n)));
                    }
                }
                Event::Withdraw => prop_assert_eq!(invitation.withdraw().is_ok(), let_in.is_empty()),
            }
            prop_assert!(let_in.len() <= 1);
            prop_assert_eq!(invitation.taken_by(), let_in.first().copied());
            let stored = to_bytes(&invitation);
            prop_assert_eq!(from_bytes::<Invitation>(&stored), Ok(invitation.clone()));
        }
    }

    #[test]
    fn any_stored_bytes_have_one_reading(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        if let Ok(invitation) = from_bytes::<Invitation>(&bytes) {
            prop_assert_eq!(to_bytes(&invitation), bytes);
        }
    }
}
