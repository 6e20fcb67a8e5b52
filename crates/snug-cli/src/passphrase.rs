//! The passphrase: from the first line of a file, or asked for. It is never an argument, which others could see.

use snug_api::{ApiError, ErrorCode, plain_reason};
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Bytes of a passphrase file that are read at most.
const PASSPHRASE_BYTES: u64 = 4096;

/// Where the passphrase comes from. Asked for once, then remembered until the command ends.
#[derive(Debug)]
pub(crate) struct Passphrase {
    file: Option<PathBuf>,
    known: Option<Zeroizing<String>>,
}

impl Passphrase {
    pub(crate) const fn new(file: Option<PathBuf>) -> Self {
        Self { file, known: None }
    }

    /// The passphrase of a folder that exists.
    pub(crate) fn tell(&mut self) -> Result<Zeroizing<String>, ApiError> {
        let passphrase = match (&self.known, &self.file) {
            (Some(known), _) => known.clone(),
            (None, Some(file)) => first_line(file)?,
            (None, None) => ask("Passphrase: ")?,
        };
        if passphrase.is_empty() {
            return Err(ApiError::new(ErrorCode::EmptyPassphrase, "the passphrase is empty"));
        }
        self.known = Some(passphrase.clone());
        Ok(passphrase)
    }

    /// A new passphrase: typed twice where it is typed.
    pub(crate) fn choose(&self) -> Result<Zeroizing<String>, ApiError> {
        if let Some(file) = &self.file {
            return first_line(file);
        }
        let first = ask("A passphrase to protect everything here: ")?;
        if first.is_empty() {
            return Err(ApiError::new(
                ErrorCode::EmptyPassphrase,
                "the passphrase is empty; nothing was made",
            ));
        }
        if ask("The same once more: ")? == first {
            Ok(first)
        } else {
            Err(ApiError::new(ErrorCode::WrongPassphrase, "the two passphrases differ; nothing was made"))
        }
    }
}

fn ask(prompt: &str) -> Result<Zeroizing<String>, ApiError> {
    rpassword::prompt_password(prompt).map(Zeroizing::new).map_err(|_| {
        ApiError::new(
            ErrorCode::PassphraseNeeded,
            "there is no terminal to ask for the passphrase; name a file that holds it with --passphrase-file FILE",
        )
    })
}

/// The first line of a file, without its end.
fn first_line(file: &Path) -> Result<Zeroizing<String>, ApiError> {
    let unreadable = |why: &dyn std::fmt::Display| {
        ApiError::new(
            ErrorCode::PassphraseNeeded,
            format!("the passphrase file {} can't be read: {why}", file.display()),
        )
    };
    let mut bytes = Zeroizing::new(Vec::new());
    File::open(file)
        .and_then(|file| file.take(PASSPHRASE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error: io::Error| unreadable(&plain_reason(error)))?;
    let end = bytes.iter().position(|byte| *byte == b'\n').unwrap_or(bytes.len());
    let line = &bytes[..end];
    if u64::try_from(line.len()).is_ok_and(|len| len > PASSPHRASE_BYTES) {
        return Err(unreadable(&"its first line is too long"));
    }
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    // Some editors begin a file with a mark that nobody typed.
    let line = line.strip_prefix("\u{FEFF}".as_bytes()).unwrap_or(line);
    let text = std::str::from_utf8(line).map_err(|_| unreadable(&"its first line isn't text"))?;
    Ok(Zeroizing::new(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(bytes: &[u8]) -> Result<String, ErrorCode> {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("passphrase");
        std::fs::write(&file, bytes).unwrap();
        Passphrase::new(Some(file)).tell().map(|p| p.to_string()).map_err(|e| e.code)
    }

    #[test]
    fn a_file_gives_its_first_line_without_the_end() {
        assert_eq!(told(b"tea at four\n"), Ok("tea at four".into()));
        assert_eq!(told(b"tea at four"), Ok("tea at four".into()));
        assert_eq!(told(b" tea \r\nsecond line\n"), Ok(" tea ".into()));
        assert_eq!(told(b"\xef\xbb\xbftea at four\r\n"), Ok("tea at four".into()));
        let mut long_tail = b"tea\n".to_vec();
        long_tail.resize(100_000, b'x');
        assert_eq!(told(&long_tail), Ok("tea".into()));
    }

    #[test]
    fn a_file_that_gives_none_is_told() {
        assert_eq!(told(&[b'x'; 5000]), Err(ErrorCode::PassphraseNeeded));
        assert_eq!(told(&[0xff, 0xfe]), Err(ErrorCode::PassphraseNeeded));
        for empty in [&b""[..], b"\n", b"\r\ntea", b"\xef\xbb\xbf\n"] {
            assert_eq!(told(empty), Err(ErrorCode::EmptyPassphrase), "{empty:?}");
        }
        let missing = Passphrase::new(Some("/nowhere/at/all".into())).tell().unwrap_err();
        assert_eq!(missing.code, ErrorCode::PassphraseNeeded);
    }
}
