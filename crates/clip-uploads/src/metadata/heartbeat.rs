//! The clock, as the processes that share the database saw it last.

use std::time::Duration;

use super::{Metadata, MetadataError, changing, reading};

/// What a look at the clock came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Beat {
    /// Whether nothing may be deleted because of its age.
    pub suspended: bool,
    /// By how many milliseconds the clock has moved more than it should have; negative when it went back.
    pub jump: Option<i64>,
    /// For how many milliseconds the clock has agreed since it last did not.
    pub agreed: i64,
    /// The later of this look and the last one.
    pub latest: i64,
}

/// How much the clock is trusted.
#[derive(Debug, Clone, Copy)]
pub struct Trust {
    /// The longest time between two looks at the clock that is nothing special.
    pub gap: Duration,
    /// How long the clock has to agree after it did not.
    pub agreement: Duration,
}

#[derive(sqlx::FromRow)]
struct Row {
    beat_at: i64,
    suspended: i64,
    agreed_millis: i64,
}

impl Metadata {
    /// Looks at the clock: holds it against the last look, whichever process took it.
    pub async fn beat(&self, now: i64, trust: Trust) -> Result<Beat, MetadataError> {
        let Some(row) = self.heartbeat().await? else {
            changing!(self, pool => sqlx::query(
                "INSERT INTO heartbeat (singleton, beat_at) VALUES (1, $1) ON CONFLICT (singleton) DO NOTHING",
            )
            .bind(now)
            .execute(pool)
            .await
            .map(drop))?;
            return Ok(Beat { suspended: false, jump: None, agreed: 0, latest: now });
        };
        let beat = judge(&row, now, trust);
        // Of two processes that look at once, one counts.
        changing!(self, pool => sqlx::query(
            "UPDATE heartbeat SET beat_at = $2, suspended = $3, agreed_millis = $4 WHERE beat_at = $1",
        )
        .bind(row.beat_at)
        .bind(now)
        .bind(i64::from(beat.suspended))
        .bind(beat.agreed)
        .execute(pool)
        .await
        .map(drop))?;
        Ok(beat)
    }

    async fn heartbeat(&self) -> Result<Option<Row>, MetadataError> {
        Ok(reading!(self, pool => sqlx::query_as("SELECT beat_at, suspended, agreed_millis FROM heartbeat")
            .fetch_optional(pool)
            .await)?)
    }

    /// When the clock was last looked at, and whether deletion is suspended since.
    pub async fn clock(&self) -> Result<Option<(i64, bool)>, MetadataError> {
        Ok(self.heartbeat().await?.map(|row| (row.beat_at, row.suspended != 0)))
    }

    /// Takes somebody's word that the clock is right now.
    pub async fn confirm_clock(&self, now: i64) -> Result<(), MetadataError> {
        changing!(self, pool => sqlx::query("UPDATE heartbeat SET beat_at = $1, suspended = 0, agreed_millis = 0")
            .bind(now)
            .execute(pool)
            .await
            .map(drop))?;
        Ok(())
    }
}

fn judge(row: &Row, now: i64, trust: Trust) -> Beat {
    let millis = |duration: Duration| i64::try_from(duration.as_millis()).unwrap_or(i64::MAX);
    let latest = now.max(row.beat_at);
    let moved = now.saturating_sub(row.beat_at);
    if moved.saturating_abs() > millis(trust.gap) {
        return Beat { suspended: true, jump: Some(moved), agreed: 0, latest };
    }
    let agreed = if row.suspended == 0 { 0 } else { row.agreed_millis.saturating_add(moved.max(0)) };
    Beat { suspended: row.suspended != 0 && agreed < millis(trust.agreement), jump: None, agreed, latest }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_jump_suspends_until_the_clock_has_agreed_for_long_enough() {
        let trust = Trust { gap: Duration::from_secs(300), agreement: Duration::from_secs(600) };
        let mut row = Row { beat_at: 1_000_000, suspended: 0, agreed_millis: 0 };
        let mut look = |now: i64| {
            let beat = judge(&row, now, trust);
            row = Row { beat_at: now, suspended: i64::from(beat.suspended), agreed_millis: beat.agreed };
            (beat.suspended, beat.jump)
        };
        assert_eq!(look(1_030_000), (false, None));
        let far = 1_030_000 + 25 * 3_600_000;
        assert_eq!(look(far), (true, Some(25 * 3_600_000)));
        assert_eq!(look(1_060_000), (true, Some(1_060_000 - far)));
        let mut now = 1_060_000;
        for _ in 0..19 {
            now += 30_000;
            assert_eq!(look(now), (true, None));
        }
        assert_eq!(look(now + 30_000), (false, None));
        assert_eq!(look(now + 60_000), (false, None));
    }
}
