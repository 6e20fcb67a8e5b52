//! snug-meet
