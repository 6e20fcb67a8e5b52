//! What changed between two lists: Myers' greedy algorithm ("An O(ND) Difference Algorithm", 1986), with a bound.
//!
//! Finding the smallest difference of two long lists that have nothing in common takes the square of their lengths.
//! Past [`EFFORT`] differences the lists are cut where both have something exactly once and in the same order
//! (Cohen's patience diff), and where they have nothing of the kind all is called changed.

use std::collections::BTreeMap;
use std::ops::Range;

/// Differences that are looked for before the lists are cut up. Its square bounds time and memory.
const EFFORT: usize = 512;
/// How often a list is cut up into parts that are cut up again.
const CUTS: usize = 16;

/// A stretch of the old list and the stretch of the new one that stands in its place.
pub(super) type Hunk = (Range<usize>, Range<usize>);

/// The stretches that differ, in their order, never touching.
pub(super) fn diff<T: Ord>(old: &[T], new: &[T]) -> Vec<Hunk> {
    let mut hunks = Vec::new();
    part(old, new, 0..old.len(), 0..new.len(), CUTS, &mut hunks);
    let mut joined: Vec<Hunk> = Vec::new();
    for (o, n) in hunks {
        match joined.last_mut() {
            Some(last) if last.0.end == o.start && last.1.end == n.start => {
                last.0.end = o.end;
                last.1.end = n.end;
            }
            _ => joined.push((o, n)),
        }
    }
    joined
}

fn part<T: Ord>(
    old: &[T],
    new: &[T],
    mut o: Range<usize>,
    mut n: Range<usize>,
    cuts: usize,
    hunks: &mut Vec<Hunk>,
) {
    while !o.is_empty() && !n.is_empty() && old[o.start] == new[n.start] {
        o.start += 1;
        n.start += 1;
    }
    while !o.is_empty() && !n.is_empty() && old[o.end - 1] == new[n.end - 1] {
        o.end -= 1;
        n.end -= 1;
    }
    if o.is_empty() && n.is_empty() {
        return;
    }
    if o.is_empty() || n.is_empty() {
        hunks.push((o, n));
        return;
    }
    if let Some(found) = myers(&old[o.clone()], &new[n.clone()]) {
        let shift = |r: &Range<usize>, by: usize| r.start + by..r.end + by;
        hunks.extend(found.iter().map(|(a, b)| (shift(a, o.start), shift(b, n.start))));
        return;
    }
    let anchors = if cuts > 0 { anchors(&old[o.clone()], &new[n.clone()]) } else { Vec::new() };
    if anchors.is_empty() {
        hunks.push((o, n));
        return;
    }
    let (mut from_o, mut from_n) = (o.start, n.start);
    for (a, b) in anchors {
        part(old, new, from_o..o.start + a, from_n..n.start + b, cuts - 1, hunks);
        (from_o, from_n) = (o.start + a + 1, n.start + b + 1);
    }
    part(old, new, from_o..o.end, from_n..n.end, cuts - 1, hunks);
}

/// The smallest difference, if it has at most [`EFFORT`] steps.
fn myers<T: Eq>(old: &[T], new: &[T]) -> Option<Vec<Hunk>> {
    let (n, m) = (old.len(), new.len());
    // How far along `old` each diagonal reaches, for each number of steps. Diagonal k stands at k + steps.
    let mut reached: Vec<Vec<usize>> = Vec::new();
    for steps in 0..=EFFORT.min(n + m) {
        let mut row = vec![0; 2 * steps + 1];
        for at in (0..=2 * steps).step_by(2) {
            // Down inserts something new and keeps to the place in `old`; right deletes something old.
            let x = match reached.last() {
                None => 0,
                Some(before) => {
                    let down = before.get(at).copied();
                    let right = at.checked_sub(2).and_then(|a| before.get(a)).map(|x| x + 1);
                    right.max(down).unwrap_or(0)
                }
            };
            // y = x - k, with k = at - steps.
            let mut x = x;
            let Some(mut y) = (x + steps).checked_sub(at) else { continue };
            while x < n && y < m && old[x] == new[y] {
                x += 1;
                y += 1;
            }
            row[at] = x;
            if x >= n && y >= m {
                reached.push(row);
                return Some(trace(&reached, n, m));
            }
        }
        reached.push(row);
    }
    None
}

