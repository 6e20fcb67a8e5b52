//! Automerge changes of another member, with everything right about them that a checksum can say.
//!
//! The input holds bodies of changes. Each is given its header, so that the fuzzer gets past the checksum, and its
//! dependencies are links: thirty-two bytes that are all `n` stand for the hash of the `n`th change of the input.

use crate::cast::NOW;
use crate::script::{Choices, Script};
use sha2::{Digest, Sha256};
use snug_document::guard::{GuardError, check_change};
use snug_document::markdown::parse;
use snug_document::plan::Plan;
use snug_document::{Edit, LiveDocument, ZonedTime, export, note, page, plan};
use snug_types::{ActorId, DocumentId, Name, Title};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHANGE: u8 = 1;
const HASH_BYTES: usize = 32;
/// Changes of one input.
const MOST: usize = 16;
/// Who reads.
const ME: ActorId = ActorId([99; 16]);

/// One change of one input.
struct Change {
    from: ActorId,
    bytes: Vec<u8>,
}

/// Whatever passes the guard is held or put aside the same way in any order of actors; every document has a reading, and
/// what can be loaded after saving is the same.
pub fn run(data: &[u8]) {
    let changes = changes(data);
    let mut document = LiveDocument::new(ME);
    for change in &changes {
        document.apply(&[&change.bytes], change.from);
    }
    read(&document);

    // Actor after actor, each in its own order: all at once, and the last first.
    let mut actors: Vec<_> = changes.iter().map(|change| change.from).collect();
    actors.sort_unstable();
    actors.dedup();
    for backwards in [false, true] {
        let mut other = LiveDocument::new(ME);
        if backwards {
            actors.reverse();
        }
        for actor in &actors {
            let log: Vec<_> = changes.iter().filter(|c| c.from == *actor).map(|c| &c.bytes[..]).collect();
            other.apply(&log, *actor);
        }
        same(&document, &other);
    }
    let saved = document.save().expect("a document can be saved");
    // Automerge takes a mark that ends before it begins, and refuses it when loading. Entries rebuild such a document.
    if let Ok(loaded) = LiveDocument::load(ME, &saved) {
        same(&document, &loaded);
    }
}

fn same(one: &LiveDocument, other: &LiveDocument) {
    assert_eq!(one.heads(), other.heads());
    assert_eq!(note::view(one), note::view(other));
    assert_eq!(plan::view(one), plan::view(other));
    assert_eq!(page::member(one), page::member(other));
}

/// Reads a document as everything that it could be.
fn read(document: &LiveDocument) {
    let note = note::view(document);
    export::note_file(&note);
    let plan = plan::view(document);
    let calendar = export::calendar_file(DocumentId([1; 16]), &plan, NOW);
    for line in calendar.split("\r\n") {
        assert!(!line.contains(['\r', '\n']) && line.len() <= 75, "{line:?}");
    }
    page::circle(document);
    page::member(document);
}

fn changes(data: &[u8]) -> Vec<Change> {
    let mut choices = Choices::new(data);
    let mut changes = Vec::new();
    let mut hashes = Vec::new();
    while choices.more() && changes.len() < MOST {
        let mut body = choices.chunk().to_vec();
        link(&mut body, &hashes);
        let (hash, bytes) = framed(&body);
        hashes.push(hash);
        let read = check_change(&bytes);
        assert!(!matches!(read, Err(GuardError::Checksum | GuardError::Magic | GuardError::ChunkType(_))));
        if let Ok(read) = &read {
            assert_eq!(read.hash.0, hash);
        }
        let from = read.map_or(ActorId([1; 16]), |change| change.actor);
        changes.push(Change { from, bytes });
    }
    changes
}

/// Puts the header before a change's body, and says its hash.
fn framed(body: &[u8]) -> ([u8; HASH_BYTES], Vec<u8>) {
    let mut hashed = vec![CHANGE];
    let mut length = body.len();
    while length >= 0x80 {
        hashed.push(u8::try_from(length & 0x7f).unwrap_or(0) | 0x80);
        length >>= 7;
    }
    hashed.push(u8::try_from(length).unwrap_or(0));
    hashed.extend_from_slice(body);
    let hash: [u8; HASH_BYTES] = Sha256::digest(&hashed).into();
    (hash, [&MAGIC, &hash[..4], &hashed].concat())
}

