//! The numbers of a reader, and where they are put into texts and scripts.

use crate::random::{Random, of_text};

/// Stands in a text for the right answer, which is put there when it is known.
pub(super) const ANSWER: char = '\u{e000}';
/// Stands in a text for what somebody answered.
pub(super) const GIVEN: char = '\u{e001}';

/// What a name in braces stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Number(u64),
    Word(String),
}

/// What can be chosen for a name.
pub(super) enum Choice {
    /// From, to, and how far apart, which is not 0.
    Range(u64, u64, u64),
    /// One of these, of which there is one at least.
    Of(Vec<Value>),
}

/// What is chosen for a name with a seed. It does not depend on the other names there are.
pub(super) fn choose(name: &str, choice: Choice, seed: u64) -> Option<Value> {
    let mut random = Random::new(seed ^ of_text(name));
    match choice {
        Choice::Range(from, to, step) => {
            let steps = to.checked_sub(from)? / step.max(1);
            Some(Value::Number(
                from + random.below(steps.saturating_add(1)) * step,
            ))
        }
        Choice::Of(mut values) => {
            let place = random.below(values.len() as u64) as usize;
            (place < values.len()).then(|| values.swap_remove(place))
        }
    }
}

/// Whether a word can be the name of a number.
pub(super) fn is_name(word: &str) -> bool {
    let mut bytes = word.bytes();
    bytes.next().is_some_and(|byte| byte.is_ascii_lowercase())
        && bytes.all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
}

/// A text with the numbers put in. `answered` tells whether an answer can be named in it: marks stand
/// for it then.
///
/// # Errors
/// Which byte is wrong, and why.
pub(super) fn fill(
    text: &str,
    numbers: &[(String, Value)],
    answered: bool,
) -> Result<String, (usize, String)> {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['{', '}']) {
        filled.push_str(&rest[..at]);
        let brace = &rest[at..];
        let begin = text.len() - brace.len();
        if brace.starts_with("{{") || brace.starts_with("}}") {
            filled.push_str(&brace[..1]);
            rest = &brace[2..];
            continue;
        }
        if let Some(behind) = brace.strip_prefix('}') {
            filled.push('}');
            rest = behind;
            continue;
        }
        let end = brace.find('}').filter(|end| !brace[..*end].contains('\n'));
        let end = end.ok_or_else(|| {
            let why = "A brace is not closed: write {name}, or {{ for a brace.".to_owned();
            (begin, why)
        })?;
        let inside = brace[1..end].trim();
        match (inside, answered) {
            ("answer", true) => filled.push(ANSWER),
            ("given", true) => filled.push(GIVEN),
            ("answer" | "given", false) => {
                let why = format!("{{{inside}}} is only for the `after` of a step that asks.");
                return Err((begin, why));
            }
            _ => {
                let value = compute(inside, numbers).map_err(|why| (begin, why))?;
                match value {
                    Value::Number(number) => filled.push_str(&number.to_string()),
                    Value::Word(word) => filled.push_str(&word),
                }
            }
        }
        rest = &brace[end + 1..];
    }
    filled.push_str(rest);
    Ok(filled)
}

/// `name`, `name+1`, `name*other`.
fn compute(text: &str, numbers: &[(String, Value)]) -> Result<Value, String> {
    let Some(at) = text.find(['+', '-', '*']) else {
        return value(text, numbers);
    };
    let number = |text: &str| match value(text.trim(), numbers)? {
        Value::Number(number) => Ok(number),
        Value::Word(word) => Err(format!(
            "`{word}` is no number that could be reckoned with."
        )),
    };
    let (a, b) = (number(&text[..at])?, number(&text[at + 1..])?);
    let result = match &text[at..=at] {
        "+" => a.checked_add(b),
        "-" => a.checked_sub(b),
        _ => a.checked_mul(b),
    };
    let result = result.ok_or_else(|| {
        format!(
            "{{{text}}} is {a}{}{b}: no number that fits.",
            &text[at..=at]
        )
    })?;
    Ok(Value::Number(result))
}

fn value(text: &str, numbers: &[(String, Value)]) -> Result<Value, String> {
    if let Ok(number) = text.parse() {
        return Ok(Value::Number(number));
    }
    let found = numbers.iter().find(|(name, _)| name == text);
    found.map(|(_, value)| value.clone()).ok_or_else(|| {
        let names: Vec<&str> = numbers.iter().map(|(name, _)| name.as_str()).collect();
        match names[..] {
            [] => format!("{{{text}}} stands for nothing: there is no [numbers]. {{{{ is a brace."),
            _ => format!(
                "{{{text}}} stands for nothing. [numbers] has: {}.",
                names.join(", ")
            ),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn filled(text: &str, answered: bool) -> Result<String, (usize, String)> {
        let numbers = [
            ("pages".to_owned(), Value::Number(48)),
            ("name".to_owned(), Value::Word("heap".to_owned())),
        ];
        fill(text, &numbers, answered)
    }

    #[test]
    fn names_stand_for_numbers_and_words() {
        let text = "create {name} {pages}: 0 to {pages-1}, {pages + 1}, {pages*2}, {2*pages}";
        let expected = "create heap 48: 0 to 47, 49, 96, 96";
        assert_eq!(filled(text, false).as_deref(), Ok(expected));
        assert_eq!(filled("{{pages}} }", false).as_deref(), Ok("{pages} }"));
        assert_eq!(
            filled("{answer}, {given}", true).as_deref(),
            Ok("\u{e000}, \u{e001}")
        );
    }

    #[test]
    fn what_stands_for_nothing_is_told_with_its_place() {
        for (text, at, why) in [
            (
                "a {size}",
                2,
                "{size} stands for nothing. [numbers] has: pages, name.",
            ),
            (
                "é {answer}",
                3,
                "{answer} is only for the `after` of a step that asks.",
            ),
            ("{pages-49}", 0, "{pages-49} is 48-49: no number that fits."),
            (
                "{name+1}",
                0,
                "`heap` is no number that could be reckoned with.",
            ),
            (
                "x {pages",
                2,
                "A brace is not closed: write {name}, or {{ for a brace.",
            ),
        ] {
            assert_eq!(filled(text, false), Err((at, why.to_owned())));
        }
    }

    proptest! {
        #[test]
        fn what_is_chosen_is_one_of_what_there_is(seed: u64, from in 0u64..100, steps in 0u64..9, step in 1u64..9) {
            let to = from + steps * step;
            let Some(Value::Number(number)) = choose("n", Choice::Range(from, to, step), seed) else {
                return Err(TestCaseError::fail("no number"));
            };
            prop_assert!((from..=to).contains(&number) && (number - from) % step == 0);
        }

        #[test]
        fn any_text_is_filled_or_refused(text in "[{}a-z*+ é\n0-9-]{0,40}") {
            if let Err((at, _)) = filled(&text, true) {
                prop_assert!(text.is_char_boundary(at));
            }
        }
    }
}
