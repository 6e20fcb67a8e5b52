//! The program as a script meets it: exit codes, what stands on which stream, and staying up. On loopback alone.

#![cfg(unix)]

use rustix::process::{Pid, Signal, kill_process};
use snug_api::{Claimed, Door, DoorConfig};
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use tempfile::TempDir;

/// A folder for one laptop, and its passphrase in a file beside it.
struct Home {
    root: TempDir,
}

impl Home {
    fn new() -> Self {
        let Ok(root) = tempfile::tempdir() else { panic!("no temporary folder") };
        let home = Self { root };
        assert!(std::fs::write(home.passphrase(), "tea at four\nnot this\n").is_ok());
        home
    }

    /// One that is set up.
    fn of(name: &str) -> Self {
        let home = Self::new();
        assert_eq!(home.run(&["init", "--name", name]).code, 0);
        home
    }

    fn passphrase(&self) -> PathBuf {
        self.root.path().join("passphrase")
    }

    fn folder(&self) -> PathBuf {
        self.root.path().join("laptop")
    }

    /// Without a passphrase.
    fn bare(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_snug"));
        command.args(words).stdin(Stdio::null());
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("SNUG_")) {
            command.env_remove(name);
        }
        command.env("SNUG_DATA", self.folder()).env("SNUG_INTERFACES", "lo");
        command
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = self.bare(words);
        command.env("SNUG_PASSPHRASE_FILE", self.passphrase());
        command
    }

    fn run(&self, words: &[&str]) -> Ended {
        ended(self.command(words))
    }

    /// Starts `snug up`, and waits until it is ready.
    fn up(&self) -> Up {
        let Ok(mut child) = self.command(&["up"]).stdout(Stdio::piped()).spawn() else {
            panic!("can't start")
        };
        let Some(stdout) = child.stdout.take() else { panic!("no output") };
        let mut up = Up { child, stdout: BufReader::new(stdout) };
        let mut line = String::new();
        assert!(up.stdout.read_line(&mut line).is_ok());
        assert_eq!(line, "ready\n");
        up
    }
}

#[derive(Debug)]
struct Ended {
    code: i32,
    out: String,
    err: String,
}

