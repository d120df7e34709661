//! Rules about everything that is not a schema.

use super::entry::rules;

/// Why no message shows how characters are escaped.
const ESCAPES: &str = "it is about how characters are escaped, which a request that was read does not show";

/// Why no message shows how parts are written.
const PARTS: &str = "it is about how the parts of a form are written, which no value of the form shows";

/// Why no message shows where a callback goes.
const CALLBACK_URL: &str = "where the request goes is found out while the API runs";

/// Why no message shows how tokens are got.
const TOKENS: &str = "it is about how credentials are got, before there is a request";

rules! { Api;
    // Operations.
    OPERATION_ADDED "operation-added" Widens Derived [Whole] by Operation
        "an operation is new" "{subject} is new"
        "A client that calls it needs a server that has it.";
    OPERATION_SHADOWS "operation-added-over-template" Widens DerivedAndReview [Whole] by Operation
        "an operation is new, and takes requests that another one answered" "{subject} is new, and takes requests that {before} answered"
        "A path without a hole is looked at first, so that some requests of old clients reach another operation now.";
    OPERATION_REMOVED "operation-removed" Narrows Derived [Whole] by Operation
        "an operation is gone" "{subject} is gone"
        "Whoever calls it gets 404 or 405.";
    OPERATION_MOVED "operation-moved" Both Derived [Unseen] by Operation
        "an operation has another path or method" "{subject} moved from {before} to {after}"
        "The old request gets 404 or 405, and an old server does not know the new one.";
    PATH_PARAMETER_RENAMED "path-parameter-renamed" None Cosmetic
        "a path parameter has another name" "the path parameter {before} of {subject} is called {after} now"
        "The name is on no wire; only generated code shows it.";
    OPERATION_ID_CHANGED "operation-id-changed" None Cosmetic
        "an operation has another id" "the id of {subject} went from {before} to {after}"
        "The id is on no wire, but generated code is named after it.";
    OPERATION_TAGS_CHANGED "operation-tags-changed" None Cosmetic
        "an operation has other tags" "the tags of {subject} went from {before} to {after}"
        "Tags are on no wire, but generated code is grouped by them.";
    OPERATION_DEPRECATED "operation-deprecated" None Tolerated
        "an operation is deprecated" "{subject} is deprecated now"
        "It still works; plan to leave it.";
    OPERATION_UNDEPRECATED "operation-undeprecated" None Tolerated
        "an operation is not deprecated any more" "{subject} is not deprecated any more"
        "It is here to stay.";
    OPERATION_SUNSET_CHANGED "operation-sunset-changed" None Review
        "the day an operation ends changed" "the sunset of {subject} went from {before} to {after}"
        "Whoever calls it has to leave it before that day.";

    // Parameters.
    REQUIRED_PARAMETER_ADDED "request-required-parameter-added" Narrows Derived [Whole] by Parameter
        "a required parameter is new" "{subject} asks for the new parameter {name}"
        "A request without it is refused.";
    PARAMETER_ADDED "request-parameter-added" Widens Derived [Whole] by Parameter
        "an optional parameter is new" "{subject} takes the new parameter {name}"
        "An old server ignores it.";
    PARAMETER_REMOVED "request-parameter-removed" Narrows Derived [Whole] by Parameter
        "a parameter is gone" "{subject} does not take the parameter {name} any more"
        "A request that has it is refused or, worse, answered as if it had not.";
    REQUIRED_PARAMETER_REMOVED "request-required-parameter-removed" Both Derived [Whole] by Parameter
        "a required parameter is gone" "{subject} does not take the parameter {name} any more, which was required"
        "An old server refuses requests without it; a new server refuses or ignores it.";
    PARAMETER_MOVED "request-parameter-moved" Both Derived by Parameter
        "a parameter stands elsewhere in the request" "the parameter {name} of {subject} moved from {before} to {after}"
        "Each side looks for it where the other does not put it.";
    PARAMETER_BECAME_REQUIRED "request-parameter-became-required" Narrows Derived by Parameter
        "a parameter must be there" "the parameter {name} of {subject} is required now"
        "A request without it is refused.";
    PARAMETER_BECAME_OPTIONAL "request-parameter-became-optional" Widens Derived by Parameter
        "a parameter may be absent" "the parameter {name} of {subject} is optional now"
        "An old server refuses requests without it.";
    PARAMETER_STYLE_CHANGED "request-parameter-style-changed" Both Derived [Unseen, Meaning] by Parameter
        "a parameter is written in another style" "the parameter {name} of {subject} is written in the style {after} now; it was {before}"
        "The same value is other text on the wire.";
    PARAMETER_EXPLODE_CHANGED "request-parameter-explode-changed" Both Derived [Unseen, Meaning] by Parameter
        "a parameter is exploded or not" "`explode` of the parameter {name} of {subject} went from {before} to {after}"
        "A list or an object is other text on the wire.";
    PARAMETER_RESERVED_ALLOWED "request-parameter-allow-reserved-introduced" Widens Derived [Meaning] by Nothing(ESCAPES)
        "reserved characters of a parameter go unescaped" "the parameter {name} of {subject} may have reserved characters unescaped now"
        "An old server may read such characters as delimiters.";
    PARAMETER_RESERVED_FORBIDDEN "request-parameter-allow-reserved-dropped" Narrows Derived [Meaning] by Nothing(ESCAPES)
        "reserved characters of a parameter must be escaped" "the parameter {name} of {subject} may not have reserved characters unescaped any more"
        "A new server may read such characters as delimiters.";
    PARAMETER_EMPTY_ALLOWED "request-parameter-allow-empty-value-introduced" Widens Derived by EmptyParameter
        "a parameter may be empty" "the parameter {name} of {subject} may be empty now"
        "An old server refuses the empty parameter.";
    PARAMETER_EMPTY_FORBIDDEN "request-parameter-allow-empty-value-dropped" Narrows Derived by EmptyParameter
        "a parameter may not be empty" "the parameter {name} of {subject} may not be empty any more"
        "The empty parameter is refused.";
    PARAMETER_SERIALIZATION_CHANGED "request-parameter-serialization-changed" Both Derived [Meaning] by Parameter
        "a parameter is written in another way" "the parameter {name} of {subject} was written as {before}, and is as {after} now"
        "The same value is other text on the wire.";
    PARAMETER_BECAME_LIST "request-parameter-became-list" Widens Derived by Parameter
        "a parameter may be repeated" "the parameter {name} of {subject} was one value, and may be several now"
        "One value is a list of one, but an old server reads only one of several.";
    PARAMETER_BECAME_SINGLE "request-parameter-became-single" Narrows Derived by Parameter
        "a parameter may not be repeated any more" "the parameter {name} of {subject} was a list, and is one value now"
        "Of several values all but one are refused or ignored.";
    PARAMETER_DEPRECATED "request-parameter-deprecated" None Tolerated
        "a parameter is deprecated" "the parameter {name} of {subject} is deprecated now"
        "It still works; plan to leave it.";
    PARAMETER_UNDEPRECATED "request-parameter-undeprecated" None Tolerated
        "a parameter is not deprecated any more" "the parameter {name} of {subject} is not deprecated any more"
        "It is here to stay.";

    // Bodies of requests.
    BODY_ADDED "request-body-added" Widens Derived [Whole] by Body
        "a request may have a body" "{subject} takes a body now"
        "An old server ignores or refuses it.";
    REQUIRED_BODY_ADDED "request-required-body-added" Narrows Derived [Whole] by Body
        "a request must have a body" "{subject} asks for a body now"
        "A request without a body is refused.";
    BODY_REMOVED "request-body-removed" Narrows Derived [Whole] by Body
        "a request has no body any more" "{subject} takes no body any more"
        "A request with a body is refused, or what it says is ignored.";
    REQUIRED_BODY_REMOVED "request-required-body-removed" Both Derived [Whole] by Body
        "a required body is gone" "{subject} takes no body any more, which was required"
        "An old server refuses requests without a body; a new one refuses or ignores it.";
    BODY_BECAME_REQUIRED "request-body-became-required" Narrows Derived by Body
        "the body must be there" "the body of {subject} is required now"
        "A request without a body is refused.";
    BODY_BECAME_OPTIONAL "request-body-became-optional" Widens Derived by Body
        "the body may be absent" "the body of {subject} is optional now"
        "An old server refuses requests without a body.";
    REQUEST_MEDIA_TYPE_ADDED "request-media-type-added" Widens Derived [Whole] by MediaType
        "a body may be of another media type" "{subject} takes {name} now"
        "An old server answers 415.";
    REQUEST_MEDIA_TYPE_REMOVED "request-media-type-removed" Narrows Derived [Whole] by MediaType
        "a body may not be of a media type any more" "{subject} does not take {name} any more"
        "A request in that media type is answered with 415.";
    REQUEST_MEDIA_TYPE_WIDENED "request-media-type-widened" Widens Derived [Whole] by MediaType
        "a body may be of any media type of a range" "{subject} took {before}, and takes {after} now"
        "An old server answers 415 to the others.";
    REQUEST_MEDIA_TYPE_NARROWED "request-media-type-narrowed" Narrows Derived [Whole] by MediaType
        "a body may be of fewer media types of a range" "{subject} took {before}, and takes only {after} now"
        "A request in another media type of the range is answered with 415.";
    MEDIA_TYPE_PARAMETER_CHANGED "media-type-parameter-changed" None Review
        "a parameter of a media type changed" "a body of {subject} is {after}, where it was {before}"
        "Parameters may tell versions of a format apart: whoever looks at them takes one for the other.";
    ENCODING_CHANGED "encoding-changed" Both Derived by Nothing(PARTS)
        "a part of a form is written in another way" "{name} of {subject} went from {before} to {after}"
        "The same value is other bytes on the wire.";
    ENCODING_UNUSED "encoding-without-effect" None Cosmetic
        "how a part of a form is written is stated otherwise" "style or `explode` of {subject} changed, and its values are written as before"
        "For such values all these styles are the same.";
    PART_TYPES_WIDENED "part-content-type-widened" Widens Derived [Unseen] by Nothing(PARTS)
        "a part of a form may be of more media types" "{name} of {subject} went from {before} to {after}"
        "A reader that knows the old media types alone refuses others.";
    PART_TYPES_NARROWED "part-content-type-narrowed" Narrows Derived [Unseen] by Nothing(PARTS)
        "a part of a form may be of fewer media types" "{name} of {subject} went from {before} to {after}"
        "A part of a media type that is no longer listed is refused.";
    PART_HEADER_ADDED "part-header-added" Widens Derived [Whole] by Nothing(PARTS)
        "a part of a form may have a header" "{subject} has the new header {name}"
        "A reader that does not know the header ignores it.";
    REQUIRED_PART_HEADER_ADDED "required-part-header-added" Narrows Derived [Whole] by Nothing(PARTS)
        "a part of a form must have a header" "{subject} must have the new header {name}"
        "A part without it is refused.";
    PART_HEADER_REMOVED "part-header-removed" Narrows Derived [Whole] by Nothing(PARTS)
        "a part of a form has no such header any more" "{subject} has no header {name} any more"
        "What the header says is ignored.";

    // Responses.
    SUCCESS_ADDED "response-success-added" Widens Derived [Whole] by Status
        "another success is possible" "{subject} may answer {name} now"
        "A client that waits for the old statuses takes it for a failure, or cannot read it.";
    SUCCESS_REMOVED "response-success-removed" Narrows Derived [Whole] by Status
        "a success is not possible any more" "{subject} does not answer {name} any more"
        "A client that waits for it gets something else.";
    SUCCESS_MOVED "response-success-moved" Both Derived by Status
        "a success has another status" "{subject} answers {after} where it answered {before}"
        "Clients tell success by its status: an old client takes the new one for a failure.";
    LAST_SUCCESS_REMOVED "response-last-success-removed" Both Derived [Whole] by Status
        "no success is described any more" "{subject} does not answer {name} any more, and no success is left"
        "What a client gets instead is not described.";
    ERROR_ADDED "response-error-added" Widens Review [Whole] by Status
        "another error answer is possible" "{subject} may answer {name} now"
        "Clients treat a status they do not know like the first of its hundred (RFC 9110, section 15), but have no type for its body.";
    ERROR_DESCRIBED "response-error-described" None Tolerated [Whole]
        "an error answer is described on its own" "{subject} describes {name} on its own now"
        "It was covered by a range or the default before.";
    RESPONSE_UNDESCRIBED "response-no-longer-described" None Tolerated [Whole]
        "an answer is not described on its own any more" "{subject} does not describe {name} on its own any more"
        "A range or the default stands for it, as it does for others already.";
    ERROR_REMOVED "response-error-removed" Narrows Derived [Whole] by Status
        "an error answer is not possible any more" "{subject} does not answer {name} any more"
        "A client that handles it handles nothing.";
    DEFAULT_RESPONSE_ADDED "response-default-added" Widens Review [Whole] by Status
        "all other answers are described" "the answers of {subject} that have no status of their own are described now"
        "They were possible before, but nobody knew their bodies.";
    DEFAULT_RESPONSE_REMOVED "response-default-removed" Narrows Derived [Whole] by Status
        "other answers are not described any more" "only the listed answers of {subject} are described now"
        "Clients keep code for answers that are not promised any more.";
    RESPONSE_STATUS_WIDENED "response-status-widened" Widens Derived by Status
        "a response stands for more statuses" "{subject} answered {before}, and may answer {after} now"
        "A client that waits for the old status does not expect the others.";
    RESPONSE_STATUS_NARROWED "response-status-narrowed" Narrows Derived by Status
        "a response stands for fewer statuses" "{subject} answered {before}, and answers only {after} now"
        "A client that waits for the others never gets them.";
    RESPONSE_BODY_DROPPED "response-body-dropped" Both Derived [Whole] by Body
        "a response has no body any more" "{subject} has no body any more"
        "A client that reads the body finds nothing.";
    RESPONSE_BODY_ADDED "response-body-added" Both Derived [Whole] by Body
        "a response has a body" "{subject} has a body now"
        "An empty body is not valid any more; a client that expected none ignores it at best.";
    RESPONSE_MEDIA_TYPE_ADDED "response-media-type-added" Widens Review [Whole] by MediaType
        "a response may be of another media type" "{subject} may be {name} now"
        "Clients that say what they accept get what they ask for; those that do not may get the new one.";
    RESPONSE_MEDIA_TYPE_REMOVED "response-media-type-removed" Both Derived [Whole] by MediaType
        "a response may not be of a media type any more" "{subject} is not {name} any more"
        "A client that asks for it gets 406, or something it cannot read.";
    RESPONSE_MEDIA_TYPE_WIDENED "response-media-type-widened" Widens Review [Whole] by MediaType
        "a response may be of any media type of a range" "{subject} was {before}, and may be {after} now"
        "Clients that say what they accept get what they ask for; those that do not may get another one.";
    RESPONSE_MEDIA_TYPE_NARROWED "response-media-type-narrowed" Narrows Derived [Whole] by MediaType
        "a response is of fewer media types of a range" "{subject} was {before}, and is only {after} now"
        "A client that takes what is left alone may get another one of the range from an old server.";
    RESPONSE_HEADER_ADDED "response-header-added" None Tolerated [Whole]
        "a response may have another header" "{subject} may have the header {name} now"
        "Clients ignore headers they do not know.";
    REQUIRED_RESPONSE_HEADER_ADDED "response-required-header-added" Narrows Derived [Whole] by Header
        "a response always has another header" "{subject} always has the header {name} now"
        "A client that relies on it misses it on an old server.";
    RESPONSE_HEADER_REMOVED "response-header-removed" None Review [Whole]
        "a response has no such header any more" "{subject} has no header {name} any more"
        "It was optional, but whoever used it gets nothing.";
    REQUIRED_RESPONSE_HEADER_REMOVED "response-required-header-removed" Widens Derived [Whole] by Header
        "a response has a required header no more" "{subject} has no header {name} any more, which was always there"
        "A client that relies on it misses it.";
    RESPONSE_HEADER_BECAME_REQUIRED "response-header-became-required" Narrows Derived by Header
        "a header is always there" "the header {name} of {subject} is always there now"
        "A client that relies on it misses it on an old server.";
    RESPONSE_HEADER_BECAME_OPTIONAL "response-header-became-optional" Widens Derived by Header
        "a header may be absent" "the header {name} of {subject} may be absent now"
        "A client that relies on it misses it.";
    RESPONSE_HEADER_DEPRECATED "response-header-deprecated" None Tolerated
        "a header is deprecated" "the header {name} of {subject} is deprecated now"
        "It still comes; plan to do without it.";
    RESPONSE_HEADER_UNDEPRECATED "response-header-undeprecated" None Tolerated
        "a header is not deprecated any more" "the header {name} of {subject} is not deprecated any more"
        "It is here to stay.";
    RESPONSE_HEADER_SERIALIZATION_CHANGED "response-header-serialization-changed" Both Derived [Meaning] by Header
        "a header is written in another way" "the header {name} of {subject} was written as {before}, and is as {after} now"
        "The same value is other text on the wire.";
    LINK_ADDED "response-link-added" None Tolerated [Whole]
        "a link is new" "{subject} has the link {name} now"
        "Whoever does not know it ignores it.";
    LINK_REMOVED "response-link-removed" None Review [Whole]
        "a link is gone" "{subject} has no link {name} any more"
        "Whoever follows it has to find another way.";
    LINK_CHANGED "response-link-changed" None Review [Whole]
        "a link leads elsewhere" "the link {name} of {subject} changed"
        "Whoever follows it gets somewhere else.";

    // Security.
    SECURITY_INTRODUCED "security-introduced" Narrows Derived [Unseen, Security] by Security
        "credentials are needed" "{subject} needs credentials now: {after}"
        "Anonymous requests get 401.";
    SECURITY_DROPPED "security-dropped" Widens DerivedAndReview [Unseen, Security] by Security
        "credentials are not needed any more" "anybody can call {subject} now: no credentials are asked for any more"
        "What was protected is open. Make sure that this is meant; an old server still answers 401.";
    CALLBACK_SECURITY_DROPPED "callback-security-dropped" Widens Derived [Unseen] by Security
        "the API shows no credentials any more" "{subject} comes without credentials now"
        "Whoever receives it and asks for credentials refuses it; whoever does not cannot tell who sent it.";
    SECURITY_ALTERNATIVE_ADDED "security-alternative-added" Widens Derived [Unseen, Security] by Security
        "other credentials will do" "{subject} can be called with {name} now"
        "An old server answers 401 to such requests.";
    SECURITY_ALTERNATIVE_REMOVED "security-alternative-removed" Narrows Derived [Unseen, Security] by Security
        "credentials will not do any more" "{subject} cannot be called with {name} any more"
        "Whoever has these credentials gets 401.";
    SECURITY_TIGHTENED "security-tightened" Narrows Derived [Unseen, Security] by Security
        "more credentials are needed" "{subject} needs {after} where {before} was enough"
        "Whoever has only the old credentials gets 401 or 403.";
    SECURITY_RELAXED "security-relaxed" Widens Derived [Unseen, Security] by Security
        "fewer credentials are needed" "{subject} needs {after} only where {before} was needed"
        "An old server answers 401 or 403 to such requests.";
    SCOPE_ADDED "security-scope-added" Narrows Derived [Unseen, Security] by Security
        "another scope is needed" "{subject} needs the scope {name} now"
        "Whoever has a token without the scope gets 403.";
    SCOPE_REMOVED "security-scope-removed" Widens Derived [Unseen, Security] by Security
        "a scope is not needed any more" "{subject} does not need the scope {name} any more"
        "An old server answers 403 to tokens without it.";
    SCHEME_CHANGED "security-scheme-changed" Both Derived [Unseen, Security] by Security
        "credentials are of another kind" "the security scheme {name} was {before}, and is {after} now"
        "Old credentials are not understood, or not even looked for.";
    SCHEME_FLOW_REMOVED "security-scheme-flow-removed" Narrows Derived [Unseen, Security] by Nothing(TOKENS)
        "a way to get a token is gone" "the security scheme {name} does not offer the flow {before} any more"
        "Whoever gets tokens that way gets none any more.";
    SCHEME_FLOW_ADDED "security-scheme-flow-added" Widens Derived [Unseen, Security] by Nothing(TOKENS)
        "a way to get a token is new" "the security scheme {name} offers the flow {after} now"
        "An old server may not offer it yet.";
    SCHEME_URL_CHANGED "security-scheme-url-changed" Both Derived [Unseen, Security] by Nothing(TOKENS)
        "tokens come from elsewhere" "{name} went from {before} to {after}"
        "Whoever asks the old place for tokens may get none.";
    SCHEME_REFRESH_CHANGED "security-scheme-refresh-changed" None Tolerated [Unseen, Security]
        "tokens are refreshed elsewhere" "{name} went from {before} to {after}"
        "A client without a place to refresh its token asks for a new one.";
    SCHEME_SCOPE_ADDED "security-scheme-scope-added" Widens Derived [Unseen, Security] by Nothing(TOKENS)
        "a scope is offered" "the security scheme {name} offers the scope {after} now"
        "An old server does not know it.";
    SCHEME_SCOPE_REMOVED "security-scheme-scope-removed" Narrows Derived [Unseen, Security] by Nothing(TOKENS)
        "a scope is not offered any more" "the security scheme {name} does not offer the scope {before} any more"
        "Whoever asks for it gets no token.";
    SCHEME_DETAIL_CHANGED "security-scheme-detail-changed" None Tolerated [Unseen, Security]
        "a detail of a security scheme changed" "{name} went from {before} to {after}"
        "It is a hint to people, and nothing that is sent depends on it.";

    // Servers.
    SERVER_ADDED "server-added" Widens Derived [Unseen, Whole] by Server
        "a server is new" "{name} is a server now"
        "A client that calls it before it is there gets nothing.";
    SERVER_REMOVED "server-removed" Narrows Derived [Unseen, Whole] by Server
        "a server is gone" "{name} is not a server any more"
        "Whoever calls it may get nothing.";
    SERVER_URL_CHANGED "server-url-changed" Both Derived [Unseen] by Server
        "a server stands elsewhere" "the server {before} is at {after} now"
        "Old clients call the old place, and nothing in their code tells them.";
    SERVER_RESPELLED "server-respelled" None Cosmetic
        "the URL of a server is written in another way" "the server {before} is written as {after} now"
        "It is the same place.";
    BASE_PATH_MOVED "base-path-moved" None Tolerated
        "paths say what servers said, or the other way round" "{subject} is called at {after} where it was called at {before}, and its paths make up for the difference"
        "The addresses stay the same. Whoever gives a client its base URL by hand gives the new one with the new client.";
    SERVER_ORDER_CHANGED "server-order-changed" None Review [Unseen]
        "the first server is another one" "the first server was {before}, and is {after} now"
        "Generated clients call the first server unless told otherwise.";
    SERVER_VARIABLE_CHANGED "server-variable-changed" Both Derived [Unseen] by Server
        "a variable of a server's URL changed" "{name} of a server went from {before} to {after}"
        "Whoever does not set the variable calls another place.";
    SERVER_VALUE_ADDED "server-value-added" Widens Derived [Unseen] by Server
        "a value of a server's variable is new" "the variable {name} of a server may be {after} now"
        "A client that uses it before it is there gets nothing.";
    SERVER_VALUE_REMOVED "server-value-removed" Narrows Derived [Unseen] by Server
        "a value of a server's variable is gone" "the variable {name} of a server may not be {before} any more"
        "Whoever uses it may get nothing.";

    // Callbacks and webhooks.
    CALLBACK_ADDED "callback-added" None Tolerated [Whole]
        "the API may send another request" "{subject} may send the callback {name} now"
        "Whoever does not listen loses nothing they had.";
    CALLBACK_REMOVED "callback-removed" None Review [Whole]
        "the API does not send a request any more" "{subject} does not send the callback {name} any more"
        "Whoever waits for it waits forever.";
    CALLBACK_MOVED "callback-moved" Both Derived by Nothing(CALLBACK_URL)
        "the API sends a request elsewhere" "the callback {name} went to {before}, and goes to {after} now"
        "Whoever listens at the old place waits forever.";
    WEBHOOK_ADDED "webhook-added" None Tolerated [Whole]
        "the API may send another request" "the webhook {name} is new"
        "Whoever does not listen loses nothing they had.";
    WEBHOOK_REMOVED "webhook-removed" None Review [Whole]
        "the API does not send a request any more" "the webhook {name} is gone"
        "Whoever waits for it waits forever.";

    // Words.
    API_DOCUMENTATION_CHANGED "api-documentation-changed" None Cosmetic
        "words for people changed" "{name} of {subject} changed"
        "Only people read it.";
    API_EXTENSION_CHANGED "api-extension-changed" None Cosmetic
        "an extension changed" "{name} of {subject} changed"
        "Extensions are agreed on outside of the document.";
    API_VERSION_CHANGED "api-version-changed" None Cosmetic
        "the document has another version" "the version of the document went from {before} to {after}"
        "It is a name for the document.";
    COMPONENT_ADDED "component-added" None Cosmetic [Whole]
        "a component is new, and nothing uses it" "the component {name} is new, and nothing uses it"
        "What nothing uses is on no wire.";
    COMPONENT_REMOVED "component-removed" None Cosmetic [Whole]
        "a component that nothing used is gone" "the component {name} is gone; nothing used it"
        "What nothing uses is on no wire.";
    COMPONENT_CHANGED "component-changed" None Cosmetic [Whole]
        "a component that nothing uses changed" "the component {name} changed; nothing uses it"
        "What nothing uses is on no wire.";
    RUST_CHANGED "rust-changed" None Cosmetic
        "generated code changed" "{name} changed in generated code"
        "The wire stays the same, but code that uses the item may not compile.";
    RUST_MEANING_CHANGED "rust-meaning-changed" None Silent [Unseen]
        "a name of generated code stands for something else" "{name} stood for {before}, and stands for {after} now"
        "Code that was written with the name compiles as before, and does something else.";
}
