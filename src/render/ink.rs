//! Colours for terminals, and none for everything else.

/// Whether text may hold escape sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ink {
    /// It may: somebody reads it on a terminal.
    Colours,
    /// It may not.
    None,
}

/// What a colour stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// It holds.
    Good,
    /// It does not hold.
    Bad,
    /// It is open.
    Open,
    /// A heading.
    Strong,
}

impl Ink {
    /// The text in the colour of this tone (ECMA-48 section 8.3.117).
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match tone {
            Tone::Good => 32,
            Tone::Bad => 31,
            Tone::Open => 33,
            Tone::Strong => 1,
        };
        match self {
            Self::Colours => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            Self::None => text.to_owned(),
        }
    }
}
