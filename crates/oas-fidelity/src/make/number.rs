//! Numbers: those at edges before others.

use oas_model::{Schema, integer_range};

use super::Maker;
use crate::json::Json;

/// Integers that are easily mistaken for others.
const INTEGERS: &[i128] = &[
    0,
    1,
    -1,
    2,
    10,
    127,
    255,
    256,
    -129,
    65_536,
    2_147_483_647,
    2_147_483_648,
    -2_147_483_649,
    9_007_199_254_740_993,
    -9_007_199_254_740_993,
    9_223_372_036_854_775_807,
    -9_223_372_036_854_775_808,
    18_446_744_073_709_551_615,
];

/// Numbers that are easily changed.
const NUMBERS: &[&str] = &[
    "0",
    "1",
    "-1",
    "10",
    "1.5",
    "0.1",
    "-0",
    "-0.5",
    "0.30000000000000004",
    "0.38120423768821243",
    "9.964281545707081",
    "1e3",
    "1.0",
    "1e39",
    "1e-39",
    "1.7976931348623157e308",
    "5e-324",
    "123456789.12345679",
    "9007199254740992",
    "1e21",
    "-1e21",
    "100",
    "3.4028235e38",
    "99.99",
];

impl Maker<'_> {
    /// A number that these schemas may allow.
    pub(super) fn number(&mut self, schemas: &[&Schema], is_integer: bool) -> Option<Json> {
        let ends = |least: bool| {
            let bounds = schemas
                .iter()
                .filter_map(move |schema| if least { schema.minimum.as_ref() } else { schema.maximum.as_ref() });
            bounds.filter_map(|bound| Some((bound.value.as_f64()?, bound.value.to_string(), bound.exclusive)))
        };
        let least = ends(true).max_by(|one, two| one.0.total_cmp(&two.0));
        let most = ends(false).min_by(|one, two| one.0.total_cmp(&two.0));
        let format = schemas.iter().find_map(|schema| schema.format.as_deref());
        let is_inside = |one: f64| {
            least.as_ref().is_none_or(|(least, _, exclusive)| if *exclusive { one > *least } else { one >= *least })
                && most.as_ref().is_none_or(|(most, _, exclusive)| if *exclusive { one < *most } else { one <= *most })
        };
        if let Some(multiple) = schemas.iter().find_map(|schema| schema.multiple_of.as_ref()) {
            return self.multiple(&multiple.to_string(), least.as_ref().map(|end| end.0), is_inside);
        }
        let mut texts: Vec<String> = Vec::new();
        if is_integer {
            let range = format.and_then(integer_range).unwrap_or(i64::MIN.into()..=i64::MAX.into());
            texts.extend(INTEGERS.iter().filter(|one| range.contains(one)).map(ToString::to_string));
            texts.extend(["1.0", "1e2", "-0", "12.0"].map(ToOwned::to_owned));
        } else {
            texts.extend(NUMBERS.iter().map(|one| (*one).to_owned()));
            if matches!(format, Some("decimal" | "decimal128")) {
                texts.extend(["12345678901234567.89", "0.10", "123456789012345678901234567890"].map(ToOwned::to_owned));
            }
        }
        for (_, text, _) in [&least, &most].into_iter().flatten() {
            texts.extend([text.clone(), text.clone()]);
            let near: Option<i64> = text.parse().ok();
            texts.extend(
                near.into_iter()
                    .flat_map(|near| [near.saturating_add(1), near.saturating_sub(1)])
                    .map(|one| one.to_string()),
            );
        }
        if let (Some((least, ..)), Some((most, ..))) = (&least, &most) {
            let between = least + (most - least) * self.random.f64();
            texts.push(if is_integer { format!("{:.0}", between.round()) } else { format!("{between}") });
        }
        texts.retain(|text| text.parse().is_ok_and(is_inside));
        self.pick(&texts).map(|text| Json::Number(text.clone()))
    }

    /// A multiple of a number, without a float in between.
    fn multiple(&mut self, of: &str, least: Option<f64>, is_inside: impl Fn(f64) -> bool) -> Option<Json> {
        let (whole, fraction) = of.split_once('.').unwrap_or((of, ""));
        let digits: i128 = format!("{whole}{fraction}").parse().ok()?;
        let step: f64 = of.parse().ok()?;
        #[allow(clippy::cast_possible_truncation, reason = "a start to look from, nothing more")]
        let start = least.map_or(0, |least| (least / step).ceil() as i128);
        let mut texts = Vec::new();
        for times in [0, 1, 2, 3, 7, 10, 100].map(|more| start + more) {
            let product = digits.checked_mul(times)?;
            let scale = fraction.len();
            let sign = if product < 0 { "-" } else { "" };
            let digits = format!("{:0>width$}", product.unsigned_abs(), width = scale + 1);
            let (whole, fraction) = digits.split_at(digits.len() - scale);
            let text = if scale == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") };
            texts.push(text);
        }
        texts.retain(|text| text.parse().is_ok_and(&is_inside));
        self.pick(&texts).map(|text| Json::Number(text.clone()))
    }
}
