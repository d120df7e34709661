//! What a person typed, as the parameters and body of an operation.

use std::collections::BTreeMap;
use std::io::Read;

use clap::ArgMatches;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::command::{DATA, JSON};
use crate::{Argument, Body, Failure, Operation, Target, ValueKind};

/// The parameters and body of one call.
#[derive(Debug, Default)]
pub struct Input {
    parameters: BTreeMap<&'static str, Value>,
    json: Option<Value>,
    raw: Option<Vec<u8>>,
}

impl Input {
    /// Reads what was typed for `operation`. Standard input is read when the body is `-`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when a value is not what its argument takes, or a file cannot be read.
    pub fn read(operation: &Operation, matches: &ArgMatches) -> Result<Self, Failure> {
        let mut input = Self::default();
        let mut members = Map::new();
        for argument in operation.arguments {
            let Some(value) = value(argument, matches)? else { continue };
            match argument.target {
                Target::Parameter(ident) => drop(input.parameters.insert(ident, value)),
                Target::Member(name) => drop(members.insert(name.to_owned(), value)),
            }
        }
        match operation.body {
            Body::None => {}
            Body::Json { required } => input.json = json_body(matches, members, required)?,
            Body::Raw { .. } => input.raw = matches.get_one::<String>(DATA).map(|file| read_file(file)).transpose()?,
        }
        Ok(input)
    }

    /// The parameter `ident`, when it was given.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the value does not fit the parameter's type.
    pub fn parameter<T: DeserializeOwned>(&mut self, ident: &str) -> Result<Option<T>, Failure> {
        self.parameters.remove(ident).map(|value| fit(value, &format!("--{}", ident.replace('_', "-")))).transpose()
    }

    /// The JSON body, when there is one.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the value does not fit the body's type.
    pub fn json<T: DeserializeOwned>(&mut self) -> Result<Option<T>, Failure> {
        self.json.take().map(|value| fit(value, "the body")).transpose()
    }

    /// The body of text or bytes, when there is one.
    pub fn raw(&mut self) -> Option<Vec<u8>> {
        self.raw.take()
    }
}

/// The value as the type that the client takes.
fn fit<T: DeserializeOwned>(value: Value, what: &str) -> Result<T, Failure> {
    serde_json::from_value(value).map_err(|error| Failure::Usage(format!("{what} is not what the API takes: {error}")))
}

/// The value of one argument, when it was given.
fn value(argument: &Argument, matches: &ArgMatches) -> Result<Option<Value>, Failure> {
    let Some(texts) = matches.get_many::<String>(argument.flag) else { return Ok(None) };
    let mut texts = texts.map(String::as_str);
    let one = |text: Option<&str>| text.map(|text| scalar(argument, argument.value, text)).transpose();
    match argument.value {
        ValueKind::TextList => Ok(Some(texts.map(Value::from).collect())),
        ValueKind::IntegerList => {
            let all: Result<Vec<Value>, Failure> =
                texts.map(|text| scalar(argument, ValueKind::Integer, text)).collect();
            all.map(|all| Some(Value::Array(all)))
        }
        _ => one(texts.next()),
    }
}

/// One text as the JSON value that it stands for.
fn scalar(argument: &Argument, kind: ValueKind, text: &str) -> Result<Value, Failure> {
    let wrong = |wanted: &str| Failure::Usage(format!("--{}: `{text}` is not {wanted}", argument.flag));
    match kind {
        ValueKind::Integer => text
            .parse::<i64>()
            .map(Value::from)
            .or_else(|_| text.parse::<u64>().map(Value::from))
            .map_err(|_| wrong("an integer")),
        ValueKind::Number => text
            .parse::<f64>()
            .ok()
            .and_then(serde_json::Number::from_f64)
            .map(Value::Number)
            .ok_or_else(|| wrong("a number")),
        ValueKind::Boolean => text.parse::<bool>().map(Value::from).map_err(|_| wrong("true or false")),
        ValueKind::Json => serde_json::from_str(text)
            .map_err(|error| Failure::Usage(format!("--{}: not JSON: {error}", argument.flag))),
        ValueKind::Text | ValueKind::Choice(_) | ValueKind::TextList | ValueKind::IntegerList => Ok(Value::from(text)),
    }
}

/// The body: what `--json` says, with the members that have flags of their own.
fn json_body(matches: &ArgMatches, members: Map<String, Value>, required: bool) -> Result<Option<Value>, Failure> {
    let Some(text) = matches.get_one::<String>(JSON) else {
        return Ok((required || !members.is_empty()).then_some(Value::Object(members)));
    };
    let bytes = match text.strip_prefix('@') {
        Some(file) => read_file(file)?,
        None if text == "-" => read_file("-")?,
        None => text.clone().into_bytes(),
    };
    let whole: Value =
        serde_json::from_slice(&bytes).map_err(|error| Failure::Usage(format!("--json: not JSON: {error}")))?;
    if members.is_empty() {
        return Ok(Some(whole));
    }
    let Value::Object(mut whole) = whole else {
        return Err(Failure::Usage("--json: only an object can be combined with flags".to_owned()));
    };
    whole.extend(members);
    Ok(Some(Value::Object(whole)))
}

/// The bytes of a file, or of standard input for `-`.
fn read_file(file: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = if file == "-" { std::io::stdin().read_to_end(&mut bytes).map(|_| bytes) } else { std::fs::read(file) };
    read.map_err(|error| Failure::Usage(format!("{file}: {error}")))
}
