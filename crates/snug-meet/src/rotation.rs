//! Whose turn it is in the beacon.
//!
//! A beacon has a fixed number of slots, so that it doesn't tell how many people a laptop knows. Whoever knows more
//! takes turns: each beacon goes on where the last one stopped, in the order of the keys, around and around. So every
//! hint is sent once in ⌈hints / slots⌉ beacons, whatever comes and goes in between, and nobody has to be remembered
//! but the last one served.

use crate::beacon::SLOTS;
use crate::keys::KeyId;

/// Where the next beacon goes on.
#[derive(Debug, Clone, Default)]
pub struct Rotation {
    last: Option<KeyId>,
}

impl Rotation {
    /// Begins at the first key.
    pub fn new() -> Self {
        Self::default()
    }

    /// The keys whose hints go into this beacon: at most [`SLOTS`], the ones whose turn it is.
    /// The same choice serves all interfaces that the beacon is sent on.
    pub fn pick(&mut self, ids: impl IntoIterator<Item = KeyId>) -> Vec<KeyId> {
        let mut ids: Vec<KeyId> = ids.into_iter().collect();
        ids.sort_unstable();
        ids.dedup();
        let start = self.last.map_or(0, |last| ids.partition_point(|id| *id <= last));
        let picked: Vec<KeyId> = ids.iter().cycle().skip(start).take(SLOTS.min(ids.len())).copied().collect();
        if ids.len() > SLOTS {
            self.last = picked.last().copied();
        }
        picked
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snug_types::InvitationId;
    use std::collections::BTreeMap;

    fn ids(n: u8) -> Vec<KeyId> {
        (0..n).map(|i| KeyId::Joining(InvitationId([i; 16]))).collect()
    }

    #[test]
    fn everyone_has_a_turn_in_each_round() {
        for n in [0, 1, 7, 8, 9, 20, 149] {
            let all = ids(n);
            let mut rotation = Rotation::new();
            let mut turns = BTreeMap::<KeyId, usize>::new();
            for _ in 0..all.len().div_ceil(SLOTS) {
                let picked = rotation.pick(all.iter().rev().copied());
                assert_eq!(picked.len(), SLOTS.min(all.len()));
                for id in picked {
                    *turns.entry(id).or_default() += 1;
                }
            }
            assert_eq!(turns.len(), all.len(), "{n} keys");
            assert!(turns.values().all(|n| *n <= 2));
        }
    }

    #[test]
    fn no_key_appears_twice_in_one_beacon() {
        let mut rotation = Rotation::new();
        let doubled: Vec<_> = ids(5).into_iter().chain(ids(5)).collect();
        for _ in 0..4 {
            assert_eq!(rotation.pick(doubled.clone()), ids(5));
        }
    }

    #[test]
    fn those_who_come_and_go_make_nobody_wait_longer() {
        let mut rotation = Rotation::new();
        let mut waited = [0; 40];
        for round in 0..200_u8 {
            // Someone else is missing each time, number 7 never.
            let here: Vec<_> = ids(40)
                .into_iter()
                .enumerate()
                .filter(|(i, _)| *i == 7 || (i + usize::from(round)) % 3 != 0)
                .collect();
            let picked = rotation.pick(here.iter().map(|(_, id)| *id));
            for (i, id) in here {
                waited[i] = if picked.contains(&id) { 0 } else { waited[i] + 1 };
            }
            assert!(waited[7] <= 5, "number 7 waited {} beacons in round {round}", waited[7]);
        }
    }
}
