//! Files and standard input, read here: a running Snug never opens a path on behalf of a command but an export's.

use snug_api::{ApiError, ErrorCode, plain_reason};
use snug_types::bound::{LINK_BYTES, MARKDOWN_BYTES};
use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

/// A note's body from a file, or from standard input for `-`.
pub(crate) fn markdown(file: &Path) -> Result<String, ApiError> {
    let text = if file == Path::new("-") {
        bounded(io::stdin().lock(), MARKDOWN_BYTES)
    } else {
        File::open(file).and_then(|file| bounded(file, MARKDOWN_BYTES))
    };
    let named = || if file == Path::new("-") { "standard input".into() } else { file.display().to_string() };
    match text {
        Ok(Some(bytes)) => String::from_utf8(bytes)
            .map_err(|_| ApiError::new(ErrorCode::BadText, format!("{} isn't text (UTF-8)", named()))),
        Ok(None) => Err(ApiError::new(
            ErrorCode::TooLarge,
            format!("{} is too large for a note: {} KiB at most at once", named(), MARKDOWN_BYTES >> 10),
        )),
        Err(error) => Err(ApiError::new(
            ErrorCode::DiskError,
            format!("{} can't be read: {}", named(), plain_reason(error)),
        )),
    }
}

/// An invitation link as it was given, or from standard input for `-`.
pub(crate) fn link(given: &str) -> Result<String, ApiError> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    // White space around a link is no part of it.
    match bounded(io::stdin().lock(), 2 * LINK_BYTES) {
        Ok(Some(bytes)) => Ok(String::from_utf8_lossy(&bytes).trim().to_owned()),
        Ok(None) => {
            Err(ApiError::new(ErrorCode::NotALink, "standard input holds more than an invitation link"))
        }
        Err(error) => {
            let why = plain_reason(error);
            Err(ApiError::new(ErrorCode::DiskError, format!("standard input can't be read: {why}")))
        }
    }
}

/// All of it, or none if it is more than `bound` bytes.
fn bounded(from: impl Read, bound: usize) -> io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    from.take(u64::try_from(bound).unwrap_or(u64::MAX).saturating_add(1)).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= bound).then_some(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_than_the_bound_is_read() {
        assert_eq!(bounded(&b"abc"[..], 3).unwrap(), Some(b"abc".to_vec()));
        assert_eq!(bounded(&b"abcd"[..], 3).unwrap(), None);
        assert_eq!(bounded(io::repeat(b'x'), 1000).unwrap(), None);
    }

    #[test]
    fn what_is_no_text_is_told() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("body.md");
        std::fs::write(&file, [0xff, 0x00]).unwrap();
        assert_eq!(markdown(&file).unwrap_err().code, ErrorCode::BadText);
        assert_eq!(markdown(&dir.path().join("none")).unwrap_err().code, ErrorCode::DiskError);
        std::fs::write(&file, "# é").unwrap();
        assert_eq!(markdown(&file).unwrap(), "# é");
    }
}
