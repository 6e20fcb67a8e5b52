//! Who is here: every connection from its first packet to its end, counted before anything is spent on it.
//!
//! A connection that comes in is *unproven* until the owner says otherwise. Few of those are borne: when a new one
//! comes the oldest goes, first among those of the same address. So a stranger can't keep others out by holding
//! connections open, and can't tell one laptop from another by how many it bears.

use crate::bound::Limits;
use crate::event::SlotId;
use crate::outgoing::lock;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use tokio::time::Instant;

/// The list of all connections of a laptop.
#[derive(Debug)]
pub(crate) struct Guests {
    limits: Limits,
    rows: Mutex<Rows>,
}

#[derive(Debug, Default)]
struct Rows {
    next: u64,
    /// By number, and so in the order in which they came.
    by_number: BTreeMap<u64, Row>,
}

#[derive(Debug)]
struct Row {
    slot: SlotId,
    ip: IpAddr,
    came_in: bool,
    proven: bool,
    /// Told when the connection must go.
    leave: watch::Sender<bool>,
}

/// A place on the list, held for as long as the connection lives in any form.
#[derive(Debug)]
pub(crate) struct Ticket {
    guests: Arc<Guests>,
    number: u64,
    /// When the first packet came, or the channel stood if we dialed.
    since: Instant,
    leave: watch::Receiver<bool>,
}

impl Guests {
    pub(crate) fn new(limits: Limits) -> Arc<Self> {
        Arc::new(Self { limits, rows: Mutex::default() })
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }

    /// A connection comes in. None: it is one too many.
    pub(crate) fn arrive(self: &Arc<Self>, slot: SlotId, ip: IpAddr) -> Option<Ticket> {
        let mut rows = lock(&self.rows);
        if !self.has_room(&rows, slot) {
            return None;
        }
        if rows.count(|row| row.came_in && row.ip == ip) >= self.limits.per_address {
            return None;
        }
        if rows.unproven(Some(ip)) >= self.limits.unproven_per_address {
            rows.dismiss_oldest(Some(ip));
        } else if rows.unproven(None) >= self.limits.unproven {
            rows.dismiss_oldest(None);
        }
        Some(self.enter(&mut rows, slot, ip, true))
    }

    /// A connection that we dialed stands. None: it is one too many.
    pub(crate) fn depart(self: &Arc<Self>, slot: SlotId, ip: IpAddr) -> Option<Ticket> {
        let mut rows = lock(&self.rows);
        self.has_room(&rows, slot).then(|| self.enter(&mut rows, slot, ip, false))
    }

    fn has_room(&self, rows: &Rows, slot: SlotId) -> bool {
        rows.by_number.len() < self.limits.connections
            && rows.count(|row| row.slot == slot) < self.limits.per_slot
    }

    fn enter(self: &Arc<Self>, rows: &mut Rows, slot: SlotId, ip: IpAddr, came_in: bool) -> Ticket {
        let number = rows.next;
        rows.next += 1;
        let (leave, told) = watch::channel(false);
        rows.by_number.insert(number, Row { slot, ip, came_in, proven: false, leave });
        Ticket { guests: Arc::clone(self), number, since: Instant::now(), leave: told }
    }
}

impl Rows {
    fn count(&self, which: impl Fn(&Row) -> bool) -> usize {
        self.by_number.values().filter(|row| which(row)).count()
    }

    fn unproven(&self, ip: Option<IpAddr>) -> usize {
        self.count(|row| row.is_unproven(ip))
    }

    fn dismiss_oldest(&mut self, ip: Option<IpAddr>) {
        let oldest = self.by_number.iter().find(|(_, row)| row.is_unproven(ip)).map(|(number, _)| *number);
        if let Some(row) = oldest.and_then(|number| self.by_number.remove(&number)) {
            row.leave.send_replace(true);
        }
    }
}

