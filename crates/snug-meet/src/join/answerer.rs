//! The end that made the invitation.

use super::challenge::Challenge;
use super::frame::Frame;
use super::request::Request;
use super::{JoinError, Refusal};
use crate::handshake::Channel;
use crate::link::InvitationSecret;
use snug_circle::op::{Acceptance, Admission};
use snug_crypto::{DevicePublic, Entropy, Signed, Verified, random};
use snug_types::{CircleId, InvitationId};

/// What a frame of the joiner brings the answerer to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswererStep {
    /// Send this frame.
    Send(Vec<u8>),
    /// The device has proved itself, for the first time or again. Ask the invitation
    /// ([`Invitation::asked`](crate::Invitation::asked)), store what it changed, then [`Answerer::answer`].
    Decide(Box<Request>),
}

/// What the caller lets the joiner know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The request is stored and waits for the inviter's word.
    Waiting,
    /// The device is a member's. The connection goes on as a session of the circle.
    Welcome,
    /// It comes no further.
    Refused(Refusal),
}

/// The answerer's side of one conversation.
#[derive(Debug)]
pub struct Answerer {
    channel: Channel,
    circle: CircleId,
    inviter: DevicePublic,
    invitation: InvitationId,
    state: State,
}

#[derive(Debug)]
enum State {
    Listening,
    Challenged {
        device: DevicePublic,
        nonce: [u8; 32],
    },
    /// The device has proved itself and may be told how it stands.
    Proven,
    Ended,
}

impl Answerer {
    /// Begins on a connection that was proved under this invitation's key, for a circle in which this laptop is `inviter`.
    pub fn new(channel: Channel, invitation: InvitationId, circle: CircleId, inviter: DevicePublic) -> Self {
        Self { channel, circle, inviter, invitation, state: State::Listening }
    }

    /// Goes on by a frame that came. After an error the conversation is over.
    pub fn frame(
        &mut self,
        e: &mut dyn Entropy,
        secret: &InvitationSecret,
        bytes: &[u8],
    ) -> Result<AnswererStep, JoinError> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        match (state, Frame::from_bytes(bytes)?) {
            (State::Listening, Frame::Ask(device)) => {
                if !device.is_sound() {
                    return Err(JoinError::UnsoundKeys);
                }
                if device.id() == self.inviter.id() {
                    return Err(JoinError::OwnDevice);
                }
                let nonce = random(e);
                let challenge = Challenge {
                    answerer: secret.answering().id(),
                    invitation: self.invitation,
                    circle: self.circle,
                    inviter: self.inviter,
                    device,
                    nonce,
                    joiner_transport: self.channel.remote(),
                    answerer_transport: self.channel.local(),
                };
                let signed = Verified::sign(challenge, secret.answering())?.into_signed();
                self.state = State::Challenged { device, nonce };
                Ok(AnswererStep::Send(Frame::Challenge(Box::new(signed)).to_bytes()))
            }
            (State::Challenged { device, nonce }, Frame::Accept { name, signature }) => {
                let body = Acceptance {
                    circle: self.circle,
                    invitation: self.invitation,
                    inviter: self.inviter.id(),
                    device,
                    challenge: nonce,
                };
                let acceptance = Signed { body, signature }.verify().map_err(|_| JoinError::NotAccepted)?;
                self.state = State::Proven;
                let request = Request { name, admission: Admission::of(&acceptance) };
                Ok(AnswererStep::Decide(Box::new(request)))
            }
            (_, frame) => Err(JoinError::OutOfOrder(frame.title())),
        }
    }

    /// The frame that tells the joiner how it stands; only once the device has proved itself. After [`Verdict::Waiting`]
    /// another may follow.
    pub fn answer(&mut self, verdict: Verdict) -> Result<Vec<u8>, JoinError> {
        if !matches!(self.state, State::Proven) {
            return Err(JoinError::OutOfOrder("an answer"));
        }
        let frame = match verdict {
            Verdict::Waiting => Frame::Waiting,
            Verdict::Welcome => Frame::Welcome,
            Verdict::Refused(why) => Frame::Refused(why),
        };
        if verdict != Verdict::Waiting {
            self.state = State::Ended;
        }
        Ok(frame.to_bytes())
    }
}
