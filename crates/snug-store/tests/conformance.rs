//! Whatever is put comes back, in the order that was promised, and only as a whole.

#![cfg(test)]

mod common;

use common::{
    CIRCLE, DEVICE, OTHER, Place, block_on, circle, document, entry, hash, key, numbers, put, setting,
};
use snug_store::{
    CircleState, DeviceRow, EntryRow, EpochRow, InvitationRow, OpRow, OutboxRow, PendingJoinRow, Position,
    Secret, SnapshotRow, StoreError, SummaryRow, Write,
};
use snug_types::{CircleId, DeviceId, EpochId, InvitationId, OpHash, Seq, UnixMillis};
use std::collections::BTreeMap;

fn op(n: u8) -> OpRow {
    OpRow { hash: OpHash([n; 32]), bytes: vec![n; 10] }
}

fn epoch(n: u8, secret: Option<u8>) -> EpochRow {
    EpochRow {
        epoch: EpochId([n; 32]),
        announcement: vec![n; 5],
        secret: secret.map(|s| Secret::new(vec![s; 32])),
    }
}

fn device_row(n: u8) -> DeviceRow {
    DeviceRow { device: DeviceId([n; 32]), bytes: vec![n] }
}

fn invitation(circle: CircleId, n: u8) -> InvitationRow {
    InvitationRow { invitation: InvitationId([n; 16]), circle, bytes: Secret::new(vec![n]) }
}

fn snapshot(n: u8) -> SnapshotRow {
    SnapshotRow { document: document(n), bytes: vec![n; 70_000], covered: vec![n] }
}

fn summary(n: u8) -> SummaryRow {
    SummaryRow { document: document(n), kind: 3, at: UnixMillis(5), summary: vec![n] }
}

fn outbox(circle: CircleId) -> OutboxRow {
    OutboxRow { circle, bytes: Secret::new(vec![8]) }
}

/// Something in every table, for one circle.
fn everything(id: CircleId) -> Vec<Write> {
    let pending = PendingJoinRow {
        invitation: InvitationId(id.0[..16].try_into().unwrap()),
        bytes: Secret::new(vec![1]),
    };
    vec![
        circle(id),
        Write::PutOp { circle: id, op: op(9) },
        Write::PutOp { circle: id, op: op(4) },
        Write::PutEpoch { circle: id, epoch: epoch(1, Some(1)) },
        Write::PutEntry { circle: id, entry: entry(1, vec![1; 300]) },
        Write::PutReceipt { circle: id, receipt: device_row(1) },
        Write::PutOwn { circle: id, name: "incarnation".into(), value: vec![1] },
        Write::PutFork { circle: id, fork: device_row(2) },
        Write::PutSnapshot { circle: id, snapshot: snapshot(1) },
        Write::PutSummary { circle: id, summary: summary(1) },
        Write::PutInvitation(invitation(id, 1)),
        Write::PutPendingJoin(pending),
        Write::PutOutbox(outbox(id)),
    ]
}

#[test]
fn what_is_put_comes_back_after_reopening() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(everything(OTHER)).await.unwrap();
        store.commit(everything(CIRCLE)).await.unwrap();
        store.commit(vec![setting("a", b"1"), setting("b", b""), setting("a", b"2")]).await.unwrap();
        store.close().await;

        let store = place.open().unwrap();
        assert_eq!(store.setting("a").await.unwrap(), Some(b"2".to_vec()));
        assert_eq!(store.setting("c").await.unwrap(), None);
        assert_eq!(store.setting("b").await.unwrap(), Some(vec![]));
        let circles = store.circles().await.unwrap();
        assert_eq!(circles.iter().map(|row| row.circle).collect::<Vec<_>>(), [CIRCLE, OTHER]);
        assert_eq!(Write::PutCircle(circles[0].clone()), circle(CIRCLE));
        assert_eq!(store.ops(CIRCLE).await.unwrap(), [op(9), op(4)]);
        assert_eq!(store.epochs(CIRCLE).await.unwrap(), [epoch(1, Some(1))]);
        assert_eq!(store.entry_heads(CIRCLE).await.unwrap(), [entry(1, vec![]).head]);
        assert_eq!(store.receipts(CIRCLE).await.unwrap(), [device_row(1)]);
        assert_eq!(store.own(CIRCLE).await.unwrap(), BTreeMap::from([("incarnation".to_owned(), vec![1])]));
        assert_eq!(store.forks(CIRCLE).await.unwrap(), [device_row(2)]);
        assert_eq!(store.snapshot(CIRCLE, document(1)).await.unwrap(), Some(snapshot(1)));
        assert_eq!(store.snapshot(CIRCLE, document(2)).await.unwrap(), None);
        assert_eq!(store.summaries(CIRCLE).await.unwrap(), [summary(1)]);
        assert_eq!(store.invitations().await.unwrap(), [invitation(CIRCLE, 1), invitation(OTHER, 1)]);
        assert_eq!(store.pending_joins().await.unwrap().len(), 2);
        assert_eq!(store.outboxes().await.unwrap(), [outbox(CIRCLE), outbox(OTHER)]);
        store.close().await;
    });
}

