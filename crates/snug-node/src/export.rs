//! Everything of a circle in open formats, for programs and for years to come.
//!
//! ```text
//! DIR/notes/*.md      each note as Markdown, its title as the first heading
//! DIR/plans/*.ics     each gathering as a calendar file
//! DIR/circle.json     all of it: people, notes with their Markdown, gatherings with their answers
//! ```
//! Written beside the folder first and moved into its place when whole, so that half an export is never taken for one.

use crate::ambient::{OsEntropy, now};
use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::owner::Owner;
use crate::private;
use crate::view::{Exported, PlanView};
use serde_json::json;
use snug_circle::ContentKind;
use snug_crypto::random;
use snug_document::export::{FileNames, calendar_file, note_file};
use snug_document::{markdown, note, plan};
use snug_types::CircleId;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// The folder's part that holds notes.
const NOTES: &str = "notes";
/// The folder's part that holds gatherings.
const PLANS: &str = "plans";
/// All of it for programs.
const ALL: &str = "circle.json";
/// The version of the shape of [`ALL`].
const VERSION: u32 = 1;

impl Owner {
    pub(crate) async fn export(&mut self, id: CircleId, dir: &Path) -> Answered<Exported> {
        self.member(id)?;
        let target = dir.to_owned();
        free(&target)?;
        let mut files: Vec<(PathBuf, String)> = Vec::new();
        let (mut names, mut notes) = (FileNames::new(), Vec::new());
        for (of, summary) in self.summaries(id, ContentKind::Note).await? {
            let view = note::view(self.document(id, of).await?);
            let name = names.give(&summary.title, "md");
            files.push((Path::new(NOTES).join(&name), note_file(&view)));
            notes.push(json!({
                "id": of.0.document.to_string(),
                "title": summary.title,
                "changed": summary.changed.0,
                "away": summary.away,
                "markdown": markdown::write(&view.body),
                "file": format!("{NOTES}/{name}"),
            }));
        }
        let (mut names, mut plans) = (FileNames::new(), Vec::new());
        for (of, summary) in self.summaries(id, ContentKind::Plan).await? {
            let document = plan::view(self.document(id, of).await?);
            let view = self.plan(id, of.0.document).await?.value;
            let name = names.give(&summary.title, "ics");
            files.push((Path::new(PLANS).join(&name), calendar_file(of.0.document, &document, now())));
            plans.push(plan_json(&view, &format!("{PLANS}/{name}")));
        }
        let people: Vec<_> = self
            .people(id)
            .await?
            .value
            .into_iter()
            .map(|person| {
                json!({
                    "id": person.member.to_string(),
                    "name": person.name,
                    "me": person.me,
                    "left": person.left,
                    "let_in_by": person.added_by.map(|member| member.to_string()),
                })
            })
            .collect();
        let (name, kind) = self.circle_name(id).await?;
        let exported = Exported { notes: notes.len(), plans: plans.len() };
        let all = json!({
            "version": VERSION,
            "circle": { "id": id.to_string(), "name": name, "kind": kind.map(snug_document::page::CircleKind::as_str) },
            "written": now().0,
            "people": people,
            "notes": notes,
            "gatherings": plans,
        });
        files.push((PathBuf::from(ALL), format!("{all:#}\n")));
        let mark = u64::from_be_bytes(random(&mut OsEntropy));
        tokio::task::spawn_blocking(move || write_all(&target, mark, &files))
            .await
            .map_err(|e| NodeError::Internal(e.to_string()))??;
        Ok(Done::now(exported))
    }
}

fn plan_json(view: &PlanView, file: &str) -> serde_json::Value {
    let answers: Vec<_> = view
        .answers
        .iter()
        .filter_map(|a| {
            let answer = a.answer?.as_str();
            Some(json!({ "person": a.person, "id": a.member.to_string(), "answer": answer }))
        })
        .collect();
    json!({
        "id": view.id.to_string(),
        "title": view.title,
        "place": view.place,
        "at": view.at.as_ref().map(|at| json!({ "local": at.local, "zone": at.zone, "instant": at.instant.0 })),
        "changed": view.changed.0,
        "away": view.away,
        "answers": answers,
        "file": file,
    })
}

/// True to its word: an export never mixes with what is there.
fn free(dir: &Path) -> Result<(), NodeError> {
    if !dir.is_absolute() {
        return Err(NodeError::Export("must be named in full".into()));
    }
    match fs::read_dir(dir) {
        Ok(mut entries) => match entries.next() {
            None => Ok(()),
            Some(_) => Err(NodeError::Export("isn't empty; choose an empty one or a new one".into())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(refused(&error)),
    }
}

fn refused(error: &io::Error) -> NodeError {
    match error.kind() {
        io::ErrorKind::StorageFull => NodeError::DiskFull,
        _ => NodeError::Export(format!("can't be written: {error}")),
    }
}

fn write_all(target: &Path, mark: u64, files: &[(PathBuf, String)]) -> Result<(), NodeError> {
    let (Some(parent), Some(_)) = (target.parent(), target.file_name()) else {
        return Err(NodeError::Export("can't be this one".into()));
    };
    fs::create_dir_all(parent).map_err(|e| refused(&e))?;
    let part = parent.join(format!(".export-{mark:016x}"));
    let written = write_part(&part, files).and_then(|()| {
        if target.exists() {
            fs::remove_dir(target)?;
        }
        fs::rename(&part, target)
    });
    written.map_err(|error| {
        // What could be written of it is no export.
        let _ = fs::remove_dir_all(&part);
        refused(&error)
    })
}

fn write_part(part: &Path, files: &[(PathBuf, String)]) -> io::Result<()> {
    private::dir(part)?;
    private::dir(&part.join(NOTES))?;
    private::dir(&part.join(PLANS))?;
    for (name, text) in files {
        let mut file = private::new_file(&part.join(name))?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
    }
    Ok(())
}
