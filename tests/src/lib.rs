//! snug-scenarios
