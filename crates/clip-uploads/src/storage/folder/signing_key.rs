//! The keys that sign addresses. They outlive the process, so that addresses do too.
//!
//! The file has a key per line. The first one signs; addresses that any of them signed are valid, so that a key can be
//! replaced while addresses made with it are in use.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use super::durable;
use crate::domain::secret;

const NAME: &str = "url-signing.key";

/// The keys, the one that signs first. A folder without any gets one.
pub(super) fn read(root: &Path) -> io::Result<Vec<String>> {
    match fs::read_to_string(root.join(NAME)) {
        Ok(text) => {
            let keys: Vec<_> = text.lines().map(str::to_owned).collect();
            if !keys.is_empty() && keys.iter().all(|key| key.len() == 64) {
                return Ok(keys);
            }
            Err(io::Error::new(io::ErrorKind::InvalidData, "url-signing.key is damaged; delete it"))
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let keys = vec![secret()];
            write(root, &keys)?;
            Ok(keys)
        }
        Err(error) => Err(error),
    }
}

/// Makes a new key the one that signs. With `keep_one`, addresses that the last one signed stay valid.
pub fn rotate(root: &Path, keep_one: bool) -> io::Result<()> {
    // A folder that is not there is not made: nothing would be rotated.
    fs::metadata(root.join(NAME))?;
    let mut keys = read(root)?;
    keys.truncate(usize::from(keep_one));
    keys.insert(0, secret());
    write(root, &keys)
}

fn write(root: &Path, keys: &[String]) -> io::Result<()> {
    durable::write_new(&root.join(NAME), |file| keys.iter().try_for_each(|key| writeln!(file, "{key}")))
}
