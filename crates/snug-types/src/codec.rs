//! The canonical encoding: one value, one string of bytes.
//!
//! Whatever is hashed, signed, sealed or sent is written by [`Encode`] and read by [`Decode`]:
//!
//! - integers are big-endian and of fixed width;
//! - byte strings and text carry a `u32` length, lists a `u32` count;
//! - fixed arrays and structures are written field after field with nothing between;
//! - an enum is a `u8` tag and its fields, an option `0` or `1` and its value, a bool `0` or `1`;
//! - sets and maps are lists in strictly ascending order of their encodings' keys.
//!
//! [`from_bytes`] refuses bytes that are left over, so that decoding and encoding again gives the same bytes: hashes and
//! signatures can't be moved to another spelling of the same value. A count is never trusted: a list holds only as
//! many elements as bytes were there to read, and each list has a bound of its own.

/// Why bytes aren't a canonical encoding of what was expected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The bytes end before the value does.
    #[error("the bytes end too early")]
    Truncated,
    /// Bytes follow the value.
    #[error("{0} bytes follow the value")]
    Trailing(usize),
    /// A length or count is over its bound.
    #[error("{found} of {what}, at most {bound} are allowed")]
    TooMany {
        /// What is counted.
        what: &'static str,
        /// The count that the bytes claim.
        found: usize,
        /// The bound.
        bound: usize,
    },
    /// An unknown tag: a later version's, or damage.
    #[error("unknown {what} {tag}")]
    UnknownTag {
        /// Which enum or version.
        what: &'static str,
        /// The tag found.
        tag: u16,
    },
    /// The value could be read, but isn't in its one canonical form, or breaks a rule of its type.
    #[error("not canonical: {0}")]
    NotCanonical(&'static str),
}

/// Bytes being written.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Nothing written yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }

    /// Bytes of a length that the reader knows.
    pub fn raw(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// One byte.
    pub fn u8(&mut self, n: u8) {
        self.0.push(n);
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self, n: u16) {
        self.raw(&n.to_be_bytes());
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self, n: u32) {
        self.raw(&n.to_be_bytes());
    }

    /// Eight bytes, big-endian.
    pub fn u64(&mut self, n: u64) {
        self.raw(&n.to_be_bytes());
    }

    /// `0` or `1`.
    pub fn bool(&mut self, b: bool) {
        self.u8(u8::from(b));
    }

    /// A `u32` length and the bytes. Longer than 4 GiB can't be: everything here is bounded far below.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.raw(bytes);
    }

    /// Text as its UTF-8 bytes.
    pub fn text(&mut self, text: &str) {
        self.bytes(text.as_bytes());
    }

    /// A `u32` count and the elements.
    pub fn list<'a, T: Encode + 'a>(
        &mut self,
        items: impl IntoIterator<Item = &'a T, IntoIter: ExactSizeIterator>,
    ) {
        let items = items.into_iter();
        self.u32(u32::try_from(items.len()).unwrap_or(u32::MAX));
        for item in items {
            item.encode(self);
        }
    }

    /// `0`, or `1` and the value.
    pub fn option<T: Encode>(&mut self, value: Option<&T>) {
        self.bool(value.is_some());
        if let Some(value) = value {
            value.encode(self);
        }
    }
}

