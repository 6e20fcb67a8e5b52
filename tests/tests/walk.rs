//! A newcomer's walk: one laptop, every command, and what it says to input that isn't right.

use anyhow::{Context, Result, ensure};
use snug_scenarios::{Finished, Laptop, Room};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

const DONE: i32 = 0;
const FAILED: i32 = 1;
const WRONG_USAGE: i32 = 2;

/// The command fails with one clear sentence; the sentence.
fn refused(laptop: &Laptop, arguments: &[&str]) -> Result<String> {
    refused_with(laptop, arguments, b"")
}

fn refused_with(laptop: &Laptop, arguments: &[&str], input: &[u8]) -> Result<String> {
    one_sentence(arguments, &laptop.run_with(arguments, input)?)
}

fn one_sentence(arguments: &[&str], finished: &Finished) -> Result<String> {
    let told = format!("{arguments:.200?}: {finished:?}");
    ensure!(finished.code == Some(FAILED), "exit 1 was expected: {told}");
    ensure!(finished.stdout.is_empty(), "nothing was to be printed: {told}");
    let sentence = finished.stderr.trim_end();
    ensure!(!sentence.is_empty() && sentence.lines().count() == 1, "one sentence was expected: {told}");
    ensure!(!sentence.contains("panicked") && sentence.len() < 400, "a clear sentence was expected: {told}");
    Ok(sentence.to_owned())
}

/// One line of lower-case hexadecimal digits: an id alone.
fn is_id(text: &str) -> bool {
    text.len() >= 32 && text.bytes().all(|byte| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte))
}

#[test]
fn setting_up_a_laptop() -> Result<()> {
    let room = Room::new()?;
    let anna = room.laptop("Anna")?;
    let before = refused(&anna, &["circle", "list"])?;
    ensure!(before.contains("init"), "it says what to do: {before}");
    ensure!(!anna.data().exists(), "asking changes nothing");

    let long = "n".repeat(81);
    for name in ["", "   ", &long, "An\u{7}na", "An\u{202e}na", "An\nna"] {
        refused(&anna, &["init", "--name", name]).with_context(|| format!("{name:?}"))?;
        refused(&anna, &["circle", "list"])?;
    }
    let empty = room.file("empty", "\n")?;
    let empty = empty.to_str().context("a path in UTF-8")?;
    refused(&anna, &["--passphrase-file", empty, "init", "--name", "Anna"])?;
    refused(&anna, &["--passphrase-file", "/nowhere/at/all", "init", "--name", "Anna"])?;

    anna.ok(&["init", "--name", "Anna"])?;
    ensure!(mode(anna.data())? == 0o700, "the folder is for its owner alone");
    for file in files(anna.data())? {
        ensure!(mode(&file)? == 0o600, "{} is for its owner alone", file.display());
    }
    let circle = anna.ok(&["circle", "found", "Readers"])?;
    let again = refused(&anna, &["init", "--name", "Somebody"])?;
    ensure!(!again.is_empty());
    ensure!(anna.json(&["status"])?["name"] == "Anna", "a second init changes nothing");
    ensure!(anna.ok(&["circle", "list"])?.contains("Readers"));

    let wrong = room.file("wrong", "not the passphrase\n")?;
    let wrong = wrong.to_str().context("a path in UTF-8")?;
    let sentence = refused(&anna, &["--passphrase-file", wrong, "circle", "list"])?;
    ensure!(sentence.to_lowercase().contains("passphrase"), "{sentence}");
    ensure!(anna.ok(&["circle", "list"])?.contains("Readers"), "the right one works as before");
    ensure!(is_id(&circle));
    Ok(())
}

fn mode(path: &Path) -> Result<u32> {
    Ok(path.metadata()?.permissions().mode() & 0o777)
}

fn files(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect()
}

#[test]
fn every_command_without_a_running_snug() -> Result<()> {
    let room = Room::new()?;
    let anna = room.initialised("Anna")?;
    walk(&room, &anna)
}

#[test]
fn every_command_through_a_running_snug() -> Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    anna.up()?;
    // Neither passphrase nor store are needed while it runs.
    std::fs::remove_file(anna.passphrase())?;
    walk(&room, &anna)?;
    one_sentence(&["up"], &anna.run(&["up"])?).context("a second instance")?;
    anna.down()
}

