//! snug-circle
