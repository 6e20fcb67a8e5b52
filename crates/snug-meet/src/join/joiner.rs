//! The end that follows a link.

use super::challenge::Challenge;
use super::frame::Frame;
use super::{JoinError, Refusal};
use crate::handshake::Channel;
use crate::link::Link;
use snug_circle::op::Acceptance;
use snug_crypto::{DevicePublic, DeviceSecret, Signed, Verified};
use snug_types::{CircleId, DeviceId, InvitationId, Name};

/// What a frame of the answering laptop brings the joiner to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinerStep {
    /// The laptop that made the invitation challenges, and says for which circle. Send the frame, unless this laptop is
    /// in that circle already: then close instead.
    Accept {
        /// The circle that the invitation leads to.
        circle: CircleId,
        /// The device that will admit this one.
        inviter: DevicePublic,
        /// The frame to send.
        frame: Vec<u8>,
    },
    /// The inviter has yet to confirm; the request is stored there. More may follow on this connection, or ask again later.
    Waiting,
    /// This device is a member's. The connection goes on as a session of the circle.
    Welcome {
        /// The circle.
        circle: CircleId,
        /// The device at the other end.
        inviter: DevicePublic,
    },
    /// This device comes no further by this invitation.
    Refused(Refusal),
}

/// The joiner's side of one conversation.
#[derive(Debug)]
pub struct Joiner {
    channel: Channel,
    invitation: InvitationId,
    answerer: DeviceId,
    device: DevicePublic,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Asked, and knows nothing yet. The name is only for the laptop that made the invitation.
    Asked {
        name: Name,
    },
    /// The challenge has verified: what follows comes from the laptop that made the invitation.
    Accepted {
        circle: CircleId,
        inviter: DevicePublic,
    },
    Ended,
}

impl Joiner {
    /// Begins on a connection that was proved under this link's key. The frame is to be sent; the name isn't in it, but in
    /// the one that follows the challenge.
    pub fn new(channel: Channel, link: &Link, device: DevicePublic, name: Name) -> (Self, Vec<u8>) {
        let (invitation, answerer) = (link.id(), link.answerer());
        let joiner = Self { channel, invitation, answerer, device, state: State::Asked { name } };
        (joiner, Frame::Ask(device).to_bytes())
    }

    /// Goes on by a frame that came. `secret` is of the device that asks. After an error the conversation is over.
    pub fn frame(&mut self, bytes: &[u8], secret: &DeviceSecret) -> Result<JoinerStep, JoinError> {
        let state = std::mem::replace(&mut self.state, State::Ended);
        match (state, Frame::from_bytes(bytes)?) {
            (State::Asked { name }, Frame::Challenge(signed)) => {
                let challenge = self.check(*signed)?;
                let Challenge { circle, inviter, invitation, device, nonce, .. } = *challenge;
                let acceptance =
                    Acceptance { circle, invitation, inviter: inviter.id(), device, challenge: nonce };
                let signature = Verified::sign(acceptance, secret)?.signed().signature;
                self.state = State::Accepted { circle, inviter };
                Ok(JoinerStep::Accept {
                    circle,
                    inviter,
                    frame: Frame::Accept { name, signature }.to_bytes(),
                })
            }
            (state @ State::Accepted { .. }, Frame::Waiting) => {
                self.state = state;
                Ok(JoinerStep::Waiting)
            }
            (State::Accepted { circle, inviter }, Frame::Welcome) => {
                Ok(JoinerStep::Welcome { circle, inviter })
            }
            (State::Accepted { .. }, Frame::Refused(why)) => Ok(JoinerStep::Refused(why)),
            (_, frame) => Err(JoinError::OutOfOrder(frame.title())),
        }
    }

    fn check(&self, signed: Signed<Challenge>) -> Result<Verified<Challenge>, JoinError> {
        if signed.body.answerer != self.answerer {
            return Err(JoinError::NotTheAnswerer);
        }
        let challenge = signed.verify().map_err(|_| JoinError::NotTheAnswerer)?;
        if challenge.invitation != self.invitation {
            return Err(JoinError::OtherChallenge("invitation"));
        }
        if challenge.device != self.device {
            return Err(JoinError::OtherChallenge("device"));
        }
        let ends = (challenge.joiner_transport, challenge.answerer_transport);
        if ends != (self.channel.local(), self.channel.remote()) {
            return Err(JoinError::OtherChallenge("connection"));
        }
        if !challenge.inviter.is_sound() {
            return Err(JoinError::UnsoundKeys);
        }
        Ok(challenge)
    }
}
