//! The world: laptops, links, and events in virtual time.

use crate::chance::Chance;
use crate::laptop::{Laptop, Wishes};
use crate::link::Link;
use snug_circle::{Acceptance, Admission};
use snug_crypto::{DeviceSecret, Verified, random};
use snug_document::{Blocks, note};
use snug_sync::{CircleSync, LocalError, SessionId, Ticket};
use snug_types::{CircleId, DocumentRef, InvitationId, Title, UnixMillis};
use std::collections::{BTreeMap, BTreeSet};

/// A laptop's place in the world.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Who(pub usize);

/// What goes wrong by itself, so many times in a thousand.
#[derive(Debug, Clone, Copy)]
pub struct Faults {
    /// A frame breaks its link: it is lost, with all that is under way.
    pub loss: u64,
    /// A laptop crashes when its disk is about to sync.
    pub crash: u64,
    /// A second link between two laptops that have one.
    pub double: u64,
    /// The slowest frame, in milliseconds.
    pub latency: u64,
    /// The slowest sync of a disk, in milliseconds.
    pub sync: u64,
}

/// How it is while nothing goes wrong.
const FINE: Faults = Faults { loss: 0, crash: 0, double: 0, latency: 4, sync: 3 };

#[derive(Debug)]
enum Happening {
    Frame { link: SessionId, to: Who, bytes: Vec<u8> },
    Broken { link: SessionId, to: Who },
    Sync(Who),
    Tick(Who),
    Start(Who),
    Meet(Who, Who),
}

/// A simulated circle.
#[derive(Debug)]
pub struct World {
    /// The laptops, by their places.
    pub laptops: Vec<Laptop>,
    /// What goes wrong by itself.
    pub faults: Faults,
    /// Laptops whose frames are damaged, so many times in a thousand.
    pub hostile: BTreeMap<Who, u64>,
    pub(crate) chance: Chance,
    now: u64,
    happenings: BTreeMap<(u64, u64), Happening>,
    last_happening: u64,
    last_link: u64,
    links: BTreeMap<SessionId, Link>,
    /// Who should be connected when nothing is in the way.
    acquainted: BTreeSet<(Who, Who)>,
    /// Which part of a partition each laptop is in.
    parts: BTreeMap<Who, usize>,
    syncing: BTreeSet<Who>,
    sent: BTreeMap<Who, u64>,
    seen: BTreeMap<Who, BTreeSet<u64>>,
}

