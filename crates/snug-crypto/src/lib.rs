//! snug-crypto
