//! A weather station, and a caller who sends readings, listens to them, and fetches a part of a recording.

mod station;

use station::Station;
use station_client::types::Reading;
use station_client::{Call, Client};
use station_server::{axum, router};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, router(Station::new())).await });
    let client = Client::builder().base_url(url).build()?;

    // Whoever listens gets what comes from then on, for as long as it listens.
    let mut events = client.follow_readings().send().await?.into_inner();
    let readings = [19.5, 20.0, 20.5].map(Reading::new);
    let taken = client.add_readings().body(readings).send().await?;
    println!("{} readings taken", taken.into_inner().count);
    for _ in 0..3 {
        let event = events.next().await.ok_or("the station went away")??;
        println!("{} °C", event.data.celsius);
    }

    // A gigabyte, of which these few bytes cross the network.
    let request = client.read_recording().name("storm");
    let answer = request.header("range", "bytes=999999990-").send().await?;
    if answer.status().as_u16() == 206 {
        let bytes = answer.into_inner().collect().await?;
        println!("the last {} bytes of the storm", bytes.len());
    }
    Ok(())
}
