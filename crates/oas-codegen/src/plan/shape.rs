//! From facets to shape: what kind of Rust type holds the values of a schema.

use oas_model::{AdditionalItems, Discriminator, Schema, SchemaId, Type, TypeSet};
use serde_json::Value;

use super::facets::{Choice, Conjunction, Facets, Part, has_shape};
use super::key::KeyPath;
use super::planner::Planner;
use super::{Format, Integer, RustType};

/// What kind of Rust type holds the values of a schema, `null` aside.
#[derive(Debug)]
pub(super) enum Shape {
    /// A type without parts.
    Scalar(RustType),
    /// The same as these parts.
    Same(Conjunction),
    /// A list.
    List(Conjunction),
    /// A list of this many items, each with its own type.
    Tuple(Vec<SchemaId>),
    /// A map from any name to values of one type.
    Map(Conjunction),
    /// A list or a map, or a value of any other type: the schema names none.
    OrOther(Box<Shape>),
    /// An object with members of its own.
    Object(Box<Facets>),
    /// One of these strings.
    Strings(Vec<String>),
    /// One of these integers.
    Integers(Vec<i128>),
    /// One of several shapes.
    Union(Vec<Conjunction>, Option<Discriminator>),
    /// Nothing that a Rust type can hold but a JSON value.
    Inexpressible(Reason),
}

/// Why a schema became a JSON value.
#[derive(Debug)]
pub(super) struct Reason {
    pub(super) code: &'static str,
    pub(super) message: String,
    pub(super) hint: &'static str,
}

/// How deep choices may stand in choices.
const DEEPEST_CHOICE: usize = 24;

