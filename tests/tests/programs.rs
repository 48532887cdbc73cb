//! The programs of every README and the example programs run, against a mock server, as
//! they are printed. They are compiled together, as modules of one crate.

#[path = "programs/mock.rs"]
mod mock;
mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use codegen::{Document, GeneratedCrate, Plan, Runtime, Surface, generate};
use mock::serve;
use support::emitted::{cargo, root, write};

/// A crate whose README has programs.
struct Library {
    /// Its name in Rust.
    name: &'static str,
    /// The environment that its programs run in, but for the base URL.
    environment: &'static [(&'static str, &'static str)],
    base_url: &'static str,
    /// A header that every request of a README's program has.
    credential: (&'static str, &'static str),
}

const CERTIFICATES: Library = Library {
    name: "cloudflare_client_certificates",
    environment: &[("CLOUDFLARE_API_TOKEN", "test-token")],
    base_url: "CLOUDFLARE_BASE_URL",
    credential: ("authorization", "Bearer test-token"),
};

const PETS: Library = Library {
    name: "pets",
    environment: &[("PETS_PET_KEY", "test-key")],
    base_url: "PETS_BASE_URL",
    credential: ("x-pet-key", "test-key"),
};

/// The crate of a document with uploads, downloads and keys of its own, and no preset.
fn pets() -> GeneratedCrate {
    let document = Document::parse("pets.yaml", include_bytes!("programs/pets.yaml"));
    let mut plan = Plan::for_package("pets");
    let runtime = root().join("codegen/runtime");
    plan.package.runtime = Runtime::Path(runtime.to_str().expect("UTF-8").to_owned());
    plan.example = Some(codegen::plan::Program {
        name: "pet".to_owned(),
        operation: "get-pet".to_owned(),
    });
    let (emitted, _) = generate(&document.expect("a document"), &plan).expect("a crate");
    emitted
}

/// The program that has all others as modules, and their names.
struct Programs {
    path: PathBuf,
    names: Vec<String>,
}

static PROGRAMS: LazyLock<Programs> = LazyLock::new(|| {
    let pets = pets();
    let read = |path: &str| std::fs::read_to_string(root().join(path)).expect(path);
    let mut modules = BTreeMap::new();
    for (name, library, text) in [
        ("workspace_readme", &CERTIFICATES, read("README.md")),
        (
            "certificates_readme",
            &CERTIFICATES,
            read("generated-client/README.md"),
        ),
        ("pets_readme", &PETS, pets.files["README.md"].clone()),
    ] {
        for (index, block) in blocks(&text).iter().enumerate() {
            modules.insert(format!("{name}_{}", index + 1), module(library, block));
        }
    }
    for (name, text) in [
        (
            "certificates_example",
            read("generated-client/examples/reactivate.rs"),
        ),
        ("pets_example", pets.files["examples/pet.rs"].clone()),
        ("wire", include_str!("programs/wire.rs").to_owned()),
    ] {
        modules.insert(name.to_owned(), module(&PETS, &text));
    }
    build(&pets, modules)
});

/// The blocks of Rust in a text of Markdown, without the marks of hidden lines.
fn blocks(markdown: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut lines = markdown.lines();
    while let Some(line) = lines.next() {
        if !line.starts_with("```") {
            continue;
        }
        let block = lines.by_ref().take_while(|line| *line != "```");
        let block: Vec<&str> = block
            .map(|line| line.strip_prefix("# ").unwrap_or(line))
            .collect();
        if line.starts_with("```rust") {
            blocks.push(block.join("\n"));
        }
    }
    blocks
}

