//! What leads out of the laptop's folder. The page names no file and no address by itself: it has the folder that somebody
//! chose in the system's own window, once, and dials nobody.

use snug_api::command::{Export, Join};
use snug_api::{ApiError, ErrorCode, Request};
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What somebody allowed.
#[derive(Default)]
pub(crate) struct Outward(Mutex<Option<PathBuf>>);

impl Outward {
    /// Somebody chose this folder. It holds for one request, and until another one is chosen.
    pub(crate) fn chose(&self, folder: PathBuf) {
        *self.folder() = Some(folder);
    }

    /// Whether the page may ask this.
    ///
    /// # Errors
    /// [`ErrorCode::ExportFolder`] for a folder that nobody chose, [`ErrorCode::Unsupported`] for an address.
    pub(crate) fn admit(&self, request: &Request) -> Result<(), ApiError> {
        match request {
            Request::Export(Export { folder, .. }) if self.folder().take().as_ref() != Some(folder) => {
                Err(ApiError::new(
                    ErrorCode::ExportFolder,
                    "this folder wasn't chosen; choose one, and try again",
                ))
            }
            Request::Join(Join { dial, .. }) if !dial.is_empty() => {
                Err(ApiError::new(ErrorCode::Unsupported, "the window dials no addresses; `snug join` does"))
            }
            _ => Ok(()),
        }
    }

    fn folder(&self) -> MutexGuard<'_, Option<PathBuf>> {
        // Each change is one assignment: a thread that panicked has left it whole.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_api::command::Me;

    fn export(folder: &str) -> Request {
        Export { circle: "Five who read".to_owned(), folder: folder.into() }.into()
    }

    fn join(dial: &[&str]) -> Request {
        let dial = dial.iter().map(|address| address.parse().unwrap()).collect();
        Join { link: String::new(), name: None, dial }.into()
    }

    #[test]
    fn a_copy_goes_to_the_folder_that_was_chosen_last_and_once() {
        let outward = Outward::default();
        let refused =
            |folder| outward.admit(&export(folder)).is_err_and(|error| error.code == ErrorCode::ExportFolder);
        assert!(refused("/tmp/copy"));
        outward.chose("/tmp/other".into());
        outward.chose("/tmp/copy".into());
        outward.admit(&Me {}.into()).unwrap();
        outward.admit(&export("/tmp/copy")).unwrap();
        assert!(refused("/tmp/copy"), "another time");
        outward.chose("/tmp/copy".into());
        assert!(refused("/tmp/other"));
        assert!(refused("/tmp/copy"), "after it tried another");
    }

    #[test]
    fn the_page_dials_nobody() {
        let outward = Outward::default();
        outward.admit(&join(&[])).unwrap();
        assert_eq!(outward.admit(&join(&["192.0.2.1:7000"])).unwrap_err().code, ErrorCode::Unsupported);
    }
}
