//! Set-up: which programs, libraries and fonts must be there, and the system packages that bring them.
//!
//! On Debian and its kin what is missing is installed by apt-get, as root or through sudo, after saying which and
//! why. Elsewhere, and with `--no-install`, it is only told. A build that can't work stops here; tests that need
//! something which isn't there are skipped visibly by themselves. Node isn't among them: Debian's is too old.

use crate::repo;
use crate::steps::succeed;
use std::path::Path;
use std::process::{Command, Stdio};

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Building, and a window on a display that somebody sits at.
    Build,
    /// And windows that are driven, on a display that nobody sees.
    Windows,
    /// And every test.
    Test,
}

/// Whether missing packages may be installed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Installing {
    /// Install them.
    Yes,
    /// Only tell.
    No,
}

impl Installing {
    /// The value of the flag `--no-install`.
    pub(crate) fn unless(no_install: bool) -> Self {
        if no_install { Self::No } else { Self::Yes }
    }
}

/// How to see that something is there.
#[derive(Debug, PartialEq, Eq)]
enum Sign {
    /// An executable file of this name.
    Program(&'static str),
    /// What pkg-config knows, and a compiler therefore finds.
    Library(&'static str),
    /// This file.
    File(&'static str),
}

use Sign::{File, Library, Program};

/// Something that is needed, the Debian package that brings it, and why.
#[derive(Debug, PartialEq, Eq)]
struct Tool {
    sign: Sign,
    package: &'static str,
    why: &'static str,
}

const BUILD: &[Tool] = &[
    Tool { sign: Program("cc"), package: "build-essential", why: "compiles SQLCipher and OpenSSL" },
    Tool { sign: Program("make"), package: "build-essential", why: "builds OpenSSL" },
    Tool { sign: Program("perl"), package: "perl", why: "configures OpenSSL" },
    Tool { sign: Program("pkg-config"), package: "pkg-config", why: "finds the libraries of the window" },
    Tool { sign: Library("webkit2gtk-4.1"), package: "libwebkit2gtk-4.1-dev", why: "shows the window" },
];

const WINDOWS: &[Tool] = &[
    Tool { sign: Program("WebKitWebDriver"), package: "webkit2gtk-driver", why: "drives the window" },
    Tool { sign: Program("Xvfb"), package: "xvfb", why: "a display that nobody sees" },
    Tool { sign: Program("xauth"), package: "xauth", why: "the key to that display" },
    Tool { sign: Program("dbus-run-session"), package: "dbus-x11", why: "a desktop's bus for each window" },
    Tool { sign: Program("xwininfo"), package: "x11-utils", why: "sees when a window is shown" },
    Tool { sign: Program("import"), package: "imagemagick", why: "pictures of the windows" },
    Tool {
        sign: File("/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"),
        package: "fonts-dejavu-core",
        why: "letters for what the fonts of the window don't have",
    },
];

const TEST: &[Tool] = &[
    Tool { sign: Program("c++"), package: "build-essential", why: "compiles the fuzzers' engine" },
    Tool { sign: Program("strace"), package: "strace", why: "the tests that watch system calls" },
    Tool { sign: Program("ip"), package: "iproute2", why: "the tests in network namespaces" },
    Tool { sign: Program("nft"), package: "nftables", why: "the namespaces test that blocks QUIC" },
    Tool {
        sign: Program("tcpdump"),
        package: "tcpdump",
        why: "the outsider who listens in the namespaces test",
    },
    Tool { sign: Program("chromium"), package: "chromium", why: "the tests of the interface in a browser" },
];

const SBIN: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Checks what is there and installs what isn't.
pub(crate) fn run(needs: Needs, installing: Installing) -> anyhow::Result<()> {
    components()?;
    let missing: Vec<&Tool> = wanted(needs).filter(|tool| !tool.is_there()).collect();
    if missing.is_empty() {
        println!("everything is there");
        return Ok(());
    }
    for tool in &missing {
        println!("missing: {} (Debian package {}): {}", tool.name(), tool.package, tool.why);
    }
    if installing == Installing::Yes {
        install(&packages(&missing))?;
    }
    let stop: Vec<&str> = BUILD.iter().filter(|tool| !tool.is_there()).map(Tool::name).collect();
    anyhow::ensure!(stop.is_empty(), "Snug can't be built without {}", stop.join(", "));
    Ok(())
}

fn wanted(needs: Needs) -> impl Iterator<Item = &'static Tool> {
    let sets: &[&[Tool]] = match needs {
        Needs::Build => &[BUILD],
        Needs::Windows => &[BUILD, WINDOWS],
        Needs::Test => &[BUILD, WINDOWS, TEST],
    };
    sets.iter().copied().flatten()
}

impl Tool {
    fn name(&self) -> &'static str {
        let (Program(name) | Library(name) | File(name)) = self.sign;
        name
    }

    fn is_there(&self) -> bool {
        match self.sign {
            Program(program) => is_there(program),
            Library(library) => {
                let mut asked = Command::new("pkg-config");
                asked.args(["--exists", library]).stdin(Stdio::null());
                asked.status().is_ok_and(|status| status.success())
            }
            File(file) => Path::new(file).is_file(),
        }
    }
}

/// rustfmt and clippy come with the Rust toolchain, not with the system.
fn components() -> anyhow::Result<()> {
    for component in ["fmt", "clippy"] {
        let found =
            repo::cargo().args([component, "--version"]).output().is_ok_and(|out| out.status.success());
        anyhow::ensure!(found, "cargo {component} is missing: rustup component add rustfmt clippy");
    }
    Ok(())
}

fn packages(missing: &[&Tool]) -> Vec<&'static str> {
    let mut packages: Vec<_> = missing.iter().map(|tool| tool.package).collect();
    packages.sort_unstable();
    packages.dedup();
    packages
}

