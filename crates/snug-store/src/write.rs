//! The writes that a batch is made of. A batch is kept as a whole or not at all.

use crate::row::{
    CircleRow, DeviceRow, EntryRow, EpochRow, InvitationRow, OpRow, OutboxRow, PendingJoinRow, SnapshotRow,
    SummaryRow,
};
use snug_types::{CircleId, DeviceId, DocumentRef, EntryHash, InvitationId, Seq};

/// One change of what the store keeps. "Put" adds a row or replaces the one with the same key, unless it says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// A setting of this laptop.
    PutSetting {
        /// Its name.
        name: String,
        /// Its value.
        value: Vec<u8>,
    },
    /// A circle; rows of a circle can only be put once it is there.
    PutCircle(CircleRow),
    /// A membership operation, behind those that are there. One whose hash is there already changes nothing.
    PutOp {
        /// The circle.
        circle: CircleId,
        /// The operation.
        op: OpRow,
    },
    /// An epoch. A secret that is there stays where the new row brings none.
    PutEpoch {
        /// The circle.
        circle: CircleId,
        /// The epoch.
        epoch: EpochRow,
    },
    /// An entry. The same one again changes nothing; other bytes under the same device, number and hash are a
    /// [`Conflict`](crate::StoreError::Conflict).
    PutEntry {
        /// The circle.
        circle: CircleId,
        /// The entry.
        entry: EntryRow,
    },
    /// Takes an entry out of what counts, or back in. Without that entry nothing happens.
    SetQuarantined {
        /// The circle.
        circle: CircleId,
        /// The device that wrote it.
        device: DeviceId,
        /// Its number.
        seq: Seq,
        /// Its hash.
        hash: EntryHash,
        /// Whether it is out.
        quarantined: bool,
    },
    /// The newest receipt of a device.
    PutReceipt {
        /// The circle.
        circle: CircleId,
        /// The receipt.
        receipt: DeviceRow,
    },
    /// One of this laptop's own counters in a circle.
    PutOwn {
        /// The circle.
        circle: CircleId,
        /// The counter's name.
        name: String,
        /// Its value.
        value: Vec<u8>,
    },
    /// The proof that a device has forked.
    PutFork {
        /// The circle.
        circle: CircleId,
        /// The proof.
        fork: DeviceRow,
    },
    /// A document's saved state.
    PutSnapshot {
        /// The circle.
        circle: CircleId,
        /// The snapshot.
        snapshot: SnapshotRow,
    },
    /// Drops a document's saved state, so that it is built from its entries again.
    RemoveSnapshot {
        /// The circle.
        circle: CircleId,
        /// The document.
        document: DocumentRef,
    },
    /// What lists show of a document.
    PutSummary {
        /// The circle.
        circle: CircleId,
        /// The summary.
        summary: SummaryRow,
    },
    /// An invitation of this laptop.
    PutInvitation(InvitationRow),
    /// A circle that this laptop asks to join.
    PutPendingJoin(PendingJoinRow),
    /// That asking has ended.
    RemovePendingJoin(InvitationId),
    /// What is still to be delivered to a circle that was left. It outlives the circle's other rows.
    PutOutbox(OutboxRow),
    /// It was delivered.
    RemoveOutbox(CircleId),
    /// Drops a circle and every row of it but its outbox.
    ForgetCircle(CircleId),
}

/// What a row costs beside its bytes, roughly.
const ROW_BYTES: usize = 256;

impl Write {
    /// True if it may add an entry.
    pub(crate) const fn is_entry(&self) -> bool {
        matches!(self, Self::PutEntry { .. })
    }

    /// Roughly the bytes that it takes while it waits.
    pub(crate) fn weight(&self) -> usize {
        ROW_BYTES
            + match self {
                Self::PutSetting { name, value } | Self::PutOwn { name, value, .. } => {
                    name.len() + value.len()
                }
                Self::PutCircle(row) => row.secret.len() + row.info.len(),
                Self::PutOp { op, .. } => op.bytes.len(),
                Self::PutEpoch { epoch, .. } => epoch.announcement.len(),
                Self::PutEntry { entry, .. } => entry.envelope.len(),
                Self::PutReceipt { receipt: row, .. } | Self::PutFork { fork: row, .. } => row.bytes.len(),
                Self::PutSnapshot { snapshot, .. } => snapshot.bytes.len() + snapshot.covered.len(),
                Self::PutSummary { summary, .. } => summary.summary.len(),
                Self::PutInvitation(row) => row.bytes.len(),
                Self::PutPendingJoin(row) => row.bytes.len(),
                Self::PutOutbox(row) => row.bytes.len(),
                Self::SetQuarantined { .. }
                | Self::RemoveSnapshot { .. }
                | Self::RemovePendingJoin(_)
                | Self::RemoveOutbox(_)
                | Self::ForgetCircle(_) => 0,
            }
    }
}
