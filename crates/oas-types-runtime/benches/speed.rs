//! `cargo bench -p oas-types-runtime`: a list of 1 MB, as GitHub answers with, read and written beside serde's derive.
//!
//! The derive is there twice: alone, which drops members that it does not know, and with a map that keeps them. All
//! take turns, so that what else the machine does meets all of them; medians are compared.

#![expect(clippy::print_stdout, reason = "figures are for the terminal")]

use std::hint::black_box;
use std::time::Instant;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// How often each is measured.
const ROUNDS: usize = 15;

/// Objects three times: with serde's derive, with one that keeps what it does not know, and as a record.
macro_rules! objects {
    ($($name:ident { $($field:ident: $ty:ty = $how:ident $write:ident,)* })*) => {
        mod derived {
            $(#[derive(serde::Serialize, serde::Deserialize)]
            pub(crate) struct $name { $($field: $ty,)* })*
        }

        mod keeping {
            $(#[derive(serde::Serialize, serde::Deserialize)]
            pub(crate) struct $name {
                $($field: $ty,)*
                #[serde(flatten)]
                rest: std::collections::HashMap<String, serde_json::Value>,
            })*
        }

        mod records {
            use oas_types_runtime::{Additional, Members, Record, Shape, Unknown, Writer};

            $(pub(crate) struct $name { $($field: $ty,)* additional: Additional }

            impl Record for $name {
                fn shape() -> &'static Shape {
                    static SHAPE: Shape = Shape::new(stringify!($name), &[$(stringify!($field)),*], &[], Unknown::Kept);
                    &SHAPE
                }

                fn read(members: &mut Members<'_, '_>) -> Option<Self> {
                    #[expect(non_camel_case_types, reason = "the names are those of the members")]
                    enum At { $($field),* }
                    $(let mut $field = None;)*
                    while let Some(at) = members.next_field() {
                        $(if at == At::$field as usize { members.$how(&mut $field); continue; })*
                    }
                    Some(Self { $($field: objects!(@ $how $field),)* additional: members.additional() })
                }

                fn write(&self, writer: &mut Writer) {
                    $(writer.$write(stringify!($field), &self.$field);)*
                    writer.additional(&self.additional);
                }
            }

            oas_types_runtime::records! { $name })*
        }
    };
    (@ value $field:ident) => { $field? };
    (@ optional $field:ident) => { $field };
}

objects! {
    Owner {
        login: String = value member,
        id: i64 = value member,
        node_id: String = value member,
        avatar_url: String = value member,
        gravatar_id: Option<String> = optional optional,
        url: String = value member,
        html_url: String = value member,
        followers_url: String = value member,
        repos_url: String = value member,
        events_url: String = value member,
        site_admin: bool = value member,
    }
    Repository {
        id: i64 = value member,
        node_id: String = value member,
        name: String = value member,
        full_name: String = value member,
        owner: Owner = value member,
        private: bool = value member,
        html_url: String = value member,
        description: Option<String> = optional optional,
        fork: bool = value member,
        archive_url: String = value member,
        branches_url: String = value member,
        clone_url: String = value member,
        commits_url: String = value member,
        compare_url: String = value member,
        contents_url: String = value member,
        deployments_url: String = value member,
        downloads_url: String = value member,
        forks_count: i64 = value member,
        stargazers_count: i64 = value member,
        watchers_count: i64 = value member,
        size: i64 = value member,
        default_branch: String = value member,
        open_issues_count: i64 = value member,
        score: f64 = value member,
        topics: Vec<String> = value member,
        has_issues: bool = value member,
        has_projects: bool = value member,
        has_wiki: bool = value member,
        archived: bool = value member,
        disabled: bool = value member,
        visibility: String = value member,
        pushed_at: String = value member,
        created_at: String = value member,
        updated_at: String = value member,
    }
}

