//! Bounds. Every input is bounded by one of these protocol constants: verdicts depend on them and on the bytes alone,
//! never on a local quota.

/// Bytes of one frame on a stream. Holds one whole entry and its envelope.
pub const FRAME_BYTES: usize = 1 << 20;
/// Bytes of an entry's plain payload (one or several Automerge changes). A paste of half a million characters fits.
pub const PAYLOAD_BYTES: usize = 900 << 10;
/// Bytes of a sealed entry: payload, padding of at most an eighth, header and envelope.
pub const SEALED_ENTRY_BYTES: usize = 1020 << 10;
/// Automerge changes in one entry.
pub const CHANGES_PER_ENTRY: usize = 4096;
/// Automerge operations in one change, counted before anything is decoded. Automerge takes about 400 bytes and 1.3 µs for
/// each while it applies them: 230 MiB and 0.8 s at most. The largest text that one edit may bring fits, and its markers.
pub const OPS_PER_CHANGE: usize = (1 << 19) + (1 << 16);
/// Bytes of one membership operation.
pub const OP_BYTES: usize = 64 << 10;
/// Bytes of an epoch announcement: 150 members with several laptops each.
pub const EPOCH_BYTES: usize = 256 << 10;
/// Parents of one operation, and membership heads that anything may name.
pub const HEADS: usize = 64;
/// Members of a circle. The app keeps its promises up to 150.
pub const MEMBERS: usize = 256;
/// Current devices of a circle.
pub const DEVICES: usize = 1024;
/// Devices that a frontier or a receipt may name, past ones included.
pub const FRONTIER_DEVICES: usize = 4096;
/// Tips that a frontier names for one device: two are a fork, and prove it.
pub const TIPS_PER_DEVICE: usize = 4;
/// Membership operations of a circle.
pub const OPS: usize = 65_536;
/// Epochs of a circle.
pub const EPOCHS: usize = 16_384;
/// Documents that one laptop begins in a circle: ten a day for five years. Each takes some hundred bytes of memory.
pub const DOCUMENTS: usize = 20_000;
/// Characters of a name.
pub const NAME_CHARS: usize = 80;
/// Characters of a title.
pub const TITLE_CHARS: usize = 200;
/// Bytes of Markdown that become a note's body in one go.
pub const MARKDOWN_BYTES: usize = 512 << 10;
/// Bytes of an invitation link.
pub const LINK_BYTES: usize = 512;
/// Circles of one laptop.
pub const CIRCLES: usize = 256;
