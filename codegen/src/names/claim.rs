//! All names of a crate, in the order in which they matter to each other: types, then
//! calls, then modules.

use std::collections::HashMap;

use super::{Scope, calls, modules, readme, types};
use crate::model::{Api, Requirement};
use crate::plan::Plan;
use crate::protocol::declared::names as scheme_names;
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
}

impl Facts<'_> {
    /// Which credentials an operation of `api` sends whose own `security` is `own`. One
    /// that asks for nothing that a client knows sends none.
    pub(super) fn security_of(&self, api: &Api, own: Option<&Vec<Requirement>>) -> Security {
        let has_none = self.protocol.schemes.is_empty();
        if has_none || self.protocol.security == SecuritySource::Client {
            return Security::Client;
        }
        let is_known = |name: &String| {
            let mut schemes = self.protocol.schemes.iter();
            schemes.any(|scheme| scheme.name == *name)
        };
        let asked_for = own.or(api.security.as_ref()).into_iter().flatten();
        let usable: Vec<Vec<String>> = asked_for
            .map(scheme_names)
            .filter(|schemes| schemes.iter().all(is_known))
            .collect();
        if usable.iter().all(Vec::is_empty) {
            Security::None
        } else {
            Security::AnyOf(usable)
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
