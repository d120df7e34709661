//! Methods of operations that a service does not have yet.

use std::fmt::Write as _;

use super::access::Security;
use super::{Context, Endpoint, interface};
use crate::plan::GroupItem;

/// What stands above the arms of the macro.
const HEAD: &str = "
/// Writes methods for operations that the service does not have yet: they answer with status 501.
///
/// It stands in the implementation of a trait and takes the names of methods. An operation that is neither written
/// nor named here is still one that the compiler asks for.
#[macro_export]
macro_rules! not_implemented {
";

/// `not_implemented!`, which writes methods that answer with status 501.
///
/// It is a macro and not a body in the trait, so that whoever reads the service sees what is missing, and an operation
/// that the document gains stays a compile error. It is text and not tokens, because nothing lays out what is inside of
/// a macro.
pub(super) fn macro_rules(server: &Context<'_>, groups: &[&GroupItem]) -> String {
    let mut text = HEAD.to_owned();
    for endpoint in groups.iter().flat_map(|group| server.operations(group)) {
        arm(&mut text, &endpoint);
    }
    text.push_str("    ($($method:ident),* $(,)?) => {\n        $($crate::not_implemented!(@ $method);)*\n    };\n}\n");
    text
}

/// The method of one operation.
fn arm(text: &mut String, endpoint: &Endpoint<'_>) {
    let Endpoint { item, security, .. } = endpoint;
    let (method, response, id) = (&item.method_ident, &item.response_ident, proc_macro2::Literal::string(&item.id));
    let request = interface::request_ident(item);
    let principal = if *security == Security::Public { "" } else { "<Self::Principal>" };
    // Writing to a `String` cannot fail.
    let _ = write!(
        text,
        "    (@ {method}) => {{
        async fn {method}(
            &self,
            _: $crate::{request}{principal},
        ) -> Result<$crate::types::{response}, $crate::ServerError> {{
            Err($crate::ServerError::not_implemented({id}))
        }}
    }};
"
    );
}
