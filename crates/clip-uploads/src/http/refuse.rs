//! Refusals and rejections, as the document describes them.

use std::time::Duration;

use autoposting_types::{
    AbortClipUploadResponse, ClipUploadConflictHeaders, ClipUploadLimitedHeaders, ClipUploadUnavailableHeaders,
    ClipsErrorResponse, CompleteClipUploadResponse, CompleteClipUploadStatus409Headers,
    CompleteClipUploadStatus429Headers, DeleteClipResponse, GetClipResponse, ImportClipResponse,
    InitClipUploadResponse, ListClipsResponse, PresignClipUploadPartsResponse, RenderClipResponse, RequestViolation,
    new,
};
use axum::http::StatusCode;
use oas_server_runtime::{RejectWith, Rejection, ServerError};

use super::api::Api;
use crate::domain::{PartNumber, Refusal, Violation};
use crate::service::RETRY_AFTER;

/// Gives a refusal the variant of its status. A status that the document does not describe for the operation cannot be
/// answered: it is the service's own fault.
macro_rules! refusals {
    ($response:ident { $($status:literal => $variant:ident $({ $headers:ident })?),+ $(,)? }) => {
        impl TryFrom<Refusal> for $response {
            type Error = ServerError;

            fn try_from(refusal: Refusal) -> Result<Self, ServerError> {
                match status(&refusal).as_u16() {
                    $($status => Ok(refusals!(@answer refusal, $response, $variant $({ $headers })?)),)+
                    _ => Err(ServerError::new(refusal)),
                }
            }
        }
    };
    (@answer $refusal:ident, $response:ident, $variant:ident) => {
        $response::$variant(body(&$refusal))
    };
    (@answer $refusal:ident, $response:ident, $variant:ident { $headers:ident }) => {
        $response::$variant { body: body(&$refusal), headers: $headers(&$refusal) }
    };
}

refusals!(InitClipUploadResponse {
    400 => Status400,
    409 => Status409 { conflict },
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(PresignClipUploadPartsResponse {
    400 => Status400,
    404 => Status404,
    409 => Status409 { conflict },
    410 => Status410,
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(CompleteClipUploadResponse {
    400 => Status400,
    404 => Status404,
    409 => Status409 { completion_conflict },
    410 => Status410,
    429 => Status429 { completion_limited },
    503 => Status503 { unavailable },
});

refusals!(AbortClipUploadResponse {
    404 => Status404,
    409 => Status409 { conflict },
    410 => Status410,
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(GetClipResponse {
    404 => Status404,
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(ListClipsResponse {
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(DeleteClipResponse {
    404 => Status404,
    409 => Status409 { conflict },
    429 => Status429 { limited },
    503 => Status503 { unavailable },
});

refusals!(ImportClipResponse {
    429 => Status429 { limited },
    501 => Status501,
    503 => Status503 { unavailable },
});

refusals!(RenderClipResponse {
    404 => Status404,
    429 => Status429 { limited },
    501 => Status501,
    503 => Status503 { unavailable },
});

fn conflict(refusal: &Refusal) -> ClipUploadConflictHeaders {
    let mut headers = ClipUploadConflictHeaders::new();
    headers.retry_after = retry_after(refusal);
    headers
}

fn completion_conflict(refusal: &Refusal) -> CompleteClipUploadStatus409Headers {
    let mut headers = CompleteClipUploadStatus409Headers::new();
    headers.retry_after = retry_after(refusal);
    headers
}

fn limited(refusal: &Refusal) -> ClipUploadLimitedHeaders {
    ClipUploadLimitedHeaders::new(retry_after(refusal).unwrap_or(1))
}

fn completion_limited(refusal: &Refusal) -> CompleteClipUploadStatus429Headers {
    let mut headers = CompleteClipUploadStatus429Headers::new();
    headers.retry_after = retry_after(refusal);
    headers
}

fn unavailable(refusal: &Refusal) -> ClipUploadUnavailableHeaders {
    ClipUploadUnavailableHeaders::new(retry_after(refusal).unwrap_or_else(|| seconds(RETRY_AFTER)))
}

/// Which status a refusal is answered with.
fn status(refusal: &Refusal) -> StatusCode {
    match refusal {
        Refusal::NotFound => StatusCode::NOT_FOUND,
        Refusal::Invalid(_) | Refusal::InvalidPart(_) | Refusal::PartTooSmall(_) => StatusCode::BAD_REQUEST,
        Refusal::PartsMissing(_)
        | Refusal::PartsUnlisted(_)
        | Refusal::SizeDiffers { .. }
        | Refusal::QuotaExceeded { .. }
        | Refusal::StorageFull
        | Refusal::TooManyUploads(_)
        | Refusal::AlreadyCompleted
        | Refusal::InProgress(_)
        | Refusal::Aborted
        | Refusal::Failed => StatusCode::CONFLICT,
        Refusal::Expired => StatusCode::GONE,
        Refusal::RateLimited(_) => StatusCode::TOO_MANY_REQUESTS,
        Refusal::NotImplemented(_) => StatusCode::NOT_IMPLEMENTED,
        Refusal::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}

fn retry_after(refusal: &Refusal) -> Option<i64> {
    refusal.retry_after().map(seconds)
}

fn seconds(duration: Duration) -> i64 {
    i64::try_from(duration.as_secs()).unwrap_or(i64::MAX)
}

fn body(refusal: &Refusal) -> ClipsErrorResponse {
    let mut body = error(refusal.code(), refusal.to_string());
    let parts = refusal.parts();
    body.part_numbers = (!parts.is_empty()).then(|| parts.iter().copied().map(number).collect());
    if let Refusal::Invalid(violations) = refusal {
        body.violations = Some(violations.iter().map(violation).collect());
    }
    body
}

fn number(part: PartNumber) -> i32 {
    i32::from(part.get())
}

fn violation(violation: &Violation) -> RequestViolation {
    RequestViolation::from(new::RequestViolation {
        location: "body".to_owned(),
        pointer: violation.pointer.clone(),
        code: violation.code.to_owned(),
        message: violation.message.clone(),
    })
}

/// The envelope of every error.
fn error(code: &str, message: impl Into<String>) -> ClipsErrorResponse {
    ClipsErrorResponse::new().with_success(false).with_error(code).with_code(code).with_message(message)
}

impl RejectWith<ClipsErrorResponse> for Api {
    fn reject(&self, rejection: &Rejection) -> ClipsErrorResponse {
        let mut body = error(rejection.code(), rejection.detail());
        let violation = |violation: &oas_server_runtime::Violation| {
            let oas_server_runtime::Violation { location, pointer, code, message, .. } = violation;
            RequestViolation::from(new::RequestViolation {
                location: location.to_string(),
                pointer: pointer.clone(),
                code: code.as_ref().to_owned(),
                message: message.clone(),
            })
        };
        let violations: Vec<_> = rejection.violations().iter().map(violation).collect();
        body.violations = (!violations.is_empty()).then_some(violations);
        body
    }
}
