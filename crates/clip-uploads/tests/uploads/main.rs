//! The service over HTTP: the real binary, on one machine (SQLite and a folder) and as one of many (PostgreSQL and
//! S3-compatible storage), with everything that can go wrong on the way.

mod answers;
mod api;
mod browsers;
mod clock;
mod concurrency;
mod contract;
mod crashes;
mod damage;
mod faults;
mod limits;
mod maintenance;
mod operating;
mod peers;
mod postgres;
mod power;
mod proxy;
mod quotas;
mod refusals;
mod requests;
mod site;
mod storage_proxy;
mod together;
mod trace;
mod vendor;

/// Makes a test of each function for each way to run the service.
macro_rules! on_every_site {
    ($($name:ident),+ $(,)?) => {
        mod one_machine {
            $(#[test]
            fn $name() {
                $crate::site::run($crate::site::Kind::OneMachine, super::$name);
            })+
        }
        mod many_machines {
            $(#[test]
            fn $name() {
                $crate::site::run($crate::site::Kind::ManyMachines, super::$name);
            })+
        }
    };
}
use on_every_site;

/// How often something is repeated: so many times, or more when `CLIP_UPLOADS_TEST_ROUNDS` asks for a multiple.
fn rounds(few: u64) -> std::ops::Range<u64> {
    let times = std::env::var("CLIP_UPLOADS_TEST_ROUNDS").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    0..few * times
}
