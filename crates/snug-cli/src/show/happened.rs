//! What happens while a laptop is up, told in words.

use super::{Clock, called, held, refusal};
use snug_api::Event;
use snug_api::view::{CircleStatus, JoinState};
use snug_types::CircleId;
use std::collections::BTreeMap;

/// Tells events one after the other: nothing twice in a row, and who holds what only where that changed.
#[derive(Debug, Default)]
pub(crate) struct Teller {
    last: Option<String>,
    held: BTreeMap<CircleId, String>,
}

impl Teller {
    /// The line for an event in a circle; none if there is nothing to say that wasn't just said.
    pub(crate) fn line(
        &mut self,
        event: &Event,
        circle: Option<&CircleStatus>,
        clock: &Clock,
    ) -> Option<String> {
        let line = words(event, circle, clock)?;
        if self.last.as_ref() == Some(&line) {
            return None;
        }
        if let Event::Holding { circle } = event
            && self.held.insert(*circle, line.clone()).as_ref() == Some(&line)
        {
            return None;
        }
        self.last = Some(line.clone());
        Some(line)
    }
}

fn words(event: &Event, circle: Option<&CircleStatus>, clock: &Clock) -> Option<String> {
    let said = match event {
        Event::Near { person, .. } => format!("{person} is near"),
        Event::Gone { person, .. } => format!("{person} is out of reach"),
        Event::Changed { .. } => "something new".to_owned(),
        Event::People { .. } => "the people changed".to_owned(),
        Event::Holding { .. } => {
            let circle = circle?;
            held::on(circle.holding, circle.laptops, circle.as_of, clock)
        }
        Event::Asks { name, .. } => format!("{name} asks to come in; let them in with `snug invite confirm`"),
        Event::Split { .. } => {
            "a laptop's history split in two: it was copied, restored, or isn't honest".to_owned()
        }
        // What they mean for people is told by what comes with them.
        Event::Circle { .. } | Event::Invitations { .. } => return None,
        Event::Join { state, .. } => return Some(joining(*state)),
        Event::JoinForgotten { .. } => return Some("joining: given up".to_owned()),
        Event::Missed { count } => return Some(format!("{count} more things happened")),
    };
    Some(format!("{}: {said}", called(&circle?.name)))
}

fn joining(state: JoinState) -> String {
    match state {
        JoinState::Looking => "joining: looking for the laptop that made the link".to_owned(),
        JoinState::Waiting => "joining: asked; whoever sent the link is to say yes".to_owned(),
        JoinState::Admitted { .. } => "joining: you are in".to_owned(),
        JoinState::Refused { reason } => format!("joining: {}", refusal(reason)),
    }
}
