//! Leaving a circle: the word of it is signed, what this laptop held is let go of, and the word is delivered.
//!
//! ```text
//! sign `leave`, durable, sent to who is near, who gets a moment to say that it arrived
//!   ─▶ one step: a fresh database under a fresh key, with the outbox and without the circle; the old one is gone
//!   ─▶ the outbox is met with the others' laptops until one of them holds the word ─▶ nothing is left
//! ```
//! A crash before the step leaves a member whose core knows that it left, and the next start takes the step again.

use crate::ambient::{OsEntropy, now};
use crate::circle::Circle;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::owner::{Owner, local_error};
use crate::view::{CircleState, Event};
use snug_crypto::{DeviceSecret, random};
use snug_store::{OutboxRow, Secret, StoreKey, Write};
use snug_sync::{CircleSync, Restored};
use snug_types::{
    CircleId, Decode, DecodeError, Encode, Reader, UnixMillis, Writer, bound, from_bytes, to_bytes,
};
use zeroize::Zeroizing;

const VERSION: u8 = 1;

/// How long what is left of a circle waits to be delivered, in milliseconds: 180 days. Later the others count a laptop that
/// doesn't come, as they would if it had been lost.
const DELIVERS_MILLIS: u64 = 180 * 24 * 60 * 60 * 1000;

impl Owner {
    /// Signs that this laptop leaves; done when that is durable. True if somebody is near who may hear it at once.
    pub(crate) async fn sign_leave(&mut self, id: CircleId) -> Answered<bool> {
        let circle = self
            .circles
            .get_mut(&id)
            .filter(|c| c.state != CircleState::Leaving)
            .ok_or(NodeError::NoCircle)?;
        let near = !circle.sessions.is_empty();
        // Writing may have stopped, or the word may have been signed before a crash: leaving works all the same.
        if !circle.sync.is_member() || circle.sync.stopped().is_some() {
            return Ok(Done::now(false));
        }
        let ticket = circle.sync.leave(now()).map_err(local_error)?;
        self.pump(id).await;
        Ok(Done::when(near, id, ticket))
    }

    /// True once somebody holds the word, or nobody is left who could hear it now.
    pub(crate) fn is_heard(&self, id: CircleId) -> bool {
        self.circles.get(&id).is_none_or(|circle| circle.delivered || circle.sessions.is_empty())
    }

    /// Moves everything but this circle under a fresh key, and keeps what the others have yet to hear.
    pub(crate) async fn let_go(&mut self, id: CircleId) -> Result<(), NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        // Without a word there is nothing to deliver, and whoever doesn't know that it left must not answer for it.
        let unheard = circle.has_left() && !circle.delivered && !circle.peers().is_empty();
        let outbox = unheard.then(|| outbox(circle, now()));
        let mut writes = vec![Write::ForgetCircle(id)];
        writes.extend(outbox.clone().map(Write::PutOutbox));
        let key = Zeroizing::new(random::<32>(&mut OsEntropy));
        let wrapped = to_bytes(&self.wrapping.wrap(&key, &mut OsEntropy));
        self.store.move_to_fresh_key(StoreKey::new(*key), wrapped, writes).await?;
        self.drop_circle(id);
        if let Some(circle) = outbox.as_ref().map(from_outbox).transpose()?.flatten() {
            self.circles.insert(id, circle);
            self.rekey();
            self.pump(id).await;
        }
        self.tell(Event::Circle { circle: id });
        Ok(())
    }

    /// Somebody holds the word: the last of the circle goes.
    pub(crate) async fn delivered(&mut self, id: CircleId) {
        let Some(circle) = self.circles.get_mut(&id) else { return };
        circle.delivered = true;
        if circle.state != CircleState::Leaving {
            // Whoever waits for this before letting go looks again.
            self.tell(Event::People { circle: id });
            return;
        }
        match self.store.commit(vec![Write::RemoveOutbox(id)]).await {
            Ok(()) => self.drop_circle(id),
            Err(error) => {
                tracing::warn!(%error, "a delivered leave couldn't be removed; it is delivered again");
            }
        }
    }
}

/// What delivering takes.
struct Outbox {
    /// When this laptop left.
    left: UnixMillis,
    /// Its device in the circle.
    secret: Zeroizing<[u8; 64]>,
    /// The membership log, which ends with the leave.
    ops: Vec<Vec<u8>>,
}

impl Encode for Outbox {
    fn encode(&self, w: &mut Writer) {
        w.u8(VERSION);
        self.left.encode(w);
        w.raw(self.secret.as_slice());
        w.u32(u32::try_from(self.ops.len()).unwrap_or(u32::MAX));
        for op in &self.ops {
            w.bytes(op);
        }
    }
}

impl Decode for Outbox {
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "outbox row", tag: version.into() });
        }
        let (left, secret) = (UnixMillis::decode(r)?, Zeroizing::new(r.array()?));
        let mut ops = Vec::new();
        for _ in 0..r.count("operations", bound::OPS)? {
            ops.push(r.bytes("operation", bound::OP_BYTES)?.to_vec());
        }
        Ok(Self { left, secret, ops })
    }
}

fn outbox(circle: &Circle, left: UnixMillis) -> OutboxRow {
    let log = circle.sync.log();
    let ops = log.missing_from(&[]);
    let ops = ops.iter().filter_map(|hash| log.get(hash)).map(|op| to_bytes(op.signed())).collect();
    let outbox = Outbox { left, secret: circle.me.to_bytes(), ops };
    OutboxRow { circle: circle.id, bytes: Secret::new(to_bytes(&outbox)) }
}

/// A circle of which nothing is left but the word that this laptop left it; none if it waited too long.
pub(crate) fn from_outbox(row: &OutboxRow) -> Result<Option<Circle>, NodeError> {
    let damaged =
        |what: String| NodeError::Damaged(format!("what is left of a circle can't be read ({what})"));
    let Outbox { left, secret, ops } = from_bytes(&row.bytes).map_err(|e| damaged(e.to_string()))?;
    if now() > left.plus(DELIVERS_MILLIS) {
        return Ok(None);
    }
    let device = || DeviceSecret::from_bytes(&secret);
    let restored = Restored { ops, ..Restored::default() };
    let sync = CircleSync::restore(row.circle, device(), restored).map_err(|e| damaged(e.to_string()))?;
    Ok(Some(Circle::new(row.circle, CircleState::Leaving, device(), sync, String::new())))
}
