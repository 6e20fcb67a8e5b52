//! snug-net
