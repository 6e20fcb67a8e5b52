//! snug-document
