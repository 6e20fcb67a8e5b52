//! The owner of the pool: looks at interfaces and clocks, keeps every slot listening where it should, keeps the beat of
//! the beacons, and passes commands on.

use crate::beacon::{self, Beacons};
use crate::behaviour::Pool;
use crate::bound;
use crate::cadence::Cadence;
use crate::event::{BeaconSource, DialId, DialTarget, NetEvent, SlotId};
use crate::events::{EventSender, NobodyListens};
use crate::guests::Guests;
use crate::net::NetConfig;
use crate::outgoing::Connections;
use crate::slot::{Dial, Slot, Wanted};
use crate::wake::Clocks;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until, timeout};

/// Commands that wait for one slot.
const SLOT_COMMANDS: usize = 64;

/// What the handle asks for.
#[derive(Debug)]
pub(crate) enum Command {
    Dial { dial: DialId, slot: SlotId, target: DialTarget },
    Renew { slot: SlotId },
    Beacon { source: BeaconSource, packet: Vec<u8> },
}

struct Hub {
    config: NetConfig,
    pool: Pool,
    /// By slot; dropping a sender ends its slot.
    slots: BTreeMap<SlotId, mpsc::Sender<Dial>>,
    running: JoinSet<()>,
    sources: BTreeSet<BeaconSource>,
    wanted: watch::Sender<Arc<BTreeSet<IpAddr>>>,
    beacons: Beacons,
    cadence: Cadence,
    clocks: Clocks,
}

/// Runs the network until it is stopped, or nobody holds its handle or its events.
pub(crate) async fn run(
    config: NetConfig,
    connections: Arc<Connections>,
    mut inbox: mpsc::Receiver<Command>,
    events: EventSender,
    mut stopped: watch::Receiver<bool>,
) {
    let guests = Guests::new(config.limits.clone());
    let mut hub = Hub {
        config,
        pool: Pool { connections, events: events.clone(), guests },
        slots: BTreeMap::new(),
        running: JoinSet::new(),
        sources: BTreeSet::new(),
        wanted: watch::Sender::default(),
        beacons: Beacons::new(events.clone()),
        cadence: Cadence::new(Instant::now(), jitter()),
        clocks: Clocks::new(SystemTime::now(), Instant::now()),
    };
    tokio::select! {
        // An error means that every handle is gone.
        _ = stopped.wait_for(|stop| *stop) => (),
        () = events.nobody_listens() => (),
        _ = hub.work(&mut inbox) => (),
    }
    hub.beacons.silence();
    hub.slots.clear();
    let ended = async { while hub.running.join_next().await.is_some() {} };
    if timeout(bound::DRAIN, ended).await.is_err() {
        // One waits for room in an event queue that nobody empties any more.
        hub.running.shutdown().await;
    }
}

impl Hub {
    async fn work(&mut self, inbox: &mut mpsc::Receiver<Command>) -> Result<(), NobodyListens> {
        self.look().await;
        for slot in 0..self.config.pool.clamp(1, bound::POOL_MAX) {
            self.start(SlotId(u16::try_from(slot).unwrap_or(u16::MAX)));
        }
        let mut looks = interval(bound::LOOK);
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                command = inbox.recv() => match command {
                    Some(command) => self.command(command).await?,
                    None => return Ok(()),
                },
                _ = looks.tick() => self.look().await,
                () = sleep_until(self.cadence.next()), if !self.config.quiet => self.beat().await?,
                // A slot that was renewed has ended.
                Some(_) = self.running.join_next() => (),
            }
        }
    }

    fn start(&mut self, id: SlotId) {
        let slot = match Slot::new(id, self.pool.clone()) {
            Ok(slot) => slot,
            Err(error) => {
                tracing::error!(slot = id.0, %error, "a listener couldn't be set up");
                return;
            }
        };
        let (commands, inbox) = mpsc::channel(SLOT_COMMANDS);
        let wanted: Wanted = self.wanted.subscribe();
        self.running.spawn(slot.run(inbox, wanted));
        // The slot that was here before ends.
        self.slots.insert(id, commands);
    }

    async fn command(&mut self, command: Command) -> Result<(), NobodyListens> {
        match command {
            Command::Dial { dial, slot, target } => {
                let taken = self.slots.get(&slot).map(|slot| slot.try_send(Dial { dial, target }));
                if !matches!(taken, Some(Ok(()))) {
                    return self.pool.events.send(NetEvent::DialFailed { dial }).await;
                }
            }
            Command::Renew { slot } if self.slots.contains_key(&slot) => self.start(slot),
            Command::Renew { .. } => tracing::debug!("there is no such slot to renew"),
            Command::Beacon { source, packet } if self.sources.contains(&source) => {
                if let Err(error) = beacon::send(source, &packet) {
                    // On loopback there is no IPv6 multicast; elsewhere the next beacon may do better.
                    tracing::debug!(interface = source.interface, kind = ?error.kind(), "no beacon went out");
                }
            }
            Command::Beacon { .. } => tracing::debug!("a beacon's source is gone"),
        }
        Ok(())
    }

    /// Looks at the clocks and at the interfaces, and follows.
    async fn look(&mut self) {
        let now = Instant::now();
        if self.clocks.slept(SystemTime::now(), now) {
            tracing::info!("the machine slept; all listeners are built anew");
            let slots: Vec<_> = self.slots.keys().copied().collect();
            for slot in slots {
                self.start(slot);
            }
            self.cadence = Cadence::new(now, jitter());
        }
        let interfaces = self.config.interfaces.clone();
        let found = tokio::task::spawn_blocking(move || interfaces.addresses()).await;
        let Ok(Ok(sources)) = found else {
            tracing::warn!("the list of interfaces can't be read; the last one stays");
            return;
        };
        self.beacons.listen(&sources);
        if sources == self.sources {
            return;
        }
        tracing::info!(addresses = sources.len(), "addresses changed");
        self.wanted.send_replace(Arc::new(sources.iter().map(|source| source.ip).collect()));
        self.sources = sources;
        self.cadence = Cadence::new(now, jitter());
    }

    async fn beat(&mut self) -> Result<(), NobodyListens> {
        self.cadence.sent(Instant::now(), jitter());
        if self.sources.is_empty() {
            return Ok(());
        }
        let sources = self.sources.iter().copied().collect();
        self.pool.events.send(NetEvent::BeaconDue { sources }).await
    }
}

/// A random number; the middle one where the system has none to give, as nothing secret hangs on it.
fn jitter() -> u32 {
    getrandom::u32().unwrap_or(u32::MAX / 2)
}