impl Planner<'_> {
    /// The shape of what satisfies `conjunction`, of which the type at `path` is made.
    pub(super) fn shape(&mut self, conjunction: &[Part], path: &KeyPath) -> Shape {
        self.shape_within(conjunction, Some(path), DEEPEST_CHOICE)
    }

    fn shape_within(&mut self, conjunction: &[Part], path: Option<&KeyPath>, deeper: usize) -> Shape {
        if let Some(shape) = self.children_shape(conjunction) {
            return shape;
        }
        let mut facets = Facets::of(self.api, conjunction);
        facets.close(self.api);
        if let Some(id) = facets.cycle {
            let at = self.api.schemas[id].at.clone();
            let message = "`allOf` leads back to the schema it stands in; that branch is left out";
            self.warn("cyclic-all-of", &at, message, "a schema cannot be a part of itself; name the part it means");
        }
        if facets.is_never {
            return Shape::Scalar(RustType::Json);
        }
        self.told_values(&facets);
        if let Some(values) = &facets.values {
            return values_shape(values, facets.null);
        }
        if !facets.choices.is_empty()
            && let Some(shape) = self.choice_shape(&facets, path, deeper)
        {
            return shape;
        }
        self.typed_shape(facets)
    }

    /// Says that `enum` or `const` lists nothing of the type beside it.
    fn told_values(&mut self, facets: &Facets) {
        if !facets.has_unfit_values {
            return;
        }
        let lists = |id: &&SchemaId| {
            let schema = &self.api.schemas[**id];
            schema.enumeration.is_some() || schema.constant.is_some()
        };
        let Some(at) = facets.parts.iter().find(lists).map(|id| self.api.schemas[*id].at.clone()) else { return };
        let message =
            "no value that `enum` or `const` lists is of the `type` that stands beside it; the values are believed";
        let hint = "no value satisfies both; correct the type, or put quotes around texts that look like numbers";
        self.warn("unfit-values", &at, message, hint);
    }

    /// The shape of schemas whose types decide it.
    fn typed_shape(&mut self, facets: Facets) -> Shape {
        let Some(types) = facets.types else {
            let is_object = facets.describes_object() || !facets.required.is_empty() || facets.is_parent;
            return or_other(match (is_object, facets.describes_array()) {
                (true, _) => self.object_shape(facets),
                (false, true) => self.array_shape(&facets),
                (false, false) => Shape::Scalar(RustType::Json),
            });
        };
        let types = if types.contains(Type::Number) { types.without(Type::Integer) } else { types };
        match types.single() {
            Some(Type::Object) => self.object_shape(facets),
            Some(Type::Array) => self.array_shape(&facets),
            Some(Type::String) => Shape::Scalar(string_type(&facets)),
            Some(Type::Integer) => Shape::Scalar(integer_type(&facets)),
            Some(Type::Number) => Shape::Scalar(number_type(&facets)),
            Some(Type::Boolean) => Shape::Scalar(RustType::Bool),
            Some(Type::Null) => Shape::Scalar(RustType::Null),
            None if types.is_empty() && facets.null == Some(true) => Shape::Scalar(RustType::Null),
            None if types.is_empty() => Shape::Inexpressible(contradiction("no type is left")),
            None if is_every_type(types) => Shape::Scalar(RustType::Json),
            None => {
                let branch = |one| facets.own_parts().into_iter().chain([Part::Only(one)]).collect();
                Shape::Union(types.iter().map(branch).collect(), None)
            }
        }
    }

    fn object_shape(&mut self, facets: Facets) -> Shape {
        let has_members = !facets.properties.is_empty() || !facets.conditional.is_empty();
        if has_members || !facets.required.is_empty() || facets.is_parent {
            return Shape::Object(Box::new(facets));
        }
        match self.rest_of(&facets) {
            None if facets.is_closed => Shape::Object(Box::new(facets)),
            None => Shape::Scalar(RustType::JsonObject),
            Some(conjunction) if conjunction.is_empty() => Shape::Scalar(RustType::JsonObject),
            Some(conjunction) => Shape::Map(conjunction),
        }
    }

    /// What members without a property of their own have to satisfy; empty when anything will do, `None` when the
    /// document does not speak of them.
    pub(super) fn rest_of(&mut self, facets: &Facets) -> Option<Conjunction> {
        match (facets.additional.as_slice(), facets.patterned.as_slice()) {
            ([], []) => None,
            // Without a word on the others, a name that matches no pattern may have any value.
            ([], [only]) if facets.is_closed => Some(vec![Part::Whole(*only)]),
            ([], [_]) => Some(Vec::new()),
            (all, []) => Some(all.iter().filter(|id| self.says_something(**id)).map(|id| Part::Whole(*id)).collect()),
            (_, _) => {
                if let Some(id) = facets.parts.iter().find(|id| !self.api.schemas[**id].pattern_properties.is_empty()) {
                    let at = self.api.schemas[*id].at.clone();
                    let message = "several `patternProperties` became one map of JSON values";
                    self.note(
                        "pattern-properties",
                        &at,
                        message,
                        "the server still holds each member against its own schema",
                    );
                }
                Some(Vec::new())
            }
        }
    }

    fn says_something(&self, id: SchemaId) -> bool {
        let schema = &self.api.schemas[self.api.schemas.resolve(id)];
        schema.reference.is_some() || has_shape(schema)
    }

    fn array_shape(&mut self, facets: &Facets) -> Shape {
        let count = facets.prefix.len();
        if count == 0 {
            return Shape::List(facets.items.iter().map(|id| Part::Whole(*id)).collect());
        }
        let length = u64::try_from(count).unwrap_or(u64::MAX);
        let no_more = facets.no_more_items || facets.max_items.is_some_and(|most| most <= length);
        let no_less = facets.min_items.is_some_and(|least| least >= length);
        // The standard library implements its traits for tuples of up to twelve.
        if no_more && no_less && count <= 12 {
            return Shape::Tuple(facets.prefix.clone());
        }
        if let Some(id) = facets.parts.iter().find(|id| !self.api.schemas[**id].prefix_items.is_empty()) {
            let at = self.api.schemas[*id].at.clone();
            let message = format!("`prefixItems` with {count} schemas became a list of JSON values");
            let hint = "`minItems` beside `items: false` makes it a tuple; twelve items are the most";
            self.warn("prefix-items", &at, message, hint);
        }
        Shape::List(Vec::new())
    }

    /// The shape of a schema with `anyOf` or `oneOf`; `None` when they merely constrain what the rest describes.
    fn choice_shape(&mut self, facets: &Facets, path: Option<&KeyPath>, deeper: usize) -> Option<Shape> {
        let Some(deeper) = deeper.checked_sub(1) else { return Some(Shape::Scalar(RustType::Json)) };
        let mut base: Conjunction = facets.own_parts().into_iter().filter(|part| self.is_shaping(*part)).collect();
        let mut open: Option<(&Choice, Vec<SchemaId>)> = None;
        let mut says_null = false;
        for choice in self.choices_in_order(facets, path) {
            let branches: Vec<SchemaId> = choice.branches.iter().copied().filter(|id| !self.is_null(*id)).collect();
            says_null |= branches.len() < choice.branches.len();
            if let [only] = branches.as_slice() {
                base.push(Part::Whole(*only));
            } else if branches.iter().any(|id| self.is_shaping(Part::Whole(*id))) && open.is_none() {
                open = Some((choice, branches));
            } else if branches.iter().all(|id| Facets::of(self.api, &[Part::Whole(*id)]).describes_object()) {
                // Objects can be of several choices at once: what others describe are members that may be there.
                base.extend(branches.iter().map(|id| Part::Members(*id)));
            } else if branches.iter().any(|id| self.is_shaping(Part::Whole(*id))) {
                let at = self.api.schemas[choice.owner].at.clone();
                let message = "of several `anyOf` and `oneOf` that hold together, the type follows another alone";
                self.warn("several-choices", &at, message, "list the combinations as branches of one `oneOf`");
            }
        }
        let Some((choice, branches)) = open else {
            let is_all_null = says_null && base.is_empty();
            return match base.as_slice() {
                [] if is_all_null => Some(Shape::Scalar(RustType::Null)),
                [] => None,
                _ if base.iter().any(|part| matches!(part, Part::Whole(_))) => Some(Shape::Same(base)),
                _ => None,
            };
        };
        let mut conjunctions: Vec<Conjunction> = Vec::with_capacity(branches.len());
        let mut seen = std::collections::BTreeSet::new();
        for branch in branches {
            let conjunction = self.branch(&base, branch);
            let reduced = self.reduced(&conjunction);
            if seen.insert(reduced.clone()) {
                conjunctions.push(reduced);
            }
        }
        Some(self.collapsed(conjunctions, choice.discriminator.clone(), deeper))
    }

    /// The choices in an order that does not depend on where they stand: the first is the one that the type follows.
    /// That is the one which it followed before, as the lock knows. What objects alone are chosen from comes last,
    /// since their members can be there beside anything.
    fn choices_in_order<'f>(&self, facets: &'f Facets, path: Option<&KeyPath>) -> Vec<&'f Choice> {
        let mut choices: Vec<&Choice> = facets.choices.iter().collect();
        if choices.len() > 1 {
            choices.sort_by_cached_key(|choice| {
                let is_object = |id: &SchemaId| Facets::of(self.api, &[Part::Whole(*id)]).describes_object();
                let only_objects = choice.branches.iter().all(is_object);
                let key = |id: &SchemaId| self.branch_alone(self.api.schemas.resolve(*id)).key;
                let mut keys: Vec<String> = choice.branches.iter().map(key).collect();
                keys.sort();
                let is_locked = |key: &String| {
                    path.is_some_and(|path| self.names.register.locked(&path.variant_key(key)).is_some())
                };
                (!keys.iter().any(is_locked), only_objects, choice.discriminator.is_none(), keys)
            });
        }
        choices
    }

    /// A branch together with what stands beside the choice, unless the branch says that itself.
    fn branch(&self, base: &[Part], branch: SchemaId) -> Conjunction {
        let own = Facets::of(self.api, &[Part::Whole(branch)]);
        let is_said = |part: &Part| match part {
            Part::Own(id) => {
                let schema = &self.api.schemas[*id];
                let adds_members = schema.properties.keys().any(|name| !own.properties.contains_key(name))
                    || schema.required.iter().any(|name| !own.required.contains(name))
                    || (schema.additional_properties.schema().is_some()
                        && own.describes_object()
                        && own.additional.is_empty());
                let adds_type =
                    own.types.is_none() && own.values.is_none() && own.choices.is_empty() && !own.describes_object();
                !(adds_members || adds_type && schema.types.is_some())
            }
            Part::Whole(_) | Part::Only(_) | Part::Members(_) | Part::Children(_) => false,
        };
        base.iter().copied().filter(|part| !is_said(part)).chain([Part::Whole(branch)]).collect()
    }

    /// Unions that a simpler type holds as well.
    fn collapsed(
        &mut self,
        mut branches: Vec<Conjunction>,
        discriminator: Option<Discriminator>,
        deeper: usize,
    ) -> Shape {
        if let [_] = branches.as_slice() {
            return Shape::Same(branches.remove(0));
        }
        let shapes: Vec<Option<Shape>> = branches.iter().map(|branch| self.simple_shape(branch, deeper)).collect();
        if shapes.iter().any(|shape| matches!(shape, Some(Shape::Scalar(RustType::Json)))) {
            return Shape::Scalar(RustType::Json);
        }
        let all = |holds: &dyn Fn(&Shape) -> bool| shapes.iter().all(|shape| shape.as_ref().is_some_and(holds));
        let is_text = |shape: &Shape| {
            matches!(shape, Shape::Scalar(RustType::String | RustType::Formatted(_)) | Shape::Strings(_))
        };
        if all(&is_text) {
            return text_union(branches, shapes);
        }
        if all(&|shape| matches!(shape, Shape::Integers(_))) {
            return Shape::Integers(merged(shapes.into_iter().flatten().filter_map(|shape| match shape {
                Shape::Integers(values) => Some(values),
                _ => None,
            })));
        }
        if all(&|shape| is_number(shape)) {
            let mut types = shapes.iter().flatten().map(|shape| match shape {
                Shape::Scalar(ty) => ty,
                _ => &RustType::Integer(Integer::I64),
            });
            let first = types.next().cloned().unwrap_or(RustType::F64);
            let others: Vec<&RustType> = types.filter(|ty| **ty != first).collect();
            // No float holds all integers of 64 bits.
            let is_wide = |ty: &RustType| match ty {
                RustType::Integer(integer) => integer.is_wide(),
                ty => *ty == RustType::Number,
            };
            let any_wide = is_wide(&first) || others.iter().any(|ty| is_wide(ty));
            return Shape::Scalar(match (others.is_empty(), any_wide) {
                (true, _) => first,
                (false, true) => RustType::Number,
                (false, false) => RustType::F64,
            });
        }
        if all(&|shape| matches!(shape, Shape::Scalar(RustType::Bool))) {
            return Shape::Scalar(RustType::Bool);
        }
        Shape::Union(branches, discriminator)
    }

    /// The shape of a branch that may make a union simpler; `None` for components, which keep their names, except
    /// that strings are told from the rest.
    fn simple_shape(&mut self, branch: &[Part], deeper: usize) -> Option<Shape> {
        if let [Part::Whole(id)] = branch
            && self.api.schemas[*id].component.is_some()
        {
            let facets = Facets::of(self.api, branch);
            let values = facets.values.as_deref().filter(|values| values.iter().all(Value::is_string));
            return values.map(|values| values_shape(values, facets.null));
        }
        Some(self.shape_within(branch, None, deeper))
    }

    /// Whether a part decides anything about the Rust type.
    fn is_shaping(&self, part: Part) -> bool {
        match part {
            Part::Whole(id) | Part::Own(id) => {
                let schema = &self.api.schemas[id];
                let merely_requires =
                    !schema.required.is_empty() && !has_shape(&Schema { required: Vec::new(), ..schema.clone() });
                match part {
                    Part::Whole(_) => schema.reference.is_some() || (has_shape(schema) && !merely_requires),
                    _ => own_shape(schema),
                }
            }
            Part::Only(_) | Part::Members(_) | Part::Children(_) => true,
        }
    }

    /// Whether a schema allows `null` and nothing else.
    pub(super) fn is_null(&self, id: SchemaId) -> bool {
        let schema = &self.api.schemas[self.api.schemas.resolve(id)];
        let by_type = schema.types == Some(TypeSet::default().with(Type::Null));
        let by_value = schema.constant == Some(Value::Null)
            || schema
                .enumeration
                .as_deref()
                .is_some_and(|values| !values.is_empty() && values.iter().all(Value::is_null));
        by_type || by_value
    }
}