#[test]
fn putting_again_replaces_but_never_loses() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(everything(CIRCLE)).await.unwrap();

        let Write::PutCircle(mut row) = circle(CIRCLE) else { unreachable!() };
        row.state = CircleState::Left;
        let used = InvitationRow { bytes: Secret::new(vec![7, 7]), ..invitation(CIRCLE, 1) };
        store
            .commit(vec![
                Write::PutCircle(row.clone()),
                // Known: stays where it is, as it is.
                Write::PutOp { circle: CIRCLE, op: OpRow { bytes: vec![0], ..op(9) } },
                // Without a secret: the one that is held stays.
                Write::PutEpoch { circle: CIRCLE, epoch: epoch(1, None) },
                Write::PutEpoch { circle: CIRCLE, epoch: epoch(2, None) },
                Write::PutInvitation(used.clone()),
                Write::RemoveSnapshot { circle: CIRCLE, document: document(1) },
                Write::RemoveOutbox(CIRCLE),
                Write::RemovePendingJoin(InvitationId([1; 16])),
            ])
            .await
            .unwrap();
        store.commit(vec![Write::PutEpoch { circle: CIRCLE, epoch: epoch(2, Some(2)) }]).await.unwrap();

        assert_eq!(store.circles().await.unwrap(), [row]);
        assert_eq!(
            store.ops(CIRCLE).await.unwrap(),
            [op(9), op(4)],
            "replacing a circle took its rows along"
        );
        assert_eq!(store.epochs(CIRCLE).await.unwrap(), [epoch(1, Some(1)), epoch(2, Some(2))]);
        assert_eq!(store.invitations().await.unwrap(), [used]);
        assert_eq!(store.snapshot(CIRCLE, document(1)).await.unwrap(), None);
        assert_eq!(store.outboxes().await.unwrap(), []);
        assert_eq!(store.pending_joins().await.unwrap(), []);
    });
}

#[test]
fn an_entry_is_kept_once_and_never_changed() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(vec![circle(CIRCLE), put(1, vec![1])]).await.unwrap();
        store.commit(vec![put(1, vec![1])]).await.unwrap();
        store.close().await;
        let store = place.open().unwrap();
        // It came a second time, and later by this laptop's clock.
        let mut again = entry(1, vec![1]);
        again.head.at = UnixMillis(u64::MAX);
        store.commit(vec![Write::PutEntry { circle: CIRCLE, entry: again }]).await.unwrap();
        assert_eq!(store.entry_heads(CIRCLE).await.unwrap()[0].at, entry(1, vec![1]).head.at);

        let mut elsewhere = entry(1, vec![1]);
        elsewhere.head.document = document(2);
        for other in [entry(1, vec![2]), elsewhere] {
            let batch = vec![setting("a", b"1"), Write::PutEntry { circle: CIRCLE, entry: other }];
            assert_eq!(store.commit(batch).await, Err(StoreError::Conflict { what: "an entry" }));
        }
        assert_eq!(store.setting("a").await.unwrap(), None, "a part of a refused batch was kept");

        let page = store.entries(CIRCLE, DEVICE, Seq(0), Seq(9), 1000).await.unwrap();
        assert_eq!(page.entries.into_iter().map(|e| e.entry).collect::<Vec<_>>(), [entry(1, vec![1])]);
    });
}

#[test]
fn numbers_of_all_sizes() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        // A hostile clock may say anything, a log's number can't be that large.
        let mut late = entry(i64::MAX.cast_unsigned(), vec![]);
        late.head.at = UnixMillis(u64::MAX);
        late.head.kind = u16::MAX;
        store
            .commit(vec![circle(CIRCLE), Write::PutEntry { circle: CIRCLE, entry: late.clone() }])
            .await
            .unwrap();
        assert_eq!(store.entry_heads(CIRCLE).await.unwrap(), std::slice::from_ref(&late.head));
        let all = store.entries(CIRCLE, DEVICE, Seq(0), Seq(u64::MAX), 1000).await.unwrap();
        assert_eq!(all.entries[0].entry, late);
        assert_eq!(store.entries(CIRCLE, DEVICE, Seq(u64::MAX), Seq(u64::MAX), 1).await.unwrap().entries, []);
        assert_eq!(
            store.commit(vec![put(u64::MAX, vec![])]).await,
            Err(StoreError::TooLarge { what: "an entry's number" })
        );
    });
}

