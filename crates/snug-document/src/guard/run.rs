//! Runs: how a column spells its values.
//!
//! A run-length column is a list of runs, each begun by a signed number: `n > 0` repeats the one value that follows `n`
//! times, `n < 0` is followed by `-n` single values, `0` by the length of a run of nulls. A boolean column is a list of
//! lengths that alternate between false and true. A count costs its sender a few bytes and its reader as much as it
//! says, so every cursor here carries how many values are still allowed and refuses a run that is longer.

use super::GuardError;
use super::leb::Bytes;

/// What a run-length column holds.
pub(super) trait Value<'a>: Copy {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, GuardError>;
}

impl Value<'_> for u64 {
    fn read(bytes: &mut Bytes<'_>) -> Result<Self, GuardError> {
        bytes.unsigned()
    }
}

impl Value<'_> for i64 {
    fn read(bytes: &mut Bytes<'_>) -> Result<Self, GuardError> {
        bytes.signed()
    }
}

impl<'a> Value<'a> for &'a str {
    fn read(bytes: &mut Bytes<'a>) -> Result<Self, GuardError> {
        let length = usize::try_from(bytes.unsigned()?).map_err(|_| GuardError::Truncated)?;
        std::str::from_utf8(bytes.take(length)?).map_err(|_| GuardError::Text)
    }
}

#[derive(Debug, Clone, Copy)]
enum Run<T> {
    Repeat(T),
    Single,
    Null,
}

/// A run-length column being read.
#[derive(Debug, Clone)]
pub(super) struct Runs<'a, T> {
    bytes: Bytes<'a>,
    run: Run<T>,
    left: usize,
    /// Values that may still come, over all runs.
    allowed: usize,
    absent: bool,
}

impl<'a, T: Value<'a>> Runs<'a, T> {
    /// A column of at most `allowed` values. One without bytes is all null.
    pub(super) const fn new(column: &'a [u8], allowed: usize) -> Self {
        Self { bytes: Bytes::new(column), run: Run::Null, left: 0, allowed, absent: column.is_empty() }
    }

    /// True once every value was read.
    pub(super) const fn done(&self) -> bool {
        self.left == 0 && self.bytes.is_empty()
    }

    /// The next value; none where the column says null or isn't there.
    pub(super) fn next(&mut self) -> Result<Option<T>, GuardError> {
        if self.absent {
            return Ok(None);
        }
        if self.left == 0 {
            self.begin()?;
        }
        self.left -= 1;
        match self.run {
            Run::Repeat(value) => Ok(Some(value)),
            Run::Single => T::read(&mut self.bytes).map(Some),
            Run::Null => Ok(None),
        }
    }

    fn begin(&mut self) -> Result<(), GuardError> {
        let count = self.bytes.signed()?;
        let length = if count == 0 { self.bytes.unsigned()? } else { count.unsigned_abs() };
        match usize::try_from(length) {
            // An empty run of nulls would be read for ever where runs are skipped until a value comes.
            Ok(0) => return Err(GuardError::EmptyRun),
            Ok(length) if length <= self.allowed => {
                self.allowed -= length;
                self.left = length;
            }
            _ => {
                return Err(GuardError::TooMany {
                    what: "values in a column",
                    found: length,
                    bound: self.allowed,
                });
            }
        }
        self.run = match count {
            0 => Run::Null,
            1.. => Run::Repeat(T::read(&mut self.bytes)?),
            _ => Run::Single,
        };
        Ok(())
    }
}

/// A column of differences being read as the values they add up to.
#[derive(Debug, Clone)]
pub(super) struct Deltas<'a> {
    runs: Runs<'a, i64>,
    last: i64,
}

impl<'a> Deltas<'a> {
    pub(super) const fn new(column: &'a [u8], allowed: usize) -> Self {
        Self { runs: Runs::new(column, allowed), last: 0 }
    }

    pub(super) const fn done(&self) -> bool {
        self.runs.done()
    }

    pub(super) fn next(&mut self) -> Result<Option<i64>, GuardError> {
        let Some(delta) = self.runs.next()? else { return Ok(None) };
        // Automerge saturates here; a sum that needs it names no operation.
        self.last = self.last.checked_add(delta).ok_or(GuardError::Number)?;
        Ok(Some(self.last))
    }
}

/// A boolean column being read.
#[derive(Debug, Clone)]
pub(super) struct Booleans<'a> {
    bytes: Bytes<'a>,
    value: bool,
    left: usize,
    allowed: usize,
    absent: bool,
    first: bool,
}

impl<'a> Booleans<'a> {
    /// A column of at most `allowed` values. One without bytes is all false.
    pub(super) const fn new(column: &'a [u8], allowed: usize) -> Self {
        Self {
            bytes: Bytes::new(column),
            value: true,
            left: 0,
            allowed,
            absent: column.is_empty(),
            first: true,
        }
    }

    pub(super) const fn done(&self) -> bool {
        self.left == 0 && self.bytes.is_empty()
    }

    pub(super) fn next(&mut self) -> Result<bool, GuardError> {
        if self.absent {
            return Ok(false);
        }
        while self.left == 0 {
            self.left = self.bytes.count("values in a column", self.allowed)?;
            self.allowed -= self.left;
            self.value = !self.value;
            // Only the first run, of false, may be empty: the column begins with true.
            if self.left == 0 && !self.first {
                return Err(GuardError::EmptyRun);
            }
            self.first = false;
        }
        self.left -= 1;
        Ok(self.value)
    }
}