fn walk(room: &Room, anna: &Laptop) -> Result<()> {
    let circle = anna.ok(&["circle", "found", "Readers", "--kind", "interest"])?;
    ensure!(is_id(&circle), "the id alone: {circle:?}");
    let listed = anna.json(&["circle", "list"])?;
    ensure!(
        listed["circles"][0]["id"] == circle.as_str() && listed["circles"][0]["name"] == "Readers",
        "{listed}"
    );
    ensure!(anna.holding(&circle)?.0 == 1 && anna.holding("Readers")?.1 == 1, "by id and by name");

    notes(room, anna, &circle)?;
    plans(anna, &circle)?;
    invitations(anna, &circle)?;

    let people = anna.json(&["people", &circle])?;
    ensure!(people["people"].as_array().is_some_and(|people| people.len() == 1), "{people}");
    ensure!(anna.ok(&["people", "Readers"])?.contains("Anna"));

    export(room, anna, &circle)?;
    names(anna, &circle)?;
    other_names(anna, &circle)?;
    network(anna)?;

    anna.ok(&["circle", "leave", &circle])?;
    let left = anna.json(&["circle", "list"])?;
    ensure!(!left.to_string().contains("\"member\""), "nobody is left: {left}");
    refused(anna, &["note", "new", &circle, "Too late"])?;
    Ok(())
}

fn notes(room: &Room, anna: &Laptop, circle: &str) -> Result<()> {
    let body = "# May\n\nWe read *slowly*, **aloud**.\n\n- one\n- two\n";
    let note = anna.ok_with(&["note", "new", circle, "May", "--file", "-"], body.as_bytes())?;
    ensure!(is_id(&note), "the id alone: {note:?}");
    let shown = anna.ok(&["note", "show", circle, &note])?;
    for words in ["# May", "*slowly*", "**aloud**", "one", "two"] {
        ensure!(shown.contains(words), "{words} is missing in {shown:?}");
    }
    ensure!(anna.ok(&["note", "show", circle, &note[..12]])? == shown, "a prefix is enough");
    ensure!(anna.ok(&["note", "show", "Readers", "May"])? == shown, "so is a name");

    let file = room.file("june.md", format!("{shown}\nAnd June.\n"))?;
    let file = file.to_str().context("a path in UTF-8")?;
    anna.ok(&["note", "edit", circle, &note, "--file", file])?;
    anna.ok(&["note", "append", circle, &note, "*not* emphasised, # no heading"])?;
    let edited = anna.ok(&["note", "show", circle, &note])?;
    ensure!(edited.contains("And June.") && edited.contains("**aloud**"), "{edited}");
    ensure!(edited.contains(r"\*not\*"), "text stays text: {edited}");
    let json: serde_json::Value =
        serde_json::from_str(&anna.ok(&["note", "show", circle, &note, "--format", "json"])?)?;
    ensure!(json.to_string().contains("no heading"), "{json}");
    // What a note shows can be read in again, and is the same.
    anna.ok_with(&["note", "edit", circle, &note, "--file", "-"], edited.as_bytes())?;
    ensure!(anna.ok(&["note", "show", circle, &note])? == edited);

    ensure!(anna.json(&["note", "list", circle])?["notes"][0]["title"] == "May");
    let empty = anna.ok(&["note", "new", circle, "Empty"])?;
    ensure!(anna.ok(&["note", "show", circle, &empty])?.is_empty(), "an empty note is a whole one");
    let newest = anna.json(&["note", "list", circle])?;
    ensure!(newest["notes"][0]["title"] == "Empty", "the last changed comes first: {newest}");

    let huge = vec![b'x'; 10 << 20];
    refused_with(anna, &["note", "edit", circle, &note, "--file", "-"], &huge)?;
    refused_with(anna, &["note", "new", circle, "Huge", "--file", "-"], &huge)?;
    refused_with(anna, &["note", "edit", circle, &note, "--file", "-"], b"\xff\xfe not text")?;
    refused(anna, &["note", "edit", circle, &note, "--file", "/nowhere/at/all.md"])?;
    refused(anna, &["note", "show", circle, "Nothing of that name"])?;
    refused(anna, &["note", "show", "No such circle", &note])?;
    let title = "t".repeat(201);
    for title in ["", &title, "a\u{1b}[31mb", "a\u{2066}b"] {
        refused(anna, &["note", "new", circle, title]).with_context(|| format!("{title:?}"))?;
    }
    ensure!(anna.ok(&["note", "show", circle, &note])? == edited, "nothing changed");
    ensure!(anna.json(&["note", "list", circle])?["notes"].as_array().is_some_and(|notes| notes.len() == 2));
    Ok(())
}

