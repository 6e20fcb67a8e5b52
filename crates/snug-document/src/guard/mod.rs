//! The guard: no byte of a foreign change reaches Automerge before it was read, counted and bounded here.
//!
//! Automerge's change chunks are columns of runs, and a run of a few bytes can claim billions of operations; a chunk of
//! 113 bytes once took gigabytes, and running out of memory can't be caught. So this module reads every chunk by
//! itself, in one pass that allocates next to nothing:
//!
//! ```text
//! chunk   = magic, checksum (4 bytes of SHA-256), type 1, length, body        only type 1: nothing compressed, no bundles
//! body    = dependencies, actor, seq, start op, time, message, other actors, columns, their bytes
//! columns = the known ones, ascending, none deflated                          (chunk.rs)
//! runs    = counted down from a bound, never up to what they claim     (run.rs)
//! ops     = each read whole and held to what Automerge itself writes          (op.rs)
//! ```
//!
//! What passes costs Automerge an amount in proportion to the chunk's length, or to the document's where it deletes,
//! and never more than [`OPS_PER_CHANGE`](snug_types::bound::OPS_PER_CHANGE) operations'. Whether the operations fit the document is asked afterwards, on admission.
//!
//! The format: <https://automerge.org/automerge-binary-format-spec/>.

mod chunk;
mod leb;
mod op;
mod run;

pub(crate) use chunk::{Chunk, Count};
pub(crate) use op::{Action, Key, OpRef};

use snug_types::{ActorId, ChangeHash};

/// Operations that a byte of a change may stand for, deletions left out, and how many are free. Every character and
/// every value that a person writes costs its change a byte; only deletions come in runs.
pub const OPS_PER_BYTE: usize = 16;
/// Operations that a change of any length may hold.
pub const FREE_OPS: usize = 1024;
/// Dependencies of one change: the heads of a document that everybody writes at once.
pub const DEPENDENCIES: usize = 1024;
/// Actors that one change names.
pub const ACTORS: usize = 4096;
/// Bytes of the message of a change. Snug writes none.
pub const MESSAGE_BYTES: usize = 1024;

/// What a change says of itself, read without Automerge.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeInfo {
    /// Its hash.
    pub hash: ChangeHash,
    /// Who made it.
    pub actor: ActorId,
    /// Which of its actor's changes it is, counted from 1.
    pub seq: u64,
    /// The counter of its first operation.
    pub start_op: u64,
    /// The changes that it builds on.
    pub deps: Vec<ChangeHash>,
    /// How many operations it holds.
    pub ops: usize,
    /// How many of them delete something.
    pub deletions: usize,
}

/// Why bytes aren't a change that Automerge may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// The bytes end before the change does.
    #[error("the change ends too early")]
    Truncated,
    /// Bytes follow the change, or Snug never writes what they hold.
    #[error("{0} bytes too many")]
    Trailing(usize),
    /// Not an Automerge chunk.
    #[error("not a change")]
    Magic,
    /// A chunk of another type: a document, a compressed change, a bundle.
    #[error("a chunk of type {0}; only plain changes are taken")]
    ChunkType(u8),
    /// The checksum doesn't fit the bytes.
    #[error("the checksum is wrong")]
    Checksum,
    /// A number that is too large or not in its shortest spelling.
    #[error("a number is out of range or badly spelled")]
    Number,
    /// A count over its bound.
    #[error("{found} {what}, at most {bound} are allowed")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// What the bytes claim.
        found: u64,
        /// The bound.
        bound: usize,
    },
    /// More operations than its bytes can stand for.
    #[error("more operations than {bytes} bytes stand for")]
    Unpaid {
        /// How many bytes the change has.
        bytes: usize,
    },
    /// A run without values.
    #[error("a run of no values")]
    EmptyRun,
    /// Text that isn't UTF-8.
    #[error("text that isn't UTF-8")]
    Text,
    /// An actor that isn't sixteen bytes, or a list of actors out of order.
    #[error("an actor id is of the wrong length or out of order")]
    Actor,
    /// A column that is unknown, deflated, empty or out of order.
    #[error("column {0:#x} is unknown, compressed, empty or out of order")]
    Column(u32),
    /// Columns of one change have different numbers of values.
    #[error("columns of different lengths")]
    Uneven,
    /// An operation that Automerge doesn't write.
    #[error("operation {index} isn't one that Automerge writes: {why}")]
    Op {
        /// Which operation of the change.
        index: usize,
        /// What is wrong with it.
        why: &'static str,
    },
}

/// Checks one change, whole, and says what it is.
///
/// # Errors
/// Whatever Automerge wouldn't have written, and whatever is over a bound.
pub fn check_change(bytes: &[u8]) -> Result<ChangeInfo, GuardError> {
    let chunk = Chunk::parse(bytes)?;
    let Count { ops, deletions } = chunk.check_ops()?;
    Ok(ChangeInfo {
        hash: chunk.hash,
        actor: chunk.actor,
        seq: chunk.seq,
        start_op: chunk.start_op,
        deps: chunk.deps,
        ops,
        deletions,
    })
}
