//! Operations: one row through all columns, held to what Automerge writes.

use super::GuardError;
use super::chunk::Columns;
use super::leb::Bytes;
use super::run::{Booleans, Deltas, Runs};
use snug_types::bound::OPS_PER_CHANGE;

/// The name of an operation inside a change: a counter, and the place of its actor in the change's list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpRef {
    pub(crate) counter: u64,
    pub(crate) actor: usize,
}

/// Where in its object an operation acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Key<'a> {
    /// A key of a map.
    Map(&'a str),
    /// The beginning of a list or text.
    Head,
    /// An element of a list or text.
    Element(OpRef),
}

/// What an operation does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    MakeMap,
    Set,
    MakeList,
    Delete,
    MakeText,
    Increment,
    Mark,
}

impl Action {
    /// `MakeTable` (6) is left out: Automerge reserves it, writes it for nobody and panics where one is edited.
    const fn from_number(n: u64) -> Option<Self> {
        Some(match n {
            0 => Self::MakeMap,
            1 => Self::Set,
            2 => Self::MakeList,
            3 => Self::Delete,
            4 => Self::MakeText,
            5 => Self::Increment,
            7 => Self::Mark,
            _ => return None,
        })
    }

    /// True if the operation makes an object.
    pub(crate) const fn makes(self) -> bool {
        matches!(self, Self::MakeMap | Self::MakeList | Self::MakeText)
    }
}

/// The kinds of values that matter to the rules below.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ValueKind {
    Null,
    Integer,
    Other,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Op<'a> {
    /// Its place in the change.
    pub(crate) index: usize,
    /// The object that it acts on; none for the root.
    pub(crate) object: Option<OpRef>,
    pub(crate) key: Key<'a>,
    pub(crate) insert: bool,
    pub(crate) action: Action,
    value: ValueKind,
    predecessors: usize,
    expand: bool,
    mark_name: bool,
}

impl Op<'_> {
    /// Holds the operation to what Automerge writes.
    pub(super) fn check(&self) -> Result<(), GuardError> {
        let why = if matches!(self.key, Key::Map("")) {
            "an empty key"
        } else if self.object.is_none() && !matches!(self.key, Key::Map(_)) {
            "an element of the root"
        } else if self.insert && (matches!(self.key, Key::Map(_)) || self.predecessors > 0) {
            "an insertion into a map or over something"
        } else if !self.insert && self.key == Key::Head {
            "an update of a list's beginning"
        } else {
            return self.check_action();
        };
        Err(GuardError::Op { index: self.index, why })
    }

    fn check_action(&self) -> Result<(), GuardError> {
        let mark = self.action == Action::Mark;
        let why = match self.action {
            Action::Delete | Action::Increment if self.insert || self.predecessors == 0 => {
                "a deletion or increment of nothing"
            }
            Action::Increment if self.value != ValueKind::Integer => "an increment by no number",
            Action::Delete if self.value != ValueKind::Null => "a deletion with a value",
            Action::Mark if !self.insert => "a mark that isn't inserted",
            Action::Mark if !self.mark_name && self.value != ValueKind::Null => {
                "the end of a mark with a value"
            }
            _ if !mark && (self.mark_name || self.expand) => "a mark's name without a mark",
            _ if self.action.makes() && self.value != ValueKind::Null => "an object with a value",
            _ => return Ok(()),
        };
        Err(GuardError::Op { index: self.index, why })
    }
}

/// The operations of a change, read from its columns one after the other.
#[derive(Debug, Clone)]
pub(crate) struct Ops<'a> {
    object: (Runs<'a, u64>, Runs<'a, u64>),
    key: (Runs<'a, u64>, Deltas<'a>, Runs<'a, &'a str>),
    insert: Booleans<'a>,
    action: Runs<'a, u64>,
    meta: Runs<'a, u64>,
    value: Bytes<'a>,
    group: Runs<'a, u64>,
    predecessor: (Runs<'a, u64>, Deltas<'a>),
    expand: Booleans<'a>,
    mark_name: Runs<'a, &'a str>,
    actors: usize,
    start_op: u64,
    index: usize,
    /// Predecessors that may still come, over the whole change.
    predecessors: usize,
}

impl<'a> Ops<'a> {
    pub(super) fn new(columns: &Columns<'a>, actors: usize, start_op: u64) -> Self {
        let n = OPS_PER_CHANGE;
        Self {
            object: (Runs::new(columns.get(1), n), Runs::new(columns.get(2), n)),
            key: (
                Runs::new(columns.get(17), n),
                Deltas::new(columns.get(19), n),
                Runs::new(columns.get(21), n),
            ),
            insert: Booleans::new(columns.get(52), n),
            action: Runs::new(columns.get(66), n),
            meta: Runs::new(columns.get(86), n),
            value: Bytes::new(columns.get(87)),
            group: Runs::new(columns.get(112), n),
            predecessor: (Runs::new(columns.get(113), n), Deltas::new(columns.get(115), n)),
            expand: Booleans::new(columns.get(148), n),
            mark_name: Runs::new(columns.get(165), n),
            actors,
            start_op,
            index: 0,
            predecessors: n,
        }
    }

