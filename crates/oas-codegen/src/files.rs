//! The only place of the generator that writes: replaces files atomically, and only when their bytes differ.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use crate::{GeneratedFile, HEADER};

/// The folder of a package that codegen owns as a whole: what it did not make there does not belong there.
pub const OWNED: &str = "src/generated";

/// What starts every path: for a folder that codegen owns as a whole.
pub const EVERYTHING: &str = "";

/// How temporary files start; a run that was killed may leave them, the next one removes them.
const TEMPORARY: &str = ".codegen-";

/// How often a file is tried again when a run beside this one takes its temporary file for a leftover.
const ATTEMPTS: usize = 16;

/// Whether to change anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Make the folder what it should be.
    Write,
    /// Only look.
    Check,
}

/// What a file was found to be, before anything was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Freshness {
    /// It is what it should be.
    Fresh,
    /// It differs. Holds what was found.
    Stale(Vec<u8>),
    /// It is not there.
    Missing,
    /// It stands in [`OWNED`], and codegen did not make it.
    Orphaned,
}

/// Why files could not be written or compared.
#[derive(Debug)]
pub enum Error {
    /// A path that is absolute, empty, or climbs with `..`.
    Outside(PathBuf),
    /// Two files of one path.
    Twice(PathBuf),
    /// A folder on the way is a symbolic link, or not a folder.
    NotAFolder(PathBuf),
    /// Something other than a file stands where a file belongs.
    NotAFile(PathBuf),
    /// A file outside of [`OWNED`] that does not start with [`HEADER`]: somebody wrote it by hand.
    HandWritten(PathBuf),
    /// The system refused.
    Io(PathBuf, io::Error),
}

impl std::fmt::Display for Error {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Outside(path) => write!(formatter, "`{}` leaves the output folder", path.display()),
            Self::Twice(path) => write!(formatter, "`{}` was made twice", path.display()),
            Self::NotAFolder(path) => {
                write!(formatter, "`{}` is a link or a file where a folder belongs", path.display())
            }
            Self::NotAFile(path) => write!(formatter, "`{}` is not a file", path.display()),
            Self::HandWritten(path) => {
                write!(formatter, "`{}` was not generated and is not overwritten", path.display())
            }
            Self::Io(path, error) => write!(formatter, "`{}`: {error}", path.display()),
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        if let Self::Io(_, error) = self { Some(error) } else { None }
    }
}

/// Makes the folder `root` hold `files`, or tells how far it is from that. The result has one entry per file and per
/// orphan, in the order of their paths, and says what was found before anything was written.
///
/// Everything is looked at before anything is written, so that what cannot be written leaves the folder as it was. A
/// run that is killed leaves whole files only. Runs beside each other do not harm each other.
///
/// # Errors
/// When a path leaves `root`, a link stands in its way, a hand-written file would be overwritten, or the system
/// refuses.
pub fn apply(files: &[GeneratedFile], root: &Path, mode: Mode) -> Result<Vec<(PathBuf, Freshness)>, Error> {
    apply_owning(OWNED, files, root, mode)
}

/// The same for a folder of which codegen owns `owned` as a whole, instead of [`OWNED`].
///
/// # Errors
/// As [`apply`].
pub fn apply_owning(
    owned: &str,
    files: &[GeneratedFile],
    root: &Path,
    mode: Mode,
) -> Result<Vec<(PathBuf, Freshness)>, Error> {
    let mut wanted: Vec<&GeneratedFile> = files.iter().collect();
    wanted.sort_by(|one, other| one.path.cmp(&other.path));
    let mut found = Vec::with_capacity(wanted.len());
    for pair in wanted.windows(2) {
        if let [one, other] = pair
            && one.path == other.path
        {
            return Err(Error::Twice(one.path.clone()));
        }
    }
    for file in &wanted {
        found.push((file.path.clone(), look(root, file, owned)?));
    }
    let paths: BTreeSet<&Path> = wanted.iter().map(|file| file.path.as_path()).collect();
    let owns = paths.iter().any(|path| path.starts_with(owned));
    let orphans = if owns { orphans(root, owned, &paths, mode)? } else { Vec::new() };
    if mode == Mode::Write {
        for (file, (_, freshness)) in wanted.iter().zip(&found) {
            if *freshness != Freshness::Fresh {
                write(root, file)?;
            }
        }
        for orphan in &orphans {
            remove(root, owned, orphan)?;
        }
    }
    found.extend(orphans.into_iter().map(|path| (path, Freshness::Orphaned)));
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(found)
}

/// Replaces a file that people own, as a whole; whoever calls knows that nothing of theirs gets lost.
///
/// # Errors
/// When the path leaves `root`, something other than a file stands in its way, or the system refuses.
pub fn replace_for_people(file: &GeneratedFile, root: &Path) -> Result<(), Error> {
    look(root, file, EVERYTHING).and_then(|_| write(root, file))
}

