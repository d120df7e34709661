//! What the styles of parameters and parts amount to on the wire.

use oas_model::Style;

/// How a value is written, for each kind of value that the schemas allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Written {
    /// A value without parts.
    scalar: &'static str,
    /// A list, where there may be one.
    list: Option<&'static str>,
    /// An object, where there may be one.
    object: Option<&'static str>,
}

/// How values are written (OpenAPI 3.2.0, section 4.12.6); `has` tells whether lists and objects may occur.
pub(crate) fn written(style: Style, explode: bool, has: (bool, bool)) -> Written {
    let scalar = match style {
        Style::Label => ".a",
        Style::Matrix => ";n=a",
        _ => "a",
    };
    let list = match (style, explode) {
        (Style::Simple, _) | (Style::Form | Style::Cookie, false) => "a,b",
        (Style::Form | Style::SpaceDelimited | Style::PipeDelimited, true) => "n=a&n=b",
        (Style::Cookie, true) => "n=a; n=b",
        (Style::SpaceDelimited, false) => "a b",
        (Style::PipeDelimited, false) => "a|b",
        (Style::Label, true) => ".a.b",
        (Style::Label, false) => ".a,b",
        (Style::Matrix, true) => ";n=a;n=b",
        (Style::Matrix, false) => ";n=a,b",
        (Style::DeepObject, _) => "n[]=a",
    };
    let object = match (style, explode) {
        (Style::Simple, true) => "k=a,l=b",
        (Style::Simple | Style::Form | Style::Cookie, false) => "k,a,l,b",
        (Style::Form | Style::SpaceDelimited | Style::PipeDelimited, true) => "k=a&l=b",
        (Style::Cookie, true) => "k=a; l=b",
        (Style::SpaceDelimited, false) => "k a l b",
        (Style::PipeDelimited, false) => "k|a|l|b",
        (Style::Label, true) => ".k=a.l=b",
        (Style::Label, false) => ".k,a,l,b",
        (Style::Matrix, true) => ";k=a;l=b",
        (Style::Matrix, false) => ";n=k,a,l,b",
        (Style::DeepObject, _) => "n[k]=a&n[l]=b",
    };
    Written { scalar, list: has.0.then_some(list), object: has.1.then_some(object) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn explode_matters_only_where_it_changes_the_text() {
        let same = |style, has| written(style, false, has) == written(style, true, has);
        assert!(same(Style::Simple, (true, false)));
        assert!(!same(Style::Simple, (false, true)));
        assert!(same(Style::DeepObject, (true, true)));
        assert!(same(Style::Form, (false, false)));
        assert!(!same(Style::Form, (true, false)));
        assert!(!same(Style::Label, (true, false)));
    }

    #[test]
    fn styles_of_a_query_are_the_same_for_a_single_value() {
        let alone = (false, false);
        assert_eq!(written(Style::Form, true, alone), written(Style::PipeDelimited, false, alone));
        assert_ne!(written(Style::Simple, false, alone), written(Style::Label, false, alone));
    }
}
