//! Entries as a member may seal them who doesn't keep to the rules.

use crate::cast::{Cast, copy};
use crate::script::{Choices, Script};
use snug_circle::entry::NO_PREVIOUS;
use snug_circle::{EntryHeader, Envelope, actor_id, payload_hash};
use snug_crypto::{SeededEntropy, Signed, Verified, seal};
use snug_types::{Writer, from_bytes, to_bytes};

/// What opens is signed by the device that it names, true to its envelope, its payload and its actor, and opens again
/// after sealing again.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let mut choices = Choices::new(data);
    let (_, honest) = cast.entry(&cast.mallory, 1, NO_PREVIOUS, b"payload");
    let (envelope, forged) = match choices.below(3) {
        // Bytes that somebody made who doesn't hold the secret.
        0 => {
            let mut bytes = to_bytes(&honest);
            choices.edit(&mut bytes);
            let Ok(envelope) = from_bytes::<Envelope>(&bytes) else { return };
            let forged = envelope != honest;
            (envelope, forged)
        }
        // A member seals anything at all, without any device's signature.
        1 => {
            let mut clear = to_bytes(&Envelope { sealed: Vec::new(), ..honest });
            choices.edit(&mut clear);
            let Ok(clear) = from_bytes::<Envelope>(&clear) else { return };
            (sealed(clear, choices.rest()), true)
        }
        // Mallory signs anything at all.
        _ => {
            let entry = honest.open(cast.circle, cast.secret()).expect("sealed just now");
            let mut header = to_bytes(&*entry.header);
            choices.edit(&mut header);
            let Ok(mut header) = from_bytes::<EntryHeader>(&header) else { return };
            let payload = choices.chunk();
            if choices.flag() {
                header.payload = payload_hash(payload);
            }
            if choices.flag() {
                header.actor = actor_id(header.device, header.incarnation, header.replica);
            }
            header.device = cast.mallory.id();
            let clear = Envelope { seq: header.seq, document: header.document, sealed: Vec::new(), ..honest };
            let header = Verified::sign(header, &cast.mallory).expect("her own");
            let mut inner = Writer::new();
            inner.raw(&to_bytes::<Signed<EntryHeader>>(header.signed()));
            inner.bytes(payload);
            (sealed(clear, &inner.finish()), false)
        }
    };
    let Ok(entry) = envelope.open(cast.circle, cast.secret()) else { return };
    assert!(!forged, "a forged entry opened");
    let header = &entry.header;
    assert_eq!(
        (header.device, header.seq, header.document),
        (envelope.device, envelope.seq, envelope.document)
    );
    assert_eq!((header.circle, header.payload), (cast.circle, payload_hash(&entry.payload)));
    assert_eq!(header.actor, actor_id(header.device, header.incarnation, header.replica));
    assert_eq!(header.seq.0 == 1, header.previous == NO_PREVIOUS);
    let mut e = SeededEntropy::new(9);
    let again =
        Envelope::seal(header, &entry.payload, envelope.epoch, cast.secret(), &mut e).expect("it was sealed");
    assert_eq!(again.open(cast.circle, cast.secret()).as_ref(), Ok(&entry));
    assert!(copy(&cast.mallory).id() == header.device);
}

/// Seals these bytes in the place of an entry.
fn sealed(clear: Envelope, inner: &[u8]) -> Envelope {
    let cast = Cast::get();
    let clear = Envelope { sealed: Vec::new(), ..clear };
    let fields = to_bytes(&clear);
    // The fields in the clear are all but the length of what is sealed.
    let aad = [cast.circle.as_bytes(), &fields[..fields.len() - 4]].concat();
    let sealed = seal(cast.secret(), &aad, inner, &mut SeededEntropy::new(10));
    Envelope { sealed, ..clear }
}

/// Honest, altered, sealed noise, and signed nonsense.
pub fn seeds() -> Vec<Vec<u8>> {
    let cast = Cast::get();
    let (_, honest) = cast.entry(&cast.mallory, 1, NO_PREVIOUS, b"payload");
    let entry = honest.open(cast.circle, cast.secret()).expect("sealed just now");
    let mut inner = Writer::new();
    inner.raw(&to_bytes(entry.header.signed()));
    inner.bytes(&entry.payload);
    let mut altered = inner.finish();
    altered[70] ^= 1;
    vec![
        vec![0, 0],
        vec![0, 1, 0, 40, 1],
        Script::new().bytes(&[1, 0]).bytes(&altered).finish(),
        Script::new().bytes(&[2, 0]).chunk(b"payload").finish(),
        Script::new().bytes(&[2, 1, 0, 72, 1]).chunk(b"other").bytes(&[1, 1]).finish(),
        Script::new().bytes(&[2, 1, 0, 160, 1]).chunk(&[]).bytes(&[1, 1]).finish(),
    ]
}
