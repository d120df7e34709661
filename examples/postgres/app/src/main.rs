//! Notes in PostgreSQL: the server, and a caller who tries it.

mod notes;

use notes::Notes;
use notes_client::types::{NewNote, ShowNoteError};
use notes_client::{Client, Error};
use notes_server::{axum, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let url = std::env::var("DATABASE_URL").map_err(|_| "DATABASE_URL names no database")?;
    let notes = Notes::connect(&url).await?;
    notes.let_in("alice", "alice's token").await?;
    notes.let_in("bob", "bob's token").await?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router(notes.clone(), notes)).await });

    let alice = Client::builder()
        .base_url(&url)
        .token("alice's token")
        .build()?;
    let mut last = 0;
    for text in ["milk", "bread", "stamps"] {
        let note = alice.add_note().body(NewNote::new(text)).send().await?;
        last = note.into_inner().id;
    }
    let mut before = None;
    loop {
        let request = alice.list_notes().limit(2);
        let request = match before {
            Some(before) => request.before(before),
            None => request,
        };
        let page = request.send().await?.into_inner();
        let texts: Vec<_> = page.items.iter().map(|note| note.text.as_str()).collect();
        println!("{}", texts.join(", "));
        before = page.next;
        if before.is_none() {
            break;
        }
    }

    let bob = Client::builder()
        .base_url(&url)
        .token("bob's token")
        .build()?;
    match bob.show_note().id(last).send().await {
        Err(Error::ErrorResponse(answer)) if matches!(*answer, ShowNoteError::Status404) => {
            println!("nobody reads what somebody else notes");
        }
        other => return Err(format!("bob got {other:?}").into()),
    }
    alice.delete_note().id(last).send().await?;
    Ok(())
}
