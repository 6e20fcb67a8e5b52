//! The window's types: what `ui/src/lib/api/generated` holds is what is declared here.
//!
//! `cargo test -p snug-api --lib typescript` compares the two; with `SNUG_WRITE=1` it writes the files.
//!
//! A type's file follows from the module that declares it. Commands and views share names, and never a file.

#![allow(clippy::panic, reason = "a test says what is wrong by panicking")]

use crate::{ApiError, DoorState, Event, Preferences, Request, Response};
use std::any::{TypeId, type_name};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use ts_rs::{Config, TS, TypeVisitor};

const COMMAND: &str = "SNUG_WRITE=1 cargo test -p snug-api --lib typescript";

/// One generated file.
#[derive(Default)]
struct Module {
    imports: BTreeMap<&'static str, BTreeSet<String>>,
    types: BTreeMap<String, String>,
}

/// The files, and the types that are in them already.
#[derive(Default)]
struct Modules {
    config: Config,
    files: BTreeMap<&'static str, Module>,
    seen: BTreeSet<TypeId>,
}

/// In which file a type is; none if TypeScript has it.
fn file<T: TS + ?Sized>() -> Option<&'static str> {
    T::output_path()?;
    let path = type_name::<T>();
    let (module, name) = path.strip_prefix("snug_api::").and_then(|path| path.split_once("::"))?;
    Some(match module {
        "command" if name == "Response" => "answers",
        "command" => "commands",
        "view" => "views",
        "event" => "events",
        "door" => "door",
        "error" => "errors",
        "preferences" => "preferences",
        other => panic!("no file is chosen for the types of {other}"),
    })
}

impl Modules {
    fn add<T: TS + 'static + ?Sized>(&mut self) {
        let Some(file) = file::<T>() else { return };
        if !self.seen.insert(TypeId::of::<T>()) {
            return;
        }
        let docs = T::docs().unwrap_or_default();
        let text = laid_out(&docs, &T::decl(&self.config));
        let module = self.files.entry(file).or_default();
        let earlier = module.types.insert(T::ident(&self.config), text);
        assert!(earlier.is_none(), "two types of {file} have one name: {}", type_name::<T>());
        T::visit_dependencies(&mut Dependencies { of: file, modules: self });
    }

    fn write(self) -> BTreeMap<&'static str, String> {
        let head = format!("// Generated from snug-api by `{COMMAND}`.\n/* eslint-disable */\n");
        let written = self.files.into_iter().map(|(file, module)| {
            let imports = module.imports.into_iter().map(|(from, names)| {
                let names: Vec<_> = names.into_iter().collect();
                format!("import type {{ {} }} from \"./{from}\";\n", names.join(", "))
            });
            let types = module.types.into_values().map(|text| format!("\n{text}"));
            (file, head.clone() + &imports.chain(types).collect::<String>())
        });
        written.collect()
    }
}

/// A declaration as a person would write it: one field a line, one case a line.
fn laid_out(docs: &str, declared: &str) -> String {
    let short = |text: &str| text.replace("/**\n * ", "/** ").replace("\n */", " */");
    let declared = short(declared)
        .replace(" \n", "\n")
        .replace('\n', "\n  ")
        .replace(", }", ",\n}")
        .replace(" | { \"", "\n  | { \"");
    format!("{}export {declared}\n", short(docs))
}

/// Takes up what the types of one file refer to.
struct Dependencies<'a> {
    of: &'static str,
    modules: &'a mut Modules,
}

impl TypeVisitor for Dependencies<'_> {
    fn visit<T: TS + 'static + ?Sized>(&mut self) {
        let Some(file) = file::<T>() else { return };
        if file != self.of {
            let module = self.modules.files.entry(self.of).or_default();
            module.imports.entry(file).or_default().insert(T::ident(&self.modules.config));
        }
        self.modules.add::<T>();
    }
}

#[test]
fn the_windows_types_are_those_declared_here() {
    let mut modules = Modules { config: Config::new().with_large_int("number"), ..Modules::default() };
    modules.add::<Request>();
    modules.add::<Response>();
    modules.add::<Event>();
    modules.add::<ApiError>();
    modules.add::<DoorState>();
    modules.add::<Preferences>();

    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/lib/api/generated");
    let write = std::env::var_os("SNUG_WRITE").is_some();
    for (file, text) in modules.write() {
        let path = folder.join(file).with_extension("ts");
        if write {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, text).unwrap();
        } else {
            let committed = std::fs::read_to_string(&path).unwrap_or_default();
            assert!(committed == text, "{} isn't what is declared; write it: {COMMAND}", path.display());
        }
    }
}
