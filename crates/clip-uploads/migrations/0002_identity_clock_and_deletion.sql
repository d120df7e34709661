-- Which storage belongs to this database. `linked` is 1 once storage has the same identity.
CREATE TABLE installation (
    singleton BIGINT PRIMARY KEY CHECK (singleton = 1),
    identity TEXT NOT NULL,
    linked BIGINT NOT NULL DEFAULT 0
);

-- The clock, as the processes saw it last. While `suspended` is 1, nothing is deleted because of its age.
CREATE TABLE heartbeat (
    singleton BIGINT PRIMARY KEY CHECK (singleton = 1),
    beat_at BIGINT NOT NULL,
    suspended BIGINT NOT NULL DEFAULT 0,
    agreed_millis BIGINT NOT NULL DEFAULT 0
);

-- How far the last check of all bytes came.
CREATE TABLE scrub (
    singleton BIGINT PRIMARY KEY CHECK (singleton = 1),
    position TEXT NOT NULL,
    checked BIGINT NOT NULL,
    damaged BIGINT NOT NULL
);

-- When its owner deleted the clip; when its bytes were found damaged; since when storage has neither parts nor object of
-- a completion.
ALTER TABLE uploads ADD COLUMN deleted_at BIGINT;
ALTER TABLE uploads ADD COLUMN damaged_at BIGINT;
ALTER TABLE uploads ADD COLUMN missing_since BIGINT;

ALTER TABLE api_keys ADD COLUMN expires_at BIGINT;

CREATE INDEX uploads_by_organisation ON uploads (organisation, created_at, clip_id);
CREATE INDEX uploads_to_delete ON uploads (updated_at) WHERE deleted_at IS NOT NULL AND cleaned = 0;
