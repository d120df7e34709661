//! Parameters, and what they share with headers.

use oas_document::{Diagnostic, Location};

use super::Builder;
use super::reading::{At, Fields};
use super::slip::did_you_mean;
use crate::vocabulary::{ObjectKind, Version};
use crate::{Parameter, ParameterLocation, Payload, Schema, Style};

/// Whether two parameters are one: headers are the same in any case.
pub(super) fn is_same(left: &Parameter, right: &Parameter) -> bool {
    let is_header = left.location == ParameterLocation::Header;
    let is_name = |name: &str| if is_header { left.name.eq_ignore_ascii_case(name) } else { left.name == name };
    left.location == right.location && is_name(&right.name)
}

/// The headers that other parts of a document describe (OpenAPI 3.1.1, section 4.8.12.2).
const OTHERWISE_DESCRIBED: [(&str, &str); 3] = [
    ("Accept", "the media types of the responses say what is accepted"),
    ("Content-Type", "the media types of the request body say what is sent"),
    ("Authorization", "describe it by a security scheme"),
];

/// The styles a parameter may have, by place, the default first (OpenAPI 3.1.1, section 4.8.12.2.1).
const fn styles(location: ParameterLocation) -> &'static [Style] {
    match location {
        ParameterLocation::Path => &[Style::Simple, Style::Label, Style::Matrix],
        ParameterLocation::Query => &[Style::Form, Style::SpaceDelimited, Style::PipeDelimited, Style::DeepObject],
        ParameterLocation::Querystring => &[Style::Form],
        ParameterLocation::Header => &[Style::Simple],
        ParameterLocation::Cookie => &[Style::Form, Style::Cookie],
    }
}

/// Whether arrays and objects become several parameters when nothing is said.
const fn explodes(style: Style) -> bool {
    matches!(style, Style::Form | Style::Cookie)
}

impl<'d> Builder<'d> {
    /// Member `parameters` of a path item or an operation, without those that other parts of a document describe.
    pub(super) fn parameters(&mut self, fields: &Fields<'d>) -> Vec<Parameter> {
        let mut parameters: Vec<Parameter> = Vec::new();
        for at in self.list(fields, "parameters") {
            let place = at.location.clone();
            let Some(parameter) = self.parameter(at) else { continue };
            if let Some(first) = parameters.iter().find(|other| is_same(other, &parameter)) {
                let message = format!("parameter `{}` is described twice; the second is ignored", parameter.name);
                let finding = Diagnostic::warning("duplicate-parameter", message).hint("remove one of them");
                let finding = self.relate(finding, &first.at.clone(), "the first");
                self.report(finding, &place);
                continue;
            }
            if !self.is_otherwise_described(&parameter) {
                parameters.push(parameter);
            }
        }
        parameters
    }

    /// Whether the specification has it ignored.
    fn is_otherwise_described(&mut self, parameter: &Parameter) -> bool {
        let is_name = |(name, _): &&(&str, &str)| name.eq_ignore_ascii_case(&parameter.name);
        let is_header = parameter.location == ParameterLocation::Header;
        let Some((name, hint)) = OTHERWISE_DESCRIBED.iter().find(is_name).filter(|_| is_header) else { return false };
        let finding =
            Diagnostic::note("ignored-header", format!("parameter `{name}` in a header is ignored")).hint(*hint);
        self.report(finding, &parameter.at);
        true
    }

    /// A Parameter Object, or a reference to one.
    pub(super) fn parameter(&mut self, at: At<'d>) -> Option<Parameter> {
        let followed = self.follow(at, ObjectKind::Parameter)?;
        let fields = self.fields(followed.at, ObjectKind::Parameter)?;
        let name = self.parameter_name(&fields);
        let location = self.parameter_location(&fields);
        let (name, location) = (name?, location?);
        let style = self.style(&fields, styles(location));
        let explode = fields.get("explode").and_then(|spot| self.read_flag(spot));
        let description = self.text(&fields, "description");
        Some(Parameter {
            location,
            description: followed.description.or(description),
            required: self.parameter_required(&fields, &name, location),
            deprecated: self.flag(&fields, "deprecated"),
            allow_empty_value: self.flag(&fields, "allowEmptyValue"),
            style,
            explode: explode.unwrap_or(explodes(style)),
            allow_reserved: self.flag(&fields, "allowReserved"),
            payload: self.payload(&fields, ObjectKind::Parameter),
            examples: self.examples(&fields),
            extensions: fields.extensions(),
            name,
            at: fields.at.location,
        })
    }

    /// The parameter's `name`.
    fn parameter_name(&mut self, fields: &Fields<'d>) -> Option<String> {
        let name = self.text(fields, "name");
        if name.is_none() {
            let finding = Diagnostic::slip("missing-member", "a parameter needs `name`; it is left out")
                .hint("add the name it has on the wire");
            self.report(finding, &fields.at.location);
        }
        name
    }

