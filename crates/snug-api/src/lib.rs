//! snug-api
