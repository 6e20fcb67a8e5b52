//! The window's words: every one comes from the message files, and every language has all of them.
//!
//! A message is a key in `ui/messages/LANGUAGE/AREA.json`. English is where they begin: the other languages have the same
//! keys in the same areas, and each of them the same places to fill in. What stands in a component's markup as text, or
//! as the value of an attribute that people read or hear, is a fault; so is a string in an expression there that reads like
//! words. It can't see words that come from a script, and not one small word in an expression, which may as well be a name.

use super::{Tree, is_a};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// Where the messages are.
const MESSAGES: &str = "ui/messages/";
/// Where they begin.
const FIRST: &str = "en";
/// Attributes, of elements and of components, that people read or hear.
const READ: &[&str] = &[
    "alt",
    "aria-description",
    "aria-label",
    "aria-roledescription",
    "aria-valuetext",
    "description",
    "error",
    "hint",
    "label",
    "legend",
    "placeholder",
    "text",
    "title",
];
/// The same in every language.
const NAMES: &[&str] = &["Snug"];

/// What was found where.
pub(super) fn check(tree: &Tree) -> Vec<String> {
    let mut faults = languages(tree);
    for (path, text) in tree.iter().filter(|(path, _)| path.starts_with("ui/src/") && is_a(path, "svelte")) {
        let words = outside(text);
        faults.extend(words.into_iter().map(|word| format!("{path}: “{word}” isn't in the message files")));
    }
    faults
}

/// The places of one message that are filled in, by name; of all of them, by area and key.
type Messages = BTreeMap<(String, String), BTreeSet<String>>;

/// Keys and places in which a language differs from the first.
fn languages(tree: &Tree) -> Vec<String> {
    let mut faults = Vec::new();
    let mut languages: BTreeMap<&str, Messages> = BTreeMap::new();
    for (path, text) in tree {
        let Some((language, area)) =
            path.strip_prefix(MESSAGES).and_then(|rest| rest.strip_suffix(".json")?.split_once('/'))
        else {
            continue;
        };
        let Ok(Value::Object(messages)) = serde_json::from_str(text) else {
            faults.push(format!("{path}: isn't an object in JSON"));
            continue;
        };
        let known = languages.entry(language).or_default();
        for (key, message) in messages.into_iter().filter(|(key, _)| key != "$schema") {
            let mut places = BTreeSet::new();
            collect_places(&message, &mut places);
            known.insert((area.to_owned(), key), places);
        }
    }
    let Some(first) = languages.remove(FIRST) else { return faults };
    for (language, messages) in languages {
        for ((area, key), places) in &first {
            match messages.get(&(area.clone(), key.clone())) {
                None => faults.push(format!("{MESSAGES}{language}/{area}.json: {key} is missing")),
                Some(found) if found != places => faults.push(format!(
                    "{MESSAGES}{language}/{area}.json: {key} fills in {found:?}, and {FIRST} {places:?}"
                )),
                Some(_) => {}
            }
        }
        for (area, key) in messages.keys().filter(|known| !first.contains_key(*known)) {
            faults.push(format!("{MESSAGES}{language}/{area}.json: {key} isn't in {FIRST}"));
        }
    }
    faults
}

/// The names in braces of all texts in a message, its variants included.
fn collect_places(message: &Value, places: &mut BTreeSet<String>) {
    match message {
        Value::String(text) => {
            for piece in text.split('{').skip(1) {
                if let Some((name, _)) = piece.split_once('}') {
                    places.insert(name.trim().to_owned());
                }
            }
        }
        Value::Array(variants) => variants.iter().for_each(|variant| collect_places(variant, places)),
        // Of a message with variants only `match` holds texts; the rest declares what they are chosen by.
        Value::Object(fields) => {
            if let Some(Value::Object(variants)) = fields.get("match") {
                variants.values().for_each(|variant| collect_places(variant, places));
            }
        }
        _ => {}
    }
}

/// Words in a component's markup that people would read or hear.
fn outside(component: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = component;
    while let Some(character) = rest.chars().next() {
        let skip = |end: &str| rest.find(end).map_or(rest.len(), |at| at + end.len());
        let length = if rest.starts_with("<!--") {
            skip("-->")
        } else if rest.starts_with("<script") {
            skip("</script>")
        } else if rest.starts_with("<style") {
            skip("</style>")
        } else if rest.starts_with("<kbd") {
            skip("</kbd>")
        } else if character == '<' {
            let tag = &rest[..end_of_tag(rest)];
            found.extend(read_attributes(tag));
            tag.len()
        } else if character == '{' {
            let end = end_of_braces(rest);
            // What a block asks isn't shown.
            if !rest[1..].starts_with(['#', ':', '/']) {
                found.extend(spoken(&rest[..end]));
            }
            end
        } else {
            let text = &rest[..rest.find(['<', '{']).unwrap_or(rest.len())];
            found.extend(words(text));
            text.len()
        };
        rest = &rest[length.max(character.len_utf8())..];
    }
    found
}

