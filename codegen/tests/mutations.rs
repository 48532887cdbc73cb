//! A few of the documents that the example `mutations` makes by thousands.

#[path = "../examples/mutations/mutator.rs"]
mod mutator;

use codegen::slice::Selection;
use codegen::{Document, Plan, clean_document, generate};
use fastrand::Rng;
use serde_json::Value;

const TEXTS: [&str; 6] = [
    include_str!("shop.yaml"),
    include_str!("media.yaml"),
    include_str!("clashes.yaml"),
    include_str!("clean/contradictory-parts.yaml"),
    include_str!("clean/endless-schema.yaml"),
    include_str!("clean/foreign-reference.yaml"),
];

/// Cleaned, and cleaned again; then generated from, which may be refused.
fn stand(text: &[u8]) {
    let Ok(document) = Document::parse("mutated", text) else {
        return;
    };
    if let Ok(once) = clean_document(&document, &Selection::default()) {
        let text = once.value().to_string();
        let again = Document::parse("cleaned", text.as_bytes()).expect("a document");
        let twice = clean_document(&again, &Selection::default()).expect("a clean document");
        assert!(twice.repairs().iter().all(|repair| repair.is_note()));
    }
    let _ = generate(&document, &Plan::for_package("mutated"));
}

#[test]
fn a_document_that_went_wrong_anywhere_is_taken_or_refused() {
    for (number, text) in (0..).zip(TEXTS.iter().cycle().take(120)) {
        let document = Document::parse("whole", text.as_bytes()).expect("a document");
        let mut rng = Rng::with_seed(number);
        let value: Value = mutator::structural(document.value(), &mut rng);
        stand(value.to_string().as_bytes());
        stand(&mutator::bytes(text.as_bytes(), &mut rng));
    }
}
