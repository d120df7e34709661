//! `Client` and `ClientBuilder`.

use oas_model::{ApiKeyLocation, SecuritySchemeKind, Server};
use proc_macro2::TokenStream;
use quote::quote;
use syn::Ident;

use super::request::{Planned, Request};
use super::wording;
use crate::plan::SchemeItem;
use crate::{docs, rust};

/// Methods that every `ClientBuilder` has. A security scheme of such a name gets a longer one.
const BUILDER_METHODS: [&str; 11] = [
    "base_url",
    "operation_base_url",
    "without_credentials",
    "timeout",
    "connect_timeout",
    "read_timeout",
    "user_agent",
    "http_client",
    "retries",
    "build",
    "new",
];

/// The URL of a server, with the defaults of its variables.
pub(super) fn server_url(server: &Server) -> String {
    let mut url = server.url.clone();
    for (name, variable) in &server.variables {
        url = url.replace(&format!("{{{name}}}"), &variable.default);
    }
    url
}

/// The alternatives of an operation's security, by the builder's method for each scheme.
pub(super) fn security(planned: Planned<'_>, request: &Request<'_>) -> TokenStream {
    let set = request.item.credentials.and_then(|index| planned.plan.credentials.get(index));
    let idents = scheme_idents(planned);
    let alternatives = set.iter().flat_map(|set| &set.alternatives).map(|alternative| {
        let schemes = alternative.schemes.iter().filter_map(|scheme| idents.get(*scheme)).map(ToString::to_string);
        quote!(&[#(#schemes),*])
    });
    quote!(&[#(#alternatives),*])
}

/// The file of `Client` and `ClientBuilder`.
pub(super) fn file(planned: Planned<'_>, requests: &[Request<'_>], has_direct: bool) -> String {
    let (client, hooks) = (client(planned), hooks());
    let (outgoing, direct) = if has_direct { (quote!(Outgoing,), direct_calls()) } else { Default::default() };
    let (builder, lookup) = (builder(planned), lookup(requests));
    let credential = (!planned.plan.schemes.is_empty()).then(|| quote!(Credential,));
    let builders = (!requests.is_empty()).then(|| {
        quote!(
            use super::builder;
        )
    });
    rust::file([
        quote! {
            use oas_client_runtime::{BuildError, #credential Operation, #outgoing Retries, Settings, State};
            use progenitor_client::{ClientHooks, ClientInfo, Error, OperationInfo};
            #builders
        },
        client,
        hooks,
        direct,
        builder,
        lookup,
    ])
}

/// The client.
fn client(planned: Planned<'_>) -> TokenStream {
    let title = docs::code(&planned.api.info.title);
    let about = wording::with_ours(
        planned.api.info.description.as_deref().unwrap_or_default(),
        &[format!("A client of {title}. Cloning is cheap: clones share connections.")],
    );
    let version = &planned.api.info.version;
    quote! {
        #about
        #[derive(Clone, Debug)]
        pub struct Client {
            pub(crate) baseurl: String,
            pub(crate) client: reqwest::Client,
            pub(crate) inner: State,
        }

        impl Client {
            /// A client that nothing was said about yet.
            pub fn builder() -> ClientBuilder {
                ClientBuilder::default()
            }
        }

        impl ClientInfo<State> for Client {
            fn api_version() -> &'static str {
                #version
            }

            fn baseurl(&self) -> &str {
                &self.baseurl
            }

            fn client(&self) -> &reqwest::Client {
                &self.client
            }

            fn inner(&self) -> &State {
                &self.inner
            }
        }
    }
}

/// What happens around every request.
fn hooks() -> TokenStream {
    quote! {
        impl ClientHooks<State> for Client {
            async fn pre<E>(&self, request: &mut reqwest::Request, info: &OperationInfo) -> Result<(), Error<E>> {
                match operation(info.operation_id) {
                    Some(operation) => self.inner.prepare(operation, request),
                    None => Ok(()),
                }
            }

            async fn exec(
                &self,
                request: reqwest::Request,
                info: &OperationInfo,
            ) -> reqwest::Result<reqwest::Response> {
                match operation(info.operation_id) {
                    Some(operation) => self.inner.exchange(&self.client, operation, request).await,
                    None => self.client.execute(request).await,
                }
            }
        }
    }
}

/// What the builders need that progenitor did not make.
fn direct_calls() -> TokenStream {
    quote! {
        /// A request of an operation that nothing was put into yet.
        pub(super) fn begin(client: &Client, operation: &Operation) -> Outgoing {
            Outgoing::new(operation, client.inner.base_url(&client.baseurl, operation))
        }

        /// Sends a request that a builder has put together by itself.
        pub(super) async fn send<E>(
            client: &Client,
            operation: &Operation,
            request: Outgoing,
        ) -> Result<reqwest::Response, Error<E>> {
            let mut request = request.build(&client.client)?;
            client.inner.prepare(operation, &mut request)?;
            Ok(client.inner.exchange(&client.client, operation, request).await?)
        }
    }
}

/// The client's builder.
fn builder(planned: Planned<'_>) -> TokenStream {
    let server = planned.api.servers.first().map(server_url).unwrap_or_default();
    let agent = format!("{}/", planned.plan.packages.client);
    let idents = scheme_idents(planned);
    let schemes = idents.iter().zip(&planned.plan.schemes).map(|(ident, scheme)| scheme_method(planned, ident, scheme));
    let base_url_docs = base_url_docs(planned);
    let common = common_methods();
    quote! {
        /// Collects what a [`Client`] is made of.
        #[derive(Clone, Debug)]
        #[must_use = "a builder does nothing until it builds"]
        pub struct ClientBuilder(Settings);

        impl Default for ClientBuilder {
            fn default() -> Self {
                let user_agent = concat!(#agent, env!("CARGO_PKG_VERSION"));
                Self(Settings::new(#server, user_agent))
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
        /// When there is no base URL, a secret cannot be sent, or the HTTP client cannot be set up.
        pub fn build(self) -> Result<Client, BuildError> {
            let (baseurl, client, inner) = self.0.build()?;
            Ok(Client { baseurl, client, inner })
        }
    }
}

/// The methods of a builder that say how requests are sent.
fn transport_methods() -> TokenStream {
    quote! {
        /// How long a request may take, from connecting to the last byte of the answer (default: as long as it takes).
        pub fn timeout(mut self, timeout: std::time::Duration) -> Self {
            self.0.timeout(timeout);
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

        /// When requests are sent again (default: never).
        pub fn retries(mut self, retries: Retries) -> Self {
            self.0.retries(retries);
            self
        }
    }
}

/// The documentation of `base_url`, with the servers of the document.
fn base_url_docs(planned: Planned<'_>) -> TokenStream {
    let servers = &planned.api.servers;
    let mut ours =
        vec!["Where every operation is sent, those with a server of their own in the document too.".to_owned()];
    let is_relative = servers.first().is_none_or(|server| !server_url(server).contains("://"));
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
            ours.push(format!("- {}{what}", docs::code(&server_url(server))));
        }
    }
    wording::with_ours("", &ours)
}

/// The builder's method for each scheme of the plan.
pub(super) fn scheme_idents(planned: Planned<'_>) -> Vec<Ident> {
    let taken = |name: &str| {
        BUILDER_METHODS.contains(&name) || planned.plan.schemes.iter().any(|scheme| scheme.method_ident == *name)
    };
    let settle = |scheme: &SchemeItem| {
        let mut name = scheme.method_ident.as_str().to_owned();
        if BUILDER_METHODS.contains(&name.as_str()) {
            while taken(&name) {
                name.push_str("_auth");
            }
        }
        rust::ident(&name)
    };
    planned.plan.schemes.iter().map(settle).collect()
}

/// The method that takes the secret of a scheme.
fn scheme_method(planned: Planned<'_>, ident: &Ident, item: &SchemeItem) -> TokenStream {
    let Some(scheme) = planned.api.security_schemes.get(&item.scheme) else { return TokenStream::new() };
    let (parameters, credential, ours) = credential(&scheme.kind);
    let docs = wording::with_ours(&item.doc, &[ours]);
    let deprecated = scheme.deprecated.then(|| quote!(#[deprecated]));
    let name = ident.to_string();
    quote! {
        #docs
        #deprecated
        pub fn #ident(mut self, #parameters) -> Self {
            self.0.credential(#name, #credential);
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

/// What finds an operation by its id.
fn lookup(requests: &[Request<'_>]) -> TokenStream {
    let docs = wording::line("The operation with this id.");
    if requests.is_empty() {
        return quote!(#docs fn operation(_: &str) -> Option<&'static Operation> { None });
    }
    let arms = requests.iter().map(|request| {
        let (id, builder) = (&request.item.id, &request.builder);
        quote!(#id => Some(builder::#builder::OPERATION),)
    });
    quote! {
        #docs
        fn operation(id: &str) -> Option<&'static Operation> {
            match id {
                #(#arms)*
                _ => None,
            }
        }
    }
}
