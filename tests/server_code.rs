//! What the code of generated servers lets through: findings of the generator, and uses that do not compile.

#[path = "server_code/compile_fail.rs"]
mod compile_fail;
#[path = "server_code/findings.rs"]
mod findings;
