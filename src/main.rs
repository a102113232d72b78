//! Hands the arguments to `cli`, prints the error, sets the exit code.

use std::error::Error;
use std::process::ExitCode;

fn main() -> ExitCode {
    match kelisim::cli::run() {
        Ok(code) => code,
        Err(fault) => {
            eprintln!("kelisim: {}", causes(&fault));
            ExitCode::from(fault.exit_code())
        }
    }
}

fn causes(fault: &dyn Error) -> String {
    let chain = std::iter::successors(Some(fault), |fault| (*fault).source());
    chain
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}
