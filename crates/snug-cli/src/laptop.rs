//! The laptop that a command talks with: one that is running, or one opened for the length of the command.

use crate::args::Common;
use crate::passphrase::Passphrase;
use snug_api::{
    ApiError, Client, Command, Desk, ErrorCode, Events, Reached, Server, Service, default_folder,
    plain_reason, reach,
};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

/// Where a laptop is, and how it is opened.
#[derive(Debug)]
pub(crate) struct Way {
    pub(crate) folder: PathBuf,
    pub(crate) passphrase: Passphrase,
    interfaces: Option<Vec<String>>,
}

impl Way {
    pub(crate) fn new(common: &Common) -> Result<Self, ApiError> {
        let folder = match &common.data {
            Some(folder) => absolute(folder)?,
            None => default_folder()?,
        };
        Ok(Self {
            folder,
            passphrase: Passphrase::new(common.passphrase_file.clone()),
            interfaces: common.interfaces.clone(),
        })
    }

    /// Gets to the laptop, whichever way is open.
    pub(crate) async fn reach(&mut self) -> Result<Reached<Desk>, ApiError> {
        let Self { folder, passphrase, .. } = self;
        let folder = folder.as_path();
        reach(folder, async || {
            Desk::peek(folder).await?;
            Desk::open(folder, &passphrase.tell()?).await
        })
        .await
    }

    /// Gets to the laptop for a few questions.
    pub(crate) async fn laptop(&mut self) -> Result<Laptop, ApiError> {
        Ok(match self.reach().await? {
            Reached::Running(client) => Laptop::Running(client),
            Reached::Opened(desk) => Laptop::Opened(desk),
        })
    }

    /// Makes an opened laptop one that is up: other commands reach it, and other laptops find it.
    pub(crate) async fn up(&self, desk: Desk, dial: Vec<SocketAddr>) -> Result<Up, ApiError> {
        let server = match Server::start(&self.folder, desk.clone()) {
            Ok(server) => server,
            Err(error) => {
                desk.close().await?;
                return Err(error);
            }
        };
        let up = Up { desk, server };
        match up.desk.go_online(self.interfaces.clone(), dial).await {
            Ok(()) => Ok(up),
            Err(error) => {
                up.close().await?;
                Err(error)
            }
        }
    }
}

/// A path that means the same to another process.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, ApiError> {
    std::path::absolute(path).map_err(|error| {
        ApiError::new(
            ErrorCode::DiskError,
            format!("the folder {} can't be used: {}", path.display(), plain_reason(error)),
        )
    })
}

/// A laptop to ask.
pub(crate) enum Laptop {
    /// Through the socket of the Snug that has it open.
    Running(Client),
    /// Opened by this command.
    Opened(Desk),
}

impl Laptop {
    pub(crate) async fn call<C: Command>(&mut self, command: C) -> Result<C::Answer, ApiError> {
        match self {
            Self::Running(client) => client.call(command).await,
            Self::Opened(desk) => desk.call(command).await,
        }
    }

    /// Gives the folder back, if this command took it.
    pub(crate) async fn close(self) -> Result<(), ApiError> {
        match self {
            Self::Running(_) => Ok(()),
            Self::Opened(desk) => desk.close().await,
        }
    }
}

/// A laptop that this command keeps up.
pub(crate) struct Up {
    pub(crate) desk: Desk,
    server: Server,
}

impl Up {
    pub(crate) fn follow(&self) -> Events {
        self.desk.follow()
    }

    /// Ends in order: what other commands have asked is answered first.
    pub(crate) async fn close(self) -> Result<(), ApiError> {
        self.server.close().await;
        self.desk.close().await
    }
}
