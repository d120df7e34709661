//! Streams of events that break off, against a server that does.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use oas_client_runtime::{
    Call, Error, Event, EventStream, ItemError, Operation, Options, Outgoing, Piece, ResponseValue, Settings, State,
};
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

static WATCH: Operation = Operation {
    id: "watch",
    method: "GET",
    path: "/events",
    route: &[Piece::Text("/events")],
    accept: "text/event-stream",
    success: &[200..=299],
    error: &[400..=499],
    ..Operation::NONE
};

static ALL: &[&Operation] = &[&WATCH];

/// What one connection is answered with; it is closed after the last piece, each of which comes after its wait.
type Script = Vec<(u64, &'static str)>;

const HEAD: &str = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n";

/// A server that plays a script per connection, and the heads of the requests that came.
async fn serving(scripts: Vec<Script>) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    let heads = Arc::new(Mutex::new(Vec::new()));
    let seen = heads.clone();
    tokio::spawn(async move {
        for script in scripts {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(socket.read_u8().await.expect("a request"));
            }
            seen.lock().expect("not poisoned").push(String::from_utf8(head).expect("text"));
            for (wait, piece) in script {
                tokio::time::sleep(Duration::from_millis(wait)).await;
                if socket.write_all(piece.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (url, heads)
}

fn state(url: &str, change: impl FnOnce(&mut Settings)) -> State {
    let mut settings = Settings::new("", "test", ALL);
    settings.base_url(url);
    change(&mut settings);
    settings.build().expect("valid settings")
}

/// What a generated request builder is.
struct Watch(State, Options);

impl Call for Watch {
    fn into_request(self) -> Outgoing {
        Outgoing::new(&self.0, &WATCH, self.1)
    }

    fn options_mut(&mut self) -> &mut Options {
        &mut self.1
    }
}

impl Watch {
    fn of(state: &State) -> Self {
        Self(state.clone(), Options::default())
    }

    async fn send(self) -> Result<ResponseValue<EventStream<u32>>, Error<Value>> {
        self.into_request().read_events().await
    }
}

async fn all(stream: &mut EventStream<u32>) -> (Vec<u32>, Option<ItemError>) {
    let mut seen = Vec::new();
    while let Some(event) = stream.next().await {
        match event {
            Ok(Event { data, .. }) => seen.push(data),
            Err(error) => return (seen, Some(error)),
        }
    }
    (seen, None)
}

fn last_ids(heads: &Mutex<Vec<String>>) -> Vec<Option<String>> {
    let id = |head: &String| {
        let line = head.lines().find_map(|line| line.strip_prefix("last-event-id: "));
        line.map(str::to_owned)
    };
    heads.lock().expect("not poisoned").iter().map(id).collect()
}

#[tokio::test]
async fn a_stream_goes_on_where_it_broke_off() {
    let (url, heads) = serving(vec![
        vec![(0, HEAD), (0, "retry: 5\n\nid: a\ndata: 1\n\nid: b\ndata: 2\n\nid: c\ndata: 3")],
        vec![(0, "HTTP/1.1 503 Service Unavailable\r\ncontent-length: 0\r\nconnection: close\r\n\r\n")],
        vec![(0, HEAD), (0, "id: c\ndata: 3\n\n"), (20, "data: 4\n\n")],
        vec![(0, "HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")],
    ])
    .await;
    let mut events = Watch::of(&state(&url, |_| ())).reconnect(3).send().await.expect("a stream");
    let (seen, error) = all(&mut events).await;
    assert_eq!((seen, error.is_none()), (vec![1, 2, 3, 4], true));
    let [b, c] = ["b", "c"].map(|id| Some(id.to_owned()));
    assert_eq!(last_ids(&heads), [None, b.clone(), b, c]);
    assert!(events.next().await.is_none());
}

#[tokio::test]
async fn nobody_connects_again_who_was_not_asked_to() {
    let (url, heads) = serving(vec![vec![(0, HEAD), (0, "data: 1\n\n")], vec![(0, HEAD), (0, "data: 2\n\n")]]).await;
    let (seen, error) = all(&mut Watch::of(&state(&url, |_| ())).send().await.expect("a stream")).await;
    assert_eq!((seen, error.is_none()), (vec![1], true));
    assert_eq!(last_ids(&heads), [None]);
}

#[tokio::test]
async fn attempts_that_bring_nothing_come_to_an_end() {
    let empty = || vec![(0, HEAD)];
    let (url, heads) =
        serving(vec![vec![(0, HEAD), (0, "retry: 1\ndata: 1\n\n")], empty(), empty(), empty(), empty()]).await;
    let (seen, error) = all(&mut Watch::of(&state(&url, |_| ())).reconnect(2).send().await.expect("a stream")).await;
    assert_eq!((seen, error.is_none()), (vec![1], true));
    assert_eq!(last_ids(&heads).len(), 3, "the first, and two in vain");

    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
    let (url, _) = serving(vec![vec![(0, HEAD), (0, "retry: 1\ndata: 1\n\n")], vec![(0, json)]]).await;
    let (_, error) = all(&mut Watch::of(&state(&url, |_| ())).reconnect(2).send().await.expect("a stream")).await;
    let Some(ItemError::Refused(error)) = error else { panic!("{error:?}") };
    assert!(error.to_string().contains("the answer is `application/json`"), "{error}");
}

#[tokio::test]
async fn a_json_answer_is_an_error_and_not_an_empty_stream() {
    let json = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\n\r\n{\"\"}";
    let (url, _) = serving(vec![vec![(0, json)]]).await;
    let error = Watch::of(&state(&url, |_| ())).send().await.expect_err("no events").to_string();
    assert!(error.contains("events (`text/event-stream`) were asked for"), "{error}");
}

#[tokio::test]
async fn a_total_timeout_does_not_cut_a_live_stream_and_an_idle_one_does() {
    let live = || vec![(0, HEAD), (60, "data: 1\n\n"), (60, "data: 2\n\n"), (60, "data: 3\n\n"), (60, "data: 4\n\n")];
    let (url, _) = serving(vec![live()]).await;
    let short = Duration::from_millis(100);
    let state_of = |url: &str| {
        state(url, |settings| {
            settings.timeout(short);
            settings.deadline(short);
        })
    };
    let (seen, error) = all(&mut Watch::of(&state_of(&url)).timeout(short).send().await.expect("a stream")).await;
    assert_eq!((seen, error.is_none()), (vec![1, 2, 3, 4], true));

    let (url, _) = serving(vec![vec![(0, HEAD), (0, "data: 1\n\n"), (5000, "data: 2\n\n")]]).await;
    let state = state(&url, |settings| settings.read_timeout(Some(short)));
    let started = Instant::now();
    let (seen, error) = all(&mut Watch::of(&state).send().await.expect("a stream")).await;
    assert!(matches!(error, Some(ItemError::Connection(_))), "{error:?}");
    assert_eq!(seen, [1]);
    assert!(started.elapsed() < Duration::from_secs(4));
}
