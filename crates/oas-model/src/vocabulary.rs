//! Which members the objects of an OpenAPI document have, by version: the fixed fields of the specification's tables.
//!
//! One table for whoever needs it: [`build`](crate::build()) warns of members that are not in it, and a comparison of
//! two documents can prove that it covers every one.

use std::fmt;

/// A feature set of OpenAPI.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Version {
    /// 3.0
    V3_0,
    /// 3.1
    V3_1,
    /// 3.2
    V3_2,
}

impl Version {
    /// The version as a document states it, without the patch number.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::V3_0 => "3.0",
            Self::V3_1 => "3.1",
            Self::V3_2 => "3.2",
        }
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

/// A member that the specification gives an object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Member {
    /// Its name.
    pub name: &'static str,
    /// The first version that has it.
    pub since: Version,
    /// The last version that has it.
    pub until: Version,
}

impl Member {
    /// Whether `version` has it.
    pub fn is_in(&self, version: Version) -> bool {
        self.since <= version && version <= self.until
    }
}

/// A member of every version.
const fn ever(name: &'static str) -> Member {
    Member { name, since: Version::V3_0, until: Version::V3_2 }
}

/// A member that came with 3.1.
const fn from_3_1(name: &'static str) -> Member {
    Member { name, since: Version::V3_1, until: Version::V3_2 }
}

/// A member that came with 3.2.
const fn from_3_2(name: &'static str) -> Member {
    Member { name, since: Version::V3_2, until: Version::V3_2 }
}

/// A member that went with 3.1.
const fn only_3_0(name: &'static str) -> Member {
    Member { name, since: Version::V3_0, until: Version::V3_0 }
}

/// Declares [`ObjectKind`] and its table in one place, so that neither can lack a line of the other.
macro_rules! objects {
    ($($(#[$doc:meta])* $kind:ident $name:literal [$($member:expr),* $(,)?] $(+ $pattern:literal)?;)*) => {
        /// The kinds of object that a document is made of.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ObjectKind {
            $($(#[$doc])* $kind,)*
        }

        impl ObjectKind {
            /// Every kind, in the order of the specification.
            pub const ALL: &'static [Self] = &[$(Self::$kind),*];

            /// What a message calls an object of this kind.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$kind => $name,)* }
            }

            /// The members it has in one version or another, in the order of the specification.
            pub const fn members(self) -> &'static [Member] {
                match self { $(Self::$kind => const { &[$($member),*] },)* }
            }

            /// What its other members are named after, when it may have any besides `x-`.
            pub const fn pattern(self) -> Option<&'static str> {
                match self { $(Self::$kind => objects!(@pattern $($pattern)?),)* }
            }
        }
    };
    (@pattern $pattern:literal) => { Some($pattern) };
    (@pattern) => { None };
}

