use super::*;

type Written = (Seq, EntryHash, EntryHash);

fn hash(n: u8) -> EntryHash {
    EntryHash([n; 32])
}

/// A trunk of entries 1 … 6 with hashes 1 … 6, and sides that begin after 2, 3, 3 and 5.
fn tree() -> Vec<Written> {
    let mut all: Vec<Written> = (1..=6).map(|n| (Seq(u64::from(n)), hash(n), hash(n - 1))).collect();
    for (after, first) in [(2_u8, 20), (3, 30), (3, 35), (5, 50)] {
        let mut previous = hash(after);
        for n in 0..3 {
            let at = Seq(u64::from(after + n) + 1);
            all.push((at, hash(first + n), previous));
            previous = hash(first + n);
        }
    }
    all
}

/// Stages what can be staged until nothing more can.
fn grow(mut left: Vec<Written>) -> Chain {
    let mut chain = Chain::default();
    loop {
        let before = left.len();
        left.retain(|(seq, hash, previous)| {
            let waits = chain.place(*seq, *hash, *previous) == Place::NeedsPrevious;
            if !waits {
                chain.stage(*seq, *hash, *previous);
                chain.settle(*seq, *hash);
            }
            waits
        });
        if left.len() == before {
            return chain;
        }
    }
}

/// All arrivals of the tree: rotations of it, forwards and backwards, and cut in ever other places.
fn arrivals() -> Vec<Vec<Written>> {
    let mut arrivals = Vec::new();
    for turn in 0..tree().len() {
        let mut all = tree();
        all.rotate_left(turn);
        arrivals.push(all.clone());
        all.reverse();
        arrivals.push(all.clone());
        let (even, odd): (Vec<_>, Vec<_>) = all.iter().enumerate().partition(|(n, _)| n % 2 == 0);
        arrivals.push(even.into_iter().chain(odd).map(|(_, written)| *written).collect());
    }
    arrivals
}

#[test]
fn the_fork_is_the_same_in_any_order_of_arrival() {
    for arrival in arrivals() {
        let chain = grow(arrival.clone());
        assert_eq!(chain.fork(), Some(Seq(3)), "{arrival:?}");
        assert!(chain.tips().len() <= TIPS_PER_DEVICE);
        let at_fork = chain.entries_from(Seq(3)).filter(|(seq, _)| *seq == Seq(3)).count();
        assert_eq!(at_fork, 2, "both entries that prove the fork are here: {arrival:?}");
    }
}

#[test]
fn a_forked_log_comes_back_from_its_rows() {
    for arrival in arrivals() {
        let chain = grow(arrival);
        let mut rows: Vec<_> = chain.entries_from(Seq(1)).collect();
        // A branch that was given up for another left its rows behind.
        rows.push((Seq(9), hash(99)));
        rows.sort_unstable();
        let restored = Chain::restore(&rows, chain.fork_row().as_deref()).unwrap();
        assert_eq!(restored.fork(), chain.fork());
        assert_eq!(restored.tips(), chain.tips());
        assert_eq!(restored.end(), chain.end());
    }
}

#[test]
fn a_log_ends_at_its_first_gap() {
    let rows = [(Seq(1), hash(1)), (Seq(3), hash(3)), (Seq(4), hash(4))];
    let restored = Chain::restore(&rows, None).unwrap();
    assert_eq!(restored.end(), (Seq(1), hash(1)));
    assert!(!restored.contains(Seq(3), hash(3)));
    assert!(Chain::restore(&rows, Some(&[1])).is_err());
}

/// Whatever of a forked log is missing: what is here links, and the next row says it as it is.
#[test]
fn a_forked_log_comes_back_from_some_of_its_rows() {
    let all = tree();
    for arrival in arrivals() {
        let chain = grow(arrival);
        let row = chain.fork_row();
        let held: Vec<_> = chain.entries_from(Seq(1)).collect();
        for missing in (0..1_u32 << 12).step_by(13) {
            let here = |(n, _): &(usize, _)| missing & 1 << (n % 12) == 0;
            let mut rows: Vec<_> =
                held.iter().copied().enumerate().filter(here).map(|(_, entry)| entry).collect();
            rows.sort_unstable();
            let restored = Chain::restore(&rows, row.as_deref()).unwrap();
            let mut kept: Vec<_> = restored.entries_from(Seq(1)).collect();
            kept.sort_unstable();
            // Exactly what has all its predecessors, unless that was given up.
            let links = |entry: &(Seq, EntryHash)| {
                let (_, _, previous) = all.iter().find(|(seq, hash, _)| (*seq, *hash) == *entry).unwrap();
                entry.0 == Seq(1) || restored.contains(Seq(entry.0.0 - 1), *previous)
            };
            assert!(kept.iter().all(|entry| links(entry) && rows.contains(entry)));
            assert!(rows.iter().all(|entry| kept.contains(entry) || !links(entry)));
            let twice = kept.windows(2).find(|pair| pair[0].0 == pair[1].0).map(|pair| pair[0].0);
            assert_eq!(restored.fork(), twice);
            let again = Chain::restore(&kept, restored.fork_row().as_deref()).unwrap();
            assert_eq!(again.tips(), restored.tips());
            assert_eq!((again.fork(), again.end()), (restored.fork(), restored.end()));
        }
    }
}

#[test]
fn an_answer_begins_where_two_branches_part() {
    let chain = grow(tree());
    let device = DeviceId([7; 32]);
    let tip = |seq: u64, n: u8| Tip { device, seq: Seq(seq), hash: hash(n) };
    let trunk = (Seq(6), hash(6));
    assert_eq!(chain.first_missing(trunk, &[]), Some(Seq(1)));
    assert_eq!(chain.first_missing(trunk, &[tip(4, 4)]), Some(Seq(5)));
    assert_eq!(
        chain.first_missing(trunk, &[tip(5, 22), tip(2, 2)]),
        Some(Seq(3)),
        "another branch says nothing"
    );
    let side = (Seq(5), hash(22));
    assert_eq!(chain.first_missing(side, &[tip(6, 6), tip(2, 2)]), Some(Seq(3)));
    assert_eq!(chain.first_missing(side, &[tip(3, 20)]), Some(Seq(4)));
    assert_eq!(chain.first_missing((Seq(5), hash(88)), &[]), None);
}

#[test]
fn only_what_is_durable_is_told() {
    let mut chain = Chain::default();
    chain.stage(Seq(1), hash(1), NO_PREVIOUS);
    assert_eq!((chain.tips(), chain.highest()), (vec![], Seq::ZERO));
    assert!(chain.contains(Seq(1), hash(1)));
    assert_eq!(chain.first_missing((Seq(1), hash(1)), &[]), None);
    chain.settle(Seq(1), hash(1));
    assert_eq!(chain.tips(), [(Seq(1), hash(1))]);
}

#[test]
fn branches_end_somewhere() {
    let mut chain = grow(tree());
    let (mut seq, mut previous) = (7_u64, hash(6));
    let mut kept = 0;
    while kept < 10_000 {
        let [a, b] = u16::try_from(kept).unwrap().to_be_bytes();
        let mut next = [100; 32];
        next[..2].copy_from_slice(&[a, b]);
        if chain.place(Seq(seq), EntryHash(next), previous) == Place::Surplus {
            break;
        }
        chain.stage(Seq(seq), EntryHash(next), previous);
        (seq, previous, kept) = (seq + 1, EntryHash(next), kept + 1);
    }
    assert!(kept <= BRANCH_ENTRIES, "{kept} entries past a fork");
}