/// The module of a block: its text, and a function `run` that runs what it has.
fn module(library: &Library, block: &str) -> String {
    let name = library.name;
    let mut steps = Vec::new();
    for line in block.lines() {
        let is_async = line.starts_with("async fn ");
        let Some(signature) = line.trim_start_matches("async ").strip_prefix("fn ") else {
            continue;
        };
        let (function, rest) = signature.split_once('(').expect("arguments");
        let client = format!("{name}::Client::from_env()?");
        steps.push(match (function, rest.split(" -> ").nth(1), is_async) {
            ("main", ..) => "crate::report(main())?;".to_owned(),
            (_, Some("Result<Client, Error> {"), false) => format!(
                "let sent = {function}()?.request({name}::reqwest::Method::GET, \"/probe\").send_raw();
                 assert_eq!(crate::block_on(sent)?.status(), 200);"
            ),
            (_, Some("Result<Vec<Client>, Error> {"), false) => {
                format!("assert!(!{function}()?.is_empty());")
            }
            _ if rest.starts_with("client: ") && is_async => {
                format!("crate::block_on({function}({client}))?;")
            }
            _ if rest.starts_with("client: ") => format!("{function}({client})?;"),
            // What others in the block call.
            _ => continue,
        });
    }
    assert!(!steps.is_empty(), "nothing can be run in\n{block}");
    let steps = steps.join("\n");
    format!(
        "{block}
         pub fn run() -> Result<(), Box<dyn std::error::Error>> {{
             {steps}
             Ok(())
         }}"
    )
}

const MAIN: &str = r#"
#![allow(dead_code, reason = "programs of a README")]

MODULES

fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(future)
}

fn report(outcome: impl std::process::Termination) -> Result<(), &'static str> {
    let code = format!("{:?}", outcome.report());
    let success = format!("{:?}", std::process::ExitCode::SUCCESS);
    if code == success { Ok(()) } else { Err("it failed") }
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    match std::env::var("PROGRAM")?.as_str() {
        ARMS
        other => panic!("there is no program {other}"),
    }
}
"#;

const MANIFEST: &str = r#"
[package]
name = "programs"
version = "0.1.0"
edition = "2024"

[features]
default = ["blocking"]
blocking = []

[dependencies]
cloudflare-client-certificates = { path = "CERTIFICATES", features = ["blocking"] }
pets = { path = "pets", features = ["blocking"] }
serde_json = "1"
tokio = { version = "1", features = ["io-util", "macros", "net", "rt-multi-thread"] }

[profile.dev]
debug = false

[workspace]
"#;

fn build(pets: &GeneratedCrate, modules: BTreeMap<String, String>) -> Programs {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs");
    write(&folder.join("pets"), &pets.files);
    let names: Vec<String> = modules.keys().cloned().collect();
    let declared: Vec<String> = names.iter().map(|name| format!("mod {name};")).collect();
    let arms = names
        .iter()
        .map(|name| format!("{name:?} => {name}::run(),"));
    let arms: Vec<String> = arms.collect();
    let mut files: BTreeMap<String, String> = modules
        .into_iter()
        .map(|(name, text)| (format!("src/{name}.rs"), text))
        .collect();
    let main = MAIN.replace("MODULES", &declared.join("\n"));
    files.insert(
        "src/main.rs".to_owned(),
        main.replace("ARMS", &arms.join("\n")),
    );
    let client = root().join("generated-client");
    let client = client.to_str().expect("UTF-8");
    files.insert(
        "Cargo.toml".to_owned(),
        MANIFEST.replace("CERTIFICATES", client),
    );
    write(&folder, &files);
    let target = cargo(&folder, &["build"]);
    Programs {
        path: target.join("debug/programs"),
        names,
    }
}

/// Runs the program `name` in an environment that has nothing but `variables`.
fn run(name: &str, variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(&PROGRAMS.path);
    // The upload of the README reads a file.
    command.current_dir(Path::new(env!("CARGO_TARGET_TMPDIR")).join("programs"));
    command.env_clear().env("PROGRAM", name);
    let output = command.envs(variables.iter().copied()).output();
    output.expect("a run")
}

fn assert_success(name: &str, output: &Output) {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (out, error) = (text(&output.stdout), text(&output.stderr));
    assert!(output.status.success(), "{name}: {out}\n{error}");
}