/// Puts hashes where links stand.
fn link(body: &mut [u8], hashes: &[[u8; HASH_BYTES]]) {
    let Some((count, rest)) = body.split_first_mut() else { return };
    let (all, _) = rest.as_chunks_mut::<HASH_BYTES>();
    let Some(dependencies) = all.get_mut(..usize::from(*count)) else { return };
    for dependency in dependencies.iter_mut() {
        if let Some(hash) = hashes.get(usize::from(dependency[0]))
            && dependency.iter().all(|byte| *byte == dependency[0])
        {
            *dependency = *hash;
        }
    }
    dependencies.sort_unstable();
}

/// A change's body with links for its dependencies.
fn unframed(chunk: &[u8], hashes: &[[u8; HASH_BYTES]]) -> Vec<u8> {
    let mut body = &chunk[MAGIC.len() + 4 + 1..];
    while let Some((byte, rest)) = body.split_first() {
        body = rest;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let mut body = body.to_vec();
    let count = usize::from(body[0]);
    for dependency in body[1..].as_chunks_mut::<HASH_BYTES>().0.iter_mut().take(count) {
        if let Some(n) = hashes.iter().position(|hash| hash == dependency) {
            *dependency = [u8::try_from(n).unwrap_or(u8::MAX); HASH_BYTES];
        }
    }
    body
}

/// Two members at work on one document, in the order in which they made their changes.
struct Desk {
    script: Script,
    hashes: Vec<[u8; HASH_BYTES]>,
    copies: [LiveDocument; 2],
}

impl Desk {
    fn new() -> Self {
        Self {
            script: Script::new(),
            hashes: Vec::new(),
            copies: [1, 2].map(|actor| LiveDocument::new(ActorId([actor; 16]))),
        }
    }

    /// Keeps an edit, and tells the other member of it if they are in touch.
    fn edit(&mut self, who: usize, told: bool, edit: impl FnOnce(&mut LiveDocument) -> Option<Edit>) {
        let Some(edit) = edit(&mut self.copies[who]) else { return };
        for change in &edit.changes {
            let body = unframed(change, &self.hashes);
            self.script = std::mem::take(&mut self.script).chunk(&body);
        }
        self.hashes.push(edit.newest.0);
        if told {
            let from = self.copies[who].actor();
            let changes: Vec<_> = edit.changes.iter().map(Vec::as_slice).collect();
            self.copies[1 - who].apply(&changes, from);
        }
    }
}

/// A note that two wrote at once, a plan, and pages.
pub fn seeds() -> Vec<Vec<u8>> {
    let title = |text: &str| Title::new(text).expect("a title");
    let body = |text: &str| parse(text).expect("short");
    let mut written = Desk::new();
    let (first, made) =
        note::create(ActorId([1; 16]), NOW, &title("Sunday"), &body("# A\n\n- *b*\n- c\n")).expect("a note");
    written.copies[0] = first;
    written.edit(0, true, |_| Some(made));
    written.edit(1, false, |doc| note::append(doc, NOW, "bread 🍞").expect("a note"));
    written.edit(0, true, |doc| {
        note::set_body(doc, NOW, &body("# A [l](https://a.b)\n\n1. **b**\n")).expect("a note")
    });
    written.edit(1, true, |doc| note::set_title(doc, NOW, &title("Monday")).expect("a note"));
    written.edit(0, true, |doc| note::put_away(doc, NOW, true).expect("a note"));

    let mut planned = Desk::new();
    let at = ZonedTime::new("2026-12-01T18:00", "Europe/Budapest").expect("a time");
    let new = Plan { title: title("Tea"), place: Some(title("Kitchen")), at: Some(at) };
    let (first, made) = plan::create(ActorId([1; 16]), NOW, &new).expect("a plan");
    planned.copies[0] = first;
    planned.edit(0, true, |_| Some(made));
    planned.edit(1, false, |doc| {
        plan::change(doc, NOW, &plan::Change { place: Some(None), ..plan::Change::default() })
            .expect("a plan")
    });
    planned.edit(0, true, |doc| {
        plan::change(doc, NOW, &plan::Change { title: Some(title("Coffee")), ..plan::Change::default() })
            .expect("a plan")
    });

    let mut told = Desk::new();
    told.edit(0, false, |doc| page::set_name(doc, NOW, &Name::new("Anna").expect("a name")).expect("a page"));
    told.edit(1, true, |doc| {
        page::answer(doc, NOW, DocumentId([4; 16]), Some(page::Answer::IfNeedBe)).expect("a page")
    });
    told.edit(0, true, |doc| {
        page::answer(doc, NOW, DocumentId([4; 16]), Some(page::Answer::Yes)).expect("a page")
    });
    [written, planned, told].map(|desk| desk.script.finish()).to_vec()
}
