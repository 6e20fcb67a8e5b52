//! Notes: edits meet and both survive; whatever a document holds can be shown.
#![allow(clippy::unwrap_used, clippy::expect_used)] // Helpers of tests are tests.

use proptest::prelude::*;
use snug_document::markdown::{parse, write};
use snug_document::{Blocks, EditError, LiveDocument, note};
use snug_types::{ActorId, Title, UnixMillis};

const NOW: UnixMillis = UnixMillis(1_790_000_000_000);

fn actor(n: u8) -> ActorId {
    ActorId([n; 16])
}

fn title(text: &str) -> Title {
    Title::new(text).unwrap()
}

fn blocks(markdown: &str) -> Blocks {
    parse(markdown).unwrap()
}

/// A note of `markdown` on two laptops.
fn two(markdown: &str) -> (LiveDocument, LiveDocument) {
    let (a, edit) = note::create(actor(1), NOW, &title("Note"), &blocks(markdown)).unwrap();
    let mut b = LiveDocument::new(actor(2));
    deliver(&mut b, &edit.changes, actor(1));
    (a, b)
}

fn deliver(to: &mut LiveDocument, changes: &[Vec<u8>], from: ActorId) {
    let changes: Vec<&[u8]> = changes.iter().map(Vec::as_slice).collect();
    let applied = to.apply(&changes, from);
    assert_eq!((applied.quarantined.as_slice(), applied.waiting), (&[][..], 0));
}

fn shown(document: &LiveDocument) -> String {
    write(&note::view(document).body)
}

/// Both edit apart, then meet.
fn meet(before: &str, a_wants: &str, b_wants: &str) -> String {
    let (mut a, mut b) = two(before);
    let from_a = note::set_body(&mut a, NOW, &blocks(a_wants)).unwrap();
    let from_b = note::set_body(&mut b, NOW, &blocks(b_wants)).unwrap();
    assert_eq!(shown(&a), a_wants);
    assert_eq!(shown(&b), b_wants);
    deliver(&mut b, &from_a.map(|e| e.changes).unwrap_or_default(), actor(1));
    deliver(&mut a, &from_b.map(|e| e.changes).unwrap_or_default(), actor(2));
    assert_eq!(a.heads(), b.heads());
    assert_eq!(note::view(&a), note::view(&b));
    shown(&a)
}

#[test]
fn edits_of_different_paragraphs_both_survive() {
    assert_eq!(meet("one\n\ntwo\n", "one!\n\ntwo\n", "one\n\nand two\n"), "one!\n\nand two\n");
    assert_eq!(
        meet("one\n\ntwo\n", "zero\n\none\n\ntwo\n", "one\n\ntwo\n\nthree\n"),
        "zero\n\none\n\ntwo\n\nthree\n"
    );
    assert_eq!(
        meet("one\n\ntwo\n\nthree\n", "one\n\nthree\n", "one\n\ntwo\n\nthree four\n"),
        "one\n\nthree four\n"
    );
}

#[test]
fn edits_of_one_paragraph_both_survive() {
    let met =
        meet("the cat sat on the mat\n", "the black cat sat on the mat\n", "the cat sat on the red mat\n");
    assert_eq!(met, "the black cat sat on the red mat\n");
    assert_eq!(meet("colour of tea\n", "color of tea\n", "colour of mint tea\n"), "color of mint tea\n");
}

#[test]
fn structure_and_text_both_survive() {
    // A heading made of what another types in; a paragraph cut in two beside an edit; an item moved in beside one.
    assert_eq!(meet("one\n\ntwo\n", "# one\n\ntwo\n", "one more\n\ntwo\n"), "# one more\n\ntwo\n");
    assert_eq!(meet("one two\n", "one\n\ntwo\n", "one two three\n"), "one\n\ntwo three\n");
    assert_eq!(meet("- a\n- b\n", "- a\n  - b\n", "- a\n- b c\n"), "- a\n  - b c\n");
    assert_eq!(meet("one\n\ntwo\n", "one two\n", "one\n\ntwo three\n"), "one two three\n");
}

#[test]
fn marks_and_text_both_survive() {
    assert_eq!(
        meet("one two three\n", "one **two** three\n", "one two three four\n"),
        "one **two** three four\n"
    );
    assert_eq!(meet("one two\n", "**one** two\n", "one *two*\n"), "**one** *two*\n");
    assert_eq!(meet("**one two**\n", "one two\n", "**one two** three\n"), "one two three\n");
    let link = "see [here](https://a.b/c)\n";
    assert_eq!(
        meet(link, "see [there](https://a.b/c)\n", "see [here](https://a.b/c) or not\n"),
        "see [there](https://a.b/c) or not\n"
    );
}

