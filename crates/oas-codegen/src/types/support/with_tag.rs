/// Writes a value together with the tag that tells what it is.
pub(crate) fn with_tag<T, S>(property: &str, tag: &str, value: &T, serializer: S) -> Result<S::Ok, S::Error>
where
    T: serde::Serialize,
    S: serde::Serializer,
{
    let mut written = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
    if let Some(members) = written.as_object_mut() {
        members.insert(property.to_owned(), serde_json::Value::String(tag.to_owned()));
    }
    serde::Serialize::serialize(&written, serializer)
}
