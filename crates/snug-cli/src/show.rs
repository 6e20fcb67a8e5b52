//! Answers in words: aligned, calm, and nothing that isn't known.

mod clock;
mod happened;
mod held;
mod network;
mod table;
#[cfg(test)]
mod tests;

pub(crate) use clock::Clock;
pub(crate) use happened::Teller;
pub(crate) use held::status;
pub(crate) use network::network;

use snug_api::ErrorCode;
use snug_api::view::{
    Answer, CircleState, Circles, Exported, InvitationState, Invitations, JoinState, Kind, Notes, People,
    Plan, PlanTime, Plans, Refusal, Wish,
};
use std::fmt::Display;
use table::table;

/// The beginning of an id: enough to type, and to tell it from others in a list.
fn short(id: &impl Display) -> String {
    id.to_string().chars().take(8).collect()
}

/// A circle's name. One that can't be read, or is still on its way, has none.
fn called(name: &str) -> &str {
    if name.is_empty() { "A circle" } else { name }
}

/// `1 note`, `2 notes`.
fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

pub(crate) fn circles(circles: &Circles) -> String {
    if circles.circles.is_empty() && circles.joining.is_empty() {
        return "No circles yet. Begin one with: snug circle found NAME".to_owned();
    }
    // A circle that is only joining has no name yet; its wish stands for it.
    let here = circles.circles.iter().filter(|circle| circle.state != CircleState::Joining);
    let here = table(here.map(|circle| {
        let kind = match circle.kind {
            Some(Kind::Life) => "life",
            Some(Kind::Interest) => "interest",
            Some(Kind::Values) => "values",
            None => "",
        };
        let state = match circle.state {
            CircleState::Member => "",
            CircleState::Joining => "joining",
            CircleState::Leaving => "left; the others haven't heard yet",
            CircleState::Damaged => "can't be read on this laptop; it was left as it is",
        };
        vec![short(&circle.id), called(&circle.name).to_owned(), kind.to_owned(), state.to_owned()]
    }));
    let mut blocks = vec![here, wishes(&circles.joining)];
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

/// Wishes to join that aren't decided or were refused, one a line.
fn wishes(joining: &[Wish]) -> String {
    let line = |wish: &Wish| {
        let stands = match wish.state {
            JoinState::Looking => "waits to meet the laptop that made the link".to_owned(),
            JoinState::Waiting => "met the laptop that made the link; not let in yet".to_owned(),
            JoinState::Admitted { .. } => "let in".to_owned(),
            JoinState::Refused { reason } => refusal(reason).to_owned(),
        };
        format!("{}  Asking to join as {}: {stands}", short(&wish.id), wish.name)
    };
    joining.iter().map(line).collect::<Vec<_>>().join("\n")
}

pub(crate) fn people(people: &People) -> String {
    table(people.people.iter().map(|person| {
        let name = if person.me { format!("{} (you)", person.name) } else { person.name.clone() };
        let laptops =
            if person.left { "left".to_owned() } else { count(person.laptops, "laptop", "laptops") };
        let by = person.added_by.and_then(|by| people.people.iter().find(|other| other.id == by));
        let by = match (by, person.added_by) {
            (Some(by), _) => format!("let in by {}", by.name),
            (None, Some(_)) => "let in by somebody who isn't known here yet".to_owned(),
            (None, None) => "founder".to_owned(),
        };
        vec![short(&person.id), name, laptops, by]
    }))
}

pub(crate) fn invitations(invitations: &Invitations, clock: &Clock) -> String {
    if invitations.invitations.is_empty() {
        return "No invitations from this laptop.".to_owned();
    }
    let mut rows = Vec::new();
    for invitation in &invitations.invitations {
        let expires = clock.tell(invitation.expires);
        let state = match invitation.state {
            InvitationState::Open => format!("open until {expires}"),
            InvitationState::Used => "used".to_owned(),
            InvitationState::Withdrawn => "taken back".to_owned(),
            InvitationState::Expired => format!("ended {expires}"),
        };
        let confirm = if invitation.confirm { "" } else { "no need to ask" };
        rows.push(vec![short(&invitation.id), state, confirm.to_owned()]);
        rows.extend(
            invitation
                .asking
                .iter()
                .map(|asks| vec![String::new(), format!("{} asks", asks.name), short(&asks.device)]),
        );
    }
    table(rows)
}

pub(crate) fn notes(notes: &Notes, clock: &Clock) -> String {
    if notes.notes.is_empty() {
        return "No notes yet.".to_owned();
    }
    table(notes.notes.iter().map(|note| vec![short(&note.id), note.title.clone(), clock.tell(note.changed)]))
}

pub(crate) fn plans(plans: &Plans) -> String {
    if plans.plans.is_empty() {
        return "No gatherings yet.".to_owned();
    }
    table(plans.plans.iter().map(|plan| {
        let at = plan.at.as_ref().map_or_else(|| "no time yet".to_owned(), written);
        vec![short(&plan.id), plan.title.clone(), at, plan.place.clone().unwrap_or_default()]
    }))
}

/// A gathering's time as its organiser wrote it: `2026-12-01 18:00 Europe/Budapest`.
fn written(at: &PlanTime) -> String {
    format!("{} {}", at.local.replace('T', " "), at.zone)
}

/// Which time is meant, where the clocks show it twice.
pub(crate) fn twice(at: &PlanTime) -> Option<String> {
    let offset = at.offset.as_ref().filter(|_| at.twice)?;
    Some(format!("the clocks there show this time twice; the first is meant (UTC{offset})"))
}

pub(crate) fn plan(plan: &Plan, clock: &Clock) -> String {
    let mut lines = vec![plan.title.clone(), String::new()];
    let mut rows = Vec::new();
    if let Some(at) = &plan.at {
        rows.push(vec!["When".to_owned(), written(at)]);
        rows.extend(twice(at).map(|note| vec![String::new(), note]));
        rows.push(vec!["Here".to_owned(), clock.tell(at.instant)]);
    }
    if let Some(place) = &plan.place {
        rows.push(vec!["Where".to_owned(), place.clone()]);
    }
    if !rows.is_empty() {
        rows.push(vec![]);
    }
    rows.extend(plan.answers.iter().map(|answer| {
        let name = if answer.me { format!("{} (you)", answer.person) } else { answer.person.clone() };
        let said = match answer.answer {
            Some(Answer::Yes) => "yes",
            Some(Answer::IfNeedBe) => "if need be",
            Some(Answer::NotThisTime) => "not this time",
            None => "",
        };
        vec![name, said.to_owned()]
    }));
    lines.push(table(rows));
    lines.push(String::new());
    lines.push(held::on(plan.held.holding, plan.held.laptops, plan.held.as_of, clock));
    lines.join("\n")
}

pub(crate) fn exported(exported: &Exported) -> String {
    format!(
        "{} and {} are in {}. They are not protected there.",
        count(exported.notes, "note", "notes"),
        count(exported.plans, "gathering", "gatherings"),
        exported.folder.display()
    )
}

pub(crate) const fn refusal(reason: Refusal) -> &'static str {
    match reason {
        Refusal::Expired => "this invitation's time is over; ask for a new link",
        Refusal::Used => "somebody has already come in by this link; ask for a new one",
        Refusal::Withdrawn => "this invitation was taken back",
        Refusal::Declined => "not this time: whoever sent the link said no",
        Refusal::Full => "too many people ask by this link already; ask for a new one",
        Refusal::AlreadyIn => "you are already in the circle that this link opens",
        Refusal::Other => {
            "this link doesn't let you in, for a reason that only a newer version of Snug knows; update it"
        }
    }
}

pub(crate) const fn refusal_code(reason: Refusal) -> ErrorCode {
    match reason {
        Refusal::Declined => ErrorCode::Declined,
        Refusal::Full => ErrorCode::TooMany,
        Refusal::AlreadyIn => ErrorCode::AlreadyIn,
        Refusal::Other => ErrorCode::UpdateNeeded,
        Refusal::Expired | Refusal::Used | Refusal::Withdrawn => ErrorCode::InvitationEnded,
    }
}

pub(crate) const fn still_waiting(state: JoinState) -> &'static str {
    match state {
        JoinState::Waiting => {
            "still waiting for a yes from whoever sent the link; your wish stands and goes on at the next `snug up`"
        }
        _ => {
            "still waiting: the laptop that made the link wasn't met yet; your wish stands and goes on at the next `snug up`"
        }
    }
}
