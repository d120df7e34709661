//! The code that is expected of the types package: that it compiles, what it reads and writes, and that each type has
//! the schema that the document gives it.

#[path = "types/children.rs"]
mod of_parents;
#[path = "types/reading.rs"]
mod reading;
#[path = "types/schemas.rs"]
mod schemas;
#[path = "types/meaning.rs"]
mod what_values_mean;

// The code that is expected of each case is compiled as a part of this test.
#[path = "cases/types/all-of/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod all_of;
#[path = "cases/types/children/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod children;
#[path = "cases/types/default-mapping/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod default_mapping;
#[path = "cases/types/hostile/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod hostile;
#[path = "cases/types/keywords/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod keywords;
#[path = "cases/types/large/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod large;
#[path = "cases/types/many-values/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod many_values;
#[path = "cases/types/meaning/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod meaning;
#[path = "cases/types/names/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod names;
#[path = "cases/types/nullability/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod nullability;
#[path = "cases/types/objects-and-lists/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod objects_and_lists;
#[path = "cases/types/operations/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod operations;
#[path = "cases/types/recursion/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod recursion;
#[path = "cases/types/responses/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod responses;
#[path = "cases/types/scalars/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod scalars;
#[path = "cases/types/security/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod security;
#[path = "cases/types/unions/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod unions;
#[path = "cases/types/webhooks/expected/mod.rs"]
#[rustfmt::skip]
#[allow(dead_code, unreachable_pub, unused_imports, reason = "a case has more than the tests use")]
mod webhooks;

/// The cases whose code is compiled above.
const COMPILED: [&str; 18] = [
    "all-of",
    "children",
    "default-mapping",
    "hostile",
    "keywords",
    "large",
    "many-values",
    "meaning",
    "names",
    "nullability",
    "objects-and-lists",
    "operations",
    "recursion",
    "responses",
    "scalars",
    "security",
    "unions",
    "webhooks",
];

#[test]
fn every_case_is_compiled() {
    let cases = workspace_tests::cases("types");
    let names: Vec<String> =
        cases.iter().filter_map(|case| Some(case.file_name()?.to_string_lossy().into_owned())).collect();
    assert_eq!(names, COMPILED);
}
