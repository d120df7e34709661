//! The command line: what commands and flags are called. Each is called like what it stands for, unless that has another
//! meaning where it is typed; the lock has only the names that differ.

use oas_model::{Api, Operation};

use super::key::{Key, KeyKind};
use super::names::Kind;
use super::operation::{location_word, parameter_path};
use super::register::Register;
use super::request::Request;
use super::scope::Scope;
use super::type_item::structure;
use super::{CommandItem, ContentFormat, GroupItem, OperationItem, RustType, TypeItem, TypeKind};

/// Commands that every program has.
const COMMANDS: [&str; 2] = ["auth", "completions"];

/// The flags that every command has.
const FLAGS: [&str; 11] =
    ["json", "data", "output", "base_url", "config", "timeout", "header", "all", "verbose", "help", "version"];

/// Names the commands of all groups and operations, and their flags.
pub(super) fn settle(
    api: &Api,
    types: &[TypeItem],
    groups: &mut [GroupItem],
    operations: &mut [OperationItem],
    register: &mut Register<'_>,
) {
    let mut scope = Scope::with_reserved(Kind::Flag, "commands", |ident| COMMANDS.contains(&ident)).silent();
    let requests = groups.iter().map(|group| {
        let module = group.module.as_str();
        // A group is a tag that an operation has.
        let at = &api[operations[group.operations[0].0].operation].at;
        let forms = vec![module.to_owned(), format!("{module}_operations")];
        Request::derived(Key::new(KeyKind::Command, &group.key), forms, Key::new(KeyKind::Tag, &group.key), at)
    });
    let commands = scope.settle(register, requests.collect());
    for (group, command) in groups.iter_mut().zip(commands) {
        group.command = command;
        let mut scope = Scope::new(Kind::Flag, format!("commands of `{}`", group.command)).silent();
        let requests = group.operations.iter().map(|index| {
            let item = &operations[index.0];
            let method = item.method_ident.as_str();
            let forms = vec![method.to_owned(), format!("call_{method}")];
            let (key, follows) = (Key::new(KeyKind::Command, &item.key), Key::new(KeyKind::Operation, &item.key));
            Request::derived(key, forms, follows, &api[item.operation].at)
        });
        let commands = scope.settle(register, requests.collect());
        for (index, ident) in group.operations.iter().zip(commands) {
            operations[index.0].command.ident = ident;
        }
    }
    for item in operations {
        flags(&api[item.operation], types, item, register);
    }
}

/// Names the flags of an operation: of its parameters, and of the members of its body.
fn flags(operation: &Operation, types: &[TypeItem], item: &mut OperationItem, register: &mut Register<'_>) {
    let words = format!("flags of `{}`", item.id.escape_debug());
    let mut scope = Scope::with_reserved(Kind::Flag, words, |ident| FLAGS.contains(&ident)).silent();
    let mut requests: Vec<Request> = Vec::new();
    for field in item.params.iter().flat_map(|params| &params.fields) {
        let parameter = &operation.parameters[field.parameter];
        let path = parameter_path(&item.key, parameter);
        let ident = field.ident.as_str();
        let forms = vec![ident.to_owned(), format!("{}_{ident}", location_word(parameter))];
        let (key, follows) = (Key::new(KeyKind::Flag, &path), Key::new(KeyKind::Parameter, &path));
        requests.push(Request::derived(key, forms, follows, &parameter.at));
    }
    let count = requests.len();
    let of_body = members(types, item);
    if let Some((owner, fields)) = of_body {
        requests.extend(fields.iter().map(|field| {
            let ident = field.ident.as_str();
            let key = Key::new(KeyKind::Flag, &item.key.child("body").child(&field.wire));
            let forms = vec![ident.to_owned(), format!("body_{ident}")];
            Request::derived(key, forms, owner.key.field_key(&field.wire), &operation.at).at_level(1)
        }));
    }
    let mut idents = scope.settle(register, requests);
    let wires = of_body.iter().flat_map(|(_, fields)| *fields).map(|field| field.wire.clone());
    let members = wires.zip(idents.split_off(count)).collect();
    let CommandItem { ident: _, params, members: of_members } = &mut item.command;
    (*params, *of_members) = (idents, members);
}

/// The members of the body that have flags, and the type that has them: those of the body's parts, or of the struct that
/// is sent as JSON.
fn members<'a>(types: &'a [TypeItem], item: &OperationItem) -> Option<(&'a TypeItem, &'a [super::Field])> {
    let body = &item.body.as_ref()?.content;
    let (variant, content) = body.easiest();
    match content.format {
        ContentFormat::Multipart if variant.is_none() => {
            structure(types, &content.ty).map(|(owner, item)| (owner, item.fields.as_slice()))
        }
        ContentFormat::Multipart | ContentFormat::Json | ContentFormat::Form => {
            let RustType::Named(index) = &content.ty else { return None };
            let owner = &types[index.0];
            match &owner.kind {
                TypeKind::Struct(item) => Some((owner, &item.fields)),
                _ => None,
            }
        }
        ContentFormat::Text | ContentFormat::Bytes | ContentFormat::EventStream | ContentFormat::JsonLines => None,
    }
}
