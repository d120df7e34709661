//! `Client` and `ClientBuilder`.

use oas_model::{ApiKeyLocation, OAuthFlowKind, SecuritySchemeKind, Server};
use proc_macro2::TokenStream;
use quote::quote;

use super::client_docs;
use super::request::{Context, Request};
use super::servers;
use crate::plan::{GroupId, Ident, SchemeItem};
use crate::{docs, rust};

/// The alternatives of an operation's security, by the builder's method for each scheme, in the order of the operation,
/// for it is that of preference; `None` when there are none.
pub(super) fn security(client: Context<'_>, request: &Request<'_>) -> Option<TokenStream> {
    let alternatives: Vec<TokenStream> = request
        .item
        .preferred(client.plan, request.operation)
        .into_iter()
        .map(|alternative| {
            let schemes = alternative.schemes.iter().map(|scheme| client.plan[*scheme].method_ident.as_str());
            quote!(&[#(#schemes),*])
        })
        .collect();
    (!alternatives.is_empty()).then(|| quote!(&[#(#alternatives),*]))
}

/// The file of `Client` and `ClientBuilder`.
pub(super) fn file(client: Context<'_>, requests: &[Request<'_>]) -> String {
    let (structure, builder, operations) = (structure(client), builder(client), operations(client, requests));
    let credential = (!client.plan.schemes.is_empty()).then(|| quote!(Credential,));
    let provider = has_provider(client).then(|| quote!(TokenProvider,));
    rust::file([
        quote! {
            use oas_client_runtime::{
                BuildError, #credential Middleware, Operation, Retries, Settings, State, #provider Transport
            };
        },
        structure,
        builder,
        operations,
    ])
}

/// The client.
fn structure(client: Context<'_>) -> TokenStream {
    let title = docs::code(&client.api.info.title);
    let about = client_docs::with_ours(
        client.api.info.description.as_deref().unwrap_or_default(),
        &[format!("A client of {title}. Cloning is cheap: clones share connections.")],
    );
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct Client(pub(super) State);

        impl Client {
            /// Creates a builder with the defaults of the document.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::default()
            }

            /// Where operations are sent that have no URL of their own.
            pub fn base_url(&self) -> &str {
                self.0.base_url()
            }
        }
    }
}

/// The client's builder.
fn builder(client: Context<'_>) -> TokenStream {
    let server = client.api.servers.first().map(Server::default_url).unwrap_or_default();
    let agent = format!("{}/", client.plan.packages.client);
    let schemes = client.plan.schemes.iter().map(|scheme| scheme_method(client, scheme));
    let base_url_docs = base_url_docs(client);
    let common = common_methods();
    quote! {
        /// Collects what a [`Client`] is made of.
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until it builds"]
        pub struct ClientBuilder(Settings);

        impl Default for ClientBuilder {
            fn default() -> Self {
                let user_agent = concat!(#agent, env!("CARGO_PKG_VERSION"));
                Self(Settings::new(#server, user_agent, OPERATIONS))
            }
        }

        impl ClientBuilder {
            #base_url_docs
            pub fn base_url(mut self, url: impl Into<String>) -> Self {
                self.0.base_url(url);
                self
            }
            #(#schemes)*
            #common
        }
    }
}

/// The methods of a builder that depend on no document.
fn common_methods() -> TokenStream {
    let transport = transport_methods();
    quote! {
        /// Where one operation is sent, by its id; stronger than [`base_url`](Self::base_url).
        pub fn operation_base_url(mut self, operation_id: impl Into<String>, url: impl Into<String>) -> Self {
            self.0.operation_base_url(operation_id, url);
            self
        }

        /// A header that every request has unless it says otherwise.
        pub fn default_header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
            self.0.default_header(name.as_ref(), value.as_ref());
            self
        }

        /// Sends requests that need credentials without, when there are none, and lets the API decide. Without this
        /// call such a request is refused before it is sent.
        pub fn without_credentials(mut self) -> Self {
            self.0.without_credentials();
            self
        }

        #transport

        /// The client.
        ///
        /// # Errors
        /// When there is no base URL, a secret or header cannot be sent, a setting names an operation that there is not, or
        /// the HTTP client cannot be set up.
        pub fn build(self) -> Result<Client, BuildError> {
            self.0.build().map(Client)
        }
    }
}

/// The methods of a builder that say how requests are sent.
fn transport_methods() -> TokenStream {
    quote! {
        /// How long an attempt may take, from connecting to the last byte of the answer, or to its beginning when the answer
        /// is a stream (default: as long as it takes).
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.0.timeout(timeout);
            self
        }

        /// How long a request may take with all its attempts and the waits between them (default: as long as it takes).
        pub fn deadline(mut self, deadline: std::time::Duration) -> Self {
            self.0.deadline(deadline);
            self
        }

        /// How long connecting may take (default: 10 s).
        pub fn connect_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.0.connect_timeout(timeout);
            self
        }

        /// How long the server may stay silent (default: 60 s); `None` for as long as it likes, which suits streams
        /// of events that are rare.
        pub fn read_timeout(mut self, timeout: impl Into<Option<std::time::Duration>>) -> Self {
            self.0.read_timeout(timeout.into());
            self
        }

        /// What the client calls itself (default: name and version of this package).
        pub fn user_agent(mut self, user_agent: impl Into<String>) -> Self {
            self.0.user_agent(user_agent);
            self
        }

        /// The HTTP client to use, with its own timeouts, user agent and redirects.
        ///
        /// Give it `redirect::Policy::none()`: this client then follows redirects itself and shows no credentials to
        /// another origin. By itself the HTTP client holds back `Authorization` and cookies, but not an API key in
        /// another header.
        pub fn http_client(mut self, client: reqwest::Client) -> Self {
            self.0.http_client(client);
            self
        }

        /// A layer around what carries requests: a `tower::Layer` over services of `reqwest::Request`. One that is added
        /// later is further outside.
        pub fn layer(mut self, layer: impl Middleware) -> Self {
            self.0.layer(layer);
            self
        }

        /// What carries requests in the place of an HTTP client: `Transport::in_process(router)` for tests without
        /// sockets.
        pub fn transport(mut self, transport: Transport) -> Self {
            self.0.transport(transport);
            self
        }

        /// What puts headers into each attempt just before it is sent, `traceparent` for example: it runs within the
        /// attempt's span, which the feature `tracing` makes.
        pub fn inject(
            mut self,
            inject: impl Fn(&mut reqwest::header::HeaderMap) + Send + Sync + 'static,
        ) -> Self {
            self.0.inject(inject);
            self
        }

        /// When requests are sent again (default: never).
        pub fn retries(mut self, retries: Retries) -> Self {
            self.0.retries(retries);
            self
        }
    }
}

/// The documentation of `base_url`, with the servers of the document.
fn base_url_docs(client: Context<'_>) -> TokenStream {
    let servers = &client.api.servers;
    let mut ours =
        vec!["Where every operation is sent, those with a server of their own in the document too.".to_owned()];
    let is_relative = servers.first().is_none_or(|server| !server.default_url().contains("://"));
    ours.push(String::new());
    if is_relative {
        ours.push("There is no default: the document names its server relative to itself.".to_owned());
    } else {
        ours.push("The default is the first server of the document:".to_owned());
        ours.push(String::new());
        for server in servers {
            let what = server.description.as_deref().or(server.name.as_deref()).unwrap_or_default();
            let what = docs::lines(what).join(" ");
            let what = if what.is_empty() { what } else { format!(": {what}") };
            ours.push(format!("- {}{what}", docs::code(&server.default_url())));
        }
    }
    if let Some(example) = servers::example(client) {
        ours.extend([String::new(), format!("[`servers`](super::servers) has them by name: {example}.")]);
    }
    client_docs::with_ours("", &ours)
}

/// The method that takes the secret of a scheme.
fn scheme_method(client: Context<'_>, item: &SchemeItem) -> TokenStream {
    let ident = &item.method_ident;
    let scheme = &client.api.security_schemes[&item.scheme];
    let (parameters, credential, ours) = credential(&scheme.kind);
    let docs = client_docs::with_ours(&item.doc, &[ours]);
    let deprecated = scheme.deprecated.then(|| quote!(#[deprecated]));
    let name = ident.as_str();
    let provider = item.provider_ident.as_ref().map(|provider| provider_method(ident, provider, &scheme.kind));
    quote! {
        #provider
        #docs
        #deprecated
        pub fn #ident(mut self, #parameters) -> Self {
            self.0.credential(#name, #credential);
            self
        }
    }
}

/// Whether any scheme takes a token.
fn has_provider(client: Context<'_>) -> bool {
    client.plan.schemes.iter().any(|item| item.provider_ident.is_some())
}

/// Where a program gets tokens for itself.
fn token_url(kind: &SecuritySchemeKind) -> Option<&str> {
    let SecuritySchemeKind::OAuth2 { flows, .. } = kind else { return None };
    let flow = flows.iter().find(|flow| flow.kind == OAuthFlowKind::ClientCredentials)?;
    flow.token_url.as_deref()
}

/// The method that takes what fetches the tokens of a scheme.
fn provider_method(scheme: &Ident, provider: &Ident, kind: &SecuritySchemeKind) -> TokenStream {
    let name = scheme.as_str();
    let mut ours =
        vec![format!("What fetches the tokens of [`{name}`](Self::{name}), again when the API answers 401.")];
    if let Some(url) = token_url(kind) {
        let url = docs::code(url);
        let way = "`ClientCredentials::new(token_url, id, secret)` of the runtime";
        ours.extend([String::new(), format!("{way} fetches them for a program by itself; the token URL is {url}.")]);
    }
    let docs = client_docs::with_ours("", &ours);
    quote! {
        #docs
        pub fn #provider(mut self, provider: impl TokenProvider) -> Self {
            self.0.token_provider(#name, provider);
            self
        }
    }
}

/// The parameters of a scheme's method, the credential it makes of them, and what it says of itself.
fn credential(kind: &SecuritySchemeKind) -> (TokenStream, TokenStream, String) {
    match kind {
        SecuritySchemeKind::ApiKey { location, name } => {
            let parameters = quote!(key: impl AsRef<str>);
            let code = docs::code(name);
            match location {
                ApiKeyLocation::Header => {
                    (parameters, quote!(Credential::header(#name, key.as_ref())), format!("Sent in the header {code}."))
                }
                ApiKeyLocation::Query => (
                    parameters,
                    quote!(Credential::query(#name, key.as_ref())),
                    format!("Sent in the query parameter {code}."),
                ),
                ApiKeyLocation::Cookie => {
                    (parameters, quote!(Credential::cookie(#name, key.as_ref())), format!("Sent in the cookie {code}."))
                }
            }
        }
        SecuritySchemeKind::Http { scheme, .. } if scheme == "basic" => (
            quote!(user: impl AsRef<str>, password: impl AsRef<str>),
            quote!(Credential::basic(user.as_ref(), password.as_ref())),
            "Sent as `Authorization: Basic ...`.".to_owned(),
        ),
        SecuritySchemeKind::Http { scheme, .. } if scheme != "bearer" => (
            quote!(credentials: impl AsRef<str>),
            quote!(Credential::authorization(#scheme, credentials.as_ref())),
            format!("Sent as {}, followed by the credentials.", docs::code(&format!("Authorization: {scheme}"))),
        ),
        SecuritySchemeKind::MutualTls => (
            TokenStream::new(),
            quote!(Credential::certificate()),
            "Says that the [HTTP client](Self::http_client) presents a certificate.".to_owned(),
        ),
        SecuritySchemeKind::Http { .. }
        | SecuritySchemeKind::OAuth2 { .. }
        | SecuritySchemeKind::OpenIdConnect { .. } => (
            quote!(token: impl AsRef<str>),
            quote!(Credential::bearer(token.as_ref())),
            "Sent as `Authorization: Bearer ...`.".to_owned(),
        ),
    }
}

/// The table of all operations.
fn operations(client: Context<'_>, requests: &[Request<'_>]) -> TokenStream {
    let operations = requests.iter().map(|request| {
        let (feature, builder) = (feature(client, request.item.group), &request.builder);
        quote!(#feature super::builder::#builder::OPERATION)
    });
    quote! {
        /// Every operation.
        const OPERATIONS: &[&Operation] = &[#(#operations),*];
    }
}

/// The attribute of what a group of operations has in the client; none where it is always compiled.
pub(super) fn feature(client: Context<'_>, group: GroupId) -> TokenStream {
    let feature = client.plan.group_feature(group);
    feature.map(|feature| quote!(#[cfg(feature = #feature)])).unwrap_or_default()
}
