//! What happens: Anna founds a circle and asks Ben in; they write together, apart and together again, and plan a walk.

use super::Told;
use snug_scenarios::{Finished, Room, agree, at_once, until};

const CIRCLE: &str = "Thursday walks";

/// Tells it, and fails where the laptops don't agree.
pub(super) fn tell(told: &mut Told) -> anyhow::Result<()> {
    let room = Room::new()?;
    let mut anna = room.initialised("Anna")?;
    let mut ben = room.initialised("Ben")?;
    told.step("Anna and Ben each set up a laptop");

    let circle = anna.ok(&["circle", "found", CIRCLE, "--kind", "interest"])?;
    told.step("Anna founds the circle, alone");
    let note =
        anna.ok_with(&["note", "new", &circle, "Routes", "--file", "-"], b"# Near\n\n- the mill stream\n")?;
    told.step("Anna writes a note");
    anna.up()?;
    ben.up()?;
    told.step("both laptops are online");

    let link = anna.ok(&["invite", &circle, "--no-confirm"])?;
    told.step("Anna makes an invitation");
    let joined = ben.ok(&["join", &link])?;
    anyhow::ensure!(joined == circle, "Ben joined {joined}, not {circle}");
    told.step("Ben joins with the link: the laptops find each other by themselves");
    agree(&[&anna, &ben], &circle, &note, &["the mill stream"])?;
    told.step("Ben reads the note");

    let writing = [
        anna.command(&["note", "append", &circle, &note, "Anna: there is a bench at the weir."]),
        ben.command(&["note", "append", &circle, &note, "Ben: the ferry goes until six."]),
    ];
    for written in at_once(writing)? {
        anyhow::ensure!(written.code == Some(0), "writing: {}", written.stderr);
    }
    let together = ["the mill stream", "a bench at the weir", "the ferry goes until six"];
    agree(&[&anna, &ben], &circle, &note, &together)?;
    told.step("both write in it at the same time, and read the same");

    ben.down()?;
    told.step("Ben goes offline");
    ben.ok(&["note", "append", &circle, &note, "Ben, on the train: bring boots."])?;
    anna.ok(&["note", "append", &circle, &note, "Anna, at home: rain until noon."])?;
    let (holding, laptops, _) = anna.holding(&circle)?;
    anyhow::ensure!(
        (holding, laptops) == (1, 2),
        "Anna's words are said to be on {holding} of {laptops} laptops"
    );
    told.step("both write apart; Anna's laptop says: on 1 of 2 laptops");
    ben.up()?;
    let apart = ["on the train: bring boots", "at home: rain until noon"];
    agree(&[&anna, &ben], &circle, &note, &[&together[..], &apart].concat())?;
    told.step("Ben is back: both read the same again, nothing is lost");

    let plan = anna.ok(&[
        "plan",
        "new",
        &circle,
        "The long loop",
        "--at",
        "2026-12-03T10:00",
        "--zone",
        "Europe/Budapest",
        "--place",
        "The weir",
    ])?;
    until("the plan on Ben's laptop", || Ok(found(ben.run(&["plan", "show", &circle, &plan])?)))?;
    told.step("Anna plans a walk, Ben sees it");
    anna.ok(&["plan", "answer", &circle, &plan, "yes"])?;
    ben.ok(&["plan", "answer", &circle, &plan, "if-need-be"])?;
    until("both answers on both laptops", || {
        let [hers, his] = [anna.answers(&circle, &plan)?, ben.answers(&circle, &plan)?];
        Ok(if hers == his && hers.len() == 2 { Ok(()) } else { Err(format!("{hers:?} and {his:?}")) })
    })?;
    told.step("both answer, and see each other's answer");
    until("everything to be on both laptops", || {
        let seen = [anna.holding(&circle)?, ben.holding(&circle)?];
        Ok(if seen.iter().all(|(holding, laptops, _)| (*holding, *laptops) == (2, 2)) {
            Ok(())
        } else {
            Err(format!("{seen:?}"))
        })
    })?;
    told.step("both laptops say: on 2 of 2 laptops");

    for laptop in [&anna, &ben] {
        let text = laptop.ok(&["note", "show", &circle, &note])?;
        Told::text(&format!("{}'s laptop: Routes", laptop.name()), &text);
        Told::text("The long loop", &laptop.ok(&["plan", "show", &circle, &plan])?);
        Told::text("status", &laptop.ok(&["status", &circle])?);
    }
    println!();
    agree(&[&anna, &ben], &circle, &note, &[])?;
    anna.down()?;
    ben.down()?;
    told.step("both laptops end cleanly; every text is the same on both");
    Ok(())
}

fn found(finished: Finished) -> Result<(), String> {
    if finished.code == Some(0) { Ok(()) } else { Err(finished.stderr) }
}
