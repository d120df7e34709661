//! A program over generated code, as people write them: it states values and sends requests by the names that a plan has.

use std::fmt::Write as _;

use oas_codegen::plan::{
    BodyContent, ContentFormat, Field, Ident, OperationItem, Plan, Presence, RustType, StructItem, TypeItem, TypeKind,
};

/// How deep the values of a program nest.
const DEEPEST: usize = 4;

/// The `main.rs` of the program: it prints a line for each value and for each request, the same one whatever the crates
/// below it are made of.
pub(crate) fn source(plan: &Plan) -> String {
    let mut body = String::new();
    for item in &plan.types {
        for (name, value) in values(plan, item) {
            let _ = writeln!(body, "    value({name:?}, client::types::runtime::to_vec(&{value}));");
        }
    }
    for item in &plan.operations {
        if let Some((name, call)) = call(plan, item) {
            let _ = writeln!(body, "    request({name:?}, &received, {call}.send().await.is_ok());");
        }
    }
    format!("{HEAD}\n#[tokio::main(flavor = \"current_thread\")]\nasync fn main() {{\n    {START}\n{body}}}\n")
}

const START: &str = "let (url, received) = listen();
    let api = client::Client::builder().base_url(url).build().expect(\"a client\");";

/// What every program has: a server that keeps what it receives.
const HEAD: &str = r#"
use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};

fn value(name: &str, bytes: Result<Vec<u8>, client::types::runtime::Error>) {
    println!("{name}\t{}", String::from_utf8(bytes.expect(name)).expect("text"));
}

fn request(name: &str, received: &Receiver<String>, answered: bool) {
    assert!(answered, "{name} was not answered");
    println!("{name}\t{}", received.recv().expect(name).escape_default());
}

fn listen() -> (String, Receiver<String>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("an address"));
    let (send, receive) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.expect("a connection");
            let mut bytes = Vec::new();
            let mut buffer = [0; 4096];
            loop {
                let text = String::from_utf8_lossy(&bytes).into_owned();
                if let Some((head, body)) = text.split_once("\r\n\r\n") {
                    let head = head.to_lowercase();
                    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
                    let is_whole = match length {
                        Some(length) => body.len() >= length.trim().parse().expect("a number"),
                        None => !head.contains("chunked") || body.ends_with("0\r\n\r\n"),
                    };
                    if is_whole {
                        break;
                    }
                }
                let count = stream.read(&mut buffer).expect("bytes");
                if count == 0 {
                    break;
                }
                bytes.extend_from_slice(&buffer[..count]);
            }
            stream.write_all(b"HTTP/1.1 204 Done\r\nconnection: close\r\n\r\n").expect("written");
            send.send(String::from_utf8_lossy(&bytes).into_owned()).expect("kept");
        }
    });
    (url, receive)
}
"#;

/// Values of a type, each with what it shows.
fn values(plan: &Plan, item: &TypeItem) -> Vec<(String, String)> {
    let name = &item.name;
    let path = format!("client::types::{name}");
    match &item.kind {
        TypeKind::StringEnum(variants) => {
            variants.iter().map(|one| (format!("{name}::{}", one.ident), format!("{path}::{}", one.ident))).collect()
        }
        TypeKind::IntegerEnum(variants) => {
            variants.iter().map(|one| (format!("{name}::{}", one.ident), format!("{path}::{}", one.ident))).collect()
        }
        TypeKind::Union(union) => {
            let variant = |one: &oas_codegen::plan::UnionVariant| {
                let held = value(plan, &one.ty, one.ident.as_str(), DEEPEST)?;
                Some((format!("{name}::{}", one.ident), format!("{path}::{}({held})", one.ident)))
            };
            union.variants.iter().filter_map(variant).collect()
        }
        TypeKind::Struct(structure) => {
            let all = structure_value(plan, name, structure, DEEPEST).map(|all| (name.to_string(), all));
            all.into_iter().collect()
        }
        TypeKind::Newtype(_) => Vec::new(),
    }
}