    /// The parameter's `in`.
    fn parameter_location(&mut self, fields: &Fields<'d>) -> Option<ParameterLocation> {
        /// The words of the specification; `querystring` came with 3.2.
        const WORDS: [(&str, ParameterLocation); 5] = [
            ("path", ParameterLocation::Path),
            ("query", ParameterLocation::Query),
            ("querystring", ParameterLocation::Querystring),
            ("header", ParameterLocation::Header),
            ("cookie", ParameterLocation::Cookie),
        ];
        let Some(text) = self.text(fields, "in") else {
            let finding = Diagnostic::slip("missing-member", "a parameter needs `in`; it is left out")
                .hint("one of `path`, `query`, `header` and `cookie`");
            self.report(finding, &fields.at.location);
            return None;
        };
        if let Some(location) = self.location(fields, "parameter", &text, &WORDS) {
            if location == ParameterLocation::Querystring && !self.is_3_2() {
                self.report_version("`in: querystring`", Version::V3_2, &fields.at.location.child("in"));
            }
            return Some(location);
        }
        let hint = match text.as_str() {
            "body" | "formData" => "this is Swagger 2: since OpenAPI 3.0 it is written as `requestBody`".to_owned(),
            other => did_you_mean(other, WORDS.map(|(word, _)| word))
                .unwrap_or_else(|| "one of `path`, `query`, `header` and `cookie`".to_owned()),
        };
        let finding =
            Diagnostic::slip("unknown-location", format!("no parameter stands in `{text}`; it is left out")).hint(hint);
        self.report(finding, &fields.at.location.child("in"));
        None
    }

    /// What a word under `in` names of `words`. One in other cases is taken for it.
    pub(super) fn location<T: Copy>(
        &mut self,
        fields: &Fields<'d>,
        what: &str,
        text: &str,
        words: &[(&str, T)],
    ) -> Option<T> {
        let (word, location) = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text))?;
        if *word != text {
            let message = format!("no {what} stands in `{text}`; `{word}` is taken");
            let finding = Diagnostic::slip("unknown-location", message).hint("locations are written in lower case");
            self.report(finding, &fields.at.location.child("in"));
        }
        Some(*location)
    }

    /// The parameter's `required`; in a path always true.
    fn parameter_required(&mut self, fields: &Fields<'d>, name: &str, location: ParameterLocation) -> bool {
        let required = self.flag(fields, "required");
        if location != ParameterLocation::Path {
            return required;
        }
        if !required {
            let message = format!("path parameter `{name}` is not marked as required; it is taken as required");
            let finding = Diagnostic::warning("optional-path-parameter", message).hint("add `required: true`");
            self.report(finding, &fields.at.location);
        }
        true
    }

    /// The `style`, one of `allowed`, whose first is the default.
    fn style(&mut self, fields: &Fields<'d>, allowed: &[Style]) -> Style {
        let default = allowed.first().copied().unwrap_or(Style::Simple);
        self.stated_style(fields, allowed, &format!("`{}` is taken", default.as_str())).unwrap_or(default)
    }

    /// The `style`, when it is stated and one of `allowed`.
    pub(super) fn stated_style(&mut self, fields: &Fields<'d>, allowed: &[Style], instead: &str) -> Option<Style> {
        let spot = fields.get("style")?;
        let text = self.read_text(spot)?;
        let found = allowed.iter().copied().find(|style| style.as_str() == text);
        if found == Some(Style::Cookie) && !self.is_3_2() {
            self.report_version("`style: cookie`", Version::V3_2, &spot.location());
        }
        if found.is_none() {
            let words: Vec<String> = allowed.iter().map(|style| format!("`{}`", style.as_str())).collect();
            let message = format!("style `{text}` is not possible here; {instead}");
            let finding = Diagnostic::warning("unknown-style", message).hint(format!("possible: {}", words.join(", ")));
            self.report(finding, &spot.location());
        }
        found
    }

    /// What a parameter or header carries: `schema`, or the one media type of `content`.
    pub(super) fn payload(&mut self, fields: &Fields<'d>, kind: ObjectKind) -> Payload {
        let mut content = self.content(fields);
        if content.len() > 1 {
            let message =
                format!("the `content` of a {kind} has one media type, this one has several; the first is taken");
            let finding = Diagnostic::warning("several-media-types", message).hint("leave one of them");
            self.report(finding, &fields.at.location.child("content"));
        }
        if let Some(spot) = fields.get("schema") {
            if !content.is_empty() {
                let message = format!("a {kind} has `schema` or `content`, this one has both; `content` is ignored");
                let finding = Diagnostic::warning("schema-and-content", message).hint("remove one of the two");
                self.report(finding, &fields.at.location);
            }
            return Payload::Schema(self.schema(spot.at()));
        }
        if content.is_empty() {
            return Payload::Schema(self.missing_schema(fields, kind));
        }
        Payload::Content(Box::new(content.swap_remove(0)))
    }

    /// The schema of a parameter or header that states none.
    fn missing_schema(&mut self, fields: &Fields<'d>, kind: ObjectKind) -> crate::SchemaId {
        let is_swagger = fields.at.node.get("type").is_some();
        let hint = if is_swagger { "move `type` and what belongs to it under `schema`" } else { "add `schema`" };
        let message = format!("a {kind} needs `schema` or `content`; any value will do");
        self.report(Diagnostic::warning("missing-member", message).hint(hint), &fields.at.location);
        self.anything(&fields.at.location)
    }

    /// A schema of no place of its own that says nothing.
    pub(super) fn anything(&mut self, at: &Location) -> crate::SchemaId {
        self.make(Schema::anything(at.clone()))
    }

    /// Whether the document knows OpenAPI 3.2's words.
    pub(super) fn is_3_2(&self) -> bool {
        self.version >= Version::V3_2
    }
}
