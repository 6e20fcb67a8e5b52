//! Invitation links, as a stranger may have written them.

use snug_crypto::SeededEntropy;
use snug_meet::{InvitationSecret, Link};

/// What is a link is written in one way, whatever its case and the space around it.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(link) = Link::parse(text) {
        let written = link.to_string();
        assert_eq!(written, text.trim().to_ascii_lowercase());
        assert_eq!(Link::parse(&written).as_ref(), Ok(&link));
    }
    if let Ok(secret) = InvitationSecret::from_bytes(data) {
        assert_eq!(secret.to_bytes().as_slice(), data);
    }
}

/// A link in both cases, and one of a later version.
pub fn seeds() -> Vec<Vec<u8>> {
    let secret = InvitationSecret::generate(&mut SeededEntropy::new(1));
    let link = secret.link().to_string();
    vec![
        link.clone().into(),
        format!("  {}\n", link.to_uppercase()).into(),
        link.replace("snug:ae", "snug:ai").into(),
        secret.to_bytes().to_vec(),
    ]
}
