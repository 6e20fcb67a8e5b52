//! The network, and names.

use super::{Desk, a_name};
use crate::command::{CircleRename, Handle, Me, MeRename, MemberRename, Network, NetworkSet};
use crate::door::DoorConfig;
use crate::error::ApiError;
use crate::view;
use snug_node::{Interfaces, Laptop, Online};

impl Desk {
    pub(crate) const fn of(laptop: Laptop) -> Self {
        Self { laptop }
    }

    /// May be found as soon as that is possible, unless its owner wants it to be offline.
    pub(crate) async fn go_online_if_wanted(&self, config: &DoorConfig) -> Result<(), ApiError> {
        let interfaces = config.interfaces.clone().map(Interfaces::Only);
        Ok(self.laptop.go_online_if_wanted(Online { interfaces, dial: config.dial.clone() }).await?)
    }
}

impl Handle<Network> for Desk {
    async fn handle(&self, _command: Network) -> Result<view::Network, ApiError> {
        Ok(self.laptop.network().await?.into())
    }
}

impl Handle<NetworkSet> for Desk {
    async fn handle(&self, command: NetworkSet) -> Result<view::Done, ApiError> {
        self.laptop.set_network(command.wanted).await?;
        Ok(view::Done {})
    }
}

impl Handle<Me> for Desk {
    async fn handle(&self, _command: Me) -> Result<view::Me, ApiError> {
        Ok(view::Me { name: self.laptop.me().await?.to_string() })
    }
}

impl Handle<MeRename> for Desk {
    async fn handle(&self, command: MeRename) -> Result<view::Done, ApiError> {
        self.laptop.rename_me(a_name(&command.name, "name")?).await?;
        Ok(view::Done {})
    }
}

impl Handle<MemberRename> for Desk {
    async fn handle(&self, command: MemberRename) -> Result<view::Done, ApiError> {
        let name = a_name(&command.name, "name")?;
        self.laptop.rename_member(self.circle(&command.circle).await?, name).await?;
        Ok(view::Done {})
    }
}

impl Handle<CircleRename> for Desk {
    async fn handle(&self, command: CircleRename) -> Result<view::Done, ApiError> {
        let name = a_name(&command.name, "circle's name")?;
        self.laptop.rename_circle(self.circle(&command.circle).await?, name).await?;
        Ok(view::Done {})
    }
}
