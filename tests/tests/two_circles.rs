//! One person in two circles: what each circle's people see of them has nothing in common.

use anyhow::{Result, ensure};
use serde_json::Value;
use snug_scenarios::{Laptop, Room, agree, until};
use std::collections::BTreeSet;
use std::fs;

/// The shortest run of hexadecimal digits that is taken for an id: eight bytes.
const AN_ID: usize = 16;

/// Ben is in both circles with Anna, and looks at all that his laptop tells of each.
#[test]
fn nothing_links_one_person_in_two_circles() -> Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let mut ben = room.initialised("Ben")?;
    let walks = ben.ok(&["circle", "found", "Thursday walks"])?;
    let money = ben.ok(&["circle", "found", "Money, plainly"])?;
    ben.up()?;
    anna.up()?;
    for (circle, name) in [(&walks, "Anna"), (&money, "Rosa")] {
        let link = ben.ok(&["invite", circle, "--no-confirm"])?;
        anna.ok(&["join", &link, "--as", name])?;
        let note = anna.ok_with(&["note", "new", circle, "Words", "--file", "-"], b"in here\n")?;
        agree(&[&anna, &ben], circle, &note, &["in here"])?;
        let plan = anna.ok(&["plan", "new", circle, "A gathering"])?;
        until("Anna's name and gathering at Ben's", || {
            let people = ben.ok(&["people", circle])?;
            let plan = ben.run(&["plan", "answer", circle, &plan, "yes"])?;
            Ok(if people.contains(name) && plan.code == Some(0) { Ok(()) } else { Err(people) })
        })?;
    }

    let [first, second] = [told(&room, &ben, &walks, "walks")?, told(&room, &ben, &money, "money")?];
    ensure!(first.contains("Anna") && second.contains("Rosa"), "the looking glass is blind");
    ensure!(!first.contains("Rosa") && !second.contains("Anna"), "a name crossed over");
    let [first, second] = [ids(&first), ids(&second)];
    ensure!(
        first.len() >= 4 && second.len() >= 4,
        "a circle, a person and two documents have ids: {first:?}"
    );
    let common: Vec<_> = first.intersection(&second).collect();
    ensure!(common.is_empty(), "in both circles: {common:?}");
    Ok(())
}

/// All that a laptop tells of one circle: its people, laptops and invitations, and everything that it exports.
fn told(room: &Room, laptop: &Laptop, circle: &str, folder: &str) -> Result<String> {
    let mut told = String::new();
    for arguments in [&["people", circle][..], &["status", circle], &["invite", "list", circle]] {
        told += &of_others(laptop.json(arguments)?).to_string();
    }
    let folder = room.path().join(folder);
    laptop.ok(&["export", circle, &folder.display().to_string()])?;
    let mut folders = vec![folder];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                told += &fs::read_to_string(path)?;
            }
        }
    }
    Ok(told)
}

/// Without what belongs to the laptop that tells, and isn't a circle's: the name that its owner goes by.
fn of_others(mut told: Value) -> Value {
    if let Some(told) = told.as_object_mut() {
        told.remove("name");
    }
    told
}

fn ids(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_ascii_hexdigit()).filter(|run| run.len() >= AN_ID).map(str::to_owned).collect()
}
