//! What no design can go below: a bare commit, and two of them with one trip over the same transport between.

use crate::figures::Figures;
use anyhow::Context;
use rusqlite::Connection;
use snug_net::{ConnId, DialId, DialTarget, Events, Interfaces, Net, NetConfig, NetEvent, SlotId};
use snug_types::TransportKey;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Instant;

/// Bytes of a row or frame: about a sealed keystroke.
const BYTES: usize = 512;

/// One row in a transaction of its own, in SQLite as it comes: write-ahead log, `synchronous=FULL`, no encryption.
pub(crate) fn commit(samples: usize) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let database = open(&folder.path().join("floor"))?;
    let mut taken = Vec::with_capacity(samples);
    for _ in 0..samples {
        let begun = Instant::now();
        insert(&database)?;
        taken.push(begun.elapsed());
    }
    Ok(Figures::of(&taken))
}

/// A commit, a frame over a stream of the product's own transport, and a commit at the other end.
pub(crate) async fn two_commits_and_a_trip(samples: usize) -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let (here, there) = (open(&folder.path().join("here"))?, open(&folder.path().join("there"))?);
    let mut ends = Ends::connect().await?;
    let mut taken = Vec::with_capacity(samples);
    for _ in 0..samples {
        let begun = Instant::now();
        insert(&here)?;
        ends.net.send(ends.conn, vec![7; BYTES]).map_err(|error| anyhow::anyhow!("{error}"))?;
        ends.frame().await?;
        insert(&there)?;
        taken.push(begun.elapsed());
    }
    ends.net.shutdown().await;
    ends.other.shutdown().await;
    Ok(Figures::of(&taken))
}

fn open(path: &Path) -> anyhow::Result<Connection> {
    let database = Connection::open(path)?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    database.pragma_update(None, "synchronous", "FULL")?;
    database.execute_batch("CREATE TABLE row (id INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT")?;
    Ok(database)
}

fn insert(database: &Connection) -> rusqlite::Result<usize> {
    database.prepare_cached("INSERT INTO row (bytes) VALUES (?1)")?.execute([[7; BYTES].as_slice()])
}

/// Two networks on loopback with one proven connection between them.
struct Ends {
    net: Net,
    conn: ConnId,
    other: Net,
    events: Events,
}

impl Ends {
    async fn connect() -> anyhow::Result<Self> {
        let quiet =
            || NetConfig { pool: 1, quiet: true, ..NetConfig::new(Interfaces::Only(vec!["lo".into()])) };
        let (net, mut here) = Net::start(quiet());
        let (other, mut there) = Net::start(quiet());
        let (key, at) = listening(&mut there).await?;
        listening(&mut here).await?;
        let target = DialTarget { ip: at.ip(), tcp: None, quic: Some(at.port()), expected: Some(key) };
        net.dial(DialId(1), SlotId(0), target).map_err(|error| anyhow::anyhow!("{error}"))?;
        let conn = opened(&mut here).await?;
        net.proven(conn);
        other.proven(opened(&mut there).await?);
        // Somebody must take what comes, or the network stops reading.
        tokio::spawn(async move { while here.recv().await.is_some() {} });
        Ok(Self { net, conn, other, events: there })
    }

    async fn frame(&mut self) -> anyhow::Result<()> {
        loop {
            if let NetEvent::Frame { .. } = self.events.recv().await.context("the network ended")? {
                return Ok(());
            }
        }
    }
}

async fn listening(events: &mut Events) -> anyhow::Result<(TransportKey, SocketAddr)> {
    loop {
        if let NetEvent::Listening { key, quic, .. } = events.recv().await.context("the network ended")?
            && let Some(at) = quic.iter().find(|at| at.is_ipv4())
        {
            return Ok((key, *at));
        }
    }
}

async fn opened(events: &mut Events) -> anyhow::Result<ConnId> {
    loop {
        match events.recv().await.context("the network ended")? {
            NetEvent::Opened { conn, .. } => return Ok(conn),
            NetEvent::DialFailed { .. } => anyhow::bail!("the dial failed"),
            _ => {}
        }
    }
}
