//! Where the window is on the screen, and putting it there again.

use serde::{Deserialize, Serialize};
use tauri::{Monitor, WebviewWindow};

/// Below this the page has no room for a sidebar and a note.
pub(crate) const SMALLEST: (f64, f64) = (720.0, 520.0);
/// The first time: a note's column and the sidebar with some air.
pub(crate) const FIRST: (f64, f64) = (1080.0, 760.0);
/// No screen is larger; a file that says so is wrong.
const LARGEST: f64 = 16_384.0;
/// So much of the window's upper edge must be on a screen that it can be taken hold of.
const GRIP: f64 = 64.0;

/// A place, in the screen's logical pixels.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Place {
    pub(crate) width: f64,
    pub(crate) height: f64,
    /// The upper left corner, where the system tells it. Wayland doesn't.
    pub(crate) at: Option<(f64, f64)>,
    pub(crate) maximized: bool,
}

impl Place {
    /// Whether a window could have been so.
    pub(crate) fn is_sane(&self) -> bool {
        let size = (1.0..=LARGEST).contains(&self.width) && (1.0..=LARGEST).contains(&self.height);
        let within = |(x, y): (f64, f64)| x.abs() <= LARGEST && y.abs() <= LARGEST;
        size && self.at.is_none_or(within)
    }

    /// Where a window is now. Of a maximised one, the size that it had before is kept.
    pub(crate) fn of(window: &WebviewWindow, before: Option<Self>) -> Option<Self> {
        let scale = window.scale_factor().ok()?;
        let maximized = window.is_maximized().ok()?;
        let size = window.inner_size().ok()?.to_logical::<f64>(scale);
        let at = window.outer_position().ok().map(|at| at.to_logical::<f64>(scale)).map(|at| (at.x, at.y));
        let place = Self { width: size.width, height: size.height, at, maximized };
        let kept = before.filter(|_| maximized).map(|before| Self { maximized, ..before });
        Some(kept.unwrap_or(place)).filter(Self::is_sane)
    }

    /// Whether one could take hold of the window there.
    pub(crate) fn is_reachable(&self, screens: &[Monitor]) -> bool {
        screens.iter().any(|screen| {
            let scale = screen.scale_factor();
            let (at, size) = (screen.position().to_logical(scale), screen.size().to_logical(scale));
            self.reaches((at.x, at.y), (size.width, size.height))
        })
    }

    fn reaches(&self, screen: (f64, f64), size: (f64, f64)) -> bool {
        let Some((x, y)) = self.at else { return false };
        let across = x + self.width >= screen.0 + GRIP && x <= screen.0 + size.0 - GRIP;
        across && y >= screen.1 && y <= screen.1 + size.1 - GRIP
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(x: f64, y: f64) -> Place {
        Place { width: 900.0, height: 700.0, at: Some((x, y)), maximized: false }
    }

    #[test]
    fn a_window_comes_back_only_to_where_it_can_be_taken_hold_of() {
        let reaches = |x, y| place(x, y).reaches((0.0, 0.0), (1280.0, 800.0));
        assert!(reaches(100.0, 50.0) && reaches(-800.0, 0.0) && reaches(1200.0, 700.0));
        assert!(!reaches(1300.0, 50.0), "its screen is gone");
        assert!(!reaches(-880.0, 50.0) && !reaches(100.0, -20.0) && !reaches(100.0, 790.0));
        assert!(!Place { at: None, ..place(0.0, 0.0) }.reaches((0.0, 0.0), (1280.0, 800.0)));
    }

    #[test]
    fn no_window_was_ever_so() {
        assert!(place(0.0, 0.0).is_sane());
        for (width, height) in [(0.0, 700.0), (900.0, f64::NAN), (1e9, 700.0)] {
            assert!(!Place { width, height, ..place(0.0, 0.0) }.is_sane());
        }
        assert!(!place(f64::INFINITY, 0.0).is_sane());
    }
}