fn ended(mut command: Command) -> Ended {
    let Ok(output) = command.output() else { panic!("can't run {command:?}") };
    Ended {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// A running `snug up`; ended hard if a test forgets it.
struct Up {
    child: Child,
    stdout: BufReader<ChildStdout>,
}

impl Up {
    fn signal(&self, signal: Signal) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        assert!(pid.is_some_and(|pid| kill_process(pid, signal).is_ok()));
    }

    /// Its exit code, and what else it printed.
    fn wait(mut self) -> (Option<i32>, String) {
        let mut rest = String::new();
        let _whole = self.stdout.read_to_string(&mut rest);
        (self.child.wait().ok().and_then(|status| status.code()), rest)
    }
}

impl Drop for Up {
    fn drop(&mut self) {
        let _gone = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn socket(folder: &Path) -> PathBuf {
    folder.join("snug.sock")
}

#[test]
fn failures_say_one_sentence_and_wrong_usage_is_told_apart() {
    let home = Home::new();
    let nothing = home.run(&["status"]);
    assert_eq!((nothing.code, nothing.out.as_str(), nothing.err.lines().count()), (1, "", 1), "{nothing:?}");
    assert!(nothing.err.contains("snug init"), "{nothing:?}");
    let json = home.run(&["--json", "status"]);
    let error: serde_json::Value = serde_json::from_str(&json.err).unwrap();
    assert_eq!((json.code, error["code"].as_str()), (1, Some("no_store")));
    for usage in [
        &["frobnicate"][..],
        &["up", "--for", "soon"],
        &["plan", "new", "R", "C", "--zone", "UTC"],
        &[],
        &["plan", "new", "R", "C", "--at", "tomorrow", "--zone", "UTC"],
    ] {
        let wrong = home.run(usage);
        assert_eq!((wrong.code, wrong.out.as_str()), (2, ""), "{wrong:?}");
    }
    assert_eq!(home.run(&["--help"]).code, 0);
}

#[test]
fn the_passphrase_comes_from_the_first_line_of_a_file() {
    let home = Home::of("Anna");
    let unasked = ended(home.bare(&["status"]));
    assert_eq!(unasked.code, 1, "{unasked:?}");
    std::fs::write(home.passphrase(), "tea at five").unwrap();
    let wrong = home.run(&["status"]);
    assert_eq!((wrong.code, wrong.err.lines().count()), (1, 1), "{wrong:?}");
    std::fs::write(home.passphrase(), "tea at four").unwrap();
    assert_eq!(home.run(&["status"]).code, 0);
    assert_eq!(home.run(&["init", "--name", "Eve"]).code, 1, "what is there stays");
}

#[test]
fn ids_and_bodies_stand_alone_and_json_keys_are_stable() {
    let home = Home::of("Anna");
    let circle = home.run(&["circle", "found", "Reading"]).out;
    assert_eq!((circle.trim_end().len(), circle.lines().count()), (64, 1), "{circle}");
    let body = home.root.path().join("body.md");
    std::fs::write(&body, "# Tea\n\n- hot\n").unwrap();
    let Some(body) = body.to_str() else { panic!("{}", body.display()) };
    let note = home.run(&["note", "new", "Reading", "Tea", "--file", body]).out;
    assert_eq!((note.trim_end().len(), note.lines().count()), (32, 1), "{note}");
    assert_eq!(home.run(&["note", "show", "Reading", "Tea"]).out, "# Tea\n\n- hot\n");
    let status: serde_json::Value = serde_json::from_str(&home.run(&["--json", "status"]).out).unwrap();
    let first = &status["circles"][0];
    assert_eq!((first["id"].as_str(), first["name"].as_str()), (Some(circle.trim_end()), Some("Reading")));
    assert_eq!((first["laptops"].as_u64(), first["holding"].as_u64()), (Some(1), Some(1)));
    assert!(first.get("as_of").is_some());
    home.run(&["plan", "new", "Reading", "Coffee", "--at", "2026-12-01T18:00", "--zone", "Europe/Budapest"]);
    assert_eq!(home.run(&["plan", "answer", "Reading", "Coffee", "if-need-be"]).code, 0);
    let plan: serde_json::Value =
        serde_json::from_str(&home.run(&["plan", "show", "Reading", "Coffee", "--json"]).out).unwrap();
    assert_eq!(plan["answers"][0]["person"], "Anna");
    assert_eq!(plan["answers"][0]["answer"], "if-need-be");
}

#[test]
fn commands_go_to_the_one_that_is_up_and_it_ends_in_order() {
    let home = Home::of("Anna");
    for signal in [Signal::INT, Signal::TERM] {
        let up = home.up();
        assert!(socket(&home.folder()).exists());
        let found = ended(home.bare(&["circle", "found", "Reading"]));
        assert_eq!(found.code, 0, "no passphrase is needed: {found:?}");
        assert_eq!(home.run(&["up"]).code, 1, "two can't be up");
        up.signal(signal);
        assert_eq!(up.wait().0, Some(0));
        assert!(!socket(&home.folder()).exists());
    }
    let circles = home.run(&["circle", "list"]).out;
    assert_eq!(circles.lines().count(), 2, "{circles}");
}

/// What commands are told while a window has the folder, however it stands.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_window_is_told_apart_and_never_asked_past() {
    let home = Home::new();
    let config = DoorConfig { interfaces: Some(vec!["lo".into()]), dial: vec![] };
    let Ok(Claimed::Here(door, _raises)) = Door::claim(&home.folder(), config).await else {
        panic!("no door")
    };
    let told = |words: &[&str]| {
        let ended = ended(home.bare(words));
        assert_eq!((ended.code, ended.out.as_str(), ended.err.lines().count()), (1, "", 1), "{ended:?}");
        ended.err
    };
    // With a passphrase at hand, too: what is fresh is begun in the window alone.
    assert!(
        home.run(&["init", "--name", "Eve"]).err.contains("window is open with this folder; begin there")
    );
    for words in [&["status"][..], &["up"], &["join", "snug:abc"]] {
        let sentence = told(words);
        assert!(sentence.contains("nothing has begun"), "{words:?}: {sentence}");
    }
    door.create("Anna", "tea at four").await.unwrap();
    assert_eq!(ended(home.bare(&["me"])).out, "Anna\n");
    assert!(told(&["up"]).contains("already up"));
    assert!(told(&["init", "--name", "Eve"]).contains("already holds"));
    assert_eq!(ended(home.bare(&["network", "off"])).code, 0);
    assert!(ended(home.bare(&["network"])).out.starts_with("Switched off.\n"));
    assert!(told(&["up"]).contains("network is switched off"));

    door.lock().await.unwrap();
    for words in [&["status"][..], &["network", "on"], &["join", "snug:abc"], &["up"]] {
        let sentence = told(words);
        assert!(sentence.contains("locked; unlock it"), "{words:?}: {sentence}");
    }
    let json: serde_json::Value = serde_json::from_str(&told(&["--json", "status"])).unwrap();
    assert_eq!(json["code"], "locked");
    assert!(told(&["init", "--name", "Eve"]).contains("already holds"));
    door.close().await.unwrap();

    // `snug up` is explicit, and leaves the switch alone.
    let up = home.up();
    assert!(ended(home.bare(&["network"])).out.starts_with("Switched off, and on the network until"));
    up.signal(Signal::TERM);
    assert_eq!(up.wait().0, Some(0));
    assert!(home.run(&["network"]).out.starts_with("Switched off.\n"));
}

#[test]
fn other_names() {
    let home = Home::of("Anna");
    for words in [
        &["circle", "found", "Reading"][..],
        &["me", "--name", "Anna K."],
        &["me", "--name", "Aunt Anna", "--in", "Reading"],
        &["circle", "rename", "Reading", "Reading aloud"],
        &["circle", "found", "Walks"],
    ] {
        assert_eq!(home.run(words).code, 0, "{words:?}");
    }
    assert_eq!(home.run(&["me"]).out, "Anna K.\n");
    assert!(home.run(&["people", "Reading aloud"]).out.contains("Aunt Anna"));
    assert!(home.run(&["people", "Walks"]).out.contains("Anna K."));
    assert_eq!(home.run(&["people", "Reading"]).code, 1);
    for wrong in
        [&["me", "--name", " "][..], &["circle", "rename", "Walks", ""], &["me", "--name", "A", "--in", "x"]]
    {
        assert_eq!(home.run(wrong).code, 1, "{wrong:?}");
    }
}

#[test]
fn one_that_was_killed_leaves_nothing_in_the_way() {
    let home = Home::of("Anna");
    let up = home.up();
    up.signal(Signal::KILL);
    assert_eq!(up.wait().0, None);
    assert!(socket(&home.folder()).exists());
    assert_eq!(home.run(&["circle", "found", "Reading"]).code, 0);
    let up = home.up();
    assert_eq!(ended(home.bare(&["circle", "list"])).code, 0);
    up.signal(Signal::TERM);
    assert_eq!(up.wait().0, Some(0));
}

#[test]
fn nobody_has_to_read() {
    let home = Home::of("Anna");
    let up = home.up();
    let mut child =
        home.command(&["circle", "list"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let mut complaint = String::new();
    child.stderr.take().unwrap().read_to_string(&mut complaint).unwrap();
    assert_eq!((child.wait().unwrap().code(), complaint.as_str()), (Some(0), ""));
    let mut up = up;
    // The reader of its events goes, and it stays up for the others.
    let unread = Command::new("true").stdout(Stdio::piped()).spawn().unwrap().stdout.take().unwrap();
    drop(std::mem::replace(&mut up.stdout, BufReader::new(unread)));
    for name in ["Reading", "Walks", "Money"] {
        assert_eq!(ended(home.bare(&["circle", "found", name])).code, 0);
    }
    up.signal(Signal::INT);
    assert_eq!(up.wait().0, Some(0));
}

#[test]
fn up_ends_by_itself_after_its_time_and_speaks_json_if_asked() {
    let home = Home::of("Anna");
    let up = home.run(&["--json", "up", "--for", "0s"]);
    assert_eq!(up.code, 0, "{up:?}");
    let joined = home.run(&["join", "snug:abc"]);
    assert_eq!((joined.code, joined.out.as_str(), joined.err.lines().count()), (1, "", 1), "{joined:?}");
}

#[test]
fn what_variables_set_is_not_told_as_required() {
    let wrong = Home::new().run(&["init"]);
    let usage = wrong.err.lines().find(|line| line.starts_with("Usage:"));
    assert_eq!((wrong.code, usage), (2, Some("Usage: snug init --name <NAME>")), "{wrong:?}");
}

#[test]
fn a_file_is_no_folder() {
    let home = Home::new();
    std::fs::write(home.folder(), "mine").unwrap();
    for words in [&["init", "--name", "Anna"][..], &["circle", "list"], &["up", "--for", "0s"]] {
        let ended = home.run(words);
        assert_eq!((ended.code, ended.out.as_str()), (1, ""), "{ended:?}");
        assert!(ended.err.contains("this folder can't be used") && ended.err.contains("isn't a folder"));
        assert!(!ended.err.contains("saved"), "{ended:?}");
    }
    assert_eq!(std::fs::read_to_string(home.folder()).unwrap(), "mine");
}

#[test]
fn a_time_that_comes_twice_is_noted_beside_the_answer() {
    let home = Home::of("Anna");
    home.run(&["circle", "found", "Walks"]);
    let new = |title, at| home.run(&["plan", "new", "Walks", title, "--at", at, "--zone", "Europe/Budapest"]);
    let twice = new("Night", "2026-10-25T02:30");
    assert_eq!((twice.code, twice.out.trim_end().len(), twice.err.lines().count()), (0, 32, 1), "{twice:?}");
    assert!(twice.err.contains("UTC+02:00"), "{twice:?}");
    assert!(home.run(&["plan", "show", "Walks", "Night"]).out.contains("UTC+02:00"));
    assert_eq!(new("Day", "2026-10-25T12:30").err, "");
}

#[test]
fn asking_again_under_another_name_is_told_that_the_first_stands() {
    let (anna, ben) = (Home::of("Anna"), Home::of("Ben"));
    anna.run(&["circle", "found", "Walks"]);
    let link = anna.run(&["invite", "Walks"]).out;
    let join = |name| ben.run(&["join", link.trim_end(), "--as", name, "--wait", "0s"]);
    let first = join("Benedikt");
    assert_eq!((first.code, first.err.lines().count()), (1, 1), "{first:?}");
    assert!(ben.run(&["circle", "list"]).out.contains("Asking to join as Benedikt"));
    assert_eq!(join("Benedikt").err.lines().count(), 1);
    let other = join("Benny");
    assert_eq!((other.code, other.err.lines().count()), (1, 2), "{other:?}");
    assert!(other.err.contains("you asked as Benedikt before"), "{other:?}");
}
