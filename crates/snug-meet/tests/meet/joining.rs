use crate::people::{CIRCLE, connection, device, name};
use proptest::prelude::*;
use snug_crypto::{DevicePublic, DeviceSecret, SeededEntropy};
use snug_meet::join::JOIN_FRAME_BYTES;
use snug_meet::{
    Answerer, AnswererStep, Channel, InvitationSecret, JoinError, Joiner, JoinerStep, Refusal, Request,
    Verdict,
};
use snug_types::bound::NAME_CHARS;
use snug_types::{DecodeError, DeviceId, Name};

/// Anna made an invitation; Ben follows it over a connection that both have proved.
struct Table {
    e: SeededEntropy,
    invitation: InvitationSecret,
    anna: DeviceSecret,
    ben: DeviceSecret,
    near: Channel,
    far: Channel,
}

impl Table {
    fn new(seed: u64) -> Self {
        let mut e = SeededEntropy::new(seed);
        let invitation = InvitationSecret::generate(&mut e);
        let (anna, ben) = (device(&mut e), device(&mut e));
        let (near, far) = connection(&mut e);
        Self { e, invitation, anna, ben, near, far }
    }

    fn joiner(&self) -> (Joiner, Vec<u8>) {
        Joiner::new(self.near, self.invitation.link(), self.ben.public(), name("Ben"))
    }

    fn answerer(&self) -> Answerer {
        Answerer::new(self.far, self.invitation.link().id(), CIRCLE, self.anna.public())
    }

    fn challenge(&mut self, answerer: &mut Answerer, ask: &[u8]) -> Vec<u8> {
        match answerer.frame(&mut self.e, &self.invitation, ask).unwrap() {
            AnswererStep::Send(frame) => frame,
            AnswererStep::Decide(_) => panic!("decided before a challenge"),
        }
    }

    /// Both, at the point where Ben's device has proved itself.
    fn proven(&mut self) -> (Joiner, Answerer, Request) {
        let (mut joiner, ask) = self.joiner();
        let mut answerer = self.answerer();
        let challenge = self.challenge(&mut answerer, &ask);
        let accept = accept(joiner.frame(&challenge, &self.ben).unwrap());
        match answerer.frame(&mut self.e, &self.invitation, &accept).unwrap() {
            AnswererStep::Decide(request) => (joiner, answerer, *request),
            AnswererStep::Send(_) => panic!("answered before it asked"),
        }
    }
}

fn accept(step: JoinerStep) -> Vec<u8> {
    match step {
        JoinerStep::Accept { frame, .. } => frame,
        other => panic!("not challenged: {other:?}"),
    }
}

