/// A response as the client hands it to the types that are told apart by their status:
/// `{"status": 401, "headers": {"name": "value"}, "body": <json>}`, or `"bytes": [..]` in place of `"body"` when the
/// body is not JSON.
#[derive(serde::Deserialize)]
pub(crate) struct Tagged {
    /// The status.
    pub(crate) status: u16,
    /// The headers. Names are compared without case.
    #[serde(default)]
    headers: std::collections::BTreeMap<String, String>,
    /// The body, when it is JSON.
    #[serde(default, deserialize_with = "there")]
    body: Option<serde_json::Value>,
    /// The body, when it is not.
    #[serde(default)]
    bytes: Option<Vec<u8>>,
}

/// Reads a body that is there, even when it is `null`.
fn there<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<serde_json::Value>, D::Error> {
    serde::Deserialize::deserialize(deserializer).map(Some)
}

#[allow(dead_code, reason = "what is used depends on the document")]
impl Tagged {
    /// The body as JSON of this type; `None` when it is not.
    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        T::deserialize(self.body.as_ref()?).ok()
    }

    /// The body as text.
    pub(crate) fn text(&self) -> Option<String> {
        String::from_utf8(self.bytes()).ok()
    }

    /// The body as it came; JSON is written anew.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match (&self.bytes, &self.body) {
            (Some(bytes), _) => bytes.clone(),
            (None, Some(body)) => body.to_string().into_bytes(),
            (None, None) => Vec::new(),
        }
    }

    /// Whether the body has the media type `essence`: the name without parameters, in lower case.
    pub(crate) fn is(&self, essence: &str) -> bool {
        let name = self.header("content-type").unwrap_or_default().split(';').next().unwrap_or_default();
        name.trim().eq_ignore_ascii_case(essence)
    }

    /// The text of a header.
    fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(one, _)| one.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// A header as a value of this type: itself, a number or the like, or a list separated by commas.
    pub(crate) fn header_as<T: serde::de::DeserializeOwned>(&self, name: &str) -> Option<T> {
        use serde_json::Value;
        let text = self.header(name)?.trim();
        let scalar = |text: &str| -> Value {
            serde_json::from_str(text).ok().filter(|value: &Value| !value.is_object()).unwrap_or(Value::from(text))
        };
        let parts = || text.split(',').map(str::trim);
        let candidates = [
            Value::from(text),
            scalar(text),
            parts().map(Value::from).collect(),
            parts().map(scalar).collect(),
        ];
        candidates.iter().find_map(|candidate| T::deserialize(candidate).ok())
    }
}
