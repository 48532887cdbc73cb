//! Modules and features: which items of a crate stand together.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::{Scope, file_name, value_name};
use crate::limits::MOST_BY_DEFAULT;
use crate::model::Api;
use crate::plan::Plan;
use crate::surface::{Body, Call, Feature, Module, Output, Package, Surface, TypeModule, TypeRef};

/// Features that every crate has for other reasons.
const FEATURES: [&str; 9] = [
    "aws-lc-rs",
    "blocking",
    "default",
    "download",
    "full",
    "native-tls",
    "rustls",
    "tracing",
    "upload",
];

/// Crates that the emitted modules name, which a module of that name would hide, and
/// names of which Windows has no file.
const MODULES: [&str; 14] = [
    "alloc",
    "aux",
    "bytes",
    "client_runtime",
    "con",
    "core",
    "jiff",
    "nul",
    "prn",
    "reqwest",
    "serde",
    "serde_json",
    "std",
    "uuid",
];

/// The module of each resource of `api`, in the order of their names.
pub fn modules(api: &Api) -> Vec<Module> {
    let resources = api.operations.iter().map(|it| it.resource.as_str());
    let resources: BTreeSet<&str> = resources.collect();
    let module = |resource: &str| Module {
        name: module_name(resource),
        title: title(resource),
        feature: None,
    };
    resources.into_iter().map(module).collect()
}

/// The module of a resource.
pub fn module_name(resource: &str) -> String {
    let name = value_name(resource);
    if MODULES.contains(&name.as_str()) {
        return format!("{name}_api");
    }
    file_name(&name)
}

fn title(resource: &str) -> String {
    let words = resource.replace('_', " ");
    let mut characters = words.trim().chars();
    match characters.next() {
        Some(first) => first.to_uppercase().chain(characters).collect(),
        None => String::new(),
    }
}

/// What the manifest says that the plan knows.
pub fn package(plan: &Plan) -> Package {
    let of_plan = &plan.package;
    Package {
        name: of_plan.name.clone(),
        library: of_plan.name.replace('-', "_"),
        version: of_plan.version.clone(),
        description: of_plan.description.clone(),
        license: of_plan.license.clone(),
        repository: of_plan.repository.clone(),
        edition: of_plan.edition.clone(),
        keywords: of_plan.keywords.clone(),
        ..Package::default()
    }
}

/// Gives each resource a feature where there are several, and says what the whole
/// crate needs.
pub fn features(surface: &mut Surface) {
    let calls = &surface.calls;
    surface.package.download = calls.iter().any(needs_download);
    surface.package.upload = calls.iter().any(needs_upload);
    if surface.modules.len() < 2 {
        return;
    }
    surface.package.all_by_default = calls.len() <= MOST_BY_DEFAULT;
    let mut needs: HashMap<&str, (bool, bool)> = HashMap::new();
    for call in calls {
        let (download, upload) = needs.entry(&call.module).or_default();
        *download |= needs_download(call);
        *upload |= needs_upload(call);
    }
    let mut scope = Scope::with_reserved(FEATURES);
    let mut features = Vec::with_capacity(surface.modules.len());
    for module in &mut surface.modules {
        let wanted = module.name.replace('_', "-");
        let wanted = wanted.trim_matches('-');
        let name = if FEATURES.contains(&wanted) {
            scope.claim_feature(&format!("{wanted}-resource"))
        } else {
            scope.claim_feature(wanted)
        };
        let needed = needs.get(module.name.as_str()).copied();
        let (download, upload) = needed.unwrap_or_default();
        let enables = [("download", download), ("upload", upload)].into_iter();
        let enables = enables.filter(|(_, is_needed)| *is_needed);
        features.push(Feature {
            name: name.clone(),
            enables: enables.map(|(feature, _)| feature.to_owned()).collect(),
        });
        module.feature = Some(name);
    }
    features.sort_by(|one, other| one.name.cmp(&other.name));
    surface.package.features = features;
}

fn needs_download(call: &Call) -> bool {
    let mut alternatives = call.alternatives.iter();
    call.output == Output::Bytes || alternatives.any(|alternative| !alternative.is_text)
}

fn needs_upload(call: &Call) -> bool {
    matches!(call.body, Some(Body::Parts { .. } | Body::Content { .. }))
}

/// Puts the types that the same resources need into one file, so that each is
/// compiled only where one of these is; a crate of one resource has one file.
pub fn split_types(surface: &mut Surface) {
    if !surface.is_split() {
        return;
    }
    let users = users(surface);
    let mut groups: BTreeMap<&[usize], String> = BTreeMap::new();
    for users in users.iter().filter(|users| !users.is_empty()) {
        groups.entry(users).or_default();
    }
    let modules = &surface.modules;
    let mut scope = Scope::with_reserved(modules.iter().map(|module| module.name.as_str()));
    for (users, name) in &mut groups {
        let used_by: Vec<&Module> = users.iter().filter_map(|at| modules.get(*at)).collect();
        let names: Vec<&str> = used_by.iter().map(|module| module.name.as_str()).collect();
        *name = match names.as_slice() {
            [only] => (*only).to_owned(),
            [one, other] => scope.claim_value(&file_name(&format!("{one}_and_{other}"))),
            [first, more @ ..] => {
                scope.claim_value(&file_name(&format!("{first}_and_{}_more", more.len())))
            }
            [] => continue,
        };
        surface.type_modules.push(TypeModule {
            name: name.clone(),
            used_by: names.into_iter().map(str::to_owned).collect(),
            features: used_by
                .iter()
                .filter_map(|module| module.feature.clone())
                .collect(),
        });
    }
    for (item, users) in surface.types.iter_mut().zip(&users) {
        item.module = groups.get(users.as_slice()).cloned();
    }
    surface.types.retain(|item| item.module.is_some());
    let modules = &mut surface.type_modules;
    modules.sort_by(|one, other| one.name.cmp(&other.name));
}

/// The modules, by their place, whose calls need each type, directly or by way of
/// others.
fn users(surface: &Surface) -> Vec<Vec<usize>> {
    let places = surface.types.iter().enumerate();
    let index_of: HashMap<&str, usize> = places
        .map(|(index, item)| (item.name.as_str(), index))
        .collect();
    let find = |ty: &TypeRef| index_of.get(ty.named()?).copied();
    let held: Vec<Vec<usize>> = surface
        .types
        .iter()
        .map(|item| item.parts().into_iter().filter_map(find).collect())
        .collect();
    let mut roots: HashMap<&str, Vec<usize>> = HashMap::new();
    for call in &surface.calls {
        let types = call.sent().into_iter().chain(call.received());
        let found = types.filter_map(|ty| find(&ty));
        roots.entry(&call.module).or_default().extend(found);
    }
    let mut users: Vec<Vec<usize>> = vec![Vec::new(); surface.types.len()];
    for (place, module) in surface.modules.iter().enumerate() {
        let mut open = roots.remove(module.name.as_str()).unwrap_or_default();
        while let Some(index) = open.pop() {
            if users[index].last() != Some(&place) {
                users[index].push(place);
                open.extend(&held[index]);
            }
        }
    }
    users
}