#[test]
fn a_newcomer_is_challenged_and_welcome() {
    let mut t = Table::new(1);
    let (mut joiner, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    let step = joiner.frame(&challenge, &t.ben).unwrap();
    assert!(
        matches!(&step, JoinerStep::Accept { circle: CIRCLE, inviter, .. } if *inviter == t.anna.public())
    );
    let step = answerer.frame(&mut t.e, &t.invitation, &accept(step)).unwrap();
    let AnswererStep::Decide(request) = step else { panic!() };
    assert_eq!((request.admission.device, request.name.as_str()), (t.ben.public(), "Ben"));
    assert_eq!(request.admission.invitation, t.invitation.link().id());
    // What the membership will check: the device's signature on exactly this circle, inviter and invitation.
    assert!(request.admission.verify(CIRCLE, t.anna.id()).is_ok());
    let welcome = answerer.answer(Verdict::Welcome).unwrap();
    let inviter = t.anna.public();
    assert_eq!(joiner.frame(&welcome, &t.ben), Ok(JoinerStep::Welcome { circle: CIRCLE, inviter }));
}

#[test]
fn who_waits_hears_more_on_the_same_connection() {
    for (verdict, heard) in [
        (Verdict::Welcome, None),
        (Verdict::Refused(Refusal::Declined), Some(Refusal::Declined)),
        (Verdict::Refused(Refusal::Used), Some(Refusal::Used)),
    ] {
        let mut t = Table::new(2);
        let (mut joiner, mut answerer, _) = t.proven();
        for _ in 0..2 {
            let waiting = answerer.answer(Verdict::Waiting).unwrap();
            assert_eq!(joiner.frame(&waiting, &t.ben), Ok(JoinerStep::Waiting));
        }
        let step = joiner.frame(&answerer.answer(verdict).unwrap(), &t.ben).unwrap();
        match heard {
            Some(why) => assert_eq!(step, JoinerStep::Refused(why)),
            None => assert!(matches!(step, JoinerStep::Welcome { .. })),
        }
        assert!(answerer.answer(Verdict::Waiting).is_err(), "the last word was said");
    }
}

#[test]
fn every_refusal_arrives_as_it_was_said() {
    use Refusal::{Declined, Expired, Full, Other, Used, Withdrawn};
    for why in [Expired, Used, Withdrawn, Declined, Full, Other(200)] {
        let mut t = Table::new(3);
        let (mut joiner, mut answerer, _) = t.proven();
        let frame = answerer.answer(Verdict::Refused(why)).unwrap();
        assert_eq!(joiner.frame(&frame, &t.ben), Ok(JoinerStep::Refused(why)));
    }
}

#[test]
fn asking_again_is_challenged_anew() {
    let mut t = Table::new(4);
    let (_, _, first) = t.proven();
    (t.near, t.far) = connection(&mut t.e);
    let (_, _, again) = t.proven();
    assert_eq!((first.device(), first.name), (again.device(), again.name));
    assert_ne!(first.admission.challenge, again.admission.challenge);
}

#[test]
fn another_holder_of_the_link_cannot_pose_as_the_inviter() {
    let mut t = Table::new(5);
    // Mallory saw the link, so the handshake let her through; the invitation's own key she hasn't.
    let mallory = InvitationSecret::generate(&mut t.e);
    let (mut joiner, ask) = t.joiner();
    let mut posing = Answerer::new(t.far, t.invitation.link().id(), CIRCLE, t.anna.public());
    let AnswererStep::Send(challenge) = posing.frame(&mut t.e, &mallory, &ask).unwrap() else { panic!() };
    assert_eq!(joiner.frame(&challenge, &t.ben), Err(JoinError::NotTheAnswerer));
    // Nor with the answering key written in, and her own signature below it.
    let (mut joiner, _) = t.joiner();
    let mut forged = challenge;
    forged[2..34].copy_from_slice(t.invitation.link().answerer().as_bytes());
    assert_eq!(joiner.frame(&forged, &t.ben), Err(JoinError::NotTheAnswerer));
}

#[test]
fn only_the_laptop_that_made_the_invitation_hears_the_name() {
    let mut t = Table::new(19);
    let says = |frame: &[u8]| frame.windows(3).any(|bytes| bytes == b"Ben");
    // Whoever found the link passes the handshake, and is told the question alone.
    let (mut joiner, ask) = t.joiner();
    assert!(!says(&ask));
    let mallory = InvitationSecret::generate(&mut t.e);
    let mut posing = Answerer::new(t.far, t.invitation.link().id(), CIRCLE, t.anna.public());
    let AnswererStep::Send(forged) = posing.frame(&mut t.e, &mallory, &ask).unwrap() else { panic!() };
    let challenge = t.challenge(&mut t.answerer(), &ask);
    assert_eq!(joiner.frame(&forged, &t.ben), Err(JoinError::NotTheAnswerer));
    assert!(joiner.frame(&challenge, &t.ben).is_err(), "the conversation is over");

    let (mut joiner, _) = t.joiner();
    assert!(says(&accept(joiner.frame(&challenge, &t.ben).unwrap())));
}

#[test]
fn nobody_can_stand_in_between() {
    let mut t = Table::new(6);
    // Mallory holds the link, and a connection to each of the two. She hands Ben's question and Anna's challenge on.
    let (_, to_anna) = connection(&mut t.e);
    let (mut joiner, ask) = t.joiner();
    let mut answerer = Answerer::new(to_anna, t.invitation.link().id(), CIRCLE, t.anna.public());
    let challenge = t.challenge(&mut answerer, &ask);
    assert_eq!(joiner.frame(&challenge, &t.ben), Err(JoinError::OtherChallenge("connection")));
}

#[test]
fn a_challenge_serves_one_device_and_one_invitation() {
    let mut t = Table::new(7);
    let (_, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    let carla = device(&mut t.e);
    let (mut hers, _) = Joiner::new(t.near, t.invitation.link(), carla.public(), name("Carla"));
    assert_eq!(hers.frame(&challenge, &carla), Err(JoinError::OtherChallenge("device")));
    // Signed by the right key, but for another invitation.
    let other = InvitationSecret::generate(&mut t.e);
    let (mut joiner, ask) = t.joiner();
    let mut confused = Answerer::new(t.far, other.link().id(), CIRCLE, t.anna.public());
    let AnswererStep::Send(challenge) = confused.frame(&mut t.e, &t.invitation, &ask).unwrap() else {
        panic!()
    };
    assert_eq!(joiner.frame(&challenge, &t.ben), Err(JoinError::OtherChallenge("invitation")));
}

#[test]
fn nothing_is_decided_for_a_device_that_did_not_sign() {
    // Mallory asks in the name of Ben's device, to learn how his request stands or to have it admitted.
    let mut t = Table::new(8);
    let mallory = device(&mut t.e);
    let (mut joiner, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    assert!(matches!(joiner.frame(&challenge, &mallory), Err(JoinError::Secret(_))), "the wrong secret");

    let signature = [vec![1, 2, 0, 0, 0, 3], b"Ben".to_vec(), vec![7; 64]].concat();
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &signature), Err(JoinError::NotAccepted));
    assert!(answerer.answer(Verdict::Waiting).is_err());

    // Ben's signature under an earlier challenge doesn't serve either.
    let (mut joiner, ask) = t.joiner();
    let mut earlier = t.answerer();
    let challenge = t.challenge(&mut earlier, &ask);
    let old = accept(joiner.frame(&challenge, &t.ben).unwrap());
    let mut answerer = t.answerer();
    t.challenge(&mut answerer, &ask);
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &old), Err(JoinError::NotAccepted));
}

