//! The bytes of one meeting, from one seed. They change when the protocol does, and only then: on purpose.

use crate::people::{ADDRESS, CIRCLE, NOON, connection, device, hint, invited, name};
use data_encoding::HEXLOWER;
use snug_crypto::{SeededEntropy, hash};
use snug_meet::{
    Answerer, AnswererStep, Dialer, Heard, InvitationSecret, Joiner, JoinerStep, KeyId, Listener, Verdict,
    beacon,
};

#[test]
fn a_meeting_from_one_seed() {
    let mut e = SeededEntropy::new(2026);
    let mut lines = Vec::new();
    let mut say = |what: &str, bytes: &[u8]| {
        lines.push(format!(
            "{what} {} {}",
            bytes.len(),
            &HEXLOWER.encode(&hash("snug v1 test: golden", bytes))[..16]
        ));
    };
    let invitation = InvitationSecret::generate(&mut e);
    let (maker, guest) = invited(&invitation);
    let id = invitation.link().id();
    let (anna, ben) = (device(&mut e), device(&mut e));
    say("link", invitation.link().to_string().as_bytes());
    say("id", id.as_bytes());
    let packet = beacon::build(&mut e, NOON, ADDRESS, &guest, &[hint(KeyId::Joining(id), 1, None)]).unwrap();
    say("beacon", &packet);
    let (near, far) = connection(&mut e);
    let (_, proof) = Dialer::new(&mut e, near, &maker, &[KeyId::Answering(id)]).unwrap();
    say("proof", &proof);
    let Heard::Proven { answer, .. } = Listener::new(far).heard(&mut e, &guest, &proof) else { panic!() };
    say("answer", &answer);
    let (mut joiner, ask) = Joiner::new(far, invitation.link(), ben.public(), name("Ben"));
    say("ask", &ask);
    let mut answerer = Answerer::new(near, id, CIRCLE, anna.public());
    let AnswererStep::Send(challenge) = answerer.frame(&mut e, &invitation, &ask).unwrap() else { panic!() };
    say("challenge", &challenge);
    let JoinerStep::Accept { frame, .. } = joiner.frame(&challenge, &ben).unwrap() else { panic!() };
    say("accept", &frame);
    answerer.frame(&mut e, &invitation, &frame).unwrap();
    say("waiting", &answerer.answer(Verdict::Waiting).unwrap());
    say("welcome", &answerer.answer(Verdict::Welcome).unwrap());

    let expected = [
        "link 90 fb773971d0c7824b",
        "id 16 4ed4538030756a15",
        "beacon 1200 e056bf1c6eb5e32a",
        "proof 544 94b13235c280866a",
        "answer 64 c2d4d4b12b8c2218",
        "ask 66 9df9374ec5a03fd0",
        "challenge 370 3a83723ffe7dd0ad",
        "accept 73 bf421505d8810565",
        "waiting 2 ce677f4149a88b04",
        "welcome 2 b12b3ea18b4d0937",
    ];
    assert_eq!(lines, expected);
}
