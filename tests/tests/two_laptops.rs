//! Two laptops, two processes, one circle, over loopback.

use anyhow::{Context, Result, ensure};
use snug_scenarios::{Laptop, Room, agree, at_once, proven, until};
use std::time::{Duration, Instant};

/// Much less than the silence after which a connection counts as ended, 45 s, and much more than finding each other takes.
const SOON: Duration = Duration::from_secs(25);

/// Waits until both say that everything is on both.
fn on_both(anna: &Laptop, ben: &Laptop, circle: &str) -> Result<()> {
    until("everything to be on 2 of 2 laptops", || {
        let seen = [anna.holding(circle)?, ben.holding(circle)?];
        let all =
            seen.iter().all(|(holding, laptops, as_of)| (*holding, *laptops) == (2, 2) && !as_of.is_null());
        Ok(if all { Ok(()) } else { Err(format!("{seen:?}")) })
    })
}

#[test]
fn joining_writing_together_and_apart_planning() -> Result<()> {
    let room = Room::new()?;
    let (anna, mut ben, circle) = room.circle_of_two()?;
    let note = ben.ok_with(&["note", "new", &circle, "Routes", "--file", "-"], b"- the mill stream\n")?;
    agree(&[&anna, &ben], &circle, &note, &["the mill stream"])?;
    for laptop in [&anna, &ben] {
        let people = until("both names", || {
            let people = laptop.ok(&["people", &circle])?;
            Ok(if people.contains("Anna") && people.contains("Ben") { Ok(people) } else { Err(people) })
        })?;
        ensure!(!people.is_empty());
    }
    on_both(&anna, &ben, &circle)?;

    // At the same time, ten words each, in one note.
    for round in 0..10 {
        let words = [format!("a{round}a"), format!("b{round}b")];
        for written in at_once([
            anna.command(&["note", "append", &circle, &note, &words[0]]),
            ben.command(&["note", "append", &circle, &note, &words[1]]),
        ])? {
            ensure!(written.code == Some(0), "{written:?}");
        }
    }
    let words: Vec<String> = (0..10).flat_map(|n| [format!("a{n}a"), format!("b{n}b")]).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    agree(&[&anna, &ben], &circle, &note, &words)?;

    // Apart.
    ben.down()?;
    let text = ben.ok(&["note", "show", &circle, &note])?;
    anna.ok_with(
        &["note", "edit", &circle, &note, "--file", "-"],
        format!("At the top.\n\n{text}").as_bytes(),
    )?;
    ben.ok(&["note", "append", &circle, &note, "At the bottom."])?;
    ensure!(anna.holding(&circle)?.0 == 1, "Ben's laptop can't have what Anna wrote");
    ensure!(ben.holding(&circle)?.0 == 1, "Anna's laptop can't have what Ben wrote");
    ben.up()?;
    agree(&[&anna, &ben], &circle, &note, &["At the top.", "At the bottom."])?;
    on_both(&anna, &ben, &circle)?;

    let plan = anna.ok(&["plan", "new", &circle, "The long loop"])?;
    until("the plan on Ben's laptop", || {
        let shown = ben.run(&["plan", "show", &circle, &plan])?;
        Ok(if shown.code == Some(0) { Ok(()) } else { Err(shown.stderr) })
    })?;
    anna.ok(&["plan", "answer", &circle, &plan, "yes"])?;
    ben.ok(&["plan", "answer", &circle, &plan, "not-this-time"])?;
    until("both answers on both laptops", || {
        let [hers, his] = [anna.answers(&circle, &plan)?, ben.answers(&circle, &plan)?];
        let right = hers == his && hers.len() == 2 && hers["Anna"] == "yes" && hers["Ben"] == "not-this-time";
        Ok(if right { Ok(()) } else { Err(format!("{hers:?} and {his:?}")) })
    })?;
    on_both(&anna, &ben, &circle)
}

#[test]
fn an_inviter_who_wishes_to_confirm() -> Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let ben = room.initialised("Ben")?;
    let circle = anna.ok(&["circle", "found", "Thursday walks"])?;
    anna.up()?;
    let link = anna.ok(&["invite", &circle])?;

    // Nothing is up on Ben's laptop: joining goes online by itself, and waits.
    let waiting = ben.run(&["join", &link, "--as", "Benedek", "--wait", "1s"])?;
    ensure!(waiting.code == Some(1) && waiting.stderr.contains("still waiting"), "{waiting:?}");
    let asking = until("Ben's wish at Anna's", || {
        // One more try each time: within a second they may not have met.
        ben.run(&["join", &link, "--wait", "1s"])?;
        let asking = anna.ok(&["invite", "list", &circle])?;
        Ok(if asking.contains("Benedek") { Ok(asking) } else { Err(asking) })
    })?;
    ensure!(!anna.ok(&["people", &circle])?.contains("Benedek"), "asking isn't being in: {asking}");
    let stranger = ben.run(&["note", "new", &circle, "Too early"])?;
    ensure!(stranger.code == Some(1), "{stranger:?}");

    anna.ok(&["invite", "confirm", &circle, "Benedek"])?;
    ensure!(ben.ok_with(&["join", "-"], link.as_bytes())? == circle, "the same join goes on");
    until("Ben in the circle under the name that he chose", || {
        let people = ben.ok(&["people", &circle])?;
        Ok(if people.contains("Benedek") && people.contains("Anna") { Ok(()) } else { Err(people) })
    })
}

