//! The API over a database.

use std::time::Duration;

use notes_server::types::{
    AddNoteResponse, DeleteNoteResponse, ListNotesResponse, Note, NotePage, ShowNoteResponse,
    Token, new,
};
use notes_server::{
    AddNoteRequest, AuthContext, AuthError, Authenticator, DeleteNoteRequest, ListNotesRequest,
    NotesApi, ServerError, ShowNoteRequest,
};
use sqlx::PgPool;

/// Notes, and whose they are.
#[derive(Clone)]
pub struct Notes {
    pool: PgPool,
}

impl Notes {
    /// Connects, and makes the tables when there are none.
    pub async fn connect(url: &str) -> sqlx::Result<Self> {
        let pool = PgPool::connect(url).await?;
        sqlx::raw_sql(
            "CREATE TABLE IF NOT EXISTS tokens (hash BYTEA PRIMARY KEY, owner TEXT NOT NULL);
             CREATE TABLE IF NOT EXISTS notes (
                 id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
                 owner TEXT NOT NULL,
                 text TEXT NOT NULL
             );
             CREATE INDEX IF NOT EXISTS notes_by_owner ON notes (owner, id);",
        )
        .execute(&pool)
        .await?;
        Ok(Self { pool })
    }

    /// Gives somebody a token. Only its hash is kept.
    pub async fn let_in(&self, owner: &str, token: &str) -> sqlx::Result<()> {
        sqlx::query(
            "INSERT INTO tokens (hash, owner) VALUES (sha256($1), $2) ON CONFLICT DO NOTHING",
        )
        .bind(token.as_bytes())
        .bind(owner)
        .execute(&self.pool)
        .await?;
        Ok(())
    }
}

/// What a caller is told when the database does not answer. The cause goes to the log.
fn unavailable(error: sqlx::Error) -> ServerError {
    ServerError::unavailable(error).retry_after(Duration::from_secs(2))
}

fn note((id, text): (i64, String)) -> Note {
    new::Note { id, text }.into()
}

impl Authenticator for Notes {
    /// Whose notes a caller sees.
    type Principal = String;

    async fn token(&self, credential: Token, _: &AuthContext<'_>) -> Result<String, AuthError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT owner FROM tokens WHERE hash = sha256($1)")
                .bind(credential.expose().as_bytes())
                .fetch_optional(&self.pool)
                .await
                .map_err(|error| AuthError::Failed(unavailable(error)))?;
        found.map(|(owner,)| owner).ok_or_else(AuthError::invalid)
    }
}

impl NotesApi for Notes {
    type Principal = String;

    async fn list_notes(
        &self,
        request: ListNotesRequest<String>,
    ) -> Result<ListNotesResponse, ServerError> {
        let limit = request.params.limit;
        // One more than asked for says whether there is another page.
        let rows: Vec<(i64, String)> = sqlx::query_as(
            "SELECT id, text FROM notes WHERE owner = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
        )
        .bind(&request.principal)
        .bind(request.params.before.unwrap_or(i64::MAX))
        .bind(i64::from(limit) + 1)
        .fetch_all(&self.pool)
        .await
        .map_err(unavailable)?;
        let shown = usize::try_from(limit).unwrap_or(0);
        let more = rows.len() > shown;
        let items: Vec<Note> = rows.into_iter().take(shown).map(note).collect();
        let next = items.last().filter(|_| more).map(|note| note.id);
        let mut page = NotePage::new(items);
        page.next = next;
        Ok(ListNotesResponse::Status200(page))
    }

    async fn add_note(
        &self,
        request: AddNoteRequest<String>,
    ) -> Result<AddNoteResponse, ServerError> {
        let row =
            sqlx::query_as("INSERT INTO notes (owner, text) VALUES ($1, $2) RETURNING id, text")
                .bind(&request.principal)
                .bind(&request.body.text)
                .fetch_one(&self.pool)
                .await
                .map_err(unavailable)?;
        Ok(AddNoteResponse::Status201(note(row)))
    }

    async fn show_note(
        &self,
        request: ShowNoteRequest<String>,
    ) -> Result<ShowNoteResponse, ServerError> {
        let row = sqlx::query_as("SELECT id, text FROM notes WHERE owner = $1 AND id = $2")
            .bind(&request.principal)
            .bind(request.params.id)
            .fetch_optional(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(match row {
            Some(row) => ShowNoteResponse::Status200(note(row)),
            None => ShowNoteResponse::Status404,
        })
    }

    async fn delete_note(
        &self,
        request: DeleteNoteRequest<String>,
    ) -> Result<DeleteNoteResponse, ServerError> {
        let done = sqlx::query("DELETE FROM notes WHERE owner = $1 AND id = $2")
            .bind(&request.principal)
            .bind(request.params.id)
            .execute(&self.pool)
            .await
            .map_err(unavailable)?;
        Ok(if done.rows_affected() > 0 {
            DeleteNoteResponse::Status204
        } else {
            DeleteNoteResponse::Status404
        })
    }
}
