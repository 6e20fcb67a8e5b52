//! Where the socket's file is. An address of a Unix socket holds about a hundred bytes, a path may be longer.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// The socket's name in the laptop's folder.
pub(crate) const SOCKET: &str = "snug.sock";

/// Bytes of a path that fit into an address on every system: 104 with the closing zero on macOS, 108 on Linux.
const ADDRESS_BYTES: usize = 100;

/// A path that fits into an address, for as long as this lives.
#[derive(Debug)]
pub(crate) struct Place {
    path: PathBuf,
    /// The open folder that a path through `/proc/self/fd` goes by.
    _folder: Option<File>,
}

impl Place {
    /// The place of the file `name` in `folder`.
    pub(crate) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let path = folder.join(name);
        if path.as_os_str().len() <= ADDRESS_BYTES {
            return Ok(Self { path, _folder: None });
        }
        through_descriptor(folder, name)
    }

    /// The path, perhaps another than the one a person knows.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }
}

#[cfg(target_os = "linux")]
fn through_descriptor(folder: &Path, name: &str) -> io::Result<Place> {
    use std::os::fd::AsRawFd;
    let folder = File::open(folder)?;
    let path = PathBuf::from(format!("/proc/self/fd/{}/{name}", folder.as_raw_fd()));
    Ok(Place { path, _folder: Some(folder) })
}

#[cfg(not(target_os = "linux"))]
fn through_descriptor(_folder: &Path, _name: &str) -> io::Result<Place> {
    Err(io::Error::new(io::ErrorKind::InvalidInput, "the folder's path is too long for a local socket"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_gets_a_short_one_to_the_same_file() {
        let root = tempfile::tempdir().unwrap();
        let short = Place::new(root.path(), "f").unwrap();
        assert_eq!(short.path(), root.path().join("f"));
        let deep = root.path().join("x".repeat(120));
        std::fs::create_dir(&deep).unwrap();
        std::fs::write(deep.join("f"), "here").unwrap();
        let place = Place::new(&deep, "f").unwrap();
        assert!(place.path().as_os_str().len() <= ADDRESS_BYTES);
        assert_eq!(std::fs::read_to_string(place.path()).unwrap(), "here");
    }
}
