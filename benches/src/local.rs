//! A durable local edit: Automerge, signature, sealing, one commit that is synced.

use crate::figures::Figures;
use crate::pair::One;
use std::time::Instant;

/// From the edit to the acknowledgement, on one laptop that is offline.
pub(crate) async fn edit(samples: usize) -> anyhow::Result<Figures> {
    let one = One::new().await?;
    let mut taken = Vec::with_capacity(samples);
    for n in 1..=samples {
        let begun = Instant::now();
        one.key(n).await?;
        taken.push(begun.elapsed());
    }
    eprintln!("local: {} samples in {}", taken.len(), one.folder().display());
    one.laptop.close().await?;
    Ok(Figures::of(&taken))
}
