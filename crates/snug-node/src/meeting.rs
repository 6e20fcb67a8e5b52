//! What the network tells, and what follows from it: beacons, dials, proofs, sessions.

use crate::ambient::{OsEntropy, now};
use crate::circle::Circle;
use crate::laptop::{Answered, Done};
use crate::online::{
    ASKING_MILLIS, CROSSING_MILLIS, Connection, Dialing, Meeting, Online, REDIAL_LONGEST_MILLIS,
    REDIAL_MILLIS, Stage, Tenant, tenant_of_key,
};
use crate::owner::Owner;
use crate::view::{CircleState, Event};
use snug_crypto::pair_key;
use snug_meet::handshake::CANDIDATES;
use snug_meet::{Channel, Dialer, Heard, Hint, KeyId, Listener, Outcome, Reach, SLOTS, beacon};
use snug_net::{BeaconSource, ConnId, DialTarget, Net, NetConfig, NetEvent, SlotId};
use snug_sync::SessionId;
use snug_types::{CircleId, DeviceId, TransportKey};
use std::net::{IpAddr, SocketAddr};
use tokio::sync::oneshot;

impl Owner {
    /// Begins; what is returned tells when all listeners are up, and whether any of them has an address.
    pub(crate) async fn go_online(&mut self, how: Online) -> Answered<oneshot::Receiver<bool>> {
        if self.meeting.is_some() {
            self.stop_meeting().await;
        }
        self.how = Some(how.clone());
        let interfaces = self.interfaces().await?;
        let (net, events) = Net::start(NetConfig::new(interfaces));
        self.meeting = Some(Meeting::new(net, how.dial));
        self.net_events = Some(events);
        self.rekey();
        let (tell, listening) = oneshot::channel();
        self.ready = Some(tell);
        Ok(Done::now(listening))
    }

    fn announce_ready(&mut self) {
        let Some(meeting) = &self.meeting else { return };
        if meeting.pool.len() >= snug_net::bound::POOL
            && let Some(ready) = self.ready.take()
        {
            let _ = ready.send(meeting.pool.values().any(|l| !l.tcp.is_empty() || !l.quic.is_empty()));
        }
    }

    pub(crate) async fn stop_meeting(&mut self) {
        let Some(meeting) = self.meeting.take() else { return };
        self.net_events = None;
        meeting.net.shutdown().await;
        for (session, conn) in &meeting.sessions {
            if let Some(Connection { stage: Stage::Session { circle, .. }, .. }) =
                meeting.connections.get(conn)
            {
                self.session_gone(*circle, *session).await;
            }
        }
    }

    /// Adds addresses to try, for as long as this laptop is online.
    pub(crate) fn dial_too(&mut self, addresses: Vec<SocketAddr>) {
        let Some(meeting) = &mut self.meeting else { return };
        for address in addresses {
            if meeting.named.len() < crate::online::NAMED
                && !meeting.named.iter().any(|n| n.address == address)
            {
                meeting.named.push(crate::online::Named { address, next: std::collections::BTreeMap::new() });
            }
        }
    }

    /// Brings keyring and listeners to what circles, invitations and joins want now.
    pub(crate) fn rekey(&mut self) {
        let Some(meeting) = &mut self.meeting else { return };
        let at = now();
        let mut wanted: Vec<KeyId> = Vec::new();
        for circle in self.circles.values() {
            let me = circle.me.id();
            for device in circle.peers() {
                let id = KeyId::Pair { circle: circle.id, device: device.id() };
                wanted.push(id);
                if !meeting.keyring.contains(&id) {
                    match pair_key(&circle.me, &device, circle.id) {
                        Ok(key) => _ = meeting.keyring.insert_pair(circle.id, me, device.id(), &key),
                        Err(error) => tracing::warn!(%error, "a device's key can't be used"),
                    }
                }
            }
        }
        for (id, invitation) in &self.invitations {
            // One that is used or over still tells its guest how things stand, for a while.
            if self.circles.contains_key(&invitation.circle) && invitation.answers(at) {
                wanted.push(KeyId::Answering(*id));
                meeting.keyring.insert_answering(&invitation.secret);
            }
        }
        for (id, join) in &self.joins {
            wanted.push(KeyId::Joining(*id));
            meeting.keyring.insert_joining(&join.link);
        }
        meeting.keyring.retain(|id| wanted.contains(id));
        meeting.rested.retain(|id, _| wanted.contains(id));
        // Whoever only delivers its leave takes what the others leave.
        let (gone, here): (Vec<&Circle>, Vec<&Circle>) =
            self.circles.values().partition(|circle| circle.state == CircleState::Leaving);
        let joins = self.joins.keys().map(|id| Tenant::Join(*id));
        let tenant = |circle: &&Circle| Tenant::Circle(circle.id);
        let tenants: Vec<Tenant> =
            here.iter().map(tenant).chain(joins).chain(gone.iter().map(tenant)).collect();
        meeting.house(&tenants, at.0);
    }