#[test]
fn rows_of_a_circle_need_their_circle() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        for write in everything(CIRCLE).into_iter().skip(1) {
            let alone = !matches!(write, Write::PutPendingJoin(_) | Write::PutOutbox(_));
            let result = store.commit(vec![write.clone()]).await;
            assert_eq!(result, if alone { Err(StoreError::Unknown) } else { Ok(()) }, "{write:?}");
        }
    });
}

#[test]
fn forgetting_a_circle_leaves_its_outbox_and_the_others() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(everything(CIRCLE)).await.unwrap();
        store.commit(everything(OTHER)).await.unwrap();
        store.commit(vec![Write::ForgetCircle(CIRCLE)]).await.unwrap();

        assert_eq!(store.circles().await.unwrap().len(), 1);
        assert_eq!(store.ops(CIRCLE).await.unwrap(), []);
        assert_eq!(store.entry_heads(CIRCLE).await.unwrap(), []);
        assert_eq!(store.invitations().await.unwrap(), [invitation(OTHER, 1)]);
        assert_eq!(store.outboxes().await.unwrap(), [outbox(CIRCLE), outbox(OTHER)]);
        assert_eq!(store.ops(OTHER).await.unwrap().len(), 2);
        let kept = store.entries(OTHER, DEVICE, Seq(0), Seq(9), 1).await.unwrap();
        assert_eq!(kept.entries[0].entry, entry(1, vec![1; 300]));
    });
}

#[test]
fn pages_end_at_their_limit_and_go_on() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        let mut fork = entry(3, vec![0; 100]);
        fork.head.hash.0[31] = 1;
        let fork = Write::PutEntry { circle: CIRCLE, entry: fork };
        // Stored backwards: the order of the log isn't that of storing.
        let rows = (1..=5).rev().map(|seq| put(seq, vec![0; 100]));
        store.commit([circle(CIRCLE), fork].into_iter().chain(rows).collect()).await.unwrap();

        let seqs = |entries: &[snug_store::StoredEntry]| {
            entries.iter().map(|e| e.entry.head.seq.0).collect::<Vec<_>>()
        };
        for (from, to, limit, expected, more) in [
            (1, 5, 1_000, vec![1, 2, 3, 3, 4, 5], false),
            (1, 5, 250, vec![1, 2], true),
            (3, 5, 1, vec![3, 3], true),
            (4, 5, 200, vec![4, 5], false),
            (2, 2, 0, vec![2], false),
            (6, 9, 100, vec![], false),
        ] {
            let page = store.entries(CIRCLE, DEVICE, Seq(from), Seq(to), limit).await.unwrap();
            assert_eq!((seqs(&page.entries), page.more), (expected, more), "{from}..={to}, {limit} bytes");
        }
        assert_eq!(store.entries(CIRCLE, DeviceId([7; 32]), Seq(0), Seq(9), 1).await.unwrap().entries, []);

        let (mut after, mut found) = (Position::default(), Vec::new());
        loop {
            let page = store.entries_of_document(CIRCLE, document(1), after, 250).await.unwrap();
            assert!(page.entries.len() <= 2);
            found.extend(seqs(&page.entries));
            after = page.entries.last().unwrap().position;
            if !page.more {
                break;
            }
        }
        assert_eq!(found, [3, 5, 4, 3, 2, 1]);
        assert_eq!(store.entries_of_document(CIRCLE, document(2), Position(0), 9).await.unwrap().entries, []);
    });
}

#[test]
fn quarantine_comes_and_goes() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(vec![circle(CIRCLE), put(1, vec![]), put(2, vec![])]).await.unwrap();
        let set = |seq, quarantined| Write::SetQuarantined {
            circle: CIRCLE,
            device: DEVICE,
            seq: Seq(seq),
            hash: hash(seq),
            quarantined,
        };
        for (write, expected) in [(set(2, true), [false, true]), (set(2, false), [false, false])] {
            store.commit(vec![write, set(77, true)]).await.unwrap();
            let found = store.entry_heads(CIRCLE).await.unwrap();
            assert_eq!(found.iter().map(|head| head.quarantined).collect::<Vec<_>>(), expected);
        }
    });
}

