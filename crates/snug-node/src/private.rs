//! Files and folders that only their owner may open, whatever the umask: the one place here that knows platforms.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io;
use std::path::Path;

/// Makes a folder.
pub(crate) fn dir(dir: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)
}

/// Makes a file that isn't there yet.
pub(crate) fn new_file(file: &Path) -> io::Result<File> {
    options().create_new(true).open(file)
}

/// Makes a file, or empties the one that is there.
pub(crate) fn file(file: &Path) -> io::Result<File> {
    options().create(true).truncate(true).open(file)
}

fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