    pub(crate) async fn net_event(&mut self, event: NetEvent) {
        match event {
            NetEvent::Listening { slot, key, tcp, quic } => {
                if let Some(meeting) = &mut self.meeting {
                    meeting.listening(slot, crate::online::Listening { key, tcp, quic });
                }
                self.rekey();
                self.announce_ready();
            }
            NetEvent::Opened { conn, slot, dialed, local, remote, .. } => {
                self.opened(conn, slot, dialed, local, remote);
            }
            NetEvent::Frame { conn, bytes } => self.frame(conn, bytes).await,
            NetEvent::Writable { conn } => self.writable(conn).await,
            NetEvent::Closed { conn } => self.closed(conn).await,
            NetEvent::DialFailed { dial } => {
                if let Some(meeting) = &mut self.meeting {
                    meeting.dials.remove(&dial);
                }
            }
            NetEvent::BeaconDue { sources } => self.send_beacons(&sources),
            NetEvent::Beacon { from, bytes } => self.beacon(from.ip(), &bytes),
        }
    }

    /// A connection has room again: what waited goes, and what was put off for it goes on.
    async fn writable(&mut self, conn: ConnId) {
        let Some(meeting) = &mut self.meeting else { return };
        if !meeting.writable(conn) {
            return;
        }
        if let Some(Connection { stage: Stage::Session { circle, session }, .. }) =
            meeting.connections.get(&conn)
        {
            let (id, session) = (*circle, *session);
            if let Some(circle) = self.circles.get_mut(&id) {
                circle.sync.session_busy(session, false);
                self.pump(id).await;
            }
        }
    }

    /// Sends one beacon from each source: hints for those who are missing, decoys for the rest.
    fn send_beacons(&mut self, sources: &[BeaconSource]) {
        let at = now();
        let Some(meeting) = &mut self.meeting else { return };
        let wanted: Vec<KeyId> = meeting
            .keyring
            .ids()
            .filter(|id| match id {
                KeyId::Pair { circle, device } => {
                    self.circles.get(circle).is_some_and(|c| !c.sessions.values().any(|d| d == device))
                }
                // The one who follows a link sends; the one who made it answers.
                KeyId::Joining(_) => true,
                KeyId::Answering(_) => false,
            })
            .collect();
        let turn = meeting.rotation.pick(wanted);
        for source in sources {
            let hints: Vec<Hint<'_>> = turn
                .iter()
                .filter_map(|key| {
                    let tenant = tenant_of_key(*key, |_| None)?;
                    let listening = meeting.pool.get(meeting.tenants.get(&tenant)?)?;
                    let signer = match key {
                        KeyId::Pair { circle, .. } => Some(&self.circles.get(circle)?.me),
                        KeyId::Answering(_) | KeyId::Joining(_) => None,
                    };
                    Some(Hint { key: *key, reach: listening.reach(source.ip)?, signer })
                })
                .take(SLOTS)
                .collect();
            match beacon::build(&mut OsEntropy, at, source.ip, &meeting.keyring, &hints) {
                Ok(packet) => _ = meeting.net.beacon(*source, packet),
                Err(error) => tracing::warn!(%error, "a beacon couldn't be built"),
            }
        }
    }