impl World {
    /// An empty world from one number.
    pub fn new(seed: u64) -> Self {
        Self {
            laptops: Vec::new(),
            faults: FINE,
            hostile: BTreeMap::new(),
            chance: Chance::new(seed),
            now: 1_750_000_000_000,
            happenings: BTreeMap::new(),
            last_happening: 0,
            last_link: 0,
            links: BTreeMap::new(),
            acquainted: BTreeSet::new(),
            parts: BTreeMap::new(),
            syncing: BTreeSet::new(),
            sent: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// A laptop founds the circle.
    pub fn found(&mut self) -> Who {
        let secret = DeviceSecret::generate(&mut self.chance);
        let seed = self.chance.below(u64::MAX);
        let mut laptop =
            Laptop::new(CircleSync::joining(CircleId([0; 32]), copy(&secret)), copy(&secret), seed);
        let clock = laptop.clock(self.now);
        laptop.sync = CircleSync::found(copy(&secret), laptop.entropy(), clock).0;
        let who = self.add(laptop);
        self.run_for(100);
        who
    }

    /// A laptop joins, let in by another, and meets it.
    pub fn join(&mut self, inviter: Who) -> Who {
        let who = self.admit(inviter);
        self.acquaint(inviter, who);
        who
    }

    /// A laptop is let in, and hasn't met anybody yet.
    pub fn admit(&mut self, inviter: Who) -> Who {
        let secret = DeviceSecret::generate(&mut self.chance);
        let host = &self.laptops[inviter.0];
        let acceptance = Acceptance {
            circle: host.circle(),
            invitation: InvitationId(random(&mut self.chance)),
            inviter: host.device(),
            device: secret.public(),
            challenge: random(&mut self.chance),
        };
        let admission = Admission::of(&Verified::sign(acceptance, &secret).expect("the device's own"));
        let seed = self.chance.below(u64::MAX);
        let laptop = Laptop::new(CircleSync::joining(host.circle(), copy(&secret)), copy(&secret), seed);
        let admitted =
            self.act(inviter, |laptop, now| laptop.input(now, |sync, clock, _| sync.admit(clock, admission)));
        admitted.expect("a member may admit");
        self.add(laptop)
    }

    /// A copy of a laptop's disk wakes up elsewhere.
    pub fn clone_of(&mut self, who: Who) -> Who {
        let seed = self.chance.below(u64::MAX);
        let copy = self.laptops[who.0].cloned(seed);
        self.add(copy)
    }

    fn add(&mut self, laptop: Laptop) -> Who {
        let who = Who(self.laptops.len());
        self.laptops.push(laptop);
        let first = self.chance.below(1000);
        self.later(first, Happening::Tick(who));
        self.pump(who);
        who
    }

    /// These two find each other whenever they can.
    pub fn acquaint(&mut self, a: Who, b: Who) {
        self.acquainted.insert((a.min(b), a.max(b)));
        self.later(1, Happening::Meet(a, b));
    }

    /// Everybody finds everybody.
    pub fn acquaint_all(&mut self) {
        for b in 0..self.laptops.len() {
            for a in 0..b {
                if self.laptops[a].device() != self.laptops[b].device() {
                    self.acquaint(Who(a), Who(b));
                }
            }
        }
    }

    /// These two don't look for each other any more.
    pub fn part(&mut self, a: Who, b: Who) {
        self.acquainted.remove(&(a.min(b), a.max(b)));
        self.break_links(|link| link.ends == [a, b] || link.ends == [b, a]);
    }

    /// Only laptops of one part reach each other. Who isn't named is in the first.
    pub fn partition(&mut self, parts: &[&[Who]]) {
        self.parts.clear();
        for (n, part) in parts.iter().enumerate() {
            self.parts.extend(part.iter().map(|who| (*who, n)));
        }
        let parts = self.parts.clone();
        let part = |who: Who| parts.get(&who).copied().unwrap_or(0);
        self.break_links(|link| part(link.ends[0]) != part(link.ends[1]));
    }

    /// A laptop loses power and starts again a moment later.
    pub fn crash(&mut self, who: Who) {
        let waiting = self.chance.index(4);
        let laptop = &mut self.laptops[who.0];
        if !laptop.up {
            return;
        }
        laptop.up = false;
        laptop.disk.crash(waiting);
        self.break_links(|link| link.ends.contains(&who));
        let off = 200 + self.chance.below(3000);
        self.later(off, Happening::Start(who));
    }

    /// A disk doesn't sync any more, or does again.
    pub fn block(&mut self, who: Who, blocked: bool) {
        self.laptops[who.0].disk.blocked = blocked;
        self.schedule_sync(who);
    }

    /// A disk refuses the commits that wait.
    pub fn fail_disk(&mut self, who: Who) {
        self.act(who, |laptop, now| {
            let ticket = Ticket(0);
            laptop.disk.crash(0);
            laptop.input(now, |sync, clock, _| sync.persist_failed(clock, ticket));
        });
    }

    /// A disk is full: it refuses some of the commits that wait, and the laptop begins again from the others.
    pub fn refuse_some(&mut self, who: Who) {
        let chance = &mut self.chance;
        self.laptops[who.0].disk.refuse(|| chance.per_mille(500));
        self.act(who, |laptop, now| {
            laptop.input(now, |sync, clock, _| sync.persist_failed(clock, Ticket(0)));
        });
        self.crash(who);
    }

    /// A laptop leaves.
    pub fn leave(&mut self, who: Who) -> Result<Ticket, LocalError> {
        self.act(who, |laptop, now| laptop.input(now, |sync, clock, _| sync.leave(clock)))
    }

    /// A new note.
    pub fn new_note(&mut self, who: Who, title: &str) -> DocumentRef {
        let title = Title::new(title).expect("a title");
        let made = self.act(who, |laptop, now| {
            laptop.make(now, |actor, at| {
                note::create(actor, at, &title, &Blocks::default()).expect("a new note")
            })
        });
        made.expect("a member may write")
    }

    /// Appends a line to a note; false if the laptop can't: it hasn't the note yet, or may not write.
    pub fn append(&mut self, who: Who, document: DocumentRef, line: &str) -> bool {
        self.laptops[who.0].up
            && self.act(who, |laptop, now| {
                laptop.edit(now, document, |live, at| note::append(live, at, line).ok().flatten())
            })
    }

    /// What a note says on a laptop.
    pub fn text(&self, who: Who, document: DocumentRef) -> String {
        let live = self.laptops[who.0].document(document);
        live.map(|live| note::view(live).body.plain_text()).unwrap_or_default()
    }

    /// Brings a frame to a laptop as if its peer had sent it, over a link that they have.
    pub fn inject(&mut self, from: Who, to: Who, bytes: &[u8]) -> bool {
        let found = self.links.iter().find(|(_, l)| l.ends.contains(&from) && l.ends.contains(&to));
        let Some(link) = found.map(|(id, _)| *id) else { return false };
        self.act(to, |laptop, now| {
            laptop.input(now, |sync, clock, entropy| sync.peer_frame(clock, entropy, link, bytes));
        });
        true
    }

    /// Bytes that a laptop has sent so far.
    pub fn sent(&self, who: Who) -> u64 {
        self.sent.get(&who).copied().unwrap_or(0)
    }

    /// Kinds of frames that a laptop has sent so far, by their tags.
    pub fn kinds_sent(&self, who: Who) -> BTreeSet<u64> {
        self.seen.get(&who).cloned().unwrap_or_default()
    }

    /// What a laptop's own clock shows.
    pub fn clock(&self, who: Who) -> UnixMillis {
        self.laptops[who.0].clock(self.now)
    }

    /// Does something to a laptop, then what follows from it.
    pub fn act<T>(&mut self, who: Who, act: impl FnOnce(&mut Laptop, u64) -> T) -> T {
        let now = self.now;
        let result = act(&mut self.laptops[who.0], now);
        self.pump(who);
        result
    }

    /// Lets so many milliseconds pass.
    pub fn run_for(&mut self, millis: u64) {
        let until = self.now + millis;
        while let Some((&(at, n), _)) = self.happenings.first_key_value() {
            if at > until {
                break;
            }
            self.now = at;
            if let Some(happening) = self.happenings.remove(&(at, n)) {
                self.happen(happening);
            }
        }
        self.now = until;
    }

    /// Nothing goes wrong any more, and everybody has time to hear of everything.
    pub fn settle(&mut self) {
        self.faults = FINE;
        self.hostile.clear();
        self.parts.clear();
        for n in 0..self.laptops.len() {
            self.block(Who(n), false);
        }
        self.run_for(75_000);
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::Frame { link, to, bytes } => {
                if self.links.contains_key(&link) && self.laptops[to.0].up {
                    self.act(to, |laptop, now| {
                        laptop
                            .input(now, |sync, clock, entropy| sync.peer_frame(clock, entropy, link, &bytes));
                    });
                }
            }
            Happening::Broken { link, to } => {
                self.links.remove(&link);
                self.act(to, |laptop, _| laptop.sync.peer_gone(link));
            }
            Happening::Sync(who) => self.sync(who),
            Happening::Tick(who) => {
                self.later(1000, Happening::Tick(who));
                if self.laptops[who.0].up {
                    self.act(who, |laptop, now| laptop.input(now, |sync, clock, _| sync.tick(clock)));
                }
            }
            Happening::Start(who) => {
                self.laptops[who.0].restart();
                self.pump(who);
            }
            Happening::Meet(a, b) => self.meet(a, b),
        }
    }

    fn sync(&mut self, who: Who) {
        self.syncing.remove(&who);
        let laptop = &mut self.laptops[who.0];
        if !laptop.up || laptop.disk.blocked {
            return;
        }
        if self.faults.crash > 0 && self.chance.per_mille(self.faults.crash) {
            return self.crash(who);
        }
        // Some or all of what waits is synced together, as a writer with a commit in flight does.
        let most = if self.chance.per_mille(500) { usize::MAX } else { 1 + self.chance.index(2) };
        let tickets = self.laptops[who.0].disk.sync(most);
        self.check_authors(who);
        self.act(who, |laptop, now| {
            for ticket in tickets {
                laptop.input(now, |sync, clock, entropy| sync.persisted(clock, entropy, ticket));
            }
        });
    }

    fn schedule_sync(&mut self, who: Who) {
        let disk = &self.laptops[who.0].disk;
        if disk.waits() && !disk.blocked && self.laptops[who.0].up && self.syncing.insert(who) {
            let after = 1 + self.chance.below(self.faults.sync);
            self.later(after, Happening::Sync(who));
        }
    }

    fn pump(&mut self, who: Who) {
        if !self.laptops[who.0].up {
            return;
        }
        let Wishes { frames, closed, holdings } = self.laptops[who.0].pump(self.now);
        for (link, bytes) in frames {
            self.carry(who, link, bytes);
        }
        for link in closed {
            self.end_link(link, Some(who));
        }
        if holdings {
            self.check_holdings(who);
        }
        self.schedule_sync(who);
    }

    fn carry(&mut self, from: Who, id: SessionId, mut bytes: Vec<u8>) {
        let Some(link) = self.links.get_mut(&id) else { return };
        let to = link.other(from);
        *self.sent.entry(from).or_default() += bytes.len() as u64;
        link.bytes[1 - to] += bytes.len() as u64;
        self.seen.entry(from).or_default().extend(bytes.get(1).map(|tag| u64::from(*tag)));
        if self.faults.loss > 0 && self.chance.per_mille(self.faults.loss) {
            return self.end_link(id, None);
        }
        if let Some(often) = self.hostile.get(&from)
            && self.chance.per_mille(*often)
        {
            self.chance.damage(&mut bytes);
        }
        let latency = 1 + self.chance.below(self.faults.latency);
        let at = (self.now + latency).max(link.last_arrival[to] + 1);
        link.last_arrival[to] = at;
        let to = link.ends[to];
        self.later(at - self.now, Happening::Frame { link: id, to, bytes });
    }

    /// A link ends: who isn't told already hears of it, after what was sent to them before if somebody closed it.
    fn end_link(&mut self, id: SessionId, closed_by: Option<Who>) {
        let Some(link) = self.links.get(&id).cloned() else { return };
        for (n, who) in link.ends.into_iter().enumerate() {
            if Some(who) != closed_by {
                let after =
                    if closed_by.is_some() { link.last_arrival[n].saturating_sub(self.now) + 1 } else { 1 };
                self.later(after, Happening::Broken { link: id, to: who });
            }
        }
        if closed_by.is_none() {
            self.links.remove(&id);
        }
        let [a, b] = link.ends;
        let again = 100 + self.chance.below(2000);
        self.later(again, Happening::Meet(a, b));
    }

    fn break_links(&mut self, which: impl Fn(&Link) -> bool) {
        let broken: Vec<_> = self.links.iter().filter(|(_, link)| which(link)).map(|(id, _)| *id).collect();
        for id in broken {
            self.end_link(id, None);
        }
    }

    fn meet(&mut self, a: Who, b: Who) {
        let part = |who: Who| self.parts.get(&who).copied().unwrap_or(0);
        if !self.acquainted.contains(&(a.min(b), a.max(b))) {
            return;
        }
        let linked = self.links.values().filter(|l| l.ends == [a, b] || l.ends == [b, a]).count();
        let wanted = if self.faults.double > 0 && self.chance.per_mille(self.faults.double) { 2 } else { 1 };
        if linked >= wanted {
            return;
        }
        if !self.laptops[a.0].up || !self.laptops[b.0].up || part(a) != part(b) {
            let again = 500 + self.chance.below(1000);
            return self.later(again, Happening::Meet(a, b));
        }
        self.last_link += 1;
        let id = SessionId(self.last_link);
        self.links.insert(id, Link::new(a, b));
        for (who, other) in [(a, b), (b, a)] {
            let device = self.laptops[other.0].device();
            self.act(who, |laptop, now| laptop.input(now, |sync, clock, _| sync.peer_up(clock, id, device)));
        }
    }

    fn later(&mut self, after: u64, happening: Happening) {
        self.last_happening += 1;
        self.happenings.insert((self.now + after, self.last_happening), happening);
    }
}

fn copy(secret: &DeviceSecret) -> DeviceSecret {
    DeviceSecret::from_bytes(&secret.to_bytes())
}
