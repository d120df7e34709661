//! Signatures: files without the bodies and parameters of their functions: most of a file is bodies, which nobody outside sees.
//!
//! Goes by lines, which costs a tenth of going by tokens. Generated files are formatted, and no literal in them spans
//! lines: a body ends with the first brace that stands as deep as what it belongs to. Whatever looks otherwise stays as
//! it is, and is parsed with the rest.

/// Parses a file without the bodies of its functions. Everything else keeps its place. A file that does not parse
/// without them is not formatted as expected, and parsed as a whole.
pub(super) fn parse(text: &str) -> syn::Result<syn::File> {
    syn::parse_str(&signatures(text)).or_else(|_| syn::parse_str(text))
}

/// What the next brackets belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Owner {
    /// A function: the braces hold its body.
    Function,
    /// An `impl`: when it is that of a trait, what it holds is as the trait says.
    Impl,
    /// A constant: the brackets are part of its value.
    Constant,
}

/// The start of an item, up to its brackets; it may take several lines.
struct Header {
    owner: Owner,
    /// How many spaces stand before it.
    depth: usize,
    /// Whether it is the implementation of a trait, as far as it has been read.
    is_for_type: bool,
    /// What of its parameters is left out.
    parameters: Parameters,
}

/// What becomes of the parameters of a function, and of what it returns: a signature is cut from the text, so that the
/// tree need not hold it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Parameters {
    /// They stay.
    Stay,
    /// They go, from this column on.
    Go(usize),
    /// They have been left out up to here.
    Gone,
}

/// The end of what is left out.
struct End {
    depth: usize,
    text: &'static str,
}

/// The same lines, with those empty that are documentation or inside of a body.
fn signatures(text: &str) -> String {
    let mut signatures = String::with_capacity(text.len() / 2);
    let mut header: Option<Header> = None;
    let mut end: Option<End> = None;
    for line in text.lines() {
        let bare = line.trim_start();
        let depth = line.len() - bare.len();
        let is_end = end.as_ref().is_some_and(|end| depth == end.depth && bare == end.text);
        if is_end {
            end = None;
            signatures.push_str(line);
        } else if end.is_none() && !is_silent(bare) {
            header = header.or_else(|| start(bare, depth));
            match &mut header {
                Some(header) => header.write(line, depth, &mut signatures),
                None => signatures.push_str(line),
            }
            end = header.as_mut().and_then(|header| header.body(bare, depth));
            let is_over = header.as_ref().is_some_and(|header| header.is_over(bare, depth));
            if is_over || end.is_some() {
                header = None;
            }
        }
        signatures.push('\n');
    }
    signatures
}

/// Whether a line says nothing about an item: documentation, a comment, and how serde reads and writes it.
fn is_silent(bare: &str) -> bool {
    bare.starts_with("//") || bare.starts_with("#[serde(") && bare.ends_with(")]")
}

/// The item that starts on a line, when it is of a kind that has something to leave out.
fn start(bare: &str, depth: usize) -> Option<Header> {
    let mut rest = bare;
    if let Some(after) = rest.strip_prefix("pub") {
        rest = match after.strip_prefix('(') {
            Some(inside) => inside.split_once(") ")?.1,
            None => after.strip_prefix(' ')?,
        };
    }
    let is_constant = ["const ", "static "].iter().any(|word| rest.starts_with(word));
    while let Some(after) = ["const ", "async ", "unsafe "].iter().find_map(|word| rest.strip_prefix(word)) {
        rest = after;
    }
    let owner = if rest.starts_with("fn ") {
        Owner::Function
    } else if is_constant {
        Owner::Constant
    } else if rest.starts_with("impl ") || rest.starts_with("impl<") {
        Owner::Impl
    } else {
        return None;
    };
    // What is not public, and may be part of a trait, has no signature, or one that ends with its type.
    let can_go = bare.starts_with("pub") && ["{", "{}", "("].iter().any(|end| bare.ends_with(end));
    let signature = rest.strip_prefix("fn ").filter(|_| can_go);
    let column = signature.and_then(|signature| Some(depth + bare.len() - signature.len() + parameters(signature)?));
    Some(Header { owner, depth, is_for_type: false, parameters: column.map_or(Parameters::Stay, Parameters::Go) })
}

/// Where the parameters of a function without type parameters start, behind their bracket.
fn parameters(signature: &str) -> Option<usize> {
    let bracket = signature.find(['(', '<'])?;
    signature[bracket..].starts_with('(').then_some(bracket + 1)
}