    /// Somebody's beacon: whoever of ours speaks in it is dialed.
    fn beacon(&mut self, from: IpAddr, packet: &[u8]) {
        let Some(meeting) = &self.meeting else { return };
        let heard = beacon::recognise(now(), from, packet, &meeting.keyring);
        for (key, reach) in heard {
            if let KeyId::Pair { circle, device } = key
                && self.is_met_at(circle, device, reach.transport)
            {
                continue;
            }
            let Some(tenant) = tenant_of_key(key, |id| self.invitations.get(&id).map(|i| i.circle)) else {
                continue;
            };
            self.dial_known(tenant, key, from, reach);
        }
    }

    /// True if a session with that laptop goes to the very transport key that its hint names: the hint is from before they
    /// met, or somebody repeats it, and it ends nothing. Keys are fresh at each start, so another one means that what this
    /// laptop has is a connection that ended at the other end alone: by a crash, an empty battery.
    fn is_met_at(&self, circle: CircleId, device: DeviceId, transport: TransportKey) -> bool {
        let (Some(meeting), Some(circle)) = (&self.meeting, self.circles.get(&circle)) else { return false };
        let theirs = circle.sessions.iter().filter(|(_, d)| **d == device);
        let mut connections = theirs.filter_map(|(s, _)| meeting.connections.get(meeting.sessions.get(s)?));
        connections.any(|c| c.remote == transport)
    }

    fn dial_known(&mut self, tenant: Tenant, key: KeyId, ip: IpAddr, reach: Reach) {
        let at = now().0;
        let Some(meeting) = &mut self.meeting else { return };
        if meeting.rested.get(&key).is_some_and(|until| at < *until) {
            return;
        }
        let Some(slot) = meeting.tenants.get(&tenant).copied() else { return };
        meeting.rested.insert(key, at.saturating_add(REDIAL_MILLIS));
        let port = |p: u16| (p != 0).then_some(p);
        let target =
            DialTarget { ip, tcp: port(reach.tcp), quic: port(reach.quic), expected: Some(reach.transport) };
        let dial = meeting.dial_id();
        meeting.dials.insert(dial, Dialing { tenant, offered: vec![key] });
        if meeting.net.dial(dial, slot, target).is_err() {
            meeting.dials.remove(&dial);
        }
    }

    /// Ends conversations with those who follow a link and don't come to the point.
    pub(crate) fn end_idle_guests(&mut self) {
        let at = now().0;
        let Some(meeting) = &self.meeting else { return };
        for (conn, connection) in &meeting.connections {
            let undecided = matches!(&connection.stage, Stage::Answering(a) if a.device.is_none());
            if undecided && at.saturating_sub(connection.since) > ASKING_MILLIS {
                meeting.net.close(*conn);
            }
        }
    }

    /// Tries the addresses that were given by hand, for each tenant that has somebody to meet.
    pub(crate) fn dial_named(&mut self) {
        let at = now().0;
        let Some(meeting) = &mut self.meeting else { return };
        let tenants: Vec<(Tenant, SlotId)> = meeting.tenants.iter().map(|(t, s)| (*t, *s)).collect();
        for (tenant, slot) in tenants {
            let missing: Vec<KeyId> = meeting
                .keyring
                .ids()
                .filter(|id| match (id, tenant) {
                    (KeyId::Pair { circle, device }, Tenant::Circle(of)) => {
                        *circle == of
                            && self
                                .circles
                                .get(circle)
                                .is_some_and(|c| !c.sessions.values().any(|d| d == device))
                    }
                    (KeyId::Joining(invitation), Tenant::Join(of)) => {
                        *invitation == of && !meeting.connections.values().any(|c| c.tenant == tenant)
                    }
                    _ => false,
                })
                .collect();
            if missing.is_empty() {
                continue;
            }
            for place in 0..meeting.named.len() {
                let named = &mut meeting.named[place];
                let (next, waited) = named.next.get(&tenant).copied().unwrap_or((0, 0));
                if at < next {
                    continue;
                }
                let wait = (waited * 2).clamp(REDIAL_MILLIS, REDIAL_LONGEST_MILLIS);
                named.next.insert(tenant, (at.saturating_add(wait), wait));
                let address = named.address;
                // More people than a proof holds: another few of them each time.
                let turn = usize::try_from(at / REDIAL_MILLIS).unwrap_or(0) * CANDIDATES % missing.len();
                let offered: Vec<KeyId> =
                    missing.iter().cycle().skip(turn).take(CANDIDATES.min(missing.len())).copied().collect();
                let port = Some(address.port());
                let target = DialTarget { ip: address.ip(), tcp: port, quic: port, expected: None };
                let dial = meeting.dial_id();
                meeting.dials.insert(dial, Dialing { tenant, offered });
                if meeting.net.dial(dial, slot, target).is_err() {
                    meeting.dials.remove(&dial);
                }
            }
        }
    }

