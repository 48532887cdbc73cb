//! How a figure is spread over documents.

use serde::Serialize;

use crate::survey::run::Tried;

/// How a figure is spread over the documents.
#[derive(Debug, Clone, Serialize)]
pub struct Measure {
    /// What is measured.
    pub what: &'static str,
    /// The figure of which half are below, then nine of ten, 99 of 100, the highest:
    /// in microseconds, bytes or lines.
    pub percentiles: [u64; 4],
    /// The document with the highest.
    pub document: String,
}

/// How a figure is spread; nothing where no document has it.
pub fn measure(
    what: &'static str,
    tried: &[Tried],
    figure: impl Fn(&Tried) -> Option<u64>,
) -> Option<Measure> {
    let mut figures: Vec<(u64, &Tried)> = tried
        .iter()
        .filter_map(|one| Some((figure(one)?, one)))
        .collect();
    figures.sort_by_key(|(figure, _)| *figure);
    let last = figures.len().checked_sub(1)?;
    // The nearest rank: a figure that a document has.
    let at = |hundredths: usize| {
        let rank = (figures.len() * hundredths).div_ceil(100);
        let figure = figures.get(rank.saturating_sub(1).min(last));
        figure.map_or(0, |(figure, _)| *figure)
    };
    let (_, most) = figures.get(last)?;
    Some(Measure {
        what,
        percentiles: [at(50), at(90), at(99), at(100)],
        document: most.candidate.name.clone(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;
    use std::time::Duration;

    use super::*;
    use crate::survey::collect::Candidate;
    use crate::survey::record::{Generation, Outcome};

    #[test]
    fn percentiles_are_figures_of_documents() {
        let tried: Vec<Tried> = (1..=200)
            .map(|memory| Tried {
                candidate: Candidate {
                    path: PathBuf::new(),
                    name: memory.to_string(),
                },
                hash: String::new(),
                generation: Generation {
                    version: None,
                    outcome: Outcome::TimedOut,
                    wall: Duration::ZERO,
                    cpu: Duration::ZERO,
                    memory,
                },
            })
            .collect();
        let measure = measure("memory", &tried, |one| Some(one.generation.memory));
        let measure = measure.expect("a measure");
        assert_eq!(measure.percentiles, [100, 180, 198, 200]);
        assert_eq!(measure.document, "200");
    }
}
