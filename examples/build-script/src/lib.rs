//! Types of a weather service, made from its document while this package is built.

include!(concat!(env!("OUT_DIR"), "/types.rs"));

#[cfg(test)]
mod tests {
    use super::Forecast;

    #[test]
    fn types_are_there() {
        let text = r#"{"place":"Oslo","degrees":-3.5}"#;
        let forecast: Forecast = serde_json::from_str(text).expect("a forecast");
        assert_eq!(forecast.place, "Oslo");
        assert_eq!(serde_json::to_string(&forecast).expect("JSON"), text);
    }
}
