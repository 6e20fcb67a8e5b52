//! Set-up: which programs must be there, and the system packages that bring them.
//!
//! On Debian and its kin what is missing is installed by apt-get, as root or through sudo, after saying which and
//! why. Elsewhere, and with `--no-install`, it is only told. A build that can't work stops here; tests that need a
//! program which isn't there are skipped visibly by themselves.

use crate::repo;
use crate::steps::succeed;
use std::path::Path;
use std::process::Command;

/// What the machine is to be made ready for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Needs {
    /// Building and running.
    Build,
    /// Building and every test.
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

/// One program, the Debian package that brings it, and why it is needed.
#[derive(Debug, PartialEq, Eq)]
struct Tool {
    program: &'static str,
    package: &'static str,
    why: &'static str,
}

const BUILD: &[Tool] = &[
    Tool { program: "cc", package: "build-essential", why: "compiles SQLCipher and OpenSSL" },
    Tool { program: "make", package: "build-essential", why: "builds OpenSSL" },
    Tool { program: "perl", package: "perl", why: "configures OpenSSL" },
];

const TEST: &[Tool] = &[
    Tool { program: "c++", package: "build-essential", why: "compiles the fuzzers' engine" },
    Tool { program: "strace", package: "strace", why: "the tests that watch system calls" },
    Tool { program: "ip", package: "iproute2", why: "the tests in network namespaces" },
    Tool { program: "nft", package: "nftables", why: "the namespaces test that blocks QUIC" },
    Tool { program: "tcpdump", package: "tcpdump", why: "the outsider who listens in the namespaces test" },
];

const SBIN: [&str; 3] = ["/usr/local/sbin", "/usr/sbin", "/sbin"];

/// Checks what is there and installs what isn't.
pub(crate) fn run(needs: Needs, installing: Installing) -> anyhow::Result<()> {
    components()?;
    let wanted: &[&[Tool]] = if needs == Needs::Test { &[BUILD, TEST] } else { &[BUILD] };
    let missing: Vec<&Tool> =
        wanted.iter().copied().flatten().filter(|tool| !is_there(tool.program)).collect();
    if missing.is_empty() {
        println!("everything is there");
        return Ok(());
    }
    for tool in &missing {
        println!("missing: {} (Debian package {}): {}", tool.program, tool.package, tool.why);
    }
    if installing == Installing::Yes {
        install(&packages(&missing))?;
    }
    let stop: Vec<&str> =
        BUILD.iter().map(|tool| tool.program).filter(|program| !is_there(program)).collect();
    anyhow::ensure!(stop.is_empty(), "Snug can't be built without {}", stop.join(", "));
    Ok(())
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
        assert_eq!(packages(&missing), ["build-essential", "perl"]);
    }

    #[test]
    fn only_executable_files_are_programs() {
        assert!(is_there("sh"));
        assert!(!is_there("no-such-program-as-this"));
        assert!(!is_executable(Path::new("/etc/passwd")));
        assert!(!is_executable(Path::new("/usr")));
    }
}