/// An object of the list; `turn` rotates its members, `unknown` ones are added.
fn object(number: usize, turn: usize, unknown: usize) -> String {
    let url = |rest: &str| format!("https://api.example.com/repos/group-{number}/project-{number}{rest}");
    let owner: Vec<(&str, String)> = vec![
        ("login", format!("\"group-{number}\"")),
        ("id", format!("{}", 1_000_000 + number)),
        ("node_id", format!("\"MDQ6VXNlcj{number}\"")),
        ("avatar_url", format!("\"{}\"", url("/avatar?size=64"))),
        ("gravatar_id", "\"\"".to_owned()),
        ("url", format!("\"{}\"", url("/owner"))),
        ("html_url", format!("\"{}\"", url("/owner.html"))),
        ("followers_url", format!("\"{}\"", url("/followers"))),
        ("repos_url", format!("\"{}\"", url("/repos"))),
        ("events_url", format!("\"{}\"", url("/events{/privacy}"))),
        ("site_admin", "false".to_owned()),
    ];
    let text = |rest: &str| format!("\"{}\"", url(rest));
    let mut members: Vec<(&str, String)> = vec![
        ("id", format!("{}", 3_000_000_000_usize + number)),
        ("node_id", format!("\"MDEwOlJlcG9zaXRvcnk{number}\"")),
        ("name", format!("\"project-{number}\"")),
        ("full_name", format!("\"group-{number}/project-{number}\"")),
        ("owner", joined(owner, turn)),
        ("private", "false".to_owned()),
        ("html_url", text(".html")),
        ("description", "\"What it is for, in a \\\"line\\\" of words\"".to_owned()),
        ("fork", "true".to_owned()),
        ("archive_url", text("/{archive_format}{/ref}")),
        ("branches_url", text("/branches{/branch}")),
        ("clone_url", text(".git")),
        ("commits_url", text("/commits{/sha}")),
        ("compare_url", text("/compare/{base}...{head}")),
        ("contents_url", text("/contents/{+path}")),
        ("deployments_url", text("/deployments")),
        ("downloads_url", text("/downloads")),
        ("forks_count", format!("{number}")),
        ("stargazers_count", format!("{}", number * 7)),
        ("watchers_count", format!("{}", number * 3)),
        ("size", "108".to_owned()),
        ("default_branch", "\"main\"".to_owned()),
        ("open_issues_count", "0".to_owned()),
        ("score", "1.5".to_owned()),
        ("topics", "[\"atom\",\"electron\",\"api\"]".to_owned()),
        ("has_issues", "true".to_owned()),
        ("has_projects", "true".to_owned()),
        ("has_wiki", "true".to_owned()),
        ("archived", "false".to_owned()),
        ("disabled", "false".to_owned()),
        ("visibility", "\"public\"".to_owned()),
        ("pushed_at", "\"2026-01-26T19:06:43Z\"".to_owned()),
        ("created_at", "\"2026-01-26T19:01:12Z\"".to_owned()),
        ("updated_at", "\"2026-01-26T19:14:43Z\"".to_owned()),
    ];
    let added = [("extra_object", r#"{"a":[1,2,3.50],"b":"text"}"#), ("extra_text", r#""text""#)];
    members.extend(added.into_iter().take(unknown).map(|(name, json)| (name, json.to_owned())));
    joined(members, turn)
}

fn joined(mut members: Vec<(&str, String)>, turn: usize) -> String {
    // Seven has no divisor in common with the number of members: no two neighbours stay neighbours.
    if turn > 0 {
        let count = members.len();
        members = (0..count).map(|at| members[(at * 7 + turn) % count].clone()).collect();
    }
    let members: Vec<String> = members.into_iter().map(|(name, json)| format!("\"{name}\":{json}")).collect();
    format!("{{{}}}", members.join(","))
}

/// What a round took.
struct Round {
    decode: f64,
    encode: f64,
    allocations: u64,
}

fn round<T>(json: &str, read: impl Fn(&[u8]) -> Vec<T>, write: impl Fn(&Vec<T>) -> Vec<u8>) -> Round {
    let start = Instant::now();
    let value = read(black_box(json.as_bytes()));
    let decode = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let written = write(black_box(&value));
    let encode = start.elapsed().as_secs_f64();
    black_box(written);
    let allocations = allocation_counter::measure(|| drop(read(json.as_bytes()))).count_total;
    Round { decode, encode, allocations }
}

fn by_serde<T: Serialize + DeserializeOwned>(json: &str) -> Round {
    let read = |json: &[u8]| serde_json::from_slice(json).expect("it is a list of such objects");
    round::<T>(json, read, |value| serde_json::to_vec(value).expect("it is JSON"))
}

fn median(rounds: &[Round], of: fn(&Round) -> f64) -> f64 {
    let mut all: Vec<f64> = rounds.iter().map(of).collect();
    all.sort_by(f64::total_cmp);
    all[all.len() / 2]
}

fn main() {
    for (name, turns, unknown) in [("in order", 0, 0), ("in any order", 33, 0), ("with unknown members", 0, 2)] {
        let mut objects = Vec::new();
        while objects.iter().map(String::len).sum::<usize>() < 1_000_000 {
            let number = objects.len();
            objects.push(object(number, if turns == 0 { 0 } else { 1 + number % turns }, unknown));
        }
        let json = format!("[{}]", objects.join(","));
        let mut all: [Vec<Round>; 4] = Default::default();
        for _ in 0..ROUNDS {
            all[0].push(by_serde::<derived::Repository>(&json));
            all[1].push(by_serde::<keeping::Repository>(&json));
            let read = |json: &[u8]| oas_types_runtime::from_slice(json).expect("it is a list of such objects");
            let write = |value: &Vec<records::Repository>| oas_types_runtime::to_vec(value).expect("it is JSON");
            all[2].push(round(&json, read, write));
            all[3].push(by_serde::<records::Repository>(&json));
        }
        println!("{name}, {} bytes", json.len());
        let base = (median(&all[0], |one| one.decode), median(&all[0], |one| one.encode));
        let names = ["derive", "derive that keeps", "records", "records through serde"];
        for (name, rounds) in names.iter().zip(&all) {
            let (decode, encode) = (median(rounds, |one| one.decode), median(rounds, |one| one.encode));
            println!(
                "  {name:22} decode {:6.2} ms ({:.2})  encode {:6.2} ms ({:.2})  {:>7} allocations",
                decode * 1e3,
                decode / base.0,
                encode * 1e3,
                encode / base.1,
                rounds[0].allocations
            );
        }
    }
}