/// Whether a schema says something about the Rust type without its references and combinations.
fn own_shape(schema: &Schema) -> bool {
    schema.types.is_some()
        || schema.boolean == Some(false)
        || schema.enumeration.is_some()
        || schema.constant.is_some()
        || !schema.properties.is_empty()
        || !schema.required.is_empty()
        || schema.additional_properties != AdditionalItems::Unstated
        || !schema.pattern_properties.is_empty()
        || schema.items != AdditionalItems::Unstated
        || !schema.prefix_items.is_empty()
        || schema.consequence.is_some()
        || schema.alternative.is_some()
        || !schema.dependent_schemas.is_empty()
}

/// The shape of several strings of which some are listed: one enum, which keeps other strings too.
fn text_union(mut branches: Vec<Conjunction>, shapes: Vec<Option<Shape>>) -> Shape {
    let listed: Vec<usize> = shapes
        .iter()
        .enumerate()
        .filter(|(_, shape)| matches!(shape, Some(Shape::Strings(_))))
        .map(|(at, _)| at)
        .collect();
    match listed.as_slice() {
        [] => {
            let mut types = shapes.into_iter().flatten().filter_map(|shape| match shape {
                Shape::Scalar(ty) => Some(ty),
                _ => None,
            });
            let first = types.next().unwrap_or(RustType::String);
            let same = types.all(|ty| ty == first);
            Shape::Scalar(if same { first } else { RustType::String })
        }
        [only] => Shape::Same(branches.swap_remove(*only)),
        _ => Shape::Strings(merged(shapes.into_iter().flatten().filter_map(|shape| match shape {
            Shape::Strings(values) => Some(values),
            _ => None,
        }))),
    }
}