#[test]
fn an_edit_that_changes_nothing_is_none() {
    let text = "# a\n\n- b **c** `d`\n\n> e\n\n1. f\n";
    let (mut a, _) = two(text);
    assert_eq!(note::set_body(&mut a, NOW, &blocks(text)), Ok(None));
    assert_eq!(note::set_title(&mut a, NOW, &title("Note")), Ok(None));
    assert_eq!(note::put_away(&mut a, NOW, false), Ok(None));
    assert_eq!(note::append(&mut a, NOW, ""), Ok(None));
}

#[test]
fn an_edit_is_as_small_as_what_changed() {
    let paragraph = "Lorem ipsum dolor sit amet, consectetur adipiscing elit, sed do eiusmod. ".repeat(3);
    let text = format!("{paragraph}\n\n").repeat(20);
    let (mut a, _) = two(&text);
    let edit = note::set_body(&mut a, NOW, &blocks(&text.replacen("dolor", "color", 1))).unwrap().unwrap();
    assert!(edit.changes[0].len() < 200, "{}", edit.changes[0].len());
}

#[test]
fn appended_text_has_no_meaning_and_a_paragraph_of_its_own() {
    let (mut a, mut b) = two("**bold**\n");
    let from_a = note::append(&mut a, NOW, "# not *a* heading\nsecond `line`").unwrap().unwrap();
    let from_b = note::append(&mut b, NOW, "1. no item").unwrap().unwrap();
    deliver(&mut b, &from_a.changes, actor(1));
    deliver(&mut a, &from_b.changes, actor(2));
    assert_eq!(shown(&a), shown(&b));
    for part in ["**bold**\n", "\n\\# not \\*a\\* heading\n\nsecond \\`line\\`\n", "\n1\\. no item\n"] {
        assert!(shown(&a).contains(part), "{}", shown(&a));
    }
    assert_eq!(note::append(&mut a, NOW, &"x".repeat(2 << 20)), Err(EditError::TooLarge));
}

#[test]
fn titles_and_putting_away() {
    let (mut a, mut b) = two("");
    let edit = note::set_title(&mut a, NOW, &title("Other")).unwrap().unwrap();
    deliver(&mut b, &edit.changes, actor(1));
    let edit = note::put_away(&mut b, NOW, true).unwrap().unwrap();
    deliver(&mut a, &edit.changes, actor(2));
    let view = note::view(&a);
    assert_eq!((view.title.as_str(), view.away, view.body.is_empty()), ("Other", true, true));
    let edit = note::put_away(&mut a, NOW, false).unwrap().unwrap();
    deliver(&mut b, &edit.changes, actor(1));
    assert!(!note::view(&b).away);
}

#[test]
fn what_has_not_arrived_cannot_be_edited() {
    let mut empty = LiveDocument::new(actor(3));
    assert_eq!(note::set_body(&mut empty, NOW, &blocks("x")), Err(EditError::NotHere));
    assert_eq!(note::set_title(&mut empty, NOW, &title("x")), Err(EditError::NotHere));
    assert_eq!(note::append(&mut empty, NOW, "x"), Err(EditError::NotHere));
    assert!(empty.is_empty());
    assert_eq!(note::view(&empty).title.as_str(), note::UNTITLED);
}

#[test]
fn what_outgrows_an_entry_is_refused_and_leaves_the_note() {
    let (mut a, _) = two("one\n");
    let heads = a.heads();
    let many = "- \n".repeat(40_000);
    assert_eq!(note::set_body(&mut a, NOW, &blocks(&many)), Err(EditError::TooLarge));
    assert_eq!((a.heads(), shown(&a)), (heads, "one\n".to_owned()));
    assert!(note::append(&mut a, NOW, "still there").unwrap().is_some());
}

#[test]
fn a_whole_book_fits() {
    let book: Vec<_> =
        (0..1500).map(|n| format!("Paragraph {n} of a long text, with some words in it.")).collect();
    let book = book.join(
        "

",
    );
    let (mut a, _) = two("");
    note::set_body(&mut a, NOW, &blocks(&book)).unwrap().unwrap();
    assert_eq!(note::view(&a).body, blocks(&book));
    note::set_body(&mut a, NOW, &blocks("gone")).unwrap().unwrap();
    assert_eq!(shown(&a), "gone\n");
}

