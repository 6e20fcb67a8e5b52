//! The frame of a change: header, names, columns.

use super::leb::Bytes;
use super::op::{Action, Ops};
use super::{ACTORS, DEPENDENCIES, FREE_OPS, GuardError, MESSAGE_BYTES, OPS_PER_BYTE};
use sha2::{Digest, Sha256};
use snug_types::bound::{OPS_PER_CHANGE, PAYLOAD_BYTES};
use snug_types::{ActorId, ChangeHash};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
/// The bit of a column's number that says it is deflated.
const DEFLATED: u32 = 0b1000;

/// The columns of a change, by their numbers in the file format, in the order in which they stand.
const COLUMNS: [u32; 14] = [1, 2, 17, 19, 21, 52, 66, 86, 87, 112, 113, 115, 148, 165];

/// The bytes of the columns, in the order of [`COLUMNS`]; absent ones are empty.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Columns<'a>([&'a [u8]; COLUMNS.len()]);

impl<'a> Columns<'a> {
    /// The bytes of one column, by its number in the file format.
    pub(super) fn get(&self, number: u32) -> &'a [u8] {
        COLUMNS.iter().position(|n| *n == number).map_or(&[], |i| self.0[i])
    }
}

/// A change whose frame was read. Its operations are read by [`Chunk::check_ops`] and [`Chunk::ops`].
#[derive(Debug, Clone)]
pub(crate) struct Chunk<'a> {
    pub(crate) hash: ChangeHash,
    pub(crate) actor: ActorId,
    pub(crate) seq: u64,
    pub(crate) start_op: u64,
    pub(crate) deps: Vec<ChangeHash>,
    /// The actors that operations name by their place: the change's own first.
    pub(crate) actors: Vec<ActorId>,
    columns: Columns<'a>,
    length: usize,
}

/// How many operations a change holds.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Count {
    pub(crate) ops: usize,
    pub(crate) deletions: usize,
}

impl<'a> Chunk<'a> {
    /// Reads the frame of one change that is all of `bytes`.
    pub(crate) fn parse(bytes: &'a [u8]) -> Result<Self, GuardError> {
        if bytes.len() > PAYLOAD_BYTES {
            return Err(GuardError::TooMany {
                what: "bytes in a change",
                found: bytes.len() as u64,
                bound: PAYLOAD_BYTES,
            });
        }
        let (hash, body) = header(bytes)?;
        let mut r = Bytes::new(body);

        let count = r.count("dependencies", DEPENDENCIES)?;
        let mut deps = Vec::new();
        for _ in 0..count {
            deps.push(ChangeHash(r.array()?));
        }
        if !deps.is_sorted_by(|a, b| a < b) {
            return Err(GuardError::Op { index: 0, why: "dependencies out of order" });
        }

        let actor = actor(&mut r)?;
        let seq = r.unsigned()?;
        let start_op = r.unsigned()?;
        if seq == 0 || start_op == 0 || u32::try_from(seq).is_err() || u32::try_from(start_op).is_err() {
            return Err(GuardError::Number);
        }
        let _time = r.signed()?;
        let message = r.count("bytes in a message", MESSAGE_BYTES)?;
        std::str::from_utf8(r.take(message)?).map_err(|_| GuardError::Text)?;
        let actors = actors(actor, &mut r)?;
        let columns = columns(&mut r)?;
        // Automerge keeps what follows as "extra bytes", which may name an author; Snug's changes have none.
        if !r.is_empty() {
            return Err(GuardError::Trailing(r.rest().len()));
        }
        Ok(Self { hash, actor, seq, start_op, deps, actors, columns, length: bytes.len() })
    }

    /// The operations, in their order.
    pub(crate) fn ops(&self) -> Ops<'a> {
        Ops::new(&self.columns, self.actors.len(), self.start_op)
    }

    /// Reads every operation once and counts them.
    pub(crate) fn check_ops(&self) -> Result<Count, GuardError> {
        let mut ops = self.ops();
        let mut used = vec![false; self.actors.len()];
        let mut count = Count::default();
        let paid = FREE_OPS + OPS_PER_BYTE * self.length;
        while let Some(op) = ops.next_op(|named| used[named.actor] = true)? {
            op.check()?;
            count.ops += 1;
            count.deletions += usize::from(op.action == Action::Delete);
            if count.ops - count.deletions > paid {
                return Err(GuardError::Unpaid { bytes: self.length });
            }
        }
        ops.end()?;
        // An actor that no operation names would be a stranger to the document.
        if used.iter().skip(1).any(|used| !used) {
            return Err(GuardError::Actor);
        }
        let last = self.start_op.saturating_add(count.ops as u64);
        if u32::try_from(last).is_err() {
            return Err(GuardError::TooMany { what: "operations", found: last, bound: OPS_PER_CHANGE });
        }
        Ok(count)
    }
}

/// Reads the header and checks it against the body's hash.
fn header(bytes: &[u8]) -> Result<(ChangeHash, &[u8]), GuardError> {
    let mut r = Bytes::new(bytes);
    if r.array::<4>()? != MAGIC {
        return Err(GuardError::Magic);
    }
    let checksum = r.array::<4>()?;
    let hashed = r.rest();
    let kind = r.byte()?;
    if kind != CHANGE {
        return Err(GuardError::ChunkType(kind));
    }
    let length = r.count("bytes in a change", PAYLOAD_BYTES)?;
    let body = r.take(length)?;
    if !r.is_empty() {
        return Err(GuardError::Trailing(r.rest().len()));
    }
    // The hash is over type, length and body: the bytes as they stand, since lengths have one spelling.
    let hash: [u8; 32] = Sha256::digest(hashed).into();
    if hash[..4] == checksum { Ok((ChangeHash(hash), body)) } else { Err(GuardError::Checksum) }
}

fn actor(r: &mut Bytes<'_>) -> Result<ActorId, GuardError> {
    let length = r.count("bytes in an actor id", ActorId::LEN).map_err(|_| GuardError::Actor)?;
    ActorId::from_slice(r.take(length)?).ok_or(GuardError::Actor)
}

fn actors(own: ActorId, r: &mut Bytes<'_>) -> Result<Vec<ActorId>, GuardError> {
    let count = r.count("actors", ACTORS)?;
    let mut actors = vec![own];
    for _ in 0..count {
        actors.push(actor(r)?);
    }
    let others = &actors[1..];
    if !others.is_sorted_by(|a, b| a < b) || others.contains(&own) {
        return Err(GuardError::Actor);
    }
    Ok(actors)
}

fn columns<'a>(r: &mut Bytes<'a>) -> Result<Columns<'a>, GuardError> {
    let count = r.count("columns", COLUMNS.len())?;
    let mut found = [(0_usize, 0_usize); COLUMNS.len()];
    let mut next = 0;
    for slot in found.iter_mut().take(count) {
        let number = r.unsigned()?;
        let number = u32::try_from(number).map_err(|_| GuardError::Number)?;
        let place = COLUMNS.iter().position(|n| *n == number).filter(|place| *place >= next);
        let length = r.count("bytes in a column", PAYLOAD_BYTES)?;
        match place {
            Some(place) if length > 0 && number & DEFLATED == 0 => {
                *slot = (place, length);
                next = place + 1;
            }
            _ => return Err(GuardError::Column(number)),
        }
    }
    let mut columns = Columns::default();
    for (place, length) in found.into_iter().take(count) {
        columns.0[place] = r.take(length)?;
    }
    Ok(columns)
}
