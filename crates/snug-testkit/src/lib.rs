//! snug-testkit
