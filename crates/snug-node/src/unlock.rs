//! Making a laptop's folder, and opening it by a passphrase.
//!
//! ```text
//! create: lock the folder → draw a key → wrap it by the passphrase (Argon2id) → store under the raw key → the name
//! open:   lock the folder → read the wrapped key → wait, if wrong passphrases came before → unwrap → open the store
//! ```
//!
//! The folder is locked before a passphrase is tried, so that guesses can't run side by side, and the number of wrong
//! ones is kept in the folder, so that starting anew doesn't begin the count anew. A [`Home`] keeps it locked from
//! the first look at it to the end of the program, whether the laptop is open or not.

use crate::ambient::OsEntropy;
use crate::error::NodeError;
use crate::laptop::Laptop;
use crate::owner::setting;
use crate::private;
use snug_crypto::{UnwrapError, WrapError, WrappedKey, Wrapping, random};
use snug_store::{Folder, Hold, Store, StoreError, StoreKey, Write};
use snug_types::{DecodeError, Name, from_bytes, to_bytes};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use zeroize::Zeroizing;

/// The file that counts wrong passphrases. Not secret: it says only that somebody guessed.
const TRIES: &str = "tries";
/// The first delay after a wrong passphrase; it doubles with each further one.
const FIRST_DELAY: Duration = Duration::from_millis(250);
/// The longest delay.
const LONGEST_DELAY: Duration = Duration::from_secs(5);

/// A laptop that was opened.
pub(crate) struct Opened {
    pub(crate) store: Store,
    /// Wraps another key by the same passphrase.
    pub(crate) wrapping: Wrapping,
}

/// A laptop's folder that this process keeps, so that nobody else gets in while the laptop is closed.
#[derive(Debug)]
pub struct Home {
    hold: Arc<Hold>,
}

impl Home {
    /// Makes the folder if it isn't there, and takes it.
    ///
    /// # Errors
    /// What keeps a laptop from being made or opened there: the folder is left as it was.
    pub async fn take(dir: &Path) -> Result<Self, NodeError> {
        let dir = dir.to_owned();
        blocking(move || {
            let hold = Hold::take(&dir)?;
            if !hold.is_vacant()? {
                wrapped_key(&hold.folder()?)?;
            }
            Ok(Self { hold: Arc::new(hold) })
        })
        .await
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        self.hold.path()
    }

    /// True until there is a laptop in it.
    pub async fn is_fresh(&self) -> Result<bool, NodeError> {
        let hold = Arc::clone(&self.hold);
        blocking(move || Ok(hold.is_vacant()?)).await
    }

    /// Makes a laptop in it. It is still to be opened.
    pub async fn create(&self, passphrase: &str, name: Name) -> Result<(), NodeError> {
        let hold = Arc::clone(&self.hold);
        create(move || hold.vacant_folder(), Zeroizing::new(passphrase.to_owned()), name).await
    }

    /// Opens the laptop that is in it. A wrong passphrase is answered after a delay that grows to five seconds.
    ///
    /// # Errors
    /// [`InUse`](NodeError::InUse) while it is open, and as of [`Laptop::open`].
    pub async fn open(&self, passphrase: &str) -> Result<Laptop, NodeError> {
        let hold = Arc::clone(&self.hold);
        Laptop::start(open(move || hold.folder(), Zeroizing::new(passphrase.to_owned())).await?).await
    }
}

/// Makes a laptop in the folder that `take` takes, and closes it.
pub(crate) async fn create(
    take: impl FnOnce() -> Result<Folder, StoreError> + Send + 'static,
    passphrase: Zeroizing<String>,
    name: Name,
) -> Result<(), NodeError> {
    if passphrase.is_empty() {
        // Said before the folder is touched.
        return Err(NodeError::EmptyPassphrase);
    }
    let store = blocking(move || {
        let folder = take()?;
        let mut entropy = OsEntropy;
        let key = Zeroizing::new(random::<32>(&mut entropy));
        let wrapped = WrappedKey::wrap(&passphrase, &key, &mut entropy).map_err(|error| match error {
            WrapError::Empty => NodeError::EmptyPassphrase,
            WrapError::TooLong | WrapError::Memory => NodeError::Internal(error.to_string()),
        })?;
        Ok(Store::create(folder, StoreKey::new(*key), to_bytes(&wrapped))?)
    })
    .await?;
    let named = store
        .commit(vec![Write::PutSetting { name: setting::NAME.into(), value: name.as_str().into() }])
        .await;
    // The folder is free when this returns, whatever came of it.
    store.close().await;
    Ok(named?)
}

/// Whether there is a laptop in this folder that can be opened now, found out without its passphrase.
pub(crate) async fn peek(dir: PathBuf) -> Result<(), NodeError> {
    blocking(move || wrapped_key(&Folder::lock(&dir)?).map(|_| ())).await
}

fn wrapped_key(folder: &Folder) -> Result<WrappedKey, NodeError> {
    from_bytes(&folder.wrapped_key()?).map_err(|error| match error {
        DecodeError::UnknownTag { .. } => NodeError::NewerStore,
        _ => NodeError::Damaged("its key file is damaged".into()),
    })
}

/// Opens the laptop in the folder that `take` takes.
pub(crate) async fn open(
    take: impl FnOnce() -> Result<Folder, StoreError> + Send + 'static,
    passphrase: Zeroizing<String>,
) -> Result<Opened, NodeError> {
    blocking(move || {
        let folder = take()?;
        let wrapped = wrapped_key(&folder)?;
        let tries = Tries::read(folder.path());
        match wrapped.open(&passphrase) {
            Ok((key, wrapping)) => {
                let store = Store::open(folder, StoreKey::new(*key))?;
                tries.forget();
                Ok(Opened { store, wrapping })
            }
            Err(UnwrapError::WrongPassphrase) => {
                std::thread::sleep(tries.wrong());
                Err(NodeError::WrongPassphrase)
            }
            Err(error @ UnwrapError::Unsupported { .. }) => Err(NodeError::Damaged(error.to_string())),
            Err(error @ UnwrapError::Memory) => Err(NodeError::Internal(error.to_string())),
        }
    })
    .await
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, NodeError> + Send + 'static,
) -> Result<T, NodeError> {
    tokio::task::spawn_blocking(work).await.map_err(|e| NodeError::Internal(e.to_string()))?
}

/// How many wrong passphrases came since the last right one.
struct Tries {
    file: PathBuf,
    count: u32,
}

impl Tries {
    fn read(dir: &Path) -> Self {
        let file = dir.join(TRIES);
        let count =
            std::fs::read_to_string(&file).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
        Self { file, count }
    }

    /// Counts one more, and says how long to wait. That it can't be counted (a full disk) must not lock anybody out.
    fn wrong(&self) -> Duration {
        let _ = private::file(&self.file)
            .and_then(|mut file| file.write_all(self.count.saturating_add(1).to_string().as_bytes()));
        delay(self.count)
    }

    fn forget(&self) {
        if self.count > 0 {
            let _ = std::fs::remove_file(&self.file);
        }
    }
}

/// The delay after this many earlier wrong passphrases.
fn delay(earlier: u32) -> Duration {
    FIRST_DELAY.saturating_mul(1_u32.checked_shl(earlier).unwrap_or(u32::MAX)).min(LONGEST_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_grows_to_five_seconds_and_no_further() {
        let delays: Vec<u128> =
            [0, 1, 2, 4, 5, 31, 32, 4_000_000].iter().map(|n| delay(*n).as_millis()).collect();
        assert_eq!(delays, [250, 500, 1000, 4000, 5000, 5000, 5000, 5000]);
    }
}
