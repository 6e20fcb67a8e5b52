//! The payload of an entry: a list of raw Automerge changes in the canonical encoding.

use crate::guard::Chunk;
use snug_types::bound::{CHANGES_PER_ENTRY, OPS_PER_CHANGE, PAYLOAD_BYTES};
use snug_types::{DecodeError, Reader, Writer};

/// Operations of an entry: one largest body goes, another comes.
const ENTRY_OPS: usize = 2 * OPS_PER_CHANGE;

/// Bytes that a count takes, and each change's length.
const COUNT_BYTES: usize = 4;

/// Writes the changes of one entry. The caller sees to it that they are at most `CHANGES_PER_ENTRY` and
/// `PAYLOAD_BYTES`.
pub fn encode_changes(changes: &[Vec<u8>]) -> Vec<u8> {
    let mut w = Writer::new();
    w.u32(u32::try_from(changes.len()).unwrap_or(u32::MAX));
    for change in changes {
        w.bytes(change);
    }
    w.finish()
}

/// Any number of changes as payloads within their bounds, in their order.
pub fn payloads_of(changes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut payloads = Vec::new();
    let mut rest = changes;
    while let [first, ..] = rest {
        let mut bytes = COUNT_BYTES + COUNT_BYTES + first.len();
        let fits = |change: &&Vec<u8>| {
            bytes += COUNT_BYTES + change.len();
            bytes <= PAYLOAD_BYTES
        };
        let count = 1 + rest[1..].iter().take(CHANGES_PER_ENTRY - 1).take_while(fits).count();
        payloads.push(encode_changes(&rest[..count]));
        rest = &rest[count..];
    }
    payloads
}

/// Reads the changes of one entry. Each is checked by [`guard`](crate::guard) when it is applied; here their
/// operations are counted together, so that no entry costs more than one large edit does.
///
/// # Errors
/// What isn't canonical, is over a bound, or holds no change at all.
pub fn decode_changes(payload: &[u8]) -> Result<Vec<&[u8]>, DecodeError> {
    if payload.len() > PAYLOAD_BYTES {
        return Err(DecodeError::TooMany {
            what: "bytes in a payload",
            found: payload.len(),
            bound: PAYLOAD_BYTES,
        });
    }
    let mut r = Reader::new(payload);
    let count = r.count("changes", CHANGES_PER_ENTRY)?;
    if count == 0 {
        return Err(DecodeError::NotCanonical("an entry without changes"));
    }
    let mut changes = Vec::new();
    for _ in 0..count {
        changes.push(r.bytes("bytes in a change", PAYLOAD_BYTES)?);
    }
    r.end()?;
    let ops = |change: &&[u8]| Chunk::parse(change).and_then(|c| c.check_ops()).map_or(0, |count| count.ops);
    let found = changes.iter().map(ops).sum();
    if found > ENTRY_OPS {
        return Err(DecodeError::TooMany { what: "operations in an entry", found, bound: ENTRY_OPS });
    }
    Ok(changes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_changes_become_payloads_within_their_bounds() {
        assert!(payloads_of(&[]).is_empty());
        let small = vec![vec![7]; 2 * CHANGES_PER_ENTRY + 1];
        assert_eq!(payloads_of(&small).len(), 3);
        let large: Vec<_> = (0..5).map(|n| vec![n; PAYLOAD_BYTES / 2 - 8]).collect();
        for changes in [small, large] {
            let payloads = payloads_of(&changes);
            let read = payloads.iter().flat_map(|payload| decode_changes(payload).unwrap());
            assert_eq!(read.map(<[u8]>::to_vec).collect::<Vec<_>>(), changes);
        }
    }

    #[test]
    fn payloads_have_one_spelling() {
        let changes = vec![vec![1, 2, 3], vec![]];
        let bytes = encode_changes(&changes);
        assert_eq!(decode_changes(&bytes), Ok(vec![&[1, 2, 3][..], &[]]));
        assert!(decode_changes(&bytes[..bytes.len() - 1]).is_err());
        assert!(decode_changes(&[bytes, vec![0]].concat()).is_err());
        assert!(decode_changes(&encode_changes(&[])).is_err());
        assert!(decode_changes(&encode_changes(&vec![vec![]; CHANGES_PER_ENTRY + 1])).is_err());
        assert!(decode_changes(&vec![0; PAYLOAD_BYTES + 1]).is_err());
    }
}
