//! Values with one thing wrong: small changes of valid ones, of which the judge says what they break.

use fastrand::Rng;

use crate::json::Json;

/// The value with one change somewhere.
pub(crate) fn spoiled(value: &Json, random: &mut Rng) -> Json {
    let mut changed = value.clone();
    let nodes = count(value);
    let mut at = random.usize(..nodes);
    change_at(&mut changed, &mut at, random);
    changed
}

fn count(value: &Json) -> usize {
    1 + match value {
        Json::List(items) => items.iter().map(count).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| count(value)).sum(),
        _ => 0,
    }
}

/// Changes the value at a position, counted as [`count`] does. Whether it was reached.
fn change_at(value: &mut Json, at: &mut usize, random: &mut Rng) -> bool {
    if *at == 0 {
        change(value, random);
        return true;
    }
    *at -= 1;
    match value {
        Json::List(items) => items.iter_mut().any(|item| change_at(item, at, random)),
        Json::Object(members) => members.iter_mut().any(|(_, value)| change_at(value, at, random)),
        _ => false,
    }
}

fn change(value: &mut Json, random: &mut Rng) {
    let text = |text: &str| Json::Text(text.to_owned());
    let number = |text: &str| Json::Number(text.to_owned());
    if random.u8(..5) == 0 {
        // Another type.
        *value = match random.u8(..6) {
            0 => Json::Null,
            1 => Json::Bool(true),
            2 => number("12345.5"),
            3 => text("of another type"),
            4 => Json::List(vec![text("of another type")]),
            _ => Json::Object(vec![("of".to_owned(), text("another type"))]),
        };
        return;
    }
    match value {
        Json::Null => *value = Json::Bool(false),
        Json::Bool(_) => *value = text("true"),
        Json::Number(old) => {
            let extremes = ["-1", "0", "300", "70000", "5000000000", "-5000000000", "1.5", "1e30", "-1e30"];
            *value = match random.u8(..4) {
                0 => Json::Text(old.clone()),
                1 => number(&format!("{}.5", old.split(['.', 'e', 'E']).next().unwrap_or("0"))),
                _ => number(extremes[random.usize(..extremes.len())]),
            };
        }
        Json::Text(old) => {
            *value = match random.u8(..4) {
                0 if !old.is_empty() => text(""),
                1 => Json::Text(format!("{old}!~ä")),
                2 => Json::Text(old.repeat(40) + &"long".repeat(80)),
                _ if old.chars().count() > 1 => Json::Text(old.chars().take(1).collect()),
                _ => Json::Text(format!("{old}{old}x")),
            };
        }
        Json::List(items) => match random.u8(..4) {
            0 if !items.is_empty() => items.clear(),
            1 if !items.is_empty() => drop(items.remove(random.usize(..items.len()))),
            2 if !items.is_empty() => items.push(items[0].clone()),
            _ => {
                let item = items.first().cloned().unwrap_or(Json::Null);
                items.extend(std::iter::repeat_n(item, 70));
            }
        },
        Json::Object(members) => match random.u8(..3) {
            0 => members.push(("not allowed".to_owned(), text("not described"))),
            1 if members.len() > 2 => members.clear(),
            _ if !members.is_empty() => drop(members.remove(random.usize(..members.len()))),
            _ => members.push(("not allowed".to_owned(), Json::Null)),
        },
    }
}

/// Values that are a little smaller than this one, the smallest first.
pub(crate) fn smaller(value: &Json) -> Vec<Json> {
    let mut all = Vec::new();
    match value {
        Json::List(items) => {
            for at in 0..items.len() {
                let mut fewer = items.clone();
                fewer.remove(at);
                all.push(Json::List(fewer));
            }
            for (at, item) in items.iter().enumerate() {
                for small in smaller(item) {
                    let mut same = items.clone();
                    same[at] = small;
                    all.push(Json::List(same));
                }
            }
        }
        Json::Object(members) => {
            for at in 0..members.len() {
                let mut fewer = members.clone();
                fewer.remove(at);
                all.push(Json::Object(fewer));
            }
            for (at, (_, member)) in members.iter().enumerate() {
                for small in smaller(member) {
                    let mut same = members.clone();
                    same[at].1 = small;
                    all.push(Json::Object(same));
                }
            }
        }
        Json::Text(text) if text.chars().count() > 1 => {
            let count = text.chars().count();
            all.push(Json::Text(text.chars().take(count / 2).collect()));
            all.push(Json::Text(text.chars().skip(count / 2).collect()));
        }
        Json::Number(text) if text.len() > 1 => all.extend(["0", "1"].map(|one| Json::Number(one.to_owned()))),
        _ => {}
    }
    all.sort_by_key(Json::size);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_changes_something_and_the_same_seed_does_the_same() {
        let value = Json::parse(r#"{"a":[1,"b"],"c":{"d":null}}"#).expect("JSON");
        for seed in 0..50 {
            let one = spoiled(&value, &mut Rng::with_seed(seed));
            assert_eq!(one, spoiled(&value, &mut Rng::with_seed(seed)));
            assert!(!one.is_same(&value), "{one}");
        }
    }

    #[test]
    fn smaller_values_are_smaller() {
        let value = Json::parse(r#"{"a":[1,"text"],"c":{"d":12.5}}"#).expect("JSON");
        let all = smaller(&value);
        assert!(all.iter().all(|one| one.size() < value.size()));
        assert_eq!(all[0], Json::parse(r#"{"c":{"d":12.5}}"#).expect("JSON"));
    }
}
