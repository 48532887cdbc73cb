//! All names of a crate, in the order in which they matter to each other: types, then
//! calls, then modules.

use std::collections::{BTreeMap, HashMap};

use super::{Scope, calls, modules, readme, types};
use crate::model::Api;
use crate::plan::Plan;
use crate::protocol::{Protocol, SecuritySource};
use crate::surface::{self, FORMAT, Security, Source, Surface};

/// What a surface needs to be told besides the model.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The person's choices.
    pub plan: &'a Plan,
    /// How the API is spoken to.
    pub protocol: Protocol,
    /// What the crate is made from.
    pub source: Source,
    /// The credentials that operations ask for, by method (in capitals) and path; an
    /// operation that is missing sends those of its client.
    pub security: BTreeMap<(String, String), Vec<Vec<String>>>,
}

impl Facts<'_> {
    /// Which credentials the operation `method path` sends.
    pub(super) fn security_of(&self, method: &str, path: &str) -> Security {
        if self.protocol.security == SecuritySource::Client {
            return Security::Client;
        }
        let is_known = |name: &String| {
            let mut schemes = self.protocol.schemes.iter();
            schemes.any(|scheme| scheme.name == *name)
        };
        let asked_for = self.security.get(&(method.to_owned(), path.to_owned()));
        match asked_for {
            None => Security::Client,
            Some(alternatives) if alternatives.is_empty() => Security::None,
            Some(alternatives) => {
                let usable = alternatives.iter();
                let usable = usable.filter(|schemes| schemes.iter().all(is_known));
                let usable: Vec<Vec<String>> = usable.cloned().collect();
                match usable.as_slice() {
                    [] => Security::Client,
                    [only] if only.is_empty() => Security::None,
                    _ => Security::AnyOf(usable),
                }
            }
        }
    }
}

/// The public interface of the crate that `api` becomes.
pub fn claim(api: &Api, facts: &Facts<'_>) -> Surface {
    let names = types::names(api);
    let mut surface = Surface {
        format: FORMAT,
        title: api.title.clone(),
        modules: modules::modules(api),
        type_modules: Vec::new(),
        calls: Vec::new(),
        types: types::items(api, &names),
        formats: api.formats().into_iter().map(Into::into).collect(),
        readme: surface::Readme::default(),
        program: None,
        package: modules::package(facts.plan),
        source: facts.source.clone(),
        protocol: facts.protocol.clone(),
    };
    surface.calls = calls::calls(api, &names, facts, &surface);
    modules::features(&mut surface);
    modules::split_types(&mut surface);
    surface.readme = readme::readme(&surface, facts.plan);
    surface.program = readme::program(&surface, facts.plan);
    surface
}

/// The final names of the model's types, by the model's.
pub(super) type TypeNames = HashMap<String, String>;

/// Claims `wanted` names, each of which is unique: those that are not `reserved` keep
/// their spelling, whatever the others become.
pub(super) fn claim_all<'n>(
    wanted: impl Iterator<Item = &'n String>,
    reserved: &[&str],
) -> TypeNames {
    let mut scope = Scope::with_reserved(reserved.iter().copied());
    let (others, free): (Vec<&String>, Vec<&String>) =
        wanted.partition(|name| reserved.contains(&name.as_str()));
    free.into_iter()
        .chain(others)
        .map(|name| (name.clone(), scope.claim_type(name)))
        .collect()
}