/// What stands where `file` belongs.
fn look(root: &Path, file: &GeneratedFile, owned: &str) -> Result<Freshness, Error> {
    let plain = file.path.components().all(|part| matches!(part, Component::Normal(_)));
    if !plain || file.path.as_os_str().is_empty() {
        return Err(Error::Outside(file.path.clone()));
    }
    let path = root.join(&file.path);
    for folder in folders(&file.path) {
        match fs::symlink_metadata(root.join(folder)) {
            Ok(metadata) if metadata.is_dir() => {}
            Ok(_) => return Err(Error::NotAFolder(root.join(folder))),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Freshness::Missing),
            Err(error) => return Err(Error::Io(root.join(folder), error)),
        }
    }
    match fs::symlink_metadata(&path) {
        Ok(metadata) if metadata.is_file() => {}
        Ok(_) => return Err(Error::NotAFile(path)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Freshness::Missing),
        Err(error) => return Err(Error::Io(path, error)),
    }
    let bytes = fs::read(&path).map_err(|error| Error::Io(path.clone(), error))?;
    if bytes == file.contents.as_bytes() {
        return Ok(Freshness::Fresh);
    }
    if file.path.starts_with(owned) || is_generated(&bytes) {
        Ok(Freshness::Stale(bytes))
    } else {
        Err(Error::HandWritten(path))
    }
}

/// The folders between the root and a file, from the top; without the root.
fn folders(path: &Path) -> Vec<&Path> {
    let mut folders: Vec<&Path> = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
    folders.reverse();
    folders
}

/// Whether a file outside of what codegen owns says of itself that it was generated.
fn is_generated(bytes: &[u8]) -> bool {
    let start = bytes.get(..bytes.len().min(256)).unwrap_or_default();
    start.windows(HEADER.len()).any(|window| window == HEADER.as_bytes())
}

/// The files below `owned` that nobody wants. Temporary files that a killed run left are removed on the way.
fn orphans(root: &Path, owned: &str, wanted: &BTreeSet<&Path>, mode: Mode) -> Result<Vec<PathBuf>, Error> {
    let mut orphans = Vec::new();
    let mut pending = vec![PathBuf::from(owned)];
    while let Some(folder) = pending.pop() {
        let entries = match fs::read_dir(root.join(&folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Error::Io(root.join(folder), error)),
        };
        for entry in entries {
            let entry = entry.map_err(|error| Error::Io(root.join(&folder), error))?;
            let path = folder.join(entry.file_name());
            let kind = entry.file_type().map_err(|error| Error::Io(root.join(&path), error))?;
            if kind.is_dir() {
                pending.push(path);
            } else if entry.file_name().to_string_lossy().starts_with(TEMPORARY) {
                if mode == Mode::Write {
                    remove(root, owned, &path)?;
                }
            } else if !wanted.contains(path.as_path()) {
                orphans.push(path);
            }
        }
    }
    orphans.sort();
    Ok(orphans)
}

/// Replaces a file as a whole: readers see the old bytes or the new ones, never a part.
fn write(root: &Path, file: &GeneratedFile) -> Result<(), Error> {
    let path = root.join(&file.path);
    let folder = path.parent().unwrap_or(root);
    fs::create_dir_all(folder).map_err(|error| Error::Io(folder.to_owned(), error))?;
    let mut last = io::Error::from(io::ErrorKind::NotFound);
    for _ in 0..ATTEMPTS {
        match replace(&path, folder, file.contents.as_bytes()) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::NotFound => last = error,
            Err(error) => return Err(Error::Io(path, error)),
        }
    }
    Err(Error::Io(path, last))
}

/// Writes the bytes beside the file and renames them over it.
fn replace(path: &Path, folder: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).suffix(".tmp");
    make_ordinary(&mut builder);
    let mut temporary = builder.tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    temporary.persist(path).map(drop).map_err(|error| error.error)
}

/// Temporary files are private by default; this gives them the permissions of an ordinary file, which the system
/// narrows by the umask.
#[cfg(unix)]
fn make_ordinary(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(fs::Permissions::from_mode(0o666));
}

/// Where files have no mode, temporary files are as good as any.
#[cfg(not(unix))]
fn make_ordinary(_: &mut tempfile::Builder<'_, '_>) {}

/// Removes a file, and the folders above it that it leaves empty, up to `owned`.
fn remove(root: &Path, owned: &str, path: &Path) -> Result<(), Error> {
    match fs::remove_file(root.join(path)) {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(Error::Io(root.join(path), error)),
    }
    for folder in path.ancestors().skip(1).take_while(|folder| folder.starts_with(owned)) {
        // A folder that is not empty stays: that is the only way this ends early.
        if fs::remove_dir(root.join(folder)).is_err() {
            break;
        }
    }
    Ok(())
}
