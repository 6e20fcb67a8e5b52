//! snug-sync