fn install(packages: &[&str]) -> anyhow::Result<()> {
    if !is_there("apt-get") {
        println!("this system has no apt-get: please install the packages by hand");
        return Ok(());
    }
    let Some(before) = privileges() else {
        println!("not root, and no sudo: please run apt-get install {}", packages.join(" "));
        return Ok(());
    };
    println!(
        "installing by apt-get{}: {}",
        if before.is_empty() { "" } else { " through sudo" },
        packages.join(" ")
    );
    apt(before, &["update", "-q"])?;
    apt(before, &[&["install", "-y", "-q", "--no-install-recommends"][..], packages].concat())
}

/// What comes before apt-get: nothing for root, sudo for others; `None` where neither is possible.
fn privileges() -> Option<&'static [&'static str]> {
    if rustix::process::geteuid().is_root() {
        Some(&[])
    } else if is_there("sudo") {
        Some(&["sudo"])
    } else {
        None
    }
}

fn apt(before: &[&str], arguments: &[&str]) -> anyhow::Result<()> {
    // Through env, because sudo drops the environment.
    let all = [before, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], arguments].concat();
    println!("+ {}", all.join(" "));
    succeed(Command::new(all[0]).args(&all[1..]))
}

fn is_there(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(SBIN.iter().map(Into::into))
        .any(|folder| is_executable(&folder.join(program)))
}

fn is_executable(file: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    file.metadata().is_ok_and(|data| data.is_file() && data.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_package_is_named_once() {
        let missing: Vec<&Tool> = BUILD.iter().collect();
        let packages = packages(&missing);
        assert_eq!(packages, ["build-essential", "libwebkit2gtk-4.1-dev", "perl", "pkg-config"]);
    }

    #[test]
    fn who_tests_needs_all_that_who_builds_needs() {
        let needed = |needs| wanted(needs).collect::<Vec<_>>();
        assert!(needed(Needs::Windows).starts_with(&needed(Needs::Build)));
        assert!(needed(Needs::Test).starts_with(&needed(Needs::Windows)));
    }

    #[test]
    fn only_executable_files_are_programs() {
        assert!(is_there("sh"));
        assert!(!is_there("no-such-program-as-this"));
        assert!(!is_executable(Path::new("/etc/passwd")));
        assert!(!is_executable(Path::new("/usr")));
    }
}
