//! Methods of operations that a service does not have yet.

use std::fmt::Write as _;

use quote::{format_ident, quote};

use super::access::Security;
use super::{Context, Endpoint, generated, interface};
use crate::plan::GroupItem;
use crate::{GeneratedFile, HEADER, rust};

/// What stands above the arms of the macro.
const HEAD: &str = "
/// Writes methods for operations that the service does not have yet: they answer with status 501.
///
/// It stands in the implementation of a trait and takes the names of methods. An operation that is neither written
/// nor named here is still one that the compiler asks for.
#[macro_export]
macro_rules! not_implemented {
";

/// How many operations have their methods in one macro. With more of them there are several, in files of their own.
const MOST: usize = 400;

/// `not_implemented!`, which writes methods that answer with status 501: the text for `mod.rs`, and further files.
///
/// It is a macro and not a body in the trait, so that whoever reads the service sees what is missing, and an operation
/// that the document gains stays a compile error. It is text and not tokens, because nothing lays out what is inside of
/// a macro.
pub(super) fn macro_rules(server: &Context<'_>, groups: &[&GroupItem]) -> (String, Vec<GeneratedFile>) {
    let mut endpoints: Vec<Endpoint<'_>> = groups.iter().flat_map(|group| server.operations(group)).collect();
    let mut text = HEAD.to_owned();
    let mut files = Vec::new();
    if endpoints.len() > MOST {
        endpoints.sort_by(|one, other| one.item.method_ident.cmp(&other.item.method_ident));
        files = parts(&endpoints);
        text.push_str("    (@ $method:ident) => {\n        $crate::__not_implemented_1!(@ $method);\n    };\n");
    } else {
        for endpoint in &endpoints {
            arm(&mut text, endpoint);
        }
    }
    text.push_str("    ($($method:ident),* $(,)?) => {\n        $($crate::not_implemented!(@ $method);)*\n    };\n}\n");
    if !files.is_empty() {
        text.insert_str(0, "\nmod not_implemented;\n");
    }
    (text, files)
}

/// Macros that know some methods each, and ask the next one for others.
fn parts(endpoints: &[Endpoint<'_>]) -> Vec<GeneratedFile> {
    let count = endpoints.len().div_ceil(MOST);
    let part = |(at, endpoints): (usize, &[Endpoint<'_>])| {
        let number = at + 1;
        let mut text =
            format!("// {HEADER}\n\n#[doc(hidden)]\n#[macro_export]\nmacro_rules! __not_implemented_{number} {{\n");
        for endpoint in endpoints {
            arm(&mut text, endpoint);
        }
        if number < count {
            let next = number + 1;
            // Writing to a `String` cannot fail.
            let _ = write!(
                text,
                "    (@ $method:ident) => {{\n        $crate::__not_implemented_{next}!(@ $method);\n    }};\n"
            );
        }
        text.push_str("}\n");
        generated(&format!("not_implemented/part{number}.rs"), text)
    };
    let modules = (1..=count).map(|number| format_ident!("part{number}"));
    let listing = generated("not_implemented/mod.rs", rust::file([quote!(#(mod #modules;)*)]));
    endpoints.chunks(MOST).enumerate().map(part).chain([listing]).collect()
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
