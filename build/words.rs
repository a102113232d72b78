//! One function for each message of `src/render/words/`, in Fluent's format.
//!
//! What the three languages do not all have, with the same arguments, is an error.

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::{env, fs};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, PatternElement};
use fluent_syntax::{ast::Pattern, parser};

const SOURCES: &str = "src/render/words";
const LANGUAGES: [&str; 3] = ["kk", "ru", "en"];

/// Each message with the names of its arguments.
pub(crate) type Messages = BTreeMap<String, BTreeSet<String>>;

/// Reads the messages, compares the languages and writes `words.rs`.
///
/// # Errors
/// For a file that cannot be read or is not Fluent, and with every difference
/// between the languages.
pub(crate) fn make() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={SOURCES}");
    println!("cargo::rerun-if-changed=build");
    let mut known = Vec::new();
    let mut code = String::new();
    for language in LANGUAGES {
        let files = files(language)?;
        known.push(messages(&files)?);
        let name = language.to_uppercase();
        writeln!(code, "/// Every message in this language.")?;
        writeln!(code, "const {name}: &[&str] = &[")?;
        for file in files {
            writeln!(code, "    include_str!({:?}),", fs::canonicalize(file)?)?;
        }
        writeln!(code, "];")?;
    }
    same(&known)?;
    if let Some(messages) = known.last() {
        code.push_str(&functions(messages)?);
    }
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set")?;
    fs::write(Path::new(&out).join("words.rs"), code)?;
    Ok(())
}

fn files(language: &str) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let folder = Path::new(SOURCES).join(language);
    let mut files = Vec::new();
    for entry in fs::read_dir(folder)? {
        files.push(entry?.path());
    }
    files.sort();
    Ok(files)
}

fn messages(files: &[PathBuf]) -> Result<Messages, Box<dyn Error>> {
    let mut messages = Messages::new();
    for file in files {
        let shown = file.display();
        let text = fs::read_to_string(file)?;
        let resource =
            parser::parse(text.as_str()).map_err(|(_, faults)| format!("{shown}: {faults:?}"))?;
        for entry in resource.body {
            if let Entry::Message(message) = entry {
                let name = message.id.name.to_owned();
                let mut arguments = BTreeSet::new();
                if let Some(pattern) = &message.value {
                    of_pattern(pattern, &mut arguments);
                }
                if messages.insert(name.clone(), arguments).is_some() {
                    return Err(format!("{shown}: {name} is there twice").into());
                }
            }
        }
    }
    Ok(messages)
}

fn of_pattern(pattern: &Pattern<&str>, arguments: &mut BTreeSet<String>) {
    for element in &pattern.elements {
        if let PatternElement::Placeable { expression } = element {
            of_expression(expression, arguments);
        }
    }
}

fn of_expression(expression: &Expression<&str>, arguments: &mut BTreeSet<String>) {
    match expression {
        Expression::Inline(inline) => of_inline(inline, arguments),
        Expression::Select { selector, variants } => {
            of_inline(selector, arguments);
            for variant in variants {
                of_pattern(&variant.value, arguments);
            }
        }
    }
}

fn of_inline(inline: &InlineExpression<&str>, arguments: &mut BTreeSet<String>) {
    match inline {
        InlineExpression::VariableReference { id } => {
            arguments.insert(id.name.to_owned());
        }
        InlineExpression::Placeable { expression } => of_expression(expression, arguments),
        InlineExpression::FunctionReference {
            arguments: CallArguments { positional, .. },
            ..
        } => positional.iter().for_each(|one| of_inline(one, arguments)),
        InlineExpression::StringLiteral { .. }
        | InlineExpression::NumberLiteral { .. }
        | InlineExpression::MessageReference { .. }
        | InlineExpression::TermReference { .. } => {}
    }
}

/// Compares the languages, in the order of [`LANGUAGES`].
///
/// # Errors
/// With every message that one of them lacks or that has other arguments there.
pub(crate) fn same(known: &[Messages]) -> Result<(), String> {
    let all: BTreeSet<&String> = known.iter().flat_map(Messages::keys).collect();
    let mut faults = String::new();
    for name in all {
        let of: Vec<_> = known.iter().map(|messages| messages.get(name)).collect();
        for (language, arguments) in LANGUAGES.iter().zip(&of) {
            if arguments.is_none() {
                faults.push_str(&format!("\n{name} has no translation in {language}"));
            }
        }
        let there: BTreeSet<_> = of.into_iter().flatten().collect();
        if there.len() > 1 {
            faults.push_str(&format!("\n{name} has other arguments in another language"));
        }
    }
    if faults.is_empty() {
        Ok(())
    } else {
        Err(faults)
    }
}

fn functions(messages: &Messages) -> Result<String, std::fmt::Error> {
    let mut code = String::from("impl Words {\n");
    for (name, arguments) in messages {
        let function = name.replace('-', "_");
        writeln!(code, "    /// The message `{name}`.")?;
        let (mut takes, mut gives) = (String::new(), String::new());
        for argument in arguments {
            write!(takes, ", {argument}: impl Into<FluentValue<'a>>")?;
            write!(gives, "({argument:?}, {argument}.into()), ")?;
        }
        let life = if arguments.is_empty() { "" } else { "<'a>" };
        writeln!(
            code,
            "    pub fn {function}{life}(&self{takes}) -> String {{"
        )?;
        writeln!(code, "        self.say({name:?}, [{gives}])")?;
        writeln!(code, "    }}")?;
    }
    code.push_str("}\n");
    Ok(code)
}
