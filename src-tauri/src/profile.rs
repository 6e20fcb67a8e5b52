//! Where the web view keeps its own things, such as the salts of its caches: an empty folder for each start, gone with the
//! program. The page has no profile; but a web view without any folder takes one in a place that stays.

use std::io;
use std::path::PathBuf;
use tempfile::TempDir;

/// Makes it, where the system itself clears up after a program that couldn't.
pub(crate) fn make() -> io::Result<TempDir> {
    let session = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let place = session.filter(|dir| dir.is_dir()).unwrap_or_else(std::env::temp_dir);
    tempfile::Builder::new().prefix("snug-").tempdir_in(place)
}
