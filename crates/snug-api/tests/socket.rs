//! Both ends of the local socket, with a laptop that answers from a script.

#![cfg(unix)]

use snug_api::command::{CircleFound, CircleList, NoteAppend};
use snug_api::view::{Circles, Done, Kind};
use snug_api::{
    ApiError, Client, ErrorCode, Event, Events, Reached, Request, Response, Server, Service, reach,
};
use snug_types::CircleId;
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::{Notify, broadcast, mpsc};

/// Answers lists at once, holds appends back until it is told to go on, and is locked for everything else.
#[derive(Clone)]
struct Scripted {
    began: Arc<Notify>,
    go_on: Arc<Notify>,
    events: broadcast::Sender<Event>,
}

impl Scripted {
    fn new() -> Self {
        Self { began: Arc::default(), go_on: Arc::default(), events: broadcast::channel(16).0 }
    }
}

impl Service for Scripted {
    async fn handle(&self, request: Request) -> Result<Response, ApiError> {
        match request {
            Request::CircleList(_) => Ok(Response::CircleList(Circles { circles: vec![], joining: vec![] })),
            Request::NoteAppend(_) => {
                self.began.notify_one();
                self.go_on.notified().await;
                Ok(Response::NoteAppend(Done {}))
            }
            _ => Err(ApiError::new(ErrorCode::Locked, "Snug is locked; unlock it and try again")),
        }
    }

    fn follow(&self) -> Events {
        let mut from = self.events.subscribe();
        let (to, listener) = mpsc::channel(16);
        tokio::spawn(async move {
            while let Ok(event) = from.recv().await {
                if to.send(event).await.is_err() {
                    return;
                }
            }
        });
        listener
    }
}

fn append() -> NoteAppend {
    NoteAppend { circle: "c".into(), note: "n".into(), text: "t".into() }
}

async fn connect(folder: &Path) -> Client {
    let Ok(Some(client)) = Client::connect(folder).await else { panic!("nobody answers") };
    client
}

#[tokio::test]
async fn commands_are_answered_in_turn_and_errors_end_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path(), Scripted::new()).unwrap();
    let mut client = connect(folder.path()).await;
    assert_eq!(client.call(CircleList {}).await.unwrap().circles, []);
    let locked = client.call(CircleFound { name: "x".into(), kind: Kind::Life }).await.unwrap_err();
    assert_eq!(locked.code, ErrorCode::Locked);
    assert_eq!(client.call(CircleList {}).await.unwrap().circles, []);
}

#[tokio::test]
async fn the_socket_is_its_owners_alone_and_a_leftover_is_replaced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("snug.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    assert!(Client::connect(folder.path()).await.unwrap().is_none(), "nobody answers at a leftover");

    let server = Server::start(folder.path(), Scripted::new()).unwrap();
    let file = std::fs::metadata(&path).unwrap();
    assert!(file.file_type().is_socket());
    assert_eq!(file.permissions().mode() & 0o777, 0o600);
    connect(folder.path()).await;

    server.close().await;
    assert!(!path.exists());
    assert!(Client::connect(folder.path()).await.unwrap().is_none());
}

#[tokio::test]
async fn a_folder_with_a_long_path_works_alike() {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("a".repeat(200)).join("b".repeat(200));
    std::fs::create_dir_all(&folder).unwrap();
    let server = Server::start(&folder, Scripted::new()).unwrap();
    assert_eq!(connect(&folder).await.call(CircleList {}).await.unwrap().circles, []);
    server.close().await;
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}

#[tokio::test]
async fn closing_waits_for_what_is_under_way() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Scripted::new();
    let server = Server::start(folder.path(), laptop.clone()).unwrap();
    let mut busy = connect(folder.path()).await;
    let mut idle = connect(folder.path()).await;
    let answer = tokio::spawn(async move { busy.call(append()).await });
    laptop.began.notified().await;
    let closing = tokio::spawn(server.close());
    let ended = idle.call(append()).await.unwrap_err();
    assert_eq!(ended.code, ErrorCode::Closing, "an idle connection ends");
    assert!(!closing.is_finished());
    laptop.go_on.notify_one();
    assert_eq!(answer.await.unwrap(), Ok(Done {}));
    closing.await.unwrap();
}

