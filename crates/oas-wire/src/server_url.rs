//! The URLs of servers.

/// The URL of a server, with values in the places of its `{variables}`: OpenAPI puts them in as they are. A variable
/// without a value stays as it is written.
///
/// ```
/// let url = oas_wire::server_url("https://{region}.example.com/{version}", &[("region", "eu"), ("version", "v2")]);
/// assert_eq!(url, "https://eu.example.com/v2");
/// ```
pub fn server_url(template: &str, values: &[(&str, &str)]) -> String {
    let mut url = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, behind)) = rest.split_once('{') {
        url.push_str(before);
        let found = behind.split_once('}').and_then(|(name, behind)| {
            let (_, value) = values.iter().find(|(variable, _)| *variable == name)?;
            Some((*value, behind))
        });
        if let Some((value, behind)) = found {
            url.push_str(value);
            rest = behind;
        } else {
            url.push('{');
            rest = behind;
        }
    }
    url.push_str(rest);
    url
}

#[cfg(test)]
mod tests {
    use super::server_url;

    #[test]
    fn values_are_put_in_once_and_what_has_none_stays() {
        assert_eq!(server_url("{a}{b}", &[("a", "{b}"), ("b", "2")]), "{b}2");
        assert_eq!(server_url("https://{a/x", &[("a", "1")]), "https://{a/x");
        assert_eq!(server_url("{{a}}/{c}", &[("a", "1")]), "{1}/{c}");
        assert_eq!(server_url("", &[]), "");
    }
}
