//! Epochs as a member may announce and grant them who doesn't keep to the rules.

use crate::cast::Cast;
use crate::script::Choices;
use snug_circle::{EpochAnnouncement, EpochInserted, Epochs, op_hash};
use snug_crypto::{SeededEntropy, Verified};
use snug_types::{CircleId, OpHash, from_bytes, to_bytes};

/// Only an epoch that is sealed to exactly the current devices is held, only the secret that was committed to is taken, and
/// what is chosen to seal under covers every departure.
pub fn run(data: &[u8]) {
    let cast = Cast::get();
    let mut choices = Choices::new(data);
    let mut e = SeededEntropy::new(12);
    let mut log = cast.log();
    if choices.flag() {
        let leave = log.leave(&cast.bela, Vec::new()).expect("Béla may leave");
        log.insert(leave).expect("and does");
    }
    let mut epochs = Epochs::new(cast.circle);
    epochs.insert(&log, &cast.anna, cast.epoch.clone()).expect("an honest epoch");
    let mut hers = Epochs::new(cast.circle);
    for _ in 0..4 {
        if !choices.more() {
            break;
        }
        let honest = hers.mint(&log, &cast.mallory, &mut e).expect("Mallory is a member");
        hers.insert(&log, &cast.mallory, honest.clone()).expect("her own");
        if choices.flag() {
            let grant =
                hers.grant(&log, &cast.mallory, honest.id(), cast.anna.id(), &mut e).expect("to Anna");
            let mut body = to_bytes(&*grant);
            choices.edit(&mut body);
            let Ok(mut body) = from_bytes::<snug_circle::EpochGrant>(&body) else { continue };
            body.granter = cast.mallory.id();
            let grant = Verified::sign(body, &cast.mallory).expect("her own");
            let _ = epochs.accept_grant(&log, &cast.anna, &grant);
        } else {
            announce(&mut choices, &log, &mut epochs, honest);
        }
        let chosen = epochs.choose(&log);
        if let Some(chosen) = chosen {
            let announcement = epochs.get(&chosen).expect("what is chosen is held");
            let view = log.at(&announcement.heads).expect("its heads are held");
            assert!(view.current_devices().all(|device| log.current().is_current(device.public.id())));
            let secret = epochs.secret(&chosen).expect("what is chosen can be sealed under");
            assert_eq!(secret.commitment(), announcement.commitment);
        }
    }
}

fn announce(
    choices: &mut Choices<'_>,
    log: &snug_circle::MembershipLog,
    epochs: &mut Epochs,
    honest: Verified<EpochAnnouncement>,
) {
    let cast = Cast::get();
    let mut body = to_bytes(&*honest);
    choices.edit(&mut body);
    let Ok(mut body) = from_bytes::<EpochAnnouncement>(&body) else { return };
    match choices.byte() {
        1 => _ = body.recipients.pop(),
        2 => _ = body.recipients.splice(..1.min(body.recipients.len()), []),
        3 => body.heads = cast.ops.get(choices.below(3)).map(|op| op_hash(op.signed())).into_iter().collect(),
        4 => body.heads.push(OpHash([255; 32])),
        5 => body.circle = CircleId([1; 32]),
        6 => body.recipients = cast.epoch.recipients.clone(),
        _ => {}
    }
    body.author = cast.mallory.id();
    let id = body.id();
    let announcement = Verified::sign(body, &cast.mallory).expect("her own");
    let inserted = epochs.insert(log, &cast.anna, announcement);
    if let Ok(EpochInserted::Held { secret }) = inserted {
        let held = epochs.get(&id).expect("held");
        let view = log.at(&held.heads).expect("its heads are held");
        let current = view.current_devices().map(|device| device.public.id());
        assert!(held.recipients.iter().map(|r| r.device).eq(current));
        assert_eq!(epochs.secret(&id).is_some(), secret);
    }
}

/// Honest ones, and one of each lie.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = vec![vec![0, 1, 0, 0, 0, 0], vec![1, 1, 0, 1, 0, 0, 0], vec![0, 0, 1, 0, 200, 1, 0]];
    seeds.extend((1..=6).flat_map(|lie| [vec![0, 0, 0, lie, 1], vec![1, 0, 0, lie, 1]]));
    seeds
}