fn plans(anna: &Laptop, circle: &str) -> Result<()> {
    let at = ["--at", "2026-12-01T18:00", "--zone", "Europe/Budapest", "--place", "Café Mûre"];
    let plan = anna.ok(&[&["plan", "new", circle, "Winter evening"][..], &at].concat())?;
    ensure!(is_id(&plan), "the id alone: {plan:?}");
    let shown = anna.json(&["plan", "show", circle, &plan])?;
    ensure!(shown["title"] == "Winter evening" && shown["place"] == "Café Mûre", "{shown}");
    ensure!(shown["at"]["zone"] == "Europe/Budapest", "{shown}");
    ensure!(anna.answers(circle, &plan)?.is_empty(), "silence is no answer");
    for answer in ["yes", "if-need-be", "not-this-time"] {
        anna.ok(&["plan", "answer", circle, &plan, answer])?;
        ensure!(anna.answers(circle, &plan)?["Anna"] == answer);
    }
    anna.ok(&["plan", "new", circle, "Some day"])?;
    let listed = anna.ok(&["plan", "list", circle])?;
    ensure!(listed.contains("Winter evening") && listed.contains("Some day"), "{listed}");

    let zones = [
        ["2026-12-01T18:00", "Atlantis/Lost"],
        ["2026-02-30T18:00", "Europe/Budapest"],
        ["2026-12-01T25:00", "Europe/Budapest"],
        // The clock jumps over this one.
        ["2026-03-29T02:30", "Europe/Budapest"],
    ];
    let wrong =
        anna.run(&["plan", "new", circle, "Never", "--at", "tomorrow", "--zone", "Europe/Budapest"])?;
    ensure!(wrong.code == Some(2), "a time of the wrong form is wrong usage: {wrong:?}");
    for [at, zone] in zones {
        refused(anna, &["plan", "new", circle, "Never", "--at", at, "--zone", zone])?;
    }
    usage(anna, &["plan", "answer", circle, &plan, "perhaps"])?;
    ensure!(anna.answers(circle, &plan)?["Anna"] == "not-this-time");
    ensure!(!anna.ok(&["plan", "list", circle])?.contains("Never"), "nothing changed");
    Ok(())
}

fn invitations(anna: &Laptop, circle: &str) -> Result<()> {
    let link = anna.ok(&["invite", circle, "--expires", "1d"])?;
    ensure!(link.starts_with("snug:") && link.lines().count() == 1, "the link alone: {link:?}");
    ensure!(!link.contains(&circle[..16]), "it doesn't name the circle");
    let listed = anna.json(&["invite", "list", circle])?;
    let invitation = listed["invitations"][0]["id"].as_str().context("an id")?.to_owned();
    anna.ok(&["invite", "withdraw", circle, &invitation])?;
    let listed = anna.json(&["invite", "list", circle])?;
    ensure!(listed["invitations"][0]["state"] == "withdrawn", "{listed}");

    let open = anna.ok(&["invite", circle, "--no-confirm"])?;
    refused(anna, &["join", &open]).context("a circle one is in")?;
    let mut damaged = open.clone();
    let last = damaged.pop().context("not empty")?;
    damaged.push(if last == 'a' { 'b' } else { 'a' });
    let cut = &open[..open.len() / 2];
    for link in [&damaged, cut, "https://example.org/", "snug:", "", &"snug:a".repeat(10_000)] {
        refused(anna, &["join", link]).with_context(|| format!("{link:.40}"))?;
    }
    refused(anna, &["join", "--forget", "0000"])?;
    usage(anna, &["join", &open, "--forget", "0000"])?;
    refused(anna, &["invite", "confirm", circle, "Nobody"])?;
    refused(anna, &["invite", "withdraw", circle, "0000"])?;
    ensure!(anna.json(&["circle", "list"])?["circles"].as_array().is_some_and(|circles| circles.len() == 1));
    Ok(())
}

