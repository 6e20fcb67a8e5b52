//! Change chunks made by hand.

use proptest::sample::Index;
use sha2::{Digest, Sha256};
use snug_types::ActorId;

/// The columns of a change, by their numbers in the file format.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Column {
    ObjActor = 1,
    ObjCtr = 2,
    KeyText = 21,
    Insert = 52,
    Action = 66,
    ValueMeta = 86,
    Value = 87,
    PredGroup = 112,
    PredActor = 113,
    PredCtr = 115,
    Expand = 148,
    MarkName = 165,
}

/// A change being made by hand.
#[derive(Debug, Clone)]
pub(crate) struct Crafted {
    actor: ActorId,
    deps: Vec<Vec<u8>>,
    seq: u64,
    start_op: u64,
    others: Vec<ActorId>,
    columns: Vec<(u32, Vec<u8>)>,
    trailing: Vec<u8>,
}

impl Crafted {
    pub(crate) fn new(actor: ActorId) -> Self {
        Self { actor, deps: vec![], seq: 1, start_op: 1, others: vec![], columns: vec![], trailing: vec![] }
    }

    pub(crate) fn deps(mut self, deps: Vec<Vec<u8>>) -> Self {
        self.deps = deps;
        self
    }

    pub(crate) fn seq(mut self, seq: u64) -> Self {
        self.seq = seq;
        self
    }

    pub(crate) fn start_op(mut self, start_op: u64) -> Self {
        self.start_op = start_op;
        self
    }

    pub(crate) fn other(mut self, actor: ActorId) -> Self {
        self.others.push(actor);
        self
    }

    pub(crate) fn trailing(mut self, bytes: &[u8]) -> Self {
        self.trailing = bytes.to_vec();
        self
    }

    /// Puts a column in its place, or in the place of the one that is there.
    pub(crate) fn column(mut self, column: Column, bytes: Vec<u8>) -> Self {
        let number = column as u32;
        self.columns.retain(|(n, _)| *n != number);
        let at = self.columns.partition_point(|(n, _)| *n < number);
        self.columns.insert(at, (number, bytes));
        self
    }

    pub(crate) fn without(mut self, column: Column) -> Self {
        self.columns.retain(|(n, _)| *n != column as u32);
        self
    }

    /// Puts a column at the end, whatever its number.
    pub(crate) fn numbered(mut self, number: u32, bytes: Vec<u8>) -> Self {
        self.columns.push((number, bytes));
        self
    }

    /// The same operations in another frame.
    pub(crate) fn on(self, frame: Self) -> Self {
        Self { columns: self.columns, ..frame }
    }

    pub(crate) fn bytes(&self) -> Vec<u8> {
        let mut body = unsigned(self.deps.len() as u64);
        self.deps.iter().for_each(|d| body.extend(d));
        let actor = |body: &mut Vec<u8>, a: &ActorId| {
            body.extend(unsigned(16));
            body.extend(a.0);
        };
        actor(&mut body, &self.actor);
        body.extend(unsigned(self.seq));
        body.extend(unsigned(self.start_op));
        body.extend(signed(0));
        body.extend(unsigned(0));
        body.extend(unsigned(self.others.len() as u64));
        self.others.iter().for_each(|a| actor(&mut body, a));
        body.extend(unsigned(self.columns.len() as u64));
        for (number, bytes) in &self.columns {
            body.extend(unsigned((*number).into()));
            body.extend(unsigned(bytes.len() as u64));
        }
        self.columns.iter().for_each(|(_, bytes)| body.extend(bytes));
        body.extend(&self.trailing);
        chunk(&body)
    }
}

/// A change chunk of a body, with the right checksum.
pub(crate) fn chunk(body: &[u8]) -> Vec<u8> {
    let rest = [&[1][..], &unsigned(body.len() as u64), body].concat();
    [&[0x85, 0x6f, 0x4a, 0x83], &Sha256::digest(&rest)[..4], &rest].concat()
}

/// A chunk with bytes of its body turned, and the right checksum again.
pub(crate) fn tampered(bytes: &[u8], turns: &[(Index, u8)]) -> Vec<u8> {
    let length = bytes[9..].iter().take_while(|b| **b & 0x80 != 0).count() + 1;
    let mut body = bytes[9 + length..].to_vec();
    for (at, to) in turns {
        let at = at.index(body.len());
        match to {
            0..=9 => {
                body.remove(at);
            }
            10..=19 => body.insert(at, *to),
            20..=99 => body[at] ^= 1 << (to % 8),
            100..=149 => body[at] = body[at].wrapping_add(1),
            _ => body[at] = *to,
        }
    }
    chunk(&body)
}

pub(crate) fn unsigned(mut n: u64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (n & 0x7f) as u8;
        n >>= 7;
        if n == 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

pub(crate) fn signed(mut n: i64) -> Vec<u8> {
    let mut out = Vec::new();
    loop {
        let byte = (n & 0x7f) as u8;
        n >>= 7;
        if n == 0 && byte & 0x40 == 0 || n == -1 && byte & 0x40 != 0 {
            out.push(byte);
            return out;
        }
        out.push(byte | 0x80);
    }
}

/// Runs of a column: so many times this value. Once is a run of single values, as Automerge writes it.
pub(crate) fn runs(runs: &[(i64, &[u8])]) -> Vec<u8> {
    let run = |n: i64| if n == 1 { -1 } else { n };
    runs.iter().flat_map(|(n, value)| [signed(run(*n)), value.to_vec()].concat()).collect()
}

/// A delta column of so many ones.
pub(crate) fn group(n: i64) -> Vec<u8> {
    runs(&[(1, &signed(1)), (n - 1, &signed(0))])
}
