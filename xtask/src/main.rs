//! The command line of this workspace.

mod bench;
mod clean;
mod coverage;
mod files;
mod generate;
mod input;
mod names;
mod operations;
mod process;
mod repairs;
mod runtime;
mod say;
mod slice;
mod survey;
mod table;

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
    /// Try many documents, and say how many become a client that compiles, and why others do not.
    Survey(survey::Arguments),
    /// Measure generating and compiling a large client, beside other generators.
    Bench(bench::Arguments),
    /// Try one document of a survey, in a process of its own.
    #[command(hide = true)]
    SurveyDocument(survey::document::Arguments),
    /// Run the job that the standard input describes within its limits, and measure it.
    #[command(hide = true)]
    Supervise,
}

fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Generate(arguments) => generate::run(&arguments),
        Command::Slice(arguments) => slice::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Clean(arguments) => clean::run(&arguments),
        Command::Names(arguments) => names::run(&arguments),
        Command::Operations(arguments) => operations::run(&arguments),
        Command::Survey(arguments) => survey::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::SurveyDocument(arguments) => survey::document::run(&arguments),
        Command::Supervise => process::supervise(),
    };
    match result {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {}", say::line(&error.to_string()));
            ExitCode::FAILURE
        }
    }
}
