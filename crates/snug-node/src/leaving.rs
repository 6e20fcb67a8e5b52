//! Leaving a circle: the word of it is signed, what this laptop held is let go of, and the word is delivered.
//!
//! ```text
//! sign `leave`, durable, sent to who is near
//!   ─▶ one step: a fresh database under a fresh key, with the outbox and without the circle; the old one is gone
//!   ─▶ the outbox is met with the others' laptops until one of them holds the word ─▶ nothing is left
//! ```
//! A crash before the step leaves a member whose core knows that it left, and the next start takes the step again.

use crate::ambient::OsEntropy;
use crate::circle::Circle;
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::online::Tenant;
use crate::owner::{Owner, local_error};
use crate::view::CircleState;
use snug_crypto::{DeviceSecret, random};
use snug_store::{OutboxRow, Secret, StoreKey, Write};
use snug_sync::{CircleSync, Restored};
use snug_types::{CircleId, DecodeError, Reader, Writer, bound, to_bytes};
use zeroize::Zeroizing;

const VERSION: u8 = 1;

impl Owner {
    pub(crate) async fn leave_circle(&mut self, id: CircleId) -> Answered<()> {
        let circle = self
            .circles
            .get_mut(&id)
            .filter(|c| c.state != CircleState::Leaving)
            .ok_or(NodeError::NoCircle)?;
        // Writing may have stopped, or the word may have been signed before a crash: leaving works all the same.
        if circle.sync.is_member() && circle.sync.stopped().is_none() {
            let ticket = circle.sync.leave(crate::ambient::now()).map_err(local_error)?;
            let (tell, mut told) = tokio::sync::oneshot::channel();
            circle.wait(ticket, Box::new(move |outcome| _ = tell.send(outcome)));
            self.pump(id).await;
            loop {
                match told.try_recv() {
                    Ok(outcome) => break outcome?,
                    Err(tokio::sync::oneshot::error::TryRecvError::Empty) => self.next_commit().await,
                    Err(tokio::sync::oneshot::error::TryRecvError::Closed) => return Err(NodeError::Closed),
                }
            }
        }
        self.let_go(id).await?;
        Ok(Done::now(()))
    }

    /// Moves everything but this circle under a fresh key, and keeps what the others have yet to hear.
    async fn let_go(&mut self, id: CircleId) -> Result<(), NodeError> {
        let circle = self.circles.get(&id).ok_or(NodeError::NoCircle)?;
        let anybody = !circle.peers().is_empty() && circle.state == CircleState::Member;
        let outbox = anybody.then(|| outbox(circle));
        let mut writes = vec![Write::ForgetCircle(id)];
        writes.extend(outbox.clone().map(Write::PutOutbox));
        let key = Zeroizing::new(random::<32>(&mut OsEntropy));
        let wrapped = to_bytes(&self.wrapping.wrap(&key, &mut OsEntropy));
        self.store.move_to_fresh_key(StoreKey::new(*key), wrapped, writes).await?;
        match outbox {
            Some(row) => {
                self.close_tenant(Tenant::Circle(id));
                self.invitations.retain(|_, invited| invited.circle != id);
                self.circles.insert(id, from_outbox(&row)?);
                self.rekey();
                self.pump(id).await;
            }
            None => self.drop_circle(id),
        }
        Ok(())
    }

    /// Somebody holds the word: the last of the circle goes.
    pub(crate) async fn delivered(&mut self, id: CircleId) {
        if self.circles.get(&id).is_none_or(|circle| circle.state != CircleState::Leaving) {
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

/// What delivering takes: the device, and the membership log that ends with its leave.
fn outbox(circle: &Circle) -> OutboxRow {
    let mut w = Writer::new();
    w.u8(VERSION);
    w.raw(circle.me.to_bytes().as_slice());
    let log = circle.sync.log();
    let ops = log.missing_from(&[]);
    w.u32(u32::try_from(ops.len()).unwrap_or(u32::MAX));
    for op in ops.iter().filter_map(|hash| log.get(hash)) {
        w.bytes(&to_bytes(op.signed()));
    }
    OutboxRow { circle: circle.id, bytes: Secret::new(w.finish()) }
}

/// A circle of which nothing is left but the word that this laptop left it.
pub(crate) fn from_outbox(row: &OutboxRow) -> Result<Circle, NodeError> {
    let read = || -> Result<([u8; 64], Vec<Vec<u8>>), DecodeError> {
        let mut r = Reader::new(&row.bytes);
        let version = r.u8()?;
        if version != VERSION {
            return Err(DecodeError::UnknownTag { what: "outbox row", tag: version.into() });
        }
        let secret = r.array()?;
        let count = r.count("operations", bound::OPS)?;
        let mut ops = Vec::new();
        for _ in 0..count {
            ops.push(r.bytes("operation", bound::OP_BYTES)?.to_vec());
        }
        r.end()?;
        Ok((secret, ops))
    };
    let damaged =
        |what: String| NodeError::Damaged(format!("what is left of a circle can't be read ({what})"));
    let (secret, ops) = read().map_err(|e| damaged(e.to_string()))?;
    let secret = Zeroizing::new(secret);
    let device = || DeviceSecret::from_bytes(&secret);
    let restored = Restored { ops, ..Restored::default() };
    let sync = CircleSync::restore(row.circle, device(), restored).map_err(|e| damaged(e.to_string()))?;
    Ok(Circle::new(row.circle, CircleState::Leaving, device(), sync, String::new()))
}
