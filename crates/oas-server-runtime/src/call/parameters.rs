//! The parameters of a request.

use oas_wire::{Shape, integer};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::violations::{Invalid, Violations};
use crate::endpoint::Endpoint;
use crate::parameter::{self, Texts};
use crate::schemas::Compiled;
use crate::{Operation, Parameter, ServerError, Violation, violation};

/// The parameters of a request, to be read. What is wrong with them is noted in the [`Call`](super::Call).
#[derive(Debug)]
pub struct Parameters<'a> {
    endpoint: &'a Endpoint,
    texts: Texts<'a>,
    violations: &'a mut Violations,
}

impl<'a> Parameters<'a> {
    pub(super) fn new(endpoint: &'a Endpoint, texts: Texts<'a>, violations: &'a mut Violations) -> Self {
        Self { endpoint, texts, violations }
    }

    /// The parameter at `index` of [`Operation::parameters`], which is required or has a default.
    ///
    /// # Errors
    /// When it is absent or wrong, which is noted.
    pub fn required<T: DeserializeOwned>(&mut self, index: usize) -> Result<T, Invalid> {
        match self.optional(index)? {
            Some(value) => Ok(value),
            None => Err(self.missing(index)),
        }
    }

    /// The parameter at `index` of [`Operation::parameters`].
    ///
    /// # Errors
    /// When it is wrong, which is noted.
    pub fn optional<T: DeserializeOwned>(&mut self, index: usize) -> Result<Option<T>, Invalid> {
        let Some(parameter) = self.operation().parameters.get(index) else {
            return Err(self.violations.fail(ServerError::new("a parameter is not in the table of its operation")));
        };
        let compiled = self.endpoint.parameter_schema(index).map_err(|error| self.violations.fail(error))?;
        let Some(value) = self.value(parameter, compiled)? else {
            return if parameter.required { Err(self.missing(index)) } else { self.default(parameter) };
        };
        // Most values fit, and need no place to be named.
        if compiled.is_none_or(|compiled| compiled.is_valid(&value)) {
            // Numbers keep their digits until their type is known.
            let parameters = self.operation().parameters;
            let taken = |name: &str| parameters.iter().any(|other| other.name == name);
            let exact = compiled.and_then(|compiled| {
                compiled.shape.exact(&value, |shape| self.texts.value(parameter, shape, &taken).ok().flatten())
            });
            let fitting = match exact {
                Some(json) => serde_json::from_str(&json),
                None => T::deserialize(value),
            };
            if let Ok(fitting) = fitting {
                return Ok(Some(fitting));
            }
        }
        let Some(mut value) = self.value(parameter, compiled)? else { return Ok(None) };
        // What is too big a number of a union may be one of its texts.
        if let Some(compiled) = compiled.filter(|compiled| !compiled.is_valid(&value))
            && let Some(shape) = compiled.shape.as_text()
            && let Some(text) = self.value_of(parameter, &shape)?
            && compiled.is_valid(&text)
        {
            value = text;
        }
        let pointer = violation::pointer(parameter.name);
        if let Some(compiled) = compiled {
            self.violations.check(compiled, &value, parameter.location, &pointer)?;
        }
        integer::rewrite(&mut value);
        self.violations.fit(value, parameter.location, &pointer).map(Some)
    }

    /// What the text of `parameter` stands for; `None` when it is absent.
    fn value(&mut self, parameter: &Parameter, compiled: Option<&Compiled>) -> Result<Option<Value>, Invalid> {
        let none = Shape::default();
        self.value_of(parameter, compiled.map_or(&none, |compiled| &compiled.shape))
    }

    /// What the text of `parameter` stands for when it is of `shape`; `None` when it is absent.
    fn value_of(&mut self, parameter: &Parameter, shape: &Shape) -> Result<Option<Value>, Invalid> {
        let parameters = self.operation().parameters;
        let taken = |name: &str| parameters.iter().any(|other| other.name == name);
        let value = self
            .texts
            .value(parameter, shape, &taken)
            .map_err(|fault| self.violations.add(parameter::violation(fault, parameter.location, parameter.name)))?;
        let empty = |value: &Value| value.as_str().is_some_and(str::is_empty);
        Ok(value.filter(|value| !(parameter.allow_empty && empty(value) && !shape.string)))
    }

    /// The value that an absent parameter has; `None` when it has none.
    fn default<T: DeserializeOwned>(&mut self, parameter: &Parameter) -> Result<Option<T>, Invalid> {
        let Some(default) = parameter.default else { return Ok(None) };
        serde_json::from_str(default).map(Some).map_err(|error| self.violations.fail(ServerError::new(error)))
    }

    fn missing(&mut self, index: usize) -> Invalid {
        let Some(parameter) = self.operation().parameters.get(index) else {
            return self.violations.fail(ServerError::new("a parameter is not in the table of its operation"));
        };
        let pointer = violation::pointer(parameter.name);
        self.violations.add(Violation::new(parameter.location, pointer, "required", "is required"))
    }

    fn operation(&self) -> &'static Operation {
        self.endpoint.operation
    }
}
