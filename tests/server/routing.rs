//! Paths, methods and answers.

use case_routing_server::{
    AnimalsApi, AnswerRequest, AnswersApi, DeeperRequest, DeletePetRequest, FileByIdRequest, FileRequest, FixedRequest,
    MethodsApi, PathsApi, PetsApi, PurgeRequest, ReadPetRequest, RejectWith, Rejection, RouterOptions,
    SearchOptionsRequest, SearchRequest, ServerError, UnicodeRequest, VariableRequest, WithSlashRequest,
    WithoutSlashRequest, axum, router, router_with,
    types::{
        AnswerResponse, AnswerStatus200Body, AnswerStatus200Headers, AnswerStatus201Headers, DeeperResponse,
        DeletePetResponse, FileByIdResponse, FileResponse, FixedResponse, Problem, PurgeResponse, ReadPetResponse,
        SearchOptionsResponse, SearchResponse, UnicodeResponse, VariableResponse, WithSlashResponse,
        WithoutSlashResponse,
    },
};
use oas_server_runtime::Operation;
use tower::ServiceExt as _;

use crate::harness::{Running, serve};

pub(crate) struct Echo;

impl PathsApi for Echo {
    async fn fixed(&self, _: FixedRequest) -> Result<FixedResponse, ServerError> {
        Ok(FixedResponse::Status200("fixed".to_owned()))
    }

    async fn variable(&self, request: VariableRequest) -> Result<VariableResponse, ServerError> {
        Ok(VariableResponse::Status200(format!("variable {}", request.params.x)))
    }

    async fn deeper(&self, request: DeeperRequest) -> Result<DeeperResponse, ServerError> {
        Ok(DeeperResponse::Status200(format!("deeper {}", request.params.y)))
    }

    async fn file(&self, request: FileRequest) -> Result<FileResponse, ServerError> {
        Ok(FileResponse::Status200(format!("{} of type {}", request.params.name, request.params.extension)))
    }

    async fn file_by_id(&self, request: FileByIdRequest) -> Result<FileByIdResponse, ServerError> {
        Ok(FileByIdResponse::Status200(format!("number {}", request.params.id)))
    }

    async fn without_slash(&self, _: WithoutSlashRequest) -> Result<WithoutSlashResponse, ServerError> {
        Ok(WithoutSlashResponse::Status200("without".to_owned()))
    }

    async fn with_slash(&self, _: WithSlashRequest) -> Result<WithSlashResponse, ServerError> {
        Ok(WithSlashResponse::Status200("with".to_owned()))
    }

    async fn unicode(&self, _: UnicodeRequest) -> Result<UnicodeResponse, ServerError> {
        Ok(UnicodeResponse::Status200("big".to_owned()))
    }
}

impl PetsApi for Echo {
    async fn read_pet(&self, request: ReadPetRequest) -> Result<ReadPetResponse, ServerError> {
        Ok(ReadPetResponse::Status200(format!("pet {}", request.params.id)))
    }
}

impl AnimalsApi for Echo {
    async fn delete_pet(&self, _: DeletePetRequest) -> Result<DeletePetResponse, ServerError> {
        Ok(DeletePetResponse::Status204)
    }
}

impl MethodsApi for Echo {
    async fn search(&self, request: SearchRequest) -> Result<SearchResponse, ServerError> {
        Ok(SearchResponse::Status200(format!("{} members", request.body.len())))
    }

    async fn search_options(&self, _: SearchOptionsRequest) -> Result<SearchOptionsResponse, ServerError> {
        Ok(SearchOptionsResponse::Status200("own options".to_owned()))
    }

    async fn purge(&self, _: PurgeRequest) -> Result<PurgeResponse, ServerError> {
        Ok(PurgeResponse::Status204)
    }
}

impl AnswersApi for Echo {
    async fn answer(&self, request: AnswerRequest) -> Result<AnswerResponse, ServerError> {
        let problem = || Problem::new("as asked");
        Ok(match request.params.status {
            200 => AnswerResponse::Status200 {
                body: AnswerStatus200Body::Csv("a,b".to_owned()),
                headers: AnswerStatus200Headers::new(3).with_x_tags(vec!["x".to_owned(), "y".to_owned()]),
            },
            201 => AnswerResponse::Status201 { headers: AnswerStatus201Headers::new("line\nbreak") },
            status @ 400..=499 => AnswerResponse::Status4XX(u16::try_from(status)?, problem()),
            599 => AnswerResponse::Status4XX(599, problem()),
            status => AnswerResponse::Default(u16::try_from(status)?, problem()),
        })
    }
}

