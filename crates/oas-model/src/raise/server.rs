//! Servers and their variables.

use indexmap::IndexMap;
use oas_document::{Diagnostic, Location};

use super::Builder;
use super::reading::{At, Fields};
use crate::vocabulary::ObjectKind;
use crate::{Extensions, Server, ServerVariable};

impl<'d> Builder<'d> {
    /// The document's own servers: `/` when it states none (OpenAPI 3.1.1, section 4.8.1).
    pub(super) fn root_servers(&mut self, root: &Fields<'d>) -> Vec<Server> {
        let servers = self.servers(root);
        if !servers.is_empty() {
            return servers;
        }
        vec![Server {
            at: root.at.location.clone(),
            url: "/".to_owned(),
            name: None,
            description: None,
            variables: IndexMap::new(),
            extensions: Extensions::new(),
        }]
    }

    /// Member `servers` of the document, a path item or an operation.
    pub(super) fn servers(&mut self, fields: &Fields<'d>) -> Vec<Server> {
        self.list(fields, "servers").into_iter().filter_map(|at| self.server(at)).collect()
    }

    /// A Server Object.
    pub(super) fn server(&mut self, at: At<'d>) -> Option<Server> {
        if let Some(url) = at.node.as_str() {
            let message = format!("a server is an object; this text is taken as its `url`, `{url}`");
            self.report(Diagnostic::slip("wrong-kind", message).hint("write `url: ` before it"), &at.location);
            let (url, mut variables) = (url.to_owned(), IndexMap::new());
            self.check_variables(&at.location, &url, &mut variables);
            let extensions = Extensions::new();
            return Some(Server { url, name: None, description: None, variables, extensions, at: at.location });
        }
        let fields = self.fields(at, ObjectKind::Server)?;
        let Some(url) = self.text(&fields, "url") else {
            let finding = Diagnostic::warning("missing-member", "a server needs `url`; it is ignored");
            self.report(finding.hint("add `url`"), &fields.at.location);
            return None;
        };
        let mut variables: IndexMap<String, ServerVariable> = IndexMap::new();
        for (name, at) in self.map(&fields, "variables") {
            if let Some(variable) = self.server_variable(at) {
                variables.insert(name.to_owned(), variable);
            }
        }
        self.check_variables(&fields.at.location, &url, &mut variables);
        Some(Server {
            url,
            name: self.text(&fields, "name"),
            description: self.text(&fields, "description"),
            variables,
            extensions: fields.extensions(),
            at: fields.at.location,
        })
    }

    /// Gives every `{variable}` of the URL a description, and reports those that had none.
    fn check_variables(&mut self, at: &Location, url: &str, variables: &mut IndexMap<String, ServerVariable>) {
        for name in super::template::names(url) {
            if variables.contains_key(name) {
                continue;
            }
            let message = format!("`{name}` of the server's URL is not described; its default is empty");
            let finding = Diagnostic::warning("undescribed-variable", message)
                .hint(format!("add `{name}` to the server's `variables`, with a default"));
            self.report(finding, at);
            let variable = ServerVariable { values: Vec::new(), default: String::new(), description: None };
            variables.insert(name.to_owned(), variable);
        }
    }

    /// A Server Variable Object.
    fn server_variable(&mut self, at: At<'d>) -> Option<ServerVariable> {
        let fields = self.fields(at, ObjectKind::ServerVariable)?;
        let values = fields.get("enum").map(|spot| self.read_texts(spot)).unwrap_or_default();
        let stated = self.text(&fields, "default");
        let default = stated.clone().or_else(|| values.first().cloned()).unwrap_or_default();
        if stated.is_none() {
            let message = format!("a server variable needs `default`; `{default}` is taken");
            let finding = Diagnostic::warning("missing-member", message).hint("add `default`");
            self.report(finding, &fields.at.location);
        }
        if !values.is_empty() && !values.contains(&default) {
            let message = format!("default `{default}` is none of the variable's values");
            let finding = Diagnostic::warning("default-not-in-enum", message)
                .hint("add it to `enum`, or take one of the values as the default");
            self.report(finding, &fields.at.location);
        }
        Some(ServerVariable { values, default, description: self.text(&fields, "description") })
    }
}
