//! Who calls the shelter, serves it, and reads its types. Behind `//~` stand the revisions after which rustc refuses a
//! line, behind `//~v` those after which it refuses the next one.

use shelter_client::{Client, Error};
use shelter_server::types::{
    AddPetError, AddPetResponse, ListPetsParams, ListPetsResponse, Mood, NewPet, Pet, PlanVisitResponse, ShowPetResponse,
    new,
    CancelVisitResponse, //~ operation-removed
    Problem, //~ schema-renamed
    Token, //~ security-scheme-renamed
};
use shelter_server::{
    AddPetRequest, AuthContext, AuthError, Authenticator, ListPetsRequest, PetsApi, PlanVisitRequest, RejectWith,
    CancelVisitRequest, //~ operation-removed
    Rejection, ServerError, ShowPetRequest, VisitsApi,
};

pub fn label(pet: &Pet) -> String {
    let id: i64 = pet.id; //~ member-type-changed
    let mood = match &pet.mood { //~ response-member-removed
        Some(Mood::Happy) => "happy",
        _ => "unknown",
    };
    format!("{id} {mood}")
}

pub fn newcomer() -> NewPet {
    NewPet::new("Rex") //~ request-member-became-required
}

pub async fn first(client: &Client) -> Option<Pet> {
    let params = ListPetsParams::new(); //~ parameter-became-required
    let asked = client.list_pets().limit(params.limit.unwrap_or(1)); //~ parameter-became-required
    asked.send().await.ok()?.into_inner().into_iter().next()
}

pub async fn take_in(client: &Client) -> Result<i64, String> {
    match client.add_pet().body(newcomer()).send().await {
        Ok(pet) => Ok(pet.into_inner().id), //~ member-type-changed second-success-added
        Err(Error::ErrorResponse(refused)) => match refused.into_inner() {
            AddPetError::Status422(problem) => Err(problem.reason),
            other => Err(other.to_string()),
        },
        Err(other) => Err(other.to_string()),
    }
}

pub async fn cancel(client: &Client) -> bool {
    client.cancel_visit().reason("rain").send().await.is_ok() //~ operation-removed
}

pub struct Shelter;

impl PetsApi for Shelter { //~ operation-added
    type Principal = String;

    async fn list_pets(&self, _: ListPetsRequest<String>) -> Result<ListPetsResponse, ServerError> {
        Ok(ListPetsResponse::Status200(Vec::new()))
    }

    async fn add_pet(&self, _: AddPetRequest<String>) -> Result<AddPetResponse, ServerError> {
        Ok(AddPetResponse::Status201(new::Pet { id: 1, name: "Rex".into() }.into())) //~ member-type-changed
    }

    async fn show_pet(&self, request: ShowPetRequest<String>) -> Result<ShowPetResponse, ServerError> {
        let id = request.params.pet_id;
        Ok(ShowPetResponse::Status404(Problem::new(format!("there is no pet {id}"))))
    }
}

impl VisitsApi for Shelter {
    type Principal = String;

    async fn plan_visit(&self, _: PlanVisitRequest<String>) -> Result<PlanVisitResponse, ServerError> {
        Ok(PlanVisitResponse::Status204)
    }

    //~v operation-removed
    async fn cancel_visit(&self, _: CancelVisitRequest<String>) -> Result<CancelVisitResponse, ServerError> {
        Ok(CancelVisitResponse::Status204)
    }
}

impl RejectWith<Problem> for Shelter {
    fn reject(&self, rejection: &Rejection) -> Problem {
        Problem::new(rejection.code())
    }
}

impl Authenticator for Shelter { //~ security-scheme-renamed
    type Principal = String;

    //~v security-scheme-renamed
    async fn token(&self, _: Token, _: &AuthContext<'_>) -> Result<String, AuthError> {
        Err(AuthError::invalid())
    }
}
