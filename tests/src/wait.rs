//! Waiting for what must come.

use crate::{Laptop, PATIENCE};
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

/// Waits until all of these laptops show one text of a note, with all of these words in it. The text.
pub fn agree(laptops: &[&Laptop], circle: &str, note: &str, words: &[&str]) -> anyhow::Result<String> {
    until("one text on all laptops", || {
        let shown: Vec<_> = laptops
            .iter()
            .map(|laptop| laptop.run(&["note", "show", circle, note]))
            .collect::<anyhow::Result<_>>()?;
        let same = shown.iter().all(|each| each.code == Some(0) && each.stdout == shown[0].stdout);
        let whole = words.iter().all(|word| shown[0].stdout.contains(word));
        Ok(if same && whole { Ok(shown[0].stdout.clone()) } else { Err(format!("{shown:#?}")) })
    })
}
