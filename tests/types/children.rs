//! Parents and what extends them: whatever a child has, its parent holds.

use oas_types_runtime::{from_str, to_string};

use crate::children::{
    Animal, AnimalChild, Cat, Created, Event, EventChildByDiscriminator, Fish, Mammal, MammalChild, Note, new,
};

const CAT: &str = r#"{"kind":"Cat","name":"Tom","legs":4,"lives":9007199254740993,"owner":{"id":"a","more":1.50}}"#;

#[test]
fn a_place_of_the_parent_keeps_all_that_a_child_has() {
    let animal: Animal = from_str(CAT).expect("an animal");
    assert_eq!(animal.name.as_deref(), Some("Tom"));
    assert_eq!(to_string(&animal).expect("JSON"), CAT);
    let many: Vec<Animal> = from_str(&format!("[{CAT}, {CAT}]")).expect("animals");
    assert_eq!(many, [animal.clone(), animal]);
}

#[test]
fn the_discriminator_names_the_child_that_a_value_is() {
    let animal: Animal = from_str(CAT).expect("an animal");
    let Ok(AnimalChild::Cat(cat)) = AnimalChild::try_from(&animal) else { panic!("a cat") };
    assert_eq!((cat.lives, cat.legs, cat.owner.expect("an owner").id.as_str()), (9_007_199_254_740_993, 4, "a"));
    let mammal: Mammal = from_str(CAT).expect("a mammal");
    assert!(matches!(MammalChild::try_from(&mammal), Ok(MammalChild::Cat(_))));
    let fish: Animal = from_str(r#"{"kind":"Fish","fins":2.50}"#).expect("an animal");
    assert!(matches!(AnimalChild::try_from(&fish), Ok(AnimalChild::Fish(Fish { fins, .. })) if fins > 2.0));
}

#[test]
fn a_child_becomes_its_parent() {
    let cat: Cat = new::Cat { kind: "Cat".to_owned(), legs: 4, lives: 9 }.into();
    let animal = Animal::try_from(AnimalChild::from(cat.clone())).expect("an animal");
    assert_eq!(to_string(&animal).expect("JSON"), r#"{"kind":"Cat","legs":4,"lives":9}"#);
    assert_eq!(AnimalChild::try_from(&animal).expect("a child"), AnimalChild::Cat(cat));
}

#[test]
fn a_child_that_lacks_what_it_must_have_is_none() {
    let animal: Animal = from_str(r#"{"kind":"Cat","name":"Tom","legs":4}"#).expect("an animal");
    let error = AnimalChild::try_from(&animal).expect_err("no cat");
    assert_eq!(error.to_string(), "expected Cat with all that it must have, found an object without `lives`");
}

#[test]
fn a_value_that_names_no_child_is_kept() {
    let text = r#"{"kind":"Unicorn","horns":1}"#;
    let animal: Animal = from_str(text).expect("an animal");
    let child = AnimalChild::try_from(&animal).expect("a child");
    assert!(matches!(&child, AnimalChild::Unknown(value) if value["horns"] == 1), "{child:?}");
    assert_eq!(to_string(&Animal::try_from(child).expect("an animal")).expect("JSON"), text);
}

#[test]
fn several_values_may_name_one_child_and_one_the_parent_itself() {
    for name in ["made", "created"] {
        let event: Event = from_str(&format!(r#"{{"type":"{name}","by":"me"}}"#)).expect("an event");
        let child = EventChildByDiscriminator::try_from(&event).expect("a child");
        assert!(matches!(&child, EventChildByDiscriminator::Created(Created { by, .. }) if by == "me"), "{child:?}");
    }
    let event: Event = from_str(r#"{"type":"plain","more":1}"#).expect("an event");
    assert_eq!(EventChildByDiscriminator::try_from(&event).expect("a child"), EventChildByDiscriminator::Event(event));
}

#[test]
fn what_nothing_extends_has_no_children() {
    let text = r#"{"kind":"x","text":"y","z":1.0}"#;
    assert_eq!(to_string(&from_str::<Note>(text).expect("a note")).expect("JSON"), text);
}