/// Bytes being read.
#[derive(Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads these bytes from their beginning.
    pub const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// How many bytes are left.
    pub const fn remaining(&self) -> usize {
        self.0.len()
    }

    /// The next `n` bytes.
    pub fn raw(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(DecodeError::Truncated)?;
        self.0 = tail;
        Ok(head)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(DecodeError::Truncated)?;
        self.0 = tail;
        Ok(*head)
    }

    /// One byte.
    pub fn u8(&mut self) -> Result<u8, DecodeError> {
        self.array::<1>().map(|[n]| n)
    }

    /// Two bytes, big-endian.
    pub fn u16(&mut self) -> Result<u16, DecodeError> {
        self.array().map(u16::from_be_bytes)
    }

    /// Four bytes, big-endian.
    pub fn u32(&mut self) -> Result<u32, DecodeError> {
        self.array().map(u32::from_be_bytes)
    }

    /// Eight bytes, big-endian.
    pub fn u64(&mut self) -> Result<u64, DecodeError> {
        self.array().map(u64::from_be_bytes)
    }

    /// `0` or `1`; anything else isn't canonical.
    pub fn bool(&mut self) -> Result<bool, DecodeError> {
        match self.u8()? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::NotCanonical("a bool that is neither 0 nor 1")),
        }
    }

    /// A length of at most `bound`, and so many bytes.
    pub fn bytes(&mut self, what: &'static str, bound: usize) -> Result<&'a [u8], DecodeError> {
        let found = self.count(what, bound)?;
        self.raw(found)
    }

    /// Text of at most `bound` bytes.
    pub fn text(&mut self, what: &'static str, bound: usize) -> Result<&'a str, DecodeError> {
        std::str::from_utf8(self.bytes(what, bound)?)
            .map_err(|_| DecodeError::NotCanonical("text that isn't UTF-8"))
    }

    /// A count of at most `bound`.
    pub fn count(&mut self, what: &'static str, bound: usize) -> Result<usize, DecodeError> {
        let found = usize::try_from(self.u32()?).unwrap_or(usize::MAX);
        if found > bound {
            return Err(DecodeError::TooMany { what, found, bound });
        }
        Ok(found)
    }

    /// At most `bound` elements.
    pub fn list<T: Decode>(&mut self, what: &'static str, bound: usize) -> Result<Vec<T>, DecodeError> {
        let count = self.count(what, bound)?;
        // No capacity is taken on the word of a count.
        let mut items = Vec::new();
        for _ in 0..count {
            items.push(T::decode(self)?);
        }
        Ok(items)
    }

    /// At most `bound` elements in strictly ascending order: how sets are written.
    pub fn set<T: Decode + Ord>(&mut self, what: &'static str, bound: usize) -> Result<Vec<T>, DecodeError> {
        let items = self.list::<T>(what, bound)?;
        if items.is_sorted_by(|a, b| a < b) {
            Ok(items)
        } else {
            Err(DecodeError::NotCanonical("a set out of order"))
        }
    }

    /// `0`, or `1` and a value.
    pub fn option<T: Decode>(&mut self) -> Result<Option<T>, DecodeError> {
        if self.bool()? { T::decode(self).map(Some) } else { Ok(None) }
    }

    /// Refuses bytes that are left over.
    pub fn end(self) -> Result<(), DecodeError> {
        if self.0.is_empty() { Ok(()) } else { Err(DecodeError::Trailing(self.0.len())) }
    }
}

/// A value with one canonical encoding.
pub trait Encode {
    /// Writes it.
    fn encode(&self, w: &mut Writer);
}

/// A value that can be read from its canonical encoding.
pub trait Decode: Sized {
    /// Reads it and leaves the reader behind it.
    fn decode(r: &mut Reader<'_>) -> Result<Self, DecodeError>;
}

/// The canonical encoding of a value.
pub fn to_bytes<T: Encode + ?Sized>(value: &T) -> Vec<u8> {
    let mut w = Writer::new();
    value.encode(&mut w);
    w.finish()
}

/// The value that these bytes, all of them, encode.
pub fn from_bytes<T: Decode>(bytes: &[u8]) -> Result<T, DecodeError> {
    let mut r = Reader::new(bytes);
    let value = T::decode(&mut r)?;
    r.end()?;
    Ok(value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Seq;

    #[test]
    fn a_claimed_count_takes_no_memory() {
        let mut w = Writer::new();
        w.u32(1_000_000);
        let bytes = w.finish();
        assert_eq!(Reader::new(&bytes).list::<Seq>("seqs", usize::MAX), Err(DecodeError::Truncated));
    }

    #[test]
    fn sets_have_one_spelling() {
        for (items, ok) in [(vec![1, 2, 3], true), (vec![1, 1], false), (vec![2, 1], false), (vec![], true)] {
            let mut w = Writer::new();
            w.list(&items.iter().copied().map(Seq).collect::<Vec<_>>());
            let bytes = w.finish();
            assert_eq!(Reader::new(&bytes).set::<Seq>("seqs", 10).is_ok(), ok, "{items:?}");
        }
    }

    #[test]
    fn leftovers_and_loose_bools_are_refused() {
        assert_eq!(from_bytes::<Seq>(&[0; 9]), Err(DecodeError::Trailing(1)));
        assert_eq!(from_bytes::<Seq>(&[0; 7]), Err(DecodeError::Truncated));
        assert!(Reader::new(&[2]).bool().is_err());
        assert!(Reader::new(&[0, 0, 0, 5, 1]).bytes("bytes", 4).is_err());
    }
}
