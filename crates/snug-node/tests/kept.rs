//! What a laptop keeps of its owner's wishes from one opening to the next, and that a closed one is gone.

#![allow(clippy::unwrap_used, reason = "a test says what it expects by unwrapping")]

use snug_node::{CircleKind, Home, Interfaces, Laptop, NodeError, Online};
use snug_types::{CircleId, Name};
use std::time::Duration;
use tokio::sync::broadcast::error::TryRecvError;

fn name(text: &str) -> Name {
    Name::new(text).unwrap()
}

fn loopback() -> Online {
    Online { interfaces: Some(Interfaces::Only(vec!["lo".into()])), dial: Vec::new() }
}

async fn is_found(laptop: &Laptop) {
    let found = async {
        while !laptop.network().await.unwrap().online {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), found).await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_laptop_is_gone_and_its_folder_kept() {
    let dir = tempfile::tempdir().unwrap();
    let home = Home::take(&dir.path().join("laptop")).await.unwrap();
    assert!(home.is_fresh().await.unwrap());
    home.create("p", name("Anna")).await.unwrap();
    for _ in 0..2 {
        let laptop = home.open("p").await.unwrap();
        assert!(matches!(home.open("p").await, Err(NodeError::InUse)), "it is open once");
        let mut events = laptop.events();
        laptop.close().await.unwrap();
        // The other end was owned by the one who holds the keys.
        assert_eq!(events.try_recv().unwrap_err(), TryRecvError::Closed);
        assert!(matches!(Laptop::peek(home.path()).await, Err(NodeError::InUse)));
    }
}

#[tokio::test]
async fn a_network_that_is_let_go_is_left_at_once() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", name("Anna")).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let only = |name: &str| vec![name.to_owned()];
    laptop.set_interfaces(only("lo")).await.unwrap();
    laptop.go_online_if_wanted(Online { interfaces: None, dial: Vec::new() }).await.unwrap();
    is_found(&laptop).await;
    assert!(!laptop.network().await.unwrap().given);
    laptop.set_interfaces(only("nowhere0")).await.unwrap();
    assert!(!laptop.network().await.unwrap().online, "it is found by no network that its owner let go");
    laptop.set_interfaces(only("lo")).await.unwrap();
    is_found(&laptop).await;

    // What the program was started with counts instead, and the setting is kept for the next time.
    laptop.go_online(loopback()).await.unwrap();
    laptop.set_interfaces(only("nowhere0")).await.unwrap();
    let network = laptop.network().await.unwrap();
    assert!(network.given && network.online && network.interfaces.contains(&("lo".to_owned(), true)));
    laptop.close().await.unwrap();
}

#[tokio::test]
async fn the_networks_switch_holds_at_every_opening() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", name("Anna")).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let network = laptop.network().await.unwrap();
    assert!(network.wanted && !network.online);
    laptop.set_network(true).await.unwrap();
    assert!(!laptop.status().await.unwrap().online, "nobody said how to go online");

    laptop.go_online_if_wanted(loopback()).await.unwrap();
    is_found(&laptop).await;
    let interfaces = laptop.network().await.unwrap().interfaces;
    assert!(interfaces.contains(&("lo".to_owned(), true)), "{interfaces:?}");
    assert_eq!(interfaces.iter().filter(|(_, used)| *used).count(), 1, "{interfaces:?}");
    laptop.set_network(false).await.unwrap();
    let network = laptop.network().await.unwrap();
    assert!(!network.wanted && !network.online && !laptop.status().await.unwrap().online);
    laptop.set_network(true).await.unwrap();
    is_found(&laptop).await;
    laptop.set_network(false).await.unwrap();
    laptop.close().await.unwrap();

    let laptop = Laptop::open(&path, "p").await.unwrap();
    laptop.go_online_if_wanted(loopback()).await.unwrap();
    let network = laptop.network().await.unwrap();
    assert!(!network.wanted && !laptop.status().await.unwrap().online);
    // Who says so explicitly is online, and the switch is as it was.
    laptop.go_online(loopback()).await.unwrap();
    let network = laptop.network().await.unwrap();
    assert!(!network.wanted && network.online);
    laptop.close().await.unwrap();
}

async fn me_in(laptop: &Laptop, circle: CircleId) -> String {
    laptop.people(circle).await.unwrap().into_iter().find(|person| person.me).unwrap().name
}

#[tokio::test]
async fn other_names_stay() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("laptop");
    Laptop::create(&path, "p", name("Anna")).await.unwrap();
    let laptop = Laptop::open(&path, "p").await.unwrap();
    let (first, second) = (
        laptop.found_circle(name("Readers"), CircleKind::Interest).await.unwrap(),
        laptop.found_circle(name("Family"), CircleKind::Life).await.unwrap(),
    );
    laptop.rename_member(second, name("Aunt Anna")).await.unwrap();
    laptop.rename_me(name("Anna K.")).await.unwrap();
    laptop.rename_circle(first, name("Those who read")).await.unwrap();
    let third = laptop.found_circle(name("Walks"), CircleKind::Interest).await.unwrap();
    let unknown = laptop.rename_circle(CircleId([7; 32]), name("x")).await;
    assert!(matches!(unknown, Err(NodeError::NoCircle)));
    laptop.close().await.unwrap();

    // Every opening says one's name anew, should it not be said.
    let laptop = Laptop::open(&path, "p").await.unwrap();
    assert_eq!(laptop.me().await.unwrap(), name("Anna K."));
    assert_eq!(me_in(&laptop, first).await, "Anna");
    assert_eq!(me_in(&laptop, second).await, "Aunt Anna");
    assert_eq!(me_in(&laptop, third).await, "Anna K.");
    let circles = laptop.circles().await.unwrap();
    let named: Vec<&str> = circles.iter().map(|circle| circle.name.as_str()).collect();
    assert_eq!(named, ["Family", "Those who read", "Walks"]);
    laptop.close().await.unwrap();
}
