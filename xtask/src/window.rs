//! The window: built, opened, developed, shown, packed.

use crate::steps::{Steps, succeed};
use crate::{repo, ui};
use anyhow::Context;
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Where vite hands out the page: `devUrl` in `src-tauri/tauri.conf.json`.
const DEV_PORT: u16 = 5173;
/// Until vite answers, on a machine that is busy.
const DEV_STARTS: Duration = Duration::from_mins(1);

/// Whether somebody would see a window.
pub(crate) fn has_display() -> bool {
    let named = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    named("DISPLAY") || named("WAYLAND_DISPLAY") || !cfg!(target_os = "linux")
}

/// Builds the window, and opens it until it is closed.
pub(crate) fn run(steps: &mut Steps, arguments: &[String]) -> anyhow::Result<()> {
    build(steps)?;
    steps.command("the window", program().args(arguments))
}

/// Builds everything, and tells the story of two laptops in their windows.
pub(crate) fn demo(steps: &mut Steps) -> anyhow::Result<()> {
    build(steps)?;
    steps.command("demo: two windows, one circle", &mut ui::demo()?)
}

/// Opens the window on vite's server, which sends it each change of the page.
pub(crate) fn dev(steps: &mut Steps, arguments: &[String]) -> anyhow::Result<()> {
    ui::install(steps)?;
    // Without its one feature the program takes its page from the server.
    let build = ["build", "--package", "snug-desktop", "--no-default-features", "--locked"];
    steps.command("build", repo::cargo().args(build))?;
    steps.run("the window, as it is being written", || {
        let mut server = ui::dev().spawn().context("vite")?;
        let ended = is_served(&mut server).and_then(|()| {
            let mut window = program();
            match arguments {
                // Whoever tries things out keeps their own circles out of it.
                [] => window.arg("--data").arg(repo::root().join("target").join("dev")),
                given => window.args(given),
            };
            succeed(&mut window)
        });
        // It has nothing to save.
        let _ = server.kill().and_then(|()| server.wait());
        ended
    })
}

/// Makes the package for this system, without any download.
pub(crate) fn package(steps: &mut Steps) -> anyhow::Result<()> {
    ui::build(steps)?;
    let folder = repo::root().join("src-tauri");
    steps.command("package", ui::tauri().args(["build", "--bundles", "deb"]).current_dir(folder))?;
    let made = repo::root().join("target").join("release").join("bundle").join("deb");
    for file in std::fs::read_dir(made)? {
        let file = file?.path();
        if file.extension().is_some_and(|extension| extension == "deb") {
            steps.command("what is in it", Command::new("dpkg-deb").arg("--contents").arg(&file))?;
            steps.close_with(format!("{}: {} KiB", file.display(), file.metadata()?.len() / 1024));
        }
    }
    Ok(())
}

/// The page, and both programs with it.
pub(crate) fn build(steps: &mut Steps) -> anyhow::Result<()> {
    ui::build(steps)?;
    // Of the whole workspace, so that its libraries are those that the tests use.
    let build = ["build", "--workspace", "--bin", "snug", "--bin", "snug-desktop", "--locked"];
    steps.command("build", repo::cargo().args(build))
}

fn program() -> Command {
    Command::new(repo::root().join("target").join("debug").join("snug-desktop"))
}

fn is_served(server: &mut Child) -> anyhow::Result<()> {
    let begun = Instant::now();
    while TcpStream::connect((Ipv4Addr::LOCALHOST, DEV_PORT)).is_err() {
        anyhow::ensure!(server.try_wait()?.is_none(), "vite ended");
        anyhow::ensure!(begun.elapsed() < DEV_STARTS, "vite doesn't answer");
        std::thread::sleep(Duration::from_millis(100));
    }
    Ok(())
}
