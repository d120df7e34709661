/// One variant of a union that nothing but its shape tells from the others.
pub(crate) struct Attempt<T> {
    /// The variant's name, for messages.
    pub(crate) variant: &'static str,
    /// Whether the variant is an object; what reads one takes a list of its members too, which is not meant here.
    pub(crate) object: bool,
    /// The members that the variant knows.
    pub(crate) members: &'static [&'static str],
    /// Members that have one value in this variant.
    pub(crate) fixed: &'static [(&'static str, &'static str)],
    /// Reads the variant.
    pub(crate) read: fn(&serde_json::Value) -> Result<T, serde_json::Error>,
}

/// Reads the variant that fits: of those whose fixed members agree with the value the one that knows most of its
/// members, and of equals the one with fewest others, or the first.
pub(crate) fn untagged<T, E: serde::de::Error>(
    union: &str,
    value: &serde_json::Value,
    attempts: &[Attempt<T>],
) -> Result<T, E> {
    let mut ordered: Vec<&Attempt<T>> = attempts.iter().collect();
    if let Some(object) = value.as_object() {
        ordered.sort_by_key(|attempt| {
            let differs = attempt.fixed.iter().any(|(member, fixed)| {
                object.get(*member).and_then(serde_json::Value::as_str).is_some_and(|text| text != *fixed)
            });
            let known = attempt.members.iter().filter(|member| object.contains_key(**member)).count();
            (differs, std::cmp::Reverse(known), attempt.members.len())
        });
    }
    let mut failures = String::new();
    for attempt in ordered {
        if attempt.object && !value.is_object() {
            failures.push_str(&format!("; {}: not an object", attempt.variant));
            continue;
        }
        match (attempt.read)(value) {
            Ok(read) => return Ok(read),
            Err(error) => failures.push_str(&format!("; {}: {error}", attempt.variant)),
        }
    }
    Err(E::custom(format_args!("no variant of `{union}` fits{failures}")))
}