/// All of the largest body goes, and another as large comes: two changes of one edit.
#[test]
fn one_largest_body_becomes_another() {
    let page = |word: &str| word.repeat((512 << 10) / word.len());
    let (mut a, mut b) = two(&page("one two "));
    let wanted = blocks(&page("three fo"));
    let edit = note::set_body(&mut a, NOW, &wanted).unwrap().unwrap();
    assert_eq!((edit.changes.len(), note::view(&a).body), (2, wanted));
    deliver(&mut b, &edit.changes, actor(1));
    assert_eq!((a.heads(), Some(&edit.newest)), (b.heads(), a.heads().first()));
}

/// Markdown that fills every kind of block and mark.
fn page() -> impl Strategy<Value = String> {
    let line = prop::sample::select(vec![
        "one two three",
        "**one** two",
        "one *two* three",
        "***one*** two *three*",
        "[one](https://a.b) two",
        "`one` two",
        "",
        "two",
        "three two one",
        "é 👩‍👩‍👧 字",
        "# one",
        "## two three",
        "- one",
        "  - two",
        "1. one",
        "7. two",
        "> one",
        "```\none\n```",
        "* other",
    ]);
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n\n"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// From any body to any other, and the change passes to others and through a snapshot.
    #[test]
    fn any_body_becomes_any_other(pages in prop::collection::vec(page(), 2..5)) {
        let (mut a, mut b) = two(&pages[0]);
        for page in &pages[1..] {
            let wanted = blocks(page);
            let edit = note::set_body(&mut a, NOW, &wanted).unwrap();
            prop_assert_eq!(&note::view(&a).body, &wanted);
            deliver(&mut b, &edit.map(|e| e.changes).unwrap_or_default(), actor(1));
            prop_assert_eq!(&note::view(&b).body, &wanted);
        }
        let loaded = LiveDocument::load(actor(9), &a.save().unwrap()).unwrap();
        prop_assert_eq!(note::view(&loaded), note::view(&a));
    }

    /// Three laptops edit apart and meet in any order: one document, and it can be edited on.
    #[test]
    fn everybody_meets_in_one_document(
        before in page(),
        wants in prop::collection::vec((0_usize..3, page()), 1..8),
        order in prop::sample::subsequence((0..8).collect::<Vec<_>>(), 8).prop_shuffle(),
    ) {
        let (first, edit) = note::create(actor(1), NOW, &title("Note"), &blocks(&before)).unwrap();
        let mut laptops = [first, LiveDocument::new(actor(2)), LiveDocument::new(actor(3))];
        for laptop in &mut laptops[1..] {
            deliver(laptop, &edit.changes, actor(1));
        }
        let mut edits = Vec::new();
        for (who, wanted) in &wants {
            if let Some(edit) = note::set_body(&mut laptops[*who], NOW, &blocks(wanted)).unwrap() {
                edits.push(([1, 2, 3].map(actor)[*who], edit.changes));
            }
        }
        // In each laptop's own order of the actors, one actor's edits in theirs.
        for (n, laptop) in laptops.iter_mut().enumerate() {
            let mut order = order.clone();
            order.rotate_left(n);
            let mut actors: Vec<u8> = vec![1, 2, 3];
            actors.sort_by_key(|a| order[usize::from(*a)]);
            for from in actors {
                let changes: Vec<&[u8]> =
                    edits.iter().filter(|(a, _)| *a == actor(from)).flat_map(|(_, c)| c).map(Vec::as_slice).collect();
                let applied = laptop.apply(&changes, actor(from));
                prop_assert_eq!(applied.quarantined, vec![]);
            }
        }
        for laptop in &laptops[1..] {
            prop_assert_eq!(laptop.heads(), laptops[0].heads());
            prop_assert_eq!(note::view(laptop), note::view(&laptops[0]));
        }
        let body = note::view(&laptops[0]).body;
        prop_assert_eq!(parse(&write(&body)).map(|b| write(&b)), Ok(write(&body)));
        prop_assert_eq!(note::set_body(&mut laptops[0], NOW, &body), Ok(None));
        note::set_body(&mut laptops[0], NOW, &blocks("done")).unwrap();
        prop_assert_eq!(shown(&laptops[0]), "done\n");
    }
}