#[test]
fn nothing_is_believed_before_the_challenge() {
    let mut t = Table::new(9);
    for verdict in [Verdict::Waiting, Verdict::Welcome, Verdict::Refused(Refusal::Used)] {
        let (_, mut answerer, _) = t.proven();
        let frame = answerer.answer(verdict).unwrap();
        let (mut joiner, _) = t.joiner();
        assert!(matches!(joiner.frame(&frame, &t.ben), Err(JoinError::OutOfOrder(_))), "{verdict:?}");
    }
}

#[test]
fn frames_out_of_order_end_the_conversation() {
    let mut t = Table::new(10);
    let (mut joiner, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    let accepted = accept(joiner.frame(&challenge, &t.ben).unwrap());
    let (_, mut proven, _) = t.proven();
    let waiting = proven.answer(Verdict::Waiting).unwrap();
    let all = [&ask, &challenge, &accepted, &waiting];

    for (i, frame) in all.into_iter().enumerate() {
        let mut fresh = t.answerer();
        assert_eq!(fresh.frame(&mut t.e, &t.invitation, frame).is_ok(), i == 0, "first to the answerer: {i}");
        let (mut fresh, _) = t.joiner();
        assert_eq!(fresh.frame(frame, &t.ben).is_ok(), i == 1, "first to the joiner: {i}");
        let (mut joiner, mut answerer, _) = t.proven();
        assert_eq!(joiner.frame(frame, &t.ben).is_ok(), i == 3, "last to the joiner: {i}");
        assert!(answerer.frame(&mut t.e, &t.invitation, frame).is_err(), "last to the answerer: {i}");
        assert!(answerer.answer(Verdict::Welcome).is_err(), "it is over");
    }
    // A second question, after the first was challenged, would swap the device below the signature.
    let mut answerer = t.answerer();
    t.challenge(&mut answerer, &ask);
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &ask), Err(JoinError::OutOfOrder("Ask")));
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &accepted), Err(JoinError::OutOfOrder("Accept")));
}

#[test]
fn after_an_error_nothing_goes_on() {
    let mut t = Table::new(18);
    let (mut joiner, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    let accepted = accept(t.joiner().0.frame(&challenge, &t.ben).unwrap());
    assert!(joiner.frame(b"nonsense", &t.ben).is_err());
    assert_eq!(joiner.frame(&challenge, &t.ben), Err(JoinError::OutOfOrder("Challenge")));
    assert!(answerer.frame(&mut t.e, &t.invitation, b"nonsense").is_err());
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &accepted), Err(JoinError::OutOfOrder("Accept")));
}

#[test]
fn keys_that_nobody_holds_alone_are_refused() {
    let mut t = Table::new(11);
    let good = t.ben.public();
    for unsound in [DevicePublic { seal: [0; 32], ..good }, DevicePublic { sign: DeviceId([0; 32]), ..good }]
    {
        let (_, ask) = Joiner::new(t.near, t.invitation.link(), unsound, name("Ben"));
        let mut answerer = t.answerer();
        assert_eq!(answerer.frame(&mut t.e, &t.invitation, &ask), Err(JoinError::UnsoundKeys));
    }
    let (mut joiner, ask) = t.joiner();
    let inviter = DevicePublic { seal: [0; 32], ..t.anna.public() };
    let mut answerer = Answerer::new(t.far, t.invitation.link().id(), CIRCLE, inviter);
    let challenge = t.challenge(&mut answerer, &ask);
    assert_eq!(joiner.frame(&challenge, &t.ben), Err(JoinError::UnsoundKeys));
}

