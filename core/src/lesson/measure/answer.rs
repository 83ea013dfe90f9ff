//! Answers, and how they are asked for.

use std::fmt;

/// What a measure comes to, or what somebody says it comes to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Answer {
    /// A number.
    Number(u64),
    /// A word: `disk 2`, `on swap only`, `ENOSPC`, `yes`.
    Word(String),
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Word(word) => f.write_str(word),
        }
    }
}

/// How a measure is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A number, of these: `blocks`, `transfers`, `pages`.
    Number(&'static str),
    /// A block of the swap space: it can be pointed at.
    Block,
    /// One of these words.
    Words(Vec<String>),
    /// One of the disks that are on, `disk 0` and so on: it can be pointed at.
    Disk,
}

/// The answer that somebody typed: `1 024`, `40 pages`, `disk 2` or `2`, `On swap only`, `y`.
///
/// # Errors
/// What to write instead, as a sentence.
pub fn parse_answer(kind: &Kind, text: &str) -> Result<Answer, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text = words.join(" ");
    match kind {
        Kind::Number(unit) => number(without(&text, unit))
            .map(Answer::Number)
            .ok_or_else(|| format!("`{text}` is no whole number. Write how many {unit}.")),
        Kind::Block => number(text.strip_prefix("block ").unwrap_or(&text))
            .map(Answer::Number)
            .ok_or_else(|| format!("`{text}` is no block. Write its number.")),
        Kind::Disk => number(
            text.get(..4)
                .filter(|word| word.eq_ignore_ascii_case("disk"))
                .map_or(text.as_str(), |_| text[4..].trim_start()),
        )
        .filter(|number| u32::try_from(*number).is_ok())
        .map(|number| Answer::Word(format!("disk {number}")))
        .ok_or_else(|| format!("`{text}` is no disk. Write its number.")),
        Kind::Words(known) => {
            let meant = |word: &&String| {
                word.eq_ignore_ascii_case(&text)
                    || (matches!(word.as_str(), "yes" | "no")
                        && word[..1].eq_ignore_ascii_case(&text))
            };
            let found = known.iter().find(meant).cloned();
            found.map(Answer::Word).ok_or_else(|| {
                format!("`{text}` is no answer. Write one of: {}.", known.join(", "))
            })
        }
    }
}

/// A number without the unit behind it, which may be for one: `1 page`.
fn without<'a>(text: &'a str, unit: &str) -> &'a str {
    let one = unit.strip_suffix('s').unwrap_or(unit);
    let number = text.strip_suffix(unit).or(text.strip_suffix(one));
    number.unwrap_or(text).trim_end()
}

/// A whole number whose digits may be in groups of three.
fn number(text: &str) -> Option<u64> {
    let is_mark = |c: char| {
        matches!(
            c,
            ' ' | '\u{a0}' | '\u{2009}' | '\u{202f}' | ',' | '_' | '\''
        )
    };
    let mut groups = text.split(is_mark);
    let first = groups.next()?;
    let mut digits = first.to_owned();
    for group in groups {
        if group.len() != 3 || first.len() > 3 {
            return None;
        }
        digits.push_str(group);
    }
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    digits
        .parse()
        .ok()
        .filter(|_| is_number && !first.is_empty())
}