fn export(room: &Room, anna: &Laptop, circle: &str) -> Result<()> {
    let folder = room.path().join("export");
    let to = folder.to_str().context("a path in UTF-8")?;
    anna.ok(&["export", circle, to])?;
    let mut names: Vec<String> = Vec::new();
    let mut left = vec![folder.clone()];
    while let Some(folder) = left.pop() {
        for file in files(&folder)? {
            if file.is_dir() {
                left.push(file);
            } else {
                names.push(file.to_string_lossy().into_owned());
            }
        }
    }
    for ending in [".md", ".ics", ".json"] {
        ensure!(names.iter().any(|name| name.ends_with(ending)), "no {ending} in {names:?}");
    }
    refused(anna, &["export", circle, to]).context("a folder that isn't empty")?;
    Ok(())
}

fn names(anna: &Laptop, circle: &str) -> Result<()> {
    let twins = [anna.ok(&["note", "new", circle, "Twin"])?, anna.ok(&["note", "new", circle, "Twin"])?];
    let finished = anna.run(&["note", "show", circle, "Twin"])?;
    ensure!(finished.code == Some(FAILED), "two of one name: {finished:?}");
    for twin in &twins {
        ensure!(finished.stderr.contains(&twin[..8]), "{twin} is a candidate: {}", finished.stderr);
    }
    Ok(())
}

fn other_names(anna: &Laptop, circle: &str) -> Result<()> {
    let before = anna.ok(&["me"])?;
    anna.ok(&["me", "--name", "Anna K."])?;
    ensure!(anna.json(&["me"])?["name"] == "Anna K.");
    anna.ok(&["me", "--name", &before])?;
    ensure!(anna.ok(&["people", circle])?.contains("Anna"), "a circle keeps the name that it knows");
    anna.ok(&["me", "--name", "Aunt Anna", "--in", circle])?;
    ensure!(anna.ok(&["people", circle])?.contains("Aunt Anna"));
    anna.ok(&["circle", "rename", circle, "Those who read"])?;
    ensure!(anna.ok(&["circle", "list"])?.contains("Those who read"));
    for name in ["", "An\u{202e}na"] {
        refused(anna, &["me", "--name", name])?;
        refused(anna, &["me", "--name", name, "--in", circle])?;
        refused(anna, &["circle", "rename", circle, name])?;
    }
    refused(anna, &["circle", "rename", "Nowhere", "Somewhere"])?;
    Ok(())
}

fn network(anna: &Laptop) -> Result<()> {
    for (switch, wanted) in [("off", false), ("on", true)] {
        anna.ok(&["network", switch])?;
        let network = anna.json(&["network"])?;
        ensure!(network["wanted"] == wanted && (wanted || network["online"] == false), "{network}");
        let loopback =
            network["interfaces"].as_array().and_then(|all| all.iter().find(|i| i["name"] == "lo"));
        ensure!(loopback.is_some(), "{network}");
    }
    Ok(())
}

fn usage(laptop: &Laptop, arguments: &[&str]) -> Result<()> {
    let finished = laptop.run(arguments)?;
    ensure!(finished.code == Some(WRONG_USAGE) && !finished.stderr.is_empty(), "{arguments:?}: {finished:?}");
    Ok(())
}

#[test]
fn wrong_usage_is_told_from_failure() -> Result<()> {
    let room = Room::new()?;
    let anna = room.laptop("Anna")?;
    for arguments in [
        &["no-such-command"][..],
        &[],
        &["circle"],
        &["circle", "found"],
        &["circle", "found", "Readers", "--kind", "business"],
        &["note", "show", "Readers"],
        &["note", "show", "Readers", "May", "--format", "pdf"],
        &["plan", "answer", "Readers", "Walk"],
        &["--no-such-flag", "status"],
        &["invite", "Readers", "--expires", "soon"],
        &["up", "--dial", "not an address"],
        &["network", "away"],
        &["me", "--in", "Readers"],
    ] {
        usage(&anna, arguments)?;
    }
    ensure!(!anna.data().exists(), "wrong usage changes nothing");
    for arguments in [&["--help"][..], &["--version"], &["note", "new", "--help"]] {
        let finished = anna.run(arguments)?;
        ensure!(finished.code == Some(DONE) && !finished.stdout.is_empty(), "{arguments:?}: {finished:?}");
    }
    Ok(())
}