#[test]
fn an_invitation_serves_one_person_once() -> Result<()> {
    let room = Room::new()?;
    let (anna, _ben, circle) = room.circle_of_two()?;
    let cili = room.initialised("Cili")?;
    let refused = |link: &str, word: &str| -> Result<()> {
        let finished = cili.run(&["join", link])?;
        ensure!(finished.code == Some(1) && finished.stderr.contains(word), "{word}: {finished:?}");
        ensure!(finished.stdout.is_empty() && finished.stderr.trim().lines().count() == 1, "{finished:?}");
        Ok(())
    };
    let used = anna.ok(&["invite", &circle, "--no-confirm"])?;
    let dora = room.initialised("Dora")?;
    ensure!(dora.ok(&["join", &used])? == circle);
    refused(&used, "already come in")?;

    let withdrawn = anna.ok(&["invite", &circle, "--no-confirm"])?;
    let listed = anna.json(&["invite", "list", &circle])?;
    let open = listed["invitations"].as_array().context("a list")?.iter();
    let open = open.clone().find(|each| each["state"] == "open").context("an open invitation")?;
    anna.ok(&["invite", "withdraw", &circle, open["id"].as_str().context("an id")?])?;
    refused(&withdrawn, "taken back")?;

    // What no clock here can show: the lowest room tests expiry.
    let too_short = anna.run(&["invite", &circle, "--expires", "1s"])?;
    ensure!(too_short.code == Some(1), "{too_short:?}");
    ensure!(!anna.ok(&["people", &circle])?.contains("Cili"));
    ensure!(cili.json(&["circle", "list"])?["circles"].as_array().is_none_or(Vec::is_empty));
    Ok(())
}

#[test]
fn leaving_takes_one_step() -> Result<()> {
    let room = Room::new()?;
    let (anna, ben, circle) = room.circle_of_two()?;
    let note = anna.ok_with(&["note", "new", &circle, "Before", "--file", "-"], b"both read this\n")?;
    agree(&[&anna, &ben], &circle, &note, &["both read this"])?;
    ben.ok(&["circle", "leave", &circle])?;
    until("Anna's laptop to hear of it", || {
        let people = anna.json(&["people", &circle])?;
        let left = people["people"]
            .as_array()
            .is_some_and(|people| people.iter().any(|each| each["name"] == "Ben" && each["left"] == true));
        Ok(if left { Ok(()) } else { Err(people.to_string()) })
    })?;
    let after =
        anna.ok_with(&["note", "new", &circle, "After", "--file", "-"], b"Anna alone reads this\n")?;
    ensure!(anna.holding(&circle)?.1 == 1, "one laptop is left");
    let gone = ben.run(&["note", "show", &circle, &after])?;
    ensure!(gone.code == Some(1), "{gone:?}");
    let gone = ben.run(&["note", "show", &circle, &note])?;
    ensure!(gone.code == Some(1), "what was let go isn't there: {gone:?}");
    Ok(())
}

#[test]
fn a_known_address_is_dialed() -> Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let ben = room.initialised("Ben")?;
    let circle = anna.ok(&["circle", "found", "Thursday walks"])?;
    anna.up()?;
    let link = anna.ok(&["invite", &circle, "--no-confirm"])?;
    let status = anna.json(&["status", &circle])?;
    let addresses: Vec<&str> = status["circles"][0]["addresses"]
        .as_array()
        .context("addresses")?
        .iter()
        .filter_map(serde_json::Value::as_str)
        .collect();
    let address = addresses.first().with_context(|| format!("an address in {status}"))?;
    ensure!(ben.ok(&["join", &link, "--dial", address])? == circle);
    Ok(())
}

#[test]
fn three_weeks_apart_for_three_laptops() -> Result<()> {
    let room = Room::new()?;
    let (mut anna, mut ben, circle) = room.circle_of_two()?;
    let mut cili = room.initialised("Cili")?;
    cili.up()?;
    let link = ben.ok(&["invite", &circle, "--no-confirm"])?;
    ensure!(cili.ok(&["join", &link])? == circle, "a guest may invite a guest");
    let note = cili.ok(&["note", "new", &circle, "Diary"])?;
    agree(&[&anna, &ben, &cili], &circle, &note, &[])?;
    for laptop in [&mut anna, &mut ben, &mut cili] {
        laptop.down()?;
    }
    for (laptop, word) in [(&anna, "anna"), (&ben, "ben"), (&cili, "cili")] {
        for week in 1..=3 {
            laptop.ok(&["note", "append", &circle, &note, &format!("{word}, week {week}")])?;
        }
    }
    // Anna and Cili never meet: Ben carries.
    ben.up()?;
    anna.up()?;
    agree(&[&anna, &ben], &circle, &note, &["anna, week 3", "ben, week 3"])?;
    anna.down()?;
    cili.up()?;
    let text = agree(&[&ben, &cili], &circle, &note, &["anna, week 3", "ben, week 3", "cili, week 3"])?;
    for word in ["anna", "ben", "cili"] {
        for week in 1..=3 {
            ensure!(
                text.matches(&format!("{word}, week {week}")).count() == 1,
                "{word}, week {week}: {text}"
            );
        }
    }
    Ok(())
}

/// A power cut says no good-bye: the other laptop still holds a connection to the one that was.
#[test]
fn after_a_power_cut_they_meet_again_at_once() -> Result<()> {
    let room = Room::new()?;
    let (mut anna, ben, circle) = room.circle_of_two()?;
    let note = anna.ok(&["note", "new", &circle, "Diary"])?;
    agree(&[&anna, &ben], &circle, &note, &[])?;
    anna.kill()?;
    ben.ok(&["note", "append", &circle, &note, "while it was dark"])?;
    let begun = Instant::now();
    anna.up()?;
    agree(&[&anna, &ben], &circle, &note, &["while it was dark"])?;
    let took = begun.elapsed();
    ensure!(took < SOON, "it took {took:?}");
    proven(&format!("after a power cut, one text again within {:.1} s", took.as_secs_f64()));
    Ok(())
}
