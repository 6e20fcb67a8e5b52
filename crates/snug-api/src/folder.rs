//! Where a laptop's folder is unless somebody says otherwise.

use crate::error::{ApiError, ErrorCode};
use etcetera::base_strategy::{BaseStrategy, choose_native_strategy};
use std::path::PathBuf;

/// The platform's place for this person's data, and Snug's folder in it. The window and the command line share it.
pub fn default_folder() -> Result<PathBuf, ApiError> {
    choose_native_strategy().map(|place| place.data_dir().join("snug")).map_err(|_| {
        ApiError::new(
            ErrorCode::DiskError,
            "this system names no folder for your data; say one with --data DIR",
        )
    })
}