/// Runs the programs of a README against a server, each as a process of its own.
fn run_readme(prefix: &str, library: &Library, surface: Surface) {
    let names: Vec<&String> = PROGRAMS
        .names
        .iter()
        .filter(|name| name.starts_with(prefix))
        .collect();
    assert!(!names.is_empty(), "{prefix}");
    let (server, _) = serve(surface, library.credential);
    let base_url = server.base_url();
    let mut variables = library.environment.to_vec();
    variables.push((library.base_url, &base_url));
    for name in names {
        assert_success(name, &run(name, &variables));
    }
}

fn certificates() -> Surface {
    let path = root().join("generated-client/surface.json");
    Surface::parse(&std::fs::read_to_string(path).expect("a file")).expect("a surface")
}

#[test]
fn every_program_of_the_workspaces_readme_runs() {
    run_readme("workspace_readme_", &CERTIFICATES, certificates());
}

#[test]
fn every_program_of_the_checked_in_clients_readme_runs() {
    run_readme("certificates_readme_", &CERTIFICATES, certificates());
}

#[test]
fn every_program_of_the_readme_of_a_crate_without_a_preset_runs() {
    std::fs::write(
        PROGRAMS
            .path
            .ancestors()
            .nth(3)
            .expect("a folder")
            .join("programs/image.png"),
        "a picture",
    )
    .expect("a file");
    run_readme("pets_readme_", &PETS, pets().surface);
}

#[test]
fn examples_run_with_credentials_against_the_server_and_without_against_their_own() {
    for (name, library, surface, arguments) in [
        ("certificates_example", &CERTIFICATES, certificates(), 2),
        ("pets_example", &PETS, pets().surface, 1),
    ] {
        let alone = run(name, &[]);
        assert_success(name, &alone);
        let said = String::from_utf8_lossy(&alone.stdout).into_owned();
        assert!(said.contains("is not set: calling a mock server"), "{said}");
        let (server, requests) = serve(surface, library.credential);
        let base_url = server.base_url();
        let mut variables = library.environment.to_vec();
        variables.push((library.base_url, &base_url));
        let refused = run(name, &variables);
        let said = String::from_utf8_lossy(&refused.stderr).into_owned();
        assert!(
            !refused.status.success() && said.contains("usage: "),
            "{said}"
        );
        let mut command = Command::new(&PROGRAMS.path);
        command.env_clear().env("PROGRAM", name).envs(variables);
        let output = command.args(vec!["x"; arguments]).output().expect("a run");
        assert_success(name, &output);
        assert_eq!(requests.seen().len(), 1);
    }
}

#[test]
fn a_crate_without_a_preset_sends_what_its_document_says() {
    let (server, requests) = serve(pets().surface, PETS.credential);
    let base_url = server.base_url();
    let variables = [
        ("PETS_PET_KEY", "test-key"),
        ("PETS_BASE_URL", base_url.as_str()),
    ];
    assert_success("wire", &run("wire", &variables));
    let requests = requests.seen();
    let seen: Vec<String> = requests
        .iter()
        .map(|seen| {
            let path = seen.line.replace(&base_url, "");
            let key = if seen.given {
                "with the key"
            } else {
                "without the key"
            };
            let authorization = seen.authorization.as_deref().unwrap_or("-");
            format!("{path} {key}, {authorization} {}", seen.body)
                .trim_end()
                .to_owned()
        })
        .collect();
    assert_eq!(
        seen,
        [
            "GET /pets?per_page=20 with the key, -",
            "GET /pets/a%2Fb%20c%3F with the key, -",
            "GET /pets/Rex with the key, -",
            r#"POST /pets with the key, - {"name":"Rex","weight":4}"#,
            r#"POST /pets with the key, - {"name":"Mia","weight":0.5}"#,
            "GET /health without the key, -",
            // `printf 'me:it: is' | base64`
            "GET /staff without the key, Basic bWU6aXQ6IGlz",
        ]
    );
}