    fn opened(
        &mut self,
        conn: ConnId,
        slot: SlotId,
        dialed: Option<snug_net::DialId>,
        local: TransportKey,
        remote: TransportKey,
    ) {
        let Some(meeting) = &mut self.meeting else { return };
        let dialing = dialed.and_then(|dial| meeting.dials.remove(&dial));
        let Ok(channel) = Channel::new(local, remote) else {
            meeting.net.close(conn);
            return;
        };
        let (stage, tenant) = if dialed.is_some() {
            let Some(Dialing { tenant, offered }) = dialing else {
                meeting.net.close(conn);
                return;
            };
            // Whoever left the keyring meanwhile isn't offered.
            let offered: Vec<KeyId> = offered.into_iter().filter(|id| meeting.keyring.contains(id)).collect();
            match Dialer::new(&mut OsEntropy, channel, &meeting.keyring, &offered) {
                Ok((prover, proof)) => {
                    if meeting.net.send(conn, proof).is_err() {
                        meeting.net.close(conn);
                    }
                    (Stage::Proving(prover, channel), tenant)
                }
                Err(error) => {
                    tracing::warn!(%error, "a dial couldn't begin its proof");
                    meeting.net.close(conn);
                    return;
                }
            }
        } else {
            // A listener without a tenant hears strangers alone, and treats them as the others do.
            match meeting.tenant_of(slot) {
                Some(tenant) => (Stage::Listening(Listener::new(channel), channel), tenant),
                None => (Stage::Silent, Tenant::Circle(CircleId([0; 32]))),
            }
        };
        let connection = Connection {
            stage,
            tenant,
            dialed: dialed.is_some(),
            remote,
            since: now().0,
            backlog: std::collections::VecDeque::new(),
            backlog_bytes: 0,
        };
        meeting.connections.insert(conn, connection);
    }

    async fn frame(&mut self, conn: ConnId, bytes: Vec<u8>) {
        let Some(meeting) = &mut self.meeting else { return };
        let Some(connection) = meeting.connections.get_mut(&conn) else { return };
        if let Stage::Session { circle, session } = connection.stage {
            return self.session_frame(circle, session, &bytes).await;
        }
        let tenant = connection.tenant;
        match std::mem::replace(&mut connection.stage, Stage::Silent) {
            Stage::Proving(dialer, channel) => match dialer.answered(&meeting.keyring, &bytes) {
                Outcome::Proven { key } => {
                    meeting.net.proven(conn);
                    self.proven(conn, key, channel).await;
                }
                Outcome::Silent => meeting.net.close(conn),
            },
            Stage::Listening(listener, channel) => {
                let heard = listener.heard(&mut OsEntropy, &meeting.keyring, &bytes);
                let Heard::Proven { key, answer } = heard else { return };
                let invitations = &self.invitations;
                if tenant_of_key(key, |id| invitations.get(&id).map(|i| i.circle)) != Some(tenant) {
                    return;
                }
                meeting.net.proven(conn);
                meeting.send(conn, answer);
                self.proven(conn, key, channel).await;
            }
            Stage::Answering(answering) => self.answering_frame(conn, answering, &bytes).await,
            Stage::Joining(joining) => self.joining_frame(conn, joining, &bytes).await,
            Stage::Silent | Stage::Session { .. } => {}
        }
    }