#[test]
fn batches_keep_their_order_and_fail_alone() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(vec![circle(CIRCLE)]).await.unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        for n in 1..=100 {
            let tell = tell.clone();
            // Every tenth refers to a circle that isn't there, behind a write that would be fine.
            let writes = if n % 10 == 0 {
                let row = EntryRow { envelope: vec![1], ..entry(n, vec![]) };
                vec![put(n, vec![]), Write::PutEntry { circle: OTHER, entry: row }]
            } else {
                vec![put(n, vec![]), setting("last", &n.to_be_bytes())]
            };
            store.submit(writes, move |result| tell.send((n, result)).unwrap()).await.unwrap();
        }
        drop(tell);
        let results: Vec<_> = told.iter().collect();
        assert_eq!(results.iter().map(|(n, _)| *n).collect::<Vec<_>>(), (1..=100).collect::<Vec<_>>());
        for (n, result) in results {
            assert_eq!(result, if n % 10 == 0 { Err(StoreError::Unknown) } else { Ok(()) }, "batch {n}");
        }
        assert_eq!(numbers(&store).await, (1..=100).filter(|n| n % 10 != 0).collect::<Vec<_>>());
        assert_eq!(store.setting("last").await.unwrap(), Some(99_u64.to_be_bytes().to_vec()));
    });
}

#[test]
fn a_lane_is_kept_up_to_its_first_failure_until_it_is_reopened() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        store.commit(vec![circle(CIRCLE), circle(OTHER)]).await.unwrap();
        let (tell, told) = std::sync::mpsc::channel();
        // Enough of them that many share a transaction; each tenth comes with a row of no circle.
        for n in 1..=100_u64 {
            let mut writes = vec![put(n, vec![])];
            if n % 10 == 0 {
                writes.push(Write::PutOp { circle: CircleId([9; 32]), op: op(1) });
            }
            let own = tell.clone();
            store.submit_in(CIRCLE, writes, move |result| own.send((n, result)).unwrap()).await.unwrap();
            let other = vec![Write::PutEntry { circle: OTHER, entry: entry(n, vec![]) }];
            let own = tell.clone();
            store.submit_in(OTHER, other, move |result| own.send((1000 + n, result)).unwrap()).await.unwrap();
            if n == 55 {
                store.reopen(CIRCLE).unwrap();
            }
        }
        drop(tell);
        let behind = || StoreError::AfterFailure { why: StoreError::Unknown.to_string() };
        for (n, result) in told {
            let expected = match n {
                10 | 60 => Err(StoreError::Unknown),
                11..=55 | 61..=100 => Err(behind()),
                _ => Ok(()),
            };
            assert_eq!(result, expected, "batch {n}");
        }
        assert_eq!(numbers(&store).await, (1..10).chain(56..60).collect::<Vec<_>>());
        assert_eq!(store.entry_heads(OTHER).await.unwrap().len(), 100);
        store.close().await;
    });
}

#[test]
fn a_closed_store_says_so_to_everybody() {
    block_on(async {
        let place = Place::new();
        let store = place.create();
        let other = store.clone();
        let (tell, told) = std::sync::mpsc::channel();
        store.submit(vec![setting("a", b"1")], move |result| tell.send(result).unwrap()).await.unwrap();
        store.close().await;
        assert_eq!(told.recv().unwrap(), Ok(()), "what was submitted before closing is finished");

        let stopped = |result| assert!(matches!(result, Err(StoreError::Stopped { .. })), "{result:?}");
        stopped(other.commit(vec![setting("a", b"2")]).await);
        stopped(other.move_to_fresh_key(key(), vec![], vec![]).await);
        stopped(other.setting("a").await.map(|_| ()));
        let (tell, told) = std::sync::mpsc::channel();
        let submitted = other.submit(vec![], move |result| tell.send(result).unwrap()).await;
        stopped(submitted);
        stopped(told.recv().unwrap());
        stopped(other.reopen(CIRCLE));
        other.close().await;
        assert_eq!(place.open().unwrap().setting("a").await.unwrap(), Some(b"1".to_vec()));
    });
}

#[test]
fn secrets_stay_out_of_logs() {
    let shown = format!("{:?} {:?}", key(), Secret::new(vec![0x5a; 3]));
    assert_eq!(shown, "StoreKey(…) Secret(3 bytes)");
}
