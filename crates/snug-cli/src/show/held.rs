//! Which laptops hold what, as of when.

use super::table::table;
use super::{Clock, called, count, wishes};
use snug_api::view::{CircleStatus, Status};
use snug_types::UnixMillis;

/// `on 2 of 3 laptops, as of 14:02`
pub(crate) fn on(holding: usize, laptops: usize, as_of: Option<UnixMillis>, clock: &Clock) -> String {
    let on = format!("on {holding} of {}", count(laptops, "laptop", "laptops"));
    match as_of {
        Some(at) => format!("{on}, as of {}", clock.tell(at)),
        None => on,
    }
}

pub(crate) fn status(status: &Status, clock: &Clock) -> String {
    let network = if status.online {
        format!("up, {} near", count(status.near, "laptop", "laptops"))
    } else {
        "not up; others can't find this laptop until `snug up`".to_owned()
    };
    let mut blocks = vec![format!("{}: {network}", status.name)];
    blocks.extend(status.circles.iter().map(|circle| of_circle(circle, clock)));
    blocks.push(wishes(&status.joining));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n")
}

fn of_circle(circle: &CircleStatus, clock: &Clock) -> String {
    let mut lines = vec![format!(
        "{}: {}",
        called(&circle.name),
        on(circle.holding, circle.laptops, circle.as_of, clock)
    )];
    let others = table(circle.others.iter().map(|other| {
        let near = if other.near { "near" } else { "not near" };
        let holds = match other.holds_all {
            Some(at) => format!("holds everything, as of {}", clock.tell(at)),
            None => "hasn't said that it holds everything".to_owned(),
        };
        vec![format!("  {}", other.person), near.to_owned(), holds]
    }));
    if !others.is_empty() {
        lines.push(others);
    }
    if let Some(why) = &circle.stopped {
        lines.push(format!("  Nothing can be written here now: {why}"));
    }
    if !circle.split.is_empty() {
        lines.push(format!(
            "  The history of {} split in two: copied, restored, or not honest",
            count(circle.split.len(), "laptop", "laptops")
        ));
    }
    lines.extend(circle.addresses.iter().map(|address| format!("  Answers at {address}")));
    lines.join("\n")
}
