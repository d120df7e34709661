//! What a person typed, as the parameters and body of an operation.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::Path;

use clap::ArgMatches;
use oas_client_runtime::Part;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::command::{ALL, DATA, JSON};
use crate::{Argument, Body, Failure, Operation, Target, ValueKind};

/// The parameters and body of one call.
#[derive(Debug, Default)]
pub struct Input {
    parameters: BTreeMap<&'static str, Value>,
    members: Map<String, Value>,
    json: Option<Value>,
    raw: Option<Vec<u8>>,
    files: BTreeMap<&'static str, Vec<Part>>,
    all: Option<usize>,
}

impl Input {
    /// Reads what was typed for `operation`. Standard input is read when the body is `-`.
    ///
    /// # Errors
    /// [`Failure::Usage`] when a value is not what its argument takes, or a file cannot be read.
    pub fn read(operation: &Operation, matches: &ArgMatches) -> Result<Self, Failure> {
        let all = operation.has_pages.then(|| matches.get_one::<usize>(ALL).copied()).flatten();
        let mut input = Self { all, ..Self::default() };
        let mut members = Map::new();
        for argument in operation.arguments {
            if let (Target::Member(name), ValueKind::File | ValueKind::FileList) = (argument.target, argument.value) {
                input.files.insert(name, files(argument, matches)?);
                continue;
            }
            let Some(value) = value(argument, matches)? else { continue };
            match argument.target {
                Target::Parameter(ident) => drop(input.parameters.insert(ident, value)),
                Target::Member(name) => drop(members.insert(name.to_owned(), value)),
            }
        }
        match operation.body {
            Body::None => {}
            Body::Parts => input.members = members,
            Body::Json { required } => input.json = json_body(matches, members, required)?,
            Body::Raw { .. } => input.raw = matches.get_one::<String>(DATA).map(|file| read_file(file)).transpose()?,
        }
        Ok(input)
    }

    /// How many items of all pages are wanted at the most; `None` when one page is enough.
    pub fn all(&self) -> Option<usize> {
        self.all
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

    /// The body of bytes, when there is one.
    pub fn raw(&mut self) -> Option<Vec<u8>> {
        self.raw.take()
    }

    /// The body of text, when there is one.
    ///
    /// # Errors
    /// [`Failure::Usage`] when it is no text.
    pub fn text(&mut self) -> Result<Option<String>, Failure> {
        let text = self.raw.take().map(String::from_utf8).transpose();
        text.map_err(|_| Failure::Usage("--data: this body is a text, and the file is not UTF-8".to_owned()))
    }

    /// The part `name`, when it was given as a value.
    ///
    /// # Errors
    /// [`Failure::Usage`] when the value does not fit the part's type.
    pub fn member<T: DeserializeOwned>(&mut self, name: &str) -> Result<Option<T>, Failure> {
        self.members.remove(name).map(|value| fit(value, &format!("the part {name}"))).transpose()
    }

    /// The parts `name` that were given as files, with their names.
    pub fn files(&mut self, name: &str) -> Vec<Part> {
        self.files.remove(name).unwrap_or_default()
    }
}

/// The files that an argument names, as parts of a body.
fn files(argument: &Argument, matches: &ArgMatches) -> Result<Vec<Part>, Failure> {
    let paths = matches.get_many::<String>(argument.flag).into_iter().flatten();
    let part = |path: &String| {
        let part = Part::from(read_file(path)?);
        Ok(match Path::new(path).file_name().filter(|_| path != "-") {
            Some(name) => part.file_name(name.to_string_lossy()),
            None => part,
        })
    };
    paths.map(part).collect()
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
        ValueKind::TextList | ValueKind::FileList => Ok(Some(texts.map(Value::from).collect())),
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
        ValueKind::TextOrJson if text.trim_start().starts_with(['[', '{', '"']) => {
            // What only looks like JSON is a text.
            Ok(serde_json::from_str(text).unwrap_or_else(|_| Value::from(text)))
        }
        ValueKind::Json => serde_json::from_str(text)
            .map_err(|error| Failure::Usage(format!("--{}: not JSON: {error}", argument.flag))),
        ValueKind::Text
        | ValueKind::TextOrJson
        | ValueKind::Choice(_)
        | ValueKind::TextList
        | ValueKind::IntegerList
        | ValueKind::File
        | ValueKind::FileList => Ok(Value::from(text)),
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
