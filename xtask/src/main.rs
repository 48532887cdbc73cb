//! The command line of this workspace.

mod clean;
mod coverage;
mod files;
mod generate;
mod input;
mod names;
mod operations;
mod slice;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Turns an OpenAPI document into a Rust client crate, and keeps the two together.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the client crate of a document; the checked-in one, if no document is named.
    Generate(generate::Arguments),
    /// Write the part of a document that the chosen operations need.
    Slice(slice::Arguments),
    /// Say how far the operations and the examples of a document come.
    Coverage(coverage::Arguments),
    /// Repair what is wrong in a document, and say what that was.
    Clean(clean::Arguments),
    /// Say what the operations and types of a document would be called.
    Names(names::Arguments),
    /// List the operations of a document.
    Operations(operations::Arguments),
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Slice(arguments) => slice::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Clean(arguments) => clean::run(&arguments),
        Command::Names(arguments) => names::run(&arguments),
        Command::Operations(arguments) => operations::run(&arguments),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
