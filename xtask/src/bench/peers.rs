//! The generators with which ours is compared, and how each is called.

use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::input::Error;
use crate::process::Job;

/// A generator of Rust clients.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// What it is called, which is also its program's name.
    pub name: &'static str,
    /// How it is installed.
    pub install: &'static str,
    /// What makes a crate of `{spec}` in `{out}`.
    arguments: &'static [&'static str],
    /// What prints its version; nothing where nothing does.
    version: &'static [&'static str],
    /// What it makes.
    makes: Makes,
}

/// All that are known.
pub const PEERS: [Peer; 5] = [
    Peer {
        name: "cargo-progenitor",
        install: "cargo install cargo-progenitor",
        arguments: &[
            "progenitor",
            "--input",
            "{spec}",
            "--output",
            "{out}",
            "--name",
            "bench-client",
            "--version",
            "0.1.0",
        ],
        version: &[],
        makes: Makes::Crate,
    },
    Peer {
        name: "ploidy",
        install: "cargo install ploidy",
        arguments: &["generate", "rust", "{spec}", "--output", "{out}"],
        version: &["--version"],
        makes: Makes::Crate,
    },
    Peer {
        name: "oas3-gen",
        install: "cargo install oas3-gen",
        arguments: &[
            "generate",
            "client-mod",
            "-i",
            "{spec}",
            "-o",
            "{out}/src/api",
        ],
        version: &["--version"],
        makes: Makes::Modules(OAS3_GEN),
    },
    Peer {
        name: "openapi-to-rust",
        install: "cargo install openapi-to-rust",
        arguments: &[
            "generate",
            "{spec}",
            "--output-dir",
            "{out}/src/api",
            "--module-name",
            "api",
            "--quiet",
        ],
        version: &["--version"],
        makes: Makes::ModulesWith("src/api/REQUIRED_DEPS.toml"),
    },
    Peer {
        name: "openapi-generator-cli",
        install: "pip install openapi-generator-cli (or npm install -g @openapitools/openapi-generator-cli)",
        arguments: &[
            "generate",
            "--generator-name",
            "rust",
            "--input-spec",
            "{spec}",
            "--output",
            "{out}",
            "--skip-validate-spec",
        ],
        version: &["version"],
        makes: Makes::Crate,
    },
];

/// What the modules of oas3-gen depend on: its documentation names the support crate,
/// and what they name themselves is in that.
const OAS3_GEN: &str = "\
[dependencies]
oas3-gen-support = \"*\"
";

/// What a generator makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Makes {
    /// A crate.
    Crate,
    /// Modules in `src/api`, which need this in the manifest of a crate around them.
    Modules(&'static str),
    /// Modules in `src/api`, and this file with what they need in the manifest.
    ModulesWith(&'static str),
}

/// A generator that can be called here.
#[derive(Debug, Clone)]
pub struct Tool {
    /// What it is called in the tables.
    pub name: String,
    /// Its version, as it says it.
    pub version: String,
    program: PathBuf,
    arguments: Vec<String>,
    /// What it makes.
    pub makes: Makes,
}

impl Tool {
    /// This program.
    ///
    /// # Errors
    ///
    /// It cannot be found.
    pub fn ours(program: &Path) -> Self {
        let arguments = [
            "generate",
            "--spec",
            "{spec}",
            "--package",
            "bench-client",
            "--out",
            "{out}",
        ];
        Self {
            name: OURS.to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            program: program.to_owned(),
            arguments: arguments.map(str::to_owned).to_vec(),
            makes: Makes::Crate,
        }
    }

    /// What makes a crate of the document `spec` in the folder `out`.
    pub fn job(&self, spec: &Path, out: &Path, time: Duration) -> Job {
        let (spec, out) = (spec.to_string_lossy(), out.to_string_lossy());
        let arguments = self.arguments.iter();
        let filled = arguments.map(|word| word.replace("{spec}", &spec).replace("{out}", &out));
        Job::new(&self.program, time).arguments(filled)
    }
}

/// What this program is called in the tables.
pub const OURS: &str = "ours";

/// How long a generator may take to say its version.
const VERSION_TIME: Duration = Duration::from_secs(20);

/// The peers that are installed in `folders` or on the path, and those that are not.
///
/// # Errors
///
/// The supervisor cannot be run.
pub fn installed(folders: &[PathBuf], supervisor: &Path) -> Result<(Vec<Tool>, Vec<Peer>), Error> {
    let path = env::var_os("PATH").unwrap_or_default();
    let places: Vec<PathBuf> = folders
        .iter()
        .cloned()
        .chain(env::split_paths(&path))
        .collect();
    let (mut tools, mut missing) = (Vec::new(), Vec::new());
    for peer in PEERS {
        let mut programs = places.iter().map(|place| place.join(peer.name));
        let Some(program) = programs.find(|program| program.is_file()) else {
            missing.push(peer);
            continue;
        };
        // The program runs in another folder than this one.
        let program = std::path::absolute(&program)
            .map_err(|error| Error::file(&program, "cannot be found", error))?;
        let version = match peer.version {
            [] => String::new(),
            arguments => {
                let job = Job::new(&program, VERSION_TIME).arguments(arguments);
                let said = job.run(supervisor)?.stdout;
                let last = said
                    .lines()
                    .next()
                    .and_then(|line| line.split(' ').next_back());
                last.unwrap_or_default().to_owned()
            }
        };
        tools.push(Tool {
            name: peer.name.to_owned(),
            version,
            program,
            arguments: peer
                .arguments
                .iter()
                .map(|word| (*word).to_owned())
                .collect(),
            makes: peer.makes,
        });
    }
    Ok((tools, missing))
}
