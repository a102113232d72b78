//! What the person at the terminal sees.

use std::fmt::Write as _;
use std::io::{IsTerminal, stdout};
use std::time::Duration;

/// Prints aligned text; in colours only on a terminal.
pub(super) struct Screen {
    colours: bool,
    steps: u32,
}

/// How a line is set off.
#[derive(Clone, Copy)]
enum Tone {
    Bold,
    Dim,
    Good,
    Bad,
}

impl Screen {
    /// Colours only where somebody looks and did not ask for none
    /// (<https://no-color.org>).
    pub(super) fn on_stdout() -> Self {
        let colours = stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        Self { colours, steps: 0 }
    }

    /// A heading.
    pub(super) fn title(&mut self, text: &str) {
        println!("\n{}\n", self.tone(Tone::Bold, text));
    }

    /// A remark.
    pub(super) fn note(&self, text: &str) {
        println!("     {}", self.tone(Tone::Dim, text));
    }

    /// The next step, and how long it took.
    pub(super) fn step(&mut self, who: &str, what: &str, took: Duration) {
        self.steps += 1;
        let line = self.tone(Tone::Bold, &format!("{who} {what}"));
        println!("\n{:>3}  {line}  {}", self.steps, self.time(took));
    }

    /// Something that one should know of the step.
    pub(super) fn fact(&self, name: &str, value: &str) {
        let mut lines = wrapped(value, WIDTH - MARGIN).into_iter();
        let first = lines.next().unwrap_or_default();
        println!("     {}  {first}", self.tone(Tone::Dim, &column(name)));
        for line in lines {
            println!("{:MARGIN$}{line}", "");
        }
    }

    /// The same, with the time that it took.
    pub(super) fn fact_in(&self, name: &str, value: &str, took: Duration) {
        let name = self.tone(Tone::Dim, &column(name));
        println!("     {name}  {value}  {}", self.time(took));
    }

    /// The answer to the question that the step asks.
    pub(super) fn good(&self, name: &str, value: &str) {
        let name = self.tone(Tone::Dim, &column(name));
        println!("     {name}  {}", self.tone(Tone::Good, value));
    }

    /// An answer that is a refusal.
    pub(super) fn bad(&self, name: &str, value: &str) {
        let name = self.tone(Tone::Dim, &column(name));
        println!("     {name}  {}", self.tone(Tone::Bad, value));
    }

    /// Somebody's words.
    pub(super) fn quote(&self, name: &str, text: &str) {
        println!("     {}", self.tone(Tone::Dim, name));
        for line in wrapped(text, WIDTH - 9) {
            println!("       {} {line}", self.tone(Tone::Dim, "|"));
        }
    }

    fn time(&self, took: Duration) -> String {
        let seconds = took.as_secs_f64();
        let text = if seconds < 1.0 {
            format!("{:.1} ms", seconds * 1000.0)
        } else {
            format!("{seconds:.1} s")
        };
        self.tone(Tone::Dim, &format!("({text})"))
    }

    fn tone(&self, tone: Tone, text: &str) -> String {
        if !self.colours {
            return text.to_owned();
        }
        let code = match tone {
            Tone::Bold => "1",
            Tone::Dim => "2",
            Tone::Good => "32",
            Tone::Bad => "31",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}

/// Padded by letters, not by bytes: names may be in any script.
fn column(name: &str) -> String {
    let mut padded = name.to_owned();
    while padded.chars().count() < COLUMN {
        padded.push(' ');
    }
    padded
}

/// Broken between words; a word that is longer than a line stays whole.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let Some(line) = lines.last_mut() else { break };
        let length = line.chars().count();
        if length > 0 && length + 1 + word.chars().count() > width {
            lines.push(word.to_owned());
        } else {
            let gap = if length > 0 { " " } else { "" };
            // Writing to a string cannot fail.
            let _ = write!(line, "{gap}{word}");
        }
    }
    lines
}

/// How wide the text may get.
const WIDTH: usize = 100;

/// How wide the names of facts are.
const COLUMN: usize = 12;

/// Where the values of facts begin.
const MARGIN: usize = 5 + COLUMN + 2;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        assert_eq!(wrapped("бір екі үш", 7), ["бір екі", "үш"]);
        assert_eq!(wrapped("a-word-that-is-too-long b", 5).len(), 2);
        assert_eq!(wrapped("", 5), [""]);
    }

    #[test]
    fn columns_count_letters() {
        assert_eq!(column("куә").chars().count(), COLUMN);
    }
}