/// Every value once, in order.
fn merged<T: Clone + std::hash::Hash + Eq>(lists: impl Iterator<Item = Vec<T>>) -> Vec<T> {
    lists.flatten().collect::<indexmap::IndexSet<T>>().into_iter().collect()
}

fn is_number(shape: &Shape) -> bool {
    use RustType::{F64, Integer, Number};
    matches!(shape, Shape::Scalar(F64 | Integer(_) | Number) | Shape::Integers(_))
}

/// The shape of a schema that describes lists or objects and names no type: keywords of one type say nothing of values
/// of the others. Objects with members of their own keep such values themselves.
fn or_other(shape: Shape) -> Shape {
    match shape {
        Shape::List(items) if items.is_empty() => Shape::Scalar(RustType::Json),
        Shape::Map(values) if values.is_empty() => Shape::Scalar(RustType::Json),
        Shape::Scalar(RustType::JsonObject) | Shape::Tuple(_) => Shape::Scalar(RustType::Json),
        list_or_map @ (Shape::List(_) | Shape::Map(_)) => Shape::OrOther(Box::new(list_or_map)),
        other => other,
    }
}

/// Whether a set has every type that is not `null`.
fn is_every_type(types: TypeSet) -> bool {
    [Type::Boolean, Type::Number, Type::String, Type::Array, Type::Object].into_iter().all(|one| types.contains(one))
}

