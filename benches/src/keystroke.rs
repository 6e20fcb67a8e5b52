//! A keystroke on one laptop until it is in the other's note: sealed, signed, durable on both.

use crate::figures::Figures;
use crate::pair::{One, changed};
use std::time::Instant;

/// From the edit on A to the news on B that its note changed, one after the other.
pub(crate) async fn through_two_laptops(samples: usize) -> anyhow::Result<Figures> {
    let one = One::new().await?;
    let (other, _folder) = one.joined().await?;
    let mut events = other.events();
    let mut taken = Vec::with_capacity(samples);
    for n in 1..=samples {
        let begun = Instant::now();
        let (written, arrived) = tokio::join!(one.key(n), changed(&mut events, one.note));
        taken.push(begun.elapsed());
        written?;
        arrived?;
    }
    let [hers, his] = [one.laptop.note(one.circle, one.note).await?, other.note(one.circle, one.note).await?];
    anyhow::ensure!(hers.body == his.body, "the two texts differ");
    one.laptop.clone().close().await?;
    other.close().await?;
    Ok(Figures::of(&taken))
}
