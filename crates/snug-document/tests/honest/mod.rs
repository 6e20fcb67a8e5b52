//! Changes as Automerge itself writes them.

use automerge::transaction::Transactable;
use proptest::prelude::*;
use snug_types::ActorId;

/// A step of somebody who edits by Automerge's own means.
#[derive(Debug, Clone)]
pub(crate) enum Step {
    Text(usize, usize, String),
    Block(usize),
    Join(usize),
    Mark(usize, usize, bool, bool),
    Put(u8, i64),
    Delete(u8),
    Counter(u8),
    Increment(u8, i64),
    List(usize, u8),
    Nested(u8),
    Bytes(Vec<u8>, f64),
    Commit,
    Merge,
}

/// Any step.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (0_usize..40, 0_usize..6, "[a-zé🙂 ]{0,8}").prop_map(|(a, d, t)| Step::Text(a, d, t)),
        2 => (0_usize..40).prop_map(Step::Block),
        1 => (0_usize..40).prop_map(Step::Join),
        2 => (0_usize..40, 0_usize..20, any::<bool>(), any::<bool>()).prop_map(|(a, n, on, e)| Step::Mark(a, n, on, e)),
        1 => (0_u8..4, any::<i64>()).prop_map(|(k, v)| Step::Put(k, v)),
        1 => (0_u8..4).prop_map(Step::Delete),
        1 => (0_u8..4).prop_map(Step::Counter),
        1 => (0_u8..4, any::<i32>()).prop_map(|(k, n)| Step::Increment(k, n.into())),
        1 => (0_usize..5, any::<u8>()).prop_map(|(a, v)| Step::List(a, v)),
        1 => (0_u8..4).prop_map(Step::Nested),
        1 => (prop::collection::vec(any::<u8>(), 0..20), any::<f64>()).prop_map(|(b, f)| Step::Bytes(b, f)),
        2 => Just(Step::Commit),
        1 => Just(Step::Merge),
    ]
}

/// Two real replicas make the steps in turn; gives all their changes.
pub(crate) fn honest(steps: &[(bool, Step)]) -> Vec<(ActorId, Vec<u8>)> {
    use automerge::marks::{ExpandMark, Mark};
    use automerge::transaction::CommitOptions;
    use automerge::{AutoCommit, ObjType, ROOT, ReadDoc, ScalarValue};
    let mut a = AutoCommit::new_with_encoding(automerge::TextEncoding::Utf16CodeUnit)
        .with_actor(automerge::ActorId::from(&[1_u8; 16][..]));
    let text = a.put_object(ROOT, "text", ObjType::Text).unwrap();
    let list = a.put_object(ROOT, "list", ObjType::List).unwrap();
    a.commit_with(CommitOptions::default().with_time(7));
    let mut b = a.fork().with_actor(automerge::ActorId::from(&[2_u8; 16][..]));
    for (first, step) in steps {
        let (doc, other) = if *first { (&mut a, &mut b) } else { (&mut b, &mut a) };
        let length = doc.length(&text);
        // Steps that don't fit what is there are no steps.
        let _ = match step {
            Step::Text(at, gone, new) => {
                let at = (*at).min(length);
                doc.splice_text(&text, at, (*gone).min(length - at) as isize, new)
            }
            Step::Block(at) => doc.split_block(&text, (*at).min(length)).and_then(|id| {
                doc.put(&id, "type", "paragraph")?;
                doc.put(&id, "depth", 2_u64)
            }),
            Step::Join(at) => match doc.get(&text, *at) {
                Ok(Some((automerge::Value::Object(_), _))) => doc.join_block(&text, *at),
                _ => Ok(()),
            },
            Step::Mark(at, n, on, end) => {
                let (start, end_at) = ((*at).min(length), (*at + *n).min(length));
                let value = if *on { ScalarValue::Boolean(true) } else { ScalarValue::Null };
                let expand = if *end { ExpandMark::After } else { ExpandMark::None };
                doc.mark(&text, Mark::new("strong".to_owned(), value, start, end_at), expand)
            }
            Step::Put(key, value) => doc.put(ROOT, format!("k{key}"), *value),
            Step::Delete(key) => doc.delete(ROOT, format!("k{key}")),
            Step::Counter(key) => doc.put(ROOT, format!("k{key}"), ScalarValue::counter(5)),
            Step::Increment(key, by) => doc.increment(ROOT, format!("k{key}"), *by),
            Step::List(at, value) => {
                let length = doc.length(&list);
                if *value < 200 {
                    doc.insert(&list, (*at).min(length), u64::from(*value))
                } else {
                    doc.delete(&list, *at)
                }
            }
            Step::Nested(key) => doc
                .put_object(ROOT, format!("k{key}"), ObjType::Map)
                .and_then(|id| doc.put(&id, "x", ScalarValue::Null)),
            Step::Bytes(bytes, float) => {
                doc.put(ROOT, "bytes", bytes.clone()).and_then(|()| doc.put(ROOT, "float", *float))
            }
            Step::Commit => {
                doc.commit_with(CommitOptions::default().with_time(-5));
                Ok(())
            }
            Step::Merge => {
                doc.merge(other).unwrap();
                Ok(())
            }
        };
    }
    a.commit();
    b.commit();
    a.merge(&mut b).unwrap();
    let own = |c: &automerge::Change| ActorId::from_slice(c.actor_id().to_bytes()).unwrap();
    a.get_changes(&[]).iter().map(|c| (own(c), c.raw_bytes().to_vec())).collect()
}
