//! What pages say, in three languages: one function for each message.
//!
//! The messages stand in `words/` beside this file, in Fluent's format, with the
//! plural rules of each language. The functions are made of them by the build,
//! which fails when a language lacks a message or wants other arguments.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::LanguageIdentifier;

use super::time;
use crate::domain::Language;

include!(concat!(env!("OUT_DIR"), "/words.rs"));

/// The messages of one language.
type Messages = FluentBundle<FluentResource>;

static IN_KAZAKH: LazyLock<Messages> = LazyLock::new(|| messages(Language::Kk, KK));
static IN_RUSSIAN: LazyLock<Messages> = LazyLock::new(|| messages(Language::Ru, RU));
static IN_ENGLISH: LazyLock<Messages> = LazyLock::new(|| messages(Language::En, EN));

/// The words of one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    language: Language,
}

impl Words {
    /// The words of this language.
    pub fn of(language: Language) -> Self {
        Self { language }
    }

    /// In which language they are.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message of a family that has one for each name of something, as
    /// `state-lapsed` for the state `lapsed`. The name is that of a program, so
    /// underscores stand for hyphens.
    pub fn named(&self, family: &str, name: &str) -> Option<String> {
        let name = name.to_ascii_lowercase().replace(['_', '/'], "-");
        let name = format!("{family}-{name}");
        self.messages()
            .has_message(&name)
            .then(|| self.say(&name, []))
    }

    /// A day as people in Kazakhstan write it.
    pub fn day(&self, day: &NaiveDate) -> String {
        time::day(*day)
    }

    /// A moment by the clocks of Kazakhstan, to the minute.
    pub fn moment(&self, at: &DateTime<Utc>) -> String {
        time::moment(*at)
    }

    fn messages(&self) -> &'static Messages {
        match self.language {
            Language::Kk => &IN_KAZAKH,
            Language::Ru => &IN_RUSSIAN,
            Language::En => &IN_ENGLISH,
        }
    }

    fn say<'a, const N: usize>(
        &self,
        name: &str,
        arguments: [(&'static str, FluentValue<'a>); N],
    ) -> String {
        let messages = self.messages();
        let pattern = messages.get_message(name).and_then(|one| one.value());
        let arguments: FluentArgs<'_> = arguments.into_iter().collect();
        // The build has compared the arguments, so nothing can be amiss here.
        pattern.map_or_else(
            || name.to_owned(),
            |pattern| {
                let said = messages.format_pattern(pattern, Some(&arguments), &mut Vec::new());
                said.into_owned()
            },
        )
    }
}

fn messages(language: Language, texts: &[&str]) -> Messages {
    let code: LanguageIdentifier = language.code().parse().unwrap_or_default();
    let mut messages = Messages::new_concurrent(vec![code]);
    // Marks of direction around each argument serve no language of ours, and would
    // get into what people copy.
    messages.set_use_isolating(false);
    for text in texts {
        let resource = FluentResource::try_new((*text).to_owned());
        let resource = resource.unwrap_or_else(|(readable, _)| readable);
        messages.add_resource_overriding(resource);
    }
    messages
}

#[cfg(test)]
mod tests;