#[tokio::test]
async fn events_come_until_the_laptop_closes() {
    let folder = tempfile::tempdir().unwrap();
    let laptop = Scripted::new();
    let server = Server::start(folder.path(), laptop.clone()).unwrap();
    let mut events = connect(folder.path()).await.follow().await.unwrap();
    while laptop.events.receiver_count() == 0 {
        tokio::task::yield_now().await;
    }
    let event = Event::People { circle: CircleId([7; 32]) };
    laptop.events.send(event.clone()).unwrap();
    assert_eq!(events.recv().await, Some(event));
    server.close().await;
    assert_eq!(events.recv().await, None);
}

#[tokio::test]
async fn one_client_too_many_is_turned_away_until_another_goes() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path(), Scripted::new()).unwrap();
    let mut seated = Vec::new();
    let turned_away = loop {
        match Client::connect(folder.path()).await {
            Ok(client) => seated.push(client.expect("somebody answers")),
            Err(error) => break error,
        }
        assert!(seated.len() <= 1000, "no bound");
    };
    assert_eq!((turned_away.code, seated.len()), (ErrorCode::Busy, 64));
    assert!(seated[0].call(CircleList {}).await.is_ok());
    seated.pop();
    while Client::connect(folder.path()).await.is_err() {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_others_go_on() {
    let folder = tempfile::tempdir().unwrap();
    let _server = Server::start(folder.path(), Scripted::new()).unwrap();
    let endless = vec![b'x'; 5 << 20];
    let cases: [(&[u8], &str); 4] = [
        (b"hello\n", "other_version"),
        (b"{\"version\":9,\"call\":{\"command\":\"circle_list\",\"with\":{}}}\n", "other_version"),
        (b"{\"version\":1,\"call\":{\"command\":\"circle_lost\",\"with\":{}}}\n", "other_version"),
        (&endless, "too_large"),
    ];
    for (bytes, code) in cases {
        let mut stream = UnixStream::connect(folder.path().join("snug.sock")).await.unwrap();
        // The laptop stops reading at its bound, and the rest may be refused.
        let _written = stream.write_all(bytes).await;
        let mut said = Vec::new();
        let _ended = stream.read_to_end(&mut said).await;
        let said = String::from_utf8(said).unwrap();
        let (hello, error) = said.split_once('\n').unwrap();
        assert_eq!(hello, r#"{"version":1,"hello":{}}"#);
        assert!(error.contains(code), "{code}: {error}");
    }
    assert!(connect(folder.path()).await.call(CircleList {}).await.is_ok());
}

#[tokio::test]
async fn a_laptop_that_is_starting_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let looks = AtomicUsize::new(0);
    let mut server = None;
    let reached = reach(folder.path(), async || -> Result<(), ApiError> {
        // It has the lock, and answers only later.
        if looks.fetch_add(1, Ordering::Relaxed) == 2 {
            server = Some(Server::start(folder.path(), Scripted::new())?);
        }
        Err(ApiError::new(ErrorCode::InUse, "in use"))
    })
    .await
    .unwrap();
    assert!(matches!(reached, Reached::Running(_)));
    assert_eq!(looks.into_inner(), 3);
}

#[tokio::test]
async fn a_laptop_that_nobody_has_open_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let mut tries = 0;
    let reached = reach(folder.path(), async || {
        tries += 1;
        // Another command had it for a moment.
        if tries == 1 { Err(ApiError::new(ErrorCode::InUse, "in use")) } else { Ok("opened") }
    })
    .await
    .unwrap();
    assert!(matches!(reached, Reached::Opened("opened")));

    let mut tries = 0;
    let wrong = reach(folder.path(), async || -> Result<(), _> {
        tries += 1;
        Err(ApiError::new(ErrorCode::WrongPassphrase, "wrong"))
    })
    .await
    .unwrap_err();
    assert_eq!((wrong.code, tries), (ErrorCode::WrongPassphrase, 1), "a wrong passphrase isn't tried again");

    let nowhere = folder.path().join("nowhere");
    let none = reach(&nowhere, async || -> Result<(), _> { panic!("opened") }).await.unwrap_err();
    assert_eq!(none.code, ErrorCode::NoStore);
}
