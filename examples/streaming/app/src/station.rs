//! The station: what it does with readings, and where recordings come from.

use futures_util::{StreamExt as _, stream};
use station_server::types::{
    AddReadingsResponse, FollowReadingsResponse, ItemStream, ReadRecordingResponse, Reading, Taken,
};
use station_server::{
    AddReadingsRequest, FollowReadingsRequest, ReadRecordingRequest, ReadingsApi, RecordingsApi,
    ServerError,
};
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

/// How many bytes a recording has.
const LENGTH: u64 = 1_000_000_000;

/// How many of them are in memory at once.
const PIECE: u64 = 64 * 1024;

/// A weather station.
pub struct Station {
    readings: broadcast::Sender<f64>,
}

impl Station {
    /// A station that nobody listens to yet.
    pub fn new() -> Self {
        Self {
            readings: broadcast::channel(64).0,
        }
    }
}

impl ReadingsApi for Station {
    async fn follow_readings(
        &self,
        _: FollowReadingsRequest,
    ) -> Result<FollowReadingsResponse, ServerError> {
        let receiver = self.readings.subscribe();
        let readings = stream::unfold(receiver, async |mut receiver| {
            loop {
                match receiver.recv().await {
                    Ok(celsius) => return Some((Ok(Reading::new(celsius)), receiver)),
                    // Whoever is too slow misses some readings, and not all that follow.
                    Err(RecvError::Lagged(_)) => {}
                    Err(RecvError::Closed) => return None,
                }
            }
        });
        Ok(FollowReadingsResponse::Status200(ItemStream::new(readings)))
    }

    async fn add_readings(
        &self,
        mut request: AddReadingsRequest,
    ) -> Result<AddReadingsResponse, ServerError> {
        let mut count = 0;
        // Each line is held against the document when it arrives; `?` turns what is wrong into the answer.
        while let Some(reading) = request.body.next().await {
            // Nobody has to listen.
            let _ = self.readings.send(reading?.celsius);
            count += 1;
        }
        Ok(AddReadingsResponse::Status200(Taken::new(count)))
    }
}

impl RecordingsApi for Station {
    async fn read_recording(
        &self,
        request: ReadRecordingRequest,
    ) -> Result<ReadRecordingResponse, ServerError> {
        if request.params.name != "storm" {
            return Ok(ReadRecordingResponse::Status404);
        }
        let pieces = (0..LENGTH.div_ceil(PIECE)).map(|index| PIECE.min(LENGTH - index * PIECE));
        let bytes = stream::iter(pieces)
            .map(|length| Ok::<_, std::io::Error>(vec![7; usize::try_from(length).unwrap_or(0)]));
        // The server takes the part out of it that the caller asks for.
        request.answer.stream(Some(LENGTH), bytes);
        Ok(ReadRecordingResponse::Status200(Vec::new()))
    }
}
