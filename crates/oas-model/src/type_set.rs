//! The JSON types, and sets of them.

use std::fmt;

/// The JSON types (JSON Schema 2020-12, core, section 4.2.1, with `integer` of validation, section 6.1.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// `null`
    Null,
    /// `boolean`
    Boolean,
    /// `integer`: a number without a fraction.
    Integer,
    /// `number`
    Number,
    /// `string`
    String,
    /// `array`
    Array,
    /// `object`
    Object,
}

impl Type {
    /// Every type, in the order of the variants.
    pub const ALL: [Self; 7] =
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String, Self::Array, Self::Object];

    /// The word for it in a document.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }
}

/// A set of types.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct TypeSet(u8);

impl TypeSet {
    /// The set without any type.
    pub const EMPTY: Self = Self(0);

    /// Whether `one` is in the set.
    pub const fn contains(self, one: Type) -> bool {
        self.0 & (1 << one as u8) != 0
    }

    /// The set with `one` in it.
    #[must_use]
    pub const fn with(self, one: Type) -> Self {
        Self(self.0 | (1 << one as u8))
    }

    /// The set without `one`.
    #[must_use]
    pub const fn without(self, one: Type) -> Self {
        Self(self.0 & !(1 << one as u8))
    }

    /// What is in both.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether nothing is in it.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The one type in it, when there is exactly one.
    pub fn single(self) -> Option<Type> {
        let mut all = self.iter();
        all.next().filter(|_| all.next().is_none())
    }

    /// The types in it, in the order of [`Type`].
    pub fn iter(self) -> impl Iterator<Item = Type> {
        Type::ALL.into_iter().filter(move |one| self.contains(*one))
    }
}

impl FromIterator<Type> for TypeSet {
    fn from_iter<I: IntoIterator<Item = Type>>(types: I) -> Self {
        types.into_iter().fold(Self::default(), Self::with)
    }
}

impl fmt::Debug for TypeSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter().map(Type::as_str)).finish()
    }
}
