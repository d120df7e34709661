//! The schemas of the cases.

#[test]
fn schemas_of_cases_compile() {
    let all = [
        &case_bodies_server::SCHEMAS,
        &case_names_server::SCHEMAS,
        &case_parameters_server::SCHEMAS,
        &case_routing_server::SCHEMAS,
        &case_security_server::SCHEMAS,
    ];
    for schemas in all {
        schemas.compile_all().expect("they compile");
    }
}
