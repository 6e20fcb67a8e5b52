//! A laptop's folder: where it is unless somebody says otherwise, and why one can't be used.

use crate::error::{ApiError, ErrorCode, plain_reason};
use etcetera::base_strategy::{BaseStrategy, choose_native_strategy};
use snug_node::NodeError;
use std::io;
use std::path::{Path, PathBuf};

/// The platform's place for this person's data, and Snug's folder in it. The window and the command line share it.
pub fn default_folder() -> Result<PathBuf, ApiError> {
    choose_native_strategy().map(|place| place.data_dir().join("snug")).map_err(|_| {
        ApiError::new(
            ErrorCode::DiskError,
            "this system names no folder for your data; say one with --data DIR",
        )
    })
}

/// Refuses what can't be a laptop's folder. One that isn't there yet can.
pub(crate) fn a_folder(folder: &Path) -> Result<(), ApiError> {
    match folder.metadata() {
        Ok(found) if found.is_dir() => Ok(()),
        Ok(_) => Err(unusable(&format!("{} isn't a folder", folder.display()))),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(unusable(&format!("{}: {error}", folder.display()))),
    }
}

/// Why a laptop can't be made or opened. Nothing was being saved, so nothing is said of that.
pub(crate) fn opening(error: NodeError) -> ApiError {
    match error {
        NodeError::Disk(why) => unusable(&why),
        NodeError::DiskFull => {
            ApiError::new(ErrorCode::DiskFull, "this folder can't be used: the disk is full")
        }
        error => error.into(),
    }
}

fn unusable(why: &str) -> ApiError {
    ApiError::new(ErrorCode::DiskError, format!("this folder can't be used: {}", plain_reason(why)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_folder_is_told_without_the_systems_numbers() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        std::fs::write(&file, "mine").unwrap();
        let told = |error: ApiError| (error.code, error.message.replace(&file.display().to_string(), "FILE"));
        let unusable = |why: &str| (ErrorCode::DiskError, format!("this folder can't be used: {why}"));
        assert_eq!(told(a_folder(&file).unwrap_err()), unusable("FILE isn't a folder"));
        #[cfg(unix)]
        assert_eq!(told(a_folder(&file.join("x")).unwrap_err()), unusable("FILE/x: Not a directory"));
        assert_eq!(a_folder(&dir.path().join("new")), Ok(()));
        assert_eq!(a_folder(dir.path()), Ok(()));
        let denied = NodeError::Disk("FILE: Permission denied (os error 13)".into());
        assert_eq!(told(opening(denied)), unusable("FILE: Permission denied"));
        assert_eq!(opening(NodeError::WrongPassphrase).code, ErrorCode::WrongPassphrase);
    }
}