impl Header {
    /// Writes a line of the header, as far as it is needed.
    fn write(&mut self, line: &str, depth: usize, signatures: &mut String) {
        let from = match self.parameters {
            Parameters::Stay => return signatures.push_str(line),
            Parameters::Go(column) => {
                let (kept, _) = line.split_at(column);
                signatures.push_str(kept);
                signatures.push(')');
                column
            }
            Parameters::Gone => 0,
        };
        if self.is_over(line, depth) {
            let tail = line.len() - if line.ends_with("{}") { 2 } else { 1 };
            // Columns count characters, and the bracket above stands for one.
            let columns = line[from..tail].chars().count().saturating_sub(usize::from(from > 0));
            signatures.extend(std::iter::repeat_n(' ', columns));
            signatures.push_str(&line[tail..]);
        }
        self.parameters = Parameters::Gone;
    }

    /// The end of what this line of the header opens, when that is to be left out.
    fn body(&mut self, bare: &str, depth: usize) -> Option<End> {
        self.is_for_type |= bare.contains(" for ") || bare.starts_with("for ");
        let text = match self.owner {
            Owner::Function if bare.ends_with('{') => "}",
            Owner::Impl if bare.ends_with('{') && self.is_for_type => "}",
            Owner::Constant if bare.contains(" = ") => match bare.as_bytes().last() {
                Some(b'{') => "};",
                Some(b'[') => "];",
                Some(b'(') => ");",
                _ => return None,
            },
            Owner::Function | Owner::Impl | Owner::Constant => return None,
        };
        (depth == self.depth).then_some(End { depth, text })
    }

    /// Whether the header ends with this line.
    fn is_over(&self, bare: &str, depth: usize) -> bool {
        depth == self.depth && bare.ends_with(['{', '}', ';'])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file with everything that is left out, and with what only looks like it.
    const TEXT: &str = r#"/// What it is {
pub struct A {
    #[serde(default)]
    pub a: fn(),
}

impl<T> A<T> {
    pub async fn b(
        &self,
    ) -> impl Fn() {
        if c {
            d("{")
        }
    }

    fn e() {}

    pub const F: &'static G = &G {
        h: &[(1, "}")],
    };
    pub const I: (
        J,
        K,
    ) = (1, 2);
}

impl<T> L<T> for A
where
    for<'a> T: M<'a>,
{
    fn n() {}
}

mod o {
    pub(super) const fn p(r: S) -> T {
        q()
    }
}

pub trait R {
    fn s(&self);
    fn t(&self) {
        u()
    }
}

static V: &[&str] = &[
    "w",
];
pub const X: &str = "fn y() {";
pub fn z(ü: A) {
}
pub fn a<B: Fn(C)>(d: E) {
}
"#;

    /// The same without it.
    const SIGNATURES: &str = r#"
pub struct A {

    pub a: fn(),
}

impl<T> A<T> {
    pub async fn b()

                   {



    }

    fn e() {}

    pub const F: &'static G = &G {

    };
    pub const I: (
        J,
        K,
    ) = (1, 2);
}

impl<T> L<T> for A
where
    for<'a> T: M<'a>,
{

}

mod o {
    pub(super) const fn p()          {

    }
}

pub trait R {
    fn s(&self);
    fn t(&self) {

    }
}

static V: &[&str] = &[

];
pub const X: &str = "fn y() {";
pub fn z()     {
}
pub fn a<B: Fn(C)>(d: E) {
}
"#;

    #[test]
    fn bodies_go_and_everything_else_keeps_its_line() {
        assert_eq!(signatures(TEXT), SIGNATURES);
        assert_eq!(parse(TEXT).expect("a file").items.len(), 9);
    }

    #[test]
    fn what_is_left_keeps_its_place() {
        let file =
            parse("impl A {\n    fn b() {\n        c()\n    }\n\n    pub fn d(\u{fc}: E) {}\n}\n").expect("a file");
        let [syn::Item::Impl(item)] = file.items.as_slice() else { panic!("one item") };
        let [_, syn::ImplItem::Fn(last)] = item.items.as_slice() else { panic!("two functions") };
        assert_eq!(last.sig.ident.span().start().line, 6);
        assert_eq!(last.block.brace_token.span.open().start().column, 19);
        assert_eq!(item.brace_token.span.close().start().line, 7);
    }
}
