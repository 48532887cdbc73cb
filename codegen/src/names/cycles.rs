//! Which types hold themselves, so that they need a `Box`.

use std::collections::{HashMap, HashSet};

use crate::model::{Api, Type};

/// The groups of types that hold each other: two are in the same one if each can
/// hold the other without a list or a map between them.
#[derive(Debug, Default)]
pub struct Cycles<'a> {
    component: HashMap<&'a str, usize>,
    /// Types that are a field or an alternative of themselves.
    own: HashSet<&'a str>,
}

impl<'a> Cycles<'a> {
    /// Those of `api`.
    pub fn of(api: &'a Api) -> Self {
        let names: Vec<&str> = api.types.keys().map(String::as_str).collect();
        let places = names.iter().enumerate();
        let index_of: HashMap<&str, usize> = places.map(|(index, name)| (*name, index)).collect();
        let held: Vec<Vec<usize>> = api
            .types
            .values()
            .map(|def| {
                let parts = def.shape.parts().filter_map(directly);
                parts
                    .filter_map(|name| index_of.get(name).copied())
                    .collect()
            })
            .collect();
        let component = components(&held);
        let own = names.iter().enumerate();
        let own = own.filter(|(index, _)| held[*index].contains(index));
        Self {
            own: own.map(|(_, name)| *name).collect(),
            component: names.iter().copied().zip(component).collect(),
        }
    }

    /// Whether a value of `ty` in a field or an alternative of the type `owner` can
    /// hold a value of `owner` in itself.
    pub fn needs_box(&self, owner: &str, ty: &Type) -> bool {
        let Some(held) = directly(ty) else {
            return false;
        };
        if held == owner {
            return self.own.contains(owner);
        }
        let component = self.component.get(held);
        component.is_some() && component == self.component.get(owner)
    }
}

/// The type that is in a value of `ty` itself, and not behind a list or a map.
fn directly(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(name) => Some(name),
        Type::Nullable(inner) => directly(inner),
        _ => None,
    }
}

/// The strongly connected component of each node, whose edges are `held`: Tarjan's
/// algorithm, without recursion.
fn components(held: &[Vec<usize>]) -> Vec<usize> {
    const UNSEEN: usize = usize::MAX;
    let count = held.len();
    let (mut order, mut lowest) = (vec![UNSEEN; count], vec![0; count]);
    let (mut component, mut found) = (vec![UNSEEN; count], 0);
    let (mut open, mut clock) = (Vec::new(), 0);
    for start in 0..count {
        if order[start] != UNSEEN {
            continue;
        }
        let mut walk = vec![(start, 0)];
        while let Some((node, edge)) = walk.pop() {
            if edge == 0 {
                order[node] = clock;
                lowest[node] = clock;
                clock += 1;
                open.push(node);
            }
            if let Some(&next) = held[node].get(edge) {
                walk.push((node, edge + 1));
                if order[next] == UNSEEN {
                    walk.push((next, 0));
                } else if component[next] == UNSEEN {
                    lowest[node] = lowest[node].min(order[next]);
                }
                continue;
            }
            if lowest[node] == order[node] {
                while let Some(member) = open.pop() {
                    component[member] = found;
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
            if let Some(&(parent, _)) = walk.last() {
                lowest[parent] = lowest[parent].min(lowest[node]);
            }
        }
    }
    component
}

#[cfg(test)]
mod tests {
    use super::components;

    #[test]
    fn nodes_that_reach_each_other_are_one_component() {
        // 0 -> 1 -> 2 -> 0, 2 -> 3, 4 alone.
        let found = components(&[vec![1], vec![2], vec![0, 3], vec![], vec![]]);
        assert_eq!(found[0], found[1]);
        assert_eq!(found[1], found[2]);
        assert_ne!(found[2], found[3]);
        assert_ne!(found[3], found[4]);
    }

    #[test]
    fn a_long_chain_does_not_exhaust_the_stack() {
        let chain: Vec<Vec<usize>> = (0..100_000)
            .map(|node| vec![(node + 1) % 100_000])
            .collect();
        let found = components(&chain);
        assert!(found.iter().all(|component| *component == found[0]));
    }
}
