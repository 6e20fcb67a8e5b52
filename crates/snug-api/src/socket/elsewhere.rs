//! Systems without Unix sockets: each command opens the store itself, and two at once must wait for each other.

use super::Service;
use crate::command::Command;
use crate::error::{ApiError, ErrorCode};
use crate::event::Events;
use std::convert::Infallible;
use std::path::Path;

/// A connection that can't be made here yet.
#[derive(Debug)]
pub struct Client(Infallible);

impl Client {
    /// Nobody answers on this system.
    pub async fn connect(_folder: &Path) -> Result<Option<Self>, ApiError> {
        Ok(None)
    }

    /// Never called: no such connection is ever made.
    pub async fn call<C: Command>(&mut self, _command: C) -> Result<C::Answer, ApiError> {
        match self.0 {}
    }

    /// Never called: no such connection is ever made.
    pub async fn raise(&mut self) -> Result<(), ApiError> {
        match self.0 {}
    }

    /// Never called: no such connection is ever made.
    pub async fn follow(self) -> Result<Events, ApiError> {
        match self.0 {}
    }
}

/// A socket that can't be offered here yet.
#[derive(Debug)]
pub struct Server(Infallible);

impl Server {
    /// Says that this system has none yet.
    ///
    /// # Errors
    /// [`ErrorCode::Unsupported`], always.
    pub fn start(_folder: &Path, _service: impl Service) -> Result<Self, ApiError> {
        Err(ApiError::new(
            ErrorCode::Unsupported,
            "staying up for other commands isn't possible on this system yet; single commands are",
        ))
    }

    /// Never called: no such socket is ever opened.
    pub async fn close(self) {
        match self.0 {}
    }
}
