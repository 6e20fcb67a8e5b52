//! The floor: what the same promise costs without any product around it.
//!
//! A bare commit is one row of 230 bytes in a plain `SQLite` file with the same journal mode and the same syncing. A stream
//! trip is one frame of the same size from one process's network to the other's, over the same transport.

use anyhow::{Context, bail};
use rusqlite::Connection;
use snug_net::{ConnId, DialId, DialTarget, Events, Interfaces, Net, NetConfig, NetEvent, SlotId};
use std::net::{IpAddr, SocketAddr};
use std::path::Path;
use std::time::{Duration, Instant};

/// Bytes of a row and of a frame: about what one keystroke's entry takes.
const BYTES: usize = 230;

/// A plain database with full syncing.
pub(crate) struct Bare(Connection);

impl Bare {
    pub(crate) fn open(dir: &Path) -> anyhow::Result<Self> {
        let conn = Connection::open(dir.join("bare.db"))?;
        conn.pragma_update(None, "journal_mode", "WAL")?;
        conn.pragma_update(None, "synchronous", "FULL")?;
        conn.execute_batch("CREATE TABLE row (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
        Ok(Self(conn))
    }

    /// One durable row.
    pub(crate) fn commit(&self) -> anyhow::Result<Duration> {
        let bytes = [7_u8; BYTES];
        let begun = Instant::now();
        self.0.prepare_cached("INSERT INTO row (bytes) VALUES (?1)")?.execute([&bytes[..]])?;
        Ok(begun.elapsed())
    }
}

/// Two networks with one connection between them.
pub(crate) struct Trip {
    near: Net,
    conn: ConnId,
    far: Events,
    // Kept: the network ends when nobody listens to it.
    _near_events: Events,
    _far: Net,
}

impl Trip {
    pub(crate) async fn open() -> anyhow::Result<Self> {
        let config = || NetConfig { quiet: true, ..NetConfig::new(Interfaces::Only(vec!["lo".into()])) };
        let (near, mut near_events) = Net::start(config());
        let (far, mut far_events) = Net::start(config());
        let target = loop {
            let event = far_events.recv().await.context("the far network ended")?;
            if let NetEvent::Listening { slot: SlotId(0), key, tcp, quic } = event {
                let port = |on: &[SocketAddr]| on.iter().find(|a| a.is_ipv4()).map(SocketAddr::port);
                let ip = IpAddr::from([127, 0, 0, 1]);
                break DialTarget { ip, tcp: port(&tcp), quic: port(&quic), expected: Some(key) };
            }
        };
        loop {
            if let NetEvent::Listening { slot: SlotId(0), .. } = near_events.recv().await.context("ended")? {
                break;
            }
        }
        near.dial(DialId(1), SlotId(0), target)?;
        let conn = loop {
            match near_events.recv().await.context("the near network ended")? {
                NetEvent::Opened { conn, .. } => break conn,
                NetEvent::DialFailed { .. } => bail!("the dial failed"),
                _ => {}
            }
        };
        near.proven(conn);
        near.send(conn, vec![1; BYTES]).map_err(|e| anyhow::anyhow!("{e}"))?;
        loop {
            match far_events.recv().await.context("the far network ended")? {
                NetEvent::Opened { conn, .. } => far.proven(conn),
                NetEvent::Frame { .. } => break,
                _ => {}
            }
        }
        Ok(Self { near, conn, far: far_events, _near_events: near_events, _far: far })
    }

    /// One frame, there.
    pub(crate) async fn go(&mut self) -> anyhow::Result<Duration> {
        let begun = Instant::now();
        self.near.send(self.conn, vec![7; BYTES]).map_err(|e| anyhow::anyhow!("{e}"))?;
        loop {
            if let NetEvent::Frame { .. } = self.far.recv().await.context("the far network ended")? {
                return Ok(begun.elapsed());
            }
        }
    }
}
