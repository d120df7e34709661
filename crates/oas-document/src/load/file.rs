//! From a path to a text.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::{Diagnostic, Place, Pointer, Sources};

/// The largest file that is read, in bytes; the largest documents in use have about 20 MB.
const MAX_BYTES: u64 = 512 * 1024 * 1024;

/// Reads the file at `path` as UTF-8, without a byte order mark.
///
/// A file that is not UTF-8 is added to `sources`, so that the diagnostic can show where.
pub(super) fn read(sources: &mut Sources, path: &Path) -> Result<String, Diagnostic> {
    let unreadable = |error: &io::Error| unreadable(path, error);
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(Diagnostic::error("unreadable-file", format!("{} is a folder", path.display()))
            .hint("name the document in it, such as `openapi.json` or `openapi.yaml`"));
    }
    let too_large = || {
        Diagnostic::error("too-large", format!("{} is larger than {} MiB", path.display(), MAX_BYTES / 1024 / 1024))
            .hint("check that this is an OpenAPI document; a large one can be split with `$ref`")
    };
    if metadata.len() > MAX_BYTES {
        return Err(too_large());
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or_default());
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    // Pipes do not know their length before they end.
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(too_large());
    }
    decode(sources, path, bytes)
}

fn decode(sources: &mut Sources, path: &Path, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err(Diagnostic::error("not-utf-8", format!("{} is in UTF-16", path.display()))
            .hint("convert it to UTF-8, for example with `iconv -f UTF-16 -t UTF-8`"));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text.strip_prefix('\u{FEFF}').map(str::to_owned).unwrap_or(text)),
        Err(error) => {
            let start = error.utf8_error().valid_up_to();
            let byte = error.as_bytes().get(start).copied().unwrap_or_default();
            let file = sources.add(path, String::from_utf8_lossy(error.as_bytes()).into_owned());
            let span = super::span(file, start, start + char::REPLACEMENT_CHARACTER.len_utf8());
            Err(Diagnostic::error("not-utf-8", format!("byte 0x{byte:02X} is not part of any UTF-8 character"))
                .at(Place { span, pointer: Pointer::root() })
                .hint("convert the file to UTF-8, for example with `iconv -f LATIN1 -t UTF-8`"))
        }
    }
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let path = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => Diagnostic::error("unreadable-file", format!("{path} does not exist"))
            .hint("check the path; relative paths count from the current folder"),
        io::ErrorKind::PermissionDenied => {
            Diagnostic::error("unreadable-file", format!("{path} may not be read: permission denied"))
                .hint(format!("allow it, for example with `chmod u+r {path}`"))
        }
        _ => Diagnostic::error("unreadable-file", format!("{path} cannot be read: {error}"))
            .hint("see that it is a file on a disk that works"),
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::path::Path;

    use super::unreadable;

    #[test]
    fn permission_denied_says_how_to_allow_it() {
        let found = unreadable(Path::new("api.json"), &io::Error::from(io::ErrorKind::PermissionDenied));
        assert_eq!(found.message, "api.json may not be read: permission denied");
        assert_eq!(found.hint.as_deref(), Some("allow it, for example with `chmod u+r api.json`"));
    }
}
