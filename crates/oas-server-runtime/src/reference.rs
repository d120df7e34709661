//! The document, served: a page that people browse, and the document itself for programs.
//!
//! The page is Swagger UI, which is part of the program and asks no other server for anything. It follows the reader's
//! choice of a dark or a light page.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Path;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use utoipa_swagger_ui::{Config, serve};

/// The name that the document has below the page.
const DOCUMENT: &str = "document";

/// The page. Where it stands is known to the browser alone, behind whatever proxies there are.
const PAGE: &str = r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
<script>
document.write('<base href="' + location.pathname.replace(/\/?$/, '/') + '">');
const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', follow);
follow();
document.write('<link rel="stylesheet" href="swagger-ui.css"><link rel="icon" href="favicon-32x32.png">');
</script>
<style>body { margin: 0 } .swagger-ui .renderedMarkdown :is(p, li) { line-height: 1.7 } html.dark-mode, html.dark-mode body { background: #1c2022 }</style>
</head>
<body>
<div id="swagger-ui"></div>
<script>
document.write('<script src="swagger-ui-bundle.js"><\/script>');
</script>
<script>
SwaggerUIBundle({ url: new URL('document', document.baseURI).href, dom_id: '#swagger-ui', deepLinking: true });
</script>
</body>
</html>
"#;

/// A router that serves `document`, JSON or YAML, with a page to browse it, to be nested where people shall find it:
///
/// ```
/// use oas_server_runtime::{axum::Router, reference};
///
/// const DOCUMENT: &str = r#"{"openapi": "3.1.0", "info": {"title": "Clips", "version": "1"}, "paths": {}}"#;
///
/// let router: Router = Router::new().nest("/reference", reference::router(DOCUMENT));
/// ```
///
/// The page is then at `/reference`, the document at `/reference/document`. Whoever reaches the router can read both.
pub fn router(document: impl Into<Bytes>) -> Router {
    let document: Bytes = document.into();
    let is_json = document.trim_ascii_start().first() == Some(&b'{');
    let media_type = if is_json { "application/json" } else { "application/yaml" };
    let config = Arc::new(Config::from(DOCUMENT));
    Router::new()
        .route("/", get(async || Html(PAGE)))
        .route("/document", get(move || std::future::ready(([(CONTENT_TYPE, media_type)], document.clone()))))
        .route("/{file}", get(move |Path(file): Path<String>| std::future::ready(asset(&file, &config))))
}

/// A file of the page.
fn asset(name: &str, config: &Arc<Config<'static>>) -> Response {
    match serve(name, Arc::clone(config)) {
        Ok(Some(file)) => ([(CONTENT_TYPE, file.content_type)], file.bytes.into_owned()).into_response(),
        Ok(None) => StatusCode::NOT_FOUND.into_response(),
        Err(error) => {
            tracing::error!(%error, "a file of the reference page cannot be read");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use tower::ServiceExt as _;

    use super::*;

    async fn get(path: &str) -> (u16, String, String) {
        let router = Router::new().nest("/reference", router("openapi: 3.1.0"));
        let request = http::Request::get(path).body(Body::empty()).expect("a request");
        let response = router.oneshot(request).await.unwrap_or_else(|never| match never {});
        let status = response.status().as_u16();
        let media_type = response.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let media_type = media_type.to_owned();
        let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (status, media_type, String::from_utf8_lossy(&body).into_owned())
    }

    #[tokio::test]
    async fn the_page_needs_no_other_server() {
        let (status, media_type, page) = get("/reference").await;
        assert_eq!((status, media_type.as_str()), (200, "text/html; charset=utf-8"));
        assert!(!page.contains("http://") && !page.contains("https://"), "{page}");
        for (file, expected) in [
            ("swagger-ui.css", "text/css"),
            ("swagger-ui-bundle.js", "text/javascript"),
            ("favicon-32x32.png", "image/png"),
        ] {
            assert!(page.contains(file), "{file}");
            let (status, media_type, text) = get(&format!("/reference/{file}")).await;
            assert_eq!((status, media_type.as_str()), (200, expected), "{file}");
            assert!(!text.is_empty());
        }
        let (status, media_type, text) = get("/reference/document").await;
        assert_eq!((status, media_type.as_str(), text.as_str()), (200, "application/yaml", "openapi: 3.1.0"));
        assert_eq!(get("/reference/nothing").await.0, 404);
    }
}
