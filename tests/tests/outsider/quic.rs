//! QUIC's Initial packets, read as anybody can who sees them (RFC 9001, section 5.2).

use crate::capture::Packet;
use rustls::Side;
use rustls::crypto::aws_lc_rs::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::quic::{Keys, Version};
use std::collections::BTreeSet;

/// True if a QUIC (version 1) Initial stands at the beginning of the packet.
pub(crate) fn is_initial(packet: &Packet) -> bool {
    packet.is_unicast_udp() && Initial::read(packet.payload()).is_some()
}

/// What the Initials among these packets say in plain text.
pub(crate) fn initials(packets: &[Packet]) -> Vec<Vec<u8>> {
    let seen: Vec<Initial> = packets
        .iter()
        .filter(|packet| packet.is_unicast_udp())
        .filter_map(|packet| Initial::read(packet.payload()))
        .collect();
    // Both directions' keys come from the first destination that the client chose.
    let chosen: BTreeSet<Vec<u8>> = seen
        .iter()
        .filter(|initial| initial.open(&initial.destination, Side::Server).is_some())
        .map(|initial| initial.destination.clone())
        .collect();
    seen.iter()
        .filter_map(|initial| {
            chosen
                .iter()
                .find_map(|id| initial.open(id, Side::Server).or_else(|| initial.open(id, Side::Client)))
        })
        .collect()
}

/// An Initial as it was sent.
struct Initial {
    destination: Vec<u8>,
    packet: Vec<u8>,
    number_at: usize,
}

impl Initial {
    fn read(bytes: &[u8]) -> Option<Self> {
        // Long header, fixed bit, type 0; version 1.
        if bytes.first()? & 0b1111_0000 != 0b1100_0000 || bytes.get(1..5)? != [0, 0, 0, 1] {
            return None;
        }
        let length = usize::from(*bytes.get(5)?);
        let destination = bytes.get(6..6 + length)?.to_vec();
        let mut at = 6 + length;
        at += 1 + usize::from(*bytes.get(at)?);
        let token = integer(bytes, &mut at)?;
        at += token;
        let length = integer(bytes, &mut at)?;
        let packet = bytes.get(..at + length)?.to_vec();
        Some(Self { destination, packet, number_at: at })
    }

    /// Opens it under the keys that follow from this connection id, as the side that receives it.
    fn open(&self, id: &[u8], side: Side) -> Option<Vec<u8>> {
        let suite = TLS13_AES_128_GCM_SHA256.tls13()?;
        let keys = Keys::initial(Version::V1, suite, suite.quic?, id, side).remote;
        let mut packet = self.packet.clone();
        let sample = packet.get(self.number_at + 4..self.number_at + 4 + keys.header.sample_len())?.to_vec();
        let (head, tail) = packet.split_at_mut(self.number_at);
        keys.header.decrypt_in_place(&sample, head.first_mut()?, tail.get_mut(..4)?).ok()?;
        let number_length = usize::from(head[0] & 0b11) + 1;
        let number = tail[..number_length].iter().fold(0, |sum, byte| sum << 8 | u64::from(*byte));
        let (header, payload) = packet.split_at_mut(self.number_at + number_length);
        keys.packet.decrypt_in_place(number, header, payload).ok().map(<[u8]>::to_vec)
    }
}

/// QUIC's integer of one, two, four or eight bytes.
fn integer(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let first = *bytes.get(*at)?;
    let length = 1 << (first >> 6);
    let mut value = usize::from(first & 0b0011_1111);
    for byte in bytes.get(*at + 1..*at + length)? {
        value = value << 8 | usize::from(*byte);
    }
    *at += length;
    Some(value)
}
