//! Membership operations of members, guests and strangers who sign whatever they like.

use crate::cast::{Cast, admission, copy};
use crate::script::Choices;
use snug_circle::{MembershipLog, Op, OpBody, Tip, member_of_first, op_hash};
use snug_crypto::{DeviceSecret, SeededEntropy, Verified};
use snug_types::{EntryHash, MemberId, OpHash, Seq, from_bytes, to_bytes};

/// So many operations of one input: below every bound on those that wait.
const MOST: usize = 24;

/// Whatever order the same operations come in, the log says the same; what it says of its own heads is what it says now.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let mut choices = Choices::new(data);
    let mut e = SeededEntropy::new(11);
    let mut people: Vec<DeviceSecret> =
        [&cast.anna, &cast.bela, &cast.mallory, &cast.newcomer].map(copy).into();
    people.extend([(); 2].map(|()| DeviceSecret::generate(&mut e)));
    let mut log = cast.log();
    let mut made = cast.ops.clone();
    while choices.more() && made.len() < MOST {
        let op = operation(&mut choices, &log, &made, &people);
        // What is refused must be refused again, so it goes into the other order too.
        let _ = log.insert(op.clone());
        made.push(op);
    }
    agree(&log);

    let (turn, backwards) = (choices.below(made.len()), choices.flag());
    made.rotate_left(turn);
    if backwards {
        made.reverse();
    }
    let mut other = MembershipLog::new(cast.circle);
    for op in made {
        let _ = other.insert(op);
    }
    agree(&other);
    assert_eq!(other.current(), log.current());
    assert_eq!((other.heads(), other.len(), other.frozen()), (log.heads(), log.len(), log.frozen()));
}

fn agree(log: &MembershipLog) {
    let heads = log.heads();
    assert_eq!(log.at(&heads).as_deref(), Some(log.current()));
    assert!(log.is_antichain(&heads));
    assert_eq!(log.missing_from(&[]).len(), log.len());
    assert!(log.missing_from(&heads).is_empty());
}

pub(super) fn operation(
    choices: &mut Choices<'_>,
    log: &MembershipLog,
    made: &[Verified<Op>],
    people: &[DeviceSecret],
) -> Verified<Op> {
    let author = &people[choices.below(people.len())];
    let guest = &people[choices.below(people.len())];
    let hashes: Vec<_> = made.iter().map(|op| op_hash(op.signed())).collect();
    let mut parents = match choices.below(3) {
        0 => log.heads(),
        _ => (0..choices.below(4)).filter_map(|_| choices.one_of(&hashes)).collect(),
    };
    if choices.byte() == 255 {
        parents.push(OpHash([choices.byte(); 32]));
    }
    parents.sort_unstable();
    parents.dedup();
    let member = |device: &DeviceSecret| member_of_first(&device.public());
    let body = match choices.below(5) {
        0 => OpBody::Found { device: guest.public(), nonce: [choices.byte(); 32] },
        1 => {
            let mut admission = admission(log.circle(), author, guest, [choices.byte(); 32]);
            match choices.byte() {
                255 => admission.member = MemberId([1; 32]),
                254 => admission.device = author.public(),
                253 => admission.acceptance.0[choices.below(64)] ^= 1,
                _ => {}
            }
            OpBody::Admit(admission)
        }
        2 => {
            let tip = |choices: &mut Choices<'_>| {
                let device = people[choices.below(people.len())].id();
                Tip { device, seq: Seq(choices.byte().into()), hash: EntryHash([choices.byte(); 32]) }
            };
            let mut tips: Vec<_> = (0..choices.below(4)).map(|_| tip(choices)).collect();
            tips.sort_unstable();
            tips.dedup();
            OpBody::Leave { member: member(if choices.flag() { guest } else { author }), tips }
        }
        3 => OpBody::Unknown { kind: u16::from(choices.byte()) + 4, bytes: choices.chunk().to_vec() },
        // Whatever reads as an operation, in this author's name.
        _ => match from_bytes::<Op>(choices.chunk()) {
            Ok(op) => op.body,
            Err(_) => OpBody::Leave { member: member(author), tips: Vec::new() },
        },
    };
    let circle = if choices.byte() == 255 { snug_types::CircleId([0; 32]) } else { log.circle() };
    let op = Op { circle, author: author.id(), parents, body };
    // What couldn't be read wouldn't have arrived.
    let op = from_bytes(&to_bytes(&op)).unwrap_or(Op { parents: Vec::new(), ..op });
    Verified::sign(op, author).expect("the author's own")
}

/// Admissions, leaves, both at once, things unknown, and orphans.
pub fn seeds() -> Vec<Vec<u8>> {
    let admit = |author: u8, guest: u8| vec![author, guest, 0, 0, 1, 9, 0, 0];
    let leave = |author: u8| vec![author, author, 0, 0, 2, 0, 0, 0];
    let beside = |author: u8, parent: u8| vec![author, author, 1, 1, parent, 0, 2, 0, 0, 0];
    vec![
        admit(2, 3),
        [admit(2, 3), leave(2), admit(3, 4)].concat(),
        [admit(2, 3), beside(2, 2), admit(3, 4), vec![1, 1]].concat(),
        [leave(1), beside(2, 1), admit(0, 3), vec![3, 1]].concat(),
        [vec![2, 2, 0, 0, 3, 1, 0, 2, 5, 5, 0], admit(2, 3)].concat(),
        [vec![3, 3, 1, 0, 255, 7, 2, 0, 0, 0], admit(0, 3), vec![2, 0]].concat(),
        vec![2, 3, 0, 0, 0, 1, 0],
    ]
}
