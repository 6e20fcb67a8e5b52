//! Waiting for what must come.

use crate::PATIENCE;
use std::time::{Duration, Instant};

/// Between two questions. Only spares the processor: nothing depends on its length.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks until there is an answer; fails with the last thing seen once [`PATIENCE`] is over.
pub fn until<T>(what: &str, mut ask: impl FnMut() -> anyhow::Result<Result<T, String>>) -> anyhow::Result<T> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match ask()? {
            Ok(answer) => return Ok(answer),
            Err(seen) if Instant::now() >= deadline => {
                anyhow::bail!("waited {PATIENCE:?} in vain for {what}; last seen: {seen}")
            }
            Err(_) => std::thread::sleep(PAUSE),
        }
    }
}
