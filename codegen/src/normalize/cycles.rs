//! Types that hold themselves: where a value must stand behind a pointer.

use std::collections::{BTreeMap, HashMap};

use crate::model::{Shape, Type, TypeDef};

/// Marks the fields and variants that lead back to the type that they are in, by way
/// of others perhaps, without a list or a map between: those values are boxed.
pub(super) fn mark(types: &mut BTreeMap<String, TypeDef>) {
    let circles = Circles::of(types);
    for (name, def) in types {
        let own = circles.of.get(name.as_str()).copied();
        let is_back = |ty: &Type| {
            let inner = held(ty).and_then(|inner| circles.of.get(inner));
            own.is_some() && inner == own.as_ref()
        };
        match &mut def.shape {
            Shape::Struct { fields, .. } => {
                for field in fields {
                    field.is_boxed = is_back(&field.ty);
                }
            }
            Shape::Union(variants) => {
                for variant in variants {
                    variant.is_boxed = is_back(&variant.ty);
                }
            }
            Shape::Enum(_) => {}
        }
    }
}

/// The named type of which a value of `ty` holds one in itself.
fn held(ty: &Type) -> Option<&str> {
    match ty {
        Type::Named(name) => Some(name),
        Type::Nullable(inner) => held(inner),
        _ => None,
    }
}

/// The circles of types that hold each other, by Tarjan's algorithm without
/// recursion.
struct Circles {
    /// The number of the circle that each type is in; types in none have none.
    of: HashMap<String, usize>,
}

impl Circles {
    fn of(types: &BTreeMap<String, TypeDef>) -> Self {
        let names: Vec<&str> = types.keys().map(String::as_str).collect();
        let numbers: HashMap<&str, usize> = names.iter().copied().zip(0..).collect();
        let inner: Vec<Vec<usize>> = types
            .values()
            .map(|def| {
                let direct = match &def.shape {
                    Shape::Struct { fields, .. } => fields.iter().map(|it| &it.ty).collect(),
                    Shape::Union(variants) => variants.iter().map(|it| &it.ty).collect(),
                    Shape::Enum(_) => Vec::new(),
                };
                let held = direct.into_iter().filter_map(held);
                held.filter_map(|name| numbers.get(name).copied()).collect()
            })
            .collect();
        let mut search = Search {
            inner: &inner,
            order: vec![None; names.len()],
            low: vec![0; names.len()],
            on_stack: vec![false; names.len()],
            stack: Vec::new(),
            next: 0,
            found: vec![None; names.len()],
            circles: 0,
        };
        for start in 0..names.len() {
            search.from(start);
        }
        let of = names.iter().zip(&search.found);
        let of = of.filter_map(|(name, circle)| Some(((*name).to_owned(), (*circle)?)));
        Self { of: of.collect() }
    }
}

struct Search<'i> {
    inner: &'i [Vec<usize>],
    order: Vec<Option<usize>>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Option<usize>>,
    circles: usize,
}

impl Search<'_> {
    fn from(&mut self, start: usize) {
        if self.order[start].is_some() {
            return;
        }
        let mut open = vec![(start, 0)];
        self.enter(start);
        while let Some((node, position)) = open.pop() {
            if let Some(child) = self.inner[node].get(position).copied() {
                open.push((node, position + 1));
                match self.order[child] {
                    None => {
                        self.enter(child);
                        open.push((child, 0));
                    }
                    Some(order) if self.on_stack[child] => {
                        self.low[node] = self.low[node].min(order);
                    }
                    Some(_) => {}
                }
                continue;
            }
            if let Some((around, _)) = open.last() {
                self.low[*around] = self.low[*around].min(self.low[node]);
            }
            if self.order[node] == Some(self.low[node]) {
                self.close(node);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.order[node] = Some(self.next);
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    /// Takes the circle that began at `node` off the stack; a type alone is in one
    /// only if it holds itself.
    fn close(&mut self, node: usize) {
        let start = self.stack.iter().rposition(|it| *it == node).unwrap_or(0);
        let members = self.stack.split_off(start);
        let is_circle = members.len() > 1 || self.inner[node].contains(&node);
        for member in members {
            self.on_stack[member] = false;
            self.found[member] = is_circle.then_some(self.circles);
        }
        self.circles += 1;
    }
}