#[test]
fn a_device_cannot_follow_its_own_invitation() {
    let mut t = Table::new(12);
    let (_, ask) = Joiner::new(t.near, t.invitation.link(), t.anna.public(), name("Anna"));
    let mut answerer = t.answerer();
    assert_eq!(answerer.frame(&mut t.e, &t.invitation, &ask), Err(JoinError::OwnDevice));
}

#[test]
fn names_are_clean_and_bounded_on_the_wire_too() {
    let mut t = Table::new(13);
    let longest = Name::new(&"\u{1F9D1}".repeat(NAME_CHARS)).unwrap();
    let (mut joiner, ask) = Joiner::new(t.near, t.invitation.link(), t.ben.public(), longest.clone());
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    let said = accept(joiner.frame(&challenge, &t.ben).unwrap());
    assert!(said.len() <= JOIN_FRAME_BYTES);
    let step = answerer.frame(&mut t.e, &t.invitation, &said);
    assert!(matches!(step, Ok(AnswererStep::Decide(request)) if request.name == longest));
    let signature = &said[said.len() - 64..];
    for bad in ["", " Ben", "Ben ", "B\nen", "Ben\u{202E}", &"x".repeat(81), &"x".repeat(900)] {
        let length = u32::try_from(bad.len()).unwrap().to_be_bytes();
        let said = [&[1, 2][..], &length, bad.as_bytes(), signature].concat();
        let mut answerer = t.answerer();
        t.challenge(&mut answerer, &ask);
        let step = answerer.frame(&mut t.e, &t.invitation, &said);
        assert!(matches!(step, Err(JoinError::Frame(_))), "{bad:?}");
    }
}

#[test]
fn later_versions_and_oversized_frames_are_refused() {
    let mut t = Table::new(14);
    let (_, ask) = t.joiner();
    for (at, value) in [(0, 2), (0, 0), (1, 6), (1, 255)] {
        let mut changed = ask.clone();
        changed[at] = value;
        assert!(matches!(t.answerer().frame(&mut t.e, &t.invitation, &changed), Err(JoinError::Frame(_))));
    }
    let mut longer = ask.clone();
    longer.push(0);
    assert!(matches!(t.answerer().frame(&mut t.e, &t.invitation, &longer), Err(JoinError::Frame(_))));
    let huge = [ask, vec![1; JOIN_FRAME_BYTES]].concat();
    let refused = t.answerer().frame(&mut t.e, &t.invitation, &huge);
    assert!(matches!(refused, Err(JoinError::Frame(DecodeError::TooMany { .. }))));
}

#[test]
fn no_changed_bit_of_a_challenge_is_believed() {
    let mut t = Table::new(15);
    let (_, ask) = t.joiner();
    let mut answerer = t.answerer();
    let challenge = t.challenge(&mut answerer, &ask);
    for byte in 0..challenge.len() {
        let mut changed = challenge.clone();
        changed[byte] ^= 1 << (byte % 8);
        assert!(t.joiner().0.frame(&changed, &t.ben).is_err(), "byte {byte}");
    }
}

proptest! {
    #[test]
    fn any_bytes_end_in_a_typed_error(
        bytes in proptest::collection::vec(any::<u8>(), 0..1100),
        framed: bool,
        tag in 0..7_u8,
    ) {
        let mut t = Table::new(16);
        let mut bytes = bytes;
        if framed && bytes.len() > 2 {
            bytes[..2].copy_from_slice(&[1, tag]);
        }
        let (mut joiner, ask) = t.joiner();
        prop_assert!(joiner.frame(&bytes, &t.ben).is_err());
        prop_assert!(joiner.frame(&bytes, &t.ben).is_err());
        let mut answerer = t.answerer();
        t.challenge(&mut answerer, &ask);
        prop_assert!(answerer.frame(&mut t.e, &t.invitation, &bytes).is_err());
    }

    #[test]
    fn any_order_of_true_frames_decides_at_most_once(order in proptest::collection::vec(0..4_usize, 0..8)) {
        let mut t = Table::new(17);
        let (mut joiner, ask) = t.joiner();
        let mut answerer = t.answerer();
        let challenge = t.challenge(&mut t.answerer(), &ask);
        let foreign = accept(t.joiner().0.frame(&challenge, &t.ben).unwrap());
        let mut frames = [ask, challenge, foreign, vec![1, 3]];
        let mut decided = 0;
        for i in order {
            if let Ok(step) = answerer.frame(&mut t.e, &t.invitation, &frames[i]) {
                match step {
                    AnswererStep::Send(challenge) => {
                        if let Ok(JoinerStep::Accept { frame, .. }) = joiner.frame(&challenge, &t.ben) {
                            frames[2] = frame;
                        }
                    }
                    AnswererStep::Decide(_) => decided += 1,
                }
            }
        }
        prop_assert!(decided <= 1);
    }
}
