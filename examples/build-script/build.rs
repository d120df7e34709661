//! Generates the types.

use oas_codegen::build_script::{Error, generate};
use oas_codegen::generate::Package;

fn main() -> Result<(), Error> {
    generate("weather", "openapi/weather.yaml", &[] as &[&str], Package::Types)
}