    /// The next operation; `names` hears of every other operation that it names.
    pub(crate) fn next_op(&mut self, mut names: impl FnMut(OpRef)) -> Result<Option<Op<'a>>, GuardError> {
        if self.action.done() {
            return Ok(None);
        }
        let index = self.index;
        let odd = |why| GuardError::Op { index, why };
        let (actors, own) = (self.actors, self.start_op + index as u64);
        let mut op_ref = |counter: u64, actor: u64| match usize::try_from(actor) {
            Ok(actor) if actor < actors && counter > 0 && counter < own => {
                let found = OpRef { counter, actor };
                names(found);
                Ok(found)
            }
            _ => Err(odd("an operation that isn't there yet")),
        };

        let object = match (self.object.0.next()?, self.object.1.next()?) {
            (None, None) => None,
            (Some(actor), Some(counter)) => Some(op_ref(counter, actor)?),
            _ => return Err(odd("half an object")),
        };
        let key = match (self.key.0.next()?, self.key.1.next()?, self.key.2.next()?) {
            (None, None, Some(key)) => Key::Map(key),
            (None, Some(0), None) => Key::Head,
            (Some(actor), Some(counter), None) => {
                let counter = u64::try_from(counter).map_err(|_| GuardError::Number)?;
                Key::Element(op_ref(counter, actor)?)
            }
            _ => return Err(odd("a key that is neither a name nor an element")),
        };
        let insert = self.insert.next()?;
        let action =
            self.action.next()?.and_then(Action::from_number).ok_or_else(|| odd("an unknown action"))?;
        let meta = self.meta.next()?.ok_or_else(|| odd("no value"))?;
        let value = value(meta, &mut self.value, index)?;

        let predecessors = self.group.next()?.ok_or_else(|| odd("no count of predecessors"))?;
        let predecessors = match usize::try_from(predecessors) {
            Ok(n) if n <= self.predecessors => n,
            _ => {
                return Err(GuardError::TooMany {
                    what: "predecessors",
                    found: predecessors,
                    bound: self.predecessors,
                });
            }
        };
        self.predecessors -= predecessors;
        for _ in 0..predecessors {
            let (counter, actor) = predecessor(&mut self.predecessor, index)?;
            op_ref(counter, actor)?;
        }
        let expand = self.expand.next()?;
        let mark_name = self.mark_name.next()?.is_some();
        self.index += 1;
        Ok(Some(Op { index, object, key, insert, action, value, predecessors, expand, mark_name }))
    }

    /// Refuses columns that hold more than the operations took.
    pub(super) fn end(&self) -> Result<(), GuardError> {
        let done = self.object.0.done()
            && self.object.1.done()
            && self.key.0.done()
            && self.key.1.done()
            && self.key.2.done()
            && self.insert.done()
            && self.meta.done()
            && self.value.is_empty()
            && self.group.done()
            && self.predecessor.0.done()
            && self.predecessor.1.done()
            && self.expand.done()
            && self.mark_name.done();
        if done { Ok(()) } else { Err(GuardError::Uneven) }
    }
}

fn predecessor(columns: &mut (Runs<'_, u64>, Deltas<'_>), index: usize) -> Result<(u64, u64), GuardError> {
    match (columns.0.next()?, columns.1.next()?) {
        (Some(actor), Some(counter)) if counter > 0 => Ok((counter.unsigned_abs(), actor)),
        _ => Err(GuardError::Op { index, why: "half a predecessor" }),
    }
}

/// Reads one value: the low four bits of `meta` say its type, the rest how many bytes it has.
fn value(meta: u64, bytes: &mut Bytes<'_>, index: usize) -> Result<ValueKind, GuardError> {
    let length = usize::try_from(meta >> 4).map_err(|_| GuardError::Truncated)?;
    let raw = bytes.take(length)?;
    let mut number = Bytes::new(raw);
    let (fits, kind) = match meta & 0b1111 {
        0 => (raw.is_empty(), ValueKind::Null),
        1 | 2 => (raw.is_empty(), ValueKind::Other),
        3 => {
            number.unsigned()?;
            (number.is_empty(), ValueKind::Integer)
        }
        4 => {
            number.signed()?;
            (number.is_empty(), ValueKind::Integer)
        }
        5 => (raw.len() == 8, ValueKind::Other),
        6 => (std::str::from_utf8(raw).is_ok(), ValueKind::Other),
        7 => (true, ValueKind::Other),
        8 | 9 => {
            number.signed()?;
            (number.is_empty(), ValueKind::Other)
        }
        _ => (false, ValueKind::Other),
    };
    if fits { Ok(kind) } else { Err(GuardError::Op { index, why: "a value that isn't of its type" }) }
}