/// Walks back from the end along what was reached.
fn trace(reached: &[Vec<usize>], n: usize, m: usize) -> Vec<Hunk> {
    let (mut x, mut y) = (n, m);
    let mut steps = Vec::new();
    for d in (1..reached.len()).rev() {
        let at = x + d - y;
        let before = &reached[d - 1];
        let down = before.get(at).copied();
        let right = at.checked_sub(2).and_then(|a| before.get(a)).map(|x| x + 1);
        let went_right = right > down;
        let start = right.max(down).unwrap_or(0);
        // The step, and then the stretch that is the same in both.
        let start_y = start + d - at;
        if went_right {
            steps.push((start - 1..start, start_y..start_y));
            (x, y) = (start - 1, start_y);
        } else {
            steps.push((start..start, start_y - 1..start_y));
            (x, y) = (start, start_y - 1);
        }
    }
    steps.reverse();
    steps
}

/// What both lists have exactly once, as far as it is in the same order in both: the longest such run.
fn anchors<T: Ord>(old: &[T], new: &[T]) -> Vec<(usize, usize)> {
    let mut places: BTreeMap<&T, [(usize, usize); 2]> = BTreeMap::new();
    for (side, list) in [old, new].into_iter().enumerate() {
        for (at, item) in list.iter().enumerate() {
            let found = &mut places.entry(item).or_default()[side];
            *found = (found.0 + 1, at);
        }
    }
    let mut pairs: Vec<(usize, usize)> =
        places.into_values().filter(|[o, n]| o.0 == 1 && n.0 == 1).map(|[o, n]| (o.1, n.1)).collect();
    pairs.sort_unstable();
    // Patience sorting: the tops of the piles, and for each pair the one below it.
    let mut tops: Vec<usize> = Vec::new();
    let mut below: Vec<Option<usize>> = Vec::new();
    for (i, pair) in pairs.iter().enumerate() {
        let pile = tops.partition_point(|t| pairs[*t].1 < pair.1);
        below.push(pile.checked_sub(1).map(|p| tops[p]));
        if pile == tops.len() {
            tops.push(i);
        } else {
            tops[pile] = i;
        }
    }
    let mut run = Vec::new();
    let mut at = tops.last().copied();
    while let Some(i) = at {
        run.push(pairs[i]);
        at = below[i];
    }
    run.reverse();
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rebuilt(old: &[u8], new: &[u8]) -> (Vec<u8>, usize) {
        let mut out = Vec::new();
        let (mut at, mut changed) = (0, 0);
        for (o, n) in diff(old, new) {
            out.extend(&old[at..o.start]);
            out.extend(&new[n.clone()]);
            changed += o.len() + n.len();
            at = o.end;
        }
        out.extend(&old[at..]);
        (out, changed)
    }

    /// The smallest difference by the textbook's table.
    fn smallest(old: &[u8], new: &[u8]) -> usize {
        let mut row: Vec<usize> = (0..=new.len()).collect();
        for (i, o) in old.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = i + 1;
            for (j, n) in new.iter().enumerate() {
                let best = if o == n { diagonal } else { row[j].min(row[j + 1]) + 1 };
                diagonal = row[j + 1];
                row[j + 1] = best;
            }
        }
        row[new.len()]
    }

    proptest! {
        #[test]
        fn a_difference_is_right_and_smallest(
            old in proptest::collection::vec(0_u8..4, 0..40),
            new in proptest::collection::vec(0_u8..4, 0..40),
        ) {
            let (out, changed) = rebuilt(&old, &new);
            prop_assert_eq!(&out, &new);
            prop_assert_eq!(changed, smallest(&old, &new));
        }
    }

    #[test]
    fn long_lists_without_much_in_common_take_no_square() {
        let old: Vec<usize> = (0..100_000).collect();
        let new: Vec<usize> = (0..100_000).map(|i| if i % 50 == 0 { i } else { i + 1_000_000 }).collect();
        let hunks = diff(&old, &new);
        assert_eq!(hunks.len(), 2000);
        assert!(hunks.iter().all(|(o, n)| o == n && o.len() == 49));
    }
}
