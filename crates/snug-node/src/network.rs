//! Whether this laptop is on the network, as its owner wants it, and by which interfaces.
//!
//! ```text
//! the switch, kept ──▶ wanted ─┐
//! a program says how ──────────┴─▶ online        `snug up` says "online" regardless of the switch
//! ```

use crate::error::NodeError;
use crate::laptop::{Answered, Done};
use crate::online::{Interfaces, Online};
use crate::owner::{Owner, setting};
use snug_store::{Store, Write};

/// Interfaces that a setting may name.
const INTERFACES: usize = 32;
/// Bytes of an interface's name: more than any system allows.
const INTERFACE_BYTES: usize = 64;
/// What the setting holds where the network is switched off; it is empty otherwise.
const OFF: &[u8] = b"off";

/// How a laptop stands on the network.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    /// False where its owner switched it off.
    pub wanted: bool,
    /// True while it can be found at some address.
    pub online: bool,
    /// The interfaces that are here now, by name, and whether each is one that may be used.
    pub interfaces: Vec<(String, bool)>,
    /// True where the program was started with a list of them: the setting doesn't count then.
    pub given: bool,
}

/// Whether the owner of this store wants it to be on the network.
pub(crate) async fn is_wanted(store: &Store) -> Result<bool, NodeError> {
    Ok(store.setting(setting::NETWORK).await?.as_deref() != Some(OFF))
}

impl Owner {
    pub(crate) async fn network(&mut self) -> Answered<Network> {
        let interfaces =
            self.interfaces().await?.here().map_err(|why| NodeError::Network(why.to_string()))?;
        let online = self
            .meeting
            .as_ref()
            .is_some_and(|m| m.pool.values().any(|on| !on.tcp.is_empty() || !on.quic.is_empty()));
        Ok(Done::now(Network {
            wanted: self.online_wanted,
            online,
            interfaces: interfaces.into_iter().collect(),
            given: self.given_interfaces().is_some(),
        }))
    }

    pub(crate) async fn go_online_if_wanted(&mut self, how: Online) -> Answered<()> {
        self.how = Some(how.clone());
        if self.online_wanted {
            self.go_online(how).await?;
        }
        Ok(Done::now(()))
    }

    pub(crate) async fn go_offline(&mut self) -> Answered<()> {
        self.stop_meeting().await;
        Ok(Done::now(()))
    }

    /// Keeps the switch first: what its owner wants must hold at the next start, too.
    pub(crate) async fn set_network(&mut self, wanted: bool) -> Answered<()> {
        let value = if wanted { Vec::new() } else { OFF.to_vec() };
        self.store.commit(vec![Write::PutSetting { name: setting::NETWORK.into(), value }]).await?;
        self.online_wanted = wanted;
        match (wanted, self.how.clone()) {
            (true, Some(how)) if self.meeting.is_none() => _ = self.go_online(how).await?,
            (true, _) => {}
            (false, _) => self.stop_meeting().await,
        }
        Ok(Done::now(()))
    }

    fn given_interfaces(&self) -> Option<Interfaces> {
        self.how.as_ref().and_then(|how| how.interfaces.clone())
    }

    /// The interfaces that the program was started with, else those of the laptop's setting.
    pub(crate) async fn interfaces(&mut self) -> Result<Interfaces, NodeError> {
        if let Some(interfaces) = self.given_interfaces() {
            return Ok(interfaces);
        }
        let names = self.store.setting(setting::INTERFACES).await?.unwrap_or_default();
        let names = String::from_utf8_lossy(&names);
        let names: Vec<String> = names.lines().map(str::to_owned).collect();
        Ok(if names.is_empty() { Interfaces::All } else { Interfaces::Only(names) })
    }

    /// Keeps the interfaces that are used where none are given; all of them for none. Whoever unticks a network leaves it
    /// now: who is online by the setting goes online anew.
    pub(crate) async fn set_interfaces(&mut self, names: Vec<String>) -> Answered<()> {
        let is_name =
            |name: &String| !name.is_empty() && name.len() <= INTERFACE_BYTES && !name.contains('\n');
        if names.len() > INTERFACES || !names.iter().all(is_name) {
            return Err(NodeError::Network("these can't be names of interfaces".into()));
        }
        let before = self.interfaces().await?;
        let value = names.join("\n").into_bytes();
        self.store.commit(vec![Write::PutSetting { name: setting::INTERFACES.into(), value }]).await?;
        if before != self.interfaces().await?
            && let (Some(meeting), Some(how)) = (&self.meeting, self.how.clone())
        {
            let addresses = meeting.named.iter().map(|named| named.address).collect();
            self.go_online(how).await?;
            self.dial_too(addresses);
        }
        Ok(Done::now(()))
    }
}
