//! What the service remembers: uploads and API keys, in SQLite or PostgreSQL.
//!
//! Every change of an upload's state is one statement with the old state in its condition. Such a statement locks its
//! row, and is a transaction of its own, in both databases; so processes that share a database cannot both make the
//! same change, and nothing is locked while storage is asked. The statements are the same for both databases: SQLite
//! understands `$1` and `RETURNING` as PostgreSQL does.

mod completions;
mod heartbeat;
mod installation;
mod keys;
mod operator;
mod sweep;
mod uploads;

use std::fs::OpenOptions;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use sqlx::migrate::Migrator;
use sqlx::postgres::{PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, Executor as _};

pub use completions::Completion;
pub use heartbeat::{Beat, Trust};
pub use installation::Installation;
pub use keys::ApiKey;
pub use operator::Scrub;
pub use sweep::{BATCH, Count, Doomed};

static MIGRATIONS: Migrator = sqlx::migrate!();

/// How long to wait for a lock or a connection. Longer waits are answered with 503.
const PATIENCE: Duration = Duration::from_secs(5);

/// The database did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum MetadataError {
    /// A statement or the connection failed.
    #[error("the database does not answer: {0}")]
    Database(#[from] sqlx::Error),
    /// There is no such file, and it is not to be made.
    #[error(
        "there is no database at {0}; start the service once, which makes it, or say with --data or --database where it is"
    )]
    Absent(String),
    /// The tables could not be made or brought up to date.
    #[error("the database cannot be brought up to date: {0}")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

/// The database.
#[derive(Debug, Clone)]
pub struct Metadata {
    pool: Pool,
}

#[derive(Debug, Clone)]
enum Pool {
    /// Many connections read, and one writes: SQLite lets one write at a time, and makes others wait by sleeping, where
    /// those who wait for the one connection are woken in turn.
    Sqlite { readers: SqlitePool, writer: SqlitePool },
    /// Every connection reads and writes.
    Postgres(PgPool),
}

/// Evaluates an expression that reads over the pool, whichever database it is. The expression is compiled for both, each
/// with its own types.
macro_rules! reading {
    ($metadata:expr, $pool:ident => $body:expr) => {
        match &$metadata.pool {
            $crate::metadata::Pool::Sqlite { readers: $pool, .. } => $body,
            $crate::metadata::Pool::Postgres($pool) => $body,
        }
    };
}
use reading;

/// The same for an expression that changes something.
macro_rules! changing {
    ($metadata:expr, $pool:ident => $body:expr) => {
        match &$metadata.pool {
            $crate::metadata::Pool::Sqlite { writer: $pool, .. } => $body,
            $crate::metadata::Pool::Postgres($pool) => $body,
        }
    };
}
use changing;

impl Metadata {
    /// Opens a SQLite file, and makes it when there is none.
    ///
    /// A committed change is on the disk: `synchronous = FULL` syncs the log with every commit, which the default for
    /// write-ahead logs does not.
    pub async fn open_sqlite(file: &Path) -> Result<Self, MetadataError> {
        Self::open_file(file, true).await
    }

    /// Opens a SQLite file that must be there.
    pub async fn open_existing_sqlite(file: &Path) -> Result<Self, MetadataError> {
        if !file.is_file() {
            return Err(MetadataError::Absent(file.display().to_string()));
        }
        Self::open_file(file, false).await
    }

    async fn open_file(file: &Path, create: bool) -> Result<Self, MetadataError> {
        if create {
            // Hashes of keys and tokens of uploads are for this user alone; SQLite's log gets the permissions of the file.
            // Where it cannot be made, SQLite says why.
            let _ = OpenOptions::new().create_new(true).write(true).mode(0o600).open(file);
        }
        let options = SqliteConnectOptions::new()
            .filename(file)
            .create_if_missing(create)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(PATIENCE);
        let pool = |most| SqlitePoolOptions::new().max_connections(most).acquire_timeout(PATIENCE);
        let writer = pool(1).connect_with(options.clone()).await?;
        MIGRATIONS.run(&writer).await?;
        // A change over a reader is a fault of ours, and fails at once.
        let readers = pool(8).connect_with(options.pragma("query_only", "ON")).await?;
        Ok(Self { pool: Pool::Sqlite { readers, writer } })
    }

    /// Connects to PostgreSQL, and makes the tables when there are none.
    pub async fn connect_postgres(url: &str) -> Result<Self, MetadataError> {
        // Making tables may take longer than a request may, so it has a connection of its own.
        let mut connection = PgConnection::connect(url).await?;
        MIGRATIONS.run(&mut connection).await?;
        connection.close().await?;
        let pool = PgPoolOptions::new().max_connections(16).acquire_timeout(PATIENCE).after_connect(|connection, _| {
            Box::pin(async move {
                let patience = format!("SET statement_timeout = {}", PATIENCE.as_millis());
                connection.execute(patience.as_str()).await.map(drop)
            })
        });
        Ok(Self { pool: Pool::Postgres(pool.connect(url).await?) })
    }

    /// Whether no other process can use the database.
    pub fn is_exclusive(&self) -> bool {
        matches!(self.pool, Pool::Sqlite { .. })
    }

    /// Whether the database answers.
    pub async fn ready(&self) -> Result<(), MetadataError> {
        reading!(self, pool => { sqlx::query("SELECT 1").execute(pool).await?; });
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        match &self.pool {
            Pool::Sqlite { readers, writer } => {
                readers.close().await;
                // The last connection to be closed moves the log into the database.
                writer.close().await;
            }
            Pool::Postgres(pool) => pool.close().await,
        }
    }
}
