//! `snug init`

use crate::laptop::Way;
use crate::out::{Out, Stop};
use serde::Serialize;
use snug_api::Desk;
use std::path::Path;

#[derive(Serialize)]
struct Made<'a> {
    folder: &'a Path,
}

pub(crate) async fn init(way: &Way, out: Out, name: &str) -> Result<(), Stop> {
    let passphrase = way.passphrase.choose()?;
    Desk::create(&way.folder, &passphrase, name).await?;
    out.answer(&Made { folder: &way.folder }, || {
        format!("Everything will be kept in {}, protected by your passphrase.", way.folder.display())
    })
}
