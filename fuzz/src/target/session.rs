//! A hostile member at the other end of a live session: frames of any bytes, and well-signed ones that say anything.

mod laptop;
mod peer;

use crate::cast::{Cast, copy};
use crate::script::Choices;
use laptop::Laptop;
use peer::Peer;
use snug_sync::CircleSync;

/// What Anna's laptop does by itself, beside what the peer makes it do.
const OWN_DEEDS: usize = 5;
/// Deeds of one input.
const MOST: usize = 48;

/// Whatever comes, the laptop lives and writes on, sends and applies only what is durable, and can start again from its disk.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let mut choices = Choices::new(data);
    let (joining, slow) = (choices.flag(), choices.flag());
    let mut laptop = if joining {
        let sync = CircleSync::joining(cast.circle, copy(&cast.newcomer));
        Laptop::new(sync, &cast.newcomer, slow)
    } else {
        Laptop::member(cast, slow)
    };
    let mut peer = Peer::new(cast);
    for _ in 0..MOST {
        if !choices.more() {
            break;
        }
        match choices.below(peer::KINDS + OWN_DEEDS) {
            0 => laptop.settle(1),
            1 => laptop.tick(choices.byte()),
            2 => laptop.write(),
            3 => laptop.leave(),
            4 => laptop.reconnect(),
            kind => {
                let frame = peer.frame(kind - OWN_DEEDS, &mut choices, laptop.sync.log());
                laptop.hear(&frame);
            }
        }
    }
    laptop.restart();
}

/// Every kind of frame, true and false, and a few conversations.
pub fn seeds() -> Vec<Vec<u8>> {
    peer::seeds()
}
