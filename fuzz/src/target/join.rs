//! The joining conversation: both ends, and whoever sits at the other.

use crate::cast::{Cast, NOW};
use crate::script::{Choices, Script};
use snug_crypto::{DeviceSecret, SeededEntropy, Signable, Verified, context};
use snug_meet::{
    Answerer, AnswererStep, Channel, Decision, Invitation, InvitationSecret, Joiner, JoinerStep, Verdict,
};
use snug_types::{
    CircleId, Decode, DecodeError, DeviceId, Encode, InvitationId, Name, Reader, TransportKey, Writer,
    to_bytes,
};

const JOINERS: TransportKey = TransportKey([1; 32]);
const ANSWERERS: TransportKey = TransportKey([2; 32]);

/// A challenge as the holder of the invitation's key may sign it, true or not.
struct Challenge {
    answerer: DeviceId,
    body: Vec<u8>,
}

impl Encode for Challenge {
    fn encode(&self, w: &mut Writer) {
        self.answerer.encode(w);
        w.raw(&self.body);
    }
}

impl Decode for Challenge {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self { answerer: DeviceId::decode(r)?, body: r.raw(r.remaining())?.to_vec() })
    }
}

impl Signable for Challenge {
    const DOMAIN: &'static str = context::JOIN_CHALLENGE;

    fn signer(&self) -> DeviceId {
        self.answerer
    }
}

/// Nobody is believed who hasn't signed, and a conversation that went wrong is over.
pub fn run(data: &[u8]) {
    let mut choices = Choices::new(data);
    let secret = InvitationSecret::generate(&mut SeededEntropy::new(2));
    if choices.flag() { follow(&mut choices, &secret) } else { answer(&mut choices, &secret) }
}

/// The newcomer's laptop hears frames.
fn follow(choices: &mut Choices<'_>, secret: &InvitationSecret) {
    let cast = Cast::get();
    let channel = Channel::new(JOINERS, ANSWERERS).expect("two keys");
    let device = &cast.newcomer;
    let (mut joiner, _) = Joiner::new(channel, secret.link(), device.public(), name());
    let (mut signed, mut over) = (false, false);
    while choices.more() {
        let frame = if choices.flag() {
            signed = true;
            challenge(choices, secret, device)
        } else {
            choices.chunk().to_vec()
        };
        let step = joiner.frame(&frame, device);
        assert!(signed || step.is_err(), "an unsigned word was believed: {step:?}");
        assert!(!over || step.is_err(), "a conversation went on that was over: {step:?}");
        if let Ok(JoinerStep::Accept { inviter, .. } | JoinerStep::Welcome { inviter, .. }) = &step {
            assert!(inviter.is_sound());
        }
        over = over || !matches!(step, Ok(JoinerStep::Accept { .. } | JoinerStep::Waiting));
    }
}

fn challenge(choices: &mut Choices<'_>, secret: &InvitationSecret, device: &DeviceSecret) -> Vec<u8> {
    let cast = Cast::get();
    let mut w = Writer::new();
    secret.link().id().encode(&mut w);
    cast.circle.encode(&mut w);
    cast.anna.public().encode(&mut w);
    device.public().encode(&mut w);
    w.raw(&[6; 32]);
    JOINERS.encode(&mut w);
    ANSWERERS.encode(&mut w);
    let mut body = w.finish();
    choices.edit(&mut body);
    let challenge = Challenge { answerer: secret.answering().id(), body };
    let signed = Verified::sign(challenge, secret.answering()).expect("the invitation's own key");
    [vec![1, 1], to_bytes(signed.signed())].concat()
}

/// Anna's laptop hears frames; among them those of an honest joiner, altered at will.
fn answer(choices: &mut Choices<'_>, secret: &InvitationSecret) {
    let cast = Cast::get();
    let here = Channel::new(ANSWERERS, JOINERS).expect("two keys");
    let there = Channel::new(JOINERS, ANSWERERS).expect("two keys");
    let mut answerer = Answerer::new(here, secret.link().id(), cast.circle, cast.anna.public());
    let (mut joiner, mut honest) = Joiner::new(there, secret.link(), cast.newcomer.public(), name());
    let mut e = SeededEntropy::new(4);
    let mut over = false;
    while choices.more() {
        let mut frame = if choices.flag() { honest.clone() } else { choices.chunk().to_vec() };
        choices.edit(&mut frame);
        let step = answerer.frame(&mut e, secret, &frame);
        assert!(!over || step.is_err(), "a conversation went on that was over: {step:?}");
        match step {
            Ok(AnswererStep::Send(challenge)) => {
                if let Ok(JoinerStep::Accept { frame, .. }) = joiner.frame(&challenge, &cast.newcomer) {
                    honest = frame;
                }
            }
            Ok(AnswererStep::Decide(request)) => {
                assert!(request.admission.verify(cast.circle, cast.anna.id()).is_ok());
                assert_eq!(request.device(), cast.newcomer.id(), "nobody else signs here");
                assert_eq!(request.admission.invitation, secret.link().id());
                let mut invitation = Invitation::new(NOW, choices.flag());
                let decision = invitation.asked(NOW, *request);
                let verdict =
                    if matches!(decision, Decision::Wait) { Verdict::Waiting } else { Verdict::Welcome };
                let told = answerer.answer(verdict).expect("the device has proved itself");
                assert!(joiner.frame(&told, &cast.newcomer).is_ok());
                return;
            }
            Err(_) => {
                over = true;
                assert!(answerer.answer(Verdict::Waiting).is_err(), "a stranger would be told something");
            }
        }
    }
}

fn name() -> Name {
    Name::new("Dóra").expect("a name")
}

/// A whole conversation on either side, and frames of every kind.
pub fn seeds() -> Vec<Vec<u8>> {
    let cast = Cast::get();
    let frame = |tag: u8, rest: &[u8]| [&[1, tag], rest].concat();
    let ask = to_bytes(&cast.newcomer.public());
    let accept = [&b"\0\0\0\x04Anna"[..], &[3; 64]].concat();
    let raw = |script: Script, bytes: &[u8]| script.bytes(&[0]).chunk(bytes);
    let mut seeds = vec![
        vec![1, 1, 0, 0, 0, 2, 1, 3, 0, 0, 2, 1, 4],
        vec![1, 1, 0, 0, 0, 3, 1, 5, 2],
        vec![0, 1, 0, 1, 0, 1],
        vec![0, 1, 0, 1, 0, 0],
        raw(Script::new().bytes(&[0]), &frame(0, &ask)).bytes(&[0]).finish(),
    ];
    for (tag, rest) in [(0, &ask[..]), (2, &accept[..]), (3, &[]), (4, &[]), (5, &[1])] {
        seeds.push(raw(Script::new().bytes(&[1]), &frame(tag, rest)).finish());
    }
    // The places of ids in a signed challenge: each may be another's.
    for place in [0, InvitationId::LEN, InvitationId::LEN + CircleId::LEN] {
        let place = u8::try_from(place).unwrap_or(0);
        seeds.push(vec![1, 1, 1, 0, place, 1]);
    }
    seeds
}
