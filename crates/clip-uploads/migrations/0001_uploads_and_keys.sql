-- One text for SQLite and PostgreSQL. Times are milliseconds since 1970, sizes are bytes.
CREATE TABLE api_keys (
    key_id TEXT PRIMARY KEY,
    organisation TEXT NOT NULL,
    note TEXT NOT NULL,
    secret_hash TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    revoked_at BIGINT
);

CREATE TABLE uploads (
    upload_id TEXT PRIMARY KEY,
    clip_id TEXT NOT NULL UNIQUE,
    organisation TEXT NOT NULL,
    brand_id TEXT NOT NULL,
    title TEXT NOT NULL,
    file_name TEXT NOT NULL,
    mime_type TEXT NOT NULL,
    file_size BIGINT NOT NULL,
    object_key TEXT NOT NULL UNIQUE,
    storage_id TEXT NOT NULL,
    write_token TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('uploading', 'completing', 'completed', 'failed', 'aborted', 'expired')),
    completions BIGINT NOT NULL DEFAULT 0,
    setbacks BIGINT NOT NULL DEFAULT 0,
    parts TEXT,
    parts_hash TEXT,
    rejection TEXT,
    object_etag TEXT,
    answer TEXT,
    lease_owner TEXT,
    lease_until BIGINT NOT NULL DEFAULT 0,
    cleaned BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);

-- What the sweep looks for: completions that nobody works on, uploads that expire, parts to delete.
CREATE INDEX uploads_by_lease ON uploads (lease_until) WHERE state = 'completing';
CREATE INDEX uploads_by_expiry ON uploads (expires_at) WHERE state = 'uploading';
CREATE INDEX uploads_to_clean ON uploads (updated_at) WHERE state IN ('aborted', 'expired') AND cleaned = 0;
