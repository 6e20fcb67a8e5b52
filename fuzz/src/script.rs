//! An input read as decisions, and written as such: the harness's side of a fuzzed conversation.

/// Decisions being read. When they run out, every further one is zero and every text empty.
pub struct Choices<'a>(&'a [u8]);

impl<'a> Choices<'a> {
    /// Reads these bytes as decisions.
    pub fn new(data: &'a [u8]) -> Self {
        Self(data)
    }

    /// True while there is something left to decide by.
    pub fn more(&self) -> bool {
        !self.0.is_empty()
    }

    /// One byte.
    pub fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else { return 0 };
        self.0 = rest;
        *first
    }

    /// One bit.
    pub fn flag(&mut self) -> bool {
        self.byte() & 1 == 1
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        usize::from(self.byte()) % n.max(1)
    }

    /// One of these; none if there are none.
    pub fn one_of<T: Copy>(&mut self, items: &[T]) -> Option<T> {
        let n = self.below(items.len());
        items.get(n).copied()
    }

    /// Two bytes' length, and at most so many bytes.
    pub fn chunk(&mut self) -> &'a [u8] {
        let length = usize::from(u16::from_be_bytes([self.byte(), self.byte()]));
        let (chunk, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        chunk
    }

    /// Alters some of these bytes: places and what they are changed by, and once in a while the length.
    pub fn edit(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..self.below(8) {
            let (place, change) = (usize::from(u16::from_be_bytes([self.byte(), self.byte()])), self.byte());
            match bytes.get_mut(place) {
                Some(byte) => *byte ^= change,
                None if change & 1 == 0 => bytes.push(change),
                None => bytes.truncate(place & 0xff),
            }
        }
    }

    /// All that is left.
    pub fn rest(&mut self) -> &'a [u8] {
        std::mem::take(&mut self.0)
    }
}

/// Decisions being written, for seeds.
#[derive(Default)]
pub struct Script(Vec<u8>);

impl Script {
    /// No decision yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What [`Choices::byte`] will give, several times.
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// What [`Choices::chunk`] will give; longer ones than its length can say are cut.
    pub fn chunk(self, chunk: &[u8]) -> Self {
        let length = u16::try_from(chunk.len()).unwrap_or(u16::MAX);
        self.bytes(&length.to_be_bytes()).bytes(&chunk[..usize::from(length)])
    }

    /// The input.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}
