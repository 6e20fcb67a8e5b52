//! Everything of a circle in open formats: notes as Markdown, gatherings as calendar files, all of it as JSON.

use crate::error::NodeError;
use crate::laptop::Answered;
use crate::owner::Owner;
use crate::view::Exported;
use snug_types::CircleId;
use std::path::Path;

impl Owner {
    pub(crate) async fn export(&mut self, id: CircleId, dir: &Path) -> Answered<Exported> {
        self.member(id)?;
        Err(NodeError::Export(format!("{} can't be written yet", dir.display())))
    }
}