impl RejectWith<Problem> for Echo {
    fn reject(&self, rejection: &Rejection) -> Problem {
        Problem::new(rejection.to_string())
    }
}

async fn running() -> Running {
    serve(router(Echo)).await
}

#[tokio::test]
async fn the_most_specific_template_is_served() {
    let server = running().await;
    for (path, expected) in [
        ("/a/b", "fixed"),
        ("/a/%62", "fixed"),
        ("/a/c", "variable c"),
        ("/a/b%2Fc", "variable b/c"),
        ("/a/b/c", "deeper b"),
        ("/files/a.tar.gz", "a.tar of type gz"),
        ("/files/7", "number 7"),
        ("/slash", "without"),
        ("/slash/", "with"),
        ("/gr%C3%B6%C3%9Fe", "big"),
        ("/pets/x%20y?z=1", "pet x y"),
    ] {
        let answer = server.get(path, &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (200, expected), "{path}");
    }
    for path in ["/a", "/a/", "/a//c", "/", "/a/b/c/d", "/A/b", "//a/b"] {
        assert_eq!(server.get(path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(server.get("/files/x", &[]).await.violations(), ["path /id type"]);
}

#[tokio::test]
async fn methods_of_one_path_may_come_from_several_templates() {
    let server = running().await;
    assert_eq!(server.send("DELETE", "/pets/1", &[], "").await.status, 204);
    let answer = server.send("PUT", "/pets/1", &[], "").await;
    assert_eq!((answer.status, answer.header("allow").as_str()), (405, "GET, DELETE, HEAD, OPTIONS"));
    let answer = server.send("HEAD", "/pets/1", &[], "").await;
    assert_eq!((answer.status, answer.text.as_str(), answer.header("content-length").as_str()), (200, "", "5"));
}

#[tokio::test]
async fn methods_that_only_newer_documents_have() {
    let server = running().await;
    let json = &[("content-type", "application/json")];
    assert_eq!(server.send("QUERY", "/search", json, r#"{"a":1,"b":2}"#).await.text, "2 members");
    assert_eq!(server.send("OPTIONS", "/search", &[], "").await.text, "own options");
    assert_eq!(server.send("PURGE", "/search", &[], "").await.status, 204);
    let answer = server.get("/search", &[]).await;
    assert_eq!((answer.status, answer.header("allow").as_str()), (405, "OPTIONS, QUERY, PURGE"));
}

#[tokio::test]
async fn answers_leave_with_their_status_headers_and_media_type() {
    let server = running().await;
    let answer = server.get("/answers/200", &[]).await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "a,b"));
    let headers = ["content-type", "x-count", "x-tags"].map(|name| answer.header(name));
    assert_eq!(headers, ["text/csv", "3", "x,y"]);
    let answer = server.get("/answers/418", &[]).await;
    assert_eq!((answer.status, answer.header("content-type").as_str()), (418, "application/problem+json"));
    assert_eq!(server.get("/answers/503", &[]).await.status, 503);
    // Neither a header that cannot be sent nor a status that the document does not have gets out.
    for path in ["/answers/201", "/answers/599", "/answers/70000", "/answers/7"] {
        let answer = server.get(path, &[]).await;
        assert_eq!((answer.status, answer.text.as_str()), (500, r#"{"detail":"the service failed"}"#), "{path}");
    }
}

#[tokio::test]
async fn responses_say_whose_they_are_when_asked() {
    let told = async |options: RouterOptions, path: &str| {
        let request = axum::extract::Request::get(path).body(axum::body::Body::empty()).expect("a request");
        let response = router_with(Echo, options).oneshot(request).await.expect("an answer");
        response.extensions().get::<&'static Operation>().map(|operation| operation.path)
    };
    let marking = RouterOptions::default().mark_responses();
    assert_eq!(told(marking.clone(), "/a/c").await, Some("/a/{x}"));
    assert_eq!(told(marking.clone(), "/files/x").await, Some("/files/{id}"), "a rejection is a response too");
    assert_eq!(told(marking, "/nowhere").await, None);
    assert_eq!(told(RouterOptions::default(), "/a/c").await, None);
}

#[test]
fn the_servers_path_is_known() {
    assert_eq!(case_routing_server::BASE_PATH, "/v1/api");
}
