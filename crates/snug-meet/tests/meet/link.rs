use crate::people::name;
use data_encoding::BASE32_NOPAD;
use proptest::prelude::*;
use snug_crypto::{SeededEntropy, context, hash};
use snug_meet::{InvitationSecret, Link, LinkError};
use snug_types::bound::LINK_BYTES;

fn invitation(seed: u64) -> InvitationSecret {
    InvitationSecret::generate(&mut SeededEntropy::new(seed))
}

/// A link of any version and contents whose checksum is right.
fn whole(version: u8, contents: &[u8]) -> String {
    let mut bytes = vec![version];
    bytes.extend_from_slice(contents);
    let sum = hash(context::INVITATION_CHECKSUM, &bytes);
    bytes.extend_from_slice(&sum[..4]);
    format!("snug:{}", BASE32_NOPAD.encode(&bytes).to_lowercase())
}

#[test]
fn a_link_survives_every_way_it_travels() {
    let invitation = invitation(1);
    let text = invitation.link().to_string();
    assert_eq!(text.len(), 90);
    assert!(text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b':'));
    for travelled in
        [text.clone(), text.to_uppercase(), format!("\n\t  {text} \r\n"), text.replace("snug", "Snug")]
    {
        let link = Link::parse(&travelled).unwrap();
        assert_eq!(&link, invitation.link());
        assert_eq!(link.id(), invitation.link().id());
        assert_eq!(link.to_string(), text);
    }
}

#[test]
fn every_changed_character_is_noticed() {
    let text = invitation(2).link().to_string();
    for i in 0..text.len() {
        for c in ["a", "b", "7", "0", "!", " ", "é", ""] {
            let mut changed = text.clone();
            changed.replace_range(i..=i, c);
            if changed == text {
                continue;
            }
            let expected = if i < 5 { LinkError::NotALink } else { LinkError::Damaged };
            assert_eq!(Link::parse(&changed), Err(expected), "{changed}");
        }
    }
    for cut in 5..text.len() {
        assert_eq!(Link::parse(&text[..cut]), Err(LinkError::Damaged), "{cut} characters");
    }
    assert_eq!(Link::parse(&format!("{text}{}", &text[5..])), Err(LinkError::Damaged));
    assert_eq!(Link::parse(&format!("{text}=")), Err(LinkError::Damaged));
}

#[test]
fn what_is_no_link_says_so() {
    for text in ["", " ", "snug", "https://example.org/join", "mailto:anna@example.org", "snùg:aaaa", "é"] {
        assert_eq!(Link::parse(text), Err(LinkError::NotALink), "{text}");
    }
    assert_eq!(Link::parse(&format!("snug:{}", "a".repeat(LINK_BYTES))), Err(LinkError::NotALink));
    assert_eq!(Link::parse("snug:"), Err(LinkError::Damaged));
}

#[test]
fn a_later_version_is_told_from_damage() {
    assert_eq!(Link::parse(&whole(2, &[0; 48])), Err(LinkError::Newer(2)));
    assert_eq!(Link::parse(&whole(9, &[0; 200])), Err(LinkError::Newer(9)), "of whatever length");
    assert_eq!(Link::parse(&whole(1, &[0; 47])), Err(LinkError::Damaged));
    assert_eq!(Link::parse(&whole(1, &[0; 49])), Err(LinkError::Damaged));
    assert!(Link::parse(&whole(1, &[0; 48])).is_ok());
}

#[test]
fn two_invitations_share_nothing_and_the_link_holds_nothing_else() {
    let (one, other) = (invitation(3), invitation(4));
    assert_ne!(one.link().answerer(), other.link().answerer());
    assert_ne!(one.link().id(), other.link().id());
    let bytes = BASE32_NOPAD.decode(one.link().to_string()[5..].to_uppercase().as_bytes()).unwrap();
    assert_eq!(bytes.len(), 1 + 16 + 32 + 4, "version, secret, answering key, checksum");
}

#[test]
fn the_store_gives_the_same_invitation_back() {
    let invitation = invitation(5);
    let again = InvitationSecret::from_bytes(invitation.to_bytes().as_slice()).unwrap();
    assert_eq!(again.link(), invitation.link());
    assert_eq!(again.answering().id(), invitation.answering().id());
    for length in [0, 16, 79, 81] {
        assert!(InvitationSecret::from_bytes(&vec![1; length]).is_err(), "{length} bytes");
    }
}

#[test]
fn nothing_secret_is_shown_by_accident() {
    let invitation = invitation(6);
    let text = invitation.link().to_string();
    let shown = format!("{invitation:?} {:?} {:?}", invitation.link(), name("Ben"));
    for piece in text.as_bytes()[5..].windows(8) {
        assert!(!shown.contains(std::str::from_utf8(piece).unwrap()));
    }
    let secret = invitation.to_bytes();
    assert!(!shown.contains(&data_encoding::HEXLOWER.encode(&secret[..4])));
    assert!(!shown.contains(&data_encoding::HEXLOWER.encode(&secret[16..20])));
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text in "\\PC{0,120}|(?i:snug):[a-z2-7 ]{0,120}") {
        if let Ok(link) = Link::parse(&text) {
            prop_assert_eq!(link.to_string(), text.trim().to_lowercase());
        }
    }

    #[test]
    fn any_whole_text_of_this_version_has_one_spelling(contents in proptest::collection::vec(any::<u8>(), 48)) {
        let text = whole(1, &contents);
        prop_assert_eq!(Link::parse(&text).unwrap().to_string(), text);
    }
}
