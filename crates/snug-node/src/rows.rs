//! A circle's rows: what the store keeps of its core, written and read back.

use crate::circle::{Circle, Summary};
use crate::error::NodeError;
use crate::index::Index;
use crate::view::CircleState;
use snug_circle::ContentKind;
use snug_crypto::DeviceSecret;
use snug_store::{EntryHead, Store, Write};
use snug_sync::{CircleSync, EntryRow, Restored, Row};
use snug_types::CircleId;

/// A circle as its rows have it.
pub(crate) async fn restore_circle(store: &Store, row: &snug_store::CircleRow) -> Result<Circle, NodeError> {
    let id = row.circle;
    let damaged = |what: &str| NodeError::DamagedCircle(format!("its {what} can't be read"));
    let secret: &[u8; 64] = row.secret.as_ref().try_into().map_err(|_| damaged("device"))?;
    let device = || DeviceSecret::from_bytes(secret);
    let heads = store.entry_heads(id).await?;
    let entry = |head: &EntryHead| EntryRow {
        device: head.device,
        seq: head.seq,
        hash: head.hash,
        document: head.document,
    };
    let mut epochs = Vec::new();
    for epoch in store.epochs(id).await? {
        let secret = match &epoch.secret {
            Some(secret) => Some(secret.as_ref().try_into().map_err(|_| damaged("epoch"))?),
            None => None,
        };
        epochs.push((epoch.announcement, secret));
    }
    let restored = Restored {
        ops: store.ops(id).await?.into_iter().map(|op| op.bytes).collect(),
        epochs,
        entries: heads.iter().map(entry).collect(),
        receipts: store.receipts(id).await?.into_iter().map(|r| r.bytes).collect(),
        forks: store.forks(id).await?.into_iter().map(|f| (f.device, f.bytes)).collect(),
        own: store.own(id).await?.remove(OWN),
    };
    let split = restored.forks.iter().map(|(device, _)| *device).collect();
    let sync = CircleSync::restore(id, device(), restored)
        .map_err(|error| NodeError::DamagedCircle(format!("its log can't be read ({error})")))?;
    let mut index = Index::default();
    // What a refused commit left behind isn't in a log, and what is set aside doesn't count.
    for head in heads.iter().filter(|head| sync.holds(head.device, head.seq, head.hash)) {
        if sync.accepts(head.device, head.seq, head.document) {
            index.count_in((head.document, ContentKind::from(head.kind)), head.device, head.at);
        }
    }
    let state = match row.state {
        snug_store::CircleState::Joining => CircleState::Joining,
        snug_store::CircleState::Member => CircleState::Member,
        snug_store::CircleState::Left => CircleState::Leaving,
    };
    let mut circle = Circle::new(id, state, device(), sync, String::new());
    circle.read_info(&row.info).map_err(|_| damaged("row"))?;
    circle.created = row.created;
    circle.index = index;
    // One that can't be read is made anew.
    let summaries = store.summaries(id).await?;
    let read = summaries
        .iter()
        .filter_map(|row| Some(((row.document, ContentKind::from(row.kind)), Summary::from_row(row).ok()?)));
    circle.summaries = read.collect();
    circle.split = split;
    circle.stopped = circle.sync.stopped().map(|reason| reason.to_string());
    Ok(circle)
}

/// The name of the core's counters among a circle's own rows.
const OWN: &str = "sync";

/// What a row of the core is in the store.
pub(crate) fn write_of(circle: CircleId, row: Row) -> Write {
    use snug_store::{DeviceRow, EpochRow, OpRow, Secret};
    match row {
        Row::Op { hash, bytes } => Write::PutOp { circle, op: OpRow { hash, bytes } },
        Row::Epoch { id, announcement, secret } => {
            let secret = secret.map(|s| Secret::new(s.to_vec()));
            Write::PutEpoch { circle, epoch: EpochRow { epoch: id, announcement, secret } }
        }
        Row::Entry { device, seq, hash, document, kind, at, envelope, quarantined } => {
            let head = EntryHead { device, seq, hash, document, kind: kind.into(), at, quarantined };
            Write::PutEntry { circle, entry: snug_store::EntryRow { head, envelope } }
        }
        Row::Verdict { device, seq, hash, quarantined } => {
            Write::SetQuarantined { circle, device, seq, hash, quarantined }
        }
        Row::Receipt { device, bytes } => Write::PutReceipt { circle, receipt: DeviceRow { device, bytes } },
        Row::Fork { device, bytes } => Write::PutFork { circle, fork: DeviceRow { device, bytes } },
        Row::Own { bytes } => Write::PutOwn { circle, name: OWN.into(), value: bytes },
    }
}
