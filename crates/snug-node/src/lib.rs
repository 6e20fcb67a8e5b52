//! snug-node
