//! What one circle's core holds and does at most, each with its reason. Unlike the protocol's bounds in
//! [`snug_types::bound`] these decide no verdict: what is dropped here comes again by comparing frontiers.

use snug_types::bound::TIPS_PER_DEVICE;

/// Sessions of one circle at once. A laptop of the largest circle may be connected to all the others.
pub(crate) const SESSIONS: usize = 256;
/// Commits under way. A person doesn't type faster than a disk syncs; a script may.
pub(crate) const COMMITS: usize = 4096;
/// Bytes of remote entries that wait for the disk before more are asked for.
pub(crate) const STAGED_BYTES: usize = 8 << 20;
/// Bytes of the same, after which what comes unasked isn't looked at any more.
pub(crate) const MOST_STAGED_BYTES: usize = 16 << 20;
/// Entries from one device's sessions that wait for something else to come first. Their own oldest make room.
pub(crate) const WAITING_ENTRIES: usize = 256;
/// Bytes of the same.
pub(crate) const WAITING_BYTES: usize = 4 << 20;
/// Bytes that an asker lets come in its first answer: what a connection that breaks at once wastes at most.
pub(crate) const FIRST_CREDIT: u32 = 64 << 10;
/// Bytes that it lets come once the connection has proven itself; each answer doubles the credit up to this.
pub(crate) const CREDIT: u32 = 1 << 20;
/// Bytes of one read from the store.
pub(crate) const LOAD_BYTES: usize = 256 << 10;
/// Devices that one question asks about.
pub(crate) const RANGES: usize = 512;
/// Places of its own log that a question names, so that the answer can begin where two branches part.
pub(crate) const LOCATOR: usize = 16;
/// Bytes of membership operations, or of epochs, in answer to one frontier. More come in the next round.
pub(crate) const ROUND_BYTES: usize = 512 << 10;
/// Epochs in answer to one frontier: each may cost a key agreement.
pub(crate) const ROUND_EPOCHS: usize = 64;
/// Devices in one page of a frontier, so that a page stays far below a frame.
pub(crate) const PAGE_DEVICES: usize = 2048;
/// Epochs in one page of a frontier.
pub(crate) const PAGE_EPOCHS: usize = 8192;
/// Entries in one frame: so many of the smallest size fill one.
pub(crate) const FRAME_ENTRIES: usize = 8192;
/// Bytes of one frame of several entries. One entry alone may fill a whole frame.
pub(crate) const BATCH_BYTES: usize = 256 << 10;
/// Receipts in one frame.
pub(crate) const FRAME_RECEIPTS: usize = 1024;
/// Entries kept of each branch of a forked log, from the fork on: enough to show, too few to fill a disk.
pub(crate) const BRANCH_ENTRIES: usize = 1024;
/// Offers that a session couldn't make good, remembered so as not to ask again.
pub(crate) const BROKEN_OFFERS: usize = 4096;
/// Frontiers that are told to, or answered on, one session at a run, ...
pub(crate) const FRONTIER_BURST: u64 = 32;
/// ... and in each second after that. Each costs more than what asks for it; what is left out waits for a tick.
pub(crate) const FRONTIERS_PER_SECOND: u64 = 2;
/// Questions for entries that are begun to be answered on one session at a run, ...
pub(crate) const WANT_BURST: u64 = 32;
/// ... and in each second after that. Each may cost a credit of reading and sending; the next one waits for a tick.
pub(crate) const WANTS_PER_SECOND: u64 = 16;
/// Receipts of one device that are looked at on one session at a run, ...
pub(crate) const TAKEN_RECEIPT_BURST: u64 = 64;
/// ... and in each second after that. Nobody needs to hear more often what somebody holds.
pub(crate) const TAKEN_RECEIPTS_PER_SECOND: u64 = 16;
/// Offers of one device's entries on one session: the ends of its branches, as a frontier and later receipts name them.
pub(crate) const OFFERED_TIPS: usize = 2 * TIPS_PER_DEVICE;
/// Operations that one device may have brought too early. All that wait share one place that nothing is thrown out of.
pub(crate) const EARLY_OPS: u64 = 128;
/// Epochs of the same kind.
pub(crate) const EARLY_EPOCHS: u64 = 8;
/// After so long without a word the question goes to somebody else.
pub(crate) const PATIENCE_MILLIS: u64 = 10_000;
/// So often two laptops that believe they hold the same make sure: 40 bytes, and a lost word is found.
pub(crate) const SUMMARY_MILLIS: u64 = 60_000;
/// Bytes of receipts that a laptop may issue at a run, over all sessions.
pub(crate) const RECEIPT_BURST: u64 = 64 << 10;
/// Bytes of receipts that it may issue in each second after that.
pub(crate) const RECEIPT_BYTES_PER_SECOND: u64 = 16 << 10;
/// While it is busy, others' receipts are passed on this often.
pub(crate) const PASS_ON_MILLIS: u64 = 10_000;
/// Receipt numbers that one commit reserves: a number is never used twice, and no receipt waits for a commit of its own.
pub(crate) const RECEIPT_NUMBERS: u64 = 4096;