impl Row {
    fn is_unproven(&self, ip: Option<IpAddr>) -> bool {
        self.came_in && !self.proven && ip.is_none_or(|ip| ip == self.ip)
    }
}

impl Ticket {
    /// When whoever hasn't proven themselves is disconnected.
    pub(crate) fn deadline(&self) -> Instant {
        self.since + self.guests.limits.proof
    }

    /// The place is no longer among the unproven.
    pub(crate) fn prove(&self) {
        if let Some(row) = lock(&self.guests.rows).by_number.get_mut(&self.number) {
            row.proven = true;
        }
    }

    /// Resolves when the connection must give way to another.
    pub(crate) fn dismissed(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut leave = self.leave.clone();
        async move {
            // An error means that the row is gone, which the ticket's own drop does last of all.
            let _ = leave.wait_for(|leave| *leave).await;
        }
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        lock(&self.guests.rows).by_number.remove(&self.number);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;

    const A: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1));
    const B: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 2));
    const FIRST: SlotId = SlotId(0);
    const SECOND: SlotId = SlotId(1);

    fn guests(change: impl FnOnce(&mut Limits)) -> Arc<Guests> {
        let mut limits = Limits::default();
        change(&mut limits);
        Guests::new(limits)
    }

    fn is_dismissed(ticket: &Ticket) -> bool {
        ticket.dismissed().now_or_never().is_some()
    }

    #[test]
    fn the_oldest_unproven_gives_way() {
        let guests = guests(|limits| limits.unproven = 2);
        let first = guests.arrive(FIRST, A).unwrap();
        let second = guests.arrive(FIRST, B).unwrap();
        let third = guests.arrive(SECOND, B).unwrap();
        assert_eq!([&first, &second, &third].map(is_dismissed), [true, false, false]);
    }

    #[test]
    fn a_flood_from_one_address_displaces_its_own() {
        let guests = guests(|limits| limits.unproven_per_address = 2);
        let honest = guests.arrive(FIRST, A).unwrap();
        let flood: Vec<_> = (0..10).map(|_| guests.arrive(FIRST, B).unwrap()).collect();
        assert!(!is_dismissed(&honest));
        assert_eq!(flood.iter().filter(|ticket| !is_dismissed(ticket)).count(), 2);
    }

    #[test]
    fn the_proven_and_the_dialed_stay() {
        let guests = guests(|limits| limits.unproven = 1);
        let proven = guests.arrive(FIRST, A).unwrap();
        proven.prove();
        let dialed = guests.depart(FIRST, A).unwrap();
        let unproven = guests.arrive(FIRST, A).unwrap();
        let last = guests.arrive(FIRST, A).unwrap();
        assert_eq!([&proven, &dialed, &unproven, &last].map(is_dismissed), [false, false, true, false]);
    }

    #[test]
    fn limits_hold_in_all_per_slot_and_per_address() {
        let in_all = guests(|limits| limits.connections = 2);
        let _held = (in_all.arrive(FIRST, A).unwrap(), in_all.depart(SECOND, B).unwrap());
        assert!(in_all.arrive(FIRST, A).is_none());
        assert!(in_all.depart(FIRST, A).is_none());

        let per_slot = guests(|limits| limits.per_slot = 1);
        let _held = per_slot.depart(FIRST, A).unwrap();
        assert!(per_slot.arrive(FIRST, B).is_none());
        assert!(per_slot.arrive(SECOND, B).is_some());

        let per_address = guests(|limits| limits.per_address = 1);
        let _held = per_address.arrive(FIRST, A).unwrap();
        assert!(per_address.arrive(SECOND, A).is_none());
        assert!(per_address.arrive(SECOND, B).is_some());
    }

    #[test]
    fn a_place_is_free_again_when_its_ticket_is_dropped() {
        let guests = guests(|limits| limits.connections = 1);
        drop(guests.arrive(FIRST, A).unwrap());
        assert!(guests.arrive(FIRST, A).is_some());
    }
}
