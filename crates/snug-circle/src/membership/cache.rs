//! Views of earlier heads that are kept: entries name the heads that their writers knew, one after another.

use super::view::Membership;
use snug_types::OpHash;
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Members, devices and removals in all views together: some ten megabytes. A circle of 150 whose members come and go has
/// room for hundreds of views, a hostile one of thousands for a few.
const WEIGHT: usize = 1 << 15;

#[derive(Debug, Default)]
pub(super) struct Cache {
    views: BTreeMap<Vec<OpHash>, Arc<Membership>>,
    order: VecDeque<Vec<OpHash>>,
    weight: usize,
}

impl Cache {
    pub(super) fn get(&self, heads: &[OpHash]) -> Option<&Arc<Membership>> {
        self.views.get(heads)
    }

    pub(super) fn keep(&mut self, heads: Vec<OpHash>, view: Arc<Membership>) {
        let weight = weight(&heads, &view);
        if weight > WEIGHT || self.views.contains_key(&heads) {
            return;
        }
        self.views.insert(heads.clone(), view);
        self.order.push_back(heads);
        self.weight += weight;
        while self.weight > WEIGHT {
            let Some(oldest) = self.order.pop_front() else { return };
            if let Some(view) = self.views.remove(&oldest) {
                self.weight -= self::weight(&oldest, &view);
            }
        }
    }
}

fn weight(heads: &[OpHash], view: &Membership) -> usize {
    1 + heads.len() + view.members().len() + view.devices().len() + view.removals().len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::membership::MembershipLog;
    use snug_crypto::{DeviceSecret, SeededEntropy};

    fn heads(n: u32) -> Vec<OpHash> {
        let mut hash = [0; 32];
        hash[..4].copy_from_slice(&n.to_be_bytes());
        vec![OpHash(hash)]
    }

    #[test]
    fn what_is_kept_is_bounded_by_its_size_and_the_newest_stay() {
        let mut entropy = SeededEntropy::new(1);
        let founder = DeviceSecret::generate(&mut entropy);
        let (log, _) = MembershipLog::found(&founder, &mut entropy);
        let (small, mut cache) = (log.at(&log.heads()), Cache::default());
        let small = small.unwrap_or_default();
        let each = weight(&heads(0), &small);
        let (fit, over) = (u32::try_from(WEIGHT / each).unwrap_or(0), 100);
        assert_eq!(each, 4);
        for n in 0..fit + over {
            cache.keep(heads(n), Arc::clone(&small));
            cache.keep(heads(n), Arc::clone(&small));
            assert!(cache.weight <= WEIGHT && cache.views.len() == cache.order.len());
        }
        assert!(cache.get(&heads(over - 1)).is_none() && cache.get(&heads(over)).is_some());
        assert!(cache.get(&heads(fit + over - 1)).is_some());
    }
}
