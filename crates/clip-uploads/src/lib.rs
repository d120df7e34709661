//! The clip upload service.
