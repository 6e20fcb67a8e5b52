//! Reading bytes and LEB128 numbers, strictly: the shortest spelling or none, as Automerge itself demands.

use super::GuardError;

/// Bytes being read from their beginning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) const fn rest(&self) -> &'a [u8] {
        self.0
    }

    pub(super) fn byte(&mut self) -> Result<u8, GuardError> {
        let (first, rest) = self.0.split_first().ok_or(GuardError::Truncated)?;
        self.0 = rest;
        Ok(*first)
    }

    pub(super) fn take(&mut self, n: usize) -> Result<&'a [u8], GuardError> {
        let (head, tail) = self.0.split_at_checked(n).ok_or(GuardError::Truncated)?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn array<const N: usize>(&mut self) -> Result<[u8; N], GuardError> {
        let (head, tail) = self.0.split_first_chunk::<N>().ok_or(GuardError::Truncated)?;
        self.0 = tail;
        Ok(*head)
    }

    /// An unsigned LEB128 number of at most 64 bits.
    pub(super) fn unsigned(&mut self) -> Result<u64, GuardError> {
        let mut value = 0_u64;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            let bits = u64::from(byte & 0x7f);
            if shift == 63 && bits > 1 || shift > 63 {
                return Err(GuardError::Number);
            }
            value |= bits << shift;
            if byte & 0x80 == 0 {
                if byte == 0 && shift > 0 {
                    return Err(GuardError::Number);
                }
                break;
            }
        }
        Ok(value)
    }

    /// A signed LEB128 number of at most 64 bits.
    pub(super) fn signed(&mut self) -> Result<i64, GuardError> {
        let mut value = 0_i64;
        let mut before = 0_u8;
        for shift in (0..).step_by(7) {
            let byte = self.byte()?;
            if shift > 63 || shift == 63 && byte != 0 && byte != 0x7f {
                return Err(GuardError::Number);
            }
            value |= i64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                let negative = byte & 0x40 != 0;
                let repeats_the_sign = byte == 0 && before & 0x40 == 0 || byte == 0x7f && before & 0x40 != 0;
                if shift > 0 && repeats_the_sign {
                    return Err(GuardError::Number);
                }
                if negative && shift < 57 {
                    value |= -1 << (shift + 7);
                }
                break;
            }
            before = byte;
        }
        Ok(value)
    }

    /// An unsigned number of at most `bound`.
    pub(super) fn count(&mut self, what: &'static str, bound: usize) -> Result<usize, GuardError> {
        let found = self.unsigned()?;
        match usize::try_from(found) {
            Ok(count) if count <= bound => Ok(count),
            _ => Err(GuardError::TooMany { what, found, bound }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unsigned(bytes: &[u8]) -> Result<u64, GuardError> {
        Bytes::new(bytes).unsigned()
    }

    fn signed(bytes: &[u8]) -> Result<i64, GuardError> {
        Bytes::new(bytes).signed()
    }

    #[test]
    fn numbers_have_one_spelling() {
        assert_eq!(unsigned(&[0]), Ok(0));
        assert_eq!(unsigned(&[0x80, 1]), Ok(128));
        assert_eq!(unsigned(&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1]), Ok(u64::MAX));
        for bad in [&[0x80, 0][..], &[0xff; 12], &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 2]] {
            assert_eq!(unsigned(bad), Err(GuardError::Number), "{bad:?}");
        }
        assert_eq!(unsigned(&[0x80]), Err(GuardError::Truncated));
    }

    #[test]
    fn signed_numbers_have_one_spelling() {
        for (bytes, value) in [
            (&[0][..], 0),
            (&[0x7f], -1),
            (&[0x3f], 63),
            (&[0x40], -64),
            (&[0x80, 1], 128),
            (&[0x80, 0x40], -8192),
            (&[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0], i64::MAX),
            (&[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7f], i64::MIN),
        ] {
            assert_eq!(signed(bytes), Ok(value), "{bytes:?}");
        }
        for bad in [
            &[0xbf, 0][..],
            &[0x81, 0xff, 0x7f],
            &[0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 1],
            &[0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x7e],
        ] {
            assert_eq!(signed(bad), Err(GuardError::Number), "{bad:?}");
        }
    }
}
