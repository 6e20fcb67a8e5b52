//! What the window keeps between two starts, in `window.json` in the laptop's folder: how it likes to be, and where it was.
//!
//! The folder is the laptop's, so two folders have two windows that don't get into each other's way, and what is let go
//! with the folder leaves nothing behind. Nothing private is in the file. Whatever stands in it, the window opens: a
//! part that can't be read is as it was before anybody chose.

use crate::place::Place;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use snug_api::{ApiError, ErrorCode, Preferences, plain_reason};
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

const NAME: &str = "window.json";
/// The file while it is being written.
const NEW: &str = "window.json.new";
/// Our own is a tenth of this; whoever made it larger wants something else than a window.
const LARGEST: u64 = 4096;
/// A day. Whoever wants longer chooses never.
const LONGEST_MINUTES: u16 = 24 * 60;

/// The file's content.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
struct Content {
    preferences: Preferences,
    place: Option<Place>,
}

/// The file, and what is in it.
pub(crate) struct Kept {
    folder: Option<PathBuf>,
    content: Mutex<Content>,
}

impl Kept {
    /// Reads what there is.
    pub(crate) fn read(folder: PathBuf) -> Self {
        let content = read(&folder.join(NAME)).map(|bytes| Content::parse(&bytes)).unwrap_or_default();
        Self { folder: Some(folder), content: Mutex::new(content) }
    }

    /// Keeps everything until the program ends, and writes nothing.
    pub(crate) fn nowhere() -> Self {
        Self { folder: None, content: Mutex::default() }
    }

    pub(crate) fn preferences(&self) -> Preferences {
        self.content().preferences.clone()
    }

    /// Keeps what was chosen, within bounds. What can't be written doesn't hold either: the page shows what was before.
    pub(crate) fn set_preferences(&self, preferences: Preferences) -> Result<(), ApiError> {
        let mut content = self.content();
        let chosen = Content { preferences: within_bounds(preferences), ..*content };
        self.write(&chosen).map_err(|error| {
            let why = plain_reason(error);
            ApiError::new(ErrorCode::DiskError, format!("what you chose couldn't be kept: {NAME}: {why}"))
        })?;
        *content = chosen;
        Ok(())
    }

    /// Where the window was when it was last seen.
    pub(crate) fn place(&self) -> Option<Place> {
        self.content().place
    }

    /// Keeps where the window is. That it couldn't be kept is worth no word to anybody.
    pub(crate) fn set_place(&self, place: Place) {
        let mut content = self.content();
        if content.place != Some(place) {
            content.place = Some(place);
            let _ = self.write(&content);
        }
    }

    fn content(&self) -> MutexGuard<'_, Content> {
        // Each change is one assignment: a thread that panicked has left it whole.
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self, content: &Content) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let (path, new) = (folder.join(NAME), folder.join(NEW));
        match fs::remove_file(&new) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut file = create_private(&new)?;
        file.write_all(&serde_json::to_vec_pretty(content)?)?;
        file.sync_all()?;
        fs::rename(&new, &path)
    }
}

impl Content {
    fn parse(bytes: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Parts {
            #[serde(default)]
            preferences: Value,
            #[serde(default)]
            place: Value,
        }
        let Ok(parts) = serde_json::from_slice::<Parts>(bytes) else { return Self::default() };
        let preferences = serde_json::from_value(parts.preferences).unwrap_or_default();
        let place = serde_json::from_value::<Place>(parts.place).ok();
        Self { preferences: within_bounds(preferences), place: place.filter(Place::is_sane) }
    }
}

fn within_bounds(mut preferences: Preferences) -> Preferences {
    preferences.lock_after_minutes =
        preferences.lock_after_minutes.map(|minutes| minutes.clamp(1, LONGEST_MINUTES));
    preferences
}