/// The shape of `enum` and `const`.
fn values_shape(values: &[Value], null: Option<bool>) -> Shape {
    if values.is_empty() {
        return match null {
            Some(true) => Shape::Scalar(RustType::Null),
            _ => Shape::Inexpressible(contradiction("no value is left")),
        };
    }
    if let Some(strings) = all_of(values, |value| value.as_str().map(str::to_owned)) {
        return Shape::Strings(strings);
    }
    if let Some(integers) = all_of(values, integer_of) {
        return Shape::Integers(integers);
    }
    if values.iter().all(Value::is_boolean) {
        return Shape::Scalar(RustType::Bool);
    }
    if values.iter().all(Value::is_number) {
        return Shape::Scalar(RustType::F64);
    }
    Shape::Inexpressible(Reason {
        code: "mixed-enum",
        message: "`enum` with values of several types became a JSON value".to_owned(),
        hint: "give each type an enum of its own, as branches of `oneOf`",
    })
}

/// The integer that a value is, whatever its spelling: `1.0` is one.
fn integer_of(value: &Value) -> Option<i128> {
    let number = value.as_number()?;
    number.as_i128().or_else(|| {
        let float = number.as_f64().filter(|float| float.fract() == 0.0 && float.abs() < 9_007_199_254_740_992.0)?;
        #[allow(clippy::cast_possible_truncation, reason = "a float without a fraction, in the range of exact ones")]
        Some(float as i128)
    })
}

fn all_of<T>(values: &[Value], read: impl Fn(&Value) -> Option<T>) -> Option<Vec<T>> {
    values.iter().map(read).collect()
}

fn contradiction(what: &str) -> Reason {
    Reason {
        code: "contradiction",
        message: format!("the schemas that hold together here contradict each other: {what}; it became a JSON value"),
        hint: "no value satisfies all of them; look at `allOf` and what stands beside it",
    }
}

/// The type of a string, by its format.
fn string_type(facets: &Facets) -> RustType {
    facets.format.as_deref().and_then(Format::named).map_or(RustType::String, RustType::Formatted)
}

/// The type of an integer, by its format and bounds.
fn integer_type(facets: &Facets) -> RustType {
    let beyond = |bound: &Option<oas_model::Bound>| {
        bound.as_ref().is_some_and(|bound| bound.value.as_i64().is_none() && bound.value.as_u64().is_some())
    };
    let named = facets.format.as_deref().and_then(Integer::named);
    let is_wider = beyond(&facets.maximum) || beyond(&facets.minimum);
    RustType::Integer(named.unwrap_or(if is_wider { Integer::U64 } else { Integer::I64 }))
}

/// The type of a number. `format: float` is no reason to lose digits: what is written like that often has more.
fn number_type(facets: &Facets) -> RustType {
    match facets.format.as_deref() {
        Some("decimal" | "decimal128") => RustType::Number,
        _ => RustType::F64,
    }
}
