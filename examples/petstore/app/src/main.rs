//! A shop that serves its API, and a customer who calls it.

use petstore_client::Client;
use petstore_server::types::{Pet, ShowPetResponse};
use petstore_server::{PetsApi, ServerError, ShowPetRequest, axum, router};

struct Shop;

impl PetsApi for Shop {
    async fn show_pet(&self, request: ShowPetRequest) -> Result<ShowPetResponse, ServerError> {
        match request.params.pet_id {
            1 => Ok(ShowPetResponse::Status200(Pet::new(1, "Rex"))),
            _ => Ok(ShowPetResponse::Status404),
        }
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router(Shop)).await });
    let client = Client::builder().base_url(url).build()?;
    let pet = client.show_pet().pet_id(1).send().await?.into_inner();
    println!("{} has the number {}", pet.name, pet.id);
    Ok(())
}
