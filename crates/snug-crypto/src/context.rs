//! Every domain-separation string, in one list: a hash, signature or key made for one purpose serves no other.
//!
//! A string is never reused and never changed; a new purpose or a new shape gets a new one.

/// Key and commitment of one sealed message.
pub const SEAL: &str = "snug v1 seal: key and commitment";
/// The commitment to an epoch secret that an announcement publishes.
pub const EPOCH_COMMITMENT: &str = "snug v1 epoch: commitment to the secret";
/// An epoch's id.
pub const EPOCH_ID: &str = "snug v1 epoch: id";
/// Signature on an epoch announcement.
pub const EPOCH_SIGNATURE: &str = "snug v1 epoch: announcement signature";
/// HPKE info for an epoch secret sealed to one device, in an announcement or a grant.
pub const EPOCH_SEAL: &str = "snug v1 epoch: secret sealed to a device";
/// Signature on an epoch grant.
pub const GRANT_SIGNATURE: &str = "snug v1 epoch: grant signature";
/// The hash that links membership operations; the founding one's is the circle's id.
pub const OP_HASH: &str = "snug v1 membership: operation hash";
/// Signature on a membership operation.
pub const OP_SIGNATURE: &str = "snug v1 membership: operation signature";
/// A member's id, from their first device.
pub const MEMBER_ID: &str = "snug v1 membership: member id";
/// Signature of a new device on the challenge that admits it.
pub const ACCEPTANCE_SIGNATURE: &str = "snug v1 joining: acceptance signature";
/// The hash that links entries.
pub const ENTRY_HASH: &str = "snug v1 entry: hash of the inner header";
/// Signature on an entry's inner header.
pub const ENTRY_SIGNATURE: &str = "snug v1 entry: inner header signature";
/// The hash of an entry's plain payload in its header.
pub const PAYLOAD_HASH: &str = "snug v1 entry: payload hash";
/// An Automerge actor.
pub const ACTOR_ID: &str = "snug v1 entry: actor id";
/// The id of a circle's own page.
pub const CIRCLE_PAGE: &str = "snug v1 document: circle page";
/// The id of a member's page.
pub const MEMBER_PAGE: &str = "snug v1 document: member page";
/// Signature on a receipt.
pub const RECEIPT_SIGNATURE: &str = "snug v1 receipt: signature";
/// The key that two devices of a circle share.
pub const PAIR_KEY: &str = "snug v1 pair key";
/// An invitation's id.
pub const INVITATION_ID: &str = "snug v1 invitation: id";
/// The rendezvous key that an invitation's secret gives.
pub const INVITATION_KEY: &str = "snug v1 invitation: rendezvous key";
/// The checksum of an invitation link.
pub const INVITATION_CHECKSUM: &str = "snug v1 invitation: checksum";
/// Signature of the answering laptop on a challenge to a joiner.
pub const JOIN_CHALLENGE: &str = "snug v1 joining: challenge signature";
/// The tag by which a beacon's hint is recognised.
pub const BEACON_TAG: &str = "snug v1 beacon: tag";
/// The key under which a beacon's hint is sealed.
pub const BEACON_SEAL: &str = "snug v1 beacon: seal";
/// Signature of a current device in a beacon's hint.
pub const BEACON_SIGNATURE: &str = "snug v1 beacon: signature";
/// A dialer's proof of its device key.
pub const DIAL_PROOF: &str = "snug v1 dial: proof";
/// A listener's answer to a dialer's proof.
pub const DIAL_ANSWER: &str = "snug v1 dial: answer";
/// Sealing a store's key under a passphrase.
pub const WRAPPED_KEY: &str = "snug v1 passphrase: wrapped key";
/// The stream of [`SeededEntropy`](crate::SeededEntropy): tests and simulation only.
pub const SEEDED_ENTROPY: &str = "snug v1 test: seeded entropy";
