//! Rules about schemas.

use super::entry::rules;

/// The keywords that refuse a value of another type.
const TYPES: &[&str] = &["type", "enum", "const", "falseSchema", "anyOf", "oneOf"];

/// The keywords that refuse `null`.
const NULL: &[&str] = &["type", "enum", "const", "anyOf", "oneOf"];

/// The keywords that refuse a value that is not listed.
const VALUES: &[&str] = &["enum", "const", "type", "anyOf", "oneOf"];

/// The keywords that refuse an object for a member that is not there, or may not be.
const PRESENCE: &[&str] = &["required", "additionalProperties", "unevaluatedProperties", "falseSchema"];

/// The keywords that refuse an object for a member that is not described.
const OTHERS: &[&str] = &["additionalProperties", "unevaluatedProperties", "falseSchema"];

rules! { Schema;
    // Types.
    TYPE_NARROWED "type-narrowed" Narrows Derived by Keywords(TYPES)
        "fewer types are allowed" "{subject} was {before}, and is {after} now"
        "A value of a type that is no longer allowed is refused.";
    TYPE_WIDENED "type-widened" Widens Derived by Keywords(TYPES)
        "more types are allowed" "{subject} was {before}, and may be {after} now"
        "A reader that was written for the old types meets a value it cannot hold.";
    TYPE_CHANGED "type-changed" Both Derived by Keywords(TYPES)
        "the type is another one" "{subject} was {before}, and is {after} now"
        "No value of the old type is one of the new type.";
    TYPE_RESPELLED "type-respelled" None Cosmetic by Keywords(TYPES)
        "the type is written in another way" "{subject} was {before}, and is {after} now, which is the same text on the wire"
        "Where values are text, a number and the text of it are the same.";
    SCHEMA_RESPELLED "schema-respelled" None Cosmetic
        "the same values are described in another way" "{subject} is described in another way, and the same values are valid"
        "A comparison of the schemas as wholes shows that nothing changes on the wire.";
    REFERENCE_CHANGED "reference-changed" Unknown Derived [Whole]
        "a reference points to another component" "{subject} is {after} now, where it was {before}"
        "The two components differ. What that does is listed below.";
    BECAME_NULLABLE "became-nullable" Widens Derived by Keywords(NULL)
        "null became possible" "{subject} may be null now"
        "A reader that does not expect `null` fails on it.";
    BECAME_NOT_NULLABLE "became-not-nullable" Narrows Derived by Keywords(NULL)
        "null is no longer possible" "{subject} may not be null any more"
        "A writer that sends `null` is refused.";
    NULL_UNDECIDED "null-undecided" Unknown Review
        "null beside a list without it came or went" "{subject} is `nullable` on one side alone, beside a list of values without null"
        "Some readers take null there, and others refuse it: by the list it was never valid.";
    BECAME_LIST "became-list" Widens Derived [Meaning]
        "a field of a form may be repeated" "{subject} was one value, and may be several now"
        "Each value is written by itself, so that one value is a list of one; an old server reads only one of several.";
    BECAME_SINGLE "became-single" Narrows Derived [Meaning]
        "a field of a form may not be repeated any more" "{subject} was a list, and is one value now"
        "Each value is written by itself; of several all but one are refused or ignored.";

    // Values.
    ENUM_VALUE_REMOVED "enum-value-removed" Narrows Derived [Unseen] by Keywords(VALUES)
        "a listed value is gone" "{subject} may not be {name} any more"
        "Whoever still sends the value is refused.";
    ENUM_VALUE_ADDED "enum-value-added" Widens Derived [Unseen] by Keywords(VALUES)
        "a listed value is new" "{subject} may be {name} now"
        "A reader that knows the old list alone meets a value it has no name for.";
    ENUM_INTRODUCED "enum-introduced" Narrows Derived by Keywords(VALUES)
        "the values are listed now" "{subject} may only be one of {after} now"
        "Every value beside the list is refused.";
    ENUM_DROPPED "enum-dropped" Widens Derived by Keywords(VALUES)
        "the values are not listed any more" "{subject} may be more than {before} now"
        "A reader that knows the old list alone meets values it has no name for.";
    ENUM_REPLACED "enum-replaced" Both Derived by Keywords(VALUES)
        "a list of values and another constraint changed places" "{subject} was {before}, and is {after} now"
        "Some values are valid no more, and others are newly valid.";

    // Formats.
    FORMAT_INTRODUCED "format-introduced" Narrows Derived [Unseen] by Keywords(&["format"])
        "a format is asked for" "{subject} has the format {after} now"
        "A text that is not of the format is refused by whoever checks it, and typed code cannot hold it.";
    FORMAT_DROPPED "format-dropped" Widens Derived [Unseen] by Keywords(&["format"])
        "the format is not asked for any more" "{subject} need not be of the format {before} any more"
        "A reader that parses the old format fails on other texts.";
    FORMAT_NARROWED "format-narrowed" Narrows Derived [Unseen] by Keywords(&["format"])
        "the format is a narrower one" "the format of {subject} went from {before} to {after}"
        "The new format is part of the old one.";
    FORMAT_WIDENED "format-widened" Widens Derived [Unseen] by Keywords(&["format"])
        "the format is a wider one" "the format of {subject} went from {before} to {after}"
        "The old format is part of the new one.";
    FORMAT_CHANGED "format-changed" Both Derived [Unseen] by Keywords(&["format"])
        "the format is another one" "the format of {subject} went from {before} to {after}"
        "Values of the old format are not of the new one.";
    FORMAT_UNDECIDED "format-undecided" Unknown Derived [Unseen, Meaning] by Keywords(&["format"])
        "a format that is not a known one changed" "the format of {subject} went from {before} to {after}"
        "What the format stands for is agreed on outside of the document.";
    CONTENT_ENCODING_CHANGED "content-encoding-changed" Both Derived [Unseen, Meaning]
        "the encoding of a text's content changed" "the content encoding of {subject} went from {before} to {after}"
        "Whoever decodes the text by the old encoding gets something else.";
    CONTENT_MEDIA_TYPE_CHANGED "content-media-type-changed" Both Derived [Unseen, Meaning]
        "the media type of a text's content changed" "the content of {subject} went from {before} to {after}"
        "Whoever reads the text as the old media type gets something else.";

    // Bounds.
    UPPER_INTRODUCED "{limit}-introduced" Narrows Derived [Upper, Unseen] by Bound
        "an upper bound is new" "`{limit}` of {subject} is {after} now; there was none"
        "Values above the bound are refused.";
    UPPER_DROPPED "{limit}-dropped" Widens Derived [Upper, Unseen] by Bound
        "an upper bound is gone" "`{limit}` of {subject} was {before}; there is none now"
        "A reader that relies on the bound meets larger values.";
    UPPER_LOWERED "{limit}-lowered" Narrows Derived [Upper, Unseen] by Bound
        "an upper bound is lower" "`{limit}` of {subject} went down from {before} to {after}"
        "Values between the bounds are refused.";
    UPPER_RAISED "{limit}-raised" Widens Derived [Upper, Unseen] by Bound
        "an upper bound is higher" "`{limit}` of {subject} went up from {before} to {after}"
        "A reader that relies on the old bound meets larger values.";
    LOWER_INTRODUCED "{limit}-introduced" Narrows Derived [Lower, Unseen] by Bound
        "a lower bound is new" "`{limit}` of {subject} is {after} now; there was none"
        "Values below the bound are refused.";
    LOWER_DROPPED "{limit}-dropped" Widens Derived [Lower, Unseen] by Bound
        "a lower bound is gone" "`{limit}` of {subject} was {before}; there is none now"
        "A reader that relies on the bound meets smaller values.";
    LOWER_RAISED "{limit}-raised" Narrows Derived [Lower, Unseen] by Bound
        "a lower bound is higher" "`{limit}` of {subject} went up from {before} to {after}"
        "Values between the bounds are refused.";
    LOWER_LOWERED "{limit}-lowered" Widens Derived [Lower, Unseen] by Bound
        "a lower bound is lower" "`{limit}` of {subject} went down from {before} to {after}"
        "A reader that relies on the old bound meets smaller values.";
    MULTIPLE_OF_NARROWED "multiple-of-narrowed" Narrows Derived [Unseen] by Keywords(&["multipleOf"])
        "numbers must be multiples of more" "`multipleOf` of {subject} went from {before} to {after}"
        "Numbers between the multiples are refused.";
    MULTIPLE_OF_WIDENED "multiple-of-widened" Widens Derived [Unseen] by Keywords(&["multipleOf"])
        "numbers need not be multiples of as much" "`multipleOf` of {subject} went from {before} to {after}"
        "A reader that relies on the old step meets numbers between.";
    MULTIPLE_OF_CHANGED "multiple-of-changed" Both Derived [Unseen] by Keywords(&["multipleOf"])
        "numbers must be multiples of something else" "`multipleOf` of {subject} went from {before} to {after}"
        "Neither step is a multiple of the other.";

    // Texts.
    PATTERN_NARROWED "pattern-narrowed" Narrows Derived [Unseen] by Keywords(&["pattern"])
        "the pattern matches less" "the pattern of {subject} went from {before} to {after}, which matches less"
        "Texts that matched are refused.";
    PATTERN_WIDENED "pattern-widened" Widens Derived [Unseen] by Keywords(&["pattern"])
        "the pattern matches more" "the pattern of {subject} went from {before} to {after}, which matches more"
        "A reader that relies on the old pattern meets other texts.";
    PATTERN_CHANGED "pattern-changed" Both Derived [Unseen] by Keywords(&["pattern"])
        "the pattern matches something else" "the pattern of {subject} went from {before} to {after}"
        "Some texts match no more, and others are newly matched.";
    PATTERN_UNDECIDED "pattern-undecided" Unknown Derived [Unseen] by Keywords(&["pattern"])
        "two patterns could not be compared" "the pattern of {subject} went from {before} to {after}"
        "A pattern with look-around or back-references is beyond what can be decided.";

    // Arrays.
    UNIQUE_ITEMS_INTRODUCED "unique-items-introduced" Narrows Derived [Unseen] by Keywords(&["uniqueItems"])
        "items must be distinct" "the items of {subject} must be distinct now"
        "A list that repeats an item is refused.";
    UNIQUE_ITEMS_DROPPED "unique-items-dropped" Widens Derived [Unseen] by Keywords(&["uniqueItems"])
        "items may repeat" "the items of {subject} may repeat now"
        "A reader that puts the items into a set loses some.";
    CONTAINS_INTRODUCED "contains-introduced" Narrows Derived [Inside, Whole]
        "an item of some kind must be there" "{subject} must contain certain items now"
        "A list without such items is refused.";
    CONTAINS_DROPPED "contains-dropped" Widens Derived [Inside, Whole]
        "an item of some kind need not be there" "{subject} need not contain certain items any more"
        "A reader that relies on such items misses them.";
    CONTAINS_CHANGED "contains-changed" Unknown Derived [Inside, Whole]
        "the items that must be there are others" "which items {subject} must contain changed"
        "What the items must be and how many both count.";
    ITEMS_FORBIDDEN "items-forbidden" Narrows Derived [Inside]
        "no further items are allowed" "{subject} may have no further items now"
        "A longer list is refused.";
    ITEMS_ALLOWED "items-allowed" Widens Derived [Inside]
        "further items are allowed" "{subject} may have further items now"
        "A reader of a fixed number of items meets more.";

    // Objects.
    PROPERTY_ADDED "property-added" None Tolerated [Member, Whole, Presence]
        "an optional property is new" "{subject} has the optional property `{name}` now"
        "The object is open: whoever does not know the property ignores it.";
    PROPERTY_ADDED_TO_CLOSED_OBJECT "property-added-to-closed-object" Widens Derived [Member, Whole, Presence]
        "a property is allowed that was forbidden" "{subject} may have the property `{name}` now"
        "`additionalProperties: false` forbade it: a reader that took the document at its word refuses it.";
    PROPERTY_ADDED_TO_FREE_OBJECT "property-added-to-free-object" Narrows DerivedForRequests [Member, Whole, Meaning, Presence]
        "a property of an object of anything is described" "the property `{name}` of {subject} is described now"
        "Any value was allowed under this name; now only those of the schema are.";
    REQUIRED_PROPERTY_ADDED "required-property-added" Narrows Derived [Member, Whole, Presence] by Keywords(PRESENCE)
        "a required property is new" "{subject} must have the new property `{name}`"
        "An object without the property is refused.";
    REQUIRED_PROPERTY_ADDED_TO_CLOSED_OBJECT "required-property-added-to-closed-object" Both Derived [Member, Whole, Presence] by Keywords(PRESENCE)
        "a property is required that was forbidden" "{subject} must have the property `{name}`, which was forbidden"
        "No object is valid before and after.";
    PROPERTY_REMOVED "property-removed" None Review [Member, Whole, Presence]
        "an optional property is gone" "{subject} does not have the optional property `{name}` any more"
        "The object is open, so the property may still be sent, but nobody says any more what it means.";
    PROPERTY_REMOVED_FROM_CLOSED_OBJECT "property-removed-from-closed-object" Narrows Derived [Member, Whole, Presence]
        "a property is forbidden that was allowed" "{subject} may not have the property `{name}` any more"
        "`additionalProperties: false` forbids it now.";
    PROPERTY_REMOVED_FROM_FREE_OBJECT "property-removed-from-free-object" Widens DerivedForRequests [Member, Whole, Meaning, Presence]
        "a property of an object of anything is not described any more" "the property `{name}` of {subject} is not described any more"
        "Any value is allowed under this name now.";
    REQUIRED_PROPERTY_REMOVED "required-property-removed" Widens Derived [Member, Whole, Presence] by Keywords(PRESENCE)
        "a required property is gone" "{subject} does not have the required property `{name}` any more"
        "A reader that relies on the property misses it.";
    REQUIRED_PROPERTY_REMOVED_FROM_CLOSED_OBJECT "required-property-removed-from-closed-object" Both Derived [Member, Whole, Presence] by Keywords(PRESENCE)
        "a property is forbidden that was required" "{subject} may not have the property `{name}`, which was required"
        "No object is valid before and after.";
    BECAME_REQUIRED "became-required" Narrows Derived [Presence] by Keywords(&["required"])
        "a property must be there" "{subject} is required now"
        "An object without the property is refused.";
    BECAME_OPTIONAL "became-optional" Widens Derived [Presence] by Keywords(&["required"])
        "a property may be absent" "{subject} is optional now"
        "A reader that relies on the property misses it.";
    LEFT_MESSAGE "left-message" None Review
        "a property became readOnly or writeOnly" "{subject} is not part of this message any more: it became {after}"
        "The other side ignores the property where it should not be.";
    LEFT_MESSAGE_REQUIRED "required-left-message" Widens Derived [Presence] by Keywords(PRESENCE)
        "a required property became readOnly or writeOnly" "{subject} was required, and is not part of this message any more: it became {after}"
        "A reader that relies on the property misses it.";
    JOINED_MESSAGE "joined-message" None Tolerated
        "a property is not readOnly or writeOnly any more" "{subject} is part of this message now: it is not {before} any more"
        "It is optional: whoever does not know it leaves it out or ignores it.";
    JOINED_MESSAGE_REQUIRED "required-joined-message" Narrows Derived [Presence] by Keywords(PRESENCE)
        "a required property is not readOnly or writeOnly any more" "{subject} is required in this message now: it is not {before} any more"
        "An object without the property is refused.";
    ADDITIONAL_PROPERTIES_FORBIDDEN "additional-properties-forbidden" Narrows Derived [Inside] by Keywords(OTHERS)
        "members without a description are forbidden" "{subject} may only have the members it describes now"
        "An object with other members is refused.";
    ADDITIONAL_PROPERTIES_ALLOWED "additional-properties-allowed" Widens Derived [Inside] by Keywords(OTHERS)
        "members without a description are allowed" "{subject} may have other members than it describes now"
        "A reader that took the document at its word refuses other members.";
    PATTERN_PROPERTIES_INTRODUCED "pattern-properties-introduced" Narrows Derived [Unseen, Inside, Whole]
        "members of some names are described" "members of {subject} whose names match {name} are described now"
        "Any value was allowed under such names; now only those of the schema are.";
    PATTERN_PROPERTIES_DROPPED "pattern-properties-dropped" Widens Derived [Unseen, Inside, Whole]
        "members of some names are not described any more" "members of {subject} whose names match {name} are not described any more"
        "Any value is allowed under such names now.";
    PATTERN_PROPERTIES_FORBIDDEN "pattern-properties-forbidden" Narrows Derived [Inside]
        "members of some names are forbidden" "{subject} may not have members whose names match {name} any more"
        "An object with such a member is refused.";
    PATTERN_PROPERTIES_ALLOWED "pattern-properties-allowed" Widens Derived [Inside]
        "members of some names are allowed" "{subject} may have members whose names match {name} now"
        "A reader that took the document at its word refuses such members.";
    PATTERN_PROPERTIES_UNDECIDED "pattern-properties-undecided" Unknown Derived [Inside, Whole]
        "members of some names are described otherwise" "what members of {subject} may be whose names match {name} changed"
        "A pattern with look-around or back-references is beyond what can be decided.";
    PROPERTY_NAMES_INTRODUCED "property-names-introduced" Narrows Derived [Inside, Whole]
        "names of members are constrained" "the names of the members of {subject} are constrained now"
        "An object with other names is refused.";
    PROPERTY_NAMES_DROPPED "property-names-dropped" Widens Derived [Inside, Whole]
        "names of members are not constrained any more" "the names of the members of {subject} are not constrained any more"
        "A reader that relies on the names meets others.";
    DEPENDENCY_INTRODUCED "dependent-required-introduced" Narrows Derived [Member, Inside] by Keywords(&["dependentRequired", "required"])
        "a member asks for another" "{subject} with `{name}` must have {after} too"
        "An object with the one and without the other is refused.";
    DEPENDENCY_DROPPED "dependent-required-dropped" Widens Derived [Member, Inside] by Keywords(&["dependentRequired", "required"])
        "a member asks for another no more" "{subject} with `{name}` need not have {before} any more"
        "A reader that relies on the other misses it.";
    DEPENDENT_SCHEMA_INTRODUCED "dependent-schema-introduced" Narrows Derived [Member, Inside, Whole]
        "a member asks more of its object" "{subject} with `{name}` must fit a further schema now"
        "An object with the member that does not fit is refused.";
    DEPENDENT_SCHEMA_DROPPED "dependent-schema-dropped" Widens Derived [Member, Inside, Whole]
        "a member asks less of its object" "{subject} with `{name}` need not fit a further schema any more"
        "A reader that relies on the schema meets other objects.";

    // Combinations.
    BRANCH_ADDED "branch-added" Widens Derived [Whole]
        "an alternative is new" "{subject} may be {name} now"
        "A reader that knows the old alternatives alone cannot tell what it got.";
    BRANCH_REMOVED "branch-removed" Narrows Derived [Whole]
        "an alternative is gone" "{subject} may not be {name} any more"
        "Whoever still sends it is refused.";
    CHOICE_BECAME_EXCLUSIVE "choice-became-exclusive" Unknown Derived [Whole]
        "alternatives exclude each other" "exactly one alternative of {subject} must fit now"
        "A value that fits two alternatives is refused, if there is one.";
    CHOICE_BECAME_INCLUSIVE "choice-became-inclusive" Unknown Derived [Whole]
        "alternatives do not exclude each other any more" "several alternatives of {subject} may fit now"
        "A value that fits two alternatives is newly valid, if there is one.";
    CHOICE_CHANGED "choice-changed" Unknown Derived [Whole]
        "alternatives changed" "the alternatives of {subject} changed"
        "There are too many combinations of alternatives to compare them one by one.";
    CHOICE_OVERLAP_CHANGED "choice-overlap-changed" Unknown Derived [Whole]
        "other values fit two alternatives" "other values than before fit more than one alternative of {subject}"
        "Exactly one alternative must fit: a value that fits two of them is refused.";
    NEGATION_CHANGED "not-changed" Unknown Derived [Inside, Whole]
        "what is excluded changed" "what {subject} must not be changed"
        "What is excluded more is allowed less.";
    CONDITION_CHANGED "condition-changed" Unknown Derived [Inside, Whole]
        "a condition changed" "the condition of {subject} changed"
        "What follows from a condition holds for other values when the condition changes.";
    DISCRIMINATOR_PROPERTY_CHANGED "discriminator-property-changed" Both Derived [Meaning]
        "alternatives are told apart by another property" "the alternatives of {subject} were told apart by {before}, and are by {after} now"
        "Whoever looks at the old property cannot tell what it got.";
    DISCRIMINATOR_VALUE_ADDED "discriminator-value-added" Widens Derived [Whole, Meaning]
        "a value of the discriminator is new" "{name} names an alternative of {subject} now"
        "A reader that knows the old values alone cannot tell what it got.";
    DISCRIMINATOR_VALUE_REMOVED "discriminator-value-removed" Narrows Derived [Whole, Meaning]
        "a value of the discriminator is gone" "{name} does not name an alternative of {subject} any more"
        "Whoever still sends the value is not understood.";
    DISCRIMINATOR_VALUE_RENAMED "discriminator-value-renamed" Both Derived [Meaning]
        "a value of the discriminator has another name" "{after} names the alternative of {subject} that {before} named"
        "The alternative is the same, but readers and writers know it by the old value alone.";
    DISCRIMINATOR_VALUE_RETARGETED "discriminator-value-retargeted" Both Derived [Meaning]
        "a value of the discriminator stands for something else" "{name} of {subject} named {before}, and names {after} now"
        "The same value makes a reader expect another schema.";
    DISCRIMINATOR_INTRODUCED "discriminator-introduced" None Review
        "alternatives are told apart by a property" "the alternatives of {subject} are told apart by {after} now"
        "What is valid stays the same, but readers decode by the property now.";
    DISCRIMINATOR_DROPPED "discriminator-dropped" None Review
        "alternatives are not told apart by a property any more" "the alternatives of {subject} are not told apart by {before} any more"
        "What is valid stays the same, but readers have to try the alternatives.";

    // What a value means.
    DEFAULT_CHANGED "default-changed" Both DerivedForRequests [Unseen, Meaning]
        "the default is another one" "the default of {subject} went from {before} to {after}"
        "Who leaves the value out asks for something else than before, without a change of their code.";
    DEFAULT_INTRODUCED "default-introduced" None Review [Unseen]
        "a default is stated" "{subject} has the default {after} now"
        "Who leaves the value out may ask for something else than before.";
    DEFAULT_DROPPED "default-dropped" None Review [Unseen]
        "the default is not stated any more" "{subject} has no default any more; it was {before}"
        "Who leaves the value out may ask for something else than before.";
    DEFAULT_UNUSED "default-without-effect" None Cosmetic
        "the default of what is always there changed" "the default of {subject} went from {before} to {after}; nobody falls back to it"
        "What is always there needs no default.";
    DEPRECATED "deprecated" None Tolerated
        "it is deprecated" "{subject} is deprecated now"
        "It still works; plan to leave it.";
    UNDEPRECATED "undeprecated" None Tolerated
        "it is not deprecated any more" "{subject} is not deprecated any more"
        "It is here to stay.";
    XML_CHANGED "xml-changed" None Review [Whole]
        "how it is written as XML changed" "how {subject} is written as XML changed"
        "Where XML is exchanged, the old and the new form differ.";
    UNKNOWN_KEYWORD_CHANGED "unknown-keyword-changed" Unknown Derived [Whole, Meaning]
        "a keyword that is not a known one changed" "the keyword {name} of {subject} changed"
        "What it means is agreed on outside of the document.";
    DOCUMENTATION_CHANGED "documentation-changed" None Cosmetic
        "words for people changed" "{name} of {subject} changed"
        "Only people read it.";
    EXTENSION_CHANGED "extension-changed" None Cosmetic
        "an extension changed" "{name} of {subject} changed"
        "Extensions are agreed on outside of the document.";
}