objects! {
    /// OpenAPI Object.
    OpenApi "OpenAPI object" [
        ever("openapi"), from_3_2("$self"), ever("info"), from_3_1("jsonSchemaDialect"), ever("servers"),
        ever("paths"), from_3_1("webhooks"), ever("components"), ever("security"), ever("tags"), ever("externalDocs"),
    ];
    /// Info Object.
    Info "info object" [
        ever("title"), from_3_1("summary"), ever("description"), ever("termsOfService"), ever("contact"),
        ever("license"), ever("version"),
    ];
    /// Contact Object.
    Contact "contact object" [ever("name"), ever("url"), ever("email")];
    /// License Object.
    License "license object" [ever("name"), from_3_1("identifier"), ever("url")];
    /// Server Object.
    Server "server object" [ever("url"), ever("description"), from_3_2("name"), ever("variables")];
    /// Server Variable Object.
    ServerVariable "server variable object" [ever("enum"), ever("default"), ever("description")];
    /// Components Object.
    Components "components object" [
        ever("schemas"), ever("responses"), ever("parameters"), ever("examples"), ever("requestBodies"),
        ever("headers"), ever("securitySchemes"), ever("links"), ever("callbacks"), from_3_1("pathItems"),
        from_3_2("mediaTypes"),
    ];
    /// Paths Object.
    Paths "paths object" [] + "a path";
    /// Path Item Object.
    PathItem "path item" [
        ever("$ref"), ever("summary"), ever("description"), ever("get"), ever("put"), ever("post"), ever("delete"),
        ever("options"), ever("head"), ever("patch"), ever("trace"), from_3_2("query"),
        from_3_2("additionalOperations"), ever("servers"), ever("parameters"),
    ];
    /// Operation Object.
    Operation "operation" [
        ever("tags"), ever("summary"), ever("description"), ever("externalDocs"), ever("operationId"),
        ever("parameters"), ever("requestBody"), ever("responses"), ever("callbacks"), ever("deprecated"),
        ever("security"), ever("servers"),
    ];
    /// External Documentation Object.
    ExternalDocs "external documentation object" [ever("description"), ever("url")];
    /// Parameter Object.
    Parameter "parameter" [
        ever("name"), ever("in"), ever("description"), ever("required"), ever("deprecated"), ever("allowEmptyValue"),
        ever("style"), ever("explode"), ever("allowReserved"), ever("schema"), ever("example"), ever("examples"),
        ever("content"),
    ];
    /// Request Body Object.
    RequestBody "request body" [ever("description"), ever("content"), ever("required")];
    /// Media Type Object.
    MediaType "media type" [
        ever("schema"), from_3_2("itemSchema"), ever("example"), ever("examples"), ever("encoding"),
        from_3_2("prefixEncoding"), from_3_2("itemEncoding"),
    ];
    /// Encoding Object.
    Encoding "encoding" [
        ever("contentType"), ever("headers"), ever("style"), ever("explode"), ever("allowReserved"),
        from_3_2("encoding"), from_3_2("prefixEncoding"), from_3_2("itemEncoding"),
    ];
    /// Responses Object.
    Responses "responses object" [ever("default")] + "a status";
    /// Response Object.
    Response "response" [
        from_3_2("summary"), ever("description"), ever("headers"), ever("content"), ever("links"),
    ];
    /// Callback Object.
    Callback "callback" [] + "a runtime expression";
    /// Example Object.
    Example "example" [
        ever("summary"), ever("description"), from_3_2("dataValue"), from_3_2("serializedValue"), ever("value"),
        ever("externalValue"),
    ];
    /// Link Object.
    Link "link" [
        ever("operationRef"), ever("operationId"), ever("parameters"), ever("requestBody"), ever("description"),
        ever("server"),
    ];
    /// Header Object.
    Header "header" [
        ever("description"), ever("required"), ever("deprecated"), ever("allowEmptyValue"), ever("style"),
        ever("explode"), ever("allowReserved"), ever("schema"), ever("example"), ever("examples"), ever("content"),
    ];
    /// Tag Object.
    Tag "tag" [
        ever("name"), from_3_2("summary"), ever("description"), ever("externalDocs"), from_3_2("parent"),
        from_3_2("kind"),
    ];
    /// Reference Object.
    Reference "reference" [ever("$ref"), from_3_1("summary"), from_3_1("description")];
    /// Schema Object: JSON Schema 2020-12 with OpenAPI's own keywords.
    Schema "schema" [
        ever("$ref"), from_3_1("$schema"), from_3_1("$vocabulary"), from_3_1("$id"), from_3_1("$anchor"),
        from_3_1("$dynamicRef"), from_3_1("$dynamicAnchor"), from_3_1("$defs"), from_3_1("$comment"),
        ever("type"), ever("enum"), from_3_1("const"), ever("format"),
        ever("multipleOf"), ever("maximum"), ever("exclusiveMaximum"), ever("minimum"), ever("exclusiveMinimum"),
        ever("maxLength"), ever("minLength"), ever("pattern"),
        from_3_1("contentEncoding"), from_3_1("contentMediaType"), from_3_1("contentSchema"),
        from_3_1("prefixItems"), ever("items"), from_3_1("contains"), ever("maxItems"), ever("minItems"),
        ever("uniqueItems"), from_3_1("maxContains"), from_3_1("minContains"), from_3_1("unevaluatedItems"),
        ever("properties"), from_3_1("patternProperties"), ever("additionalProperties"), from_3_1("propertyNames"),
        ever("maxProperties"), ever("minProperties"), ever("required"), from_3_1("dependentRequired"),
        from_3_1("dependentSchemas"), from_3_1("unevaluatedProperties"),
        ever("allOf"), ever("anyOf"), ever("oneOf"), ever("not"), from_3_1("if"), from_3_1("then"), from_3_1("else"),
        ever("title"), ever("description"), ever("default"), ever("deprecated"), ever("readOnly"), ever("writeOnly"),
        from_3_1("examples"), ever("example"), only_3_0("nullable"),
        ever("discriminator"), ever("xml"), ever("externalDocs"),
    ];
    /// Discriminator Object.
    Discriminator "discriminator" [ever("propertyName"), ever("mapping"), from_3_2("defaultMapping")];
    /// XML Object.
    Xml "xml object" [
        from_3_2("nodeType"), ever("name"), ever("namespace"), ever("prefix"), ever("attribute"), ever("wrapped"),
    ];
    /// Security Scheme Object.
    SecurityScheme "security scheme" [
        ever("type"), ever("description"), ever("name"), ever("in"), ever("scheme"), ever("bearerFormat"),
        ever("flows"), ever("openIdConnectUrl"), from_3_2("oauth2MetadataUrl"), from_3_2("deprecated"),
    ];
    /// OAuth Flows Object.
    OAuthFlows "flows object" [
        ever("implicit"), ever("password"), ever("clientCredentials"), ever("authorizationCode"),
        from_3_2("deviceAuthorization"),
    ];
    /// OAuth Flow Object.
    OAuthFlow "flow" [
        ever("authorizationUrl"), from_3_2("deviceAuthorizationUrl"), ever("tokenUrl"), ever("refreshUrl"),
        ever("scopes"),
    ];
    /// Security Requirement Object.
    SecurityRequirement "security requirement" [] + "a security scheme";
}

impl ObjectKind {
    /// The member `name`, when an object of this kind has it in one version or another.
    pub fn member(self, name: &str) -> Option<&'static Member> {
        self.members().iter().find(|member| member.name == name)
    }
}

impl fmt::Display for ObjectKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_object_has_a_member_twice() {
        for kind in ObjectKind::ALL {
            let members = kind.members();
            for (index, member) in members.iter().enumerate() {
                assert!(!members[..index].iter().any(|other| other.name == member.name), "{kind}: {}", member.name);
                assert!(member.since <= member.until, "{kind}: {}", member.name);
            }
        }
    }
}