    /// Both ends have proved a key: the connection begins what that key is for.
    async fn proven(&mut self, conn: ConnId, key: KeyId, channel: Channel) {
        match key {
            KeyId::Pair { circle, device } => self.begin_session(conn, circle, device).await,
            KeyId::Answering(invitation) => self.begin_answering(conn, invitation, channel),
            KeyId::Joining(invitation) => self.begin_joining(conn, invitation, channel),
        }
    }

    pub(crate) async fn begin_session(&mut self, conn: ConnId, id: CircleId, device: DeviceId) {
        let session = SessionId(self.next_session);
        self.next_session += 1;
        let Some(meeting) = &mut self.meeting else { return };
        let Some(circle) = self.circles.get_mut(&id) else {
            meeting.net.close(conn);
            return;
        };
        let Some(dialed) = meeting.connections.get(&conn).map(|c| c.dialed) else { return };
        // Two laptops that dialed each other at once keep one connection, and the same one on both ends: that of the
        // smaller key.
        if let Some((other, _)) = circle.sessions.iter().find(|(_, d)| **d == device) {
            let ours_wins = circle.me.id() < device;
            let other_conn = meeting.sessions.get(other).copied();
            let remote = meeting.connections.get(&conn).map(|c| c.remote);
            let crossed = other_conn.and_then(|c| meeting.connections.get(&c)).is_some_and(|c| {
                Some(c.remote) == remote && now().0.saturating_sub(c.since) < CROSSING_MILLIS
            });
            let other_dialed = other_conn.and_then(|c| meeting.connections.get(&c)).is_some_and(|c| c.dialed);
            if crossed && dialed != other_dialed && dialed != ours_wins {
                meeting.net.close(conn);
                return;
            }
            if let Some(other_conn) = other_conn {
                meeting.net.close(other_conn);
            }
        }
        let Some(connection) = meeting.connections.get_mut(&conn) else { return };
        connection.stage = Stage::Session { circle: id, session };
        meeting.sessions.insert(session, conn);
        circle.sessions.insert(session, device);
        circle.sync.peer_up(now(), session, device);
        self.pump(id).await;
        let person = self.person_of(id, device).await;
        self.tell(Event::Near { circle: id, person });
    }

    async fn session_frame(&mut self, id: CircleId, session: SessionId, bytes: &[u8]) {
        if let Some(circle) = self.circles.get_mut(&id) {
            circle.sync.peer_frame(now(), &mut OsEntropy, session, bytes);
            self.pump(id).await;
        }
    }

    async fn closed(&mut self, conn: ConnId) {
        let Some(meeting) = &mut self.meeting else { return };
        let Some(connection) = meeting.connections.remove(&conn) else { return };
        if let Stage::Session { circle, session } = connection.stage {
            meeting.sessions.remove(&session);
            self.session_gone(circle, session).await;
        }
    }

    async fn session_gone(&mut self, id: CircleId, session: SessionId) {
        let Some(circle) = self.circles.get_mut(&id) else { return };
        let Some(device) = circle.sessions.remove(&session) else { return };
        circle.sync.peer_gone(session);
        self.pump(id).await;
        // The other of two connections may go on.
        let near = self.circles.get(&id).is_some_and(|c| c.sessions.values().any(|d| *d == device));
        if !near {
            let person = self.person_of(id, device).await;
            self.tell(Event::Gone { circle: id, person });
        }
    }

    /// Ends the connections of a circle or a join that this laptop has nothing to do with any more.
    pub(crate) fn close_tenant(&mut self, tenant: Tenant) {
        let Some(meeting) = &mut self.meeting else { return };
        for (conn, connection) in &meeting.connections {
            if connection.tenant == tenant {
                meeting.net.close(*conn);
            }
        }
    }

    /// True while the circle may be written in and met in.
    pub(crate) fn is_member(&self, id: CircleId) -> bool {
        self.circles.get(&id).is_some_and(|c| c.state == CircleState::Member)
    }
}
