//! The handle that the owner holds. Nothing here waits: a full queue is an answer.

use crate::bound::{self, Limits};
use crate::event::{BeaconSource, ConnId, DialId, DialTarget, NetError, SendError, SlotId};
use crate::events::{self, Events};
use crate::hub::{self, Command};
use crate::interface::Interfaces;
use crate::outgoing::Connections;
use std::sync::Arc;
use tokio::sync::{mpsc, watch};

/// How a laptop is on the network.
#[derive(Debug, Clone)]
pub struct NetConfig {
    /// The only interfaces it uses.
    pub interfaces: Interfaces,
    /// How many listeners it has: [`bound::POOL`] on every laptop, at most [`bound::POOL_MAX`].
    pub pool: usize,
    /// Sends no beacons; still receives them.
    pub quiet: bool,
    /// What it bears.
    pub limits: Limits,
}

impl NetConfig {
    /// As the product uses it.
    pub fn new(interfaces: Interfaces) -> Self {
        Self { interfaces, pool: bound::POOL, quiet: false, limits: Limits::default() }
    }
}

/// The network of one launch; a cheap handle. The network ends at [`Net::shutdown`], or when all handles or the
/// [`Events`] are dropped.
#[derive(Debug, Clone)]
pub struct Net {
    commands: mpsc::Sender<Command>,
    connections: Arc<Connections>,
    stop: Arc<watch::Sender<bool>>,
    quiet: bool,
}

impl Net {
    /// Starts the pool. Must be called within a tokio runtime.
    pub fn start(config: NetConfig) -> (Self, Events) {
        let (commands, inbox) = mpsc::channel(bound::COMMANDS);
        let (sender, events) = events::channel();
        let (stop, stopped) = watch::channel(false);
        let connections = Arc::new(Connections::default());
        let quiet = config.quiet;
        tokio::spawn(hub::run(config, Arc::clone(&connections), inbox, sender, stopped));
        (Self { commands, connections, stop: Arc::new(stop), quiet }, events)
    }

    /// Dials with the key of a slot. [`NetEvent::Opened`](crate::NetEvent::Opened) or
    /// [`NetEvent::DialFailed`](crate::NetEvent::DialFailed) answers.
    ///
    /// # Errors
    /// The command wasn't taken: no event follows.
    pub fn dial(&self, dial: DialId, slot: SlotId, target: DialTarget) -> Result<(), NetError> {
        self.command(Command::Dial { dial, slot, target })
    }

    /// Queues a frame. Never waits.
    ///
    /// # Errors
    /// The frame wasn't queued, and why; [`SendError::Full`] gives it back.
    pub fn send(&self, conn: ConnId, frame: Vec<u8>) -> Result<(), SendError> {
        self.connections.get(conn).ok_or(SendError::Gone)?.push(frame)
    }

    /// The other side has proven who it is: the deadline is lifted, further frames are read, of any size up to
    /// [`snug_types::bound::FRAME_BYTES`]. Call it before sending the answer to a proof.
    pub fn proven(&self, conn: ConnId) {
        if let Some(outgoing) = self.connections.get(conn) {
            outgoing.prove();
        }
    }

    /// Ends a connection, after what is queued was sent or [`bound::DRAIN`] passed.
    ///
    /// Whoever hasn't proven themselves is best left to the deadline, so that a refusal looks like any other.
    pub fn close(&self, conn: ConnId) {
        if let Some(outgoing) = self.connections.get(conn) {
            outgoing.close();
        }
    }

    /// Sends one beacon. A packet that the network can't take is lost, as datagrams are.
    ///
    /// # Errors
    /// The packet isn't [`bound::BEACON_BYTES`] long, the laptop is quiet, or the command wasn't taken.
    pub fn beacon(&self, source: BeaconSource, packet: Vec<u8>) -> Result<(), NetError> {
        if packet.len() != bound::BEACON_BYTES || self.quiet {
            return Err(NetError::NotABeacon);
        }
        self.command(Command::Beacon { source, packet })
    }

    /// Closes a slot's connections and gives it a fresh key and fresh ports.
    ///
    /// # Errors
    /// The command wasn't taken.
    pub fn renew(&self, slot: SlotId) -> Result<(), NetError> {
        self.command(Command::Renew { slot })
    }

    /// Ends everything and waits for it. Peers are told. QUIC's sockets linger for moments, to repeat the goodbye.
    pub async fn shutdown(&self) {
        self.stop.send_replace(true);
        self.commands.closed().await;
    }

    fn command(&self, command: Command) -> Result<(), NetError> {
        self.commands.try_send(command).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => NetError::Busy,
            mpsc::error::TrySendError::Closed(_) => NetError::Stopped,
        })
    }
}