/// A struct with every member that a value is known for; the value of each says which member it is.
fn structure_value(plan: &Plan, name: &Ident, structure: &StructItem, depth: usize) -> Option<String> {
    let of = |field: &Field| value(plan, &field.ty, field.ident.as_str(), depth);
    let required: Vec<&Field> = structure.fields.iter().filter(|field| field.is_required()).collect();
    let mut members = Vec::new();
    for field in &required {
        let value = of(field)?;
        let value = if field.presence == Presence::Nullable { format!("Some({value})") } else { value };
        members.push((field.ident.to_string(), value));
    }
    let mut text = match members.as_slice() {
        [] => format!("client::types::{name}::new()"),
        [(_, only)] => format!("client::types::{name}::new({only})"),
        several => {
            let members: Vec<String> = several.iter().map(|(ident, value)| format!("{ident}: {value}")).collect();
            format!("client::types::{name}::from(client::types::new::{name} {{ {} }})", members.join(", "))
        }
    };
    for field in structure.fields.iter().filter(|field| field.presence == Presence::Optional) {
        if let Some(value) = of(field) {
            let _ = write!(text, ".with_{}({value})", field.ident.as_str());
        }
    }
    Some(text)
}

/// A value of a type; `None` when the program has none to give.
fn value(plan: &Plan, ty: &RustType, word: &str, depth: usize) -> Option<String> {
    let depth = depth.checked_sub(1)?;
    match ty {
        RustType::String => Some(format!("{word:?}.to_owned()")),
        RustType::Bool => Some("true".to_owned()),
        RustType::Integer(integer) => Some(format!("{}_{}", word.len(), integer.type_name())),
        RustType::F64 => Some(format!("{}.5_f64", word.len())),
        RustType::Boxed(inner) => value(plan, inner, word, depth),
        RustType::List(inner) => value(plan, inner, word, depth).map(|inner| format!("vec![{inner}]")),
        RustType::Named(index) => {
            let item = &plan.types[index.0];
            let path = format!("client::types::{}", item.name);
            match &item.kind {
                TypeKind::Struct(structure) => structure_value(plan, &item.name, structure, depth),
                TypeKind::StringEnum(variants) => variants.first().map(|one| format!("{path}::{}", one.ident)),
                TypeKind::IntegerEnum(variants) => variants.first().map(|one| format!("{path}::{}", one.ident)),
                TypeKind::Union(union) => {
                    let one = union.variants.first()?;
                    value(plan, &one.ty, word, depth).map(|held| format!("{path}::{}({held})", one.ident))
                }
                TypeKind::Newtype(inner) => value(plan, inner, word, depth).map(|inner| format!("{path}({inner})")),
            }
        }
        _ => None,
    }
}

/// A call of an operation with every setter, so that it shows where each value goes.
fn call(plan: &Plan, item: &OperationItem) -> Option<(String, String)> {
    let method = &item.method_ident;
    let mut call = format!("api.{method}()");
    for field in item.params.iter().flat_map(|params| &params.fields) {
        let value = value(plan, &field.ty, field.ident.as_str(), DEEPEST)?;
        let _ = write!(call, ".{}({value})", field.ident);
    }
    match item.body.as_ref().map(|body| &body.content) {
        Some(BodyContent::Single(content)) if content.format == ContentFormat::Json => {
            let value = value(plan, &content.ty, "body", DEEPEST + 1)?;
            let _ = write!(call, ".body({value})");
        }
        Some(BodyContent::Single(content)) if content.format == ContentFormat::Multipart => {
            let RustType::Named(index) = &content.ty else { return None };
            let TypeKind::Struct(structure) = &plan.types[index.0].kind else { return None };
            for field in &structure.fields {
                let setter = &item.part_setters[&field.wire];
                let value = value(plan, &field.ty, setter.as_str(), DEEPEST)?;
                let _ = write!(call, ".{setter}({value})");
            }
        }
        None => {}
        Some(_) => return None,
    }
    Some((format!("{method}()"), call))
}
