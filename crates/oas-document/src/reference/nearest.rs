//! Guesses what a misspelt name was meant to be.

/// Names longer than this are not compared.
const LONGEST: usize = 100;
/// Of that many candidates at most.
const MOST: usize = 20_000;

/// The candidate that is spelt most like `name`, when one is spelt much like it; the first of equals.
pub fn nearest<'c>(name: &str, candidates: impl IntoIterator<Item = &'c str>) -> Option<&'c str> {
    if name.len() > LONGEST {
        return None;
    }
    let folded = name.to_lowercase();
    let limit = (name.chars().count() / 3).clamp(1, 5);
    candidates
        .into_iter()
        .take(MOST)
        .filter(|candidate| candidate.len().abs_diff(name.len()) <= 2 * limit + 2 && *candidate != name)
        .map(|candidate| (strsim::osa_distance(&folded, &candidate.to_lowercase()), candidate))
        .filter(|(distance, _)| *distance <= limit && *distance < name.chars().count())
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn the_nearest_name_is_found_and_far_ones_are_not() {
        assert_eq!(nearest("Pets", ["Dog", "Pet", "Petal"]), Some("Pet"));
        assert_eq!(nearest("pet", ["Dog", "Pet"]), Some("Pet"));
        assert_eq!(nearest("Pet", ["Dog", "Category"]), None);
        assert_eq!(nearest("compnents", ["components", "info"]), Some("components"));
    }
}
