//! The table: each figure of Snug's beside its limit and its peers.

use crate::figures::Figures;
use serde_json::{Value, json};
use std::fmt;

/// One thing that was measured.
pub(crate) struct Row {
    what: &'static str,
    snug: Figures,
    goal: f64,
    beside: Vec<(&'static str, Figures)>,
}

impl Row {
    /// A figure of Snug's, whose goal is so many times that of what stands first beside it.
    pub(crate) fn new(what: &'static str, snug: Figures, goal: f64) -> Self {
        Self { what, snug, goal, beside: Vec::new() }
    }

    /// Measured beside it: first the limit, then peers.
    pub(crate) fn beside(mut self, what: &'static str, figures: Figures) -> Self {
        self.beside.push((what, figures));
        self
    }

    fn ratios(&self) -> Option<(f64, f64)> {
        let (_, limit) = self.beside.first()?;
        Some((self.snug.median / limit.median, self.snug.p99 / limit.p99))
    }
}

/// Rows.
#[derive(Default)]
pub(crate) struct Table(Vec<Row>);

impl Table {
    /// Adds a row.
    pub(crate) fn add(&mut self, row: Row) {
        self.0.push(row);
    }

    /// The same for programs.
    pub(crate) fn to_json(&self) -> Value {
        let figures = |figures: &Figures| json!({ "median_ms": figures.median, "p99_ms": figures.p99 });
        let rows = self.0.iter().map(|row| {
            let beside = row.beside.iter().map(|(what, it)| json!({ "what": what, "figures": figures(it) }));
            json!({
                "what": row.what,
                "snug": figures(&row.snug),
                "beside": beside.collect::<Vec<_>>(),
                "goal_ratio": row.goal,
                "ratios": row.ratios().map(|(median, p99)| json!({ "median": median, "p99": p99 })),
            })
        });
        json!({ "rows": rows.collect::<Vec<_>>() })
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<48} {:>10} {:>10}", "", "median ms", "p99 ms")?;
        for row in &self.0 {
            writeln!(f, "{:<48} {:>10.3} {:>10.3}", row.what, row.snug.median, row.snug.p99)?;
            for (what, figures) in &row.beside {
                writeln!(f, "  {what:<46} {:>10.3} {:>10.3}", figures.median, figures.p99)?;
            }
            if let Some((median, p99)) = row.ratios() {
                let goal = row.goal;
                writeln!(f, "  {:<46} {median:>9.2}x {p99:>9.2}x  goal {goal}x", "ratio to the first")?;
            }
        }
        Ok(())
    }
}
