//! Makes the words of the pages into functions, so that a message that one of the
//! languages lacks fails the build.

#[cfg(feature = "service")]
#[path = "build/words.rs"]
mod words;

#[cfg(feature = "service")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    words::make()
}

#[cfg(not(feature = "service"))]
fn main() {}