/// Where the braces that `text` begins with close.
fn end_of_braces(text: &str) -> usize {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, character) in text.char_indices() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '`' | '\'') => quote = Some(character),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return at + 1;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Where the tag that `text` begins with ends.
fn end_of_tag(text: &str) -> usize {
    let mut at = 1;
    let mut quoted = false;
    while let Some(character) = text[at..].chars().next() {
        match character {
            '{' => at += end_of_braces(&text[at..]),
            '"' => {
                quoted = !quoted;
                at += 1;
            }
            '>' if !quoted => return at + 1,
            _ => at += character.len_utf8(),
        }
    }
    at
}

/// Words in the attributes of a tag that people read or hear.
fn read_attributes(tag: &str) -> Vec<String> {
    READ.iter()
        .flat_map(|name| {
            let begin = format!("{name}=");
            tag.match_indices(&begin)
                .filter(|(at, _)| tag[..*at].ends_with(char::is_whitespace))
                .flat_map(|(at, _)| value(&tag[at + begin.len()..]))
                .collect::<Vec<_>>()
        })
        .collect()
}

/// Words in the value that `text` begins with: in quotes, with expressions in it, or one expression.
fn value(text: &str) -> Vec<String> {
    let Some(mut rest) = text.strip_prefix('"') else {
        return if text.starts_with('{') { spoken(&text[..end_of_braces(text)]) } else { Vec::new() };
    };
    let mut found = Vec::new();
    while let Some(at) = rest.find(['{', '"']) {
        found.extend(words(&rest[..at]));
        rest = &rest[at..];
        if rest.starts_with('"') {
            break;
        }
        let end = end_of_braces(rest);
        found.extend(spoken(&rest[..end]));
        rest = &rest[end..];
    }
    found
}

/// Strings of an expression that read like words: several of them, or with a capital letter.
fn spoken(expression: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = expression;
    while let Some(at) = rest.find(['"', '`', '\'']) {
        let quote = &rest[at..=at];
        let text = rest[at + 1..].split(quote).next().unwrap_or_default();
        rest = rest.get(at + 1 + text.len() + 1..).unwrap_or_default();
        let capital = text.starts_with(char::is_uppercase) && text.contains(char::is_lowercase);
        if capital || text.trim().contains(char::is_whitespace) {
            found.extend(words(text));
        }
    }
    found
}

/// The text, if it holds a word. What is between `&` and `;` is a character by its name.
fn words(text: &str) -> Vec<String> {
    let spelled = |piece: &'_ str| piece.split_once(';').map_or(piece, |(_, rest)| rest).to_owned();
    let mut pieces = text.split('&');
    let text = pieces.next().unwrap_or_default().to_owned() + &pieces.map(spelled).collect::<String>();
    let word = |word: &&str| word.chars().filter(|c| c.is_alphabetic()).count() >= 2 && !NAMES.contains(word);
    let holds = text.split(|c: char| !c.is_alphabetic()).any(|found| word(&found));
    if holds { vec![text.split_whitespace().collect::<Vec<_>>().join(" ")] } else { Vec::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_in_markup_are_found() {
        let component = r#"<script lang="ts">const a = "in a script"</script>
<!-- said to developers -->
<h1 class="big">{m.note_title()}</h1>
<p>Left {there} alone</p>
<Field label="Name" hint={m.hint()} onclick={() => go({ name: "note" })} bind:value />
<img alt="" class="wide" /> <kbd>Ctrl</kbd> Snug&nbsp;· {#if a > 1}…{/if}
<button aria-label="Close it">×</button> {late ? "Too late" : m.early({ kind: "walk" })} {done ? 'Done' : ""}
<Field label={many ? "all of them" : m.one()} title="{name} (again)" kind={at === "Walk" ? "all wide" : "note"} />
{#if key === "Enter"}{@render row("wide")}{/if}
<style>p { color: red }</style>"#;
        assert_eq!(
            outside(component),
            ["Left", "alone", "Name", "Close it", "Too late", "Done", "all of them", "(again)"]
        );
    }

    fn faults(english: &str, german: &str) -> Vec<String> {
        let file = |language: &str| format!("{MESSAGES}{language}/note.json");
        check(&Tree::from([(file("en"), english.to_owned()), (file("de"), german.to_owned())]))
    }

    #[test]
    fn every_language_has_every_message_with_the_same_places() {
        assert_eq!(faults(r#"{"a":"On {n}"}"#, r#"{"a":"Auf {n}"}"#), Vec::<String>::new());
        assert_eq!(faults(r#"{"a":"On {n}"}"#, r#"{"a":"Auf {m}"}"#).len(), 1);
        assert_eq!(faults(r#"{"a":"A","b":"B"}"#, r#"{"a":"A","c":"C"}"#).len(), 2);
        assert_eq!(faults("{}", "[]").len(), 1);
    }

    #[test]
    fn variants_count_by_their_texts_alone() {
        let message = |one: &str, other: &str| {
            format!(
                r#"{{"a":[{{"declarations":["input n","local p = n: plural"],"selectors":["p"],
                "match":{{"p=one":"{one}","p=other":"{other}"}}}}]}}"#
            )
        };
        let german = message("Ein Laptop", "{n} Laptops");
        assert_eq!(faults(&message("One laptop", "{n} laptops"), &german), Vec::<String>::new());
        assert_eq!(faults(&message("One", "{m}"), &german).len(), 1);
    }
}