/// Reads a plain file of a bearable size. A pipe put in its place would hold up the window for ever.
fn read(path: &Path) -> Option<Vec<u8>> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() || found.len() > LARGEST {
        return None;
    }
    let mut bytes = Vec::new();
    File::open(path).ok()?.take(LARGEST).read_to_end(&mut bytes).ok()?;
    Some(bytes)
}

fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_api::preferences::Theme;

    fn folder() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    #[test]
    fn what_was_chosen_is_there_at_the_next_start_and_nobody_elses_to_read() {
        let folder = folder();
        let place = Place { width: 900.0, height: 700.0, at: Some((10.0, 20.0)), maximized: true };
        let dark = Preferences { theme: Theme::Dark, ..Preferences::default() };
        let kept = Kept::read(folder.path().to_owned());
        kept.set_place(place);
        kept.set_preferences(dark.clone()).unwrap();
        let again = Kept::read(folder.path().to_owned());
        assert_eq!((again.place(), again.preferences()), (Some(place), dark));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = folder.path().join(NAME).metadata().unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert!(!folder.path().join(NEW).exists());
    }

    #[test]
    fn what_cant_be_read_is_as_before_anybody_chose() {
        let folder = folder();
        for hostile in [
            &b""[..],
            b"[]",
            b"null",
            b"{\"preferences\":7,\"place\":{\"width\":1e99}}",
            b"{\"preferences\":{\"theme\":\"../../etc\"}}",
            b"{\"place\":{\"width\":900,\"height\":700,\"at\":[1e300,0],\"maximized\":false}}",
            &[0xff; 64],
            &[b'['; 4000],
            &[b' '; 5000],
        ] {
            fs::write(folder.path().join(NAME), hostile).unwrap();
            let kept = Kept::read(folder.path().to_owned());
            assert_eq!((kept.preferences(), kept.place()), (Preferences::default(), None));
        }
    }

    #[test]
    fn one_unreadable_part_spoils_no_other() {
        let folder = folder();
        fs::write(folder.path().join(NAME), r#"{"preferences":{"theme":"dark"},"place":"here"}"#).unwrap();
        let kept = Kept::read(folder.path().to_owned());
        assert_eq!((kept.preferences().theme, kept.place()), (Theme::Dark, None));
    }

    #[test]
    fn the_time_until_locking_has_bounds() {
        let folder = folder();
        let kept = Kept::read(folder.path().to_owned());
        for (asked, held) in [(Some(0), Some(1)), (Some(u16::MAX), Some(LONGEST_MINUTES)), (None, None)] {
            let asked = Preferences { lock_after_minutes: asked, ..Preferences::default() };
            kept.set_preferences(asked).unwrap();
            assert_eq!(kept.preferences().lock_after_minutes, held);
        }
    }

    #[test]
    fn what_cant_be_written_doesnt_hold() {
        let folder = folder();
        let kept = Kept::read(folder.path().to_owned());
        kept.set_preferences(Preferences { theme: Theme::Dark, ..Preferences::default() }).unwrap();
        let before = kept.preferences();
        // No file can be made where a folder is, whoever asks.
        fs::create_dir(folder.path().join(NEW)).unwrap();
        let never = Preferences { lock_after_minutes: None, ..Preferences::default() };
        assert_eq!(kept.set_preferences(never).unwrap_err().code, ErrorCode::DiskError);
        assert_eq!(kept.preferences(), before);
        assert_eq!(Kept::read(folder.path().to_owned()).preferences(), before);
    }

    #[cfg(unix)]
    #[test]
    fn what_isnt_a_plain_file_is_neither_read_nor_followed() {
        let folder = folder();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, r#"{"preferences":{"theme":"dark"}}"#).unwrap();
        std::os::unix::fs::symlink(&elsewhere, folder.path().join(NAME)).unwrap();
        let kept = Kept::read(folder.path().to_owned());
        assert_eq!(kept.preferences(), Preferences::default());
        kept.set_preferences(Preferences { theme: Theme::Light, ..Preferences::default() }).unwrap();
        assert!(fs::read_to_string(elsewhere).unwrap().contains("dark"));
    }
}
